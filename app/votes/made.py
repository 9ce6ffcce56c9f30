"""The designs that a person supports, for "mijn Stoepkrijt" and the export of one's data."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext

from app.accounts import overview
from app.votes import queries

TITLE = lazy_gettext("Jouw steun")


def made_by(person_id: uuid.UUID) -> list[overview.Made]:
    """The supported designs, the latest first."""
    return [
        overview.Made(title=title, made_at=given_at, url=f"/designs/{design_id}", data={"design": design_id})
        for design_id, title, given_at in queries.given_by(person_id)
    ]
