"""Debian packages: which are missing, and installing them, with sudo only where that is needed."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from tools.console import Stop, call, say, step
from tools.paths import LOGS


def install(packages: Sequence[str], why: str) -> None:
    """Install Debian packages through apt.

    Raises `Stop` with the command to type where this program may not or cannot do it.
    """
    wanted = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise Stop(f"{why} This system has no apt. Install it (Debian calls it: {wanted}) and start again.")
    prefix = root_prefix(wanted, why)
    environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    failure = f"{why} apt could not install it. Try: sudo apt-get update && sudo apt-get install {wanted}."
    with step(f"Installing {wanted} through apt"):
        call([*environment, "apt-get", "update", "-q"], failure, log=LOGS / "apt-update.log")
        call(
            [*environment, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
            failure,
            log=LOGS / "apt-install.log",
        )


def root_prefix(wanted: str, why: str) -> list[str]:
    """What to put before a command that needs root: nothing for root itself, otherwise sudo."""
    if os.geteuid() == 0:
        return []
    by_hand = f"As root: apt-get install {wanted}. Then start again."
    sudo = shutil.which("sudo")
    if sudo is None:
        raise Stop(f"{why} There is no sudo here. {by_hand}")
    if subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    if not sys.stdin.isatty():
        raise Stop(f"{why} sudo asks for a password, and nobody is at the keyboard. {by_hand}")
    say(f"  {why} sudo may ask for your password to install: {wanted}")
    if subprocess.run([sudo, "-v"], check=False).returncode != 0:
        raise Stop(f"{why} sudo was refused. {by_hand}")
    return [sudo]


def ensure_venv_module() -> None:
    """Debian keeps `venv` and `ensurepip` in a package of their own."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    why = f"The Python at {sys.executable} cannot make virtual environments."
    if not os.path.realpath(sys.executable).startswith("/usr/bin/"):
        raise Stop(f"{why} Use one that can: make run PYTHON=/usr/bin/python3")
    install([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"], why)
    importlib.invalidate_caches()


def ensure_test_programs() -> None:
    """A browser for the browser tests, and ogr2ogr as an independent reader of our exports."""
    missing = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        missing.append("chromium")
    if not (shutil.which("ogr2ogr") and shutil.which("ogrinfo")):
        missing.append("gdal-bin")
    if not _has_library("libatomic.so.1"):
        # Playwright brings a Node of its own, which leans on it; a Debian without a compiler has none.
        missing.append("libatomic1")
    if missing:
        install(missing, "The tests need programs that are not installed.")


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
