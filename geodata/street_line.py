"""Which way a street runs at a place, and the line along its middle.

Where the map has the street's axis, that is it. Else the street's own shape tells: it runs square to the
shortest line between its sides, made precise by the edges beside it. Metres throughout; directions are
radians counterclockwise from the x-axis, and a street has no front: they count modulo pi.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, substring

from geodata.section import Thing

Floats = npt.NDArray[np.float64]

AXIS_WITHIN_M = 25.0
# Half the stretch of an axis that its direction is taken from: a kink in the drawing is no bend.
AXIS_HALF_M = 3.0
REACH_M = 30.0
OFFSETS_M = (-3.0, 0.0, 3.0)
EDGES_WITHIN_M = 12.0
EDGES_WITHIN_RAD = math.radians(20)
LEAST_EDGES_M = 5.0
STEP_M = 3.0
# Each way from where somebody looks; a street that goes on can be looked at from further on.
TRACE_M = 120.0
# A carriageway this much wider than before is a junction: go straight on there.
JUNCTION = 1.7
LONGEST_AXIS_TRACK_M = 600.0

ROADS = frozenset({"carriageway", "parking", "cycle_path", "rail"})
PATHS = frozenset({"pavement", "square", "driveway"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a street: on its middle, with the direction in which the street runs there."""

    origin: tuple[float, float]
    direction: float
    found_by: Literal["axis", "shape", "given"]


def place_on(things: Iterable[Thing], at: tuple[float, float]) -> Place | None:
    """The nearest place in the middle of a street; None where there is no street within reach."""
    known = list(things)
    axis = nearest_axis(known, at)
    if axis is not None:
        along = axis.project(Point(at))
        here = axis.interpolate(along)
        return Place((here.x, here.y), direction_along(axis, along), "axis")
    return _by_shape(known, at)


def nearest_axis(things: Iterable[Thing], at: tuple[float, float]) -> LineString | None:
    """The street line nearest to a place: all ways with its name that join up, as one line."""
    here = Point(at)
    axes = [
        (part, thing.attributes.get("name"))
        for thing in things
        if thing.kind == "street_axis"
        for part in shapely.get_parts(thing.geometry)
        if part.geom_type == "LineString" and part.length > 0
    ]
    if not axes:
        return None
    nearest, name = min(axes, key=lambda axis: axis[0].distance(here))
    if nearest.distance(here) > AXIS_WITHIN_M:
        return None
    same = [line for line, own in axes if own == name] if name else [nearest]
    merged = linemerge(same) if len(same) > 1 else nearest
    found: LineString = min(shapely.get_parts(merged), key=lambda line: (line.distance(here), -line.length))
    return found


def direction_along(line: LineString, along: float) -> float:
    """Which way a line runs, from a few metres before a place to a few metres past it."""
    start = line.interpolate(max(0.0, along - AXIS_HALF_M))
    stop = line.interpolate(min(line.length, along + AXIS_HALF_M))
    return math.atan2(stop.y - start.y, stop.x - start.x)


def track(things: Iterable[Thing], place: Place, within: BaseGeometry | None = None) -> LineString:
    """The line along the street to slide along, through `place`, inside `within` where that can be.

    It runs eastward, or northward where it does not: then its start is left on a map that lies level.
    """
    known = list(things)
    if place.found_by == "axis":
        axis = nearest_axis(known, place.origin)
        line = _around(axis, place.origin) if axis is not None else _trace(known, place)
    else:
        line = _trace(known, place)
    if within is not None:
        here = Point(place.origin)
        inside = [part for part in shapely.get_parts(line.intersection(within)) if part.length > 1]
        if inside:
            line = min(inside, key=lambda part: part.distance(here))
    return _eastward(line)


def _around(axis: LineString, origin: tuple[float, float]) -> LineString:
    along = axis.project(Point(origin))
    half = LONGEST_AXIS_TRACK_M / 2
    part = substring(axis, max(0.0, along - half), min(axis.length, along + half))
    return LineString(part.coords)


