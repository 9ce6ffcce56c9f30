"""Who may do what with accounts. Rules of whole routes are in `access.py`."""

from __future__ import annotations

from app.accounts.domain import INVITED_ROLES, Actor, Role


def can_invite(actor: Actor, role: Role) -> bool:
    """Planners invite planners and moderators."""
    return actor.is_planner and role in INVITED_ROLES
