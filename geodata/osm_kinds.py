"""How OpenStreetMap tags map onto our kinds.

Source: the OpenStreetMap wiki's pages of the keys named here (wiki.openstreetmap.org/wiki/Key:highway,
Key:parking:left, Key:barrier, Tag:amenity=bench …). Where OSM has no equal of ours, a sentence beside the
entry says what we took.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Tags = Mapping[str, str]

# Streets that carry cars or that a whole street's name hangs on: their line is a street axis.
CAR_ROADS = frozenset(
    [
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "road",
        "busway",
        "motorway_link",
        "trunk_link",
        "primary_link",
        "secondary_link",
        "tertiary_link",
    ]
)
AXES = CAR_ROADS | {"pedestrian"}
FOOTWAYS = frozenset(("footway", "path", "steps"))
CYCLEWAYS = frozenset(("cycleway",))
# Planned, inside a building, or not a way through a street.
NOT_A_STREET = frozenset(
    ("construction", "proposed", "corridor", "elevator", "platform", "razed", "abandoned")
)

# Key, value -> kind, for things that stand on a spot. A waste basket counts as a container; `type` tells them
# apart.
_SPOTS: dict[tuple[str, str], str] = {
    ("natural", "tree"): "tree",
    ("amenity", "bench"): "bench",
    ("amenity", "bicycle_parking"): "bike_stand",
    ("highway", "street_lamp"): "lamp",
    ("highway", "crossing"): "crossing",
    ("highway", "bus_stop"): "bus_stop",
    ("amenity", "waste_disposal"): "container",
    ("amenity", "waste_basket"): "container",
    ("amenity", "recycling"): "container",
    ("amenity", "charging_station"): "charger",
    ("barrier", "bollard"): "bollard",
    ("barrier", "planter"): "planter",
    ("man_made", "planter"): "planter",
    ("leisure", "playground"): "play",
    ("emergency", "fire_hydrant"): "hydrant",
}
_ENTRANCES = frozenset(("yes", "main", "home", "staircase", "shop"))

# Lines. A row of bollards is a barrier.
_LINES: dict[tuple[str, str], str] = {
    ("barrier", "hedge"): "hedge",
    ("railway", "tram"): "rail",
    ("railway", "rail"): "rail",
    ("railway", "light_rail"): "rail",
    **{
        ("barrier", value): "barrier"
        for value in ("fence", "wall", "retaining_wall", "guard_rail", "city_wall", "bollard")
    },
}

# Areas. A sports pitch is ground one does not redesign from the street: yard.
_AREAS: dict[tuple[str, str], str] = {
    ("highway", "pedestrian"): "square",
    ("highway", "footway"): "pavement",
    ("highway", "path"): "pavement",
    ("highway", "steps"): "pavement",
    ("highway", "platform"): "pavement",
    ("highway", "cycleway"): "cycle_path",
    ("highway", "service"): "carriageway",
    ("highway", "residential"): "carriageway",
    ("highway", "living_street"): "carriageway",
    ("highway", "unclassified"): "carriageway",
    ("place", "square"): "square",
    ("leisure", "park"): "green",
    ("leisure", "garden"): "green",
    ("leisure", "pitch"): "yard",
    ("natural", "water"): "water",
    ("waterway", "riverbank"): "water",
    ("man_made", "bridge"): "structure",
    **{
        ("landuse", value): "green"
        for value in ["grass", "village_green", "flowerbed", "meadow", "forest", "recreation_ground"]
    },
    **{("natural", value): "green" for value in ["scrub", "wood", "heath", "grassland", "shrubbery"]},
    **{("landuse", value): "water" for value in ("basin", "pond", "reservoir")},
}
# Parking that is not in the street.
_HIDDEN_PARKING = frozenset(("underground", "multi-storey", "rooftop", "carports", "garage_boxes", "sheds"))
# Keys with which a closed way is a line unless `area=yes` says otherwise.
_LINEAR_KEYS = frozenset(("highway", "barrier", "railway"))


def spot_kind(tags: Tags) -> str | None:
    """Kind of something that stands on one spot, drawn as point or outline."""
    for (key, value), kind in _SPOTS.items():
        if tags.get(key) == value:
            return kind
    return "entrance" if tags.get("entrance") in _ENTRANCES else None


def line_kind(tags: Tags) -> str | None:
    """Kind of a line that is not a street: hedge, barrier or rail."""
    for (key, value), kind in _LINES.items():
        if tags.get(key) == value:
            return kind
    return None


def area_kind(tags: Tags) -> str | None:
    """Kind of an outline, or None when these tags do not make an area that is part of a street."""
    if tags.get("area") == "no":
        return None
    if tags.get("building", "no") != "no":
        return "building"
    if tags.get("amenity") == "parking":
        return None if tags.get("parking") in _HIDDEN_PARKING else "parking"
    is_area = tags.get("area") == "yes" or tags.get("type") == "multipolygon"
    for (key, value), kind in _AREAS.items():
        if tags.get(key) == value and (is_area or key not in _LINEAR_KEYS):
            return kind
    spot = spot_kind(tags)
    return spot if spot and (is_area or not _LINEAR_KEYS & set(tags)) else None


def hidden(tags: Tags) -> bool:
    """Below ground, in a tunnel, inside a building or on another storey: not part of the street's surface."""
    if tags.get("tunnel", "no") not in ("no", "building_passage") or tags.get("location") == "underground":
        return True
    if tags.get("indoor", "no") != "no" or _number(tags.get("layer")) < 0:
        return True
    level = tags.get("level", "0")
    return level not in ("", "0") and "0" not in level.split(";")


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


_METRES = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(m|ft|')?")


def metres(text: str | None) -> float | None:
    """A length in an OSM tag in metres: `12`, `12.5 m`, `40'`."""
    found = _METRES.match(text or "")
    if not found:
        return None
    value = float(found.group(1).replace(",", "."))
    return round(value * 0.3048, 2) if found.group(2) in ("ft", "'") else value
