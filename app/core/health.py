"""Is the process up, and can it reach a migrated database?"""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from sqlalchemy import text

from app.core.web import json_response
from app.errors import Unavailable
from app.extensions import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers and has the newest migration; 503 otherwise."""
    head = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    try:
        present = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception as error:
        raise Unavailable("database not reachable or not migrated") from error
    if present != head:
        raise Unavailable(f"database is at {present}, the program at {head}")
    return json_response({"status": "ready", "migration": present})
