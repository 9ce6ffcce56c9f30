"""The input gate for geometry, and the way to and from PostGIS.

Every geometry from outside passes `read_geometry` before shapely or PostGIS sees it. Coordinates are
[longitude, latitude] in degrees, EPSG:4326 (RFC 7946).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import orjson
import shapely
from flask_babel import gettext as _
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from app.core.problems import Problems

SRID = 4326
MAX_VERTICES = 2_000
DECIMALS = 8

_CLASS = {"Point": "point", "LineString": "line", "Polygon": "area", "MultiPolygon": "area"}


def geometry_class(geometry: BaseGeometry) -> str:
    """`point`, `line` or `area`."""
    return _CLASS.get(geometry.geom_type.removeprefix("Multi"), "area")


def to_wkb(geometry: BaseGeometry) -> WKBElement:
    """A shapely geometry in EPSG:4326 as a value for a geometry column."""
    return from_shape(geometry, srid=SRID)


def from_wkb(value: WKBElement) -> BaseGeometry:
    """The shapely geometry of a column's value."""
    return to_shape(value)


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry with at most 8 decimals (about a millimetre)."""
    return {
        "type": geometry.geom_type,
        "coordinates": _rounded(shapely.geometry.mapping(geometry)["coordinates"]),
    }


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, (int, float)) else [_rounded(item) for item in value]


def read_geometry(value: Any, problems: Problems, at: str, allowed: tuple[str, ...]) -> BaseGeometry | None:
    """A valid shapely geometry, or None after noting what is wrong with it.

    `allowed` holds GeoJSON types. Accepts exact types only: no strings or booleans as numbers, no nulls,
    no unclosed rings, no self-intersections, at most 2,000 vertices.
    """
    if not isinstance(value, dict):
        problems.add(at, _("Hier hoort een plek op de kaart (GeoJSON-geometrie)."))
        return None
    kind = value.get("type")
    if kind not in allowed or kind not in _CLASS:
        problems.add(
            f"{at}/type", _("Deze vorm past hier niet. Het kan zijn: %(types)s.", types=", ".join(allowed))
        )
        return None
    coordinates = value.get("coordinates")
    noted = len(problems.found)
    count = _check(coordinates, _DEPTH[kind], problems, f"{at}/coordinates")
    if len(problems.found) > noted:
        return None
    if count > MAX_VERTICES:
        problems.add(
            f"{at}/coordinates",
            _("Deze vorm heeft %(n)d punten. Er mogen er %(max)d zijn.", n=count, max=MAX_VERTICES),
        )
        return None
    return _build(kind, coordinates, problems, f"{at}/coordinates")


def read_geojson(text: str, problems: Problems, at: str, allowed: tuple[str, ...]) -> BaseGeometry | None:
    """The geometry of GeoJSON text (a geometry, or a Feature with one), as `read_geometry` reads it."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        problems.add(at, _("Dit is geen GeoJSON."))
        return None
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    return read_geometry(value, problems, at, allowed)


_DEPTH = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}


def _check(value: Any, depth: int, problems: Problems, at: str) -> int:
    """Number of positions in `value`, which nests them `depth` lists deep; notes the first fault only."""
    if not isinstance(value, list) or not value:
        problems.add(at, _("Hier horen coördinaten te staan."))
        return 0
    if depth == 0:
        return _check_position(value, problems, at)
    count = 0
    for index, item in enumerate(value):
        noted = len(problems.found)
        count += _check(item, depth - 1, problems, f"{at}/{index}")
        if len(problems.found) > noted or count > 10 * MAX_VERTICES:
            break
    return count


def _check_position(value: list[Any], problems: Problems, at: str) -> int:
    numbers = [item for item in value if isinstance(item, (int, float)) and not isinstance(item, bool)]
    if len(value) not in (2, 3) or len(numbers) != len(value):
        problems.add(at, _("Een punt is [lengtegraad, breedtegraad] in getallen."))
    elif not all(math.isfinite(item) for item in numbers):
        problems.add(at, _("Een coördinaat moet een eindig getal zijn."))
    elif not (abs(value[0]) <= 180 and abs(value[1]) <= 90):
        problems.add(at, _("Dit zijn geen graden. %(guess)s", guess=_guess(value[0], value[1])))
    return 1


def _guess(x: float, y: float) -> str:
    if 0 <= x <= 300_000 and 300_000 <= y <= 630_000:
        return str(_("Het lijken RD-coördinaten in meters; gebruik lengte- en breedtegraad (EPSG:4326)."))
    if abs(y) <= 180 and abs(x) <= 90:
        return str(_("Zijn lengte en breedte omgewisseld?"))
    return str(_("Gebruik lengte- en breedtegraad (EPSG:4326)."))


def _build(kind: str, coordinates: Any, problems: Problems, at: str) -> BaseGeometry | None:
    flat = _without_height(coordinates, _DEPTH[kind])
    rings = (
        flat
        if kind == "Polygon"
        else [ring for part in flat for ring in part]
        if kind == "MultiPolygon"
        else []
    )
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            problems.add(at, _("Een vlak moet gesloten zijn: het laatste punt is gelijk aan het eerste."))
            return None
    if kind == "LineString" and len(flat) < 2:
        problems.add(at, _("Een lijn heeft minstens twee punten."))
        return None
    geometry: BaseGeometry
    if kind == "Point":
        geometry = Point(flat)
    elif kind == "LineString":
        geometry = LineString(flat)
    elif kind == "Polygon":
        geometry = Polygon(flat[0], flat[1:])
    else:
        geometry = MultiPolygon([(part[0], part[1:]) for part in flat])
    if not geometry.is_valid:
        problems.add(at, _("Deze vorm klopt niet: %(reason)s.", reason=shapely.is_valid_reason(geometry)))
        return None
    if (kind == "LineString" and geometry.length == 0) or (rings and geometry.area == 0):
        problems.add(at, _("Deze vorm heeft geen grootte."))
        return None
    return geometry


def _without_height(value: Any, depth: int) -> Any:
    if depth == 0:
        return (round(float(value[0]), DECIMALS), round(float(value[1]), DECIMALS))
    return [_without_height(item, depth - 1) for item in value]


def outside_message(geometry: BaseGeometry, area: BaseGeometry) -> str:
    """Why a geometry that is not in `area` may have gone astray."""
    swapped = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    if area.intersects(swapped):
        return str(_("Dit ligt buiten het gebied. Zijn lengte en breedte omgewisseld?"))
    return str(_("Dit ligt buiten het gebied van de opgave."))


@cache
def _to_metric(srid: int) -> Transformer:
    return Transformer.from_crs(SRID, srid, always_xy=True)


def to_metric(geometry: BaseGeometry, srid: int) -> BaseGeometry:
    """The geometry in a neighbourhood's metric CRS, in metres (x east, y north)."""
    transformer = _to_metric(srid)
    return shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def from_metric(geometry: BaseGeometry, srid: int) -> BaseGeometry:
    """A geometry in a metric CRS, in EPSG:4326."""
    transformer = _to_metric(srid)
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
    )
