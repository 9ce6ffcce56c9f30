"""What is asked of letters."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from sqlalchemy import delete, func, select, text

from app.core import direct
from app.extensions import db
from app.votes.letters.domain import Crowd
from app.votes.letters.models import LetterBatch, LetterCode


def code_by_hash(purpose: str, subject_id: uuid.UUID, code_hash: bytes) -> LetterCode | None:
    """The valid letter with this keyed hash, of this round or question only."""
    return db.session.scalar(
        select(LetterCode)
        .join(LetterBatch, LetterBatch.id == LetterCode.batch_id)
        .where(
            LetterCode.code_hash == code_hash,
            LetterCode.revoked_at.is_(None),
            LetterCode.subject_id == subject_id,
            LetterBatch.purpose == purpose,
            LetterBatch.subject_id == subject_id,
        )
    )


def letter_by_id(subject_id: uuid.UUID, letter_id: int) -> LetterCode | None:
    """A letter of this round or question, locked."""
    return db.session.scalar(
        select(LetterCode)
        .where(LetterCode.id == letter_id, LetterCode.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def batches_of(purpose: str, subject_id: uuid.UUID) -> list[tuple[LetterBatch, int]]:
    """Each batch with how many of its letters are valid, the latest first."""
    rows = db.session.execute(
        select(LetterBatch, func.count(LetterCode.id).filter(LetterCode.revoked_at.is_(None)))
        .outerjoin(LetterCode, LetterCode.batch_id == LetterBatch.id)
        .where(LetterBatch.purpose == purpose, LetterBatch.subject_id == subject_id)
        .group_by(LetterBatch.id)
        .order_by(LetterBatch.id.desc())
    )
    return [(batch, count) for batch, count in rows]


def letters_of(subject_id: uuid.UUID) -> list[LetterCode]:
    """The valid letters of a round or question, by address."""
    return list(
        db.session.scalars(
            select(LetterCode)
            .where(LetterCode.subject_id == subject_id, LetterCode.revoked_at.is_(None))
            .order_by(LetterCode.address)
        )
    )


def seats_by_place(subject_id: uuid.UUID) -> dict[Crowd, int]:
    """How many addresses got a letter in each band and neighbourhood: what turnout is measured against."""
    rows = db.session.execute(
        select(LetterCode.band, LetterCode.neighbourhood, func.count())
        .where(LetterCode.subject_id == subject_id, LetterCode.revoked_at.is_(None))
        .group_by(LetterCode.band, LetterCode.neighbourhood)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def delete_letters(purpose: str, subject_id: uuid.UUID) -> None:
    """Delete the batches of a round or question, and with them their letters."""
    db.session.execute(
        delete(LetterBatch).where(LetterBatch.purpose == purpose, LetterBatch.subject_id == subject_id)
    )


def addresses_with_letter(subject_id: uuid.UUID) -> list[str]:
    """The addresses that have a valid letter already."""
    return list(
        db.session.scalars(
            select(LetterCode.address).where(
                LetterCode.subject_id == subject_id, LetterCode.revoked_at.is_(None)
            )
        )
    )


def lock_subject(subject_id: uuid.UUID) -> None:
    """Letters of one round or question are made by one planner at a time."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('letters:' || :subject, 0))"),
        {"subject": str(subject_id)},
    )


class Near(NamedTuple):
    """An imported address: its place in EPSG:4326, how far from the assignment's area, and the name of the
    smallest neighbourhood around it (None: it lies in none that has a boundary)."""

    ref: int
    label: str
    lon: float
    lat: float
    distance_m: float
    neighbourhood: str | None


