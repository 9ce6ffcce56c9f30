"""Every question that accounts ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.accounts.domain import mailbox_of
from app.accounts.models import LoginLink, LoginSession, Person
from app.core import direct
from app.extensions import db

_SESSION = (
    "SELECT s.id, p.id AS person_id, p.role, p.email, p.identity_hash, s.last_seen_at, s.ended_at"
    " FROM login_session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = %(token_hash)s"
)


class SessionRow(NamedTuple):
    """A session and whose it is."""

    id: UUID
    person_id: UUID
    role: str
    email: str | None
    identity_hash: str | None
    last_seen_at: datetime
    ended_at: datetime | None


def session_of_token(token_hash: str) -> SessionRow | None:
    """The session with this token. Every request of somebody who takes part asks it, so it is one trip."""
    row = direct.fetch_one(_SESSION, {"token_hash": token_hash})
    return SessionRow(*row) if row else None


def person(person_id: UUID) -> Person | None:
    """The person with this id."""
    return db.session.get(Person, person_id)


def may_be_one_person(one: UUID, other: UUID) -> bool:
    """Whether two accounts are one, or have addresses that lead to one mailbox (`domain.mailbox_of`)."""
    if one == other:
        return True
    addresses = db.session.scalars(select(Person.email).where(Person.id.in_([one, other]))).all()
    boxes = [mailbox_of(address) for address in addresses if address is not None]
    return len(boxes) == 2 and boxes[0] == boxes[1]


def person_with_email(email: str) -> Person | None:
    """The person with this address (in lower case)."""
    return db.session.scalar(select(Person).where(Person.email == email))


def person_with_identity(identity_hash: str) -> Person | None:
    """The person whom a provider of identities knows by what this is the keyed hash of."""
    return db.session.scalar(select(Person).where(Person.identity_hash == identity_hash))


def link_of_token(token_hash: str) -> LoginLink | None:
    """The sign-in link with this token."""
    return db.session.get(LoginLink, token_hash)


def has_link(email: str) -> bool:
    """Whether a sign-in link or an invitation was made for this address."""
    return bool(db.session.scalar(select(select(LoginLink).where(LoginLink.email == email).exists())))


def open_sessions(person_id: UUID, seen_after: datetime) -> Sequence[LoginSession]:
    """The browsers in which this person is known now, last seen first."""
    question = (
        select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > seen_after,
        )
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id)
    )
    return db.session.scalars(question).all()
