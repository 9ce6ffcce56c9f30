"""Asking neighbours, and their answers. Nothing here commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor
from app.core.formatting import day_and_time
from app.core.geometry import from_metric, from_wkb, to_metric, to_wkb
from app.core.problems import Problems
from app.designs.catalogue import catalogue
from app.designs.domain import Status as DesignStatus
from app.designs.models import Change
from app.designs.queries import change_by_id, design_by_id
from app.designs.sections import line_along
from app.errors import Forbidden, Invalid, NotFound, Problem, WrongState
from app.extensions import db
from app.projects import phases
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id
from app.votes import acts
from app.votes.consent import domain, permissions, queries
from app.votes.consent.alongside import Door, Neighbours, neighbours
from app.votes.consent.domain import Asked, Reply, Rule, Side, State, Status, Told
from app.votes.consent.models import Consent, ConsentAddress, ConsentRule
from app.votes.consent.queries import NewAddress
from app.votes.letters import service as letters
from app.votes.letters.domain import Addressed

ACTION = "consent.answer"
PURPOSE = "consent"
# Addresses further along the street than this are never asked.
REACH_M = 400.0
# A street that somebody lives on so near to the place is the street that the place is in.
STREET_WITHIN_M = 100.0


def status_of(consent: Consent, now: datetime) -> Status:
    """Where a question stands, by the database's clock in `now`."""
    return domain.status(consent.sent_at, consent.withdrawn_at, consent.opens_at, consent.closes_at, now)


# --- The rule ----------------------------------------------------------------------------------------------


def set_rule(actor: Actor, assignment: Assignment, kind: str | None, rule: Rule, reason: str) -> None:
    """What an assignment asks from now on, for one kind of element or (None) for all others.

    What was put before neighbours already keeps the rule of its letters. Raises `Forbidden`, `Invalid`.
    """
    _require_planner(actor)
    problems = Problems()
    _check_rule(rule, problems)
    if kind is not None and catalogue().get(kind) is None:
        problems.add("/kind", _("Dit element kennen we niet (meer)."))
    if not reason.strip():
        problems.add("/reason", _("Zeg waarom. Iedereen leest het."))
    problems.raise_if_any()
    db.session.add(
        ConsentRule(
            assignment_id=assignment.id,
            kind=kind,
            rule=rule.document(),
            reason=reason,
            set_by_role=actor.role.value,
        )
    )
    db.session.flush()
    acts.note(actor, "consent_rule", assignment.id, "set", reason, {"kind": kind, **rule.document()})


def _check_rule(rule: Rule, problems: Problems) -> None:
    for name in ("left", "right", "opposite"):
        if not 0 <= getattr(rule, name) <= domain.MOST_A_SIDE:
            problems.add(f"/{name}", _("Vul een getal in van 0 tot en met %(max)d.", max=domain.MOST_A_SIDE))
    if not rule.wants_something:
        problems.add("/yes_needed", _("Deze regel vraagt niets. Kies minstens één voorwaarde."))
    if rule.yes_needed > 0 and rule.left + rule.right + rule.opposite == 0:
        problems.add("/yes_needed", _("Er wordt niemand naast of tegenover gevraagd."))


# --- The question and its addresses -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What a planner fills in to put a change before the neighbours."""

    rule: Rule
    opens_at: datetime
    closes_at: datetime


def ask(actor: Actor, change_id: uuid.UUID, question: Question, now: datetime) -> tuple[Consent, Neighbours]:
    """A question about a change of a public design, with the addresses that the rule means; no letters yet.

    Raises `Forbidden`, `NotFound`, `WrongState` (no public design) and `Invalid` with every problem.
    """
    _require_planner(actor)
    change = _public_change(change_id)
    problems = Problems()
    _check_rule(question.rule, problems)
    _check_term(question.opens_at, question.closes_at, now, problems)
    problems.raise_if_any()
    design = design_by_id(change.design_id)
    consent = Consent(
        assignment_id=design.assignment_id,
        design_id=design.id,
        version=change.version,
        change_id=change.id,
        action=change.action,
        kind=change.kind,
        object_kind=change.object_kind,
        geom=to_wkb(from_wkb(change.geom)),
        rule=question.rule.document(),
        opens_at=question.opens_at,
        closes_at=question.closes_at,
    )
    db.session.add(consent)
    db.session.flush()
    found = _find(consent)
    acts.note(actor, "consent", consent.id, "asked", "", {"found": len(found.found), "street": found.street})
    return consent, found


