"""Emptying every table between tests, also those that the database never lets anybody empty."""

from __future__ import annotations

from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from tests.factories.serving import serving

# How often it is tried where something of the test before is still at it.
TRIES = 3
# Bytes of a table from which on its file is thrown away instead: deleted rows stay in it until a vacuum.
MUCH = 512 * 1024


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
    """Nobody writes meanwhile, as with TRUNCATE; that makes files anew for every table and index, though,
    which takes ten times as long as deleting the few rows of most tests."""
    names = [f'"{table.name}"' for table in db.metadata.sorted_tables]
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(text(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"))
    used = " UNION ALL ".join(
        f"SELECT '{name}', pg_relation_size('{name}') WHERE EXISTS (SELECT FROM {name})" for name in names
    )
    filled: dict[str, int] = dict(db.session.execute(text(used)).all())
    if max(filled.values(), default=0) > MUCH:
        db.session.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
        return
    for name in filled:
        db.session.execute(text(f"DELETE FROM {name}"))
    db.session.execute(
        text(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
    )
