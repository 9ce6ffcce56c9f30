"""Two slow, plain ways to measure a way through, as judges of the fast one. They share no code with it.

`opened` pushes a disc through the free ground: GEOS shrinks the ground by the disc's radius and what is left
must still connect the ends. `free_stretch` walks along a straight pavement with transects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry


def opened(
    ground: BaseGeometry,
    obstacles: Iterable[BaseGeometry],
    around: BaseGeometry,
    width_m: float,
    reach_m: float,
    ends: Sequence[BaseGeometry],
) -> bool:
    """Whether a disc `width_m` across gets from every one of `ends` (lines on the window's border) to every
    other, over the ground within `reach_m` of the bounds of `around`."""
    west, south, east, north = around.bounds
    window = box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    free = ground.intersection(window.buffer(2 * width_m)).difference(shapely.union_all(list(obstacles)))
    middles = free.buffer(-width_m / 2, quad_segs=64).intersection(window)
    return any(all(room.distance(end) < 1e-06 for end in ends) for room in shapely.get_parts(middles))


def free_stretch(
    width_m: float, boxes: Iterable[Polygon], limit_m: float, west: float, east: float, step_m: float = 0.005
) -> list[tuple[float, float]]:
    """A pavement between y = 0 and y = `width_m`, with boxes that each stand against one of its sides.

    Runs of transects that are narrower than `limit_m`, as (length, narrowest); runs at most 0.5 m apart are
    one, with what lies between them.
    """
    places = np.arange(west + step_m / 2, east, step_m)
    low, high = np.zeros(len(places)), np.full(len(places), float(width_m))
    for thing in boxes:
        x0, y0, x1, y1 = thing.bounds
        beside = (places > x0) & (places < x1)
        if y0 <= 0:
            low[beside] = np.maximum(low[beside], y1)
        if y1 >= width_m:
            high[beside] = np.minimum(high[beside], y0)
    free = np.maximum(high - low, 0)
    runs: list[tuple[float, float, float]] = []
    for place, wide in zip(places[free < limit_m], free[free < limit_m], strict=True):
        if runs and place - step_m / 2 - runs[-1][1] <= 0.5:
            runs[-1] = (runs[-1][0], place + step_m / 2, min(runs[-1][2], wide))
        else:
            runs.append((place - step_m / 2, place + step_m / 2, wide))
    return [(finish - begin, wide) for begin, finish, wide in runs]
