"""Rounds and ballots. Triggers (migration 0006) refuse what may never change, not only the program."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Created, Moment, ShortText, UuidKey
from app.extensions import db
from app.votes.letters.models import NEIGHBOURHOOD
from app.votes.rounds.domain import LARGEST_POINTS, MOST_OPTIONS


class Round(db.Model):
    """What is voted on, by which rule, by whom and when. Frozen, none of that changes any more.

    `parameters`: `budget_eur` (whole euros or text), `completion`, `min_choices`, `max_choices`, `points`,
    `winners`. `electorate_parameters`: `area` (GeoJSON in EPSG:4326 as text) for an area, `paper_ballots`
    (how many numbered paper ballots there are; 0 or absent: none).
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="dates"),
        CheckConstraint("kind IN ('approval', 'ranking', 'points', 'budget')", name="kind"),
        CheckConstraint(
            "kind = 'approval' AND rule IN ('mes', 'greedy', 'approval')"
            " OR kind = 'budget' AND rule IN ('mes', 'greedy')"
            " OR kind = 'ranking' AND rule = 'schulze' OR kind = 'points' AND rule = 'points'",
            name="rule",
        ),
        CheckConstraint("electorate IN ('guest', 'email', 'letter', 'area', 'oidc')", name="electorate"),
        CheckConstraint(
            "(kind <> 'points' OR coalesce((parameters->>'points')::numeric, 0)"
            f" BETWEEN 1 AND {LARGEST_POINTS})"
            " AND (rule NOT IN ('mes', 'greedy', 'approval')"
            " OR coalesce((parameters->>'budget_eur')::numeric, 0) > 0)",
            name="parameters",
        ),
        CheckConstraint(
            "(frozen_at IS NULL) = (freeze_document IS NULL) AND (frozen_at IS NULL) = (freeze_hash IS NULL)"
            " AND (voter_key IS NOT NULL) = (frozen_at IS NOT NULL AND counted_at IS NULL)",
            name="frozen",
        ),
        CheckConstraint(
            "freeze_hash = encode(sha256(convert_to(freeze_document, 'UTF8')), 'hex')", name="freeze_hash"
        ),
        CheckConstraint(
            "result_hash = encode(sha256(convert_to(result, 'UTF8')), 'hex')", name="result_hash"
        ),
        CheckConstraint(
            "(counted_at IS NULL) = (result IS NULL) AND (counted_at IS NULL) = (result_hash IS NULL)"
            " AND (counted_at IS NULL) = (ballots_hash IS NULL)"
            " AND (published_at IS NULL OR counted_at IS NOT NULL)",
            name="counted",
        ),
    )

    id: Mapped[UuidKey]
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[ShortText]
    question: Mapped[ShortText]
    kind: Mapped[ShortText]
    rule: Mapped[ShortText]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    electorate: Mapped[ShortText]
    electorate_parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    opens_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    frozen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    freeze_document: Mapped[str | None] = mapped_column(Text, deferred=True)
    freeze_hash: Mapped[str | None] = mapped_column(Text)
    # Half of what a pseudonym is made of (`voters`); the other half is SECRET_KEY. Counting takes it away.
    voter_key: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    counted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    result: Mapped[str | None] = mapped_column(Text, deferred=True)
    result_hash: Mapped[str | None] = mapped_column(Text)
    ballots_hash: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    created_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    is_example: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Created]
    updated_at: Mapped[Created]


