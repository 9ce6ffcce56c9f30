"""All rules on random designs: they always answer, with finite numbers, whatever is drawn or known.

A design is a set: the answer on a change does not depend on the order in which changes were made, nor on
where on earth the street lies, nor on which way is north.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import TOLERANCE, Finding, Verdict
from app.designs.checks.registry import rules
from app.designs.checks.run import Judged, judge
from app.designs.checks.street import Proposal, Street, Thing, propose
from app.designs.checks.street import survey as survey_of
from geodata import rulebook
from tests.factories.streets import CATALOGUE, EVERYTHING, hand_street

BOOK = rulebook.load()
POINTS = (
    *("tree", "lamp", "bollard", "bus_stop", "charger", "hydrant", "bench", "bike_stand", "container"),
    *("planter", "play", "crossing", "entrance", "dwelling"),
)
LINES = ("hedge", "barrier", "cable", "rail")
AREAS = ("parcel", "parking_count", "driveway", "green", "yard", "water", "structure", "square", "parking")
DATA = (*EVERYTHING, "green", "groundwater", "kerb_ramp", "disabled_bay", "heavy_traffic", "soil")
ALL_DATA = st.just(frozenset(DATA))

# Decimetres for what exists, and those 3.7 cm on for what is drawn: no two things touch by chance.
tenths = st.integers(-20, 1020).map(lambda n: n / 10)
across = st.integers(-30, 160).map(lambda n: n / 10)
lengths = st.integers(1, 150).map(lambda n: n / 10)
angles = st.sampled_from([0, 0, 0, 15, 45, 90, 137, 270])


@st.composite
def shapes(draw: st.DrawFn, form: str, shift: float = 0.0) -> BaseGeometry:
    """A point, a line of two to four vertices, or an area: a turned box, or a triangle."""
    x, y = draw(tenths) + shift, draw(across) + shift
    if form == "point":
        return Point(x, y)
    if form == "line":
        more = [(x + draw(lengths), y + draw(across) - 6.5) for _ in range(draw(st.integers(1, 3)))]
        return LineString([(x, y), *more])
    if draw(st.booleans()):
        return affinity.rotate(box(x, y, x + draw(lengths), y + draw(lengths)), draw(angles))
    return Polygon([(x, y), (x + draw(lengths), y), (x + draw(lengths), y + draw(lengths))])


@st.composite
def attributes(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Sound attributes, and such as no map should have."""
    odd = st.sampled_from([0, -3, "veel", "", True, 1e9, math.inf, math.nan, None])
    found: dict[str, Any] = {}
    for name in ("height_m", "clear_height_m", "capacity", "parked", "crown_m", "levels"):
        if draw(st.integers(0, 4)) == 0:
            found[name] = draw(st.one_of(st.integers(0, 30), st.floats(0.1, 20), odd))
    if kind == "parking":
        found["disabled"] = draw(st.sampled_from([True, False, "ja"]))
    if kind == "parking_count":
        found |= {"parked": draw(st.integers(0, 60)), "counted_on": draw(st.sampled_from(["2026-05-12", ""]))}
    return found


@st.composite
def streets(draw: st.DrawFn, known: st.SearchStrategy[frozenset[str]] = ALL_DATA) -> Street:
    """The usual street with a junction and up to ten more things; what is known is `known`."""
    speed = draw(st.sampled_from(["30", "50", "walk", None]))
    axis = {"maxspeed": speed, "oneway": draw(st.sampled_from(["yes", "no", None])), "highway": "residential"}
    more: list[Any] = [
        ("street_axis", LineString([(-60, 7.5), (70, 7.5), (160, 7.5)]), axis),
        ("street_axis", LineString([(70, 7.5), (70, -80)]), axis),
        ("entrance", Point(30, 0.1), {}),
    ]
    for form, kinds in (("point", POINTS), ("line", LINES), ("area", AREAS)):
        for _ in range(draw(st.integers(0, 4))):
            kind = draw(st.sampled_from(kinds))
            more.append((kind, draw(shapes(form)), draw(attributes(kind))))
    certainty = draw(st.sampled_from(["measured", "estimated"]))
    street = hand_street(*more, certainty=certainty)
    return Street(street.present, draw(known), draw(st.sampled_from([None, box(0, -5, 100, 18)])))


