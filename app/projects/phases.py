"""What people may do in an assignment, and when. Pure: types of phases, moments in, rules out.

An assignment has phases. Each is of a registered type, which opens actions:

    phases.register(PhaseType("draw", title, about, frozenset({"designs.draw", "comments.place"})))

An action is open at `now` where a phase that opens it runs: `starts_at <= now < ends_at`; without an end
it runs on. Phases of different types may overlap, and what they open adds up. Two of one type never overlap:
then a date would mean two things. Between phases, before the first and after the last nothing is open.

While an assignment runs, what happened stays what it was: a phase that began keeps its start and its type,
one that ended keeps everything, an end moves to any moment from now on, and what is new starts now or later.
Forms know minutes, so "now" is the minute that runs. Decision 0023 says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

_ID = re.compile(r"[a-z]+(-[a-z]+)*")
_ACTION = re.compile(r"[a-z]+\.[a-z]+")


class Words(Protocol):
    """A text, or one that is translated when it is shown."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PhaseType:
    """A kind of phase: `title` in a few words, `about` in a sentence, and the actions that it opens."""

    id: str
    title: Words
    about: Words
    actions: frozenset[str]


_types: dict[str, PhaseType] = {}
_actions: dict[str, Words] = {}


def register(phase_type: PhaseType) -> None:
    """Make a type of phase known. Raises `ValueError` for an id or action that cannot be, or an id twice."""
    if not _ID.fullmatch(phase_type.id) or not all(map(_ACTION.fullmatch, phase_type.actions)):
        raise ValueError(f"a phase type needs an id like draw and actions like designs.draw: {phase_type}")
    if phase_type.id in _types and _types[phase_type.id] is not phase_type:
        raise ValueError(f"there is a phase type {phase_type.id} already")
    _types[phase_type.id] = phase_type


def name_action(action: str, title: Words) -> None:
    """What people call an action, as the beginning of a sentence: "Ontwerpen tekenen"."""
    _actions[action] = title


def action_title(action: str) -> str:
    """The name of an action; its id where nobody named it."""
    return str(_actions.get(action, action))


def types() -> list[PhaseType]:
    """All types, in the order in which they were registered."""
    return list(_types.values())


def type_of(phase_type: str) -> PhaseType | None:
    """The type with this id."""
    return _types.get(phase_type)


def opening(action: str) -> list[str]:
    """The ids of the types that open an action."""
    return [one.id for one in _types.values() if action in one.actions]


class Degree(StrEnum):
    """How much residents have to say, from least to most."""

    INFORM = "inform"
    CONSULT = "consult"
    ADVISE = "advise"
    CO_PRODUCE = "co-produce"
    DECIDE = "decide"


# Who is consulted says what they think; from advising on people draw and choose. None: every action.
_CAPS: Mapping[Degree, frozenset[str] | None] = {
    Degree.INFORM: frozenset(),
    Degree.CONSULT: frozenset({"comments.place", "polls.answer"}),
    Degree.ADVISE: None,
    Degree.CO_PRODUCE: None,
    Degree.DECIDE: None,
}


def degree_allows(degree: str, action: str) -> bool:
    """Whether residents may ever do this in an assignment of this degree."""
    cap = _CAPS[Degree(degree)]
    return cap is None or action in cap


def degrees_for(action: str) -> list[str]:
    """The degrees in which residents may do this."""
    return [degree.value for degree in Degree if degree_allows(degree, action)]


