"""When neighbours consent: the rule as data, and what answers make of it. Pure.

A rule asks those directly in front of a place, so many addresses to its left and right, and so many opposite,
and then wants up to three things, all of them:

- everybody in front says yes (`front_all`);
- so many of the others say yes (`yes_needed`); no answer is no yes;
- no more than so many object (`objections_allowed`); no answer is no objection, and neither is a plain no.

Answers can change until the term is over, so until then a rule is only met "if it stays like this". What the
public is told is less than what is known, so that nobody can be singled out: see `told`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MOST_A_SIDE = 50
LONGEST_REASON = 2_000
SHORTEST_TERM = timedelta(days=1)
LONGEST_TERM = timedelta(days=366)
# Long enough for an objection to the decision itself and its appeal.
KEEP_REASONS = timedelta(days=365)

# Of fewer addresses not even the number of answers is told while the term runs.
LEAST_ASKED = 5
# Yes and not-yes are told from so many addresses on, when so many are on either side.
LEAST_ASKED_FOR_SPLIT = 10
LEAST_ON_A_SIDE = 3


class Side(StrEnum):
    """Where an address lies, for somebody in the street who faces the houses beside the place."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    OPPOSITE = "opposite"


class Reply(StrEnum):
    """What an address answers."""

    YES = "yes"
    NO = "no"
    OBJECTION = "objection"


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a change is put before, and what they must answer."""

    left: int
    right: int
    opposite: int
    front_all: bool
    yes_needed: int
    objections_allowed: int | None

    def document(self) -> dict[str, Any]:
        """The rule as it is stored and shown."""
        return asdict(self)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Rule:
        """The rule of a `document`."""
        return cls(**{name: document[name] for name in cls.__slots__})

    @property
    def wants_something(self) -> bool:
        """Whether any answer can keep it from being met."""
        return self.front_all or self.yes_needed > 0 or self.objections_allowed is not None


# Haarlem's practice for a parking bay that becomes green or a place for bicycles: those directly in front,
# and twenty: five to the left, five to the right, ten opposite.
HAARLEM = Rule(5, 5, 10, front_all=True, yes_needed=20, objections_allowed=None)
# Nijmegen's: nobody next door objects.
NIJMEGEN = Rule(1, 1, 0, front_all=False, yes_needed=0, objections_allowed=0)
PRESETS: Mapping[str, Rule] = {"haarlem": HAARLEM, "nijmegen": NIJMEGEN}


class Status(StrEnum):
    """Where a question to neighbours stands."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    OVER = "over"
    WITHDRAWN = "withdrawn"


def status(
    sent_at: datetime | None,
    withdrawn_at: datetime | None,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
) -> Status:
    """Where it stands at `now`: open once letters are made, while `opens_at <= now < closes_at`."""
    if withdrawn_at is not None:
        return Status.WITHDRAWN
    if sent_at is None:
        return Status.DRAFT
    if now >= closes_at:
        return Status.OVER
    return Status.OPEN if now >= opens_at else Status.COMING


class State(StrEnum):
    """What the answers make of the rule. The last two are final."""

    # Only if somebody changes their mind.
    BLOCKED = "blocked"
    POSSIBLE = "possible"
    # If it stays like this.
    ON_COURSE = "on_course"
    NOT_MET = "not_met"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Asked:
    """An address and its latest answer; None where there is none."""

    side: Side
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The answers as the rule counts them."""

    front: int
    front_yes: int
    others: int
    others_yes: int
    objections: int
    answered: int

    @property
    def asked(self) -> int:
        """How many addresses."""
        return self.front + self.others

    @property
    def yes(self) -> int:
        """How many say yes."""
        return self.front_yes + self.others_yes


def count(asked: Sequence[Asked]) -> Count:
    """Count the answers."""
    front = [one.reply for one in asked if one.side is Side.FRONT]
    others = [one.reply for one in asked if one.side is not Side.FRONT]
    every = front + others
    return Count(
        len(front),
        front.count(Reply.YES),
        len(others),
        others.count(Reply.YES),
        every.count(Reply.OBJECTION),
        len(every) - every.count(None),
    )


def is_met(rule: Rule, asked: Sequence[Asked]) -> bool:
    """Whether these answers meet the rule."""
    found = count(asked)
    return (
        (not rule.front_all or found.front_yes == found.front)
        and found.others_yes >= rule.yes_needed
        and (rule.objections_allowed is None or found.objections <= rule.objections_allowed)
    )


def state(rule: Rule, asked: Sequence[Asked], *, over: bool) -> State:
    """What the answers make of the rule: final once the term is over."""
    if is_met(rule, asked):
        return State.MET if over else State.ON_COURSE
    if over:
        return State.NOT_MET
    best = [Asked(one.side, one.reply or Reply.YES) for one in asked]
    return State.POSSIBLE if is_met(rule, best) else State.BLOCKED


def can_ever_be_met(rule: Rule, asked: Sequence[Asked]) -> bool:
    """Whether the rule is met when everybody says yes: else there are too few addresses for it."""
    return is_met(rule, [Asked(one.side, Reply.YES) for one in asked])


@dataclass(frozen=True, slots=True)
class Told:
    """What the public is told; None is not told.

    `answered` addresses of `asked`; when the term is over its `state`, and how many said `yes`.
    """

    asked: int
    answered: int | None
    yes: int | None
    state: State | None


def told(rule: Rule, asked: Sequence[Asked], *, over: bool) -> Told:
    """The public's part. While the term runs nothing of what people say, only how many answered.

    A rule that turns from met to not met while it runs would tell, of two addresses, who said what; so the
    outcome is told once, at the end. Then it must be told, also where few addresses let neighbours guess
    (`can_be_guessed`); the numbers of yes and not-yes only where either are several of many.
    """
    found = count(asked)
    splits = (
        over
        and found.asked >= LEAST_ASKED_FOR_SPLIT
        and min(found.yes, found.asked - found.yes) >= LEAST_ON_A_SIDE
    )
    return Told(
        found.asked,
        found.answered if found.asked >= LEAST_ASKED else None,
        found.yes if splits else None,
        state(rule, asked, over=True) if over else None,
    )


def can_be_guessed(rule: Rule, asked: Sequence[Asked]) -> bool:
    """Whether the outcome can tell neighbours what one of few addresses answered: letters say so."""
    found = count(asked)
    few_in_front = rule.front_all and 0 < found.front < LEAST_ASKED
    # All but a few must say yes: a rule that is met tells what nearly everybody said.
    nearly_all = rule.yes_needed > 0 and found.others - rule.yes_needed < LEAST_ON_A_SIDE
    few_may_object = rule.objections_allowed is not None and found.asked < LEAST_ASKED_FOR_SPLIT
    return found.asked < LEAST_ASKED or few_in_front or nearly_all or few_may_object