class RoundOption(db.Model):
    """One exact version of a design that can be chosen, or a part of it. `cost_note` says why its cost is not
    the design's.

    `part`: the positions of the changes, in order; empty for the whole design. `part_effects`: what these
    changes do by themselves, as `DesignVersion.effects`.
    """

    __tablename__ = "round_option"
    __table_args__ = (
        ForeignKeyConstraint(
            ["design_id", "version"], ["design_version.design_id", "design_version.version"]
        ),
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("round_id", "design_id", "part", name="uq_round_option_round_id_design_id"),
        CheckConstraint("round_part_sorted(part)", name="part"),
        CheckConstraint("(part = '{}') = (part_effects IS NULL)", name="part_effects"),
        CheckConstraint("code ~ '^[A-Z]{1,2}$'", name="code"),
        CheckConstraint("cost_eur >= 0 AND cost_eur < 1e10", name="cost"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_OPTIONS}", name="position"),
        Index("ix_round_option_design_id_version", "design_id", "version"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]
    design_id: Mapped[uuid.UUID]
    version: Mapped[int]
    title: Mapped[ShortText]
    cost_eur: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    cost_note: Mapped[str] = mapped_column(Text, server_default="")
    part: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"), default=list)
    part_effects: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class RoundConflict(db.Model):
    """Two options that take the same ground. Confirmed: at most one of them can win. Waived: both can."""

    __tablename__ = "round_conflict"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "a"], ["round_option.round_id", "round_option.code"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["round_id", "b"], ["round_option.round_id", "round_option.code"], ondelete="CASCADE"
        ),
        CheckConstraint('a COLLATE "C" < b COLLATE "C"', name="order"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'waived')", name="state"),
        CheckConstraint(
            "state = 'proposed' OR (reason <> '' AND decided_by_role IS NOT NULL AND decided_at IS NOT NULL)",
            name="reason",
        ),
        CheckConstraint("overlap_m2 >= 0", name="overlap"),
        Index("ix_round_conflict_round_id_b", "round_id", "b"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    a: Mapped[str] = mapped_column(Text, primary_key=True)
    b: Mapped[str] = mapped_column(Text, primary_key=True)
    overlap_m2: Mapped[float] = mapped_column(Numeric(12, 2, asdecimal=False))
    state: Mapped[str] = mapped_column(Text, server_default="proposed")
    reason: Mapped[str] = mapped_column(Text, server_default="")
    decided_by_role: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Ballot(db.Model):
    """One version of one voter's ballot; the last before closing counts. Rows are only added.

    `voter` is a pseudonym for this round alone. `cast_at` is the hour, not the moment, and there is no serial
    number: both would help whoever holds the log of a web server.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("octet_length(voter) = 32", name="voter"),
        CheckConstraint("octet_length(receipt_hash) = 32", name="receipt"),
        CheckConstraint("channel IN ('web', 'paper')", name="channel"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("length(band) <= 40", name="band"),
        CheckConstraint(NEIGHBOURHOOD, name="neighbourhood"),
    )

    # No foreign key: it would lock the round's row once per ballot. The trigger asks for a frozen round, and
    # those are never deleted.
    round_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    voter: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choices: Mapped[Any] = mapped_column(JSONB)
    channel: Mapped[str] = mapped_column(Text, server_default="web")
    cast_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    band: Mapped[str | None] = mapped_column(Text)
    neighbourhood: Mapped[str | None] = mapped_column(Text)


class BallotHeir(db.Model):
    """A guest signed in during a round for guests: the ballot of `voter` is now that of `heir`.

    It counts only where the heir cast none; of several the first. Rows are only added.
    """

    __tablename__ = "ballot_heir"
    __table_args__ = (
        CheckConstraint(
            "octet_length(voter) = 32 AND octet_length(heir) = 32 AND voter <> heir", name="voters"
        ),
        UniqueConstraint("round_id", "voter"),
        Index("ix_ballot_heir_round_id_heir", "round_id", "heir"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    round_id: Mapped[uuid.UUID]
    voter: Mapped[bytes] = mapped_column(LargeBinary)
    heir: Mapped[bytes] = mapped_column(LargeBinary)


class PaperBallot(db.Model):
    """A paper ballot on its way into the round: typed in by two people. Once they agree, its choices are in a
    ballot and no longer here, only by which accounts; what is never agreed on is left out."""

    __tablename__ = "paper_ballot"
    __table_args__ = (
        UniqueConstraint("round_id", "voter"),
        CheckConstraint("octet_length(voter) = 32", name="voter"),
        CheckConstraint(NEIGHBOURHOOD, name="neighbourhood"),
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint(
            "first_browser <> second_browser AND octet_length(first_browser) = 32"
            " AND octet_length(second_browser) = 32",
            name="two_browsers",
        ),
        CheckConstraint(
            "state IN ('waiting', 'differs') OR first_browser IS NULL AND second_browser IS NULL",
            name="browsers_forgotten",
        ),
        CheckConstraint(
            "state = 'waiting' AND first_choices IS NOT NULL AND second_choices IS NULL"
            " AND settled_at IS NULL"
            " OR state = 'differs' AND first_choices <> second_choices AND settled_at IS NULL"
            " OR state = 'agreed' AND first_choices IS NULL AND second_choices IS NULL"
            " AND settled_at IS NOT NULL"
            " OR state = 'left' AND first_choices IS NULL AND second_choices IS NULL",
            name="state",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    voter: Mapped[bytes] = mapped_column(LargeBinary)
    serial: Mapped[int | None]
    band: Mapped[str | None] = mapped_column(Text)
    neighbourhood: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    first_choices: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    first_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    second_choices: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    second_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # Keyed hashes of the browsers in which it was typed; forgotten once the two agree.
    first_browser: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_browser: Mapped[bytes | None] = mapped_column(LargeBinary)
    entered_at: Mapped[Created]
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
