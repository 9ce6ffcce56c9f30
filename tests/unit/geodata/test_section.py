"""Cross-sections of streets made by hand: bands, what stands there, façades, and which way a street runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geodata.section import Band, Element, NoStreet, Section, Span, Thing, cut, span_at, walkways
from geodata.street_line import place_on, track

EAST = 0.0


def street(*more: Thing) -> list[Thing]:
    """Eastward, 100 m long; from north to south 2 m pavement, 2 m bays, 5 m carriageway, 3 m pavement."""
    return [
        Thing("building", box(0, 12, 100, 22), attributes={"height_m": 9.0}),
        Thing("pavement", box(0, 10, 100, 12)),
        Thing("parking", box(0, 8, 100, 10), "estimated"),
        Thing("carriageway", box(0, 3, 100, 8)),
        Thing("pavement", box(0, 0, 100, 3)),
        Thing("building", box(0, -10, 100, 0), attributes={"levels": 4}),
        *more,
    ]


def section_of(
    things: Sequence[Thing], at: tuple[float, float] = (50, 5), direction: float = EAST
) -> Section:
    return cut(things, span_at(things, at, direction))


def bands(section: Section) -> list[tuple[str, float]]:
    return [(band.kind, round(band.width_m, 3)) for band in section.bands]


def test_bands_lie_from_the_left_facade_to_the_right_one() -> None:
    section = section_of(street())
    assert bands(section) == [("pavement", 2), ("parking", 2), ("carriageway", 5), ("pavement", 3)]
    assert [band.certainty for band in section.bands] == ["measured", "estimated", "measured", "measured"]
    # Seen along the street to the east, left is north.
    assert section.span.left == pytest.approx((50, 12))
    assert section.span.right == pytest.approx((50, 0))
    assert (section.span.length_m, section.span.origin_m) == pytest.approx((12, 7))


def test_a_facade_has_its_height_as_told_or_three_metres_a_storey() -> None:
    left, right = section_of(street()).span.facades
    assert left is not None and (left.height_m, left.estimated) == (9.0, False)
    assert right is not None and (right.height_m, right.estimated) == (12.0, True)


def test_a_height_that_cannot_be_is_not_believed() -> None:
    things = [
        Thing("building", box(0, 1, 10, 2), attributes={"height_m": float("nan")}),
        Thing("building", box(0, -2, 10, -1), attributes={"height_m": "9"}),
    ]
    left, right = span_at(things, (5, 0), EAST).facades
    assert left is not None and right is not None
    assert (left.height_m, right.height_m) == (None, None)


def test_seen_the_other_way_the_same_street_is_mirrored() -> None:
    there, back = section_of(street()), section_of(street(), direction=math.pi)
    assert bands(back) == bands(there)[::-1]
    assert back.span.left == pytest.approx(there.span.right)


def test_ground_that_nobody_knows_is_named_and_keeps_its_width() -> None:
    things = [thing for thing in street() if thing.kind != "parking"]
    section = section_of(things)
    assert bands(section)[1] == ("unknown", 2)
    assert section.bands[1].certainty is None


def test_slivers_under_five_centimetres_become_part_of_the_wider_neighbour() -> None:
    things = [
        Thing("building", box(0, 10, 100, 20)),
        Thing("carriageway", box(0, 6.04, 100, 10)),
        # 4 cm of nothing, as between two maps; then 5 cm of barrier, which is no sliver.
        Thing("pavement", box(0, 2, 100, 6)),
        Thing("barrier", box(0, 1.95, 100, 2)),
        Thing("green", box(0, 0, 100, 1.95)),
        Thing("building", box(0, -10, 100, 0)),
    ]
    section = section_of(things)
    assert bands(section) == [("carriageway", 3.96), ("pavement", 4.04), ("barrier", 0.05), ("green", 1.95)]
    assert section.bands[1].merged_m == pytest.approx(0.04)
    assert sum(band.merged_m for band in section.bands) == pytest.approx(0.04)


def test_a_sliver_between_two_halves_of_one_pavement_joins_them() -> None:
    things = [Thing("pavement", box(0, 0, 9, 2)), Thing("pavement", box(0, 2.02, 9, 4))]
    section = cut(things, Span((5, 4), (5, 0), 2))
    assert bands(section) == [("pavement", 4)]
    assert section.bands[0].merged_m == pytest.approx(0.02)


def test_overlaps_go_by_the_drawing_order_and_a_bridge_lies_over_its_water() -> None:
    things = [
        Thing("water", box(0, 0, 20, 10)),
        Thing("structure", box(8, 0, 12, 10)),
        Thing("carriageway", box(9, 0, 11, 10), attributes={"level": 1}),
        # The carriageway is drawn over the pavement.
        Thing("pavement", box(18, 0, 24, 10)),
        Thing("carriageway", box(20, 0, 22, 10)),
    ]
    section = cut(things, Span((0, 5), (24, 5), 12))
    assert bands(section) == [
        *[("water", 8), ("structure", 1), ("carriageway", 2), ("structure", 1), ("water", 6)],
        *[("pavement", 2), ("carriageway", 2), ("pavement", 2)],
    ]


def test_what_a_design_draws_lies_on_top_and_the_later_on_the_earlier() -> None:
    design = [
        Thing("pavement", box(40, 8, 60, 10), "drawn", "curb_extension"),
        Thing("green", box(45, 8.5, 55, 9.5), "drawn", "planting_bed"),
    ]
    section = section_of(street(*design))
    assert [(band.kind, band.element, round(band.width_m, 3)) for band in section.bands] == [
        ("pavement", "", 2),
        ("pavement", "curb_extension", 0.5),
        ("green", "planting_bed", 1),
        ("pavement", "curb_extension", 0.5),
        ("carriageway", "", 5),
        ("pavement", "", 3),
    ]


def test_what_lies_on_the_ground_leaves_the_ground_what_it_is() -> None:
    hump = Thing("", box(48, 3, 52, 8), "drawn", "speed_hump")
    [band] = [band for band in section_of(street(hump)).bands if band.element]
    assert (band.kind, band.element, band.certainty, band.width_m) == (
        "carriageway",
        "speed_hump",
        "drawn",
        5,
    )


def test_a_surface_cut_twice_gives_two_bands_and_a_hole_is_no_surface() -> None:
    bend = Polygon([(0, 0), (10, 0), (10, 6), (0, 6)], [[(4, 2), (6, 2), (6, 4), (4, 4)]])
    section = cut([Thing("green", MultiPolygon([bend, box(0, 8, 10, 9)]))], Span((5, 10), (5, 0), 5))
    assert bands(section) == [
        *[("unknown", 1), ("green", 1), ("unknown", 2), ("green", 2), ("unknown", 2), ("green", 2)],
    ]


def test_a_cut_along_a_slant_is_as_much_longer() -> None:
    # 60 degrees off square doubles every width.
    section = section_of(street(), at=(50, 5), direction=math.radians(60))
    assert bands(section) == [("pavement", 4), ("parking", 4), ("carriageway", 10), ("pavement", 6)]


# --- Elements ----------------------------------------------------------------------------------------------


def test_what_stands_within_a_metre_and_a_half_comes_along() -> None:
    near = Thing("tree", Point(51.4, 11), attributes={"height_m": 8.0, "crown_m": 5.0})
    far = Thing("tree", Point(51.6, 11))
    [tree] = section_of(street(near, far)).elements
    assert (tree.kind, tree.height_m, tree.crown_m, tree.certainty) == ("tree", 8.0, 5.0, "measured")
    assert (tree.at_m, tree.off_m) == pytest.approx((1.0, 1.4))


def test_an_element_with_a_footprint_has_its_extent_along_the_line() -> None:
    bench = Thing("bench", box(49, 10.2, 51, 10.8), "drawn", "bench")
    [found] = section_of(street(bench)).elements
    assert (found.from_m, found.at_m, found.to_m, found.off_m) == pytest.approx((1.2, 1.5, 1.8, 0))


def test_of_something_long_only_the_part_beside_the_line_counts() -> None:
    # A slanting row of stands: 1 m across the street for every metre along it.
    row = Thing("bike_stand", LineString([(40, 0), (60, 20)]).buffer(0.001, cap_style="flat"))
    [found] = section_of(street(row), at=(48.5, 5)).elements
    # The line lies at x = 48.5; within 1.5 m of it the row is at y 7 to 10, which is 5 to 2 m from the left.
    assert (found.from_m, found.to_m) == pytest.approx((2, 5), abs=0.01)


def test_what_stands_behind_the_facade_is_not_in_the_street() -> None:
    assert section_of(street(Thing("tree", Point(50, 13)), Thing("tree", Point(50, -1)))).elements == ()


def test_hedges_rails_and_fences_count_where_the_line_crosses_them() -> None:
    rail = Thing("rail", LineString([(0, 4), (100, 4)]))
    beside = Thing("hedge", LineString([(51, 1), (60, 1)]))
    assert [(e.kind, e.at_m) for e in section_of(street(rail, beside)).elements] == [
        ("rail", pytest.approx(8))
    ]


def test_cables_count_where_the_line_crosses_them_with_their_sort() -> None:
    gas = Thing("cable", LineString([(0, 1), (100, 1)]), attributes={"type": "gas"})
    [found] = section_of(street(gas)).elements
    assert (found.kind, found.sort, found.at_m) == ("cable", "gas", pytest.approx(11))


# --- Where the line ends -----------------------------------------------------------------------------------


def test_without_a_facade_the_line_ends_a_little_past_the_street() -> None:
    things = [
        Thing("carriageway", box(0, 0, 50, 6)),
        Thing("pavement", box(0, 6, 50, 8)),
        Thing("green", box(0, 8, 50, 40)),
    ]
    section = section_of(things, at=(25, 3))
    # Two metres of the park; on the other side nothing is known, so it ends at the kerb.
    assert bands(section) == [("green", 2), ("pavement", 2), ("carriageway", 6)]
    assert section.span.facades == (None, None)


def test_a_verge_does_not_end_the_street_but_a_canal_does() -> None:
    verge = [
        Thing("carriageway", box(0, 0, 50, 6)),
        Thing("green", box(0, 6, 50, 11)),
        Thing("pavement", box(0, 11, 50, 13)),
    ]
    assert section_of(verge, at=(25, 3)).span.length_m == pytest.approx(13)
    canal = [
        Thing("carriageway", box(0, 0, 50, 6)),
        Thing("water", box(0, 6, 50, 16)),
        Thing("carriageway", box(0, 16, 50, 20)),
    ]
    assert bands(section_of(canal, at=(25, 3))) == [("water", 2), ("carriageway", 6)]


def test_inside_a_building_there_is_no_street() -> None:
    with pytest.raises(NoStreet):
        span_at(street(), (50, 15), EAST)


def test_where_nothing_is_known_the_line_still_has_a_length() -> None:
    section = section_of([], at=(0, 0))
    assert bands(section) == [("unknown", 2)]


# --- What always holds -------------------------------------------------------------------------------------

KINDS = st.sampled_from(["pavement", "carriageway", "green", "parking", "water", "yard", "structure"])


@st.composite
def surfaces(draw: st.DrawFn) -> list[Thing]:
    """Boxes in any place, overlapping or not, drawn or not."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        x, y = draw(st.integers(0, 300)) / 10, draw(st.integers(-150, 150)) / 10
        width, depth = draw(st.integers(1, 300)) / 10, draw(st.integers(1, 100)) / 10
        certainty = draw(st.sampled_from(["measured", "estimated", "drawn"]))
        found.append(Thing(draw(KINDS), box(x, y, x + width, y + depth), certainty))
    return found


