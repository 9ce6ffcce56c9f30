"""The page of one assignment: brief, map, designs and comments."""

from __future__ import annotations

from flask import render_template, request

from app.accounts import access
from app.discussion.queries import comments_of_assignment
from app.errors import Problem
from app.pages import queries
from app.pages.blueprint import blueprint
from app.pages.routes import stage_of
from app.pages.threads import count_of, threads_of
from app.projects.models import Assignment
from app.projects.queries import assignment_by_slug, moves_of

CARDS_PER_PAGE = 24
THREADS_PER_PAGE = 50


def page_number() -> int:
    """Which page of a long list, from `?page=`; 1 where that is no number."""
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) > 0 else 1


@blueprint.get("/assignments/<slug>")
@access.public
def assignment(slug: str) -> str:
    """The assignment's page."""
    return render(assignment_by_slug(slug))


def render(
    assignment: Assignment, *, form: dict[str, str] | None = None, problems: list[Problem] | None = None
) -> str:
    """The page; with `form` and `problems` it shows again what somebody sent."""
    page = page_number()
    threads = threads_of(
        comment for comment in comments_of_assignment(assignment.id) if comment.target_id is None
    )
    shown = threads[(page - 1) * THREADS_PER_PAGE : page * THREADS_PER_PAGE]
    numbers = queries.how_many([assignment.id])[assignment.id]
    return render_template(
        "projects/assignment.html",
        assignment=assignment,
        stage=stage_of(assignment),
        numbers=numbers,
        moved=moves_of(assignment),
        cards=queries.design_cards(assignment.id, limit=CARDS_PER_PAGE, offset=(page - 1) * CARDS_PER_PAGE),
        threads=shown,
        thread_comments=count_of(threads),
        page=page,
        more=numbers[0] > page * CARDS_PER_PAGE or len(threads) > page * THREADS_PER_PAGE,
        form=form or {},
        problems=problems or [],
    )
