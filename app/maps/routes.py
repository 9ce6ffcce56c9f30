"""Search for streets and addresses."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.core.web import json_response
from app.errors import BadRequest
from app.maps import queries

blueprint = Blueprint("maps", __name__)
LONGEST_QUERY = 100
MOST_RESULTS = 20


@blueprint.get("/api/search")
@access.public
def search() -> Response:
    """Places that look like `q`, as a FeatureCollection of points in EPSG:4326."""
    unknown = set(request.args) - {"q", "neighbourhood", "limit"}
    if unknown:
        raise BadRequest(_("Deze parameter kennen we niet: %(name)s.", name=sorted(unknown)[0]))
    query = " ".join(request.args.get("q", "").split())
    limit = request.args.get("limit", "8")
    if len(query) > LONGEST_QUERY:
        raise BadRequest(_("Zoek met hoogstens %(max)d tekens.", max=LONGEST_QUERY))
    if not limit.isascii() or not limit.isdigit() or len(limit) > 4 or not 1 <= int(limit) <= MOST_RESULTS:
        raise BadRequest(_("“limit” is een getal van 1 tot %(max)d.", max=MOST_RESULTS))
    neighbourhood = request.args.get("neighbourhood") or None
    rows = queries.search_places(query, neighbourhood, int(limit)) if len(query) >= 2 else []
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 7), round(row["lat"], 7)]},
            "properties": {
                "label": row["label"],
                "kind": row["kind"],
                "street": row["street"],
                "house_number": row["house_number"],
                "score": round(row["score"], 3),
            },
        }
        for row in rows
    ]
    return json_response({"type": "FeatureCollection", "features": features}, mimetype="application/geo+json")
