"""Pages of pledges: what is looked after, what can be, and one's own."""

from __future__ import annotations

import uuid
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import current_actor, ensure_guest
from app.core.clock import now
from app.core.formatting import to
from app.core.problems import Problems
from app.core.transaction import transaction
from app.errors import Invalid, NotFound, Problem, WrongState
from app.projects.permissions import is_open
from app.projects.queries import assignment_by_id, assignment_by_slug
from app.projects.service import why_closed
from app.votes.adoption import domain, forms, permissions, queries, service, words
from app.votes.adoption.service import Thing

blueprint = Blueprint("adoption", __name__)
PER_PAGE = 60


def today() -> date:
    """The day in the municipality."""
    return now().astimezone(ZoneInfo(current_app.config["TIME_ZONE"])).date()


@blueprint.get("/assignments/<slug>/care")
@access.public
def care(slug: str) -> str:
    """What is looked after in an assignment, and what could be."""
    assignment = assignment_by_slug(slug)
    given = request.args.get("page", "1")
    page = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 5 and int(given) else 1
    things = queries.things(
        assignment.id, domain.OBJECT_KINDS, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
    )
    pledges = queries.running(assignment.id, today())
    moment = now()
    return render_template(
        "votes/adoption/care.html",
        assignment=assignment,
        pledges=pledges,
        things=things[:PER_PAGE],
        taken={one.object_id for one in pledges},
        page=page,
        more=len(things) > PER_PAGE,
        may_pledge=is_open(assignment, service.ACTION, moment),
        closed_because=why_closed(assignment, service.ACTION, moment),
        words=words,
    )


@blueprint.get("/assignments/<slug>/care/new")
@access.public
def new(slug: str) -> str:
    """The form to look after something: `?change=` of a public design, or `?object=` of the street."""
    return _form(_thing(slug), {"starts_on": today().isoformat(), "unit": "years", "count": "1"}, [])


@blueprint.post("/assignments/<slug>/care/new")
@access.visitor_may_write
def create(slug: str) -> Response | tuple[str, int]:
    """Pledge it, or show what is wrong."""
    thing = _thing(slug)
    try:
        given = forms.read_pledge(request.form)
        actor = ensure_guest()
        with transaction():
            made_id = service.pledge(actor, thing, given, now(), today()).id
    except (Invalid, WrongState) as error:
        problems = list(error.problems) or [Problem("/thing", error.detail)]
        return _form(_thing(slug), request.form.to_dict(), problems), error.status
    flash(_("Dank je wel! Het staat erbij. Wie een e-mailadres heeft krijgt een mail voordat het stopt."))
    return redirect(to(f"/care/{made_id}"), 303)


@blueprint.get("/care/<uuid:adoption_id>")
@access.public
def pledge(adoption_id: uuid.UUID) -> str:
    """One pledge; who made it extends or ends it here."""
    return _page(adoption_id, [])


@blueprint.post("/care/<uuid:adoption_id>/extend")
@access.participant
def extend(adoption_id: uuid.UUID) -> Response | tuple[str, int]:
    """Look after it longer."""
    problems = Problems()
    try:
        months = forms.read_months(request.form, problems)
        problems.raise_if_any()
        with transaction():
            service.extend(current_actor(), adoption_id, months, today())
    except (Invalid, WrongState) as error:
        found = list(error.problems) or [Problem("/count", error.detail)]
        return _page(adoption_id, found), error.status
    flash(_("Dank je wel! Je zorgt er langer voor."))
    return redirect(to(f"/care/{adoption_id}"), 303)


@blueprint.post("/care/<uuid:adoption_id>/end")
@access.participant
def end(adoption_id: uuid.UUID) -> Response:
    """Look after it no longer."""
    with transaction():
        service.end(current_actor(), adoption_id, now())
    flash(_("Je toezegging is gestopt. Dank je wel voor wat je deed."))
    return redirect(to(f"/care/{adoption_id}"), 303)


@blueprint.post("/care/<uuid:adoption_id>/name")
@access.participant
def take_name_away(adoption_id: uuid.UUID) -> Response:
    """Remove a public name that should not be there."""
    with transaction():
        service.take_name_away(current_actor(), adoption_id)
    flash(_("De naam is weg."))
    return redirect(to(f"/care/{adoption_id}"), 303)


def _thing(slug: str) -> Thing:
    assignment = assignment_by_slug(slug)
    change, number = request.values.get("change", ""), request.values.get("object", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return service.thing_of_object(assignment, int(number))
    try:
        change_id = uuid.UUID(change)
    except ValueError:
        raise NotFound(_("Dit is er niet (meer), of je kunt er niet voor zorgen.")) from None
    thing = service.thing_of_change(current_actor(), change_id)
    if thing.assignment.id != assignment.id:
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    return thing


def _form(thing: Thing, values: dict[str, str], problems: list[Problem]) -> str:
    moment = now()
    return render_template(
        "votes/adoption/new.html",
        assignment=thing.assignment,
        thing=thing,
        name=words.thing_name(thing.kind, from_design=thing.design_id is not None),
        change=request.values.get("change", ""),
        values=values,
        problems=problems,
        is_open=is_open(thing.assignment, service.ACTION, moment),
        closed_because=why_closed(thing.assignment, service.ACTION, moment),
    )


def _page(adoption_id: uuid.UUID, problems: list[Problem]) -> str:
    found = queries.adoption_by_id(adoption_id)
    actor = current_actor()
    return render_template(
        "votes/adoption/pledge.html",
        pledge=found,
        assignment=assignment_by_id(found.assignment_id),
        name=words.kind_name(found),
        sentence=words.sentence(found),
        is_own=permissions.is_own(actor, found),
        is_over=found.ended_at is not None or found.ends_on <= today(),
        may_take_name_away=permissions.can_take_name_away(actor),
        problems=problems,
    )
