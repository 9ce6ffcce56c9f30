"""What pages ask across features."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import RowMapping, func, select, text

from app.designs import standing
from app.designs.domain import Status
from app.designs.models import Design, DesignVersion
from app.discussion.models import Comment
from app.extensions import db

# House numbers help people to find their own door; where a picture shows more they are too small.
NUMBERS_UP_TO_M = 260


@dataclass(frozen=True, slots=True)
class DesignCard:
    """A design as a card shows it."""

    id: uuid.UUID
    title: str
    story: str
    effects: dict[str, Any]
    cost_low_eur: float
    cost_high_eur: float
    is_example: bool
    submitted_at: datetime | None
    revision: int
    support: int
    comments: int


def design_cards(assignment_id: uuid.UUID, *, limit: int, offset: int = 0) -> list[DesignCard]:
    """Submitted designs of an assignment with what others say of them, the newest first."""
    rows = db.session.execute(
        select(
            Design.id,
            DesignVersion.title,
            DesignVersion.story,
            DesignVersion.effects,
            DesignVersion.cost_low_eur,
            DesignVersion.cost_high_eur,
            Design.is_example,
            Design.submitted_at,
            Design.revision,
        )
        .join(
            DesignVersion, (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version)
        )
        .where(Design.assignment_id == assignment_id, Design.status == Status.SUBMITTED)
        .order_by(Design.submitted_at.desc(), Design.id)
        .limit(limit)
        .offset(offset)
    ).all()
    counts = standing.counts_of(row.id for row in rows)
    return [_card(row, counts[row.id]) for row in rows]


def _card(row: Any, counts: Mapping[str, int]) -> DesignCard:
    return DesignCard(**row._mapping, support=counts.get("support", 0), comments=counts.get("comments", 0))


def how_many(assignment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Submitted designs and visible comments per assignment."""
    ids = list(assignment_ids)
    designs = db.session.execute(
        select(Design.assignment_id, func.count())
        .where(Design.assignment_id.in_(ids), Design.status == Status.SUBMITTED)
        .group_by(Design.assignment_id)
    )
    comments = db.session.execute(
        select(Comment.assignment_id, func.count())
        .where(Comment.assignment_id.in_(ids), Comment.status == "visible")
        .group_by(Comment.assignment_id)
    )
    of_designs = dict(iter(designs))
    of_comments = dict(iter(comments))
    return {one: (of_designs.get(one, 0), of_comments.get(one, 0)) for one in ids}


_AROUND = text(
    """
    SELECT o.kind,
           coalesce(CASE o.kind WHEN 'street_axis' THEN o.name
                                WHEN 'building' THEN coalesce(o.attributes ->> 'number',
                                                              o.attributes ->> 'house_number')
                    END, '') AS label,
           ST_AsBinary(o.geom) AS wkb
    FROM street_object o
    WHERE o.neighbourhood_id = :neighbourhood
      AND o.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
      AND o.kind = ANY(:kinds)
    ORDER BY o.id LIMIT :limit
    """
)


def objects_in(
    neighbourhood_id: int, bbox: tuple[float, float, float, float], kinds: Iterable[str], limit: int = 6_000
) -> list[RowMapping]:
    """Street objects in [west, south, east, north] (EPSG:4326) for a picture; geometry as WKB."""
    west, south, east, north = bbox
    parameters = {
        "neighbourhood": neighbourhood_id,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "kinds": sorted(kinds),
        "limit": limit,
    }
    return list(db.session.execute(_AROUND, parameters).mappings())


_DOORS = text(
    """
    SELECT house_number, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM place
    WHERE neighbourhood_id = :neighbourhood AND kind = 'address' AND house_number IS NOT NULL
      AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    ORDER BY id LIMIT 400
    """
)


def doors_in(
    neighbourhood_id: int, bbox: tuple[float, float, float, float]
) -> list[tuple[str, shapely.Point]]:
    """House numbers and where they are, in [west, south, east, north] (EPSG:4326)."""
    west, south, east, north = bbox
    parameters = {
        "neighbourhood": neighbourhood_id,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }
    return [
        (row.house_number, shapely.Point(row.lon, row.lat)) for row in db.session.execute(_DOORS, parameters)
    ]


_NEAREST = text(
    """
    SELECT c.id, near.label
    FROM change c
    JOIN design d ON d.id = c.design_id
    JOIN assignment a ON a.id = d.assignment_id
    JOIN LATERAL (
        SELECT p.label FROM place p
        WHERE p.neighbourhood_id = a.neighbourhood_id
          AND p.geom && ST_Expand(ST_PointOnSurface(c.geom), 0.002)
        ORDER BY (p.kind = 'address') DESC, p.geom <-> ST_PointOnSurface(c.geom) LIMIT 1
    ) near ON true
    WHERE c.design_id = :design AND c.version = :version
    """
)


def places_of_changes(design_id: uuid.UUID, version: int) -> dict[uuid.UUID, str]:
    """The nearest address, else street, of each change of a version."""
    rows = db.session.execute(_NEAREST, {"design": design_id, "version": version})
    return {row.id: row.label for row in rows}


_EXTENTS = text(
    """
    SELECT n.id, ST_XMin(e.box) AS west, ST_YMin(e.box) AS south,
           ST_XMax(e.box) AS east, ST_YMax(e.box) AS north
    FROM neighbourhood n
    JOIN LATERAL (
        SELECT coalesce(
            Box2D(n.boundary),
            (SELECT ST_Extent(o.geom) FROM street_object o WHERE o.neighbourhood_id = n.id)
        ) AS box
    ) e ON e.box IS NOT NULL
    WHERE n.id = ANY(:ids)
    """
)


def extents_of(neighbourhood_ids: Iterable[int]) -> dict[int, list[float]]:
    """[west, south, east, north] in degrees of each neighbourhood's boundary, else of what lies in it."""
    rows = db.session.execute(_EXTENTS, {"ids": list(neighbourhood_ids)})
    return {row.id: [row.west, row.south, row.east, row.north] for row in rows}
