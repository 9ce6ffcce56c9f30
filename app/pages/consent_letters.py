"""Letters to neighbours as a PDF, with a picture of the place; and the maps of consent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import shapely
from flask import Response, current_app, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import access
from app.accounts.access import current_actor
from app.core.formatting import last_day, to
from app.core.geometry import from_wkb
from app.core.language import current_language
from app.core.problems import Problems
from app.core.transaction import transaction
from app.designs.queries import design_by_id, version_of
from app.errors import Invalid, Problem, WrongState
from app.maps.drawing import MapChange, MapMark, View, svg_map, view_of
from app.pages.blueprint import blueprint
from app.pages.pictures import CROWNS_M, picture, present, seen
from app.pages.words import chalk_of, change_icon
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_id
from app.votes.acts import LONGEST_REASON
from app.votes.consent import domain, queries, service, words
from app.votes.consent.domain import Rule, Side
from app.votes.consent.models import Consent
from app.votes.consent.print import Letter, Letters, printed
from app.votes.consent.routes import manage_page
from app.votes.letters import qr
from app.votes.letters.domain import Addressed, shown

SIZE, LIST_SIZE, LETTER_PICTURE = (620, 400), (860, 480), (620, 560)
# Enough of the street that people recognise it.
AROUND_M = 12.0


@blueprint.get("/consent/<int:number>/map.svg")
@access.public
def consent_map(number: int) -> Response:
    """The place of a question to neighbours, with what is proposed; no addresses."""
    consent = queries.consent_by_number(number)
    assignment = assignment_by_id(consent.assignment_id)
    return picture(
        _view(consent, assignment, SIZE),
        assignment,
        [_change(consent)],
        title=_("Kaart: %(what)s", what=words.proposal(consent)),
        description=_("De plek van het voorstel, met de straat eromheen zoals ze nu is."),
        small=False,
    )


@blueprint.get("/desk/consent/<uuid:consent_id>/map.svg")
@access.planner
def addresses_map(consent_id: uuid.UUID) -> Response:
    """The addresses of a question by their number in the list; those not asked struck through."""
    consent = queries.consent_by_id(consent_id)
    assignment = assignment_by_id(consent.assignment_id)
    placed = [
        (number, one, from_wkb(one.point))
        for number, one in enumerate(queries.addresses_of(consent.id), 1)
        if one.point is not None
    ]
    marks = [
        MapMark(point, str(number), ("ink" if one.side == Side.FRONT else "plain") if one.is_asked else "off")
        for number, one, point in placed
    ]
    area = area_of(assignment)
    return picture(
        seen([from_wkb(consent.geom), *(point for _n, _one, point in placed)], LIST_SIZE, area),
        assignment,
        [_change(consent)],
        title=_("De adressen die gevraagd worden"),
        description=", ".join(f"{number}. {one.label}" for number, one, _point in placed),
        marks=marks,
        small=False,
    )


@blueprint.post("/desk/consent/<uuid:consent_id>/letters")
@access.planner
def make_consent_letters(consent_id: uuid.UUID) -> Response | tuple[str, int]:
    """All letters as one PDF. This answer is the only place where the codes can be read."""
    try:
        with transaction():
            made = service.make_letters(current_actor(), consent_id, queries.clock())
            pdf = _printed(queries.consent_by_id(consent_id), made)
    except (Invalid, WrongState) as error:
        told = list(error.problems) or [Problem("/letters", error.detail)]
        return manage_page(consent_id, {}, told), error.status
    flash(
        ngettext(
            "%(num)d brief is gemaakt. Bewaar de PDF: hij komt niet terug.",
            "%(num)d brieven zijn gemaakt. Bewaar de PDF: hij komt niet terug.",
            len(made),
        )
    )
    return _pdf(pdf, "brieven.pdf")


@blueprint.post("/desk/consent/<uuid:consent_id>/letters/<int:address_id>")
@access.planner
def replace_consent_letter(consent_id: uuid.UUID, address_id: int) -> Response | tuple[str, int]:
    """A new letter for one that got lost; the old code works no more."""
    problems = Problems()
    reason = problems.text(
        {"reason": request.form.get("reason", "")}, "reason", required=True, longest=LONGEST_REASON
    )
    try:
        problems.raise_if_any()
        with transaction():
            made = service.replace_letter(
                current_actor(), consent_id, min(address_id, 2**62), reason, queries.clock()
            )
            pdf = _printed(queries.consent_by_id(consent_id), [made])
    except (Invalid, WrongState) as error:
        told = list(error.problems) or [Problem("/letters", error.detail)]
        return manage_page(consent_id, {}, told), error.status
    flash(_("De nieuwe brief is gemaakt. De oude code werkt niet meer."))
    return _pdf(pdf, "brief.pdf")


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # The codes: for the printer, not for any cache.
    response.headers["Cache-Control"] = "no-store"
    return response


def _printed(consent: Consent, made: Sequence[tuple[str, Addressed]]) -> bytes:
    assignment = assignment_by_id(consent.assignment_id)
    rule = Rule.read(consent.rule)
    design = version_of(design_by_id(consent.design_id), consent.version)
    page = f"{current_app.config['PUBLIC_URL']}{to(f'/consent/{consent.number}')}"
    return printed(
        Letters(
            lang=current_language(),
            title=_("Stem je in met een plan in jouw straat?"),
            description=words.proposal(consent),
            sender=current_app.config["MUNICIPALITY"],
            to=_("Aan de bewoners van"),
            intro=_(
                "Vlak bij jou kan de straat veranderen. %(municipality)s vraagt wat jij daarvan vindt. Eén"
                " antwoord per adres.",
                municipality=current_app.config["MUNICIPALITY"],
            ),
            what_heading=_("Het voorstel"),
            proposal=words.proposal(consent),
            design=_(
                "Uit het ontwerp “%(title)s”, bij “%(brief)s”.", title=design.title, brief=assignment.title
            ),
            rule_heading=_("Wanneer gaat het door?"),
            rule=[words.asks(rule), *words.wants(rule), words.counts_as(rule)],
            picture=_svg(consent, assignment),
            picture_alt=_("De plek van het voorstel, met de straat eromheen zoals ze nu is."),
            how_heading=_("Zo antwoord je"),
            address_label=_("Ga naar"),
            page_address=page,
            code_label=_("Jouw code"),
            scan=_("Of richt de camera van je telefoon op het vierkant. Dan is de code al ingevuld."),
            scan_alt=_("QR-code: de pagina om te antwoorden, met jouw code al ingevuld."),
            until_label=_("Tot en met"),
            until=last_day(consent.closes_at),
            notes=_notes(consent, rule),
            source=_("Kaart: %(source)s", source=assignment.neighbourhood.attribution),
            letters=[Letter(addressed.text, shown(code), qr.picture(page, code)) for code, addressed in made],
        )
    )


def _notes(consent: Consent, rule: Rule) -> list[str]:
    found = [
        _(
            "Bewaar deze brief. Met dezelfde code kun je je antwoord wijzigen tot en met de laatste dag; het"
            " laatste antwoord telt."
        ),
        _(
            "De gemeente ziet wat jouw adres antwoordt en waarom. Anderen zien alleen hoeveel adressen"
            " antwoordden en, na afloop, of de regel is gehaald. Je naam vragen we niet."
        ),
    ]
    if domain.can_be_guessed(rule, queries.asked(consent.id)):
        found.append(
            _(
                "Let op: er worden weinig adressen gevraagd, of bijna iedereen moet ja zeggen. Uit de"
                " uitkomst kunnen buren soms opmaken wat jij antwoordde."
            )
        )
    if assignment_contact := getattr(assignment_by_id(consent.assignment_id), "contact", ""):
        found.append(_("Lukt het niet op internet? Vraag hulp: %(contact)s", contact=assignment_contact))
    return [str(one) for one in found]


def _view(consent: Consent, assignment: Assignment, size: tuple[int, int]) -> View:
    shape = from_wkb(consent.geom)
    around = shapely.buffer(shape, AROUND_M / 111_320)
    return view_of([around], size, level=area_of(assignment))


def _change(consent: Consent) -> MapChange:
    return MapChange(
        consent.action,
        from_wkb(consent.geom),
        change_icon(consent.action, consent.kind, consent.object_kind),
        chalk_of(consent.action, consent.kind),
        None,
        CROWNS_M.get(consent.kind or ""),
    )


def _svg(consent: Consent, assignment: Assignment) -> str:
    view = _view(consent, assignment, LETTER_PICTURE)
    return svg_map(
        view,
        present(view, assignment.neighbourhood_id),
        [_change(consent)],
        title=words.proposal(consent),
    )
