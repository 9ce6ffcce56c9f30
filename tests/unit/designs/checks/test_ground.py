"""R35 (public and free ground), R31 (bays for disabled people) and R36 (how full parking gets).

The street of the tests: building to y = 0, pavement to y = 3, bays to y = 5, carriageway to y = 10.
"""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Finding, Verdict
from app.designs.checks.street import Street, propose
from tests.factories.streets import CATALOGUE, add, findings, hand_street, move, remove, survey

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict


def only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


# --- R35: whose ground -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "verdict"),
    [(1.0, FITS), (0.3, FITS), (0.31, FITS), (0.25, CONFLICT), (-3, CONFLICT)],
)
def test_a_bench_does_not_stand_in_a_building(y: float, verdict: Verdict) -> None:
    # 1.8 m along the street, 0.6 m deep: turned by 90 degrees it reaches 0.3 m from its middle.
    finding = only(findings(hand_street(), add("bench", (50, y), rotation=90), "R35"))
    assert finding.verdict is verdict
    assert (finding.place is not None) == (verdict is CONFLICT)


@pytest.mark.parametrize(
    ("kind", "word"), [("parcel", "privégrond"), ("water", "water"), ("yard", "erf"), ("rail", "spoor")]
)
def test_ground_that_is_not_the_streets(kind: str, word: str) -> None:
    street = hand_street((kind, box(40, 0, 60, 3)), without=["south pavement"], unknown=["parcel"])
    finding = only(findings(street, add("planter", (50, 1.5)), "R35"))
    assert finding.verdict is CONFLICT
    assert word in finding.message


def test_where_plots_are_known_a_yard_alone_is_no_refusal() -> None:
    street = hand_street(("yard", box(40, 0, 60, 3)), without=["south pavement"])
    assert only(findings(street, add("planter", (50, 1.5)), "R35")).verdict is CONDITIONAL


def test_a_bridge_carries_the_street_over_the_water() -> None:
    street = hand_street(("water", box(40, -10, 60, 30)), ("structure", box(40, 0, 60, 13)))
    assert only(findings(street, add("planter", (50, 1.5)), "R35")).verdict is FITS


def test_ground_that_nobody_mapped_is_not_checked() -> None:
    street = hand_street(without=["south pavement"], unknown=["parcel"])
    finding = only(findings(street, add("planter", (50, 1.5)), "R35"))
    assert finding.missing == ("parcel",)
    known = hand_street(without=["south pavement"])
    assert only(findings(known, add("planter", (50, 1.5)), "R35")).verdict is FITS


def test_a_facade_garden_drawn_along_the_wall_is_not_in_the_building() -> None:
    along = add("facade_garden", LineString([(40, 0.01), (44, 0.01)]))
    assert only(findings(hand_street(), along, "R35")).verdict is FITS


def test_a_hand_drawn_area_may_overlap_the_wall_by_a_little() -> None:
    for depth, verdict in ((0.25, FITS), (0.4, CONFLICT)):
        change = add("permeable_paving", box(40, -depth, 50, 3))
        assert only(findings(hand_street(), change, "R35")).verdict is verdict


# --- R35: what is in the way -------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "verdict"), [(51.2, FITS), (51.19, FITS), (51.1, CONFLICT), (50, CONFLICT)])
def test_two_planters_do_not_stand_in_each_other(x: float, verdict: Verdict) -> None:
    # 1.2 m square each; less than 2 cm is a matter of drawing.
    pair = [add("planter", (50, 1.5)), add("planter", (x, 1.5), index=1)]
    for index in (0, 1):
        finding = only(findings(hand_street(), pair, "R35", index))
        assert finding.verdict is verdict
        assert finding.params == ({} if verdict is FITS else {"other": "planter"})


def test_the_existing_thing_is_named() -> None:
    street = hand_street(("lamp", Point(50, 1.5)))
    finding = only(findings(street, add("bench", (50, 1.5)), "R35"))
    assert (finding.verdict, finding.params) == (CONFLICT, {"other": "lamp"})
    gone = findings(street, [add("bench", (50, 1.5)), remove(street, 100, index=1)], "R35")
    assert only(gone).verdict is FITS


@pytest.mark.parametrize(
    ("kind", "shape", "other", "verdict"),
    [
        ("parking_parallel", box(47, 5, 53, 7), ("tree", Point(50, 6)), CONFLICT),
        ("cycle_track_oneway", LineString([(40, 7), (60, 7)]), ("lamp", Point(50, 7)), CONFLICT),
        ("planting_bed", box(47, 0, 53, 3), ("lamp", Point(50, 1.5)), FITS),
        ("play_area", box(40, 0, 60, 3), ("bench", Point(50, 1.5)), FITS),
        ("hedge", LineString([(40, 1), (60, 1)]), ("tree", Point(50, 1)), FITS),
        ("bike_stand", Point(50, 1.5), ("bike_stand", Point(50.8, 1.5)), FITS),
        ("tree_medium", Point(50, 1.5), ("tree", Point(50.7, 1.5)), FITS),
        ("tree_medium", Point(50, 1.5), ("bench", Point(50.7, 1.5)), CONFLICT),
    ],
)
def test_what_may_share_a_place(
    kind: str, shape: BaseGeometry, other: tuple[str, BaseGeometry], verdict: Verdict
) -> None:
    assert only(findings(hand_street(other), add(kind, shape), "R35")).verdict is verdict


