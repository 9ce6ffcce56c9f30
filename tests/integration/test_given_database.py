"""A database of one's own in DATABASE_URL: PostGIS is made, or its absence explained."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tools import database

pytestmark = pytest.mark.usefixtures("database_url")
NAME = "stoepkrijt_given"
GUEST = "stoepkrijt_guest"


@pytest.fixture
def bare(database_url: str) -> Iterator[str]:
    """A database without PostGIS, and a role that may not make extensions in it."""
    server = make_url(database_url).set(drivername="postgresql")
    admin = server.render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"DROP ROLE IF EXISTS {GUEST}")
        connection.execute(f"CREATE ROLE {GUEST} LOGIN")
        connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
        yield server.set(database=NAME).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        connection.execute(f"DROP ROLE {GUEST}")


def test_the_extensions_are_made_and_may_be_there_already(bare: str) -> None:
    database.check(bare)
    database.check(bare)
    with psycopg.connect(bare) as connection:
        names = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    assert {"postgis", "pg_trgm"} <= names


def test_a_role_that_may_not_make_postgis_is_told_what_to_ask_for(bare: str) -> None:
    url = make_url(bare).set(username=GUEST).render_as_string(hide_password=False)
    with pytest.raises(database.Unsuitable, match="As an administrator of that database: CREATE EXTENSION"):
        database.check(url)


def test_an_older_postgis_is_refused(bare: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "POSTGIS_MIN", (99, 0))
    with pytest.raises(database.Unsuitable, match=r"has PostGIS \d+\.\d+; 99.0 or newer is needed"):
        database.check(bare)


def test_a_server_without_the_extension_is_named(bare: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "EXTENSIONS", ("no_such_extension",))
    with pytest.raises(database.Unsuitable, match="does not have the extension no_such_extension"):
        database.check(bare)


def test_the_check_as_a_program_ends_in_a_sentence_and_not_in_a_traceback() -> None:
    command = [sys.executable, "-m", "tools.database", "check", "postgresql://nobody@127.0.0.1:1/none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL: the database does not answer")
    assert "Traceback" not in done.stderr
