"""The planner's pages of a round: make it, choose designs, decide on conflicts, freeze.

Nothing here shows how a round stands: planners see as little of it as everybody else.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import shapely
from flask import Response, current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import access, oidc
from app.accounts.access import current_actor
from app.core.clock import now
from app.core.formatting import to
from app.core.geometry import from_metric
from app.core.problems import Problems
from app.core.transaction import transaction
from app.designs.queries import public_designs
from app.errors import EditedMeanwhile, Invalid, NotFound, Problem, WrongState
from app.maps.drawing import MapMark, view_of
from app.pages import pictures, round_letters, words
from app.pages.blueprint import blueprint
from app.projects.local_time import written
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_id, assignment_by_slug
from app.votes.letters import queries as letter_queries
from app.votes.rounds import conflicts, forms, freezing, queries, service
from app.votes.rounds import words as round_words
from app.votes.rounds.domain import COMPLETIONS, LEAST_OPTIONS, Electorate, Status, status
from app.votes.rounds.models import Round

CONFLICT_SIZE = (640, 420)
# How much of the street around common ground is drawn, in metres.
NEAR_CONFLICT_M = 4.0
SLIVER_M = 0.05


@blueprint.get("/desk/assignments/<slug>/rounds")
@access.planner
def desk_rounds(slug: str) -> str:
    """The rounds of an assignment."""
    assignment = assignment_by_slug(slug, concepts=True)
    moment = now()
    return render_template(
        "votes/rounds/desk.html",
        assignment=assignment,
        rounds=[(one, status(one, moment)) for one in queries.rounds_of(assignment.id, drafts=True)],
        statuses=round_words.STATUSES,
    )


@blueprint.get("/desk/assignments/<slug>/rounds/new")
@access.planner
def new_round(slug: str) -> str:
    """An empty form, with dates that are a start."""
    opens = now() + timedelta(days=7)
    values = {
        "method": "approval:mes",
        "electorate": "email",
        "completion": COMPLETIONS[0],
        "opens_at": written(opens, _zone())[:11] + "09:00",
        "closes_at": written(opens + timedelta(days=14), _zone())[:11] + "20:00",
    }
    return _form(assignment_by_slug(slug, concepts=True), values)


@blueprint.post("/desk/assignments/<slug>/rounds/new")
@access.planner
def make_round(slug: str) -> AnyResponse:
    """Make a round, as a draft."""
    assignment = assignment_by_slug(slug, concepts=True)
    try:
        draft = forms.read_round(request.form, _zone())
        with transaction():
            made = service.make_round(current_actor(), assignment, draft)
            path = f"/desk/rounds/{made.id}/options"
    except Invalid as error:
        page = _form(assignment_by_slug(slug, concepts=True), request.form.to_dict(), error.problems)
        return make_response(page, 422)
    flash(_("De stemronde staat klaar als concept. Kies nu de ontwerpen."))
    return redirect(to(path), 303)


@blueprint.get("/desk/rounds/<uuid:round_id>")
@access.planner
def desk_round(round_id: uuid.UUID) -> str:
    """Where a round stands, and what is left to do."""
    return _overview(queries.round_by_id(round_id))


@blueprint.get("/desk/rounds/<uuid:round_id>/edit")
@access.planner
def edit_round(round_id: uuid.UUID) -> str:
    """The form of a draft."""
    round_ = queries.round_by_id(round_id)
    values = {**forms.filled(round_, _zone()), "revision": str(round_.revision)}
    return _form(assignment_by_id(round_.assignment_id), values, round_=round_)


@blueprint.post("/desk/rounds/<uuid:round_id>/edit")
@access.planner
def change_round(round_id: uuid.UUID) -> AnyResponse:
    """Change a draft."""

    def act() -> None:
        draft = forms.read_round(request.form, _zone())
        with transaction():
            service.change_round(current_actor(), round_id, draft, _revision(), now())

    def again(problems: list[Problem]) -> str:
        round_ = queries.round_by_id(round_id)
        values = request.form.to_dict()
        if round_.frozen_at is None and [one.pointer for one in problems] == ["/revision"]:
            # Whoever read what the colleague stored can still choose for what stands here.
            problems = [*problems, *forms.theirs(values, forms.filled(round_, _zone()))]
            values["revision"] = str(round_.revision)
        return _form(assignment_by_id(round_.assignment_id), values, problems, round_)

    return _done(act, again, round_id, _("De stemronde is gewijzigd."))


@blueprint.post("/desk/rounds/<uuid:round_id>/delete")
@access.planner
def delete_round(round_id: uuid.UUID) -> AnyResponse:
    """Throw a draft away."""
    slug = assignment_by_id(queries.round_by_id(round_id).assignment_id).slug
    with transaction():
        service.delete_round(current_actor(), round_id, now())
    flash(_("Het concept is weg."))
    return redirect(to(f"/desk/assignments/{slug}/rounds"), 303)


# Designs


@blueprint.get("/desk/rounds/<uuid:round_id>/options")
@access.planner
def edit_options(round_id: uuid.UUID) -> str:
    """Which designs can be chosen."""
    round_ = queries.round_by_id(round_id)
    designs = public_designs(round_.assignment_id)
    return _options(round_, forms.rows_of(queries.options_of(round_id), [one.id for one, _v in designs]))


@blueprint.post("/desk/rounds/<uuid:round_id>/options")
@access.planner
def set_options(round_id: uuid.UUID) -> AnyResponse:
    """Take the ticked designs, each in its present version."""
    round_ = queries.round_by_id(round_id)
    ids = [one.id for one, _v in public_designs(round_.assignment_id)]
    rows = forms.read_rows(request.form, ids)
    ticked = [row.key for row in rows if row.ticked]

    def act() -> None:
        drafts = forms.drafts_of_rows(rows)
        with transaction():
            service.set_options(current_actor(), round_id, drafts, _revision(), now())

    def again(problems: list[Problem]) -> str:
        found = [_at_design(one, ticked) for one in problems]
        return _options(queries.round_by_id(round_id), rows, found, request.form.get("revision", ""))

    said = (
        _("De ontwerpen staan erin. Kijk nu naar de conflicten.")
        if len(ticked) >= LEAST_OPTIONS
        else _("Bewaard. Kies nog minstens twee ontwerpen.")
    )
    return _done(act, again, round_id, said)


def _at_design(problem: Problem, ticked: list[str]) -> Problem:
    """`/options/2/cost_note` at the field of the third design or part that is ticked."""
    parts = problem.pointer.strip("/").split("/")
    if parts[0] != "options" or len(parts) < 2 or not parts[1].isdigit() or int(parts[1]) >= len(ticked):
        return problem
    fields = {"cost_eur": "cost", "cost_note": "note", "title": "title", "part": "change"}
    field = fields.get(parts[2] if len(parts) > 2 else "", "design")
    return Problem(f"/{field}-{ticked[int(parts[1])]}", problem.message)


# Conflicts


@blueprint.get("/desk/rounds/<uuid:round_id>/conflicts")
@access.planner
def edit_conflicts(round_id: uuid.UUID) -> str:
    """Every pair that takes the same ground, drawn, and what was decided."""
    return _conflicts(queries.round_by_id(round_id))


@blueprint.post("/desk/rounds/<uuid:round_id>/conflicts")
@access.planner
def decide_conflict(round_id: uuid.UUID) -> AnyResponse:
    """Decide on one pair, with a reason; also on one that nobody proposed."""
    a, b = request.form.get("a", ""), request.form.get("b", "")
    reason, state = request.form.get("reason", ""), request.form.get("state", "")
    try:
        if state not in ("confirmed", "waived"):
            raise Invalid.of([Problem("/state", _("Kies of %(a)s en %(b)s samen kunnen of niet.", a=a, b=b))])
        with transaction():
            service.decide_conflict(
                current_actor(),
                round_id,
                a,
                b,
                confirmed=state == "confirmed",
                reason=reason,
                now=now(),
            )
    except (Invalid, NotFound, WrongState) as error:
        problems = error.problems or [Problem("/reason", error.detail)]
        page = _conflicts(queries.round_by_id(round_id), (a, b, reason, state), problems)
        return make_response(page, error.status)
    flash(_("Bewaard: %(a)s en %(b)s.", a=a, b=b))
    return redirect(to(f"/desk/rounds/{round_id}/conflicts"), 303)


@blueprint.get("/desk/rounds/<uuid:round_id>/conflicts/<a>-<b>.svg")
@access.planner
def conflict_map(round_id: uuid.UUID, a: str, b: str) -> Response:
    """The ground of one design and of the other, and striped what both take."""
    round_ = queries.round_by_id(round_id)
    options = {one.code: one for one in queries.options_of(round_id)}
    if a not in options or b not in options:
        raise NotFound
    assignment = assignment_by_id(round_.assignment_id)
    srid, area = assignment.neighbourhood.metric_srid, area_of(assignment)
    claims = [conflicts.claims_of(freezing.version_in(options[code]), assignment) for code in (a, b)]
    shared = conflicts.common_ground(*claims)
    grounds = [shapely.union_all([place for places in one.values() for place in places]) for one in claims]
    if shared.is_empty:
        parts, stripes = grounds, []
        view = view_of(
            [from_metric(one, srid) for one in grounds if not one.is_empty] or [area], CONFLICT_SIZE
        )
    else:
        near = shapely.envelope(shared).buffer(NEAR_CONFLICT_M, join_style="mitre")
        parts = [_solid(shapely.intersection(shapely.difference(one, shared), near)) for one in grounds]
        stripes = [from_metric(shared, srid)]
        west, south, east, north = near.bounds
        view = view_of(stripes, CONFLICT_SIZE, level=area)
        view = replace(view, scale=max(view.scale, CONFLICT_SIZE[1] / max(east - west, north - south)))
    return pictures.picture(
        view,
        assignment,
        title=_("Kaart van %(a)s en %(b)s", a=a, b=b),
        description=_("Het gestreepte vlak nemen beide ontwerpen in."),
        marks=[MapMark(from_metric(part, srid), words) for part, words in _named(parts, (a, b), shared)],
        fixed=stripes,
        small=True,
    )


def _solid(ground: BaseGeometry) -> BaseGeometry:
    """Ground without the slivers that rounding leaves between two drawings of one edge."""
    return shapely.buffer(shapely.buffer(ground, -SLIVER_M), SLIVER_M)


def _named(
    parts: list[BaseGeometry], codes: tuple[str, str], shared: BaseGeometry
) -> list[tuple[BaseGeometry, str]]:
    """Where the letter of each design stands. One that lies wholly in the other is where both are."""
    inside = [code for part, code in zip(parts, codes, strict=True) if part.is_empty]
    found = [(part, code) for part, code in zip(parts, codes, strict=True) if not part.is_empty]
    return found if shared.is_empty or not inside else [*found, (shared, " + ".join(inside))]


# Freezing


@blueprint.get("/desk/rounds/<uuid:round_id>/freeze")
@access.planner
def ask_freeze(round_id: uuid.UUID) -> str:
    """Everything that will stand fast, and what is still in the way."""
    return _freeze(queries.round_by_id(round_id))


@blueprint.post("/desk/rounds/<uuid:round_id>/freeze")
@access.planner
def freeze(round_id: uuid.UUID) -> AnyResponse:
    """Freeze and publish."""

    def act() -> None:
        if request.form.get("sure") != "yes":
            raise Invalid.of([Problem("/sure", _("Zet een vinkje als alles klopt."))])
        with transaction():
            service.freeze(current_actor(), round_id, _revision(), now())

    def again(problems: list[Problem]) -> str:
        return _freeze(queries.round_by_id(round_id), problems)

    return _done(act, again, round_id, _("De stemronde staat vast en is openbaar. Ze gaat vanzelf open."))


# Pages


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIME_ZONE"])


def _revision() -> int:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _done(
    act: Callable[[], None], again: Callable[[list[Problem]], str], round_id: uuid.UUID, said: str
) -> AnyResponse:
    """Do it and go to the overview, or show the form again with what is wrong."""
    try:
        act()
    except (Invalid, EditedMeanwhile, WrongState) as error:
        problems = error.problems or [Problem("/revision", error.detail)]
        return make_response(again(problems), error.status)
    flash(said)
    return redirect(to(f"/desk/rounds/{round_id}"), 303)


def _form(
    assignment: Assignment,
    values: Mapping[str, str],
    problems: list[Problem] | None = None,
    round_: Round | None = None,
) -> str:
    return render_template(
        "votes/rounds/form.html",
        assignment=assignment,
        round=round_,
        values=values,
        problems=forms.at_fields(problems or []),
        methods=forms.methods(),
        kinds=round_words.KINDS,
        rules=round_words.RULES,
        completions=round_words.COMPLETIONS,
        electorates={
            one: told
            for one, told in round_words.ELECTORATES.items()
            if one is not Electorate.OIDC or oidc.name() or values.get("electorate") == "oidc"
        },
        zone=current_app.config["TIME_ZONE"],
    )


def _in_the_way(round_: Round) -> list[tuple[str, str, str]]:
    """What still has to be done before the round can be frozen, each with the page for it and its name."""
    problems = Problems()
    freezing.check(round_, now(), problems)
    desk = f"/desk/rounds/{round_.id}"
    slug = assignment_by_id(round_.assignment_id).slug
    pages = {
        "phases": (f"/desk/assignments/{slug}#f-phases", _("Naar de fasen van de opgave")),
        "options": (f"{desk}/options", _("Kies de ontwerpen")),
        "conflicts": (f"{desk}/conflicts", _("Beslis over de conflicten")),
    }
    edit = (f"{desk}/edit", _("Wijzig de stemronde"))
    return [(one.message, *pages.get(one.pointer.split("/")[1], edit)) for one in problems.found]


def _too_dear(round_: Round) -> list[str]:
    """The letters of options that cost more than the whole budget: they can never win."""
    budget = round_.parameters.get("budget_eur")
    if budget is None:
        return []
    return [one.code for one in queries.options_of(round_.id) if one.cost_eur > Decimal(budget)]


def _overview(round_: Round) -> str:
    moment = now()
    stage = status(round_, moment)
    found = queries.conflicts_of(round_.id)
    return render_template(
        "votes/rounds/overview.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        status=stage,
        statuses=round_words.STATUSES,
        options=queries.options_of(round_.id),
        undecided=[one for one in found if one.state == "proposed"],
        conflicts=found,
        ready=_in_the_way(round_) if stage is Status.DRAFT else [],
        too_dear=_too_dear(round_) if stage is Status.DRAFT else [],
        letters=sum(n for _batch, n in letter_queries.batches_of("round", round_.id)),
        how=round_words.how_to_vote(round_.kind, round_.parameters, len(queries.options_of(round_.id))),
        counts=round_words.how_it_counts(round_.rule, round_.parameters),
        who=round_words.who_may_vote(
            round_.electorate, paper=int(round_.electorate_parameters.get("paper_ballots") or 0)
        ),
        short=round_letters.short_url(round_),
    )


def _options(
    round_: Round,
    rows: list[forms.OptionRow],
    problems: list[Problem] | None = None,
    revision: str | None = None,
) -> str:
    """The list of designs. `revision`: which state of the round was answered, where it was not this one."""
    designs = {one.id: (one, version) for one, version in public_designs(round_.assignment_id)}
    return render_template(
        "votes/rounds/options.html",
        round=round_,
        revision=round_.revision if revision is None else revision,
        assignment=assignment_by_id(round_.assignment_id),
        rows=[
            (row, *designs[row.design_id], [one for one in rows if _is_part_of(one, row.design_id)])
            for row in rows
            if row.number is None and row.design_id in designs
        ],
        sentences={
            design_id: [
                (c.position, words.change_sentence(c.action, c.kind, c.object_kind)) for c in version.changes
            ]
            for design_id, (_design, version) in designs.items()
        },
        problems=problems or [],
        labels={
            f"{field}-{row.key}": row.title or designs[row.design_id][1].title
            for row in rows
            if row.design_id in designs
            for field in ("cost", "note", "title", "change", "design")
        },
    )


def _is_part_of(row: forms.OptionRow, design_id: uuid.UUID) -> bool:
    return row.number is not None and row.design_id == design_id


def _conflicts(
    round_: Round, typed: tuple[str, str, str, str] = ("", "", "", ""), problems: list[Problem] | None = None
) -> str:
    return render_template(
        "votes/rounds/conflicts.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        options={one.code: one for one in queries.options_of(round_.id)},
        conflicts=queries.conflicts_of(round_.id),
        states=round_words.CONFLICT_STATES,
        typed=typed,
        problems=problems or [],
    )


def _freeze(round_: Round, problems: list[Problem] | None = None) -> str:
    options = queries.options_of(round_.id)
    return render_template(
        "votes/rounds/freeze.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        options=options,
        conflicts=queries.conflicts_of(round_.id),
        states=round_words.CONFLICT_STATES,
        in_the_way=_in_the_way(round_),
        too_dear=_too_dear(round_),
        how=round_words.how_to_vote(round_.kind, round_.parameters, len(options)),
        counts=round_words.how_it_counts(round_.rule, round_.parameters),
        who=round_words.who_may_vote(
            round_.electorate, paper=int(round_.electorate_parameters.get("paper_ballots") or 0)
        ),
        document=json.dumps(json.loads(freezing.document_of(round_)), ensure_ascii=False, indent=2)
        if options
        else "",
        problems=problems or [],
    )
