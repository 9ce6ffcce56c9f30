"""Dates of pledges, and what is still the same thing in another version."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from app.votes.adoption.domain import Spot, Unit, after_months, due, holds, matched, months_of


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 11, 15), 3, date(2028, 2, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 12, 1), 12, date(2028, 12, 1)),
        (date(2027, 3, 31), 120, date(2037, 3, 31)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert after_months(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2150, 1, 1)), st.integers(1, 120))
def test_the_month_is_right_and_the_day_never_later(day: date, months: int) -> None:
    later = after_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
    assert later > day


def test_years_are_twelve_months() -> None:
    assert (months_of(2, Unit.YEARS), months_of(2, Unit.MONTHS)) == (24, 2)


def test_the_last_day_is_the_one_before_the_end() -> None:
    first, end = date(2027, 3, 1), date(2027, 6, 1)
    assert not holds(first, end, date(2027, 2, 28))
    assert holds(first, end, first)
    assert holds(first, end, date(2027, 5, 31))
    assert not holds(first, end, end)


@pytest.mark.parametrize(
    ("today", "reminded_for", "expected"),
    [
        (date(2027, 5, 1), None, False),  # 31 days before
        (date(2027, 5, 2), None, True),  # 30 days before
        (date(2027, 5, 31), None, True),
        (date(2027, 6, 1), None, False),  # over
        (date(2027, 5, 10), date(2027, 6, 1), False),  # done
        (date(2027, 5, 10), date(2026, 6, 1), True),  # of an earlier end, before it was extended
    ],
)
def test_once_in_the_last_thirty_days(today: date, reminded_for: date | None, expected: bool) -> None:
    assert due(date(2027, 6, 1), reminded_for, today) is expected


def test_the_same_thing_in_another_version_is_of_its_kind_and_within_two_metres() -> None:
    bed = Spot("planting_bed", box(0, 0, 2, 2))
    things = [Spot("bench", Point(0, 0)), Spot("planting_bed", box(4, 0, 6, 2)), Spot("bench", Point(1.5, 0))]
    assert matched([bed], things) == [1]
    assert matched([Spot("bench", Point(1, 0))], things) == [2]
    assert matched([Spot("bench", Point(3.6, 0))], things) == [None]
    assert matched([Spot("tree_small", Point(0, 0))], things) == [None]
    assert matched([bed], []) == [None]
