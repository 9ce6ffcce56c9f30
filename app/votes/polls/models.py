"""Polls and their answers. Triggers (migration 0008) keep answers valid and in time, and questions still."""

from __future__ import annotations

import uuid
from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Created, Moment, ShortText, UuidKey, geometry_column
from app.extensions import db
from app.projects.models import Assignment, Phase


class Poll(db.Model):
    """A question to everybody about an assignment, a place in it, or what goes on in one of its phases."""

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("kind IN ('one', 'several', 'scale')", name="kind"),
        CheckConstraint(
            "CASE WHEN kind = 'scale' THEN cardinality(choices) = 0 AND low_words <> '' AND high_words <> ''"
            " ELSE cardinality(choices) BETWEEN 2 AND 12 END",
            name="choices",
        ),
        CheckConstraint(
            "CASE WHEN kind = 'several' THEN most BETWEEN 2 AND cardinality(choices) ELSE most = 1 END",
            name="most",
        ),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="dates"),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    phase_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("phase.id", ondelete="SET NULL"), index=True
    )
    question: Mapped[ShortText]
    about: Mapped[ShortText] = mapped_column(server_default="")
    kind: Mapped[ShortText]
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    # How many choices one person may make.
    most: Mapped[int] = mapped_column(server_default=text("1"))
    low_words: Mapped[ShortText] = mapped_column(server_default="")
    high_words: Mapped[ShortText] = mapped_column(server_default="")
    asks_relation: Mapped[bool] = mapped_column(server_default=text("false"))
    place_name: Mapped[ShortText] = mapped_column(server_default="")
    geom: Mapped[WKBElement | None] = geometry_column(nullable=True)
    opens_at: Mapped[Moment]
    closes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Created]

    assignment: Mapped[Assignment] = relationship()
    phase: Mapped[Phase | None] = relationship()


class PollAnswer(db.Model):
    """One person's answer; a closed poll keeps it without the person who has left."""

    __tablename__ = "poll_answer"
    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("relation IN ('here', 'near', 'often', 'other')", name="relation"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    poll_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    chosen: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    relation: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
