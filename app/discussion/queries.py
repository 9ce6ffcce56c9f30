"""What is asked of comments."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.discussion.models import Comment
from app.errors import NotFound
from app.extensions import db


def comment_by_id(comment_id: uuid.UUID, *, lock: bool = False) -> Comment:
    """A comment that was not removed. Raises `NotFound`."""
    statement = select(Comment).where(Comment.id == comment_id, Comment.status == "visible")
    found = db.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound(_("Deze reactie bestaat niet (meer)."))
    return found


def comments_of_assignment(assignment_id: uuid.UUID) -> list[Comment]:
    """All comments, removed ones too (a thread keeps its place), the oldest first."""
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.assignment_id == assignment_id)
            .order_by(Comment.created_at, Comment.id)
        )
    )


def comments_on(target_type: str, target_ids: Iterable[uuid.UUID]) -> list[Comment]:
    """Comments on any of these targets and the replies to them, the oldest first."""
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.target_type == target_type, Comment.target_id.in_(list(target_ids)))
            .order_by(Comment.created_at, Comment.id)
        )
    )


def comments_by(person_id: uuid.UUID) -> list[Comment]:
    """What this person said and did not remove, the newest first."""
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.author_id == person_id, Comment.status == "visible")
            .order_by(Comment.created_at.desc())
        )
    )


def move_comments(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Give one person's comments to another (a guest who signed in)."""
    db.session.execute(update(Comment).where(Comment.author_id == source_id).values(author_id=target_id))
