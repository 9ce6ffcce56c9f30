"""What is asked of neighbourhoods and assignments."""

from __future__ import annotations

import uuid
from typing import cast

import shapely
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.sql import Select

from app.core.geometry import from_wkb
from app.errors import NotFound
from app.extensions import db
from app.projects.domain import SLUG
from app.projects.models import Assignment, Neighbourhood


def neighbourhood_by_slug(slug: str) -> Neighbourhood | None:
    """The neighbourhood with this slug."""
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(select(Neighbourhood).where(Neighbourhood.slug == slug))


def neighbourhoods() -> list[Neighbourhood]:
    """All neighbourhoods, by name."""
    return list(db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.name)))


def assignment_by_slug(slug: str) -> Assignment:
    """The assignment with this slug. Raises `NotFound`."""
    found = None
    if SLUG.fullmatch(slug):
        found = db.session.scalar(select(Assignment).where(Assignment.slug == slug))
    if found is None:
        raise NotFound(_("Deze opgave bestaat niet."))
    return found


def assignment_by_id(assignment_id: uuid.UUID) -> Assignment:
    """The assignment with this id. Raises `NotFound`."""
    found = db.session.get(Assignment, assignment_id)
    if found is None:
        raise NotFound(_("Deze opgave bestaat niet."))
    return found


def assignments() -> list[Assignment]:
    """All assignments, the newest first."""
    return list(db.session.scalars(_newest_first()))


def _newest_first() -> Select[tuple[Assignment]]:
    return select(Assignment).order_by(Assignment.opens_at.desc(), Assignment.slug)


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