@settings(deadline=None)
@given(surfaces(), st.floats(-math.pi, math.pi))
def test_bands_touch_and_add_up_to_the_line(things: list[Thing], direction: float) -> None:
    section = section_of(things, at=(15, 0), direction=direction)
    assert section.bands[0].from_m == 0
    assert section.bands[-1].to_m == pytest.approx(section.span.length_m)
    for one, other in zip(section.bands, section.bands[1:], strict=False):
        assert one.to_m == other.from_m
        assert (one.kind, one.certainty, one.element) != (other.kind, other.certainty, other.element)
    assert sum(band.width_m for band in section.bands) == pytest.approx(section.span.length_m)
    assert len(section.bands) == 1 or min(band.width_m for band in section.bands) >= 0.05


def moved(things: Sequence[Thing], angle: float, east: float, north: float) -> list[Thing]:
    cos, sin = math.cos(angle), math.sin(angle)

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [xy[:, 0] * cos - xy[:, 1] * sin + east, xy[:, 0] * sin + xy[:, 1] * cos + north]
        )

    return [
        Thing(t.kind, shapely.transform(t.geometry, move), t.certainty, t.element, t.attributes)
        for t in things
    ]


@settings(deadline=None)
@given(
    st.floats(-math.pi, math.pi),
    st.floats(-1e5, 1e5),
    st.floats(-1e5, 1e5),
    st.floats(5, 95),
    st.floats(-0.7, 0.7),
)
def test_moving_and_turning_the_whole_street_changes_nothing(
    angle: float, east: float, north: float, along: float, slant: float
) -> None:
    things = street(Thing("tree", Point(along, 11)), Thing("bench", box(along, 1, along + 0.6, 2)))
    before = section_of(things, at=(along, 5), direction=slant)
    cos, sin = math.cos(angle), math.sin(angle)
    at = (along * cos - 5 * sin + east, along * sin + 5 * cos + north)
    after = section_of(moved(things, angle, east, north), at=at, direction=slant + angle)
    assert bands(after) == bands(before)
    assert [(e.kind, round(e.at_m, 3)) for e in after.elements] == [
        (e.kind, round(e.at_m, 3)) for e in before.elements
    ]


