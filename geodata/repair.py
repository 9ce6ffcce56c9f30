"""Make one geometry fit for use, or say why it cannot be."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.kinds import GeometryClass, geometry_class

_DIMENSION: dict[str, int] = {"point": 0, "line": 1, "area": 2}


def repair(geometry: BaseGeometry) -> tuple[BaseGeometry | None, bool]:
    """A valid, flat geometry of the same dimension, and whether it had to be changed for that.

    None when nothing of that dimension is left: empty, not finite, or collapsed to a line or point.
    """
    wanted = geometry_class(geometry.geom_type)
    if wanted is None or geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, False
    flat = shapely.force_2d(geometry)
    if flat.is_valid:
        return (single(flat), False) if _has_size(flat, wanted) else (None, False)
    kept = keep_dimension(shapely.make_valid(flat), wanted)
    return (None, True) if kept is None else (single(kept), True)


def keep_dimension(geometry: BaseGeometry, wanted: GeometryClass) -> BaseGeometry | None:
    """The parts of a geometry that are points, lines or areas; None when there are none."""
    parts = shapely.get_parts(geometry)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    kept = [
        part for part in parts if shapely.get_dimensions(part) == _DIMENSION[wanted] and not part.is_empty
    ]
    if not kept:
        return None
    merged: BaseGeometry = kept[0] if len(kept) == 1 else shapely.union_all(kept)
    return merged if _has_size(merged, wanted) else None


def single(geometry: BaseGeometry) -> BaseGeometry:
    """A multi-geometry of one part as that part: MultiPolygon with one polygon becomes Polygon."""
    if geometry.geom_type.startswith("Multi") and shapely.get_num_geometries(geometry) == 1:
        part: BaseGeometry = shapely.get_parts(geometry)[0]
        return part
    return geometry


def _has_size(geometry: BaseGeometry, wanted: GeometryClass) -> bool:
    return not geometry.is_empty and (
        wanted == "point" or (geometry.length > 0 if wanted == "line" else geometry.area > 0)
    )
