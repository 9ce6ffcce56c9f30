"""The blueprint of the public API, and the headers that all its answers carry."""

from __future__ import annotations

from flask import Blueprint, Response, request

VERSION = "1.0.0"

blueprint = Blueprint("api", __name__)


@blueprint.after_app_request
def _version_header(response: Response) -> Response:
    """Every answer under /api names the version of the API (Dutch API Design Rules)."""
    if request.path == "/api" or request.path.startswith("/api/"):
        response.headers["API-Version"] = VERSION
    return response


@blueprint.after_request
def _open_to_other_sites(response: Response) -> Response:
    """Public data may be read by a page of any other site; no cookie is involved."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "API-Version, Content-Crs, ETag, Link"
    return response
