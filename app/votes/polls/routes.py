"""Pages of polls: the question with its answers for everybody, and the planner's forms."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import current_actor, ensure_guest
from app.core.clock import now
from app.core.formatting import to
from app.core.transaction import transaction
from app.errors import Invalid, Problem, WrongState
from app.projects.models import Assignment
from app.projects.permissions import is_open
from app.projects.queries import assignment_by_id, assignment_by_slug
from app.projects.service import title_of as phase_title
from app.projects.service import why_closed
from app.votes import acts
from app.votes.polls import domain, forms, permissions, queries, service, words
from app.votes.polls.domain import Kind, Status
from app.votes.polls.models import Poll

blueprint = Blueprint("polls", __name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A poll in a list: its number there and on the map, where it stands, and what came out if told."""

    number: int
    poll: Poll
    status: Status
    people: int
    outcome: str


def listed(assignment_id: uuid.UUID) -> list[Listed]:
    """The polls of an assignment; an outcome stands beside those that are over."""
    polls, moment = queries.polls_of(assignment_id), now()
    if not polls:
        return []
    people = queries.how_many(poll.id for poll in polls)
    found = []
    for number, poll in enumerate(polls, start=1):
        status = service.status_of(poll, moment)
        outcome = words.shortest(poll, results_of(poll, status)) if status is Status.CLOSED else ""
        found.append(Listed(number, poll, status, people.get(poll.id, 0), outcome))
    return found


def results_of(poll: Poll, status: Status) -> domain.Results:
    """The counted answers of a poll: all of them once it is over, in steps while it runs.

    Who has what to do with the place is told at the end only: of a group one person may come in at a step.
    """
    given, is_over = queries.answers_of(poll.id), status is Status.CLOSED
    told = [one.answer for one in given] if is_over else domain.so_far(given)
    return domain.results(
        Kind(poll.kind), len(poll.choices), told, asks_relation=poll.asks_relation and is_over
    )


@blueprint.get("/polls/<uuid:poll_id>")
@access.public
def poll(poll_id: uuid.UUID) -> str:
    """The question; the answers so far once one has answered or it is over."""
    return _page(service.seen_poll(current_actor(), poll_id))


@blueprint.post("/polls/<uuid:poll_id>/answer")
@access.visitor_may_write
def answer(poll_id: uuid.UUID) -> Response | tuple[str, int]:
    """Answer, answer otherwise, or take one's answer back."""
    found = service.seen_poll(current_actor(), poll_id)
    back = request.form.get("act") == "back"
    given = forms.read_answer(request.form.getlist("choice"), request.form.get("relation", ""))
    if not back and not domain.is_answer(Kind(found.kind), len(found.choices), found.most, given.chosen):
        # Before anybody becomes a guest for it.
        return _page(found, given.chosen, [Problem("/choice", service.how_to_choose(found))]), 422
    actor = ensure_guest()
    try:
        with transaction():
            if back:
                service.take_back(actor, poll_id, now())
            else:
                service.answer(actor, poll_id, given, now())
    except Invalid as error:
        return _page(queries.poll_by_id(poll_id), given.chosen, list(error.problems)), 422
    flash(
        _("Je antwoord is weg.")
        if back
        else _("Je antwoord staat erbij. Je kunt het wijzigen tot de peiling sluit.")
    )
    return redirect(to(f"/polls/{poll_id}" if back else f"/polls/{poll_id}#uitkomst"), 303)


def _page(poll: Poll, chosen: tuple[int, ...] | None = None, problems: list[Problem] | None = None) -> str:
    assignment = assignment_by_id(poll.assignment_id)
    moment, actor = now(), current_actor()
    status = service.status_of(poll, moment)
    own = queries.answer_by(poll.id, actor.id)
    seen = permissions.can_see_results(status, own)
    results = results_of(poll, status) if seen else None
    closed_because = (
        "" if is_open(assignment, service.ACTION, moment) else why_closed(assignment, service.ACTION, moment)
    )
    return render_template(
        "votes/polls/poll.html",
        poll=poll,
        assignment=assignment,
        status=status,
        may_answer=status is Status.OPEN and not closed_because,
        closed_because=closed_because,
        own=own,
        own_words=", ".join(words.choice_words(poll, one) for one in own.chosen) if own else "",
        chosen=chosen if chosen is not None else (own.chosen if own else ()),
        results=results,
        rows=words.rows(poll, results) if results else [],
        group_rows=words.group_rows(results) if results else [],
        middle=words.middle(poll, results) if results else "",
        people=queries.how_many([poll.id]).get(poll.id, 0),
        least=domain.LEAST_ANSWERS,
        choice_words=words.choice_words,
        numbers=list(domain.SCALE) if poll.kind == Kind.SCALE else list(range(1, len(poll.choices) + 1)),
        relations=words.RELATIONS,
        statuses=words.STATUSES,
        log=[act for act in acts.of("poll", poll.id) if act.reason],
        act_words=words.ACTS,
        phase=phase_title(poll.phase.type) if poll.phase else "",
        may_manage=permissions.can_manage(actor),
        problems=problems or [],
    )


