"""Statements by themselves: they stand at once, and a connection that was cut off is not used again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.core.direct import fetch_one
from app.core.transaction import transaction
from app.extensions import db


@pytest.fixture
def notes(context: Flask) -> Iterator[None]:
    """A table of one column that must be above zero."""
    with transaction():
        db.session.execute(text("CREATE TABLE note (number integer CHECK (number > 0))"))
    yield
    with transaction():
        db.session.execute(text("DROP TABLE note"))


def _number_of_notes() -> int:
    row = fetch_one("SELECT count(*) FROM note", {})
    assert row is not None
    return int(row[0])


def test_what_is_written_stands_at_once_also_inside_a_transaction_that_is_undone(notes: None) -> None:
    def fail() -> None:
        with transaction():
            assert fetch_one("INSERT INTO note VALUES (%(n)s) RETURNING number", {"n": 7}) == (7,)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _number_of_notes() == 1


def test_no_row_is_none_and_a_statement_that_fails_writes_nothing(notes: None) -> None:
    assert fetch_one("SELECT number FROM note", {}) is None
    with pytest.raises(psycopg.errors.CheckViolation):
        fetch_one("INSERT INTO note VALUES (%(n)s), (-1)", {"n": 1})
    assert _number_of_notes() == 0


def test_after_the_database_cut_all_connections_off_one_call_fails_and_the_next_works(context: Flask) -> None:
    # Two calls at once leave two connections waiting; the ORM has one of its own.
    engine = db.engine
    db.session.execute(text("SELECT 1"))
    db.session.remove()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: fetch_one("SELECT pg_sleep(0.1)", {}, engine), range(2)))
    others = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
    )
    with psycopg.connect(
        engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as cut:
        cut.execute(f"{others} AND pid <> pg_backend_pid()")  # type: ignore[call-overload]
    with pytest.raises(psycopg.OperationalError):
        fetch_one("SELECT 1", {})
    assert fetch_one("SELECT 1", {}) == (1,)
    engine.dispose()


def test_a_statement_that_takes_too_long_is_given_up_and_the_connection_stays(context: Flask) -> None:
    before = fetch_one("SELECT pg_backend_pid(), set_config('statement_timeout', '50', false)", {})
    with pytest.raises(psycopg.errors.QueryCanceled):
        fetch_one("SELECT pg_sleep(5)", {})
    after = fetch_one("SELECT pg_backend_pid(), set_config('statement_timeout', '30s', false)", {})
    assert before is not None and after is not None and before[0] == after[0]
