"""Who may do what with an assignment, and when."""

from __future__ import annotations

from datetime import datetime

from app.accounts.domain import Actor
from app.projects.domain import Stage, stage
from app.projects.models import Assignment


def can_manage_assignments(actor: Actor) -> bool:
    """Planners make and change assignments."""
    return actor.is_planner


def can_take_part(actor: Actor, assignment: Assignment, now: datetime) -> bool:
    """Anybody with a session draws, comments and supports while the assignment is open."""
    return actor.id is not None and stage(assignment.opens_at, assignment.closes_at, now) is Stage.OPEN