@st.composite
def designs(draw: st.DrawFn, street: Street) -> list[Proposal]:
    """One to eight changes of every kind and action; an existing thing is changed at most once."""
    free = [thing for thing in street.present if thing.kind not in ("building", "street_axis")]
    proposals = []
    for index in range(draw(st.integers(1, 8))):
        action = draw(st.sampled_from(["add", "add", "add", "remove", "move", "replace", "keep"]))
        concerned = None
        if action != "add":
            if not free:
                continue
            concerned = free.pop(draw(st.integers(0, len(free) - 1)))
        kind = draw(st.sampled_from(sorted(CATALOGUE.kinds)))
        form = draw(st.sampled_from(CATALOGUE.kinds[kind].geometry))
        shape = draw(shapes(form, 0.037))
        if action == "move" and concerned is not None:
            shape = affinity.translate(concerned.geometry, draw(lengths) - 7.463, draw(lengths) - 7.463)
        proposals.append(
            propose(
                index,
                action,
                shape,
                kind=kind,
                concerned=concerned,
                rotation_deg=draw(angles),
                width_m=draw(st.sampled_from([None, None, 0.4, 3.0])),
                catalogue=CATALOGUE,
            )
        )
    return proposals


@st.composite
def cases(
    draw: st.DrawFn, known: st.SearchStrategy[frozenset[str]] = ALL_DATA
) -> tuple[Street, list[Proposal]]:
    """A street and a design on it."""
    street = draw(streets(known))
    return street, draw(designs(street))


