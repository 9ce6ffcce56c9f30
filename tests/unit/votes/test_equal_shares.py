"""The Method of Equal Shares: against published results, another library, its definition, and by hand."""

from __future__ import annotations

import importlib.util
import math
import random
import sys
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.votes.counting import equal_shares
from app.votes.counting.election import Election, Project
from app.votes.counting.equal_shares import Completion
from app.votes.counting.outcome import Lost, Outcome, Payment, Reason
from app.votes.counting.pabulib import PabulibFile
from app.votes.counting.purses import Support
from tests.factories import slow_count
from tests.unit.votes.conftest import election

NAMES = "abcdefg"


@st.composite
def elections(draw: st.DrawFn, *, conflicts: bool, free: bool = False) -> Election:
    """Small elections with many ties and near ties: few different costs, few voters."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    budget = draw(st.integers(1, 40))
    least, most = (0, 45) if free else (1, budget)
    costs = {name: draw(st.integers(least, most)) for name in names}
    ballots = draw(st.lists(st.sets(st.sampled_from(names)), min_size=1, max_size=12))
    pairs = st.sets(st.sampled_from(names), min_size=2, max_size=3)
    groups = draw(st.lists(pairs, max_size=4)) if conflicts and len(names) > 1 else []
    return election(costs, budget, map("".join, ballots), map("".join, groups))


def ids(outcome: Outcome) -> list[str]:
    return outcome.winning_ids


def lost(outcome: Outcome, name: str) -> Lost:
    return next(one for one in outcome.losers if outcome.election.projects[one.project].id == name)


# Against what others found


@pytest.mark.parametrize("completion", ["add1", "add1-exhaustive"])
def test_the_winners_are_those_that_were_published(real: PabulibFile, completion: str) -> None:
    outcome = equal_shares.count(real.election(), Completion(completion))
    assert set(ids(outcome)) == real.selected
    assert outcome.total_cost <= real.budget


@pytest.fixture(scope="module")
def pabutools() -> Any:
    """The library of the people who study such rules; it brings linear programming that is not used here."""
    if importlib.util.find_spec("pabutools") is None:
        pytest.skip("pabutools is not installed")
    import pabutools.election
    import pabutools.rules
    import pabutools.tiebreaking  # noqa: F401

    return sys.modules["pabutools"]


@pytest.mark.filterwarnings("ignore")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(counted=elections(conflicts=False), completed=st.booleans())
def test_pabutools_finds_the_same_winners(pabutools: Any, counted: Election, completed: bool) -> None:
    there = {p.id: pabutools.election.Project(p.id, int(p.cost)) for p in counted.projects}
    instance = pabutools.election.Instance(there.values(), budget_limit=int(counted.budget))
    profile = pabutools.election.ApprovalProfile(
        [
            pabutools.election.ApprovalBallot(there[counted.projects[place].id] for place in ballot)
            for ballot, times in counted.ballots.items()
            for _time in range(times)
        ],
        instance=instance,
    )
    order = {counted.projects[p].id: counted.precedence(p) for p in range(len(counted.projects))}
    theirs = pabutools.rules.method_of_equal_shares(
        instance,
        profile,
        sat_class=pabutools.election.Cost_Sat,
        tie_breaking=pabutools.tiebreaking.TieBreakingRule(lambda _i, _p, project: order[project.name]),
        voter_budget_increment=1 if completed else None,
    )
    ours = equal_shares.count(counted, Completion.ADD1_EXHAUSTIVE if completed else Completion.NONE)
    assert sorted(ids(ours)) == sorted(project.name for project in theirs)


@settings(deadline=None, max_examples=300)
@given(counted=elections(conflicts=True), completion=st.sampled_from(Completion))
def test_the_answer_is_that_of_the_definition(counted: Election, completion: Completion) -> None:
    assert ids(equal_shares.count(counted, completion)) == slow_count.equal_shares(counted, completion)


@settings(deadline=None, max_examples=300)
@given(counted=elections(conflicts=True))
def test_payments_are_those_of_the_definition(counted: Election) -> None:
    paid = [won.payment.share for won in equal_shares.count(counted, Completion.NONE).winners if won.payment]
    assert paid == slow_count.largest_payments(counted)


# By hand


def test_one_run_by_hand() -> None:
    # Ten voters, 100: each has 10. a (40) has six votes: 40/6 each, effective votes 6. b (30) has five votes,
    # of two voters who paid for a: they have 10/3 left, three others 10. 30/5 = 6 is too much for those two,
    # so the others pay (30 - 20/3) / 3 = 70/9 < 10: effective votes 30 / (70/9) = 27/7. c (20) has four
    # votes, voters who paid for a and have 10/3 each left: 40/3 together, too little for 20.
    ballots = ["ac", "ac", "ac", "ac", "ab", "ab", "b", "b", "b", ""]
    outcome = equal_shares.count(election({"a": 40, "b": 30, "c": 20}, 100, ballots), Completion.NONE)
    assert ids(outcome) == ["a", "b"]
    a, b = outcome.winners
    assert (a.support, a.payment) == (6, Payment(Fraction(20, 3), 6, 0, Fraction(0)))
    assert (b.support, b.payment) == (Fraction(27, 7), Payment(Fraction(70, 9), 3, 2, Fraction(20, 3)))
    c = lost(outcome, "c")
    assert (c.reason, c.left, c.votes) == (Reason.TOO_DEAR, Fraction(40, 3), 4)
    assert "it costs 20, its supporters have 13.33 left" in outcome.sentence(c)


def test_who_has_nothing_left_pays_nothing() -> None:
    # Five voters, 20 each. a (48): three pay 16, 4 left each. b (18): one of these pays 4, another voter 14;
    # 18/14. c (19) has the same one and the fifth voter: 19/15 before, so later; then only the fifth pays,
    # 19.
    ballots = ["abc", "a", "a", "b", "c"]
    outcome = equal_shares.count(election({"a": 48, "b": 18, "c": 19}, 100, ballots), Completion.NONE)
    assert ids(outcome) == ["a", "b", "c"]
    assert [won.payment for won in outcome.winners] == [
        Payment(Fraction(16), 3, 0, Fraction(0)),
        Payment(Fraction(14), 1, 1, Fraction(4)),
        Payment(Fraction(19), 1, 1, Fraction(0)),
    ]


def test_more_in_every_purse_completes_by_hand() -> None:
    # The same. c can be paid as soon as 4 (x - 20/3) >= 20: x = 35/3, so at 12, two steps after 10. At 12, 13
    # … all three win: 90 of 100, and no project is left.
    ballots = ["ac", "ac", "ac", "ac", "ab", "ab", "b", "b", "b", ""]
    outcome = equal_shares.count(election({"a": 40, "b": 30, "c": 20}, 100, ballots))
    assert set(ids(outcome)) == {"a", "b", "c"}
    assert outcome.rule["increases"] == 2 and outcome.rule["endowment"] == 12
    assert not outcome.losers


def test_the_exhaustive_stop_ends_where_nothing_fits_beside_the_winners() -> None:
    # Four voters, 10: 5/2 each. x (4) has three votes, 4/3 each, and wins. y (7) has one of these voters and
    # another: 7/6 + 5/2 is too little; and beside x it does not fit, 11 > 10, so that the exhaustive stop
    # ends here.
    counted = election({"x": 4, "y": 7}, 10, ["x", "x", "xy", "y"])
    ended = equal_shares.count(counted, Completion.ADD1_EXHAUSTIVE)
    assert ids(ended) == ["x"] and ended.rule["increases"] == 0
    # Without it: at 7/2 y's voters have 13/6 + 7/2 = 17/3, too little; at 9/2 they have 19/6 + 9/2 = 23/3,
    # both win and cost 11. So the last is 7/2.
    went_on = equal_shares.count(counted, Completion.ADD1)
    assert ids(went_on) == ["x"]
    assert went_on.rule["increases"] == 1 and went_on.rule["endowment"] == Fraction(7, 2)


def test_a_project_that_excludes_the_winner_is_struck_and_told_why() -> None:
    # a and b cannot both be; a has more votes. c is free of it. 6 voters, 60: 10 each.
    # a (30): four votes, 7.5 each. b (20): three votes, effective votes 3 before a is paid. c (10): one vote.
    outcome = equal_shares.count(
        election({"a": 30, "b": 20, "c": 10}, 60, ["a", "a", "a", "ab", "b", "bc"], ["ab"]), Completion.NONE
    )
    assert ids(outcome) == ["a", "c"]
    b = lost(outcome, "b")
    assert (b.reason, b.support, b.by_support) == (Reason.EXCLUDED, 3, 4)
    assert outcome.sentence(b) == "Excluded by a, whose support was at least as high."


def test_a_middle_project_that_wins_strikes_both_neighbours() -> None:
    # A path a – b – c: b first (3 votes), so neither a nor c; where b has fewest votes, both others win.
    assert ids(
        equal_shares.count(election(dict.fromkeys("abc", 1), 9, ["b", "b", "b", "a", "c"], ["ab", "bc"]))
    ) == ["b"]
    assert ids(
        equal_shares.count(election(dict.fromkeys("abc", 1), 9, ["a", "a", "b", "c", "c"], ["ab", "bc"]))
    ) == ["a", "c"]


def test_what_was_too_dear_already_is_not_told_as_excluded() -> None:
    # Two voters, 10: 5 each. a (2) wins by its vote; b (8) excludes it, but its one voter has 5.
    outcome = equal_shares.count(election({"a": 2, "b": 8}, 10, ["a", "b"], ["ab"]), Completion.NONE)
    assert (lost(outcome, "b").reason, lost(outcome, "b").left) == (Reason.TOO_DEAR, 5)


@pytest.mark.parametrize(
    ("costs", "ballots", "winner"),
    [
        ({"b": 3, "a": 4}, ["a", "b"], "b"),  # the cheaper
        ({"b": 4, "a": 4}, ["a", "b"], "a"),  # the id
        ({"b2": 4, "b10": 4}, ["b2", "b10"], "b2"),  # the id as people read numbers
    ],
)
def test_ties_are_broken_as_published(costs: dict[str, int], ballots: list[str], winner: str) -> None:
    counted = Election.of(
        [Project(name, Fraction(cost)) for name, cost in costs.items()],
        8,
        [[ballot] for ballot in ballots],
        [costs],
    )
    assert ids(equal_shares.count(counted)) == [winner]


def test_equal_effective_votes_and_cost_go_to_more_votes() -> None:
    # Eight voters, 96: 12 each. a (48) has four votes and takes all that these four have. Then z (12) has
    # three votes, one of them without money: 6 of each other, effective votes 2. c (12) has two votes: 6
    # each, also 2.
    ballots = ["a", "a", "a", "az", "z", "z", "c", "c"]
    outcome = equal_shares.count(election({"a": 48, "c": 12, "z": 12}, 96, ballots, ["cz"]), Completion.NONE)
    assert ids(outcome) == ["a", "z"]
    assert outcome.winners[1].support == lost(outcome, "c").support == 2


def test_nothing_to_count() -> None:
    nobody = election({"a": 3}, 10, [])
    assert (
        ids(equal_shares.count(nobody)) == []
        and lost(equal_shares.count(nobody), "a").reason == Reason.NO_SUPPORT
    )
    silent = election({"a": 3}, 10, ["", ""])
    assert ids(equal_shares.count(silent)) == []
    dear = equal_shares.count(election({"a": 30, "b": 2}, 10, ["a", "ab"]))
    assert ids(dear) == ["b"] and lost(dear, "a").reason == Reason.OVER_BUDGET


def test_what_costs_nothing_wins_by_its_votes() -> None:
    outcome = equal_shares.count(election({"a": 0, "b": 0, "c": 5}, 5, ["ab", "a", "c"], ["ab"]))
    assert set(ids(outcome)) == {"a", "c"} and lost(outcome, "b").by_support == 2


# What always holds


@settings(deadline=None)
@given(counted=elections(conflicts=True, free=True), completion=st.sampled_from(Completion), data=st.data())
def test_what_always_holds(counted: Election, completion: Completion, data: st.DataObject) -> None:
    outcome = equal_shares.count(counted, completion)
    won = [winner.project for winner in outcome.winners]
    assert outcome.total_cost <= counted.budget
    assert not any(other in counted.exclusions[one] for one in won for other in won)
    assert sorted([*won, *(one.project for one in outcome.losers)]) == list(range(len(counted.projects)))
    for winner in outcome.winners:
        payment = winner.payment
        assert payment is not None
        assert payment.share * payment.in_full + payment.rest_total == counted.projects[winner.project].cost
        assert payment.in_full + payment.with_the_rest == winner.votes
    for loser in outcome.losers:
        if loser.reason is Reason.EXCLUDED:
            assert (
                loser.support is not None
                and loser.by_support is not None
                and loser.support <= loser.by_support
            )
        if loser.reason is Reason.TOO_DEAR:
            assert loser.left is not None and loser.left < counted.projects[loser.project].cost

    ballots = [ballot for ballot, times in counted.ballots.items() for _time in range(times)]
    mixed = data.draw(st.permutations(ballots))
    projects = data.draw(st.permutations(counted.projects))
    factor = data.draw(st.sampled_from([Fraction(1, 3), Fraction(7), Fraction(10**9, 7)]))
    groups = [
        (counted.projects[one].id, counted.projects[other].id)
        for one, others in enumerate(counted.exclusions)
        for other in others
    ]
    names = [[counted.projects[place].id for place in reversed(ballot)] for ballot in mixed]
    other_way = Election.of(projects, counted.budget, names, groups)
    assert equal_shares.count(other_way, completion).document() == outcome.document()
    scaled = Election.of(
        [Project(p.id, p.cost * factor) for p in projects], counted.budget * factor, names, groups
    )
    assert ids(equal_shares.count(scaled, completion, factor)) == ids(outcome)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_many_voters_agree_with_the_definition(seed: int) -> None:
    # Amounts with long fractions, and costs a hair apart, where floats alone would err.
    chance = random.Random(seed)
    names = NAMES
    costs = {name: Fraction(10**12 + chance.randint(-1, 1), 7) for name in names}
    ballots = [chance.sample(names, chance.randint(0, 4)) for _voter in range(60)]
    projects = [Project(name, cost) for name, cost in costs.items()]
    counted = Election.of(projects, Fraction(3 * 10**12, 7), ballots, [chance.sample(names, 2)])
    assert ids(equal_shares.count(counted, Completion.NONE)) == slow_count.equal_shares(counted, "none")


@settings(deadline=None, max_examples=60)
@given(data=st.data(), completion=st.sampled_from([Completion.ADD1, Completion.ADD1_EXHAUSTIVE]))
def test_leaving_out_counts_changes_nothing(data: st.DataObject, completion: Completion) -> None:
    # Few voters with much money each: hundreds of increases, of which few change anything.
    names = NAMES[: data.draw(st.integers(2, 6))]
    costs = {name: data.draw(st.integers(20, 300)) for name in names}
    ballots = data.draw(st.lists(st.sets(st.sampled_from(names)).map("".join), min_size=1, max_size=6))
    groups = data.draw(
        st.lists(st.sets(st.sampled_from(names), min_size=2, max_size=2).map("".join), max_size=2)
    )
    counted = election(costs, data.draw(st.integers(100, 700)), ballots, groups)
    outcome = equal_shares.count(counted, completion)
    winners, increases = slow_count.completed(counted, str(completion))
    assert ids(outcome) == winners
    if increases is not None:
        assert outcome.rule["increases"] == increases


def test_one_voter_and_a_fortune_take_no_time() -> None:
    # Both cannot be paid; the purse would have to grow by 200 million, one by one, to tell.
    outcome = equal_shares.count(election({"a": 600_000_000, "b": 600_000_001}, 10**9, ["ab"]))
    assert ids(outcome) == ["a"] and outcome.rule["increases"] == 200_000_000


@pytest.mark.parametrize("budget", [500_000, 50_000_000])
def test_few_voters_and_much_money_take_few_counts(monkeypatch: pytest.MonkeyPatch, budget: int) -> None:
    """Twenty designs, sixty voters: what changes on the way to the last increase is found by halving, and the
    halves are not walked again. The planner who presses "count" waits for 101 of these."""
    chance = random.Random(7)
    costs = [Fraction(chance.randint(budget // 50, budget // 3)) for _project in range(20)]
    names = [f"p{n}" for n in range(20)]
    ballots = [[name for name in names if chance.random() < 0.3] for _voter in range(60)]
    counted = Election.of(map(Project, names, costs), budget, ballots)
    made: list[equal_shares._Run] = []
    run = equal_shares._run

    def watched(*args: Any, **kwargs: Any) -> equal_shares._Run:
        made.append(run(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(equal_shares, "_run", watched)
    increases = int(equal_shares.count(counted).rule["increases"])
    made.sort(key=lambda one: one.endowment)
    changes = sum(one.trace != other.trace for one, other in pairwise(made))
    # Each change lies somewhere in its share of the increases, and is found there by halving.
    assert len(made) <= changes * (2 + math.log2(increases / changes))


@pytest.mark.parametrize(("short", "winners"), [(Fraction(1, 3), []), (Fraction(0), ["a"])])
def test_a_third_of_a_cent_in_a_fortune_decides(short: Fraction, winners: list[str]) -> None:
    # Three voters have 10^15 - 1/3 each, two of them for a; floats cannot tell whether they have enough.
    cost = 2 * 10**15 - Fraction(2, 3) + short
    counted = Election.of([Project("a", cost)], 3 * 10**15 - 1, [["a"], ["a"], []])
    assert ids(equal_shares.count(counted, Completion.NONE)) == winners


def test_an_increment_must_be_more_than_nothing() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        equal_shares.count(election({"a": 1}, 1, ["a"]), increment=0)


@given(
    st.lists(st.lists(st.integers(0, 7), unique=True, min_size=1), min_size=1, max_size=40),
    st.lists(st.integers(1, 10**9), min_size=8, max_size=8),
)
def test_the_endowment_that_is_enough_is_the_exact_largest_sum_of_shares(
    choices: list[list[int]], costs: list[int]
) -> None:
    """Floats only choose which ballots are summed exactly."""
    names = [f"p{number}" for number in range(8)]
    projects = [Project(name, Fraction(cost, 97)) for name, cost in zip(names, costs, strict=True)]
    election = Election.of(projects, 10**12, [[names[place] for place in ballot] for ballot in choices])
    votes = [sum(place in ballot for ballot in choices) for place in range(8)]
    share = [Fraction(cost, 97) / max(n, 1) for cost, n in zip(costs, votes, strict=True)]
    expected = max(sum((share[place] for place in ballot), Fraction(0)) for ballot in choices)
    takes_part = [place for place in range(8) if votes[place]]
    assert equal_shares._enough(Support(election), takes_part) == expected
    # Where shares are so alike that floats cannot tell them apart, too.
    close = [Project(name, Fraction(10**17 + place)) for place, name in enumerate(names)]
    each = Election.of(close, 10**30, [[name] for name in names])
    assert equal_shares._enough(Support(each), list(range(8))) == 10**17 + 7
