# ruff: noqa: E501
"""Query parameters of the public collections: strict, typed, and all problems at once.

Nothing here knows Flask or SQL. Whatever a stranger types ends as a value that PostgreSQL can take, or as a
`Refused` with one problem per parameter.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.api import crs as crs_module
from app.api.crs import CRS84, Crs
from app.api.registry import Collection, Property

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
LONGEST_VALUE = 1_000
_BIGINT = 2**63
_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Fault:
    """One unusable parameter and the key of the sentence that says so (`app.api.wording`)."""

    parameter: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The query string cannot be used; `faults` lists everything wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(", ".join(f"{fault.parameter}: {fault.reason}" for fault in self.faults))


class _Bad(ValueError):
    """A value that is refused, with the key of the reason."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed time interval; None is open. An instant has equal ends."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """A checked request for items. `bbox` is in x/y order of `bbox_crs` (longitude or easting first)."""

    limit: int = DEFAULT_LIMIT
    bbox: Box | None = None
    bbox_crs: Crs = CRS84
    crs: Crs = CRS84
    interval: Interval | None = None
    after: Any = None
    filters: tuple[tuple[Property, tuple[Any, ...]], ...] = ()


def finite(text: str) -> float:
    """A finite number. Raises `_Bad` for anything else: nan, inf, hexadecimal, thousands of digits."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise _Bad("number")
    value = float(text)
    if not math.isfinite(value):
        raise _Bad("number")
    return value


def integer(text: str) -> int:
    """A whole number that fits a bigint."""
    if not re.fullmatch(r"[+-]?\d{1,19}", text) or not -_BIGINT <= int(text) < _BIGINT:
        raise _Bad("integer")
    return int(text)


def limit(text: str) -> int:
    """How many features: at least 1; above `MAX_LIMIT` it means `MAX_LIMIT`, as OGC API Features allows."""
    if not re.fullmatch(r"\+?\d{1,1000}", text):
        raise _Bad("limit")
    digits = text.lstrip("+").lstrip("0")
    if not digits:
        raise _Bad("limit")
    return MAX_LIMIT if len(digits) > 5 else min(int(digits), MAX_LIMIT)


def crs(text: str) -> Crs:
    """One of the supported systems."""
    found = crs_module.find(text)
    if found is None:
        raise _Bad("crs", supported=", ".join(known.uri for known in crs_module.SUPPORTED))
    return found


def bbox(text: str, system: Crs) -> Box:
    """Four or six numbers in the axis order of `system`, as (west, south, east, north), clamped to where it is valid.

    Heights are ignored. In degrees, west may exceed east (across the antimeridian).
    """
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise _Bad("bbox-count")
    numbers = [finite(part) for part in parts]
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if system.latitude_first:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    if south > north or (west > east and system.srid != 4326):
        raise _Bad("bbox-order")
    x_low, y_low, x_high, y_high = system.limits
    return (
        min(max(west, x_low), x_high),
        min(max(south, y_low), y_high),
        min(max(east, x_low), x_high),
        min(max(north, y_low), y_high),
    )


def moment(text: str) -> datetime:
    """An RFC 3339 date and time, with its offset."""
    if not _MOMENT.fullmatch(text):
        raise _Bad("datetime")
    try:
        # Fractions beyond microseconds are dropped: PostgreSQL keeps six digits too.
        trimmed = re.sub(r"(\.\d{6})\d+", r"\1", text.upper().replace(" ", "T"))
        return datetime.fromisoformat(trimmed).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Bad("datetime") from None


def _end(text: str, *, last: bool) -> datetime | None:
    if text in ("", ".."):
        return None
    if _DATE.fullmatch(text):
        start = moment(f"{text}T00:00:00Z")
        return start + timedelta(days=1, microseconds=-1) if last and start.year < 9999 else start
    return moment(text)


def interval(text: str) -> Interval:
    """An instant, a day, or `start/end` where `..` or nothing leaves an end open."""
    parts = text.split("/")
    if len(parts) > 2 or not text or text == "..":
        raise _Bad("datetime")
    found = Interval(_end(parts[0], last=False), _end(parts[-1], last=True))
    if found.start and found.end and found.start > found.end:
        raise _Bad("datetime-order")
    return found


def boolean(text: str) -> bool:
    """`true` or `false`."""
    if text.lower() not in ("true", "false"):
        raise _Bad("boolean")
    return text.lower() == "true"


def identifier(text: str) -> UUID:
    """A UUID in its usual form."""
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise _Bad("uuid")
    return UUID(text)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": integer,
    "number": finite,
    "boolean": boolean,
    "uuid": identifier,
    "date-time": moment,
}


def values_of(prop: Property, text: str) -> tuple[Any, ...]:
    """The value or values of a property filter; a comma separates values of a coded property (`kind=tree,bench`)."""
    parts = text.split(",")[:100] if prop.coded else [text]
    return tuple(_PARSERS[prop.type](part) for part in parts)


def feature_id(collection: Collection, text: str) -> Any:
    """The identifier in the collection's own type, or None where no feature can have it."""
    try:
        return _PARSERS[collection.id_type](text)
    except _Bad:
        return None


