"""What a poll is, when it is open, and what of its answers can be told. Pure.

Nobody's answer may be read from the results of a poll about a small place, so results are told from
`LEAST_ANSWERS` answers on, and groups of people that are smaller are put together with others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Fewer answers than this are not shown; a group of fewer people is not shown by itself.
LEAST_ANSWERS = 5
FEWEST_CHOICES, MOST_CHOICES = 2, 12
SCALE = (1, 2, 3, 4, 5)
LONGEST_QUESTION, LONGEST_ABOUT, LONGEST_CHOICE, LONGEST_WORDS = 300, 1_500, 120, 60


class Kind(StrEnum):
    """How somebody answers."""

    ONE = "one"
    SEVERAL = "several"
    SCALE = "scale"


class Relation(StrEnum):
    """What somebody has to do with the place, in their own words: from nearest to farthest."""

    HERE = "here"
    NEAR = "near"
    OFTEN = "often"
    OTHER = "other"


class Status(StrEnum):
    """Where a poll stands."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: `starts_at <= now < ends_at`; without an end it goes on."""

    starts_at: datetime
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


def status(own: Window, ended_at: datetime | None, phase: Window | None, now: datetime) -> Status:
    """Where a poll stands at `now`: it is open in its own days and, where it is tied to a phase, in that."""
    if ended_at is not None or (own.ends_at is not None and now >= own.ends_at):
        return Status.CLOSED
    if phase is not None and phase.ends_at is not None and now >= phase.ends_at:
        return Status.CLOSED
    if now < own.starts_at or (phase is not None and now < phase.starts_at):
        return Status.COMING
    return Status.OPEN


def is_answer(kind: Kind, choices: int, most: int, chosen: Sequence[int]) -> bool:
    """Whether numbers of choices (from 1) are an answer: at least one, none twice, no more than `most`."""
    highest = len(SCALE) if kind is Kind.SCALE else choices
    return (
        1 <= len(chosen) <= most
        and len(set(chosen)) == len(chosen)
        and all(1 <= one <= highest for one in chosen)
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer: numbers of choices, and what they have to do with the place if they said so."""

    chosen: tuple[int, ...]
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many people chose this, and which part of all people that is (0 to 1)."""

    number: int
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Group:
    """People with one relation to the place, or with several that are told together (None: did not say)."""

    relations: tuple[Relation | None, ...]
    people: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a poll tells. `bars` and `groups` are empty while there are fewer than `LEAST_ANSWERS` answers."""

    people: int
    bars: tuple[Bar, ...]
    groups: tuple[Group, ...]
    middle: int | None = None

    @property
    def enough(self) -> bool:
        """Whether there is anything to tell but how many answered."""
        return self.people >= LEAST_ANSWERS


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with when its person first gave one, and when they gave this one."""

    answer: Answer
    answered_at: datetime
    changed_at: datetime


def so_far(given: Sequence[Given]) -> list[Answer]:
    """The answers that are told while a poll runs, of all in the order in which people first gave one.

    What is told twice can be subtracted. So answers come five at a time, and the last five or more wait: what
    is told at the end, and at every step, holds at least five that were not told before. Where one that was
    told is changed, nothing is told until the next step: else the change would be all that differs.
    """
    step = len(given) // LEAST_ANSWERS
    told = given[: max(step - 1, 0) * LEAST_ANSWERS]
    if not told:
        return []
    latest_change = max(one.changed_at for one in told)
    answers_then = bisect_right([one.answered_at for one in given], latest_change)
    return [one.answer for one in told] if answers_then // LEAST_ANSWERS < step else []


def results(kind: Kind, choices: int, answers: Iterable[Answer], *, asks_relation: bool = False) -> Results:
    """Count the answers. `middle` of a scale is the lower median: half of the people gave it or less."""
    given = list(answers)
    numbers = list(SCALE) if kind is Kind.SCALE else list(range(1, choices + 1))
    if len(given) < LEAST_ANSWERS:
        return Results(len(given), (), ())
    counts = _counts(numbers, given)
    bars = tuple(
        Bar(number, count, count / len(given)) for number, count in zip(numbers, counts, strict=True)
    )
    middle = sorted(one.chosen[0] for one in given)[(len(given) - 1) // 2] if kind is Kind.SCALE else None
    groups = _groups(numbers, given) if asks_relation else ()
    return Results(len(given), bars, groups, middle)


def _counts(numbers: Sequence[int], answers: Sequence[Answer]) -> tuple[int, ...]:
    return tuple(sum(number in answer.chosen for answer in answers) for number in numbers)


def _groups(numbers: Sequence[int], answers: Sequence[Answer]) -> tuple[Group, ...]:
    """Each relation by itself where enough people have it, the others together.

    What is left over must be large enough too, or it could be found by taking the others from the total: then
    the smallest of the others joins it. One group alone says what the total says, so there is none.
    """
    order: list[Relation | None] = [*Relation, None]
    by = {one: [answer for answer in answers if answer.relation is one] for one in order}
    present = [one for one in order if by[one]]
    alone = [one for one in present if len(by[one]) >= LEAST_ANSWERS]
    together = [one for one in present if len(by[one]) < LEAST_ANSWERS]
    while together and sum(len(by[one]) for one in together) < LEAST_ANSWERS and alone:
        smallest = min(alone, key=lambda one: len(by[one]))
        alone.remove(smallest)
        together.append(smallest)
    parts = [(one,) for one in order if one in alone]
    if together:
        parts.append(tuple(one for one in order if one in together))  # type: ignore[arg-type]
    if len(parts) < 2:
        return ()
    found = []
    for part in parts:
        members = [answer for one in part for answer in by[one]]
        found.append(Group(tuple(part), len(members), _counts(numbers, members)))
    return tuple(found)
