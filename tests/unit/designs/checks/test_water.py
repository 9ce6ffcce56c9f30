"""R33: water at most 0.30 m deep, a swale 2.45 m wide, a tenth of the paving around it, 3 m from façades."""

from __future__ import annotations

import pytest
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Finding, Verdict
from app.designs.checks.street import Street, existing_thing
from tests.factories.streets import add, findings

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict
# Two strips of 50 m² on either side of x 0..4, all of it within 10 m of a swale there.
STRIPS = (("pavement", box(4, 0, 9, 10)), ("pavement", box(-5, 0, 0, 10)))


def street(*things: tuple[str, BaseGeometry], known: tuple[str, ...] = ("building", "pavement")) -> Street:
    return Street([existing_thing(i, kind, shape) for i, (kind, shape) in enumerate(things, 1)], known)


def judged(place: Street, shape: BaseGeometry, kind: str = "wadi") -> list[Finding]:
    return findings(place, add(kind, shape), "R33")


def test_a_swale_that_is_wide_enough_and_large_enough() -> None:
    depth, width, share, facade, ground = judged(street(*STRIPS), box(0, 0, 4, 2.5))
    assert (depth.verdict, depth.value) == (FITS, 0.3)
    assert (width.verdict, width.value) == (FITS, pytest.approx(2.5))
    assert (share.verdict, share.value) == (FITS, pytest.approx(10 / 100))
    assert (facade.verdict, facade.value) == (FITS, None)
    assert ground.missing == ("groundwater",)


@pytest.mark.parametrize(
    ("kind", "width_m", "verdict"),
    [
        ("wadi", 2.45, FITS),
        ("wadi", 2.4, CONDITIONAL),
        ("rain_garden", 2.0, FITS),
        ("rain_garden", 1.9, CONDITIONAL),
    ],
)
def test_how_wide(kind: str, width_m: float, verdict: Verdict) -> None:
    _, width, *_ = judged(street(*STRIPS), box(0, 0, 4, width_m), kind)
    assert width.verdict is verdict
    assert width.value == pytest.approx(width_m)


def test_too_small_for_its_surroundings() -> None:
    # 10 m² for 100 + 10 m² of paving.
    _, _, share, *_ = judged(street(*STRIPS, ("carriageway", box(0, 2.5, 4, 5))), box(0, 0, 4, 2.5))
    assert share.verdict is CONDITIONAL
    assert share.value == pytest.approx(10 / 110)


def test_where_no_paving_is_on_the_map_nobody_knows_what_drains_into_it() -> None:
    _, _, share, *_ = judged(street(known=("building",)), box(0, 0, 4, 2.5))
    assert (share.verdict, share.missing) == (UNCHECKED, ("pavement",))
    _, _, share, *_ = judged(street(), box(0, 0, 4, 2.5))
    assert (share.verdict, share.value) == (FITS, 1.0)


def test_paving_under_the_swale_itself_does_not_drain_into_it() -> None:
    _, _, share, *_ = judged(street(("pavement", box(0, 0, 4, 2.5))), box(0, 0, 4, 2.5))
    assert (share.verdict, share.value) == (FITS, 1.0)


@pytest.mark.parametrize(("x", "verdict"), [(7.0, FITS), (6.9, CONDITIONAL)])
def test_away_from_the_facade(x: float, verdict: Verdict) -> None:
    *_, facade, _ = judged(street(("building", box(x, 0, 20, 10))), box(0, 0, 4, 2.5))
    assert facade.verdict is verdict
    assert facade.value == pytest.approx(x - 4)


def test_without_buildings_on_the_map_it_is_not_checked() -> None:
    (finding,) = judged(street(*STRIPS, known=("pavement",)), box(0, 0, 4, 2.5))
    assert finding.missing == ("building",)
