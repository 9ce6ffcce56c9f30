"""Who may see and change a design."""

from __future__ import annotations

from app.accounts.domain import Actor
from app.designs.domain import Status
from app.designs.models import Design


def is_author(actor: Actor, design: Design) -> bool:
    """Whether this person made the design."""
    return actor.id is not None and design.author_id == actor.id


def can_see(actor: Actor, design: Design) -> bool:
    """Everybody sees what was submitted, and that it was withdrawn later; a draft only its author."""
    return design.submitted_at is not None or is_author(actor, design)


def can_edit(actor: Actor, design: Design) -> bool:
    """The author, until the design is withdrawn."""
    return is_author(actor, design) and design.status != Status.WITHDRAWN
