"""Who may do what with pledges."""

from __future__ import annotations

from app.accounts.domain import Actor
from app.votes.adoption.models import Adoption


def is_own(actor: Actor, adoption: Adoption) -> bool:
    """Whether this person made the pledge: who pledged may extend it and end it."""
    return actor.id is not None and adoption.person_id == actor.id


def can_take_name_away(actor: Actor) -> bool:
    """Planners and moderators take away a name that should not be public; the pledge stays."""
    return actor.is_planner or actor.is_moderator
