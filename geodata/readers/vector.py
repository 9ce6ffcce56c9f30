"""Any GeoJSON or GeoPackage, with a mapping that says which column holds what.

The mapping goes from our field to a column's name, or to `=text` for a constant. Fields: `kind` (one of
`geodata.kinds.KINDS`, or `address` for places to search), `id`, `name`, the numbers `height_m`,
`clear_height_m` (of the lowest branch or part above the ground), `capacity`, `parked` (cars counted) and
`maxspeed` (km/h), the texts `type` and `counted_on` (2026-11-30), the yes or no `disabled` (a bay for
disabled people); for addresses `street`, `house_number`, `house_letter`, `addition`, `postcode`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from shapely.errors import ShapelyError
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry

from geodata.crs import WGS84, known, reproject
from geodata.errors import UnreadableSource
from geodata.gate import Format
from geodata.kinds import KINDS
from geodata.model import Place, Progress, ReadResult, Value
from geodata.readers import tables
from geodata.readers.collect import Collector

NUMBER_FIELDS = ("height_m", "clear_height_m", "capacity", "parked", "maxspeed")
WHOLE_NUMBERS = frozenset({"capacity", "parked"})
OBJECT_FIELDS = ("kind", "id", "name", "type", "counted_on", "disabled", *NUMBER_FIELDS)
YES = frozenset({"yes", "ja", "true", "1", "j", "y"})
NO = frozenset({"no", "nee", "false", "0", "n"})
ADDRESS_FIELDS = ("street", "house_number", "house_letter", "addition", "postcode")
ADDRESS = "address"
MAX_NESTING = 10

_CRS_NAME = re.compile(r"EPSG:+(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)

Item = tuple[str, dict[str, object], BaseGeometry | None, bool, int | None]


def read(
    path: Path,
    form: Format,
    *,
    mapping: Mapping[str, str] | None,
    srid: int | None = None,
    boundary: BaseGeometry | None = None,
    progress: Progress | None = None,
) -> ReadResult:
    """Read one plain file. `srid` is the EPSG code of its coordinates where the file does not say."""
    fields = _checked(mapping, path)
    if srid is not None:
        known(srid)
    result = ReadResult(f"file:{tables.simple(path.stem)}", path.name, form)
    reader = _Vector(Collector(result, boundary), fields)
    items = _geojson(path) if form == "json" else _geopackage(path, form)
    columns: set[str] = set()
    for done, (layer, values, geometry, damaged, found) in enumerate(items, 1):
        columns.update(values)
        from_srid = srid or found
        if from_srid is None:
            raise UnreadableSource("no_crs", file=path.name)
        reader.take(layer, done, values, geometry, damaged, from_srid)
        if progress and done % 500 == 0:
            progress(layer, done, None)
    reader.finish()
    _check_columns(fields, columns, path)
    return result


def _checked(mapping: Mapping[str, str] | None, path: Path) -> dict[str, str]:
    fields = dict(mapping or {})
    if "kind" not in fields:
        raise UnreadableSource("no_mapping", file=path.name)
    for field, column in fields.items():
        if field not in OBJECT_FIELDS + ADDRESS_FIELDS:
            raise UnreadableSource("unknown_field", field=field)
        if not column.startswith("="):
            fields[field] = tables.simple(column)
    constant = fields["kind"].removeprefix("=")
    if fields["kind"].startswith("=") and constant not in KINDS and constant != ADDRESS:
        raise UnreadableSource("unknown_kind", kind=constant)
    return fields


def _check_columns(fields: Mapping[str, str], columns: set[str], path: Path) -> None:
    for column in fields.values():
        if columns and not column.startswith("=") and column not in columns:
            raise UnreadableSource("unknown_column", file=path.name, column=column)


class _Vector:
    """Turns rows into street objects or places."""

    def __init__(self, collect: Collector, fields: Mapping[str, str]) -> None:
        self.collect = collect
        self.fields = fields
        self.streets: dict[str, list[Point]] = {}

    def finish(self) -> None:
        """The streets of an address file: each at the address nearest to the middle of its addresses."""
        source = self.collect.result.source
        for street, points in sorted(self.streets.items()):
            middle = MultiPoint([(point.x, point.y) for point in points]).centroid
            point = min(points, key=middle.distance)
            self.collect.place(Place(source, f"street/{street}", "street", street, street, point))

    def _value(self, field: str, values: Mapping[str, object]) -> str:
        column = self.fields.get(field, "")
        if column.startswith("="):
            return column[1:]
        value = values.get(column)
        return "" if value is None else str(value).strip()

    def take(
        self,
        layer: str,
        number: int,
        values: dict[str, object],
        geometry: BaseGeometry | None,
        damaged: bool,
        srid: int,
    ) -> None:
        """One feature; `number` is its place in the file, used as its id where the mapping names none."""
        self.collect.result.counts[layer] += 1
        if damaged:
            return self.collect.skip("invalid_geometry")
        placed = None if geometry is None else reproject(geometry, srid, WGS84)
        source_id = self._value("id", values) or f"{layer}/{number}"
        kind = self._value("kind", values)
        if kind == ADDRESS:
            return self._address(source_id, values, placed)
        self.collect.add(
            kind if kind in KINDS else None,
            source_id,
            placed,
            name=self._value("name", values) or None,
            attributes={**self._numbers(values), **self._words(values)},
        )
        return None

    def _numbers(self, values: Mapping[str, object]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for field in NUMBER_FIELDS:
            try:
                number = float(self._value(field, values).replace(",", "."))
            except ValueError:
                continue
            if math.isfinite(number) and number >= 0:
                found[field] = int(number) if field in WHOLE_NUMBERS else number
        return found

    def _words(self, values: Mapping[str, object]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if kind := self._value("type", values):
            found["type"] = kind[:200]
        with suppress(ValueError):  # Without a day a count is still a count.
            found["counted_on"] = date.fromisoformat(self._value("counted_on", values)[:10]).isoformat()
        answer = self._value("disabled", values).lower()
        if answer in YES or answer in NO:
            found["disabled"] = answer in YES
        return found

    def _address(self, source_id: str, values: Mapping[str, object], geometry: BaseGeometry | None) -> None:
        street = self._value("street", values)
        if not street:
            return self.collect.skip("no_street")
        if geometry is None or geometry.is_empty or not all(map(math.isfinite, geometry.bounds)):
            return self.collect.skip("no_geometry")
        house = self._value("house_number", values) + self._value("house_letter", values)
        addition = self._value("addition", values)
        number = f"{house}-{addition}" if house and addition else house
        label = f"{street} {number}".strip()
        point = geometry if isinstance(geometry, Point) else geometry.representative_point()
        postcode = self._value("postcode", values) or None
        place = Place(
            self.collect.result.source, source_id, "address", label, street, point, number or None, postcode
        )
        if self.collect.place(place):
            self.streets.setdefault(street, []).append(point)
        return None


# --- Files -----------------------------------------------------------------------------------------------


def _geopackage(path: Path, form: Format) -> Iterator[Item]:
    for layer in tables.layers(path, form):
        for row in tables.rows(path, layer):
            yield layer.table, row.values, row.geometry, row.damaged, layer.srid


def load_json(path: Path) -> dict[str, object]:
    """A GeoJSON document, strictly: UTF-8, finite numbers, not nested deeper than GeoJSON can be."""
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError as error:
        raise UnreadableSource("damaged", file=path.name) from error
    except json.JSONDecodeError as error:
        whole = error.pos < len(error.doc.rstrip())
        raise UnreadableSource("damaged" if whole else "truncated", file=path.name) from error
    except ValueError as error:
        raise UnreadableSource("damaged", file=path.name) from error
    if not isinstance(document, dict):
        raise UnreadableSource("not_geojson", file=path.name)
    return document


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _geojson(path: Path) -> Iterator[Item]:
    document = load_json(path)
    features = [document] if document.get("type") == "Feature" else document.get("features")
    if document.get("type") not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise UnreadableSource("not_geojson", file=path.name)
    srid = _old_crs(document) or WGS84
    for feature in features:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise UnreadableSource("not_geojson", file=path.name)
        properties = feature.get("properties")
        values = {
            tables.simple(key): value
            for key, value in (properties if isinstance(properties, dict) else {}).items()
        }
        if feature.get("id") is not None:
            values.setdefault("id", feature["id"])
        geometry, damaged = geojson_geometry(feature.get("geometry"))
        yield tables.simple(path.stem), values, geometry, damaged, srid


def _old_crs(document: Mapping[str, object]) -> int | None:
    """The `crs` member that GeoJSON had before RFC 7946 and that national data still uses."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    found = _CRS_NAME.search(str(properties.get("name"))) if isinstance(properties, dict) else None
    return int(found.group(1)) if found else None


def geojson_geometry(value: object) -> tuple[BaseGeometry | None, bool]:
    """A shapely geometry, and whether something was there that is not one."""
    if value is None:
        return None, False
    if not isinstance(value, dict) or not _numbers_only(value.get("coordinates"), 0):
        return None, True
    try:
        return shape(value), False
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None, True


def _numbers_only(value: object, depth: int) -> bool:
    """Lists of finite numbers, nested at most as deep as a MultiPolygon is."""
    if isinstance(value, list):
        return depth < MAX_NESTING and all(_numbers_only(item, depth + 1) for item in value)
    # No coordinate is larger than this in any system, and a larger whole number does not fit in a float.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -1e12 < value < 1e12
