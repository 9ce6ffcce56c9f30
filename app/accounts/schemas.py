"""What the API and the export answer about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.accounts.domain import Actor
from app.accounts.models import LoginSession, Person
from app.accounts.overview import Made, Section


def session_document(actor: Actor, csrf_token: str) -> dict[str, Any]:
    """The answer to POST /api/session."""
    return {"csrf_token": csrf_token, "person": {"role": str(actor.role)}}


def export_document(
    person: Person, sessions: Sequence[LoginSession], made: list[tuple[Section, list[Made]]], now: datetime
) -> dict[str, Any]:
    """Everything we hold about a person, for that person. Times in UTC."""
    return {
        "exported_at": now,
        "person": {
            "id": person.id,
            "email": person.email,
            "identity_hash": person.identity_hash,
            "role": person.role,
            "language": person.language,
            "created_at": person.created_at,
        },
        "sessions": [{"created_at": s.created_at, "last_seen_at": s.last_seen_at} for s in sessions],
        **{
            section.name: [thing.data or {"title": thing.title, "made_at": thing.made_at} for thing in things]
            for section, things in made
        },
    }
