"""Who may do what with an assignment, and when."""

from __future__ import annotations

from datetime import datetime

from app.accounts.domain import Actor
from app.projects import phases
from app.projects.models import Assignment


def can_manage_assignments(actor: Actor) -> bool:
    """Planners make and change assignments."""
    return actor.is_planner


def can_see(actor: Actor, assignment: Assignment) -> bool:
    """Everybody sees what was published; a concept only planners."""
    return assignment.published_at is not None or can_manage_assignments(actor)


def is_open(assignment: Assignment, action: str, now: datetime) -> bool:
    """Whether an action is open: it is public, its degree allows it, and a phase that opens it runs."""
    return (
        assignment.published_at is not None
        and phases.degree_allows(assignment.degree, action)
        and action in phases.open_actions(assignment.phases, now)
    )


def can(actor: Actor, assignment: Assignment, action: str, now: datetime) -> bool:
    """Whether this person may do this now: anybody with a session, while it is open."""
    return actor.id is not None and is_open(assignment, action, now)
