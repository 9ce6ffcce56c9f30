"""The map is turned so that a street lies level."""

from __future__ import annotations

import pytest
import shapely
from shapely import affinity

from app.pages.workshop import level_bearing

STREET = shapely.box(0, 0, 100, 10)


# Turned counter-clockwise by so many degrees from east; the bearing is clockwise from north.
@pytest.mark.parametrize(("turned", "bearing"), [(0, 0), (30, -30), (-30, 30), (80, -80), (37.7, -37.7)])
def test_a_long_area_lies_level(turned: float, bearing: float) -> None:
    assert level_bearing(affinity.rotate(STREET, turned)) == pytest.approx(bearing, abs=0.1)


def test_an_area_without_a_long_side_keeps_north_up() -> None:
    assert level_bearing(affinity.rotate(shapely.box(0, 0, 50, 50), 20)) == 0
