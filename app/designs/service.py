"""Making, changing, submitting and withdrawing designs. Nothing here commits."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor
from app.core import hooks
from app.core.geometry import from_wkb, to_metric, to_wkb
from app.designs import permissions, queries
from app.designs.catalogue import catalogue
from app.designs.checks.fitting import BUDGET_S, Suggestion, what_would_fit
from app.designs.checks.model import Verdict
from app.designs.checks.run import Judged, judge
from app.designs.checks.street import Thing
from app.designs.domain import MAX_CHANGES, TRANSITIONS, Action, ChangeDraft, DesignDraft, Status
from app.designs.effects import SLOW, Work, value
from app.designs.findings import stored
from app.designs.limits import Kept, held_against
from app.designs.models import Change, Design, DesignVersion
from app.designs.parts import Drawn
from app.designs.rulebook import current_rulebook
from app.designs.scenes import scene_of
from app.designs.situation import proposals_of, street_of
from app.designs.zoning import refusal
from app.errors import EditedMeanwhile, Forbidden, Invalid, NotFound, Problem, WrongState
from app.extensions import db
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id, zones_of
from app.projects.service import require_action

DRAW = "designs.draw"
# A drawing that people make takes a hundredth of this.
LONGEST_JUDGING_S = 4.0


def draft_design(
    actor: Actor,
    assignment: Assignment,
    draft: DesignDraft,
    key: str | None,
    now: datetime,
    *,
    is_example: bool = False,
) -> Design:
    """A new draft; the same `key` of the same person again gives the design it made before.

    Raises `Forbidden` while no phase is open for drawing, `Invalid` for a remix of what is not public.
    """
    require_action(actor, assignment, DRAW, now)
    if key and (earlier := queries.design_by_key(actor.person_id, key)) is not None:
        return earlier
    remix = _remix_source(actor, assignment, draft.remix_of)
    design = Design(
        assignment_id=assignment.id,
        author_id=actor.person_id,
        idempotency_key=key,
        remix_of_id=remix.id if remix else None,
        remix_of_version=remix.version if remix else None,
        is_example=is_example,
        created_at=now,
        updated_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(design)
    except IntegrityError:
        # The same request came twice at once: the other one has just made it.
        if key and (earlier := queries.design_by_key(actor.person_id, key)) is not None:
            return earlier
        raise
    design.version, design.revision, design.status = 1, 1, Status.DRAFT
    _write_version(design, assignment, draft, now)
    return design


def change_design(
    actor: Actor, design_id: uuid.UUID, draft: DesignDraft, revision: int, now: datetime
) -> Design:
    """New content: a draft changes in place, a submitted design gets a new version and keeps the old one.

    Raises `EditedMeanwhile` when `revision` is not the present one (unless the content is the same already),
    `WrongState` for a withdrawn design.
    """
    design = own_design(actor, design_id, lock=True)
    assignment = assignment_by_id(design.assignment_id)
    require_action(actor, assignment, DRAW, now)
    if design.status == Status.WITHDRAWN:
        raise WrongState(_("Dit ontwerp is ingetrokken. Teken verder op een kopie."))
    version = queries.version_of(design)
    if _same(version, draft):
        return design
    if design.revision != revision:
        raise EditedMeanwhile(
            _("Dit ontwerp is intussen gewijzigd, misschien in een ander venster. Kies wat je houdt.")
        )
    if design.status == Status.SUBMITTED:
        if not draft.changes:
            raise Invalid.of([Problem("/changes", _("Een ingezonden ontwerp heeft minstens één wijziging."))])
        design.version += 1
    else:
        db.session.delete(version)
        db.session.flush()
    _write_version(design, assignment, draft, now)
    if design.status == Status.SUBMITTED:
        _require_limits(assignment, draft.changes, queries.version_of(design))
    design.revision += 1
    design.updated_at = now
    db.session.flush()
    if design.status == Status.SUBMITTED:
        hooks.design_submitted.send(design, design=design, actor=actor)
    return design


def submit_design(actor: Actor, design_id: uuid.UUID, now: datetime) -> Design:
    """Make a draft public. Raises `WrongState` unless it is a draft, `Invalid` when it is empty."""
    design = own_design(actor, design_id, lock=True)
    assignment = assignment_by_id(design.assignment_id)
    require_action(actor, assignment, DRAW, now)
    _advance(design, "submit")
    version = queries.version_of(design)
    if not version.changes:
        raise Invalid.of([Problem("/changes", _("Zet eerst iets neer, of haal iets weg."))])
    changes = drafts_of(version, assignment)
    _require_zones(assignment, changes)
    _value(version, assignment, changes, is_public=True)
    _require_limits(assignment, changes, version)
    design.submitted_at = design.updated_at = now
    db.session.flush()
    hooks.design_submitted.send(design, design=design, actor=actor)
    return design


def withdraw_design(actor: Actor, design_id: uuid.UUID, now: datetime) -> Design:
    """Take a design back; what was public stays readable. Raises `WrongState` when it is already."""
    design = own_design(actor, design_id, lock=True)
    _advance(design, "withdraw")
    design.updated_at = now
    db.session.flush()
    hooks.design_withdrawn.send(design, design=design, actor=actor)
    return design


def append_addition(actor: Actor, design_id: uuid.UUID, change: ChangeDraft, now: datetime) -> Change:
    """Add one element to one's own open draft, in one statement.

    Raises `NotFound`, `WrongState` or `Forbidden` by the condition that did not hold.
    """
    row = queries.append_addition(
        design_id,
        actor.person_id,
        wkb=change.geometry.wkb,
        kind=change.kind or "",
        rotation_deg=change.rotation_deg,
        width_m=change.width_m,
        height_m=change.height_m,
        most=MAX_CHANGES,
        now=now,
    )
    if row is None:
        raise _why_not_appended(actor, design_id, change, now)
    return Change(
        id=row.id,
        design_id=design_id,
        version=row.version,
        position=row.position,
        action=change.action,
        kind=change.kind,
        rotation_deg=change.rotation_deg,
        width_m=change.width_m,
        height_m=change.height_m,
        geom=to_wkb(change.geometry),
    )


def _why_not_appended(actor: Actor, design_id: uuid.UUID, change: ChangeDraft, now: datetime) -> Exception:
    design = own_design(actor, design_id)
    assignment = assignment_by_id(design.assignment_id)
    require_action(actor, assignment, DRAW, now)
    if assignment.allowed_kinds is not None and change.kind not in assignment.allowed_kinds:
        message = _("Dit element hoort niet bij deze opgave. Kies iets anders.")
        return Invalid.of([Problem("/properties/kind", message)])
    if design.status != Status.DRAFT:
        return WrongState(_("Dit ontwerp is geen concept meer. Wijzig het als geheel."))
    if (message := refusal(zones_of(assignment), change)) is not None:
        return Invalid.of([Problem("/geometry", message)])
    if queries.count_changes(design) >= MAX_CHANGES:
        message = _("Een ontwerp heeft hoogstens %(max)d wijzigingen.", max=MAX_CHANGES)
        return Invalid.of([Problem("/changes/features", message)])
    return Invalid.of([Problem("/geometry", _("Dit ligt buiten het gebied van de opgave."))])


def own_design(actor: Actor, design_id: uuid.UUID, *, lock: bool = False) -> Design:
    """One's own design. Raises `NotFound` for what one may not see, `Forbidden` for somebody else's."""
    design = queries.design_by_id(design_id, lock=lock)
    if not permissions.can_see(actor, design):
        raise NotFound(_("Dit ontwerp bestaat niet."))
    if not permissions.is_author(actor, design):
        raise Forbidden(_("Dit is het ontwerp van iemand anders. Je kunt er wel een kopie van maken."))
    return design


def seen_design(actor: Actor, design_id: uuid.UUID) -> Design:
    """A design that this person may see. Raises `NotFound` otherwise."""
    design = queries.design_by_id(design_id)
    if not permissions.can_see(actor, design):
        raise NotFound(_("Dit ontwerp bestaat niet."))
    return design


def value_draft(
    assignment: Assignment, changes: tuple[ChangeDraft, ...], *, slow: bool = True, hour: float | None = None
) -> dict[str, Any]:
    """What these changes do in the assignment's area: after minus before, each with unit, source and steps.

    `slow` False leaves out what takes long (the shade). `hour`, of the clock on 1 July, asks for the shade at
    that moment as well.
    """
    scene = scene_of(assignment)
    proposals = proposals_of(changes, scene.street, assignment.neighbourhood.metric_srid, catalogue())
    return value(Work(scene, proposals, hour, current_rulebook()), () if slow else SLOW)


def limits_of_draft(
    assignment: Assignment, changes: tuple[ChangeDraft, ...], effects: Mapping[str, Any]
) -> list[Kept]:
    """The limits of the brief, held against these changes; `effects` as `value_draft` answers them."""
    scene = scene_of(assignment)
    proposals = proposals_of(changes, scene.street, assignment.neighbourhood.metric_srid, catalogue())
    return held_against(assignment, scene, proposals, effects)


def _require_limits(assignment: Assignment, changes: tuple[ChangeDraft, ...], version: DesignVersion) -> None:
    """Raise `Invalid` with every limit of the brief that a public design would go over."""
    kept = limits_of_draft(assignment, changes, version.effects)
    over = [Problem("/changes", one.message) for one in kept if one.verdict is Verdict.CONFLICT]
    if over:
        raise Invalid.of(over)


def _require_zones(assignment: Assignment, changes: Sequence[ChangeDraft]) -> None:
    """Raise `Invalid` for what lies where nothing may change: a zone may be newer than the draft."""
    zones = zones_of(assignment)
    refused = []
    for index, change in enumerate(changes):
        if (message := refusal(zones, change)) is not None:
            refused.append(Problem(f"/changes/features/{index}/geometry", message))
    if refused:
        raise Invalid.of(refused)


def judge_draft(assignment: Assignment, changes: tuple[ChangeDraft, ...]) -> list[Judged]:
    """What the municipality's rules say of each of these changes, in their order."""
    street = street_of(assignment)
    proposals = proposals_of(changes, street, assignment.neighbourhood.metric_srid, catalogue())
    return judge(street, proposals, current_rulebook(), LONGEST_JUDGING_S)


