"""The rules by which a round can be counted, and what each of them would make of the same ballots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.votes.counting import approval, equal_shares, greedy, points, ranked
from app.votes.counting.contest import Contest, Kind
from app.votes.counting.equal_shares import Completion
from app.votes.counting.outcome import Outcome

YES = frozenset({Kind.APPROVAL, Kind.BUDGET})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the kinds of ballots it is made for, the kinds on which it is shown for comparison, and whether
    it needs a budget."""

    id: str
    kinds: frozenset[Kind]
    compared_on: frozenset[Kind]
    count: Callable[[Contest, Completion], Outcome]
    needs_budget: bool = False


def _rule(
    name: str,
    count: Callable[[Contest, Completion], Outcome],
    kinds: frozenset[Kind],
    compared_on: frozenset[Kind] = frozenset(),
    *,
    needs_budget: bool = False,
) -> tuple[str, Rule]:
    return name, Rule(name, kinds, kinds | compared_on, count, needs_budget)


# In the order in which a page compares them. Ballots of another kind are read as a yes to all they name.
RULES: dict[str, Rule] = dict(
    [
        _rule("mes", lambda c, how: equal_shares.count(c.approvals, how), YES, needs_budget=True),
        _rule("schulze", lambda c, _how: ranked.count(c), frozenset({Kind.RANKING})),
        _rule("points", lambda c, _how: points.count(c), frozenset({Kind.POINTS})),
        _rule("greedy", lambda c, _how: greedy.count(c.approvals, c.places), YES, frozenset({Kind.POINTS})),
        _rule(
            "first",
            lambda c, _how: _first_choices(c),
            frozenset(),
            frozenset({Kind.RANKING}),
        ),
        _rule("approval", lambda c, _how: approval.count(c.approvals, c.places), YES),
    ]
)


def count(contest: Contest, rule: str, completion: Completion = Completion.ADD1) -> Outcome:
    """The outcome of a rule. `completion` belongs to `mes`.

    Raises ValueError for a rule that is not known, is not for this kind of ballots, or needs a budget that is
    not there.
    """
    chosen = RULES.get(rule)
    if chosen is None:
        raise ValueError(f"There is no rule {rule!r:.40}.")
    if contest.kind not in chosen.kinds:
        raise ValueError(f"The rule {rule} does not count ballots of the kind {contest.kind}.")
    if chosen.needs_budget and contest.budget is None:
        raise ValueError(f"The rule {rule} needs a budget.")
    return chosen.count(contest, completion)


def compare(contest: Contest, completion: Completion = Completion.ADD1) -> list[Outcome]:
    """What each rule that says something about these ballots would choose, the rule's own among them."""
    return [
        rule.count(contest, completion)
        for rule in RULES.values()
        if contest.kind in rule.compared_on and not (rule.needs_budget and contest.budget is None)
    ]


def _first_choices(contest: Contest) -> Outcome:
    """Who would win if only first choices counted, as in elections with one cross."""
    found = greedy.count(contest.first_choices, contest.places)
    return Outcome(found.election, found.winners, found.losers, greedy.rule_with("first", contest.places))
