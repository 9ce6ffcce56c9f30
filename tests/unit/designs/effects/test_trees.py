"""Trees, crowns and who sees them (M01 to M05). Numbers worked out by hand; see each test."""

from __future__ import annotations

import math

import pytest
from shapely import Point, box

from tests.factories.figures import add, figures, home, move, pair, remove, scene, thing

# A standing tree of which nothing is known has a crown of 28 m2 (assumption of the growth curve).
OLD = thing(1, "tree", Point(0, 0))
FAR = thing(2, "tree", Point(100, 0))
GROUND = thing(3, "pavement", box(-50, -10, 50, 10))  # 100 x 20 = 2000 m2


def test_planted_and_felled_are_told_apart():
    told = figures(
        scene([OLD, FAR]), remove(OLD), add("tree_small", Point(10, 0)), add("tree_large", Point(30, 0))
    )
    trees = told["trees"]
    assert pair(trees) == (2, 3) and trees["change"] == 1
    assert (trees["planted"], trees["felled"]) == (2, 1)
    assert "young_trees" in trees["caveat"].split()
    steps = {(step["step"], step["what"]): step for step in trees["how"]}
    assert steps["now", "tree"]["objects"] == [1, 2]
    assert steps["goes", "tree"]["objects"] == [1] and steps["goes", "tree"]["changes"] == [0]
    assert steps["comes", "tree_small"]["changes"] == [1]


def test_a_crown_grows_from_a_nursery_tree_to_that_of_year_20():
    # tree_small: radius sqrt(12/pi) = 1.954 m at 20 years, 0.75 m at planting, evenly between.
    canopy = figures(scene(), add("tree_small", Point(0, 0)))["canopy_m2"]
    r20 = math.sqrt(12 / math.pi)
    r5, r10 = (0.75 + (r20 - 0.75) * part for part in (0.25, 0.5))
    assert pair(canopy) == (0, 12)
    assert canopy["at"]["0"]["value"] == pytest.approx(math.pi * 0.75**2, abs=0.05)
    assert canopy["at"]["10"]["value"] == pytest.approx(math.pi * r10**2, abs=0.05)
    assert canopy["at"]["20"]["value"] == 12.0
    # End image after 5 to 40 years: a slow tree is half as old, a fast one has grown out by year 5.
    assert canopy["at"]["10"]["low"] == pytest.approx(math.pi * r5**2, abs=0.05)
    assert canopy["at"]["10"]["high"] == 12.0
    assert canopy["low"] == round(math.pi * r10**2) and canopy["high"] == 12
    assert canopy["status"] == "U" and "growth" in canopy["caveat"].split() and "S44" in canopy["source"]


def test_crowns_that_touch_count_once():
    # Two crowns of 28 m2 (r = 2.985) with their stems 2.985 m apart: the lens of two equal circles a radius
    # apart is r2 (2 pi/3 - sqrt(3)/2).
    radius = math.sqrt(28 / math.pi)
    lens = radius**2 * (2 * math.pi / 3 - math.sqrt(3) / 2)
    canopy = figures(scene([OLD]), add("tree_medium", Point(radius, 0)))["canopy_m2"]
    assert pair(canopy) == (28, round(56 - lens))
    overlap = next(step for step in canopy["how"] if step["step"] == "overlap")
    assert overlap["value"] == pytest.approx(-lens, abs=0.1)


def test_felling_loses_the_crown_and_moving_keeps_it():
    assert pair(figures(scene([OLD, FAR]), remove(OLD))["canopy_m2"]) == (56, 28)
    assert pair(figures(scene([OLD, FAR]), move(OLD, Point(20, 0)))["canopy_m2"]) == (56, 56)


def test_a_known_crown_goes_before_the_assumption():
    wide = thing(4, "tree", Point(0, 0), crown_m=10.0)
    assert figures(scene([wide]))["canopy_m2"]["before"] == round(math.pi * 25)


def test_the_share_of_the_street_is_what_lies_over_the_street():
    # 28 of 2000 m2 is 1.4 %; a tree on the edge of the street counts for the half that is over it.
    middle, edge = scene([GROUND, OLD]), scene([GROUND, thing(5, "tree", Point(50, 0))])
    assert figures(middle)["canopy_share"]["before"] == 1.4
    assert figures(edge)["canopy_share"]["before"] == 0.7
    more = figures(middle, add("tree_medium", Point(20, 0)))["canopy_share"]
    assert pair(more) == (1.4, 2.8) and more["at"]["20"]["value"] == 2.8
    assert "meant_for_neighbourhood" in more["caveat"].split()


def test_without_ground_there_is_no_share():
    share = figures(scene([OLD]))["canopy_share"]
    assert pair(share) == (None, None) and share["caveat"].split() == ["no_ground"]


def test_three_sizeable_trees_within_25_metres_of_the_facade():
    # The house stands 24 m to the right of the first tree, the others are 26 m and more away from it.
    two = [thing(1, "tree", Point(-24, 3)), thing(2, "tree", Point(-20, 3)), thing(3, "tree", Point(-26, 3))]
    world = scene(two, homes=(home(0, 0), home(1000, 0, 3)))
    told = figures(world, add("tree_medium", Point(10, 3)))["trees_in_view_share"]
    assert pair(told) == (0, 25)  # one of four dwellings
    small = figures(world, add("tree_small", Point(10, 3)))["trees_in_view_share"]
    assert pair(small) == (0, 0)  # 12 m2 after 20 years is less than 28
    lost = figures(world, add("tree_medium", Point(10, 3)), remove(two[0]))["trees_in_view_share"]
    assert pair(lost) == (0, 0)


def test_who_sees_trees_is_not_known_without_dwellings():
    told = figures(scene([OLD]))["trees_in_view_share"]
    assert pair(told) == (None, None) and "no_dwellings" in told["caveat"]


def test_the_neighbourhood_is_told_by_the_change_only():
    # 28 m2 of a circle of 500 m: 28 / 785,398 = 0.0036 %.
    told = figures(scene([OLD]), add("tree_medium", Point(10, 0)))["neighbourhood_canopy_pp"]
    assert (told["before"], told["after"], told["unit"], told["measure"]) == (0, 0.004, "pp", "change")
    assert figures(scene([OLD]), remove(OLD))["neighbourhood_canopy_pp"]["after"] == -0.004


def test_where_the_map_has_no_trees_only_the_change_is_known():
    told = figures(scene(known=("pavement",)), add("tree_small", Point(0, 0)))
    for name in ("trees", "canopy_m2"):
        assert told[name]["before_known"] is False and "no_tree_on_map" in told[name]["caveat"].split()
    assert told["trees"]["change"] == 1
