"""Who makes letters."""

from __future__ import annotations

from app.accounts.domain import Actor


def can_make_letters(actor: Actor) -> bool:
    """Planners send letters."""
    return actor.is_planner
