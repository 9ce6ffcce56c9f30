"""Settings of the latest `make run`, for `flask` commands typed in another terminal or after it stopped.

Only those: a server that is started by hand must be given its settings, a SECRET_KEY above all.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "instance" / "settings.env"
CLUSTER = "CLUSTER"


def settings(file: Path = FILE) -> dict[str, str]:
    """Name and value of each setting; empty outside the `flask` command or without the file.

    Where they name the private database and it does not run, it runs until the command has ended.
    Raises `tools.console.Stop`, with a sentence, if it cannot.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    values = {name: value for name, _equals, value in (line.partition("=") for line in lines)}
    home = values.pop(CLUSTER, "")
    if home and not os.environ.get("DATABASE_URL"):
        _start(Path(home))
    return values


def _start(home: Path) -> None:
    # Imported here: a server never needs it.
    from tools.cluster import Cluster

    cluster = Cluster(home)
    cluster.start()
    atexit.register(cluster.stop)
