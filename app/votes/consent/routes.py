"""Pages of consent: for who has a letter, for everybody, and for planners."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.access import current_actor
from app.core.formatting import to
from app.core.problems import Problems
from app.core.transaction import transaction
from app.designs.catalogue import kind_groups
from app.designs.queries import change_by_id, design_by_id, version_of
from app.errors import Invalid, NotFound, Problem, WrongState
from app.projects.queries import assignment_by_id, assignment_by_slug
from app.votes import acts
from app.votes.consent import domain, forms, permissions, queries, service, words
from app.votes.consent.domain import Rule, Side, Status
from app.votes.consent.models import Consent
from app.votes.fields import read_place
from app.votes.letters import asking

blueprint = Blueprint("consent", __name__)


def zone() -> ZoneInfo:
    """The municipality's time zone."""
    return ZoneInfo(current_app.config["TIME_ZONE"])


# --- Who has a letter, and everybody ------------------------------------------------------------------------


@blueprint.get("/consent/<int:number>")
@access.public
def consent(number: int) -> str:
    """What is proposed, the rule, until when, how many answered; and the form for the code from a letter."""
    return _public_page(queries.consent_by_number(number), {}, [])


@blueprint.post("/consent/<int:number>/answer")
@access.visitor_may_write
def answer(number: int) -> str | tuple[str, int]:
    """Answer by the code in a letter; the same again changes nothing, another answer takes its place.

    Nothing of who sends it is kept: no account, no cookie. The answer hangs on the address.
    """
    found = queries.consent_by_number(number)
    problems = Problems()
    reply, reason = forms.read_reply(request.form, problems)
    try:
        letter = asking.letter_of(service.PURPOSE, found.id, request.form.get("code", ""))
        problems.raise_if_any()
        if letter.address_ref is None:
            raise NotFound(_("Dit adres staat niet op de lijst."))
        with transaction():
            service.answer(found, letter.address_ref, reply, reason)
    except (Invalid, WrongState) as error:
        told = [*error.problems] or [Problem("/answer", error.detail)]
        told += [one for one in problems.found if one not in told]
        return _public_page(queries.consent_by_number(number), request.form.to_dict(), told), error.status
    found = queries.consent_by_number(number)
    return render_template(
        "votes/consent/done.html",
        consent=found,
        address=letter.address,
        reply=words.REPLIES[reply],
        reason=reason,
        proposal=words.proposal(found),
    )


def _public_page(consent: Consent, values: dict[str, str], problems: list[Problem]) -> str:
    rule = Rule.read(consent.rule)
    status, told, as_of = service.public_standing(consent, zone())
    design = design_by_id(consent.design_id)
    return render_template(
        "votes/consent/consent.html",
        consent=consent,
        assignment=assignment_by_id(consent.assignment_id),
        design=design,
        title=version_of(design, consent.version).title,
        proposal=words.proposal(consent),
        status=status,
        told=told,
        as_of=as_of,
        rule=rule,
        guessable=domain.can_be_guessed(rule, queries.asked(consent.id)),
        least_asked=domain.LEAST_ASKED,
        log=[act for act in acts.of("consent", consent.id) if act.act in ("extended", "withdrawn")],
        words=words,
        values=values,
        problems=problems,
        may_manage=permissions.can_manage(current_actor()),
        longest=domain.LONGEST_REASON,
    )


# --- Planners: rules ----------------------------------------------------------------------------------------


@blueprint.get("/desk/assignments/<slug>/consent")
@access.planner
def desk(slug: str) -> str:
    """The rules of an assignment, and what was put before neighbours."""
    return _desk_page(slug, None, [])


@blueprint.post("/desk/assignments/<slug>/consent")
@access.planner
def set_rule(slug: str) -> Response | tuple[str, int]:
    """Set the rule, for all kinds or for one."""
    assignment = assignment_by_slug(slug, concepts=True)
    problems = Problems()
    try:
        rule = forms.read_rule(request.form, problems)
        reason = forms.read_text(request.form, "reason", acts.LONGEST_REASON, problems)
        problems.raise_if_any()
        with transaction():
            service.set_rule(current_actor(), assignment, request.form.get("kind") or None, rule, reason)
    except Invalid as error:
        return _desk_page(slug, request.form.to_dict(), list(error.problems)), 422
    flash(_("De regel geldt vanaf nu. Wat al aan buren is gevraagd, houdt zijn eigen regel."))
    return _redirect(f"/desk/assignments/{slug}/consent")


