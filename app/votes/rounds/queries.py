"""What is asked of rounds and ballots."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.core import direct
from app.errors import NotFound, WrongState
from app.extensions import db
from app.votes.letters.domain import Crowd
from app.votes.rounds.domain import Status, status
from app.votes.rounds.models import BallotHeir, PaperBallot, Round, RoundConflict, RoundOption

# SQLSTATEs of the triggers of migration 0006.
NOT_OPEN, WRONG_CHOICES, NEVER_CHANGED, FROZEN, WRONG_VERSION, NOT_YET = (f"SK00{n}" for n in range(1, 7))


def round_by_id(round_id: uuid.UUID, *, lock: bool = False) -> Round:
    """The round with this id, drafts too: `permissions.can_see` says who may. Raises `NotFound`."""
    statement = select(Round).where(Round.id == round_id)
    found = db.session.scalar(
        statement.with_for_update().execution_options(populate_existing=True) if lock else statement
    )
    if found is None:
        raise no_such_round()
    return found


def no_such_round() -> NotFound:
    """The error for a round that is not there, or is nobody else's yet."""
    return NotFound(_("Deze stemronde bestaat niet."))


def rounds_of(assignment_id: uuid.UUID, *, drafts: bool = False) -> list[Round]:
    """The rounds of an assignment, the last to open first; drafts only where asked for."""
    statement = select(Round).where(Round.assignment_id == assignment_id)
    if not drafts:
        statement = statement.where(Round.frozen_at.is_not(None))
    return list(db.session.scalars(statement.order_by(Round.opens_at.desc(), Round.id)))


def rounds_to_come(assignment_id: uuid.UUID) -> list[Round]:
    """The frozen rounds of an assignment that have not closed, by the database's clock."""
    statement = select(Round).where(
        Round.assignment_id == assignment_id,
        Round.frozen_at.is_not(None),
        text("clock_timestamp()") < Round.closes_at,
    )
    return list(db.session.scalars(statement.order_by(Round.opens_at, Round.id)))


def is_frozen_option(design_id: uuid.UUID) -> bool:
    """Whether a frozen round has a version of this design, whatever became of the round since."""
    found = (
        select(RoundOption.code)
        .join(Round, Round.id == RoundOption.round_id)
        .where(RoundOption.design_id == design_id, Round.frozen_at.is_not(None))
    )
    return bool(db.session.scalar(select(found.exists())))


def public_rounds() -> list[Round]:
    """Every frozen round, the last to open first."""
    statement = select(Round).where(Round.frozen_at.is_not(None))
    return list(db.session.scalars(statement.order_by(Round.opens_at.desc(), Round.id)))


def options_of(round_id: uuid.UUID) -> list[RoundOption]:
    """The options of a round, in its order."""
    return list(
        db.session.scalars(
            select(RoundOption).where(RoundOption.round_id == round_id).order_by(RoundOption.position)
        )
    )


def options_of_all(round_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[RoundOption]]:
    """The options of several rounds, each list in the order of its round."""
    found: dict[uuid.UUID, list[RoundOption]] = {}
    for option in db.session.scalars(
        select(RoundOption).where(RoundOption.round_id.in_(list(round_ids))).order_by(RoundOption.position)
    ):
        found.setdefault(option.round_id, []).append(option)
    return found


def conflicts_of(round_id: uuid.UUID, *, state: str | None = None) -> list[RoundConflict]:
    """The conflicts of a round by code, of one state (`proposed`, `confirmed`, `waived`) or all."""
    statement = select(RoundConflict).where(RoundConflict.round_id == round_id)
    if state is not None:
        statement = statement.where(RoundConflict.state == state)
    return list(db.session.scalars(statement.order_by(RoundConflict.a, RoundConflict.b)))


def conflicts_of_all(round_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[RoundConflict]]:
    """The conflicts of several rounds, each list by code."""
    found: dict[uuid.UUID, list[RoundConflict]] = {}
    for one in db.session.scalars(
        select(RoundConflict)
        .where(RoundConflict.round_id.in_(list(round_ids)))
        .order_by(RoundConflict.a, RoundConflict.b)
    ):
        found.setdefault(one.round_id, []).append(one)
    return found


