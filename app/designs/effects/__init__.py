"""What a design does to a street: each figure after minus before, with how it was computed.

Pure: no Flask, no SQL. `scene` holds what is computed from, `families` has one module a family of figures,
`registry` names them. A figure is told by its cautious end (the least gain, the greatest loss) with `low` and
`high` beside it; it carries the weakest status of the numbers behind it, their sources, caveats as keys and
its computation step by step. Words are not here (`app.designs.effect_words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Street, existing_thing, propose
from app.designs.effects.registry import figures, value
from app.designs.effects.scene import Home, Scene, Surroundings, Work
from geodata.catalogue import Catalogue
from geodata.kinds import KINDS

__all__ = [
    "CAVEATS",
    "SLOW",
    "Home",
    "MetricChange",
    "MetricObject",
    "Scene",
    "Surroundings",
    "Work",
    "effects",
    "figures",
    "value",
]

# Figures that take as long as all others together: a drawing in hand asks for them apart.
SLOW = ("shade_share", "accessible_share", "accessible_wide_share", "emergency_share")
CAVEATS = (
    "assumption",
    "young_trees",
    "estimated_bays",
    "reserved_bays",
    "depends_on_place",
    "pits_unknown",
    "no_overhead",
    "price_missing",
    "growth",
    "meant_for_neighbourhood",
    "no_sight_lines",
    "homes_are_buildings",
    "one_street",
    "no_pet_map",
    "straight_distance",
    "along_the_street",
    "storage_now_unknown",
    "roofs_left_out",
    "no_water_model",
    "heights_estimated",
    "count_undated",
    "cars_stay",
    "no_places_left",
    "fewer_than_two",
    "filters_now_unknown",
    "no_accident_figures",
    "home_zone_informal",
    "combine_works",
    "upkeep_unknown",
    "no_tree_on_map",
    "no_green_on_map",
    "no_parking_on_map",
    "no_bench_on_map",
    "no_bike_stand_on_map",
    "no_play_on_map",
    "no_building_on_map",
    "no_pavement_on_map",
    "no_carriageway_on_map",
    "no_streets_on_map",
    "no_pavement_left",
    "narrow_now_left_out",
    "width_estimated",
    "no_humps_on_map",
    "no_ground",
    "no_dwellings",
    "no_boundary",
    "no_parking_count",
    "no_route",
    "no_place",
)


@dataclass(frozen=True, slots=True)
class MetricObject:
    """A street object; its geometry in the neighbourhood's metric system."""

    id: int
    kind: str
    geometry: BaseGeometry
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A change; its geometry in the neighbourhood's metric system, `object` the thing it concerns."""

    action: str
    geometry: BaseGeometry
    kind: str | None = None
    object: MetricObject | None = None
    width_m: float | None = None
    rotation_deg: float | None = None


def effects(
    changes: Sequence[MetricChange],
    present: Iterable[MetricObject],
    catalogue: Catalogue,
    around: Surroundings | None = None,
    *,
    area: BaseGeometry | None = None,
    known: Iterable[str] = tuple(KINDS),
) -> dict[str, dict[str, Any]]:
    """Every figure for these changes to these street objects, for those who have no `Street` yet.

    An object that a change concerns counts as present, whether it is listed or not. `known`: kinds of which
    the map is taken to be complete.
    """
    listed = {item.id: item for item in present}
    listed.update({c.object.id: c.object for c in changes if c.object is not None})
    things = {
        item.id: existing_thing(item.id, item.kind, item.geometry, attributes=item.attributes)
        for item in listed.values()
    }
    scene = Scene(Street(list(things.values()), known, area), catalogue, around)
    proposals = [
        propose(
            index,
            change.action,
            change.geometry,
            kind=change.kind,
            concerned=things[change.object.id] if change.object is not None else None,
            rotation_deg=change.rotation_deg,
            width_m=change.width_m,
            catalogue=catalogue,
        )
        for index, change in enumerate(changes)
    ]
    return value(Work(scene, proposals))
