"""A person's own pledges, for "mijn Stoepkrijt" and the export of one's data."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.accounts import overview
from app.core.formatting import day_only
from app.core.geometry import from_wkb, to_geojson
from app.votes.adoption import queries
from app.votes.adoption.models import Adoption
from app.votes.adoption.words import kind_name

TITLE = lazy_gettext("Waar je voor zorgt")


def made_by(person_id: uuid.UUID) -> list[overview.Made]:
    """What this person pledged, the latest first."""
    return [
        overview.Made(
            title=f"{kind_name(one)}, {one.place_name}" if one.place_name else kind_name(one),
            made_at=one.created_at,
            url=f"/care/{one.id}",
            note=_note(one),
            data={
                "id": one.id,
                "kind": one.kind,
                "geometry": to_geojson(from_wkb(one.geom)),
                "public_name": one.public_name,
                "is_group": one.is_group,
                "starts_on": one.starts_on,
                "ends_on": one.ends_on,
                "ended_at": one.ended_at,
            },
        )
        for one in queries.by_person(person_id)
    ]


def _note(one: Adoption) -> str:
    # Of one that ran out its own last day is noted as the end.
    was_stopped = one.ended_at is not None and one.ended_at.date() < one.ends_on
    return str(_("gestopt") if was_stopped else _("tot %(day)s", day=day_only(one.ends_on)))