def freeze_document_of(round_id: uuid.UUID) -> str | None:
    """The canonical JSON that was frozen; its SHA-256 is `Round.freeze_hash`. None for a draft."""
    return db.session.scalar(select(Round.freeze_document).where(Round.id == round_id))


def database_now() -> datetime:
    """The database's clock, which closes rounds."""
    return db.session.execute(text("SELECT clock_timestamp()")).scalar_one()  # type: ignore[no-any-return]


# Ballots


class CountedBallot(NamedTuple):
    """One ballot in the count: what was chosen, over which channel, from which coarse band of which
    neighbourhood, and the hash of its receipt (32 bytes)."""

    choices: Any
    channel: str
    band: str | None
    neighbourhood: str | None
    receipt_hash: bytes


# The last version of each voter. A guest who signed in has an heir: that ballot counts only where the heir
# has none, and of several such guests the first.
_LAST = """
    last AS (
        SELECT DISTINCT ON (voter) voter, choices, channel, band, neighbourhood, receipt_hash
        FROM ballot WHERE round_id = :round ORDER BY voter, version DESC
    ),
    counted AS (
        SELECT DISTINCT ON (coalesce(h.heir, l.voter)) l.*
        FROM last l LEFT JOIN ballot_heir h ON h.round_id = :round AND h.voter = l.voter
        ORDER BY coalesce(h.heir, l.voter), h.id NULLS FIRST
    )
"""
_FOR_COUNT = text(
    f"WITH {_LAST} SELECT choices, channel, band, neighbourhood, receipt_hash FROM counted"  # noqa: S608
    " ORDER BY receipt_hash"
)


def ballots_for_count(round_id: uuid.UUID) -> list[CountedBallot]:
    """Every ballot that counts, in the order of the hashes of their receipts, which is no order of anything.

    Takes the round's lock alone until the transaction ends: whoever was answered before this has committed.
    Raises `WrongState` before closing, by the database's clock, so that nobody sees running totals.
    """
    lock_for_count(round_id)
    round_ = round_by_id(round_id)
    if status(round_, database_now()) in (Status.DRAFT, Status.ANNOUNCED, Status.OPEN):
        raise WrongState(_("Deze stemronde is nog niet gesloten. Tot dan ziet niemand wat er gestemd is."))
    return [CountedBallot(*row) for row in db.session.execute(_FOR_COUNT, {"round": round_id})]


def lock_for_count(round_id: uuid.UUID) -> None:
    """Wait for every ballot on its way and keep others out until this transaction ends."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(round_lock(:round))"), {"round": round_id})


def share_round(round_id: uuid.UUID) -> None:
    """Hold the lock of a round as ballots do, until this transaction ends."""
    db.session.execute(text("SELECT pg_advisory_xact_lock_shared(round_lock(:round))"), {"round": round_id})


class Place(NamedTuple):
    """What a round asks of a ballot; `casting` keeps it in memory, since a frozen round never changes."""

    id: uuid.UUID
    assignment_id: uuid.UUID
    kind: str
    parameters: dict[str, Any]
    electorate: str
    electorate_parameters: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    voter_key: bytes
    costs: dict[str, str]


_PLACE = """
    SELECT r.id, r.assignment_id, r.kind, r.parameters, r.electorate, r.electorate_parameters, r.opens_at,
           r.closes_at, r.voter_key,
           (SELECT jsonb_agg(jsonb_build_array(o.code, o.cost_eur::text) ORDER BY o.position)
            FROM round_option o WHERE o.round_id = r.id)
    FROM round r WHERE r.id = %(round)s AND r.frozen_at IS NOT NULL AND r.voter_key IS NOT NULL
