"""The stored effects of two designs side by side: which differ, and which no estimate tells apart. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard


class Ratio(StrEnum):
    """How a figure of A stands to that of B."""

    EQUAL = "equal"
    ABOUT_EQUAL = "about_equal"
    A_MORE = "a_more"
    B_MORE = "b_more"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """A stored figure: the value before and after, and the least and most that the latter can be."""

    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """One figure of both designs. `before` is the street as it is, None where the two do not agree on it.

    `by` is how much more B is than A (negative: less), None unless both are known exactly.
    """

    name: str
    unit: str
    before: float | None
    a: Figure | None
    b: Figure | None
    ratio: Ratio
    by: float | None


def compare_effects(
    a_effects: Mapping[str, Any] | None, b_effects: Mapping[str, Any] | None
) -> list[FigureDifference]:
    """The stored effects of two designs beside each other, in A's order. None: the street as it is.

    Ranges that overlap are about equal, whatever their middles are: an estimate cannot tell them apart.
    """
    names = list(a_effects or ()) + [name for name in b_effects or () if name not in (a_effects or ())]
    found = []
    for name in names:
        a_stored, b_stored = ((effects or {}).get(name) for effects in (a_effects, b_effects))
        a, b = _figure(a_stored), _figure(b_stored)
        if a_effects is None and b is not None:
            a = Figure(b.before, b.before, b.before, b.before)
        if b_effects is None and a is not None:
            b = Figure(a.before, a.before, a.before, a.before)
        if a is None and b is None:
            continue
        unit = str((a_stored or b_stored or {}).get("unit") or "")
        found.append(_figures(name, unit, a, b))
    return found


def _figure(stored: Any) -> Figure | None:
    """A figure as `app.designs.effects` keeps it; None for what is no number."""
    if not isinstance(stored, Mapping):
        return None
    before, after = stored.get("before"), stored.get("after")
    if not _is_number(before) or not _is_number(after):
        return None
    low, high = stored.get("low"), stored.get("high")
    low, high = low if _is_number(low) else after, high if _is_number(high) else after
    return Figure(before, after, min(low, high), max(low, high))


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _figures(name: str, unit: str, a: Figure | None, b: Figure | None) -> FigureDifference:
    if a is None or b is None:
        known = a or b
        return FigureDifference(name, unit, known.before if known else None, a, b, Ratio.UNKNOWN, None)
    before = a.before if a.before == b.before else None
    exact = a.low == a.high and b.low == b.high
    if exact and a.low == b.low:
        ratio = Ratio.EQUAL
    elif max(a.low, b.low) <= min(a.high, b.high):
        ratio = Ratio.ABOUT_EQUAL
    else:
        ratio = Ratio.A_MORE if a.low > b.high else Ratio.B_MORE
    return FigureDifference(name, unit, before, a, b, ratio, round(b.low - a.low, 2) if exact else None)
