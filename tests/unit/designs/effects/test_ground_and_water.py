"""Green, open ground, rain and air (M06 to M10). Numbers worked out by hand."""

from __future__ import annotations

import pytest
from shapely import Point, box

from tests.factories.figures import add, figures, home, move, pair, remove, replace, scene, thing

LAWN = thing(1, "green", box(0, 0, 20, 10))  # 200 m2
ROAD = thing(2, "carriageway", box(0, 10, 100, 20), surface="asphalt")  # 1000 m2
PAVEMENT = thing(3, "pavement", box(20, 0, 100, 10))  # 800 m2
STREET = [LAWN, ROAD, PAVEMENT]  # 2000 m2 in all
AREA = box(0, 0, 100, 20)


def test_beds_that_overlap_count_once():
    # 5 x 4 and 5 x 4, 2 x 4 of it shared: 32 m2.
    told = figures(
        scene(STREET), add("planting_bed", box(30, 2, 35, 6)), add("planting_bed", box(33, 2, 38, 6))
    )
    assert pair(told["green_m2"]) == (200, 232)
    mixed = figures(scene(STREET), add("planting_bed", box(30, 2, 35, 6)), add("wadi", box(33, 2, 38, 6)))
    assert pair(mixed["green_m2"]) == (200, 232)
    assert next(step for step in mixed["green_m2"]["how"] if step["step"] == "overlap")["value"] == -8


def test_paving_a_lawn_loses_it_and_moving_it_does_not():
    assert pair(figures(scene(STREET), add("pavement_widening", box(0, 0, 5, 10)))["green_m2"]) == (200, 150)
    assert pair(figures(scene(STREET), replace(LAWN, "pavement_widening"))["green_m2"]) == (200, 0)
    moved = figures(scene(STREET), move(LAWN, box(40, 0, 60, 10)))["green_m2"]
    assert pair(moved) == (200, 200)


def test_only_what_lies_in_the_area_counts():
    half = scene(STREET, area=box(10, 0, 100, 20))
    assert figures(half)["green_m2"]["before"] == 100
    assert pair(figures(half, remove(LAWN))["green_m2"]) == (100, 0)


def test_green_and_pavement_in_one_spot_are_the_same_in_either_order():
    changes = [add("planting_bed", box(30, 2, 40, 6)), add("pavement_widening", box(30, 2, 40, 6))]
    one, other = figures(scene(STREET), *changes), figures(scene(STREET), *reversed(changes))
    assert pair(one["green_m2"]) == pair(other["green_m2"]) == (200, 240)


def test_permeable_paving_counts_for_half_and_loose_ground_for_its_own():
    told = figures(scene(STREET), add("permeable_paving", box(20, 12, 40, 16)))
    assert pair(told["permeable_m2"]) == (200, 240)
    assert pair(told["unpaved_share"]) == (10.0, 12.0)
    gravel = thing(4, "square", box(0, 20, 10, 30), surface="gravel")  # 100 m2, for half
    sand = thing(5, "square", box(10, 20, 20, 30), surface="zand")  # 100 m2, for the whole
    assert figures(scene([*STREET, gravel, sand]))["permeable_m2"]["before"] == 200 + 50 + 100
    covered = figures(scene([*STREET, gravel]), add("pavement_widening", box(0, 20, 10, 25)))
    assert pair(covered["permeable_m2"]) == (250, 225)


def test_a_container_in_the_grass_takes_its_footprint():
    told = figures(scene(STREET), add("underground_container", Point(10, 5)))  # 2.5 x 2.5 m
    assert pair(told["permeable_m2"]) == (200, 193.8)
    assert pair(figures(scene(STREET), add("underground_container", Point(60, 5)))["permeable_m2"]) == (
        200,
        200,
    )


def test_a_map_without_green_tells_only_what_comes():
    told = figures(scene([ROAD], known=("carriageway",)), add("planting_bed", box(0, 12, 5, 16)))["green_m2"]
    assert told["change"] == 20 and told["before_known"] is False and "no_green_on_map" in told["caveat"]


def test_a_wadi_holds_millimetres_of_the_street():
    # 20 m2 at 0.2 to 0.3 m3 each; the street keeps 1800 - 20 = 1780 m2 of paving: 4 / 1.78 = 2.25 to 3.37 mm.
    told = figures(scene(STREET), add("wadi", box(30, 2, 35, 6)))["storm_storage_mm"]
    assert (told["before"], told["after"], told["low"], told["high"]) == (0, 2.2, 2.2, 3.4)
    assert told["gap"] == pytest.approx(60 - 20 - 4000 / 1780, abs=0.06)
    assert {"S52", "S53"} <= set(told["source"])
    assert pair(figures(scene(STREET))["storm_storage_mm"]) == (0, 0)


def test_without_paved_ground_nothing_is_said_about_rain():
    assert pair(figures(scene([LAWN]))["storm_storage_mm"]) == (None, None)


def test_green_per_home_is_that_of_the_neighbourhood():
    # 5000 m2 among 100 homes; 40 m2 more makes 50.4.
    world = scene(STREET, green_m2=5000.0, dwellings=100)
    told = figures(world, add("planting_bed", box(30, 2, 40, 6)))["green_per_dwelling_m2"]
    assert pair(told) == (50.0, 50.4) and told["measure"] == "neighbourhood"
    assert pair(figures(world, remove(LAWN))["green_per_dwelling_m2"]) == (50.0, 48.0)
    unknown = figures(scene(STREET, green_m2=5000.0))["green_per_dwelling_m2"]
    assert pair(unknown) == (None, None) and "no_dwellings" in unknown["caveat"]


def test_the_air_of_a_neighbourhood_by_its_share_of_green():
    # 40 m2 of 2000 m2 is 2 percentage points: 0.1 degree.
    told = figures(scene(STREET, area_m2=2000.0), add("planting_bed", box(30, 2, 40, 6)))["air_temperature_c"]
    assert pair(told) == (0, -0.1) and "S50" in told["source"]
    assert pair(figures(scene(STREET))["air_temperature_c"]) == (None, None)
    assert figures(scene(STREET, area_m2=2000.0), remove(LAWN))["air_temperature_c"]["after"] == 0.5


def test_cool_green_is_a_piece_of_200_square_metres_below_crowns():
    # Eight trees of 28 m2 a good way apart make 224 m2 of shade; seven make 196.
    park = thing(10, "green", box(0, 0, 80, 40))
    trees = [thing(20 + i, "tree", Point(10 + 8 * (i % 4), 10 + 10 * (i // 4))) for i in range(8)]
    # 300 m on foot is 230.8 m straight.
    homes = (home(300, 0), home(320, 0, 3))
    cool = figures(scene([park, *trees], homes=homes))["cool_green_share"]
    assert pair(cool) == (25, 25)  # the first home is 220 m away, the three others 240 m
    less = figures(scene([park, *trees], homes=homes), remove(trees[0]))["cool_green_share"]
    assert pair(less) == (25, 0)
    young = [park, *trees[1:]]
    more = figures(scene(young, homes=homes), add("tree_medium", Point(60, 20)))["cool_green_share"]
    assert pair(more) == (0, 25)
    unknown = figures(scene([park, *trees], homes=homes, known=("green",)))["cool_green_share"]
    assert pair(unknown) == (None, None) and "no_tree_on_map" in unknown["caveat"]
