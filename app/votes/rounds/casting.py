"""Casting a ballot: checked here to explain what is wrong, and in the database so that nothing else can be.

One statement adds it, and the answer goes out when it is as safe as after a COMMIT. What a frozen round asks
stays in memory, since it never changes: a ballot costs the question who sends it and that one statement.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
import psycopg
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.domain import Actor
from app.core.formatting import day_and_time, euro_and_cents
from app.errors import AppError, Forbidden, Invalid, NotFound, Problem, WrongState
from app.votes.rounds import queries, voters
from app.votes.rounds.domain import Bounds, Electorate, Fault, Status, bounds, check_choices, status
from app.votes.rounds.electorates import Given, identify
from app.votes.rounds.kept import KeptUntil
from app.votes.rounds.models import Round
from app.votes.rounds.queries import Place

KEPT = 64


class Cast(NamedTuple):
    """What the voter gets: the receipt, readable only now, and which version of their ballot this is."""

    receipt: str
    version: int


class Present(NamedTuple):
    """One's own ballot as it would count now."""

    choices: Any
    version: int
    channel: str


class _Open(NamedTuple):
    place: Place
    bounds: Bounds
    # The key of the voters' names, by the `SECRET_KEY` that it was made with; it goes with the rest.
    names: dict[str, bytes]

    def name(self, identity: str) -> bytes:
        """By what an identity is known in this round. Raises as `voters.names_key`."""
        secret = current_app.config["SECRET_KEY"]
        key = self.names.get(secret)
        if key is None:
            key = self.names[secret] = voters.names_key(self.place.id, self.place.voter_key)
        return voters.name(key, self.place.electorate, identity)


_open: KeptUntil[_Open] = KeptUntil(KEPT)


def cast(actor: Actor, round_id: uuid.UUID, choices: Any, given: Given, now: datetime) -> Cast:
    """Cast a ballot: the whole of it, instead of any earlier one of the same voter.

    Sending the same twice, after a lost answer, is another version with the same content: harmless.
    Raises `NotFound`, `WrongState` (not open; by the database's clock), `Forbidden` (not for this person),
    `Invalid` (pointers `/choices…`, `/code`, `/address`) and `TooMany` (wrong codes).
    """
    found = _opened(round_id, now)
    kept, faults = check_choices(choices, found.bounds)
    problems = [problem_of(fault) for fault in faults]
    try:
        voter = identify(found.place, actor, given)
    except Invalid as error:
        raise Invalid.of([*problems, *error.problems]) from None
    if problems:
        raise Invalid.of(problems)
    pseudonym = found.name(voter.identity)
    receipt = voters.new_receipt()
    kept_of_receipt = voters.receipt_hash(receipt)
    assert kept_of_receipt is not None  # noqa: S101 - we made it
    try:
        content, where = orjson.dumps(kept).decode(), (voter.band, voter.neighbourhood)
        version = queries.cast(round_id, pseudonym, content, kept_of_receipt, where)
    except psycopg.Error as error:
        if error.sqlstate == queries.NOT_OPEN:
            forget(round_id)
            raise not_open(queries.round_by_id(round_id), queries.database_now()) from None
        raise
    return Cast(receipt, version)


def present(actor: Actor, round_id: uuid.UUID, given: Given, now: datetime) -> Present:
    """One's own ballot, only while the round is open. Raises as `cast`, `NotFound` without a ballot, and
    `Forbidden` in a round with letters: see `unseen`."""
    found = _opened(round_id, now)
    if found.place.electorate == Electorate.LETTER:
        raise Forbidden(unseen())
    voter = identify(found.place, actor, given, casting=False)
    ballot = queries.present_ballot(round_id, found.name(voter.identity))
    if ballot is None:
        raise NotFound(_("Je hebt in deze stemronde nog niet gestemd."))
    return Present(*ballot)


