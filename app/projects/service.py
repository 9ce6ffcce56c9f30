"""Making and changing neighbourhoods and assignments. Nothing here commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.accounts.domain import Actor
from app.core import hooks
from app.core.formatting import last_moment, moment, number
from app.core.geometry import from_wkb, to_wkb
from app.core.problems import Problems
from app.errors import EditedMeanwhile, Forbidden, Invalid, Problem, WrongState
from app.extensions import db
from app.projects import choices, permissions, phases, queries
from app.projects.domain import SLUG, Stage, slug_from, stage
from app.projects.models import Assignment, Neighbourhood, Phase, PhaseMove, PromiseChange, Zone
from app.projects.phases import Degree, PhaseDraft, Wrong
from app.projects.zones import KINDS, ZoneDraft

MAX_AREA_M2 = 4_000_000
MOST_ZONES = 40
# What a planner must have told before people see an assignment.
TO_TELL = ("what_is_fixed", "what_is_open", "who_decides", "contact")
TEXTS = (*TO_TELL, "planning")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a planner fills in. `area` is a polygon or multipolygon in EPSG:4326.

    `allowed_kinds` are ids of element kinds; None allows all. A phase with an `id` stands for the one it
    changes. The limits (euros, parking places, metres of pavement) are None where there is none.
    """

    title: str
    question: str
    area: BaseGeometry
    phases: tuple[PhaseDraft, ...]
    slug: str = ""
    allowed_kinds: tuple[str, ...] | None = None
    degree: Degree = Degree.ADVISE
    what_is_fixed: str = ""
    what_is_open: str = ""
    who_decides: str = ""
    contact: str = ""
    planning: str = ""
    budget_eur: float | None = None
    min_parking_bays: int | None = None
    min_clear_width_m: float | None = None
    zones: tuple[ZoneDraft, ...] = ()


def add_neighbourhood(
    slug: str,
    name: str,
    *,
    metric_srid: int,
    boundary: BaseGeometry | None = None,
    attribution: str = "",
    is_example: bool = False,
) -> Neighbourhood:
    """A new neighbourhood. Raises `Invalid` for a slug that cannot be or is taken."""
    if not SLUG.fullmatch(slug):
        raise Invalid.of([Problem("/slug", _("Gebruik kleine letters, cijfers en streepjes."))])
    if queries.neighbourhood_by_slug(slug) is not None:
        raise Invalid.of([Problem("/slug", _("Deze naam is al in gebruik."))])
    neighbourhood = Neighbourhood(
        slug=slug,
        name=name,
        metric_srid=metric_srid,
        boundary=to_wkb(_multi(boundary)) if boundary is not None else None,
        attribution=attribution,
        is_example=is_example,
    )
    db.session.add(neighbourhood)
    db.session.flush()
    return neighbourhood


def make_assignment(
    actor: Actor,
    neighbourhood: Neighbourhood,
    brief: Brief,
    now: datetime,
    *,
    publish: bool = False,
    is_example: bool = False,
) -> Assignment:
    """A new assignment: a concept that only planners see, unless `publish`.

    Raises `Forbidden` for others than planners, `Invalid` with every problem.
    """
    _require_planner(actor)
    slug = brief.slug or slug_from(brief.title)
    problems = Problems()
    if not SLUG.fullmatch(slug):
        problems.add("/slug", _("Gebruik kleine letters, cijfers en streepjes."))
    elif queries.slug_taken(slug):
        problems.add("/slug", _("Dit adres is al van een andere opgave."))
    _check_brief(brief, neighbourhood, problems)
    if publish:
        _check_told(brief, problems)
    problems.raise_if_any()
    assignment = Assignment(
        slug=slug, neighbourhood=neighbourhood, created_by=actor.id, is_example=is_example
    )
    _fill(assignment, brief)
    _set_phases(assignment, brief.phases)
    assignment.published_at = now if publish else None
    db.session.add(assignment)
    db.session.flush()
    return assignment


