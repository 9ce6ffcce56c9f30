"""The planner's form for an assignment: text in, a checked `Brief` out, every problem at its field."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import shapely
from flask_babel import gettext as _
from geoalchemy2 import WKBElement
from shapely.geometry.base import BaseGeometry

from app.core.geometry import from_wkb, read_geojson, to_geojson
from app.core.problems import Problems
from app.core.typed import amount_typed
from app.errors import Problem
from app.projects import starters
from app.projects.local_time import NeverThatNight, NotAMoment, TwiceThatNight, moment_of, written
from app.projects.models import Assignment
from app.projects.phase_types import degree_words
from app.projects.phases import MOST_PHASES, Degree, PhaseDraft
from app.projects.service import MOST_ZONES, TEXTS, Brief, note_what_is_wrong
from app.projects.zones import KINDS, ZoneDraft

LONGEST_TITLE = 120
LONGEST_TEXT = 2_000
LONGEST_REASON = 500
LIMITS = ("budget_eur", "min_parking_bays", "min_clear_width_m")
METRES = ("min_clear_width_m",)
FIELDS = (
    "title",
    "slug",
    "question",
    "neighbourhood",
    "area",
    "degree",
    *TEXTS,
    *LIMITS,
    "which_kinds",
    "reason",
    "revision",
)
PHASE_FIELDS = ("id", "type", "starts_at", "ends_at")
ZONE_FIELDS = ("kind", "reason", "geometry")
NEW_PHASE = {"id": "", "type": "draw", "starts_at": "", "ends_at": ""}
NEW_ZONE = {"kind": "fixed", "reason": "", "geometry": ""}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AssignmentForm:
    """What was typed, and what is wrong with it (by field; `phases-0-starts_at` is in a row)."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    brief: Brief | None = None
    kinds: frozenset[str] = frozenset()
    phases: Sequence[Row] = ()
    zones: Sequence[Row] = ()
    # The row that was just added, to go on typing in.
    fresh: str = ""


@dataclass
class _Reading:
    """The form being read: what was typed, and the problems so far."""

    form: Mapping[str, str]
    zone: ZoneInfo
    assignment: Assignment | None
    problems: Problems = field(default_factory=Problems)


def typed(form: Mapping[str, str], kinds: Sequence[str] = ()) -> AssignmentForm:
    """What was typed, unread: all values and rows as text."""
    return AssignmentForm(
        {name: form.get(name, "") for name in FIELDS},
        {},
        kinds=frozenset(kinds),
        phases=_rows(form, "phases", PHASE_FIELDS, MOST_PHASES),
        zones=_rows(form, "zones", ZONE_FIELDS, MOST_ZONES),
    )


def with_rows(form: AssignmentForm, act: str) -> AssignmentForm:
    """The form with a row more or less: `add-phase`, `add-zone`, `remove-phase-2`, `remove-zone-0`."""
    verb, _dash, rest = act.partition("-")
    what, _dash, number = rest.partition("-")
    name, blank = {"phase": ("phases", NEW_PHASE), "zone": ("zones", NEW_ZONE)}.get(what, ("", {}))
    if not name:
        return form
    rows = list(getattr(form, name))
    fresh = ""
    if verb == "add":
        rows.append(blank if what == "zone" or not rows else {**blank, "starts_at": rows[-1]["ends_at"]})
        fresh = f"{name}-{len(rows) - 1}"
    elif verb == "remove" and number in map(str, range(len(rows))):
        del rows[int(number)]
    return (
        replace(form, fresh=fresh, phases=rows) if what == "phase" else replace(form, fresh=fresh, zones=rows)
    )


