"""The least that any program behind this web server could do: no session, no rules, no framework.

`python -m bench.floor` starts the production server, with the same settings, around these few addresses
instead of the program. What even this cannot reach is out of reach for every program of this kind here.

    /constant             reads the body, answers a constant
    /statement/{n}        the same with one prepared statement before it, on a connection of the thread
    /tile/{name}/z/x/y    one tile, cut by the program's own SQL
    /copy                 the rows of a COPY as they come, in pieces
    /bytes                a file in pieces
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from app import serve
from app.api.tile_cutting import tile_sql
from app.core.tiles import Tile

SETTINGS = "BENCH_FLOOR"
PIECE_BYTES = 256 * 1024
ANSWER = b"{}"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the addresses do."""

    database: str
    statements: tuple[str, ...] = ()
    copy: str = ""
    file: str = ""

    def environment(self) -> dict[str, str]:
        """For the process that serves it."""
        return {SETTINGS: json.dumps(asdict(self))}


class _Connections(threading.local):
    """One for each thread."""

    def __init__(self, database: str) -> None:
        self.own = psycopg.connect(database, autocommit=True)


def create() -> Application:
    """The WSGI application."""
    floor = Floor(**json.loads(os.environ[SETTINGS]))
    connections = _Connections(floor.database)

    def answer(what: str, names: list[str]) -> bytes:
        if what == "constant":
            return ANSWER
        cursor = connections.own.cursor(binary=True)
        if what == "statement":
            cursor.execute(floor.statements[int(names[0])], prepare=True)  # type: ignore[call-overload]
            return ANSWER
        z, x, y = map(int, names[1:])
        cursor.execute(tile_sql(names[0], z), Tile(z, x, y).parameters(), prepare=True)  # type: ignore[call-overload]
        row = cursor.fetchone()
        return bytes(row[0]) if row else b""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        what, *names = environ["PATH_INFO"][1:].split("/")
        environ["wsgi.input"].read()
        if what in ("copy", "bytes"):
            start_response("200 OK", [("ETag", "none")])
            return _rows(connections.own, floor.copy) if what == "copy" else _pieces(Path(floor.file))
        body = answer(what, names)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return application


def _rows(connection: psycopg.Connection, statement: str) -> Iterator[bytes]:
    libpq = connection.pgconn
    libpq.send_query(statement.encode())
    libpq.get_result()
    waiting: list[bytes | memoryview] = []
    size = 0
    while (got := libpq.get_copy_data(0))[0] > 0:
        waiting.append(got[1])
        size += got[0]
        if size > PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
    while libpq.get_result() is not None:
        pass


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


if __name__ == "__main__":
    sys.exit(serve.serve(serve.read(), "bench.floor:create"))
