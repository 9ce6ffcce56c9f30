"""The shape of comments in requests and answers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.geometry import from_wkb, read_geometry, to_geojson
from app.core.problems import Problems
from app.discussion import targets
from app.discussion.models import Comment
from app.discussion.service import LONGEST_COMMENT, SENTIMENTS, Remark


def read_remark(body: dict[str, Any]) -> Remark:
    """A comment from a request's body. Raises `Invalid` with every problem."""
    problems = Problems()
    problems.only(body, {"assignment", "text", "sentiment", "geometry", "parent", *targets.names()})
    text, sentiment = _words(body, problems)
    place = None
    if body.get("geometry") is not None:
        place = read_geometry(body["geometry"], problems, "/geometry", ("Point",))
    hung = {name: problems.uuid(body, name) for name in targets.names()}
    named = [(name, target) for name, target in hung.items() if target is not None]
    # A change belongs to its design: naming both is no contradiction, the change is the more exact.
    target_type, target_id = named[-1] if named else (None, None)
    parent = problems.uuid(body, "parent")
    problems.raise_if_any()
    return Remark(text, sentiment, place, target_type, target_id, parent)


def read_words(body: dict[str, Any]) -> tuple[str, str]:
    """New text and sentiment for a comment. Raises `Invalid`."""
    problems = Problems()
    problems.only(body, {"text", "sentiment"})
    words = _words(body, problems)
    problems.raise_if_any()
    return words


def _words(body: dict[str, Any], problems: Problems) -> tuple[str, str]:
    text = problems.text(body, "text", required=True, longest=LONGEST_COMMENT)
    return text, problems.choice(body, "sentiment", SENTIMENTS, default="neutral")


def comment_feature(comment: Comment, slug: str, *, mine: bool) -> dict[str, Any]:
    """A comment as a GeoJSON Feature; its geometry is null where it names no place."""
    hung = {name: str(comment.target_id) if comment.target_type == name else None for name in targets.names()}
    return {
        "type": "Feature",
        "id": str(comment.id),
        "geometry": to_geojson(from_wkb(comment.geom)) if comment.geom is not None else None,
        "properties": {
            "id": str(comment.id),
            "assignment": slug,
            **hung,
            "parent": str(comment.parent_id) if comment.parent_id else None,
            "sentiment": comment.sentiment,
            "text": comment.text if comment.status == "visible" else _("(weggehaald door de schrijver)"),
            "status": comment.status,
            "mine": mine,
            "created_at": comment.created_at,
            "edited_at": comment.edited_at,
        },
    }
