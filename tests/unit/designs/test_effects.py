"""What a design does to a street, each figure worked out by hand. All geometry in metres."""

from __future__ import annotations

import json

import pytest
from shapely import LineString, Point, box

from app.designs import effect_words
from app.designs.effects import CAVEATS
from geodata import catalogue
from tests.factories.effects import MetricChange, MetricObject, effects

BAY_1 = MetricObject(1, "parking", box(0, 0, 6, 2))
BAY_2 = MetricObject(2, "parking", box(6, 0, 12, 2))
ROW = MetricObject(3, "parking", box(0, 0, 60, 2))
TREE = MetricObject(4, "tree", Point(20, 1))
BENCH = MetricObject(5, "bench", Point(22, 1))
STAND = MetricObject(6, "bike_stand", Point(24, 1))
LAWN = MetricObject(7, "green", box(100, 0, 110, 10))


@pytest.fixture(scope="module")
def elements():
    return catalogue.load()


def add(kind, geometry, **more):
    return MetricChange("add", geometry, kind, **more)


def remove(thing):
    return MetricChange("remove", thing.geometry, None, thing)


def replace(thing, kind, geometry=None):
    return MetricChange("replace", geometry or thing.geometry, kind, thing)


def before_after(figures, name):
    return figures[name]["before"], figures[name]["after"]


def test_nothing_changed_is_nothing_gained_and_costs_nothing(elements):
    figures = effects([], [TREE, BENCH, STAND, BAY_1, LAWN], elements)
    counted = {
        "trees": (1, 1),
        "bike_places": (2, 2),
        "parking_places": (1, 1),
        "green_m2": (100, 100),
        "permeable_m2": (100, 100),
        "seats": (3, 3),
        "added": (0, 0),
        "removed": (0, 0),
        "cost_eur": (0, 0),
    }
    assert {name: before_after(figures, name) for name in counted} == counted
    assert figures["cost_eur"]["sourced_share"] is None


def test_two_small_trees_add_two_trees_and_their_pits(elements):
    # A pit is 1.5 x 1.5 = 2.25 m2; prices 500 / 2000 / 4000 each, the usual one sourced.
    figures = effects([add("tree_small", Point(0, 0)), add("tree_small", Point(8, 0))], [TREE], elements)
    assert before_after(figures, "trees") == (1, 3)
    assert before_after(figures, "permeable_m2") == (0, 4.5)
    assert before_after(figures, "green_m2") == (0, 4.5)
    assert before_after(figures, "added") == (0, 2)
    cost = figures["cost_eur"]
    assert (cost["low"], cost["after"], cost["high"]) == (1000, 4000, 8000)
    assert cost["sourced_share"] == 1.0
    assert cost["source"] == ["S14", "S17"]
    assert cost["status"] == "U" and "assumption" in cost["caveat"].split()  # the high price is an assumption


def test_the_sourced_share_counts_euros_not_changes(elements):
    # Tree 2000 sourced, bench 1500 and bike stand 250 assumed: 2000 / 3750.
    changes = [add("tree_small", Point(0, 0)), add("bench", Point(3, 0)), add("bike_stand", Point(6, 0))]
    figures = effects(changes, [], elements)
    assert figures["cost_eur"]["after"] == 3750
    assert figures["cost_eur"]["sourced_share"] == pytest.approx(2000 / 3750, abs=0.001)
    assert before_after(figures, "seats") == (0, 3)
    assert before_after(figures, "bike_places") == (0, 2)
    assert figures["seats"]["status"] == "U" and figures["seats"]["caveat"] == "assumption"
    assert figures["bike_places"]["status"] == "S" and figures["bike_places"]["source"] == ["S69"]


def test_taking_a_tree_a_bench_and_a_stand_away(elements):
    figures = effects([remove(TREE), remove(BENCH), remove(STAND)], [TREE, BENCH, STAND], elements)
    assert before_after(figures, "trees") == (1, 0)
    assert before_after(figures, "seats") == (3, 0)
    assert before_after(figures, "bike_places") == (2, 0)
    assert before_after(figures, "removed") == (0, 3)
    assert "young_trees" in figures["trees"]["caveat"].split()
    assert [missing["kind"] for missing in figures["cost_eur"]["missing"]] == ["tree", "bench", "bike_stand"]
    assert "price_missing" in figures["cost_eur"]["caveat"].split()


def test_what_the_map_tells_goes_before_an_assumption(elements):
    stand = MetricObject(6, "bike_stand", Point(24, 1), {"capacity": 12})
    bench = MetricObject(5, "bench", Point(22, 1), {"seats": 5})
    figures = effects([remove(stand)], [stand, bench], elements)
    assert before_after(figures, "bike_places") == (12, 0)
    assert before_after(figures, "seats") == (5, 5)


