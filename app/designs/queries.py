"""What is asked of designs and their changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

import shapely
from flask_babel import gettext as _
from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.orm import selectinload

from app.core.geometry import from_wkb
from app.designs.domain import ExistingObject, Status
from app.designs.models import Change, Design, DesignVersion
from app.errors import NotFound
from app.extensions import db
from app.maps.models import StreetObject


def design_by_id(design_id: uuid.UUID, *, lock: bool = False) -> Design:
    """The design with this id, whoever may see it. Raises `NotFound`."""
    statement = select(Design).where(Design.id == design_id)
    found = db.session.scalar(
        statement.with_for_update().execution_options(populate_existing=True) if lock else statement
    )
    if found is None:
        raise NotFound(_("Dit ontwerp bestaat niet."))
    return found


def design_by_key(author_id: uuid.UUID, key: str) -> Design | None:
    """The design that this person sent with this `Idempotency-Key`."""
    return db.session.scalar(
        select(Design).where(Design.author_id == author_id, Design.idempotency_key == key)
    )


def version_of(design: Design, number: int | None = None) -> DesignVersion:
    """A version with its changes; the present one by default. Raises `NotFound`."""
    wanted = design.version if number is None else number
    found = db.session.scalar(
        select(DesignVersion)
        .where(DesignVersion.design_id == design.id, DesignVersion.version == wanted)
        .options(selectinload(DesignVersion.changes))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("Deze versie bestaat niet."))
    return found


def public_designs(assignment_id: uuid.UUID) -> list[tuple[Design, DesignVersion]]:
    """Submitted designs with their present version and its changes, the newest first."""
    rows = db.session.execute(
        select(Design, DesignVersion)
        .join(
            DesignVersion, (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version)
        )
        .where(Design.assignment_id == assignment_id, Design.status == Status.SUBMITTED)
        .options(selectinload(DesignVersion.changes))
        .order_by(Design.submitted_at.desc(), Design.id)
    )
    return [(design, version) for design, version in rows]


def designs_by(person_id: uuid.UUID) -> list[tuple[Design, DesignVersion]]:
    """All designs of a person with their present version, the newest first."""
    rows = db.session.execute(
        select(Design, DesignVersion)
        .join(
            DesignVersion, (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version)
        )
        .where(Design.author_id == person_id)
        .order_by(Design.updated_at.desc(), Design.id)
    )
    return [(design, version) for design, version in rows]


def versions_of(design_id: uuid.UUID) -> list[DesignVersion]:
    """All versions, the newest first, without their changes."""
    return list(
        db.session.scalars(
            select(DesignVersion)
            .where(DesignVersion.design_id == design_id)
            .order_by(DesignVersion.version.desc())
        )
    )


def remixes_of(design_id: uuid.UUID) -> list[tuple[Design, DesignVersion]]:
    """Submitted designs that started from this one."""
    rows = db.session.execute(
        select(Design, DesignVersion)
        .join(
            DesignVersion, (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version)
        )
        .where(Design.remix_of_id == design_id, Design.status == Status.SUBMITTED)
        .order_by(Design.submitted_at)
    )
    return [(design, version) for design, version in rows]


def change_by_id(change_id: uuid.UUID) -> Change | None:
    """One change of any version."""
    return db.session.get(Change, change_id)


def change_ids_of(design_id: uuid.UUID) -> list[uuid.UUID]:
    """The changes of all versions of a design."""
    return list(db.session.scalars(select(Change.id).where(Change.design_id == design_id)))


def existing_objects(neighbourhood_id: int, ids: Iterable[int]) -> dict[int, ExistingObject]:
    """The named street objects of a neighbourhood, by id."""
    rows = db.session.execute(
        select(StreetObject.id, StreetObject.kind, StreetObject.geom, StreetObject.attributes).where(
            StreetObject.neighbourhood_id == neighbourhood_id, StreetObject.id.in_(sorted(set(ids)))
        )
    )
    return {row.id: ExistingObject(row.id, row.kind, from_wkb(row.geom), row.attributes) for row in rows}


def objects_in_area(assignment_id: uuid.UUID, kinds: Iterable[str]) -> list[ExistingObject]:
    """Street objects of these kinds whose representative point lies in the assignment's area."""
    rows = db.session.execute(
        text(
            "SELECT o.id, o.kind, ST_AsBinary(o.geom) AS wkb, o.attributes FROM street_object o"
            " JOIN assignment a ON a.neighbourhood_id = o.neighbourhood_id AND o.geom && a.area"
            " WHERE a.id = :assignment AND o.kind = ANY(:kinds)"
            " AND ST_Intersects(ST_PointOnSurface(o.geom), a.area)"
        ),
        {"assignment": assignment_id, "kinds": sorted(kinds)},
    )
    return [
        ExistingObject(row.id, row.kind, shapely.from_wkb(bytes(row.wkb)), row.attributes) for row in rows
    ]


# One statement checks all that can be checked per placement and inserts: no read first, no second trip.
_APPEND = text(
    """
    WITH spot AS (SELECT ST_SetSRID(ST_GeomFromWKB(:wkb), 4326) AS geom),
    touched AS (
        UPDATE design d SET revision = d.revision + 1, updated_at = :now
        FROM assignment a, spot
        WHERE d.id = :design AND d.author_id = :author AND d.status = 'draft' AND a.id = d.assignment_id
          AND a.opens_at <= :now AND (a.closes_at IS NULL OR :now < a.closes_at)
          AND ST_Covers(a.area, spot.geom)
          AND (SELECT count(*) FROM change c WHERE c.design_id = d.id AND c.version = d.version) < :most
        RETURNING d.id, d.version, d.revision
    )
    INSERT INTO change (design_id, version, position, action, kind, rotation_deg, width_m, height_m, geom)
    SELECT t.id, t.version, t.revision, 'add', :kind, :rotation, :width, :height, spot.geom
    FROM touched t, spot
    RETURNING id, version, position
    """
)


def append_addition(
    design_id: uuid.UUID,
    author_id: uuid.UUID,
    *,
    wkb: bytes,
    kind: str,
    rotation_deg: float | None,
    width_m: float | None,
    height_m: float | None,
    most: int,
    now: datetime,
) -> Row[tuple[uuid.UUID, int, int]] | None:
    """Add one element to an open draft of this person; None where any condition does not hold.

    The position is the design's new revision: it only has to grow.
    """
    return db.session.execute(
        _APPEND,
        {
            "design": design_id,
            "author": author_id,
            "wkb": wkb,
            "kind": kind,
            "rotation": rotation_deg,
            "width": width_m,
            "height": height_m,
            "most": most,
            "now": now,
        },
    ).one_or_none()


def count_changes(design: Design) -> int:
    """How many changes the present version has."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Change)
            .where(Change.design_id == design.id, Change.version == design.version)
        )
        or 0
    )


def delete_drafts_of(person_id: uuid.UUID) -> None:
    """Delete what only this person ever saw; what they made public stays, without its author."""
    drafts = delete(Design).where(Design.author_id == person_id, Design.status == Status.DRAFT)
    db.session.execute(drafts.execution_options(synchronize_session=False))


def move_designs(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Give one person's designs to another (a guest who signed in); a key both used keeps its first owner."""
    theirs = select(Design.idempotency_key).where(Design.author_id == target_id).scalar_subquery()
    db.session.execute(
        update(Design)
        .where(Design.author_id == source_id, Design.idempotency_key.in_(theirs))
        .values(idempotency_key=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(update(Design).where(Design.author_id == source_id).values(author_id=target_id))
