"""Neighbourhoods and assignments."""

from __future__ import annotations

import uuid
from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Created, Moment, ShortText, UuidKey, geometry_column
from app.extensions import db


class Neighbourhood(db.Model):
    """A boundary with its own metric CRS; everything on the map belongs to one."""

    __tablename__ = "neighbourhood"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[ShortText]
    boundary: Mapped[WKBElement | None] = geometry_column("MULTIPOLYGON", nullable=True)
    metric_srid: Mapped[int]
    attribution: Mapped[str] = mapped_column(Text, server_default="")
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Created]


class Assignment(db.Model):
    """An area, a question, and the dates between which people may take part."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="dates"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("cardinality(allowed_kinds) > 0", name="allowed_kinds"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[ShortText]
    question: Mapped[ShortText]
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    area: Mapped[WKBElement] = geometry_column("MULTIPOLYGON")
    opens_at: Mapped[Moment]
    closes_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Ids of the element kinds that residents may place here; null: all, also those that come later.
    allowed_kinds: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]

    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="joined")
