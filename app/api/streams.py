# ruff: noqa: E501
"""`COPY … TO STDOUT` as an iterator of large byte chunks, at the speed of `psql` and with little memory."""

from __future__ import annotations

import select
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import PoolProxiedConnection

from app.extensions import db

CHUNK_BYTES = 256 * 1024
TIMEOUT_MS = 300_000
# The first bytes leave early; later chunks are large.
_FIRST_CHUNK_BYTES = 8 * 1024


class CopyStream:
    """A running `COPY` on a connection of its own, which goes back to the pool at the end.

    Rows are taken straight from libpq: psycopg's `cursor.copy()` costs as much time again. The call that would
    block is never made (it would hold up every thread), so waiting happens in `select`.
    """

    def __init__(
        self, statement: str, *, separator: bytes = b"", head: bytes = b"", tail: bytes = b""
    ) -> None:
        self._separator, self._head, self._tail = separator, head, tail
        self._fairy: PoolProxiedConnection | None = db.engine.raw_connection()
        try:
            connection: Any = self._fairy.driver_connection
            connection.execute(f"SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true)")
            self._pg = connection.pgconn
            self._start(statement)
        except BaseException:
            self._give_up()
            raise

    def _start(self, statement: str) -> None:
        """Send the statement and wait until PostgreSQL begins to answer. Raises `psycopg.Error`."""
        self._pg.send_query(statement.encode())
        while self._pg.is_busy():
            self._wait()
        self._check(self._pg.get_result(), ExecStatus.COPY_OUT)

    def _wait(self) -> None:
        select.select([self._pg.socket], [], [], TIMEOUT_MS / 1000)
        self._pg.consume_input()

    def _check(self, result: Any, wanted: ExecStatus) -> None:
        if result is None or result.status != wanted:
            message = (
                result.error_message.decode("utf-8", "replace").strip() if result is not None else "no answer"
            )
            raise psycopg.OperationalError(message)

    def __iter__(self) -> Iterator[bytes]:
        """The head, the rows with the separator between them, and the tail."""
        get_row, waiting, size = self._pg.get_copy_data, [], 0
        full, before = _FIRST_CHUNK_BYTES, self._head
        try:
            while True:
                length, row = get_row(1)
                if length > 0:
                    waiting.append(row)
                    size += length
                    if size < full:
                        continue
                    yield before + self._separator.join(waiting)
                    waiting, size, full, before = [], 0, CHUNK_BYTES, self._separator
                elif length == 0:
                    self._wait()
                else:
                    break
            if waiting:
                yield before + self._separator.join(waiting) + self._tail
            else:
                yield (before if before is self._head else b"") + self._tail
            self._finish()
        finally:
            self._give_up()

    def _finish(self) -> None:
        """See that the statement ended well, and return the connection. Raises `psycopg.Error`."""
        while self._pg.is_busy():
            self._wait()
        self._check(self._pg.get_result(), ExecStatus.COMMAND_OK)
        self._pg.get_result()
        assert self._fairy is not None  # noqa: S101 - for mypy
        self._fairy.rollback()
        self._fairy.close()
        self._fairy = None

    def _give_up(self) -> None:
        """Close a connection on which a statement may still be running: nobody reads the rest."""
        fairy, self._fairy = self._fairy, None
        if fairy is not None:
            fairy.invalidate()

    def close(self) -> None:
        """End early."""
        self._give_up()
