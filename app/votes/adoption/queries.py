"""What is asked of pledges."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import DateTime, RowMapping, cast, select, text, update

from app.errors import NotFound
from app.extensions import db
from app.votes.adoption.models import Adoption


def adoption_by_id(adoption_id: uuid.UUID, *, lock: bool = False) -> Adoption:
    """The pledge with this id. Raises `NotFound`."""
    statement = select(Adoption).where(Adoption.id == adoption_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(_("Deze toezegging bestaat niet (meer)."))
    return found


def running(assignment_id: uuid.UUID, today: date) -> list[Adoption]:
    """The pledges of an assignment that are not over, the longest first."""
    return list(
        db.session.scalars(
            select(Adoption)
            .where(
                Adoption.assignment_id == assignment_id,
                Adoption.ended_at.is_(None),
                Adoption.ends_on > today,
            )
            .order_by(Adoption.ends_on.desc(), Adoption.created_at, Adoption.id)
        )
    )


def running_of_design(design_id: uuid.UUID, today: date) -> list[Adoption]:
    """The pledges for what a design adds, in any of its versions, that are not over."""
    return list(
        db.session.scalars(
            select(Adoption)
            .where(Adoption.design_id == design_id, Adoption.ended_at.is_(None), Adoption.ends_on > today)
            .order_by(Adoption.created_at, Adoption.id)
        )
    )


def by_person(person_id: uuid.UUID) -> list[Adoption]:
    """What a person pledged, also what is over, the latest first."""
    return list(
        db.session.scalars(
            select(Adoption)
            .where(Adoption.person_id == person_id)
            .order_by(Adoption.created_at.desc(), Adoption.id)
        )
    )


def has_pledged(person_id: uuid.UUID, thing: str) -> bool:
    """Whether this person looks after this thing already."""
    wanted = select(Adoption).where(
        Adoption.person_id == person_id, Adoption.thing == thing, Adoption.ended_at.is_(None)
    )
    return bool(db.session.scalar(select(wanted.exists())))


def close_over(people: Iterable[uuid.UUID], today: date) -> None:
    """Note of these people's pledges that ran out when that was: what they looked after until then they may
    promise anew."""
    over = update(Adoption).where(
        Adoption.person_id.in_(list(people)), Adoption.ended_at.is_(None), Adoption.ends_on <= today
    )
    db.session.execute(over.values(ended_at=cast(Adoption.ends_on, DateTime(timezone=True))))


def ending(first: date, last: date) -> list[uuid.UUID]:
    """Pledges with a person that end from `first` to `last` and of whose end nobody was reminded."""
    return list(
        db.session.scalars(
            select(Adoption.id)
            .where(
                Adoption.ended_at.is_(None),
                Adoption.person_id.is_not(None),
                Adoption.ends_on.between(first, last),
                Adoption.reminded_for.is_distinct_from(Adoption.ends_on),
            )
            .order_by(Adoption.ends_on, Adoption.id)
        )
    )


_THINGS = text(
    """
    SELECT o.id, o.kind, ST_AsBinary(o.geom) AS wkb, coalesce(near.label, '') AS label
    FROM assignment a
    JOIN street_object o ON o.neighbourhood_id = a.neighbourhood_id AND o.geom && a.area
    LEFT JOIN LATERAL (
        SELECT p.label FROM place p
        WHERE p.neighbourhood_id = a.neighbourhood_id
          AND p.geom && ST_Expand(ST_PointOnSurface(o.geom), 0.002)
        ORDER BY (p.kind = 'address') DESC, p.geom <-> ST_PointOnSurface(o.geom) LIMIT 1
    ) near ON true
    WHERE a.id = :assignment AND o.kind = ANY(:kinds) AND ST_Intersects(o.geom, a.area)
      AND NOT o.attributes ? 'gone' AND (CAST(:id AS bigint) IS NULL OR o.id = :id)
    ORDER BY label, o.kind, o.id LIMIT :limit OFFSET :offset
    """
)


def things(
    assignment_id: uuid.UUID,
    kinds: Iterable[str],
    *,
    limit: int,
    offset: int = 0,
    object_id: int | None = None,
) -> list[RowMapping]:
    """Street objects in an assignment's area: id, kind, WKB in EPSG:4326, and the nearest address."""
    parameters = {
        "assignment": assignment_id,
        "kinds": sorted(kinds),
        "limit": limit,
        "offset": offset,
        "id": object_id,
    }
    return list(db.session.execute(_THINGS, parameters).mappings())


def move(source_id: uuid.UUID, target_id: uuid.UUID, today: date) -> None:
    """Give one person's pledges to another; what both look after stays with `target`."""
    close_over((source_id, target_id), today)
    twice = text(
        "UPDATE adoption a SET ended_at = now() FROM adoption b WHERE a.person_id = :source"
        " AND b.person_id = :target AND a.thing = b.thing AND a.ended_at IS NULL AND b.ended_at IS NULL"
    )
    db.session.execute(twice, {"source": source_id, "target": target_id})
    db.session.execute(update(Adoption).where(Adoption.person_id == source_id).values(person_id=target_id))


def end_all(person_id: uuid.UUID) -> None:
    """End a person's pledges and forget the names that they chose."""
    db.session.execute(
        text(
            "UPDATE adoption SET ended_at = coalesce(ended_at, now()), public_name = ''"
            " WHERE person_id = :person"
        ),
        {"person": person_id},
    )
