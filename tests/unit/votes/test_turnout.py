"""Wilson's interval against scipy's, and what is called a gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from app.votes.counting.turnout import gap, wilson


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_that_of_scipy(numbers: tuple[int, int]) -> None:
    voted, could_vote = numbers
    theirs = binomtest(voted, could_vote).proportion_ci(0.95, "wilson")
    assert wilson(voted, could_vote) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_gap_is_clear_only_when_chance_does_not_explain_it() -> None:
    # 10 of 100 against 300 of 1000: Wilson 5.5 to 17.4 %, so 24.5 to 12.6 points under 30 %.
    found = gap(10, 100, 300, 1000)
    assert (found.low_points, found.high_points, found.is_missing) == (-25, -12, True)
    # 8 of 30 against 30 %: 14.2 to 44.4 %.
    found = gap(8, 30, 300, 1000)
    assert (found.low_points, found.high_points) == (-16, 15)
    assert not found.is_clear and not found.is_missing
    assert gap(60, 100, 300, 1000).is_clear and not gap(60, 100, 300, 1000).is_missing


@pytest.mark.parametrize("numbers", [(-1, 5), (6, 5), (0, 0)])
def test_numbers_that_cannot_be_are_refused(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot have voted"):
        wilson(*numbers)
