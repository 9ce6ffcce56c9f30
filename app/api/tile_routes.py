"""OGC API Tiles: Mapbox vector tiles in the WebMercatorQuad grid."""

from __future__ import annotations

import time
from functools import lru_cache

from flask import Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.api import documents, queries
from app.api.answers import document, fingerprint, known, no_parameters_but
from app.api.blueprint import blueprint
from app.api.registry import COLLECTIONS, Collection
from app.core import tiles
from app.core.tiles import Tile, TileCache
from app.errors import NotFound
from app.extensions import db

# How long a process trusts what it knows of the state of the data; a tile may be this much out of date.
MARKER_SECONDS = 1.0
TIMEOUT_MS = 5_000

_cache = TileCache()
_markers: dict[str, tuple[float, str]] = {}


@blueprint.get("/api/collections/<name>/tiles")
@access.public
def tilesets(name: str) -> Response:
    """The tile sets of a collection."""
    no_parameters_but("f")
    return document(documents.tilesets(_tiled(name)))


@blueprint.get("/api/collections/<name>/tiles/WebMercatorQuad")
@access.public
def tileset(name: str) -> Response:
    """The tile set: zooms and the template of a tile's address."""
    no_parameters_but("f")
    return document(documents.tileset(_tiled(name)))


@blueprint.get("/api/collections/<name>/tiles/WebMercatorQuad/<z>/<y>/<x>")
@access.public
def tile(name: str, z: str, y: str, x: str) -> Response:
    """One tile, 204 where it is empty, 304 where the client has it."""
    no_parameters_but("f")
    one = _tiled(name)
    asked = Tile.read(z, x, y)
    assert one.tiles is not None
    if asked is None or asked.z < one.tiles.min_zoom:
        raise NotFound(
            _("Deze tegel is er niet. We hebben zoomniveau %(low)d tot en met %(high)d.", low=one.tiles.min_zoom, high=tiles.MAX_ZOOM)
        )
    key = f"{name}/{z}/{y}/{x}/{_marker(one)}"
    etag = f'"{fingerprint(key)}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _answer(Response(status=304), etag)
    body = _cache.get(key)
    if body is None:
        body = _cut(one, asked)
        _cache.put(key, body)
    return _answer(Response(body, content_type=tiles.MEDIA_TYPE) if body else Response(status=204), etag)


def _answer(response: Response, etag: str) -> Response:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _tiled(name: str) -> Collection:
    one = known(name)
    if one.tiles is None:
        raise NotFound(_("Van deze verzameling maken we geen tegels."))
    return one


def _marker(one: Collection) -> str:
    """The state of a collection, asked of the database at most once a second."""
    seen = _markers.get(one.name)
    if seen is None or time.monotonic() - seen[0] > MARKER_SECONDS:
        seen = _markers[one.name] = (time.monotonic(), queries.marker(one))
    return seen[1]


@lru_cache(maxsize=256)
def tile_sql(name: str, zoom: int) -> str:
    """The SQL of a collection's tiles at a zoom, with the parameters of `Tile.parameters`."""
    one = COLLECTIONS[name]
    assert one.tiles is not None
    layer = one.tiles
    return tiles.layer_sql(name, layer.source, one.where, layer.geometry, layer.columns, layer.feature_id, zoom)


def _cut(one: Collection, asked: Tile) -> bytes:
    """Cut a tile in PostGIS; one that is unreasonably large is not sent."""
    connection = db.session.connection()
    body = connection.exec_driver_sql(tile_sql(one.name, asked.z), asked.parameters()).scalar_one()
    return bytes(body or b"")
