"""Placing, changing and removing comments. Nothing here commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select

from app.accounts.domain import Actor
from app.core import hooks
from app.core.geometry import outside_message, to_wkb
from app.core.problems import Problems
from app.discussion import permissions, queries, targets
from app.discussion.models import Comment
from app.errors import EditedMeanwhile, Forbidden
from app.extensions import db
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_id
from app.projects.service import require_action

PLACE = "comments.place"
SENTIMENTS = ("for", "against", "neutral")
LONGEST_COMMENT = 2_000
# A duplicate within this time is the same comment sent again over a bad line.
SAME_AGAIN_S = 600


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it comes in, its text already cleaned."""

    text: str
    sentiment: str = "neutral"
    place: BaseGeometry | None = None
    target_type: str | None = None
    target_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None


def place_comment(actor: Actor, assignment: Assignment, remark: Remark, now: datetime) -> Comment:
    """Add a comment.

    Raises `Forbidden` while no phase is open for comments, `Invalid` for an unknown target, a parent
    elsewhere or a place outside the area. The same words by the same person at the same place within ten
    minutes are one comment.
    """
    require_action(actor, assignment, PLACE, now)
    remark = _with_parents_target(assignment, remark, actor)
    again = _same_again(actor, assignment, remark, now)
    if again is not None:
        return again
    comment = Comment(
        assignment_id=assignment.id,
        author_id=actor.id,
        text=remark.text,
        sentiment=remark.sentiment,
        geom=to_wkb(remark.place) if remark.place is not None else None,
        target_type=remark.target_type,
        target_id=remark.target_id,
        parent_id=remark.parent_id,
        created_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    hooks.comment_placed.send(comment, comment=comment, actor=actor)
    return comment


def edit_comment(
    actor: Actor, comment: Comment, *, text: str, sentiment: str, revision: int, now: datetime
) -> Comment:
    """Change one's own words. Raises `EditedMeanwhile` when another tab did so first."""
    _require_own(actor, comment)
    require_action(actor, assignment_by_id(comment.assignment_id), PLACE, now)
    db.session.refresh(comment, with_for_update=True)
    if comment.revision != revision:
        raise EditedMeanwhile(
            _("Deze reactie is intussen gewijzigd, misschien in een ander venster."),
            extra={"current": {"text": comment.text}},
        )
    comment.text, comment.sentiment, comment.edited_at = text, sentiment, now
    comment.revision += 1
    db.session.flush()
    return comment


def remove_comment(actor: Actor, comment: Comment) -> None:
    """Take one's own comment away: its words and place go, its spot in the thread stays."""
    _require_own(actor, comment)
    comment.status, comment.text, comment.geom = "removed", "", None
    comment.revision += 1
    db.session.flush()


def _require_own(actor: Actor, comment: Comment) -> None:
    if not permissions.can_change(actor, comment):
        raise Forbidden(_("Je kunt alleen je eigen reactie wijzigen."))


def _with_parents_target(assignment: Assignment, remark: Remark, actor: Actor) -> Remark:
    problems = Problems()
    if remark.place is not None and not (area := area_of(assignment)).covers(remark.place):
        problems.add("/geometry", outside_message(remark.place, area))
    if remark.target_type is not None and not _target_is_here(assignment, remark, actor):
        problems.add(f"/{remark.target_type}", _("Dit hoort niet bij deze opgave, of is niet openbaar."))
    parent = db.session.get(Comment, remark.parent_id) if remark.parent_id else None
    if remark.parent_id and (
        parent is None or parent.status != "visible" or parent.assignment_id != assignment.id
    ):
        problems.add("/parent", _("De reactie waarop je antwoordt is er niet meer."))
    problems.raise_if_any()
    if parent is None:
        return remark
    return Remark(
        remark.text, remark.sentiment, remark.place, parent.target_type, parent.target_id, parent.id
    )


def _target_is_here(assignment: Assignment, remark: Remark, actor: Actor) -> bool:
    if remark.target_type is None or remark.target_id is None:
        return False
    return targets.assignment_of(remark.target_type, remark.target_id, actor) == assignment.id


def _same_again(actor: Actor, assignment: Assignment, remark: Remark, now: datetime) -> Comment | None:
    # Of two that are sent at once (a button pressed twice) the second waits here, and finds the first.
    own = func.hashtextextended(f"comment:{actor.id}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(own)))
    place = to_wkb(remark.place) if remark.place is not None else None
    recent = db.session.scalar(
        select(Comment)
        .where(
            Comment.assignment_id == assignment.id,
            Comment.author_id == actor.id,
            Comment.status == "visible",
            Comment.text == remark.text,
            Comment.target_id.is_not_distinct_from(remark.target_id),
            Comment.parent_id.is_not_distinct_from(remark.parent_id),
            Comment.geom.is_not_distinct_from(place),
        )
        .order_by(Comment.created_at.desc())
        .limit(1)
    )
    return recent if recent is not None and (now - recent.created_at).total_seconds() < SAME_AGAIN_S else None


def listen() -> None:
    """Follow people who sign in."""

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        queries.move_comments(source_id, target_id)
