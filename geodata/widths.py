"""Default widths (metres) where a map has only centre lines, each with its status and source.

The table is `data/widths.csv`. Status S is sourced (the key is in the list of sources), U an assumption.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from geodata.osm_kinds import metres

_TABLE = Path(__file__).parent / "data" / "widths.csv"
Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


@dataclass(frozen=True, slots=True)
class Width:
    """One default: `value` in metres."""

    name: str
    value: float
    status: str
    source: str
    note: str


@lru_cache(maxsize=4)
def table(path: Path = _TABLE) -> Mapping[str, Width]:
    """All defaults by name."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: Width(row["name"], float(row["value"]), row["status"], row["source"], row["note"])
            for row in csv.DictReader(file)
        }


def default(name: str) -> float:
    """One default width in metres."""
    return table()[name].value


@dataclass(frozen=True, slots=True)
class Parking:
    """Bays along one side: `depth_m` square to the kerb, `length_m` along it."""

    form: str
    depth_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class Profile:
    """The cross-section of one street as its tags and the defaults give it."""

    carriageway_m: float
    carriageway_tagged: bool
    parking: Mapping[Side, Parking | None]
    pavement: Mapping[Side, bool]
    # Width of the cycle track between kerb or bays and pavement; 0: none.
    cycle_m: Mapping[Side, float]


_NO_PAVEMENT = frozenset(
    ["motorway", "trunk", "motorway_link", "trunk_link", "service", "living_street", "busway", "pedestrian"]
)
_RESIDENTIAL = frozenset(("residential", "living_street", "unclassified", "road"))
_FORMS = {
    "parallel": "parallel",
    "inline": "parallel",
    "perpendicular": "perpendicular",
    "orthogonal": "perpendicular",
    "diagonal": "diagonal",
    # The present scheme says where (lane, street_side, …) and leaves the direction to another key.
    "lane": "parallel",
    "street_side": "parallel",
    "on_kerb": "parallel",
    "half_on_kerb": "parallel",
    "shoulder": "parallel",
    "yes": "parallel",
}


def profile(highway: str, tags: Mapping[str, str]) -> Profile:
    """Cross-section of a street from its OSM tags."""
    parking = {side: _parking(tags, side) for side in SIDES}
    tagged = metres(tags.get("width:carriageway") or tags.get("width") or tags.get("est_width"))
    if tagged is not None and 1.5 <= tagged <= 60:
        # A tagged width runs from kerb to kerb, so bays on the carriageway are part of it.
        taken = sum(bay.depth_m for side, bay in parking.items() if bay and _on_carriageway(tags, side))
        carriageway = max(tagged - taken, min(tagged, default("lane_residential")))
    else:
        carriageway = _by_lanes(highway, tags)
    pavement = {side: _pavement(highway, tags, side) for side in SIDES}
    cycle = {side: _cycle_track_m(tags, side) for side in SIDES}
    return Profile(carriageway, tagged is not None, parking, pavement, cycle)


def _by_lanes(highway: str, tags: Mapping[str, str]) -> float:
    if highway == "pedestrian":
        return default("carriageway_pedestrian")
    oneway = _oneway(tags)
    lanes = metres(tags.get("lanes"))
    if highway == "service" and lanes is None:
        return default("carriageway_service")
    count = min(12.0, lanes) if lanes and lanes >= 1 else (1.0 if oneway else 2.0)
    lane = default("lane_residential" if highway in _RESIDENTIAL else "lane")
    return max(count * lane, default("carriageway_oneway_min"))


def _sided(tags: Mapping[str, str], key: str, side: Side, rest: str = "") -> str | None:
    return tags.get(f"{key}:{side}{rest}") or tags.get(f"{key}:both{rest}")


def _parking(tags: Mapping[str, str], side: Side) -> Parking | None:
    """From `parking:left=lane` + `parking:left:orientation`, or the older `parking:lane:left=parallel`."""
    value = _sided(tags, "parking", side) or _sided(tags, "parking:lane", side) or ""
    if value not in _FORMS:
        return None
    form = _FORMS.get(_sided(tags, "parking", side, ":orientation") or value, "parallel")
    return Parking(form, default(f"bay_{form}_depth"), default(f"bay_{form}_length"))


def _on_carriageway(tags: Mapping[str, str], side: Side) -> bool:
    place = _sided(tags, "parking", side) or ""
    older = _sided(tags, "parking:lane", side) or ""
    placed = _sided(tags, "parking:lane", side, f":{older}") or ""
    return place == "lane" or placed in ("on_street", "painted_area_only")


def _oneway(tags: Mapping[str, str]) -> bool:
    return tags.get("oneway") in ("yes", "-1", "1", "true")


def _cycle_track_m(tags: Mapping[str, str], side: Side) -> float:
    """From `cycleway:right=track`, `cycleway:both=track` or `cycleway=track`.

    Plain `cycleway=track` is a track on both sides; in a one-way street where cyclists must go that way too
    it is one, on the right of where traffic goes. The wiki leaves that open (Key:cycleway); right is the rule
    where one drives on the right. What is drawn as a way of its own (`separate`) is no part of this.
    """
    value = _sided(tags, "cycleway", side)
    if value is None and tags.get("cycleway") == "track":
        against = tags.get("oneway") == "-1"
        both = not _oneway(tags) or tags.get("oneway:bicycle") == "no"
        value = "track" if both or side == ("left" if against else "right") else None
    if value != "track":
        return 0.0
    tagged = metres(_sided(tags, "cycleway", side, ":width") or tags.get("cycleway:width"))
    if tagged is not None and 0.5 <= tagged <= 20:
        return tagged
    twoway = (_sided(tags, "cycleway", side, ":oneway") or tags.get("cycleway:oneway")) == "no"
    return default("cycle_path_twoway" if twoway else "cycle_path")


def _pavement(highway: str, tags: Mapping[str, str], side: Side) -> bool:
    both = tags.get("sidewalk")
    value = _sided(tags, "sidewalk", side) or both
    if value in ("separate", "no", "none"):
        return False
    if value in ("yes", "both"):
        return True
    if both in SIDES:
        return both == side
    return highway not in _NO_PAVEMENT
