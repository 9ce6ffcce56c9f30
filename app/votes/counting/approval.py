"""Plain approval: the projects with the most votes, until the first that no longer fits.

Approval voting (Brams and Fishburn, "Approval Voting", American Political Science Review 72, 1978) asks only
who has the most votes. With costs it is read here in its strictest form: nothing wins with fewer votes than a
project that was left out for its cost. `greedy` skips such a project and goes on.
"""

from __future__ import annotations

from app.votes.counting import greedy
from app.votes.counting.election import Election
from app.votes.counting.outcome import Outcome


def count(election: Election, places: int | None = None) -> Outcome:
    """Winners by descending number of votes, at most `places`; ties as `Election.precedence`. What costs more
    than the whole budget, has no vote or conflicts with a winner is passed over and ends nothing."""
    winners, losers = greedy.walk(election, greedy.in_order(election), stop=True, places=places)
    return Outcome(election, winners, losers, greedy.rule_with("approval", places))