@pytest.mark.parametrize("capacity", [True, "many", -4, float("nan"), 10**9])
def test_a_count_on_the_map_that_cannot_be_is_not_believed(elements, capacity):
    stand = MetricObject(6, "bike_stand", Point(24, 1), {"capacity": capacity})
    assert effects([], [stand], elements)["bike_places"]["before"] == 2


def test_a_bay_sized_surface_is_one_place_and_a_row_is_counted_by_bays_of_twelve_square_metres(elements):
    assert effects([], [BAY_1, BAY_2], elements)["parking_places"]["before"] == 2
    row = effects([], [ROW], elements)["parking_places"]  # 60 x 2 = 120 m2 = 10 bays
    assert row["before"] == 10 and row["caveat"] == "estimated_bays"
    assert (
        effects([], [MetricObject(8, "parking", box(0, 0, 9, 2))], elements)["parking_places"]["before"] == 1
    )
    assert (
        effects([], [MetricObject(9, "parking", box(0, 0, 17, 2))], elements)["parking_places"]["before"] == 2
    )


def test_a_bay_away_costs_its_removal(elements):
    figures = effects([remove(BAY_1)], [BAY_1, BAY_2], elements)
    assert before_after(figures, "parking_places") == (2, 1)
    cost = figures["cost_eur"]
    assert (cost["low"], cost["after"], cost["high"], cost["missing"]) == (500, 1500, 3500, [])
    # The same, pointed out on the map where the bay is not drawn:
    drawn = effects([add("parking_removal", box(0, 0, 6, 2))], [BAY_2, ROW], elements)
    assert before_after(drawn, "parking_places") == (11, 10)
    assert before_after(drawn, "removed") == (0, 1) and before_after(drawn, "added") == (0, 0)


def test_a_rain_garden_in_place_of_a_bay(elements):
    # 11 m2 of garden: 75 / 150 / 300 per m2, plus the bay's removal 500 / 1500 / 3500.
    figures = effects([replace(BAY_1, "rain_garden", box(0, 0, 5.5, 2))], [BAY_1, BAY_2], elements)
    assert before_after(figures, "parking_places") == (2, 1)
    assert before_after(figures, "green_m2") == (0, 11)
    cost = figures["cost_eur"]
    assert (cost["low"], cost["after"], cost["high"]) == (825 + 500, 1650 + 1500, 3300 + 3500)


def test_a_parklet_on_a_bay_takes_that_bay_once(elements):
    # Alone it takes one bay; where this design takes the bay away already, not a second one.
    alone = effects([add("parklet", box(0, 0, 6, 2.4))], [BAY_1, BAY_2], elements)
    assert before_after(alone, "parking_places") == (2, 1)
    replaced = effects([replace(BAY_1, "parklet", box(0, 0, 6, 2.4))], [BAY_1, BAY_2], elements)
    assert before_after(replaced, "parking_places") == (2, 1)
    beside = effects([remove(BAY_1), add("parklet", box(0, 0, 6, 2.4))], [BAY_1, BAY_2], elements)
    assert before_after(beside, "parking_places") == (2, 1)
    assert before_after(beside, "seats") == (0, 6)


def test_a_bed_drawn_over_bays_takes_them(elements):
    # The bed covers bay 1 wholly and a quarter of bay 2; half a bay would count.
    figures = effects([add("planting_bed", box(0, 0, 7.5, 2))], [BAY_1, BAY_2], elements)
    assert before_after(figures, "parking_places") == (2, 1)
    in_a_row = effects([add("planting_bed", box(0, 0, 24, 2))], [ROW], elements)  # 48 of 120 m2: 4 of 10
    assert before_after(in_a_row, "parking_places") == (10, 6)
    paving = effects([add("permeable_paving", box(0, 0, 12, 2))], [BAY_1, BAY_2], elements)
    assert before_after(paving, "parking_places") == (2, 2)


def test_a_green_bay_and_a_disabled_bay_keep_the_place(elements):
    for kind in ("green_parking_bay", "parking_disabled"):
        figures = effects([replace(BAY_1, kind)], [BAY_1, BAY_2], elements)
        assert before_after(figures, "parking_places") == (2, 2), kind
        assert figures["cost_eur"]["after"] == 1200, kind
    assert before_after(effects([replace(BAY_1, "green_parking_bay")], [], elements), "permeable_m2") == (
        0,
        6,
    )


def test_reserved_places_are_told_but_not_counted_as_lost(elements):
    figures = effects(
        [add("ev_charger", Point(0, 0)), replace(BAY_1, "car_share_bay")], [BAY_1, BAY_2], elements
    )
    assert before_after(figures, "parking_places") == (2, 2)
    assert "reserved_bays" in figures["parking_places"]["caveat"].split()


