"""Letters that were made, and the keyed hashes of their codes. No names."""

from __future__ import annotations

import uuid
from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Moment, ShortText
from app.extensions import db

# A name that is not endless, and only of an address whose distance is known too; also of ballots.
NEIGHBOURHOOD = "neighbourhood IS NULL OR band IS NOT NULL AND length(neighbourhood) BETWEEN 1 AND 120"


class LetterBatch(db.Model):
    """Letters made in one go. `subject_id` is the round or the question of consent; `exported_at` is when the
    codes left the program, the only time that they are readable."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        CheckConstraint("purpose IN ('round', 'consent')", name="purpose"),
        Index("ix_letter_batch_subject", "purpose", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purpose: Mapped[ShortText]
    subject_id: Mapped[uuid.UUID]
    made_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[Moment]
    exported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class LetterCode(db.Model):
    """One letter. Who holds its code speaks for `seat`: a new letter for a lost one has the same seat."""

    __tablename__ = "letter_code"
    __table_args__ = (
        CheckConstraint("octet_length(code_hash) = 32", name="hash"),
        CheckConstraint("length(address) BETWEEN 1 AND 300", name="address"),
        CheckConstraint(NEIGHBOURHOOD, name="neighbourhood"),
        Index("ix_letter_code_batch_id", "batch_id"),
        Index(
            "uq_letter_code_subject_address",
            "subject_id",
            "address",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("letter_batch.id", ondelete="CASCADE"))
    subject_id: Mapped[uuid.UUID]
    seat: Mapped[uuid.UUID]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    address: Mapped[ShortText]
    address_ref: Mapped[int | None] = mapped_column(BigInteger)
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    band: Mapped[str | None] = mapped_column(Text)
    neighbourhood: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