def change_question(actor: Actor, consent_id: uuid.UUID, question: Question, now: datetime) -> Neighbours:
    """Another rule or term before the letters are made; the program looks for addresses anew.

    What a planner struck out or added stays so. Raises as `ask`.
    """
    consent = _draft(actor, consent_id)
    problems = Problems()
    _check_rule(question.rule, problems)
    _check_term(question.opens_at, question.closes_at, now, problems)
    problems.raise_if_any()
    consent.rule = question.rule.document()
    consent.opens_at, consent.closes_at = question.opens_at, question.closes_at
    db.session.flush()
    found = _find(consent)
    acts.note(actor, "consent", consent.id, "changed", "", {"found": len(found.found)})
    return found


def discard(actor: Actor, consent_id: uuid.UUID) -> None:
    """Throw a question away of which no letter was made."""
    consent = _draft(actor, consent_id)
    acts.note(actor, "consent", consent.id, "discarded")
    db.session.delete(consent)
    db.session.flush()


def along_the_street(assignment: Assignment, place: BaseGeometry, rule: Rule) -> Neighbours:
    """Whom a rule asks about a place (EPSG:4326), by the map."""
    srid = assignment.neighbourhood.metric_srid
    metric = to_metric(place, srid)
    middle = metric.centroid
    around = from_metric(shapely.box(*metric.buffer(REACH_M).bounds), srid)
    doors = [
        Door(
            row["id"],
            row["label"],
            row["street"],
            row["number"],
            _point(to_metric(shapely.Point(row["lon"], row["lat"]), srid)),
        )
        for row in queries.doors_in(assignment.neighbourhood_id, around)
    ]
    near = {door.street for door in doors if door.point.distance(metric) <= STREET_WITHIN_M}
    found = line_along(assignment, middle, REACH_M, near)
    if found is None:
        return Neighbours("", ())
    line, name = found
    return neighbours(line, doors, metric, rule, name if name in near else "")


def _find(consent: Consent) -> Neighbours:
    assignment = assignment_by_id(consent.assignment_id)
    found = along_the_street(assignment, from_wkb(consent.geom), Rule.read(consent.rule))
    srid = assignment.neighbourhood.metric_srid
    queries.replace_found(
        consent.id,
        [
            NewAddress(
                one.door.id, one.door.label, one.side, one.rank, _point(from_metric(one.door.point, srid))
            )
            for one in found.found
        ],
    )
    return found


def _point(geometry: BaseGeometry) -> shapely.Point:
    assert isinstance(geometry, shapely.Point)  # noqa: S101 - a point stays one
    return geometry


def strike(actor: Actor, consent_id: uuid.UUID, address_id: int, reason: str) -> None:
    """Do not ask an address that the program found, with a reason."""
    consent = _draft(actor, consent_id)
    address = queries.address_by_id(consent.id, address_id)
    _require_reason(reason)
    address.is_asked, address.reason = False, reason
    db.session.flush()
    acts.note(actor, "consent", consent.id, "struck", reason, {"address": address.label})


def restore(actor: Actor, consent_id: uuid.UUID, address_id: int) -> None:
    """Ask a struck address after all; one that a planner added keeps its reason."""
    consent = _draft(actor, consent_id)
    address = queries.address_by_id(consent.id, address_id)
    address.is_asked = True
    if address.added_by == "program":
        address.reason = ""
    db.session.flush()
    acts.note(actor, "consent", consent.id, "restored", "", {"address": address.label})