def test_a_range_is_told_by_its_cautious_end(elements):
    figures = effects([add("bus_stop", LineString([(0, 5), (12, 5)]))], [ROW], elements)
    assert before_after(figures, "parking_places") == (10, 7)
    assert (figures["parking_places"]["low"], figures["parking_places"]["high"]) == (7, 8)
    assert "depends_on_place" in figures["parking_places"]["caveat"].split()
    corner = effects([add("curb_extension", box(70, 0, 75, 2))], [], elements)
    assert before_after(corner, "green_m2") == (0, 0) and corner["green_m2"]["high"] == 10


def test_where_bays_are_on_the_map_they_tell_what_a_wider_corner_costs(elements):
    beside = effects([add("curb_extension", box(70, 0, 75, 2))], [BAY_1], elements)
    assert before_after(beside, "parking_places") == (1, 1)
    upon = effects([add("curb_extension", box(0, 0, 5, 2))], [BAY_1], elements)
    assert before_after(upon, "parking_places") == (1, 0)


def test_a_tree_in_a_new_bed_adds_no_second_ground(elements):
    figures = effects([add("planting_bed", box(0, 0, 6, 2)), add("tree_small", Point(3, 1))], [], elements)
    assert before_after(figures, "green_m2") == (0, 12)
    assert before_after(figures, "trees") == (0, 1)


def test_new_bays_count_by_their_area_and_cost_green_only_where_there_is_green(elements):
    on_paving = effects(
        [add("parking_parallel", box(0, 10, 11.9, 12))], [LAWN], elements
    )  # 23.8 m2: two bays
    assert before_after(on_paving, "parking_places") == (0, 2)
    assert before_after(on_paving, "permeable_m2") == (100, 100)
    on_green = effects([add("parking_parallel", box(101, 1, 107, 3))], [LAWN], elements)
    assert before_after(on_green, "permeable_m2") == (100, 88)


def test_green_on_green_is_not_gained_twice(elements):
    half = box(105, 0, 115, 10)
    figures = effects([add("planting_bed", half)], [LAWN], elements)
    assert before_after(figures, "green_m2") == (100, 150)
    assert before_after(effects([add("tree_small", Point(105, 5))], [LAWN], elements), "green_m2") == (
        100,
        100,
    )


def test_a_facade_garden_counts_by_the_metre(elements):
    # 8 m at 10 / 40 / 80 per metre; 8 x 0.45 = 3.6 m2. Drawn as an area of 3.6 m2 it is the same 8 m.
    for geometry in (LineString([(0, 0), (8, 0)]), box(0, 0, 8, 0.45)):
        figures = effects([add("facade_garden", geometry)], [], elements)
        cost = figures["cost_eur"]
        assert (cost["low"], cost["after"], cost["high"]) == (80, 320, 640)
        assert before_after(figures, "green_m2") == (0, 3.6)
    narrow = effects([add("facade_garden", LineString([(0, 0), (8, 0)]), width_m=0.225)], [], elements)
    assert before_after(narrow, "green_m2") == (0, 1.8)


def test_moving_and_keeping_change_no_figures(elements):
    move = MetricChange("move", Point(30, 1), None, BENCH)
    keep = MetricChange("keep", TREE.geometry, None, TREE)
    figures = effects([move, keep], [TREE, BENCH], elements)
    assert before_after(figures, "seats") == (3, 3)
    assert before_after(figures, "trees") == (1, 1)
    assert (figures["added"]["after"], figures["removed"]["after"]) == (0, 0)
    assert figures["cost_eur"]["missing"] == [{"index": 0, "kind": "bench"}]


def test_a_thing_that_was_not_counted_counts_before_it_goes(elements):
    # Its middle lies just outside the area, so the query left it out: never end below zero.
    assert before_after(effects([remove(TREE)], [], elements), "trees") == (1, 0)


def test_the_green_that_goes_is_lost(elements):
    figures = effects([remove(LAWN)], [LAWN], elements)
    assert before_after(figures, "green_m2") == (100, 0)
    assert before_after(figures, "permeable_m2") == (100, 0)


def test_every_kind_can_be_valued_in_every_way_it_can_be_drawn(elements):
    shapes = {"point": Point(0, 0), "line": LineString([(0, 0), (12, 0)]), "area": box(0, 0, 12, 2)}
    for kind in elements.kinds.values():
        for geometry in kind.geometry:
            figures = effects([add(kind.id, shapes[geometry])], [ROW, LAWN], elements)
            cost = figures["cost_eur"]
            assert 0 <= cost["low"] <= cost["after"] <= cost["high"], kind.id
            json.dumps(figures, allow_nan=False)


def test_every_caveat_has_a_sentence(elements):
    assert set(CAVEATS) <= set(effect_words.CAVEATS)
