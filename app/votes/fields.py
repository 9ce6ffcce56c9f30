"""What forms of polls, pledges and consent have in common: days, numbers, places by name or drawn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.core.geometry import read_geojson
from app.core.problems import Problems
from app.maps.queries import search_places

FIRST_YEAR, LAST_YEAR = 2000, 2200
SHAPES = ("Point", "LineString", "Polygon", "MultiPolygon")


def read_day(fields: dict[str, Any], name: str, problems: Problems, *, required: bool = False) -> date | None:
    """A day such as 2027-01-31; None where there is none or it is wrong."""
    text = str(fields.get(name) or "").strip()
    if not text:
        if required:
            problems.add(f"/{name}", _("Vul een dag in."))
        return None
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        problems.add(f"/{name}", _("Schrijf de dag als 2027-01-31."))
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems.add(f"/{name}", _("Kies een dag van 2000 tot en met 2200."))
        return None
    return day


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in `zone`."""
    return datetime.combine(day, time(), zone)


def after_last_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a last day is over: the first of the next."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def day_in(moment: datetime, zone: ZoneInfo) -> str:
    """The day of a moment, for a date field."""
    return moment.astimezone(zone).date().isoformat()


def last_day_in(moment: datetime, zone: ZoneInfo) -> str:
    """The last whole day before a moment, for a date field."""
    return (moment.astimezone(zone) - timedelta(microseconds=1)).date().isoformat()


def read_whole(
    fields: dict[str, Any], name: str, low: int, high: int, problems: Problems, *, default: int | None = None
) -> int:
    """A whole number from `low` to `high`; `low` after noting what is wrong."""
    text = str(fields.get(name) or "").strip()
    if not text and default is not None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    if not low <= number <= high:
        problems.add(
            f"/{name}", _("Vul een heel getal in van %(low)d tot en met %(high)d.", low=low, high=high)
        )
        return low
    return number


def read_shape(text: str, at: str, problems: Problems) -> BaseGeometry | None:
    """A geometry in EPSG:4326 from GeoJSON text; None where it is empty or wrong."""
    if not text.strip():
        return None
    return read_geojson(text, problems, at, SHAPES)


def read_place(
    text: str, neighbourhood: str, at: str, problems: Problems
) -> tuple[str, shapely.Point | None]:
    """An address or street of the neighbourhood by its name: its label as we know it, and where it is."""
    wanted = " ".join(text.split())
    if not wanted:
        return "", None
    found = search_places(wanted[:100], neighbourhood, 1)
    if found and found[0]["label"].casefold() == wanted.casefold():
        return str(found[0]["label"]), shapely.Point(found[0]["lon"], found[0]["lat"])
    if found:
        problems.add(at, _("Dit adres kennen we niet. Bedoel je “%(label)s”?", label=found[0]["label"]))
    else:
        problems.add(at, _("Dit adres kennen we niet in deze buurt."))
    return wanted, None
