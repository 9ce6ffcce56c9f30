"""Maps as pictures: `/designs/…/map.svg`, `/assignments/…/map.svg` and small ones for cards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import shapely
from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from shapely.geometry.base import BaseGeometry

from app.accounts import access
from app.accounts.access import current_actor
from app.core.geometry import from_wkb
from app.designs import queries as designs
from app.designs.models import Change
from app.designs.parts import Drawn
from app.designs.service import seen_design
from app.maps.drawing import SURFACES, MapChange, MapMark, MapObject, View, svg_map, view_of
from app.pages import queries, words
from app.pages.blueprint import blueprint
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_id, assignment_by_slug

SMALL, LARGE = (560, 300), (960, 600)
# A wide picture holds so many things that the small ones would be dust.
COARSE_KINDS = frozenset(SURFACES) - {"barrier", "hedge", "yard"} | {"street_axis"}
FINE_KINDS = frozenset(SURFACES) | {"street_axis", "tree"}
FINE_FROM_PX_PER_M = 1.1
CROWNS_M = {"tree_small": 4.0, "tree_medium": 6.0, "tree_large": 8.0}
NARROW_SIZE = (390, 640)
MAX_AGE_S = 60


@blueprint.get("/designs/<uuid:design_id>/thumb.svg")
@access.public
def design_thumb(design_id: uuid.UUID) -> Response:
    """A design for a card."""
    return _design(design_id, None, SMALL)


@blueprint.get("/designs/<uuid:design_id>/map.svg")
@access.public
def design_map(design_id: uuid.UUID) -> Response:
    """A design for its own page."""
    return _design(design_id, None, LARGE)


@blueprint.get("/designs/<uuid:design_id>/versions/<int:number>/map.svg")
@access.public
def version_map(design_id: uuid.UUID, number: int) -> Response:
    """An older version."""
    return _design(design_id, min(number, 2**31 - 1), LARGE)


@blueprint.get("/assignments/<slug>/thumb.svg")
@access.public
def assignment_thumb(slug: str) -> Response:
    """The present situation for a card."""
    return _assignment(slug, SMALL)


@blueprint.get("/assignments/<slug>/map.svg")
@access.public
def assignment_map(slug: str) -> Response:
    """The present situation, for who has no interactive map."""
    return _assignment(slug, LARGE)


def _design(design_id: uuid.UUID, number: int | None, size: tuple[int, int]) -> Response:
    design = seen_design(current_actor(), design_id)
    version = designs.version_of(design, number)
    assignment = assignment_by_id(design.assignment_id)
    area = area_of(assignment)
    geometries = [from_wkb(change.geom) for change in version.changes]
    view = view_of(geometries or [area], size, level=area)
    return picture(
        view,
        assignment,
        [map_change(change, geometry) for change, geometry in zip(version.changes, geometries, strict=True)],
        title=_("Kaart van ontwerp %(title)s", title=version.title),
        description=described(version),
        small=size == SMALL,
    )


def _assignment(slug: str, size: tuple[int, int]) -> Response:
    assignment = assignment_by_slug(slug, concepts=current_actor().is_planner)
    area = area_of(assignment)
    fixed = [from_wkb(zone.geom) for zone in assignment.zones if zone.kind == "fixed"]
    free = [from_wkb(zone.geom) for zone in assignment.zones if zone.kind == "free"]
    if free:
        fixed.append(shapely.difference(area, shapely.union_all(free)))
    return picture(
        view_of([area], size, level=area),
        assignment,
        title=_("Kaart van %(title)s", title=assignment.title),
        description=_(
            "De straten, gebouwen en bomen zoals ze nu zijn. Een stippellijn is de grens van de opgave."
        )
        + (" " + _("Waar donkere strepen staan, verandert niets.") if fixed else ""),
        area=area,
        fixed=fixed,
        small=size == SMALL,
    )


def described(version: Drawn) -> str:
    """The text alternative of a design's map: how many changes, and the first of them."""
    count = ngettext("%(num)d wijziging", "%(num)d wijzigingen", len(version.changes))
    named = [words.change_sentence(c.action, c.kind, c.object_kind) for c in version.changes[:12]]
    return f"{count}: {', '.join(named)}." if named else count


def map_change(change: Change, geometry: BaseGeometry) -> MapChange:
    """A stored change as the drawn map shows it; geometry in EPSG:4326."""
    return MapChange(
        change.action,
        geometry,
        words.change_icon(change.action, change.kind, change.object_kind),
        words.chalk_of(change.action, change.kind),
        change.width_m,
        CROWNS_M.get(change.kind or ""),
    )


def seen(geometries: Sequence[BaseGeometry], size: tuple[int, int], area: BaseGeometry) -> View:
    """The view of a picture in the size that this request wants.

    `?narrow` is for a telephone held upright, on which a street that stands on end is large enough to read.
    """
    if "narrow" in request.args:
        return view_of(geometries, NARROW_SIZE, level=area, upright=True)
    return view_of(geometries, size, level=area)


def picture(
    view: View,
    assignment: Assignment,
    changes: Sequence[MapChange] = (),
    *,
    title: str,
    description: str,
    area: shapely.MultiPolygon | None = None,
    rings: Sequence[BaseGeometry] = (),
    marks: Sequence[MapMark] = (),
    fixed: Sequence[BaseGeometry] = (),
    small: bool,
) -> Response:
    """The answer with a drawn map; only its author's browser keeps it, since it may be a draft."""
    svg = svg_map(
        view,
        present(view, assignment.neighbourhood_id),
        changes,
        title=title,
        description=description,
        area=area,
        rings=rings,
        marks=marks,
        fixed=fixed,
        attribution=""
        if small or "plain" in request.args
        else _("Kaart: %(source)s", source=assignment.neighbourhood.attribution),
    )
    response = Response(svg, mimetype="image/svg+xml")
    # A draft is only for its author, so no shared cache may keep it.
    response.headers["Cache-Control"] = f"private, max-age={MAX_AGE_S}"
    response.add_etag()
    response.make_conditional(request)
    return response


def present(view: View, neighbourhood_id: int) -> list[MapObject]:
    """What exists in the view, and the house numbers where there is room."""
    bbox = view.bbox()
    kinds = FINE_KINDS if view.scale >= FINE_FROM_PX_PER_M else COARSE_KINDS
    rows = queries.objects_in(neighbourhood_id, bbox, kinds)
    found = [MapObject(row["kind"], shapely.from_wkb(bytes(row["wkb"])), row["label"]) for row in rows]
    if view.width / view.scale > queries.NUMBERS_UP_TO_M:
        return found
    return found + [
        MapObject("entrance", point, number) for number, point in queries.doors_in(neighbourhood_id, bbox)
    ]
