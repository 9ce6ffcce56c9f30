"""Rounds of voting for tests: made, frozen and opened as planners do it, by the database's own clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.domain import Actor, Role
from app.accounts.models import Person
from app.core.geometry import to_wkb
from app.core.transaction import transaction
from app.designs.models import Change, Design, DesignVersion
from app.errors import Invalid, WrongState
from app.extensions import db
from app.projects.models import Assignment
from app.projects.phases import PhaseDraft
from app.votes.letters.domain import Addressed
from app.votes.rounds import service
from app.votes.rounds.domain import RULES, Kind
from app.votes.rounds.drafts import OptionDraft, RoundDraft
from app.votes.rounds.models import Round
from tests.factories import make_street, rd_point

BUDGET = {"budget_eur": "10000"}


def planner(email: str | None = None) -> Actor:
    """Somebody of the municipality. Commits."""
    with transaction():
        person = Person(role=Role.PLANNER, email=email or f"{uuid.uuid4().hex}@gemeente.example")
        db.session.add(person)
        db.session.flush()
        return Actor(person.id, Role.PLANNER, person.email)


def street_to_vote_on(slug: str = "kade", **fields: Any) -> Assignment:
    """A street whose phases of drawing and of choosing both run. Commits."""
    now = datetime.now(UTC)
    spans = (
        PhaseDraft("draw", now - timedelta(days=7), now + timedelta(days=30)),
        PhaseDraft("choose", now - timedelta(days=1), now + timedelta(days=30)),
    )
    return make_street(slug, phases=spans, **fields)


def design(
    assignment: Assignment, cost_eur: float = 1000, *, x: float = 5, y: float = 2, title: str = "Ontwerp"
) -> uuid.UUID:
    """A submitted design that plants one small tree. Commits."""
    with transaction():
        made = Design(assignment_id=assignment.id, status="submitted", submitted_at=datetime.now(UTC))
        version = DesignVersion(version=1, title=title, cost_low_eur=cost_eur / 2, cost_high_eur=cost_eur)
        version.changes = [
            Change(position=0, action="add", kind="tree_small", geom=to_wkb(rd_point(x, y)), verdict="fits")
        ]
        made.versions = [version]
        db.session.add(made)
        db.session.flush()
        return made.id


def draft(
    kind: str = "approval",
    *,
    electorate: str = "guest",
    opens_in: float = 0.4,
    open_for: float = 3600,
    parameters: dict[str, Any] | None = None,
    electorate_parameters: dict[str, Any] | None = None,
) -> RoundDraft:
    """A round that opens in `opens_in` seconds, for `open_for` seconds, by the usual rule of its kind."""
    opens_at = datetime.now(UTC) + timedelta(seconds=opens_in)
    usual: dict[str, Any] = {"points": 10} if kind == "points" else {} if kind == "ranking" else BUDGET
    return RoundDraft(
        title="Wat komt er op de Kade?",
        question="Welke ontwerpen wil je?",
        kind=kind,
        rule=RULES[Kind(kind)][0],
        electorate=electorate,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(seconds=open_for),
        parameters={**usual, **(parameters or {})},
        electorate_parameters=electorate_parameters or {},
    )


def announced_round(
    assignment: Assignment | None = None,
    costs: Sequence[float] = (1000, 2000, 4000),
    *,
    by: Actor | None = None,
    **fields: Any,
) -> Round:
    """A frozen round with an option for each of `costs` (A, B, C …), without conflicts. Commits."""
    by = by or planner()
    round_ = _with_options(assignment, costs, by, fields)
    freeze(by, round_, **fields)
    return round_


def announced_with_letters(
    to: Sequence[Addressed],
    assignment: Assignment | None = None,
    costs: Sequence[float] = (1000, 2000, 4000),
    *,
    by: Actor | None = None,
    **fields: Any,
) -> tuple[Round, list[tuple[str, Addressed]]]:
    """The same for letters, with a code for each of `to`. Commits."""
    by = by or planner()
    fields = {"electorate": "letter", **fields}
    round_ = _with_options(assignment, costs, by, fields)
    made = freeze(
        by, round_, then=lambda: service.make_letters(by, round_.id, to, datetime.now(UTC)), **fields
    )
    return round_, made


def _with_options(
    assignment: Assignment | None, costs: Sequence[float], by: Actor, fields: dict[str, Any]
) -> Round:
    """A round whose ballot is complete, for dates that are still to come. Commits."""
    assignment = assignment or street_to_vote_on()
    designs = [
        design(assignment, cost, x=3 + 6 * (n % 16), y=2 + 4 * (n // 16), title=f"Ontwerp {n + 1}")
        for n, cost in enumerate(costs)
    ]
    without_dates = {name: value for name, value in fields.items() if name != "opens_in"}
    with transaction():
        round_ = service.make_round(by, assignment, draft(**without_dates))
        now = datetime.now(UTC)
        service.set_options(by, round_.id, [OptionDraft(one) for one in designs], round_.revision, now)
        for conflict in service.propose_conflicts(by, round_):
            service.decide_conflict(
                by, round_.id, conflict.a, conflict.b, confirmed=False, reason="Kan naast elkaar.", now=now
            )
    return round_


def freeze(
    by: Actor, round_: Round, *, opens_in: float = 0.4, then: Callable[[], Any] = lambda: None, **fields: Any
) -> Any:
    """Freezes a round that opens so soon, and does `then` before it opens; answers what that does. Commits.

    On a busy machine even that may take too long: then it opens twice as late.
    """
    while True:
        try:
            with transaction():
                wanted = draft(**fields, opens_in=opens_in)
                service.change_round(by, round_.id, wanted, round_.revision, datetime.now(UTC))
                service.freeze(by, round_.id, round_.revision, datetime.now(UTC))
                return then()
        except WrongState:
            pass
        except Invalid as refused:
            if any("na nu" not in problem.message for problem in refused.problems):
                raise
        opens_in *= 2


def open_round(
    assignment: Assignment | None = None, costs: Sequence[float] = (1000, 2000, 4000), **fields: Any
) -> uuid.UUID:
    """The id of a round in which ballots are being cast now. Commits."""
    round_ = announced_round(assignment, costs, **fields)
    wait_until(round_.opens_at)
    return round_.id


def wait_until(moment: datetime) -> None:
    """Until just after a moment of the database's clock."""
    while True:
        present = db.session.execute(db.text("SELECT clock_timestamp()")).scalar_one()
        db.session.rollback()
        left = (moment - present).total_seconds()
        if left < 0:
            return
        time.sleep(min(left + 0.005, 1))
