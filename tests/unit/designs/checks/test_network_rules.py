"""R06, R08, R25, R30 and R37 on a street whose axis lies at y = 7.5, from x = -80 (outside the area) to its
end.

The carriageway lies from y = 5 to y = 10. Homes are buildings of 10 x 10 m south of the street, façade at y
= 0, so their distance to a point (x, 7.5) of the axis is the root of (horizontal distance)² + 7.5².
"""

from __future__ import annotations

import math

import pytest
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Verdict
from app.designs.checks.network import Network
from app.designs.checks.rules.network import closing
from app.designs.checks.street import Street
from tests.factories.streets import add, findings, hand_street, remove

AREA = box(0, -10, 100, 23)
BLIND = LineString([(-80, 7.5), (100, 7.5)])
THROUGH = LineString([(-80, 7.5), (180, 7.5)])


def a_street(
    *more: tuple[str, BaseGeometry],
    axis: LineString = BLIND,
    unknown: tuple[str, ...] = (),
    certainty: str = "measured",
) -> Street:
    return hand_street(
        ("street_axis", axis),
        *more,
        without=["south building", "north building"],
        unknown=unknown,
        certainty=certainty,
        area=AREA,
    )


def home(x: float, addresses: int = 1) -> list[tuple[str, BaseGeometry]]:
    building: tuple[str, BaseGeometry] = ("building", box(x, -10, x + 10, 0))
    return [building, *(("dwelling", Point(x + 2 + i, -1)) for i in range(addresses))]


def modal_filter(x: float) -> LineString:
    return LineString([(x, 5), (x, 10)])


# R08: single-family homes within 40 m, so at most sqrt(40² - 7.5²) = 39.29 m along the street.


@pytest.mark.parametrize(
    ("x", "verdict"),
    [
        (60, Verdict.FITS),
        (30, Verdict.CONDITIONAL),
        (80 - 39.2, Verdict.FITS),
        (80 - 39.4, Verdict.CONDITIONAL),
    ],
)
def test_a_filter_keeps_homes_within_reach_of_the_fire_engine(x: float, verdict: Verdict) -> None:
    (finding,) = findings(a_street(*home(10), *home(80)), add("modal_filter", modal_filter(x)), "R08")
    assert finding.verdict is verdict
    assert finding.params.get("n") == (None if verdict is Verdict.FITS else 1)


@pytest.mark.parametrize(("x", "lost"), [(74, 0), (73, 2)])
def test_flats_want_the_engine_within_10_metres(x: float, lost: int) -> None:
    """sqrt(6² + 7.5²) = 9.60 m is near enough, sqrt(7² + 7.5²) = 10.26 m is not."""
    (finding,) = findings(a_street(*home(80, addresses=2)), add("modal_filter", modal_filter(x)), "R08")
    assert finding.params.get("n", 0) == lost


def test_what_cannot_be_taken_away_is_refused() -> None:
    block = add("road_narrowing", box(30, 5, 32, 10))
    (finding,) = findings(a_street(*home(80)), block, "R08")
    assert finding.verdict is Verdict.CONFLICT


def test_who_drives_round_loses_nothing() -> None:
    block = add("road_narrowing", box(30, 5, 32, 10))
    (finding,) = findings(a_street(*home(80), axis=THROUGH), block, "R08")
    assert finding.verdict is Verdict.FITS


def test_leaving_3_50_m_closes_nothing_and_3_49_m_does() -> None:
    street = a_street(*home(80))
    assert findings(street, add("road_narrowing", box(30, 5, 32, 6.5)), "R08") == []
    assert len(findings(street, add("road_narrowing", box(30, 5, 32, 6.52)), "R08")) == 1


def test_a_home_that_was_out_of_reach_already_is_not_lost() -> None:
    """The axis ends at x = 20: 60 m from the home."""
    axis = LineString([(-80, 7.5), (20, 7.5)])
    (finding,) = findings(a_street(*home(80), axis=axis), add("modal_filter", modal_filter(10)), "R08")
    assert finding.verdict is Verdict.FITS


def test_without_addresses_reach_is_not_checked() -> None:
    (finding,) = findings(a_street(unknown=("dwelling",)), add("modal_filter", modal_filter(30)), "R08")
    assert finding.verdict is Verdict.UNCHECKED
    assert finding.missing == ("dwelling",)


