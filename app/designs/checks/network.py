"""The streets as a network: where one can drive from outside, and how far it is to walk.

A graph (networkx) of the street axes, in metres. Axes meet where they share a vertex, so a bridge does not
meet the street below it. An axis that cannot be driven (a footpath) is walked only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import networkx as nx
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from app.designs.checks.street import Street, Thing

Node = tuple[float, float]

# Ways that a fire engine does not drive, by OpenStreetMap's `highway`.
FOOT_ONLY = frozenset(("footway", "path", "pedestrian", "steps", "cycleway", "corridor", "bridleway"))
# Vertices this near each other are one: axes are drawn to the decimetre.
SAME_NODE_M = 0.1
# Beyond the area and this much around it a street leads to the rest of the town.
OUTSIDE_M = 60.0
# A thing this far from every axis is not in any street.
BESIDE_M = 25.0
# A line drawn along a street is about the axis this near to it.
BESIDE_DRAWN_M = 5.0


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of street between two junctions or ends; `line` runs from one to the other."""

    line: LineString
    axis: Thing
    drivable: bool


class Network:
    """The streets in and around an area."""

    def __init__(self, street: Street) -> None:
        self.graph = nx.MultiGraph()
        for axis in street.things("street_axis"):
            for line in shapely.get_parts(axis.geometry):
                if line.geom_type == "LineString" and line.length > SAME_NODE_M:
                    self._add(line, axis)
        self._split_at_junctions()
        self.sections: list[Section] = [section for *_, section in self.graph.edges(data="section")]
        self._tree = shapely.STRtree([section.line for section in self.sections])
        self.outside = self._ways_out(street.area)
        self._only_access: dict[int, bool] = {}

    def _add(self, line: LineString, axis: Thing) -> None:
        section = Section(line, axis, axis.attributes.get("highway") not in FOOT_ONLY)
        self.graph.add_edge(_node(line.coords[0]), _node(line.coords[-1]), section=section)

    def _split_at_junctions(self) -> None:
        """Cut every axis where another one meets it halfway."""
        uses: Counter[Node] = Counter()
        whole = [section for *_, section in self.graph.edges(data="section")]
        for section in whole:
            uses.update({_node(vertex) for vertex in section.line.coords})
        self.graph.clear()
        for section in whole:
            vertices = list(section.line.coords)
            start = 0
            for place in range(1, len(vertices)):
                if place == len(vertices) - 1 or uses[_node(vertices[place])] > 1:
                    self._add(LineString(vertices[start : place + 1]), section.axis)
                    start = place

    def _ways_out(self, area: BaseGeometry | None) -> frozenset[Node]:
        """Nodes beyond the surroundings of the area; without an area, the ends of all axes."""
        if area is None:
            return frozenset(node for node, degree in self.graph.degree if degree == 1)
        around = shapely.box(*area.buffer(OUTSIDE_M).bounds)
        return frozenset(node for node in self.graph if not around.covers(Point(node)))

    def junctions(self) -> list[Point]:
        """Where three or more pieces of drivable street meet."""
        return [
            Point(node)
            for node in self.graph
            if sum(section.drivable for *_, section in self.graph.edges(node, data="section")) >= 3
        ]

    def nearest(self, place: BaseGeometry, *, drivable: bool = False) -> Section | None:
        """The piece of street beside a place, at most `BESIDE_M` away."""
        near = self._tree.query(place, predicate="dwithin", distance=BESIDE_M)
        chosen = [self.sections[i] for i in near if self.sections[i].drivable or not drivable]
        return min(chosen, key=lambda section: section.line.distance(place), default=None)

    def reachable(self, closed: Iterable[BaseGeometry] = ()) -> BaseGeometry:
        """The drivable axes that one reaches from outside when nothing drives past these places, as lines."""
        graph = nx.MultiGraph(
            (start, end, {"section": section})
            for start, end, section in self.graph.edges(data="section")
            if section.drivable
        )
        for place in closed:
            _cut(graph, place)
        inside = set().union(
            *(nx.node_connected_component(graph, node) for node in self.outside if node in graph), set()
        )
        lines = [section.line for start, _end, section in graph.edges(data="section") if start in inside]
        return shapely.union_all(lines)

    def without_way(self, one_way: Sequence[LineString] = ()) -> BaseGeometry:
        """Drivable axes that one cannot drive into from outside, or not out of again, as lines.

        Directions are those of the map (`oneway`); along `one_way` lines one drives as they were drawn.
        """
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.outside)
        for *_, section in self.graph.edges(data="section"):
            if section.drivable:
                for there, back in _directions(section, one_way):
                    graph.add_edge(there, back)
        entered: set[Node] = set(self.outside)
        left: set[Node] = set(self.outside)
        for node in self.outside:
            entered |= nx.descendants(graph, node)
            left |= nx.ancestors(graph, node)
        return shapely.union_all(
            [
                section.line
                for section in self.sections
                if section.drivable
                and not any(start in entered and end in left for start, end in _directions(section, one_way))
            ]
        )

    @cached_property
    def driven(self) -> BaseGeometry:
        """The drivable axes that one reaches from outside as the streets are now, as lines."""
        return self.reachable()

    def is_only_access(self, section: Section) -> bool:
        """Whether something is cut off from outside when this piece of street is closed."""
        known = self._only_access.get(id(section))
        if known is None:
            without = self.reachable([section.line.interpolate(0.5, normalized=True)])
            known = self._only_access[id(section)] = bool(self.driven.length - without.length > SAME_NODE_M)
        return known

    def dead_end_m(self, place: BaseGeometry) -> float:
        """How far one has to drive back at most after this place is closed: to the nearest junction on
        either side.

        A side that is a way out or leads to a junction counts to there; the longest of both sides, in metres.
        """
        section = self.nearest(place, drivable=True)
        if section is None:
            return 0.0
        along = section.line.project(place.centroid)
        sides = (
            (_node(section.line.coords[0]), along),
            (_node(section.line.coords[-1]), section.line.length - along),
        )
        return max((distance for node, distance in sides if node not in self.outside), default=0.0)

    def walking(self, targets: Sequence[BaseGeometry], limit_m: float) -> Walk:
        """Walking distances to the nearest of some targets, over all axes, to `limit_m`."""
        graph = nx.Graph()
        for start, end, section in self.graph.edges(data="section"):
            length = section.line.length
            if not graph.has_edge(start, end) or graph[start][end]["length"] > length:
                graph.add_edge(start, end, length=length)
        starts: dict[Node, float] = {}
        for target in targets:
            for node, distance in self._steps_on(target):
                starts[node] = min(starts.get(node, float("inf")), distance)
        graph.add_edges_from(("source", node, {"length": distance}) for node, distance in starts.items())
        far: dict[Node, float] = {}
        if starts:
            far = nx.single_source_dijkstra_path_length(graph, "source", cutoff=limit_m, weight="length")
        return Walk(self, far, tuple(targets))

    def _steps_on(self, place: BaseGeometry) -> list[tuple[Node, float]]:
        section = self.nearest(place)
        if section is None:
            return []
        along, beside = section.line.project(place.centroid), section.line.distance(place)
        return [
            (_node(section.line.coords[0]), beside + along),
            (_node(section.line.coords[-1]), beside + section.line.length - along),
        ]


