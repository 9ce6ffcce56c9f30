"""Search for streets and addresses, and where the sun stands."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _

from app.accounts import access
from app.core.web import json_response
from app.errors import BadRequest
from app.maps import queries
from geodata.sun import FIRST_YEAR, LAST_YEAR, SunDay, sun_day

blueprint = Blueprint("maps", __name__)
LONGEST_QUERY = 100
MOST_RESULTS = 20
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


@blueprint.get("/api/search")
@access.public
def search() -> Response:
    """Places that look like `q`, as a FeatureCollection of points in EPSG:4326."""
    _only("q", "neighbourhood", "limit")
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


@blueprint.get("/api/sun")
@access.public
def sun() -> Response:
    """The sun over a place (`lon`, `lat`, EPSG:4326) on a `date`: sunrise, sunset, and each quarter between.

    Times are on the clock of the site's time zone; azimuths in degrees clockwise from north.
    """
    _only("lon", "lat", "date")
    lon, lat, day = _degrees("lon", 180), _degrees("lat", 90), _day()
    found = sun_day(lon, lat, day, ZoneInfo(current_app.config["TIME_ZONE"]))
    answer = json_response(_sun_document(day, found))
    # The sky keeps its promises.
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _sun_document(day: date, found: SunDay) -> dict[str, Any]:
    return {
        "date": day,
        "time_zone": current_app.config["TIME_ZONE"],
        "sunrise": found.sunrise and found.sunrise.isoformat(timespec="seconds"),
        "sunset": found.sunset and found.sunset.isoformat(timespec="seconds"),
        "positions": [
            {
                "time": moment.isoformat(timespec="minutes"),
                "azimuth_deg": round(position.azimuth_deg, 2),
                "elevation_deg": round(position.elevation_deg, 2),
            }
            for moment, position in found.positions
        ],
    }


def _only(*known: str) -> None:
    unknown = set(request.args) - set(known)
    if unknown:
        raise BadRequest(_("Deze parameter kennen we niet: %(name)s.", name=sorted(unknown)[0]))


def _degrees(name: str, most: int) -> float:
    text = request.args.get(name, "")
    value = float(text) if _DEGREES.fullmatch(text) else math.inf
    if abs(value) > most:
        raise BadRequest(
            _("“%(name)s” is een aantal graden van -%(most)d tot %(most)d.", name=name, most=most)
        )
    return value


def _day() -> date:
    text = request.args.get("date", "")
    try:
        day = date.fromisoformat(text) if len(text) == 10 else date.min
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadRequest(
            _(
                "“date” is een dag zoals 2026-07-01, van %(first)d tot en met %(last)d.",
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        )
    return day
