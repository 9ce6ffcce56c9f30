"""The page of one design: story, map, changes, consequences, support and comments."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import current_actor, ensure_guest
from app.core.clock import now
from app.core.formatting import to
from app.core.language import current_language
from app.core.transaction import transaction
from app.designs import permissions
from app.designs import queries as designs
from app.designs import service as design_service
from app.designs.catalogue import source_titles
from app.designs.models import Change, Design, DesignVersion
from app.discussion.queries import comments_on
from app.errors import Problem
from app.pages import compare, queries, verdicts, words
from app.pages.blueprint import blueprint
from app.pages.effect_rows import groups_of, unknowns_of
from app.pages.routes import stage_of
from app.pages.section import shown_section
from app.pages.threads import Thread, count_of, threads_of
from app.pages.workshop import as_json, shared_settings
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id
from app.votes import queries as votes
from app.votes import service as vote_service


@blueprint.get("/designs/<uuid:design_id>")
@access.public
def design(design_id: uuid.UUID) -> str:
    """The design as it is now."""
    return render(design_service.seen_design(current_actor(), design_id))


@blueprint.get("/designs/<uuid:design_id>/versions/<int:number>")
@access.public
def design_version(design_id: uuid.UUID, number: int) -> str:
    """The design as it was."""
    return render(design_service.seen_design(current_actor(), design_id), number=min(number, 2**31 - 1))


def render(
    design: Design,
    *,
    number: int | None = None,
    form: dict[str, str] | None = None,
    problems: list[Problem] | None = None,
) -> str:
    """The page; with `form` and `problems` it shows again what somebody sent."""
    actor = current_actor()
    shown = designs.version_of(design, number)
    assignment = assignment_by_id(design.assignment_id)
    threads = _threads(design, shown)
    remixes = designs.remixes_of(design.id)
    original = _original(design)
    return render_template(
        "designs/design.html",
        design=design,
        version=shown,
        is_old=shown.version != design.version,
        assignment=assignment,
        stage=stage_of(assignment),
        places=queries.places_of_changes(design.id, shown.version),
        versions=designs.versions_of(design.id),
        figure_groups=groups_of(shown.effects, shown.effect_steps),
        unknown_figures=unknowns_of(shown.effects, current_language()),
        sources=source_titles((shown.effects.get("cost_eur") or {}).get("source") or []),
        support=votes.total(design.id),
        supported=actor.id is not None and design.id in votes.supported_by(actor.id),
        is_author=permissions.is_author(actor, design),
        can_edit=permissions.can_edit(actor, design),
        threads=threads,
        thread_comments=count_of(threads),
        original=original,
        section=shown_section(assignment, shown),
        outcomes=verdicts.outcomes_of(shown),
        verdict_summary=verdicts.summary_of(shown),
        remixes=remixes,
        solid=_solid(design, shown, assignment),
        comparisons=compare.offers(design, shown, assignment, original),
        about=_about(shown),
        form=form or {},
        problems=problems or [],
    )


def _solid(design: Design, shown: DesignVersion, assignment: Assignment) -> str | None:
    """Settings of the 3D view; it shows the design as it is now, so an older version has none."""
    if shown.version != design.version or not shown.changes:
        return None
    return as_json({**shared_settings(assignment), "place": shown.title, "design": str(design.id)})


def _threads(design: Design, shown: DesignVersion) -> list[Thread]:
    """Comments on the design and on its changes; what hung on a change of an older version stays, unnamed."""
    titles = {change.id: _title(change) for change in shown.changes}
    found = comments_on("design", [design.id]) + comments_on("change", designs.change_ids_of(design.id))
    return threads_of(sorted(found, key=lambda comment: (comment.created_at, comment.id)), titles)


def _title(change: Change) -> str:
    return words.change_title(change.action, change.kind, change.object_kind)


def _original(design: Design) -> tuple[Design, DesignVersion] | None:
    """The public design that this one started from."""
    if design.remix_of_id is None:
        return None
    source = designs.design_by_id(design.remix_of_id)
    if not permissions.can_see(current_actor(), source):
        return None
    return source, designs.version_of(source, design.remix_of_version)


def _about(shown: DesignVersion) -> uuid.UUID | None:
    """The change that `?about=` names, where it belongs to this version."""
    wanted = request.args.get("about", "")
    return next((change.id for change in shown.changes if str(change.id) == wanted), None)


@blueprint.post("/designs/<uuid:design_id>/support")
@access.visitor_may_write
def support(design_id: uuid.UUID) -> Response:
    """Support the design, or take that back, and show the page again."""
    design_service.seen_design(current_actor(), design_id)
    actor = ensure_guest()
    with transaction():
        if request.form.get("support") == "no":
            vote_service.take_back(actor, design_id, now())
        else:
            vote_service.support(actor, design_id, now())
    return redirect(to(f"/designs/{design_id}#steun"), 303)


@blueprint.get("/designs/<uuid:design_id>/withdraw")
@access.participant
def ask_withdraw(design_id: uuid.UUID) -> str:
    """Ask whether they are sure."""
    design = design_service.own_design(current_actor(), design_id)
    return render_template("designs/withdraw.html", design=design, version=designs.version_of(design))


@blueprint.post("/designs/<uuid:design_id>/withdraw")
@access.participant
def withdraw(design_id: uuid.UUID) -> Response:
    """Take one's own design back."""
    with transaction():
        design = design_service.withdraw_design(current_actor(), design_id, now())
    flash(_("Je ontwerp is ingetrokken. Het telt niet meer mee."))
    return redirect(to(f"/designs/{design.id}"), 303)


@blueprint.post("/designs/<uuid:design_id>/submit")
@access.participant
def submit(design_id: uuid.UUID) -> Response:
    """Make one's own draft public."""
    with transaction():
        design = design_service.submit_design(current_actor(), design_id, now())
    flash(_("Je ontwerp is ingezonden. Je buren kunnen het nu zien, steunen en erop reageren."))
    return redirect(to(f"/designs/{design.id}"), 303)
