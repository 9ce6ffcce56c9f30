"""The planner's pages to make and change an assignment."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.errors import EditedMeanwhile, Invalid
from app.projects import choices, forms, queries, service
from app.projects.models import Assignment

blueprint = Blueprint("projects", __name__)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIME_ZONE"])


@blueprint.get("/desk/assignments/new")
@access.planner
def new_assignment() -> str:
    """An empty form."""
    chosen = request.args.get("neighbourhood", "")
    return _page(forms.AssignmentForm({"neighbourhood": chosen}, {}))


@blueprint.post("/desk/assignments/new")
@access.planner
def create_assignment() -> Response | tuple[str, int]:
    """Make it, or show what is wrong."""
    form = forms.read_form(request.form, _zone(), request.form.getlist("kinds"))
    neighbourhood = queries.neighbourhood_by_slug(form.values["neighbourhood"])
    if neighbourhood is None:
        form = replace(form, errors={**form.errors, "neighbourhood": _("Kies een buurt.")}, brief=None)
    if form.errors or form.brief is None or neighbourhood is None:
        return _page(form), 422
    try:
        with transaction():
            assignment = service.make_assignment(
                current_actor(), neighbourhood, form.brief, now(), publish=True
            )
            slug = assignment.slug
    except Invalid as error:
        return _page(_with(form, error)), 422
    return _to_assignment(slug)


@blueprint.get("/desk/assignments/<slug>")
@access.planner
def edit_assignment(slug: str) -> str:
    """The form of an existing assignment."""
    assignment = queries.assignment_by_slug(slug)
    return _page(forms.filled(assignment, _zone()), assignment)


@blueprint.post("/desk/assignments/<slug>")
@access.planner
def change_assignment(slug: str) -> Response | tuple[str, int]:
    """Change it, or show what is wrong; a colleague's newer version is never overwritten."""
    assignment = queries.assignment_by_slug(slug)
    form = forms.read_form(request.form, _zone(), request.form.getlist("kinds"), assignment)
    if form.errors or form.brief is None:
        return _page(form, assignment), 422
    revision = form.values["revision"]
    try:
        with transaction():
            number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
            service.change_assignment(
                current_actor(), assignment, form.brief, number, now(), reason=request.form.get("reason", "")
            )
    except Invalid as error:
        return _page(_with(form, error), queries.assignment_by_slug(slug)), 422
    except EditedMeanwhile as error:
        form = replace(form, errors={"revision": error.detail})
        return _page(form, queries.assignment_by_slug(slug)), 412
    return _to_assignment(slug)


def _with(form: forms.AssignmentForm, error: Invalid) -> forms.AssignmentForm:
    return replace(form, errors={p.pointer.split("/")[1]: p.message for p in error.problems})


def _page(form: forms.AssignmentForm, assignment: Assignment | None = None) -> str:
    return render_template(
        "projects/form.html",
        form=form,
        assignment=assignment,
        neighbourhoods=queries.neighbourhoods(),
        kind_groups=choices.kind_groups(),
    )


def _to_assignment(slug: str) -> Response:
    return redirect(url_for("pages.assignment", slug=slug), 303)  # type: ignore[return-value]
