"""Settings of the latest `make run`, for `flask` commands typed in another terminal.

Only those: a server that is started by hand must be given its settings, a SECRET_KEY above all.
"""

from __future__ import annotations

import os
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "instance" / "settings.env"


def settings(file: Path = FILE) -> dict[str, str]:
    """Name and value of each setting; empty outside the `flask` command or without the file."""
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value for name, _equals, value in (line.partition("=") for line in lines)}
