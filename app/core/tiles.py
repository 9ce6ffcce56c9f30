# ruff: noqa: E501, S608 - SQL of our own constants; values are parameters
"""Vector tiles: the arithmetic of the WebMercatorQuad grid, the SQL that cuts one, and a small cache.

Coordinates are EPSG:3857 metres. Row 0 is the northernmost (OGC Two Dimensional Tile Matrix Set, WebMercatorQuad).
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

HALF_WORLD_M = 20037508.342789244
MAX_ZOOM = 22
EXTENT = 4096
BUFFER = 64
MAX_FEATURES = 20_000
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# Down to this zoom a shape is drawn as stored; above it, half a screen pixel of detail is dropped.
FULL_DETAIL_ZOOM = 16
_SCREEN_PIXELS = 512

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: zoom, column (from the west) and row (from the north)."""

    z: int
    x: int
    y: int

    @classmethod
    def read(cls, z: str, x: str, y: str) -> Tile | None:
        """The tile that these texts name; None where the grid has no such tile."""
        if any(len(part) > 8 or not part.isascii() or not part.isdigit() for part in (z, x, y)):
            return None
        tile = cls(int(z), int(x), int(y))
        return tile if tile.z <= MAX_ZOOM and max(tile.x, tile.y) < 2**tile.z else None

    @classmethod
    def at(cls, z: int, lon: float, lat: float) -> Tile:
        """The tile of zoom `z` in which a place in degrees lies; beyond the grid's edge, the nearest."""
        side = 2**z
        mercator = math.asinh(math.tan(math.radians(max(-89.0, min(89.0, lat)))))
        x, y = (lon + 180) / 360 * side, (1 - mercator / math.pi) / 2 * side
        return cls(z, *(max(0, min(side - 1, math.floor(one))) for one in (x, y)))

    @property
    def width_m(self) -> float:
        """Its width and height in EPSG:3857 metres."""
        return 2 * HALF_WORLD_M / float(2**self.z)

    def bounds(self, buffer: int = 0) -> Bounds:
        """West, south, east, north in EPSG:3857, widened by `buffer` of its 4096 units on each side."""
        width = self.width_m
        extra = width * buffer / EXTENT
        west, north = -HALF_WORLD_M + self.x * width, HALF_WORLD_M - self.y * width
        return (west - extra, north - width - extra, west + width + extra, north + extra)

    def parameters(self) -> dict[str, float]:
        """The named parameters of `layer_sql`."""
        names = ("west", "south", "east", "north")
        return dict(zip(names, self.bounds(), strict=True)) | {
            f"outer_{name}": value for name, value in zip(names, self.bounds(BUFFER), strict=True)
        }


def layer_sql(
    name: str,
    source: str,
    where: str,
    geometry: str,
    columns: tuple[tuple[str, str], ...],
    feature_id: str | None,
    zoom: int,
) -> str:
    """SQL for one layer of one tile, with the parameters of `Tile.parameters` as `%(name)s`.

    `geometry` is a column in EPSG:3857. The condition on it is the bare `&&` that its GiST index answers.
    """
    envelope = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)"
    outer = "ST_MakeEnvelope(%(outer_west)s, %(outer_south)s, %(outer_east)s, %(outer_north)s, 3857)"
    shape = geometry
    if zoom < FULL_DETAIL_ZOOM:
        tolerance = 2 * HALF_WORLD_M / 2**zoom / _SCREEN_PIXELS / 2
        shape = f"ST_Simplify({geometry}, {tolerance:.6f}, true)"
    selected = ", ".join(f"{sql} AS {column}" for column, sql in columns)
    identified = f", '{feature_id}'" if feature_id else ""
    return (
        f"SELECT ST_AsMVT(t, '{name}', {EXTENT}, 'geom'{identified}) FROM ("
        f"SELECT {selected}, ST_AsMVTGeom({shape}, {envelope}, {EXTENT}, {BUFFER}, true) AS geom"
        f" FROM {source} WHERE {where} AND {geometry} && {outer} LIMIT {MAX_FEATURES}) t"
    )


class TileCache:
    """The most recently used tiles, bounded in bytes. Keys hold the state of the data, so nothing is ever stale."""

    def __init__(self, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._tiles: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self._bytes = 0
        self._max_bytes = max_bytes

    def get(self, key: str) -> bytes | None:
        """The tile under this key, if it is still here."""
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def put(self, key: str, tile: bytes) -> None:
        """Keep a tile and let go of the ones longest unused."""
        with self._lock:
            self._drop(key)
            self._tiles[key] = tile
            self._bytes += len(key) + len(tile)
            while self._bytes > self._max_bytes and len(self._tiles) > 1:
                self._drop(next(iter(self._tiles)))

    def _drop(self, key: str) -> None:
        tile = self._tiles.pop(key, None)
        if tile is not None:
            self._bytes -= len(key) + len(tile)

    def __len__(self) -> int:
        return len(self._tiles)
