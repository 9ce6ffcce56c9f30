"""Greedy and plain approval by hand, and what cannot be an election."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.votes.counting import approval, greedy
from app.votes.counting.election import Election, InvalidElection, Project, natural
from app.votes.counting.outcome import Reason
from tests.unit.votes.conftest import election

# a 4 votes, b 3, c 2, d 1, e none; a and b together are more than the budget of 10.
COSTS = {"a": 6, "b": 5, "c": 3, "d": 1, "e": 1, "f": 11}
BALLOTS = ["abcdf", "abcf", "abf", "af", "f"]


def reasons(outcome: greedy.Outcome) -> dict[str, Reason]:
    return {outcome.election.projects[one.project].id: one.reason for one in outcome.losers}


def test_greedy_skips_what_does_not_fit() -> None:
    outcome = greedy.count(election(COSTS, 10, BALLOTS))
    assert outcome.winning_ids == ["a", "c", "d"] and outcome.total_cost == 10
    assert reasons(outcome) == {"b": Reason.DOES_NOT_FIT, "e": Reason.NO_SUPPORT, "f": Reason.OVER_BUDGET}
    assert outcome.losers[0].left == 4


def test_plain_approval_ends_at_the_first_that_does_not_fit() -> None:
    outcome = approval.count(election(COSTS, 10, BALLOTS))
    assert outcome.winning_ids == ["a"]
    assert reasons(outcome) == {
        "b": Reason.DOES_NOT_FIT,
        "c": Reason.AFTER_THE_LAST,
        "d": Reason.AFTER_THE_LAST,
        "e": Reason.NO_SUPPORT,
        "f": Reason.OVER_BUDGET,
    }


@pytest.mark.parametrize("rule", [greedy, approval])
def test_what_a_winner_excludes_is_struck_and_ends_nothing(rule: type) -> None:
    outcome = rule.count(election(COSTS, 10, BALLOTS, ["ab", "bc"]))
    assert outcome.winning_ids == ["a", "c", "d"]
    b = outcome.losers[0]
    assert (b.reason, b.by, b.support, b.by_support) == (Reason.EXCLUDED, 0, 3, 4)


def test_every_contradiction_is_told() -> None:
    projects = [Project("a", Fraction(-1)), Project("b", Fraction(1)), Project("b", Fraction(2))]
    with pytest.raises(InvalidElection) as refused:
        Election.of(projects, 0, [["a", "a"], ["z"]], [["a"], ["a", "y"]])
    assert refused.value.problems == [
        "The budget must be more than 0.",
        "The cost of a is negative.",
        "Project b is there 2 times.",
        "A ballot names a project twice.",
        "An exclusion needs at least two different projects.",
        "There is no project z.",
        "There is no project y.",
    ]


def test_ids_in_the_order_in_which_people_read_them() -> None:
    names = ["10", "9", "b10", "b9", "b", "a", "2a", "2", "02", "9" * 5000, ""]
    assert sorted(names, key=natural) == ["", "02", "2", "2a", "9", "10", "9" * 5000, "a", "b", "b9", "b10"]


@given(st.sets(st.text(alphabet="a01", max_size=6)))
def test_no_two_ids_have_the_same_place(names: set[str]) -> None:
    assert len({natural(name) for name in names}) == len(names)
