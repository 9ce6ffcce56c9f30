"""Rounds that people voted in last week: made and frozen by the program, then set back in time.

Only an administrator of the database can do that: triggers refuse ballots before opening and other dates
after the freeze.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import text

from app.core.transaction import transaction
from app.extensions import db
from app.projects.phases import Degree, PhaseDraft
from app.projects.queries import assignment_by_slug
from app.votes.rounds import service
from app.votes.rounds.drafts import OptionDraft, RoundDraft
from tests.factories import PLANNER, Resident, addition, design_body, make_street

TITLES = ("Bomen langs de gevel", "Bankjes & praten", "Geveltuin voor iedereen")


class Vote(NamedTuple):
    """A ballot that counts."""

    choices: Any
    band: str | None = None
    channel: str = "web"
    neighbourhood: str | None = None


@dataclass(frozen=True)
class ClosedRound:
    """A round that waits to be counted."""

    id: uuid.UUID
    designs: list[str]


def receipt_of(number: int) -> bytes:
    """What is stored of the receipt of the ballot with this number (from 0)."""
    return hashlib.sha256(f"ontvangst-{number}".encode()).digest()


def closed_round(
    app: Flask,
    votes: Iterable[Vote | list[str]],
    *,
    costs: tuple[str, ...] = ("6000", "4050", "2000"),
    conflicts: Iterable[tuple[str, str]] = (("A", "C"),),
    kind: str = "approval",
    rule: str = "mes",
    parameters: dict[str, Any] | None = None,
    letters: dict[str | tuple[str, str], int] | None = None,
    degree: str = "advise",
    is_open: bool = False,
) -> ClosedRound:
    """A round over three designs of the street, with these ballots, closed an hour ago; or still open.

    `letters`: how many addresses got a letter in each band, or in each band of a neighbourhood.
    """
    now = datetime.now(UTC)
    span = (PhaseDraft("choose", now - timedelta(days=9), now + timedelta(days=40)),)
    draw = (PhaseDraft("draw", now - timedelta(days=20), now + timedelta(days=60)),)
    with app.test_request_context("/"):
        make_street(phases=(*draw, *span), degree=Degree(degree))
    author = Resident(app.test_client())
    designs = []
    for number, title in enumerate(TITLES[: len(costs)]):
        features = [addition(20 + 25 * number, 2), addition(30 + 25 * number, 2, "bench")]
        made = author.send("POST", "/api/designs", design_body("kade", *features, title=title))
        designs.append(str(made.get_json()["id"]))
        assert author.send("POST", f"/api/designs/{designs[-1]}/submit").status_code == 200
    with app.test_request_context("/"):
        with transaction():
            round_id = _frozen(designs, costs, conflicts, kind, rule, parameters, letters, now)
            _set_back(round_id, votes, letters or {}, now, is_open)
        db.session.remove()
    return ClosedRound(round_id, designs)


def _frozen(
    designs: list[str],
    costs: tuple[str, ...],
    conflicts: Iterable[tuple[str, str]],
    kind: str,
    rule: str,
    parameters: dict[str, Any] | None,
    letters: dict[str | tuple[str, str], int] | None,
    now: datetime,
) -> uuid.UUID:
    draft = RoundDraft(
        title="Wat komt er in de Kade?",
        question="Kies wat je graag wilt.",
        kind=kind,
        rule=rule,
        electorate="guest" if letters is None else "letter",
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(hours=2),
        parameters={"budget_eur": "10000", "min_choices": 0} if parameters is None else parameters,
    )
    round_ = service.make_round(PLANNER, assignment_by_slug("kade"), draft)
    options = [
        OptionDraft(uuid.UUID(design), Decimal(cost), "Begroting")
        for design, cost in zip(designs, costs, strict=True)
    ]
    service.set_options(PLANNER, round_.id, options, round_.revision, now)
    # Only what the test says; what the ground says is tested with rounds.
    for row in service.propose_conflicts(PLANNER, round_):
        service.decide_conflict(
            PLANNER, round_.id, row.a, row.b, confirmed=False, reason="Past naast elkaar", now=now
        )
    for a, b in conflicts:
        service.decide_conflict(PLANNER, round_.id, a, b, confirmed=True, reason="Zelfde plek", now=now)
    service.freeze(PLANNER, round_.id, round_.revision, now)
    return round_.id


def _set_back(
    round_id: uuid.UUID,
    votes: Iterable[Vote | list[str]],
    letters: dict[str | tuple[str, str], int],
    now: datetime,
    is_open: bool,
) -> None:
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    db.session.execute(
        text("UPDATE round SET opens_at = :opens, closes_at = :closes WHERE id = :id"),
        {
            "id": round_id,
            "opens": now - timedelta(days=7),
            "closes": now + timedelta(hours=1) if is_open else now - timedelta(hours=1),
        },
    )
    for number, vote in enumerate(votes):
        choices, band, channel, neighbourhood = vote if isinstance(vote, Vote) else Vote(vote)
        db.session.execute(
            text(
                "INSERT INTO ballot (round_id, voter, version, choices, channel, receipt_hash, band,"
                " neighbourhood, cast_at)"
                " VALUES (:round, :voter, 1, CAST(:choices AS jsonb), :channel, :receipt, :band, :name, :at)"
            ),
            {
                "round": round_id,
                "voter": hashlib.sha256(f"stemmer-{number}".encode()).digest(),
                "choices": json.dumps(choices),
                "channel": channel,
                "receipt": receipt_of(number),
                "band": band,
                "name": neighbourhood,
                "at": now - timedelta(days=2),
            },
        )
    _letters(round_id, letters, now)
    db.session.execute(text("SET LOCAL session_replication_role = origin"))


def _letters(round_id: uuid.UUID, letters: dict[str | tuple[str, str], int], now: datetime) -> None:
    batch = db.session.execute(
        text(
            "INSERT INTO letter_batch (purpose, subject_id, made_at) VALUES ('round', :round, :now)"
            " RETURNING id"
        ),
        {"round": round_id, "now": now},
    ).scalar_one()
    for where, number in letters.items():
        band, name = (where, None) if isinstance(where, str) else where
        for index in range(number):
            db.session.execute(
                text(
                    "INSERT INTO letter_code"
                    " (batch_id, subject_id, seat, code_hash, address, band, neighbourhood)"
                    " VALUES (:batch, :round, gen_random_uuid(), :hash, :address, :band, :name)"
                ),
                {
                    "batch": batch,
                    "round": round_id,
                    "hash": hashlib.sha256(f"{where} {index}".encode()).digest(),
                    "address": f"Kade {where} {index}",
                    "band": band,
                    "name": name,
                },
            )
