"""Tables of the people who take part. We keep as little as the work needs: no name, no IP address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db

ROLES_IN_SQL = "role IN ('guest', 'resident', 'planner', 'moderator')"


class Person(db.Model):
    """Somebody who wrote something. Who is no guest has an e-mail address, or an identity elsewhere."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(ROLES_IN_SQL, name="role_known"),
        CheckConstraint(
            "role = 'guest' OR email IS NOT NULL OR identity_hash IS NOT NULL", name="signed_in_is_known"
        ),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    # Keyed hash of what a provider of identities (OpenID Connect) calls this person; see `oidc.py`.
    identity_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16), default="guest")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))


class LoginSession(db.Model):
    """One browser in which a person is known. The cookie holds the token, this row only its SHA-256."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_person_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    person: Mapped[Person] = relationship()


class LoginLink(db.Model):
    """A link in a mail that signs somebody in, once. `role` is set on an invitation."""

    __tablename__ = "login_link"
    __table_args__ = (
        CheckConstraint("role IS NULL OR role IN ('planner', 'moderator')", name="role_known"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        Index("ix_login_link_expires_at", "expires_at"),
        Index("ix_login_link_claims_person_id", "claims_person_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    # The guest in whose browser the link was asked for: what they made may move to the account.
    claims_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    role: Mapped[str | None] = mapped_column(String(16))
    next_path: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SpentLimit(db.Model):
    """How often something was done in a window of time (`app.accounts.counters`). Not logged: may be lost."""

    __tablename__ = "spent_limit"
    __table_args__ = (Index("ix_spent_limit_over_at", "over_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    times: Mapped[int]
    over_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