def add(
    actor: Actor,
    consent_id: uuid.UUID,
    label: str,
    side: Side,
    reason: str,
    *,
    point: shapely.Point | None = None,
) -> None:
    """Ask an address that the program did not find, with a reason. `point` is in EPSG:4326.

    Raises `Invalid` for one that is on the list.
    """
    consent = _draft(actor, consent_id)
    _require_reason(reason)
    present = queries.addresses_of(consent.id)
    if any(one.label.casefold() == label.casefold() for one in present):
        raise Invalid.of([Problem("/address", _("Dit adres staat al op de lijst."))])
    db.session.add(
        ConsentAddress(
            consent_id=consent.id,
            label=label,
            side=side.value,
            rank=1 + max((one.rank for one in present if one.side == side), default=0),
            added_by="planner",
            reason=reason,
            point=to_wkb(point) if point is not None else None,
        )
    )
    db.session.flush()
    acts.note(actor, "consent", consent.id, "added", reason, {"address": label, "side": side.value})


# --- Letters ------------------------------------------------------------------------------------------------


def problems_before_sending(consent: Consent, now: datetime) -> list[str]:
    """Why letters cannot be made yet, in sentences."""
    asked = queries.asked(consent.id)
    rule = Rule.read(consent.rule)
    found = []
    if not asked:
        found.append(_("Er staat geen adres op de lijst."))
    elif not domain.can_ever_be_met(rule, asked):
        others = domain.count(asked).others
        found.append(
            _(
                "Deze regel kan niet gehaald worden: %(needed)d keer ja is nodig, en naast en tegenover staan"
                " %(n)d adressen. Voeg adressen toe of pas het getal aan.",
                needed=rule.yes_needed,
                n=others,
            )
        )
    if now >= consent.closes_at - domain.SHORTEST_TERM:
        found.append(_("De laatste dag is te dichtbij. Buren krijgen minstens een hele dag."))
    closed = _why_not_open(assignment_by_id(consent.assignment_id), consent)
    return [str(one) for one in found] + ([closed] if closed else [])


def _why_not_open(assignment: Assignment, consent: Consent) -> str:
    """A term lies inside phases in which consent is asked; once letters are out it holds, whatever moves."""
    if assignment.published_at is None:
        return str(_("De opgave is nog niet openbaar."))
    if not phases.degree_allows(assignment.degree, ACTION):
        return str(_("Bij deze opgave vragen we dit niet aan bewoners."))
    types = set(phases.opening(ACTION))
    spans = sorted(
        (phase for phase in assignment.phases if phase.type in types), key=lambda phase: phase.starts_at
    )
    reached = consent.opens_at
    for span in spans:
        if span.starts_at <= reached and (span.ends_at is None or span.ends_at > reached):
            reached = span.ends_at or consent.closes_at
    if reached >= consent.closes_at:
        return ""
    return str(
        _(
            "Van %(first)s tot %(last)s moet een fase lopen waarin buren kunnen instemmen.",
            first=day_and_time(consent.opens_at),
            last=day_and_time(consent.closes_at),
        )
    )


def make_letters(actor: Actor, consent_id: uuid.UUID, now: datetime) -> list[tuple[str, Addressed]]:
    """A letter with a code for each address; from now on what they say stays.

    The codes can be read in this answer only. Raises `WrongState` when they were made, `Invalid` with what is
    missing.
    """
    consent = _draft(actor, consent_id)
    problems = problems_before_sending(consent, now)
    if problems:
        raise Invalid.of([Problem("/letters", problem) for problem in problems])
    consent.sent_at = now
    db.session.flush()
    addresses = [one for one in queries.addresses_of(consent.id) if one.is_asked]
    made = letters.make_batch(actor, PURPOSE, consent.id, [_addressed(one) for one in addresses], now)
    acts.note(actor, "consent", consent.id, "sent", "", {"letters": len(made)})
    return made


