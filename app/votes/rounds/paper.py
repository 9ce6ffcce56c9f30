"""Ballots on paper, from a workshop or by post: typed in by two people, who must agree. Nothing here commits.

A paper ballot carries a serial number, or in a round with letters the code of the letter: then paper and web
are one ballot, and the last version counts. It must be agreed on before the round closes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DBAPIError

from app.accounts.domain import Actor
from app.accounts.queries import may_be_one_person
from app.core.problems import Problems
from app.errors import Forbidden, WrongState
from app.votes.letters import service as letters
from app.votes.rounds import permissions, queries, voters
from app.votes.rounds.casting import bounds_of, not_open, problem_of
from app.votes.rounds.domain import Electorate, check_choices, may
from app.votes.rounds.electorates import Voter
from app.votes.rounds.models import PaperBallot
from app.votes.rounds.queries import Place


class Entered(NamedTuple):
    """Where a paper ballot stands after an entry: `waiting` for the second person, `differs`, or `agreed`
    with the receipt of the ballot that is now in the round."""

    state: str
    receipt: str | None = None


def enter(
    actor: Actor,
    round_id: uuid.UUID,
    choices: Any,
    now: datetime,
    *,
    serial: int | None = None,
    code: str = "",
    browser: bytes | None = None,
) -> Entered:
    """What one person reads on a paper ballot. The second must be somebody else, in another browser:
    `browser` is 32 bytes that tell browsers apart in this round (None: not by a browser).

    Equal: the ballot is in the round, in the same transaction, and its choices are nowhere else any more.
    Different: one of the two corrects theirs, or a third person agrees with one of them.
    Raises `NotFound`, `Forbidden` (no planner), `WrongState` (not open, no paper, in the round already, or
    perhaps the same person with another account) and
    `Invalid` (pointers `/choices…`, `/serial`, `/code`).
    """
    if not permissions.can_manage(actor):
        raise Forbidden(_("Alleen planners voeren papieren stembriefjes in."))
    # As every ballot does, and before anything is read: whoever counts waits for this to commit, and after a
    # count nothing is left here that was not settled.
    queries.share_round(round_id)
    round_, clock = queries.round_by_id(round_id), queries.database_now()
    place = queries.place_to_vote(round_id) if may("enter_paper", round_, clock) else None
    if place is None:
        raise not_open(round_, clock)
    if not place.electorate_parameters.get("paper_ballots"):
        raise WrongState(_("In deze stemronde wordt niet op papier gestemd."))
    kept, faults = check_choices(choices, bounds_of(place))
    problems = Problems()
    problems.found += [problem_of(fault) for fault in faults]
    voter = _voter(place, serial, code, problems)
    problems.raise_if_any()
    pseudonym = voters.pseudonym(round_id, place.voter_key, place.electorate, voter.identity)
    number = None if place.electorate == Electorate.LETTER else serial
    content = orjson.dumps(kept).decode()
    where = (voter.band, voter.neighbourhood)
    if queries.first_entry(round_id, pseudonym, number, where, content, actor.id, browser, now):
        return Entered("waiting")
    row = queries.paper_by_voter(round_id, pseudonym)
    assert row is not None  # noqa: S101 - the insert met it, and rows stay
    return _second(actor, row, kept, browser, now)


def _voter(place: Place, serial: int | None, code: str, problems: Problems) -> Voter:
    if place.electorate == Electorate.LETTER:
        letter = letters.find("round", place.id, code)
        if letter is None:
            problems.add("/code", _("Deze code kennen we niet. Kijk of hij bij deze stemronde hoort."))
            return Voter("")
        return Voter(str(letter.seat), letter.band, letter.neighbourhood)
    most = place.electorate_parameters["paper_ballots"]
    if serial is None or isinstance(serial, bool) or not 1 <= serial <= most:
        problems.add("/serial", _("Het nummer op het stembriefje is 1 tot en met %(most)d.", most=most))
    return Voter(f"paper:{serial}")


def _second(actor: Actor, row: PaperBallot, choices: Any, browser: bytes | None, now: datetime) -> Entered:
    if row.state in ("agreed", "left"):
        raise WrongState(_("Dit stembriefje is al door twee mensen ingevoerd."))
    _drop_what_nobody_read(row)
    _require_other_hands(actor, row, browser)
    if row.first_by in (None, actor.id):
        row.first_choices, row.first_by, row.first_browser = choices, actor.id, browser
    elif row.second_choices is None or row.second_by == actor.id:
        row.second_choices, row.second_by, row.second_browser = choices, actor.id, browser
    elif choices not in (row.first_choices, row.second_choices):
        return Entered("differs")
    else:
        # A third person settles it: who read the same is the first of the two.
        if choices == row.second_choices:
            row.first_by, row.first_browser = row.second_by, row.second_browser
        row.first_choices = row.second_choices = choices
        row.second_by, row.second_browser = actor.id, browser
    if row.second_choices is None:
        return Entered("waiting")
    if row.first_choices != row.second_choices:
        row.state = "differs"
        queries.flush()
        return Entered("differs")
    return _agreed(row, choices, now)


def _drop_what_nobody_read(row: PaperBallot) -> None:
    """A reading of an account that was erased is nobody's: the same person could come back as another."""
    if row.second_by is None and row.second_choices is not None:
        row.second_choices, row.second_browser, row.state = None, None, "waiting"
    if row.first_by is None and row.second_by is not None:
        row.first_choices, row.first_by, row.first_browser = (
            row.second_choices,
            row.second_by,
            row.second_browser,
        )
        row.second_choices, row.second_by, row.second_browser, row.state = None, None, None, "waiting"


