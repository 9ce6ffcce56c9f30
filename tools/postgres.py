"""Finding PostgreSQL's programs, with PostGIS beside them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools import system_packages
from tools.console import Stop

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


def _describe(programs: Path) -> Server | None:
    version = _output(programs / "postgres", "--version")
    found = re.search(r"(\d+)(?:\.|beta|rc|devel|$)", version)
    return Server(int(found.group(1)), programs, _postgis(programs)) if found else None


def _postgis(programs: Path) -> tuple[int, int] | None:
    """The PostGIS version that `CREATE EXTENSION` would give, read from its control file."""
    shares = [Path("/usr/share/postgresql") / programs.parent.name]
    if (programs / "pg_config").exists():
        shares.append(Path(_output(programs / "pg_config", "--sharedir")))
    for share in shares:
        control = share / "extension" / "postgis.control"
        if control.is_file():
            found = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text(encoding="utf-8"))
            if found:
                return int(found.group(1)), int(found.group(2))
    return None


def _output(*command: str | Path) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def ensure(data: Path | None = None) -> Server:
    """A server that suits, installed through apt when there is none.

    Where `data` holds a cluster already, the server must be of the version that made it.
    """
    major = made_by(data) if data else None
    server = _first(major)
    if server is None and major is not None:
        raise Stop(
            f"The database in {data} was made by PostgreSQL {major}, which is not installed now. "
            f"Install it (postgresql-{major} and postgresql-{major}-postgis-3), "
            "or move that folder away to start with an empty database."
        )
    if server is None:
        system_packages.install(missing_packages(installed()), "PostgreSQL with PostGIS is not installed.")
        server = _first(None)
    if server is None:
        raise Stop(
            f"PostgreSQL {POSTGRES_MIN} with PostGIS {POSTGIS_MIN[0]}.{POSTGIS_MIN[1]}, or newer, is needed. "
            "What this system offers is older. Set DATABASE_URL to a database that has it."
        )
    return server


def _first(major: int | None) -> Server | None:
    return next((server for server in installed() if server.suits and major in {None, server.major}), None)


def missing_packages(servers: list[Server]) -> list[str]:
    """Debian packages to ask for: only PostGIS where a server is there already."""
    for server in servers:
        if server.major >= POSTGRES_MIN and server.programs.is_relative_to("/usr/lib/postgresql"):
            return [f"postgresql-{server.major}-postgis-3"]
    return ["postgresql", "postgresql-postgis"]


def made_by(data: Path) -> int | None:
    """Major version of the PostgreSQL that made the cluster in `data`; None where there is none."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