def cursor_after(key: Any) -> str:
    """The opaque cursor that continues after this identifier."""
    return base64.urlsafe_b64encode(str(key).encode("ascii")).decode("ascii").rstrip("=")


def cursor(text: str, collection: Collection) -> Any:
    """The identifier in a cursor that we gave out."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        raise _Bad("cursor") from None
    key = feature_id(collection, plain)
    if key is None:
        raise _Bad("cursor")
    return key


def _unreadable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


class _Reader:
    """Takes parameters out of a query string one by one and collects what is wrong."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.given: dict[str, str] = {}
        self.faults: list[Fault] = []
        for name, value in pairs:
            if name in self.given:
                self.refuse(name, "twice")
            elif _unreadable(name) or _unreadable(value):
                self.refuse(name.replace("\x00", ""), "characters")
            elif len(value) > LONGEST_VALUE:
                self.refuse(name, "long")
            else:
                self.given[name] = value

    def refuse(self, name: str, reason: str, **facts: Any) -> None:
        name = name.encode("utf-8", "replace").decode("utf-8")[:100]
        self.faults.append(Fault(name, reason, facts))

    def take(self, name: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        text = self.given.pop(name, None)
        if text is None:
            return default
        try:
            return parse(text)
        except _Bad as bad:
            self.refuse(name, bad.reason, **bad.facts)
            return default

    def finish(self) -> None:
        for name in self.given:
            self.refuse(name, "unknown")
        if self.faults:
            raise Refused(self.faults)


def _filters(reader: _Reader, collection: Collection) -> tuple[tuple[Property, tuple[Any, ...]], ...]:
    found = []
    for prop in collection.properties:
        if prop.name in reader.given:
            values = reader.take(prop.name, lambda text, prop=prop: values_of(prop, text))  # type: ignore[misc]
            if values is not None:
                found.append((prop, values))
    return tuple(found)


def items_query(pairs: Iterable[tuple[str, str]], collection: Collection) -> ItemsQuery:
    """The checked form of an items query string. Raises `Refused`."""
    reader = _Reader(pairs)
    reader.given.pop("f", None)
    bbox_crs = reader.take("bbox-crs", crs, CRS84)
    query = ItemsQuery(
        limit=reader.take("limit", limit, DEFAULT_LIMIT),
        bbox=reader.take("bbox", lambda text: bbox(text, bbox_crs)),
        bbox_crs=bbox_crs,
        crs=reader.take("crs", crs, CRS84),
        interval=reader.take("datetime", interval),
        after=reader.take("cursor", lambda text: cursor(text, collection)),
        filters=_filters(reader, collection),
    )
    reader.finish()
    return query


def item_query(pairs: Iterable[tuple[str, str]]) -> Crs:
    """The answer's CRS for one feature. Raises `Refused`."""
    reader = _Reader(pairs)
    reader.given.pop("f", None)
    system = reader.take("crs", crs, CRS84)
    reader.finish()
    return system


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """A checked request for a whole collection."""

    assignment: str | None = None
    crs: Crs = CRS84


def export_query(pairs: Iterable[tuple[str, str]]) -> ExportQuery:
    """The checked form of an export's query string. Raises `Refused`."""
    reader = _Reader(pairs)
    query = ExportQuery(reader.take("assignment", str), reader.take("crs", crs, CRS84))
    reader.finish()
    return query


def only(pairs: Iterable[tuple[str, str]], *known: str) -> None:
    """Refuse every parameter but `known`, for documents that take none. Raises `Refused`."""
    reader = _Reader(pairs)
    for name in known:
        reader.given.pop(name, None)
    reader.finish()
