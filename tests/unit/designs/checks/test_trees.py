"""What trees stay away from (R14, R16 to R19) and the ground they root in (R20).

The street of the tests: façade at y = 0, pavement to y = 3, bays to y = 5, carriageway to y = 10.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from shapely.geometry import LineString, Point, box

from app.designs.checks.model import Verdict
from app.designs.checks.street import Proposal
from tests.factories.streets import add, findings, hand_street, move, survey

FITS, CONDITIONAL, CONFLICT, UNCHECKED = Verdict
CABLE = ("cable", LineString([(0, 2), (100, 2)]))


def with_attributes(proposal: Proposal, **attributes: float | bool) -> Proposal:
    assert proposal.thing is not None
    thing = replace(proposal.thing, attributes={**proposal.thing.attributes, **attributes})
    return replace(proposal, thing=thing)


# --- R14: cables and pipes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "from_cable_m", "verdict"),
    [(3.5, 1.5, FITS), (3.49, 1.49, CONFLICT), (3.0, 1.0, CONFLICT), (8.0, 6.0, FITS)],
)
def test_a_tree_keeps_a_metre_and_a_half_from_a_cable(
    y: float, from_cable_m: float, verdict: Verdict
) -> None:
    (finding,) = findings(hand_street(CABLE), add("tree_small", (50, y)), "R14")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(from_cable_m)


def test_a_root_barrier_makes_a_condition_of_it_but_not_on_top_of_the_cable() -> None:
    street = hand_street(CABLE)
    # The pit is 1.5 m wide: at 1.0 m it stays off the cable, at 0.7 m it lies on it.
    (beside,) = findings(street, with_attributes(add("tree_small", (50, 3.0)), root_barrier=True), "R14")
    (on_top,) = findings(street, with_attributes(add("tree_small", (50, 2.7)), root_barrier=True), "R14")
    assert beside.verdict is CONDITIONAL
    assert on_top.verdict is CONFLICT


@pytest.mark.parametrize("kind", ["ev_charger", "street_light", "play_equipment"])
def test_what_digs_does_not_stand_on_a_cable(kind: str) -> None:
    (on_top,) = findings(hand_street(CABLE), add(kind, (50, 2)), "R14")
    (beside,) = findings(hand_street(CABLE), add(kind, (50, 7)), "R14")
    assert on_top.verdict is CONFLICT
    assert on_top.place is not None
    assert beside.verdict is FITS


def test_posts_across_a_street_stand_beside_the_sewer_that_they_cross() -> None:
    """From kerb to kerb one always crosses what lies along the street; a post can stand beside it."""
    sewer = ("cable", LineString([(0, 7.5), (100, 7.5)]))
    (across,) = findings(hand_street(sewer), add("modal_filter", LineString([(50, 5), (50, 10)])), "R14")
    assert across.verdict is CONDITIONAL
    assert "ernaast" in across.message
    (clear,) = findings(hand_street(CABLE), add("modal_filter", LineString([(50, 5), (50, 10)])), "R14")
    assert clear.verdict is FITS


@pytest.mark.parametrize("kind", ["tree_large", "ev_charger"])
def test_without_cable_data_nothing_is_said_about_cables(kind: str) -> None:
    (finding,) = findings(hand_street(unknown=["cable"]), add(kind, (50, 2)), "R14")
    assert finding.verdict is UNCHECKED
    assert finding.missing == ("cable",)


def test_a_bench_lies_on_the_ground_and_a_wadi_goes_into_it() -> None:
    assert findings(hand_street(CABLE), add("bench", (50, 2)), "R14") == []
    (finding,) = findings(hand_street(CABLE), add("wadi", box(40, 0, 50, 3)), "R14")
    assert finding.verdict is CONFLICT


# --- R16: plots --------------------------------------------------------------------------------------------

PLOT = ("parcel", box(0, -10, 100, 0))


@pytest.mark.parametrize(("y", "verdict"), [(2.0, FITS), (1.99, CONDITIONAL), (-1, CONDITIONAL), (6, FITS)])
def test_a_tree_keeps_two_metres_from_a_garden(y: float, verdict: Verdict) -> None:
    (finding,) = findings(hand_street(PLOT), add("tree_small", (50, y)), "R16")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(max(y, 0))


@pytest.mark.parametrize(("y", "verdict"), [(0.8, FITS), (0.79, CONDITIONAL)])
def test_a_hedge_keeps_half_a_metre_from_a_garden(y: float, verdict: Verdict) -> None:
    # 0.6 m wide: its edge lies 0.3 m nearer than its line.
    (finding,) = findings(hand_street(PLOT), add("hedge", LineString([(40, y), (45, y)])), "R16")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(y - 0.3)


def test_without_plots_the_distance_to_gardens_is_not_checked() -> None:
    (finding,) = findings(hand_street(unknown=["parcel"]), add("tree_small", (50, 1)), "R16")
    assert finding.missing == ("parcel",)


# --- R17: lights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height_m", "away_m", "verdict"),
    [
        (6.0, 6.0, FITS),
        (6.0, 5.99, CONDITIONAL),
        (3.5, 4.5, FITS),
        (3.5, 4.49, CONDITIONAL),
        (None, 5, CONDITIONAL),
    ],
)
def test_a_tree_and_a_light_keep_apart(height_m: float | None, away_m: float, verdict: Verdict) -> None:
    street = hand_street(("lamp", Point(50, 2), {} if height_m is None else {"height_m": height_m}))
    (finding,) = findings(street, add("tree_small", (50 + away_m, 2)), "R17")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(away_m)


def test_a_new_light_looks_for_trees() -> None:
    street = hand_street(("tree", Point(50, 2)))
    treeless = hand_street(unknown=["tree"])
    (unknown,) = findings(treeless, add("street_light", (53, 2)), "R17")
    assert (unknown.verdict, unknown.missing) == (UNCHECKED, ("tree",))
    (near,) = findings(street, add("street_light", (53, 2)), "R17")
    (far,) = findings(street, add("street_light", (57, 2)), "R17")
    assert (near.verdict, far.verdict) == (CONDITIONAL, FITS)


def test_the_light_with_the_least_room_counts() -> None:
    # The low one leaves 4.7 - 4.5 = 0.2 m, the high one 6.1 - 6.0 = 0.1 m.
    street = hand_street(("lamp", Point(54.7, 2), {"height_m": 3}), ("lamp", Point(43.9, 2), {"height_m": 6}))
    (finding,) = findings(street, add("tree_small", (50, 2)), "R17")
    assert finding.value == pytest.approx(6.1)


def test_without_lights_on_the_map_it_is_not_checked() -> None:
    (finding,) = findings(hand_street(unknown=["lamp"]), add("tree_small", (50, 1)), "R17")
    assert finding.missing == ("lamp",)


# --- R18: driveways, crossings, hydrants, the kerb ---------------------------------------------------------


@pytest.mark.parametrize(("x", "verdict"), [(54.8, FITS), (54.79, CONDITIONAL), (51, CONDITIONAL)])
def test_a_tree_keeps_away_from_a_driveway(x: float, verdict: Verdict) -> None:
    street = hand_street(("driveway", box(50, 0, 53, 3)))
    driveway, crossing, hydrant, kerb = findings(street, add("tree_small", (x, 1.5)), "R18")
    assert driveway.verdict is verdict
    assert driveway.value == pytest.approx(max(x - 53, 0))
    assert {crossing.verdict, hydrant.verdict, kerb.verdict} == {FITS}


@pytest.mark.parametrize(("x", "verdict"), [(53.1, FITS), (53.0, CONDITIONAL)])
def test_a_tree_keeps_away_from_a_hydrant(x: float, verdict: Verdict) -> None:
    # The hydrant's cover is taken to be 0.2 m across: its edge lies at x = 50.1.
    street = hand_street(("hydrant", Point(50, 1)))
    _, _, hydrant, _ = findings(street, add("tree_small", (x, 1)), "R18")
    assert hydrant.verdict is verdict


def test_a_tree_keeps_away_from_a_crossing() -> None:
    street = hand_street(("crossing", box(50, 5, 54, 10)))
    _, near, _, _ = findings(street, add("tree_small", (55, 7)), "R18")
    _, far, _, _ = findings(street, add("tree_small", (55.8, 7)), "R18")
    assert (near.verdict, far.verdict) == (CONDITIONAL, FITS)


def test_a_crossing_that_is_only_a_point_reaches_from_kerb_to_kerb() -> None:
    axis = ("street_axis", LineString([(0, 7.5), (100, 7.5)]))
    street = hand_street(axis, ("crossing", Point(50, 7.5)), without=["bays"])
    # Its line ends at (50, 5): a stem at (50, 3.3) is 1.7 m from it, at (50, 3.2) 1.8 m.
    _, near, *_ = findings(street, add("tree_small", (50, 3.3)), "R18")
    _, far, *_ = findings(street, add("tree_small", (50, 3.2)), "R18")
    assert (near.verdict, near.value) == (CONDITIONAL, pytest.approx(1.7))
    assert (far.verdict, far.value) == (FITS, pytest.approx(1.8))


@pytest.mark.parametrize(("y", "from_kerb_m", "verdict"), [(2.4, 0.6, FITS), (2.41, 0.59, CONDITIONAL)])
def test_a_stem_keeps_off_the_kerb(y: float, from_kerb_m: float, verdict: Verdict) -> None:
    *_, kerb = findings(hand_street(), add("tree_small", (50, y)), "R18")
    assert kerb.verdict is verdict
    assert kerb.value == pytest.approx(from_kerb_m)


def test_in_the_carriageway_the_edge_of_the_pit_is_the_kerb() -> None:
    *_, kerb = findings(hand_street(), add("tree_small", (50, 7)), "R18")
    assert kerb.verdict is FITS
    assert kerb.value == pytest.approx(0.75)


def test_each_unknown_kind_is_named_and_the_rest_goes_on() -> None:
    street = hand_street(unknown=["hydrant", "crossing"])
    driveway, crossing, hydrant, kerb = findings(street, add("tree_small", (50, 2.8)), "R18")
    assert (crossing.missing, hydrant.missing) == (("crossing",), ("hydrant",))
    assert (driveway.verdict, kerb.verdict) == (FITS, CONDITIONAL)


# --- R19: other trees --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "apart_m", "verdict"),
    [
        ("tree_small", 7.5, FITS),
        ("tree_small", 7.49, CONDITIONAL),
        ("tree_medium", 9.0, FITS),
        ("tree_medium", 8.9, CONDITIONAL),
        ("tree_large", 12.0, FITS),
        ("tree_large", 11.9, CONDITIONAL),
    ],
)
def test_trees_keep_apart(kind: str, apart_m: float, verdict: Verdict) -> None:
    (finding,) = findings(hand_street(("tree", Point(50, 2))), add(kind, (50 + apart_m, 2)), "R19")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(apart_m)


def test_drawn_trees_see_each_other_also_where_no_tree_is_on_the_map() -> None:
    street = hand_street(unknown=["tree"])
    pair = [add("tree_small", (50, 2)), add("tree_small", (55, 2), index=1)]
    assert [findings(street, pair, "R19", index)[0].verdict for index in (0, 1)] == [CONDITIONAL] * 2
    (alone,) = findings(street, pair[0], "R19")
    assert alone.missing == ("tree",)


def test_a_removed_tree_leaves_room() -> None:
    street = hand_street(("tree", Point(50, 2)))
    (finding,) = findings(street, [move(street, 100, (51, 2))], "R19")
    assert finding.verdict is FITS


def test_an_existing_tree_is_not_its_own_neighbour() -> None:
    street = hand_street(("tree", Point(50, 2)))
    (finding,) = findings(street, survey(street, 100), "R19")
    assert finding.verdict is FITS


# --- R20: ground for the roots -----------------------------------------------------------------------------


def test_a_tree_in_the_pavement_has_only_its_pit() -> None:
    # Crown 28 m² after 20 years: 0.75 x 28 = 21 m³. The pit is 1.5 x 1.5 x 1 m = 2.25 m³.
    (finding,) = findings(hand_street(), add("tree_medium", (50, 1.5)), "R20")
    assert finding.verdict is CONDITIONAL
    assert finding.value == pytest.approx(2.25 / 28)
    assert finding.params == {"need": 21, "there": 2}


@pytest.mark.parametrize(("to_x", "verdict"), [(55.0, FITS), (54.7, CONDITIONAL)])
def test_the_green_that_it_stands_in_counts(to_x: float, verdict: Verdict) -> None:
    # 7 x 3 m = 21 m², exactly enough; 6.7 x 3 = 20.1 m² is not.
    street = hand_street(("green", box(48, 0, to_x, 3)))
    (finding,) = findings(street, add("tree_medium", (51, 1.5)), "R20")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx((to_x - 48) * 3 / 28)


def test_green_beyond_paving_does_not_count_and_a_drawn_bed_does() -> None:
    tree = add("tree_small", (50, 1.5))  # 0.75 x 12 = 9 m³
    apart = hand_street(("green", box(52, 0, 60, 3)))
    assert findings(apart, tree, "R20")[0].verdict is CONDITIONAL
    bed = add("planting_bed", box(48, 0, 51, 3), index=1)  # 9 m²
    assert findings(hand_street(), [tree, bed], "R20")[0].verdict is FITS


def test_two_trees_share_one_bed() -> None:
    bed = add("planting_bed", box(48, 0, 54, 3), index=2)  # 18 m² = twice 9
    pair = [add("tree_small", (50, 1.5)), add("tree_small", (53, 1.5), index=1)]
    (alone,) = findings(hand_street(), [pair[0], bed], "R20")
    (shared,) = findings(hand_street(), [*pair, bed], "R20")
    assert alone.value == pytest.approx(18 / 12)
    assert shared.value == pytest.approx(18 / 24)
    assert shared.verdict is FITS


def test_far_away_green_is_out_of_reach() -> None:
    street = hand_street(("green", box(0, 0, 100, 3)))
    (finding,) = findings(street, add("tree_large", (50, 1.5)), "R20")
    # At most a band of 20 x 3 m within 10 m.
    assert finding.value is not None
    assert finding.value < 20 * 3 / 50
    assert finding.value > 19 * 3 / 50


def test_a_growing_place_below_paving_counts() -> None:
    (finding,) = findings(hand_street(), with_attributes(add("tree_large", (50, 1.5)), soil_m3=40.0), "R20")
    # The pit of a large tree is 2 x 2 m.
    assert finding.value == pytest.approx((4 + 40) / 50)
    assert finding.verdict is FITS


def test_the_pit_of_a_standing_tree_is_on_no_map() -> None:
    street = hand_street(("tree", Point(50, 1.5)))
    (finding,) = findings(street, survey(street, 100), "R20")
    assert finding.missing == ("soil",)
    green = hand_street(("tree", Point(50, 1.5)), ("green", box(46, 0, 54, 3)))
    (finding,) = findings(green, survey(green, 100), "R20")
    assert (finding.verdict, finding.value) == (FITS, pytest.approx(24 / 28))


def test_without_surfaces_there_is_no_ground_to_look_at() -> None:
    (finding,) = findings(hand_street(unknown=["pavement"]), add("tree_small", (50, 1)), "R20")
    assert finding.verdict is UNCHECKED
    assert not math.isnan(finding.value or 0)
