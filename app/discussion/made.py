"""A person's own comments, for "mijn Stoepkrijt" and the export of one's data."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext

from app.accounts import overview
from app.discussion import queries

TITLE = lazy_gettext("Reacties")
SHORT = 80


def made_by(person_id: uuid.UUID) -> list[overview.Made]:
    """What this person said and did not remove, the newest first."""
    return [
        overview.Made(
            title=comment.text if len(comment.text) <= SHORT else comment.text[: SHORT - 1] + "…",
            made_at=comment.edited_at or comment.created_at,
            url=f"/comments/{comment.id}/edit",
            data={
                "id": comment.id,
                "text": comment.text,
                "sentiment": comment.sentiment,
                "on": {comment.target_type or "assignment": comment.target_id or comment.assignment_id},
            },
        )
        for comment in queries.comments_by(person_id)
    ]
