"""What a planner fills in for a round, and everything that can be wrong with it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from flask_babel import gettext as _

from app.core.geometry import read_geometry, to_geojson
from app.core.problems import Problems
from app.votes.rounds.domain import (
    COMPLETIONS,
    LARGEST_BUDGET_EUR,
    LARGEST_POINTS,
    MOST_OPTIONS,
    MOST_PAPER_BALLOTS,
    NEEDS_BUDGET,
    RULES,
    Electorate,
    Kind,
    Rule,
)

LONGEST_TITLE = 120
LONGEST_QUESTION = 1_000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round as a planner wants it. `parameters` and `electorate_parameters` as in `models.Round`, amounts
    as text or whole numbers, `area` a GeoJSON polygon (EPSG:4326) as an object or as text."""

    title: str
    question: str
    kind: str
    rule: str
    electorate: str
    opens_at: datetime
    closes_at: datetime
    parameters: dict[str, Any] = field(default_factory=dict)
    electorate_parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """A design that goes into the round in its present version. Without `cost_eur` its own upper estimate;
    another amount needs a `cost_note` that says why.

    `part`: the positions of some of its changes, and then a `title` of its own; empty for the whole design.
    """

    design_id: uuid.UUID
    cost_eur: Decimal | None = None
    cost_note: str = ""
    part: tuple[int, ...] = ()
    title: str = ""


def checked(draft: RoundDraft) -> RoundDraft:
    """The draft in the form in which it is stored.

    Raises `Invalid` with every problem; pointers are names of fields (`/title`, `/parameters/budget_eur` …).
    """
    problems = Problems()
    source = {"title": draft.title, "question": draft.question}
    title = problems.text(source, "title", required=True, longest=LONGEST_TITLE)
    question = problems.text(source, "question", required=True, longest=LONGEST_QUESTION)
    if draft.closes_at <= draft.opens_at:
        problems.add("/closes_at", _("Het sluiten komt na het openen."))
    kind = problems.choice({"kind": draft.kind}, "kind", tuple(Kind))
    rule = problems.choice({"rule": draft.rule}, "rule", tuple(RULES[Kind(kind)]))
    electorate = problems.choice({"electorate": draft.electorate}, "electorate", tuple(Electorate))
    parameters = _parameters(kind, rule, draft.parameters, problems)
    who = _electorate_parameters(electorate, draft.electorate_parameters, problems)
    problems.raise_if_any()
    return RoundDraft(
        title, question, kind, rule, electorate, draft.opens_at, draft.closes_at, parameters, who
    )


def _parameters(kind: str, rule: str, given: dict[str, Any], problems: Problems) -> dict[str, Any]:
    at = "/parameters"
    known = {"budget_eur", "completion", "min_choices", "max_choices", "points", "winners"}
    problems.only(given, known, at=at)
    found: dict[str, Any] = {}
    budget = _budget(given.get("budget_eur"), rule in NEEDS_BUDGET, problems, f"{at}/budget_eur")
    if budget is not None:
        found["budget_eur"] = f"{budget:.2f}"
    if rule == Rule.EQUAL_SHARES:
        found["completion"] = problems.choice(given, "completion", COMPLETIONS, at=at, default=COMPLETIONS[0])
    for name, low, high in (
        ("min_choices", 0, MOST_OPTIONS),
        ("max_choices", 1, MOST_OPTIONS),
        ("winners", 1, MOST_OPTIONS),
        ("points", 1, LARGEST_POINTS),
    ):
        number = _whole(given.get(name), low, high, problems, f"{at}/{name}")
        if number is not None:
            found[name] = number
    if kind == Kind.POINTS and "points" not in found and _blank(given.get("points")):
        problems.add(f"{at}/points", _("Vul in hoeveel punten iedereen verdeelt."))
    if kind != Kind.POINTS:
        found.pop("points", None)
    if rule == Rule.EQUAL_SHARES:
        # What voters can pay for decides how many win.
        found.pop("winners", None)
    if found.get("min_choices", 1) > found.get("max_choices", MOST_OPTIONS):
        problems.add(f"{at}/max_choices", _("Dit is minder dan wie stemt minstens kiest."))
    return found


def _budget(value: Any, needed: bool, problems: Problems, at: str) -> Decimal | None:
    budget = amount(value, problems, at)
    if budget is not None and not 0 < budget <= LARGEST_BUDGET_EUR:
        problems.add(at, _("Het budget is meer dan 0 en hooguit een miljard euro."))
    if needed and _blank(value):
        problems.add(at, _("Vul in hoeveel geld er te verdelen is."))
    return budget


def _electorate_parameters(electorate: str, given: dict[str, Any], problems: Problems) -> dict[str, Any]:
    at = "/electorate_parameters"
    problems.only(given, {"area", "paper_ballots"}, at=at)
    found: dict[str, Any] = {}
    paper = _whole(given.get("paper_ballots"), 0, MOST_PAPER_BALLOTS, problems, f"{at}/paper_ballots")
    if paper:
        found["paper_ballots"] = paper
    if electorate != Electorate.AREA:
        return found
    area = given.get("area")
    if isinstance(area, str):
        try:
            area = orjson.loads(area)
        except orjson.JSONDecodeError:
            area = None
    geometry = read_geometry(area, problems, f"{at}/area", ("Polygon", "MultiPolygon"))
    if geometry is not None:
        # As text: a frozen document holds no fractions, which programs write in different ways.
        found["area"] = json.dumps(to_geojson(geometry), sort_keys=True, separators=(",", ":"))
    return found


def amount(value: Any, problems: Problems, at: str) -> Decimal | None:
    """An amount in euros with at most two decimals, from digits (`core.typed` makes them) or a number."""
    if _blank(value):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)) or len(str(value)) > 20:
        problems.add(at, _("Hier hoort een bedrag in euro’s, zoals 12500 of 99,50."))
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    # Half cents are none, and `12.5000` is a slip of the hand that nobody should guess at.
    exponent = found.as_tuple().exponent
    too_fine = isinstance(value, str) and isinstance(exponent, int) and exponent < -2
    if too_fine or not found.is_finite() or abs(found) >= 10**12 or found != found.quantize(Decimal("0.01")):
        problems.add(at, _("Hier hoort een bedrag in euro’s, zoals 12500 of 99,50."))
        return None
    return found


def _whole(value: Any, low: int, high: int, problems: Problems, at: str) -> int | None:
    if _blank(value):
        return None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        problems.add(at, _("Hier hoort een geheel getal van %(low)d tot %(high)d.", low=low, high=high))
        return None
    return value


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
