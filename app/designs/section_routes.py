"""Cross-sections: for the drawing in hand, and of stored designs as a picture or on paper."""

from __future__ import annotations

import hashlib
import math
import uuid
from typing import Any, Literal

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from shapely import LineString, Point

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.formatting import day
from app.core.geometry import read_geometry, to_geojson
from app.core.language import current_language
from app.core.web import json_body, json_response
from app.designs import queries
from app.designs import section_words as words
from app.designs.catalogue import catalogue
from app.designs.models import Design, DesignVersion
from app.designs.schemas import DesignReader
from app.designs.section_drawing import LAYOUTS
from app.designs.section_print import PrintedPicture, Sheet, Words, printed
from app.designs.section_showing import (
    Side,
    notes,
    picture,
    rows,
    section_of,
    sides_of,
    things,
    title_of,
)
from app.designs.sections import CrossSection, cross_section
from app.designs.service import seen_design
from app.errors import BadRequest, Invalid, NotFound, Problem
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id, assignment_by_slug
from geodata.section import Section

blueprint = Blueprint("sections", __name__)
MEMBERS = {"assignment", "changes", "at", "bearing_deg", "layout", "track"}


@blueprint.post("/api/section")
@access.public
def post_section() -> Response:
    """The street cut through at a place, before and after changes; nothing is stored. Open to everybody.

    `at` is [longitude, latitude]. Without `bearing_deg` (where the street runs to, clockwise from north) the
    place is set on the middle of the nearest street, and `track` is the line along it.
    """
    body = json_body()
    slug = body.get("assignment")
    if not isinstance(slug, str):
        raise Invalid.of([Problem("/assignment", _("Zeg bij welke opgave dit hoort."))])
    assignment = assignment_by_slug(slug)
    number = assignment.neighbourhood_id
    reader = DesignReader(
        assignment, catalogue(), lambda ids: queries.existing_objects(number, ids) if ids else {}
    )
    problems = reader.problems
    problems.only(body, MEMBERS)
    at = read_geometry({"type": "Point", "coordinates": body.get("at")}, problems, "/at", ("Point",))
    bearing = problems.number(body, "bearing_deg", -360, 360)
    layout = problems.choice(body, "layout", tuple(LAYOUTS), default="strip")
    draft = reader.read({"assignment": slug, "title": "-", "changes": body.get("changes")})
    if not isinstance(at, Point):
        raise Invalid
    found = cross_section(
        assignment, draft.changes, at, bearing_deg=bearing, with_track=body.get("track") is not False
    )
    return json_response(document(found, layout))


@blueprint.get("/designs/<uuid:design_id>/section.<any(svg, png, pdf):form>")
@access.public
def design_section(design_id: uuid.UUID, form: str) -> Response:
    """A stored design's section at `at=lon,lat` (by default where it changes most in the middle).

    `side=before` or `after` (the default) chooses the picture of the SVG; `version` an older one.
    """
    design = seen_design(current_actor(), design_id)
    version = queries.version_of(design, _version())
    assignment = assignment_by_id(design.assignment_id)
    found = section_of(assignment, version, _place())
    if form == "svg":
        side: Side = "before" if request.args.get("side") == "before" else "after"
        return _file(picture(found, side, "page", uid="s").encode(), "image/svg+xml", "svg")
    kind: Literal["pdf", "png"] = "pdf" if form == "pdf" else "png"
    content = printed(_sheet(design, version, assignment, found), kind)
    return _file(content, "application/pdf" if kind == "pdf" else "image/png", kind)


# --- What is asked -----------------------------------------------------------------------------------------


def _version() -> int | None:
    given = request.args.get("version")
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise NotFound(_("Deze versie bestaat niet."))
    return int(given)


def _place() -> Point | None:
    given = request.args.get("at")
    if given is None:
        return None
    try:
        lon, lat = (float(part) for part in given.split(","))
    except ValueError:
        raise BadRequest(_("Schrijf de plek als at=lengtegraad,breedtegraad.")) from None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise BadRequest(_("Schrijf de plek als at=lengtegraad,breedtegraad."))
    return Point(lon, lat)


