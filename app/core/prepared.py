"""A connection that sends prepared statements with one call of libpq each, and nothing around it.

psycopg turns values into what PostgreSQL reads and back again; its cursors, made for every kind of statement
and for waiting in `async` programs too, take three times as long for it. libpq waits without holding the GIL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

# Of one connection; the program has fewer. A number of another size is another statement to PostgreSQL.
MOST_STATEMENTS = 500
_VALUE = re.compile(r"%(?:\((\w+)\)s|(%))")


class _Query(NamedTuple):
    """A statement with `$1`, `$2` …, and the names of its values in that order."""

    sql: bytes
    names: tuple[str, ...]
    formats: tuple[PyFormat, ...]


@lru_cache(maxsize=2 * MOST_STATEMENTS)
def _query(statement: str) -> _Query:
    """From `%(name)s`; `%%` is a percent sign, as in psycopg."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name, percent = found.groups()
        if percent:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    sql = _VALUE.sub(number, statement).encode()
    return _Query(sql, tuple(names), (PyFormat.AUTO,) * len(names))


class Prepared:
    """A connection of our own that commits by itself. For one thread at a time."""

    def __init__(self, connection: psycopg.Connection) -> None:
        """`connection`: in autocommit mode, and from now on used by nobody else."""
        self._connection = connection
        self._pgconn = connection.pgconn
        self._values = Transformer(connection)
        # The names of statements on the server, by their text and the types of their values.
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}

    @property
    def closed(self) -> bool:
        """Whether it was closed, or cut off."""
        return self._connection.closed

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def fetch_one(self, statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run a statement; its first row, or None. Raises `psycopg.Error`."""
        query, values = _query(statement), self._values
        sent = values.dump_sequence([parameters[name] for name in query.names], query.formats)
        types = tuple(values.types or ())
        name = self._names.get((statement, types)) or self._prepare(statement, query, types)
        # Its types leave out that a value may be None, which is NULL.
        answer = self._pgconn.exec_prepared(name, sent, values.formats, pq.Format.BINARY)  # type: ignore[arg-type]
        result = self._checked(answer)
        if not result.ntuples:
            return None
        values.set_pgresult(result)
        try:
            return values.load_row(0, tuple)
        finally:
            values.set_pgresult(None)

    def _prepare(self, statement: str, query: _Query, types: tuple[int, ...]) -> bytes:
        if len(self._names) >= MOST_STATEMENTS:
            self._checked(self._pgconn.exec_(b"DEALLOCATE ALL"))
            self._names.clear()
        name = b"direct_%d" % len(self._names)
        self._checked(self._pgconn.prepare(name, query.sql, types))
        self._names[statement, types] = name
        return name

    def _checked(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            return result
        error = errors.error_from_result(result, encoding="utf-8")
        if self.closed and not isinstance(error, psycopg.OperationalError):
            # A connection that breaks has no SQLSTATE.
            raise psycopg.OperationalError(str(error)) from None
        raise error
