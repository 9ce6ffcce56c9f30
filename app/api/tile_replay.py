"""Answers tiles without going through Flask: cut in PostGIS, or kept since this process cut them before.

Routing, sessions and header hooks cost more than looking a tile up. So a body is kept under its ETag, which
names the state of the data, and the headers are those that Flask gave its first tile. Whatever is not plainly
the same (another path, a query string, an error, a state that must be asked again) goes on to Flask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Engine

from app.api import tile_cutting, tile_state
from app.core.tiles import MEDIA_TYPE, TileCache
from app.extensions import db

_PREFIX = "/api/collections/"
_GRID = "/tiles/WebMercatorQuad/"
# These differ from tile to tile, or must never be kept.
_OWN = frozenset(("etag", "content-length", "content-type", "date", "set-cookie", "vary"))

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]


class TileReplay:
    """WSGI middleware around the application."""

    def __init__(self, flask: Flask) -> None:
        self._app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]] = flask.wsgi_app
        self._flask = flask
        self._engine: Engine | None = None
        self._cache = TileCache()
        self._shared: Headers | None = None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if (
            _GRID not in path
            or not path.startswith(_PREFIX)
            or environ["REQUEST_METHOD"] != "GET"
            or environ.get("QUERY_STRING")
        ):
            return self._app(environ, start_response)
        name = path[len(_PREFIX) : path.index(_GRID)]
        state = tile_state.fresh(name)
        if state is None or self._shared is None:
            return self._first(environ, start_response)
        etag = tile_state.etag(path, state)
        body = self._cache.get(etag)
        if body is None:
            body = self._cut(name, path)
            if body is None:
                return self._app(environ, start_response)
            self._cache.put(etag, body)
        return self._again(etag, body, environ.get("HTTP_IF_NONE_MATCH", ""), start_response)

    def _cut(self, name: str, path: str) -> bytes | None:
        """A tile that is new to this process; None where Flask should say what is wrong."""
        z, _slash, rest = path[path.index(_GRID) + len(_GRID) :].partition("/")
        y, _slash, x = rest.partition("/")
        tile = tile_cutting.readable(name, z, x, y)
        if tile is None or self._engine is None:
            return None
        try:
            return tile_cutting.cut(self._engine, name, tile)
        except psycopg.Error:
            return None

    def _again(self, etag: str, body: bytes, held: str, start_response: StartResponse) -> list[bytes]:
        assert self._shared is not None  # noqa: S101 - for mypy
        headers = [*self._shared, ("ETag", etag)]
        if etag in held:
            start_response("304 NOT MODIFIED", headers)
            return []
        if not body:
            start_response("204 NO CONTENT", headers)
            return []
        start_response("200 OK", [*headers, ("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    def _first(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        seen: list[tuple[str, Headers]] = []

        def noting(status: str, headers: Headers, *more: Any) -> Any:
            seen.append((status, headers))
            return start_response(status, headers, *more)

        answer = self._app(environ, noting)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = seen[-1]
        if status[:3] in ("200", "204"):
            self._keep(headers, body)
        return [body]

    def _keep(self, headers: Headers, body: bytes) -> None:
        named = {name.lower(): value for name, value in headers}
        if "etag" in named and "set-cookie" not in named:
            with self._flask.app_context():
                self._engine = db.engine
            self._cache.put(named["etag"], body)
            self._shared = [(name, value) for name, value in headers if name.lower() not in _OWN]