@pytest.mark.parametrize(
    ("certainty", "verdict"), [("measured", Verdict.CONFLICT), ("estimated", Verdict.CONDITIONAL)]
)
def test_a_street_is_surely_closed_only_where_its_width_is_measured(certainty: str, verdict: Verdict) -> None:
    """3 m of the 5 m stays, and 3.50 m is needed: the home at x = 80 is 40 m and more behind it. A width that
    the map only estimates asks for measuring on site instead."""
    street = a_street(*home(80), certainty=certainty)
    (finding,) = findings(street, add("road_narrowing", box(30, 5, 32, 7)), "R08")
    assert (finding.verdict, finding.estimated) == (verdict, certainty == "estimated")


def test_the_gap_between_posts_is_sure_only_where_the_carriageway_is_measured() -> None:
    filter_line = LineString([(30, 5), (30, 5.8)])
    found = findings(a_street(certainty="estimated"), add("modal_filter", filter_line), "R30")
    gaps = [finding for finding in found if finding.limit and finding.limit.key.endswith("gap_m")]
    assert [(gap.verdict, gap.estimated) for gap in gaps] == [(Verdict.CONDITIONAL, True)] * 2


def test_what_stands_near_what_closes_the_street_closes_nothing() -> None:
    """A narrowing leaves 3.0 of 5 m, a lamp 6 m on 4.35 m; 3.50 m is needed. Two that each take 0.8 m, one
    from either side, leave 3.4 m together and close it both."""
    street = a_street(*home(80))
    narrowing, lamp = (
        add("road_narrowing", box(30, 5, 32, 7)),
        add("street_light", (38, 9.5), index=1),
    )
    assert [thing.id for thing in closing(street.after([narrowing, lamp]), 3.5)] == ["+0"]
    assert findings(street, [narrowing, lamp], "R08", index=1) == []
    pair = [add("road_narrowing", box(30, 5, 35, 5.8)), add("road_narrowing", box(30, 9.2, 35, 10), index=1)]
    assert {thing.id for thing in closing(street.after(pair), 3.5)} == {"+0", "+1"}
    twice = [add("road_narrowing", box(x, 5, x + 2, 7), index=i) for i, x in enumerate((30, 36))]
    assert {thing.id for thing in closing(street.after(twice), 3.5)} == {"+0", "+1"}


# R06: the only way in keeps 4.50 m of the carriageway's 5.00 m.


@pytest.mark.parametrize(
    ("taken", "verdict"),
    [(0.4, Verdict.FITS), (0.5, Verdict.FITS), (0.52, Verdict.CONDITIONAL), (2.0, Verdict.CONDITIONAL)],
)
def test_the_only_way_to_homes_stays_wide(taken: float, verdict: Verdict) -> None:
    street = a_street(*home(48))
    finding, *paved = findings(street, add("road_narrowing", box(50, 5, 52, 5 + taken)), "R06")
    assert finding.verdict is verdict
    if verdict is Verdict.CONDITIONAL:
        assert finding.value == pytest.approx(5 - taken)
    # 3.25 m of paving: only of the last one less is left.
    assert [one.verdict for one in paved] == ([Verdict.CONDITIONAL] if taken > 1.75 else [])


@pytest.mark.parametrize(("taken", "short"), [(1.75, []), (1.76, ["paved_m"])])
def test_the_only_way_to_homes_keeps_its_paving(taken: float, short: list[str]) -> None:
    """3.25 m of the 5 m: 1.75 m may go, 1.76 m not."""
    street = a_street(*home(48))
    found = findings(street, add("road_narrowing", box(50, 5, 52, 5 + taken)), "R06")
    assert [one.limit.key for one in found if one.limit] == ["clear_m", *short]


def test_a_street_with_two_ways_in_may_be_narrower() -> None:
    street = a_street(*home(48), axis=THROUGH)
    assert findings(street, add("road_narrowing", box(50, 5, 52, 7)), "R06") == []


def test_without_the_network_the_only_way_is_not_checked() -> None:
    street = a_street(*home(48), unknown=("street_axis",))
    (finding,) = findings(street, add("road_narrowing", box(50, 5, 52, 7)), "R06")
    assert finding.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize("rule", ["R06", "R08"])
