"""What can be compared within an assignment."""

from __future__ import annotations

import uuid

from sqlalchemy import Row, or_, select

from app.designs.domain import Status
from app.designs.models import Design, DesignVersion
from app.extensions import db


def designs_to_compare(
    assignment_id: uuid.UUID, person_id: uuid.UUID | None, *, limit: int = 500
) -> list[Row[tuple[uuid.UUID, str, str]]]:
    """Id, title and status of what was submitted and of this person's own drafts, the newest first."""
    seen = [Design.status == Status.SUBMITTED]
    if person_id is not None:
        seen.append((Design.status == Status.DRAFT) & (Design.author_id == person_id))
    return list(
        db.session.execute(
            select(Design.id, DesignVersion.title, Design.status)
            .join(
                DesignVersion,
                (DesignVersion.design_id == Design.id) & (DesignVersion.version == Design.version),
            )
            .where(Design.assignment_id == assignment_id, or_(*seen))
            .order_by(Design.status, Design.submitted_at.desc(), Design.id)
            .limit(limit)
        )
    )
