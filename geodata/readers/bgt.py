"""The Dutch base map (BGT): SQLite, GeoPackage or GML as PDOK delivers it.

Surfaces are used as they are and are `measured`. Rows that have ended (`eindRegistratie`, `objectEindTijd`
or `terminationDate`) are history and left out, as is what lies below ground. Coordinates are RD (EPSG:28992)
unless the file says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.bgt_kinds import LAYERS, attributes, kind_of
from geodata.crs import RD_NEW, WGS84, reproject, transformer
from geodata.errors import UnreadableSource
from geodata.gate import Format
from geodata.model import Place, Progress, ReadResult, Value
from geodata.readers import gml, tables
from geodata.readers.collect import Collector

SOURCE = "bgt"
ATTRIBUTION = "Basisregistratie Grootschalige Topografie (BGT), Kadaster/PDOK"

# Set on a row that is history: by its registration, or because the thing itself is gone.
ENDED = ("eindregistratie", "objecteindtijd", "terminationdate")

Item = tuple[str, tables.Row, int | None]


# `bgt_wegdeel`, `wegdeel_vlak`, `main.pand`: what deliveries put around a layer's name.
_TABLE_DRESSING = re.compile(r"^(bgt|main)+|(vlak|lijn|punt|actueel)$")


def layer_name(table: str, path: Path) -> str | None:
    """Our layer for a table, by its own name or else by the file's (`bgt_pand.sqlite`)."""
    for name in (table, path.stem):
        found = LAYERS.get(_TABLE_DRESSING.sub("", tables.simple(name)))
        if found:
            return found
    return None


def is_bgt(path: Path, form: Format) -> bool:
    """Whether a table file is a BGT delivery: known layers whose rows carry a `lokaalid`."""
    return any(
        layer_name(layer.table, path) and _has_local_id(path, layer) for layer in tables.layers(path, form)
    )


def _has_local_id(path: Path, layer: tables.Layer) -> bool:
    return "lokaalid" in tables.columns(path, layer)


def read(
    path: Path,
    form: Format,
    *,
    srid: int | None = None,
    boundary: BaseGeometry | None = None,
    progress: Progress | None = None,
) -> ReadResult:
    """Read one file of the base map."""
    result = ReadResult(SOURCE, ATTRIBUTION, f"BGT {form}")
    reader = _Bgt(Collector(result, boundary), srid)
    layers: set[str] = set()
    items = _from_gml(path, form, layers) if form in ("zip", "gml") else _from_tables(path, form, layers)
    total = _total(path, form) if progress else None
    for done, (layer, row, found_srid) in enumerate(items, 1):
        reader.take(layer, row, found_srid)
        if progress and (done % 500 == 0 or done == total):
            progress(layer, done, total)
    reader.finish()
    if not layers:
        raise UnreadableSource("no_layers", file=path.name)
    result.layers = frozenset(layers)
    for layer in layers:
        result.counts[layer] += 0
    return result


def _total(path: Path, form: Format) -> int | None:
    """Rows to come, where a file can be asked."""
    if form in ("zip", "gml"):
        return None
    return sum(
        tables.count(path, table) for table in tables.layers(path, form) if layer_name(table.table, path)
    )


def _from_tables(path: Path, form: Format, layers: set[str]) -> Iterator[Item]:
    for table in tables.layers(path, form):
        layer = layer_name(table.table, path)
        if layer:
            layers.add(layer)
            for row in tables.rows(path, table):
                yield layer, row, table.srid


def _from_gml(path: Path, form: Format, layers: set[str]) -> Iterator[Item]:
    for name, stream in gml.documents(path, form):
        of_file = gml.layer_of(name)
        if of_file:
            layers.add(of_file)
        for layer, row, srid in gml.features(name, stream):
            known = layer or of_file
            if known:
                layers.add(known)
            yield known or "overig", row, srid


class _Bgt:
    """Turns rows into street objects and street names."""

    def __init__(self, collect: Collector, srid: int | None) -> None:
        self.collect = collect
        self.srid = srid
        self.streets: dict[str, Point] = {}

    def take(self, layer: str, row: tables.Row, srid: int | None) -> None:
        self.collect.result.counts[layer] += 1
        values = row.values
        if any(values.get(name) for name in ENDED):
            return self.collect.skip("historic")
        from_srid = self.srid or srid or RD_NEW
        if layer == "openbareruimtelabel":
            return self._street(values, from_srid)
        level = _level(values)
        if level < 0:
            return self.collect.skip("underground")
        if row.damaged:
            return self.collect.skip("invalid_geometry")
        geometry = None if row.geometry is None else reproject(row.geometry, from_srid, WGS84)
        kept: dict[str, Value] = {"layer": layer, **attributes(values)}
        if level:
            kept["level"] = level
        kept.update(_number(values, from_srid))
        source_id = str(values.get("lokaalid") or values.get("gmlid") or "")
        if not source_id:
            return self.collect.skip("no_kind")
        self.collect.add(kind_of(layer, values), source_id, geometry, attributes=kept)
        return None

    def _street(self, values: dict[str, object], srid: int) -> None:
        labels = values.get("labels")
        for text, east, north, _ in labels if isinstance(labels, list) else ():
            lon, lat = transformer(srid, WGS84).transform(east, north)
            self.streets.setdefault(text, Point(lon, lat))

    def finish(self) -> None:
        """Hand over the street names, each once."""
        for name, point in sorted(self.streets.items()):
            self.collect.place(Place(SOURCE, f"street/{name}", "street", name, name, point))


def _level(values: dict[str, object]) -> int:
    try:
        return int(str(values.get("relatievehoogteligging") or 0))
    except ValueError:
        return 0


# SQLite deliveries hold lists as text: "(1:130-130A)", "(2:62,64)", "(1:84918.038 447495.615)".
_LIST = re.compile(r"^\(\d+:(.*)\)$", re.DOTALL)


def _items(value: object) -> list[str]:
    found = _LIST.match(str(value or ""))
    return [item.strip() for item in found.group(1).split(",") if item.strip()] if found else []


def _number(values: dict[str, object], srid: int) -> dict[str, Value]:
    """House numbers on a building, with where and at which angle (degrees) the first is written."""
    labels = values.get("labels")
    if isinstance(labels, list) and labels:
        texts = [str(label[0]) for label in labels]
        east, north, angle = labels[0][1:]
    else:
        texts = _items(values.get("tekst"))
        points, angles = _items(values.get("plaatsingspunt")), _items(values.get("hoek"))
        try:
            east, north = (float(number) for number in points[0].split()[:2])
            angle = float(angles[0]) if angles else 0.0
        except (IndexError, ValueError):
            return {"number": ", ".join(texts)} if texts else {}
    if not texts:
        return {}
    lon, lat = transformer(srid, WGS84).transform(east, north)
    return {
        "number": ", ".join(dict.fromkeys(texts)),
        "number_lon": round(lon, 7),
        "number_lat": round(lat, 7),
        "number_deg": angle,
    }
