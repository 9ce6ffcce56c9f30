"""What holds of every figure, whatever is drawn: no NaN, no order, no place on earth, nothing for nothing."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, affinity, box

from app.designs.checks.places import balance
from app.designs.effects import CAVEATS, Scene, Work, figures
from app.designs.effects.families.parking import parking_places
from app.designs.effects.registry import figures as registered
from geodata import metrics
from tests.factories import figures as made
from tests.factories.figures import (
    ELEMENTS,
    SUMMER_TIME,
    Change,
    add,
    home,
    move,
    remove,
    replace,
    scene,
    thing,
)

AREA = box(0, -12, 120, 12)
DX, DY = 84_000.0, 447_000.0


def street(dx: float = 0, dy: float = 0) -> Scene:
    """A street with a bit of everything, pushed away."""

    def at(geometry: Any) -> Any:
        return affinity.translate(geometry, dx, dy)

    things = [
        thing(1, "carriageway", at(box(-60, -4, 180, 4)), layer="wegdeel"),
        thing(2, "pavement", at(box(-60, 4, 180, 8))),
        thing(3, "pavement", at(box(-60, -8, 180, -4))),
        thing(4, "parking", at(box(20, 2, 44, 4))),
        thing(5, "parking", at(box(60, 2, 66, 4))),
        thing(6, "green", at(box(80, 8, 110, 12))),
        thing(7, "tree", at(Point(10, 6))),
        thing(8, "tree", at(Point(14, 6)), crown_m=8.0),
        thing(9, "bench", at(Point(30, 6))),
        thing(15, "bench", at(Point(90, 6))),
        thing(16, "carriageway", at(box(20, -4, 24, 4)), layer="wegdeel", plus_function="verkeersdrempel"),
        thing(17, "carriageway", at(box(90, -4, 94, 4)), layer="wegdeel", plus_function="verkeersdrempel"),
        thing(10, "bike_stand", at(Point(50, 6)), capacity=6),
        thing(11, "play", at(Point(100, -6))),
        thing(12, "building", at(box(-10, -30, 130, -9)), height_m=9.0),
        thing(13, "street_axis", at(LineString([(-60, 0), (180, 0)])), highway="residential"),
        thing(14, "parking_count", at(box(15, 0, 70, 5)), parked=4, capacity=5, counted_on="2026-01-31"),
    ]
    homes = tuple(
        type(one)(at(one.geometry), one.count) for one in (home(0, -16), home(40, -16, 3), home(300, 0))
    )
    return scene(
        things,
        area=at(AREA),
        homes=homes,
        dwellings=40,
        area_m2=100_000.0,
        green_m2=9_000.0,
        play_m2=300.0,
        lon=4.36,
        lat=52.01,
        zone=SUMMER_TIME,
    )


HERE = street()
KINDS = sorted(ELEMENTS.kinds)
OLD = [
    thing
    for thing in HERE.street.present
    if thing.kind in ("tree", "bench", "green", "parking", "play", "bike_stand")
]


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    """Up to eight changes: of each thing at most one, elements anywhere and of any size."""
    found: list[Change] = []
    for one in draw(st.lists(st.sampled_from(OLD), max_size=3, unique_by=lambda one: one.id)):
        what = draw(st.sampled_from(("remove", "move", "replace")))
        if what == "remove":
            found.append(remove(one))
        elif what == "move":
            shift = draw(st.tuples(st.floats(-8, 8), st.floats(-3, 3)))
            found.append(move(one, affinity.translate(one.geometry, *shift)))
        else:
            kind = ELEMENTS.kinds[draw(st.sampled_from(KINDS))]
            found.append(replace(one, kind.id, _shape(draw, kind.geometry)))
    for name in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
        found.append(add(name, _shape(draw, ELEMENTS.kinds[name].geometry)))
    return found


def _shape(draw: st.DrawFn, forms: tuple[str, ...]) -> Any:
    x, y = draw(st.integers(8, 100)), draw(st.integers(-9, 9))
    w, h = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    form = draw(st.sampled_from(forms))
    if form == "point":
        return Point(x, y)
    return LineString([(x, y), (x + w, y + h)]) if form == "line" else box(x, y, x + w, y + h)


def told(on: Scene, drawn: list[Change]) -> dict[str, dict[str, Any]]:
    return made.figures(on, *drawn)


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_every_figure_of_the_table_is_computed_and_nothing_else():
    assert set(registered()) == set(metrics.load().figures) == set(figures())


def test_drawing_nothing_changes_nothing():
    nothing = told(HERE, [])
    assert set(nothing) == set(metrics.load().figures)
    for name, figure in nothing.items():
        assert figure["before"] == figure["after"], name
        assert figure["before"] is not None, (name, figure["caveat"])
        assert all(step["step"] not in ("comes", "goes", "gone", "covered") for step in figure["how"]), name


@settings(max_examples=60, deadline=None)
@given(changes())
def test_figures_are_numbers_in_their_ranges_and_can_be_sent(drawn):
    for name, figure in told(HERE, drawn).items():
        json.dumps(figure, allow_nan=False)
        assert all(math.isfinite(number) for number in numbers(figure)), name
        if "low" in figure and figure["after"] is not None:
            assert figure["low"] <= figure["after"] <= figure["high"], name
        if figure["unit"] == "%" and figure["after"] is not None and name != "parking_occupancy":
            assert 0 <= figure["before"] <= 100 and 0 <= figure["after"] <= 100.05, name
        assert set((figure.get("caveat") or "").split()) <= set(CAVEATS), name
        for step in figure["how"]:
            assert set(step.get("changes", ())) <= set(range(len(drawn))), name


@settings(max_examples=40, deadline=None)
@given(changes(), st.randoms(use_true_random=False))
def test_the_order_of_the_changes_does_not_matter(drawn, random):
    shuffled = list(drawn)
    random.shuffle(shuffled)
    one, other = told(HERE, drawn), told(HERE, shuffled)
    for name in one:
        assert one[name]["status"] == other[name]["status"], name
        for end in ("before", "after", "low", "high", "at", "hours"):
            assert numbers(one[name].get(end)) == pytest.approx(numbers(other[name].get(end))), (name, end)


@settings(max_examples=25, deadline=None)
@given(changes())
def test_the_place_on_earth_does_not_matter(drawn):
    there = street(DX, DY)
    things = {thing.id: thing for thing in there.street.present}
    moved = [
        (action, affinity.translate(geometry, DX, DY), kind, existing and things[existing.id], width)
        for action, geometry, kind, existing, width in drawn
    ]
    one, other = told(HERE, drawn), told(there, moved)
    for name, figure in one.items():
        digits = metrics.load().figures[name].digits
        for end in ("before", "after"):
            # What lies on the edge of rounding may fall to either side.
            assert figure[end] == pytest.approx(other[name][end], abs=1.01 * 10**-digits), (name, end)


@settings(max_examples=40, deadline=None)
@given(changes())
def test_the_steps_add_up(drawn):
    """Of what is added up (no shares, no money), the steps make the figure."""
    figures_told = told(HERE, drawn)
    for name in ("trees", "seats", "bike_places", "parking_places", "green_m2", "permeable_m2", "play_m2"):
        figure = figures_told[name]
        parts = [step for step in figure["how"] if step["step"] != "assumption"]
        low = sum(step["value"] for step in parts)
        high = sum(step.get("high", step["value"]) for step in parts)
        assert figure["after"] == pytest.approx(max(0, min(low, high)), abs=0.56), name


@settings(max_examples=300, deadline=None)
@given(changes())
def test_the_rule_about_full_streets_and_the_figure_count_the_same_places(drawn: list[Change]) -> None:
    """What a design adds and takes, bay by bay, is together what the figure of parking places tells."""
    work = Work(HERE, made.proposals(drawn))
    figure = parking_places(work)
    # Of a range the rule takes the worst, which is the figure's low end.
    worst = figure.low if figure.low is not None else figure.after
    change = sum(places for _thing, places in balance(work.after))
    # By the catalogue's numbers a design can cost more than there is; nothing is left then.
    assert worst == max(0, figure.before + change)
