"""Cutting, taking away and joining shapes: fast, and sound whatever the shape."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import box
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry


def clip(shape: BaseGeometry, bounds: tuple[float, ...]) -> BaseGeometry:
    """The part of a shape within [west, south, east, north], valid.

    GEOS clips by a rectangle quickly, but may leave invalid rings, and stumbles over a corner that just
    touches the rectangle's edge; then the slow way is taken.
    """
    west, south, east, north = bounds
    try:
        clipped = shapely.clip_by_rect(shape, west, south, east, north)
        if shapely.is_valid(clipped):
            return clipped
    except GEOSException:
        pass
    return shapely.intersection(shapely.make_valid(shape), box(west, south, east, north))


def clip_each(shapes: Sequence[BaseGeometry], bounds: tuple[float, ...]) -> list[BaseGeometry]:
    """What `clip` makes of each of these shapes, at once."""
    if len(shapes) < 2:
        return [clip(shape, bounds) for shape in shapes]
    west, south, east, north = bounds
    try:
        clipped = shapely.clip_by_rect(shapes, west, south, east, north)
    except GEOSException:
        return [clip(shape, bounds) for shape in shapes]
    sound = shapely.is_valid(clipped)
    return [
        one if is_sound else clip(shape, bounds)
        for one, is_sound, shape in zip(clipped, sound, shapes, strict=True)
    ]


def without(shape: BaseGeometry, taken: BaseGeometry) -> BaseGeometry:
    """A shape without what another takes of it. Where either is not sound, it is mended first."""
    try:
        return shapely.difference(shape, taken)
    except GEOSException:
        return shapely.difference(shapely.make_valid(shape), shapely.make_valid(taken))


def joined(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Two shapes as one. Where either is not sound, it is mended first."""
    try:
        return shapely.union(one, other)
    except GEOSException:
        return shapely.union(shapely.make_valid(one), shapely.make_valid(other))
