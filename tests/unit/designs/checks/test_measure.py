"""The smallest rectangle around a shape, and the overlap of two."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box

from app.designs.checks.clipping import clip, joined, without
from app.designs.checks.measure import overlap, sides


@pytest.mark.parametrize("turn_deg", [0, 30, 90, 137])
def test_a_rectangle_is_its_own_smallest_rectangle(turn_deg: float) -> None:
    width, length, direction = sides(affinity.rotate(box(84_000, 447_000, 84_006, 447_002), turn_deg))
    assert (width, length) == (pytest.approx(2), pytest.approx(6))
    assert math.sin(direction - math.radians(turn_deg)) == pytest.approx(0, abs=1e-9)


def test_around_a_triangle_the_longest_one() -> None:
    # Sides 3, 4 and 5: 3 x 4 on the short sides, 5 x 2.4 on the long one; all of 12 m².
    triangle = Polygon([(0, 0), (4, 0), (0, 3)])
    assert sides(triangle)[:2] == (pytest.approx(2.4), pytest.approx(5))


def test_lines_and_points_have_no_width() -> None:
    assert sides(LineString([(0, 0), (3, 4)]))[:2] == (pytest.approx(0), pytest.approx(5))
    assert sides(Point(1, 1)) == (0, 0, 0)
    assert sides(Polygon()) == (0, 0, 0)


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=8),
    st.sampled_from([90, 180, 270]),
)
def test_a_shape_measures_the_same_whichever_way_it_lies(points: list[tuple[float, float]], deg: int) -> None:
    shape = Polygon(points).convex_hull
    turned = affinity.rotate(shape, deg, origin=(0, 0))
    assert sides(turned)[:2] == (
        pytest.approx(sides(shape)[0], abs=1e-5),
        pytest.approx(sides(shape)[1], abs=1e-5),
    )


def test_an_overlap_thinner_than_two_centimetres_is_a_matter_of_drawing() -> None:
    assert overlap(box(0, 0, 1, 1), box(0.985, 0, 2, 1)) is None
    shared = overlap(box(0, 0, 1, 1), box(0.97, 0, 2, 1))
    assert shared is not None
    assert shared.area == pytest.approx(0.03)
    assert overlap(box(0, 0, 1, 1), box(1, 0, 2, 1)) is None


def test_clipping_never_stumbles() -> None:
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert clip(bow_tie, (0, 0, 1, 2)).is_valid
    assert clip(box(0, 0, 2, 2), (1, 1, 3, 3)).equals(box(1, 1, 2, 2))
    assert clip(box(0, 0, 1, 1), (1, 1, 2, 2)).area == 0


def test_a_shape_that_is_not_sound_is_taken_from_and_joined_all_the_same() -> None:
    """Two triangles of 1 m2 that touch in (1, 1), drawn as one line that crosses itself."""
    crossed = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    right = box(1, -1, 3, 3)
    assert without(crossed, right).area == pytest.approx(1)
    assert without(right, crossed).area == pytest.approx(8 - 1)
    assert joined(crossed, right).area == pytest.approx(8 + 1)
    assert joined(right, crossed).area == pytest.approx(8 + 1)
    assert without(box(0, 0, 2, 2), box(1, 0, 3, 2)).equals(box(0, 0, 1, 2))