def examples(number: int) -> settings:
    """This many random designs. What fails is not made smaller: on a design that takes minutes."""
    return settings(
        phases=(Phase.explicit, Phase.generate),
        max_examples=number,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def assert_sound(finding: Finding) -> None:
    """Finite, with a sentence for what does not fit, and a name for what is missing."""
    assert finding.value is None or math.isfinite(finding.value), finding
    if finding.verdict is Verdict.UNCHECKED:
        assert finding.missing, finding
    elif finding.verdict is Verdict.FITS:
        # Only of grass under a play thing more is asked: no drawing tells how high one falls.
        asks = finding.limit is not None and (finding.rule.id, finding.limit.key) == ("R26", "grass_fall_m")
        assert not finding.message or (asks and finding.value is None), finding
    else:
        assert finding.message, finding
    known = {"w": finding.value, "t": finding.limit, **finding.params}
    for name in re.findall(r"%\((\w+)\)s", finding.message):
        assert known.get(name) is not None, (name, finding)
    for value in finding.params.values():
        assert isinstance(value, str | int) or math.isfinite(value), finding
    if finding.limit is not None:
        assert finding.rule.thresholds[finding.limit.key] is finding.limit
    if finding.place is not None:
        assert np.isfinite(shapely.get_coordinates(finding.place)).all(), finding


@examples(80)
@given(cases(st.frozensets(st.sampled_from(DATA))))
def test_every_rule_answers_whatever_is_drawn_and_known(case: tuple[Street, list[Proposal]]) -> None:
    street, design = case
    judged = judge(street, design, BOOK)
    assert len(judged) == len(design)
    for one in judged:
        for finding in one.findings:
            assert_sound(finding)


@examples(20)
@given(streets())
def test_every_rule_answers_about_what_stands_there_already(street: Street) -> None:
    for one in judge(street, survey_of(street), BOOK):
        for finding in one.findings:
            assert_sound(finding)


@pytest.mark.parametrize("kind", sorted(CATALOGUE.kinds))
def test_every_element_is_judged_by_some_rule(kind: str) -> None:
    form = CATALOGUE.kinds[kind].geometry[0]
    shape: BaseGeometry = {
        "point": Point(30, 1.5),
        "line": LineString([(30, 1.5), (36, 1.5)]),
        "area": box(30, 0.5, 36, 2.5),
    }[form]
    proposal = propose(0, "add", shape, kind=kind, catalogue=CATALOGUE)
    assert any(one.about(proposal) for one in rules() if BOOK.rules[one.id].enabled)


# --- The same answer ----------------------------------------------------------------------------------


def told(judged: Sequence[Judged]) -> dict[tuple[int, str], list[Finding]]:
    """The findings by change and rule, in an order of their own."""
    found: dict[tuple[int, str], list[Finding]] = {}
    for one in judged:
        for finding in one.findings:
            found.setdefault((one.proposal.index, finding.rule.id), []).append(finding)
    return {
        key: sorted(findings, key=lambda finding: (finding.message, finding.missing, finding.value or 0.0))
        for key, findings in found.items()
    }


def is_borderline(finding: Finding) -> bool:
    """Whether rounding may tip the scale: at any of the rule's numbers, and where things just touch."""
    if finding.value is None:
        return False
    return finding.value < 1e-3 or any(
        abs(finding.value - number.value - side) < 1e-3
        for number in finding.rule.thresholds.values()
        for side in (-TOLERANCE, 0, TOLERANCE)
    )


def assert_same(first: Sequence[Judged], second: Sequence[Judged], *, to_the_letter: bool = False) -> None:
    """The same verdicts on every change; `to_the_letter` also the same figures and sentences.

    Of two equally narrow places either may be told: which one, may hang on the last digit.
    """
    one, other = told(first), told(second)
    assert one.keys() == other.keys()
    for key, findings in one.items():
        if any(map(is_borderline, [*findings, *other[key]])):
            continue
        verdicts = sorted((finding.verdict, finding.missing) for finding in findings)
        assert verdicts == sorted((finding.verdict, finding.missing) for finding in other[key]), key
        if to_the_letter:
            assert [(f.message, f.value, f.params) for f in findings] == [
                (f.message, f.value, f.params) for f in other[key]
            ], key


@examples(40)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_changes_does_not_matter(case: tuple[Street, list[Proposal]], random: Any) -> None:
    street, design = case
    shuffled = list(design)
    random.shuffle(shuffled)
    assert_same(judge(street, design, BOOK), judge(street, shuffled, BOOK), to_the_letter=True)


def transformed(
    street: Street,
    design: Sequence[Proposal],
    how: Callable[[BaseGeometry], BaseGeometry],
    turn_deg: float = 0,
) -> tuple[Street, list[Proposal]]:
    """The same street and design elsewhere, or turned counterclockwise."""
    kept: dict[int, Thing] = {}

    def there(thing: Thing | None) -> Thing | None:
        if thing is None:
            return None
        if id(thing) not in kept:
            kept[id(thing)] = replace(
                thing,
                geometry=how(thing.geometry),
                footprint=how(thing.footprint),
                rotation_deg=thing.rotation_deg - turn_deg,
            )
        return kept[id(thing)]

    moved = [thing for thing in map(there, street.present) if thing is not None]
    area = None if street.area is None else how(street.area)
    return Street(moved, street.known, area), [
        replace(proposal, thing=there(proposal.thing), object=there(proposal.object)) for proposal in design
    ]


@examples(40)
@given(cases())
def test_a_street_is_judged_the_same_anywhere_on_earth(case: tuple[Street, list[Proposal]]) -> None:
    street, design = case
    # As far as Delft lies from the origin of the Dutch national grid.
    there = transformed(street, design, lambda shape: affinity.translate(shape, 84_000.0, 447_000.0))
    assert_same(judge(street, design, BOOK), judge(*there, BOOK))


@examples(40)
@given(cases(), st.sampled_from([90, 180, 270]))
def test_a_street_is_judged_the_same_whichever_way_it_lies(
    case: tuple[Street, list[Proposal]], turn_deg: int
) -> None:
    street, design = case
    there = transformed(
        street, design, lambda shape: affinity.rotate(shape, turn_deg, origin=(0, 0)), turn_deg=turn_deg
    )
    assert_same(judge(street, design, BOOK), judge(*there, BOOK))
