"""The design calls of the API."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.language import current_language
from app.core.transaction import transaction
from app.core.web import etag, json_body, json_response, required_revision
from app.designs import permissions, queries, service, standing
from app.designs.catalogue import catalogue
from app.designs.domain import MAX_CHANGES
from app.designs.effect_words import describe_effects
from app.designs.findings import check_document
from app.designs.models import Design
from app.designs.palette import catalogue_document
from app.designs.schemas import DesignReader, change_feature, design_feature, read_addition
from app.errors import EditedMeanwhile, Invalid, Problem
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id, assignment_by_slug

blueprint = Blueprint("designs", __name__)
LONGEST_KEY = 64


@blueprint.get("/api/catalogue")
@access.public
def get_catalogue() -> Response:
    """All element kinds, by group, in the reader's language."""
    response = json_response(
        catalogue_document(current_language()), headers={"Cache-Control": "public, max-age=300"}
    )
    response.vary.add("Accept-Language")
    return response


@blueprint.post("/api/designs")
@access.participant
def post_design() -> Response:
    """Make a draft: 201 with the design's Feature; the same `Idempotency-Key` again gives the same answer."""
    key = _idempotency_key()
    assignment, reader, body = _reader()
    with transaction():
        design = service.draft_design(current_actor(), assignment, reader.read(body), key, now())
        answer = _answer(design, assignment, 201)
    answer.headers["Location"] = f"/api/designs/{design.id}"
    return answer


@blueprint.get("/api/designs/<uuid:design_id>")
@access.public
def get_design(design_id: uuid.UUID) -> Response:
    """One's own draft, or any public design."""
    design = service.seen_design(current_actor(), design_id)
    return _answer(design, assignment_by_id(design.assignment_id), 200)


@blueprint.put("/api/designs/<uuid:design_id>")
@access.participant
def put_design(design_id: uuid.UUID) -> Response:
    """Replace the content; `If-Match` says which revision it was drawn on."""
    revision = required_revision()
    body = json_body()
    with transaction():
        design = service.own_design(current_actor(), design_id)
        assignment = assignment_by_id(design.assignment_id)
        body.setdefault("assignment", assignment.slug)
        reader = _reader_for(assignment)
        if body["assignment"] != assignment.slug:
            reader.problems.add("/assignment", _("Een ontwerp blijft bij zijn opgave."))
        draft = reader.read(body)
        try:
            design = service.change_design(current_actor(), design_id, draft, revision, now())
        except EditedMeanwhile as error:
            error.headers["ETag"] = etag(design.revision)
            error.extra["current"] = _feature(design, assignment)
            raise
        return _answer(design, assignment, 200)


@blueprint.post("/api/designs/<uuid:design_id>/submit")
@access.participant
def submit(design_id: uuid.UUID) -> Response:
    """Make a draft public."""
    with transaction():
        design = service.submit_design(current_actor(), design_id, now())
        return _answer(design, assignment_by_id(design.assignment_id), 200)


@blueprint.post("/api/designs/<uuid:design_id>/withdraw")
@access.participant
def withdraw(design_id: uuid.UUID) -> Response:
    """Take a design back."""
    with transaction():
        design = service.withdraw_design(current_actor(), design_id, now())
        return _answer(design, assignment_by_id(design.assignment_id), 200)


@blueprint.post("/api/designs/<uuid:design_id>/changes")
@access.participant
def post_change(design_id: uuid.UUID) -> Response:
    """Add one element to one's own draft: 201 with the change's Feature."""
    draft = read_addition(json_body(), catalogue())
    # One statement that stands by itself: a transaction around it would protect nothing.
    change = service.append_addition(current_actor(), design_id, draft, now())
    return json_response(change_feature(change, catalogue()), 201)


@blueprint.post("/api/check")
@access.public
def check() -> Response:
    """What a design would do; nothing is stored. Open to everybody, since it changes nothing."""
    assignment, reader, body = _reader()
    body.setdefault("title", "-")
    wanted = _wanted_suggestions(body)
    figures = _wanted_figures(body)
    draft = reader.read(body)
    judged = service.judge_draft(assignment, draft.changes)
    suggestions = service.suggest(assignment, judged, wanted) if wanted is None or wanted else {}
    effects = service.value_draft(assignment, draft.changes, slow=figures.slow, hour=figures.hour)
    limits = service.limits_of_draft(assignment, draft.changes, effects)
    if not figures.how:
        effects = {name: {k: v for k, v in figure.items() if k != "how"} for name, figure in effects.items()}
    return json_response(
        {
            **check_document(judged, suggestions, assignment.neighbourhood.metric_srid),
            "effects": describe_effects(effects),
            "limits": [one.document() for one in limits],
        }
    )


def _wanted_suggestions(body: dict[str, Any]) -> frozenset[int] | None:
    """For which changes to look for what would fit: `suggest` is true (all), false or a list of indexes."""
    given = body.pop("suggest", True)
    if given is True:
        return None
    if given is False:
        return frozenset()
    whole = isinstance(given, list) and all(
        isinstance(index, int) and not isinstance(index, bool) for index in given
    )
    if not whole or len(given) > MAX_CHANGES:
        raise Invalid.of([Problem("/suggest", _("Dit is waar, onwaar of een lijst van nummers."))])
    return frozenset(given)


class _Figures(NamedTuple):
    """Which figures somebody asks for: also the `slow` ones, and `how` they were computed."""

    slow: bool
    how: bool
    hour: float | None


def _wanted_figures(body: dict[str, Any]) -> _Figures:
    """`shade` or an `hour` of the clock asks for what takes longer; `how` false leaves the steps out."""
    flags = {"shade": body.pop("shade", False), "how": body.pop("how", True)}
    hour = body.pop("hour", None)
    problems = [
        Problem(f"/{name}", _("Dit is waar of onwaar."))
        for name, flag in flags.items()
        if not isinstance(flag, bool)
    ]
    is_hour = isinstance(hour, int | float) and not isinstance(hour, bool) and 0 <= hour < 24
    if hour is not None and not is_hour:
        problems.append(Problem("/hour", _("Dit is een uur van de dag: van 0 tot 24.")))
    if problems:
        raise Invalid.of(problems)
    return _Figures(flags["shade"] or hour is not None, flags["how"], None if hour is None else float(hour))


def _reader() -> tuple[Assignment, DesignReader, dict[str, Any]]:
    body = json_body()
    slug = body.get("assignment")
    if not isinstance(slug, str):
        raise Invalid.of([Problem("/assignment", _("Zeg bij welke opgave dit hoort."))])
    assignment = assignment_by_slug(slug)
    return assignment, _reader_for(assignment), body


def _reader_for(assignment: Assignment) -> DesignReader:
    neighbourhood_id = assignment.neighbourhood_id
    return DesignReader(
        assignment, catalogue(), lambda ids: queries.existing_objects(neighbourhood_id, ids) if ids else {}
    )


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not 0 < len(key) <= LONGEST_KEY or not key.isprintable()):
        raise Invalid.of([Problem("", _("Idempotency-Key is een tekst van 1 tot 64 tekens."))])
    return key


def _feature(design: Design, assignment: Assignment) -> dict[str, Any]:
    version = queries.version_of(design)
    counts = standing.counts(design.id)
    mine = permissions.is_author(current_actor(), design)
    return design_feature(design, version, assignment, catalogue(), mine=mine, counts=counts)


def _answer(design: Design, assignment: Assignment, status: int) -> Response:
    headers = {"ETag": etag(design.revision), "Cache-Control": "private, no-cache"}
    return json_response(
        _feature(design, assignment), status, mimetype="application/geo+json", headers=headers
    )