def _desk_page(slug: str, values: dict[str, str] | None, problems: list[Problem]) -> str:
    assignment = assignment_by_slug(slug, concepts=True)
    rules = queries.rules_of(assignment.id)
    moment = queries.clock()
    return render_template(
        "votes/consent/desk.html",
        assignment=assignment,
        rules=rules,
        current={rule.kind: rule for rule in reversed(rules)},
        consents=[(one, service.status_of(one, moment)) for one in queries.consents_of(assignment.id)],
        values=values or forms.rule_values(domain.HAARLEM),
        problems=problems,
        kind_groups=kind_groups(),
        words=words,
    )


# --- Planners: one question ---------------------------------------------------------------------------------


@blueprint.get("/desk/consent/new")
@access.planner
def new() -> str:
    """The form to put a change before the neighbours; the rule of the assignment stands in it."""
    change = _change_id()
    found = change_by_id(change)
    if found is None:
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    design = design_by_id(found.design_id)
    rule = queries.rule_for(design.assignment_id, found.kind) or domain.HAARLEM
    return _new_page(change, forms.rule_values(rule), [])


@blueprint.post("/desk/consent/new")
@access.planner
def create() -> Response | tuple[str, int]:
    """Find the addresses, or show what is wrong."""
    change = _change_id()
    try:
        question = forms.read_question(request.form, zone())
        with transaction():
            made, _found = service.ask(current_actor(), change, question, queries.clock())
            made_id = made.id
    except Invalid as error:
        return _new_page(change, request.form.to_dict(), list(error.problems)), 422
    flash(_("De adressen zijn gezocht. Kijk ze na, en maak dan de brieven."))
    return _redirect(f"/desk/consent/{made_id}")


def _change_id() -> uuid.UUID:
    try:
        return uuid.UUID(request.values.get("change", ""))
    except ValueError:
        raise NotFound(_("Deze wijziging bestaat niet (meer).")) from None


def _new_page(change_id: uuid.UUID, values: dict[str, str], problems: list[Problem]) -> str:
    change = change_by_id(change_id)
    if change is None:
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    design = design_by_id(change.design_id)
    return render_template(
        "votes/consent/new.html",
        change=change,
        design=design,
        title=version_of(design, change.version).title,
        assignment=assignment_by_id(design.assignment_id),
        values=values,
        problems=problems,
        words=words,
    )


@blueprint.get("/desk/consent/<uuid:consent_id>")
@access.planner
def manage(consent_id: uuid.UUID) -> str:
    """The addresses on a list and a map, what they answered, and what can be done now."""
    return manage_page(consent_id, {}, [])


@blueprint.post("/desk/consent/<uuid:consent_id>")
@access.planner
def act(consent_id: uuid.UUID) -> Response | tuple[str, int]:
    """One of the planner's acts, by the button that was pressed."""
    name = request.form.get("act", "")
    if name not in _ACTS:
        raise NotFound(_("Dit kennen we niet."))
    problems = Problems()
    try:
        with transaction():
            done = _ACTS[name](consent_id, problems)
    except (Invalid, WrongState) as error:
        told = list(error.problems) or [Problem("/act", error.detail)]
        return manage_page(consent_id, request.form.to_dict(), told), error.status
    flash(done)
    if name == "discard":
        return _redirect("/desk")
    return _redirect(f"/desk/consent/{consent_id}")


def _reason(problems: Problems, name: str = "reason") -> str:
    return forms.read_text(request.form, name, acts.LONGEST_REASON, problems)