def change_assignment(
    actor: Actor,
    assignment: Assignment,
    brief: Brief,
    revision: int,
    now: datetime,
    *,
    reason: str = "",
) -> Assignment:
    """New text, area or phases. Where people see the assignment already, moving a date takes a `reason`, and
    so does telling otherwise who decides or how much residents have to say.

    Raises `EditedMeanwhile` when `revision` is not the present one, `Invalid` with every problem.
    """
    _require_planner(actor)
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    if revision != assignment.revision:
        raise EditedMeanwhile(
            _("Een collega heeft deze opgave intussen gewijzigd, of jij in een ander venster.")
        )
    problems = Problems()
    _check_brief(brief, assignment.neighbourhood, problems)
    if assignment.published_at is not None:
        _check_told(brief, problems)
        _check_moves(assignment, brief.phases, reason, now, problems)
        _check_promise(assignment, brief, reason, problems)
    _check_what_hangs_on(assignment, brief.phases, problems)
    problems.raise_if_any()
    before = assignment.degree
    if assignment.published_at is not None:
        _keep_promise_changes(actor, assignment, brief, reason, now)
    _fill(assignment, brief)
    moved = _set_phases(assignment, brief.phases)
    if assignment.published_at is not None and assignment.degree != before:
        hooks.degree_changed.send(assignment, assignment=assignment)
    if assignment.published_at is not None and moved:
        _keep_moves(actor, assignment, moved, reason, now)
        hooks.dates_moved.send(assignment, assignment=assignment)
    assignment.revision += 1
    assignment.updated_at = now
    db.session.flush()
    return assignment


def publish_assignment(actor: Actor, assignment: Assignment, now: datetime) -> None:
    """Let everybody see it; again changes nothing.

    Raises `Forbidden` for others than planners, `Invalid` for a brief that leaves people guessing.
    """
    _require_planner(actor)
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    if assignment.published_at is None:
        problems = Problems()
        _check_told(assignment, problems)
        if assignment.closes_at is not None and assignment.closes_at <= now:
            problems.add("/phases", _("Alle fasen zijn al voorbij. Kies nieuwe data."))
        problems.raise_if_any()
        assignment.published_at = assignment.updated_at = now
        assignment.revision += 1
        db.session.flush()


def discard_concept(actor: Actor, assignment: Assignment) -> None:
    """Delete an assignment that nobody but planners saw. Raises `WrongState` for a public one."""
    _require_planner(actor)
    # A colleague may be putting it online this very moment.
    db.session.refresh(assignment, with_for_update={"of": Assignment})
    if assignment.published_at is not None:
        raise WrongState(_("Deze opgave is al te zien. Sluit een fase als meedoen niet meer kan."))
    db.session.delete(assignment)
    db.session.flush()


def require_action(actor: Actor, assignment: Assignment, action: str, now: datetime) -> None:
    """Raise `Forbidden` when this person cannot do this now; it says which phase opens it, and when."""
    if permissions.can(actor, assignment, action, now):
        return
    if permissions.is_open(assignment, action, now):
        raise Forbidden(_("Begin eerst met meedoen."))
    raise Forbidden(why_closed(assignment, action, now))


def why_closed(assignment: Assignment, action: str, now: datetime) -> str:
    """A sentence for an action that is not open at `now`."""
    what = phases.action_title(action)
    if not phases.degree_allows(assignment.degree, action):
        return str(_("%(what)s kan niet bij deze opgave. Hier vragen we dat niet van je.", what=what))
    if (coming := phases.next_opening(assignment.phases, action, now)) is not None:
        return str(
            _(
                "%(what)s kan nog niet. Dat kan vanaf %(moment)s, in de fase “%(phase)s”.",
                what=what,
                moment=moment(coming.starts_at),
                phase=title_of(coming.type),
            )
        )
    over = phases.last_opening(assignment.phases, action, now)
    if over is not None and over.ends_at is not None:
        if stage(assignment.opens_at, assignment.closes_at, now) is Stage.CLOSED:
            return str(
                _(
                    "Deze opgave is gesloten sinds %(moment)s. Je kunt alles nog wel bekijken.",
                    moment=moment(over.ends_at),
                )
            )
        return str(
            _(
                "%(what)s kan niet meer. Dat kon tot en met %(moment)s, in de fase “%(phase)s”.",
                what=what,
                moment=last_moment(over.ends_at),
                phase=title_of(over.type),
            )
        )
    return str(_("%(what)s kan niet bij deze opgave. Er is geen fase voor.", what=what))


