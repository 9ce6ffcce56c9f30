"""Who may do what with consent. Who answers is known by the code in a letter, not by an account."""

from __future__ import annotations

from app.accounts.domain import Actor


def can_manage(actor: Actor) -> bool:
    """Planners set rules, ask neighbours, and read what each address answered."""
    return actor.is_planner
