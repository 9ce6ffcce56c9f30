"""The support calls of the API."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.core.web import json_response
from app.votes import service

blueprint = Blueprint("votes", __name__)


@blueprint.put("/api/designs/<uuid:design_id>/support")
@access.participant
def put_support(design_id: uuid.UUID) -> Response:
    """Support a design; the same again changes nothing."""
    total = service.support(current_actor(), design_id, now())
    return json_response({"design": design_id, "support": total, "supported": True})


@blueprint.delete("/api/designs/<uuid:design_id>/support")
@access.participant
def delete_support(design_id: uuid.UUID) -> Response:
    """Support a design no longer; the same again changes nothing."""
    with transaction():
        total = service.take_back(current_actor(), design_id, now())
    return json_response({"design": design_id, "support": total, "supported": False})
