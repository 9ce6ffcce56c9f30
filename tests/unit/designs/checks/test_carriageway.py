"""R05, R13 and R32.

The carriageway of the usual street lies from y = 5 (bays south of it) to y = 10 (the north pavement): a
narrowing of depth d from the north leaves 5 - d.
"""

from __future__ import annotations

import math

import pytest
from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Finding, Verdict
from app.designs.checks.street import Proposal, Street, survey
from tests.factories.streets import add, findings, hand_street

AXIS = LineString([(-5, 7.5), (105, 7.5)])


def narrowing(depth_m: float, west: float = 40, east: float = 45, index: int = 0) -> Proposal:
    """The north kerb comes forward."""
    return add("road_narrowing", box(west, 10 - depth_m, east, 10), index=index)


def from_the_south(depth_m: float, west: float, east: float, index: int = 0) -> Proposal:
    """The south kerb comes forward."""
    return add("road_narrowing", box(west, 5, east, 5 + depth_m), index=index)


def one(street: Street, proposal: Proposal | list[Proposal], rule: str, index: int = 0) -> Finding:
    (finding,) = findings(street, proposal, rule, index)
    return finding


# --- R05: 3.50 m for the fire engine -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth_m", "verdict"), [(1.0, Verdict.FITS), (1.5, Verdict.FITS), (1.51, Verdict.CONFLICT)]
)
def test_r05_a_fire_engine_gets_through(depth_m: float, verdict: Verdict) -> None:
    finding = one(hand_street(), narrowing(depth_m), "R05")
    assert (finding.verdict, finding.value) == (verdict, pytest.approx(5 - depth_m))


def test_r05_the_widest_way_round_counts() -> None:
    # A planter of 1.2 m in the middle of 10 m of carriageway: 4.4 m on both sides. Of 5 m: 1.9 m.
    wide = hand_street(("carriageway", box(0, 0, 100, 10)), without=["carriageway", "bays", "south pavement"])
    assert one(wide, add("planter", (50, 5)), "R05").value == pytest.approx(4.4)
    finding = one(hand_street(), add("planter", (50, 7.5)), "R05")
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(1.9))


def test_r05_sees_narrowings_aslant_of_each_other() -> None:
    # Each leaves 3.6 m, but from corner (45, 6.4) to corner (46, 8.6) is √(1 + 2.2²) = 2.417 m.
    changes = [from_the_south(1.4, 40, 45), narrowing(1.4, 46, 50, index=1)]
    assert one(hand_street(), changes[0], "R05").verdict is Verdict.FITS
    for index in (0, 1):
        finding = one(hand_street(), changes, "R05", index)
        assert (finding.verdict, finding.value) == (
            Verdict.CONFLICT,
            pytest.approx(math.hypot(1.0, 2.2)),
        )


def test_r05_reckons_that_bays_are_full_until_they_go() -> None:
    # 2.0 m from the north leaves 3.0 m beside the bays; with the bays at that place gone 5.0 m.
    street = hand_street(("parking", box(0, 3, 100, 5)), without=["bays"])
    bays = street.thing("100")
    assert bays is not None
    gone = Proposal(1, "remove", None, bays)
    assert one(street, narrowing(2.0), "R05").verdict is Verdict.CONFLICT
    assert one(street, [narrowing(2.0), gone], "R05").value in (None, pytest.approx(5.0))


def test_r05_says_nothing_of_what_does_not_stand_in_the_way() -> None:
    # A tree in a bay, a hump and a pavement that runs on: driven past or over. A modal filter: see R30.
    for proposal in (
        add("tree_small", (50, 4)),
        add("speed_hump", box(40, 5, 44, 10)),
        add("entry_construction", box(40, 5, 44, 10)),
        add("modal_filter", LineString([(50, 5), (50, 10)])),
    ):
        assert findings(hand_street(), proposal, "R05") == []


