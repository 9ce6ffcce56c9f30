"""R01, R02, R03, R21 and R29.

The south pavement of the usual street runs from the façade at y = 0 to the kerb at y = 3: a bed of depth d
against the façade leaves 3 - d.
"""

from __future__ import annotations

import pytest
from shapely import LineString, Point, affinity, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Finding, Verdict
from app.designs.checks.street import Proposal, Street, existing_thing, settled, survey
from tests.factories.streets import add, findings, hand_street, move, remove


def bed(depth_m: float, west: float = 45, east: float = 55, index: int = 0) -> Proposal:
    """A planting bed against the façade; it takes pavement away."""
    return add("planting_bed", box(west, 0, east, depth_m), index=index)


def pavement_of(width_m: float, *more: tuple[str, BaseGeometry], **options: str) -> Street:
    """The usual street with a south pavement of another width."""
    return hand_street(
        ("pavement", box(0, 0, 100, width_m)),
        *more,
        without=["south pavement", "bays", "carriageway"],
        **options,  # type: ignore[arg-type]
    )


def one(street: Street, proposal: Proposal | list[Proposal], rule: str, index: int = 0) -> Finding:
    (finding,) = findings(street, proposal, rule, index)
    return finding


# --- R01: 1.50 m, preferably 1.80 m --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth_m", "left_m", "verdict", "key"),
    [
        (1.0, None, Verdict.FITS, "preferred_m"),  # 2.0 m stays: more than is measured
        (1.2, None, Verdict.FITS, "preferred_m"),  # 1.80 m: just what is preferred
        (1.21, 1.79, Verdict.CONDITIONAL, "preferred_m"),
        (1.5, 1.5, Verdict.CONDITIONAL, "preferred_m"),  # 1.50 m: just the minimum
        (1.51, 1.49, Verdict.CONDITIONAL, "min_m"),  # below it over 10 m: that is a local narrowing (R02)
        (1.85, 1.15, Verdict.CONFLICT, "min_m"),  # below 1.20 m over 10 m: neither R02 nor R03 allows it
    ],
)
def test_r01_asks_for_room_to_pass_each_other(
    depth_m: float, left_m: float | None, verdict: Verdict, key: str
) -> None:
    finding = one(hand_street(), bed(depth_m), "R01")
    assert finding.verdict is verdict
    assert finding.value == (None if left_m is None else pytest.approx(left_m))
    assert finding.limit is not None and finding.limit.key == key


def test_r01_shows_where_it_pinches() -> None:
    # A bench turned along the façade, 0.6 m deep, 0.9 m from the façade: y 0.9..1.5, so 1.5 m to the kerb.
    finding = one(hand_street(), add("bench", (50, 1.3), rotation=90), "R01")
    assert finding.value == pytest.approx(1.4)  # y 1.0..1.6
    assert finding.place is not None and finding.place.length == pytest.approx(1.4)
    assert finding.place.bounds[1] == pytest.approx(1.6)


def test_r01_sees_two_things_of_one_design_beside_each_other() -> None:
    # Planters of 1.2 m against the façade (0..1.2) and against the kerb (1.8..3.0): 0.6 m between them.
    both = [add("planter", (50, 0.6)), add("planter", (50, 2.4), index=1)]
    for index in (0, 1):
        finding = one(hand_street(), both, "R01", index)
        assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(0.6))
    assert one(hand_street(), both[0], "R01").value is None  # alone it leaves 1.8 m


def test_r01_reckons_with_what_the_design_takes_away() -> None:
    street = hand_street(("bench", box(49, 2.4, 51, 3.0)))
    garden = bed(1.5, 49, 51)  # 1.5 m, or 0.9 m with the bench still there
    assert one(street, garden, "R01").value == pytest.approx(0.9)
    assert one(street, [garden, remove(street, 100, index=1)], "R01").value == pytest.approx(1.5)


def test_r01_softens_where_the_width_is_an_estimate() -> None:
    finding = one(hand_street(certainty="estimated"), bed(2.5), "R01")
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.estimated


def test_r01_does_not_blame_a_design_for_what_it_does_not_touch() -> None:
    # A lamp that leaves 1.0 m stands there; a bed against the façade 3 m on leaves 2.5 m.
    street = hand_street(("lamp", box(50, 0, 50.2, 2.0)))
    assert one(street, bed(0.5, 53, 54), "R01").verdict is Verdict.FITS
    # A bench right beside it, no deeper: the pinch was there, and the bench makes it no narrower, but longer.
    finding = one(street, bed(2.0, 50.2, 52), "R01")
    assert (finding.verdict, finding.value, finding.existing) == (
        Verdict.CONFLICT,
        pytest.approx(1.0),
        False,
    )


