"""R22 (charging points), R23 and R24 (underground containers), R27 (humps), R28 (zebra crossings).

The usual street: façade y = 0, pavement to y = 3, bays to y = 5, carriageway to y = 10.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from shapely.geometry import LineString, Point, box

from app.designs.checks.model import Verdict
from app.designs.checks.run import judge
from geodata import rulebook
from tests.factories.streets import add, findings, hand_street, remove

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict


def verdicts(street: Any, changes: Any, rule: str) -> list[Verdict]:
    return [finding.verdict for finding in findings(street, changes, rule)]


# --- R22: a post of 0.3 x 0.3 m -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "bay", "kerb"),
    [
        (2.3, FITS, FITS),  # 3 - 2.45 = 0.55 m
        (2.25, FITS, FITS),  # 0.60 m
        (2.2, CONFLICT, FITS),  # 0.65 m
        (2.35, FITS, FITS),  # 0.50 m
        (2.4, FITS, CONFLICT),  # 0.45 m
    ],
)
def test_a_charger_stands_near_its_bay_and_off_the_kerb(y: float, bay: Verdict, kerb: Verdict) -> None:
    to_bay, to_kerb, around, room = findings(hand_street(), add("ev_charger", (50, y)), "R22")
    assert (to_bay.verdict, to_kerb.verdict) == (bay, kerb)
    assert to_bay.value == pytest.approx(3 - y - 0.15)
    assert around.verdict is FITS
    assert room.value == pytest.approx(y - 0.15)


@pytest.mark.parametrize(
    ("planter_y", "room_m", "verdict"),
    [(0.3, 1.25, FITS), (0.4, 1.15, CONDITIONAL), (0.65, 0.9, CONDITIONAL), (0.7, 0.85, CONFLICT)],
)
def test_pavement_stays_free_beside_a_charger(planter_y: float, room_m: float, verdict: Verdict) -> None:
    # From the post's edge (y = 2.15) to the planter's (0.6 m beyond its middle).
    pair = [add("ev_charger", (50, 2.3)), add("planter", (50, planter_y), index=1)]
    *_, room = findings(hand_street(), pair, "R22")
    assert room.verdict is verdict
    assert room.value == pytest.approx(room_m)


@pytest.mark.parametrize(("x", "verdict"), [(51.25, FITS), (51.2, CONFLICT)])
def test_half_a_metre_around_a_charger(x: float, verdict: Verdict) -> None:
    # Edges at 50.15 and x - 0.6.
    pair = [add("ev_charger", (50, 2.3)), add("planter", (x, 2.3), index=1)]
    _, _, around, _ = findings(hand_street(), pair, "R22")
    assert around.verdict is verdict


def test_a_charger_without_a_bay() -> None:
    to_bay, *_ = findings(hand_street(without=["bays"]), add("ev_charger", (50, 2.3)), "R22")
    assert to_bay.verdict is CONFLICT
    (finding,) = findings(hand_street(unknown=["parking"]), add("ev_charger", (50, 2.3)), "R22")
    assert finding.missing == ("parking",)


# --- R23: a pit of 2.5 x 2.5 m ------------------------------------------------------------------------


@pytest.mark.parametrize(("y", "verdict"), [(3.25, FITS), (3.2, CONFLICT), (0, CONFLICT)])
def test_a_container_keeps_two_metres_from_facades(y: float, verdict: Verdict) -> None:
    (finding,) = findings(hand_street(), add("underground_container", (50, y)), "R23")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(max(y - 1.25, 0))


def test_a_container_with_unknown_buildings() -> None:
    (finding,) = findings(hand_street(unknown=["building"]), add("underground_container", (50, 1)), "R23")
    assert finding.missing == ("building",)


# --- R24 ----------------------------------------------------------------------------------------------

# Nothing between pavement (to y = 3) and carriageway (from y = 5).
OPEN = {"without": ("bays",)}


def test_a_container_at_the_carriageway() -> None:
    truck, *others, wires = findings(hand_street(**OPEN), add("underground_container", (50, 3.75)), "R24")
    assert truck.value == pytest.approx(0, abs=1e-6)
    assert [f.verdict for f in (truck, *others)] == [FITS] * 6
    assert wires.missing == ("overhead_wire",)


@pytest.mark.parametrize(
    ("y", "distance_m", "verdict"),
    [(1.75, 2.0, FITS), (1.7, 2.05, CONDITIONAL), (-0.25, 4.0, CONDITIONAL), (-0.3, 4.05, CONFLICT)],
)
def test_how_far_the_truck_reaches(y: float, distance_m: float, verdict: Verdict) -> None:
    truck, *_ = findings(hand_street(**OPEN), add("underground_container", (50, y)), "R24")
    assert truck.verdict is verdict
    assert truck.value == pytest.approx(distance_m, abs=1e-6)


def test_a_truck_needs_three_by_ten_metres() -> None:
    container = add("underground_container", (50, 3.75))
    narrow = hand_street(("carriageway", box(0, 5, 100, 7.9)), without=["bays", "carriageway"])
    short = hand_street(("carriageway", box(46, 5, 55.9, 10)), without=["bays", "carriageway"])
    enough = hand_street(("carriageway", box(45, 5, 56, 8.1)), without=["bays", "carriageway"])
    assert findings(narrow, container, "R24")[0].verdict is CONFLICT
    assert findings(short, container, "R24")[0].verdict is CONFLICT
    assert findings(enough, container, "R24")[0].verdict is FITS


def test_one_does_not_hoist_over_parked_cars_or_walkers() -> None:
    _, over_bays, *_ = findings(hand_street(), add("underground_container", (50, 1.75)), "R24")
    assert over_bays.verdict is CONFLICT
    wide = hand_street(("pavement", box(0, 3, 100, 5)), without=["bays"])
    _, walkers, *_ = findings(wide, add("underground_container", (50, 2.85)), "R24")
    _, strip, *_ = findings(wide, add("underground_container", (50, 2.9)), "R24")
    assert (walkers.verdict, walkers.value) == (CONFLICT, pytest.approx(0.9))
    assert strip.verdict is FITS


@pytest.mark.parametrize(("x", "verdict"), [(54.2, CONFLICT), (54.3, FITS)])
def test_no_crown_above_the_pit(x: float, verdict: Verdict) -> None:
    # An unknown tree has a crown of 28 m², radius 2.99 m; the pit ends at x = 51.25.
    street = hand_street(("tree", Point(x, 3.75)), **OPEN)
    container = add("underground_container", (50, 3.75))
    assert findings(street, container, "R24")[2].verdict is verdict
    without_tree = [container, remove(street, 100, index=1)]
    assert findings(street, without_tree, "R24")[2].verdict is FITS
    # A map without trees tells nothing of what hangs there; a tree that is drawn is known all the same.
    bare = hand_street(unknown=["tree"], **OPEN)
    assert findings(bare, container, "R24")[2].missing == ("tree",)
    drawn = [container, add("tree_medium", (x, 3.75), index=1)]
    assert findings(bare, drawn, "R24")[2].verdict is (CONFLICT if verdict is CONFLICT else UNCHECKED)


def test_no_cable_in_the_pit() -> None:
    container = add("underground_container", (50, 3.75))
    crossing = hand_street(("cable", LineString([(0, 3), (100, 3)])), **OPEN)
    beside = hand_street(("cable", LineString([(0, 2.4), (100, 2.4)])), **OPEN)
    unknown = hand_street(unknown=["cable"], **OPEN)
    assert findings(crossing, container, "R24")[3].verdict is CONFLICT
    assert findings(beside, container, "R24")[3].verdict is FITS
    assert findings(unknown, container, "R24")[3].missing == ("cable",)


@pytest.mark.parametrize(("y", "verdict"), [(1.60, CONFLICT), (1.55, FITS)])
def test_a_larger_pit_turns_with_its_container(y: float, verdict: Verdict) -> None:
    """3 m square, turned by 45 degrees: its corner reaches to 3.75 - 1.5 √2 = 1.63; a cable is 0.1 wide."""
    own = rulebook.load().with_own({("R24", "pit_m"): (3.0, "Raad", date(2026, 1, 1))})
    street = hand_street(("cable", LineString([(0, y), (100, y)])), **OPEN)
    judged = judge(street, [add("underground_container", (50, 3.75), rotation=45)], own)[0]
    assert [one for one in judged.findings if one.rule.id == "R24"][3].verdict is verdict


@pytest.mark.parametrize(("x", "verdict"), [(53.0, FITS), (52.9, CONFLICT)])
def test_containers_keep_apart(x: float, verdict: Verdict) -> None:
    # Two pits of 2.5 m: x - 50 - 2.5.
    pair = [add("underground_container", (50, 3.75)), add("underground_container", (x, 3.75), index=1)]
    expected = verdict
    assert findings(hand_street(**OPEN), pair, "R24")[4].verdict is expected


# Footprint 2.5 x 2.5 m: y from 2.5 to 5, so the pavement behind it is 2.5 m deep.
@pytest.mark.parametrize(
    ("hedges_y", "verdict"),
    [((0, 0.0), FITS), ((0, 0.4), FITS), ((0, 0.45), CONFLICT)],
    ids=["2.50 m", "2.10 m", "2.05 m"],
)
def test_a_wheelchair_turns_at_a_container(hedges_y: tuple[float, float], verdict: Verdict) -> None:
    low, high = hedges_y
    more = [("hedge", box(0, low, 100, high))] if high > low else []
    street = hand_street(*more, **OPEN)
    turning = findings(street, add("underground_container", (50, 3.75)), "R24")[5]
    assert turning.limit is not None and turning.limit.key == "turning_m"
    assert turning.verdict is verdict


def test_room_to_turn_lies_at_the_container_and_not_further_on() -> None:
    # Behind the container stands a hedge, from 5 m beside it the pavement is free.
    street = hand_street(("hedge", box(40, 0, 60, 2.3)), **OPEN)
    assert findings(street, add("underground_container", (50, 3.75)), "R24")[5].verdict is CONFLICT
    assert findings(street, add("underground_container", (61, 3.75)), "R24")[5].verdict is FITS


def test_room_to_turn_with_an_unknown_pavement() -> None:
    street = hand_street(unknown=["pavement"], **OPEN)
    assert findings(street, add("underground_container", (50, 3.75)), "R24")[5].missing == ("pavement",)


def test_a_wire_above_a_container() -> None:
    street = hand_street(("overhead_wire", LineString([(0, 4), (100, 4)])), **OPEN)
    street.known |= {"overhead_wire"}
    container, beside = add("underground_container", (50, 3.75)), add("underground_container", (50, 1.25))
    assert findings(street, container, "R24")[6].verdict is CONFLICT
    assert findings(street, beside, "R24")[6].verdict is FITS


def test_a_container_on_a_street_without_a_carriageway() -> None:
    (finding,) = findings(hand_street(unknown=["carriageway"]), add("underground_container", (50, 1)), "R24")
    assert finding.missing == ("carriageway",)


# --- R27 ----------------------------------------------------------------------------------------------

HUMP = add("speed_hump", LineString([(50, 5), (50, 10)]))
AXIS = LineString([(0, 7.5), (100, 7.5)])


def test_a_hump_in_a_quiet_street() -> None:
    street = hand_street(("street_axis", AXIS), without=["north building"])
    buses, heavy, houses, width = findings(street, HUMP, "R27")
    assert (buses.verdict, houses.verdict, width.verdict) == (FITS, FITS, FITS)
    assert houses.value == pytest.approx(5)
    assert heavy.missing == ("heavy_traffic",)


def test_a_hump_on_a_bus_route() -> None:
    on_route = hand_street(("street_axis", AXIS, {"bus_route": "yes"}))
    by_a_stop = hand_street(("bus_stop", Point(70, 2)), unknown=["bus_route"])
    assert findings(on_route, HUMP, "R27")[0].verdict is CONDITIONAL
    assert findings(by_a_stop, HUMP, "R27")[0].verdict is CONDITIONAL
    assert findings(hand_street(unknown=["bus_route"]), HUMP, "R27")[0].missing == ("bus_route",)


def test_a_hump_close_to_a_house() -> None:
    # The northern façade lies at y = 13.
    houses = findings(hand_street(), HUMP, "R27")[2]
    assert (houses.verdict, houses.value) == (CONDITIONAL, pytest.approx(3))
    assert findings(hand_street(unknown=["building"]), HUMP, "R27")[2].missing == ("building",)


@pytest.mark.parametrize(("from_y", "verdict"), [(5.5, FITS), (5.6, CONDITIONAL)])
def test_a_hump_covers_the_carriageway(from_y: float, verdict: Verdict) -> None:
    hump = add("speed_hump", LineString([(50, from_y), (50, 10)]))
    *_, width = findings(hand_street(), hump, "R27")
    assert width.verdict is verdict
    assert width.value == pytest.approx(from_y - 5)


def test_a_hump_beside_the_carriageway() -> None:
    *_, width = findings(hand_street(), add("speed_hump", LineString([(50, 1), (50, 2)])), "R27")
    assert width.verdict is CONDITIONAL


# --- R28 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("maxspeed", "verdict"), [("30", CONDITIONAL), ("50", FITS), (None, UNCHECKED)])
def test_a_zebra_in_a_30_street_where_a_municipality_switched_that_on(
    maxspeed: str | None, verdict: Verdict
) -> None:
    told = {} if maxspeed is None else {"maxspeed": maxspeed}
    street = hand_street(("street_axis", AXIS, told))
    crossing = add("raised_crossing", LineString([(50, 5), (50, 10)]))
    assert findings(street, crossing, "R28") == []
    book = rulebook.load()
    rules = {**book.rules, "R28": replace(book.rules["R28"], enabled=True)}
    (judged,) = judge(street, [crossing], replace(book, rules=rules))
    (finding,) = [finding for finding in judged.findings if finding.rule.id == "R28"]
    assert finding.verdict is verdict
