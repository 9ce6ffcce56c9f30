"""A person's own designs, for "mijn Stoepkrijt" and the export of one's data."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.accounts import overview
from app.core.geometry import from_wkb, to_geojson
from app.designs import queries
from app.designs.domain import Status
from app.designs.models import Change

TITLE = lazy_gettext("Ontwerpen")


def _status(status: str) -> str:
    return {
        Status.DRAFT: _("concept, alleen jij ziet het"),
        Status.SUBMITTED: _("ingezonden"),
        Status.WITHDRAWN: _("ingetrokken"),
    }[Status(status)]


def _change(change: Change) -> dict[str, object]:
    return {"action": change.action, "kind": change.kind, "geometry": to_geojson(from_wkb(change.geom))}


def made_by(person_id: uuid.UUID) -> list[overview.Made]:
    """All designs of this person, drafts too, the newest first."""
    return [
        overview.Made(
            title=version.title,
            made_at=design.updated_at,
            url=f"/designs/{design.id}",
            note=_status(design.status),
            data={
                "id": design.id,
                "title": version.title,
                "story": version.story,
                "status": design.status,
                "version": version.version,
                "changes": [_change(change) for change in version.changes],
            },
        )
        for design, version in queries.designs_by(person_id)
    ]