def title_of(phase_type: str) -> str:
    """The name of a type of phase; its id where the type is no longer known."""
    found = phases.type_of(phase_type)
    return str(found.title) if found else phase_type


def _require_planner(actor: Actor) -> None:
    if not permissions.can_manage_assignments(actor):
        raise Forbidden(_("Alleen planners kunnen dit doen."))


def _fill(assignment: Assignment, brief: Brief) -> None:
    assignment.title = brief.title
    assignment.question = brief.question
    assignment.area = to_wkb(_multi(brief.area))
    assignment.degree = brief.degree.value
    for name in TEXTS:
        setattr(assignment, name, getattr(brief, name))
    assignment.budget_eur = brief.budget_eur
    assignment.min_parking_bays = brief.min_parking_bays
    assignment.min_clear_width_m = brief.min_clear_width_m
    assignment.zones = [
        Zone(kind=zone.kind, geom=to_wkb(_multi(zone.geometry)), reason=zone.reason) for zone in brief.zones
    ]
    assignment.allowed_kinds = None if brief.allowed_kinds is None else sorted(set(brief.allowed_kinds))


@dataclass(frozen=True, slots=True)
class _Move:
    """A phase before and after; None before for a new one, None after for one that goes."""

    phase_id: uuid.UUID
    old: PhaseDraft | None
    new: PhaseDraft | None


def _set_phases(assignment: Assignment, drafts: Sequence[PhaseDraft]) -> list[_Move]:
    """Make the assignment's phases those; answers what changed."""
    old = {phase.id: phase for phase in assignment.phases}
    kept, moves = [], []
    for draft in drafts:
        phase = old.get(draft.id) if draft.id else None
        before = _as_draft(phase) if phase else None
        if phase is None:
            phase = Phase(id=uuid.uuid4())
        if before is None or not phases.same(before, draft):
            moves.append(_Move(phase.id, before, draft))
        phase.type, phase.starts_at, phase.ends_at = draft.type, draft.starts_at, draft.ends_at
        kept.append(phase)
    kept_ids = {phase.id for phase in kept}
    moves += [_Move(id_, _as_draft(phase), None) for id_, phase in old.items() if id_ not in kept_ids]
    assignment.phases = sorted(kept, key=lambda phase: (phase.starts_at, phase.type))
    assignment.opens_at, assignment.closes_at = phases.whole(drafts)
    return moves


def _as_draft(phase: Phase) -> PhaseDraft:
    return PhaseDraft(phase.type, phase.starts_at, phase.ends_at, phase.id)


def _check_moves(
    assignment: Assignment, drafts: Sequence[PhaseDraft], reason: str, now: datetime, problems: Problems
) -> None:
    old = {phase.id: _as_draft(phase) for phase in assignment.phases}
    _tell(phases.mistakes_while_running(old, drafts, now), problems)
    unchanged = {draft.id for draft in drafts if draft.id in old and phases.same(old[draft.id], draft)}
    if (len(unchanged) != len(drafts) or unchanged != set(old)) and not reason.strip():
        problems.add("/reason", _("Zeg waarom de data veranderen. Iedereen kan dat lezen."))


# What people were told of what their word is worth: when it changes they hear it, with the reason.
PROMISES = ("degree", "who_decides")


def _broken(assignment: Assignment, brief: Brief) -> list[tuple[str, str, str]]:
    """Which promises a brief changes, with what was told and what will be; spaces are no change."""
    found = []
    for name in PROMISES:
        old, new = (str(getattr(one, name)).strip() for one in (assignment, brief))
        if old.split() != new.split():
            found.append((name, old, new))
    return found