def test_r01_tells_a_narrow_pavement_as_what_is_so_already() -> None:
    # 1.4 m throughout, 100 m long. A post in the bed behind leaves it as it is.
    finding = one(pavement_of(1.4), add("ev_charger", (50, -0.1)), "R01")  # y -0.25..0.05
    assert finding.verdict is Verdict.CONFLICT  # 5 cm narrower: 1.35 m
    assert finding.value == pytest.approx(1.35)
    beside = findings(pavement_of(1.4), add("ev_charger", (50, -0.2)), "R01")  # y -0.35..-0.05
    assert beside == []


def test_r01_without_pavements_on_the_map_is_not_checked() -> None:
    street = hand_street(without=["south pavement", "north pavement"], unknown=["pavement"])
    finding = one(street, bed(1), "R01")
    assert (finding.verdict, finding.missing) == (Verdict.UNCHECKED, ("pavement",))


def test_r01_says_nothing_of_what_stands_in_a_bay() -> None:
    assert findings(hand_street(), add("tree_small", (50, 4)), "R01") == []


def test_r01_walks_on_over_a_driveway_and_a_home_zone() -> None:
    # The pavement ends at x = 50, and what follows is a driveway or a home zone as wide as the pavement: one
    # walks on over it. A container of 2.5 m at the end leaves 0.5 m.
    for ground in (
        ("driveway", box(50, 0, 100, 3), {}),
        ("carriageway", box(50, 0, 100, 3), {"function": "woonerf"}),
    ):
        street = hand_street(("pavement", box(0, 0, 50, 3)), ground, without=["south pavement", "bays"])
        finding = one(street, add("underground_container", (48.5, 1.25)), "R01")
        assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(0.5))


# --- R02: at least 1.20 m over at most 20 m ------------------------------------------------------------


@pytest.mark.parametrize(
    ("length_m", "verdict"), [(10, Verdict.FITS), (20, Verdict.FITS), (20.1, Verdict.CONFLICT)]
)
def test_r02_allows_a_narrow_stretch_of_20_m(length_m: float, verdict: Verdict) -> None:
    finding = one(hand_street(), bed(1.7, 30, 30 + length_m), "R02")  # leaves 1.3 m
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(length_m, abs=1e-3)
    total = one(hand_street(), bed(1.7, 30, 30 + length_m), "R01")
    assert total.verdict is (Verdict.CONFLICT if verdict is Verdict.CONFLICT else Verdict.CONDITIONAL)


def test_r02_adds_up_what_lies_close_together() -> None:
    # Two beds of 12 m with 0.4 m between them: 24.4 m. With 2 m between them they are two of 12 m.
    near = [bed(1.7, 30, 42), bed(1.7, 42.4, 54.4, index=1)]
    finding = one(hand_street(), near, "R02")
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(24.4, abs=1e-3))
    apart = [bed(1.7, 30, 42), bed(1.7, 44, 56, index=1)]
    assert one(hand_street(), apart, "R02").verdict is Verdict.FITS


def test_r02_is_told_as_existing_where_the_whole_street_is_that_narrow() -> None:
    finding = one(pavement_of(1.4), add("ev_charger", (50, 0.0)), "R02")  # 0.15 m of it on the pavement
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.existing
    assert finding.value is not None and finding.value > 40  # 21 m to both sides


def test_r02_without_pavements_on_the_map_is_not_checked() -> None:
    street = hand_street(without=["south pavement", "north pavement"], unknown=["pavement"])
    assert one(street, bed(1.7), "R02").missing == ("pavement",)


# --- R03: at least 0.90 m, over at most 0.50 m ---------------------------------------------------------


@pytest.mark.parametrize(
    ("middle_y", "left_m", "verdict"),
    [
        # A lamp of 0.3 x 0.3 m on a pavement of 1.5 m: what is left above it.
        (0.25, 1.1, Verdict.FITS),
        (0.45, 0.9, Verdict.FITS),
        (0.46, 0.89, Verdict.CONFLICT),
    ],
)
def test_r03_lets_a_wheelchair_by(middle_y: float, left_m: float, verdict: Verdict) -> None:
    finding = one(pavement_of(1.5), add("street_light", (50, middle_y)), "R03")
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(left_m)


