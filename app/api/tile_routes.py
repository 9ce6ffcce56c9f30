"""OGC API Tiles: Mapbox vector tiles in the WebMercatorQuad grid."""

from __future__ import annotations

import psycopg
from flask import Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.api import documents, tile_state
from app.api.answers import document, known, no_parameters_but, unavailable
from app.api.blueprint import blueprint
from app.api.extents import extent_of
from app.api.registry import Collection
from app.api.tile_cutting import cut
from app.core import tiles
from app.core.tiles import Tile
from app.errors import NotFound
from app.extensions import db


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
    one = _tiled(name)
    return document(documents.tileset(one, extent_of(one)))


@blueprint.get("/api/collections/<name>/tiles/WebMercatorQuad/<z>/<y>/<x>")
@access.public
def tile(name: str, z: str, y: str, x: str) -> Response:
    """One tile, 204 where it is empty, 304 where the client has it."""
    no_parameters_but("f")
    one = _tiled(name)
    asked = Tile.read(z, x, y)
    assert one.tiles is not None  # noqa: S101 - for mypy
    if asked is None or asked.z < one.tiles.min_zoom:
        raise NotFound(
            _(
                "Deze tegel is er niet. We hebben zoomniveau %(low)d tot en met %(high)d.",
                low=one.tiles.min_zoom,
                high=tiles.MAX_ZOOM,
            )
        )
    etag = tile_state.etag(request.path, tile_state.marker(one))
    if etag in request.headers.get("If-None-Match", ""):
        return _answer(Response(status=304), etag)
    # The request's own connection, on which the state was asked, is given back first.
    db.session.remove()
    try:
        body = cut(db.engine, one.name, asked)
    except psycopg.Error as error:
        raise unavailable(error) from error
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