# Addresses with the distance to an area in metres, in the neighbourhood's own metric CRS. Boundaries may lie
# within each other, as a quarter does in its district: the smallest says most.
_ADDRESSES = text(
    """
    WITH site AS (
        SELECT ST_Transform(a.area, n.metric_srid) AS area, n.metric_srid AS srid, n.id AS neighbourhood
        FROM assignment a JOIN neighbourhood n ON n.id = a.neighbourhood_id WHERE a.id = :assignment
    )
    SELECT p.id, p.label, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat,
           ST_Distance(ST_Transform(p.geom, site.srid), site.area) AS distance_m,
           (SELECT left(btrim(around.name), 120) FROM neighbourhood around
            WHERE ST_Covers(around.boundary, p.geom) AND btrim(around.name) <> ''
            ORDER BY ST_Area(around.boundary), around.id LIMIT 1) AS neighbourhood
    FROM place p, site
    WHERE p.kind = 'address' AND p.neighbourhood_id = site.neighbourhood
      AND (CAST(:within AS text) IS NULL OR ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON(:within), 4326), p.geom))
      AND (CAST(:reach_m AS double precision) IS NULL
           OR ST_DWithin(ST_Transform(p.geom, site.srid), site.area, :reach_m))
    ORDER BY p.street, p.label, p.id LIMIT :limit
    """
)


def addresses_near(
    assignment_id: uuid.UUID,
    *,
    within: str | None = None,
    reach_m: float | None = None,
    limit: int = 20_001,
) -> list[Near]:
    """Imported addresses, by street and label.

    `within`: a polygon as GeoJSON in EPSG:4326; `reach_m`: at most so far from the area.
    """
    rows = db.session.execute(
        _ADDRESSES,
        {
            "assignment": assignment_id,
            "within": within,
            "reach_m": reach_m,
            "limit": limit,
        },
    )
    return [Near(*row) for row in rows]


# One address by its key: nothing is read of any other. Sent with every ballot.
_ADDRESS = """
    SELECT p.id, p.label, ST_X(p.geom), ST_Y(p.geom),
           ST_Distance(ST_Transform(p.geom, n.metric_srid), ST_Transform(a.area, n.metric_srid)),
           (SELECT left(btrim(around.name), 120) FROM neighbourhood around
            WHERE ST_Covers(around.boundary, p.geom) AND btrim(around.name) <> ''
            ORDER BY ST_Area(around.boundary), around.id LIMIT 1)
    FROM place p JOIN neighbourhood n ON n.id = p.neighbourhood_id
    JOIN assignment a ON a.neighbourhood_id = n.id AND a.id = %(assignment)s
    WHERE p.id = %(place)s AND p.kind = 'address'
      AND ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON(%(within)s), 4326), p.geom)
"""


def address_in(assignment_id: uuid.UUID, within: str, place_id: int) -> Near | None:
    """The imported address with this id where it lies in a polygon (GeoJSON in EPSG:4326); None elsewhere."""
    row = direct.fetch_one(_ADDRESS, {"assignment": assignment_id, "within": within, "place": place_id})
    return None if row is None else Near(*row)


# As people type it: `kade  1` is `Kade 1`. The same expression as the index `ix_place_address`.
_NAMED = r"""
    SELECT p.id FROM place p JOIN assignment a ON a.neighbourhood_id = p.neighbourhood_id
    WHERE a.id = %(assignment)s AND p.kind = 'address'
      AND lower(regexp_replace(btrim(p.label), '\s+', ' ', 'g')) = lower(%(label)s)
      AND ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON(%(within)s), 4326), p.geom)
    ORDER BY p.street, p.label, p.id LIMIT 1
"""


def address_named(assignment_id: uuid.UUID, within: str, typed: str) -> int | None:
    """The id of the imported address in a polygon that somebody typed, by any case and spaces."""
    label = " ".join(typed.replace("\0", "").split())
    row = direct.fetch_one(_NAMED, {"assignment": assignment_id, "within": within, "label": label})
    return None if row is None else int(row[0])


_LABELS = text(
    """
    SELECT DISTINCT p.label FROM place p JOIN assignment a ON a.neighbourhood_id = p.neighbourhood_id
    WHERE a.id = :assignment AND p.kind = 'address'
      AND ST_Covers(ST_SetSRID(ST_GeomFromGeoJSON(:within), 4326), p.geom)
    LIMIT :limit
    """
)


def labels_in(assignment_id: uuid.UUID, within: str, limit: int) -> list[str]:
    """The labels of at most so many imported addresses in a polygon, each once, in no order."""
    parameters = {"assignment": assignment_id, "within": within, "limit": limit}
    return list(db.session.scalars(_LABELS, parameters))
