"""The clear width on a real street plan, against two slow and plain measures that share no code with it."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import close_gaps, look
from app.designs.checks.street import WALKABLE, Street
from app.designs.checks.ways import NO_OBSTACLE
from tests.factories.delft import delft
from tests.factories.openings import opened

REACH_M = 6.0


@pytest.fixture(scope="module")
def street() -> Street:
    return delft()


def standing(street: Street, window: BaseGeometry) -> list[BaseGeometry]:
    return [thing.footprint for thing in street.obstacles(window) if thing.kind not in NO_OBSTACLE]


def sample(ground: BaseGeometry, number: int) -> list[Point]:
    """Random places on the ground, always the same ones."""
    dice, west_south_east_north = random.Random(2016), ground.bounds
    west, south, east, north = west_south_east_north
    shapely.prepare(ground)
    places: list[Point] = []
    while len(places) < number:
        place = Point(dice.uniform(west, east), dice.uniform(south, north))
        if ground.contains(place):
            places.append(place)
    return places


def ends_of(part: BaseGeometry, ground: BaseGeometry, window: BaseGeometry) -> list[BaseGeometry]:
    """Where a part of the ground goes on outside the window."""
    onward = shapely.intersection(part.boundary, window.boundary)
    # The border of the window, but for where it runs along the border of the ground itself.
    inside = shapely.line_merge(shapely.difference(onward, ground.boundary.buffer(1e-4)))
    return [line for line in shapely.get_parts(inside) if line.length > 1e-3]


@pytest.mark.parametrize(("kinds", "up_to_m"), [(WALKABLE, 2.4), (("carriageway",), 5.0)])
def test_everywhere_in_delft_it_is_what_a_disc_can_be_pushed_through(
    street: Street, kinds: tuple[str, ...], up_to_m: float
) -> None:
    whole = street.ground(*kinds)
    compared = 0
    for place in sample(whole, 70):
        around = place.buffer(0.05)
        west, south, east, north = around.bounds
        window = box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)
        far = window.buffer(3 * up_to_m)
        solid = standing(street, far)
        seen = look([whole], solid, around, reach_m=REACH_M, up_to_m=up_to_m)
        ground = close_gaps([shapely.intersection(whole, far)])
        parts = shapely.get_parts(shapely.intersection(ground, window))
        (part,) = [one for one in parts if one.covers(place)]
        ends = ends_of(part, ground, window)
        if len(ends) < 2 or any(end.length < 0.6 for end in ends):
            assert len(ends) > 1 or not seen.gaps
            continue
        # What lies beyond the window is of no concern here: the same ground goes on straight from its ends.
        onward = [end.buffer(2 * up_to_m, cap_style="flat").difference(window) for end in ends]
        free = shapely.union_all([part, *onward])
        wide = seen.width_m
        if wide > 0.04:
            assert opened(free, solid, around, wide - 0.02, REACH_M, ends), place.wkt
        if wide < up_to_m:
            assert not opened(free, solid, around, wide + 0.02, REACH_M, ends), place.wkt
        compared += 1
    assert compared >= 20


def test_narrow_stretches_in_delft_are_narrow_on_every_plain_transect(street: Street) -> None:
    whole = street.ground(*WALKABLE)
    transects = 0
    for place in sample(whole, 60):
        around = place.buffer(0.05)
        far = around.buffer(REACH_M + 5)
        solid = standing(street, far)
        free = close_gaps([whole.intersection(far)]).difference(shapely.union_all(solid))
        for narrowing in look([whole], solid, around, reach_m=REACH_M).narrowings(1.5):
            if narrowing.length_m == 0:
                continue  # aslant between two things: no transect is narrow there
            for line in shapely.get_parts(narrowing.along):
                if line.length < 0.1:
                    continue
                for chord in _transects(line, free):
                    assert chord <= 1.5 + 0.01, (place.wkt, line.wkt)
                    transects += 1
    assert transects > 200


def _transects(line: LineString, free: BaseGeometry) -> list[float]:
    """The free lengths square to a wall, every 0.25 m along it, of the stretch across which the way is."""
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    east, north = (x1 - x0) / line.length, (y1 - y0) / line.length
    found = []
    for at in np.arange(0.02, line.length - 0.02, 0.25):
        x, y = x0 + east * at, y0 + north * at
        ray = LineString([(x, y), (x + north * 4, y - east * 4)])
        pieces = [piece for piece in shapely.get_parts(ray.intersection(free)) if piece.length > 1e-3]
        if pieces:
            found.append(min(pieces, key=lambda piece: math.hypot(*_start(piece, x, y))).length)
    return found


def _start(piece: BaseGeometry, x: float, y: float) -> tuple[float, float]:
    near = shapely.shortest_line(Point(x, y), piece)
    return near.coords[1][0] - x, near.coords[1][1] - y
