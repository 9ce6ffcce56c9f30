"""Making and changing neighbourhoods and assignments. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.accounts.domain import Actor
from app.core.geometry import from_wkb, to_wkb
from app.core.problems import Problems
from app.errors import EditedMeanwhile, Forbidden, Invalid, Problem
from app.extensions import db
from app.projects import choices, permissions, queries
from app.projects.domain import SLUG, Stage, slug_from, stage
from app.projects.models import Assignment, Neighbourhood

MAX_AREA_M2 = 4_000_000


@dataclass(frozen=True, slots=True)
class Brief:
    """What a planner fills in. `area` is a polygon or multipolygon in EPSG:4326.

    `allowed_kinds` are ids of element kinds; None allows all.
    """

    title: str
    question: str
    area: BaseGeometry
    opens_at: datetime
    closes_at: datetime | None
    slug: str = ""
    allowed_kinds: tuple[str, ...] | None = None


def add_neighbourhood(
    slug: str,
    name: str,
    *,
    metric_srid: int,
    boundary: BaseGeometry | None = None,
    attribution: str = "",
    is_example: bool = False,
) -> Neighbourhood:
    """A new neighbourhood. Raises `Invalid` for a slug that cannot be or is taken."""
    if not SLUG.fullmatch(slug):
        raise Invalid.of([Problem("/slug", _("Gebruik kleine letters, cijfers en streepjes."))])
    if queries.neighbourhood_by_slug(slug) is not None:
        raise Invalid.of([Problem("/slug", _("Deze naam is al in gebruik."))])
    neighbourhood = Neighbourhood(
        slug=slug,
        name=name,
        metric_srid=metric_srid,
        boundary=to_wkb(_multi(boundary)) if boundary is not None else None,
        attribution=attribution,
        is_example=is_example,
    )
    db.session.add(neighbourhood)
    db.session.flush()
    return neighbourhood


def make_assignment(
    actor: Actor, neighbourhood: Neighbourhood, brief: Brief, *, is_example: bool = False
) -> Assignment:
    """A new assignment. Raises `Forbidden` for others than planners, `Invalid` with every problem."""
    _require_planner(actor)
    slug = brief.slug or slug_from(brief.title)
    problems = Problems()
    if not SLUG.fullmatch(slug):
        problems.add("/slug", _("Gebruik kleine letters, cijfers en streepjes."))
    elif queries.slug_taken(slug):
        problems.add("/slug", _("Dit adres is al van een andere opgave."))
    _check_brief(brief, neighbourhood, problems)
    problems.raise_if_any()
    assignment = Assignment(
        slug=slug, neighbourhood=neighbourhood, created_by=actor.id, is_example=is_example
    )
    _fill(assignment, brief)
    db.session.add(assignment)
    db.session.flush()
    return assignment


def change_assignment(actor: Actor, assignment: Assignment, brief: Brief, revision: int) -> Assignment:
    """New text, area or dates. Raises `EditedMeanwhile` when `revision` is not the present one."""
    _require_planner(actor)
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    if revision != assignment.revision:
        raise EditedMeanwhile(_("Een collega heeft deze opgave intussen gewijzigd. Laad de pagina opnieuw."))
    problems = Problems()
    _check_brief(brief, assignment.neighbourhood, problems)
    problems.raise_if_any()
    _fill(assignment, brief)
    assignment.revision += 1
    db.session.flush()
    return assignment


def require_open(actor: Actor, assignment: Assignment, now: datetime) -> None:
    """Raise `Forbidden`, with the date, when this person cannot take part now."""
    if permissions.can_take_part(actor, assignment, now):
        return
    match stage(assignment.opens_at, assignment.closes_at, now):
        case Stage.UPCOMING:
            raise Forbidden(_("Deze opgave is nog niet open."))
        case Stage.CLOSED:
            raise Forbidden(_("Deze opgave is gesloten. Je kunt alles nog wel bekijken."))
        case _other:
            raise Forbidden(_("Begin eerst met meedoen."))


def _require_planner(actor: Actor) -> None:
    if not permissions.can_manage_assignments(actor):
        raise Forbidden(_("Alleen planners kunnen dit doen."))


def _fill(assignment: Assignment, brief: Brief) -> None:
    assignment.title = brief.title
    assignment.question = brief.question
    assignment.area = to_wkb(_multi(brief.area))
    assignment.opens_at = brief.opens_at
    assignment.closes_at = brief.closes_at
    assignment.allowed_kinds = None if brief.allowed_kinds is None else sorted(set(brief.allowed_kinds))


def _check_brief(brief: Brief, neighbourhood: Neighbourhood, problems: Problems) -> None:
    if not brief.title:
        problems.add("/title", _("Vul dit in."))
    if brief.closes_at is not None and brief.closes_at <= brief.opens_at:
        problems.add("/closes_at", _("De laatste dag komt na de eerste."))
    if brief.allowed_kinds is not None:
        if not brief.allowed_kinds:
            problems.add("/kinds", _("Vink minstens één element aan, of kies “alles”."))
        elif not choices.known_kinds().issuperset(brief.allowed_kinds):
            problems.add("/kinds", _("Een van deze elementen staat niet (meer) in de lijst."))
    if not brief.area.is_valid or brief.area.area == 0:
        problems.add("/area", _("Teken het gebied op de kaart."))
    elif neighbourhood.boundary is not None and not from_wkb(neighbourhood.boundary).intersects(brief.area):
        problems.add("/area", _("Dit gebied ligt buiten de buurt."))
    elif _rough_area_m2(brief.area) > MAX_AREA_M2:
        problems.add("/area", _("Dit gebied is te groot. Kies een straat of een paar straten."))


def _rough_area_m2(area: BaseGeometry) -> float:
    """Square metres on the sphere, good to a per cent: enough to refuse a whole city."""
    from pyproj import Geod

    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(area))[0])


def _multi(area: BaseGeometry) -> shapely.MultiPolygon:
    if isinstance(area, shapely.Polygon):
        return shapely.MultiPolygon([area])
    return cast(shapely.MultiPolygon, area)
