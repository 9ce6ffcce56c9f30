"""R15: the stem keeps 2.5 m (small), 4.5 m (medium) or 6 m (large) from façades. The façade lies at y = 0."""

from __future__ import annotations

import pytest

from app.designs.checks.model import Verdict
from tests.factories.streets import add, findings, hand_street


@pytest.mark.parametrize(
    ("kind", "from_facade_m", "verdict"),
    [
        ("tree_small", 3.0, Verdict.FITS),
        ("tree_small", 2.0, Verdict.CONDITIONAL),
        ("tree_small", 2.5, Verdict.FITS),
        ("tree_small", 2.49, Verdict.CONDITIONAL),
        ("tree_medium", 4.5, Verdict.FITS),
        ("tree_medium", 4.4, Verdict.CONDITIONAL),
        ("tree_large", 5.9, Verdict.CONDITIONAL),
        ("tree_large", 6.0, Verdict.FITS),
    ],
)
def test_a_tree_keeps_its_distance_to_the_facade(kind: str, from_facade_m: float, verdict: Verdict) -> None:
    (finding,) = findings(hand_street(), add(kind, (50, from_facade_m)), "R15")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(from_facade_m)


def test_the_place_where_it_pinches_is_the_line_to_the_facade() -> None:
    (finding,) = findings(hand_street(), add("tree_small", (50, 1)), "R15")
    assert finding.place is not None
    assert finding.place.length == pytest.approx(1)


def test_without_buildings_on_the_map_it_is_not_checked() -> None:
    street = hand_street(without=["south building", "north building"], unknown=["building"])
    (finding,) = findings(street, add("tree_small", (50, 1)), "R15")
    assert finding.verdict is Verdict.UNCHECKED
    assert finding.missing == ("building",)
