"""What is asked of designs and their changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from flask_babel import gettext as _
from sqlalchemy import Row, delete, func, select, text, tuple_, union_all, update
from sqlalchemy.orm import selectinload

from app.core import direct
from app.core.geometry import from_wkb
from app.designs.domain import ExistingObject, Status
from app.designs.models import Change, Design, DesignVersion, OwnThreshold
from app.discussion.models import Comment
from app.errors import NotFound
from app.extensions import db
from app.maps.models import StreetObject
from app.projects.queries import ZONES_LET_SQL, is_open_parameters, is_open_sql


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


def exact_versions(wanted: Iterable[tuple[uuid.UUID, int]]) -> dict[tuple[uuid.UUID, int], DesignVersion]:
    """Versions with their changes, by design and number, in two statements however many; the unknown lack."""
    rows = db.session.scalars(
        select(DesignVersion)
        .where(tuple_(DesignVersion.design_id, DesignVersion.version).in_(list(wanted)))
        .options(selectinload(DesignVersion.changes))
    )
    return {(row.design_id, row.version): row for row in rows}


def public_ones(design_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these designs everybody can see."""
    return set(
        db.session.scalars(
            select(Design.id).where(Design.id.in_(list(design_ids)), Design.status == Status.SUBMITTED)
        )
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


def comment_counts(design_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Visible comments on each design that has any: on itself, on its changes in any version, and replies.

    The same number as the property `comments` of the collection `designs`, and as the page of a design shows.
    One statement; each of its halves is answered by the index of comments on their target.
    """
    ids = list(design_ids)
    visible = Comment.status == "visible"
    on_designs = select(Comment.target_id.label("design")).where(
        visible, Comment.target_type == "design", Comment.target_id.in_(ids)
    )
    on_changes = (
        select(Change.design_id)
        .join(Comment, (Comment.target_type == "change") & (Comment.target_id == Change.id))
        .where(visible, Change.design_id.in_(ids))
    )
    each = union_all(on_designs, on_changes).subquery()
    rows = db.session.execute(select(each.c.design, func.count()).group_by(each.c.design))
    return {row[0]: row[1] for row in rows}


def existing_objects(neighbourhood_id: int, ids: Iterable[int]) -> dict[int, ExistingObject]:
    """The named street objects of a neighbourhood, by id."""
    rows = db.session.execute(
        select(StreetObject.id, StreetObject.kind, StreetObject.geom, StreetObject.attributes).where(
            StreetObject.neighbourhood_id == neighbourhood_id, StreetObject.id.in_(sorted(set(ids)))
        )
    )
    return {row.id: ExistingObject(row.id, row.kind, from_wkb(row.geom), row.attributes) for row in rows}


_STATE = text(
    "SELECT concat_ws('.', extract(epoch FROM max(imported_at)), (SELECT max(id) FROM place WHERE"
    " neighbourhood_id = :neighbourhood)) FROM street_object WHERE neighbourhood_id = :neighbourhood"
)


def state_of_objects(neighbourhood_id: int) -> str:
    """A short text that differs after every import into the neighbourhood."""
    return str(db.session.execute(_STATE, {"neighbourhood": neighbourhood_id}).scalar_one())


_FOR_CHECKS = text(
    """
    SELECT o.id, o.kind, o.certainty, o.attributes, ST_AsBinary(o.geom) AS wkb FROM street_object o
    WHERE o.neighbourhood_id = :neighbourhood AND NOT o.attributes ? 'gone'
      AND o.geom && ST_MakeEnvelope(:far_west, :far_south, :far_east, :far_north, 4326)
      AND (o.kind IN ('street_axis', 'container', 'charger')
           OR o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326))
    UNION ALL
    SELECT -p.id, 'dwelling', 'measured', '{}', ST_AsBinary(p.geom) FROM place p
    WHERE p.neighbourhood_id = :neighbourhood AND p.kind = 'address'
      AND p.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    ORDER BY id
    """
)


def objects_for_checks(
    neighbourhood_id: int,
    near: tuple[float, float, float, float],
    far: tuple[float, float, float, float],
) -> Sequence[Row[Any]]:
    """Street objects and addresses (as `dwelling`, negative id) in `near`, street axes and services in `far`.

    Boxes are [west, south, east, north] in degrees; geometry comes as WKB in EPSG:4326.
    """
    names = ("west", "south", "east", "north")
    values = {"neighbourhood": neighbourhood_id, **dict(zip(names, near, strict=True))}
    values |= {f"far_{name}": value for name, value in zip(names, far, strict=True)}
    return db.session.execute(_FOR_CHECKS, values).all()


class ObjectRow(Protocol):
    """A street object or address as `objects_for_figures` answers it."""

    id: int
    kind: str
    attributes: dict[str, Any]
    wkb: bytes


_FOR_FIGURES = text(
    """
    SELECT o.id, o.kind, o.attributes, ST_AsBinary(o.geom) AS wkb FROM street_object o
    WHERE o.neighbourhood_id = :neighbourhood AND NOT o.attributes ? 'gone'
      AND o.kind IN ('building', 'green', 'tree', 'play', 'parking_count')
      AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    UNION ALL
    SELECT -p.id, 'dwelling', '{}', ST_AsBinary(p.geom) FROM place p
    WHERE p.neighbourhood_id = :neighbourhood AND p.kind = 'address'
      AND p.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    ORDER BY id
    """
)


def objects_for_figures(neighbourhood_id: int, box: tuple[float, float, float, float]) -> Sequence[ObjectRow]:
    """What the figures count around a street, with addresses as `dwelling` (negative id).

    `box` is [west, south, east, north] in degrees; geometry comes as WKB in EPSG:4326.
    """
    values = dict(zip(("west", "south", "east", "north"), box, strict=True))
    rows = db.session.execute(_FOR_FIGURES, {"neighbourhood": neighbourhood_id, **values})
    return cast(Sequence[ObjectRow], rows.all())


class Totals(Protocol):
    """What a whole neighbourhood has: square metres, and numbers of things."""

    green_m2: float
    play_m2: float
    play_spots: int
    addresses: int
    numbered: int


_TOTALS = text(
    """
    SELECT coalesce(sum(ST_Area(ST_Transform(geom, :srid))) FILTER (WHERE kind = 'green'), 0) AS green_m2,
           coalesce(sum(ST_Area(ST_Transform(geom, :srid))) FILTER (WHERE kind = 'play'), 0) AS play_m2,
           count(*) FILTER (WHERE kind = 'play' AND ST_Dimension(geom) < 2) AS play_spots,
           count(*) FILTER (WHERE kind = 'building' AND attributes ? 'number') AS numbered,
           (SELECT count(*) FROM place
            WHERE neighbourhood_id = :neighbourhood AND kind = 'address') AS addresses
    FROM street_object WHERE neighbourhood_id = :neighbourhood AND kind IN ('green', 'play', 'building')
      AND NOT attributes ? 'gone'
    """
)


def neighbourhood_totals(neighbourhood_id: int, srid: int) -> Totals:
    """How much green, play space and dwellings a neighbourhood has; areas in its metric CRS `srid`.

    `numbered` are buildings with a house number, which stand for dwellings where no addresses were read.
    """
    return cast(Totals, db.session.execute(_TOTALS, {"neighbourhood": neighbourhood_id, "srid": srid}).one())


_KNOWN = text(
    """
    SELECT kind FROM street_object WHERE neighbourhood_id = :neighbourhood GROUP BY kind
    UNION ALL
    SELECT 'dwelling' WHERE EXISTS
        (SELECT 1 FROM place WHERE neighbourhood_id = :neighbourhood AND kind = 'address')
    UNION ALL
    SELECT d.data FROM (VALUES ('speed_limit', 'maxspeed'), ('bus_route', 'bus_route')) AS d (data, attribute)
    WHERE EXISTS (SELECT 1 FROM street_object o WHERE o.neighbourhood_id = :neighbourhood
                  AND o.kind = 'street_axis' AND o.attributes ? d.attribute)
    """
)


def known_data(neighbourhood_id: int) -> frozenset[str]:
    """Which kinds of data the map of a neighbourhood holds at all: street object kinds and more."""
    return frozenset(db.session.scalars(_KNOWN, {"neighbourhood": neighbourhood_id}))


def own_thresholds() -> list[OwnThreshold]:
    """The newest own value of every number that was ever set."""
    newest = select(func.max(OwnThreshold.id)).group_by(OwnThreshold.rule, OwnThreshold.key)
    return list(db.session.scalars(select(OwnThreshold).where(OwnThreshold.id.in_(newest))))


def last_own_threshold() -> int:
    """The id of the newest one, 0 when there is none: tells whether what was read before still holds."""
    return db.session.scalar(select(func.max(OwnThreshold.id))) or 0


def history_of_thresholds(rule: str | None = None) -> list[OwnThreshold]:
    """Every value that was ever set (of one rule), the newest first."""
    statement = select(OwnThreshold).order_by(OwnThreshold.id.desc())
    return list(db.session.scalars(statement.where(OwnThreshold.rule == rule) if rule else statement))


# One statement checks all that can be checked per placement and inserts: no read first, no second trip.
_APPEND = f"""
    WITH spot AS (SELECT ST_SetSRID(ST_GeomFromWKB(%(wkb)s), 4326) AS geom),
    touched AS (
        UPDATE design d SET revision = d.revision + 1, updated_at = %(now)s
        FROM assignment a, spot
        WHERE d.id = %(design)s AND d.author_id = %(author)s AND d.status = 'draft' AND a.id = d.assignment_id
          AND {is_open_sql("%(now)s")}
          AND ST_Covers(a.area, spot.geom)
          AND {ZONES_LET_SQL}
          AND (a.allowed_kinds IS NULL OR %(kind)s = ANY(a.allowed_kinds))
          AND (SELECT count(*) FROM change c WHERE c.design_id = d.id AND c.version = d.version) < %(most)s
        RETURNING d.id, d.version, d.revision
    )
    INSERT INTO change (design_id, version, position, action, kind, rotation_deg, width_m, height_m, geom)
    SELECT t.id, t.version, t.revision, 'add', %(kind)s, %(rotation)s, %(width)s, %(height)s, spot.geom
    FROM touched t, spot
    RETURNING id, version, position
"""  # noqa: S608 - no word of it comes from outside


class AddedChange(NamedTuple):
    """What the database says of a change that was added."""

    id: uuid.UUID
    version: int
    position: int


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
) -> AddedChange | None:
    """Add one element to an open draft of this person, at once; None where any condition does not hold.

    The position is the design's new revision: it only has to grow.
    """
    row = direct.fetch_one(
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
            **is_open_parameters("designs.draw"),
        },
    )
    return AddedChange(*row) if row else None


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