"""


def place_to_vote(round_id: uuid.UUID) -> Place | None:
    """What a frozen round that is not counted asks of ballots; None for any other."""
    row = direct.fetch_one(_PLACE, {"round": round_id})
    if row is None:
        return None
    return Place._make((*row[:9], dict(row[9])))


_CAST = """
    INSERT INTO ballot (round_id, voter, version, choices, channel, receipt_hash, band, neighbourhood)
    VALUES (%(round)s, %(voter)s, NULL, %(choices)s::jsonb, %(channel)s, %(receipt)s, %(band)s,
            %(neighbourhood)s)
    RETURNING version
"""


def cast(
    round_id: uuid.UUID, voter: bytes, choices: str, receipt: bytes, where: Crowd, channel: str = "web"
) -> int:
    """Add a ballot, at once and for good; answers its version. `choices` is JSON, `where` the band and the
    neighbourhood of the voter's address.

    Raises `psycopg.Error` with the SQLSTATEs above.
    """
    row = direct.fetch_one(
        _CAST,
        {
            "round": round_id,
            "voter": voter,
            "choices": choices,
            "receipt": receipt,
            "band": where[0],
            "neighbourhood": where[1],
            "channel": channel,
        },
    )
    assert row is not None  # noqa: S101
    return int(row[0])


_CAST_ORM = text(
    "INSERT INTO ballot (round_id, voter, version, choices, channel, receipt_hash, band, neighbourhood)"
    " VALUES (:round, :voter, NULL, CAST(:choices AS jsonb), 'paper', :receipt, :band, :neighbourhood)"
    " RETURNING version"
)


def cast_in_transaction(round_id: uuid.UUID, voter: bytes, choices: str, receipt: bytes, where: Crowd) -> int:
    """Add a paper ballot as part of the present transaction; answers its version."""
    parameters = {
        "round": round_id,
        "voter": voter,
        "choices": choices,
        "receipt": receipt,
        "band": where[0],
        "neighbourhood": where[1],
    }
    return int(db.session.execute(_CAST_ORM, parameters).scalar_one())


# One's own name and those that one is heir of, each looked up by key: never the whole round.
_OWN = """
    WITH family AS (
        SELECT %(voter)s::bytea AS voter, 0::bigint AS place
        UNION ALL SELECT voter, id FROM ballot_heir WHERE round_id = %(round)s AND heir = %(voter)s
    )
    SELECT last.choices, last.version, last.channel FROM family f
    CROSS JOIN LATERAL (
        SELECT choices, version, channel FROM ballot
        WHERE round_id = %(round)s AND voter = f.voter ORDER BY version DESC LIMIT 1
    ) last
    ORDER BY f.place LIMIT 1
"""


def present_ballot(round_id: uuid.UUID, voter: bytes) -> tuple[Any, int, str] | None:
    """Choices, version and channel of a voter's ballot as it would count now."""
    row = direct.fetch_one(_OWN, {"round": round_id, "voter": voter})
    return None if row is None else (row[0], int(row[1]), str(row[2]))


# The ballots of one voter and of those whose heir or guest they are: a lookup does not read the whole round.
_FAMILY = text(
    """
    WITH mine AS (SELECT voter FROM ballot WHERE round_id = :round AND receipt_hash = :receipt),
    root AS (SELECT coalesce(h.heir, m.voter) AS voter FROM mine m
             LEFT JOIN ballot_heir h ON h.round_id = :round AND h.voter = m.voter),
    family AS (SELECT voter, 0::bigint AS place FROM root
               UNION ALL SELECT h.voter, h.id FROM ballot_heir h JOIN root ON h.heir = root.voter
               WHERE h.round_id = :round)
    SELECT b.receipt_hash = :receipt FROM ballot b JOIN family f ON f.voter = b.voter
    WHERE b.round_id = :round ORDER BY f.place, b.version DESC LIMIT 1
    """
)


def receipt_counts(round_id: uuid.UUID, receipt: bytes) -> bool | None:
    """True: the ballot of this receipt is in the count. False: a later one is instead. None: not known."""
    found = db.session.execute(_FAMILY, {"round": round_id, "receipt": receipt}).scalar()
    return None if found is None else bool(found)


