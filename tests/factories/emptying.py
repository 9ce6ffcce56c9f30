"""Emptying every table between tests, also those that the database never lets anybody empty."""

from __future__ import annotations

from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from tests.factories.serving import serving

# How often it is tried where something of the test before is still at it.
TRIES = 3


def empty_tables() -> None:
    """Empty every table, begin all numbers anew, and commit, once all that browsers asked for is answered.

    Past the triggers that keep ballots: only an administrator of the database can do this.
    """
    serving.settle()
    for tries_left in reversed(range(TRIES)):
        try:
            _empty()
            db.session.commit()
            return
        except OperationalError as error:
            # A request that was only just coming in, or a mail on its way.
            db.session.rollback()
            if not tries_left or not isinstance(error.orig, DeadlockDetected):
                raise


def _empty() -> None:
    tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
