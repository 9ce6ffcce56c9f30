"""A figure about a design: before and after, what it rests on, and step by step how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from geodata.catalogue import ElementKind, Number, Status
from geodata.metrics import Assumption, Metric

STRENGTH = tuple(Status)
# A step names at most so many objects; `more` says how many are left out.
MOST_NAMED = 100
DIGITS_IN_STEPS = 3


@dataclass(slots=True)
class Step:
    """One line of a computation, translatable: `step` says which sentence, the rest fills it in.

    `what` is an element of the catalogue, a kind of street object or the key of an assumption. `count` times
    `each` is `low` to `high`, where it can be told so; `typical` lies between, of prices. `objects` are
    street objects, `changes` places in the design.
    """

    step: str
    what: str = ""
    unit: str = ""
    low: float = 0
    high: float = 0
    count: float | None = None
    each: float | None = None
    typical: float | None = None
    status: Status = Status.DERIVED
    sources: tuple[str, ...] = ()
    objects: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The step as it is stored and sent: what says nothing is left out."""
        answer: dict[str, Any] = {"step": self.step, "value": _short(self.low)}
        if _short(self.low) != _short(self.high):
            answer["high"] = _short(self.high)
        texts = {"what": self.what, "unit": self.unit, "note": self.note}
        answer.update({name: text for name, text in texts.items() if text})
        for name, value in (("count", self.count), ("each", self.each), ("typical", self.typical)):
            if value is not None:
                answer[name] = _short(value)
        answer["status"] = self.status.value
        if self.sources:
            answer["source"] = list(self.sources)
        if self.changes:
            answer["changes"] = sorted(set(self.changes))
        if self.objects:
            named = sorted(set(self.objects))
            answer["objects"] = named[:MOST_NAMED]
            if len(named) > MOST_NAMED:
                answer["more"] = len(named) - MOST_NAMED
        return answer


def exactly(
    step: str,
    value: float,
    unit: str = "",
    what: str = "",
    *,
    count: float | None = None,
    status: Status = Status.DERIVED,
    objects: Iterable[int | None] = (),
    changes: Iterable[int | None] = (),
    note: str = "",
) -> Step:
    """A step with one value; things that are no street object, or that no change put there, are left out."""
    return Step(
        step,
        what,
        unit,
        value,
        value,
        count=count,
        status=status,
        objects=[one for one in objects if one is not None],
        changes=[one for one in changes if one is not None],
        note=note,
    )


@dataclass(slots=True)
class Figure:
    """One figure. None stands for: not known, and then `caveats` say which data are missing.

    `low` and `high` are the ends of `after` where that is a range. `statuses` are those of all its numbers.
    """

    before: float | None = 0
    after: float | None = 0
    low: float | None = None
    high: float | None = None
    statuses: set[Status] = field(default_factory=set)
    sources: dict[str, None] = field(default_factory=dict)
    caveats: dict[str, None] = field(default_factory=dict)
    how: list[Step] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """The weakest of the statuses of its numbers."""
        return max(self.statuses, key=STRENGTH.index, default=Status.DERIVED)

    @property
    def is_known(self) -> bool:
        """Whether it could be computed."""
        return self.before is not None and self.after is not None

    def warn(self, *keys: str) -> Figure:
        """Add caveats."""
        self.caveats.update(dict.fromkeys(keys))
        return self

    def rest_on(self, status: Status, sources: Iterable[str] = ()) -> Figure:
        """Note what a number behind it rests on."""
        self.statuses.add(status)
        self.sources.update(dict.fromkeys(sources))
        return self

    def tell(self, step: Step) -> Figure:
        """Add a step, and what it rests on."""
        self.how.append(step)
        return self.rest_on(step.status, step.sources)

    def assume(self, *numbers: Assumption) -> Figure:
        """Add numbers from the table of assumptions as steps."""
        for number in numbers:
            self.tell(
                Step(
                    "assumption",
                    number.key,
                    number.unit,
                    number.value,
                    number.value,
                    status=number.status,
                    sources=number.sources,
                )
            )
        return self

    def as_json(self, metric: Metric) -> dict[str, Any]:
        """The figure as it is stored and sent, rounded to what is worth telling."""
        answer: dict[str, Any] = {
            "before": rounded(self.before, metric.digits),
            "after": rounded(self.after, metric.digits),
            "unit": metric.unit,
            "status": self.status.value,
            "measure": metric.measure,
        }
        if self.before is not None and self.after is not None:
            answer["change"] = rounded(answer["after"] - answer["before"], metric.digits)
        low, high = rounded(self.low, metric.digits), rounded(self.high, metric.digits)
        if low is not None and high is not None and low != high:
            answer["low"], answer["high"] = low, high
        caveats = list(self.caveats)
        if self.status is Status.ASSUMED:
            caveats.insert(0, "assumption")
        answer["source"] = list(dict.fromkeys([*self.sources, *metric.sources]) if self.is_known else [])
        if caveats:
            answer["caveat"] = " ".join(caveats)
        answer.update(self.more)
        answer["how"] = [step.as_json() for step in self.how]
        return answer


