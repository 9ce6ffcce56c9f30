"""How high a building is taken to be, and on whose word."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.heights import HIGHEST_M, Height, building_height


@pytest.mark.parametrize(
    ("attributes", "footprint_m2", "expected"),
    [
        ({"height_m": 12.5}, 100, Height(12.5, False)),
        ({"height_m": 12.5, "levels": 4}, 100, Height(12.5, False)),
        ({"height_m": 12.0, "levels": 4, "height_estimated": True}, 100, Height(12.0, True)),
        ({"height_m": 12.0, "levels": 4, "height_estimated": False}, 100, Height(12.0, False)),
        ({"levels": 4}, 100, Height(12.0, True)),
        ({}, 100, Height(9.0, True)),
        ({}, 12, Height(3.0, True)),
        ({"height_m": "hoog", "levels": None}, 100, Height(9.0, True)),
        ({"height_m": -3}, 100, Height(9.0, True)),
        ({"height_m": 1e9, "levels": 2}, 100, Height(6.0, True)),
        ({"height_m": True}, 100, Height(9.0, True)),
        ({"height_m": math.nan}, 100, Height(9.0, True)),
    ],
)
def test_the_best_that_is_known_counts(attributes: dict, footprint_m2: float, expected: Height) -> None:
    assert building_height(attributes, footprint_m2) == expected


@given(st.dictionaries(st.sampled_from(["height_m", "levels", "height_estimated"]), st.floats() | st.text()))
def test_whatever_a_source_says_a_building_has_a_possible_height(attributes: dict) -> None:
    assert 0 < building_height(attributes, 80).metres <= HIGHEST_M