def test_of_what_stands_off_the_carriageway_there_is_nothing_to_check(rule: str) -> None:
    """Also where neither homes nor the network are on the map: a bench on the pavement closes no street. Only
    where nobody knows what is carriageway, nobody knows that either."""
    bench, lamp = add("bench", (50, 12)), add("street_light", (50, 9))
    street = a_street(unknown=("street_axis", "dwelling"))
    assert findings(street, bench, rule) == []
    (finding,) = findings(street, lamp, rule)
    assert finding.verdict is Verdict.UNCHECKED
    (finding,) = findings(a_street(unknown=("carriageway",)), bench, rule)
    assert "carriageway" in finding.missing


# R25: from a home at y = 0 (7.5 m from the axis) to a container 0.8 m wide at y = 1 (6.1 m from the axis).


@pytest.mark.parametrize(("x", "lost"), [(60, 0), (58, 1)])
def test_taking_a_container_away_keeps_the_next_one_within_125_metres(x: float, lost: int) -> None:
    """To x = 170: 110 + 7.5 + 6.1 = 123.6 m, and from x = 58 it is 125.6 m."""
    street = a_street(
        ("container", Point(50, 1)), ("container", Point(170, 1)), ("dwelling", Point(x, 0)), axis=THROUGH
    )
    (finding,) = findings(street, remove(street, 101), "R25")
    assert finding.params.get("n", 0) == lost
    assert finding.verdict is (Verdict.CONDITIONAL if lost else Verdict.FITS)


@pytest.mark.parametrize(
    ("next_at", "limits"), [(170, ["container_m"]), (260, ["container_m", "container_max_m"])]
)
def test_nobody_walks_more_than_200_metres(next_at: float, limits: list[str]) -> None:
    """From x = 40 to 170: 130 + 7.5 + 6.1 = 143.6 m, over 125; to 260: 233.6 m, over 200 as well."""
    axis = LineString([(-80, 7.5), (280, 7.5)])
    street = a_street(
        ("container", Point(50, 1)), ("container", Point(next_at, 1)), ("dwelling", Point(40, 0)), axis=axis
    )
    found = findings(street, remove(street, 101), "R25")
    assert [one.limit.key for one in found if one.limit] == limits
    assert {one.params["n"] for one in found} == {1}


def test_a_bin_for_litter_is_no_container_for_homes() -> None:
    """OpenStreetMap's waste baskets: taking one away costs homes nothing, and one that stays serves none."""
    bins: tuple[str, BaseGeometry, dict[str, str]] = ("container", Point(52, 1), {"type": "waste_basket"})
    street = a_street(("container", Point(50, 1)), bins, ("dwelling", Point(58, 0)), axis=THROUGH)  # type: ignore[arg-type]
    assert findings(street, remove(street, 102), "R25") == []
    (container, beyond) = findings(street, remove(street, 101), "R25")
    assert (container.verdict, beyond.verdict) == (Verdict.CONDITIONAL, Verdict.CONDITIONAL)


def test_one_put_back_near_by_makes_good() -> None:
    street = a_street(("container", Point(50, 1)), ("dwelling", Point(58, 0)), axis=THROUGH)
    alone, with_another = (
        findings(street, [remove(street, 101), *more], "R25")[0]
        for more in ([], [add("underground_container", (90, 1), index=1)])
    )
    assert alone.verdict is Verdict.CONDITIONAL
    assert with_another.verdict is Verdict.FITS


def test_without_addresses_nobody_knows_who_walks() -> None:
    street = a_street(("container", Point(50, 1)), unknown=("dwelling",))
    (finding,) = findings(street, remove(street, 101), "R25")
    assert finding.verdict is Verdict.UNCHECKED


# R30


@pytest.mark.parametrize(
    ("x", "verdict"), [(30, Verdict.CONDITIONAL), (60, Verdict.FITS), (80, Verdict.FITS)]
)
def test_a_dead_end_behind_a_filter_is_at_most_40_metres(x: float, verdict: Verdict) -> None:
    found = findings(a_street(), add("modal_filter", modal_filter(x)), "R30")
    (dead_end,) = [finding for finding in found if finding.limit and finding.limit.key == "dead_end_m"]
    assert dead_end.value == pytest.approx(100 - x)
    assert dead_end.verdict is verdict


