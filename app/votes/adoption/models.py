"""Pledges to look after something in the street."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, ShortText, UuidKey, geometry_column
from app.extensions import db


class Adoption(db.Model):
    """Somebody, or a group, looks after one thing from a day to a day.

    The thing is something that a design adds, or a street object. Kind and place are kept with it: a design
    gets new versions and a map is imported anew. `thing` names it, so that nobody pledges it twice.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="dates"),
        CheckConstraint("num_nonnulls(design_id, object_id) <= 1", name="one_thing"),
        Index(
            "ix_adoption_once", "person_id", "thing", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    design_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("design.id", ondelete="CASCADE"), index=True
    )
    object_id: Mapped[int | None] = mapped_column(
        ForeignKey("street_object.id", ondelete="SET NULL"), index=True
    )
    thing: Mapped[ShortText]
    kind: Mapped[ShortText]
    geom: Mapped[WKBElement] = geometry_column()
    place_name: Mapped[ShortText] = mapped_column(server_default="")
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    public_name: Mapped[ShortText] = mapped_column(server_default="")
    is_group: Mapped[bool] = mapped_column(server_default=text("false"))
    starts_on: Mapped[date]
    # The first day on which nobody looks after it any more.
    ends_on: Mapped[date]
    # The end of which the reminder was sent: of each end one.
    reminded_for: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Created]