def replace_letter(
    actor: Actor, consent_id: uuid.UUID, address_id: int, reason: str, now: datetime
) -> tuple[str, Addressed]:
    """A new letter for one that got lost, with a reason; the old code works no more, an answer stays."""
    consent = _running(actor, consent_id)
    _require_reason(reason)
    address = queries.address_by_id(consent.id, address_id)
    letter = queries.letter_ids(consent.id).get(address.id)
    if letter is None:
        raise NotFound(_("Voor dit adres is geen brief gemaakt."))
    made = letters.replace(actor, PURPOSE, consent.id, letter, now)
    acts.note(actor, "consent", consent.id, "letter_again", reason, {"address": address.label})
    return made


def _addressed(address: ConsentAddress) -> Addressed:
    point = from_wkb(address.point) if address.point is not None else None
    return Addressed(address.label, address.id, point if isinstance(point, shapely.Point) else None)


def extend(actor: Actor, consent_id: uuid.UUID, closes_at: datetime, reason: str) -> Consent:
    """A later last day, with a reason; never an earlier one than the letters say."""
    consent = _running(actor, consent_id)
    _require_reason(reason)
    if not consent.closes_at < closes_at <= consent.opens_at + domain.LONGEST_TERM:
        raise Invalid.of([Problem("/closes_on", _("Kies een latere dag, hoogstens een jaar na de eerste."))])
    old = consent.closes_at
    consent.closes_at = closes_at
    with _told_by_the_database():
        db.session.flush()
    acts.note(
        actor,
        "consent",
        consent.id,
        "extended",
        reason,
        {"old": old.isoformat(), "new": closes_at.isoformat()},
    )
    return consent


def withdraw(actor: Actor, consent_id: uuid.UUID, reason: str, now: datetime) -> Consent:
    """Stop asking, with a reason that everybody reads: there will be no outcome."""
    consent = _running(actor, consent_id)
    _require_reason(reason)
    consent.withdrawn_at = now
    db.session.flush()
    acts.note(actor, "consent", consent.id, "withdrawn", reason)
    return consent


# --- Answers ------------------------------------------------------------------------------------------------


def answer(consent: Consent, address_id: int, reply: Reply, reason: str) -> None:
    """What an address answers by the code in its letter. The latest before the end counts.

    Raises `WrongState` before the first day, after the last, or when it was withdrawn; `Invalid` for an
    objection without a reason.
    """
    _add(consent, address_id, reply, reason, "web")


def enter_paper(
    actor: Actor, consent_id: uuid.UUID, address_id: int, reply: Reply, reason: str, note: str
) -> None:
    """An answer that came on paper or at the counter, with a note of how; it is in the log.

    It never takes the place of what an address answered itself by its code: that is `WrongState`.
    """
    consent = _running(actor, consent_id)
    if not note.strip():
        raise Invalid.of([Problem("/note", _("Zeg hoe dit antwoord binnenkwam."))])
    address = queries.address_by_id(consent.id, address_id, lock=True)
    present = queries.latest_answers(consent.id).get(address.id)
    if present is not None and present.channel == "web":
        raise WrongState(_("Dit adres antwoordde zelf. Wijzigen kan alleen met de code uit de brief."))
    _add(consent, address.id, reply, reason, "paper")
    acts.note(actor, "consent", consent.id, "paper", note, {"address": address.label})


def _add(consent: Consent, address_id: int, reply: Reply, reason: str, channel: str) -> None:
    if reply is Reply.OBJECTION and not reason.strip():
        raise Invalid.of(
            [Problem("/reason", _("Zeg waarom je bezwaar maakt. Alleen de gemeente leest het."))]
        )
    with _told_by_the_database():
        queries.add_answer(consent.id, address_id, reply, reason.strip(), channel)


@contextmanager
def _told_by_the_database() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        match getattr(getattr(error.orig, "diag", None), "constraint_name", ""):
            case "consent_open":
                raise WrongState(
                    _("Antwoorden kan nu niet: de eerste dag moet nog komen, of de laatste is voorbij.")
                ) from None
            case "consent_asked":
                raise WrongState(_("Dit adres wordt niet gevraagd.")) from None
            case "consent_kept" | "consent_address_kept":
                raise WrongState(_("De brieven zijn al gemaakt. Wat erin staat, blijft.")) from None
        raise


