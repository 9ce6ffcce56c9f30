"""Read a file of any known format into street objects and places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import UnreadableSource
from geodata.gate import recognise
from geodata.model import Progress, ReadResult
from geodata.readers import bgt, osm, vector


def read(
    path: str | Path,
    *,
    srid: int | None = None,
    mapping: Mapping[str, str] | None = None,
    boundary: BaseGeometry | None = None,
    progress: Progress | None = None,
) -> ReadResult:
    """Everything usable in one file, in EPSG:4326.

    `srid` is the file's EPSG code where it does not say; `mapping` makes it a plain file (see
    `readers.vector`); `boundary` (EPSG:4326) leaves out what does not touch it. Raises UnreadableSource.
    """
    file = Path(path)
    form = recognise(file)
    if form == "osm_pbf":
        result = osm.read(file, boundary=boundary, progress=progress)
    elif form in ("zip", "gml") or (
        form in ("sqlite", "geopackage") and not mapping and bgt.is_bgt(file, form)
    ):
        result = bgt.read(file, form, srid=srid, boundary=boundary, progress=progress)
    else:
        result = vector.read(file, form, mapping=mapping, srid=srid, boundary=boundary, progress=progress)
    return result


def read_boundary(path: str | Path) -> BaseGeometry:
    """The area of a GeoJSON file (EPSG:4326): all its polygons together. Raises UnreadableSource."""
    file = Path(path)
    if recognise(file) != "json":
        raise UnreadableSource("not_geojson", file=file.name)
    document = vector.load_json(file)
    features = document.get("features")
    values = (
        [document.get("geometry", document)]
        if not isinstance(features, list)
        else [feature.get("geometry") for feature in features if isinstance(feature, dict)]
    )
    found = [
        geometry for geometry, damaged in map(vector.geojson_geometry, values) if geometry and not damaged
    ]
    areas = [geometry for geometry in found if shapely.get_dimensions(geometry) == 2]
    area = shapely.make_valid(shapely.union_all(areas)) if areas else None
    if area is None or area.is_empty or "Polygon" not in area.geom_type:
        raise UnreadableSource("not_area", file=file.name)
    west, south, east, north = area.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise UnreadableSource("not_area", file=file.name)
    return area
