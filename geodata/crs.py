"""Coordinate systems: everything comes in as any EPSG code, is stored as EPSG:4326 and measured in metres."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geodata.errors import UnreadableSource

WGS84 = 4326
RD_NEW = 28992

# Where RD is defined: the European Netherlands (west, south, east, north in degrees), EPSG area of use.
_NETHERLANDS = (3.2, 50.75, 7.22, 53.7)


def metric_srid(lon: float, lat: float) -> int:
    """EPSG code of the system to measure metres in: RD in the Netherlands, else the UTM zone."""
    west, south, east, north = _NETHERLANDS
    if west <= lon <= east and south <= lat <= north:
        return RD_NEW
    zone = min(60, int((lon + 180) // 6) + 1)
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=32)
def transformer(from_srid: int, to_srid: int) -> Transformer:
    """Transformer with x = longitude or easting first, whatever the authority's axis order is."""
    return Transformer.from_crs(known(from_srid), known(to_srid), always_xy=True)


@lru_cache(maxsize=32)
def known(srid: int) -> CRS:
    """The coordinate system of an EPSG code; raises UnreadableSource when there is none."""
    try:
        return CRS.from_epsg(srid)
    except CRSError as error:
        raise UnreadableSource("unknown_crs", srid=srid) from error


def reproject(geometry: BaseGeometry, from_srid: int, to_srid: int) -> BaseGeometry:
    """The same geometry in another system; a coordinate outside the system's reach becomes infinite."""
    if from_srid == to_srid:
        return geometry
    move = transformer(from_srid, to_srid)
    return shapely.transform(geometry, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))