# --- What is answered --------------------------------------------------------------------------------------


def document(found: CrossSection, layout: str) -> dict[str, Any]:
    """A section as JSON: places in EPSG:4326, lengths in metres."""
    left, right = sides_of(found)
    track = found.track
    return {
        "at": [round(found.at.x, 8), round(found.at.y, 8)],
        "title": title_of(found),
        "near": found.near or None,
        "bearing_deg": round(found.bearing_deg, 2),
        "found_by": found.found_by,
        "left": left,
        "right": right,
        "line": to_geojson(found.line),
        "track": None
        if track is None
        else {
            "geometry": to_geojson(LineString(track.line)),
            "length_m": round(track.length_m, 2),
            "at_m": round(track.at_m, 2),
        },
        "changed": not found.changes_nothing,
        "needed_m": found.needed_m,
        "notes": notes(found),
        "before": _side(found, "before", layout),
        "after": _side(found, "after", layout),
    }


def _side(found: CrossSection, side: Side, layout: str) -> dict[str, Any]:
    section: Section = getattr(found, side)
    short = words.too_narrow(section, found.needed_m)
    return {
        "length_m": round(section.span.length_m, 3),
        "text": words.sentence(section, sides_of(found), found.needed_m),
        "svg": picture(found, side, layout, uid=f"section-{side}"),
        "bands": [
            {
                "kind": band.kind,
                "element": band.element or None,
                "name": words.band_name(band),
                "from_m": round(band.from_m, 3),
                "to_m": round(band.to_m, 3),
                "width_m": round(band.width_m, 3),
                "width": words.metres(band.width_m),
                "needed": short.get(number) or None,
                "certainty": band.certainty,
                "certainty_name": words.how_sure(band.certainty),
                "merged_m": round(band.merged_m, 3),
            }
            for number, band in enumerate(section.bands)
        ],
        "elements": [
            {
                "kind": element.kind,
                "element": element.element or None,
                "name": words.element_name(element),
                "text": words.element_sentence(element),
                "at_m": round(element.at_m, 3),
                "from_m": round(element.from_m, 3),
                "to_m": round(element.to_m, 3),
                "off_m": round(element.off_m, 3),
                "height_m": element.height_m,
                "crown_m": element.crown_m,
                "certainty": element.certainty,
            }
            for element in section.elements
        ],
        "facades": [
            None if facade is None else {"height_m": facade.height_m, "estimated": facade.estimated}
            for facade in section.span.facades
        ],
    }


def _sheet(design: Design, version: DesignVersion, assignment: Assignment, found: CrossSection) -> Sheet:
    headings: dict[Side, str] = {"before": _("Nu"), "after": version.title}
    status = "" if design.submitted_at is not None else _("concept")
    place = " · ".join(part for part in (assignment.title, title_of(found), status) if part)
    return Sheet(
        current_language(),
        version.title,
        title_of(found),
        place,
        [
            PrintedPicture(
                heading,
                picture(found, side, "page", uid=side),
                words.sentence(getattr(found, side), sides_of(found), found.needed_m),
                rows(getattr(found, side), found.needed_m),
                things(getattr(found, side)),
            )
            for side, heading in headings.items()
        ],
        notes(found),
        _("Kaart: %(source)s", source=assignment.neighbourhood.attribution),
        _("Gemaakt met Stoepkrijt op %(day)s, versie %(n)s", day=day(now()), n=version.version),
        Words(
            _("De doorsnede in een tabel"),
            (_("Deel, van links naar rechts"), _("Breedte"), _("Hoe zeker")),
            _("Wat er staat"),
        ),
    )


def _file(content: bytes, mimetype: str, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    # A draft is only for its author, so no shared cache may keep it.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="doorsnede.{ending}"'
    response.set_etag(hashlib.sha256(content).hexdigest()[:24])
    response.make_conditional(request)
    return response
