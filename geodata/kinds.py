"""The kinds of street object: what geometry they have, in which order they are drawn, how they are labelled.

The names are ours. How the Dutch base map (BGT/IMGeo) and OpenStreetMap map onto them is in `bgt_kinds.py`
and `osm_kinds.py`. Texts are not here: `label_key` names the message, the web application has it in Dutch and
English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GeometryClass = Literal["point", "line", "area"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `order`: the lowest is drawn first (at the bottom). `geometry`: the classes it may have."""

    id: str
    order: int
    geometry: frozenset[GeometryClass]

    @property
    def label_key(self) -> str:
        """Name of the message that holds this kind's label."""
        return f"kind.{self.id}"


def _kinds(order: int, names: str, *geometry: GeometryClass) -> dict[str, Kind]:
    return {name: Kind(name, order + index, frozenset(geometry)) for index, name in enumerate(names.split())}


KINDS: dict[str, Kind] = {
    **_kinds(0, "yard green water square pavement cycle_path driveway parking carriageway", "area"),
    **_kinds(10, "rail", "line", "area"),
    **_kinds(20, "structure building", "area"),
    **_kinds(30, "barrier hedge", "line", "area"),
    **_kinds(40, "street_axis", "line"),
    # What rules ask about and maps leave out: lines below ground, private plots, areas where parked cars were
    # counted (attributes `parked`, `capacity`, `counted_on`).
    **_kinds(41, "cable", "line"),
    **_kinds(42, "parcel parking_count", "area"),
    **_kinds(
        50, "crossing hydrant bollard entrance container play bus_stop charger planter", "point", "area"
    ),
    **_kinds(70, "bike_stand bench lamp tree", "point", "area"),
}

# Kinds that no map draws.
UNDRAWN = frozenset({"cable", "parcel", "parking_count"})

SURFACES = (
    "carriageway",
    "parking",
    "cycle_path",
    "pavement",
    "driveway",
    "square",
    "green",
    "water",
    "yard",
    "rail",
)

_CLASSES: dict[str, GeometryClass] = {"Point": "point", "LineString": "line", "Polygon": "area"}


def geometry_class(geom_type: str) -> GeometryClass | None:
    """`point`, `line` or `area` of a shapely geometry type; None for collections."""
    return _CLASSES.get(geom_type.removeprefix("Multi"))


def fits(kind: str, geom_type: str) -> bool:
    """Whether a geometry of this type may be an object of this kind."""
    return geometry_class(geom_type) in KINDS[kind].geometry