@pytest.mark.parametrize(
    ("width", "verdict"), [(1.4, Verdict.CONFLICT), (1.5, Verdict.FITS), (5.0, Verdict.FITS)]
)
def test_bicycles_have_room_between_the_posts(width: float, verdict: Verdict) -> None:
    filter_line = LineString([(30, 5), (30, 5 + width)])
    found = findings(a_street(), add("modal_filter", filter_line), "R30")
    (gap,) = [finding for finding in found if finding.limit and finding.limit.key == "cycle_gap_m"]
    assert gap.verdict is verdict
    assert gap.value == pytest.approx(width)


@pytest.mark.parametrize(("width", "says"), [(0.9, []), (0.89, [Verdict.CONFLICT])])
def test_a_wheelchair_has_room_between_the_posts(width: float, says: list[Verdict]) -> None:
    filter_line = LineString([(30, 5), (30, 5 + width)])
    found = findings(a_street(), add("modal_filter", filter_line), "R30")
    gaps = [finding for finding in found if finding.limit and finding.limit.key == "wheelchair_gap_m"]
    assert [gap.verdict for gap in gaps] == says


def test_a_filter_always_needs_a_decision() -> None:
    found = findings(a_street(), add("modal_filter", modal_filter(80)), "R30")
    assert any("verkeersbesluit" in finding.message for finding in found)


def test_without_a_carriageway_on_the_map_a_filter_is_not_checked() -> None:
    (finding,) = findings(a_street(unknown=("carriageway",)), add("modal_filter", modal_filter(80)), "R30")
    assert finding.verdict is Verdict.UNCHECKED


# R37


def test_a_blind_street_cannot_be_one_way() -> None:
    line = LineString([(10, 7.5), (90, 7.5)])
    found = findings(a_street(), add("one_way_street", line), "R37")
    assert found[0].verdict is Verdict.CONFLICT


def test_a_through_street_can_be_one_way_in_both_directions() -> None:
    for line in (LineString([(10, 7.5), (90, 7.5)]), LineString([(90, 7.5), (10, 7.5)])):
        assert findings(a_street(axis=THROUGH), add("one_way_street", line), "R37")[0].verdict is Verdict.FITS


def test_two_one_way_streets_that_meet_head_on_are_refused() -> None:
    """Two halves that both lead to the middle, where a blind alley begins: nobody gets out again."""
    street = a_street(
        ("street_axis", LineString([(50, 7.5), (180, 7.5)])),
        axis=LineString([(-80, 7.5), (50, 7.5)]),
    )
    towards = [
        add("one_way_street", LineString([(0, 7.5), (48, 7.5)]), index=0),
        add("one_way_street", LineString([(100, 7.5), (52, 7.5)]), index=1),
    ]
    assert findings(street, towards, "R37")[0].verdict is Verdict.CONFLICT
    onwards = [towards[0], add("one_way_street", LineString([(52, 7.5), (100, 7.5)]), index=1)]
    assert findings(street, onwards, "R37")[0].verdict is Verdict.FITS


def test_without_the_network_direction_is_not_checked() -> None:
    line = LineString([(10, 7.5), (90, 7.5)])
    (finding,) = findings(a_street(unknown=("street_axis",)), add("one_way_street", line), "R37")
    assert finding.verdict is Verdict.UNCHECKED


# The network itself


def test_axes_meet_where_they_share_a_vertex_and_not_where_one_bridges_the_other() -> None:
    long_axis = ("street_axis", LineString([(0, 0), (50, 0), (100, 0)]))
    side = ("street_axis", LineString([(50, 0), (50, 40)]))
    bridge = ("street_axis", LineString([(20, -30), (20, 30)]))
    network = Network(hand_street(long_axis, side, bridge))
    assert [point.coords[0] for point in network.junctions()] == [pytest.approx((50, 0))]
    assert sorted(section.line.length for section in network.sections) == pytest.approx([40, 50, 50, 60])


def test_walking_goes_along_the_streets() -> None:
    """From the end of the side street to the east end: 40 + 50 m; straight it would be 64 m."""
    long_axis = ("street_axis", LineString([(0, 0), (50, 0), (100, 0)]))
    side = ("street_axis", LineString([(50, 0), (50, 40)]))
    network = Network(hand_street(long_axis, side))
    walk = network.walking([Point(100, 0)], 1000)
    assert walk.distance_m(Point(50, 40)) == pytest.approx(90)
    assert walk.distance_m(Point(80, 0)) == pytest.approx(20)
    assert walk.distance_m(Point(500, 500)) == math.inf
