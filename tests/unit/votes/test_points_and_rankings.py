"""Rounds with points and rankings: winners worked out by hand, and the same ballots under other rules."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.votes.counting import pabulib, points, ranked, rules
from app.votes.counting.contest import Contest, Kind
from app.votes.counting.election import InvalidElection, Project
from app.votes.counting.equal_shares import Completion
from app.votes.counting.outcome import Reason


def contest(kind: Kind, costs: dict[str, int], ballots: list, **more: object) -> Contest:
    return Contest.of(kind, [Project(name, Fraction(cost)) for name, cost in costs.items()], ballots, **more)


def test_points_are_added_up_and_what_does_not_fit_is_skipped() -> None:
    # A 5 + 1 = 6, B 4, C 5, D none. Of 100, A takes 60; C costs 50, B 40.
    round_ = contest(
        Kind.POINTS,
        {"A": 60, "B": 40, "C": 50, "D": 1},
        [{"A": 5}, {"B": 4, "A": 1}, {"C": 5}],
        budget=100,
    )
    outcome = points.count(round_)
    assert points.totals(round_) == [6, 4, 5, 0]
    assert outcome.winning_ids == ["A", "B"] and outcome.total_cost == 100
    lost = {outcome.election.projects[one.project].id: one for one in outcome.losers}
    assert lost["C"].reason is Reason.DOES_NOT_FIT and lost["C"].left == 40
    assert lost["D"].reason is Reason.NO_SUPPORT


def test_of_equal_points_more_voters_then_the_cheaper_then_the_code_comes_first() -> None:
    # All have 4 points. C from two voters; of A, B and D, with one voter each, B and D are cheaper.
    ballots = [{"A": 4}, {"B": 4}, {"C": 2}, {"C": 2}, {"D": 4}]
    outcome = points.count(contest(Kind.POINTS, {"A": 2, "B": 1, "C": 9, "D": 1}, ballots, places=4))
    assert outcome.winning_ids == ["C", "B", "D", "A"]


def test_a_conflict_strikes_what_has_fewer_points() -> None:
    round_ = contest(
        Kind.POINTS, {"A": 1, "B": 1, "C": 1}, [{"A": 3, "B": 2}, {"C": 1}], places=2, exclusions=["AB"]
    )
    outcome = points.count(round_)
    assert outcome.winning_ids == ["A", "C"]
    assert (outcome.losers[0].by, outcome.losers[0].support, outcome.losers[0].by_support) == (0, 2, 3)


# Condorcet's example as in many textbooks (Tennessee): Memphis 42, Nashville 26, Chattanooga 15, Knoxville
# 17. Nashville wins every duel, Memphis has most first places.
TENNESSEE = [["M", "N", "C", "K"]] * 42 + [["N", "C", "K", "M"]] * 26
TENNESSEE += [["C", "K", "N", "M"]] * 15 + [["K", "C", "N", "M"]] * 17


def test_who_wins_every_duel_wins_and_the_comparison_shows_first_places() -> None:
    round_ = contest(Kind.RANKING, dict.fromkeys("MNCK", 1), TENNESSEE)
    assert ranked.count(round_).winning_ids == ["N"]
    found = {outcome.rule["name"]: outcome.winning_ids for outcome in rules.compare(round_)}
    assert found == {"schulze": ["N"], "first": ["M"]}


def test_a_ranking_with_a_budget_goes_on_down_the_order() -> None:
    # Order N, C, K, M (by duels: C beats K 83 to 17, K beats M 58 to 42). C costs more than is left.
    costs = {"M": 10, "N": 60, "C": 50, "K": 30}
    outcome = ranked.count(contest(Kind.RANKING, costs, TENNESSEE, budget=100))
    assert outcome.winning_ids == ["N", "K", "M"]
    assert [won.support for won in outcome.winners] == [3, 1, 0]
    assert outcome.losers[0].reason is Reason.DOES_NOT_FIT and outcome.losers[0].left == 40


def test_nobody_wins_a_ranking_without_being_named() -> None:
    outcome = ranked.count(contest(Kind.RANKING, dict.fromkeys("ABC", 1), [["B"], ["B"]], places=3))
    assert outcome.winning_ids == ["B"]
    assert {one.reason for one in outcome.losers} == {Reason.NO_SUPPORT}


def test_without_budget_and_number_one_wins() -> None:
    outcome = rules.count(contest(Kind.APPROVAL, {"A": 5, "B": 5}, ["A", "AB"]), "greedy")
    assert outcome.winning_ids == ["A"]
    assert outcome.losers[0].reason is Reason.PLACES_TAKEN


def test_yes_ballots_are_compared_under_three_rules() -> None:
    # 10 each for 10 voters. A (100) has 6 votes, B and C (20) 4 votes each: for A 60 would be there.
    ballots = ["A"] * 6 + ["BC"] * 4
    round_ = contest(Kind.APPROVAL, {"A": 100, "B": 20, "C": 20}, ballots, budget=100)
    found = [(o.rule["name"], o.winning_ids) for o in rules.compare(round_)]
    assert found == [("mes", ["B", "C"]), ("greedy", ["A"]), ("approval", ["A"])]


@pytest.mark.parametrize(
    ("rule", "kind", "budget", "words"),
    [
        ("chance", Kind.APPROVAL, 1, "There is no rule"),
        ("schulze", Kind.APPROVAL, 1, "does not count ballots of the kind approval"),
        ("first", Kind.RANKING, 1, "does not count ballots of the kind ranking"),
        ("mes", Kind.APPROVAL, None, "needs a budget"),
    ],
)
def test_a_rule_that_does_not_belong_is_refused(
    rule: str, kind: Kind, budget: int | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        rules.count(contest(kind, {"A": 1}, ["A"], budget=budget), rule)


@pytest.mark.parametrize(
    ("kind", "ballot", "words"),
    [
        (Kind.POINTS, ["A"], "says how many points"),
        (Kind.POINTS, {"A": 0}, "whole numbers from 1"),
        (Kind.POINTS, {"A": True}, "whole numbers from 1"),
        (Kind.POINTS, {"Z": 1}, "no option 'Z'"),
        (Kind.APPROVAL, {"A": 1}, "is a list"),
        (Kind.RANKING, ["A", "A"], "twice"),
        (Kind.RANKING, ["Z"], "no option 'Z'"),
    ],
)
def test_a_ballot_of_the_wrong_form_is_refused(kind: Kind, ballot: object, words: str) -> None:
    with pytest.raises(InvalidElection, match=words):
        contest(kind, {"A": 1}, [ballot])


@given(st.lists(st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 9)), max_size=12), st.integers(1, 30))
def test_points_never_spend_more_than_the_budget_and_count_each_point_once(
    ballots: list[dict[str, int]], budget: int
) -> None:
    round_ = contest(Kind.POINTS, {"A": 3, "B": 7, "C": 12, "D": 30}, ballots, budget=budget)
    outcome = points.count(round_)
    assert outcome.total_cost <= budget
    assert sum(points.totals(round_)) == sum(sum(ballot.values()) for ballot in ballots)
    assert len(outcome.winners) + len(outcome.losers) == 4
    assert sorted(map(repr, round_.choices())) == sorted(
        repr(dict(sorted(ballot.items()))) for ballot in ballots
    )


def test_a_contest_of_real_ballots_has_the_published_winners(real: pabulib.PabulibFile) -> None:
    """Świecie 2023 and Assen 2024, as a round with yes-ballots."""
    round_ = Contest.of(
        Kind.APPROVAL, real.projects, (vote.choices for vote in real.votes), budget=real.budget
    )
    outcome = rules.count(round_, "mes", Completion.ADD1)
    assert round_.voters == len(real.votes)
    assert set(outcome.winning_ids) == real.selected
