"""One SQL statement in one trip: no BEGIN before it, no COMMIT after it, no ORM around it.

For what must hold under load. A single statement is atomic by itself, and PostgreSQL answers only when it is
as safe as after a COMMIT, so nothing is lost by it; it costs a fifth of a session of the ORM.
"""

from __future__ import annotations

from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any
from weakref import WeakKeyDictionary, finalize

import psycopg
from sqlalchemy import Engine

from app.core.prepared import Prepared
from app.extensions import db

# SQLSTATEs of a server that shuts down, crashed, or is starting.
GOING_DOWN = "57P"
# Connections that wait for the next statement: never more than there are threads. They commit by themselves,
# so they stay apart from those of the ORM, which would have to be switched to and fro.
Connections = SimpleQueue[Prepared]
_idle: WeakKeyDictionary[Engine, Connections] = WeakKeyDictionary()


def fetch_one(
    statement: str, parameters: Mapping[str, Any], engine: Engine | None = None
) -> tuple[Any, ...] | None:
    """Run a statement by itself; its first row, or None. Values stand in it as `%(name)s`.

    What it writes stands at once: it is no part of a `transaction()` around it. The statement is prepared
    once per connection and answers in binary. `engine` is for callers without an application context.
    Raises `psycopg.Error`.
    """
    engine = engine or db.engine
    idle = _idle.get(engine) or _first(engine)
    connection = _waiting(idle) or _new(engine)
    try:
        row = connection.fetch_one(statement, parameters)
    except psycopg.Error as error:
        if connection.closed or (error.sqlstate or "").startswith(GOING_DOWN):
            # The other connections, of the ORM too, were cut off by the same: the next call begins anew.
            connection.close()
            _close(idle)
            engine.dispose()
        else:
            idle.put(connection)
        raise
    except BaseException:
        # A value that cannot be sent, or a stop halfway: nobody knows what the connection is waiting for.
        connection.close()
        raise
    idle.put(connection)
    return row


def _first(engine: Engine) -> Connections:
    """The place for an engine's connections, which are closed when the engine is no more."""
    idle: Connections = _idle.setdefault(engine, SimpleQueue())
    finalize(engine, _close, idle)
    return idle


def _close(idle: Connections) -> None:
    while connection := _waiting(idle):
        connection.close()


def _waiting(idle: Connections) -> Prepared | None:
    try:
        return idle.get_nowait()
    except Empty:
        return None


def _new(engine: Engine) -> Prepared:
    """A connection made as the engine makes them, with its settings, but ours from now on."""
    fairy = engine.raw_connection()
    connection: psycopg.Connection = fairy.driver_connection  # type: ignore[assignment]
    fairy.detach()
    connection.autocommit = True
    return Prepared(connection)
