"""Who may change a comment."""

from __future__ import annotations

from app.accounts.domain import Actor
from app.discussion.models import Comment


def can_change(actor: Actor, comment: Comment) -> bool:
    """Only the author, and only while it is there."""
    return actor.id is not None and comment.author_id == actor.id and comment.status == "visible"