def test_two_drawn_surfaces_want_the_same_ground() -> None:
    bed, bay = add("planting_bed", box(40, 5, 46, 7)), add("parking_parallel", box(44, 5, 50, 7), index=1)
    first, second = (only(findings(hand_street(), [bed, bay], "R35", index)) for index in (0, 1))
    assert (first.params, second.params) == ({"other": "parking_parallel"}, {"other": "planting_bed"})
    wider = add("pavement_widening", box(40, 3, 60, 5), index=1)
    assert (
        only(findings(hand_street(), [add("planting_bed", box(41, 3, 44, 5)), wider], "R35")).verdict is FITS
    )


def test_a_moved_thing_is_not_in_its_own_way() -> None:
    street = hand_street(("bench", Point(50, 1.5)))
    assert only(findings(street, move(street, 100, (50.2, 1.5)), "R35")).verdict is FITS
    assert only(findings(street, survey(street, 100), "R35")).verdict is FITS


# --- R31 ---------------------------------------------------------------------------------------------------

DISABLED: dict[str, Any] = {"disabled": True}


def bay_street(**more: Any) -> Street:
    """Bays from x = 0 to 80; a bay for disabled people at 80..86 and an ordinary one at 86..92."""
    return hand_street(
        ("parking", box(80, 3, 86, 6.5), DISABLED),
        ("parking", box(86, 3, 92, 5), {"disabled": False}),
        without=["bays"],
        **more,
    )


def test_a_bay_for_disabled_people_does_not_go() -> None:
    street = bay_street()
    assert only(findings(street, remove(street, 100), "R31")).verdict is CONFLICT
    assert only(findings(street, remove(street, 101), "R31")).verdict is FITS


def test_when_it_comes_back_elsewhere_its_users_have_a_say() -> None:
    street = bay_street()
    back = add("parking_disabled", box(60, 3, 66, 6.5), index=1)
    assert only(findings(street, [remove(street, 100), back], "R31")).verdict is CONDITIONAL


def test_where_no_bay_tells_for_whom_it_is_nothing_is_said() -> None:
    street = hand_street(("parking", box(80, 3, 86, 5)), without=["bays"])
    assert only(findings(street, remove(street, 100), "R31")).missing == ("disabled_bay",)


def test_of_a_car_park_with_some_bays_for_disabled_people_none_may_go() -> None:
    """Of 12 places 2 are for disabled people, which ones is not known: one back is too few."""
    park = ("parking", box(60, 3, 90, 8), {"capacity": 12, "capacity_disabled": 2})
    street = hand_street(park, without=["bays"])
    assert only(findings(street, remove(street, 100), "R31")).verdict is CONFLICT
    one = add("parking_disabled", box(20, 3, 26, 6.5), index=1)
    two = add("parking_disabled", box(26, 3, 32, 6.5), index=2)
    assert only(findings(street, [remove(street, 100), one], "R31")).verdict is CONFLICT
    assert only(findings(street, [remove(street, 100), one, two], "R31")).verdict is CONDITIONAL
    assert only(findings(street, add("planter", (83, 4)), "R31")).missing == ("disabled_bay",)
    # A map that says that there are none has told it.
    none = hand_street(("parking", box(60, 3, 90, 8), {"capacity_disabled": 0}), without=["bays"])
    assert only(findings(none, remove(none, 100), "R31")).verdict is FITS
    assert findings(none, add("planter", (83, 4)), "R31") == []


def test_it_does_not_shrink() -> None:
    street = bay_street()
    assert only(findings(street, add("planter", (83, 4)), "R31")).verdict is CONFLICT
    assert findings(street, add("planter", (89, 4)), "R31") == []
    assert findings(street, add("planter", (83, 2.4)), "R31") == []  # its edge lies at y = 3.0


@pytest.mark.parametrize(
    ("shape", "width", "length"),
    [
        (box(50, 3, 56, 6.5), FITS, FITS),
        (box(50, 3, 55.9, 6.5), FITS, CONFLICT),  # along the street 6.0 m is needed
        (box(50, 3, 56, 6.4), CONDITIONAL, FITS),  # enough for a bay on number plate
        (box(50, 3, 56, 5), CONDITIONAL, FITS),
        (box(50, 3, 56, 4.9999999), CONDITIONAL, FITS),  # 2.00 m, as it comes back from degrees
        (box(50, 3, 56, 4.9), CONFLICT, FITS),  # 1.9 m
        (box(50, 0, 53.5, 5), FITS, FITS),  # square to the street 5.0 m is enough
        (box(50, 0.2, 53.5, 5), FITS, CONFLICT),
    ],
)
def test_the_size_of_a_new_bay(shape: BaseGeometry, width: Verdict, length: Verdict) -> None:
    wide, long, *_ = findings(hand_street(), add("parking_disabled", shape), "R31")
    assert (wide.verdict, long.verdict) == (width, length)


