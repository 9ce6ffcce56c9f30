"""Greedy approval, the rule of most cities: by number of votes, skip what no longer fits.

The greedy rule for the number of approvals of Talmon and Faliszewski, "A Framework for Approval-Based
Budgeting Methods" (AAAI 2019), with one addition: what conflicts with a winner is struck.
"""

from __future__ import annotations

from fractions import Fraction

from app.votes.counting.election import Election
from app.votes.counting.outcome import Lost, Outcome, Reason, Won


def count(election: Election) -> Outcome:
    """Winners by descending number of votes; ties as `Election.precedence`."""
    winners, losers = walk(election, in_order(election), stop=False)
    return Outcome(election, winners, losers, {"name": "greedy"})


def in_order(election: Election) -> list[int]:
    """All projects by descending number of votes, ties as published."""
    places = range(len(election.projects))
    return sorted(places, key=lambda place: (-election.votes[place], election.precedence(place)))


def walk(election: Election, order: list[int], *, stop: bool) -> tuple[tuple[Won, ...], tuple[Lost, ...]]:
    """Go through the projects in this order and take what fits and conflicts with no winner. With `stop`,
    nothing wins after the first that fits no more. Losers stand in the natural order of their ids."""
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
            own, other = Fraction(votes), Fraction(election.votes[by])
            losers.append(Lost(place, votes, Reason.EXCLUDED, by=by, support=own, by_support=other))
        elif ended:
            losers.append(Lost(place, votes, Reason.AFTER_THE_LAST))
        elif cost > left:
            losers.append(Lost(place, votes, Reason.DOES_NOT_FIT, left=left))
            ended = stop
        else:
            left -= cost
            winners.append(Won(place, votes, Fraction(votes)))
            excluded = dict.fromkeys(election.exclusions[place], place) | excluded
    return tuple(winners), tuple(sorted(losers, key=lambda lost: lost.project))
