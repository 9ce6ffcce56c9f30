"""What differs between two designs, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.web import json_response
from app.designs.catalogue import catalogue
from app.designs.compare import Difference
from app.designs.compare_effects import Figure, FigureDifference
from app.designs.comparing import NOW, Comparison, Side, compared, side_of
from app.designs.schemas import change_feature
from app.errors import BadRequest
from app.projects.queries import assignment_by_id

blueprint = Blueprint("compare", __name__)
PARAMETERS = frozenset({"with", "version", "with_version"})


@blueprint.get("/api/designs/<uuid:design_id>/differences")
@access.public
def get_differences(design_id: uuid.UUID) -> Response:
    """What differs from this design (A) to another of its assignment (B), or to the street as it is (`now`).

    404 for a design that one may not see, 422 for one of another assignment.
    """
    given = request.args
    for name in given:
        if name not in PARAMETERS:
            raise BadRequest(_("Deze parameter kennen we niet: %(name)s.", name=name))
    if not given.get("with"):
        raise BadRequest(_("Zeg met “with” waarmee je vergelijkt: het kenmerk van een ontwerp, of “now”."))
    a = side_of(current_actor(), str(design_id), given.get("version"))
    b = side_of(current_actor(), given["with"], given.get("with_version"))
    if a.design is None:
        raise BadRequest
    found = compared(assignment_by_id(a.design.assignment_id), a, b, at="/with")
    # A draft is only for its author, so no shared cache may keep it.
    return json_response(document(found), headers={"Cache-Control": "private, no-cache"})


def document(found: Comparison) -> dict[str, Any]:
    """A comparison as JSON; changes are GeoJSON Features in EPSG:4326."""
    return {
        "assignment": found.assignment.slug,
        "a": _side(found.a),
        "b": _side(found.b),
        "differences": [_difference(one, found) for one in found.differences],
        "effects": [_figures(one) for one in found.figures],
    }


def _side(side: Side) -> dict[str, Any]:
    if side.design is None or side.version is None:
        return {"id": NOW, "version": None, "title": None}
    return {"id": str(side.design.id), "version": side.version.version, "title": side.version.title}


def _difference(one: Difference, found: Comparison) -> dict[str, Any]:
    return {
        "standing": one.standing.value,
        "a": change_feature(found.a.changes[one.a.key], catalogue()) if one.a else None,
        "b": change_feature(found.b.changes[one.b.key], catalogue()) if one.b else None,
        "moved": {"distance_m": one.move.distance_m, "direction": one.move.direction} if one.move else None,
        "turned_deg": one.turn_deg,
        "sizes": {size.what: {"a": size.a, "b": size.b} for size in one.sizes},
        "other_shape": one.other_shape,
        "other_kind": one.other_kind,
        "other_action": one.other_action,
    }


def _figures(one: FigureDifference) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "before": one.before,
        "a": _figure(one.a),
        "b": _figure(one.b),
        "ratio": one.ratio.value,
        "by": one.by,
    }


def _figure(one: Figure | None) -> dict[str, float] | None:
    return None if one is None else {"after": one.after, "low": one.low, "high": one.high}
