"""The clear width: on shapes worked out by hand, by properties, and against two slow and plain measures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import Look, close_gaps, compare, look, passes
from tests.factories.openings import free_stretch, opened

PAVEMENT = box(0, 0, 100, 3)


def seen(
    surfaces: BaseGeometry | list[BaseGeometry],
    obstacles: list[BaseGeometry],
    around: BaseGeometry | None = None,
    **more: float,
) -> Look:
    ground = surfaces if isinstance(surfaces, list) else [surfaces]
    return look(ground, obstacles, obstacles[0] if around is None else around, **more)


# --- shapes worked out by hand -------------------------------------------------------------------------


def test_an_empty_pavement_is_as_wide_as_it_is() -> None:
    assert seen(box(0, 0, 100, 2.4), [], Point(50, 1)).width_m == pytest.approx(2.4)


def test_a_bench_against_the_facade_leaves_the_rest_over_its_own_length() -> None:
    # 3.0 m pavement, bench 0.0..1.6 deep and 2 m long: 3.0 - 1.6 = 1.4 m over 2 m.
    view = seen(PAVEMENT, [box(49, 0, 51, 1.6)])
    assert view.width_m == pytest.approx(1.4)
    (narrowing,) = view.narrowings(1.5)
    assert narrowing.width_m == pytest.approx(1.4)
    assert narrowing.length_m == pytest.approx(2.0, abs=1e-3)
    assert not narrowing.open_ended
    assert narrowing.across.length == pytest.approx(1.4)


def test_one_walks_on_the_wider_side_of_something_in_the_middle() -> None:
    # 3.0 m with a block from 1.1 to 1.7: 1.1 m on one side, 1.3 m on the other. Not 2.4 together.
    assert seen(PAVEMENT, [box(49, 1.1, 49.5, 1.7)]).width_m == pytest.approx(1.3)


def test_beside_each_other_the_widest_of_all_gaps_counts() -> None:
    # Across the width: 0.4 m, post 0.2, gap 1.1, post 0.2, 1.1 m: the way is 1.1 m, whichever gap is taken.
    posts = [box(50, 0.4, 50.2, 0.6), box(50, 1.7, 50.2, 1.9)]
    assert seen(PAVEMENT, posts).width_m == pytest.approx(1.1)


def test_two_things_on_either_side_pinch_aslant() -> None:
    # Posts on opposite sides, 1 m apart along the street: from (50.1, 1.0) to (51.1, 2.0) is √2.
    posts = [box(50, 0, 50.1, 1.0), box(51.1, 2.0, 51.2, 3)]
    view = seen(PAVEMENT, posts)
    assert view.width_m == pytest.approx(math.sqrt(2))
    # Every transect is 2.0 m, so below 1.5 m it is a point: no length.
    (narrowing,) = view.narrowings(1.5)
    assert (narrowing.width_m, narrowing.length_m) == (pytest.approx(math.sqrt(2)), 0)


def test_a_round_thing_is_as_long_as_its_diameter() -> None:
    # A planter 1.0 m across against the façade leaves 2.0 m; below 2.5 m it lasts as long as the planter
    # sticks out more than 0.5 m: its full diameter.
    view = seen(PAVEMENT, [Point(50, 0.5).buffer(0.5, quad_segs=32)])
    (narrowing,) = view.narrowings(2.5)
    assert narrowing.width_m == pytest.approx(2.0)
    assert narrowing.length_m == pytest.approx(1.0, abs=2e-3)


def test_a_way_that_is_shut_is_zero_wide() -> None:
    view = seen(PAVEMENT, [box(50, -1, 50.2, 4)])
    assert view.width_m == 0
    assert view.narrowings(0.9)[0].width_m == 0


def test_a_long_narrow_pavement_goes_on_beyond_the_window() -> None:
    (narrowing,) = seen(box(0, 0, 100, 1.3), [], Point(50, 1)).narrowings(1.5)
    assert narrowing.open_ended
    assert narrowing.length_m == pytest.approx(12)  # 6 m on both sides
    (whole,) = seen(box(40, 0, 60, 1.3), [], Point(50, 1), reach_m=9.5).narrowings(1.5)
    assert whole.length_m == pytest.approx(19)


def test_a_wedge_is_narrow_from_where_it_reaches_the_limit() -> None:
    # 2.0 m wide at x = 0, 1.0 m at x = 20: 1.5 m at x = 10, so below 1.5 m from there to the window's border.
    wedge = Polygon([(-10, 0), (30, 0), (30, 0.5), (-10, 2.5)])
    (narrowing,) = look([wedge], [], Point(10, 1), reach_m=6).narrowings(1.5)
    assert narrowing.open_ended
    assert narrowing.length_m == pytest.approx(6, abs=0.01)
    # Square to the straight side it is 2 - 16/20 = 1.2 m at the border; the disc fits a little tighter.
    assert narrowing.width_m == pytest.approx(1.2, abs=0.02)


BEND = Polygon([(0, 0), (20, 0), (20, 20), (18.7, 20), (18.7, 1.3), (0, 1.3)])


def test_a_bend_is_no_wider_for_its_corner_and_as_long_as_its_inner_side() -> None:
    (narrowing,) = look([BEND], [], Point(19, 1)).narrowings(1.5)
    assert narrowing.width_m == pytest.approx(1.3)
    # The window is x 13..25, y -5..7. Inside of the bend: 18.7 - 13 = 5.7 and 7 - 1.3 = 5.7.
    assert narrowing.length_m == pytest.approx(11.4, abs=1e-3)


def test_something_in_the_outer_corner_of_a_bend_takes_no_room() -> None:
    # A block in the outer corner, 0.3 x 0.3: from its corner (19.7, 0.3) to the inner corner (18.7, 1.3) is
    # 1.414 m, more than the 1.3 m that the pavement is.
    assert look([BEND], [box(19.7, 0, 20, 0.3)], Point(19.8, 0.2)).width_m == pytest.approx(1.3)
    # A block of 0.5 x 0.5: from (19.5, 0.5) to (18.7, 1.3) is 0.8 x √2 = 1.131 m.
    tight = look([BEND], [box(19.5, 0, 20, 0.5)], Point(19.8, 0.2))
    assert tight.width_m == pytest.approx(0.8 * math.sqrt(2))


def test_neither_a_niche_nor_the_corner_of_a_square_is_a_narrowing() -> None:
    niche = shapely.union(PAVEMENT, box(50, 3, 50.6, 5))
    assert look([niche], [], Point(50.3, 3)).width_m == pytest.approx(3.0)
    square = box(0, 0, 30, 30)
    assert look([square], [box(0, 0, 0.6, 0.6)], Point(0.5, 0.5)).gaps == ()
    # A planter that shuts a corner of the square off: nobody needs to get into that corner.
    assert look([square], [box(1, 0, 2, 2), box(0, 1, 2, 2)], Point(1, 1)).gaps == ()


def test_something_at_a_junction_narrows_only_the_way_it_stands_in() -> None:
    # A T: a pavement 3 m wide, and one of 2 m wide up from x 50..52. A bench in the mouth of the second.
    junction = shapely.union(PAVEMENT, box(50, 3, 52, 30))
    view = look([junction], [box(51, 4, 52, 5)], Point(51.5, 4.5))
    assert view.width_m == pytest.approx(1.0)
    assert len(view.narrowings(1.5)) == 1
    # Beside the mouth, against the façade on the other side: 3.0 - 0.5 stays.
    assert look([junction], [box(50, 0, 52, 0.5)], Point(51, 0.2)).narrowings(1.9) == []


def test_an_island_is_passed_on_its_wider_side() -> None:
    # A planted island of 4 x 1 m, with 0.8 m below it and 1.2 m above it.
    ground = PAVEMENT.difference(box(48, 0.8, 52, 1.8))
    view = look([ground], [], Point(50, 2))
    assert view.width_m == pytest.approx(1.2)
    (narrowing,) = view.narrowings(1.5)
    assert narrowing.length_m == pytest.approx(4.0, abs=1e-3)
    # A bench on the wide side leaves 0.4 m there: now one walks below the island, through 0.8 m.
    assert look([ground], [box(49, 2.2, 51, 3)], Point(50, 2)).width_m == pytest.approx(0.8)


def test_slivers_and_gaps_between_surfaces_are_no_walls() -> None:
    whole = seen(PAVEMENT, [box(49, 0, 51, 1.0)])
    parts: list[BaseGeometry] = [
        box(0, 0, 50, 3),
        box(50.06, 0, 100, 1.5),
        box(50.03, 1.52, 100, 3),
        box(50, 1.4, 50.02, 1.6),
    ]
    pieces = seen(parts, [box(49, 0, 51, 1.0)])
    assert pieces.width_m == pytest.approx(whole.width_m) == pytest.approx(2.0)
    assert pieces.narrowings(2.5)[0].length_m == pytest.approx(2.0, abs=1e-3)


def test_a_wider_gap_between_surfaces_is_a_wall() -> None:
    # 0.3 m of something else between two halves: beyond it is another way.
    halves: list[BaseGeometry] = [box(0, 0, 100, 1.5), box(0, 1.8, 100, 3.3)]
    assert seen(halves, [box(49, 0.5, 51, 1.5)]).width_m == pytest.approx(0.5)


def test_two_ways_with_a_thin_hedge_between_them_do_not_see_each_other() -> None:
    # Two pavements of 2 m with 0.4 m of green between them, joined at one end. A post 0.2 m thick, 0.1 m from
    # the green, leaves 1.7 m: the other pavement behind the green is no wall of this one.
    ground = shapely.union_all([box(0, 0, 60, 2), box(0, 2.4, 60, 4.4), box(-3, 0, 0, 4.4)])
    assert look([ground], [box(30, 1.7, 30.2, 1.9)], Point(30, 1.8)).width_m == pytest.approx(1.7)


def test_what_overlaps_a_wall_counts_for_what_it_takes_of_the_pavement() -> None:
    # A hedge from y = -1 to y = 0.7, half in the gardens: 2.3 m stays.
    assert seen(PAVEMENT, [box(45, -1, 55, 0.7)]).width_m == pytest.approx(2.3)
    assert seen(PAVEMENT, [box(45, -1, 55, -0.2)]).width_m == pytest.approx(3)


def test_things_near_each_other_make_one_narrowing_and_things_apart_two() -> None:
    # Posts of 0.1 m that leave 2.0 m, 0.4 m apart, are one stretch of 0.1 + 0.4 + 0.1; at 0.6 m they are two.
    near = seen(PAVEMENT, [box(50, 0, 50.1, 1), box(50.5, 0, 50.6, 1)]).narrowings(2.5)
    assert [run.length_m for run in near] == [pytest.approx(0.6, abs=1e-3)]
    apart = seen(PAVEMENT, [box(50, 0, 50.1, 1), box(50.7, 0, 50.8, 1)]).narrowings(2.5)
    assert [run.length_m for run in apart] == [pytest.approx(0.1, abs=1e-3)] * 2


def test_lines_and_points_are_obstacles_too() -> None:
    assert seen(PAVEMENT, [LineString([(40, 1.2), (60, 1.2)])]).width_m == pytest.approx(1.8)
    assert seen(PAVEMENT, [Point(50, 1.0)]).width_m == pytest.approx(2.0)


@pytest.mark.parametrize(("depth", "fits"), [(1.49, True), (1.5, True), (1.51, False)])
def test_something_as_wide_as_the_way_passes(depth: float, fits: bool) -> None:
    thing = box(49, 0, 51, depth)
    assert passes([box(0, 0, 100, 5)], [thing], 3.5, thing) is fits


def test_nothing_to_measure_is_nothing_narrow() -> None:
    for view in (
        look([], [], Point(0, 0)),
        look([PAVEMENT], [], Point()),
        look([PAVEMENT], [Point(), Polygon()], Point(500, 500)),
        look([box(0, 0, 4, 0.5)], [], Point(2, 0.2)),  # a doorstep: it leads nowhere
    ):
        assert view.gaps == ()
        assert view.narrowings(1.5) == []
        assert not view.is_through


# --- what a design is blamed for -----------------------------------------------------------------------


def test_a_pinch_that_is_there_already_is_not_blamed_on_what_stands_elsewhere() -> None:
    old = box(46, 0, 47, 1.6)  # leaves 1.4
    new = box(50, 0, 51, 1.0)  # leaves 2.0
    (found,) = compare(seen(PAVEMENT, [old], new), seen(PAVEMENT, [old, new], new), 1.5)
    assert found.narrowing.width_m == pytest.approx(1.4)
    assert not found.is_caused


@pytest.mark.parametrize(
    ("new", "width_m", "longer"),
    [
        (box(46, 1.6, 46.5, 1.7), 1.3, False),  # on top of it: 3.0 - 1.7
        (box(47, 0, 50, 1.6), 1.4, True),  # beside it: 4 m instead of 1 m
        (box(46.4, 2.9, 46.6, 3), 1.3, False),  # across from it: 3.0 - 1.6 - 0.1
    ],
)
def test_making_a_narrow_stretch_narrower_or_longer_is_blamed(
    new: Polygon, width_m: float, longer: bool
) -> None:
    old = box(46, 0, 47, 1.6)
    (found,) = compare(seen(PAVEMENT, [old], old), seen(PAVEMENT, [old, new], old), 1.5)
    assert found.new is not None and found.new.width_m == pytest.approx(width_m)
    assert (found.is_caused, found.longer) == (True, longer)


def test_a_new_pinch_in_a_long_narrow_street_is_told_where_it_is() -> None:
    # 1.4 m wide throughout, with an old post that leaves 0.9 m; a new one 4 m on leaves 1.0 m.
    street, old, new = box(0, 0, 100, 1.4), box(46, 0, 46.1, 0.5), box(50, 0, 50.1, 0.4)
    (found,) = compare(seen(street, [old], new), seen(street, [old, new], new), 1.5)
    assert found.narrowing.width_m == pytest.approx(0.9)
    assert found.new is not None and found.new.width_m == pytest.approx(1.0)
    assert found.new.across.distance(new) == pytest.approx(0, abs=1e-9)
    assert not found.longer


def test_closing_the_wide_side_of_an_island_is_blamed_for_the_narrow_side() -> None:
    ground = PAVEMENT.difference(box(48, 0.8, 52, 1.0))  # 0.8 below, 2.0 above
    bench = box(49, 1.6, 51, 3)  # leaves 0.6 above
    (found,) = compare(seen(ground, [], bench), seen(ground, [bench]), 1.5)
    assert found.narrowing.width_m == pytest.approx(0.8)
    assert found.is_caused


def test_taking_something_away_causes_nothing() -> None:
    old, other = box(46, 0, 47, 1.6), box(50, 0, 51, 1.6)
    (found,) = compare(seen(PAVEMENT, [old, other], old), seen(PAVEMENT, [other], old), 1.5)
    assert not found.is_caused


def test_two_aslant_pinches_between_the_same_walls_are_both_found() -> None:
    # Beds cut out of the pavement, so that everything is wall. Aslant 0.6 x 0.3 at one place: √0.45 = 0.671;
    # at the other, 8 m on, 0.8 x 0.6: 1.0 m.
    ground = PAVEMENT.difference(
        shapely.union_all(
            [box(46, 0, 47, 1.2), box(47.3, 1.8, 48, 3), box(54, 0, 55, 1.1), box(55.6, 1.9, 57, 3)]
        )
    )
    found = look([ground], [], box(46, 0, 57, 3)).narrowings(1.1)
    assert [round(narrowing.width_m, 3) for narrowing in found] == [0.671, 1.0]


# --- properties ----------------------------------------------------------------------------------------

cm = st.integers


@st.composite
def things(draw: st.DrawFn, width_m: float = 3.0, at_most: int = 5) -> list[Polygon]:
    """Turned blocks on a pavement along the x-axis around x = 50, all well inside the window."""
    result = []
    for _ in range(draw(st.integers(1, at_most))):
        x, y = draw(cm(4800, 5200)) / 100, draw(cm(0, int(width_m * 100))) / 100
        long, deep = draw(cm(5, 150)) / 100, draw(cm(5, 80)) / 100
        block = box(x - long / 2, y - deep / 2, x + long / 2, y + deep / 2)
        result.append(affinity.rotate(block, draw(st.integers(0, 179))))
    return result


AROUND = box(48, 0, 52, 3)
SHAPES: dict[str, tuple[BaseGeometry, list[BaseGeometry]]] = {
    # The ground and its ends on the border of a window of 8 m around AROUND: x 40..60, y -8..11.
    "straight": (PAVEMENT, [LineString([(40, 0), (40, 3)]), LineString([(60, 0), (60, 3)])]),
    "bend": (
        shapely.union(box(0, 0, 52, 3), box(49, 0, 52, 40)),
        [LineString([(40, 0), (40, 3)]), LineString([(49, 11), (52, 11)])],
    ),
    "junction": (
        shapely.union(PAVEMENT, box(49, 3, 51.5, 40)),
        [
            LineString([(40, 0), (40, 3)]),
            LineString([(49, 11), (51.5, 11)]),
            LineString([(60, 0), (60, 3)]),
        ],
    ),
    "island": (
        PAVEMENT.difference(Point(50.3, 1.6).buffer(0.6)),
        [LineString([(40, 0), (40, 3)]), LineString([(60, 0), (60, 3)])],
    ),
    "turned": (
        affinity.rotate(box(20, 0.2, 80, 2.8), 20, origin=(50, 1.5)),
        [],
    ),
}


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "turned"])
@given(blocks=things())
@settings(max_examples=60, deadline=None)
def test_it_is_what_a_disc_can_be_pushed_through(shape: str, blocks: list[Polygon]) -> None:
    ground, ends = SHAPES[shape]
    view = look([ground], blocks, AROUND, reach_m=8, up_to_m=2.6, gap_m=0)
    wide = view.width_m
    if wide > 0.04:
        assert opened(ground, blocks, AROUND, wide - 0.02, 8, ends)
    if wide < 2.6:
        assert not opened(ground, blocks, AROUND, wide + 0.02, 8, ends)


@given(blocks=things(), degrees=st.integers(0, 359), east=cm(-500_000, 500_000), north=cm(0, 6_000_000))
@settings(max_examples=40, deadline=None)
def test_turning_and_moving_the_street_changes_nothing(
    blocks: list[Polygon], degrees: int, east: int, north: int
) -> None:
    def placed(shape: BaseGeometry) -> BaseGeometry:
        return affinity.translate(affinity.rotate(shape, degrees, origin=(50, 1.5)), east, north)

    here = look([PAVEMENT], blocks, AROUND)
    there = look([placed(PAVEMENT)], [placed(block) for block in blocks], placed(AROUND))
    assert there.width_m == pytest.approx(here.width_m, abs=1e-4)


@given(blocks=things(), times=st.floats(0.2, 8))
@settings(max_examples=40, deadline=None)
def test_a_street_twice_as_large_is_twice_as_wide(blocks: list[Polygon], times: float) -> None:
    def larger(shape: BaseGeometry) -> BaseGeometry:
        return affinity.scale(shape, times, times, origin=(0, 0))

    here = look([PAVEMENT], blocks, AROUND, up_to_m=2.5)
    there = look(
        [larger(PAVEMENT)],
        [larger(block) for block in blocks],
        larger(AROUND),
        up_to_m=2.5 * times,
        reach_m=6 * times,
        gap_m=0.1 * times,
    )
    assert there.width_m == pytest.approx(here.width_m * times, rel=1e-6, abs=1e-6)


@given(
    long=cm(10, 200),
    deep=cm(5, 120),
    from_wall=cm(0, 90),
    steps=st.lists(cm(0, 60), min_size=1, max_size=4),
    others=things(at_most=2),
)
@settings(max_examples=80, deadline=None)
def test_moving_something_into_the_wall_never_narrows(
    long: int, deep: int, from_wall: int, steps: list[int], others: list[Polygon]
) -> None:
    # The others stand 3 m on, where they pinch on their own; the block starts in the half of its wall.
    aside = [affinity.translate(block, 5.5, 0) for block in others]
    block = box(50 - long / 200, from_wall / 100, 50 + long / 200, (from_wall + deep) / 100)
    assume(block.centroid.y <= 1.5)
    wide = look([PAVEMENT], [block, *aside], AROUND, reach_m=10).width_m
    for step in steps:
        block = affinity.translate(block, 0, -step / 100)
        nearer = look([PAVEMENT], [block, *aside], AROUND, reach_m=10).width_m
        assert nearer >= wide - 1e-9
        wide = nearer
    gone = look([PAVEMENT], aside, AROUND, reach_m=10).width_m
    into = look([PAVEMENT], [affinity.translate(block, 0, -5), *aside], AROUND, reach_m=10).width_m
    assert into == pytest.approx(gone)


@given(blocks=things())
@settings(max_examples=60, deadline=None)
def test_one_thing_more_never_makes_it_wider(blocks: list[Polygon]) -> None:
    fewer = look([PAVEMENT], blocks[1:], AROUND).width_m
    assert look([PAVEMENT], blocks, AROUND).width_m <= fewer + 1e-9


@st.composite
def boxes_against_the_walls(draw: st.DrawFn) -> list[Polygon]:
    result = []
    for _ in range(draw(st.integers(1, 6))):
        west, long = draw(cm(4400, 5500)) / 100, draw(cm(5, 200)) / 100
        deep = draw(cm(10, 140)) / 100
        result.append(
            box(west, 0, west + long, deep) if draw(st.booleans()) else box(west, 3 - deep, west + long, 3)
        )
    return result


@given(blocks=boxes_against_the_walls(), limit=cm(90, 200))
@settings(max_examples=120, deadline=None)
def test_lengths_are_those_of_plain_transects(blocks: list[Polygon], limit: int) -> None:
    around = box(44, 0, 57, 3)
    runs = look([PAVEMENT], blocks, around).narrowings(limit / 100 + 1e-4)
    plain = free_stretch(3, blocks, limit / 100 + 1e-4, 38, 63)
    # On the edge of what joins runs (0.5 m apart), 5 mm decide either way.
    gaps = np.diff(sorted(edge for block in blocks for edge in (block.bounds[0], block.bounds[2])))
    assume(not np.any(np.abs(gaps - 0.5) < 0.02))
    measured = [run for run in runs if run.length_m > 0]
    assert max((run.length_m for run in measured), default=0) == pytest.approx(
        max((length for length, _ in plain), default=0), abs=0.02
    )
    if plain:
        # Aslant it can be narrower than any transect, never wider.
        assert min(run.width_m for run in runs) <= min(wide for _, wide in plain) + 1e-6


def test_closing_gaps_leaves_corners_and_widths_as_they_are() -> None:
    assert close_gaps([PAVEMENT]).equals_exact(PAVEMENT, 1e-9, normalize=True)
    assert close_gaps([BEND]).area == pytest.approx(BEND.area)
    assert close_gaps([box(0, 0, 1, 1), box(1.08, 0, 2, 1)]).area == pytest.approx(2)
    assert close_gaps([box(0, 0, 1, 1), box(1.12, 0, 2, 1)]).area == pytest.approx(1.88)


def test_something_behind_something_else_makes_no_new_gap() -> None:
    # A planter of 0.4 m deep against the façade; a smaller one that stands wholly in it, or behind it.
    planter = box(49, 0, 51, 1.6)
    for inner in (box(49.5, 0, 50.5, 1.2), box(49.2, 0.2, 49.4, 0.4)):
        (found,) = compare(seen(PAVEMENT, [planter]), seen(PAVEMENT, [planter, inner]), 1.5)
        assert not found.is_caused


def test_a_house_beside_the_pavement_takes_nothing_of_it() -> None:
    house = box(30, -10, 60, 0)
    view = look([PAVEMENT], [house, box(49, 0, 51, 1.6)], box(49, 0, 51, 1.6))
    assert view.width_m == pytest.approx(1.4)
    assert view.narrowings(1.5)[0].length_m == pytest.approx(2.0, abs=1e-3)


def test_a_bed_drawn_with_very_many_corners_is_measured_too() -> None:
    # A border that waves between 1.4 and 1.8 m from the façade, every 0.4 m, over 40 m: 1.2 m stays at the
    # tops of the waves, and between two tops (less than 0.5 m) it does not become wide.
    along = np.linspace(30, 70, 1900)
    bed = Polygon([(30, 0), *zip(along, 1.6 + 0.2 * np.sin(along * 5 * math.pi), strict=True), (70, 0)])
    (narrowing,) = look([PAVEMENT.difference(bed)], [], bed).narrowings(1.5)
    assert narrowing.width_m == pytest.approx(1.2, abs=0.005)
    assert narrowing.length_m == pytest.approx(40, abs=0.4)
