"""All figures of a design as its page shows them: by group, each with how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.formatting import euro, euro_range
from app.designs.effect_words import (
    GROUP_NAMES,
    MINUS,
    amount,
    amount_range,
    caveat_text,
    describe,
    step_text,
)
from geodata import metrics
from geodata.metrics import Metric

MONEY = ("EUR", "EUR/year")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a computation; `changes` are places in the design's list, counted from one."""

    text: str
    assumed: bool
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, ready to read. `told` is the figure itself, `by` how it changes ("" where it does not)."""

    key: str
    name: str
    told: str
    by: str
    moments: tuple[tuple[str, str], ...]
    caveat: str
    assumed: bool
    target: str
    source: str
    how: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Figures about the same subject."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure that could not be computed, and which data are missing."""

    name: str
    why: str


def groups_of(effects: Mapping[str, Any], steps: Mapping[str, Any]) -> list[Group]:
    """Every figure that is known, by group, in the order of the table; `steps` by its name."""
    found: dict[str, list[Row]] = {}
    for metric in metrics.load().figures.values():
        figure = effects.get(metric.name)
        if metric.core and figure and _is_known(figure):
            row = _row(metric, {**figure, "how": steps.get(metric.name, [])})
            found.setdefault(metric.group, []).append(row)
    return [Group(str(GROUP_NAMES[name]), tuple(rows)) for name, rows in found.items()]


def unknowns_of(effects: Mapping[str, Any], language: str) -> list[Unknown]:
    """Figures that are not known, each with the data that are missing."""
    return [
        Unknown(metric.title(language), caveat_text(effects[metric.name].get("caveat") or ""))
        for metric in metrics.load().figures.values()
        if metric.core and effects.get(metric.name) and not _is_known(effects[metric.name])
    ]


def _is_known(figure: Mapping[str, Any]) -> bool:
    return figure.get("before") is not None and figure.get("after") is not None


def _row(metric: Metric, figure: Mapping[str, Any]) -> Row:
    described = describe(metric.name, figure)
    keys = (figure.get("caveat") or "").split()
    return Row(
        key=metric.name,
        name=str(described["name"]),
        told=_told(metric, figure),
        by=_by(metric, figure),
        moments=tuple(_moments(metric, figure)),
        caveat=caveat_text(" ".join(key for key in keys if key != "assumption")),
        assumed="assumption" in keys,
        target=_target(metric),
        source=described["source"] or "",
        how=tuple(
            StepRow(
                step_text(step),
                step.get("status") == "U",
                tuple(index + 1 for index in step.get("changes", [])),
            )
            for step in figure.get("how", [])
        ),
    )


def _told(metric: Metric, figure: Mapping[str, Any]) -> str:
    """`12 → 15 plekken`, `€ 1.000 – € 4.000`; of a neighbourhood the change: `+0,02 procentpunt`."""
    before, after = figure["before"], figure["after"]
    low, high = figure.get("low", after), figure.get("high", after)
    if metric.unit == "EUR":
        return euro_range(low, high)
    if metric.measure == "neighbourhood" and low == high == before:
        return str(_("geen verschil"))
    if metric.measure != "state" or figure.get("before_known") is False:
        return _signed_range(low - before, high - before, metric)
    if before == after == low == high:
        return amount(after, metric.unit, metric.digits)
    then = amount_range(low, high, metric.unit, metric.digits)
    return _("%(before)s → %(after)s", before=_bare(before, metric), after=then)


def _bare(value: float, metric: Metric) -> str:
    return amount(value, "" if metric.unit not in MONEY else metric.unit, metric.digits)


def _signed_range(low: float, high: float, metric: Metric) -> str:
    if metric.unit in MONEY:
        ends = sorted((low, high))
        told = euro(ends[0]) if ends[0] == ends[1] else f"{euro(ends[0])} – {euro(ends[1])}"
        return _("%(money)s per jaar", money=told)
    unit = "pp" if metric.unit == "%" else metric.unit
    if low < 0 < high:
        return amount_range(low, high, unit, metric.digits)
    sign = "+" if high > 0 else MINUS if low < 0 else ""
    return f"{sign}{amount_range(abs(low), abs(high), unit, metric.digits)}"


def _by(metric: Metric, figure: Mapping[str, Any]) -> str:
    """What the design changes about it, in words."""
    change = figure["after"] - figure["before"]
    if metric.unit == "EUR":
        typical = figure["after"]
        return _("meestal %(typical)s", typical=euro(typical)) if typical else ""
    if metric.measure == "change" or metric.unit in MONEY or figure.get("before_known") is False:
        return ""
    if metric.measure == "neighbourhood":
        now = amount(figure["before"], metric.unit, metric.digits)
        if round(change, metric.digits) == 0:
            return _("nu %(value)s", value=now)
        then = amount(figure["after"], metric.unit, metric.digits)
        return _("van %(now)s naar %(then)s", now=now, then=then)
    if round(change, metric.digits) == 0:
        return ""
    size = amount(abs(change), "pp" if metric.unit == "%" else metric.unit, metric.digits)
    return _("%(amount)s erbij", amount=size) if change > 0 else _("%(amount)s minder", amount=size)


def _moments(metric: Metric, figure: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same figure at other years or hours: what it is called, and what it is then."""
    found = []
    years_on, hours = dict(figure.get("at") or {}), dict(figure.get("hours") or {})
    # Versions keep the figures they came with, and in the first of them hours stood under the years' name.
    hours |= {key: years_on.pop(key) for key in list(years_on) if "after" in years_on[key]}
    for years, at in years_on.items():
        name = _("na %(n)s jaar", n=years) if years != "0" else _("bij het planten")
        digits = 1 if max(at.values()) < 100 else 0
        found.append((name, amount_range(at["low"], at["high"], metric.unit, digits)))
    for hour, at in hours.items():
        told = _(
            "%(before)s → %(after)s",
            before=_bare(at["before"], metric),
            after=amount(at["after"], metric.unit, metric.digits),
        )
        found.append((_("om %(hour)s uur", hour=hour), told))
    return found


def _target(metric: Metric) -> str:
    """What it is held against, as a guideline."""
    if metric.target is None:
        return ""
    goal = amount(metric.target.value, metric.unit if metric.unit != "pp" else "%", 1)
    if metric.better == "less":
        return _("Richtlijn: hoogstens %(goal)s.", goal=goal)
    return _("Richtlijn: minstens %(goal)s.", goal=goal)
