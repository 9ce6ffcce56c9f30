"""Shadows and the shade on a pavement (M11). Shapes worked out by hand, and what always holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, affinity, box, get_coordinates, transform, union_all

from app.designs.effects.families.shade import sun_at
from app.designs.effects.shadows import away_from_sun, shadow_of, shadows_of_crowns, sweep
from geodata.heights import ASSUMED_M
from tests.factories.figures import SUMMER_TIME, add, figures, pair, remove, scene, thing

DELFT = {"lon": 4.36, "lat": 52.01, "zone": SUMMER_TIME}
HOUSE = box(0, 0, 10, 10)


def test_away_from_the_sun():
    # South at 45 degrees: one metre north for each metre of height. East at 30: 1.732 m west.
    assert away_from_sun(180, 45) == pytest.approx((0, 1))
    assert away_from_sun(90, 30) == pytest.approx((-math.sqrt(3), 0))
    with pytest.raises(ValueError, match="below"):
        away_from_sun(180, 0.5)


def test_a_house_of_ten_metres_with_the_sun_in_the_south():
    shadow = shadow_of(HOUSE, 10, 180, 45)
    assert shadow.symmetric_difference(box(0, 0, 10, 20)).area < 1e-9


def test_a_house_with_the_sun_in_the_south_west():
    # 10 m pushed 10/sqrt(2) both ways: a hexagon of 100 + 2 x 10 x 7.07 m2.
    shadow = shadow_of(HOUSE, 10, 225, 45)
    assert shadow.area == pytest.approx(100 + 2 * 10 * 10 / math.sqrt(2))
    assert shadow.covers(Point(17, 17)) and not shadow.intersects(Point(17, 6.9))


def test_a_courtyard_keeps_the_sun_that_reaches_it():
    # Walls of 2 m around a court of 6 x 6 m, 4 m high with the sun at 45 degrees: 4 m of its 6 are shaded.
    court = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
    shadow = shadow_of(court, 4, 180, 45)
    assert box(2, 2, 8, 8).difference(shadow).symmetric_difference(box(2, 6, 8, 8)).area < 1e-9
    assert shadow.area == pytest.approx(10 * 14 - 6 * 2)


def test_an_l_shape_is_swept_exactly_and_not_by_its_hull():
    shape = Polygon([(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)])
    swept = sweep(shape, 3, 0)
    assert swept.area == pytest.approx(13 * 2 + 5 * 8)
    assert not swept.intersects(Point(8, 8))


def test_a_crown_throws_its_shadow_away_from_its_stem():
    # Radius 2, from 3 to 7 m, sun in the south at 45 degrees: discs of radius 2 at 3 and 7 m north, hulled:
    # pi x 4 + 4 x 4 m2 (the disc as 48 corners is 0.3 % less).
    (shadow,) = shadows_of_crowns(
        np.array([[0.0, 0.0]]), np.array([2.0]), np.array([3.0]), np.array([7.0]), 180, 45
    )
    assert shadow.area == pytest.approx(4 * math.pi + 16, rel=0.004)
    assert shadow.bounds == pytest.approx((-2, 1, 2, 9), abs=0.01)


shapes = st.builds(
    lambda x, y, w, h, turn, hole: affinity.rotate(
        box(x, y, x + w, y + h).difference(
            box(x + w / 4, y + h / 4, x + w / 2, y + h / 2) if hole else Polygon()
        ),
        turn,
    ),
    *(st.floats(-50, 50) for _ in "xy"),
    *(st.floats(1, 30) for _ in "wh"),
    st.floats(0, 360),
    st.booleans(),
)
pushes = st.tuples(st.floats(-40, 40), st.floats(-40, 40)).filter(lambda push: math.hypot(*push) > 0.01)


@settings(deadline=None)
@given(shapes, pushes, st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_every_place_on_the_way_lies_in_the_sweep(shape, push, parts):
    swept = sweep(shape, *push).buffer(1e-6)
    for part in parts:
        assert swept.covers(affinity.translate(shape, push[0] * part, push[1] * part))


@settings(deadline=None)
@given(shapes, pushes)
def test_a_sweep_is_no_larger_than_what_a_fine_row_of_shapes_covers(shape, push):
    # Between two neighbours in the row a triangle at each corner is missing: at most half their step squared.
    steps = 40
    row = union_all(
        [affinity.translate(shape, push[0] * i / steps, push[1] * i / steps) for i in range(steps + 1)]
    )
    missed = sweep(shape, *push).area - row.area
    corners = len(get_coordinates(shape))
    assert -1e-6 <= missed <= corners * math.hypot(*push) ** 2 / steps / 2 + 1e-6


@settings(deadline=None)
@given(shapes, st.floats(1, 30), st.floats(0, 359), st.floats(5, 85), pushes)
def test_a_shadow_moves_with_its_house_and_grows_with_its_height(shape, height, azimuth, elevation, push):
    shadow = shadow_of(shape, height, azimuth, elevation)
    moved = shadow_of(affinity.translate(shape, *push), height, azimuth, elevation)
    assert moved.area == pytest.approx(shadow.area, rel=1e-6)
    assert shadow_of(shape, height * 1.5, azimuth, elevation).buffer(1e-6).covers(shadow)
    turned = shadow_of(affinity.rotate(shape, -30, origin=(0, 0)), height, azimuth + 30, elevation)
    assert turned.area == pytest.approx(shadow.area, rel=1e-6)


def test_the_sun_over_delft_on_the_first_of_july():
    # Solar noon at 4.36 E in summer time is about 13:47; the sun is then 90 - 52.01 + 23.1 = 61.1 degrees up.
    world = scene(**DELFT)
    noon = sun_at(world, 13 + 47 / 60)
    assert noon.azimuth_deg == pytest.approx(180, abs=0.5) and noon.elevation_deg == pytest.approx(
        61.1, abs=0.1
    )
    turned = sun_at(scene(**DELFT, north_deg=2.0), 13 + 47 / 60)
    assert turned.azimuth_deg == pytest.approx(noon.azimuth_deg + 2)


def north_of_a_house(height, *more):
    """A pavement of 100 x 10 m just north of a house as long, and the sun almost in the south at 14 h."""
    house = thing(1, "building", box(-100, -20, 200, 0), height_m=height)
    return [house, thing(2, "pavement", box(0, 0, 100, 10)), *more]


def shade_by_hand(height, hour, world):
    """A wall along the whole pavement shades `height / tan(elevation) x cos(azimuth)` of its ten metres."""
    sun = sun_at(world, hour)
    away = -math.cos(math.radians(sun.azimuth_deg)) / math.tan(math.radians(sun.elevation_deg))
    return 100 * min(10, height * away) / 10


@pytest.mark.parametrize("height", [2.0, 9.0, 40.0])
def test_the_shade_of_a_long_house(height):
    world = scene(north_of_a_house(height), **DELFT)
    told = figures(world)["shade_share"]
    by_hand = [shade_by_hand(height, hour, world) for hour in (13, 14, 15)]
    assert told["before"] == told["after"] == pytest.approx(sum(by_hand) / 3, abs=0.6)
    for hour, share in zip((13, 14, 15), by_hand, strict=True):
        assert told["hours"][str(hour)]["before"] == pytest.approx(share, abs=0.6)


def test_a_height_that_is_not_known_is_estimated_and_says_so():
    house = thing(1, "building", box(-100, -20, 200, 0))
    world = scene([house, thing(2, "pavement", box(0, 0, 100, 10))], **DELFT)
    told = figures(world)["shade_share"]
    same = figures(scene(north_of_a_house(ASSUMED_M), **DELFT))["shade_share"]
    assert told["before"] == same["before"]
    assert "heights_estimated" in told["caveat"].split() and told["status"] == "U"


def test_a_tree_adds_the_shade_of_its_crown_and_felling_takes_it():
    # A medium tree of 20 years: radius 2.985, from 3.03 to 9 m. On open pavement its shadow is a hull of
    # pi r2 + 2 r x (9 - 3.03) / tan(elevation).
    plaza = thing(2, "square", box(-50, -50, 50, 50))
    house = thing(1, "building", box(1000, 1000, 1010, 1010), height_m=3.0)
    world = scene([house, plaza], **DELFT)
    radius = math.sqrt(28 / math.pi)
    by_hand = []
    for hour in (13, 14, 15):
        long = 2 * radius / math.tan(math.radians(sun_at(world, hour).elevation_deg))
        by_hand.append((28 + 2 * radius * long) / 100)
    told = figures(world, *(add("tree_medium", Point(x, y)) for x in (-30, 0, 30) for y in (-30, 0, 30)))
    assert told["shade_share"]["before"] == 0
    assert told["shade_share"]["after"] == round(9 * sum(by_hand) / 3)
    old = thing(5, "tree", Point(0, 0))
    felled = figures(scene([house, plaza, old], **DELFT), remove(old), hour=9.25)["shade_share"]
    assert felled["hours"]["9.25"] == {"before": 1, "after": 0}


def test_green_laid_over_pavement_leaves_less_to_shade():
    # The southern half of the pavement, all of the shaded part, becomes green.
    world = scene(north_of_a_house(2.0), **DELFT)
    told = figures(world, add("planting_bed", box(0, 0, 100, 5)))["shade_share"]
    assert told["before"] > 5 and told["after"] == 0


def test_after_sunset_all_is_shade():
    told = figures(scene(north_of_a_house(5.0), **DELFT), hour=23.5)["shade_share"]
    assert told["hours"]["23.5"] == {"before": 100, "after": 100}


def test_shade_is_not_known_without_place_buildings_or_pavement():
    for world, why in (
        (scene(north_of_a_house(5.0)), "no_place"),
        (scene(north_of_a_house(5.0)[1:], known=("pavement",), **DELFT), "no_building_on_map"),
        (scene(north_of_a_house(5.0)[:1], **DELFT), "no_pavement_on_map"),
    ):
        told = figures(world)["shade_share"]
        assert pair(told) == (None, None) and why in told["caveat"].split()


def test_mirroring_the_street_and_the_sun_mirrors_the_shadow():
    shape = Polygon([(0, 0), (8, 1), (6, 9), (1, 5)])
    mirrored = transform(shape, lambda xy: xy * [-1, 1])
    shadow = shadow_of(shape, 7, 200, 40)
    assert (
        transform(shadow, lambda xy: xy * [-1, 1]).symmetric_difference(shadow_of(mirrored, 7, 160, 40)).area
        < 1e-6
    )