def unseen() -> str:
    """Why a ballot that was cast with the code of a letter is not shown again: whoever printed the letters,
    or made a new one for an address, has its code too, and would see what people chose while they vote."""
    return str(
        _(
            "We laten niet zien wat er met een code gekozen is: wie de brieven maakte, kent de code ook. Stem"
            " gerust opnieuw. Je laatste stem telt."
        )
    )


def look_up(round_id: uuid.UUID, typed: str) -> bool | None:
    """Whether the ballot of a receipt counts (True), a later one is instead (False), or nobody knows it."""
    kept = voters.receipt_hash(typed)
    return None if kept is None else queries.receipt_counts(round_id, kept)


def _opened(round_id: uuid.UUID, now: datetime) -> _Open:
    """The round while it is open. Raises `NotFound` and `WrongState`.

    Only the database's clock opens and closes a round. Ours may be off: where it says no the database is
    asked, and where it says yes the insert asks it.
    """
    found = _open.get(round_id) or _read(round_id)
    if found is not None and _is_open(found.place, now):
        return found
    now = queries.database_now()
    if found is None or not _is_open(found.place, now):
        forget(round_id)
        raise not_open(queries.round_by_id(round_id), now)
    return found


def _is_open(place: Place, now: datetime) -> bool:
    return place.opens_at <= now < place.closes_at


def _read(round_id: uuid.UUID) -> _Open | None:
    place = queries.place_to_vote(round_id)
    if place is None:
        return None
    found = _Open(place, bounds_of(place), {})
    # The key of a round that is over stays nowhere, as far as we can help it.
    _open.keep(round_id, found, place.closes_at)
    return found


def forget(round_id: uuid.UUID) -> None:
    """Let go of what is kept in memory of a round, the key of its voters too."""
    _open.forget(round_id)


def not_open(round_: Round, now: datetime) -> AppError:
    """Why nobody can vote in this round at `now`."""
    match status(round_, now):
        case Status.DRAFT:
            return queries.no_such_round()
        case Status.ANNOUNCED:
            return WrongState(_("Stemmen kan vanaf %(moment)s.", moment=day_and_time(round_.opens_at)))
        case Status.OPEN:
            return WrongState(_("Stemmen kan op dit moment niet. Probeer het zo nog eens."))
        case _other:
            return WrongState(
                _(
                    "Stemmen kon tot %(moment)s. Deze stem is niet geteld.",
                    moment=day_and_time(round_.closes_at),
                )
            )


def problem_of(fault: Fault) -> Problem:
    """What is wrong with choices, as a sentence."""
    return Problem("/choices" + fault.where, _sentence(fault))


def _sentence(fault: Fault) -> str:
    n, limit = fault.n, fault.limit
    match fault.kind:
        case "foreign":
            return str(_("Dit ontwerp staat niet op het stembriefje."))
        case "repeated":
            return str(_("Dit ontwerp staat er twee keer."))
        case "too_many":
            return str(
                ngettext("Kies hooguit %(num)d ontwerp.", "Kies hooguit %(num)d ontwerpen.", int(limit))
            )
        case "too_few":
            return str(
                ngettext("Kies minstens %(num)d ontwerp.", "Kies minstens %(num)d ontwerpen.", int(limit))
            )
        case "over_budget":
            return str(
                _(
                    "Samen kost dit %(cost)s. Het budget is %(budget)s.",
                    cost=euro_and_cents(Decimal(n)),
                    budget=euro_and_cents(Decimal(limit)),
                )
            )
        case "too_many_points":
            return str(
                _("Je geeft %(n)d punten. Je hebt er %(points)d te verdelen.", n=int(n), points=int(limit))
            )
        case "points":
            return str(_("Punten zijn hele getallen, 0 of meer."))
        case _other:
            return str(_("Zo ziet een stembriefje er niet uit."))


def bounds_of(place: Place) -> Bounds:
    """What the choices of a round are held against."""
    return bounds(place.kind, place.parameters, {c: Decimal(cost) for c, cost in place.costs.items()})