def test_r05_softens_where_the_width_is_an_estimate_and_tells_what_is_so_already() -> None:
    finding = one(hand_street(certainty="estimated"), narrowing(2), "R05")
    assert (finding.verdict, finding.estimated) == (Verdict.CONDITIONAL, True)
    # A carriageway of 3.2 m: a bed on the verge beside it changes nothing; one that takes 0.1 m is blamed.
    tight = hand_street(("carriageway", box(0, 5, 100, 8.2)), without=["carriageway", "north pavement"])
    assert findings(tight, add("planting_bed", box(40, 8.2, 45, 9)), "R05") == []
    worse = one(tight, add("planting_bed", box(40, 8.1, 45, 9)), "R05")
    assert (worse.verdict, worse.value, worse.existing) == (Verdict.CONFLICT, pytest.approx(3.1), False)
    # Where a planter leaves 2.8 m already, a bed beside it makes that longer; one behind it changes nothing.
    old = hand_street(
        ("carriageway", box(0, 5, 100, 8.2)),
        ("planter", box(40, 5, 41, 5.4)),
        without=["carriageway", "north pavement"],
    )
    beside = one(old, add("planting_bed", box(41, 5, 42, 5.4)), "R05")
    assert (beside.verdict, beside.value) == (Verdict.CONFLICT, pytest.approx(2.8))
    behind = one(old, add("planting_bed", box(40.2, 5, 40.8, 5.3)), "R05")
    assert (behind.verdict, behind.value, behind.existing) == (
        Verdict.CONDITIONAL,
        pytest.approx(2.8),
        True,
    )


def test_r05_on_a_square_keeps_a_way_that_is_wide_enough_today() -> None:
    def alley(width_m: float) -> Street:
        return hand_street(("square", box(0, 30, 100, 30 + width_m)))

    # A bench of 0.6 m on an alley of 4 m leaves 3.4 m: refused. On one of 3 m no fire engine came before.
    finding = one(alley(4), add("bench", (50, 30.3), rotation=90), "R05")
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(3.4))
    assert one(alley(3), add("bench", (50, 30.3), rotation=90), "R05").verdict is Verdict.FITS


def test_r05_without_carriageways_on_the_map_is_not_checked() -> None:
    street = hand_street(without=["carriageway"], unknown=["carriageway"])
    finding = one(street, narrowing(2), "R05")
    assert (finding.verdict, finding.missing) == (Verdict.UNCHECKED, ("carriageway",))


def test_r05_in_a_survey_judges_the_carriageway_itself() -> None:
    street = hand_street(
        ("carriageway", box(0, 5, 100, 8.2)), without=["carriageway", "bays", "north pavement"]
    )
    proposals = survey(street)
    road = [proposal.kind for proposal in proposals].index("carriageway")
    finding = one(street, proposals, "R05", road)
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(3.2))


# --- R13: the carriageway fits its traffic -------------------------------------------------------------


def street_with_axis(oneway: str, *, bays: bool = True) -> Street:
    return hand_street(("street_axis", AXIS, {"oneway": oneway}), without=[] if bays else ["bays"])


@pytest.mark.parametrize(
    ("oneway", "bays", "depth_m", "verdict", "key"),
    [
        ("yes", True, 1.4, Verdict.FITS, "one_way_m"),  # 3.6 m
        ("yes", True, 1.5, Verdict.FITS, "one_way_m"),  # 3.5 m
        ("yes", True, 1.6, Verdict.CONDITIONAL, "one_way_m"),  # 3.4 m
        ("-1", True, 1.6, Verdict.CONDITIONAL, "one_way_m"),
        ("no", False, 0.1, Verdict.FITS, "two_way_m"),  # 4.9 m
        ("no", False, 0.2, Verdict.FITS, "two_way_m"),  # 4.8 m
        ("no", False, 0.3, Verdict.CONDITIONAL, "two_way_m"),  # 4.7 m
        ("no", True, 0.1, Verdict.CONDITIONAL, "two_way_parking_m"),  # 4.9 m beside bays: 5.0 m
    ],
)
def test_r13_fits_the_traffic(oneway: str, bays: bool, depth_m: float, verdict: Verdict, key: str) -> None:
    finding = one(street_with_axis(oneway, bays=bays), narrowing(depth_m), "R13")
    assert (finding.verdict, finding.value) == (verdict, pytest.approx(5 - depth_m))
    assert finding.limit is not None and finding.limit.key == key


def test_r13_reckons_with_one_way_traffic_of_the_same_design() -> None:
    changes = [narrowing(1.0), add("one_way_street", AXIS, index=1)]
    assert one(street_with_axis("no"), changes[0], "R13").verdict is Verdict.CONDITIONAL
    assert one(street_with_axis("no"), changes, "R13").verdict is Verdict.FITS


