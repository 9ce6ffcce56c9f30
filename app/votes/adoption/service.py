"""Pledging, extending, ending and remembering. Nothing here commits."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor
from app.core import clock, hooks
from app.core.geometry import from_wkb, to_metric, to_wkb
from app.designs import permissions as design_permissions
from app.designs.catalogue import catalogue
from app.designs.domain import Status
from app.designs.models import Change, Design, DesignVersion
from app.designs.queries import change_by_id, design_by_id
from app.errors import Forbidden, Invalid, NotFound, Problem, WrongState
from app.extensions import db
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id
from app.projects.service import require_action
from app.votes.adoption import domain, permissions, queries
from app.votes.adoption.domain import Spot
from app.votes.adoption.models import Adoption

ACTION = "adoption.pledge"


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody can look after: something that a design adds, or a street object; EPSG:4326."""

    assignment: Assignment
    kind: str
    geometry: BaseGeometry
    place_name: str
    design_id: uuid.UUID | None = None
    object_id: int | None = None

    @property
    def key(self) -> str:
        """Names the thing for as long as it stays what and where it is."""
        if self.object_id is not None:
            return f"object:{self.object_id}"
        place = hashlib.sha256(shapely.to_wkb(shapely.set_precision(self.geometry, 1e-6))).hexdigest()[:16]
        return f"design:{self.design_id}:{self.kind}:{place}"


@dataclass(frozen=True, slots=True)
class Pledge:
    """What somebody fills in; `public_name` may be empty."""

    starts_on: date
    months: int
    public_name: str = ""
    is_group: bool = False


def thing_of_change(actor: Actor, change_id: uuid.UUID) -> Thing:
    """What a change of a public design adds. Raises `NotFound`, `WrongState` (nothing to look after)."""
    change = change_by_id(change_id)
    if change is None:
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    design = design_by_id(change.design_id)
    if not design_permissions.can_see(actor, design):
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    if design.status != Status.SUBMITTED or change.version != design.version or not can_be_adopted(change):
        raise WrongState(_("Hier valt niets te verzorgen."))
    assignment = assignment_by_id(design.assignment_id)
    return Thing(assignment, change.kind or "", from_wkb(change.geom), "", design_id=design.id)


def thing_of_object(assignment: Assignment, object_id: int) -> Thing:
    """A street object in the assignment's area. Raises `NotFound`."""
    found = queries.things(assignment.id, domain.OBJECT_KINDS, limit=1, object_id=object_id)
    if not found:
        raise NotFound(_("Dit is er niet (meer), of je kunt er niet voor zorgen."))
    (row,) = found
    geometry = shapely.from_wkb(bytes(row["wkb"]))
    return Thing(assignment, row["kind"], geometry, row["label"], object_id=row["id"])


def can_be_adopted(change: Change) -> bool:
    """Whether a change brings something that neighbours can look after."""
    kind = catalogue().get(change.kind or "")
    return change.action in ("add", "replace") and kind is not None and kind.group in domain.GROUPS


