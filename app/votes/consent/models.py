"""Neighbours' consent: the rule, the question, the addresses that are asked, and what they answered.

Triggers (migration 0008) keep what the letters say, number the answers of an address, refuse late ones, and
let nobody change or delete one.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, Moment, ShortText, UuidKey, geometry_column
from app.extensions import db


class ConsentRule(db.Model):
    """What an assignment asks of neighbours. Rows are only added: the newest of a kind counts.

    `kind` is an element kind with a rule of its own; None holds for all others.
    """

    __tablename__ = "consent_rule"
    __table_args__ = (Index("ix_consent_rule_assignment_kind", "assignment_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    kind: Mapped[str | None] = mapped_column(Text)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[ShortText]
    set_by_role: Mapped[ShortText]
    set_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )


class Consent(db.Model):
    """One change of one version of a design, put before the neighbours under a rule, for a time.

    `number` is the short one in the address of its page, to be typed from a letter.
    """

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="dates"), UniqueConstraint("number"))

    id: Mapped[UuidKey]
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    design_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("design.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    change_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("change.id", ondelete="SET NULL"), index=True
    )
    action: Mapped[ShortText]
    kind: Mapped[str | None] = mapped_column(Text)
    object_kind: Mapped[str | None] = mapped_column(Text)
    geom: Mapped[WKBElement] = geometry_column()
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    opens_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    # When the letters were made: from then on nothing that they say changes.
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Created]


class ConsentAddress(db.Model):
    """An address that is asked, or that a planner struck out with a reason."""

    __tablename__ = "consent_address"
    __table_args__ = (
        UniqueConstraint("consent_id", "label"),
        CheckConstraint("side IN ('front', 'left', 'right', 'opposite')", name="side"),
        CheckConstraint("added_by IN ('program', 'planner')", name="added_by"),
        CheckConstraint("(added_by = 'program' AND is_asked) OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id", ondelete="SET NULL"), index=True)
    label: Mapped[ShortText]
    side: Mapped[ShortText]
    # How near it is among those of its side, from 1.
    rank: Mapped[int]
    is_asked: Mapped[bool] = mapped_column(server_default=text("true"))
    added_by: Mapped[ShortText] = mapped_column(server_default="program")
    reason: Mapped[ShortText] = mapped_column(server_default="")
    point: Mapped[WKBElement | None] = geometry_column("POINT", nullable=True)


class ConsentAnswer(db.Model):
    """One answer of one address; the one with the highest version counts."""

    __tablename__ = "consent_answer"
    __table_args__ = (
        UniqueConstraint("address_id", "version"),
        CheckConstraint("answer IN ('yes', 'no', 'objection')", name="answer"),
        CheckConstraint("channel IN ('web', 'paper')", name="channel"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("consent_address.id", ondelete="CASCADE"))
    version: Mapped[int]
    answer: Mapped[ShortText]
    reason: Mapped[ShortText] = mapped_column(server_default="")
    channel: Mapped[ShortText] = mapped_column(server_default="web")
    answered_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
