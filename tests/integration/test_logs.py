"""Logs never hold what was in a row: no choices, addresses, codes or pseudonyms, whatever went wrong."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import uuid
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.core import direct, logs
from app.core.failures import _from_database
from app.core.transaction import transaction
from app.extensions import db
from tests.factories.rounds import open_round

# Statements that fail in all ways that quote what they got; values come with them as they always do.
STATEMENTS = {
    "a row": (
        "INSERT INTO paper_ballot (round_id, voter, first_choices, state)"
        " VALUES (%(round)s, sha256('x'), CAST(%(secret)s AS jsonb), 'nonsense')",
        '["Geheimlaan 77"]',
    ),
    "a key": (
        "INSERT INTO person (id, role, language, email)"
        " SELECT gen_random_uuid(), 'resident', 'nl', CAST(%(secret)s AS text)"
        " FROM generate_series(1, 2) WHERE CAST(%(round)s AS uuid) IS NOT NULL",
        "geheimlaan 77",
    ),
    "a number": (
        "SELECT CAST(CAST(%(secret)s AS text) AS int) WHERE CAST(%(round)s AS uuid) IS NOT NULL",
        "Geheimlaan 77",
    ),
    "json": (
        "SELECT CAST(%(secret)s AS jsonb) WHERE CAST(%(round)s AS uuid) IS NOT NULL",
        '{"Geheimlaan 77"',
    ),
    "a trigger": (
        "INSERT INTO ballot (round_id, voter, version, choices, receipt_hash)"
        " VALUES (%(round)s, sha256('x'), NULL, CAST(%(secret)s AS jsonb), sha256('y'))",
        '["Geheimlaan 77"]',
    ),
    "a geometry": (
        "SELECT ST_GeomFromText(%(secret)s) WHERE CAST(%(round)s AS uuid) IS NOT NULL",
        "POINT(Geheimlaan 77)",
    ),
}


@pytest.fixture
def round_id(app: Flask, clean: None) -> uuid.UUID:
    with app.test_request_context("/"):
        found = open_round()
        db.session.remove()
        return found


def failed(which: str, round_id: uuid.UUID, *, orm: bool) -> BaseException:
    statement, secret = STATEMENTS[which]
    values = {"round": round_id, "secret": secret}
    with pytest.raises((psycopg.Error, DBAPIError)) as caught:
        _run(statement, values, orm=orm)
    return caught.value


def _run(statement: str, values: dict[str, Any], *, orm: bool) -> None:
    if not orm:
        direct.fetch_one(statement, values)
        return
    with transaction():
        db.session.execute(db.text(re.sub(r"%\((\w+)\)s", r":\1", statement)), values)


@pytest.mark.parametrize("orm", [False, True])
@pytest.mark.parametrize("which", STATEMENTS)
def test_what_the_database_refuses_is_logged_without_the_row(
    app: Flask, caplog: pytest.LogCaptureFixture, round_id: uuid.UUID, which: str, orm: bool
) -> None:
    with app.test_request_context("/"):
        error = failed(which, round_id, orm=orm)
        state = (error.orig if isinstance(error, DBAPIError) else error).sqlstate  # type: ignore[union-attr]
        with caplog.at_level(logging.DEBUG):
            try:
                raise RuntimeError("while something else") from error
            except RuntimeError as outer:
                logging.getLogger("somewhere.else").exception("broke: %s", error, exc_info=outer)
            logging.getLogger("a library").warning(error)
            assert _from_database(error).status_code == 500  # type: ignore[arg-type]
    assert "geheimlaan" not in caplog.text.casefold()
    # Enough is left to find out what went wrong.
    assert state is not None and state in caplog.text
    assert "Traceback" in caplog.text


def test_what_helps_is_still_told(round_id: uuid.UUID, app: Flask) -> None:
    with app.test_request_context("/"):
        error = failed("a row", round_id, orm=False)
    assert isinstance(error, psycopg.Error)
    assert logs.told(error) == (
        'new row for relation "paper_ballot" violates check constraint "ck_paper_ballot_state"'
        " [23514: paper_ballot, ck_paper_ballot_state]"
    )
    gone = psycopg.OperationalError("connection failed: no route to host\nDETAIL: secret")
    assert logs.told(gone) == "connection failed: no route to host"


def test_a_command_that_breaks_off_prints_no_row(database_url: str, app: Flask, clean: None) -> None:
    plain = database_url.replace("postgresql+psycopg://", "postgresql://")
    code = (
        "import psycopg\nfrom app.core import logs\nlogs.install()\n"
        f"psycopg.connect({plain!r}).execute(\"SELECT 'Geheimlaan 77'::int\")\n"
    )
    done: Any = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    # The line of the program itself stands in a traceback; the message of the database does not.
    assert "22P02" in done.stderr
    assert "invalid input syntax" not in done.stderr


def test_the_private_database_logs_no_rows() -> None:
    from tools.cluster import SETTINGS

    assert "log_error_verbosity = terse" in SETTINGS
    assert "log_parameter_max_length_on_error = 0" in SETTINGS
