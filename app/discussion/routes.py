"""The comment calls of the API."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.core.web import etag, json_body, json_response, required_revision
from app.discussion import permissions, queries, service
from app.discussion.models import Comment
from app.discussion.schemas import comment_feature, read_remark, read_words
from app.errors import EditedMeanwhile, Invalid, Problem
from app.projects.queries import assignment_by_id, assignment_by_slug

blueprint = Blueprint("discussion", __name__)


@blueprint.post("/api/comments")
@access.participant
def post_comment() -> Response:
    """Say something: 201 with the comment's Feature."""
    body = json_body()
    slug = body.get("assignment")
    if not isinstance(slug, str):
        raise Invalid.of([Problem("/assignment", _("Zeg bij welke opgave dit hoort."))])
    remark = read_remark(body)
    with transaction():
        assignment = assignment_by_slug(slug)
        comment = service.place_comment(current_actor(), assignment, remark, now())
        return _answer(comment, 201)


@blueprint.patch("/api/comments/<uuid:comment_id>")
@access.participant
def patch_comment(comment_id: uuid.UUID) -> Response:
    """Change one's own words; `If-Match` says which revision."""
    revision = required_revision()
    body = json_body()
    with transaction():
        comment = queries.comment_by_id(comment_id)
        text, sentiment = read_words({"sentiment": comment.sentiment, **body})
        try:
            service.edit_comment(
                current_actor(), comment, text=text, sentiment=sentiment, revision=revision, now=now()
            )
        except EditedMeanwhile as error:
            error.headers["ETag"] = etag(comment.revision)
            raise
        return _answer(comment, 200)


@blueprint.delete("/api/comments/<uuid:comment_id>")
@access.participant
def delete_comment(comment_id: uuid.UUID) -> Response:
    """Take one's own comment away."""
    with transaction():
        service.remove_comment(current_actor(), queries.comment_by_id(comment_id, lock=True))
    return Response(status=204)


def _answer(comment: Comment, status: int) -> Response:
    slug = assignment_by_id(comment.assignment_id).slug
    mine = permissions.can_change(current_actor(), comment)
    feature = comment_feature(comment, slug, mine=mine)
    headers = {"ETag": etag(comment.revision)}
    if status == 201:
        headers["Location"] = f"/api/collections/comments/items/{comment.id}"
    return json_response(feature, status, mimetype="application/geo+json", headers=headers)
