"""Finding PostgreSQL's programs, with PostGIS beside them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

POSTGRES_MIN = 14
POSTGIS_MIN = (3, 3)
PROGRAMS = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True, slots=True)
class Server:
    """One installed PostgreSQL: its major version and the folder of its programs."""

    major: int
    programs: Path
    postgis: tuple[int, int] | None = None

    @property
    def suits(self) -> bool:
        return self.major >= POSTGRES_MIN and self.postgis is not None and self.postgis >= POSTGIS_MIN


def installed(debian: Path = Path("/usr/lib/postgresql")) -> list[Server]:
    """Every PostgreSQL server on this machine, newest first."""
    folders = [folder for folder in debian.glob("*/bin") if (folder / "postgres").exists()]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    complete = {folder for folder in folders if all((folder / name).exists() for name in PROGRAMS)}
    servers = [server for server in map(_describe, complete) if server is not None]
    return sorted(servers, reverse=True, key=lambda server: server.major)
