"""Points: what got the most points together comes first, skip what no longer fits.

Cumulative voting: each voter divides points over the options. What counts is their sum, so that one who
cares much about one thing weighs as much as one who spreads.
"""

from __future__ import annotations

from fractions import Fraction

from app.votes.counting.contest import Contest
from app.votes.counting.greedy import rule_with, walk
from app.votes.counting.outcome import Outcome


def totals(contest: Contest) -> list[int]:
    """The points of each option, by place."""
    found = [0] * len(contest.projects)
    for ballot, times in contest.ballots:
        for place, points in zip(ballot.choices, ballot.points, strict=True):
            found[place] += points * times
    return found


def count(contest: Contest) -> Outcome:
    """Winners by descending sum of points; of equal sums first the one to which more voters gave points, then
    the cheaper, then by id. `support` in the outcome is the sum of points."""
    election, sums = contest.approvals, totals(contest)
    order = sorted(
        range(len(sums)),
        key=lambda place: (-sums[place], -election.votes[place], election.projects[place].cost, place),
    )
    winners, losers = walk(
        election, order, stop=False, places=contest.places, support=[Fraction(points) for points in sums]
    )
    return Outcome(election, winners, losers, rule_with("points", contest.places))