def read_form(
    form: Mapping[str, str],
    zone: ZoneInfo,
    kinds: Sequence[str] = (),
    assignment: Assignment | None = None,
) -> AssignmentForm:
    """Read the form. Times are those of clocks in `zone`; `assignment` is the one that is changed.

    `kinds` are the ticked element kinds; they count only where `which_kinds` is "some".
    """
    told = typed(form, kinds)
    fields: dict[str, Any] = dict(told.values)
    reading = _Reading(form, zone, assignment)
    problems = reading.problems
    title = problems.text(fields, "title", required=True, longest=LONGEST_TITLE)
    question = problems.text(fields, "question", required=True, longest=LONGEST_TEXT)
    slug = problems.text(fields, "slug", longest=80)
    degree = problems.choice(fields, "degree", tuple(Degree)) if fields["degree"] else Degree.ADVISE
    texts = {name: problems.text(fields, name, longest=LONGEST_TEXT) for name in TEXTS}
    problems.text(fields, "reason", longest=LONGEST_REASON)
    budget, bays, width = (_number(fields, name, problems) for name in LIMITS)
    if bays is not None and bays != round(bays):
        problems.add("/min_parking_bays", _("Vul een heel getal in."))
    area = _area(told.values["area"], problems, "/area", _("Teken het gebied op de kaart."))
    phases = _phases(told.phases, reading)
    zones = _zones(told.zones, problems)
    allowed = tuple(sorted(told.kinds)) if told.values["which_kinds"] == "some" else None
    if problems.found or area is None:
        # All at once: nobody should correct a form twice.
        note_what_is_wrong(
            dict(zip(LIMITS, (budget, bays, width), strict=True)),
            phases if len(phases) == len(told.phases) else None,
            slug if assignment is None else "",
            problems,
        )
        return replace(told, errors=by_field(problems.found))
    brief = Brief(
        title=title,
        question=question,
        area=area,
        phases=tuple(phases),
        slug=slug,
        allowed_kinds=allowed,
        degree=Degree(degree),
        **texts,
        budget_eur=budget,
        min_parking_bays=None if bays is None else round(bays),
        min_clear_width_m=width,
        zones=tuple(zones),
    )
    return replace(told, brief=brief)


def blank(neighbourhood: str, now: datetime, zone: ZoneInfo, wanted: str = "") -> AssignmentForm:
    """An empty form, or one filled in for a common case."""
    case = starters.starter(wanted)
    values = {"neighbourhood": neighbourhood, "degree": Degree.ADVISE.value}
    weeks: Sequence[tuple[str, int]] = (("draw", 6),)
    if case is not None:
        values |= starters.values_of(case)
        weeks = case.weeks
    rows = starters.phase_rows(weeks, now, zone)
    return AssignmentForm(values, {}, kinds=frozenset(case.kinds if case else ()), phases=rows)


def filled(assignment: Assignment, zone: ZoneInfo) -> AssignmentForm:
    """The form as it stands for an existing assignment."""
    values = {
        "title": assignment.title,
        "slug": assignment.slug,
        "question": assignment.question,
        "neighbourhood": assignment.neighbourhood.slug,
        "area": _as_text(assignment.area),
        "degree": assignment.degree,
        **{name: getattr(assignment, name) for name in TEXTS},
        **{name: _plain(getattr(assignment, name)) for name in LIMITS},
        "which_kinds": "all" if assignment.allowed_kinds is None else "some",
        "revision": str(assignment.revision),
    }
    return AssignmentForm(
        values,
        {},
        kinds=frozenset(assignment.allowed_kinds or ()),
        phases=[
            {
                "id": str(phase.id),
                "type": phase.type,
                "starts_at": written(phase.starts_at, zone),
                "ends_at": written(phase.ends_at, zone) if phase.ends_at else "",
            }
            for phase in sorted(assignment.phases, key=lambda one: (one.starts_at, one.type))
        ],
        zones=[
            {"kind": one.kind, "reason": one.reason, "geometry": _as_text(one.geom)}
            for one in assignment.zones
        ],
    )


def theirs(typed: AssignmentForm, stored: AssignmentForm) -> dict[str, str]:
    """What a colleague stored, by field, where that is something else than what was typed."""
    found = {}
    for name in FIELDS:
        mine, kept = (" ".join(form.values.get(name, "").split()) for form in (typed, stored))
        if name in LIMITS:
            mine = _plain(_number(dict(typed.values), name, Problems())) or mine
        if mine == kept or name in ("slug", "neighbourhood", "revision", "reason", "area", "which_kinds"):
            continue
        if name == "degree" and kept in tuple(Degree):
            kept = str(degree_words(Degree(kept))[0])
        found[name] = _("Nu is bewaard: %(text)s", text=kept) if kept else _("Nu is dit leeg.")
    if _shape(typed.values["area"]) != _shape(stored.values["area"]):
        found["area"] = _("Nu is een ander gebied bewaard.")
    for name, fields, sentence in (
        ("zones", ZONE_FIELDS, _("Nu zijn andere zones bewaard.")),
        ("phases", ("type", "starts_at", "ends_at"), _("Nu zijn andere fasen bewaard.")),
    ):
        rows = [[_told(rows, fields) for rows in getattr(form, name)] for form in (typed, stored)]
        if rows[0] != rows[1]:
            found[name] = sentence
    chosen = [form.kinds if form.values.get("which_kinds") == "some" else None for form in (typed, stored)]
    if chosen[0] != chosen[1]:
        found["kinds"] = _("Nu is een andere keuze bewaard.")
    return found