@dataclass(frozen=True, slots=True)
class Walk:
    """Distances on foot to the nearest of some targets."""

    network: Network
    far: dict[Node, float]
    targets: tuple[BaseGeometry, ...]

    def distance_m(self, place: BaseGeometry) -> float:
        """From a place, in metres, infinite beyond the limit; within one street along that street."""
        found = [self.far[node] + step for node, step in self.network._steps_on(place) if node in self.far]
        here = self.network.nearest(place)
        for target in self.targets:
            if here is not None and self.network.nearest(target) is here:
                along = abs(here.line.project(place.centroid) - here.line.project(target.centroid))
                found.append(along + here.line.distance(place) + here.line.distance(target))
        return min(found, default=float("inf"))


_networks: WeakKeyDictionary[Street, Network] = WeakKeyDictionary()


def network_of(street: Street) -> Network:
    """The network of a street's present situation, made once: designs do not move axes."""
    present = street.before or street
    if present not in _networks:
        _networks[present] = Network(present)
    return _networks[present]


def _node(vertex: Sequence[float]) -> Node:
    return (round(vertex[0] / SAME_NODE_M) * SAME_NODE_M, round(vertex[1] / SAME_NODE_M) * SAME_NODE_M)


def _directions(section: Section, one_way: Sequence[LineString]) -> list[tuple[Node, Node]]:
    """From where to where one may drive along a section."""
    start, end = _node(section.line.coords[0]), _node(section.line.coords[-1])
    for drawn in one_way:
        overlap = section.line.intersection(drawn.buffer(BESIDE_DRAWN_M)).length
        if overlap > section.line.length / 2 or overlap > drawn.length / 2:
            forward = section.line.project(Point(drawn.coords[0])) < section.line.project(
                Point(drawn.coords[-1])
            )
            return [(start, end)] if forward else [(end, start)]
    match str(section.axis.attributes.get("oneway", "")):
        case "yes" | "true" | "1":
            return [(start, end)]
        case "-1" | "reverse":
            return [(end, start)]
    return [(start, end), (end, start)]


def _cut(graph: nx.MultiGraph, place: BaseGeometry) -> None:
    """Take the nearest piece of street apart at a place: both stumps stay."""
    edges = [
        (section.line.distance(place), start, end, key, section)
        for start, end, key, section in graph.edges(keys=True, data="section")
    ]
    if not edges:
        return
    distance, start, end, key, section = min(edges, key=lambda edge: edge[0])
    if distance > BESIDE_M:
        return
    graph.remove_edge(start, end, key)
    along = section.line.project(place.centroid)
    first, last = _node(section.line.coords[0]), _node(section.line.coords[-1])
    for from_node, low, high, side in ((first, 0.0, along, -1), (last, along, section.line.length, 1)):
        if high - low > SAME_NODE_M:
            stump = LineString(substring(section.line, low, high).coords)
            # The open end is a node of its own: nothing passes here.
            graph.add_edge(
                from_node,
                (*place.centroid.coords[0][:2], side, key),
                section=Section(stump, section.axis, True),
            )
