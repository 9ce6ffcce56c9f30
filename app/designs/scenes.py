"""What the figures of an assignment stand on: its street and the neighbourhood around it, read once."""

from __future__ import annotations

import math
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from flask import current_app
from shapely.geometry.base import BaseGeometry

from app.core.geometry import from_metric, from_wkb, to_metric
from app.designs import queries
from app.designs.catalogue import catalogue
from app.designs.checks.street import Street, Thing, existing_thing
from app.designs.effects import Home, Scene, Surroundings
from app.designs.situation import street_of
from app.projects.models import Assignment
from geodata import metrics

# As far as anybody in these figures walks: to a play place for older children.
AROUND_M = 400.0
COUNTS_AROUND_M = 300.0
# A low sun throws the shadow of a house so far.
SHADOWS_AROUND_M = 150.0
# An address lies in its building, or at its door.
AT_THE_DOOR_M = 3.0
KEPT = 16

_scenes: OrderedDict[uuid.UUID, Scene] = OrderedDict()
_lock = threading.Lock()


def scene_of(assignment: Assignment) -> Scene:
    """The street of an assignment with its surroundings; shared between requests until the map changes."""
    street = street_of(assignment)
    with _lock:
        kept = _scenes.get(assignment.id)
        if kept is not None and kept.street is street:
            _scenes.move_to_end(assignment.id)
            return kept
    scene = Scene(street, catalogue(), _surroundings(assignment, street))
    with _lock:
        _scenes[assignment.id] = scene
        _scenes.move_to_end(assignment.id)
        while len(_scenes) > KEPT:
            _scenes.popitem(last=False)
    return scene


def _surroundings(assignment: Assignment, street: Street) -> Surroundings:
    neighbourhood = assignment.neighbourhood
    srid, area = neighbourhood.metric_srid, street.area
    if area is None:
        return Surroundings()
    ((lon, lat),) = shapely.get_coordinates(from_metric(area.centroid, srid))
    box = from_metric(shapely.box(*shapely.buffer(area, AROUND_M).bounds), srid).bounds
    things = _things(queries.objects_for_figures(neighbourhood.id, box), srid)
    near = {
        reach: {thing.id for thing in things if shapely.dwithin(thing.geometry, area, reach)}
        for reach in (COUNTS_AROUND_M, SHADOWS_AROUND_M)
    }
    totals = queries.neighbourhood_totals(neighbourhood.id, srid)
    equipment_m2 = metrics.load().number("play_equipment_m2")
    boundary = neighbourhood.boundary
    return Surroundings(
        area_m2=None if boundary is None else float(to_metric(from_wkb(boundary), srid).area) or None,
        green_m2=totals.green_m2 if "green" in street.known else None,
        play_m2=totals.play_m2 + equipment_m2 * totals.play_spots if "play" in street.known else None,
        dwellings=totals.addresses or totals.numbered or None,
        dwellings_are_buildings=not totals.addresses,
        homes=_homes(things, area, by_address=bool(totals.addresses)),
        things=tuple(thing for thing in things if thing.kind in ("green", "tree", "play")),
        counts=tuple(t for t in things if t.kind == "parking_count" and t.id in near[COUNTS_AROUND_M]),
        buildings=tuple(t for t in things if t.kind == "building" and t.id in near[SHADOWS_AROUND_M]),
        lon=float(lon),
        lat=float(lat),
        north_deg=_north_deg(float(lon), float(lat), srid),
        zone=ZoneInfo(current_app.config["TIME_ZONE"]),
    )


def _things(rows: Sequence[queries.ObjectRow], srid: int) -> list[Thing]:
    if not rows:
        return []
    places = to_metric(np.array(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object), srid)  # type: ignore[arg-type]
    return [
        existing_thing(row.id, row.kind, place, attributes=row.attributes)
        for row, place in zip(rows, places, strict=True)  # type: ignore[call-overload]
    ]


def _homes(things: Sequence[Thing], area: BaseGeometry, *, by_address: bool) -> tuple[Home, ...]:
    """Dwellings around the area by the building they are in; without addresses, buildings with a number."""
    buildings = [thing for thing in things if thing.kind == "building"]
    if not by_address:
        numbered = [thing for thing in buildings if thing.attributes.get("number")]
        return tuple(Home(thing.geometry) for thing in numbered if _is_around(thing.geometry, area))
    addresses = [thing.geometry for thing in things if thing.kind == "dwelling"]
    counts: dict[int, int] = {}
    loose = list(range(len(addresses)))
    if buildings and addresses:
        index = shapely.STRtree([thing.geometry for thing in buildings])
        pairs = index.query_nearest(addresses, max_distance=AT_THE_DOOR_M, all_matches=False)
        for building in pairs[1]:
            counts[int(building)] = counts.get(int(building), 0) + 1
        found = {int(address) for address in pairs[0]}
        loose = [number for number in loose if number not in found]
    homes = [Home(buildings[number].geometry, count) for number, count in sorted(counts.items())]
    homes += [Home(addresses[number]) for number in loose]
    return tuple(home for home in homes if _is_around(home.geometry, area))


def _is_around(geometry: BaseGeometry, area: BaseGeometry) -> bool:
    return bool(shapely.dwithin(geometry, area, AROUND_M))


def _north_deg(lon: float, lat: float, srid: int) -> float:
    """Where true north lies on the map at a place, in degrees clockwise from the map's own north."""
    line = to_metric(shapely.LineString([(lon, lat), (lon, lat + 0.001)]), srid)
    (x0, y0), (x1, y1) = shapely.get_coordinates(line)
    return math.degrees(math.atan2(x1 - x0, y1 - y0))
