"""The planner's form for an assignment: text in, a checked `Brief` out, every problem at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.core.geometry import from_wkb, read_geometry, to_geojson
from app.core.problems import Problems
from app.projects.models import Assignment
from app.projects.phases import PhaseDraft
from app.projects.service import Brief

LONGEST_TITLE = 120
LONGEST_QUESTION = 2_000
FIELDS = (
    "title",
    "slug",
    "question",
    "neighbourhood",
    "opens_on",
    "closes_on",
    "area",
    "which_kinds",
    "revision",
)


@dataclass(frozen=True, slots=True)
class AssignmentForm:
    """What was typed, and what is wrong with it (by field)."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    brief: Brief | None = None
    kinds: frozenset[str] = frozenset()


def read_form(
    form: Mapping[str, str], zone: ZoneInfo, kinds: Sequence[str] = (), assignment: Assignment | None = None
) -> AssignmentForm:
    """Read the form. Dates are whole days in `zone`; the last day is included.

    `kinds` are the ticked element kinds; they count only where `which_kinds` is "some".
    """
    ticked = frozenset(kinds)
    values = {name: form.get(name, "") for name in FIELDS}
    fields: dict[str, Any] = dict(values)
    problems = Problems()
    title = problems.text(fields, "title", required=True, longest=LONGEST_TITLE)
    question = problems.text(fields, "question", required=True, longest=LONGEST_QUESTION)
    slug = problems.text(fields, "slug", longest=80)
    opens_on = _day(fields, "opens_on", problems, required=True)
    closes_on = _day(fields, "closes_on", problems)
    area = _area(values["area"], problems)
    errors = by_field(problems)
    if errors or opens_on is None or area is None:
        return AssignmentForm(values, errors, kinds=ticked)
    opens_at = datetime.combine(opens_on, time(), zone)
    closes_at = datetime.combine(closes_on + timedelta(days=1), time(), zone) if closes_on else None
    allowed = tuple(sorted(ticked)) if values["which_kinds"] == "some" else None
    phase = PhaseDraft("draw", opens_at, closes_at, assignment.phases[0].id if assignment else None)
    brief = Brief(title, question, area, (phase,), slug, allowed)
    return AssignmentForm(values, {}, brief, ticked)


def filled(assignment: Assignment, zone: ZoneInfo) -> AssignmentForm:
    """The form as it stands for an existing assignment."""
    closes = assignment.closes_at
    area = from_wkb(assignment.area)
    shown = area.geoms[0] if isinstance(area, shapely.MultiPolygon) and len(area.geoms) == 1 else area
    values = {
        "title": assignment.title,
        "slug": assignment.slug,
        "question": assignment.question,
        "neighbourhood": assignment.neighbourhood.slug,
        "opens_on": assignment.opens_at.astimezone(zone).date().isoformat(),
        "closes_on": (closes.astimezone(zone) - timedelta(microseconds=1)).date().isoformat()
        if closes
        else "",
        "area": orjson.dumps(to_geojson(shown)).decode(),
        "which_kinds": "all" if assignment.allowed_kinds is None else "some",
        "revision": str(assignment.revision),
    }
    return AssignmentForm(values, {}, kinds=frozenset(assignment.allowed_kinds or ()))


def by_field(problems: Problems) -> dict[str, str]:
    """The first problem of each field."""
    errors: dict[str, str] = {}
    for problem in problems.found:
        errors.setdefault(problem.pointer.split("/")[1], problem.message)
    return errors


def _day(fields: dict[str, Any], name: str, problems: Problems, *, required: bool = False) -> date | None:
    text = fields[name].strip()
    if not text:
        if required:
            problems.add(f"/{name}", _("Vul een dag in."))
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2200:
        problems.add(f"/{name}", _("Schrijf de dag als 2027-01-31."))
        return None
    return day


def _area(text: str, problems: Problems) -> BaseGeometry | None:
    if not text.strip():
        problems.add("/area", _("Teken het gebied op de kaart."))
        return None
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        problems.add("/area", _("Dit is geen GeoJSON."))
        return None
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    return read_geometry(value, problems, "/area", ("Polygon", "MultiPolygon"))
