"""What is asked of results, and the two writes that a round gets after it closed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import undefer

from app.extensions import db
from app.votes.rounds.models import Round


def with_result(round_id: uuid.UUID) -> Round | None:
    """The round with its result and freeze document, freshly read; None for one that is not there."""
    return db.session.scalar(
        select(Round)
        .where(Round.id == round_id)
        .options(undefer(Round.freeze_document), undefer(Round.result))
        .execution_options(populate_existing=True)
    )


def store_result(
    round_id: uuid.UUID, result: str, result_hash: str, ballots_hash: str, counted_at: datetime
) -> bool:
    """Write the result; False where there is one already."""
    written = db.session.execute(
        update(Round)
        .where(Round.id == round_id, Round.counted_at.is_(None))
        .values(
            result=result,
            result_hash=result_hash,
            ballots_hash=ballots_hash,
            counted_at=counted_at,
            voter_key=None,
            revision=Round.revision + 1,
            updated_at=text("clock_timestamp()"),
        )
    )
    return bool(written.rowcount)  # type: ignore[attr-defined]


def publish(round_id: uuid.UUID) -> bool:
    """Make a counted result public; False where it is public already, or not counted."""
    written = db.session.execute(
        update(Round)
        .where(Round.id == round_id, Round.counted_at.is_not(None), Round.published_at.is_(None))
        .values(
            published_at=text("clock_timestamp()"),
            revision=Round.revision + 1,
            updated_at=text("clock_timestamp()"),
        )
    )
    return bool(written.rowcount)  # type: ignore[attr-defined]


# The ground that each option takes, as GeoJSON: the collection of its changes' geometries.
_OPTIONS = text(
    """
    SELECT o.code, o.title, o.design_id, o.version, o.cost_eur::text AS cost_eur,
           ST_AsGeoJSON(ST_Collect(c.geom ORDER BY c.position), 8) AS geometry
    FROM round_option o LEFT JOIN change c ON c.design_id = o.design_id AND c.version = o.version
         AND (o.part = '{}' OR c.position = ANY (o.part))
    WHERE o.round_id = :round
    GROUP BY o.round_id, o.code, o.title, o.design_id, o.version, o.cost_eur, o.position
    ORDER BY o.position
    """
)


def options_on_the_map(round_id: uuid.UUID) -> list[dict[str, Any]]:
    """Code, title, design, version, cost and GeoJSON geometry (text; EPSG:4326) of each option."""
    return [dict(row) for row in db.session.execute(_OPTIONS, {"round": round_id}).mappings()]
