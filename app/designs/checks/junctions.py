"""Junctions as drivers meet them: their corners, where the kerb lines of two streets cross, and their ground.

From the street axes, and the carriageway's edges some metres into each street (where the kerb is straight
again), measured on the present map. Metres. Exits and footpaths make no junction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from app.designs.checks.measure import ground_in, middle
from app.designs.checks.network import Network, Section, network_of
from app.designs.checks.street import Street, Thing

# A crossing that the map knows as a point lies square to the axis this near to it.
ON_AXIS_M = 5.0
# An exit of a car park or a yard is no junction in the sense of traffic law.
NO_STREET = frozenset(("service", "pedestrian"))
# Where a street's width is measured, past the rounding of the kerb.
MEASURED_AT_M = 12.0
WIDEST_HALF_M = 12.0
# Half the carriageway where neither ground nor map tells its width. An assumption.
HALF_WIDTH_M = 2.5
# Two branches in one line have no corner between them.
STRAIGHT_SIN = 0.2
FARTHEST_CORNER_M = 30.0

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Corner:
    """Where two kerb lines cross; `ways` lead along them away from the junction (unit vectors).

    `speed_kmh` is the higher limit of both streets, None where one of them is not known.
    """

    at: Point
    ways: tuple[Pair, Pair]
    speed_kmh: float | None

    def triangle(self, leg_m: float) -> Polygon:
        """The ground over which drivers see each other, `leg_m` along both kerbs."""
        x, y = self.at.x, self.at.y
        return Polygon([(x, y), *((x + dx * leg_m, y + dy * leg_m) for dx, dy in self.ways)])


@dataclass(frozen=True, slots=True)
class Junction:
    """One junction: the ground between its corners, and the corners that have a block behind them."""

    at: Point
    area: BaseGeometry
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class _Branch:
    """A street as it leaves a junction: direction, the offset of its kerbs to the left and right, speed."""

    way: Pair
    left_m: float
    right_m: float
    speed_kmh: float | None

    @property
    def angle(self) -> float:
        return math.atan2(self.way[1], self.way[0])


class _Junctions:
    """The junctions of one street, each worked out when something comes near it."""

    def __init__(self, street: Street) -> None:
        network = network_of(street)
        branching = [node for node in network.graph if network.graph.degree(node) >= 3]
        self.nodes = {node: _middle(network, node) for node in branching}
        self.points = shapely.points(np.array(list(self.nodes.values())).reshape(-1, 2))
        self.known: dict[Pair, Junction | None] = {}

    def near(self, street: Street, place: BaseGeometry, within_m: float) -> list[Junction]:
        nodes = list(self.nodes)
        found = []
        for number in np.flatnonzero(shapely.dwithin(self.points, place, within_m)):
            node = nodes[number]
            if node not in self.known:
                self.known[node] = _junction(street, network_of(street), node)
            junction = self.known[node]
            if junction is not None:
                found.append(junction)
        return found


_found: WeakKeyDictionary[Street, _Junctions] = WeakKeyDictionary()


def junctions_near(street: Street, place: BaseGeometry, within_m: float) -> list[Junction]:
    """Junctions whose middle lies within a distance of a place, on the street as it is now."""
    kept = _found.get(street)
    if kept is None:
        kept = _found[street] = _Junctions(street)
    return kept.near(street, place, within_m)


def speed_kmh(axis: Thing) -> float | None:
    """The speed limit that the map gives a street axis: `30` or `20 mph`; None for anything else."""
    said = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*(mph)?\s*", str(axis.attributes.get("maxspeed", "")))
    if said is None or not 1 <= float(said[1]) <= 200:
        return None
    return float(said[1]) * (1.609 if said[2] else 1.0)


def crossing_ground(street: Street, crossing: Thing) -> BaseGeometry:
    """The ground of a crossing; of one that is only a point, a line across the carriageway."""
    if crossing.geometry.geom_type != "Point":
        return crossing.footprint
    at = middle(crossing)
    nearest = street.nearest(at, ON_AXIS_M, "street_axis")
    if nearest is None or nearest[0].geometry.length < 1:
        return at
    axis = shapely.get_parts(nearest[0].geometry)
    line = min(axis, key=at.distance)
    along = line.project(at)
    a, b = line.interpolate(max(along - 1, 0)), line.interpolate(min(along + 1, line.length))
    length = a.distance(b)
    if length < 0.1:
        return at
    dx, dy = (b.x - a.x) / length * 10, (b.y - a.y) / length * 10
    ray = LineString([(at.x + dy, at.y - dx), (at.x - dy, at.y + dx)])
    road = ground_in(street, ray.buffer(1, quad_segs=1), "carriageway", "parking", "cycle_path")
    inside = [part for part in shapely.get_parts(ray.intersection(road)) if part.dwithin(at, 0.5)]
    return shapely.union_all([at, *inside])


def _junction(street: Street, network: Network, node: Pair) -> Junction | None:
    branches = sorted(_branches(street, network, node), key=lambda branch: branch.angle)
    if len(branches) < 3:
        return None
    at = Point(_middle(network, node))
    corners: list[Corner] = []
    outline: list[Pair] = []
    straight: list[tuple[Pair, Pair]] = []
    for number, branch in enumerate(branches):
        other = branches[(number + 1) % len(branches)]
        left, right = _beside(at, branch, branch.left_m), _beside(at, other, -other.right_m)
        corner = _crossing(left, branch.way, right, other.way)
        if corner is None:
            straight += [(left, branch.way), (right, other.way)]
            continue
        outline.append(corner)
        speeds = (branch.speed_kmh, other.speed_kmh)
        known = [speed for speed in speeds if speed is not None]
        speed = max(known) if len(known) == len(speeds) else None
        corners.append(Corner(Point(corner), (branch.way, other.way), speed))
    # Opposite a side street the junction is as wide as that street.
    outline += [_foot(corner, *kerb) for kerb in straight for corner in [*outline, (at.x, at.y)]]
    return Junction(at, MultiPoint(outline).convex_hull, tuple(corners))


def _foot(point: Pair, on: Pair, way: Pair) -> Pair:
    """The point of a line nearest to a point."""
    along = (point[0] - on[0]) * way[0] + (point[1] - on[1]) * way[1]
    return (on[0] + way[0] * along, on[1] + way[1] * along)


def _middle(network: Network, node: Pair) -> Pair:
    """The vertex itself: the network rounds its nodes."""
    for *_, section in network.graph.edges(node, data="section"):
        for vertex in (section.line.coords[0], section.line.coords[-1]):
            if math.dist(vertex[:2], node) < 0.2:
                return (vertex[0], vertex[1])
    return node


def _branches(street: Street, network: Network, node: Pair) -> Iterable[_Branch]:
    at = _middle(network, node)
    for *_, section in network.graph.edges(node, data="section"):
        if not section.drivable or section.axis.attributes.get("highway") in NO_STREET:
            continue
        for reverse in (False, True):
            line: LineString = section.line.reverse() if reverse else section.line
            if math.dist(line.coords[0][:2], at) < 0.2:
                branch = _branch(street, section, line)
                if branch is not None:
                    yield branch


def _branch(street: Street, section: Section, line: LineString) -> _Branch | None:
    far = min(MEASURED_AT_M, line.length * 0.8)
    start, there = line.coords[0], line.interpolate(far)
    ahead = line.interpolate(min(far + 1.0, line.length))
    dx, dy = ahead.x - start[0], ahead.y - start[1]
    length = math.hypot(dx, dy)
    if length < 0.5:
        return None
    way = (dx / length, dy / length)
    window = there.buffer(WIDEST_HALF_M, quad_segs=1)
    road = ground_in(street, window, "carriageway")
    left, right = (_offset(road, there, way, sign) for sign in (1.0, -1.0))
    told = section.axis.number("carriageway_width_m")
    other = min(told / 2, WIDEST_HALF_M) if told is not None else HALF_WIDTH_M
    return _Branch(way, left or other, right or other, speed_kmh(section.axis))


def _offset(road: BaseGeometry, at: Point, way: Pair, sign: float) -> float | None:
    """From the axis to the edge of the carriageway, on the left (+1) or right (-1); None off the road."""
    across = (-way[1] * sign, way[0] * sign)
    ray = LineString([(at.x, at.y), (at.x + across[0] * WIDEST_HALF_M, at.y + across[1] * WIDEST_HALF_M)])
    for part in shapely.get_parts(shapely.intersection(ray, road)):
        if part.geom_type == "LineString" and part.distance(at) < 0.5 and part.length > 0.2:
            return float(part.distance(at) + part.length)
    return None


def _beside(at: Point, branch: _Branch, offset_m: float) -> Pair:
    """A point on a branch's kerb line, `offset_m` to the left of its axis."""
    return (at.x - branch.way[1] * offset_m, at.y + branch.way[0] * offset_m)


def _crossing(a: Pair, way: Pair, b: Pair, other: Pair) -> Pair | None:
    """Where two kerb lines cross ahead; None where the streets lie in one line, or there is no block."""
    cross = way[0] * other[1] - way[1] * other[0]
    if cross < STRAIGHT_SIN:
        return None
    s = ((b[0] - a[0]) * other[1] - (b[1] - a[1]) * other[0]) / cross
    if abs(s) > FARTHEST_CORNER_M:
        return None
    return (a[0] + way[0] * s, a[1] + way[1] * s)
