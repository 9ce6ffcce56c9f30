"""The cross-section of the invented street of the demo, whose widths are known by hand."""

from __future__ import annotations

import math

import pytest

from geodata import example_street as street
from geodata.crs import WGS84, reproject
from geodata.section import Section, Thing, cut, span_at
from geodata.street_line import place_on


@pytest.fixture(scope="module")
def things() -> list[Thing]:
    """All of the street, in metres."""
    return [
        Thing(one.kind, reproject(one.geometry, WGS84, street.SRID), one.certainty, attributes=one.attributes)
        for one in street.read().objects
    ]


def cut_at(things: list[Thing], x: float) -> Section:
    """The section `x` metres along the street, seen eastward: left is north."""
    at = (street.ORIGIN[0] + x, street.ORIGIN[1] + street.AXIS_Y)
    place = place_on(things, at)
    assert place is not None and place.found_by == "axis"
    turned = math.cos(place.direction) < 0
    return cut(things, span_at(things, place.origin, place.direction + (math.pi if turned else 0)))


def test_between_the_houses_every_width_is_as_laid_out(things: list[Thing]) -> None:
    # x = 16: houses on both sides, a bay on the southern one.
    section = cut_at(things, 16)
    assert [(band.kind, round(band.width_m, 2)) for band in section.bands] == [
        ("pavement", 3.5),
        ("carriageway", 5.0),
        ("parking", 2.0),
        ("pavement", 2.4),
    ]
    assert {band.certainty for band in section.bands} == {"measured"}
    assert [facade is not None for facade in section.span.facades] == [True, True]


def test_along_the_park_there_is_no_facade_and_a_little_green(things: list[Thing]) -> None:
    section = cut_at(things, 58)
    assert [(band.kind, round(band.width_m, 2)) for band in section.bands][:2] == [
        ("green", 2.0),
        ("pavement", 3.5),
    ]
    assert [facade is not None for facade in section.span.facades] == [False, True]


def test_trees_lamps_and_what_lies_below_have_their_places(things: list[Thing]) -> None:
    north = street.NORTH_PAVEMENT[1]
    below = {(e.sort, round(e.at_m, 2)) for e in cut_at(things, 16).elements if e.kind == "cable"}
    assert below == {(sort, round(north - y, 2)) for sort, y in street.CABLES.items()}
    [tree] = [e for e in cut_at(things, 28).elements if e.kind == "tree"]
    assert tree.at_m == pytest.approx(north - street.TREE_Y, abs=0.01)
    [lamp] = [e for e in cut_at(things, 19).elements if e.kind == "lamp"]
    assert lamp.at_m == pytest.approx(north - street.LAMP_Y, abs=0.01)
