"""Comments on a place, or on anything that another feature registered as a target."""

from __future__ import annotations

import uuid
from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, ShortText, UuidKey, geometry_column, mercator_column
from app.extensions import db


class Comment(db.Model):
    """What somebody says: for, against or neutral, on a target or a place, or as a reply."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("sentiment IN ('for', 'against', 'neutral')", name="sentiment"),
        CheckConstraint("status IN ('visible', 'removed')", name="status"),
        CheckConstraint("(target_type IS NULL) = (target_id IS NULL)", name="target"),
        Index("ix_comment_assignment", "assignment_id", "created_at"),
        Index("ix_comment_target", "target_type", "target_id"),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    target_type: Mapped[str | None] = mapped_column(Text)
    target_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    sentiment: Mapped[str] = mapped_column(Text, server_default="neutral")
    text: Mapped[ShortText]
    geom: Mapped[WKBElement | None] = geometry_column("POINT", nullable=True)
    geom_3857: Mapped[WKBElement | None] = mercator_column()
    status: Mapped[str] = mapped_column(Text, server_default="visible")
    revision: Mapped[int] = mapped_column(server_default=sql("1"))
    created_at: Mapped[Created]
    edited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
