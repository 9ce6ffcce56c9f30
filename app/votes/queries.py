"""What is asked of support."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, text

from app.core import direct
from app.designs.models import Design, DesignVersion
from app.extensions import db
from app.projects.queries import is_open_parameters, is_open_sql
from app.votes.models import Support

# One upsert that also answers the new total; it inserts nothing for a design that is not public.
_SUPPORT = f"""
    WITH given AS (
        INSERT INTO support (design_id, person_id)
        SELECT d.id, %(person)s FROM design d JOIN assignment a ON a.id = d.assignment_id
        WHERE d.id = %(design)s AND d.status = 'submitted'
          AND {is_open_sql()}
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT before.total + added.one AS total, before.supported OR added.one = 1 AS supported
    FROM (SELECT count(*) AS total, coalesce(bool_or(person_id = %(person)s), false) AS supported
          FROM support WHERE design_id = %(design)s) before,
         (SELECT count(*) AS one FROM given) added
"""  # noqa: S608 - no word of it comes from outside


def give(design_id: uuid.UUID, person_id: uuid.UUID) -> tuple[int, bool]:
    """Support a design, at once and for good; the total after it, and whether it stands."""
    parameters = {"design": design_id, "person": person_id, **is_open_parameters("designs.support")}
    row = direct.fetch_one(_SUPPORT, parameters)
    total, supported = row or (0, False)
    return total, supported


def take_back(design_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """Support a design no longer; the total after it."""
    db.session.execute(delete(Support).where(Support.design_id == design_id, Support.person_id == person_id))
    return total(design_id)


def total(design_id: uuid.UUID) -> int:
    """How many people support a design."""
    return (
        db.session.scalar(select(func.count()).select_from(Support).where(Support.design_id == design_id))
        or 0
    )


def totals(design_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Supporters for each design that has any."""
    rows = db.session.execute(
        select(Support.design_id, func.count())
        .where(Support.design_id.in_(list(design_ids)))
        .group_by(Support.design_id)
    )
    return {row[0]: row[1] for row in rows}


def supported_by(person_id: uuid.UUID) -> set[uuid.UUID]:
    """The designs that this person supports."""
    return set(db.session.scalars(select(Support.design_id).where(Support.person_id == person_id)))


def given_by(person_id: uuid.UUID) -> list[tuple[uuid.UUID, str, datetime]]:
    """Id and title of each design that this person supports, and since when; the latest first."""
    rows = db.session.execute(
        select(Support.design_id, DesignVersion.title, Support.created_at)
        .join(Design, Design.id == Support.design_id)
        .join(
            DesignVersion, (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version)
        )
        .where(Support.person_id == person_id)
        .order_by(Support.created_at.desc())
    )
    return [(design_id, title, given_at) for design_id, title, given_at in rows]


def move_support(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Give one person's support to another, once per design."""
    db.session.execute(
        text(
            "INSERT INTO support (design_id, person_id, created_at)"
            " SELECT design_id, :target, created_at FROM support WHERE person_id = :source"
            " ON CONFLICT DO NOTHING"
        ),
        {"source": source_id, "target": target_id},
    )
    db.session.execute(delete(Support).where(Support.person_id == source_id))