def _check_promise(assignment: Assignment, brief: Brief, reason: str, problems: Problems) -> None:
    if _broken(assignment, brief) and not reason.strip():
        problems.add(
            "/reason", _("Zeg waarom bewoners meer of minder te zeggen krijgen. Iedereen kan dat lezen.")
        )


def _keep_promise_changes(
    actor: Actor, assignment: Assignment, brief: Brief, reason: str, now: datetime
) -> None:
    """Note what is told otherwise from now on, and let followers hear it."""
    broken = _broken(assignment, brief)
    for what, old, new in broken:
        db.session.add(
            PromiseChange(
                assignment_id=assignment.id,
                what=what,
                old=old,
                new=new,
                reason=reason.strip(),
                by_role=actor.role.value,
                changed_at=now,
            )
        )
    if broken:
        db.session.flush()
        hooks.promise_changed.send(assignment, assignment=assignment)


def _check_what_hangs_on(assignment: Assignment, drafts: Sequence[PhaseDraft], problems: Problems) -> None:
    """Nothing that a planner tied to a phase is untied, or left without a moment, by the way."""
    wanted = {draft.id: draft for draft in drafts}
    after = {
        phase.id: wanted.get(phase.id)
        for phase in assignment.phases
        if phase.id not in wanted or not phases.same(_as_draft(phase), wanted[phase.id])
    }
    if after:
        hooks.phases_changing.send(assignment, assignment=assignment, after=after, problems=problems)


def _keep_moves(
    actor: Actor, assignment: Assignment, moves: Sequence[_Move], reason: str, now: datetime
) -> None:
    """Note what moved, for everybody to read."""
    kept = []
    for move in moves:
        what = move.new or move.old
        if what is None:
            continue
        kept.append(
            PhaseMove(
                assignment_id=assignment.id,
                phase_id=move.phase_id,
                type=what.type,
                old_starts_at=move.old.starts_at if move.old else None,
                old_ends_at=move.old.ends_at if move.old else None,
                new_starts_at=move.new.starts_at if move.new else None,
                new_ends_at=move.new.ends_at if move.new else None,
                reason=reason.strip(),
                by_role=actor.role.value,
                moved_at=now,
            )
        )
    db.session.add_all(kept)
    db.session.flush()


def _tell(mistakes: Sequence[phases.Mistake], problems: Problems) -> None:
    """Put what is wrong with phases into words, at their fields."""
    said = {
        Wrong.NONE: _("Een opgave heeft minstens één fase."),
        Wrong.TOO_MANY: _("Een opgave heeft hoogstens %(most)d fasen.", most=phases.MOST_PHASES),
        Wrong.UNKNOWN_TYPE: _("Kies wat er in deze fase gebeurt."),
        Wrong.UNKNOWN_PHASE: _("Deze fase is er niet meer. Laad de pagina opnieuw."),
        Wrong.ENDS_BEFORE_START: _("Het einde komt na het begin."),
        Wrong.OVERLAP: _("Er is op dat moment al zo’n fase. Twee van dezelfde soort lopen niet tegelijk."),
        Wrong.HAS_ENDED: _("Deze fase is voorbij en verandert niet meer. Maak een nieuwe fase."),
        Wrong.HAS_BEGUN: _("Deze fase is al begonnen. Het begin kan niet meer anders."),
        Wrong.TYPE_FIXED: _("Deze fase is al begonnen. De soort kan niet meer anders."),
        Wrong.IN_THE_PAST: _("Dat moment is al voorbij. Kies nu of later."),
        Wrong.CANNOT_GO: _("Een fase die begonnen is, kan niet weg."),
    }
    for mistake in mistakes:
        pointer = "/phases" if mistake.index is None else f"/phases/{mistake.index}/{mistake.field}"
        problems.add(pointer, said[mistake.wrong])


