"""Forms of pledges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.problems import Problems
from app.votes.adoption.domain import LONGEST_NAME, MOST_MONTHS, Unit, months_of
from app.votes.adoption.service import Pledge
from app.votes.fields import read_day, read_whole


def read_months(form: Mapping[str, str], problems: Problems) -> int:
    """A number of months or years, in months."""
    fields: dict[str, Any] = {"count": form.get("count", ""), "unit": form.get("unit") or Unit.YEARS.value}
    unit = Unit(problems.choice(fields, "unit", tuple(Unit)))
    most = MOST_MONTHS if unit is Unit.MONTHS else MOST_MONTHS // 12
    return months_of(read_whole(fields, "count", 1, most, problems), unit)


def read_pledge(form: Mapping[str, str]) -> Pledge:
    """The form of a pledge. Raises `Invalid` with every problem."""
    problems = Problems()
    fields: dict[str, Any] = {name: form.get(name, "") for name in ("public_name", "starts_on")}
    name = " ".join(problems.text(fields, "public_name", longest=LONGEST_NAME).split())
    starts_on = read_day(fields, "starts_on", problems, required=True)
    months = read_months(form, problems)
    problems.raise_if_any()
    if starts_on is None:
        raise AssertionError("a required day is there")
    return Pledge(starts_on, months, name, form.get("who") == "group")
