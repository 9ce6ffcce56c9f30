"""Draws from the ballots: those that the published recipe gives, and as often as probability says."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.votes.counting import greedy, rules, stability
from app.votes.counting.contest import Contest, Kind
from app.votes.counting.election import Project


def contest(ballots: list[str]) -> Contest:
    options = [Project(name, Fraction(1)) for name in "ABC"]
    return Contest.of(Kind.APPROVAL, options, ballots, places=1, budget=3)


def by_recipe(choices: list, seed: str, number: int) -> list:
    """The draws as the documentation tells them, with nothing of the program."""
    stream = hashlib.shake_256(f"{seed}:{number}".encode()).digest(8 * len(choices))
    numbers = [int.from_bytes(stream[8 * i : 8 * i + 8], "little") for i in range(len(choices))]
    return [choices[number % len(choices)] for number in numbers]


@pytest.mark.parametrize("number", [1, 2, 100])
def test_a_try_draws_what_the_recipe_says(number: int) -> None:
    round_ = contest(["A", "B", "AB", "A", "", "C", "BC"] * 9)
    expected = sorted(map(tuple, by_recipe(round_.choices(), "ab12", number)))
    assert sorted(map(tuple, stability.drawn(round_, "ab12", number).choices())) == expected


def test_wins_are_those_of_counting_every_draw_by_hand() -> None:
    round_ = contest(["A"] * 4 + ["B"] * 3)
    won = {"A": 0, "B": 0, "C": 0}
    for number in range(1, 51):
        drawn = [ballot[0] for ballot in by_recipe(round_.choices(), "zaad", number)]
        # Equal votes at equal cost: A comes first.
        won["A" if drawn.count("A") >= drawn.count("B") else "B"] += 1
    assert stability.wins(round_, lambda c: greedy.count(c.approvals, 1), "zaad", 50) == won


def test_wins_are_as_frequent_as_the_binomial_distribution_says() -> None:
    # A wins when at least 20 of 40 draws are A, of which 22 of 40 ballots are.
    round_ = contest(["A"] * 22 + ["B"] * 18)
    tries = 2000
    wins = stability.wins(round_, lambda c: greedy.count(c.approvals, 1), "x", tries)
    chance = float(stats.binom(40, 22 / 40).sf(19))
    assert abs(wins["A"] / tries - chance) < 4 * math.sqrt(chance * (1 - chance) / tries)
    assert wins["A"] + wins["B"] == tries


def test_every_ballot_is_drawn_equally_often() -> None:
    round_ = contest(["A"] * 10 + ["B"] * 20 + ["C"] * 70)
    found = {"A": 0, "B": 0, "C": 0}
    for number in range(1, 201):
        for choices in stability.drawn(round_, "y", number).choices():
            found[choices[0]] += 1
    assert stats.chisquare(list(found.values()), [2000, 4000, 14000]).pvalue > 0.001


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    round_ = contest(["A", "B", "C"] * 20)
    assert stability.drawn(round_, "a", 1) == stability.drawn(round_, "a", 1)
    assert stability.drawn(round_, "a", 1) != stability.drawn(round_, "b", 1)
    # However the ballots were listed.
    assert stability.drawn(contest(["C", "B", "A"] * 20), "a", 1) == stability.drawn(round_, "a", 1)


def test_no_ballots_and_one_ballot() -> None:
    assert stability.wins(contest([]), lambda c: greedy.count(c.approvals, 1), "a", 5) == dict.fromkeys(
        "ABC", 0
    )
    assert stability.wins(contest(["B"]), lambda c: greedy.count(c.approvals, 1), "a", 5)["B"] == 5


def test_a_very_large_round_gets_fewer_tries() -> None:
    assert stability.tries_for(contest(["A"])) == 100
    assert stability.tries_for(contest(["A"] * 333_334)) == 20


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    n = draw(st.integers(1, 6))
    names = [f"p{number}" for number in range(1, n + 1)]
    costs = draw(st.lists(st.fractions(0, 50, max_denominator=7), min_size=n, max_size=n))
    ballots = draw(st.lists(st.lists(st.sampled_from(names), unique=True), min_size=1, max_size=25))
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=3))
    return Contest.of(
        Kind.APPROVAL,
        [Project(name, cost) for name, cost in zip(names, costs, strict=True)],
        ballots,
        budget=draw(st.integers(1, 120)),
        exclusions=[pair for pair in pairs if pair[0] != pair[1]],
    )


@given(contests(), st.data())
def test_a_draw_is_the_contest_of_the_drawn_ballots_in_every_part(
    contest: Contest, data: st.DataObject
) -> None:
    """What is known of the ballots is used again, and must be what counting the drawn ones anew finds."""
    n = len(contest.ballots)
    times = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    fast = contest.with_times(times)
    one_by_one = [
        choices
        for (ballot, _cast), many in zip(contest.ballots, times, strict=True)
        for choices in [[contest.projects[place].id for place in ballot.choices]] * many
    ]
    anew = Contest.of(
        Kind.APPROVAL,
        contest.projects,
        one_by_one,
        budget=contest.budget,
        exclusions=contest.exclusions,
    )
    assert fast == anew
    assert list(fast.approvals.ballots.items()) == list(anew.approvals.ballots.items())
    assert [one.tolist() for one in fast.approvals.named] == [one.tolist() for one in anew.approvals.named]
    assert fast.approvals.times.tolist() == anew.approvals.times.tolist()
    assert fast.approvals.votes == anew.approvals.votes
    assert rules.count(fast, "mes") == rules.count(anew, "mes")
