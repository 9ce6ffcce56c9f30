"""What differs between two designs: examples worked out by hand, and properties that hold for any two."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.designs.compare import ComparedChange, Difference, Move, Size, Standing, differences

FAMILIES = {"tree_small": "green", "tree_large": "green", "planter": "green", "bench": "social"}


def thing(key: str, geometry: BaseGeometry, kind: str = "bench", **more: Any) -> ComparedChange:
    """Something new."""
    return ComparedChange(key, "add", geometry, kind, FAMILIES.get(kind, "other"), **more)


def about(key: str, action: str, number: int, geometry: BaseGeometry, **more: Any) -> ComparedChange:
    """A change to street object `number`."""
    return ComparedChange(key, action, geometry, object_id=number, object_kind="parking", **more)


def pairs(found: list[Difference]) -> set[tuple[str | None, str | None]]:
    """The keys that were put together."""
    return {(one.a and one.a.key, one.b and one.b.key) for one in found}


def only(found: list[Difference]) -> Difference:
    """The one difference."""
    assert len(found) == 1, found
    return found[0]


# --- by hand ---


@pytest.mark.parametrize(
    ("east", "north", "metres", "direction"),
    [
        (0, 2, 2.0, "n"),
        (3, 0, 3.0, "e"),
        (0, -0.1, 0.1, "s"),
        (-1, 0, 1.0, "w"),
        (3, 4, 5.0, "ne"),  # 36.9 degrees from north: past 22.5, short of 67.5
        (1, -1, 1.41, "se"),
        (-2, -1, 2.24, "sw"),  # 243.4 degrees: short of 247.5
        (-1, 3, 3.16, "n"),  # 341.6 degrees: past 337.5
        (-1, 2, 2.24, "nw"),  # 333.4 degrees
    ],
)
def test_a_bench_that_stands_elsewhere_was_moved(
    east: float, north: float, metres: float, direction: str
) -> None:
    found = only(differences([thing("a", Point(10, 20))], [thing("b", Point(10 + east, 20 + north))]))
    assert found.standing is Standing.DIFFERENT
    assert found.move == Move(metres, direction)
    assert found.turn_deg is None
    assert not found.sizes
    assert not found.other_kind


def test_less_than_a_centimetre_is_the_same_place() -> None:
    found = only(differences([thing("a", Point(0, 0))], [thing("b", Point(0.006, 0.006))]))
    assert found.standing is Standing.SAME
    assert found.move is None


@pytest.mark.parametrize(("apart", "one_thing"), [(4.99, True), (5.0, True), (5.01, False)])
def test_beyond_five_metres_it_is_another_bench(apart: float, one_thing: bool) -> None:
    found = differences([thing("a", Point(0, 0))], [thing("b", Point(0, apart))])
    assert pairs(found) == ({("a", "b")} if one_thing else {("a", None), (None, "b")})


def test_one_bench_of_two_was_taken_away() -> None:
    a = [thing("left", Point(0, 0)), thing("right", Point(3, 0))]
    found = differences(a, [thing("b", Point(3.2, 0))])
    assert pairs(found) == {("right", "b"), ("left", None)}


def test_the_fewest_metres_in_all_not_the_nearest_first() -> None:
    # Nearest first would pair 2 with 1.1 and leave both others alone; this way all four have a partner,
    # for 1.1 + 3.5 metres.
    a = [thing("0", Point(0, 0)), thing("2", Point(2, 0))]
    b = [thing("1.1", Point(1.1, 0)), thing("5.5", Point(5.5, 0))]
    assert pairs(differences(a, b)) == {("0", "1.1"), ("2", "5.5")}
    # Two pairs for 3 + 4 metres are dearer than one for 1 and two left alone, which counts as 5.
    b = [thing("3", Point(3, 0)), thing("6", Point(6, 0))]
    assert pairs(differences(a, b)) == {("2", "3"), ("0", None), (None, "6")}


def test_trees_keep_their_own_kind_as_partner() -> None:
    a = [thing("small", Point(0, 0), "tree_small"), thing("large", Point(1, 0), "tree_large")]
    b = [thing("LARGE", Point(0, 0), "tree_large"), thing("SMALL", Point(1, 0), "tree_small")]
    # One metre each, against twice two and a half for staying put and changing kind.
    assert pairs(differences(a, b)) == {("small", "SMALL"), ("large", "LARGE")}


def test_another_tree_on_the_same_spot_is_another_kind_and_a_bench_is_another_thing() -> None:
    a = [thing("a", Point(0, 0), "tree_small")]
    found = only(differences(a, [thing("b", Point(0, 0), "tree_large")]))
    assert (found.standing, found.other_kind, found.move) == (Standing.DIFFERENT, True, None)
    assert pairs(differences(a, [thing("b", Point(0, 0), "bench")])) == {("a", None), (None, "b")}
    # Another kind counts as 2.5 m, so 2.6 m further it is too far.
    assert pairs(differences(a, [thing("b", Point(2.6, 0), "tree_large")])) == {("a", None), (None, "b")}


def test_the_same_street_object_comes_first_wherever_it_goes() -> None:
    a = [about("a", "move", 7, Point(0, 0)), about("near", "move", 8, Point(0, 1))]
    b = [about("b", "move", 7, Point(0, 40))]
    found = differences(a, b)
    assert pairs(found) == {("a", "b"), ("near", None)}
    assert next(one for one in found if one.b).move == Move(40.0, "n")


@pytest.mark.parametrize("other", ["move", "replace", "keep"])
def test_another_act_on_the_same_bay(other: str) -> None:
    bay = box(0, 0, 6, 2)
    a = about("a", "remove", 7, bay)
    found = only(differences([a], [about("b", other, 7, translate(bay, 1), kind="planter")]))
    assert (found.standing, found.other_action, found.move) == (Standing.DIFFERENT, True, None)


def test_both_take_the_same_bay_away_whatever_shape_it_had_then() -> None:
    found = only(
        differences([about("a", "remove", 7, box(0, 0, 6, 2))], [about("b", "remove", 7, box(0, 0, 5, 2))])
    )
    assert found.standing is Standing.SAME


def test_two_bays_away_are_two_bays_however_near() -> None:
    a, b = about("a", "remove", 7, box(0, 0, 6, 2)), about("b", "remove", 8, box(6, 0, 12, 2))
    assert pairs(differences([a], [b])) == {("a", None), (None, "b")}


def test_a_bay_becomes_something_else_in_each() -> None:
    bay = box(0, 0, 6, 2)
    a, b = about("a", "replace", 7, bay, kind="planter"), about("b", "replace", 7, bay, kind="bike_rack")
    found = only(differences([a], [b]))
    assert (found.standing, found.other_kind, found.other_action) == (Standing.DIFFERENT, True, False)


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (0, 90, 90),
        (350, 10, 20),
        (10, 350, -20),
        (None, 45, 45),
        (0, 180, 180),
        (0, -180, 180),
        (0, 360, None),
    ],
)
def test_a_turned_bench(before: float | None, after: float, turn: float | None) -> None:
    a, b = thing("a", Point(0, 0), rotation_deg=before), thing("b", Point(0, 0), rotation_deg=after)
    found = only(differences([a], [b]))
    assert found.turn_deg == turn
    assert found.standing is (Standing.SAME if turn is None else Standing.DIFFERENT)


def test_a_longer_hedge_is_another_size_and_was_not_moved() -> None:
    a = thing("a", LineString([(0, 0), (10, 0)]), "hedge", width_m=0.5)
    b = thing("b", LineString([(0, 0), (16, 0)]), "hedge", width_m=0.8)
    found = only(differences([a], [b]))
    assert (found.move, found.other_shape) == (None, True)
    assert set(found.sizes) == {Size("length", 10.0, 16.0), Size("width", 0.5, 0.8)}


def test_a_hedge_drawn_from_the_other_end_is_the_same() -> None:
    line = [(0, 0), (10, 0), (12, 3)]
    a, b = thing("a", LineString(line), "hedge"), thing("b", LineString(line[::-1]), "hedge")
    assert only(differences([a], [b])).standing is Standing.SAME


def test_a_bed_pushed_two_metres_north_is_moved_though_it_shares_no_ground() -> None:
    bed = box(0, 0, 4, 1.5)
    found = only(differences([thing("a", bed, "planter")], [thing("b", translate(bed, 0, 2), "planter")]))
    assert (found.move, found.other_shape, found.sizes) == (Move(2.0, "n"), False, ())


def test_a_larger_bed_on_the_same_ground() -> None:
    # 4 x 2 lies within 8 x 3: 8 of 24 m² in common is a third.
    found = only(
        differences([thing("a", box(0, 0, 4, 2), "planter")], [thing("b", box(0, 0, 8, 3), "planter")])
    )
    assert (found.other_shape, found.sizes) == (True, (Size("area", 8.0, 24.0),))


def test_a_bed_that_shares_a_corner_is_another_bed() -> None:
    # 1 m² of 36 + 36 - 1 in common; the outlines are more than five metres apart.
    a, b = thing("a", box(0, 0, 6, 6), "planter"), thing("b", box(5, 5, 11, 11), "planter")
    assert pairs(differences([a], [b])) == {("a", None), (None, "b")}


def test_against_the_street_as_it_is_everything_is_new() -> None:
    changes = [thing("a", Point(0, 0)), about("b", "remove", 7, box(0, 0, 6, 2))]
    assert {one.standing for one in differences([], changes)} == {Standing.ONLY_B}
    assert {one.standing for one in differences(changes, [])} == {Standing.ONLY_A}
    assert differences([], []) == []


def test_two_hundred_of_one_family_within_reach_are_paired_soon() -> None:
    def row(shift: float, wiggle: float) -> list[ComparedChange]:
        ring = [(i % 2 * wiggle + i * 0.2, 2.0) for i in range(20)]
        shape = Polygon([(0, 0), *ring, (4, 0)])
        return [
            thing(f"{shift}-{i}", translate(shape, i / 50 + shift, i / 70), "planter") for i in range(200)
        ]

    started = time.perf_counter()
    assert len(differences(row(0, 0.03), row(0.4, 0.05))) >= 200
    assert time.perf_counter() - started < 5  # 0.9 s on the two cores it was written on


# --- for any two designs ---

spot = st.integers(0, 40).map(lambda n: n / 4)
position = st.tuples(spot, spot)
turns = st.sampled_from([None, 0.0, 90.0, 180.0, 270.0])


@st.composite
def shapes(draw: st.DrawFn) -> BaseGeometry:
    x, y = draw(position)
    size = draw(st.sampled_from([1.0, 2.0, 3.5]))
    match draw(st.sampled_from(["point", "line", "area"])):
        case "point":
            return Point(x, y)
        case "line":
            return LineString([(x, y), (x + size, y + draw(st.sampled_from([0.0, 1.0])))])
    return box(x, y, x + size, y + draw(st.sampled_from([1.0, 2.0])))


@st.composite
def changes(draw: st.DrawFn) -> ComparedChange:
    geometry = draw(shapes())
    action = draw(st.sampled_from(["add", "add", "add", "remove", "move", "replace", "keep"]))
    kind = draw(st.sampled_from(sorted(FAMILIES))) if action in ("add", "replace") else None
    number = None if action == "add" else draw(st.one_of(st.none(), st.integers(1, 4)))
    return ComparedChange(
        "",
        action,
        geometry,
        kind,
        FAMILIES.get(kind or "", ""),
        number,
        None if action == "add" else "parking",
        draw(turns),
        draw(st.sampled_from([None, 0.5, 1.5])),
    )


def keyed(prefix: str, found: list[ComparedChange]) -> list[ComparedChange]:
    return [replace(change, key=f"{prefix}{index}") for index, change in enumerate(found)]


designs = st.lists(changes(), max_size=9)


@given(designs)
def test_a_design_is_the_same_as_itself(one: list[ComparedChange]) -> None:
    found = differences(keyed("a", one), keyed("b", one))
    assert [difference.standing for difference in found] == [Standing.SAME] * len(one)


@given(designs, designs)
def test_every_change_occurs_exactly_once(one: list[ComparedChange], other: list[ComparedChange]) -> None:
    a, b = keyed("a", one), keyed("b", other)
    found = differences(a, b)
    assert Counter(d.a.key for d in found if d.a) == Counter(change.key for change in a)
    assert Counter(d.b.key for d in found if d.b) == Counter(change.key for change in b)
    for difference in found:
        assert (difference.standing is Standing.ONLY_A) == (difference.b is None)
        assert (difference.standing is Standing.ONLY_B) == (difference.a is None)


@given(designs, designs)
def test_from_the_other_side_it_is_the_mirror_image(
    one: list[ComparedChange], other: list[ComparedChange]
) -> None:
    a, b = keyed("a", one), keyed("b", other)
    assert Counter(d.mirrored() for d in differences(a, b)) == Counter(differences(b, a))


@given(designs, designs, st.randoms())
def test_the_order_of_drawing_does_not_matter(
    one: list[ComparedChange], other: list[ComparedChange], chance: Any
) -> None:
    a, b = keyed("a", one), keyed("b", other)
    shuffled_a, shuffled_b = a[:], b[:]
    chance.shuffle(shuffled_a)
    chance.shuffle(shuffled_b)
    assert differences(a, b) == differences(shuffled_a, shuffled_b)


@given(designs, designs, st.integers(-500, 500), st.integers(-500, 500))
def test_moving_both_designs_together_changes_nothing(
    one: list[ComparedChange], other: list[ComparedChange], east: int, north: int
) -> None:
    def said(a: list[ComparedChange], b: list[ComparedChange]) -> list[Any]:
        found = differences(a, b)
        return [(d.standing, d.a and d.a.key, d.b and d.b.key, d.move, d.turn_deg, d.sizes) for d in found]

    def moved(found: list[ComparedChange]) -> list[ComparedChange]:
        return [replace(change, geometry=translate(change.geometry, east, north)) for change in found]

    a, b = keyed("a", one), keyed("b", other)
    assert said(a, b) == said(moved(a), moved(b))