class Span(Protocol):
    """A phase as far as time goes."""

    @property
    def type(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase as a planner wants it; `id` of the phase that it changes, None for a new one."""

    type: str
    starts_at: datetime
    ends_at: datetime | None = None
    id: UUID | None = None


def has_begun(span: Span, now: datetime) -> bool:
    """From its first moment on."""
    return span.starts_at <= now


def has_ended(span: Span, now: datetime) -> bool:
    """From its end on: the end itself is after it."""
    return span.ends_at is not None and span.ends_at <= now


def runs(span: Span, now: datetime) -> bool:
    """`starts_at <= now < ends_at`."""
    return has_begun(span, now) and not has_ended(span, now)


def open_actions(spans: Iterable[Span], now: datetime) -> frozenset[str]:
    """What is open at a moment. A type that is no longer registered opens nothing."""
    running = [type_of(span.type) for span in spans if runs(span, now)]
    return frozenset().union(*(one.actions for one in running if one is not None))


def whole(spans: Sequence[Span]) -> tuple[datetime, datetime | None]:
    """The first start and the last end (None where one goes on). Raises `ValueError` without phases."""
    ends = [span.ends_at for span in spans]
    return min(span.starts_at for span in spans), None if None in ends else max(end for end in ends if end)


def part_ends(spans: Iterable[Span], degree: str) -> datetime | None:
    """Until when residents can do something, at this degree: the last end of phases that open anything; None
    where one goes on, or none opens anything."""
    ends = [span.ends_at for span in spans if (known := type_of(span.type)) and _lets(known, degree)]
    return None if not ends or None in ends else max(end for end in ends if end)


def _lets(phase_type: PhaseType, degree: str) -> bool:
    return any(degree_allows(degree, action) for action in phase_type.actions)


def next_opening(spans: Iterable[Span], action: str, now: datetime) -> Span | None:
    """The first phase after `now` that opens an action."""
    wanted = set(opening(action))
    coming = [span for span in spans if span.type in wanted and span.starts_at > now]
    return min(coming, key=lambda span: span.starts_at, default=None)


def last_opening(spans: Iterable[Span], action: str, now: datetime) -> Span | None:
    """The last phase that opened an action and is over."""
    wanted = set(opening(action))
    over = [span for span in spans if span.type in wanted and has_ended(span, now)]
    return max(over, key=lambda span: span.ends_at or now, default=None)


class Wrong(StrEnum):
    """Why phases cannot be as somebody wants them."""

    NONE = "none"
    TOO_MANY = "too-many"
    UNKNOWN_TYPE = "unknown-type"
    UNKNOWN_PHASE = "unknown-phase"
    ENDS_BEFORE_START = "ends-before-start"
    OVERLAP = "overlap"
    HAS_ENDED = "has-ended"
    HAS_BEGUN = "has-begun"
    TYPE_FIXED = "type-fixed"
    IN_THE_PAST = "in-the-past"
    CANNOT_GO = "cannot-go"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one field of the phase at `index` (None: with all of them)."""

    index: int | None
    field: str
    wrong: Wrong


MOST_PHASES = 20


def mistakes(drafts: Sequence[PhaseDraft]) -> list[Mistake]:
    """What is wrong with phases by themselves: their number, an unknown type, no length, an overlap."""
    if not drafts:
        return [Mistake(None, "", Wrong.NONE)]
    if len(drafts) > MOST_PHASES:
        return [Mistake(None, "", Wrong.TOO_MANY)]
    found = []
    for index, draft in enumerate(drafts):
        if type_of(draft.type) is None:
            found.append(Mistake(index, "type", Wrong.UNKNOWN_TYPE))
        if draft.ends_at is not None and draft.ends_at <= draft.starts_at:
            found.append(Mistake(index, "ends_at", Wrong.ENDS_BEFORE_START))
        elif any(overlap(draft, other) for other in drafts[:index]):
            found.append(Mistake(index, "starts_at", Wrong.OVERLAP))
    return found


def overlap(one: Span, other: Span) -> bool:
    """Whether two phases of the same type have a moment in common. One may begin where the other ends."""
    if one.type != other.type:
        return False
    return (other.ends_at is None or one.starts_at < other.ends_at) and (
        one.ends_at is None or other.starts_at < one.ends_at
    )


def mistakes_while_running(
    old: Mapping[UUID, Span], drafts: Sequence[PhaseDraft], now: datetime
) -> list[Mistake]:
    """What of a change may not be any more at `now`, when people can already see the phases `old`."""
    minute = now.replace(second=0, microsecond=0)
    found: list[Mistake] = []
    for index, draft in enumerate(drafts):
        if draft.id is None:
            if draft.starts_at < minute:
                found.append(Mistake(index, "starts_at", Wrong.IN_THE_PAST))
        elif draft.id not in old:
            found.append(Mistake(index, "type", Wrong.UNKNOWN_PHASE))
        else:
            found += _of_a_move(index, old[draft.id], draft, now, minute)
    kept = {draft.id for draft in drafts}
    if any(has_begun(span, now) for id_, span in old.items() if id_ not in kept):
        found.append(Mistake(None, "", Wrong.CANNOT_GO))
    return found


def _of_a_move(index: int, old: Span, new: PhaseDraft, now: datetime, minute: datetime) -> list[Mistake]:
    if same(old, new):
        return []
    if has_ended(old, now):
        return [Mistake(index, "ends_at", Wrong.HAS_ENDED)]
    found = []
    if has_begun(old, now):
        if new.type != old.type:
            found.append(Mistake(index, "type", Wrong.TYPE_FIXED))
        if new.starts_at != old.starts_at:
            found.append(Mistake(index, "starts_at", Wrong.HAS_BEGUN))
    elif new.starts_at != old.starts_at and new.starts_at < minute:
        found.append(Mistake(index, "starts_at", Wrong.IN_THE_PAST))
    if new.ends_at is not None and new.ends_at != old.ends_at and new.ends_at < minute:
        found.append(Mistake(index, "ends_at", Wrong.IN_THE_PAST))
    return found


def same(one: Span, other: Span) -> bool:
    """Whether two phases are of one type and time."""
    return (one.type, one.starts_at, one.ends_at) == (other.type, other.starts_at, other.ends_at)
