"""Maps of what people decide together: where polls are about, and whom consent is asked of."""

from __future__ import annotations

import uuid

from flask import Response
from flask_babel import gettext as _

from app.accounts import access
from app.accounts.access import current_actor
from app.core.geometry import from_wkb
from app.maps.drawing import MapMark, view_of
from app.pages.blueprint import blueprint
from app.pages.pictures import picture, seen
from app.projects.queries import area_of, assignment_by_id, assignment_by_slug
from app.votes.adoption import queries as adoption
from app.votes.adoption.routes import today
from app.votes.adoption.words import kind_name
from app.votes.polls.models import Poll
from app.votes.polls.routes import Listed, listed
from app.votes.polls.service import seen_poll

# Smaller than the maps of designs, so that the words on it can still be read on a phone.
SIZE = (620, 400)


@blueprint.get("/assignments/<slug>/polls.svg")
@access.public
def polls_map(slug: str) -> Response:
    """The places that an assignment's polls are about, by their numbers in the list, with what came out."""
    assignment = assignment_by_slug(slug)
    area = area_of(assignment)
    placed = [one for one in listed(assignment.id) if one.poll.geom is not None]
    shapes = [from_wkb(one.poll.geom) for one in placed if one.poll.geom is not None]
    return picture(
        seen([area, *shapes], SIZE, area),
        assignment,
        title=_("Waar de peilingen over gaan: %(title)s", title=assignment.title),
        description=" ".join(_sentence(one) for one in placed),
        area=area,
        marks=[MapMark(shape, _label(one)) for shape, one in zip(shapes, placed, strict=True)],
        small=False,
    )


@blueprint.get("/polls/<uuid:poll_id>/map.svg")
@access.public
def poll_map(poll_id: uuid.UUID) -> Response:
    """The place that one poll is about."""
    poll = seen_poll(current_actor(), poll_id)
    assignment = assignment_by_id(poll.assignment_id)
    area = area_of(assignment)
    shape = from_wkb(poll.geom) if poll.geom is not None else area
    name = poll.place_name or _("de plek van de peiling")
    return picture(
        view_of([shape], SIZE, level=area),
        assignment,
        title=_("Kaart van %(title)s", title=name),
        description=poll.question,
        area=area,
        marks=[MapMark(shape, poll.place_name or "?")] if poll.geom is not None else [],
        small=False,
    )


@blueprint.get("/assignments/<slug>/care.svg")
@access.public
def care_map(slug: str) -> Response:
    """What is looked after, by its number in the list."""
    assignment = assignment_by_slug(slug)
    area = area_of(assignment)
    pledges = adoption.running(assignment.id, today())
    shapes = [from_wkb(one.geom) for one in pledges]
    return picture(
        seen([area, *shapes], SIZE, area),
        assignment,
        title=_("Waar mensen voor zorgen: %(title)s", title=assignment.title),
        description=" ".join(
            f"{number}. {kind_name(one)} {one.place_name}".rstrip() + "."
            for number, one in enumerate(pledges, 1)
        ),
        area=area,
        marks=[MapMark(shape.representative_point(), str(number)) for number, shape in enumerate(shapes, 1)],
        small=False,
    )


def place_of_poll(poll: Poll) -> tuple[float, float] | None:
    """Where a poll points at on a map, in degrees (longitude, latitude); None without a place."""
    if poll.geom is None:
        return None
    at = from_wkb(poll.geom).representative_point()
    return round(at.x, 7), round(at.y, 7)


def _label(one: Listed) -> str:
    return f"{one.number} · {_cut(one.outcome)}" if one.outcome else str(one.number)


def _sentence(one: Listed) -> str:
    return f"{one.number}. {one.poll.question} {one.outcome}".strip()


def _cut(text: str, longest: int = 28) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
