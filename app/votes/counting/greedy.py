"""Greedy approval, the rule of most cities: by number of votes, skip what no longer fits.

The greedy rule for the number of approvals of Talmon and Faliszewski, "A Framework for Approval-Based
Budgeting Methods" (AAAI 2019), with one addition: what conflicts with a winner is struck.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.votes.counting.election import Election
from app.votes.counting.outcome import Lost, Outcome, Reason, Won


def count(election: Election, places: int | None = None) -> Outcome:
    """Winners by descending number of votes; ties as `Election.precedence`. At most `places` win; None: as
    many as fit."""
    winners, losers = walk(election, in_order(election), stop=False, places=places)
    return Outcome(election, winners, losers, rule_with("greedy", places))


def rule_with(name: str, places: int | None) -> dict[str, str | int | Fraction]:
    """How a rule and its number of winners stand in the outcome."""
    return {"name": name} if places is None else {"name": name, "places": places}


def in_order(election: Election) -> list[int]:
    """All projects by descending number of votes, ties as published."""
    places = range(len(election.projects))
    return sorted(places, key=lambda place: (-election.votes[place], election.precedence(place)))


def walk(
    election: Election,
    order: Sequence[int],
    *,
    stop: bool,
    places: int | None = None,
    support: Sequence[Fraction] | None = None,
) -> tuple[tuple[Won, ...], tuple[Lost, ...]]:
    """Go through the projects in this order and take what fits and conflicts with no winner, until as many
    won as there are places. With `stop`, nothing wins after the first that fits no more. `support` is what
    the rule compared, by place; None: the votes. Losers stand in the natural order of their ids."""
    compared = support or [Fraction(votes) for votes in election.votes]
    left, ended = election.budget, False
    winners: list[Won] = []
    losers: list[Lost] = []
    excluded: dict[int, int] = {}
    for place in order:
        cost, votes = election.projects[place].cost, election.votes[place]
        if votes == 0:
            losers.append(Lost(place, votes, Reason.NO_SUPPORT))
        elif cost > election.budget:
            losers.append(Lost(place, votes, Reason.OVER_BUDGET, left=election.budget))
        elif place in excluded:
            by = excluded[place]
            own, other = compared[place], compared[by]
            losers.append(Lost(place, votes, Reason.EXCLUDED, by=by, support=own, by_support=other))
        elif ended:
            losers.append(Lost(place, votes, Reason.AFTER_THE_LAST))
        elif len(winners) == places:
            losers.append(Lost(place, votes, Reason.PLACES_TAKEN))
        elif cost > left:
            losers.append(Lost(place, votes, Reason.DOES_NOT_FIT, left=left))
            ended = stop
        else:
            left -= cost
            winners.append(Won(place, votes, compared[place]))
            excluded = dict.fromkeys(election.exclusions[place], place) | excluded
    return tuple(winners), tuple(sorted(losers, key=lambda lost: lost.project))
