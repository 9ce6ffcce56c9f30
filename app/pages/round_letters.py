"""Letters with codes for a round: made from a list or the imported addresses, and printed at once."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import access
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.formatting import day_and_time, municipality, to
from app.core.geometry import to_geojson
from app.core.language import current_language
from app.core.problems import Problems
from app.core.transaction import transaction
from app.errors import AppError, Invalid, NotFound, Problem, WrongState
from app.pages.blueprint import blueprint
from app.projects.queries import assignment_by_id
from app.votes.fields import read_shape
from app.votes.letters import mailing, paper
from app.votes.letters import queries as letter_queries
from app.votes.letters import service as letters
from app.votes.letters.domain import MOST_LETTERS, Addressed
from app.votes.rounds import queries, service
from app.votes.rounds.domain import may
from app.votes.rounds.models import Round

# A letter is a page: more make a file that no printer likes, and the planner a second batch.
MOST_LETTERS_AT_ONCE = 5_000
LONGEST_REACH_M = 5_000
SHORT_DIGITS = 8


@blueprint.get("/r/<short>")
@access.public
def short_address(short: str) -> AnyResponse:
    """The address on a letter, short enough to type: the first eight characters of the round's id."""
    wanted = short.lower()
    found = [one for one in queries.public_rounds() if str(one.id)[:SHORT_DIGITS] == wanted]
    if len(found) != 1:
        raise NotFound(_("Deze stemronde bestaat niet. Kijk of het adres uit de brief precies klopt."))
    return redirect(to(f"/rounds/{found[0].id}"), 303)


def short_url(round_: Round) -> str:
    """The whole of that address, in the language of this page."""
    return f"{current_app.config['PUBLIC_URL']}{to('/r/' + str(round_.id)[:SHORT_DIGITS])}"


@blueprint.get("/desk/rounds/<uuid:round_id>/letters")
@access.planner
def round_letters(round_id: uuid.UUID) -> str:
    """Which letters were made, and a form for more."""
    return _letters(queries.round_by_id(round_id))


@blueprint.post("/desk/rounds/<uuid:round_id>/letters")
@access.planner
def make_letters(round_id: uuid.UUID) -> AnyResponse:
    """The letters as a PDF: the only time that their codes can be read."""
    round_ = queries.round_by_id(round_id)
    try:
        if round_.frozen_at is None:
            # The letters tell its dates.
            raise WrongState(_("Zet de stemronde eerst vast. De data staan in de brieven."))
        addresses = _addresses(round_)
        with transaction():
            made = service.make_letters(current_actor(), round_id, addresses, now())
            # Within the transaction: what cannot be printed makes no codes that nobody has.
            pdf = paper.letters_pdf(made, _letter_text(round_))
    except (Invalid, AppError) as error:
        problems = _at_list(error) or [Problem("/list", error.detail)]
        page = _letters(queries.round_by_id(round_id), request.form.to_dict(), problems)
        return make_response(page, error.status)
    flash(
        ngettext(
            "%(num)d brief is gemaakt. Bewaar de PDF: hij komt niet terug.",
            "%(num)d brieven zijn gemaakt. Bewaar de PDF: hij komt niet terug.",
            len(made),
        )
    )
    return _pdf(pdf, f"brieven-{str(round_id)[:SHORT_DIGITS]}")


@blueprint.post("/desk/rounds/<uuid:round_id>/letters/<int:letter_id>/replace")
@access.planner
def replace_letter(round_id: uuid.UUID, letter_id: int) -> AnyResponse:
    """A new letter for a lost one, as a PDF of one page."""
    round_ = queries.round_by_id(round_id)
    with transaction():
        made = service.replace_letter(current_actor(), round_id, min(letter_id, 2**62), now())
        pdf = paper.letters_pdf([made], _letter_text(round_))
    flash(_("De nieuwe brief is gemaakt. De oude code werkt niet meer."))
    return _pdf(pdf, f"brief-{letter_id}")


def _addresses(round_: Round) -> list[Addressed]:
    """The addresses that the form names: a list, or the imported ones within so many metres or in an area."""
    known = letters.addresses_around(round_.assignment_id)
    way = request.form.get("way", "list")
    if way == "reach":
        text = request.form.get("reach", "").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 <= int(text) <= LONGEST_REACH_M):
            sentence = _("Vul een aantal meter in, van 0 tot en met %(max)d.", max=LONGEST_REACH_M)
            raise Invalid.of([Problem("/reach", sentence)])
        found = letters.addresses_around(round_.assignment_id, reach_m=float(text))
    elif way == "area":
        found = letters.addresses_around(round_.assignment_id, within=_polygon(request.form.get("area", "")))
    else:
        found = mailing.with_places(_read_list(), known)
    if way != "list" and not found:
        raise Invalid.of([Problem(f"/{way}", _("Daar kennen we geen adressen."))])
    if len(found) > MOST_LETTERS_AT_ONCE:
        sentence = _(
            "Dit zijn %(n)d adressen. Maak er hoogstens %(max)d tegelijk.",
            n=len(found),
            max=MOST_LETTERS_AT_ONCE,
        )
        raise Invalid.of([Problem(f"/{way}", sentence)])
    if way == "list":
        return found
    left = letters.without_letter(round_.id, found)
    if not left:
        raise Invalid.of([Problem(f"/{way}", _("Al deze adressen hebben al een brief."))])
    return left


