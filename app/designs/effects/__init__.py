"""What a design does to a street: each figure after minus before, with how it was computed.

Pure: no Flask, no SQL. `scene` holds what is computed from, `families` has one module a family of figures,
`registry` names them. A figure is told by its cautious end (the least gain, the greatest loss) with `low` and
`high` beside it; it carries the weakest status of the numbers behind it, their sources, caveats as keys and
its computation step by step. Words are not here (`app.designs.effect_words`).
"""

from __future__ import annotations

from app.designs.effects.registry import figures, value
from app.designs.effects.scene import Home, Scene, Surroundings, Work

__all__ = [
    "CAVEATS",
    "SLOW",
    "Home",
    "Scene",
    "Surroundings",
    "Work",
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
