"""Parking (M12): capacity as a number always, occupancy only where somebody counted. Worked out by hand."""

from __future__ import annotations

import pytest
from shapely import Point, box

from tests.factories.figures import add, figures, pair, remove, replace, scene, thing

ROW = thing(1, "parking", box(0, 0, 60, 2))  # 120 m2: ten places of 12 m2
BAY = thing(2, "parking", box(70, 0, 76, 2))
AREA = box(0, -10, 100, 10)


def count(number, geometry, parked, **more):
    return thing(number, "parking_count", geometry, parked=parked, **more)


def test_how_many_places_and_from_which_surfaces():
    told = figures(scene([ROW, BAY]))["parking_places"]
    assert pair(told) == (11, 11)
    now = next(step for step in told["how"] if step["step"] == "now")
    assert (now["value"], now["objects"]) == (11, [1, 2])
    assert {step["what"] for step in told["how"] if step["step"] == "assumption"} == {
        "one_bay_up_to_m2",
        "bay_tolerance",
    }


def test_two_beds_on_one_bay_take_it_once():
    # Each covers a quarter of the bay; together they cover half, which is a whole place to the nearest.
    told = figures(scene([BAY]), add("planting_bed", box(70, 0, 71.5, 2)), add("wadi", box(73, 0, 74.5, 2)))
    assert pair(told["parking_places"]) == (1, 0)
    step = next(step for step in told["parking_places"]["how"] if step["step"] == "covered")
    assert step["changes"] == [0, 1] and step["objects"] == [2]


def test_six_bicycle_stands_take_a_bay_and_two_do_not():
    stands = [add("bike_stand", Point(70.5 + i, 1)) for i in range(6)]  # 1 x 2 m each: the whole bay
    assert pair(figures(scene([BAY]), *stands)["parking_places"]) == (1, 0)
    assert pair(figures(scene([BAY]), *stands[:2])["parking_places"]) == (1, 1)


def test_a_narrowing_takes_the_bays_below_it():
    told = figures(scene([ROW]), add("road_narrowing", box(0, 0, 12, 2)))
    assert pair(told["parking_places"]) == (10, 8)


def test_a_bay_drawn_over_a_bay_is_that_bay_anew():
    # On the whole of it, on half of it (3 of 6 m), and on a place of a row: never one more than before.
    assert pair(figures(scene([BAY]), add("parking_parallel", box(70, 0, 76, 2)))["parking_places"]) == (1, 1)
    assert pair(figures(scene([BAY]), add("parking_parallel", box(73, 0, 79, 2)))["parking_places"]) == (1, 1)
    told = figures(scene([ROW]), add("parking_parallel", box(6, 0, 12, 2)))["parking_places"]
    assert pair(told) == (10, 10)
    # Beside it there is one more.
    assert pair(figures(scene([BAY]), add("parking_parallel", box(76, 0, 82, 2)))["parking_places"]) == (1, 2)


def test_a_parklet_costs_the_bays_that_it_stands_on():
    two = [BAY, thing(3, "parking", box(76, 0, 82, 2))]
    for shape, left in (
        (box(70, 0, 76, 2), 1),
        (box(70, 0, 82, 2), 0),  # 12 m long: both
        (box(20, 5, 26, 7.4), 2),  # on the pavement
    ):
        assert pair(figures(scene(two), add("parklet", shape))["parking_places"]) == (2, left)
    # Where no bay is on the map, what the catalogue says is all that is known.
    told = figures(scene([ROW]), remove(ROW), add("parklet", box(0, 9, 6, 11)))["parking_places"]
    assert pair(told) == (10, 0)


def test_a_bay_of_another_kind_counts_what_it_lies_on():
    for kind in ("parking_disabled", "green_parking_bay"):
        for shape, after in (
            (box(70, 0, 76, 2), 1),  # on the bay
            (box(70, 0, 76, 3.5), 1),  # and on some ground beside it
            (box(20, 5, 26, 7), 2),  # on the pavement: one more
        ):
            assert pair(figures(scene([BAY]), add(kind, shape))["parking_places"]) == (1, after), kind
        # In the place of a bay that goes it is that bay, as one change and as two.
        assert pair(figures(scene([BAY, ROW]), replace(BAY, kind))["parking_places"]) == (11, 11)
        drawn = [remove(BAY), add(kind, BAY.geometry)]
        assert pair(figures(scene([BAY, ROW]), *drawn)["parking_places"]) == (11, 11)
    # 3.5 m wide over two bays of 2.5 m square to the street: 1.75 m, or 70 %, of each.
    square = [thing(3, "parking", box(0, 0, 2.5, 5)), thing(4, "parking", box(2.5, 0, 5, 5))]
    wide = add("parking_disabled", box(0.75, 0, 4.25, 5))
    assert pair(figures(scene(square), wide)["parking_places"]) == (2, 1)


