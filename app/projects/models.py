"""Neighbourhoods and assignments."""

from __future__ import annotations

import uuid
from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Text,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
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
    """An area, a question, how much residents have to say about it, and when they can take part.

    Planners see it as a concept first; others from `published_at` on. `opens_at` and `closes_at` are the
    first start and the last end of its phases.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="dates"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("cardinality(allowed_kinds) > 0", name="allowed_kinds"),
        CheckConstraint("degree IN ('inform', 'consult', 'advise', 'co-produce', 'decide')", name="degree"),
        CheckConstraint("budget_eur > 0", name="budget"),
        CheckConstraint("min_parking_bays BETWEEN 0 AND 10000", name="bays"),
        CheckConstraint("min_clear_width_m BETWEEN 0.5 AND 20", name="clear_width"),
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
    # How much residents have to say (`phases.Degree`), and what that means here, in the planner's words.
    degree: Mapped[str] = mapped_column(Text, server_default="advise")
    what_is_fixed: Mapped[str] = mapped_column(Text, server_default="")
    what_is_open: Mapped[str] = mapped_column(Text, server_default="")
    who_decides: Mapped[str] = mapped_column(Text, server_default="")
    contact: Mapped[str] = mapped_column(Text, server_default="")
    planning: Mapped[str] = mapped_column(Text, server_default="")
    # Limits that a design must keep to be handed in; null: no such limit.
    budget_eur: Mapped[float | None] = mapped_column(Numeric(12, 2, asdecimal=False))
    min_parking_bays: Mapped[int | None]
    min_clear_width_m: Mapped[float | None] = mapped_column(Double)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]

    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="joined")
    phases: Mapped[list[Phase]] = relationship(
        order_by="(Phase.starts_at, Phase.type)", cascade="all, delete-orphan"
    )
    zones: Mapped[list[Zone]] = relationship(order_by="Zone.id", cascade="all, delete-orphan")


class Phase(db.Model):
    """A time in which something is open; what, is in its type (`phases.py`). Without an end it goes on."""

    __tablename__ = "phase"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="dates"),
        Index("ix_phase_assignment_type", "assignment_id", "type"),
        # Checked at the commit: two phases may swap places in one.
        ExcludeConstraint(
            (column("assignment_id"), "="),
            (column("type"), "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            name="phase_apart",
            using="gist",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[Moment]
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PhaseMove(db.Model):
    """A phase of a public assignment got other dates, came (no old ones) or went (no new ones)."""

    __tablename__ = "phase_move"
    __table_args__ = (
        CheckConstraint("old_starts_at IS NOT NULL OR new_starts_at IS NOT NULL", name="something"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    # No key: the phase may be gone, and what happened to it stays.
    phase_id: Mapped[uuid.UUID]
    type: Mapped[str] = mapped_column(Text)
    old_starts_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    old_ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    new_starts_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    new_ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text)
    by_role: Mapped[str] = mapped_column(Text)
    moved_at: Mapped[Created]


class PromiseChange(db.Model):
    """What was told of a public assignment changed: who decides, or how much residents have to say.

    Its numbers go on with those of `PhaseMove`: how far a follower was told is one number for both.
    """

    __tablename__ = "promise_change"
    __table_args__ = (
        CheckConstraint("what IN ('degree', 'who_decides')", name="what"),
        CheckConstraint("old <> new", name="differs"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, server_default=text("nextval('phase_move_id_seq')")
    )
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(Text)
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by_role: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[Created]


class Zone(db.Model):
    """A part of an area where nothing may change ("fixed"), or the only parts where things may ("free")."""

    __tablename__ = "zone"
    __table_args__ = (CheckConstraint("kind IN ('fixed', 'free')", name="kind"),)

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    geom: Mapped[WKBElement] = geometry_column("MULTIPOLYGON")


class Follower(db.Model):
    """Somebody who hears of dates that move; `follows` is false for who took part and wants no mail."""

    __tablename__ = "assignment_follower"

    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    follows: Mapped[bool] = mapped_column(server_default=text("true"))
    # The last change that they know of (`PhaseMove.id` or `PromiseChange.id`).
    told: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    since: Mapped[Created]