def _address_id() -> int:
    given = request.form.get("address_id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def _change_question(consent_id: uuid.UUID, problems: Problems) -> str:
    question = forms.read_question(request.form, zone())
    service.change_question(current_actor(), consent_id, question, queries.clock())
    return str(_("De adressen zijn opnieuw gezocht. Wat je zelf wijzigde, bleef."))


def _strike(consent_id: uuid.UUID, problems: Problems) -> str:
    reason = _reason(problems)
    problems.raise_if_any()
    service.strike(current_actor(), consent_id, _address_id(), reason)
    return str(_("Dit adres wordt niet gevraagd."))


def _restore(consent_id: uuid.UUID, problems: Problems) -> str:
    service.restore(current_actor(), consent_id, _address_id())
    return str(_("Dit adres wordt weer gevraagd."))


def _add(consent_id: uuid.UUID, problems: Problems) -> str:
    assignment = assignment_by_id(queries.consent_by_id(consent_id).assignment_id)
    typed = forms.read_text(request.form, "address", forms.LONGEST_LABEL, problems)
    side = forms.read_side(request.form, problems)
    reason = _reason(problems)
    point = None
    if request.form.get("unknown"):
        label = " ".join(typed.split())
    else:
        label, point = read_place(typed, assignment.neighbourhood.slug, "/address", problems)
    problems.raise_if_any()
    service.add(current_actor(), consent_id, label, side, reason, point=point)
    return str(_("Het adres staat op de lijst."))


def _extend(consent_id: uuid.UUID, problems: Problems) -> str:
    closes_at = forms.read_last_day(request.form, zone(), problems)
    reason = _reason(problems)
    problems.raise_if_any()
    if closes_at is None:
        raise AssertionError("a required day is there")
    service.extend(current_actor(), consent_id, closes_at, reason)
    return str(_("De laatste dag is later."))


def _withdraw(consent_id: uuid.UUID, problems: Problems) -> str:
    reason = _reason(problems)
    problems.raise_if_any()
    service.withdraw(current_actor(), consent_id, reason, queries.clock())
    return str(_("De vraag is gestopt. Er komt geen uitkomst."))


def _paper(consent_id: uuid.UUID, problems: Problems) -> str:
    reply, reason = forms.read_reply(request.form, problems)
    note = _reason(problems, "note")
    problems.raise_if_any()
    service.enter_paper(current_actor(), consent_id, _address_id(), reply, reason, note)
    return str(_("Het antwoord staat erbij, met hoe het binnenkwam."))


def _discard(consent_id: uuid.UUID, problems: Problems) -> str:
    service.discard(current_actor(), consent_id)
    return str(_("De vraag is weggegooid. Er was nog geen brief gemaakt."))


_ACTS: dict[str, Callable[[uuid.UUID, Problems], str]] = {
    "change": _change_question,
    "strike": _strike,
    "restore": _restore,
    "add": _add,
    "extend": _extend,
    "withdraw": _withdraw,
    "paper": _paper,
    "discard": _discard,
}


def manage_page(consent_id: uuid.UUID, values: dict[str, str], problems: list[Problem]) -> str:
    """The planner's page of one question; with `values` and `problems` it shows again what was sent."""
    found = queries.consent_by_id(consent_id)
    standing = service.standing(found)
    addresses = queries.addresses_of(found.id)
    rule = Rule.read(found.rule)
    design = design_by_id(found.design_id)
    return render_template(
        "votes/consent/manage.html",
        consent=found,
        assignment=assignment_by_id(found.assignment_id),
        design=design,
        title=version_of(design, found.version).title,
        proposal=words.proposal(found),
        status=standing.status,
        state=standing.state,
        count=domain.count(standing.asked),
        rule=rule,
        guessable=domain.can_be_guessed(rule, standing.asked),
        by_side=[(side, [one for one in addresses if one.side == side]) for side in Side],
        numbers={one.id: number for number, one in enumerate(addresses, 1)},
        answers=queries.latest_answers(found.id),
        letters=queries.letter_ids(found.id) if found.sent_at else {},
        before_sending=service.problems_before_sending(found, queries.clock())
        if standing.status is Status.DRAFT
        else [],
        log=acts.of("consent", found.id),
        words=words,
        values=values or forms.question_values(found, zone()),
        problems=problems,
    )


def _redirect(path: str) -> Response:
    return redirect(to(path), 303)


def consents_shown(design_id: uuid.UUID) -> list[dict[str, Any]]:
    """The questions about a design for its page: number, what it is about, where it stands."""
    found = queries.sent_of_design(design_id)
    if not found:
        return []
    moment = queries.clock()
    return [
        {
            "number": one.number,
            "proposal": words.proposal(one),
            "status": service.status_of(one, moment),
            "closes_at": one.closes_at,
            "change": one.change_id,
        }
        for one in found
    ]
