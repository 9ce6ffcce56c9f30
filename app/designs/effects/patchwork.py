"""A large surface cut into small pieces, so that what happens in one spot costs what that spot is."""

from __future__ import annotations

import shapely
from shapely import STRtree, box
from shapely.geometry.base import BaseGeometry

# Longest side of a piece in metres: a few drawn things wide.
PIECE_M = 16.0


class Patchwork:
    """A (multi)polygon in pieces. `area` is that of the whole, in square metres."""

    def __init__(self, surface: BaseGeometry) -> None:
        self.area = float(surface.area)
        self._index = STRtree(_cut(surface))

    def near(self, region: BaseGeometry) -> BaseGeometry:
        """The part of the surface in the pieces that a region touches: at least all of it within."""
        places = self._index.query(region, predicate="intersects")
        return shapely.union_all(self._index.geometries[places])

    def area_within(self, region: BaseGeometry) -> float:
        """How many square metres of the surface lie in a region."""
        places = self._index.query(region, predicate="intersects")
        return float(shapely.area(shapely.intersection(self._index.geometries[places], region)).sum())


def _cut(surface: BaseGeometry) -> list[BaseGeometry]:
    """Halves, their halves, and so on; only what has an area."""
    pieces: list[BaseGeometry] = []
    waiting = [part for part in shapely.get_parts(surface) if part.area > 0]
    while waiting:
        piece = waiting.pop()
        west, south, east, north = piece.bounds
        if max(east - west, north - south) <= PIECE_M:
            pieces.append(piece)
            continue
        if east - west > north - south:
            middle = (west + east) / 2
            halves = box(west, south, middle, north), box(middle, south, east, north)
        else:
            middle = (south + north) / 2
            halves = box(west, south, east, middle), box(west, middle, east, north)
        for half in halves:
            parts = shapely.get_parts(shapely.intersection(piece, half))
            waiting += [part for part in parts if part.area > 0]
    return pieces
