"""What all readers do with an object once they know what it is: check, clip, count, keep."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.kinds import fits
from geodata.model import Certainty, Place, ReadResult, StreetObject, Value
from geodata.repair import repair


class Collector:
    """Fills a ReadResult. `boundary` (EPSG:4326) leaves out everything that does not touch it."""

    def __init__(self, result: ReadResult, boundary: BaseGeometry | None = None) -> None:
        self.result = result
        self.boundary = boundary
        self._seen: set[str] = set()
        if boundary is not None:
            shapely.prepare(boundary)

    def skip(self, reason: str, count: int = 1) -> None:
        """Count objects that are left out; `reason` is a key of `model.SKIP_REASONS`."""
        self.result.skipped[reason] += count

    def add(
        self,
        kind: str | None,
        source_id: str,
        geometry: BaseGeometry | None,
        *,
        name: str | None = None,
        attributes: dict[str, Value] | None = None,
        certainty: Certainty = "measured",
    ) -> bool:
        """Keep one object (geometry in EPSG:4326) when it is fit for use, else count why not."""
        if kind is None:
            return self._no("no_kind")
        if geometry is None or geometry.is_empty:
            return self._no("no_geometry")
        sound, changed = repair(geometry)
        if sound is None:
            return self._no("invalid_geometry")
        if not fits(kind, sound.geom_type):
            return self._no("wrong_geometry")
        if not self.within(sound):
            return self._no("outside")
        if source_id in self._seen:
            return self._no("duplicate")
        self._seen.add(source_id)
        self.result.repaired += changed
        self.result.objects.append(
            StreetObject(self.result.source, source_id, kind, sound, certainty, name, attributes or {})
        )
        return True

    def place(self, place: Place) -> bool:
        """Keep a street or address when it lies inside the boundary."""
        if not self.within(place.geometry):
            return self._no("outside")
        self.result.places.append(place)
        return True

    def within(self, geometry: BaseGeometry) -> bool:
        """Whether a geometry touches the boundary, or there is none."""
        return self.boundary is None or bool(self.boundary.intersects(geometry))

    def _no(self, reason: str) -> bool:
        self.skip(reason)
        return False