@settings(deadline=None)
@given(surfaces(), st.floats(-math.pi, math.pi))
def test_the_same_street_cut_twice_is_the_same(things: list[Thing], direction: float) -> None:
    span = span_at(things, (15, 0), direction)
    assert cut(things, span) == cut(list(things), span)


# --- Which way a street runs -------------------------------------------------------------------------------


def degrees(direction: float) -> float:
    return math.degrees(direction) % 180


def test_the_axis_tells_the_direction_and_the_middle() -> None:
    axis = Thing("street_axis", LineString([(0, 5.5), (100, 5.5)]), attributes={"name": "Kade"})
    place = place_on(street(axis), (30, 1))
    assert place is not None and place.found_by == "axis"
    assert place.origin == pytest.approx((30, 5.5))
    assert degrees(place.direction) == pytest.approx(0)


def test_ways_of_one_name_are_one_line_to_slide_along_eastward() -> None:
    axes = [
        Thing("street_axis", LineString([(100, 0), (50, 0)]), attributes={"name": "Kade"}),
        Thing("street_axis", LineString([(50, 0), (0, 0)]), attributes={"name": "Kade"}),
        Thing("street_axis", LineString([(50, 0), (50, 80)]), attributes={"name": "Dwarsstraat"}),
    ]
    place = place_on(axes, (20, 3))
    assert place is not None
    line = track(axes, place)
    assert (line.coords[0], line.coords[-1]) == ((0, 0), (100, 0))
    short = track(axes, place, within=box(10, -10, 40, 10))
    assert short.length == pytest.approx(30)