@blueprint.get("/desk/assignments/<slug>/polls")
@access.planner
def desk(slug: str) -> str:
    """The polls of an assignment, for planners."""
    assignment = assignment_by_slug(slug, concepts=True)
    return render_template(
        "votes/polls/desk.html", assignment=assignment, polls=listed(assignment.id), statuses=words.STATUSES
    )


@blueprint.get("/desk/assignments/<slug>/polls/new")
@access.planner
def new(slug: str) -> str:
    """An empty form."""
    return _form(assignment_by_slug(slug, concepts=True), {"kind": Kind.ONE.value}, [])


@blueprint.post("/desk/assignments/<slug>/polls/new")
@access.planner
def create(slug: str) -> Response | tuple[str, int]:
    """Make it, or show what is wrong."""
    assignment = assignment_by_slug(slug, concepts=True)
    try:
        draft = forms.read_poll(request.form, _zone(), assignment.neighbourhood.slug)
        with transaction():
            made = service.make_poll(current_actor(), assignment, draft)
            made_id = made.id
    except Invalid as error:
        return _form(
            assignment_by_slug(slug, concepts=True), request.form.to_dict(), list(error.problems)
        ), 422
    flash(_("De peiling staat klaar. Ze gaat vanzelf open."))
    return redirect(to(f"/polls/{made_id}"), 303)


@blueprint.get("/desk/polls/<uuid:poll_id>")
@access.planner
def edit(poll_id: uuid.UUID) -> str:
    """The form of a poll, or only its end once somebody answered."""
    poll = queries.poll_by_id(poll_id)
    return _form(assignment_by_id(poll.assignment_id), forms.filled(poll, _zone()), [], poll)


@blueprint.post("/desk/polls/<uuid:poll_id>")
@access.planner
def change(poll_id: uuid.UUID) -> Response | tuple[str, int]:
    """Change the question, move the last day, or end it now."""
    poll = queries.poll_by_id(poll_id)
    assignment = assignment_by_id(poll.assignment_id)
    act = request.form.get("act", "")
    try:
        if act == "change":
            draft = forms.read_poll(request.form, _zone(), assignment.neighbourhood.slug, poll)
        else:
            closes_at, reason = forms.read_end(request.form, _zone(), acts.LONGEST_REASON)
        with transaction():
            if act == "change":
                service.change_poll(current_actor(), poll_id, draft)
            elif act == "end":
                service.end_poll(current_actor(), poll_id, reason, now())
            else:
                service.move_end(current_actor(), poll_id, closes_at, reason, now())
    except (Invalid, WrongState) as error:
        problems = list(error.problems) or [Problem("/act", error.detail)]
        values = {**forms.filled(queries.poll_by_id(poll_id), _zone()), **request.form.to_dict()}
        return _form(assignment_by_id(poll.assignment_id), values, problems, poll), error.status
    flash(_("De peiling is gewijzigd."))
    return redirect(to(f"/polls/{poll_id}"), 303)


def _form(
    assignment: Assignment, values: dict[str, str], problems: list[Problem], poll: Poll | None = None
) -> str:
    return render_template(
        "votes/polls/form.html",
        assignment=assignment,
        poll=poll,
        values=values,
        problems=problems,
        answered=poll is not None and queries.has_answers(poll.id),
        is_over=poll is not None and service.status_of(poll, now()) is Status.CLOSED,
        kinds=words.KINDS,
        phases=[(phase, phase_title(phase.type)) for phase in assignment.phases],
        longest_reason=acts.LONGEST_REASON,
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIME_ZONE"])