def pledge(actor: Actor, thing: Thing, given: Pledge, now: datetime, today: date) -> Adoption:
    """Look after a thing. Raises `Forbidden` (not open), `Invalid`, `WrongState` (pledged already)."""
    require_action(actor, thing.assignment, ACTION, now)
    problems = []
    if not today <= given.starts_on <= today + domain.LATEST_START:
        problems.append(Problem("/starts_on", _("Kies vandaag of een dag in de komende vijf jaar.")))
    if not 1 <= given.months <= domain.MOST_MONTHS:
        problems.append(Problem("/count", _("Kies een tijd van een maand tot tien jaar.")))
    if problems:
        raise Invalid.of(problems)
    queries.close_over([actor.person_id], today)
    if queries.has_pledged(actor.person_id, thing.key):
        raise _already()
    made = Adoption(
        assignment_id=thing.assignment.id,
        design_id=thing.design_id,
        object_id=thing.object_id,
        thing=thing.key,
        kind=thing.kind,
        geom=to_wkb(thing.geometry),
        place_name=thing.place_name,
        person_id=actor.person_id,
        public_name=given.public_name,
        is_group=given.is_group,
        starts_on=given.starts_on,
        ends_on=domain.after_months(given.starts_on, given.months),
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") == "ix_adoption_once":
            raise _already() from None
        raise
    return made


def extend(actor: Actor, adoption_id: uuid.UUID, months: int, today: date) -> Adoption:
    """Look after it longer. Raises `Forbidden` for others, `WrongState` once it is over, `Invalid`."""
    found = _own(actor, adoption_id)
    if found.ended_at is not None or found.ends_on <= today:
        raise WrongState(_("Deze toezegging is voorbij. Je kunt een nieuwe doen."))
    ends_on = domain.after_months(found.ends_on, months) if 1 <= months <= domain.MOST_MONTHS else None
    if ends_on is None or ends_on > domain.after_months(today, domain.MOST_MONTHS):
        raise Invalid.of([Problem("/count", _("Kies een tijd van een maand tot tien jaar."))])
    found.ends_on = ends_on
    db.session.flush()
    return found


def end(actor: Actor, adoption_id: uuid.UUID, now: datetime) -> Adoption:
    """Look after it no longer; again changes nothing. Raises `Forbidden` for others."""
    found = _own(actor, adoption_id)
    if found.ended_at is None:
        found.ended_at = now
    db.session.flush()
    return found


def take_name_away(actor: Actor, adoption_id: uuid.UUID) -> Adoption:
    """Remove a public name that should not be there. Raises `Forbidden`."""
    if not permissions.can_take_name_away(actor):
        raise Forbidden(_("Dit is alleen voor planners en moderators."))
    found = queries.adoption_by_id(adoption_id, lock=True)
    found.public_name = ""
    db.session.flush()
    return found


def by_change(design: Design, version: DesignVersion, today: date) -> dict[uuid.UUID, list[Adoption]]:
    """The pledges beside the changes of a version; those for something that it no longer has are left out."""
    pledges = queries.running_of_design(design.id, today)
    if not pledges:
        return {}
    srid = assignment_by_id(design.assignment_id).neighbourhood.metric_srid
    changes = [change for change in version.changes if can_be_adopted(change)]
    spots = [Spot(change.kind or "", to_metric(from_wkb(change.geom), srid)) for change in changes]
    wanted = [Spot(one.kind, to_metric(from_wkb(one.geom), srid)) for one in pledges]
    found: dict[uuid.UUID, list[Adoption]] = {}
    for one, index in zip(pledges, domain.matched(wanted, spots), strict=True):
        if index is not None:
            found.setdefault(changes[index].id, []).append(one)
    return found


def remember(adoption_id: uuid.UUID, today: date) -> Adoption | None:
    """Mark a pledge as reminded of; None where that is not due (any more). The row stays locked."""
    found = queries.adoption_by_id(adoption_id, lock=True)
    if found.ended_at is not None or not domain.due(found.ends_on, found.reminded_for, today):
        return None
    found.reminded_for = found.ends_on
    db.session.flush()
    return found


def _own(actor: Actor, adoption_id: uuid.UUID) -> Adoption:
    found = queries.adoption_by_id(adoption_id, lock=True)
    if not permissions.is_own(actor, found):
        raise Forbidden(_("Alleen wie dit toezegde kan dit doen."))
    return found


def _already() -> WrongState:
    return WrongState(_("Je zorgt hier al voor. Bij “Jouw spullen” kun je het verlengen of stoppen."))


def listen() -> None:
    """Follow people who sign in and who leave."""

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        queries.move(source_id, target_id, clock.now().date())

    @hooks.person_erased.connect_via(hooks.ANY, weak=False)
    def _forget(sender: object, person_id: uuid.UUID) -> None:
        queries.end_all(person_id)
