# ruff: noqa: E501
"""SQL text for the public collections: one feature as JSON, one row as CSV, a condition per parameter.

PostgreSQL writes the JSON and Python only joins it: that is what makes an export as fast as `psql` itself.
Statements for `sqlalchemy.text` take named parameters; `COPY` takes none, so there a slug is quoted in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg import sql as pgsql

from app.api.crs import CRS84, Crs
from app.api.parameters import ItemsQuery
from app.api.registry import Collection, Property
from app.designs.catalogue import catalogue

# What makes a spreadsheet take a cell for a formula, also full-width and after blanks.
_FORMULA = r"^[\s\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]*[-=+@|%\u2212\uff1d\uff0b\uff0d\uff20\uff05\uff5c]|^[\t\r\n]"

# PostgreSQL takes a hundred arguments to a function; a member is two of them.
MOST_MEMBERS = 40


@dataclass(frozen=True, slots=True)
class Conditions:
    """The WHERE of a request, and its named parameters."""

    sql: str
    values: dict[str, Any]


def _lookup(name_of: Callable[[Any], str], key: str) -> str:
    """SQL that looks `key` up among our kinds; one probe of a constant instead of forty comparisons."""
    names = {kind.id: name_of(kind) for kind in catalogue().kinds.values() if name_of(kind)}
    table = json.dumps(names, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"({pgsql.quote(table)}::jsonb->>{key})"


def column(prop: Property) -> str:
    """The SQL of a property's value."""
    if prop.sql == "{bgt_type}":
        return _lookup(lambda kind: str(kind.bgt_type), "c.kind")
    if prop.sql == "{imgeo_value}":
        return _lookup(lambda kind: str(kind.imgeo_value), "c.kind")
    return prop.sql


def geojson(geometry: str, system: Crs = CRS84) -> str:
    """A geometry as GeoJSON text in a system, in that system's axis order."""
    return f"ST_AsGeoJSON({in_system(geometry, system)}, {system.decimals}, 0)"


def in_system(geometry: str, system: Crs) -> str:
    """A geometry in a system and its axis order."""
    if system.srid != 4326:
        geometry = f"ST_Transform({geometry}, {system.srid})"
    return f"ST_FlipCoordinates({geometry})" if system.latitude_first else geometry


def _decimal(value: str) -> str:
    """A number as JSON text, always with a fraction or an exponent: 3 is written 3.0.

    QGIS and GDAL type a column by its first rows. After ten times 3 it would hold whole numbers only, and QGIS
    shows a later 2.5 as NULL.
    """
    number = f"({value})::float8"
    return f"CASE WHEN {number} = trunc({number}) AND abs({number}) < 1e15 THEN {number}::text || '.0' ELSE {number}::text END"


def _json(prop: Property) -> str:
    """A property's value as JSON text. uuids and coded words hold nothing that JSON escapes."""
    value = column(prop)
    if prop.type == "uuid" or prop.coded:
        value = f"'\"' || ({value})::text || '\"'"
    elif prop.type == "number":
        value = _decimal(value)
    elif prop.type == "integer":
        value = f"({value})::text"
    else:
        value = f"to_json({value})::text"
    return f"coalesce({value}, 'null')" if prop.nullable else value


def feature(collection: Collection, system: Crs = CRS84) -> str:
    """One Feature as JSON text, concatenated: a third less time than `json_build_object`."""
    separators = ["'", *["',"] * (len(collection.properties) - 1)]
    members = [
        f'{separator}"{prop.name}":\', {_json(prop)}'
        for separator, prop in zip(separators, collection.properties, strict=True)
    ]
    if len(members) > MOST_MEMBERS:
        chunks = (members[at : at + MOST_MEMBERS] for at in range(0, len(members), MOST_MEMBERS))
        members = [f"concat({', '.join(chunk)})" for chunk in chunks]
    return (
        f'concat(\'{{"type":"Feature","id":\', {_json(collection.id)}, \',"geometry":\','
        f" coalesce({geojson(collection.geometry, system)}, 'null'), ',\"properties\":{{', {', '.join(members)}, '}}}}')"
    )


