"""The pages of a voter: the ballot on map and list, the look before sending, the receipt."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

import shapely
from flask import Response, make_response, redirect, render_template, request
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import access, limits, oidc
from app.accounts.access import current_actor, ensure_guest
from app.accounts.domain import Actor
from app.core import keyed
from app.core.clock import now
from app.core.formatting import to
from app.core.geometry import from_wkb, to_geojson, to_metric
from app.designs.comparing import Comparison, Side, compared
from app.designs.parts import Drawn, Part
from app.designs.queries import design_by_id, public_ones, version_of
from app.errors import AppError, Forbidden, Invalid, NotFound, Problem, TooMany, Unavailable, WrongState
from app.maps.drawing import MapMark, view_of
from app.pages import compare, pictures, words
from app.pages.blueprint import blueprint
from app.pages.workshop import as_json, level_bearing
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_id
from app.votes.letters.queries import address_named
from app.votes.letters.service import labels_in
from app.votes.rounds import casting, electorates, forms, freezing, order, queries, service, voters
from app.votes.rounds import words as round_words
from app.votes.rounds.domain import Electorate, Kind, Status, bounds, check_choices, status
from app.votes.rounds.electorates import Given
from app.votes.rounds.models import Round, RoundOption

LONGEST_SEED = 32
MAP_SIZE = (960, 600)


@dataclass(frozen=True, slots=True)
class Option:
    """One design on the ballot: what map and list say of it."""

    code: str
    title: str
    story: str
    cost: float
    cost_note: str
    facts: list[tuple[str, str]]
    changes: list[str]
    against: list[str]
    picture: str
    described: str
    href: str | None
    # The title of the design that this is a part of; empty for a whole design.
    whole: str


class Voting(NamedTuple):
    """What somebody filled in: choices by field, code and address as typed, and the seed of the order."""

    numbers: dict[str, str]
    code: str = ""
    address: str = ""
    seed: str = ""


@blueprint.get("/rounds/<uuid:round_id>")
@access.public
def round_page(round_id: uuid.UUID) -> AnyResponse:
    """The round: what it asks, and the ballot while it is open."""
    return _page(service.seen_round(current_actor(), round_id))


@blueprint.post("/rounds/<uuid:round_id>")
@access.visitor_may_write
def change_choice(round_id: uuid.UUID) -> AnyResponse:
    """Back from the look before sending: the ballot with what was filled in. Stores nothing."""
    round_ = service.seen_round(current_actor(), round_id)
    return _page(round_, _typed(round_, queries.options_of(round_id)))


@blueprint.post("/rounds/<uuid:round_id>/mine")
@access.visitor_may_write
def own_choice(round_id: uuid.UUID) -> AnyResponse:
    """The ballot with what this voter sent before, to change it. A form, so that it never shows by itself."""
    round_ = service.seen_round(current_actor(), round_id)
    typed = _typed(round_, queries.options_of(round_id))
    if round_.electorate == Electorate.LETTER:
        return _page(round_, typed, said=casting.unseen(), code=403)
    mine = _own(round_, current_actor(), typed)
    if mine is None:
        return _page(round_, typed, said=_("Je hebt in deze stemronde nog niet gestemd."))
    return _page(round_, typed._replace(numbers=forms.numbers(mine.choices, round_.kind)))


@blueprint.post("/rounds/<uuid:round_id>/check")
@access.visitor_may_write
def check_ballot(round_id: uuid.UUID) -> AnyResponse:
    """What somebody is about to send. Stores nothing, but a visitor becomes a guest where guests vote.

    That comes first: when the answer to the ballot itself gets lost, the second try is by the same voter.
    """
    round_ = service.seen_round(current_actor(), round_id)
    options = queries.options_of(round_id)
    typed = _typed(round_, options)
    choices = forms.read_choices(request.form, round_.kind, [one.code for one in options])
    if status(round_, clock := queries.database_now()) is not Status.OPEN:
        return _page(round_, typed, said=casting.not_open(round_, clock).detail, code=409)
    actor = ensure_guest() if round_.electorate == Electorate.GUEST else current_actor()
    problems = _problems(round_, options, choices)
    try:
        given = _given(round_, typed)
        place = queries.place_to_vote(round_id)
        if place is not None:
            electorates.identify(place, actor, given)
    except Invalid as error:
        problems += error.problems
    except (Forbidden, TooMany) as error:
        return _refused(round_, typed, error)
    if problems:
        return _page(round_, typed, problems=problems, code=422)
    return _confirm(round_, options, choices, typed, _own(round_, actor, typed))


@blueprint.post("/rounds/<uuid:round_id>/ballot")
@access.visitor_may_write
def cast_ballot(round_id: uuid.UUID) -> AnyResponse:
    """Cast it, and show the receipt: the one time that it can be read."""
    round_ = service.seen_round(current_actor(), round_id)
    options = queries.options_of(round_id)
    typed = _typed(round_, options)
    choices = forms.read_choices(request.form, round_.kind, [one.code for one in options])
    if round_.kind == Kind.RANKING and (
        faults := forms.ranking_faults(request.form, [o.code for o in options])
    ):
        return _page(round_, typed, problems=faults, code=422)
    actor = ensure_guest() if round_.electorate == Electorate.GUEST else current_actor()
    mine = _own(round_, actor, typed)
    # Another tab voted since this page was made. The same ballot again is only a lost answer; with the code
    # of a letter even that is not told, since whoever has the code could try what was chosen.
    is_other = mine is not None and (round_.electorate == Electorate.LETTER or mine.choices != choices)
    if mine is not None and is_other and str(mine.version) != request.form.get("seen"):
        return _confirm(round_, options, choices, typed, mine, meanwhile=True)
    try:
        done = casting.cast(actor, round_id, choices, _given(round_, typed), now())
    except WrongState as error:
        return _too_late(round_, options, typed, mine, error)
    except Invalid as error:
        return _page(round_, typed, problems=error.problems, code=422)
    except (Forbidden, TooMany, Unavailable) as error:
        return _refused(round_, typed, error)
    page = render_template(
        "votes/rounds/voted.html", round=round_, assignment=assignment_by_id(round_.assignment_id), done=done
    )
    return _private(make_response(page))


@blueprint.get("/rounds/<uuid:round_id>/receipt")
@access.public
def receipt(round_id: uuid.UUID) -> str:
    """A form for the number of a receipt."""
    return _receipt(service.seen_round(current_actor(), round_id))


@blueprint.post("/rounds/<uuid:round_id>/receipt")
@access.visitor_may_write
def look_up_receipt(round_id: uuid.UUID) -> AnyResponse:
    """Whether that ballot is in the count. Stores nothing, and the number stands in no address."""
    round_ = service.seen_round(current_actor(), round_id)
    typed = request.form.get("receipt", "")[: voters.RECEIPT_LENGTH * 4]
    if voters.receipt_hash(typed) is None:
        sentence = _("Dit is geen nummer van een ontvangstbewijs. Het heeft 16 tekens, in groepjes van vier.")
        return make_response(_receipt(round_, typed, problems=[Problem("/receipt", sentence)]), 422)
    found = casting.look_up(round_id, typed)
    answer = {True: "counts", False: "replaced", None: "unknown"}[found]
    return _private(make_response(_receipt(round_, typed, answer)))


@blueprint.get("/rounds/<uuid:round_id>/compare")
@access.public
def compare_options(round_id: uuid.UUID) -> AnyResponse:
    """Two options beside each other, at the versions that the round froze."""
    round_ = service.seen_round(current_actor(), round_id)
    options = {one.code: one for one in queries.options_of(round_id)}
    a, b = (options.get(request.args.get(letter, "")) for letter in ("a", "b"))
    if a is None or b is None or a is b:
        return _page(round_, said=_("Kies twee verschillende ontwerpen om te vergelijken."), code=422)
    found = _compared(round_, a, b)
    if not (a.part or b.part):
        return redirect(compare.address(found.assignment, found.a, found.b), 303)
    # Parts are of this round only, with the title and the figures that it froze.
    codes = {id(found.a): a.code, id(found.b): b.code}
    path = f"/rounds/{round_id}"

    def address(one: Side, other: Side, tail: str = "", **more: Any) -> str:
        query = {"a": codes[id(one)], "b": codes[id(other)]}
        query.update({name: str(value) for name, value in more.items() if value is not None})
        return to(f"{path}/compare{tail}") + "?" + urlencode(query)

    return make_response(compare.render(found, compare.Home(address, to(path) + "#vergelijk-kop")))


@blueprint.get("/rounds/<uuid:round_id>/compare/<letter>.svg")
@access.public
def compared_option_map(round_id: uuid.UUID, letter: str) -> Response:
    """One of two options as a drawn map, both in the same view; `show` rings a difference and goes there."""
    round_ = service.seen_round(current_actor(), round_id)
    options = {one.code: one for one in queries.options_of(round_id)}
    a, b = (options.get(request.args.get(one, "")) for one in compare.LETTERS)
    if letter not in compare.LETTERS or a is None or b is None:
        raise NotFound
    return compare.draw(_compared(round_, a, b), letter)


def _compared(round_: Round, a: RoundOption, b: RoundOption) -> Comparison:
    """Two options beside each other, each at the version and with the part that can be chosen."""
    drawn = freezing.versions_in([a, b])
    sides = []
    for chosen in (a, b):
        design, shown = design_by_id(chosen.design_id), drawn[chosen.code]
        part = shown if isinstance(shown, Part) else None
        sides.append(Side(design, version_of(design, chosen.version), part))
    return compared(assignment_by_id(round_.assignment_id), *sides)


@blueprint.get("/rounds/<uuid:round_id>/map.svg")
@access.public
def round_map(round_id: uuid.UUID) -> Response:
    """Where the options are, by their letters: for who has no interactive map."""
    round_ = service.seen_round(current_actor(), round_id)
    assignment = assignment_by_id(round_.assignment_id)
    area = area_of(assignment)
    versions = freezing.versions_in(queries.options_of(round_id))
    places = {code: _places(version) or [area] for code, version in versions.items()}
    every = [place for found in places.values() for place in found]
    return pictures.picture(
        view_of(every or [area], MAP_SIZE, level=area),
        assignment,
        title=_("Kaart van %(title)s", title=round_.title),
        description=_("Waar de ontwerpen liggen: %(codes)s.", codes=", ".join(places)),
        area=area,
        marks=[MapMark(shapely.union_all(found).centroid, code) for code, found in places.items()],
        small=False,
    )


@blueprint.get("/rounds/<uuid:round_id>/options/<code>.svg")
@access.public
def option_map(round_id: uuid.UUID, code: str) -> Response:
    """One option as it was frozen, also after its author took the design back."""
    round_ = service.seen_round(current_actor(), round_id)
    option = next((one for one in queries.options_of(round_id) if one.code == code), None)
    if option is None:
        raise NotFound
    assignment, version = assignment_by_id(round_.assignment_id), freezing.version_in(option)
    area, geometries = area_of(assignment), _places(version)
    return pictures.picture(
        view_of(geometries or [area], pictures.SMALL, level=area),
        assignment,
        [
            pictures.map_change(change, place)
            for change, place in zip(version.changes, geometries, strict=True)
        ],
        title=_("Kaart van ontwerp %(title)s", title=option.title),
        description=pictures.described(version),
        small=True,
    )


# What somebody filled in


def _typed(round_: Round, options: list[RoundOption]) -> Voting:
    return Voting(
        forms.typed_numbers(request.form, round_.kind, [one.code for one in options]),
        request.form.get("code", "")[:60],
        request.form.get("address", "")[:120],
        request.form.get("order", "")[:LONGEST_SEED],
    )


def _problems(round_: Round, options: list[RoundOption], choices: Any) -> list[Problem]:
    """Everything that is wrong with the choices, at the field of the option or of all (`/choices`)."""
    codes = [one.code for one in options]
    found = forms.ranking_faults(request.form, codes) if round_.kind == Kind.RANKING else []
    limits = bounds(round_.kind, round_.parameters, {one.code: one.cost_eur for one in options})
    return found + [casting.problem_of(fault) for fault in check_choices(choices, limits)[1]]


def _given(round_: Round, typed: Voting) -> Given:
    """What comes with the ballot. Raises `Invalid` for an address that is not known there."""
    if round_.electorate == Electorate.LETTER:
        return Given(typed.code)
    if round_.electorate != Electorate.AREA or not typed.address.strip():
        return Given()
    ref = address_named(round_.assignment_id, round_.electorate_parameters["area"], typed.address)
    if ref is not None:
        return Given(address=ref)
    sentence = _(
        "Dit adres kennen we niet in het gebied van deze stemronde. Kijk of straat en nummer kloppen."
    )
    raise Invalid.of([Problem("/address", sentence)])


def _own(round_: Round, actor: Actor, typed: Voting) -> casting.Present | None:
    """This voter's ballot as it would count, where they are known; after closing too, until it is counted."""
    place = queries.place_to_vote(round_.id)
    if place is None or not (actor.takes_part or round_.electorate == Electorate.LETTER):
        return None
    try:
        voter = electorates.identify(place, actor, Given(typed.code), casting=False)
    except (Invalid, Forbidden, TooMany):
        return None
    if not voters.fits(round_.id, place.voter_key):
        # Then nobody can vote, and sending a ballot says so; the page stays to be read.
        return None
    pseudonym = voters.pseudonym(round_.id, place.voter_key, place.electorate, voter.identity)
    found = queries.present_ballot(round_.id, pseudonym)
    return casting.Present(*found) if found else None