@pytest.mark.parametrize(
    ("depth_m", "verdict"),
    [
        (1.0, Verdict.UNCHECKED),  # 4.0 m: enough for one way, too little for two
        (1.6, Verdict.CONDITIONAL),  # 3.4 m: too little whichever it is
    ],
)
def test_r13_without_a_street_axis_says_only_what_is_sure(depth_m: float, verdict: Verdict) -> None:
    finding = one(hand_street(unknown=["street_axis"]), narrowing(depth_m), "R13")
    assert finding.verdict is verdict
    assert finding.missing == (("street_axis",) if verdict is Verdict.UNCHECKED else ())


# --- R32: cycle tracks ---------------------------------------------------------------------------------


def track(kind: str, width_m: float | None, y: float = 8.5) -> Proposal:
    return add(kind, LineString([(20, y), (60, y)]), width=width_m)


@pytest.mark.parametrize(
    ("kind", "width_m", "verdict", "key"),
    [
        ("cycle_track_oneway", None, Verdict.FITS, "one_way_m"),  # 2.0 m as in the catalogue
        ("cycle_track_oneway", 1.8, Verdict.FITS, "one_way_m"),
        ("cycle_track_oneway", 1.79, Verdict.CONDITIONAL, "one_way_m"),
        ("cycle_track_oneway", 1.5, Verdict.CONDITIONAL, "one_way_m"),
        ("cycle_track_oneway", 1.4, Verdict.CONDITIONAL, "one_way_min_m"),
        ("cycle_track_twoway", 3.0, Verdict.FITS, "two_way_m"),
        ("cycle_track_twoway", 2.9, Verdict.CONDITIONAL, "two_way_m"),
    ],
)
def test_r32_a_cycle_track_is_wide_enough_to_overtake(
    kind: str, width_m: float | None, verdict: Verdict, key: str
) -> None:
    wide, buffer = findings(hand_street(), track(kind, width_m), "R32")
    assert (wide.verdict, wide.limit and wide.limit.key) == (verdict, key)
    assert wide.value == pytest.approx(width_m or 2.0)
    assert buffer.verdict is Verdict.FITS


@pytest.mark.parametrize(
    ("middle_y", "buffer_m", "verdict"),
    [
        # The bays end at y = 5; a track of 2 m begins 1 m south of its middle.
        (7.1, None, Verdict.FITS),
        (7.0, 1.0, Verdict.FITS),
        (6.9, 0.9, Verdict.CONDITIONAL),
    ],
)
def test_r32_keeps_a_car_door_from_the_bays(
    middle_y: float, buffer_m: float | None, verdict: Verdict
) -> None:
    _, buffer = findings(hand_street(), track("cycle_track_oneway", 2.0, middle_y), "R32")
    assert (buffer.verdict, buffer.value) == (verdict, buffer_m and pytest.approx(buffer_m))


def test_r32_without_bays_on_the_map_the_buffer_is_not_checked() -> None:
    street = hand_street(without=["bays"], unknown=["parking"])
    wide, buffer = findings(street, track("cycle_track_oneway", 2.0), "R32")
    assert (wide.verdict, buffer.verdict) == (Verdict.FITS, Verdict.UNCHECKED)
    assert buffer.missing == ("parking",)


@pytest.mark.parametrize(
    ("lamp_y", "left_m", "verdict"),
    [(13.05, 1.8, Verdict.FITS), (13.1, 1.75, Verdict.CONDITIONAL)],
)
def test_r32_what_stands_on_a_track_leaves_its_width(lamp_y: float, left_m: float, verdict: Verdict) -> None:
    # A track of 2 m at y = 13..15; a lamp of 0.3 m on its border takes 0.20 or 0.25 m of it.
    street = hand_street(("cycle_path", box(0, 13, 100, 15)), without=["north building"])
    finding = one(street, add("street_light", (50, lamp_y)), "R32")
    assert (finding.verdict, finding.value) == (verdict, None if left_m == 1.8 else pytest.approx(left_m))


def test_r32_says_nothing_of_what_stands_elsewhere() -> None:
    def nothing(shape: BaseGeometry) -> list[Finding]:
        return findings(hand_street(), add("planting_bed", shape), "R32")

    assert nothing(box(40, 0, 45, 1)) == []
