"""Statements by themselves: they stand at once, and a connection that was cut off is not used again."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.core import prepared
from app.core.direct import fetch_one
from app.core.prepared import Prepared
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


def test_a_value_that_cannot_be_sent_leaves_no_connection_open(context: Flask) -> None:
    # Left to the garbage collector it would be a warning, which is an error here.
    before = fetch_one("SELECT pg_backend_pid()", {})
    with pytest.raises(UnicodeEncodeError):
        fetch_one("SELECT %(half)s::text", {"half": "\ud83d"})
    after = fetch_one("SELECT pg_backend_pid()", {})
    assert before is not None and after is not None and before[0] != after[0]


@pytest.fixture
def connection(context: Flask) -> Iterator[Prepared]:
    """A connection of its own to the test database."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = Prepared(psycopg.connect(url, autocommit=True))
    yield own
    own.close()


VALUES: list[tuple[str, Any]] = [
    ("integer", 7),
    ("integer", -70_000),
    ("bigint", 2**62),
    ("numeric", Decimal("12345678901234567890.01")),
    ("double precision", 0.1),
    ("text", "’s-Gravenhage 100% – é\U0001f333"),
    ("text", ""),
    ("bytea", bytes(range(256))),
    ("boolean", False),
    ("uuid", uuid.UUID(int=5)),
    ("date", date(2026, 2, 28)),
    ("timestamptz", datetime(2026, 11, 22, 13, 5, 0, 123456, tzinfo=UTC)),
    ("bigint[]", [1, 2**40]),
    ("text[]", ["a", "b,c", '"']),
    ("uuid[]", [uuid.UUID(int=5), uuid.UUID(int=6)]),
    ("text", None),
]


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_value_comes_back_as_it_was_sent(connection: Prepared, kind: str, value: Any) -> None:
    for _again in range(2):
        found = connection.fetch_one(f"SELECT %(value)s::{kind}, %(value)s::{kind} IS NULL", {"value": value})
        assert found == (value, value is None) and type(found[0]) is type(value)


def test_numbers_of_every_size_and_none_take_turns_in_one_statement(connection: Prepared) -> None:
    for number in (1, None, 2**15, 2**31, 2**62, None, 1, -(2**40)):
        assert connection.fetch_one("SELECT %(n)s::bigint", {"n": number}) == (number,)


def test_values_have_names_in_any_order_and_a_percent_sign_is_written_twice(connection: Prepared) -> None:
    found = connection.fetch_one(
        "SELECT %(b)s::text || %(a)s::text || %(b)s::text, 7 %% 4, 'x' LIKE '%%'", {"a": "1", "b": "2"}
    )
    assert found == ("212", 3, True)


def test_a_value_is_never_part_of_the_statement(connection: Prepared) -> None:
    hostile = "'; DROP TABLE person; -- %(b)s $1"
    assert connection.fetch_one("SELECT %(a)s::text", {"a": hostile}) == (hostile,)


def test_more_statements_than_a_connection_holds_begin_anew(
    connection: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_STATEMENTS", 5)
    for number in [*range(12), 11, 0]:
        assert connection.fetch_one(f"SELECT {number}, %(n)s::int", {"n": number}) == (number, number)
    held = connection.fetch_one("SELECT count(*) FROM pg_prepared_statements", {})
    assert held is not None and 1 <= held[0] <= 5


def test_who_waits_for_the_database_keeps_nobody_else_waiting(context: Flask) -> None:
    engine = db.engine
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: fetch_one("SELECT pg_sleep(1)", {}, engine), range(4)))
    # One after the other they would take four.
    assert time.monotonic() - started < 3


def test_a_connection_that_is_cut_off_says_so(connection: Prepared) -> None:
    """By its SQLSTATE or without one: the site answers that the database is away, not that we failed."""
    pid = connection.fetch_one("SELECT pg_backend_pid()", {})
    assert pid is not None and not connection.closed
    fetch_one("SELECT pg_terminate_backend(%(pid)s)", {"pid": pid[0]})
    for _again in range(2):
        with pytest.raises(psycopg.OperationalError):
            connection.fetch_one("SELECT 1", {})
    assert connection.closed