@pytest.mark.parametrize(
    ("length_m", "verdict"), [(0.4, Verdict.FITS), (0.5, Verdict.FITS), (0.52, Verdict.CONFLICT)]
)
def test_r03_allows_a_squeeze_of_half_a_metre(length_m: float, verdict: Verdict) -> None:
    finding = one(hand_street(), bed(2.0, 50, 50 + length_m), "R03")  # leaves 1.0 m
    assert finding.verdict is verdict
    if verdict is Verdict.CONFLICT:
        assert finding.value == pytest.approx(length_m, abs=1e-3)
        assert finding.params["b"] == pytest.approx(1.0)
    # R01 goes along: a squeeze that is allowed is a condition, one that is not a refusal.
    total = one(hand_street(), bed(2.0, 50, 50 + length_m), "R01")
    assert total.verdict is (Verdict.CONFLICT if verdict is Verdict.CONFLICT else Verdict.CONDITIONAL)


def test_r03_refuses_what_shuts_the_pavement() -> None:
    finding = one(hand_street(), add("underground_container", (50, 1.5)), "R03")  # 0.25 m on both sides
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, pytest.approx(0.25))


def test_r03_without_pavements_on_the_map_is_not_checked() -> None:
    street = hand_street(without=["south pavement", "north pavement"], unknown=["pavement"])
    assert one(street, bed(2), "R03").missing == ("pavement",)


def test_the_survey_of_a_street_judges_its_pavements_themselves() -> None:
    # 1.4 m over 100 m: too long for R02, and so too narrow for R01.
    street = pavement_of(1.4, ("lamp", box(50, 0, 50.2, 0.6)))
    proposals = survey(street)
    kinds = [(p.kind, p.place.bounds[3]) for p in proposals]
    pavement = kinds.index(("pavement", 1.4))
    assert one(street, proposals, "R01", pavement).verdict is Verdict.CONFLICT
    length = one(street, proposals, "R02", pavement).value
    assert length is not None and 40 < length <= 100  # 21 m to both sides of where one looks
    # The lamp leaves 0.8 m.
    lamp = kinds.index(("lamp", 0.6))
    assert one(street, proposals, "R03", lamp).value == pytest.approx(0.8)


# --- R21: a façade garden ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth_m", "verdict"), [(0.4, Verdict.FITS), (0.45, Verdict.FITS), (0.46, Verdict.CONFLICT)]
)
def test_r21_a_facade_garden_is_one_tile_and_a_half_deep(depth_m: float, verdict: Verdict) -> None:
    deep, left, dig = findings(hand_street(), add("facade_garden", box(40, 0, 50, depth_m)), "R21")
    assert (deep.verdict, deep.value) == (verdict, pytest.approx(depth_m))
    assert left.verdict is Verdict.FITS
    # How deep one digs cannot be drawn: it is told, and refuses nothing.
    assert dig.limit is not None
    assert (dig.verdict, dig.limit.value, dig.value) == (Verdict.FITS, 0.4, None)
    assert "hoogstens %(t)s diep" in dig.message


@pytest.mark.parametrize(
    ("pavement_m", "verdict"), [(2.0, Verdict.FITS), (1.65, Verdict.FITS), (1.64, Verdict.CONFLICT)]
)
def test_r21_a_facade_garden_leaves_120(pavement_m: float, verdict: Verdict) -> None:
    garden = add("facade_garden", box(40, 0, 50, 0.45))
    deep, left, _dig = findings(pavement_of(pavement_m), garden, "R21")
    assert deep.verdict is Verdict.FITS
    assert (left.verdict, left.value) == (verdict, pytest.approx(pavement_m - 0.45))
    # It follows its own rule, not R01 to R03.
    assert not any(findings(pavement_of(pavement_m), garden, rule) for rule in ("R01", "R02", "R03"))


@pytest.mark.parametrize(("line_y", "width_m"), [(0.0, 0.45), (0.2, 0.4), (0.225, 0.45)])
def test_r21_a_garden_drawn_as_a_line_along_the_facade_is_as_deep_as_it_is_wide(
    line_y: float, width_m: float
) -> None:
    garden = add("facade_garden", LineString([(40, line_y), (50, line_y)]), width=width_m)
    deep = findings(hand_street(), garden, "R21")[0]
    assert (deep.verdict, deep.value) == (Verdict.FITS, pytest.approx(width_m))


