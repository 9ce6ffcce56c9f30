"""Sitting, cycling, playing and slow cars (M13, M14, M16, M17). Worked out by hand."""

from __future__ import annotations

from shapely import LineString, Point, box

from app.designs.effects.along import largest_gap, reached
from tests.factories.figures import add, figures, home, move, pair, remove, scene, thing

AXIS = thing(1, "street_axis", LineString([(0, 0), (200, 0)]))
ROAD = thing(2, "carriageway", box(0, -3, 200, 3), layer="wegdeel")
HUMP = thing(3, "carriageway", box(50, -3, 54, 3), layer="wegdeel", plus_function="verkeersdrempel")


def bench(number, x):
    return thing(number, "bench", Point(x, 4))


def test_bicycle_places_per_home():
    stand = thing(4, "bike_stand", Point(0, 0), capacity=6)
    world = scene([stand], homes=(home(0, 0, 4),))
    told = figures(world, add("bike_stand", Point(5, 0)), add("bike_stand", Point(6, 0)))
    assert pair(told["bike_places"]) == (6, 10)
    assert pair(told["bike_places_per_dwelling"]) == (1.5, 2.5)
    assert pair(figures(world, remove(stand))["bike_places"]) == (6, 0)
    assert pair(figures(scene([stand]))["bike_places_per_dwelling"]) == (None, None)


def test_the_longest_walk_between_two_seats():
    # Benches at 10, 60 and 190 m along the street: 130 m; one more at 100 m leaves 90 m.
    world = scene([AXIS, bench(5, 10), bench(6, 60), bench(7, 190)])
    told = figures(world, add("bench", Point(100, 4)))["seat_gap_m"]
    assert pair(told) == (130, 90)
    moved = figures(world, move(world.street.present[2], Point(120, 4)))["seat_gap_m"]
    assert pair(moved) == (130, 110)  # at 10, 120 and 190
    gone = figures(world, remove(world.street.present[1]), remove(world.street.present[2]))["seat_gap_m"]
    assert pair(gone) == (130, None) and "fewer_than_two" in gone["caveat"].split()


def test_seats_are_not_measured_where_no_bench_or_no_street_is_known():
    no_bench = figures(scene([AXIS], known=("street_axis",)))["seat_gap_m"]
    assert pair(no_bench) == (None, None) and "no_bench_on_map" in no_bench["caveat"]
    square = figures(scene([bench(5, 1), bench(6, 9)], area=box(0, 0, 10, 10)))["seat_gap_m"]
    assert pair(square) == (None, None) and "no_route" in square["caveat"]


def test_a_long_area_without_axis_is_walked_through_its_middle():
    world = scene([bench(5, 10), bench(6, 60)], area=box(0, -10, 200, 10))
    assert figures(world)["seat_gap_m"]["before"] == 50


def test_humps_and_how_much_of_the_street_they_reach():
    # The hump lies from 50 to 54 m: it reaches from 0 to 104 of 200 m. One at 150-154 adds 104 to 200 m.
    world = scene([AXIS, ROAD, HUMP])
    assert figures(world)["calming_share"]["before"] == 52
    more = figures(world, add("speed_hump", box(150, -3, 154, 3)))
    assert pair(more["calming_share"]) == (52, 100)
    assert pair(more["calming_gap_m"]) == (None, 96)  # from 54 to 150 m
    assert pair(figures(world, add("planter", Point(150, 0)))["calming_share"]) == (52, 52)


def test_where_the_map_has_no_humps_nothing_is_said_of_them():
    told = figures(scene([AXIS], known=("street_axis",)), add("speed_hump", box(150, -3, 154, 3)))
    assert (
        pair(told["calming_share"]) == (None, None) and "no_humps_on_map" in told["calming_share"]["caveat"]
    )


def test_modal_filters_are_told_as_a_change():
    told = figures(scene([ROAD]), add("modal_filter", LineString([(20, -3), (20, 3)])))["modal_filters"]
    assert (told["before"], told["after"], told["measure"]) == (0, 1, "change")
    assert figures(scene([ROAD]))["modal_filters"]["after"] == 0


def test_gaps_and_reach_along_lines():
    line = LineString([(0, 0), (100, 0)])
    assert largest_gap([[(0, 10), (5, 30), (50, 60)]]) == 20
    assert largest_gap([[(0, 10)], [(1, 2), (8, 9)]]) == 6
    assert largest_gap([[(0, 10)], []]) is None
    assert reached([line], [[(20, 30)]], 10) == 30
    assert reached([line], [[(0, 0), (15, 15)]], 10) == 25
    assert reached([line], [[]], 10) == 0


def test_play_space_as_drawn_or_with_room_to_fall():
    swing = thing(8, "play", Point(0, 0))  # 5 x 5 m with the free space
    field = thing(9, "play", box(20, 0, 40, 10))  # 200 m2
    world = scene([swing, field], area_m2=10_000.0, play_m2=225.0)
    told = figures(world, add("play_area", box(50, 0, 60, 10)))
    assert pair(told["play_m2"]) == (225, 325)
    assert pair(told["play_share"]) == (2.25, 3.25)
    assert pair(figures(world, remove(swing))["play_m2"]) == (225, 200)
    twice = figures(world, add("play_area", box(50, 0, 60, 10)), add("play_area", box(55, 0, 65, 10)))
    assert pair(twice["play_m2"]) == (225, 375)  # 150 m2 on 200 drawn
    home_zone = figures(world, add("home_zone", box(0, 0, 10, 10)))["play_m2"]
    assert pair(home_zone) == (225, 225) and "home_zone_informal" in home_zone["caveat"].split()


def test_who_has_a_play_place_near():
    # Houses 90 m and 390 m (two homes) from the new play place.
    world = scene([], homes=(home(110, 0), home(410, 0, 2)))
    told = figures(world, add("play_area", box(10, 0, 20, 6)))
    assert pair(told["play_near_young_share"]) == (0, 33)
    assert pair(told["play_near_older_share"]) == (0, 100)
    swing = thing(8, "play", Point(100, 0))
    gone = figures(scene([swing], homes=(home(110, 0),)), remove(swing))["play_near_young_share"]
    assert pair(gone) == (100, 0)


def test_play_is_not_known_where_the_map_has_none():
    told = figures(scene([], known=("green",), homes=(home(0, 0),), area_m2=10_000.0))
    for name in ("play_share", "play_near_young_share", "play_near_older_share"):
        assert pair(told[name]) == (None, None) and "no_play_on_map" in told[name]["caveat"], name
