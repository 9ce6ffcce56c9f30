"""R26: 1.5 m free around play equipment. R34: 0.8 m between bicycle stands, 1.2 m to turn a bicycle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from shapely.geometry import LineString, Point, box

from app.designs.checks.model import Verdict
from app.designs.checks.run import judge
from geodata import rulebook
from tests.factories.streets import add, findings, hand_street, survey

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict
# A square with nothing around it.
SQUARE = ("square", box(0, -60, 100, -20))


@pytest.mark.parametrize(("x", "verdict"), [(52.6, FITS), (52.5, CONFLICT), (51, CONFLICT)])
def test_nothing_to_fall_against(x: float, verdict: Verdict) -> None:
    # The equipment is 2 x 2 m, the lamp 0.2 m across: its near side lies 0.1 m nearer.
    street = hand_street(SQUARE, ("lamp", Point(x, -40)))
    zone, cars, _soft = findings(street, add("play_equipment", (50, -40)), "R26")
    assert zone.verdict is verdict
    assert zone.value == pytest.approx(max(x - 0.1 - 51, 0))
    assert cars.verdict is FITS
    if verdict is CONFLICT:
        assert zone.params == {"other": "lamp"}


def test_of_a_tree_only_the_stem_counts() -> None:
    tree = add("tree_medium", (53, -40), index=1)
    zone, *_ = findings(hand_street(SQUARE), [add("play_equipment", (50, -40)), tree], "R26")
    assert zone.value == pytest.approx(2 - 0.15)


def test_the_zone_lies_on_public_ground() -> None:
    street = hand_street(SQUARE, ("parcel", box(52, -60, 60, -20)))
    _, outside, *_ = findings(street, add("play_equipment", (50, -40)), "R26")
    assert outside.verdict is CONFLICT
    further = findings(street, add("play_equipment", (49.4, -40)), "R26")
    assert [finding.verdict for finding in further[:2]] == [FITS, FITS]
    assert not any("buiten de straat" in finding.message for finding in further)


@pytest.mark.parametrize(("y", "verdict"), [(-21.5, FITS), (-21.4, CONFLICT)])
def test_away_from_cars(y: float, verdict: Verdict) -> None:
    street = hand_street(SQUARE, ("carriageway", box(0, -19, 100, -16)))
    _, cars, _soft = findings(street, add("play_equipment", (50, y)), "R26")
    assert cars.verdict is verdict
    assert cars.value == pytest.approx(-19 - (y + 1))


def test_a_fence_keeps_children_off_the_carriageway() -> None:
    street = hand_street(
        SQUARE, ("carriageway", box(0, -19, 100, -16)), ("barrier", LineString([(40, -19.2), (60, -19.2)]))
    )
    _, cars, _soft = findings(street, add("play_equipment", (50, -21.8)), "R26")
    assert cars.verdict is FITS


def test_play_without_a_known_carriageway_is_not_checked() -> None:
    (finding,) = findings(
        hand_street(SQUARE, unknown=["carriageway"]), add("play_equipment", (50, -40)), "R26"
    )
    assert finding.missing == ("carriageway",)


@pytest.mark.parametrize(
    ("ground", "verdict"),
    [
        (("green", box(0, -60, 100, -20)), FITS),
        (("square", box(0, -60, 100, -20)), CONDITIONAL),
        # The zone reaches from x = 47.5 to 52.5: paving that begins there is beside it.
        (("pavement", box(52.5, -60, 100, -20)), FITS),
        (("pavement", box(52.4, -60, 100, -20)), CONDITIONAL),
    ],
)
def test_one_falls_on_something_soft(ground: tuple[str, Any], verdict: Verdict) -> None:
    *_, soft = findings(hand_street(ground), add("play_equipment", (50, -40)), "R26")
    assert soft.verdict is verdict
    if verdict is FITS:
        # How high one can fall is not drawn: grass is told to be enough for 1.5 m (S95).
        assert soft.limit is not None and (soft.limit.value, soft.limit.sources) == (1.5, ("S95",))


def test_the_ground_of_a_play_area_is_made_for_falling() -> None:
    area = add("play_area", box(45, -45, 55, -35), index=1)
    *_, soft = findings(hand_street(SQUARE), [add("play_equipment", (50, -40)), area], "R26")
    assert soft.verdict is FITS


def test_no_margin_beside_cars_is_no_leave_to_stand_among_them() -> None:
    own = rulebook.load().with_own({("R26", "carriageway_m"): (0.0, "Raad", date(2026, 1, 1))})
    street = hand_street(SQUARE, ("carriageway", box(0, -19, 100, -16)))
    for y, verdict in ((-20.0, FITS), (-19.9, CONFLICT), (-17.5, CONFLICT)):
        judged = judge(street, [add("play_equipment", (50, y))], own)[0]
        _, cars, *_ = [finding for finding in judged.findings if finding.rule.id == "R26"]
        assert cars.verdict is verdict


def test_a_play_area_is_no_equipment() -> None:
    assert findings(hand_street(SQUARE), add("play_area", box(40, -50, 60, -30)), "R26") == []


def test_existing_equipment_in_a_survey() -> None:
    street = hand_street(SQUARE, ("play", Point(50, -40)), ("bench", Point(52, -40)))
    # 1.5 m across and a bench 0.6 m wide: 2 - 0.75 - 0.3 = 0.95 m.
    zone, *_ = findings(street, survey(street, 101), "R26")
    assert zone.value == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("apart_m", "verdict"),
    [(0.79, CONFLICT), (0.8, CONDITIONAL), (0.99, CONDITIONAL), (1.0, FITS), (0.5, CONFLICT)],
)
def test_stands_keep_apart(apart_m: float, verdict: Verdict) -> None:
    pair = [add("bike_stand", (50, -40)), add("bike_stand", (50 + apart_m, -40), index=1)]
    for index in (0, 1):
        spacing, aisle = findings(hand_street(SQUARE), pair, "R34", index)
        assert spacing.verdict is verdict
        assert spacing.value == pytest.approx(apart_m)
        assert aisle.verdict is FITS


def test_a_lone_stand_and_an_existing_one() -> None:
    spacing, _ = findings(hand_street(SQUARE), add("bike_stand", (50, -40)), "R34")
    assert (spacing.verdict, spacing.value) == (FITS, None)
    street = hand_street(SQUARE, ("bike_stand", Point(50.7, -40)))
    spacing, _ = findings(street, add("bike_stand", (50, -40)), "R34")
    assert spacing.verdict is CONFLICT


@pytest.mark.parametrize(
    ("wall_side_m", "other_side_m", "verdict"),
    [(1.2, 0.3, FITS), (1.1, 0.3, CONFLICT), (1.1, 1.2, FITS), (1.1, 1.1, CONFLICT)],
)
def test_an_aisle_of_1_20(wall_side_m: float, other_side_m: float, verdict: Verdict) -> None:
    # The stand is 2 m long; the wall lies at y = 0, a planter of 1.2 m at the other end.
    y = wall_side_m + 1
    planter = add("planter", (50, y + 1 + other_side_m + 0.6), index=1)
    _, aisle = findings(hand_street(), [add("bike_stand", (50, y)), planter], "R34")
    assert aisle.verdict is verdict


def test_a_turned_stand_looks_along_its_own_direction() -> None:
    # Turned by 90 degrees it runs along the street: the wall beside it is no matter.
    planters = [add("planter", (48.2, 1), index=1), add("planter", (51.8, 1), index=2)]
    _, aisle = findings(hand_street(), [add("bike_stand", (50, 1), rotation=90), *planters], "R34")
    assert aisle.verdict is CONFLICT
    _, aisle = findings(hand_street(), [add("bike_stand", (50, 1), rotation=90), planters[0]], "R34")
    assert aisle.verdict is FITS
