"""How much of something there is: priced units of an element, and counts that a map tells."""

from __future__ import annotations

import math

from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Thing
from geodata import metrics
from geodata.catalogue import Catalogue, ElementKind

# A parallel bay of 2.0 x 6.0 m, where the catalogue does not say otherwise.
BAY_M2 = 12.0


def units(kind: ElementKind, geometry: BaseGeometry) -> float:
    """How many priced units a drawn geometry is: pieces, metres, square metres or whole bays."""
    width = kind.width_m.value if kind.width_m is not None else 1.0
    match kind.cost.unit:
        case "m1":
            return geometry.length if geometry.area == 0 else geometry.area / width
        case "m2":
            return geometry.area or geometry.length * width
        case "bay":
            length = kind.length_m.value if kind.length_m is not None else 0
            return whole_bays(geometry.area, width * length or BAY_M2)
    return 1


def bay_size(catalogue: Catalogue) -> float:
    """The size of one parking place by the catalogue, in square metres."""
    kind = catalogue.get("parking_parallel")
    if kind is None or kind.width_m is None or kind.length_m is None:
        return BAY_M2
    return kind.width_m.value * kind.length_m.value


def whole_bays(area_m2: float, bay_m2: float = BAY_M2) -> int:
    """How many bays of this size an area is, at least one; a little short counts as whole."""
    return max(1, math.floor(area_m2 / bay_m2 + metrics.load().number("bay_tolerance")))


def count_of(thing: Thing, attribute: str, most: int = 1000) -> int | None:
    """A count that the map tells, where it can be believed."""
    value = thing.number(attribute)
    return math.floor(value) if value is not None and 1 <= value <= most else None