# Answers


def _confirm(
    round_: Round,
    options: list[RoundOption],
    choices: Any,
    typed: Voting,
    mine: casting.Present | None,
    *,
    meanwhile: bool = False,
) -> AnyResponse:
    chosen = {one.code: one for one in options}
    given = choices.items() if isinstance(choices, dict) else [(code, 0) for code in choices]
    lines = [(chosen[code], points) for code, points in given if code in chosen]
    codes = {option.code for option, _points in lines}
    page = render_template(
        "votes/rounds/confirm.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        lines=lines,
        total=sum(float(option.cost_eur) for option, _points in lines),
        budget=float(round_.parameters.get("budget_eur", 0)),
        clashes=[c for c in queries.conflicts_of(round_.id, state="confirmed") if {c.a, c.b} <= codes],
        typed=typed,
        mine=mine,
        meanwhile=meanwhile,
    )
    return _private(make_response(page, 409 if meanwhile else 200))


def _too_late(
    round_: Round,
    options: list[RoundOption],
    typed: Voting,
    mine: casting.Present | None,
    error: AppError,
) -> AnyResponse:
    """The round closed while somebody voted: which of their ballots counts."""
    page = render_template(
        "votes/rounds/too_late.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        said=error.detail,
        mine=mine,
    )
    return _private(make_response(page, error.status))


