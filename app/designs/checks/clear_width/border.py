"""Takes a piece of ground in a window apart: its walls, its ends, and what floats between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width.segments import (
    ROUNDING,
    Booleans,
    Floats,
    Geometries,
    Integers,
    lines_between,
    of_the_one_before,
)

# Nobody gets out through less: such an opening at the border of the window is the tip of a corner.
LEAST_END_M = 0.5
# So far outside the window it is asked whether the ground goes on there.
BEYOND_M = 2e-3
POLYGON = shapely.GeometryType.POLYGON
AXES = np.array([0, 1, 0, 1])
OUTWARD = BEYOND_M * np.array([[-1.0, 0.0], [0.0, -1.0], [1.0, 0.0], [0.0, 1.0]])


def border(
    part: Polygon, ground: BaseGeometry, window: tuple[float, ...]
) -> tuple[Floats, Floats, Integers, Geometries]:
    """The outer border of a part of the ground in a window, clockwise: its wall edges with the number of
    their wall, and the edges of its ends, as lines."""
    exterior = shapely.get_exterior_ring(part)
    ring = shapely.get_coordinates(exterior)
    if shapely.is_ccw(exterior):
        ring = ring[::-1]
    start, end = ring[:-1], ring[1:]
    is_end = _on_the_window(start, end, ground, window)
    if is_end.any() and not is_end.all():
        # Begin where an end begins, so that no wall and no end is cut in two.
        first = int(np.flatnonzero(is_end & ~of_the_one_before(is_end))[0])
        start, end, is_end = _begin_at(first, start, end, is_end)
        begins = np.concatenate(([0], np.flatnonzero(np.diff(is_end)) + 1))
        opening = np.add.reduceat(np.hypot(*(end - start).T), begins)
        is_end = np.repeat(is_end[begins] & (opening >= LEAST_END_M), np.diff(np.append(begins, len(start))))
    ends = lines_between(start[is_end], end[is_end])
    if not is_end.any():
        return start, end, np.zeros(len(start), dtype=np.int64), ends
    # The first edge may have stopped being an end: then the first wall goes on before it.
    first = int(np.flatnonzero(is_end)[0])
    start, end, is_end = _begin_at(first, start, end, is_end)
    number = np.cumsum(~is_end & of_the_one_before(is_end)) - 1
    return start[~is_end], end[~is_end], number[~is_end].astype(np.int64), ends


def _begin_at(first: int, start: Floats, end: Floats, is_end: Booleans) -> tuple[Floats, Floats, Booleans]:
    return _from(first, start), _from(first, end), _from(first, is_end)


def _from(first: int, ring: Any) -> Any:
    """A ring that begins elsewhere; for small arrays several times as fast as `np.roll`."""
    return np.concatenate((ring[first:], ring[:first])) if first else ring


def _on_the_window(start: Floats, end: Floats, ground: BaseGeometry, window: tuple[float, ...]) -> Booleans:
    """Which edges lie on the border of the window with ground on its other side."""
    # Side by side: west, south, east, north.
    sides = np.array(window)
    on = np.abs(start[:, AXES] - sides) < ROUNDING
    on &= np.abs(end[:, AXES] - sides) < ROUNDING
    beyond = on @ OUTWARD
    there = np.flatnonzero(beyond.any(axis=1))
    places = (start[there] + end[there]) / 2 + beyond[there]
    result = np.zeros(len(start), dtype=bool)
    result[there] = shapely.intersects_xy(ground, places[:, 0], places[:, 1])
    return result


def floating(part: Polygon, obstacles: Geometries) -> Geometries:
    """The obstacles as far as they stand in this part of the ground, in single pieces.

    An area that only touches the ground takes nothing of it.
    """
    if not len(obstacles):
        return obstacles
    shapely.prepare(part)
    hit = obstacles[shapely.intersects(part, obstacles)]
    whole = shapely.covers(part, hit)
    cut = shapely.intersection(hit[~whole], part)
    standing = np.concatenate((hit[whole], cut))
    area = np.concatenate((hit[whole], hit[~whole]))
    pieces, of = shapely.get_parts(standing, return_index=True)
    pieces, again = shapely.get_parts(pieces, return_index=True)
    kept = shapely.get_dimensions(pieces) == shapely.get_dimensions(area)[of[again]]
    return np.asarray(pieces[kept & ~shapely.is_empty(pieces)])


def outlines(pieces: Geometries) -> tuple[Floats, Floats, Integers]:
    """The edges of outlines (of an area its outer ring), and of each edge the place of its piece in `pieces`.

    A point is an edge from itself to itself.
    """
    rings = np.where(shapely.get_type_id(pieces) == POLYGON, shapely.get_exterior_ring(pieces), pieces)
    corners, of = shapely.get_coordinates(rings, return_index=True)
    goes_on = np.zeros(len(of), dtype=bool)
    goes_on[:-1] = of[1:] == of[:-1]
    kept = goes_on | ~of_the_one_before(goes_on)
    return corners[kept], corners[np.arange(len(of)) + goes_on][kept], of[kept].astype(np.int64)