def _require_other_hands(actor: Actor, row: PaperBallot, browser: bytes | None) -> None:
    """Raise `WrongState` where another account that read this may be the same person: the same mailbox, or
    the same browser. Who wants to can still get past it; the pages say which accounts read what."""
    for reader, its_browser in ((row.first_by, row.first_browser), (row.second_by, row.second_browser)):
        if reader is None or reader == actor.id:
            continue
        if browser is not None and browser == its_browser:
            raise WrongState(
                _(
                    "In deze browser heeft een ander account dit stembriefje al ingevoerd. Laat een collega"
                    " het op een eigen computer invoeren."
                )
            )
        if may_be_one_person(actor.person_id, reader):
            raise WrongState(
                _(
                    "Dit stembriefje is al ingevoerd door een account met hetzelfde e-mailadres, anders"
                    " geschreven. Laat een collega het invoeren."
                )
            )


def _agreed(row: PaperBallot, choices: Any, now: datetime) -> Entered:
    receipt = voters.new_receipt()
    kept = voters.receipt_hash(receipt)
    assert kept is not None  # noqa: S101 - we made it
    row.state, row.first_choices, row.second_choices, row.settled_at = "agreed", None, None, now
    row.first_browser = row.second_browser = None
    queries.flush()
    try:
        content, where = orjson.dumps(choices).decode(), (row.band, row.neighbourhood)
        queries.cast_in_transaction(row.round_id, row.voter, content, kept, where)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == queries.NOT_OPEN:
            raise WrongState(_("De stemronde is intussen gesloten. Dit stembriefje telt niet mee.")) from None
        raise
    return Entered("agreed", receipt)


class Hands(NamedTuple):
    """Which accounts read paper ballots that are in the round, and how many: first and second by their number
    in this round, from 1 in the order in which they began (None: an account that is erased since)."""

    first: int | None
    second: int | None
    ballots: int
    accounts: tuple[uuid.UUID | None, uuid.UUID | None]


def hands(round_id: uuid.UUID) -> list[Hands]:
    """Who of the desk read the paper ballots of a round. Numbers instead of names: residents need to see how
    many there were, and colleagues know who they are."""
    numbers: dict[uuid.UUID, int] = {}
    found = []
    for first, second, ballots in queries.read_by(round_id):
        for account in (first, second):
            if account is not None:
                numbers.setdefault(account, len(numbers) + 1)
        found.append(
            Hands(
                None if first is None else numbers[first],
                None if second is None else numbers[second],
                ballots,
                (first, second),
            )
        )
    return found


def hand_lines(found: Sequence[Hands], me: uuid.UUID | None = None) -> list[str]:
    """Each pair of readers in a sentence; `me` is told as such."""
    return [
        ngettext(
            "%(num)d briefje: eerst %(first)s, daarna %(second)s",
            "%(num)d briefjes: eerst %(first)s, daarna %(second)s",
            one.ballots,
            first=_hand(one.first, one.accounts[0], me),
            second=_hand(one.second, one.accounts[1], me),
        )
        for one in found
    ]


def _hand(number: int | None, account: uuid.UUID | None, me: uuid.UUID | None) -> str:
    if number is None:
        return str(_("een planner die er niet meer is"))
    if account == me:
        return str(_("planner %(n)d (jij)", n=number))
    return str(_("planner %(n)d", n=number))
