"""A frozen round in a scratch database, by SQL alone: for load, without a street around it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg
from flask import Flask

from app.votes.rounds import voters
from bench.setup import SECRET_KEY

# Time to make and freeze it before it opens.
BEFORE_SECONDS = 0.5


def open_round(url: str, assignment: UUID, designs: Sequence[UUID], seconds: float) -> UUID:
    """The id of a round for guests with these designs (version 1, each 1,000 euros), open from now on for so
    many seconds by the database's clock. The triggers of the real thing have to agree with all of it."""
    round_id = uuid4()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO round (id, assignment_id, title, question, kind, rule, parameters, electorate,"
            " opens_at, closes_at)"
            " SELECT %s, %s, 'Load', 'Load?', 'approval', 'mes', '{\"budget_eur\": \"10000\"}', 'guest',"
            " clock_timestamp() + %s * interval '1 s', clock_timestamp() + %s * interval '1 s'",
            (round_id, assignment, BEFORE_SECONDS, BEFORE_SECONDS + seconds),
        )
        for position, design in enumerate(designs, 1):
            connection.execute(
                "INSERT INTO round_option (round_id, code, position, design_id, version, title, cost_eur)"
                " VALUES (%s, %s, %s, %s, 1, 'Load', 1000)",
                (round_id, chr(64 + position), position, design),
            )
        document = json.dumps({"round": str(round_id)}, sort_keys=True, separators=(",", ":"))
        connection.execute(
            "UPDATE round SET frozen_at = clock_timestamp(), freeze_document = %s,"
            " freeze_hash = encode(sha256(convert_to(%s, 'UTF8')), 'hex'), voter_key = %s WHERE id = %s",
            (document, document, _voter_key(round_id), round_id),
        )
    time.sleep(BEFORE_SECONDS + 0.1)
    return round_id


def _voter_key(round_id: UUID) -> bytes:
    """The round's half of the key, made for the server's secret."""
    app = Flask("bench")
    app.config["SECRET_KEY"] = SECRET_KEY
    with app.app_context():
        return voters.new_key(round_id)


def designs_of(url: str, number: int) -> tuple[UUID, list[UUID]]:
    """An assignment and so many of its submitted designs."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT assignment_id, id FROM design WHERE status = 'submitted' ORDER BY id LIMIT %s", (number,)
        ).fetchall()
    return rows[0][0], [row[1] for row in rows]