@pytest.mark.parametrize(
    ("pavement_m", "verdict"), [(2.0, Verdict.FITS), (1.65, Verdict.FITS), (1.64, Verdict.CONFLICT)]
)
@pytest.mark.parametrize("line_y", [0.0, -0.02, 0.1, 0.225])
def test_r21_a_garden_drawn_on_the_facade_leaves_what_lies_before_it(
    line_y: float, pavement_m: float, verdict: Verdict
) -> None:
    """The line that snaps to the façade is the garden's back: 0.45 m of pavement goes, not half of it."""
    street = pavement_of(pavement_m)
    garden = settled(add("facade_garden", LineString([(40, line_y), (50, line_y)])), street)
    deep, left, _dig = findings(street, garden, "R21")
    assert (deep.verdict, deep.value) == (Verdict.FITS, pytest.approx(0.45))
    assert (left.verdict, left.value) == (verdict, pytest.approx(pavement_m - 0.45))
    assert garden.place.equals(box(40, 0, 50, 0.45)) or garden.place.symmetric_difference(
        box(40, 0, 50, 0.45)
    ).area == pytest.approx(0, abs=1e-6)


def test_only_gardens_along_a_facade_come_forward() -> None:
    street = pavement_of(3.0)
    for drawn in (
        add("facade_garden", LineString([(40, 1.5), (50, 1.5)])),  # out on the pavement
        add("facade_garden", box(40, 0, 50, 0.4)),  # drawn as an area
        add("hedge", LineString([(40, 0), (50, 0)])),
    ):
        assert settled(drawn, street) is drawn
    # Along a house of 5 m and 5 m beyond it: before the house it comes forward, beyond it lies on the line.
    house = Street([existing_thing(1, "building", box(0, -10, 45, 0))], {"building"})
    placed = settled(add("facade_garden", LineString([(40, 0), (50, 0)])), house).place
    assert placed.intersection(box(40, -1, 44, 1)).area == pytest.approx(4 * 0.45)
    assert placed.intersection(box(46, -1, 50, 1)).bounds == pytest.approx((46, -0.225, 50, 0.225))


def test_r21_a_garden_away_from_the_facade_is_none() -> None:
    (finding,) = findings(hand_street(), add("facade_garden", box(40, 0.3, 50, 0.7)), "R21")
    assert (finding.verdict, finding.value) == (Verdict.CONFLICT, None)


def test_r21_without_buildings_on_the_map_is_not_checked() -> None:
    street = hand_street(without=["south building", "north building"], unknown=["building"])
    finding = one(street, add("facade_garden", box(40, 0, 50, 0.4)), "R21")
    assert finding.missing == ("building",)


# --- R29: a bus stop -----------------------------------------------------------------------------------


def platform(depth_m: float) -> Proposal:
    """A platform of 12 m along the kerb of the north pavement (y = 10)."""
    return add("bus_stop", box(40, 10, 52, 10 + depth_m))


@pytest.mark.parametrize(
    ("depth_m", "verdict", "key"),
    [
        (2.0, Verdict.FITS, "door_m"),
        (1.8, Verdict.FITS, "door_m"),
        (1.7, Verdict.CONDITIONAL, "door_m"),
        (1.5, Verdict.CONDITIONAL, "door_m"),
        (1.49, Verdict.CONFLICT, "depth_m"),
        (1.4, Verdict.CONFLICT, "depth_m"),
    ],
)
def test_r29_a_platform_is_deep_enough_for_a_wheelchair(depth_m: float, verdict: Verdict, key: str) -> None:
    finding, height = findings(hand_street(), platform(depth_m), "R29")
    assert height.limit is not None
    assert (height.verdict, height.limit.value) == (Verdict.FITS, 0.18)
    assert (finding.verdict, finding.value) == (verdict, pytest.approx(depth_m))
    assert finding.limit is not None and finding.limit.key == key


@pytest.mark.parametrize(
    ("from_kerb_m", "verdict"), [(1.6, Verdict.FITS), (1.5, Verdict.FITS), (1.4, Verdict.CONFLICT)]
)
def test_r29_what_stands_on_the_platform_leaves_the_kerb_free(from_kerb_m: float, verdict: Verdict) -> None:
    # A bench along the street is 0.6 m deep: its front stands 0.3 m nearer to the kerb than its middle.
    bench = add("bench", (46, 10 + from_kerb_m + 0.3), rotation=90, index=1)
    depth, kerb, _height = findings(hand_street(), [platform(2.5), bench], "R29")
    assert depth.verdict is Verdict.FITS
    assert (kerb.verdict, kerb.value) == (verdict, pytest.approx(from_kerb_m))


