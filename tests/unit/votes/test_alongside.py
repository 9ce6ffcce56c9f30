"""Which addresses a rule asks, read off by hand in the invented Krijtstraat."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, affinity, box

from app.votes.consent.alongside import Door, Neighbours, neighbours, side_of
from app.votes.consent.domain import HAARLEM, NIJMEGEN, Rule, Side
from geodata import example_street as krijt

LINE = LineString([(-100, krijt.AXIS_Y), (krijt.LENGTH_M, krijt.AXIS_Y)])
DOORS = [
    Door(index, number, "Krijtstraat", number, door) for index, (number, door) in enumerate(krijt.addresses())
]


def bay(number: int) -> object:
    start = krijt.BAY_STARTS[number - 1]
    return box(start, krijt.BAYS[0], start + krijt.BAY_LENGTH_M, krijt.BAYS[1])


def told(found: Neighbours) -> dict[str, list[str]]:
    return {side.value: found.of(side) for side in Side}


def test_the_third_bay_lies_before_numbers_5_and_7() -> None:
    """Bay 3 is from 26 to 32; 5 reaches from 20 to 30, 7 from 30 to 40. Looking south, east is left."""
    found = neighbours(LINE, DOORS, bay(3), HAARLEM)  # type: ignore[arg-type]
    assert told(found) == {
        "front": ["5", "7"],
        "left": ["9", "11", "13", "15", "17"],
        "right": ["3", "1"],
        # From 29: 6 at 25, 8 at 35, 4 at 15, 10 at 45, 2 at 5, then beyond the park 12 at 79 and on.
        "opposite": ["6", "8", "4", "10", "2", "12", "14", "16", "18"],
    }
    assert not found.both_sides


def test_next_door_of_the_third_bay() -> None:
    assert told(neighbours(LINE, DOORS, bay(3), NIJMEGEN)) == {  # type: ignore[arg-type]
        "front": ["5", "7"],
        "left": ["9"],
        "right": ["3"],
        "opposite": [],
    }


def test_a_house_number_is_asked_whole() -> None:
    """At 88: number 17 reaches from 80 to 90. To the left is 19, then the eight homes of number 21."""
    rule = Rule(2, 1, 0, front_all=True, yes_needed=0, objections_allowed=None)
    found = neighbours(LINE, DOORS, Point(88, 1), rule)
    assert found.of(Side.FRONT) == ["17"]
    assert found.of(Side.LEFT) == ["19", *(f"21{letter}" for letter in "ABCDEFGH")]
    assert found.of(Side.RIGHT) == ["15"]
    assert neighbours(LINE, DOORS, box(104, 1, 106, 2), rule).of(Side.FRONT) == [
        f"21{letter}" for letter in "ABCDEFGH"
    ]


def test_on_the_north_side_left_is_west() -> None:
    found = neighbours(LINE, DOORS, box(22, 10, 28, 12), Rule(1, 1, 3, True, 0, None))
    assert told(found) == {"front": ["6"], "left": ["4"], "right": ["8"], "opposite": ["5", "3", "7"]}


def test_before_the_park_there_is_nobody_in_front() -> None:
    """Doors 10 (at 45) and 12 (at 79) reach 10 m at most: to 55 and from 69. Left is west."""
    found = neighbours(LINE, DOORS, Point(62, 12), Rule(1, 1, 1, True, 0, None))
    assert told(found) == {"front": [], "left": ["10"], "right": ["12"], "opposite": ["13"]}


def test_in_the_middle_of_the_street_both_sides_are_beside_it() -> None:
    """A crossing at 45 over the carriageway: number 9 (40 to 50) and number 10 (40 to 55)."""
    found = neighbours(LINE, DOORS, LineString([(45, 4.4), (45, 9.4)]), Rule(1, 1, 9, True, 0, None))
    assert found.both_sides
    assert sorted(found.of(Side.FRONT)) == ["10", "9"]
    assert sorted(found.of(Side.LEFT)) == ["11", "8"]
    assert sorted(found.of(Side.RIGHT)) == ["12", "7"]
    assert found.of(Side.OPPOSITE) == []


def test_touching_a_neighbours_front_by_a_hand_is_not_before_it() -> None:
    rule = Rule(1, 1, 0, True, 0, None)
    assert neighbours(LINE, DOORS, box(21, 1, 30.4, 2), rule).of(Side.FRONT) == ["5"]
    assert neighbours(LINE, DOORS, box(21, 1, 30.6, 2), rule).of(Side.FRONT) == ["5", "7"]


def test_a_door_round_the_corner_is_of_another_street() -> None:
    corner = Door(99, "Zijstraat 1", "Zijstraat", "1", Point(31, -1))
    found = neighbours(LINE, [*DOORS, corner], bay(3), HAARLEM)  # type: ignore[arg-type]
    assert found.street == "Krijtstraat"
    assert "Zijstraat 1" not in [one.door.label for one in found.found]


def test_what_is_written_the_same_is_asked_once() -> None:
    """Three entrances of number 9, all known as "9": one address, with the front of all three."""
    more = [Door(200 + x, "9", "Krijtstraat", "9", Point(x, -1)) for x in (41, 49)]
    found = neighbours(LINE, [*DOORS, *more], box(26, 1, 32, 2), Rule(2, 1, 0, True, 0, None))
    assert found.of(Side.LEFT) == ["9", "11"]
    assert neighbours(LINE, [*DOORS, *more], Point(39, 1), HAARLEM).of(Side.FRONT) == ["9"]


def test_the_name_of_the_street_tells_which_doors_are_meant() -> None:
    side = [Door(300 + n, f"Pad {n}", "Pad", str(n), Point(26.0 + n, -2)) for n in range(9)]
    rule = Rule(1, 1, 0, True, 0, None)
    assert neighbours(LINE, [*DOORS, *side], Point(29, 1), rule, "Krijtstraat").of(Side.FRONT) == ["5"]
    assert neighbours(LINE, [*DOORS, *side], Point(29, 1), rule, "Pad").of(Side.FRONT) == ["Pad 3"]


def doors(places: dict[str, tuple[float, float]]) -> list[Door]:
    """Doors of one street by house number."""
    return [Door(n, number, "Hof", number, Point(at)) for n, (number, at) in enumerate(places.items())]


@pytest.mark.parametrize("place", [Point(25, 3), box(22, 2, 28, 4)])
@pytest.mark.parametrize("apart", [0.0, 0.3])
def test_homes_above_each_other_are_all_in_front(place: Point, apart: float) -> None:
    """One porch with numbers 14, 16 and 18, each a home; next to it 12 at 15 and 20 at 35."""
    flat = {str(14 + 2 * n): (25 + apart * (n - 1), 8.0) for n in range(3)}
    known = doors({"12": (15, 8), **flat, "20": (35, 8)})
    line = LineString([(0, 0), (50, 0)])
    for way in (line, line.reverse()):
        found = neighbours(way, known, place, Rule(1, 1, 0, True, 0, None))
        assert sorted(found.of(Side.FRONT)) == ["14", "16", "18"]
        # Facing north, west is left.
        assert (found.of(Side.LEFT), found.of(Side.RIGHT)) == (["12"], ["20"])


def test_at_the_end_of_a_street_the_nearest_house_is_in_front() -> None:
    """A street that ends at (40, 0): 1 and 2 beside it, 3 to 6 around its end from south to north."""
    around = {"3": (43.0, -8.0), "4": (48.0, -3.0), "5": (48.0, 3.0), "6": (43.0, 8.0)}
    known = doors({"1": (30, -8), **around, "2": (30, 8)})
    line = LineString([(0, 0), (40, 0)])
    rule = Rule(1, 1, 0, True, 0, None)
    for way in (line, line.reverse()):
        # South-east of the end. Facing south, east is left.
        for place, front, left, right in (
            (Point(42, -5), ["3"], ["4"], ["1"]),
            (Point(46, -3), ["4"], [], ["3"]),
            # North-east of it. Facing north, west is left.
            (Point(42, 5), ["6"], ["2"], ["5"]),
            (Point(46, 3), ["5"], ["6"], []),
        ):
            found = neighbours(way, known, place, rule)
            assert (found.of(Side.FRONT), found.of(Side.LEFT), found.of(Side.RIGHT)) == (front, left, right)


def test_around_the_outside_of_a_bend_the_nearest_house_is_in_front() -> None:
    """The street comes from the west and turns to the north at (40, 0). Around the corner lie 7, 9 and 11."""
    known = doors({"5": (30, -8), "7": (42, -9), "9": (47, -7), "11": (49, -2), "13": (48, 10)})
    line = LineString([(0, 0), (40, 0), (40, 40)])
    rule = Rule(1, 1, 0, True, 0, None)
    for way in (line, line.reverse()):
        # Facing out of the bend, to the south-east, north-east is left.
        for place, front, left, right in (
            (Point(41, -5), ["7"], ["9"], ["5"]),
            (Point(44, -4), ["9"], ["11"], ["7"]),
            (Point(45, -1), ["11"], ["13"], ["9"]),
        ):
            found = neighbours(way, known, place, rule)
            assert (found.of(Side.FRONT), found.of(Side.LEFT), found.of(Side.RIGHT)) == (front, left, right)


def test_without_addresses_nobody_is_found() -> None:
    assert neighbours(LINE, [], Point(5, 5), HAARLEM) == Neighbours("", ())


def test_sides_of_a_line() -> None:
    assert side_of(LINE, Point(5, 10)) == 1
    assert side_of(LINE, Point(5, 0)) == -1


@pytest.mark.parametrize("number", range(1, 12))
def test_nobody_is_asked_twice_and_ranks_count_on(number: int) -> None:
    found = neighbours(LINE, DOORS, bay(number), HAARLEM).found  # type: ignore[arg-type]
    assert len({one.door.id for one in found}) == len(found)
    for side in Side:
        ranks = [one.rank for one in found if one.side is side]
        assert ranks == list(range(1, len(ranks) + 1))


@settings(deadline=None)
@given(st.floats(0, 2 * math.pi), st.booleans(), st.integers(0, 10), st.permutations(DOORS))
def test_neither_how_the_street_lies_nor_which_way_its_line_runs_matters(
    angle: float, backward: bool, number: int, doors: list[Door]
) -> None:
    place = bay(number + 1)
    straight = told(neighbours(LINE, DOORS, place, HAARLEM))  # type: ignore[arg-type]

    def turned(shape: object) -> object:
        return affinity.rotate(shape, angle, origin=(0, 0), use_radians=True)

    line = LINE.reverse() if backward else LINE
    moved = [Door(d.id, d.label, d.street, d.number, turned(d.point)) for d in doors]  # type: ignore[arg-type]
    found = neighbours(turned(line), moved, turned(place), HAARLEM)  # type: ignore[arg-type]
    assert {side: sorted(names) for side, names in told(found).items()} == {
        side: sorted(names) for side, names in straight.items()
    }


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_who_asks_more_asks_the_same_and_more(left: int, right: int, opposite: int) -> None:
    fewer = neighbours(LINE, DOORS, bay(5), Rule(left, right, opposite, True, 0, None))  # type: ignore[arg-type]
    more = neighbours(LINE, DOORS, bay(5), Rule(left + 1, right + 1, opposite + 1, True, 0, None))  # type: ignore[arg-type]
    for side in Side:
        assert more.of(side)[: len(fewer.of(side))] == fewer.of(side)
