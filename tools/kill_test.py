"""`make kill-test`: ballots while the database and the server are killed. See `bench/kills.py`."""

from __future__ import annotations

import os
import shlex

from tools import frontend, postgres, python_packages, signals
from tools.paths import ROOT, python


def main() -> int:
    postgres.ensure()
    python_packages.ensure(dev=True)
    frontend.ensure_translations()
    command = python("-m", "bench.kills", *shlex.split(os.environ.get("KILL_ARGS", "")))
    return signals.run(command, dict(os.environ), ROOT)