def test_r29_without_the_data_is_not_checked() -> None:
    street = hand_street(without=["carriageway"], unknown=["carriageway"])
    bench = add("bench", (46, 11.8), rotation=90, index=1)
    depth, kerb, _height = findings(street, [platform(2.5), bench], "R29")
    assert (depth.verdict, kerb.verdict) == (Verdict.FITS, Verdict.UNCHECKED)
    assert kerb.missing == ("carriageway",)
    nothing = hand_street(without=["south pavement", "north pavement"], unknown=["pavement"])
    assert one(nothing, platform(2), "R29").missing == ("pavement",)


@pytest.mark.parametrize("kind", ["bench", "bike_stand"])
def test_which_way_a_street_runs_makes_no_bench_on_the_map_wider(kind: str) -> None:
    """A bench that the map knows as a point is 0.6 m across, however it is turned: from y = 0.4 + 0.3 to
    the bed at y = 1.9 is 1.2 m, in a street to the east as in one to the north."""
    house, pavement, bed = box(0, -10, 100, 0), box(0, 0, 100, 3), box(45, 1.9, 55, 3)
    measured = []
    for turned in (lambda shape: shape, lambda shape: affinity.rotate(shape, 90, origin=(50, 1.5))):
        street = Street(
            [
                existing_thing(1, "building", turned(house)),
                existing_thing(2, "pavement", turned(pavement)),
                existing_thing(3, kind, turned(Point(50, 0.4))),
            ],
            {"pavement", "building"},
        )
        finding = one(street, add("planting_bed", turned(bed)), "R01")
        measured.append((finding.value, finding.verdict))
    assert measured[0][0] == pytest.approx(1.2)
    assert measured[1] == (pytest.approx(1.2), measured[0][1])


def test_a_bench_that_is_moved_lies_as_it_is_drawn() -> None:
    street = hand_street(("bench", Point(20, 1)))
    assert move(street, 100, (50, 1.5)).place.bounds == pytest.approx((49.7, 0.6, 50.3, 2.4))
    assert move(street, 100, (50, 1.5), rotation=90).place.bounds == pytest.approx((49.1, 1.2, 50.9, 1.8))


@pytest.mark.parametrize("away_m", [4, 5, 6, 7])
def test_a_bench_is_not_told_of_the_planter_further_on(away_m: float) -> None:
    """A planter in the middle (y = 1.0 to 2.2 of 3 m) leaves 1.0 and 0.8 m; a bench against the façade (y =
    0 to 0.6) leaves 2.4 m. Each is told of its own."""
    planter, bench = add("planter", (50, 1.6)), add("bench", (50 + away_m, 0.3), rotation=90, index=1)
    for rule in ("R01", "R03"):
        assert one(hand_street(), [planter, bench], rule).verdict is Verdict.CONFLICT
        assert one(hand_street(), [planter, bench], rule, index=1).verdict is Verdict.FITS


def test_two_that_leave_too_little_between_them_are_both_told() -> None:
    """1.8 m beside the planter alone and 2.4 m beside the bench alone; 3 - 1.2 - 0.6 = 1.2 m between them."""
    planter, bench = add("planter", (50, 0.6)), add("bench", (50, 2.7), rotation=90, index=1)
    for index in (0, 1):
        finding = one(hand_street(), [planter, bench], "R01", index)
        assert (finding.verdict, finding.value) == (Verdict.CONDITIONAL, pytest.approx(1.2))
    for alone in (planter, bench):
        assert one(hand_street(), alone, "R01").verdict is Verdict.FITS


def test_who_closes_the_wide_side_is_told_what_the_narrow_side_leaves() -> None:
    """A planter on the map (1 m, y = 0.8 to 1.8) leaves 1.2 m to the kerb and 0.8 m to the façade. A bench in
    the wider gap makes everybody go by the narrower one, also where another bench is drawn further on."""
    street = hand_street(("planter", Point(50, 1.3)))
    closes = add("bench", (50, 2.4), rotation=90)
    for others in ([], [add("bench", (45, 0.3), rotation=90, index=1)]):
        finding = one(street, [closes, *others], "R01")
        assert (finding.verdict, finding.value, finding.existing) == (
            Verdict.CONFLICT,
            pytest.approx(0.8),
            False,
        )