def suggest(
    assignment: Assignment, judged: Sequence[Judged], wanted: Collection[int] | None = None
) -> dict[int, Suggestion]:
    """For changes (all, or those with a `wanted` index) that do not fit: the nearest that would, by index.

    Takes 0.3 s at most for all of them together; what is not found by then is left out.
    """
    deadline = time.monotonic() + BUDGET_S
    street, book, kinds = street_of(assignment), current_rulebook(), catalogue()
    proposals = [one.proposal for one in judged]
    allows = _brief_allows(assignment)
    found = {
        one.proposal.index: what_would_fit(
            one, proposals, street, book, kinds, deadline=deadline, allows=allows
        )
        for one in judged
        if wanted is None or one.proposal.index in wanted
    }
    return {index: suggestion for index, suggestion in found.items() if suggestion is not None}


def _brief_allows(assignment: Assignment) -> Callable[[Thing], bool]:
    """Whether the brief lets something be put down: its kind, and where (in metres), as for what is sent."""
    allowed, srid = assignment.allowed_kinds, assignment.neighbourhood.metric_srid
    zones = zones_of(assignment).moved(lambda geometry: to_metric(geometry, srid))

    def allows(thing: Thing) -> bool:
        if allowed is not None and thing.element is not None and thing.element.id not in allowed:
            return False
        return zones.fixed_at(thing.geometry) is None and zones.is_free(thing.geometry)

    return allows


