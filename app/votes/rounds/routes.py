"""The calls of the API for rounds and ballots."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.web import json_body, json_response
from app.errors import BadRequest
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id, assignment_by_slug
from app.votes.rounds import casting, queries, schemas, service
from app.votes.rounds.electorates import Given

blueprint = Blueprint("rounds_api", __name__, url_prefix="/api/rounds")

# The code of a letter; in the body of a ballot it may also be the member `code`.
CODE_HEADER = "X-Ballot-Code"
# A ballot and a receipt are nobody else's: no cache keeps them.
_PRIVATE = {"Cache-Control": "no-store"}


@blueprint.get("")
@access.public
def rounds() -> Response:
    """All announced, open, closed and counted rounds, of one assignment or of all."""
    if unknown := set(request.args) - {"assignment"}:
        raise BadRequest(_("Deze parameter kennen we niet: %(name)s.", name=sorted(unknown)[0]))
    slug, moment = request.args.get("assignment"), now()
    found = queries.public_rounds() if slug is None else queries.rounds_of(assignment_by_slug(slug).id)
    options = queries.options_of_all(round_.id for round_ in found)
    conflicts = queries.conflicts_of_all(round_.id for round_ in found)
    slugs = {round_.assignment_id: _slug(round_.assignment_id) for round_ in found}
    return json_response(
        {
            "rounds": [
                schemas.round_document(
                    round_,
                    slugs[round_.assignment_id],
                    options.get(round_.id, []),
                    conflicts.get(round_.id, []),
                    moment,
                )
                for round_ in found
            ]
        }
    )


@blueprint.get("/<uuid:round_id>")
@access.public
def one_round(round_id: uuid.UUID) -> Response:
    """Question, options, conflicts, rule and dates of a round; a planner sees a draft too."""
    round_ = service.seen_round(current_actor(), round_id)
    return json_response(
        schemas.round_document(
            round_,
            _slug(round_.assignment_id),
            queries.options_of(round_id),
            queries.conflicts_of(round_id),
            now(),
        )
    )


@blueprint.get("/<uuid:round_id>/freeze")
@access.public
def freeze_document(round_id: uuid.UUID) -> Response:
    """The document that was frozen, byte for byte: its SHA-256 is the published hash."""
    document = queries.freeze_document_of(round_id)
    if document is None:
        raise queries.no_such_round()
    return Response(document, mimetype="application/json")


@blueprint.put("/<uuid:round_id>/ballot")
@access.participant
def put_ballot(round_id: uuid.UUID) -> Response:
    """Cast the whole ballot; it replaces the voter's earlier one until the round closes."""
    choices, given = schemas.read_ballot(json_body(), request.headers.get(CODE_HEADER, ""))
    done = casting.cast(current_actor(), round_id, choices, given, now())
    return json_response(schemas.cast_document(round_id, done), headers=_PRIVATE)


@blueprint.get("/<uuid:round_id>/ballot")
@access.participant
def get_ballot(round_id: uuid.UUID) -> Response:
    """One's own ballot as it would count now, only while the round is open."""
    given = Given(request.headers.get(CODE_HEADER, "")[: schemas.LONGEST_CODE])
    ballot = casting.present(current_actor(), round_id, given, now())
    return json_response(schemas.present_document(round_id, ballot), headers=_PRIVATE)


@blueprint.post("/<uuid:round_id>/receipt")
@access.public
def look_up_receipt(round_id: uuid.UUID) -> Response:
    """Whether the ballot of a receipt is in the count: `counts`, `replaced` or `unknown`. Stores nothing."""
    service.seen_round(current_actor(), round_id)
    typed = schemas.read_receipt(json_body())
    found = casting.look_up(round_id, typed)
    answer = {True: "counts", False: "replaced", None: "unknown"}[found]
    return json_response({"round": round_id, "ballot": answer}, headers=_PRIVATE)


def _slug(assignment_id: uuid.UUID) -> str:
    assignment: Assignment = assignment_by_id(assignment_id)
    return assignment.slug
