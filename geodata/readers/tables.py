"""Rows with geometry from SQLite (WKB) and GeoPackage files, without GDAL."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geodata.errors import UnreadableSource
from geodata.gate import Format, open_sqlite, table_names
from geodata.wkb import BadWkb, parse, parse_geopackage


@dataclass(frozen=True, slots=True)
class Layer:
    """One table with a geometry column. `srid` is None when the file does not say."""

    table: str
    column: str
    srid: int | None
    is_geopackage: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Values by column in lower case. `damaged` says that there was a geometry but it could not be read."""

    values: dict[str, object]
    geometry: BaseGeometry | None
    damaged: bool = False


def simple(name: str) -> str:
    """A column or layer name without case and separators: `plus_functieWegdeel` is `plusfunctiewegdeel`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def layers(path: Path, form: Format) -> list[Layer]:
    """The layers of a file that passed the gate."""
    with open_sqlite(path) as connection:
        try:
            found = _geopackage(connection) if form == "geopackage" else _spatial(connection)
        except sqlite3.DatabaseError as error:
            raise UnreadableSource("damaged", file=path.name) from error
        known = table_names(connection, path)
    usable = [layer for layer in found if layer.table in known]
    if not usable:
        raise UnreadableSource("no_layers", file=path.name)
    return usable


def _spatial(connection: sqlite3.Connection) -> list[Layer]:
    rows = connection.execute("SELECT f_table_name, f_geometry_column, srid FROM geometry_columns").fetchall()
    return [Layer(str(table), str(column), _srid(srid), False) for table, column, srid in rows]


def _geopackage(connection: sqlite3.Connection) -> list[Layer]:
    rows = connection.execute(
        "SELECT g.table_name, g.column_name, s.organization_coordsys_id FROM gpkg_geometry_columns g "
        "LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id AND upper(s.organization) = 'EPSG'"
    ).fetchall()
    return [Layer(str(table), str(column), _srid(srid), True) for table, column, srid in rows]


def _srid(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def count(path: Path, layer: Layer) -> int:
    """Number of rows, historic ones too."""
    with open_sqlite(path) as connection:
        try:
            return int(connection.execute(f"SELECT count(*) FROM {_quoted(layer.table)}").fetchone()[0])  # noqa: S608
        except sqlite3.DatabaseError as error:
            raise UnreadableSource("damaged", file=path.name) from error


def rows(path: Path, layer: Layer) -> Iterator[Row]:
    """All rows of a layer; geometry in the layer's own coordinates."""
    read = parse_geopackage if layer.is_geopackage else parse
    with open_sqlite(path) as connection:
        # Text that is not UTF-8 must not stop a whole import: the odd character is replaced.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            cursor = connection.execute(f"SELECT * FROM {_quoted(layer.table)}")  # noqa: S608
            names = [simple(column[0]) for column in cursor.description]
            at = names.index(simple(layer.column))
            for values in cursor:
                raw = values[at]
                fields = {name: value for name, value in zip(names, values, strict=True) if name != names[at]}
                try:
                    yield Row(fields, read(raw) if isinstance(raw, bytes) else None)
                except BadWkb:
                    yield Row(fields, None, damaged=True)
        except (sqlite3.DatabaseError, ValueError) as error:
            raise UnreadableSource("damaged", file=path.name) from error


def _quoted(name: str) -> str:
    """A table's name from the file itself as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def columns(path: Path, layer: Layer) -> list[str]:
    """Names of the columns in our simple form."""
    with open_sqlite(path) as connection:
        try:
            cursor = connection.execute(f"SELECT * FROM {_quoted(layer.table)} LIMIT 0")  # noqa: S608
            return [simple(column[0]) for column in cursor.description]
        except sqlite3.DatabaseError as error:
            raise UnreadableSource("damaged", file=path.name) from error
