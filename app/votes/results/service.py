"""Counting a closed round, once; publishing its result; and the files that anybody can count again."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.errors import NotFound, WrongState
from app.votes.counting import canonical, frozen, publication, result, round_file
from app.votes.counting.canonical import Json
from app.votes.letters.queries import seats_by_place
from app.votes.results import domain, queries
from app.votes.rounds import queries as rounds
from app.votes.rounds.domain import Electorate, Status, moment, status
from app.votes.rounds.models import Round


@dataclass(frozen=True)
class Counted:
    """A round with its frozen rule and its result document."""

    round: Round
    freeze: dict[str, Json]
    result: dict[str, Json]

    @property
    def count(self) -> dict[str, Any]:
        """The part that follows from the ballots."""
        return self.result["count"]  # type: ignore[return-value]

    @property
    def ballots_are_open(self) -> bool:
        """Whether everybody can read the ballots."""
        return self.result["publication"]["ballots"] == publication.Ballots.OPEN  # type: ignore[index,call-overload]


def count(round_id: uuid.UUID, publish_from: int) -> Counted:
    """Count a closed round and store the result; once counted, the same result again and again.

    Waits for every ballot that is on its way and then keeps the round to itself, so that two counts at once
    give one result. `publish_from` is the least number of ballots that are published (k). Afterwards nobody
    can tell which ballot was whose: the round's half of the voters' key is gone.

    Raises `NotFound`, or `WrongState` for a round that is not closed.
    """
    counted_before = _known(round_id)
    if counted_before is not None:
        return counted_before
    ballots = rounds.ballots_for_count(round_id)
    counted_before = _known(round_id)
    if counted_before is not None:
        # Somebody else counted while this waited.
        return counted_before
    now = rounds.database_now()
    left_out = rounds.leave_out_unsettled(round_id, now)
    round_ = _with_result(round_id)
    freeze = _freeze_of(round_)
    rule = frozen.read(freeze)
    contest = rule.contest(ballot.choices for ballot in ballots)
    commitment = round_file.commit(contest, (ballot.receipt_hash.hex() for ballot in ballots))
    what = publication.decide(contest, publish_from)
    letters = seats_by_place(round_id) if round_.electorate == Electorate.LETTER else {}
    document: dict[str, Json] = {
        "format": round_file.RESULT_FORMAT,
        "round": str(round_id),
        "freeze_hash": round_.freeze_hash,
        "ballots_hash": commitment.hash,
        "receipts_hash": commitment.marks_hash,
        "counted_at": moment(now),
        "count": result.published(rule, contest, what, str(round_.freeze_hash), commitment.receipts),
        "channels": _channels(ballots),
        "paper_left_out": left_out,
        "publication": what.document(),
        "turnout": domain.turnout(
            (domain.Cast(ballot.choices, ballot.band, ballot.neighbourhood) for ballot in ballots),
            letters,
            [option.code for option in rule.options],
            publish_from,
        ),
    }
    text = canonical.dumps(document)
    queries.store_result(round_id, text, canonical.sha256(document), commitment.hash, now)
    found = _known(round_id)
    assert found is not None  # noqa: S101 - written two lines above
    return found


def publish(round_id: uuid.UUID) -> Counted:
    """Make the result of a counted round public; again changes nothing.

    Raises `NotFound`, or `WrongState` for a round that is not counted.
    """
    found = _known(round_id)
    if found is None:
        raise WrongState(_("Deze stemronde is nog niet geteld."))
    queries.publish(round_id)
    return _known(round_id) or found


def published(round_id: uuid.UUID) -> Counted:
    """A result that everybody may see. Raises `NotFound` before publication."""
    found = _known(round_id)
    if found is None or found.round.published_at is None:
        raise NotFound(_("Van deze stemronde is nog geen uitslag."))
    return found


def counted(round_id: uuid.UUID) -> Counted | None:
    """A counted result, public or not; for planners. Raises `NotFound` for a round that is not there."""
    return _known(round_id)


def is_large(round_id: uuid.UUID) -> bool:
    """Whether counting takes so long that it is a command's work, not a page's. Raises `WrongState` before
    closing."""
    ballots = len(rounds.ballots_for_count(round_id))
    return ballots * len(rounds.options_of(round_id)) > domain.LARGE_WORK


def public_file(found: Counted) -> str:
    """The file of a counted round for everybody: with its ballots, or sealed."""
    return _file(found, sealed=not found.ballots_are_open)


def auditors_file(found: Counted) -> str:
    """The file of a counted round with its ballots, also where these are sealed. Not for publication."""
    return _file(found, sealed=False)


def _file(found: Counted, *, sealed: bool) -> str:
    ballots = rounds.ballots_for_count(found.round.id)
    contest = frozen.read(found.freeze).contest(ballot.choices for ballot in ballots)
    made = round_file.commit(contest, (ballot.receipt_hash.hex() for ballot in ballots))
    if made.hash != found.round.ballots_hash:
        raise WrongState(_("De stembriefjes zijn niet meer die waarover de uitslag gaat."))
    if sealed:
        return round_file.write(found.freeze, None, made.marks, made.hash, found.result)
    return round_file.write(found.freeze, made.ballots, made.receipts, made.hash, found.result)


def _known(round_id: uuid.UUID) -> Counted | None:
    round_ = _with_result(round_id)
    if status(round_, rounds.database_now()) not in (Status.COUNTED, Status.PUBLISHED):
        return None
    return Counted(round_, _freeze_of(round_), json.loads(str(round_.result)))


def _with_result(round_id: uuid.UUID) -> Round:
    found = queries.with_result(round_id)
    if found is None:
        raise rounds.no_such_round()
    return found


def _freeze_of(round_: Round) -> dict[str, Json]:
    return json.loads(str(round_.freeze_document))  # type: ignore[no-any-return]


def _channels(ballots: list[rounds.CountedBallot]) -> dict[str, Json]:
    found: dict[str, Json] = {"web": 0, "paper": 0}
    for ballot in ballots:
        found[ballot.channel] = int(found[ballot.channel]) + 1  # type: ignore[arg-type]
    return found
