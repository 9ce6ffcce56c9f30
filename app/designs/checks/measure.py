"""Small measurements that several rules share. Metres; shapes in the street's metric CRS."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import Polygon, box
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Street, Thing
from geodata import growth

# Two drawings of one wall or kerb differ by this much: an overlap no thicker than twice this is none.
HAIR_M = 0.01


def middle(thing: Thing) -> Point:
    """The middle of a thing: a tree's stem, a lamp's post."""
    return thing.geometry.centroid


def tree_after(thing: Thing, years: float = growth.YEARS_KNOWN) -> growth.TreeSize:
    """The size of a tree `years` after planting; a standing one stays as the map tells, else as assumed."""
    if thing.element is not None:
        return growth.tree_size(thing.element, years) or growth.UNKNOWN_TREE
    height = thing.number("height_m")
    crown = thing.number("crown_m")
    return growth.TreeSize(
        min(crown / 2, 20.0) if crown is not None else growth.UNKNOWN_TREE.crown_radius_m,
        min(height, 60.0) if height is not None else growth.UNKNOWN_TREE.height_m,
    )


def overlap(one: BaseGeometry, other: BaseGeometry, hair_m: float = HAIR_M) -> BaseGeometry | None:
    """What two areas share, unless it is no thicker than twice a hair."""
    if not shapely.intersects(one, other):
        return None
    shared = shapely.intersection(one, other)
    area = shared.area
    # More than a rim of that width can hold (with its sectors around inner corners) is surely thicker.
    rim = hair_m * (shared.length + 2 * hair_m * shapely.get_num_coordinates(shared))
    if area == 0 or (area <= rim and shapely.buffer(shared, -hair_m).is_empty):
        return None
    return shared


def around(place: BaseGeometry, beyond_m: float) -> Polygon:
    """The bounds of a place, this much wider on every side."""
    west, south, east, north = place.bounds
    return box(west - beyond_m, south - beyond_m, east + beyond_m, north + beyond_m)


def ground_in(street: Street, window: BaseGeometry, *kinds: str) -> BaseGeometry:
    """The ground of these kinds within the bounds of `window`."""
    return street.ground(*kinds, window=window)


def sides(area: BaseGeometry) -> tuple[float, float, float]:
    """Width and length of the smallest rectangle around a shape, and the direction of its long side.

    The direction is in radians counterclockwise from the x-axis, from 0 up to pi. Around a triangle there are
    several smallest ones: then the longest.
    """
    xy = shapely.get_coordinates(shapely.convex_hull(area))
    if len(xy) < 2:
        return 0.0, 0.0, 0.0
    xy = xy - xy.mean(axis=0)
    edges = np.diff(xy, axis=0)
    edges = edges[np.hypot(edges[:, 0], edges[:, 1]) > 1e-9]
    if not len(edges):
        return 0.0, 0.0, 0.0
    ways = edges / np.hypot(edges[:, 0], edges[:, 1])[:, None]
    along = np.ptp(xy @ ways.T, axis=0)
    across = np.ptp(xy @ np.column_stack([-ways[:, 1], ways[:, 0]]).T, axis=0)
    sizes = along * across
    smallest = np.flatnonzero(sizes <= sizes.min() * (1 + 1e-6) + 1e-9)
    best = smallest[np.argmax(np.maximum(along, across)[smallest])]
    direction = math.atan2(ways[best, 1], ways[best, 0])
    if across[best] > along[best]:
        direction += math.pi / 2
    width, length = sorted((float(along[best]), float(across[best])))
    return width, length, direction % math.pi
