"""How much of the pavement is wide enough (M15) and which homes a fire engine reaches (M18). By hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from app.designs.effects import Work, value
from app.designs.effects.families.access import length_of
from geodata import rulebook
from tests.factories.figures import add, figures, home, pair, proposals, remove, scene, thing

# A pavement of 2 m that goes on beyond the area on both sides: 100 m of it lie in the area.
WALK = thing(1, "pavement", box(-50, 0, 150, 2))
AREA = box(0, -20, 100, 2)


@given(st.floats(1, 200), st.floats(0.5, 20))
def test_a_strip_is_as_long_as_the_rectangle_it_is(length, width):
    assert length_of(box(0, 0, length, width)) == pytest.approx(max(length, width), rel=1e-6)


def test_a_bend_and_nothing():
    # Two arms of 50 x 2 m at a right angle: 98 m along their middle.
    bend = box(0, 0, 50, 2).union(box(48, 0, 50, 50))
    assert length_of(bend) == pytest.approx(98, abs=1)
    assert length_of(box(0, 0, 0, 0)) == 0


def test_a_wide_pavement_is_accessible_all_along():
    told = figures(scene([WALK], area=AREA))
    assert pair(told["accessible_share"]) == (100, 100)
    assert pair(told["accessible_wide_share"]) == (100, 100)


def test_a_planter_narrows_the_pavement_over_its_own_length():
    # 1.2 m square in a pavement of 2 m leaves 0.8 m over 1.2 m of the 100 m.
    told = figures(scene([WALK], area=AREA), add("planter", Point(50, 0.6)))["accessible_share"]
    step = next(step for step in told["how"] if step["step"] == "route_narrow_then")
    assert step["value"] == pytest.approx(1.2, abs=0.05)
    assert pair(told) == (100, 99)


def test_a_bed_along_the_pavement_leaves_it_too_narrow_for_its_length():
    # A bed of 40 m by 0.8 m leaves 1.2 m: 60 % is wide enough. At 0.4 m it leaves 1.6 m: enough for 1.50 m.
    deep = figures(scene([WALK], area=AREA), add("planting_bed", box(30, 0, 70, 0.8)))
    assert pair(deep["accessible_share"]) == (100, 60)
    slim = figures(scene([WALK], area=AREA), add("planting_bed", box(30, 0, 70, 0.4)))
    assert pair(slim["accessible_share"]) == (100, 100)
    assert pair(slim["accessible_wide_share"]) == (100, 60)


def test_wide_enough_is_what_the_municipality_asks():
    # The bed leaves 1.6 m over 40 m: too narrow where 1.70 m is asked everywhere, and 1.90 m preferred.
    own = {
        ("R01", "min_m"): (1.7, "Delft", date(2026, 1, 1)),
        ("R01", "preferred_m"): (1.9, "Delft", date(2026, 1, 1)),
    }
    here, bed = scene([WALK], area=AREA), proposals([add("planting_bed", box(30, 0, 70, 0.4))])
    told = value(Work(here, bed, rules=rulebook.load().with_own(own)))
    assert pair(told["accessible_share"]) == (100, 60)
    assert [step["value"] for step in told["accessible_share"]["how"] if step["step"] == "route_asked"] == [
        1.7
    ]
    # On the same street the usual numbers still hold for who has none of their own.
    usual = value(Work(here, bed))
    assert pair(usual["accessible_share"]) == (100, 100)
    assert [step["value"] for step in usual["accessible_share"]["how"] if step["step"] == "route_asked"] == [
        1.5
    ]


def test_taking_a_hedge_away_opens_the_way():
    hedge = thing(2, "hedge", box(40, 0, 60, 1))  # leaves 1.0 m over 20 m
    told = figures(scene([WALK, hedge], area=AREA), remove(hedge))["accessible_share"]
    assert pair(told) == (80, 100)


def test_without_pavement_nothing_is_said():
    for world in (scene([]), scene([WALK], known=("tree",))):
        told = figures(world)["accessible_share"]
        assert pair(told) == (None, None) and "no_pavement_on_map" in told["caveat"]


# A street of 4 m that ends blind at x = 100, in a town that begins at x = -400.
AXIS = thing(10, "street_axis", LineString([(-400, 0), (100, 0)]), highway="residential")
ROAD = thing(11, "carriageway", box(-400, -2, 104, 2))
TOWN = box(-10, -30, 110, 30)


def test_a_planter_in_the_only_street_puts_the_homes_behind_it_out_of_reach():
    # Houses begin 5 m beside the axis, at x = 10 and x = 80; a planter of 1.2 m at x = 50 leaves 1.4 of 4 m.
    homes = (home(10, 5), home(80, 5))
    told = figures(scene([AXIS, ROAD], area=TOWN, homes=homes), add("planter", Point(50, 0)))[
        "emergency_share"
    ]
    assert told["before"] == 100
    # The last piece that is driven ends at 50 m: the second house is 30.4 m from it, within the hose of 40 m.
    assert told["after"] == 100
    far = (home(10, 5), home(96, 5))
    told = figures(scene([AXIS, ROAD], area=TOWN, homes=far), add("planter", Point(50, 0)))["emergency_share"]
    assert pair(told) == (100, 50)


def test_a_municipality_says_how_wide_its_fire_engines_are():
    # A bed of 0.5 m leaves 3.5 m of the 4 m: enough, but not where 3.75 m is asked.
    far = scene([AXIS, ROAD], area=TOWN, homes=(home(10, 5), home(96, 5)))
    bed = proposals([add("planting_bed", box(49, -2, 51, -1.5))])
    asked = {("R05", "min_m"): (3.75, "Delft", date(2026, 1, 1))}
    assert pair(value(Work(far, bed))["emergency_share"]) == (100, 100)
    wide = value(Work(far, bed, rules=rulebook.load().with_own(asked)))
    assert pair(wide["emergency_share"]) == (100, 50)


def test_flats_need_a_shorter_hose():
    # 15 m from the axis: within 40 m for one home, beyond 10 m for more.
    one, flats = home(10, 15), home(40, 15, 3)
    told = figures(scene([AXIS, ROAD], area=TOWN, homes=(one, flats)))["emergency_share"]
    assert told["before"] == 25


def test_what_leaves_the_way_open_changes_nothing():
    told = figures(scene([AXIS, ROAD], area=TOWN, homes=(home(80, 5),)), add("bench", Point(50, 8)))
    assert pair(told["emergency_share"]) == (100, 100)


@pytest.mark.parametrize(
    ("missing", "why"),
    [("street_axis", "no_streets_on_map"), ("carriageway", "no_carriageway_on_map")],
)
def test_what_is_missing_is_named(missing, why):
    known = {"street_axis", "carriageway", "pavement"} - {missing}
    told = figures(scene([AXIS, ROAD], area=TOWN, homes=(home(80, 5),), known=known))["emergency_share"]
    assert pair(told) == (None, None) and why in told["caveat"].split()
