"""The pages around a map: looking at an assignment, and drawing a design in the workshop."""

from __future__ import annotations

import math
import uuid
from typing import Any

import orjson
import shapely
from flask import abort, render_template, request
from flask_wtf.csrf import generate_csrf
from shapely.geometry.base import BaseGeometry

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.formatting import to
from app.core.geometry import from_wkb, to_geojson, to_metric
from app.core.language import current_language
from app.core.web import etag
from app.designs import permissions, standing
from app.designs import queries as designs
from app.designs.catalogue import catalogue
from app.designs.domain import Status
from app.designs.models import Design
from app.designs.schemas import design_feature
from app.designs.service import own_design, seen_design
from app.discussion.queries import comments_of_assignment
from app.pages import queries
from app.pages.blueprint import blueprint
from app.pages.routes import stage_of
from app.pages.threads import threads_of
from app.pages.vote_pictures import place_of_poll
from app.projects.models import Assignment
from app.projects.permissions import is_open
from app.projects.queries import area_of, assignment_by_slug
from app.projects.service import why_closed
from app.votes.polls.routes import listed

MOST_ON_THE_MAP = 500


@blueprint.get("/assignments/<slug>/map")
@access.public
def map_page(slug: str) -> str:
    """The map of an assignment with its designs and comments, and the same as a list."""
    assignment = assignment_by_slug(slug)
    cards = queries.design_cards(assignment.id, limit=MOST_ON_THE_MAP)
    comments = comments_of_assignment(assignment.id)
    config = {
        **shared_settings(assignment),
        "place": assignment.title,
        "changes": True,
        "comments": True,
        "search": True,
        "titles": {str(card.id): card.title for card in cards},
        "designUrl": to("/designs/{id}"),
        "commentUrl": to(f"/assignments/{assignment.slug}") + "#c-{id}",
        "pollUrl": to("/polls/{id}"),
        "polls": [
            {"id": str(one.poll.id), "question": one.poll.question, "at": place_of_poll(one.poll)}
            for one in listed(assignment.id)
            if one.poll.geom is not None
        ],
    }
    return render_template(
        "maps/map.html",
        assignment=assignment,
        stage=stage_of(assignment),
        cards=cards,
        threads=threads_of(comment for comment in comments if comment.geom is not None),
        place_of_poll=place_of_poll,
        module_config=as_json(config),
    )


@blueprint.get("/assignments/<slug>/draw")
@access.public
def draw(slug: str) -> str:
    """The workshop: a new design, one's own (`?design=`) or a copy of another's (`?remix=`)."""
    assignment = assignment_by_slug(slug)
    config = {
        **shared_settings(assignment),
        "catalogueUrl": to("/api/catalogue"),
        "designUrl": to("/designs/{id}"),
    }
    if current_actor().takes_part:
        config["csrf"] = generate_csrf()
    if (own := _asked_for("design")) is not None:
        design = own_design(current_actor(), own)
        config["design"] = {**_feature(design, assignment), "etag": etag(design.revision)}
    elif (source := _asked_for("remix")) is not None:
        design = seen_design(current_actor(), source)
        if design.assignment_id != assignment.id or design.status == Status.DRAFT:
            abort(404)
        config["remix"] = _feature(design, assignment)
    return render_template(
        "designs/draw.html", assignment=assignment, stage=stage_of(assignment), module_config=as_json(config)
    )


def as_json(value: dict[str, Any]) -> str:
    """Settings of a front-end module for a `data-config` attribute (escaped by the template)."""
    return orjson.dumps(value).decode()


def _asked_for(name: str) -> uuid.UUID | None:
    given = request.args.get(name)
    if not given:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        abort(404)


def _feature(design: Design, assignment: Assignment) -> dict[str, Any]:
    return design_feature(
        design,
        designs.version_of(design),
        assignment,
        catalogue(),
        mine=permissions.is_author(current_actor(), design),
        counts=standing.counts(design.id),
    )


def shared_settings(assignment: Assignment) -> dict[str, Any]:
    """What every map of an assignment starts from: its address, its area and how it lies."""
    area = area_of(assignment)
    return {
        "apiBase": to("/api"),
        "lang": current_language(),
        "neighbourhood": assignment.neighbourhood.slug,
        "attribution": assignment.neighbourhood.attribution,
        "assignment": {
            "slug": assignment.slug,
            "title": assignment.title,
            "area": to_geojson(area),
            "bbox": list(area.bounds),
            "open": is_open(assignment, "designs.draw", now()),
            "closed": why_closed(assignment, "designs.draw", now()),
            "talking": is_open(assignment, "comments.place", now()),
            "kinds": assignment.allowed_kinds,
            "zones": [
                {"kind": zone.kind, "reason": zone.reason, "geometry": to_geojson(from_wkb(zone.geom))}
                for zone in assignment.zones
            ],
        },
        "bbox": list(area.bounds),
        "bearing": level_bearing(to_metric(area, assignment.neighbourhood.metric_srid)),
        "svgUrl": to(f"/assignments/{assignment.slug}/map.svg"),
    }


def level_bearing(area: BaseGeometry) -> float:
    """The compass bearing (degrees, -90 to 90) that must point up to let a long area lie level on the screen.

    `area` is in metres, x east and y north.
    """
    (ax, ay), (bx, by), (cx, cy), *_ = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    short, long = sorted([(bx - ax, by - ay), (cx - bx, cy - by)], key=lambda side: math.hypot(*side))
    if math.hypot(*short) * 1.2 > math.hypot(*long):
        return 0.0
    east, north = long
    azimuth = math.degrees(math.atan2(east, north))
    return round(azimuth % 180 - 90, 1)
