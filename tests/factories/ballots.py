"""Ballots in tests: sent as a voter does, and looked at past the program."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
from flask import Flask

from app.extensions import db
from tests.factories import Resident
from tests.factories.rounds import open_round

NOTHING = "00000000-0000-4000-8000-000000000000"


def sql(app: Flask, statement: str, *values: Any) -> Any:
    """Straight at the database, past the program; the first column of the first row."""
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement, values)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def open_one(app: Flask, **fields: Any) -> uuid.UUID:
    """A round in which ballots are being cast now. Commits."""
    with app.app_context():
        return open_round(**fields)


def vote(resident: Resident, round_id: uuid.UUID, choices: Any, **headers: str) -> Any:
    """The answer to a ballot."""
    return resident.send("PUT", f"/api/rounds/{round_id}/ballot", {"choices": choices}, **headers)


def storing(round_id: uuid.UUID, voter: bytes, choices: str, version: int | None = None) -> tuple[str, Any]:
    """The statement, with its values, that stores a ballot past the program."""
    return (
        "INSERT INTO ballot (round_id, voter, version, choices, receipt_hash, cast_at)"
        " VALUES (%s, %s, %s, %s, sha256(%s), '2000-01-01')",
        (round_id, voter, version, choices, uuid.uuid4().bytes),
    )
