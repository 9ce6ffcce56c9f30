"""How values read on a page: dates in the municipality's time zone, money as a range, numbers by language."""

from __future__ import annotations

import hashlib
import math
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_babel import format_date, format_datetime, format_decimal, get_timezone, ngettext
from flask_babel import gettext as _

from app.core.clock import now
from app.core.language import current_language

EN_DASH = "–"
NO_BREAK = "\u00a0"


def number(value: float, digits: int = 0) -> str:
    """`1234.5` as `1.235` in Dutch and `1,235` in English; `digits` decimals at most."""
    rounded = round(value, digits)
    return str(format_decimal(int(rounded) if rounded == int(rounded) else rounded))


def fixed(value: float, digits: int = 2) -> str:
    """`1.5` as `1,50` in Dutch and `1.50` in English: always so many decimals, as widths are told."""
    return str(format_decimal(value, "#,##0." + "0" * digits if digits else "#,##0"))


def rough(value: float) -> float:
    """An amount to two or three significant digits: an estimate should not look like an invoice."""
    if abs(value) < 100:
        return float(round(value))
    step = 10 ** max(1, int(math.log10(abs(value))) - 1)
    return float(round(value / step) * step)


def euro(value: float) -> str:
    """Whole euros: `€ 84.000`, in English `€84,000`."""
    gap = NO_BREAK if _is_dutch() else ""
    sign = "-" if value < 0 else ""
    return f"{sign}€{gap}{number(abs(value))}"


def euro_and_cents(value: Decimal) -> str:
    """`€ 84.000` where it is whole, else `€ 7,50`. What is less than a cent is cut off: an amount just
    too small never reads as enough."""
    cents = value.quantize(Decimal("0.01"), ROUND_DOWN)
    if cents == cents.to_integral_value():
        return euro(int(cents))
    return f"{euro(0).removesuffix('0')}{fixed(float(cents))}"


def euro_range(low: float | None, high: float | None) -> str:
    """A cost estimate as a rounded range, or the single amount where both ends are equal."""
    low, high = rough(low or 0), rough(high or 0)
    return euro(low) if low == high else f"{euro(low)} {EN_DASH} {euro(high)}"


def day(value: datetime) -> str:
    """`14 december 2026`, in the municipality's time zone."""
    return str(format_date(value, "d MMMM y"))


def day_only(value: date) -> str:
    """`14 december 2026`, of a date without a time."""
    return str(format_date(value, "d MMMM y"))


def day_and_time(value: datetime) -> str:
    """`14 december 2026, 12:30`, in the municipality's time zone."""
    return str(format_datetime(value, "d MMMM y, HH:mm"))


def last_day(closes_at: datetime) -> str:
    """The last day on which people can still take part: closing at midnight belongs to the day before."""
    return day(closes_at - timedelta(seconds=1))


def moment(value: datetime) -> str:
    """`14 december 2026`, with the time where that is not midnight, in the municipality's time zone."""
    return day(value) if _is_midnight(value) else day_and_time(value)


def last_moment(value: datetime) -> str:
    """The last day of what ends at `value`: midnight belongs to the day before."""
    if not _is_midnight(value):
        return day_and_time(value)
    # By the calendar, not by hours: the night before may have 23 or 25 of them.
    return day_only(value.astimezone(get_timezone()).date() - timedelta(days=1))


def _is_midnight(value: datetime) -> bool:
    local = value.astimezone(get_timezone())
    return (local.hour, local.minute) == (0, 0)


def days_left(closes_at: datetime, at: datetime | None = None) -> str:
    """`nog 22 dagen`, `nog 1 dag`, `vandaag nog`: from `at` (now) to the last day, by the calendar.

    By hours an evening would say "today" of what goes on until tomorrow noon.
    """
    zone = get_timezone()
    last = (closes_at - timedelta(microseconds=1)).astimezone(zone).date()
    left = (last - (at or now()).astimezone(zone).date()).days
    if left < 1:
        return str(_("vandaag nog"))
    return str(ngettext("nog %(num)d dag", "nog %(num)d dagen", left))


def iso(value: datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return value.isoformat(timespec="seconds")


def field_id(pointer: str) -> str:
    """The form field that a JSON pointer means: its first part."""
    return pointer.strip("/").split("/")[0]


def to(path: str) -> str:
    """An address on this site in the language of the present page."""
    root = request.environ.get("SCRIPT_NAME", "")
    return f"{root}{path}" if path != "/" or not root else f"{root}/"


@cache
def _fingerprint(folder: str, name: str) -> str:
    path = Path(folder) / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_file(name: str) -> str:
    """The address of a file in `static/`, the same in every language, with its content's fingerprint."""
    return f"/static/{name}?v={_fingerprint(str(current_app.static_folder), name)}"


def known_actor() -> Any:
    """Who is taking part, where this request knows already: an error page must not ask the database."""
    return request.environ.get("stoepkrijt.actor")


def municipality() -> str:
    """The name in the page header."""
    return str(current_app.config["MUNICIPALITY"])


def _is_dutch() -> bool:
    return current_language() == "nl"


def init_app(app: Flask) -> None:
    """Give templates these filters and helpers."""
    app.add_template_filter(number)
    app.add_template_filter(euro)
    app.add_template_filter(day)
    app.add_template_filter(day_only)
    app.add_template_filter(day_and_time)
    app.add_template_filter(last_day)
    app.add_template_filter(moment)
    app.add_template_filter(last_moment)
    app.add_template_filter(days_left)
    app.add_template_filter(iso)
    app.add_template_filter(field_id)
    app.add_template_test(lambda pointer, name: field_id(pointer) == name, "field")
    app.jinja_env.globals.update(
        to=to,
        static_file=static_file,
        known_actor=known_actor,
        euro_range=euro_range,
        municipality=municipality,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