# --- What came out ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands, for planners: every answer counted, at this moment."""

    status: Status
    state: State
    asked: list[Asked]


def standing(consent: Consent) -> Standing:
    """How it stands now, by the database's clock."""
    status = _settled_status(consent, queries.clock())
    over = status is Status.OVER
    asked = queries.asked(consent.id)
    return Standing(status, domain.state(Rule.read(consent.rule), asked, over=over), asked)


# Questions whose term is over, with its end, of which this process knows that every answer has committed.
_settled: set[tuple[uuid.UUID, datetime]] = set()
MOST_SETTLED = 4096


def _settled_status(consent: Consent, now: datetime) -> Status:
    """Where it stands at `now`. Where that is over, this waits, once in each process, for answers that were
    let in just before the end, and for a planner who moved the end or stopped it just then.

    After that the database lets no answer in any more, so that views only read, without a lock.
    """
    status = status_of(consent, now)
    if status is not Status.OVER or (consent.id, consent.closes_at) in _settled:
        return status
    queries.wait_for_answers(consent.id)
    db.session.refresh(consent)
    status = status_of(consent, now)
    if status is Status.OVER:
        if len(_settled) >= MOST_SETTLED:
            _settled.clear()
        _settled.add((consent.id, consent.closes_at))
    return status


def public_standing(consent: Consent, zone: ZoneInfo) -> tuple[Status, Told, datetime]:
    """What everybody is told, and as of when: while it runs, of the last midnight in `zone`.

    A number that went up at once would tell who just sat at the kitchen table with the letter.
    """
    now = queries.clock()
    status = _settled_status(consent, now)
    over = status is Status.OVER
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = queries.asked(consent.id, before=None if over else midnight)
    told = domain.told(Rule.read(consent.rule), asked, over=over)
    return status, told, consent.closes_at if over else midnight


# --- Who and when -------------------------------------------------------------------------------------------


def _public_change(change_id: uuid.UUID) -> Change:
    change = change_by_id(change_id)
    if change is None:
        raise NotFound(_("Deze wijziging bestaat niet (meer)."))
    design = design_by_id(change.design_id)
    if design.status != DesignStatus.SUBMITTED:
        raise WrongState(_("Alleen over een ingezonden ontwerp kun je buren om instemming vragen."))
    return change


def _check_term(opens_at: datetime, closes_at: datetime, now: datetime, problems: Problems) -> None:
    if closes_at - opens_at < domain.SHORTEST_TERM:
        problems.add("/closes_on", _("De laatste dag komt na de eerste."))
    elif closes_at - opens_at > domain.LONGEST_TERM:
        problems.add("/closes_on", _("Een termijn is hoogstens een jaar."))
    elif closes_at <= now + domain.SHORTEST_TERM - timedelta(hours=1):
        problems.add("/closes_on", _("De laatste dag is te dichtbij. Buren krijgen minstens een hele dag."))


def _require_planner(actor: Actor) -> None:
    if not permissions.can_manage(actor):
        raise Forbidden(_("Alleen planners kunnen dit doen."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid.of([Problem("/reason", _("Zeg waarom."))])


def _draft(actor: Actor, consent_id: uuid.UUID) -> Consent:
    """The question, locked, while no letters are made."""
    _require_planner(actor)
    consent = queries.consent_by_id(consent_id, lock=True)
    if consent.sent_at is not None:
        raise WrongState(_("De brieven zijn al gemaakt. Wat erin staat, blijft."))
    return consent


def _running(actor: Actor, consent_id: uuid.UUID) -> Consent:
    """The question, locked, from the letters to the end of the term. Whoever reads its outcome waits for what
    is done with it, as for an answer on its way."""
    _require_planner(actor)
    queries.share_question(consent_id)
    consent = queries.consent_by_id(consent_id, lock=True)
    if status_of(consent, queries.clock()) not in (Status.COMING, Status.OPEN):
        raise WrongState(_("Deze vraag loopt niet (meer)."))
    return consent
