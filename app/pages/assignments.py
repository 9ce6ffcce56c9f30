"""The page of one assignment: brief, map, designs and comments."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for

from app.accounts import access
from app.accounts.access import current_actor
from app.core.transaction import transaction
from app.discussion.queries import comments_of_assignment
from app.errors import Problem
from app.pages import queries
from app.pages.blueprint import blueprint
from app.pages.routes import stage_of
from app.pages.threads import count_of, threads_of
from app.projects import followers
from app.projects.models import Assignment
from app.projects.queries import assignment_by_slug, moves_of, promise_changes_of

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


@blueprint.get("/desk/assignments/<slug>/preview")
@access.planner
def preview_assignment(slug: str) -> str:
    """The page of a concept as residents will see it, with what is left to do."""
    return render(assignment_by_slug(slug, concepts=True))


@blueprint.post("/assignments/<slug>/follow")
@access.participant
def follow_assignment(slug: str) -> Response:
    """Hear of dates that move, or (`follow=no`) no more."""
    assignment, actor = assignment_by_slug(slug), current_actor()
    with transaction():
        if request.form.get("follow") == "no":
            followers.stop(actor.person_id, assignment)
        else:
            followers.follow(actor, assignment)
    return redirect(url_for("pages.assignment", slug=slug, _anchor="volgen"), 303)  # type: ignore[return-value]


def render(
    assignment: Assignment, *, form: dict[str, str] | None = None, problems: list[Problem] | None = None
) -> str:
    """The page; with `form` and `problems` it shows again what somebody sent."""
    page, actor = page_number(), current_actor()
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
        promises_changed=promise_changes_of(assignment.id),
        follows=actor.id is not None and followers.follows(actor.id, assignment),
        cards=queries.design_cards(assignment.id, limit=CARDS_PER_PAGE, offset=(page - 1) * CARDS_PER_PAGE),
        threads=shown,
        thread_comments=count_of(threads),
        page=page,
        more=numbers[0] > page * CARDS_PER_PAGE or len(threads) > page * THREADS_PER_PAGE,
        form=form or {},
        problems=problems or [],
    )