def _box(query: ItemsQuery, values: dict[str, Any]) -> str:
    """The bounding box as an EPSG:4326 polygon. The literal is transformed, never the indexed column.

    Its edges are cut in pieces first, since a straight edge in one projection is curved in another.
    """
    assert query.bbox is not None  # noqa: S101 - for mypy
    west, south, east, north = query.bbox
    values |= {"west": west, "south": south, "east": east, "north": north}
    srid = query.bbox_crs.srid
    if srid == 4326 and west > east:
        return "ST_Collect(ST_MakeEnvelope(:west, :south, 180, :north, 4326), ST_MakeEnvelope(-180, :south, :east, :north, 4326))"
    envelope = f"ST_MakeEnvelope(:west, :south, :east, :north, {srid})"
    if srid == 4326:
        return envelope
    piece = max(east - west, north - south, 1.0) / 16
    values["piece"] = piece
    return f"ST_Transform(ST_Segmentize({envelope}, :piece), 4326)"


def conditions(collection: Collection, query: ItemsQuery) -> Conditions:
    """What a request asks for, apart from its page."""
    where, values = [f"({collection.where})"], dict[str, Any]()
    for number, (prop, wanted) in enumerate(query.filters):
        name = f"p{number}"
        values[name] = wanted[0] if len(wanted) == 1 else list(wanted)
        where.append(f"({column(prop)}) = " + (f":{name}" if len(wanted) == 1 else f"ANY(:{name})"))
    if query.bbox is not None:
        where.append("(" + collection.bbox_test.replace("{box}", _box(query, values)) + ")")
    if query.interval is not None and collection.begins and collection.ends:
        if query.interval.end is not None:
            where.append(f"{collection.begins} <= :interval_end")
            values["interval_end"] = query.interval.end
        if query.interval.start is not None:
            where.append(f"{collection.ends} >= :interval_start")
            values["interval_start"] = query.interval.start
    return Conditions(" AND ".join(where), values)


def rows(collection: Collection, assignment: str | None, joined: str = "") -> str:
    """The FROM and WHERE of a whole export, without parameters."""
    where = f"({collection.where})"
    if assignment is not None:
        where += " AND " + collection.within_assignment.replace(":assignment", pgsql.quote(assignment))
    return f"FROM {collection.source}{joined} WHERE {where}"


def copy_geojson(collection: Collection, assignment: str | None) -> str:
    """`COPY` of every feature as a line of JSON; as CSV with delimiters that JSON cannot hold, so nothing is escaped."""
    return (
        f"COPY (SELECT {feature(collection)} {rows(collection, assignment)})"
        " TO STDOUT WITH (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')"
    )


def _cell(prop: Property) -> str:
    value = column(prop)
    if prop.type == "date-time":
        value = f"to_json({value})#>>'{{}}'"
    elif prop.type == "string" and not prop.coded:
        value = f"CASE WHEN ({value}) ~ {pgsql.quote(_FORMULA)} THEN '''' || ({value}) ELSE ({value}) END"
    return f"{value} AS {prop.name}"


def copy_csv(collection: Collection, assignment: str | None) -> str:
    """`COPY` of the properties, a point on the geometry and its WKT in EPSG:4326; no text starts a formula."""
    joined = f" CROSS JOIN LATERAL (SELECT {collection.geometry} AS g) shape"
    point = "ST_PointOnSurface(shape.g)"
    return (
        f"COPY (SELECT {', '.join(_cell(prop) for prop in collection.properties)},"
        f" round(ST_X({point})::numeric, 8) AS lon, round(ST_Y({point})::numeric, 8) AS lat, ST_AsText(shape.g, 8) AS wkt"
        f" {rows(collection, assignment, joined)}) TO STDOUT WITH (FORMAT csv, HEADER)"
    )


def table(collection: Collection, assignment: str | None, system: Crs) -> str:
    """All rows as the properties' values and the geometry as WKB, for files that GDAL or Arrow write."""
    columns = ", ".join(f"{_typed(prop)} AS {prop.name}" for prop in collection.properties)
    geometry = (
        collection.geometry if system.srid == 4326 else f"ST_Transform({collection.geometry}, {system.srid})"
    )
    return f"SELECT {columns}, ST_AsBinary({geometry}) AS geometry {rows(collection, assignment)}"


def _typed(prop: Property) -> str:
    return f"({column(prop)})::text" if prop.type == "uuid" else f"({column(prop)})"
