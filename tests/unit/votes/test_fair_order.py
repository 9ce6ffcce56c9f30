"""The order of the options is a fair draw."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

from scipy.stats import chisquare

from app.votes.rounds.order import fair


def _codes(seed: str, n: int = 3) -> str:
    return "".join(one.code for one in fair([SimpleNamespace(code=chr(65 + i)) for i in range(n)], seed))


def test_one_voter_always_sees_the_same_order() -> None:
    assert {_codes("somebody") for _time in range(5)} == {_codes("somebody")}
    shuffled = [SimpleNamespace(code=code) for code in "CAB"]
    assert "".join(one.code for one in fair(shuffled, "somebody")) == _codes("somebody")


def test_every_order_is_as_likely_as_any_other() -> None:
    """Six orders of three designs among 6,000 voters: 1,000 each but for chance (chi-square, 1 in 1,000)."""
    drawn = Counter(_codes(f"voter {n}") for n in range(6_000))
    assert len(drawn) == 6
    assert chisquare(list(drawn.values())).pvalue > 0.001


def test_every_design_comes_first_as_often() -> None:
    first = Counter(_codes(f"voter {n}", 5)[0] for n in range(5_000))
    assert chisquare(list(first.values())).pvalue > 0.001