@pytest.mark.parametrize("angle", [0, 17, 45, 80, 90, 133, 179])
def test_without_an_axis_the_shape_tells_the_direction(angle: float) -> None:
    turned = moved(street(), math.radians(angle), 84_000, 447_000)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # Somebody points at the pavement: 50 m along, 11 m across.
    place = place_on(turned, (50 * cos - 11 * sin + 84_000, 50 * sin + 11 * cos + 447_000))
    assert place is not None and place.found_by == "shape"
    assert abs((degrees(place.direction) - angle + 90) % 180 - 90) < 0.5
    # The middle of carriageway and bays (3 to 10 m) is at 6.5 m.
    x, y = place.origin[0] - 84_000, place.origin[1] - 447_000
    assert -x * sin + y * cos == pytest.approx(6.5, abs=0.1)


def test_on_a_bend_the_direction_is_that_of_the_bend() -> None:
    # A ring of carriageway between 47 and 53 m from its centre: at 30 degrees it runs at 120.
    ring = Point(0, 0).buffer(53, quad_segs=90).difference(Point(0, 0).buffer(47, quad_segs=90))
    for around in (0, 30, 75, 200):
        spot = (50 * math.cos(math.radians(around)), 50 * math.sin(math.radians(around)))
        place = place_on([Thing("carriageway", ring)], spot)
        assert place is not None
        assert abs((degrees(place.direction) - around - 90 + 90) % 180 - 90) < 1.5
        assert math.hypot(*place.origin) == pytest.approx(50, abs=0.2)


