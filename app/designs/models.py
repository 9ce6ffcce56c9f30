"""Designs: titled bundles of changes to the present situation, in versions."""

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
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Created, ShortText, UuidKey, geometry_column, mercator_column
from app.extensions import db


class Design(db.Model):
    """What a resident proposes. `revision` counts every edit (the ETag), `version` what was made public."""

    __tablename__ = "design"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'submitted', 'withdrawn')", name="status"),
        UniqueConstraint("author_id", "idempotency_key"),
        Index("ix_design_assignment_status", "assignment_id", "status"),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    status: Mapped[str] = mapped_column(Text, server_default="draft")
    version: Mapped[int] = mapped_column(server_default=text("1"))
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    remix_of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("design.id", ondelete="SET NULL"), index=True
    )
    remix_of_version: Mapped[int | None]
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    versions: Mapped[list[DesignVersion]] = relationship(
        back_populates="design",
        order_by="DesignVersion.version",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class DesignVersion(db.Model):
    """The text and the effects of one version."""

    __tablename__ = "design_version"

    design_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("design.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[ShortText]
    story: Mapped[str] = mapped_column(Text, server_default="")
    effects: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    # How each figure was computed, by its name: long, and only read where somebody asks.
    effect_steps: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"), deferred=True)
    # Per change what each rule found (`app.designs.findings`), by the rules and numbers of that moment.
    checks: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    cost_low_eur: Mapped[float] = mapped_column(Numeric(12, 2, asdecimal=False), server_default=text("0"))
    cost_high_eur: Mapped[float] = mapped_column(Numeric(12, 2, asdecimal=False), server_default=text("0"))
    created_at: Mapped[Created]

    design: Mapped[Design] = relationship(back_populates="versions")
    changes: Mapped[list[Change]] = relationship(
        back_populates="design_version",
        order_by="Change.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Change(db.Model):
    """One change to the street: add, remove, move, replace or keep."""

    __tablename__ = "change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["design_id", "version"],
            ["design_version.design_id", "design_version.version"],
            ondelete="CASCADE",
        ),
        CheckConstraint("action IN ('add', 'remove', 'move', 'replace', 'keep')", name="action"),
        CheckConstraint("action NOT IN ('add', 'replace') OR kind IS NOT NULL", name="kind"),
        CheckConstraint("action <> 'add' OR object_id IS NULL", name="object"),
        CheckConstraint("verdict IN ('fits', 'conditional', 'conflict', 'unchecked')", name="verdict"),
        Index("ix_change_design_version", "design_id", "version"),
    )

    id: Mapped[UuidKey]
    design_id: Mapped[uuid.UUID]
    version: Mapped[int]
    position: Mapped[int]
    action: Mapped[ShortText]
    kind: Mapped[str | None]
    object_id: Mapped[int | None] = mapped_column(
        ForeignKey("street_object.id", ondelete="SET NULL"), index=True
    )
    object_kind: Mapped[str | None] = mapped_column(Text)
    rotation_deg: Mapped[float | None]
    width_m: Mapped[float | None]
    height_m: Mapped[float | None]
    verdict: Mapped[str] = mapped_column(Text, server_default="unchecked")
    geom: Mapped[WKBElement] = geometry_column()
    geom_3857: Mapped[WKBElement | None] = mercator_column()

    design_version: Mapped[DesignVersion] = relationship(back_populates="changes")


class OwnThreshold(db.Model):
    """A municipality's own number for a rule. Rows are only added: the newest of a number counts, the others
    are its history.

    `value` None means back to the number that the program comes with.
    """

    __tablename__ = "own_threshold"
    __table_args__ = (
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 10000", name="value"),
        Index("ix_own_threshold_rule_key", "rule", "key", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rule: Mapped[ShortText]
    key: Mapped[ShortText]
    value: Mapped[float | None]
    owner: Mapped[ShortText]
    reason: Mapped[ShortText]
    set_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    set_at: Mapped[Created]
