"""Every question that accounts ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select

from app.accounts.models import LoginLink, LoginSession, Person
from app.extensions import db


def session_of_token(
    token_hash: str,
) -> Row[UUID, UUID, str, str | None, datetime, datetime | None] | None:
    """Session, person, role, e-mail, last seen and end of the session with this token: one round trip."""
    question = (
        select(
            LoginSession.id,
            Person.id.label("person_id"),
            Person.role,
            Person.email,
            LoginSession.last_seen_at,
            LoginSession.ended_at,
        )
        .join(Person, Person.id == LoginSession.person_id)
        .where(LoginSession.token_hash == token_hash)
    )
    return db.session.execute(question).one_or_none()


def person(person_id: UUID) -> Person | None:
    """The person with this id."""
    return db.session.get(Person, person_id)


def person_with_email(email: str) -> Person | None:
    """The person with this address (in lower case)."""
    return db.session.scalar(select(Person).where(Person.email == email))


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
