"""Questions to the database. Run by the Python in `.venv`, since it needs psycopg:

`python -m tools.database check URL` makes sure of the extensions; `python -m tools.database facts URL` prints
what is in it as JSON. A problem ends in one sentence on standard error and exit code 1.
"""

from __future__ import annotations

import json
import sys
from typing import LiteralString

import psycopg
from psycopg import errors, sql

from tools.console import mentions_full_disk

POSTGIS_MIN = (3, 3)
EXTENSIONS = ("postgis", "pg_trgm")
NO_ROOM = "The disk on which the database keeps its files is full. Free some space there and start again."


class Unsuitable(Exception):
    """The database cannot be used; the message says why and what to do."""


def plain(url: str) -> str:
    """The address as libpq reads it, without SQLAlchemy's driver name."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql{separator}{rest}" if scheme.startswith("postgres") else url


def check(url: str) -> None:
    """Make the extensions if they are missing.

    Raises `Unsuitable` if the server does not answer, lacks PostGIS 3.3, or refuses to make the extension.
    """
    try:
        with psycopg.connect(plain(url), connect_timeout=10, autocommit=True) as connection:
            for extension in EXTENSIONS:
                _ensure_extension(connection, extension)
            version = _version(connection)
    except psycopg.OperationalError as error:
        if isinstance(error, errors.DiskFull) or mentions_full_disk(str(error)):
            raise Unsuitable(NO_ROOM) from error
        raise Unsuitable(f"DATABASE_URL: the database does not answer: {_first_line(error)}") from error
    except psycopg.ProgrammingError as error:
        raise Unsuitable(f"DATABASE_URL is not an address that can be used: {_first_line(error)}") from error
    if version < POSTGIS_MIN:
        raise Unsuitable(
            f"DATABASE_URL: this database has PostGIS {version[0]}.{version[1]}; "
            f"{POSTGIS_MIN[0]}.{POSTGIS_MIN[1]} or newer is needed. Update the package on its server, then: "
            "ALTER EXTENSION postgis UPDATE"
        )


def _ensure_extension(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone():
        return
    try:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    except errors.InsufficientPrivilege as error:
        raise Unsuitable(
            f"DATABASE_URL: the extension {name} is not in this database, and this account may not make it. "
            f"As an administrator of that database: CREATE EXTENSION {name}"
        ) from error
    except (errors.UndefinedFile, errors.FeatureNotSupported) as error:
        package = "PostGIS 3.3 or newer" if name == "postgis" else f"the extension {name}"
        raise Unsuitable(
            f"DATABASE_URL: the server of this database does not have {package}. "
            "Install that (on Debian: postgresql-15-postgis-3), or leave DATABASE_URL empty."
        ) from error


def _version(connection: psycopg.Connection) -> tuple[int, int]:
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
    major, minor = row[0].split(".")[:2] if row else ("0", "0")
    return int(major), int(minor)


def facts(url: str) -> dict[str, bool]:
    """What the start needs to know: is there a neighbourhood, and did a planner ever sign in."""
    with psycopg.connect(plain(url), connect_timeout=10) as connection:
        return {
            "neighbourhood": _any(connection, "SELECT 1 FROM neighbourhood LIMIT 1"),
            "planner_session": _any(
                connection,
                "SELECT 1 FROM login_session JOIN person ON person.id = login_session.person_id "
                "WHERE person.role = 'planner' AND login_session.ended_at IS NULL LIMIT 1",
            ),
        }


def _any(connection: psycopg.Connection, question: LiteralString) -> bool:
    return connection.execute(question).fetchone() is not None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def main(arguments: list[str]) -> int:
    what, url = arguments
    try:
        if what == "check":
            check(url)
        else:
            print(json.dumps(facts(url)))
    except Unsuitable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