def test_the_line_to_slide_along_follows_a_bend_and_stops_where_the_road_does() -> None:
    quarter = (
        Point(0, 0).buffer(43, quad_segs=90).difference(Point(0, 0).buffer(37, quad_segs=90))
    ).intersection(box(0, 0, 50, 50))
    things = [Thing("carriageway", quarter)]
    place = place_on(things, (40 * math.cos(0.8), 40 * math.sin(0.8)))
    assert place is not None
    line = track(things, place)
    # A quarter of a circle of 40 m is 62.8 m; it is walked in steps of 3 m.
    assert 55 < line.length < 66
    assert all(abs(math.hypot(x, y) - 40) < 0.5 for x, y in line.coords)


def test_a_side_street_does_not_take_the_line_along() -> None:
    things = [
        Thing("carriageway", box(0, 0, 100, 6)),
        Thing("carriageway", box(45, 6, 55, 60)),
        Thing("building", box(0, 9, 42, 30)),
        Thing("building", box(58, 9, 100, 30)),
        Thing("building", box(0, -13, 100, -3)),
    ]
    place = place_on(things, (20, 3))
    assert place is not None
    line = track(things, place)
    assert line.length > 90
    assert all(abs(y - 3) < 0.6 for _, y in line.coords)


def test_far_from_any_street_there_is_no_place() -> None:
    assert place_on([], (0, 0)) is None
    assert place_on([Thing("carriageway", box(0, 0, 50, 6))], (20, 60)) is None
    assert place_on([Thing("green", box(0, 0, 50, 6))], (20, 3)) is None


def test_a_path_without_cars_is_a_street_too() -> None:
    place = place_on([Thing("pavement", box(0, 0, 80, 3))], (40, 1))
    assert place is not None
    assert place.origin == pytest.approx((40, 1.5), abs=0.05)


# Room to walk


def street_of(*widths: tuple[str, float], standing: Sequence[tuple[float, float]] = ()) -> Section:
    """Bands from left to right by kind and width, with benches from and to so many metres from the left."""
    bands, at = [], 0.0
    for kind, width in widths:
        bands.append(Band(kind, at, at + width, "measured"))
        at += width
    elements = [Element("bench", (a + b) / 2, a, b, 0.0, "drawn") for a, b in standing]
    return Section(Span((0, 0), (at, 0), at / 2), tuple(bands), tuple(elements))


def told(section: Section) -> list[tuple[int, int, float, float]]:
    found = walkways(section, ("pavement", "square"))
    return [(way.first, way.last, round(way.width_m, 6), round(way.free_m, 6)) for way in found]


def test_room_to_walk_is_what_lies_between_the_end_and_the_traffic_on_either_side() -> None:
    road = ("carriageway", 5.0)
    assert told(street_of(("pavement", 1.7), road, ("parking", 2.0), ("pavement", 1.95))) == [
        (0, 0, 1.7, 1.7),
        (3, 3, 1.95, 1.95),
    ]
    # What touches is one way: 1.0 of pavement and 1.2 of square. A garden before it is no part of it.
    assert told(street_of(("yard", 3.0), ("pavement", 1.0), ("square", 1.2), road)) == [(1, 2, 2.2, 2.2)]
    # Of two ways beside a tree pit the wider one; an island in the road is none, nor is a strip at the kerb.
    pit = street_of(("pavement", 1.5), ("green", 1.5), ("pavement", 0.5), road, ("pavement", 1.0), road)
    assert told(pit) == [(0, 0, 1.5, 1.5)]
    assert told(street_of(road, ("pavement", 0.3))) == []
    # A square from wall to wall.
    assert told(street_of(("square", 12.0))) == [(0, 0, 12.0, 12.0)]


def test_what_stands_there_takes_room_to_walk() -> None:
    road = ("carriageway", 5.0)
    # A pavement of 3 m: a bench from 1.0 to 1.6 leaves 1.0 and 1.4; one outside it takes nothing.
    assert told(street_of(("pavement", 3.0), road, standing=[(1.0, 1.6), (4.0, 4.6)])) == [(0, 0, 3.0, 1.4)]
    # Two that overlap, one of which sticks out: from 0.8 to 1.9; 0.8 and 1.1 are left.
    assert told(street_of(("pavement", 3.0), road, standing=[(0.8, 1.5), (1.2, 1.9)])) == [(0, 0, 3.0, 1.1)]
    # Of what the map knows as a point only the size is not known.
    assert told(street_of(("pavement", 3.0), road, standing=[(1.0, 1.0)])) == [(0, 0, 3.0, 3.0)]
