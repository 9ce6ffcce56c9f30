"""What is asked of consent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, delete, func, insert, select, text, update

from app.core import direct
from app.core.geometry import to_wkb
from app.errors import NotFound
from app.extensions import db
from app.votes.consent.domain import Asked, Reply, Rule, Side
from app.votes.consent.models import Consent, ConsentAddress, ConsentAnswer, ConsentRule


def clock() -> datetime:
    """The database's moment: the one by which answers are taken and refused."""
    return db.session.execute(select(func.clock_timestamp())).scalar_one()


def consent_by_id(consent_id: uuid.UUID, *, lock: bool = False) -> Consent:
    """The question with this id. Raises `NotFound`."""
    statement = select(Consent).where(Consent.id == consent_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise _unknown()
    return found


def consent_by_number(number: int) -> Consent:
    """The question with the number that its letters name, once they are made. Raises `NotFound`."""
    found = None
    if 0 < number < 2**63:
        found = db.session.scalar(
            select(Consent).where(Consent.number == number, Consent.sent_at.is_not(None))
        )
    if found is None:
        raise _unknown()
    return found


def consents_of(assignment_id: uuid.UUID) -> list[Consent]:
    """All questions of an assignment, the newest first."""
    return list(
        db.session.scalars(
            select(Consent).where(Consent.assignment_id == assignment_id).order_by(Consent.number.desc())
        )
    )


def sent_of_design(design_id: uuid.UUID) -> list[Consent]:
    """The questions about a design whose letters are made, the newest first."""
    return list(
        db.session.scalars(
            select(Consent)
            .where(Consent.design_id == design_id, Consent.sent_at.is_not(None))
            .order_by(Consent.number.desc())
        )
    )


def addresses_of(consent_id: uuid.UUID) -> list[ConsentAddress]:
    """Its addresses, those struck out too: in front, left, right, opposite, the nearest first,
    then those that a planner added."""
    order = {side.value: index for index, side in enumerate(Side)}
    found = db.session.scalars(
        select(ConsentAddress)
        .where(ConsentAddress.consent_id == consent_id)
        .execution_options(populate_existing=True)
    )
    return sorted(found, key=lambda one: (order[one.side], one.added_by == "planner", one.rank, one.id))


def address_by_id(consent_id: uuid.UUID, address_id: int, *, lock: bool = False) -> ConsentAddress:
    """One address of a question; with `lock` nobody answers for it meanwhile. Raises `NotFound`."""
    statement = select(ConsentAddress).where(
        ConsentAddress.id == address_id, ConsentAddress.consent_id == consent_id
    )
    found = db.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound(_("Dit adres staat niet op de lijst."))
    return found


class Latest(NamedTuple):
    """The answer of an address that counts, and how many it gave."""

    reply: Reply
    reason: str
    channel: str
    answered_at: datetime
    version: int


def latest_answers(consent_id: uuid.UUID, *, before: datetime | None = None) -> dict[int, Latest]:
    """By address the answer that counts; `before` a moment where that is given."""
    statement = (
        select(ConsentAnswer)
        .where(ConsentAnswer.consent_id == consent_id)
        .order_by(ConsentAnswer.address_id, ConsentAnswer.version)
    )
    if before is not None:
        statement = statement.where(ConsentAnswer.answered_at < before)
    return {
        row.address_id: Latest(Reply(row.answer), row.reason, row.channel, row.answered_at, row.version)
        for row in db.session.scalars(statement)
    }


def share_question(consent_id: uuid.UUID) -> None:
    """Hold the lock of a question as answers do, until this transaction ends: who reads the outcome waits."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended('consent:' || :id, 0))"),
        {"id": str(consent_id)},
    )


def wait_for_answers(consent_id: uuid.UUID) -> None:
    """Wait until every answer that was let in, and every later end or stop, has committed: an outcome that
    was read once stays.

    Takes the question's lock alone and gives it back at once: a statement by itself is its own transaction.
    """
    direct.fetch_one(
        "SELECT pg_advisory_xact_lock(hashtextextended('consent:' || %(id)s, 0))", {"id": str(consent_id)}
    )


def asked(consent_id: uuid.UUID, *, before: datetime | None = None) -> list[Asked]:
    """The addresses that are asked with the answer that counts."""
    latest = latest_answers(consent_id, before=before)
    return [
        Asked(Side(one.side), latest[one.id].reply if one.id in latest else None)
        for one in addresses_of(consent_id)
        if one.is_asked
    ]


def add_answer(consent_id: uuid.UUID, address_id: int, reply: Reply, reason: str, channel: str) -> None:
    """Add an answer; the same as the one that counts adds nothing."""
    db.session.execute(
        insert(ConsentAnswer).values(
            consent_id=consent_id,
            address_id=address_id,
            # The trigger sets it under the address's lock.
            version=1,
            answer=reply.value,
            reason=reason,
            channel=channel,
        )
    )


def empty_reasons(over_before: datetime) -> int:
    """Empty the words of answers to questions that were over or stopped before a moment; how many."""
    over = select(Consent.id).where((Consent.closes_at < over_before) | (Consent.withdrawn_at < over_before))
    emptied = db.session.execute(
        update(ConsentAnswer)
        .where(ConsentAnswer.reason != "", ConsentAnswer.consent_id.in_(over))
        .values(reason="")
    )
    return int(emptied.rowcount)  # type: ignore[attr-defined]


class NewAddress(NamedTuple):
    """An address for the list; point in EPSG:4326."""

    place_id: int | None
    label: str
    side: Side
    rank: int
    point: shapely.Point | None


def replace_found(consent_id: uuid.UUID, found: Iterable[NewAddress]) -> None:
    """The addresses that the program found, in place of those that it found before; a planner's stay."""
    db.session.execute(
        delete(ConsentAddress).where(
            ConsentAddress.consent_id == consent_id,
            ConsentAddress.added_by == "program",
            ConsentAddress.is_asked,
        )
    )
    kept = set(
        db.session.scalars(select(ConsentAddress.label).where(ConsentAddress.consent_id == consent_id))
    )
    for one in found:
        if one.label not in kept:
            kept.add(one.label)
            db.session.add(
                ConsentAddress(
                    consent_id=consent_id,
                    place_id=one.place_id,
                    label=one.label,
                    side=one.side.value,
                    rank=one.rank,
                    point=to_wkb(one.point) if one.point is not None else None,
                )
            )
    db.session.flush()


_DOORS = text(
    """
    SELECT p.id, p.label, p.street, coalesce(p.house_number, '') AS number, ST_X(p.geom) AS lon,
           ST_Y(p.geom) AS lat
    FROM place p
    WHERE p.neighbourhood_id = :neighbourhood AND p.kind = 'address'
      AND p.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    ORDER BY p.id
    """
)


def doors_in(neighbourhood_id: int, box: BaseGeometry) -> list[RowMapping]:
    """The addresses in the bounds of a geometry (EPSG:4326)."""
    west, south, east, north = box.bounds
    parameters = {
        "neighbourhood": neighbourhood_id,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }
    return list(db.session.execute(_DOORS, parameters).mappings())


class SetRule(NamedTuple):
    """A rule of an assignment, for one kind of element or (None) for all others."""

    kind: str | None
    rule: Rule
    reason: str
    set_by_role: str
    set_at: datetime


def rules_of(assignment_id: uuid.UUID) -> list[SetRule]:
    """Every rule that was set, the newest first: the first of each kind counts."""
    rows = db.session.scalars(
        select(ConsentRule).where(ConsentRule.assignment_id == assignment_id).order_by(ConsentRule.id.desc())
    )
    return [SetRule(row.kind, Rule.read(row.rule), row.reason, row.set_by_role, row.set_at) for row in rows]


def rule_for(assignment_id: uuid.UUID, kind: str | None) -> Rule | None:
    """The rule that holds for a kind of element; None where none was set."""
    rules = rules_of(assignment_id)
    own = next((one.rule for one in rules if kind is not None and one.kind == kind), None)
    return own or next((one.rule for one in rules if one.kind is None), None)


def letter_ids(consent_id: uuid.UUID) -> dict[int, int]:
    """The valid letter of each address, by the address's id."""
    from app.votes.letters.queries import letters_of

    return {
        letter.address_ref: letter.id
        for letter in letters_of(consent_id)
        if letter.revoked_at is None and letter.address_ref is not None
    }


def _unknown() -> NotFound:
    return NotFound(_("Deze vraag aan buren bestaat niet (meer). Kijk of het adres in je brief klopt."))
