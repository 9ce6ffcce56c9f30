"""Who may do what with polls."""

from __future__ import annotations

from app.accounts.domain import Actor
from app.votes.polls.domain import Answer, Status


def can_manage(actor: Actor) -> bool:
    """Planners ask."""
    return actor.is_planner


def can_see_results(status: Status, own: Answer | None) -> bool:
    """Everybody once it is over; before that who answered.

    Planners are no exception: who sees how a poll goes could end it at the moment that suits them.
    """
    return status is Status.CLOSED or own is not None
