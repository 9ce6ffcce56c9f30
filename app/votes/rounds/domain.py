"""A round of voting: its states, what a ballot may hold, the document that is frozen. No Flask, no SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.votes.counting import canonical
from app.votes.counting.frozen import TIE_BREAKS as TIE_BREAKS

MOST_OPTIONS = 200
LEAST_OPTIONS = 2
LARGEST_POINTS = 1_000_000
LARGEST_BUDGET_EUR = Decimal(10) ** 9
MOST_PAPER_BALLOTS = 100_000
FORMAT = "stoepkrijt-round-1"


class Kind(StrEnum):
    """What a ballot looks like."""

    APPROVAL = "approval"  # any of the options
    RANKING = "ranking"  # some of the options, the best first
    POINTS = "points"  # points for some of the options
    BUDGET = "budget"  # options that together fit the budget


class Rule(StrEnum):
    """How winners come from ballots (`app.votes.counting`)."""

    EQUAL_SHARES = "mes"
    GREEDY = "greedy"
    APPROVAL = "approval"
    SCHULZE = "schulze"
    POINTS = "points"


# The rules that a kind of ballot can be counted by, the usual one first; the database holds the same list.
RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.APPROVAL: (Rule.EQUAL_SHARES, Rule.GREEDY, Rule.APPROVAL),
    Kind.BUDGET: (Rule.EQUAL_SHARES, Rule.GREEDY),
    Kind.RANKING: (Rule.SCHULZE,),
    Kind.POINTS: (Rule.POINTS,),
}
NEEDS_BUDGET = frozenset({Rule.EQUAL_SHARES, Rule.GREEDY, Rule.APPROVAL})
COMPLETIONS = ("add1", "add1-exhaustive", "none")


class Electorate(StrEnum):
    """Who may vote, and by what one voter is told from another."""

    GUEST = "guest"  # whoever opens the site: one ballot a browser
    EMAIL = "email"  # signed in: one ballot a mailbox, however its address is written
    LETTER = "letter"  # one ballot a letter
    AREA = "area"  # signed in and living in an area: one ballot a mailbox
    OIDC = "oidc"  # signed in at the municipality's provider: one ballot an identity there


class Status(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    PUBLISHED = "published"


# From which state an act is possible. Time alone leads from announced to open and from open to closed.
TRANSITIONS: dict[str, frozenset[Status]] = {
    "change": frozenset({Status.DRAFT}),
    "freeze": frozenset({Status.DRAFT}),
    "delete": frozenset({Status.DRAFT}),
    "make_letters": frozenset({Status.DRAFT, Status.ANNOUNCED}),
    "replace_letter": frozenset({Status.DRAFT, Status.ANNOUNCED, Status.OPEN}),
    "cast": frozenset({Status.OPEN}),
    "enter_paper": frozenset({Status.OPEN}),
    "count": frozenset({Status.CLOSED}),
    "publish": frozenset({Status.COUNTED}),
}


class Dates(Protocol):
    """The moments of a round that its status hangs on."""

    opens_at: Any
    closes_at: Any
    frozen_at: Any
    counted_at: Any
    published_at: Any


def status(round_: Dates, now: datetime) -> Status:
    """Where a round stands at `now`: open from `opens_at` on, until just before `closes_at`."""
    if round_.published_at is not None:
        return Status.PUBLISHED
    if round_.counted_at is not None:
        return Status.COUNTED
    if round_.frozen_at is None:
        return Status.DRAFT
    if now < round_.opens_at:
        return Status.ANNOUNCED
    return Status.OPEN if now < round_.closes_at else Status.CLOSED


def may(act: str, round_: Dates, now: datetime) -> bool:
    """Whether the state of the round at `now` allows an act of `TRANSITIONS`."""
    return status(round_, now) in TRANSITIONS[act]


def code_of(position: int) -> str:
    """The code of the option at a position from 1: A … Z, AA, AB …"""
    first, second = divmod(position - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


class Fault(NamedTuple):
    """What is wrong with choices. `where` is a JSON pointer within the choices, `n` and `limit` are for the
    sentence: amounts in the unit of the fault (options, points, euros)."""

    kind: str
    where: str = ""
    n: Decimal | int = 0
    limit: Decimal | int = 0


class Bounds(NamedTuple):
    """What the choices of one round are held against: the cost of every option in euros by its code, in the
    order of the round, and the limits."""

    kind: Kind
    costs: Mapping[str, Decimal]
    min_choices: int
    max_choices: int
    points: int
    budget_eur: Decimal


def bounds(kind: str, parameters: Mapping[str, Any], costs: Mapping[str, Decimal]) -> Bounds:
    """The bounds of a round with these options."""
    return Bounds(
        Kind(kind),
        costs,
        parameters.get("min_choices", 1),
        parameters.get("max_choices", len(costs)),
        parameters.get("points", 0),
        Decimal(str(parameters.get("budget_eur", 0))),
    )


def check_choices(value: Any, limits: Bounds) -> tuple[Any, list[Fault]]:
    """The choices in the form in which they are stored, and everything that is wrong with them.

    A list of codes (approval and budget in the order of the round, a ranking as given) or, for points, codes
    with whole numbers of at least 1; 0 points for an option is the same as leaving it out. The same rules
    stand in the database (`ballot_choices_wrong`).
    """
    return _check_points(value, limits) if limits.kind is Kind.POINTS else _check_list(value, limits)


def _check_list(value: Any, limits: Bounds) -> tuple[Any, list[Fault]]:
    if not isinstance(value, list):
        return [], [Fault("form")]
    if len(value) > MOST_OPTIONS:
        return [], [Fault("too_many", "", len(value), limits.max_choices)]
    faults, seen = [], set()
    for index, code in enumerate(value):
        if not isinstance(code, str):
            faults.append(Fault("form", f"/{index}"))
        elif code not in limits.costs:
            faults.append(Fault("foreign", f"/{index}"))
        elif code in seen:
            faults.append(Fault("repeated", f"/{index}"))
        else:
            seen.add(code)
    faults += _amount_faults(len(value), limits)
    cost = sum((limits.costs[code] for code in seen), Decimal(0))
    if limits.kind is Kind.BUDGET and cost > limits.budget_eur:
        faults.append(Fault("over_budget", "", cost, limits.budget_eur))
    if faults or limits.kind is Kind.RANKING:
        return value, faults
    return [code for code in limits.costs if code in seen], faults


def _check_points(value: Any, limits: Bounds) -> tuple[Any, list[Fault]]:
    if not isinstance(value, dict):
        return {}, [Fault("form")]
    if len(value) > MOST_OPTIONS:
        return {}, [Fault("too_many", "", len(value), limits.max_choices)]
    faults, given = [], {}
    for code, points in value.items():
        where = "/" + code[:20].replace("~", "~0").replace("/", "~1")
        if code not in limits.costs:
            faults.append(Fault("foreign", where))
        elif isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= LARGEST_POINTS:
            faults.append(Fault("points", where, 0, limits.points))
        elif points:
            given[code] = points
    total = sum(given.values())
    if total > limits.points:
        faults.append(Fault("too_many_points", "", total, limits.points))
    faults += _amount_faults(len(given), limits)
    return {code: given[code] for code in limits.costs if code in given}, faults


def _amount_faults(n: int, limits: Bounds) -> list[Fault]:
    if n > limits.max_choices:
        return [Fault("too_many", "", n, limits.max_choices)]
    return [Fault("too_few", "", n, limits.min_choices)] if n < limits.min_choices else []


class Promised(NamedTuple):
    """What people were told that their votes are worth: the degree of influence (`projects.phases.Degree`),
    and who decides, in the planner's words."""

    degree: str
    who_decides: str


