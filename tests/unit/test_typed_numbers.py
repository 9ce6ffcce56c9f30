"""Amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.typed import amount_typed


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("12500", "12500"),
        ("12.500", "12500"),
        ("12,500", "12500"),
        ("12 500", "12500"),
        ("12\u00a0500", "12500"),
        ("€ 12.500,50", "12500.50"),
        ("12,500.5", "12500.5"),
        ("1.250.000", "1250000"),
        ("99,50", "99.50"),
        ("99.50", "99.50"),
        ("0.500", "0.500"),
        ("-5", "-5"),
        ("", ""),
    ],
)
def test_what_people_write_is_what_they_mean(text: str, digits: str) -> None:
    assert amount_typed(text) == digits


@pytest.mark.parametrize("text", ["1.25.000", "1.250,000", "12.5000", "12.500.5", "ongeveer 5", "1e3", "5-"])
def test_what_is_no_amount_stays_as_it_was_typed(text: str) -> None:
    """It is for whoever reads the number to refuse it, and to show it again."""
    assert amount_typed(text) == text


@given(st.decimals(0, 10**9, places=2), st.sampled_from([(".", ","), (",", "."), (" ", ","), ("", ",")]))
def test_every_way_to_write_an_amount_gives_the_amount(amount: Decimal, marks: tuple[str, str]) -> None:
    thousands, cents = marks
    written = f"{amount:,.2f}".translate({ord(","): thousands, ord("."): cents})
    assert Decimal(amount_typed(written)) == amount