def _told(row: Row, fields: Sequence[str]) -> list[Any]:
    """What a row says, apart from how it is written."""
    return [_shape(row[name]) if name == "geometry" else row[name].strip() for name in fields]


def _shape(text: str) -> Any:
    """GeoJSON text as a geometry, so that blanks in it are no difference; other text as it is."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text.strip()
    return value.get("geometry", value) if isinstance(value, dict) else value


def by_field(problems: Sequence[Problem]) -> dict[str, str]:
    """The first problem of each field."""
    errors: dict[str, str] = {}
    for problem in problems:
        parts = problem.pointer.strip("/").split("/")
        name = "-".join(parts[:3]) if parts[0] in ("phases", "zones") else parts[0]
        errors.setdefault(name, problem.message)
    return errors


def _rows(form: Mapping[str, str], name: str, fields: Sequence[str], most: int) -> list[dict[str, str]]:
    """The rows of a list, in order; one more than there may be, so that too many is told."""
    found = []
    for index in range(most + 1):
        row = {one: form.get(f"{name}-{index}-{one}") for one in fields}
        if any(value is not None for value in row.values()):
            found.append({one: value or "" for one, value in row.items()})
    return found


def _phases(rows: Sequence[Row], reading: _Reading) -> list[PhaseDraft]:
    known = {str(phase.id): phase for phase in reading.assignment.phases} if reading.assignment else {}
    found = []
    for index, row in enumerate(rows):
        old = known.get(row["id"])
        at = f"/phases/{index}"
        starts_at = _moment(row["starts_at"], old.starts_at if old else None, reading, f"{at}/starts_at")
        ends_at = None
        if row["ends_at"].strip():
            ends_at = _moment(row["ends_at"], old.ends_at if old else None, reading, f"{at}/ends_at")
        if starts_at is not None:
            found.append(PhaseDraft(row["type"], starts_at, ends_at, _uuid(row["id"])))
    return found


def _moment(text: str, old: datetime | None, reading: _Reading, at: str) -> datetime | None:
    """The moment that was typed; a field that was left alone keeps its moment, to the microsecond."""
    text = text.strip()
    if old is not None and text[:16] == written(old, reading.zone):
        return old
    try:
        return moment_of(text, reading.zone)
    except NeverThatNight:
        message = _("Die nacht slaat de klok deze tijd over. Kies een uur eerder of later.")
    except TwiceThatNight:
        message = _("Die nacht komt deze tijd twee keer voor. Kies een tijd ervoor of erna.")
    except NotAMoment:
        message = _("Vul een dag en een tijd in.")
    reading.problems.add(at, message)
    return None


def _uuid(text: str) -> UUID | None:
    """An id of a phase; a text that is none stands for one that is not there."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _zones(rows: Sequence[Row], problems: Problems) -> list[ZoneDraft]:
    found = []
    for index, row in enumerate(rows):
        at = f"/zones/{index}"
        reason = problems.text(dict(row), "reason", at=at, required=True, longest=LONGEST_REASON)
        kind = problems.choice(dict(row), "kind", KINDS, at=at)
        geometry = _area(row["geometry"], problems, f"{at}/geometry", _("Teken de zone op de kaart."))
        if geometry is not None:
            found.append(ZoneDraft(kind, geometry, reason))
    return found


def _number(fields: Mapping[str, str], name: str, problems: Problems) -> float | None:
    """A number as a field sends it, or as people write it (`250.000`, `1,80`); None for an empty field."""
    typed_text = fields[name].strip()
    text = (typed_text if name in METRES else amount_typed(typed_text)).replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or len(text) > 20:
        problems.add(f"/{name}", _("Vul een getal in, of laat dit leeg."))
        return None
    return value


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if value < 1e5 else f"{value:.0f}"


def _as_text(area: WKBElement) -> str:
    geometry = from_wkb(area)
    if isinstance(geometry, shapely.MultiPolygon) and len(geometry.geoms) == 1:
        geometry = geometry.geoms[0]
    return orjson.dumps(to_geojson(geometry)).decode()


def _area(text: str, problems: Problems, at: str, missing: str) -> BaseGeometry | None:
    if not text.strip():
        problems.add(at, missing)
        return None
    return read_geojson(text, problems, at, ("Polygon", "MultiPolygon"))