@dataclass(frozen=True, slots=True)
class FrozenOption:
    """An option as it is frozen. `content_sha256` is over title, story and changes of that version, or of the
    part: the positions of some of its changes; empty for the whole."""

    code: str
    design: str
    version: int
    title: str
    cost_eur: Decimal
    cost_note: str
    content_sha256: str
    part: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenConflict:
    """Two options of which at most one can win, or of which a planner said with a reason that both can."""

    a: str
    b: str
    state: str
    reason: str


def freeze_document(
    *,
    round_id: str,
    assignment_id: str,
    title: str,
    question: str,
    kind: str,
    rule: str,
    parameters: Mapping[str, Any],
    electorate: str,
    electorate_parameters: Mapping[str, Any],
    promised: Promised,
    opens_at: datetime,
    closes_at: datetime,
    options: Iterable[FrozenOption],
    conflicts: Iterable[FrozenConflict],
) -> str:
    """Everything that decides the outcome of a round apart from the ballots, as canonical JSON.

    Amounts are decimal text in euros, moments ISO 8601 in UTC. Options stand in the order of the round,
    conflicts by code.
    """
    return canonical.dumps(
        {
            "format": FORMAT,
            "round": round_id,
            "assignment": assignment_id,
            "title": title,
            "question": question,
            "kind": kind,
            "rule": rule,
            "tie_break": TIE_BREAKS[rule],
            "parameters": dict(parameters),
            "electorate": electorate,
            "electorate_parameters": dict(electorate_parameters),
            "promised": promised._asdict(),
            "opens_at": moment(opens_at),
            "closes_at": moment(closes_at),
            "options": [
                {
                    "code": option.code,
                    "design": option.design,
                    "version": option.version,
                    "title": option.title,
                    "cost_eur": f"{option.cost_eur:.2f}",
                    "cost_note": option.cost_note,
                    "content_sha256": option.content_sha256,
                    # Only where there is one: documents of whole designs stay what they were.
                    **({"part": list(option.part)} if option.part else {}),
                }
                for option in options
            ],
            "conflicts": [
                {"a": one.a, "b": one.b, "state": one.state, "reason": one.reason}
                for one in sorted(conflicts, key=lambda one: (one.a, one.b))
            ],
        }
    )


def sha256_of(document: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def moment(value: datetime) -> str:
    """A moment as in frozen documents: ISO 8601 in UTC, to the second or as precise as it is."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
