"""From an order to winners: the best of a ranking first, then what still fits and conflicts with nothing."""

from __future__ import annotations

from fractions import Fraction

from app.votes.counting import greedy, schulze
from app.votes.counting.contest import Contest
from app.votes.counting.outcome import Outcome


def ranking(contest: Contest) -> schulze.Ranking:
    """The order of the options by the Schulze method."""
    names = [project.id for project in contest.projects]
    return schulze.rank_counted(
        names, {tuple(names[place] for place in ballot.choices): times for ballot, times in contest.ballots}
    )


def count(contest: Contest) -> Outcome:
    """Winners in the order of the Schulze method. An option that no ballot names cannot win. `support` in the
    outcome is how many others an option is better than; votes are the ballots that name it."""
    found = ranking(contest)
    index = {project.id: place for place, project in enumerate(contest.projects)}
    better = (found.paths > found.paths.T).sum(axis=1)
    support = [Fraction(int(better[found.candidates.index(project.id)])) for project in contest.projects]
    winners, losers = greedy.walk(
        contest.approvals,
        [index[name] for name in found.order],
        stop=False,
        places=contest.places,
        support=support,
    )
    return Outcome(contest.approvals, winners, losers, greedy.rule_with("schulze", contest.places))
