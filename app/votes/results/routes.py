"""The result in the API, the files to count it again, and the planner's two buttons."""

from __future__ import annotations

import uuid
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.core.formatting import to
from app.core.transaction import transaction
from app.core.web import json_response
from app.errors import NotFound, WrongState
from app.votes.results import files, service
from app.votes.results.service import Counted

blueprint = Blueprint("results", __name__)
PABULIB = "text/plain; charset=utf-8"


@blueprint.get("/api/rounds/<uuid:round_id>/result")
@access.public
def result(round_id: uuid.UUID) -> Response:
    """The result document, its hashes, and why each option won or lost; 404 before publication."""
    found = service.published(round_id)
    titles = {str(one["code"]): str(one["title"]) for one in found.freeze["options"]}  # type: ignore[union-attr,index,call-overload]
    document = {
        "round": round_id,
        "published_at": found.round.published_at,
        "freeze_hash": found.round.freeze_hash,
        "ballots_hash": found.round.ballots_hash,
        "result_hash": found.round.result_hash,
        "winners": found.count["winners"],
        "result": found.result,
        "explanations": files.explanations(found, titles),
    }
    return _unchanged(json_response(document), found)


@blueprint.get("/rounds/<uuid:round_id>/round.json")
@access.public
def round_json(round_id: uuid.UUID) -> Response:
    """The file with which anybody counts again."""
    found = service.published(round_id)
    content = files.round_json(found, _cache())
    return _download(Response(content, mimetype="application/json"), found, "json")


@blueprint.get("/rounds/<uuid:round_id>/round.pb")
@access.public
def round_pabulib(round_id: uuid.UUID) -> Response:
    """The ballots for other programs that count; 404 where they are sealed."""
    found = service.published(round_id)
    if not found.ballots_are_open:
        raise NotFound(_("De stembriefjes van deze stemronde zijn verzegeld."))
    return _download(Response(files.round_pabulib(found, _cache()), content_type=PABULIB), found, "pb")


@blueprint.get("/rounds/<uuid:round_id>/options.geojson")
@access.public
def options_geojson(round_id: uuid.UUID) -> Response:
    """The options on the map with what became of them."""
    found = service.published(round_id)
    answer = json_response(files.options_geojson(found), mimetype="application/geo+json")
    return _download(answer, found, "geojson")


@blueprint.post("/desk/rounds/<uuid:round_id>/count")
@access.planner
def count(round_id: uuid.UUID) -> Redirect:
    """Count a closed round."""
    with transaction():
        if service.counted(round_id) is None and service.is_large(round_id):
            raise WrongState(
                _(
                    "Deze stemronde is zo groot dat het tellen minuten duurt. Laat de beheerder dit doen:"
                    " flask votes count-round %(round)s",
                    round=round_id,
                )
            )
        service.count(round_id, current_app.config["PUBLISH_FROM"])
    flash(_("De stemronde is geteld. Alleen planners zien de uitslag nog."))
    return redirect(to(f"/rounds/{round_id}/result"), 303)


@blueprint.post("/desk/rounds/<uuid:round_id>/publish")
@access.planner
def publish(round_id: uuid.UUID) -> Redirect:
    """Make the result public."""
    with transaction():
        service.publish(round_id)
    flash(_("De uitslag staat nu voor iedereen op deze pagina."))
    return redirect(to(f"/rounds/{round_id}/result"), 303)


def _cache() -> Path:
    return Path(current_app.config["CACHE_DIR"])


def _download(response: Response, found: Counted, ending: str) -> Response:
    name = f"stemronde-{found.round.id}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _unchanged(response, found)


def _unchanged(response: Response, found: Counted) -> Response:
    """A published result never changes."""
    response.set_etag(f"{found.round.result_hash}-{found.round.revision}")
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