def missing(*caveats: str) -> Figure:
    """A figure that cannot be computed; the caveats name the data that are missing."""
    return Figure(before=None, after=None).warn(*caveats)


_Key = tuple[str, str, str, Status, float | None]


class Account:
    """Adds up a figure from things: what there is, what comes and what goes, each with its reason.

    The outcome is told by its cautious end: the least that is gained, or the most that is lost.
    """

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._steps: dict[_Key, Step] = {}
        # All parts apart: added up exactly, so that the order of the changes leaves no trace.
        self._parts: dict[_Key, list[tuple[float, float]]] = {}

    def now(
        self,
        what: str,
        value: float,
        *,
        count: float = 1,
        status: Status = Status.DERIVED,
        sources: tuple[str, ...] = (),
        things: Iterable[int | None] = (),
    ) -> None:
        """What is there before the design: `count` of a kind, together `value`."""
        self._book(("now", what, "", status), sources, count, value, value, things, ())

    def add(
        self,
        step: str,
        what: str,
        low: float,
        high: float | None = None,
        *,
        count: float = 1,
        status: Status = Status.DERIVED,
        sources: tuple[str, ...] = (),
        things: Iterable[int | None] = (),
        changes: Iterable[int] = (),
        note: str = "",
    ) -> None:
        """What the design adds (`low` to `high`, negative where it takes away)."""
        high = low if high is None else high
        self._book((step, what, note, status), sources, count, low, high, things, changes)

    def comes_by(self, number: Number, kind: ElementKind, times: float, change: int) -> None:
        """What an element brings by the catalogue's number, `times` its unit."""
        self.add(
            "comes",
            kind.id,
            number.low * times,
            number.high * times,
            count=times,
            status=number.status,
            sources=number.sources,
            changes=[change],
            note=kind.cost.unit,
        )

    def _book(
        self,
        name: tuple[str, str, str, Status],
        sources: tuple[str, ...],
        count: float,
        low: float,
        high: float,
        things: Iterable[int | None],
        changes: Iterable[int],
    ) -> None:
        """Put an amount under its step: those of the same kind with the same value each stand on one line."""
        step, what, note, status = name
        each = low / count if count and low == high else None
        key = (*name, None if each is None else round(each, 6))
        line = self._steps.get(key)
        if line is None:
            line = self._steps[key] = Step(
                step, what, self.unit, count=0, each=each, status=status, sources=sources, note=note
            )
            self._parts[key] = []
        self._parts[key].append((low, high))
        line.count = (line.count or 0) + count
        line.objects += [thing for thing in things if thing is not None]
        line.changes += changes

    def figure(self, *, signed: bool = False) -> Figure:
        """The figure with its steps: what there is, then what goes, then what comes.

        `signed`: it is a burden that may go below nothing, so that the high end is the cautious one.
        """
        for key, parts in self._parts.items():
            line = self._steps[key]
            line.low, line.high = (math.fsum(part[end] for part in parts) for end in (0, 1))
        before = self._total(0, now=True)
        low, high = sorted((self._total(0, now=False), self._total(1, now=False)))
        least = -math.inf if signed else 0.0
        low, high = max(least, before + low), max(least, before + high)
        figure = Figure(before, high if signed else low, low, high)
        order = {"now": 0, "goes": 1, "covered": 1, "comes": 2}
        for line in sorted(
            self._steps.values(), key=lambda one: (order.get(one.step, 3), one.what, one.each or 0)
        ):
            figure.how.append(line)
            if line.step != "now":
                figure.rest_on(line.status, line.sources)
        return figure

    def _total(self, end: int, *, now: bool) -> float:
        return math.fsum(
            part[end] for key, parts in self._parts.items() if (key[0] == "now") is now for part in parts
        )


def rounded(value: float | None, digits: int) -> float | int | None:
    """Rounded half up, whole numbers as integers; what is no number is not known."""
    if value is None or not math.isfinite(value):
        return None
    result = math.floor(value * 10**digits + 0.5 + 1e-9) / 10**digits
    return int(result) if digits == 0 else result + 0.0


def _short(value: float) -> float | int:
    result = round(float(value), DIGITS_IN_STEPS)
    return int(result) if result == int(result) else result
