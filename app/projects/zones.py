"""Where an assignment lets things change: in fixed zones nothing; where there are free zones, only there.

Pure: shapely geometries in EPSG:4326. A drawing may touch a zone's edge, or cross it by a hand's breadth: a
snapped line lies on it, and coordinates are rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

# About 5 cm; the statement that places one element uses the same.
EDGE_DEG = 5e-7
KINDS = ("fixed", "free")


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """A zone as a planner draws it: a polygon or multipolygon, with the reason that people read."""

    kind: str
    geometry: BaseGeometry
    reason: str


class Zones:
    """The zones of one assignment, ready to be asked about many drawings."""

    def __init__(self, zones: Sequence[ZoneDraft]) -> None:
        self.fixed: list[tuple[BaseGeometry, str]] = [
            (shapely.buffer(zone.geometry, -EDGE_DEG), zone.reason) for zone in zones if zone.kind == "fixed"
        ]
        free = [zone for zone in zones if zone.kind == "free"]
        self.free_reasons = tuple(dict.fromkeys(zone.reason for zone in free if zone.reason))
        self.free: BaseGeometry | None = (
            shapely.buffer(shapely.union_all([z.geometry for z in free]), EDGE_DEG) if free else None
        )
        for geometry, _reason in self.fixed:
            shapely.prepare(geometry)
        if self.free is not None:
            shapely.prepare(self.free)

    def moved(self, into: Callable[[BaseGeometry], BaseGeometry]) -> Zones:
        """The same zones in another system (metres): `into` makes one geometry of another."""
        other = Zones(())
        other.fixed = [(into(geometry), reason) for geometry, reason in self.fixed]
        other.free_reasons = self.free_reasons
        other.free = None if self.free is None else into(self.free)
        return other

    def fixed_at(self, geometry: BaseGeometry) -> str | None:
        """The reason of the first fixed zone that a drawing reaches into; None for none."""
        return next((reason for zone, reason in self.fixed if zone.intersects(geometry)), None)

    def is_free(self, geometry: BaseGeometry) -> bool:
        """Whether a drawing lies in the free zones; everywhere does where there are none."""
        return self.free is None or bool(self.free.covers(geometry))
