"""What would fit: the nearest variant against which no rule is, or else the nearest that is better.

The usual street: façade y = 0, pavement to y = 3, bays to y = 5, carriageway to y = 10.
"""

from __future__ import annotations

import time

import pytest

from app.designs.checks import fitting
from app.designs.checks.fitting import Suggestion, what_would_fit
from app.designs.checks.model import Verdict
from app.designs.checks.run import Judged, judge
from app.designs.checks.street import Proposal, Street, Thing
from geodata import rulebook
from tests.factories.streets import CATALOGUE, add, hand_street

BOOK = rulebook.load()
REFUSALS = (Verdict.CONFLICT, Verdict.CONDITIONAL)


def refused(judged: Judged) -> dict[str, Verdict]:
    found = {finding.rule.id: finding.verdict for finding in judged.findings if finding.verdict in REFUSALS}
    conflicts = (one.rule.id for one in judged.findings if one.verdict is Verdict.CONFLICT)
    return found | dict.fromkeys(conflicts, Verdict.CONFLICT)


def suggested(street: Street, proposal: Proposal, allows: object = None) -> Suggestion | None:
    (judged,) = judge(street, [proposal], BOOK)
    deadline = time.monotonic() + 60
    return what_would_fit(judged, [proposal], street, BOOK, CATALOGUE, deadline=deadline, allows=allows)  # type: ignore[arg-type]


def test_a_bench_in_the_middle_goes_to_the_wall_or_the_kerb() -> None:
    """1.8 m along the street and 0.6 m across it, at y = 1.5: 1.2 m on either side. 1.80 m is left from
    0.6 m further; of the steps 0.75 m is the first that reaches it, straight across."""
    found = suggested(hand_street(), add("bench", (50, 1.5), rotation=90))
    assert found is not None
    assert (found.action, found.distance_m, found.verdict) == ("shift", 0.75, Verdict.FITS)
    assert found.geometry.x == pytest.approx(50)
    assert abs(found.geometry.y - 1.5) == pytest.approx(0.75)


def test_nothing_is_offered_that_may_not_be_put_down() -> None:
    bench = add("bench", (50, 1.5), rotation=90)

    def north(thing: Thing) -> bool:
        return thing.geometry.centroid.y > 1.6

    found = suggested(hand_street(), bench, north)
    assert found is not None
    assert found.geometry.y == pytest.approx(2.25)
    assert suggested(hand_street(), bench, lambda _thing: False) is None


@pytest.mark.parametrize(
    "drawn",
    [
        add("bench", (50, 1.5), rotation=90),
        add("tree_large", (50, 2.0)),
        add("tree_medium", (50, 1.0)),
        add("planter", (50, 6.0)),
        add("ev_charger", (50, 1.0)),
        add("underground_container", (50, 2.0)),
        add("play_equipment", (50, 11.5)),
    ],
    ids=lambda proposal: proposal.element,
)
def test_it_is_the_first_variant_that_all_rules_together_find_better(drawn: Proposal) -> None:
    """However the search asks: the same as judging every variant by every rule, from near to far."""
    street = hand_street()
    (judged,) = judge(street, [drawn], BOOK)
    was = refused(judged)
    better = None
    for candidate in fitting._candidates(drawn, CATALOGUE, street):
        (whole,) = judge(street, [candidate.proposal], BOOK)
        left = refused(whole)
        if Verdict.CONFLICT in left.values() or len(left) >= len(was):
            continue
        if any(was.get(rule) is not verdict for rule, verdict in left.items()):
            continue
        better = better or (candidate, whole.verdict)
        if not left:
            better = candidate, whole.verdict
            break
    found = suggested(street, drawn)
    if better is None:
        assert found is None
        return
    assert found is not None
    candidate, verdict = better
    thing = candidate.proposal.thing
    assert thing is not None
    assert (found.action, found.verdict) == (candidate.action, verdict)
    assert found.distance_m == candidate.distance_m
    assert found.geometry.equals(thing.geometry) and found.rotation_deg == thing.rotation_deg
