"""The rules about widths on random designs: always an answer, and the same whatever the order or place."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, affinity, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Verdict
from app.designs.checks.run import Judged, judge_one
from app.designs.checks.street import Proposal, Street, existing_thing
from geodata import rulebook
from tests.factories.streets import EVERYTHING, LAYOUT, add

RULES = ("R01", "R02", "R03", "R05", "R13", "R21", "R29", "R32")
POINTS = ("bench", "planter", "tree_small", "ev_charger", "bike_stand", "underground_container")
AREAS = ("planting_bed", "parklet", "road_narrowing", "pavement_widening", "bus_stop", "parking_parallel")
LINES = ("hedge", "facade_garden", "cycle_track_oneway", "modal_filter", "one_way_street")
STANDING = (
    ("tree", Point(30, 2.5)),
    ("lamp", Point(36, 2.7)),
    ("bollard", Point(40, 5.2)),
    ("bench", Point(44, 0.4)),
    ("barrier", LineString([(20, 12), (24, 12)])),
    ("street_axis", LineString([(-5, 7.5), (105, 7.5)])),
)

metres = st.integers(0, 260).map(lambda step: step / 20)  # 0..13 m, across the street


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, BaseGeometry, float]]:
    """Elements around x = 40, anywhere across the street: (kind, shape, rotation)."""
    result: list[tuple[str, BaseGeometry, float]] = []
    for _ in range(draw(st.integers(1, 5))):
        x, y = draw(st.integers(500, 900)) / 20, draw(metres)
        turn = float(draw(st.integers(0, 359)))
        kind = draw(st.sampled_from((*POINTS, *AREAS, *LINES)))
        if kind in POINTS:
            result.append((kind, Point(x, y), turn))
            continue
        long, wide = draw(st.integers(2, 200)) / 20, draw(st.integers(1, 60)) / 20
        shape = LineString([(x, y), (x + long, y + wide / 4)])
        if kind in AREAS:
            shape = affinity.rotate(box(x, y, x + long, y + wide), draw(st.sampled_from((0, 0, 3, 45))))
        result.append((kind, shape, 0.0))
    return result


def street(east: float = 0, north: float = 0) -> Street:
    things = [*LAYOUT.values(), *STANDING]
    return Street(
        [
            existing_thing(number, kind, affinity.translate(shape, east, north))
            for number, (kind, shape) in enumerate(things, start=1)
        ],
        EVERYTHING,
    )


def judged(where: Street, proposals: list[Proposal]) -> dict[int, Judged]:
    after = where.after(proposals)
    return {
        one.index: judge_one(one, after, where, rulebook.load(), only=frozenset(RULES)) for one in proposals
    }


def proposed(
    drawn: list[tuple[str, BaseGeometry, float]], east: float = 0, north: float = 0
) -> list[Proposal]:
    return [
        add(kind, affinity.translate(shape, east, north), index=index, rotation=turn)
        for index, (kind, shape, turn) in enumerate(drawn)
    ]


@given(drawn=changes())
@settings(max_examples=150, deadline=None)
def test_there_is_always_a_finite_answer(drawn: list[tuple[str, BaseGeometry, float]]) -> None:
    for one in judged(street(), proposed(drawn)).values():
        for finding in one.findings:
            assert finding.value is None or (math.isfinite(finding.value) and finding.value >= 0)
            if finding.verdict in (Verdict.CONFLICT, Verdict.CONDITIONAL):
                assert finding.message
            if finding.place is not None:
                assert not finding.place.is_empty
                assert all(math.isfinite(bound) for bound in finding.place.bounds)


@given(drawn=changes(), order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_changes_does_not_matter(
    drawn: list[tuple[str, BaseGeometry, float]], order: object
) -> None:
    # Surfaces replace each other in the order in which they are drawn; all else stands where it stands.
    proposals = proposed([one for one in drawn if one[0] in POINTS or one[0] == "hedge"])
    shuffled = list(proposals)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = judged(street(), proposals), judged(street(), shuffled)
    assert {index: one.verdict for index, one in first.items()} == {
        index: one.verdict for index, one in second.items()
    }


@given(drawn=changes(), east=st.integers(10_000, 280_000), north=st.integers(300_000, 620_000))
@settings(max_examples=60, deadline=None)
def test_the_same_street_elsewhere_gets_the_same_verdicts(
    drawn: list[tuple[str, BaseGeometry, float]], east: int, north: int
) -> None:
    here = judged(street(), proposed(drawn))
    there = judged(street(east, north), proposed(drawn, east, north))
    for index, one in here.items():
        other = there[index]
        assert [finding.rule.id for finding in one.findings] == [
            finding.rule.id for finding in other.findings
        ]
        # On the very edge of a threshold the last digits decide.
        values = [(a, b) for a, b in zip(one.findings, other.findings, strict=True) if not _on_edge(a.value)]
        assert [a.verdict for a, _ in values] == [b.verdict for _, b in values]


def _on_edge(value: float | None) -> bool:
    if value is None:
        return True
    thresholds = [
        threshold.value for rule in RULES for threshold in rulebook.load().rules[rule].thresholds.values()
    ]
    return any(abs(value - limit) < 0.01 for limit in thresholds)


@given(drawn=changes())
@settings(max_examples=60, deadline=None)
def test_a_survey_of_what_was_built_finds_no_error(drawn: list[tuple[str, BaseGeometry, float]]) -> None:
    built = street()
    for proposal in proposed(drawn):
        assert proposal.thing is not None
        surveyed = replace(proposal, action="survey", object=proposal.thing)
        for finding in judge_one(
            surveyed, built.after([proposal]), built, rulebook.load(), only=frozenset(RULES)
        ).findings:
            assert finding.value is None or math.isfinite(finding.value)
