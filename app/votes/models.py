"""Support, a light "I would like this" outside a formal vote, and the log of what planners do."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, ShortText
from app.extensions import db


class Support(db.Model):
    """One person supports one design; the key makes a second time impossible."""

    __tablename__ = "support"

    design_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("design.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[Created]


class PlannerAct(db.Model):
    """One act of a planner on a poll or on consent, with role and reason; a trigger keeps it as it is."""

    __tablename__ = "planner_act"
    __table_args__ = (
        CheckConstraint("subject IN ('poll', 'consent', 'consent_rule')", name="subject"),
        Index("ix_planner_act_subject", "subject", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[ShortText]
    subject_id: Mapped[uuid.UUID]
    act: Mapped[ShortText]
    by_role: Mapped[ShortText]
    reason: Mapped[ShortText] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    done_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
