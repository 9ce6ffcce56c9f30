"""What is looked at before a slow step begins: the port, the disk, the database that was given."""

from __future__ import annotations

import errno
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.console import Stop
from tools.paths import BUILD, ROOT, VENV, python

FRESH_BYTES = 1_500_000_000
LATER_BYTES = 100_000_000


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT, checked."""
    text = environ.get("PORT") or "8000"
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return environ.get("HOST") or "127.0.0.1", int(text)


def port(host: str, number: int) -> None:
    """Raises `Stop` if the server could not listen there."""
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen()
    except PermissionError as error:
        raise Stop(f"Port {number} is only for root. Choose a higher one: make run PORT=8000") from error
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise Stop(f"HOST={host} is not an address of this machine.") from error
        raise Stop(
            f"Port {number} on {host} is taken by another program (perhaps Stoepkrijt runs already). "
            f"Choose another: make run PORT={number + 1 if number < 65535 else 8000}"
        ) from error


def disk(folder: Path = ROOT) -> None:
    """Raises `Stop` if the start would run out of disk half-way."""
    wanted = LATER_BYTES if (VENV / "pyvenv.cfg").exists() and BUILD.exists() else FRESH_BYTES
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise Stop(
            f"There is too little room on the disk of {folder}: {free // 1_000_000} MB free, "
            f"{wanted // 1_000_000} MB needed. Free some space and start again."
        )


def database(url: str) -> None:
    """Make sure of PostGIS and pg_trgm; raises `Stop` with the reason the database cannot be used."""
    command = python("-m", "tools.database", "check", url)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(done.stderr.strip() or "The database cannot be used.")