def _polygon(text: str) -> str:
    """A drawn area as GeoJSON text. Raises `Invalid`."""
    problems = Problems()
    shape = read_shape(text, "/area", problems)
    if shape is None and not problems.found:
        problems.add("/area", _("Teken het gebied op de kaart."))
    elif shape is not None and shape.geom_type not in ("Polygon", "MultiPolygon"):
        problems.add("/area", _("Teken een vlak."))
    problems.raise_if_any()
    return json.dumps(to_geojson(shape))  # type: ignore[arg-type]


def _read_list() -> list[str]:
    """The pasted or uploaded list. Raises `Invalid` with every line that is wrong."""
    sent = request.files.get("file")
    text = request.form.get("list", "")
    if sent is not None and sent.filename:
        raw = sent.stream.read()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What spreadsheets on Windows still write.
            text = raw.decode("cp1252", "replace")
    found = mailing.read_list(text)
    if found.wrong:
        raise Invalid.of([Problem("/list", _wrong(one)) for one in found.wrong[:20]])
    return found.addresses


def _wrong(one: mailing.Wrong) -> str:
    at = _("Regel %(n)d", n=one.line)
    sentences = {
        "empty": _("Er staat nog geen adres in de lijst."),
        "names": _(
            "De kolom “%(column)s” lijkt over mensen te gaan. Haal haar weg: we bewaren geen namen.",
            column=one.words,
        ),
        "name": _(
            "%(at)s begint met een naam: “%(words)s”. Zet er alleen het adres in.", at=at, words=one.words
        ),
        "no_address": _("%(at)s is geen adres met een huisnummer: “%(words)s”.", at=at, words=one.words),
        "too_long": _("%(at)s is te lang.", at=at),
        "too_many": _("De lijst is te lang: er passen %(max)d adressen in.", max=MOST_LETTERS),
    }
    return str(sentences[one.kind])


def _at_list(error: AppError) -> list[Problem]:
    """Problems with single addresses stand at the list that they came from."""
    return [
        Problem("/list", one.message) if one.pointer.startswith("/addresses") else one
        for one in error.problems[:20]
    ]


def _letter_text(round_: Round) -> paper.LetterText:
    return paper.LetterText(
        lang=current_language(),
        sender=municipality(),
        title=round_.title,
        greeting=_("Beste bewoner,"),
        paragraphs=[
            round_.question,
            _(
                "Stemmen kan van %(opens)s tot %(closes)s. Op dit adres valt één code. Daarmee wordt één "
                "keer gestemd, door wie hier woont. Wijzigen kan tot het sluit; de laatste stem telt.",
                opens=day_and_time(round_.opens_at),
                closes=day_and_time(round_.closes_at),
            ),
            _("Niemand ziet wat je koos. De code hoort bij het adres, niet bij een naam."),
        ],
        address_label=_("Ga naar"),
        address=short_url(round_),
        code_label=_("De code van dit adres"),
        scan=_("Of richt de camera van je telefoon op het vierkant. Dan is de code al ingevuld."),
        scan_alt=_("QR-code: de pagina om te stemmen, met de code van dit adres al ingevuld."),
        footer=_("Brief kwijt? De gemeente kan een nieuwe code maken. De oude werkt dan niet meer."),
    )


def _pdf(content: bytes, name: str) -> AnyResponse:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _by_number(address: str) -> list[tuple[int, str]]:
    """Sorts number 8 before number 10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d{1,9})", address)]


def _letters(
    round_: Round, values: Mapping[str, str] | None = None, problems: list[Problem] | None = None
) -> str:
    assignment = assignment_by_id(round_.assignment_id)
    return render_template(
        "votes/rounds/letters.html",
        round=round_,
        assignment=assignment,
        batches=letter_queries.batches_of("round", round_.id),
        letters=sorted(letter_queries.letters_of(round_.id), key=lambda one: _by_number(one.address)),
        can_make=round_.frozen_at is not None and may("make_letters", round_, now()),
        can_replace=may("replace_letter", round_, now()),
        imported=len(letters.addresses_around(round_.assignment_id)),
        values=values or {"way": "list"},
        problems=problems or [],
        most=MOST_LETTERS_AT_ONCE,
    )
