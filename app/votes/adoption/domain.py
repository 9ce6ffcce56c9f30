"""Who looks after what, for how long. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

LONGEST_NAME = 60
MOST_MONTHS = 120
# A pledge can begin some time after the thing is there.
LATEST_START = timedelta(days=5 * 366)
REMIND_BEFORE = timedelta(days=30)
# In a new version of a design the same thing may stand a little further on.
SAME_WITHIN_M = 2.0

# What neighbours can look after, of what a street has and of the catalogue's groups.
OBJECT_KINDS = frozenset({"tree", "planter", "green", "hedge", "bench", "play"})
GROUPS = frozenset({"green", "water", "play_social"})


class Unit(StrEnum):
    """In what a time is told."""

    MONTHS = "months"
    YEARS = "years"


def months_of(count: int, unit: Unit) -> int:
    """A time in months."""
    return count * 12 if unit is Unit.YEARS else count


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def holds(starts_on: date, ends_on: date, today: date) -> bool:
    """Whether somebody looks after it on a day: from the first day to the one before the last."""
    return starts_on <= today < ends_on


def due(ends_on: date, reminded_for: date | None, today: date) -> bool:
    """Whether it is time to remind: in the last 30 days, once for each end."""
    return today < ends_on <= today + REMIND_BEFORE and reminded_for != ends_on


@dataclass(frozen=True, slots=True)
class Spot:
    """Something of a kind at a place; geometry in metres."""

    kind: str
    geometry: BaseGeometry


def matched(pledged: Sequence[Spot], things: Iterable[Spot]) -> list[int | None]:
    """For each pledged spot the index of the nearest thing of its kind within 2 m; None without one."""
    known = list(things)
    found: list[int | None] = []
    for spot in pledged:
        near = [
            (spot.geometry.distance(thing.geometry), index)
            for index, thing in enumerate(known)
            if thing.kind == spot.kind
        ]
        distance, index = min(near, default=(float("inf"), 0))
        found.append(index if distance <= SAME_WITHIN_M else None)
    return found