def note_what_is_wrong(
    values: Mapping[str, float | None], drafts: Sequence[PhaseDraft] | None, slug: str, problems: Problems
) -> None:
    """Note what would be refused of these parts of a brief, where the rest cannot be read yet.

    `values` are the limits by name; `drafts` is None where not all phases could be read, `slug` is empty
    where there is none to check.
    """
    if slug and not SLUG.fullmatch(slug):
        problems.add("/slug", _("Gebruik kleine letters, cijfers en streepjes."))
    if drafts is not None:
        _tell(phases.mistakes(drafts), problems)
    _check_limits(values, problems)


def _check_brief(brief: Brief, neighbourhood: Neighbourhood, problems: Problems) -> None:
    if not brief.title:
        problems.add("/title", _("Vul dit in."))
    _tell(phases.mistakes(brief.phases), problems)
    if brief.allowed_kinds is not None:
        if not brief.allowed_kinds:
            problems.add("/kinds", _("Vink minstens één element aan, of kies “alles”."))
        elif not choices.known_kinds().issuperset(brief.allowed_kinds):
            problems.add("/kinds", _("Een van deze elementen staat niet (meer) in de lijst."))
    _check_limits({name: getattr(brief, name) for name in LIMITS}, problems)
    _check_zones(brief, problems)
    if not brief.area.is_valid or brief.area.area == 0:
        problems.add("/area", _("Teken het gebied op de kaart."))
    elif neighbourhood.boundary is not None and not from_wkb(neighbourhood.boundary).intersects(brief.area):
        problems.add("/area", _("Dit gebied ligt buiten de buurt."))
    elif _rough_area_m2(brief.area) > MAX_AREA_M2:
        problems.add("/area", _("Dit gebied is te groot. Kies een straat of een paar straten."))


def _check_told(brief: Brief | Assignment, problems: Problems) -> None:
    for name in TO_TELL:
        if not getattr(brief, name).strip():
            problems.add(f"/{name}", _("Vul dit in voordat bewoners de opgave zien."))
    if "[" in brief.title:
        problems.add("/title", _("Zet de naam op de plek van de vierkante haken."))


# Lowest and highest value of each limit; a pavement is measured up to the highest.
LIMITS = {
    "budget_eur": (1.0, 100_000_000.0),
    "min_parking_bays": (0, 10_000),
    "min_clear_width_m": (0.9, 4.0),
}


def _check_limits(values: Mapping[str, float | None], problems: Problems) -> None:
    for name, (low, high) in LIMITS.items():
        value = values[name]
        if value is not None and not low <= value <= high:
            problems.add(
                f"/{name}",
                _("Kies een getal van %(low)s tot en met %(high)s.", low=number(low, 1), high=number(high)),
            )


def _check_zones(brief: Brief, problems: Problems) -> None:
    if len(brief.zones) > MOST_ZONES:
        problems.add("/zones", _("Een opgave heeft hoogstens %(most)d zones.", most=MOST_ZONES))
        return
    for index, zone in enumerate(brief.zones):
        if zone.kind not in KINDS:
            problems.add(f"/zones/{index}/kind", _("Kies of hier iets mag, of juist niet."))
        if not zone.reason.strip():
            problems.add(f"/zones/{index}/reason", _("Zeg waarom. Bewoners lezen dit als ze hier tekenen."))
        if not zone.geometry.is_valid or zone.geometry.area == 0:
            problems.add(f"/zones/{index}/geometry", _("Teken de zone op de kaart."))
        elif brief.area.is_valid and not brief.area.intersects(zone.geometry):
            problems.add(f"/zones/{index}/geometry", _("Deze zone ligt buiten het gebied van de opgave."))


def _rough_area_m2(area: BaseGeometry) -> float:
    """Square metres on the sphere, good to a per cent: enough to refuse a whole city."""
    from pyproj import Geod

    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(area))[0])


def _multi(area: BaseGeometry) -> shapely.MultiPolygon:
    if isinstance(area, shapely.Polygon):
        return shapely.MultiPolygon([area])
    return cast(shapely.MultiPolygon, area)
