"""The environment that `make run` gives the app: what the person set, completed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from tools.paths import INSTANCE

# What `flask` commands typed by hand need to find the same database; see `app/remembered.py`.
REMEMBERED = ("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL")
# `make` passes its own options on in these; they mean nothing to the app.
NOT_FOR_THE_APP = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


def complete(environ: Mapping[str, str], url: str, host: str, port: int) -> dict[str, str]:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return {name: value for name, value in environ.items() if name not in NOT_FOR_THE_APP} | {
        "DATABASE_URL": url,
        "HOST": host,
        "PORT": str(port),
        "PUBLIC_URL": environ.get("PUBLIC_URL") or f"http://{shown}:{port}",
        "SECRET_KEY": environ.get("SECRET_KEY") or secret_key(INSTANCE),
    }


def secret_key(instance: Path) -> str:
    """The key kept in `instance/secret-key`, made the first time; only its owner may read it."""
    file = instance / "secret-key"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = secrets.token_hex(32)
        write_private(file, key + "\n")
        return key


def remember(environment: Mapping[str, str], cluster: Path | None, instance: Path = INSTANCE) -> None:
    """Keep the address of the database for `flask` commands; `cluster` is the folder of the private one."""
    lines = [f"{name}={environment[name]}\n" for name in REMEMBERED]
    if cluster is not None:
        lines.append(f"CLUSTER={cluster}\n")
    write_private(instance / "settings.env", "".join(lines))


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read; whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    unfinished.replace(file)