def _eastward(line: LineString) -> LineString:
    (x, y), (x1, y1) = line.coords[0], line.coords[-1]
    east, north = x1 - x, y1 - y
    if east < -1e-6 or (abs(east) <= 1e-6 and north < 0):
        return LineString(list(line.coords)[::-1])
    return line


# --- A street without an axis ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """What bounds a street: where one can drive (or walk), and what lies between the façades."""

    rooms: tuple[BaseGeometry, ...]
    edges: BaseGeometry


def _shape(things: Sequence[Thing], around: BaseGeometry) -> _Shape | None:
    near = [thing for thing in things if thing.geometry.intersects(around)]
    roads = [thing.geometry for thing in near if thing.kind in ROADS and thing.geometry.area]
    roads = roads or [thing.geometry for thing in near if thing.kind in PATHS and thing.geometry.area]
    if not roads:
        return None
    # Closed over hair cracks between neighbouring surfaces.
    # Of large surfaces only what lies near by, and no more corners than matter.
    window = around.bounds
    clipped = [shapely.clip_by_rect(road, *window) for road in roads]
    road = shapely.buffer(shapely.union_all(shapely.buffer(clipped, 0.05)), -0.05).simplify(0.02)
    buildings = shapely.union_all([thing.geometry for thing in near if thing.kind == "building"])
    rooms = (road,) if buildings.is_empty else (road, around.difference(buildings))
    lines = [road.boundary] if buildings.is_empty else [road.boundary, buildings.boundary]
    return _Shape(rooms, shapely.union_all(lines))


def _by_shape(things: Sequence[Thing], at: tuple[float, float]) -> Place | None:
    shape = _shape(things, Point(at).buffer(REACH_M + EDGES_WITHIN_M))
    if shape is None:
        return None
    road = shape.rooms[0]
    here = Point(at)
    if road.distance(here) > AXIS_WITHIN_M:
        return None
    on_road = shapely.get_point(shapely.shortest_line(here, road), 1) if not road.intersects(here) else here
    if not road.intersects(here):
        # A step inward, so that lines across it have a length.
        way = np.array([on_road.x - here.x, on_road.y - here.y]) / max(here.distance(on_road), 1e-9)
        on_road = Point(on_road.x + way[0] * 0.5, on_road.y + way[1] * 0.5)
    direction = _best(shape, (on_road.x, on_road.y))
    middle = _middle(road, (on_road.x, on_road.y), direction) or (on_road.x, on_road.y)
    return Place(middle, _by_edges(shape.edges, middle, direction), "shape")


def _best(shape: _Shape, at: tuple[float, float]) -> float:
    """The direction in which lines across the street are shortest, then that of the edges beside it."""
    coarse = np.radians(np.arange(0, 180, 10))
    found = float(coarse[np.argmin(_narrowness(shape, at, coarse))])
    fine = found + np.radians(np.arange(-8, 9, 2))
    found = float(fine[np.argmin(_narrowness(shape, at, fine))])
    return _by_edges(shape.edges, at, found)


def _narrowness(shape: _Shape, at: tuple[float, float], directions: Floats) -> Floats:
    """How long the lines across are, per direction; each kind of room counts from its own shortest line."""
    total = np.zeros(len(directions))
    for room in shape.rooms:
        widths = np.array([_width(room, at, float(direction)) for direction in directions])
        if np.isfinite(widths).any():
            least = max(float(np.nanmin(np.where(np.isfinite(widths), widths, np.nan))), 0.1)
            total += np.where(np.isfinite(widths), widths / least, 10.0)
    return total


def _width(room: BaseGeometry, at: tuple[float, float], direction: float) -> float:
    """Mean length of three lines across, a few metres apart along the street."""
    cos, sin = math.cos(direction), math.sin(direction)
    found = []
    for offset in OFFSETS_M:
        stretch = _stretch(room, (at[0] + cos * offset, at[1] + sin * offset), direction)
        if stretch is not None:
            found.append(stretch[1] - stretch[0])
    return sum(found) / len(found) if found else math.inf