def _remix_source(actor: Actor, assignment: Assignment, remix_of: uuid.UUID | None) -> Design | None:
    if remix_of is None:
        return None
    source = db.session.get(Design, remix_of)
    if source is None or source.assignment_id != assignment.id or not permissions.can_see(actor, source):
        raise Invalid.of(
            [Problem("/remix_of", _("Dit ontwerp is er niet, of het hoort bij een andere opgave."))]
        )
    return source


def _advance(design: Design, act: str) -> None:
    allowed, result = TRANSITIONS[act]
    if design.status not in allowed:
        said = {
            Status.DRAFT: _("Dit ontwerp is nog een concept."),
            Status.SUBMITTED: _("Dit ontwerp is al ingezonden."),
            Status.WITHDRAWN: _("Dit ontwerp is ingetrokken."),
        }
        raise WrongState(said[Status(design.status)], extra={"current": {"status": design.status}})
    design.status = result
    design.revision += 1


def _write_version(design: Design, assignment: Assignment, draft: DesignDraft, now: datetime) -> None:
    version = DesignVersion(
        design_id=design.id, version=design.version, title=draft.title, story=draft.story, created_at=now
    )
    version.changes = [
        Change(
            design_id=design.id,
            version=design.version,
            position=position,
            action=change.action.value,
            kind=change.kind,
            object_id=change.object.id if change.object else None,
            object_kind=change.object.kind if change.object else None,
            rotation_deg=change.rotation_deg,
            width_m=change.width_m,
            height_m=change.height_m,
            geom=to_wkb(change.geometry),
        )
        for position, change in enumerate(draft.changes)
    ]
    _value(version, assignment, draft.changes, is_public=design.status == Status.SUBMITTED)
    db.session.add(version)
    db.session.flush()