def _refused(round_: Round, typed: Voting, error: AppError) -> AnyResponse:
    where = "/code" if isinstance(error, TooMany) else "/who"
    answer = _page(round_, typed, problems=[Problem(where, error.detail)], code=error.status)
    answer.headers.update(error.headers)
    return answer


def _receipt(round_: Round, typed: str = "", answer: str = "", problems: list[Problem] | None = None) -> str:
    return render_template(
        "votes/rounds/receipt.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        status=status(round_, now()),
        typed=typed,
        answer=answer,
        problems=problems or [],
    )


def _private(answer: AnyResponse) -> AnyResponse:
    """A ballot is nobody else's: no cache keeps it."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


# The page


def _page(
    round_: Round,
    typed: Voting | None = None,
    *,
    problems: list[Problem] | None = None,
    said: str = "",
    code: int = 200,
) -> AnyResponse:
    assignment, actor = assignment_by_id(round_.assignment_id), current_actor()
    # By the clock that opens and closes it.
    stage = status(round_, queries.database_now())
    typed = typed or Voting({})
    typed = typed._replace(seed=typed.seed or _seed(round_, actor))
    frozen = order.fair(queries.options_of(round_.id), typed.seed)
    conflicts = queries.conflicts_of(round_.id, state="confirmed")
    versions, wholes = freezing.versions_and_wholes(frozen)
    public = public_ones(one.design_id for one in frozen)
    lacks = _lacks(round_, actor)
    can_vote = stage is Status.OPEN and not lacks
    page = render_template(
        "votes/rounds/round.html",
        round=round_,
        assignment=assignment,
        status=stage,
        statuses=round_words.STATUSES,
        options=[
            _option(
                round_,
                one,
                versions[one.code],
                conflicts,
                one.design_id in public,
                wholes.get(one.code, ""),
            )
            for one in frozen
        ],
        conflicts=conflicts,
        how=round_words.how_to_vote(round_.kind, round_.parameters, len(frozen)),
        meaning=round_words.meaning(freezing.promised(round_, assignment)),
        changed=freezing.changed_since(round_),
        counts=round_words.how_it_counts(round_.rule, round_.parameters),
        who=round_words.who_may_vote(
            round_.electorate, paper=int(round_.electorate_parameters.get("paper_ballots") or 0)
        ),
        typed=typed,
        mine=_own(round_, actor, typed) if stage is Status.OPEN and round_.electorate != "letter" else None,
        lacks=lacks,
        can_vote=can_vote,
        provider=oidc.name(),
        addresses=_suggested(round_) if can_vote else [],
        points=int(round_.parameters.get("points", 0)),
        problems=problems or [],
        said=said,
        may_manage=actor.is_planner,
        module_config=as_json(_config(round_, assignment, frozen, versions, conflicts, can_vote)),
    )
    return _private(make_response(page, code))


def _seed(round_: Round, actor: Actor) -> str:
    """What draws the order for this voter: who they are here, else the browser and the line it came over."""
    browser = f"{limits.network()}|{request.headers.get('User-Agent', '')[:300]}"
    who = str(actor.id) if actor.takes_part else browser
    return keyed.digest("order of options", f"{round_.id}:{who}").hex()[:LONGEST_SEED]


def _lacks(round_: Round, actor: Actor) -> str:
    """What somebody must do before they can vote here: `email` or `oidc`; empty where nothing."""
    if round_.electorate in (Electorate.EMAIL, Electorate.AREA) and not actor.email:
        return "email"
    return "oidc" if round_.electorate == Electorate.OIDC and not actor.identity else ""


def _suggested(round_: Round) -> list[str]:
    if round_.electorate != Electorate.AREA:
        return []
    return labels_in(round_.assignment_id, round_.electorate_parameters["area"])


def _option(
    round_: Round, option: RoundOption, version: Drawn, conflicts: list[Any], public: bool, whole: str
) -> Option:
    return Option(
        option.code,
        option.title,
        version.story,
        float(option.cost_eur),
        option.cost_note,
        words.card_facts(version.effects),
        [words.change_sentence(c.action, c.kind, c.object_kind) for c in version.changes],
        [c.b if c.a == option.code else c.a for c in conflicts if option.code in (c.a, c.b)],
        to(f"/rounds/{round_.id}/options/{option.code}.svg"),
        pictures.described(version),
        to(f"/designs/{option.design_id}/versions/{option.version}") if public else None,
        whole,
    )


def _places(version: Drawn) -> list[BaseGeometry]:
    return [from_wkb(change.geom) for change in version.changes]


def _config(
    round_: Round,
    assignment: Assignment,
    options: list[RoundOption],
    versions: dict[str, Drawn],
    conflicts: list[Any],
    can_vote: bool,
) -> dict[str, Any]:
    """What the ballot's module needs. `bbox` and `at` are longitudes and latitudes."""
    area = area_of(assignment)
    drawings = {code: _drawing(version, area) for code, version in versions.items()}
    boxes = [one["bbox"] for one in drawings.values()] or [list(area.bounds)]
    return {
        "round": str(round_.id),
        "open": can_vote,
        "kind": round_.kind,
        "options": [{"code": one.code, "title": one.title, "cost": float(one.cost_eur)} for one in options],
        "conflicts": [[one.a, one.b] for one in conflicts],
        "min": round_.parameters.get("min_choices", 1),
        "max": round_.parameters.get("max_choices", len(options)),
        "points": int(round_.parameters.get("points", 0)),
        "budget": float(round_.parameters.get("budget_eur", 0)),
        "map": {
            "apiBase": to("/api"),
            "place": assignment.title,
            "attribution": assignment.neighbourhood.attribution,
            "bbox": [
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
            ],
            "bearing": level_bearing(to_metric(area, assignment.neighbourhood.metric_srid)),
            "area": to_geojson(area),
            "svgUrl": to(f"/rounds/{round_.id}/map.svg"),
            "drawings": drawings,
        },
    }


def _drawing(version: Drawn, area: BaseGeometry) -> dict[str, Any]:
    places = _places(version)
    whole = shapely.union_all(places) if places else area
    middle = whole.centroid
    changes = []
    for change, place in zip(version.changes, places, strict=True):
        drawn = pictures.map_change(change, place)
        changes.append(
            {
                "geometry": to_geojson(drawn.geometry),
                "action": drawn.action,
                "icon": drawn.icon,
                "chalk": "remove" if drawn.action == "remove" else drawn.look,
                "width": drawn.width_m,
                "crown": drawn.crown_m,
            }
        )
    return {"changes": changes, "bbox": list(whole.bounds), "at": [middle.x, middle.y]}
