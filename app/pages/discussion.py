"""Commenting with a plain form: works without JavaScript, and without an account."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import current_actor, ensure_guest
from app.core.clock import now
from app.core.formatting import to
from app.core.transaction import transaction
from app.designs.queries import change_by_id
from app.designs.service import seen_design
from app.discussion import permissions, queries, service
from app.discussion.models import Comment
from app.discussion.schemas import read_remark, read_words
from app.errors import EditedMeanwhile, Forbidden, Invalid, Problem
from app.pages import assignments, designs
from app.pages.blueprint import blueprint
from app.projects.queries import assignment_by_id, assignment_by_slug


@blueprint.post("/assignments/<slug>/comments")
@access.visitor_may_write
def comment_on_assignment(slug: str) -> Response | tuple[str, int]:
    """Say something about the assignment or a place in it."""
    assignment = assignment_by_slug(slug)
    try:
        comment = _place(slug, {})
    except Invalid as error:
        return assignments.render(assignment, form=request.form.to_dict(), problems=error.problems), 422
    return _thanks(f"/assignments/{slug}", comment)


@blueprint.post("/designs/<uuid:design_id>/comments")
@access.visitor_may_write
def comment_on_design(design_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say something about a design or one of its changes."""
    design = seen_design(current_actor(), design_id)
    slug = assignment_by_id(design.assignment_id).slug
    change = request.form.get("change", "")
    target = {"change": change} if change else {"design": str(design_id)}
    try:
        comment = _place(slug, target)
    except Invalid as error:
        return designs.render(design, form=request.form.to_dict(), problems=error.problems), 422
    return _thanks(f"/designs/{design_id}", comment)


def _place(slug: str, target: dict[str, str]) -> Comment:
    """Store the comment of this form; a visitor becomes a guest once the input is good."""
    body: dict[str, Any] = {"text": request.form.get("text", ""), **target}
    for name in ("sentiment", "parent"):
        if request.form.get(name):
            body[name] = request.form[name]
    remark = read_remark(body)
    actor = ensure_guest()
    with transaction():
        return service.place_comment(actor, assignment_by_slug(slug), remark, now())


def _thanks(path: str, comment: Comment) -> Response:
    flash(_("Je reactie staat erbij. Je buren kunnen erop antwoorden."))
    return redirect(to(f"{path}#c-{comment.id}"), 303)


def _own(comment_id: uuid.UUID) -> Comment:
    comment = queries.comment_by_id(comment_id)
    if not permissions.can_change(current_actor(), comment):
        raise Forbidden(_("Je kunt alleen je eigen reactie wijzigen."))
    return comment


def page_of(comment: Comment) -> str:
    """The page where a comment stands."""
    if comment.target_type == "design":
        return f"/designs/{comment.target_id}"
    if comment.target_type == "change" and comment.target_id:
        change = change_by_id(comment.target_id)
        if change is not None:
            return f"/designs/{change.design_id}"
    return f"/assignments/{assignment_by_id(comment.assignment_id).slug}"


@blueprint.get("/comments/<uuid:comment_id>/edit")
@access.participant
def ask_edit_comment(comment_id: uuid.UUID) -> str:
    """The form with one's own words."""
    return _edit_page(_own(comment_id), [])


def _edit_page(comment: Comment, problems: list[Problem], form: dict[str, str] | None = None) -> str:
    values = form or {"text": comment.text, "sentiment": comment.sentiment, "revision": str(comment.revision)}
    return render_template(
        "discussion/edit.html", comment=comment, back=page_of(comment), form=values, problems=problems
    )


@blueprint.post("/comments/<uuid:comment_id>/edit")
@access.participant
def edit_comment(comment_id: uuid.UUID) -> Response | tuple[str, int]:
    """Change one's own words."""
    comment = _own(comment_id)
    form = request.form.to_dict()
    revision = form.get("revision", "")
    try:
        text, sentiment = read_words(
            {"text": form.get("text", ""), "sentiment": form.get("sentiment") or comment.sentiment}
        )
        with transaction():
            number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
            service.edit_comment(
                current_actor(), comment, text=text, sentiment=sentiment, revision=number, now=now()
            )
    except Invalid as error:
        return _edit_page(comment, error.problems, form), 422
    except EditedMeanwhile:
        comment = _own(comment_id)
        problem = Problem(
            "/text",
            _(
                "Je wijzigde deze reactie ook in een ander venster. Daar staat nu: “%(text)s”",
                text=comment.text,
            ),
        )
        return _edit_page(comment, [problem], {**form, "revision": str(comment.revision)}), 412
    flash(_("Je reactie is gewijzigd."))
    return redirect(to(f"{page_of(comment)}#c-{comment.id}"), 303)


@blueprint.get("/comments/<uuid:comment_id>/remove")
@access.participant
def ask_remove_comment(comment_id: uuid.UUID) -> str:
    """Ask whether they are sure."""
    comment = _own(comment_id)
    return render_template("discussion/remove.html", comment=comment, back=page_of(comment))


@blueprint.post("/comments/<uuid:comment_id>/remove")
@access.participant
def remove_comment(comment_id: uuid.UUID) -> Response:
    """Take one's own comment away."""
    with transaction():
        comment = queries.comment_by_id(comment_id, lock=True)
        back = page_of(comment)
        service.remove_comment(current_actor(), comment)
    flash(_("Je reactie is weg."))
    return redirect(to(f"{back}#reacties"), 303)
