"""What every reader hands over: street objects, places and an account of what was skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

Value = str | int | float | bool
Certainty = Literal["measured", "estimated"]

# Called with the layer's name, how far it is and how far it goes (None when not known beforehand).
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class StreetObject:
    """One thing in the street. `geometry` is in EPSG:4326 (lon, lat), valid and without height.

    `source` and `source_id` together name the object for ever: a second import updates it.
    `certainty` is `measured` when the source drew it, `estimated` when it was derived from something else.
    """

    source: str
    source_id: str
    kind: str
    geometry: BaseGeometry
    certainty: Certainty = "measured"
    name: str | None = None
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A street or an address that people search for. `geometry` is a Point in EPSG:4326.

    The point of a street lies halfway its longest line.
    """

    source: str
    source_id: str
    kind: Literal["street", "address"]
    label: str
    street: str
    geometry: BaseGeometry
    house_number: str | None = None
    postcode: str | None = None


@dataclass(slots=True)
class ReadResult:
    """Everything read from one file. `counts` says how many source objects each layer held;

    `skipped` how many were left out, per reason (see `SKIP_REASONS`). `layers`: what the file is complete
    for: objects of the same source and layer that are no longer in it have disappeared. None means: all.
    """

    source: str
    attribution: str
    format: str
    objects: list[StreetObject] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    repaired: int = 0
    layers: frozenset[str] | None = None


SKIP_REASONS = {
    "historic": "no longer exists (end of registration is filled in)",
    "missing_nodes": "way with points that are not in the extract",
    "incomplete_area": "area of which a part is not in the extract",
    "no_outline": "building drawn as one point",
    "invalid_geometry": "geometry that cannot be repaired",
    "no_geometry": "without geometry",
    "wrong_geometry": "geometry that does not fit its kind",
    "outside": "outside the boundary",
    "underground": "below ground, inside a building or in a tunnel",
    "no_kind": "kind that is not drawn in a street",
    "no_street": "address without a street name",
    "crossing_line": "crossing drawn as a line over the carriageway (its point is used)",
    "duplicate": "the same identification again",
}
