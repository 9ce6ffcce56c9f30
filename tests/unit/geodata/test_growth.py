"""Growth, with sizes worked out by hand from the catalogue's own numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalogue import load
from geodata.growth import UNKNOWN_TREE, tree_size

CATALOGUE = load()
TREES = [kind for kind in CATALOGUE.kinds.values() if kind.becomes == "tree"]


@pytest.mark.parametrize(
    ("kind", "years", "radius", "height"),
    [  # Planted: crown 1.5 m across, 4 m high. Year 20: the radius of 28 m² is 2.985 m, of 50 m² 3.989 m.
        ("tree_medium", 0, 0.75, 4.0),
        ("tree_medium", 10, (0.75 + 2.9854) / 2, 6.5),
        ("tree_medium", 20, 2.9854, 9.0),
        ("tree_large", 10, (0.75 + 3.9894) / 2, 8.0),
        ("tree_small", 20, 1.9544, 5.0),
    ],
)
def test_sizes_worked_out_by_hand(kind: str, years: int, radius: float, height: float) -> None:
    size = tree_size(CATALOGUE.kinds[kind], years)
    assert size is not None
    assert size.crown_radius_m == pytest.approx(radius, abs=0.001)
    assert size.height_m == pytest.approx(height)


@pytest.mark.parametrize("kind", TREES, ids=lambda kind: kind.id)
def test_after_twenty_years_the_canopy_is_that_of_the_catalogue(kind) -> None:
    size = tree_size(kind, 20)
    assert size is not None
    assert size.canopy_m2 == pytest.approx(kind.effects.canopy_m2_y20.value)
    assert tree_size(kind, 80) == size


@given(st.sampled_from(TREES), st.floats(-5, 60), st.floats(0, 30))
def test_a_tree_never_shrinks(kind, years: float, later: float) -> None:
    young, old = tree_size(kind, years), tree_size(kind, years + later)
    assert young is not None
    assert old is not None
    assert old.crown_radius_m >= young.crown_radius_m > 0
    assert old.height_m >= young.height_m > 0


def test_what_is_no_tree_does_not_grow() -> None:
    assert tree_size(CATALOGUE.kinds["planter"], 10) is None
    assert all(tree_size(kind, 0) for kind in TREES)


def test_a_tree_of_which_nothing_is_known_counts_as_medium() -> None:
    assert math.isclose(UNKNOWN_TREE.canopy_m2, 28)
