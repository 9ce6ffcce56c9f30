"""Figures of two designs side by side, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from app.designs.compare_effects import Figure, FigureDifference, Ratio, compare_effects


def figure(before: float, after: float, unit: str = "piece", **ends: float) -> dict[str, Any]:
    """A stored figure."""
    return {"before": before, "after": after, "unit": unit, "status": "S", "source": [], **ends}


def only(a: Any, b: Any) -> FigureDifference:
    """The comparison of one figure."""
    (found,) = compare_effects(a and {"x": a}, b and {"x": b})
    return found


@pytest.mark.parametrize(
    ("a", "b", "ratio"),
    [
        ((52_000, 76_000), (84_000, 121_000), Ratio.B_MORE),
        ((84_000, 121_000), (52_000, 76_000), Ratio.A_MORE),
        ((52_000, 90_000), (84_000, 121_000), Ratio.ABOUT_EQUAL),
        ((52_000, 84_000), (84_000, 121_000), Ratio.ABOUT_EQUAL),  # they touch
        ((52_000, 76_000), (52_000, 76_000), Ratio.ABOUT_EQUAL),  # the same estimate, not the same bill
        ((0, 0), (52_000, 76_000), Ratio.B_MORE),
        ((60_000, 60_000), (52_000, 76_000), Ratio.ABOUT_EQUAL),
        ((60_000, 60_000), (60_000, 60_000), Ratio.EQUAL),
    ],
)
def test_costs_that_overlap_are_about_equal(
    a: tuple[float, float], b: tuple[float, float], ratio: Ratio
) -> None:
    found = only(*(figure(0, sum(ends) / 2, "EUR", low=ends[0], high=ends[1]) for ends in (a, b)))
    assert found.ratio is ratio


def test_exact_figures_say_by_how_much() -> None:
    found = only(figure(22, 17, "place"), figure(22, 20, "place"))
    assert (found.before, found.ratio, found.by, found.unit) == (22, Ratio.B_MORE, 3, "place")


def test_a_range_has_no_exact_difference() -> None:
    assert only(figure(0, 5, low=5, high=8), figure(0, 10)).by is None


def test_the_street_as_it_is_stays_as_before() -> None:
    found = only(None, figure(3, 7))
    assert (found.a, found.b) == (Figure(3, 3, 3, 3), Figure(3, 7, 7, 7))
    assert (found.ratio, found.by) == (Ratio.B_MORE, 4)
    mirrored = only(figure(3, 7), None)
    assert (mirrored.ratio, mirrored.by) == (Ratio.A_MORE, -4)


def test_a_map_that_changed_in_between_has_no_common_before() -> None:
    assert only(figure(3, 7), figure(4, 7)).before is None


def test_what_one_design_never_had_computed_is_unknown() -> None:
    found = compare_effects({"x": figure(3, 7)}, {})
    assert [(one.ratio, one.b, one.by, one.before) for one in found] == [(Ratio.UNKNOWN, None, None, 3)]


@pytest.mark.parametrize("odd", [None, "7", True, float("nan"), float("inf"), [], {"before": 1}])
def test_what_is_no_number_is_left_out(odd: Any) -> None:
    stored = {"x": odd} if not isinstance(odd, float | bool) else {"x": {"before": 1, "after": odd}}
    assert compare_effects(stored, stored) == []


def test_names_come_in_as_order_and_none_twice() -> None:
    a, b = {"x": figure(0, 1), "y": figure(0, 1)}, {"z": figure(0, 1), "y": figure(0, 2)}
    assert [one.name for one in compare_effects(a, b)] == ["x", "y", "z"]


def test_ends_in_the_wrong_order_are_put_right() -> None:
    assert only(figure(0, -5, low=-2, high=-5), None).a == Figure(0, -5, -5, -2)