def test_a_bay_goes_once_however_often_that_is_drawn():
    """Taken away, pointed out as going, and with a garden on it: one place and one price, 1,500 euros."""
    removal, garden = add("parking_removal", BAY.geometry), add("rain_garden", BAY.geometry)
    for drawn in ([removal], [remove(BAY)], [removal, remove(BAY)], [replace(BAY, "parking_removal")]):
        told = figures(scene([BAY, ROW]), *drawn)
        assert pair(told["parking_places"]) == (11, 10)
        assert told["cost_eur"]["after"] == 1500
        assert told["removed"]["after"] == 1
        assert pair(told["upkeep_eur_year"]) == (0, 0)  # it stays paved
    for drawn in ([removal, garden], [remove(BAY), garden], [garden]):
        assert pair(figures(scene([BAY, ROW]), *drawn)["parking_places"]) == (11, 10)


def test_a_count_with_its_date_tells_how_full_it_gets():
    # 9 cars on 10 places: 90 %; one place less, 9 of 9 is 100 %.
    counted = count(9, box(0, 0, 60, 2), 9, capacity=10, counted_on="2026-03-14")
    world = scene([ROW, counted], area=AREA)
    told = figures(world, add("parking_removal", box(0, 0, 6, 2)))["parking_occupancy"]
    assert pair(told) == (90, 100) and told["counted_on"] == "2026-03-14"
    assert "cars_stay" in told["caveat"].split() and "S59" in told["source"]
    parked = next(step for step in told["how"] if step["step"] == "parked")
    assert (parked["value"], parked["note"], parked["objects"]) == (9, "2026-03-14", [9])
    more = figures(world, add("parking_parallel", box(80, 0, 86, 2)))["parking_occupancy"]
    assert pair(more) == (90, 82)  # 9 of 11


def test_a_count_without_capacity_uses_the_bays_in_it_and_one_without_date_says_so():
    told = figures(scene([ROW, BAY, count(9, box(-1, -1, 61, 3), 5)], area=AREA))["parking_occupancy"]
    assert pair(told) == (50, 50) and told["counted_on"] is None
    assert "count_undated" in told["caveat"].split()


@pytest.mark.parametrize("parked", [True, -1, "veel", float("nan"), None])
def test_a_count_that_cannot_be_is_not_believed(parked):
    told = figures(scene([ROW, count(9, box(0, 0, 60, 2), parked)], area=AREA))["parking_occupancy"]
    assert pair(told) == (None, None) and told["caveat"] == "no_parking_count"


def test_without_a_count_only_the_number_of_places_is_told():
    told = figures(scene([ROW]), remove(ROW))
    assert pair(told["parking_occupancy"]) == (None, None)
    assert pair(told["parking_places"]) == (10, 0)


def test_when_all_places_go_there_is_no_share_to_tell():
    told = figures(scene([BAY, count(9, box(69, -1, 77, 3), 1)], area=AREA), remove(BAY))
    assert pair(told["parking_occupancy"]) == (None, None)
    assert "no_places_left" in told["parking_occupancy"]["caveat"]


def test_free_places_around_at_100_200_and_300_metres():
    here = count(9, box(0, 0, 60, 2), 10, capacity=10)
    at_150 = count(10, box(0, 160, 10, 170), 2, capacity=6)
    at_290 = count(11, box(0, 300, 10, 310), 0, capacity=3)
    world = scene([ROW, here], area=AREA, counts=(at_150, at_290))
    told = figures(world, add("parking_parallel", box(80, 0, 86, 2)))["parking_occupancy"]
    assert told["free"] == {"100": 1, "200": 5, "300": 8}


def test_a_car_share_place_replaces_nothing_and_a_removed_bay_costs_once():
    told = figures(scene([BAY]), replace(BAY, "car_share_bay"))["parking_places"]
    assert pair(told) == (1, 1) and "reserved_bays" in told["caveat"]