def _value(
    version: DesignVersion, assignment: Assignment, changes: tuple[ChangeDraft, ...], *, is_public: bool
) -> None:
    """Work out and keep what the rules and the figures say of a version, by the numbers that hold now.

    What takes long waits until others can see it: a draft is saved often.
    """
    srid = assignment.neighbourhood.metric_srid
    judged = judge_draft(assignment, changes)
    version.checks = [[stored(finding, srid) for finding in one.findings] for one in judged]
    for change, one in zip(version.changes, judged, strict=True):
        change.verdict = one.verdict.value
    figures = value_draft(assignment, changes, slow=is_public)
    version.effect_steps = {name: figure.pop("how") for name, figure in figures.items()}
    version.effects = figures
    cost = version.effects["cost_eur"]
    version.cost_low_eur, version.cost_high_eur = cost["low"], cost["high"]


def drafts_of(version: Drawn, assignment: Assignment) -> tuple[ChangeDraft, ...]:
    """The stored changes of a version, or of a part of one, as they were read."""
    ids = {change.object_id for change in version.changes if change.object_id}
    known = queries.existing_objects(assignment.neighbourhood_id, ids) if ids else {}
    return tuple(
        ChangeDraft(
            Action(change.action),
            from_wkb(change.geom),
            change.kind,
            known.get(change.object_id or 0),
            change.rotation_deg,
            change.width_m,
            change.height_m,
        )
        for change in version.changes
    )


def _same(version: DesignVersion, draft: DesignDraft) -> bool:
    """Whether a version already holds exactly this: then sending it again is no edit."""
    if (version.title, version.story, len(version.changes)) != (draft.title, draft.story, len(draft.changes)):
        return False
    return all(
        (
            old.action,
            old.kind,
            old.object_id,
            old.rotation_deg,
            old.width_m,
            old.height_m,
        )
        == (
            new.action,
            new.kind,
            new.object.id if new.object else None,
            new.rotation_deg,
            new.width_m,
            new.height_m,
        )
        and from_wkb(old.geom) == new.geometry
        for old, new in zip(version.changes, draft.changes, strict=True)
    )


def listen() -> None:
    """Follow people who sign in, and let comments hang on designs and their changes."""

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        queries.move_designs(source_id, target_id)

    @hooks.person_erased.connect_via(hooks.ANY, weak=False)
    def _erase(sender: object, person_id: uuid.UUID) -> None:
        queries.delete_drafts_of(person_id)