def test_ramp_and_entrance_near_by() -> None:
    bay = add("parking_disabled", box(50, 3, 56, 6.5))
    street = hand_street(("entrance", Point(50, -0.1)), unknown=["kerb_ramp"])
    *_, ramp, entrance = findings(street, bay, "R31")
    assert ramp.missing == ("kerb_ramp",)
    assert entrance.value == pytest.approx(3.1)
    *_, ramp, _ = findings(street, [bay, add("kerb_ramp", (58, 2.8), index=1)], "R31")
    assert ramp.verdict is FITS
    far = hand_street(("entrance", Point(0, -60)))
    *_, entrance = findings(far, bay, "R31")
    assert entrance.verdict is CONDITIONAL
    *_, entrance = findings(hand_street(unknown=["entrance"]), bay, "R31")
    assert entrance.missing == ("entrance",)


def test_an_existing_bay_for_disabled_people_is_measured_in_a_survey() -> None:
    wide, long, *_ = findings(bay_street(), survey(bay_street(), 100), "R31")
    assert (wide.verdict, long.verdict) == (FITS, FITS)
    assert findings(bay_street(), survey(bay_street(), 101), "R31") == []


# --- R36 ---------------------------------------------------------------------------------------------------

# Twenty bays of 5 m in a row.
ROW = [("parking", box(5 * n, 3, 5 * n + 5, 5), {"capacity": 1}) for n in range(20)]


def counted(parked: int, capacity: int | None = None, day: str = "2026-05-12") -> Any:
    told = {} if capacity is None else {"capacity": capacity}
    return ("parking_count", box(-1, -1, 101, 14), {"parked": parked, "counted_on": day, **told})


def counted_street(*counts: Any) -> Street:
    return hand_street(*ROW, *counts, without=["bays"])


@pytest.mark.parametrize(
    ("parked", "lost", "verdict"),
    [(17, 1, FITS), (18, 1, CONDITIONAL), (18, 0, None), (9, 10, FITS), (10, 10, CONDITIONAL)],
)
def test_how_full_it_gets(parked: int, lost: int, verdict: Verdict | None) -> None:
    # 17 / 19 = 0.895 and 9 / 10 = 0.9 fit within 0.9; 18 / 19 = 0.947 and 10 / 10 do not.
    street = counted_street(counted(parked, 20))
    changes = [remove(street, 100 + n, index=n) for n in range(lost)]
    if verdict is None:
        assert findings(street, add("planter", (50, 1.5)), "R36") == []
        return
    finding = only(findings(street, changes, "R36"))
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(parked / (20 - lost))
    assert finding.params == {"left": 20 - lost, "parked": parked, "day": "2026-05-12"}


def test_the_bays_are_counted_where_the_count_does_not_tell_how_many_there_are() -> None:
    street = counted_street(counted(17))
    assert only(findings(street, remove(street, 100), "R36")).value == pytest.approx(17 / 19)


def test_the_newest_count_counts() -> None:
    street = counted_street(counted(19, 20, "2020-01-01"), counted(10, 20, "2026-01-01"))
    assert only(findings(street, remove(street, 100), "R36")).value == pytest.approx(10 / 19)


def test_full_already_and_not_made_worse() -> None:
    street = counted_street(counted(20, 20))
    finding = only(findings(street, add("parking_parallel", box(40, 8, 46, 10)), "R36"))
    assert finding.existing
    assert finding.value == pytest.approx(20 / 21)


def test_a_bed_over_a_bay_takes_it() -> None:
    street = counted_street(counted(17, 20))
    assert only(findings(street, add("planting_bed", box(0, 3, 10, 5)), "R36")).value == pytest.approx(
        17 / 18
    )
    assert findings(street, add("planting_bed", box(0, 0, 10, 3)), "R36") == []


def test_a_bay_that_becomes_green_stays_a_bay() -> None:
    street = counted_street(counted(17, 20))
    bay = street.thing("100")
    assert bay is not None
    change = propose(0, "replace", bay.geometry, kind="green_parking_bay", concerned=bay, catalogue=CATALOGUE)
    assert findings(street, change, "R36") == []


def test_no_place_left() -> None:
    street = counted_street(counted(3, 1))
    finding = only(findings(street, remove(street, 100), "R36"))
    assert finding.verdict is CONDITIONAL


def test_without_a_count_the_number_of_places_is_told() -> None:
    street = counted_street()
    changes = [remove(street, 100), remove(street, 101, index=1)]
    finding = only(findings(street, changes, "R36"))
    assert finding.verdict is UNCHECKED
    assert finding.missing == ("parking_count",)
    assert finding.params == {"lost": 2}
