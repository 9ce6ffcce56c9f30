"""R04 and R07: what hangs over pavement (2.30 m alone, 2.60 m in a row) and carriageway (4.20 m).

Trees after 20 years: small 5 m high, crown 12 m² (radius 1.95 m); medium 9 m, 28 m² (2.99 m); large 12 m,
50 m² (3.99 m). Half of the height can be kept free of branches: 2.5, 4.5 and 6 m. The carriageway begins at
y = 5, the pavement ends at y = 3.
"""

from __future__ import annotations

import pytest
from shapely.geometry import Point

from app.designs.checks.model import Verdict
from tests.factories.streets import add, findings, hand_street, move, survey

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict


@pytest.mark.parametrize(
    ("kind", "clear_m"), [("tree_small", 2.5), ("tree_medium", 4.5), ("tree_large", 6.0)]
)
def test_one_tree_over_the_pavement_fits(kind: str, clear_m: float) -> None:
    (finding,) = findings(hand_street(), add(kind, (50, 1.5)), "R04")
    assert finding.verdict is FITS
    assert finding.value == pytest.approx(clear_m)


@pytest.mark.parametrize(("apart_m", "verdict"), [(8, CONDITIONAL), (10.5, FITS)])
def test_small_trees_in_a_row_are_too_low_for_a_pavement(apart_m: float, verdict: Verdict) -> None:
    pair = [add("tree_small", (50, 1.5)), add("tree_small", (50 + apart_m, 1.5), index=1)]
    assert findings(hand_street(), pair, "R04")[0].verdict is verdict


@pytest.mark.parametrize(
    ("clear_m", "verdict"), [(2.3, FITS), (2.29, CONFLICT), (1.0, CONFLICT), (3.0, FITS)]
)
def test_a_measured_height_is_held_against_the_limit(clear_m: float, verdict: Verdict) -> None:
    street = hand_street(("tree", Point(20, 1), {"clear_height_m": clear_m}))
    (finding,) = findings(street, move(street, 100, (50, 1)), "R04")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(clear_m)
    assert findings(street, survey(street, 100), "R04")[0].verdict is verdict


def test_over_estimated_pavement_a_refusal_becomes_a_condition() -> None:
    street = hand_street(("tree", Point(20, 1), {"clear_height_m": 2.0}), certainty="estimated")
    (finding,) = findings(street, move(street, 100, (50, 1)), "R04")
    assert finding.verdict is CONDITIONAL
    assert finding.estimated


def test_a_crown_that_is_not_over_the_pavement_is_no_matter_of_r04() -> None:
    (finding,) = findings(hand_street(), add("tree_small", (50, 7.5)), "R04")
    assert (finding.verdict, finding.value) == (FITS, None)


@pytest.mark.parametrize(
    ("kind", "y", "clear_m", "verdict"),
    [
        ("tree_large", 1.5, 6.0, FITS),  # the crown reaches y = 5.49
        ("tree_medium", 2.5, 4.5, FITS),  # y = 5.49
        ("tree_small", 2.9, None, FITS),  # y = 4.85: not over the carriageway
        ("tree_small", 3.5, 2.5, CONDITIONAL),  # y = 5.45, 1.5 m off: a narrow crown fits
        ("tree_small", 4.25, 2.5, CONDITIONAL),  # 0.75 m off: just
        ("tree_small", 4.2500001, 2.5, CONDITIONAL),  # 0.75 m, as it comes back from degrees
        ("tree_small", 4.3, 2.5, CONFLICT),
    ],
)
def test_crowns_over_the_carriageway(kind: str, y: float, clear_m: float | None, verdict: Verdict) -> None:
    (finding,) = findings(hand_street(), add(kind, (50, y)), "R07")
    assert finding.verdict is verdict
    assert finding.value == (None if clear_m is None else pytest.approx(clear_m))


@pytest.mark.parametrize(("clear_m", "verdict"), [(4.2, FITS), (4.19, CONFLICT)])
def test_a_measured_height_over_the_carriageway(clear_m: float, verdict: Verdict) -> None:
    street = hand_street(("tree", Point(20, 1), {"clear_height_m": clear_m}))
    (finding,) = findings(street, move(street, 100, (50, 4)), "R07")
    assert finding.verdict is verdict


def test_an_estimated_carriageway_asks_for_measuring() -> None:
    (finding,) = findings(hand_street(certainty="estimated"), add("tree_small", (50, 4.8)), "R07")
    assert finding.verdict is CONDITIONAL
    assert finding.estimated


@pytest.mark.parametrize(("rule", "kind"), [("R04", "pavement"), ("R07", "carriageway")])
def test_without_ground_the_height_is_not_checked(rule: str, kind: str) -> None:
    (finding,) = findings(hand_street(unknown=[kind]), add("tree_small", (50, 1)), rule)
    assert finding.verdict is UNCHECKED
    assert finding.missing == (kind,)
