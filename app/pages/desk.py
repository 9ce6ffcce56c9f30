"""The planner's desk: every assignment with what came in and what can be taken out."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, render_template

from app.accounts import access
from app.pages import queries
from app.pages.blueprint import blueprint
from app.pages.routes import stage_of
from app.projects.models import Neighbourhood
from app.projects.queries import assignments


def areas_of(neighbourhoods: Iterable[Neighbourhood]) -> dict[str, list[float]]:
    """Where each neighbourhood lies, by slug: [west, south, east, north] in degrees, for the form's map."""
    extents = queries.extents_of(one.id for one in neighbourhoods)
    return {one.slug: extents[one.id] for one in neighbourhoods if one.id in extents}


@blueprint.get("/desk")
@access.planner
def desk() -> str:
    """All assignments, the newest first."""
    every = assignments(concepts=True)
    return render_template(
        "projects/desk.html",
        assignments=every,
        stages={one.id: stage_of(one) for one in every},
        numbers=queries.how_many([one.id for one in every]),
        api_address=f"{current_app.config['PUBLIC_URL']}/api",
    )
