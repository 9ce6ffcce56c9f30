"""Where rounds of voting show on other pages: an assignment, a design, the home page."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.extensions import db
from app.votes.rounds import queries
from app.votes.rounds.domain import Status, status
from app.votes.rounds.models import Round, RoundOption


class Linked(NamedTuple):
    """A public round and where it stands."""

    round: Round
    status: Status


# What somebody can do something with comes first.
_ORDER = [Status.OPEN, Status.ANNOUNCED, Status.CLOSED, Status.COUNTED, Status.PUBLISHED]


def rounds_on(assignment_id: uuid.UUID) -> list[Linked]:
    """The public rounds of an assignment, open ones first, and of those the last to open."""
    return _linked(queries.rounds_of(assignment_id))


def rounds_with(design_id: uuid.UUID) -> list[Linked]:
    """The public rounds in which some version of a design can be chosen."""
    question = (
        select(Round)
        .where(
            Round.id.in_(select(RoundOption.round_id).where(RoundOption.design_id == design_id)),
            Round.frozen_at.is_not(None),
        )
        .order_by(Round.opens_at.desc())
    )
    return _linked(list(db.session.scalars(question)))


def _linked(rounds: list[Round]) -> list[Linked]:
    moment = now()
    found = [Linked(one, status(one, moment)) for one in rounds]
    return sorted(found, key=lambda one: _ORDER.index(one.status))


def init_app(app: Flask) -> None:
    """Let templates ask."""
    app.jinja_env.globals.update(rounds_on=rounds_on, rounds_with=rounds_with)
