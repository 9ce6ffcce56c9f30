"""What planners did with polls and consent: written once, never changed, readable by planners."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.accounts.domain import Actor
from app.extensions import db
from app.votes.models import PlannerAct

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log."""

    act: str
    by_role: str
    reason: str
    details: dict[str, Any]
    done_at: datetime


def note(
    actor: Actor,
    subject: str,
    subject_id: uuid.UUID,
    act: str,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Log an act in the present transaction. Kept is the role, as everywhere where planners decide."""
    db.session.execute(
        insert(PlannerAct).values(
            subject=subject,
            subject_id=subject_id,
            act=act,
            by_role=actor.role.value,
            reason=reason,
            details=details or {},
        )
    )


def of(subject: str, subject_id: uuid.UUID) -> list[Act]:
    """The log of one thing, the newest first."""
    rows = db.session.scalars(
        select(PlannerAct)
        .where(PlannerAct.subject == subject, PlannerAct.subject_id == subject_id)
        .order_by(PlannerAct.id.desc())
    )
    return [Act(row.act, row.by_role, row.reason, row.details, row.done_at) for row in rows]
