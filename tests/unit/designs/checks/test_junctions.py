"""R09 and R10 (no bay near junctions, crossings, stops), R11 (driveways) and R12 (sight).

The usual street (carriageway y = 5 to 10, axis y = 7.5) with a side street northwards, x = 47 to 53: its
corners lie at (47, 10) and (53, 10). There are no bays yet between pavement and carriageway (y = 3 to 5).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.junctions import junctions_near, speed_kmh
from app.designs.checks.model import Finding, Verdict
from app.designs.checks.run import judge
from app.designs.checks.street import Street, existing_thing
from geodata import rulebook
from tests.factories.streets import add, findings, hand_street, survey

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict
NORTH = ("north pavement", "north building")


def junction(
    *more: Any, maxspeed: str | None = "30", without: tuple[str, ...] = ("bays",), **rest: Any
) -> Street:
    told = {} if maxspeed is None else {"maxspeed": maxspeed}
    return hand_street(
        ("street_axis", LineString([(0, 7.5), (50, 7.5), (100, 7.5)]), told),
        ("street_axis", LineString([(50, 7.5), (50, 60)]), told),
        ("carriageway", box(47, 10, 53, 60)),
        ("pavement", box(0, 10, 47, 13)),
        ("pavement", box(53, 10, 100, 13)),
        *more,
        without=(*NORTH, *without),
        **rest,
    )


def bay(x: float, y: float = 3) -> Any:
    return add("parking_parallel", box(x, y, x + 6, y + 2))


def only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


def test_the_corners_of_a_junction() -> None:
    (found,) = junctions_near(junction(), Point(50, 7.5), 1)
    assert sorted((round(c.at.x, 6), round(c.at.y, 6)) for c in found.corners) == [(47, 10), (53, 10)]
    assert found.area.equals(box(47, 5, 53, 10))
    assert {corner.speed_kmh for corner in found.corners} == {30.0}


def test_where_the_map_has_no_carriageway_the_axis_tells_its_width() -> None:
    wide = {"carriageway_width_m": 7.0}
    street = Street(
        [
            existing_thing(1, "street_axis", LineString([(0, 0), (50, 0), (100, 0)]), attributes=wide),
            existing_thing(2, "street_axis", LineString([(50, 0), (50, 60)]), attributes=wide),
        ]
    )
    (found,) = junctions_near(street, Point(50, 0), 1)
    assert found.area.equals(box(46.5, -3.5, 53.5, 3.5))


def test_an_exit_and_a_bend_are_no_junction() -> None:
    exit_of_a_yard = hand_street(
        ("street_axis", LineString([(0, 7.5), (50, 7.5), (100, 7.5)])),
        ("street_axis", LineString([(50, 7.5), (50, 60)]), {"highway": "service"}),
    )
    assert junctions_near(exit_of_a_yard, Point(50, 7.5), 5) == []
    bend = hand_street(("street_axis", LineString([(0, 7.5), (50, 7.5), (50, 60)])))
    assert junctions_near(bend, Point(50, 7.5), 5) == []


@pytest.mark.parametrize(
    ("said", "kmh"),
    [("30", 30), (50, 50), ("20 mph", 32.18), ("walk", None), ("", None), ("0", None), ("9999", None)],
)
def test_speed_limits(said: object, kmh: float | None) -> None:
    axis = existing_thing(1, "street_axis", LineString([(0, 0), (1, 0)]), attributes={"maxspeed": said})
    assert speed_kmh(axis) == (None if kmh is None else pytest.approx(kmh))


# --- R09 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "distance_m", "verdict"),
    [
        (58, 3, 5.0, FITS),  # opposite the side street the junction ends at x = 53 too
        (57.9, 3, 4.9, CONFLICT),
        (36, 3, 5.0, FITS),
        (36.1, 3, 4.9, CONFLICT),
        (58, 10, 5.0, FITS),
        (50, 3, 0.0, CONFLICT),
        (90, 3, None, FITS),
    ],
)
def test_no_bay_within_five_metres_of_a_junction(
    x: float, y: float, distance_m: float | None, verdict: Verdict
) -> None:
    finding = only(findings(junction(), bay(x, y), "R09"))
    assert finding.verdict is verdict
    assert finding.value == (None if distance_m is None else pytest.approx(distance_m))


def test_on_estimated_ground_it_is_measured_on_site() -> None:
    finding = only(findings(junction(certainty="estimated"), bay(55), "R09"))
    assert (finding.verdict, finding.estimated) == (CONDITIONAL, True)


def test_a_bay_that_changes_its_kind_was_there_already() -> None:
    street = junction(("parking", box(50, 3, 70, 5)))
    finding = only(findings(street, add("car_share_bay", box(54, 3, 60, 5)), "R09"))
    assert (finding.verdict, finding.existing) == (CONDITIONAL, True)


def test_without_axes_there_are_no_junctions_to_measure_from() -> None:
    finding = only(findings(hand_street(unknown=["street_axis"]), bay(50), "R09"))
    assert finding.missing == ("street_axis",)


# --- R10 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "verdict"), [(25, FITS), (24.9, CONFLICT), (19, CONFLICT), (13.9, FITS)])
@pytest.mark.parametrize("crossing", [Point(20, 7.5), box(19.99, 5, 20, 10)])
def test_no_bay_within_five_metres_of_a_crossing(x: float, verdict: Verdict, crossing: BaseGeometry) -> None:
    # A crossing that the map knows as a point lies across the carriageway there: y = 5 to 10 at x = 20.
    street = junction(("crossing", crossing))
    shape = box(x, 5, x + 1, 7)
    on_crossing, _ = findings(street, add("parking_parallel", shape), "R10")
    assert on_crossing.verdict is verdict


@pytest.mark.parametrize(
    ("stop", "x", "verdict"),
    [
        (Point(10, 4), 22.05, FITS),  # the post is 0.1 m across
        (Point(10, 4), 22.0, CONFLICT),
        (Point(10, 11), 12.0, FITS),  # on the other side of the street
    ],
)
def test_no_bay_within_twelve_metres_of_a_bus_stop(stop: Point, x: float, verdict: Verdict) -> None:
    _, at_stop = findings(junction(("bus_stop", stop)), bay(x), "R10")
    assert at_stop.verdict is verdict


def test_what_is_unknown_about_crossings_and_stops_is_named() -> None:
    crossing, stop = findings(junction(unknown=["crossing", "bus_stop"]), bay(20), "R10")
    assert (crossing.missing, stop.missing) == (("crossing",), ("bus_stop",))


# --- R11 ----------------------------------------------------------------------------------------------

DRIVEWAY = ("driveway", box(20, 0, 23, 3))


@pytest.mark.parametrize(
    ("change", "distance_m", "verdict"),
    [
        (add("planter", (24.1, 1.5)), 0.5, FITS),
        (add("planter", (24.0, 1.5)), 0.4, CONFLICT),
        (add("planter", (21, 1.5)), 0.0, CONFLICT),
        (add("tree_small", (23.65, 1.5)), 0.5, FITS),  # the stem is 0.3 m across
        (bay(13.5), 0.5, FITS),  # the way out runs on over y = 3 to 5
        (bay(13.6), 0.4, CONFLICT),
        (bay(19), 0.0, CONFLICT),
        (add("planting_bed", box(21, 0, 25, 2)), 0.0, CONFLICT),
        (add("planter", (60, 1.5)), None, FITS),
    ],
)
def test_driveways_stay_free(change: Any, distance_m: float | None, verdict: Verdict) -> None:
    finding = only(findings(junction(DRIVEWAY), change, "R11"))
    assert finding.verdict is verdict
    assert finding.value == (None if distance_m is None else pytest.approx(distance_m))


def test_no_margin_beside_a_driveway_is_no_leave_to_stand_on_it() -> None:
    """A municipality may ask for 0 m on either side: a planter may touch it, not block it."""
    own = rulebook.load().with_own({("R11", "margin_m"): (0.0, "Raad", date(2026, 1, 1))})
    for x, verdict in ((23.6, FITS), (23.5, CONFLICT), (21.5, CONFLICT)):
        judged = judge(junction(DRIVEWAY), [add("planter", (x, 1.5))], own)[0]
        finding = only([finding for finding in judged.findings if finding.rule.id == "R11"])
        assert finding.verdict is verdict, x


def test_without_driveways_on_the_map_it_is_not_checked() -> None:
    finding = only(findings(junction(unknown=["driveway"]), add("planter", (21, 1.5)), "R11"))
    assert finding.missing == ("driveway",)


# --- R12 ----------------------------------------------------------------------------------------------

# Behind the corner at (53, 10): 2 m of the legs, and 7 m.
NEAR = add("hedge", LineString([(54, 11), (54.5, 11)]))
FAR = add("hedge", LineString([(56, 14), (56.5, 14)]))


@pytest.mark.parametrize(
    ("maxspeed", "change", "verdicts"),
    [
        ("30", NEAR, [CONDITIONAL]),
        ("30", FAR, [FITS]),
        ("50", NEAR, [CONFLICT]),
        ("50", FAR, [CONFLICT]),
        (None, NEAR, [CONDITIONAL, UNCHECKED]),
        (None, FAR, [UNCHECKED]),
        ("30", add("planter", (54.5, 11)), [FITS]),  # 0.8 m high
        ("30", add("tree_large", (54.5, 11)), [FITS]),  # a stem hides nobody
        ("30", add("street_light", (54.5, 11)), [FITS]),
        ("30", add("underground_container", (54.5, 11.5)), [CONDITIONAL]),  # 1.2 m
        ("50", add("parking_parallel", box(54, 10, 60, 12)), [CONFLICT]),  # a car of 1.5 m
        ("50", add("planter", (30, 1.5)), [FITS]),
    ],
)
def test_sight_at_corners(maxspeed: str | None, change: Any, verdicts: list[Verdict]) -> None:
    found = findings(junction(maxspeed=maxspeed), change, "R12")
    assert [finding.verdict for finding in found] == verdicts
    for finding in found:
        if finding.verdict is UNCHECKED:
            assert finding.missing == ("speed_limit",)


def test_the_triangle_ends_where_its_leg_ends() -> None:
    # Legs of 5 m: the edge runs from (58, 10) to (53, 15). A hedge 0.6 m wide beside it hides nothing.
    outside = add(
        "hedge", LineString([(56, 12.4), (56.5, 12.4)])
    )  # nearest point (55.999.., 12.1): 3 + 2.1 > 5
    inside = add("hedge", LineString([(55, 12.2), (55.5, 12.2)]))  # (55, 11.9): 2 + 1.9 < 5
    assert only(findings(junction(), outside, "R12")).verdict is FITS
    assert only(findings(junction(), inside, "R12")).verdict is CONDITIONAL


@pytest.mark.parametrize(("x", "verdict"), [(18, CONDITIONAL), (10, FITS)])
def test_sight_beside_a_driveway(x: float, verdict: Verdict) -> None:
    # The driveway meets the carriageway at (20..23, 10): triangle (20, 10), (15, 10), (20, 13).
    street = junction(("driveway", box(20, 10, 23, 13)))
    change = add("hedge", LineString([(x, 10.5), (x + 1, 10.5)]))
    found = findings(street, change, "R12")
    assert found[-1].verdict is verdict


def test_one_may_park_beside_a_driveway() -> None:
    street = junction(("driveway", box(20, 10, 23, 13)))
    found = findings(street, add("parking_parallel", box(13, 10, 19, 12)), "R12")
    assert [finding.verdict for finding in found] == [FITS]


def test_an_estimated_bay_in_a_survey_is_measured_on_site() -> None:
    street = junction(certainty="estimated", without=())
    finding = only(findings(street, survey(street, 3), "R09"))  # the bays are the third part of the street
    assert (finding.verdict, finding.estimated) == (CONDITIONAL, True)


def test_sight_without_axes_or_driveways() -> None:
    found = findings(junction(unknown=["street_axis", "driveway"]), NEAR, "R12")
    assert [finding.missing for finding in found] == [("street_axis",), ("driveway",)]
