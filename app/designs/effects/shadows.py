"""Shadows on flat ground. Metres, x east and y north; angles in degrees.

A solid that stands straight up throws the shadow that its footprint sweeps when it is pushed away from the
sun. The sweep of a polygon is the union of the polygon at both ends and of the parallelogram that each of its
edges sweeps: exact, with holes (a courtyard keeps its sun where the shadow does not reach).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

# Lower than this the shadow has no end that means anything.
LOWEST_SUN_DEG = 1.0


def away_from_sun(azimuth_deg: float, elevation_deg: float) -> tuple[float, float]:
    """Where the top of a thing of one metre throws its shadow, as metres east and north of its foot.

    `azimuth_deg` clockwise from the map's north. Raises `ValueError` for a sun below `LOWEST_SUN_DEG`.
    """
    if not LOWEST_SUN_DEG <= elevation_deg <= 90:
        raise ValueError(f"the sun stands below {LOWEST_SUN_DEG} degrees")
    length = 1 / math.tan(math.radians(elevation_deg))
    angle = math.radians(azimuth_deg)
    return -length * math.sin(angle), -length * math.cos(angle)


def sweep(footprint: BaseGeometry, east: float, north: float) -> BaseGeometry:
    """All ground that a (multi)polygon passes when it is pushed `east` and `north` metres."""
    moved = affinity.translate(footprint, east, north)
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(footprint)
        for ring in (part.exterior, *part.interiors)
    ]
    return shapely.union_all([footprint, moved, *_swept_edges(rings, (east, north))])


def _swept_edges(rings: Sequence[np.ndarray], push: tuple[float, float]) -> list[BaseGeometry]:
    starts = np.concatenate([ring[:-1] for ring in rings])
    ends = np.concatenate([ring[1:] for ring in rings])
    step = np.array(push)
    # An edge along the push sweeps a line, which has no area.
    wide = np.abs((ends - starts) @ np.array([-step[1], step[0]])) > 1e-9
    starts, ends = starts[wide], ends[wide]
    corners = np.stack([starts, ends, ends + step, starts + step, starts], axis=1)
    return [*shapely.polygons(corners)] if len(corners) else []  # type: ignore[misc]


def shadow_of(
    footprint: BaseGeometry, height_m: float, azimuth_deg: float, elevation_deg: float
) -> BaseGeometry:
    """Ground in the shadow of a thing that stands straight up from its footprint, which is included."""
    if height_m <= 0 or footprint.is_empty:
        return footprint
    east, north = away_from_sun(azimuth_deg, elevation_deg)
    return sweep(footprint, east * height_m, north * height_m)


def shadows_of_crowns(
    middles: np.ndarray,
    radii: np.ndarray,
    bases: np.ndarray,
    tops: np.ndarray,
    azimuth_deg: float,
    elevation_deg: float,
) -> list[BaseGeometry]:
    """Ground in the shadow of tree crowns, each an upright cylinder from its base to its top.

    `middles` is n by 2; the others are n long. The crown's shadow begins as far from its stem as its base is
    high. A disc is convex, so what it sweeps is the hull of where it begins and ends.
    """
    east, north = away_from_sun(azimuth_deg, elevation_deg)
    push = np.array([east, north])
    angles = np.linspace(0, 2 * math.pi, 48, endpoint=False)
    rim = np.column_stack([np.cos(angles), np.sin(angles)])
    discs = middles[:, None, :] + radii[:, None, None] * rim[None, :, :]
    ends = [discs + heights[:, None, None] * push for heights in (bases, tops)]
    clouds = shapely.multipoints(np.concatenate(ends, axis=1))
    return [*shapely.convex_hull(clouds)]  # type: ignore[misc]
