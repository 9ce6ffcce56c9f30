"""Who may do what with a round. Who may vote is in `electorates`."""

from __future__ import annotations

from app.accounts.domain import Actor
from app.votes.rounds.models import Round


def can_manage(actor: Actor) -> bool:
    """Planners make rounds and enter paper ballots."""
    return actor.is_planner


def can_see(actor: Actor, round_: Round) -> bool:
    """Everybody, once it is frozen; planners a draft too."""
    return round_.frozen_at is not None or can_manage(actor)
