"""Support: a light "I would like this", outside a formal vote."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created
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
