"""The present situation: street objects, and the streets and addresses to search by."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, ShortText, geometry_column, mercator_column
from app.extensions import db


class StreetObject(db.Model):
    """One existing thing in the street, with its source and how certain it is."""

    __tablename__ = "street_object"
    __table_args__ = (
        UniqueConstraint("neighbourhood_id", "source", "source_id"),
        CheckConstraint("certainty IN ('measured', 'estimated')", name="certainty"),
        Index("ix_street_object_neighbourhood_kind", "neighbourhood_id", "kind"),
        # The moment of the newest import tells whether a street that was read before is still the same.
        Index("ix_street_object_neighbourhood_imported", "neighbourhood_id", "imported_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id", ondelete="CASCADE"))
    source: Mapped[ShortText]
    source_id: Mapped[ShortText]
    kind: Mapped[ShortText]
    certainty: Mapped[ShortText]
    name: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    geom: Mapped[WKBElement] = geometry_column()
    geom_3857: Mapped[WKBElement | None] = mercator_column()
    imported_at: Mapped[Created]


class Place(db.Model):
    """A street or an address that people can search for."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("neighbourhood_id", "source", "source_id"),
        CheckConstraint("kind IN ('street', 'address')", name="kind"),
        Index(
            "ix_place_label_trgm", "label", postgresql_using="gin", postgresql_ops={"label": "gin_trgm_ops"}
        ),
        # An address as somebody types it, by any case and spaces.
        Index(
            "ix_place_address",
            "neighbourhood_id",
            text(r"lower(regexp_replace(btrim(label), '\s+', ' ', 'g'))"),
            postgresql_where=text("kind = 'address'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id", ondelete="CASCADE"))
    source: Mapped[ShortText]
    source_id: Mapped[ShortText]
    kind: Mapped[ShortText]
    label: Mapped[ShortText]
    street: Mapped[ShortText]
    house_number: Mapped[str | None] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(Text)
    geom: Mapped[WKBElement] = geometry_column("POINT")