def open_guest_rounds() -> list[tuple[uuid.UUID, bytes]]:
    """Id and key of each round for guests in which ballots are being cast now."""
    statement = (
        select(Round.id, Round.voter_key)
        .where(
            Round.electorate == "guest",
            Round.frozen_at.is_not(None),
            Round.voter_key.is_not(None),
            Round.opens_at <= text("clock_timestamp()"),
            text("clock_timestamp()") < Round.closes_at,
        )
        .order_by(Round.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement) if row[1] is not None]


def inherit(round_id: uuid.UUID, voter: bytes, heir: bytes) -> None:
    """From now on the ballot of `voter` is that of `heir`; nothing once the round is counted.

    Holds the round's lock shared, as a ballot does: a count waits until this has committed, or came first and
    its ballots stay those that it counted.
    """
    share_round(round_id)
    if db.session.scalar(select(Round.counted_at.is_not(None)).where(Round.id == round_id)):
        return
    db.session.execute(
        insert(BallotHeir)
        .values(round_id=round_id, voter=voter, heir=heir)
        .on_conflict_do_nothing(index_elements=["round_id", "voter"])
    )


# Paper


def paper_by_voter(round_id: uuid.UUID, voter: bytes) -> PaperBallot | None:
    """The paper ballot of this voter, locked."""
    return db.session.scalar(
        select(PaperBallot)
        .where(PaperBallot.round_id == round_id, PaperBallot.voter == voter)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


_FIRST_ENTRY = text(
    "INSERT INTO paper_ballot"
    " (round_id, voter, serial, band, neighbourhood, first_choices, first_by, first_browser, entered_at)"
    " VALUES (:round, :voter, :serial, :band, :neighbourhood, CAST(:choices AS jsonb), :by, :browser, :now)"
    " ON CONFLICT (round_id, voter) DO NOTHING RETURNING id"
)


def first_entry(
    round_id: uuid.UUID,
    voter: bytes,
    serial: int | None,
    where: Crowd,
    choices: str,
    by: uuid.UUID | None,
    browser: bytes | None,
    now: datetime,
) -> bool:
    """Store the first reading of a paper ballot; False when there is one already. `choices` is JSON,
    `browser` what tells in which browser it was typed."""
    parameters = {
        "round": round_id,
        "voter": voter,
        "serial": serial,
        "band": where[0],
        "neighbourhood": where[1],
        "choices": choices,
        "by": by,
        "browser": browser,
        "now": now,
    }
    return db.session.execute(_FIRST_ENTRY, parameters).scalar() is not None


def flush() -> None:
    """Send what was changed, so that what comes after it is checked against it."""
    db.session.flush()


def paper_of(round_id: uuid.UUID) -> list[PaperBallot]:
    """Every paper ballot of a round that was entered at least once, in order of entry."""
    return list(
        db.session.scalars(
            select(PaperBallot).where(PaperBallot.round_id == round_id).order_by(PaperBallot.id)
        )
    )


def read_by(round_id: uuid.UUID) -> list[tuple[uuid.UUID | None, uuid.UUID | None, int]]:
    """Who read the paper ballots that are in the round: the first account, the second (None: erased since),
    and how many ballots; in the order in which they began."""
    rows = db.session.execute(
        select(PaperBallot.first_by, PaperBallot.second_by, func.count())
        .where(PaperBallot.round_id == round_id, PaperBallot.state == "agreed")
        .group_by(PaperBallot.first_by, PaperBallot.second_by)
        .order_by(func.min(PaperBallot.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def leave_out_unsettled(round_id: uuid.UUID, now: datetime) -> int:
    """Forget what only one person entered, or two differently; how many. For whoever counts."""
    left = (
        update(PaperBallot)
        .where(PaperBallot.round_id == round_id, PaperBallot.state.in_(("waiting", "differs")))
        .values(
            state="left",
            first_choices=None,
            second_choices=None,
            first_browser=None,
            second_browser=None,
            settled_at=now,
        )
    )
    return int(db.session.execute(left).rowcount)  # type: ignore[attr-defined]
