"""One SQL statement in one trip: no BEGIN before it, no COMMIT after it, no ORM around it.

For what must hold under load. A single statement is atomic by itself, and PostgreSQL answers only when it is
as safe as after a COMMIT, so nothing is lost by it; it costs a quarter of a session of the ORM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Engine

from app.extensions import db


def fetch_one(statement: str, parameters: Mapping[str, Any], engine: Engine | None = None) -> Any:
    """Run a statement by itself; its first row with named columns, or None. Values stand in it as `%(name)s`.

    What it writes stands at once: it is no part of a `transaction()` around it. The statement is prepared
    once per connection and answers in binary. `engine` is for callers without an application context.
    Raises `psycopg.Error`.
    """
    engine = engine or db.engine
    fairy = engine.raw_connection()
    connection: Any = fairy.driver_connection
    try:
        connection.autocommit = True
        with connection.cursor(binary=True, row_factory=namedtuple_row) as cursor:
            row = cursor.execute(statement, parameters, prepare=True).fetchone()
        connection.autocommit = False
    except psycopg.Error:
        _let_go(engine, fairy, connection)
        raise
    fairy.close()
    return row


def _let_go(engine: Engine, fairy: Any, connection: Any) -> None:
    """Give up a connection on which something failed; if it was cut off, so were the others in the pool."""
    cut_off = connection.closed
    fairy.invalidate()
    if cut_off:
        engine.dispose(close=False)