def _stretch(room: BaseGeometry, at: tuple[float, float], direction: float) -> tuple[float, float] | None:
    """From where to where the line across through `at` lies in the room, in metres to the left of `at`."""
    across = (-math.sin(direction), math.cos(direction))
    ends = [(at[0] + across[0] * reach, at[1] + across[1] * reach) for reach in (-REACH_M, REACH_M)]
    line = LineString(ends)
    # What lies further away would only make the overlay slow.
    near = shapely.clip_by_rect(room, *line.buffer(1, cap_style="square").bounds)
    for part in shapely.get_parts(near.intersection(line)):
        if part.geom_type != "LineString" or part.is_empty:
            continue
        xy = shapely.get_coordinates(part)
        places = (xy[:, 0] - at[0]) * across[0] + (xy[:, 1] - at[1]) * across[1]
        if places.min() <= 0.01 and places.max() >= -0.01:
            return float(places.min()), float(places.max())
    return None


def _by_edges(edges: BaseGeometry, at: tuple[float, float], coarse: float) -> float:
    """The mean direction of the edges around a place that run about this way, long ones counting more."""
    near = edges.intersection(Point(at).buffer(EDGES_WITHIN_M))
    total = 0j
    length = 0.0
    for part in shapely.get_parts(near):
        if part.geom_type != "LineString":
            continue
        xy = shapely.get_coordinates(part)
        for step in np.diff(xy, axis=0):
            size = float(np.hypot(*step))
            angle = math.atan2(step[1], step[0])
            if size > 0 and abs(_difference(angle, coarse)) <= EDGES_WITHIN_RAD:
                total += size * complex(math.cos(2 * angle), math.sin(2 * angle))
                length += size
    if length < LEAST_EDGES_M:
        return coarse
    refined = math.atan2(total.imag, total.real) / 2
    return coarse + _difference(refined, coarse)


def _difference(one: float, other: float) -> float:
    """The smallest turn from one direction to another; a street has no front."""
    return (one - other + math.pi / 2) % math.pi - math.pi / 2


def _middle(road: BaseGeometry, at: tuple[float, float], direction: float) -> tuple[float, float] | None:
    stretch = _stretch(road, at, direction)
    if stretch is None:
        return None
    half = (stretch[0] + stretch[1]) / 2
    return (at[0] - math.sin(direction) * half, at[1] + math.cos(direction) * half)


def _trace(things: Sequence[Thing], place: Place) -> LineString:
    """Walks along the middle of the road, both ways, until it ends."""
    shape = _shape(things, Point(place.origin).buffer(TRACE_M + REACH_M))
    if shape is None:
        dx, dy = math.cos(place.direction) * STEP_M, math.sin(place.direction) * STEP_M
        x, y = place.origin
        return LineString([(x - dx, y - dy), (x + dx, y + dy)])
    ahead = _walk(shape, place.origin, place.direction)
    back = _walk(shape, place.origin, place.direction + math.pi)
    points = [*reversed(back), place.origin, *ahead]
    if len(points) < 2:
        return LineString([place.origin, (place.origin[0] + 0.01, place.origin[1])])
    return LineString(LineString(points).simplify(0.05).coords)


def _walk(shape: _Shape, start: tuple[float, float], direction: float) -> list[tuple[float, float]]:
    road = shape.rooms[0]
    at, found = start, []
    first = _stretch(road, at, direction)
    usual = first[1] - first[0] if first else math.inf
    for _ in range(int(TRACE_M / STEP_M)):
        at = (at[0] + math.cos(direction) * STEP_M, at[1] + math.sin(direction) * STEP_M)
        stretch = _stretch(road, at, direction)
        if stretch is None:
            break
        width = stretch[1] - stretch[0]
        if width <= usual * JUNCTION:
            direction = _by_edges(shape.edges, at, direction)
            shift = min(max((stretch[0] + stretch[1]) / 2, -0.75), 0.75)
            at = (at[0] - math.sin(direction) * shift, at[1] + math.cos(direction) * shift)
            usual += (width - usual) * 0.2
        found.append(at)
    return found
