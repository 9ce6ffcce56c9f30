"""What is asked of neighbourhoods and assignments."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

import shapely
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.core.geometry import from_wkb
from app.errors import NotFound
from app.extensions import db
from app.projects import phases
from app.projects.domain import SLUG
from app.projects.models import Assignment, Neighbourhood, PhaseMove, PromiseChange
from app.projects.zones import EDGE_DEG, ZoneDraft, Zones


def neighbourhood_by_slug(slug: str) -> Neighbourhood | None:
    """The neighbourhood with this slug."""
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(select(Neighbourhood).where(Neighbourhood.slug == slug))


def neighbourhoods() -> list[Neighbourhood]:
    """All neighbourhoods, by name."""
    return list(db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.name)))


def assignment_by_slug(slug: str, *, concepts: bool = False) -> Assignment:
    """The public assignment (with `concepts` also one that is not yet) with this slug. Raises `NotFound`."""
    found = None
    if SLUG.fullmatch(slug):
        found = db.session.scalar(select(Assignment).where(Assignment.slug == slug))
    if found is None or (found.published_at is None and not concepts):
        raise NotFound(_("Deze opgave bestaat niet."))
    return found


def assignment_by_id(assignment_id: uuid.UUID) -> Assignment:
    """The assignment with this id. Raises `NotFound`."""
    found = db.session.get(Assignment, assignment_id)
    if found is None:
        raise NotFound(_("Deze opgave bestaat niet."))
    return found


def assignments(*, concepts: bool = False) -> list[Assignment]:
    """All public assignments (with `concepts` also those that are not yet), the newest first."""
    statement = select(Assignment).options(selectinload(Assignment.phases))
    if not concepts:
        statement = statement.where(Assignment.published_at.is_not(None))
    return list(db.session.scalars(statement.order_by(Assignment.opens_at.desc(), Assignment.slug)))


# Whether an action is open in assignment `a`, as part of a statement; {now} is SQL for the moment. The same
# rule as `permissions.is_open`.
_IS_OPEN = """(a.published_at IS NOT NULL AND a.degree = ANY(%(degrees)s) AND EXISTS (
    SELECT 1 FROM phase p WHERE p.assignment_id = a.id AND p.type = ANY(%(phase_types)s)
      AND p.starts_at <= {now} AND (p.ends_at IS NULL OR {now} < p.ends_at)))"""


def is_open_sql(now: str = "now()") -> str:
    """SQL of the condition that an action is open in assignment `a`; with it go `is_open_parameters`."""
    return _IS_OPEN.format(now=now)


def is_open_parameters(action: str) -> dict[str, list[str]]:
    """Which action `is_open_sql` asks for."""
    return {"degrees": phases.degrees_for(action), "phase_types": phases.opening(action)}


def zones_of(assignment: Assignment) -> Zones:
    """The assignment's zones, ready to be asked."""
    return Zones([ZoneDraft(zone.kind, from_wkb(zone.geom), zone.reason) for zone in assignment.zones])


# Whether the zones of assignment `a` let something lie at `spot.geom`: the same rule as `Zones`.
ZONES_LET_SQL = f"""(NOT EXISTS (SELECT 1 FROM zone z WHERE z.assignment_id = a.id AND z.kind = 'fixed'
        AND ST_Intersects(ST_Buffer(z.geom, -{EDGE_DEG:.7f}), spot.geom))
    AND coalesce((SELECT ST_Covers(ST_Buffer(ST_Union(z.geom), {EDGE_DEG:.7f}), spot.geom) FROM zone z
        WHERE z.assignment_id = a.id AND z.kind = 'free'), true))"""  # noqa: S608 - no word from outside


def moves_of(assignment: Assignment) -> list[PhaseMove]:
    """Every date that was moved since the assignment is public, the latest first."""
    return list(
        db.session.scalars(
            select(PhaseMove).where(PhaseMove.assignment_id == assignment.id).order_by(PhaseMove.id.desc())
        )
    )


def promise_changes_of(assignment_id: uuid.UUID, *, since: datetime | None = None) -> list[PromiseChange]:
    """What was told otherwise of who decides since the assignment is public, or since a moment; the latest
    first."""
    statement = select(PromiseChange).where(PromiseChange.assignment_id == assignment_id)
    if since is not None:
        statement = statement.where(PromiseChange.changed_at >= since)
    return list(db.session.scalars(statement.order_by(PromiseChange.id.desc())))


def slug_taken(slug: str) -> bool:
    """Whether an assignment has this slug."""
    return bool(
        db.session.scalar(select(func.count()).select_from(Assignment).where(Assignment.slug == slug))
    )


def area_of(assignment: Assignment) -> shapely.MultiPolygon:
    """The assignment's area in EPSG:4326, prepared for many tests."""
    area = from_wkb(assignment.area)
    shapely.prepare(area)
    return cast(shapely.MultiPolygon, area)
