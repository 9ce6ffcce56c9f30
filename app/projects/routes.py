"""The planner's pages to make, change and publish an assignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.core.web import json_response
from app.errors import EditedMeanwhile, Invalid
from app.projects import choices, forms, phase_types, phases, queries, schemas, service, starters
from app.projects.models import Assignment

blueprint = Blueprint("projects", __name__)
Answer = Response | tuple[str, int] | str


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIME_ZONE"])


@blueprint.get("/api/assignments/<slug>")
@access.public
def get_brief(slug: str) -> Response:
    """The whole brief of a public assignment."""
    response = json_response(schemas.brief_document(queries.assignment_by_slug(slug)))
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/desk/assignments/new")
@access.planner
def new_assignment() -> str:
    """An empty form, or one filled in for a common case (`?starter=`)."""
    chosen = request.args.get("neighbourhood", "")
    return _page(forms.blank(chosen, now(), _zone(), request.args.get("starter", "")))


@blueprint.post("/desk/assignments/new")
@access.planner
def create_assignment() -> Answer:
    """Make it as a concept and show what residents will see, or show what is wrong."""
    if act := request.form.get("rows"):
        return _page(forms.with_rows(_typed(), act))
    form = forms.read_form(request.form, _zone(), request.form.getlist("kinds"))
    neighbourhood = queries.neighbourhood_by_slug(form.values["neighbourhood"])
    if neighbourhood is None:
        form = replace(form, errors={**form.errors, "neighbourhood": _("Kies een buurt.")}, brief=None)
    if form.errors or form.brief is None or neighbourhood is None:
        return _page(form), 422
    brief = form.brief

    def make() -> Assignment:
        return service.make_assignment(current_actor(), neighbourhood, brief, now())

    return _try(form, None, make)


@blueprint.get("/desk/assignments/<slug>")
@access.planner
def edit_assignment(slug: str) -> str:
    """The form of an existing assignment."""
    assignment = queries.assignment_by_slug(slug, concepts=True)
    return _page(forms.filled(assignment, _zone()), assignment)


@blueprint.post("/desk/assignments/<slug>")
@access.planner
def change_assignment(slug: str) -> Answer:
    """Change it, or show what is wrong; a colleague's newer version is only overwritten by who read it."""
    assignment = queries.assignment_by_slug(slug, concepts=True)
    if act := request.form.get("rows"):
        return _page(forms.with_rows(_typed(), act), assignment)
    form = forms.read_form(request.form, _zone(), request.form.getlist("kinds"), assignment)
    if form.errors or form.brief is None:
        return _page(form, assignment), 422
    brief, text = form.brief, form.values["revision"]
    revision = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def change() -> Assignment:
        return service.change_assignment(
            current_actor(), assignment, brief, revision, now(), reason=form.values["reason"]
        )

    return _try(form, slug, change)


@blueprint.post("/desk/assignments/<slug>/publish")
@access.planner
def publish_assignment(slug: str) -> Answer:
    """Let everybody see it, or show in the form what is still missing."""
    assignment = queries.assignment_by_slug(slug, concepts=True)
    form = forms.filled(assignment, _zone())

    def publish() -> Assignment:
        service.publish_assignment(current_actor(), assignment, now())
        return assignment

    return _try(form, slug, publish)


@blueprint.post("/desk/assignments/<slug>/discard")
@access.planner
def discard_concept(slug: str) -> Answer:
    """Throw a concept away."""
    with transaction():
        service.discard_concept(current_actor(), queries.assignment_by_slug(slug, concepts=True))
    return redirect(url_for("pages.desk"), 303)  # type: ignore[return-value]


def _try(form: forms.AssignmentForm, slug: str | None, act: Callable[[], Assignment]) -> Answer:
    """Do it and show the page that people see (will see), or show the form with what is wrong."""
    try:
        with transaction():
            done = act()
            where = "pages.assignment" if done.published_at is not None else "pages.preview_assignment"
            target = url_for(where, slug=done.slug)
    except Invalid as error:
        form = replace(form, errors=forms.by_field(error.problems), brief=None)
        return _page(form, _again(slug)), 422
    except EditedMeanwhile as error:
        stored = _again(slug)
        differs = forms.theirs(form, forms.filled(stored, _zone())) if stored is not None else {}
        return _page(replace(form, errors={"revision": error.detail, **differs}), stored), 412
    return redirect(target, 303)  # type: ignore[return-value]


def _again(slug: str | None) -> Assignment | None:
    """The assignment as it stands, after the transaction in which a change failed."""
    return queries.assignment_by_slug(slug, concepts=True) if slug is not None else None


def _typed() -> forms.AssignmentForm:
    return forms.typed(request.form, request.form.getlist("kinds"))


def _page(form: forms.AssignmentForm, assignment: Assignment | None = None) -> str:
    begun = {
        str(phase.id) for phase in (assignment.phases if assignment else ()) if phases.has_begun(phase, now())
    }
    return render_template(
        "projects/form.html",
        form=form,
        assignment=assignment,
        is_public=assignment is not None and assignment.published_at is not None,
        begun=begun,
        neighbourhoods=queries.neighbourhoods(),
        kind_groups=choices.kind_groups(),
        phase_types=phases.types(),
        degrees=[(degree.value, *phase_types.degree_words(degree)) for degree in phases.Degree],
        starters=starters.STARTERS,
        time_zone=current_app.config["TIME_ZONE"],
    )
