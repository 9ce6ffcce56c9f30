"""Cutting one vector tile in PostGIS, with as little around the statement as possible."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from sqlalchemy import Engine

from app.api.registry import COLLECTIONS
from app.core import direct, tiles
from app.core.tiles import Tile

# A tile is work for a processor of the database. More at once only wait for each other there, and each that
# comes back interrupts the rest: two a process are a tenth faster than four.
AT_ONCE = 2
_cutting = BoundedSemaphore(AT_ONCE)


@lru_cache(maxsize=256)
def tile_sql(name: str, zoom: int) -> str:
    """The SQL of a collection's tiles at a zoom, with the parameters of `Tile.parameters`."""
    one = COLLECTIONS[name]
    layer = one.tiles
    if layer is None:
        raise KeyError(name)
    return tiles.layer_sql(
        name, layer.source, one.where, layer.geometry, layer.columns, layer.feature_id, zoom
    )


def readable(name: str, z: str, x: str, y: str) -> Tile | None:
    """The tile that these texts name, where this collection has tiles of that zoom; else None."""
    one = COLLECTIONS.get(name)
    tile = Tile.read(z, x, y)
    if one is None or one.tiles is None or tile is None or tile.z < one.tiles.min_zoom:
        return None
    return tile


def cut(engine: Engine, name: str, tile: Tile) -> bytes:
    """One tile, empty where nothing lies.

    Raises `psycopg.Error` when the database is away or takes longer than its statement time-out.
    """
    with _cutting:
        row = direct.fetch_one(tile_sql(name, tile.z), tile.parameters(), engine)
    return bytes(row[0] or b"") if row else b""
