"""Making rounds and freezing them. Nothing here commits. Ballots are in `casting` and `paper`.

Planners make a round as a draft; it gets exact versions of submitted designs as options, and a decision on
every pair that takes the same ground. Freezing publishes all of it with a hash; then nobody changes it any
more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from app.accounts.domain import Actor
from app.core import hooks
from app.core.formatting import day_and_time
from app.core.problems import Problems
from app.designs.domain import Status as DesignStatus
from app.designs.models import Design, DesignVersion
from app.designs.parts import is_part, part_of
from app.designs.queries import design_by_id, version_of
from app.designs.service import drafts_of, value_draft
from app.errors import EditedMeanwhile, Forbidden, Invalid, NotFound, Problem, WrongState
from app.extensions import db
from app.projects.models import Assignment
from app.projects.queries import assignment_by_id
from app.votes.letters import service as letters
from app.votes.letters.domain import Addressed
from app.votes.rounds import conflicts, freezing, permissions, queries, voters
from app.votes.rounds.domain import (
    MOST_OPTIONS,
    Electorate,
    Status,
    code_of,
    may,
    sha256_of,
    status,
)
from app.votes.rounds.drafts import LONGEST_REASON, LONGEST_TITLE, OptionDraft, RoundDraft, checked
from app.votes.rounds.models import Round, RoundConflict, RoundOption

# A version of a design, and the positions of the part of it.
Which = tuple[uuid.UUID, int, tuple[int, ...]]
# A version, what it or its part costs, and what the part does by itself (None for the whole).
Chosen = tuple[DesignVersion, Decimal, dict[str, Any] | None]


def make_round(actor: Actor, assignment: Assignment, draft: RoundDraft, *, is_example: bool = False) -> Round:
    """A new round, as a draft without options. Raises `Forbidden` and `Invalid`."""
    _require(actor)
    draft = checked(draft)
    round_ = Round(assignment_id=assignment.id, created_by=actor.id, is_example=is_example)
    _fill(round_, draft)
    db.session.add(round_)
    db.session.flush()
    return round_


def change_round(actor: Actor, round_id: uuid.UUID, draft: RoundDraft, revision: int, now: datetime) -> Round:
    """Other words, dates, rule or voters. Raises `NotFound`, `Forbidden`, `WrongState` (frozen),
    `EditedMeanwhile` and `Invalid`."""
    round_ = _locked_draft(actor, round_id, revision, now)
    _fill(round_, checked(draft))
    _touched(round_, now)
    return round_


def delete_round(actor: Actor, round_id: uuid.UUID, now: datetime) -> None:
    """Throw a draft away, and its letters. Raises `NotFound`, `Forbidden`, `WrongState` (frozen)."""
    _require(actor)
    round_ = queries.round_by_id(round_id, lock=True)
    _require_state("delete", round_, now)
    letters.forget("round", round_.id)
    db.session.delete(round_)
    db.session.flush()


def set_options(
    actor: Actor, round_id: uuid.UUID, drafts: Sequence[OptionDraft], revision: int, now: datetime
) -> list[RoundOption]:
    """The designs that can be chosen, or parts of them, each in its present version, in this order: A, B, C …

    Proposes the conflicts anew; what was decided about a pair stays decided while its versions stay the same.
    Raises as `change_round`, with pointers `/options/…`.
    """
    round_ = _locked_draft(actor, round_id, revision, now)
    problems = Problems()
    if len(drafts) > MOST_OPTIONS:
        problems.add("/options", _("Er kunnen hooguit %(max)d ontwerpen meedoen.", max=MOST_OPTIONS))
        problems.raise_if_any()
    chosen = _chosen(round_, drafts, problems)
    problems.raise_if_any()
    decided = _decisions(round_.id)
    db.session.execute(delete(RoundConflict).where(RoundConflict.round_id == round_.id))
    db.session.execute(delete(RoundOption).where(RoundOption.round_id == round_.id))
    options = [
        RoundOption(
            round_id=round_.id,
            code=code_of(position),
            position=position,
            design_id=version.design_id,
            version=version.version,
            title=" ".join(draft.title.split()) if draft.part else version.title,
            cost_eur=cost if draft.cost_eur is None else draft.cost_eur,
            cost_note=draft.cost_note.strip(),
            part=sorted(draft.part),
            part_effects=effects,
        )
        for position, (draft, (version, cost, effects)) in enumerate(zip(drafts, chosen, strict=True), 1)
    ]
    db.session.add_all(options)
    db.session.flush()
    _decide_as_before(round_.id, decided, options)
    propose_conflicts(actor, round_)
    _touched(round_, now)
    return options


def propose_conflicts(actor: Actor, round_: Round) -> list[RoundConflict]:
    """Find anew which options take the same ground. Undecided pairs that no longer do go; decided ones stay.

    Raises `Forbidden` and `WrongState`.
    """
    _require(actor)
    if round_.frozen_at is not None:
        raise _frozen()
    assignment = assignment_by_id(round_.assignment_id)
    options = queries.options_of(round_.id)
    claims = {option.code: conflicts.claims_of(freezing.version_in(option), assignment) for option in options}
    found = {(o.a, o.b): o.area_m2 for o in conflicts.overlaps(claims, assignment.neighbourhood.metric_srid)}
    found |= _twice(options, assignment, found)
    for row in queries.conflicts_of(round_.id):
        row.overlap_m2 = round(found.pop((row.a, row.b), 0.0), 2)
        if row.overlap_m2 == 0 and row.state == "proposed":
            db.session.delete(row)
    for (a, b), area in found.items():
        db.session.add(RoundConflict(round_id=round_.id, a=a, b=b, overlap_m2=round(area, 2)))
    db.session.flush()
    return queries.conflicts_of(round_.id)


def decide_conflict(
    actor: Actor, round_id: uuid.UUID, a: str, b: str, *, confirmed: bool, reason: str, now: datetime
) -> RoundConflict:
    """Say whether two options exclude each other, and why. Also of a pair without common ground, such as two
    plans for the same traffic. Raises `NotFound`, `Forbidden`, `WrongState`, `Invalid`."""
    _require(actor)
    round_ = queries.round_by_id(round_id, lock=True)
    _require_state("change", round_, now)
    problems = Problems()
    said = problems.text({"reason": reason}, "reason", required=True, longest=LONGEST_REASON)
    a, b = sorted((a, b))
    codes = {option.code for option in queries.options_of(round_.id)}
    if a == b or not {a, b} <= codes:
        raise NotFound(_("Deze twee ontwerpen staan niet in de stemronde."))
    problems.raise_if_any()
    row = db.session.get(RoundConflict, (round_.id, a, b)) or RoundConflict(
        round_id=round_.id, a=a, b=b, overlap_m2=0
    )
    row.state = "confirmed" if confirmed else "waived"
    row.reason, row.decided_by_role, row.decided_at = said, str(actor.role), now
    db.session.add(row)
    _touched(round_, now)
    return row


def freeze(actor: Actor, round_id: uuid.UUID, revision: int, now: datetime) -> Round:
    """Fix everything and publish its hash. From now on nobody changes the round, and it opens by itself.

    Raises `NotFound`, `Forbidden`, `WrongState` (frozen already), `EditedMeanwhile`, and `Invalid` with all
    that `freezing.check` finds.
    """
    round_ = _locked_draft(actor, round_id, revision, now)
    # Nobody moves the phases away, or withdraws a design, at the very moment that it is put to the vote.
    assignment = assignment_by_id(round_.assignment_id)
    db.session.refresh(assignment, with_for_update={"read": True, "of": Assignment})
    for design_id in sorted({option.design_id for option in queries.options_of(round_.id)}):
        design_by_id(design_id, lock=True)
    problems = Problems()
    freezing.check(round_, now, problems)
    problems.raise_if_any()
    document = freezing.document_of(round_)
    round_.freeze_document, round_.freeze_hash = document, sha256_of(document)
    round_.frozen_at, round_.voter_key = now, voters.new_key(round_.id)
    try:
        _touched(round_, now)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == queries.NOT_YET:
            # The database's clock decides, and it went on since we looked.
            raise WrongState(_("De stemronde gaat al bijna open. Kies een later moment.")) from None
        raise
    hooks.round_frozen.send(None, round=round_, actor=actor)
    return round_


def make_letters(
    actor: Actor, round_id: uuid.UUID, addresses: Iterable[Addressed], now: datetime
) -> list[tuple[str, Addressed]]:
    """Letters with codes for a round; the codes are readable only in this answer. Once people vote no address
    is added any more. Raises `WrongState`, and as `letters.service.make_batch`."""
    round_ = _of_letters(actor, round_id)
    _require_state("make_letters", round_, now)
    return letters.make_batch(actor, "round", round_.id, addresses, now)


def replace_letter(actor: Actor, round_id: uuid.UUID, letter_id: int, now: datetime) -> tuple[str, Addressed]:
    """A new code for a lost letter, also while people vote: it is the same one vote. Raises as
    `letters.service.replace`, and `WrongState`."""
    round_ = _of_letters(actor, round_id)
    _require_state("replace_letter", round_, now)
    return letters.replace(actor, "round", round_.id, letter_id, now)


def seen_round(actor: Actor, round_id: uuid.UUID) -> Round:
    """The round as far as this person may see it. Raises `NotFound`."""
    round_ = queries.round_by_id(round_id)
    if not permissions.can_see(actor, round_):
        raise queries.no_such_round()
    return round_


def listen() -> None:
    """Follow people who sign in, and keep the phases around a frozen round in place.

    Who is erased leaves nothing behind here: a ballot names nobody.
    """

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _inherit(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        for round_id, key in queries.open_guest_rounds():
            if not voters.fits(round_id, key):
                # Nobody votes in this one any more; that keeps nobody from signing in.
                continue
            guest, heir = (
                voters.pseudonym(round_id, key, Electorate.GUEST, str(person))
                for person in (source_id, target_id)
            )
            queries.inherit(round_id, guest, heir)

    _listen_to_plans()


def _listen_to_plans() -> None:
    @hooks.design_withdrawn.connect_via(hooks.ANY, weak=False)
    def _stays(sender: object, design: Design, actor: Actor) -> None:
        """What people vote on, or voted on, is not taken back any more."""
        if queries.is_frozen_option(design.id):
            raise WrongState(_("Dit ontwerp staat op een stembriefje. Je kunt het niet meer intrekken."))

    @hooks.degree_changed.connect_via(hooks.ANY, weak=False)
    def _keep_meaning(sender: object, assignment: Assignment) -> None:
        """People vote on a decision, or on advice: which of the two does not change afterwards."""
        if queries.rounds_of(assignment.id):
            said = _("Er is al een stemronde vastgezet. Of die advies of besluit is, blijft zoals het is.")
            raise Invalid.of([Problem("/degree", said)])

    @hooks.dates_moved.connect_via(hooks.ANY, weak=False)
    def _keep_promises(sender: object, assignment: Assignment) -> None:
        """The dates of a frozen round are a promise: no phase moves away from under them."""
        problems = Problems()
        for round_ in queries.rounds_to_come(assignment.id):
            if not freezing.lies_within_phases(round_, assignment):
                problems.add(
                    "/phases",
                    _(
                        "De stemronde “%(title)s” staat vast. Van %(opens)s tot %(closes)s moet er"
                        " gestemd kunnen worden.",
                        title=round_.title,
                        opens=day_and_time(round_.opens_at),
                        closes=day_and_time(round_.closes_at),
                    ),
                )
        problems.raise_if_any()


# Inside


def _require(actor: Actor) -> None:
    if not permissions.can_manage(actor):
        raise Forbidden(_("Alleen planners kunnen dit doen."))


def _frozen() -> WrongState:
    return WrongState(_("Deze stemronde staat vast. Er kan niets meer aan veranderen."))


def _require_state(act: str, round_: Round, now: datetime) -> None:
    if may(act, round_, now):
        return
    if act in ("make_letters", "replace_letter") and status(round_, now) is Status.OPEN:
        raise WrongState(_("De stemronde is open. Er komen geen adressen meer bij."))
    raise _frozen()


def _locked_draft(actor: Actor, round_id: uuid.UUID, revision: int, now: datetime) -> Round:
    _require(actor)
    round_ = queries.round_by_id(round_id, lock=True)
    _require_state("change", round_, now)
    if round_.revision != revision:
        raise EditedMeanwhile(
            _("Een collega heeft deze stemronde intussen gewijzigd, of jij in een ander venster.")
        )
    return round_


def _touched(round_: Round, now: datetime) -> None:
    round_.revision += 1
    round_.updated_at = now
    db.session.flush()


def _fill(round_: Round, draft: RoundDraft) -> None:
    for name in RoundDraft.__dataclass_fields__:
        setattr(round_, name, getattr(draft, name))


def _of_letters(actor: Actor, round_id: uuid.UUID) -> Round:
    _require(actor)
    round_ = queries.round_by_id(round_id, lock=True)
    if round_.electorate != Electorate.LETTER:
        raise WrongState(_("In deze stemronde stem je niet met een code uit een brief."))
    return round_


def _twice(
    options: Sequence[RoundOption], assignment: Assignment, found: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    """Parts of one design that share a change, and a part beside the whole: to carry out both is to pay twice
    for what is done once, also where nothing is put down. By codes, with the ground of what they share."""
    shared: dict[tuple[str, str], float] = {}
    for one, other in combinations(options, 2):
        if (one.design_id, one.version) != (other.design_id, other.version):
            continue
        a, b = sorted((one, other), key=lambda option: option.code)
        version = version_of(design_by_id(a.design_id), a.version)
        common = set(a.part or b.part) & set(b.part or a.part)
        if common:
            area = conflicts.ground_of(conflicts.claims_of(part_of(version, common), assignment))
            shared[a.code, b.code] = max(area, conflicts.LEAST_OVERLAP_M2, found.get((a.code, b.code), 0.0))
    return shared


def _chosen(round_: Round, drafts: Sequence[OptionDraft], problems: Problems) -> list[Chosen]:
    """The version of each draft, its cost, and of a part what it does by itself."""
    assignment = assignment_by_id(round_.assignment_id)
    found: list[Chosen] = []
    seen: set[tuple[uuid.UUID, tuple[int, ...]]] = set()
    for index, draft in enumerate(drafts):
        at = f"/options/{index}"
        try:
            design = design_by_id(draft.design_id)
        except NotFound:
            design = None
        if design is None or design.assignment_id != round_.assignment_id:
            problems.add(at, _("Dit ontwerp hoort niet bij deze opgave."))
            continue
        if design.status != DesignStatus.SUBMITTED:
            problems.add(at, _("Dit ontwerp is niet ingezonden."))
        which = (design.id, tuple(sorted(draft.part)))
        if which in seen:
            again = _("Dit deel staat er al.") if draft.part else _("Dit ontwerp staat er al.")
            problems.add(at, again)
        seen.add(which)
        version = version_of(design)
        effects = None
        if draft.part:
            if not _check_part(version, draft, problems, at):
                continue
            effects = _effects(version, draft, assignment)
        cost = _cost(version.cost_high_eur if effects is None else effects["cost_eur"]["high"])
        _check_cost(cost, draft, problems, at)
        found.append((version, cost, effects))
    return found


def _check_part(version: DesignVersion, draft: OptionDraft, problems: Problems, at: str) -> bool:
    """Whether the draft names some of the changes of the version; notes what is wrong with it."""
    problems.text({"title": draft.title}, "title", required=True, at=at, longest=LONGEST_TITLE)
    if is_part(version, draft.part):
        return True
    problems.add(f"{at}/part", _("Een deel is een of meer wijzigingen van het ontwerp, en niet allemaal."))
    return False


def _effects(version: DesignVersion, draft: OptionDraft, assignment: Assignment) -> dict[str, Any]:
    """What the changes of a part do by themselves, as the figures of a design, without how they came."""
    figures = value_draft(assignment, drafts_of(part_of(version, draft.part), assignment), slow=False)
    return {name: {k: v for k, v in figure.items() if k != "how"} for name, figure in figures.items()}


def _cost(high_eur: float) -> Decimal:
    """The upper estimate: what wins must also be payable when things turn out dear."""
    return Decimal(str(high_eur)).quantize(Decimal("0.01"))


def _check_cost(cost: Decimal, draft: OptionDraft, problems: Problems, at: str) -> None:
    note = problems.text({"cost_note": draft.cost_note}, "cost_note", at=at, longest=LONGEST_REASON)
    if draft.cost_eur is None:
        return
    if not 0 <= draft.cost_eur < 10**10:
        problems.add(f"{at}/cost_eur", _("Hier hoort een bedrag in euro’s, zoals 12500 of 99,50."))
    elif draft.cost_eur != cost and not note:
        problems.add(f"{at}/cost_note", _("Zeg waarom dit ontwerp iets anders kost dan berekend."))


def _decisions(round_id: uuid.UUID) -> list[tuple[frozenset[Which], dict[str, Any]]]:
    """What was decided so far, by design, version and part."""
    which = {o.code: _which(o) for o in queries.options_of(round_id)}
    kept = ("state", "reason", "decided_by_role", "decided_at")
    return [
        (frozenset((which[one.a], which[one.b])), {name: getattr(one, name) for name in kept})
        for one in queries.conflicts_of(round_id)
        if one.state != "proposed"
    ]


def _which(option: RoundOption) -> Which:
    return option.design_id, option.version, tuple(option.part)


def _decide_as_before(
    round_id: uuid.UUID, decided: list[tuple[frozenset[Which], dict[str, Any]]], options: list[RoundOption]
) -> None:
    codes = {_which(option): option.code for option in options}
    for pair, decision in decided:
        if pair <= codes.keys():
            a, b = sorted(codes[one] for one in pair)
            db.session.add(RoundConflict(round_id=round_id, a=a, b=b, overlap_m2=0, **decision))
    db.session.flush()
