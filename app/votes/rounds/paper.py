"""Ballots on paper, from a workshop or by post: typed in by two people, who must agree. Nothing here commits.

A paper ballot carries a serial number, or in a round with letters the code of the letter: then paper and web
are one ballot, and the last version counts. It must be agreed on before the round closes.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.accounts.domain import Actor
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
) -> Entered:
    """What one person reads on a paper ballot. The second must be somebody else.

    Equal: the ballot is in the round, in the same transaction, and its choices are nowhere else any more.
    Different: one of the two corrects theirs, or a third person agrees with one of them.
    Raises `NotFound`, `Forbidden` (no planner), `WrongState` (not open, no paper, in the round already) and
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
    if queries.first_entry(round_id, pseudonym, number, where, content, actor.id, now):
        return Entered("waiting")
    row = queries.paper_by_voter(round_id, pseudonym)
    assert row is not None  # noqa: S101 - the insert met it, and rows stay
    return _second(actor, row, kept, now)


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


def _second(actor: Actor, row: PaperBallot, choices: Any, now: datetime) -> Entered:
    if row.state in ("agreed", "left"):
        raise WrongState(_("Dit stembriefje is al door twee mensen ingevoerd."))
    if row.first_by == actor.id:
        row.first_choices = choices
    elif row.second_choices is None or row.second_by == actor.id:
        row.second_choices, row.second_by = choices, actor.id
    elif choices not in (row.first_choices, row.second_choices):
        return Entered("differs")
    else:
        # A third person settles it: who read the same is the first of the two.
        if choices == row.second_choices:
            row.first_by = row.second_by
        row.first_choices, row.second_choices, row.second_by = choices, choices, actor.id
    if row.second_choices is None:
        return Entered("waiting")
    if row.first_choices != row.second_choices:
        row.state = "differs"
        queries.flush()
        return Entered("differs")
    return _agreed(row, choices, now)


def _agreed(row: PaperBallot, choices: Any, now: datetime) -> Entered:
    receipt = voters.new_receipt()
    kept = voters.receipt_hash(receipt)
    assert kept is not None  # noqa: S101 - we made it
    row.state, row.first_choices, row.second_choices, row.settled_at = "agreed", None, None, now
    queries.flush()
    try:
        content, where = orjson.dumps(choices).decode(), (row.band, row.neighbourhood)
        queries.cast_in_transaction(row.round_id, row.voter, content, kept, where)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == queries.NOT_OPEN:
            raise WrongState(_("De stemronde is intussen gesloten. Dit stembriefje telt niet mee.")) from None
        raise
    return Entered("agreed", receipt)
