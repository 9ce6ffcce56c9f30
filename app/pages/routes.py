"""Home, and the pages that explain."""

from __future__ import annotations

from flask import render_template

from app.accounts import access
from app.core.clock import now
from app.pages import queries
from app.pages.blueprint import blueprint
from app.projects.domain import Stage, stage
from app.projects.models import Assignment
from app.projects.queries import assignments

CARDS_ON_HOME = 3


def stage_of(assignment: Assignment) -> Stage:
    """Where an assignment stands at this moment."""
    return stage(assignment.opens_at, assignment.closes_at, now())


@blueprint.get("/")
@access.public
def home() -> str:
    """The newest open assignment with its newest designs, and the others that are open."""
    every = assignments()
    first = next((one for one in every if stage_of(one) is Stage.OPEN), every[0] if every else None)
    if first is None:
        return render_template("pages/home_empty.html")
    return render_template(
        "pages/home.html",
        assignment=first,
        stage=stage_of(first),
        numbers=queries.how_many([first.id])[first.id],
        cards=queries.design_cards(first.id, limit=CARDS_ON_HOME),
        others=[one for one in every if one is not first and stage_of(one) is Stage.OPEN],
    )


@blueprint.get("/assignments")
@access.public
def all_assignments() -> str:
    """All assignments, open ones first."""
    order = [Stage.OPEN, Stage.UPCOMING, Stage.CLOSED]
    every = sorted(assignments(), key=lambda one: order.index(stage_of(one)))
    return render_template(
        "projects/assignments.html",
        assignments=every,
        stages={one.id: stage_of(one) for one in every},
        numbers=queries.how_many([one.id for one in every]),
    )


@blueprint.get("/how-it-works")
@access.public
def how_it_works() -> str:
    """What people can do here, step by step."""
    return render_template("pages/how_it_works.html")


@blueprint.get("/privacy")
@access.public
def privacy() -> str:
    """What we store, for how long, and the one cookie."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@access.public
def accessibility() -> str:
    """What was tested and what is not yet right."""
    return render_template("pages/accessibility.html")
