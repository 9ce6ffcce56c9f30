"""The street between its façades, from a centre line, its tags and the buildings beside it.

Input and output are in metres (the place's metric system). For every street: the carriageway around the line,
parking bays and cycle tracks beside it, and pavement from there to the façade. Everything is an estimate.
Surfaces never overlap: the carriageway beats parking, parking beats cycle paths, those beat pavement, and
nothing lies under a building.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, STRtree
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geodata.crs import WGS84, reproject
from geodata.model import Certainty, Progress, Value
from geodata.osm_kinds import AXES, CAR_ROADS, CYCLEWAYS, metres
from geodata.repair import keep_dimension
from geodata.widths import SIDES, Parking, Profile, Side, default, profile

Shapes = npt.NDArray[Any]

# Overlay on a grid of 1 mm: exact enough for a street and safe from the numerical trouble of slivers.
GRID_M = 0.001
SMALLEST_M2 = 0.5
# A bay of which more than this part is taken by something else is no bay.
MOST_TAKEN = 0.1
SAMPLE_M = 8.0
SMALLEST_PARK_M2 = 500.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A street or path as a line; `nodes` are the ids of its points, in order, to find junctions with."""

    way_id: int
    highway: str
    tags: Mapping[str, str]
    line: LineString
    nodes: tuple[int, ...]

    def to(self, srid: int) -> Axis:
        """The same axis from EPSG:4326 in metres."""
        return replace(self, line=LineString(shapely.get_coordinates(reproject(self.line, WGS84, srid))))


@dataclass(frozen=True, slots=True)
class Derived:
    """A surface or axis in metres."""

    kind: str
    source_id: str
    geometry: BaseGeometry
    name: str | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    certainty: Certainty = "estimated"


@dataclass(slots=True)
class _Street:
    """One axis with its cross-section and what is beside it."""

    axis: Axis
    profile: Profile
    facade_m: dict[Side, float | None]
    # The nearer of façade, park and water: where pavement ends at the latest.
    edge_m: dict[Side, float | None]

    @property
    def half_m(self) -> float:
        """Half the carriageway: less than its tags give where the façades leave no room for it."""
        half = self.profile.carriageway_m / 2
        if not self.profile.carriageway_tagged:
            for side in SIDES:
                facade = self.facade_m[side]
                if facade is not None:
                    half = min(half, max(1.25, facade - self.beside_m(side) - default("pavement_min")))
        return half

    def bays_m(self, side: Side) -> float:
        bay = self.profile.parking[side]
        return bay.depth_m if bay else 0.0

    def track_m(self, side: Side) -> float:
        """How wide the cycle track along one side is; only streets for cars have one."""
        return self.profile.cycle_m[side] if self.axis.highway in CAR_ROADS else 0.0

    def beside_m(self, side: Side) -> float:
        """What lies between carriageway and pavement: bays, and a cycle track behind them."""
        return self.bays_m(side) + self.track_m(side)

    def reach_m(self, side: Side) -> float:
        """How far the street reaches on one side, from the axis: to the façade or park when that is near."""
        inner = self.half_m + self.beside_m(side)
        facade, edge = self.facade_m[side], self.edge_m[side]
        if not self.profile.pavement[side]:
            return inner
        if (
            edge is not None
            and edge != facade
            and default("pavement_min") <= edge - inner <= default("pavement_max")
        ):
            return edge
        if facade is not None and facade - inner <= default("pavement_max"):
            # A little further, so that the pavement ends at the wall and not just before it.
            return max(inner, facade + 0.5)
        return inner + default("pavement")


def derive(
    axes: Sequence[Axis], drawn: Iterable[tuple[str, BaseGeometry]], progress: Progress | None = None
) -> list[Derived]:
    """Axes and surfaces of all streets. `drawn`: kind and geometry of what the map already holds."""
    known: dict[str, list[BaseGeometry]] = defaultdict(list)
    for kind, geometry in drawn:
        if kind == "crossing":
            known[kind].append(geometry)
        elif shapely.get_dimensions(geometry) == 2:
            known[kind].append(_area(shapely.set_precision(geometry, GRID_M)))
    fixed = {kind: _shapes(shapes) for kind, shapes in known.items()}
    buildings = fixed.get("building", _shapes(()))
    streets = _streets([axis for axis in axes if axis.highway in AXES], buildings, _edges(fixed))
    paths = [axis for axis in axes if axis.highway not in AXES]
    steps = 5

    def tell(step: int) -> None:
        if progress:
            progress("corridor", step, steps)

    tell(1)
    roads, squares = _carriageways(streets, buildings, fixed)
    tell(2)
    bays = _bays(streets, fixed, _of(roads))
    tell(3)
    cycle, foot = _paths(paths)
    above = _joined(
        _of(roads), _of(bays), buildings, *(fixed.get(kind, _shapes(())) for kind in ("parking", "water"))
    )
    # What is drawn is known better than what a tag tells.
    lanes = _cleaned([*cycle, *_tracks(streets)], _joined(above, fixed.get("cycle_path", _shapes(()))))
    tell(4)
    taken = _joined(
        above,
        _of(lanes),
        *(fixed.get(kind, _shapes(())) for kind in ("square", "pavement", "carriageway", "cycle_path")),
    )
    pavements = _cleaned([*squares, *_pavements(streets), *foot], taken)
    tell(5)
    return [*map(_axis, streets), *roads, *bays, *lanes, *pavements]


def corridors(
    axes: Sequence[Axis], buildings: Iterable[BaseGeometry], edges: Iterable[BaseGeometry] = ()
) -> dict[int, BaseGeometry]:
    """Per way the whole street: between the façades where they are near, else as wide as its parts."""
    shapes = _shapes(buildings)
    streets = _streets([axis for axis in axes if axis.highway in AXES], shapes, _shapes(edges))
    return {street.axis.way_id: _corridor(street) for street in streets}


def _corridor(street: _Street) -> BaseGeometry:
    # On hairpin bends a wide strip can miss part of a narrow one: the street holds both.
    widths = [
        (side, width)
        for side in SIDES
        for width in (street.reach_m(side), street.half_m + street.beside_m(side))
    ]
    sides = [_strip(street, side, width) for side, width in widths]
    return shapely.union_all([shapely.buffer(street.axis.line, street.half_m), *sides], grid_size=GRID_M)


def _axis(street: _Street) -> Derived:
    tags, axis = street.axis.tags, street.axis
    attributes: dict[str, Value] = {
        "highway": axis.highway,
        "carriageway_width_m": round(street.half_m * 2, 2),
    }
    for key in ("oneway", "lanes", "maxspeed", "surface"):
        if tags.get(key):
            attributes[key] = tags[key]
    left, right = (street.facade_m[side] for side in SIDES)
    if left is not None and right is not None:
        attributes["facade_to_facade_m"] = round(left + right, 1)
    return Derived("street_axis", f"way/{axis.way_id}", axis.line, tags.get("name"), attributes, "measured")


# --- Façades -----------------------------------------------------------------------------------------------


def _edges(fixed: Mapping[str, Shapes]) -> Shapes:
    """Parks and water: large enough not to be a verge or planting bed inside the street."""
    green = fixed.get("green", _shapes(()))
    large = green[shapely.area(green) >= SMALLEST_PARK_M2] if len(green) else green
    return _joined(large, fixed.get("water", _shapes(())))


def _streets(axes: Sequence[Axis], buildings: Shapes, edges: Shapes) -> list[_Street]:
    facades = _facades(axes, buildings)
    limits = _facades(axes, _joined(buildings, edges)) if len(edges) else facades
    streets = [
        _Street(axis, profile(axis.highway, axis.tags), facades[at], limits[at])
        for at, axis in enumerate(axes)
    ]
    # Through roads first: at a junction the carriageway belongs to the most important road.
    rank = {name: at for at, name in enumerate(_RANK)}
    return sorted(streets, key=lambda street: (rank.get(street.axis.highway, len(rank)), street.axis.way_id))


_RANK = [
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "motorway_link",
    "trunk_link",
    "primary_link",
    "secondary_link",
    "tertiary_link",
    "busway",
    "unclassified",
    "residential",
    "road",
    "living_street",
    "service",
    "pedestrian",
]


def _facades(axes: Sequence[Axis], buildings: Shapes) -> list[dict[Side, float | None]]:
    """Per axis and side the usual distance to the façade (metres), None where most of that side is open."""
    reach = default("facade_reach")
    owners: list[int] = []
    starts: list[npt.NDArray[np.float64]] = []
    normals: list[npt.NDArray[np.float64]] = []
    for at, axis in enumerate(axes):
        points, normal = _samples(axis.line)
        owners += [at] * len(points)
        starts.append(points)
        normals.append(normal)
    none: list[dict[Side, float | None]] = [{"left": None, "right": None} for _ in axes]
    if not owners or not len(buildings):
        return none
    start, normal, owner = np.vstack(starts), np.vstack(normals), np.array(owners)
    tree = STRtree(buildings)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        distance = _hit(tree, buildings, start, start + sign * reach * normal)
        for at, seen in enumerate(np.split(distance, np.searchsorted(owner, np.arange(1, len(axes))))):
            if len(seen) and np.isfinite(seen).mean() >= 0.5:
                none[at][side] = float(np.median(seen[np.isfinite(seen)]))  # type: ignore[index]
    return none


def _samples(line: LineString) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Points along a line and the unit normals to its left."""
    count = max(1, int(line.length // SAMPLE_M))
    at = (np.arange(count) + 0.5) / count * line.length
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(at + 0.5, line.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at - 0.5, 0)))
    along = ahead - behind
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / np.where(length == 0, 1, length)[:, None]
    return points, np.column_stack((-along[:, 1], along[:, 0]))


def _hit(
    tree: STRtree, buildings: Shapes, start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Distance from each start to the first building on the way to its end; infinite where there is none."""
    rays = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)), dtype=object)
    ray, building = tree.query(rays, predicate="intersects")
    crossing = shapely.intersection(rays[ray], buildings[building])
    distance = shapely.distance(shapely.points(start[ray]), crossing)
    nearest = np.full(len(rays), np.inf)
    np.minimum.at(nearest, ray, distance)
    # A line that starts inside a building (a passage) says nothing about the street's width.
    nearest[nearest < 0.5] = np.inf
    return nearest


# --- Surfaces -----------------------------------------------------------------------------------------------


def _carriageways(
    streets: Sequence[_Street], buildings: Shapes, fixed: Mapping[str, Shapes]
) -> tuple[list[Derived], list[Derived]]:
    """Carriageways, and the surfaces of streets that are only for walking."""
    roads, squares = [], []
    ends = _ends(streets)
    for street in streets:
        axis = street.axis
        shape = _band(street, ends)
        attributes: dict[str, Value] = {"width_m": round(street.half_m * 2, 2), "highway": axis.highway}
        if street.axis.tags.get("surface"):
            attributes["surface"] = street.axis.tags["surface"]
        if axis.highway in CAR_ROADS:
            roads.append(_derived("carriageway", axis, "carriageway", shape, attributes))
        else:
            squares.append(_derived("pavement", axis, "pedestrian", shape, attributes))
    return _cleaned(roads, _joined(buildings, fixed.get("carriageway", _shapes(())))), squares


def _ends(streets: Sequence[_Street]) -> dict[int, list[tuple[int, float]]]:
    """Per point where streets touch: way and half width of each of them."""
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for street in streets:
        for node in dict.fromkeys(street.axis.nodes):
            found[node].append((street.axis.way_id, street.half_m))
    return found


def _band(street: _Street, ends: Mapping[int, Sequence[tuple[int, float]]]) -> BaseGeometry:
    """The line made wide, rounded at its ends only as far as the street it goes on in is wide."""
    axis, half = street.axis, street.half_m
    parts = [shapely.buffer(axis.line, half, quad_segs=6, cap_style="flat")]
    points = shapely.get_coordinates(axis.line)
    for at in (0, -1):
        others = [width for way, width in ends[axis.nodes[at]] if way != axis.way_id]
        if others:
            parts.append(shapely.buffer(shapely.Point(points[at]), min(half, max(others)), quad_segs=6))
    return shapely.union_all(parts, grid_size=GRID_M)


def _derived(
    kind: str, axis: Axis, part: str, shape: BaseGeometry, attributes: dict[str, Value] | None = None
) -> Derived:
    return Derived(kind, f"corridor/{axis.way_id}/{part}", shape, axis.tags.get("name"), attributes or {})


def _strip(street: _Street, side: Side, width_m: float) -> BaseGeometry:
    """The strip of this width along one side of the axis."""
    line = street.axis.line
    if width_m <= 0:
        return shapely.Polygon()
    if not line.is_closed:
        return _one_side(line, side, width_m)
    # A ring has no sides for a buffer; its two halves have.
    halves = [substring(line, start, start + 0.5, normalized=True) for start in (0, 0.5)]
    return shapely.union_all([_one_side(half, side, width_m) for half in halves], grid_size=GRID_M)


def _one_side(line: BaseGeometry, side: Side, width_m: float) -> BaseGeometry:
    flat = shapely.buffer(line, width_m if side == "left" else -width_m, single_sided=True)
    # On sharp bends a one-sided buffer can run wild: never outside the two-sided one.
    tame = shapely.intersection(
        _area(shapely.make_valid(flat)), shapely.buffer(line, width_m), grid_size=GRID_M
    )
    return _area(tame)


def _area(shape: BaseGeometry) -> BaseGeometry:
    """Only what has an area: overlays and repairs leave lines and points behind."""
    return keep_dimension(shape, "area") or shapely.Polygon()


def _pavements(streets: Sequence[_Street]) -> list[Derived]:
    found = []
    for street in streets:
        for side in SIDES:
            inner = street.half_m + street.beside_m(side)
            reach = street.reach_m(side)
            if street.profile.pavement[side] and reach - inner >= default("pavement_min"):
                facade = street.facade_m[side]
                width = (reach if facade is None else min(reach, facade)) - inner
                attributes: dict[str, Value] = {"side": side, "width_m": round(width, 2)}
                strip = _strip(street, side, reach)
                found.append(_derived("pavement", street.axis, f"pavement/{side}", strip, attributes))
    return found


def _tracks(streets: Sequence[_Street]) -> list[Derived]:
    """Cycle tracks that are a tag of their street: behind the bays, or at the kerb where there are none."""
    found = []
    for street in streets:
        for side in SIDES:
            width = street.track_m(side)
            if not width:
                continue
            inner = street.half_m + street.bays_m(side)
            # Between two bays the ground before the track is no part of it.
            strip = shapely.difference(
                _strip(street, side, inner + width), _strip(street, side, inner), grid_size=GRID_M
            )
            attributes: dict[str, Value] = {"side": side, "width_m": width, "highway": "cycleway"}
            found.append(_derived("cycle_path", street.axis, f"cycle_path/{side}", strip, attributes))
    return found


def _paths(axes: Sequence[Axis]) -> tuple[list[Derived], list[Derived]]:
    """Cycle paths and footways that are drawn as lines, widened."""
    cycle, foot = [], []
    for axis in sorted(axes, key=lambda axis: axis.way_id):
        width = path_width_m(axis)
        shape = shapely.buffer(axis.line, width / 2, quad_segs=4)
        attributes: dict[str, Value] = {"width_m": width, "highway": axis.highway}
        if axis.highway in CYCLEWAYS:
            cycle.append(_derived("cycle_path", axis, "path", shape, attributes))
        else:
            foot.append(_derived("pavement", axis, "path", shape, attributes))
    return cycle, foot


def path_width_m(axis: Axis) -> float:
    """Width of a path: tagged, else the default for its kind."""
    tagged = metres(axis.tags.get("width"))
    if tagged is not None and 0.5 <= tagged <= 20:
        return tagged
    if axis.highway in CYCLEWAYS:
        return default("cycle_path" if axis.tags.get("oneway") == "yes" else "cycle_path_twoway")
    return default("steps" if axis.highway == "steps" else "footway")


# --- Parking bays
# -----------------------------------------------------------------------------------------------


def _bays(streets: Sequence[_Street], fixed: Mapping[str, Shapes], roads: Shapes) -> list[Derived]:
    """Single bays along the kerb: not at junctions, driveways and crossings, nor on water."""
    closed = _Closed(streets, fixed.get("crossing", _shapes(())))
    found: list[Derived] = []
    for street in streets:
        for side in SIDES:
            bay = street.profile.parking[side]
            if bay and street.axis.highway in CAR_ROADS:
                found += _row(street, side, bay, closed.of(street))
    taken = _joined(roads, *(fixed.get(kind, _shapes(())) for kind in ("building", "water", "parking")))
    return _cleaned(found, taken, most_taken=MOST_TAKEN)


def _row(street: _Street, side: Side, bay: Parking, closed: Sequence[tuple[float, float]]) -> list[Derived]:
    line = street.axis.line
    count = int(line.length // bay.length_m)
    first = (line.length - count * bay.length_m) / 2
    inner = street.half_m
    sign = 1.0 if side == "left" else -1.0
    strip = _strip(street, side, inner + bay.depth_m)
    found = []
    for number in range(count):
        start = first + number * bay.length_m
        end = start + bay.length_m
        if any(start < until and end > since for since, until in closed):
            continue
        shape = _quad(line, start, end, sign * inner, sign * (inner + bay.depth_m))
        if shape is None:
            continue
        # In a bend a straight bay can reach out of its strip: a little is cut off, more is no bay.
        inside = shapely.intersection(shape, strip, grid_size=GRID_M)
        if inside.area < (1 - MOST_TAKEN) * shape.area:
            continue
        shape = shape if inside.area > 0.999 * shape.area else _area(inside)
        attributes: dict[str, Value] = {"side": side, "orientation": bay.form, "capacity": 1}
        found.append(_derived("parking", street.axis, f"parking/{side}/{number + 1}", shape, attributes))
    return found


def _quad(line: LineString, start: float, end: float, near: float, far: float) -> BaseGeometry | None:
    """A rectangle along a line, between two distances along it and two to its left (negative: right)."""
    (ax, ay), (bx, by) = shapely.get_coordinates(shapely.line_interpolate_point(line, [start, end]))
    length = float(np.hypot(bx - ax, by - ay))
    # Around a sharp bend there is no straight kerb to park along.
    if length < 0.9 * (end - start):
        return None
    nx, ny = -(by - ay) / length, (bx - ax) / length
    return shapely.Polygon(
        [
            (ax + nx * near, ay + ny * near),
            (bx + nx * near, by + ny * near),
            (bx + nx * far, by + ny * far),
            (ax + nx * far, ay + ny * far),
        ]
    )


class _Closed:
    """Stretches of each street, in metres along its line, where nobody may park."""

    def __init__(self, streets: Sequence[_Street], crossings: Shapes) -> None:
        self.crossings = crossings
        self.tree = STRtree(crossings) if len(crossings) else None
        self.arms: dict[int, list[tuple[_Street, int]]] = defaultdict(list)
        for street in streets:
            last = len(street.axis.nodes) - 1
            if street.axis.highway in CAR_ROADS:
                for at, node in enumerate(street.axis.nodes):
                    self.arms[node].append((street, 1 if at in (0, last) else 2))

    def of(self, street: _Street) -> list[tuple[float, float]]:
        line = street.axis.line
        at_node = _distances(line)
        found = []
        for at, node in enumerate(street.axis.nodes[: len(at_node)]):
            clear = self._clear_m(street, node)
            if clear:
                found.append((at_node[at] - clear, at_node[at] + clear))
        if self.tree is not None:
            near = self.tree.query(line, predicate="dwithin", distance=street.half_m)
            for along in shapely.line_locate_point(line, self.crossings[near]) if len(near) else ():
                found.append((along - default("crossing_clear"), along + default("crossing_clear")))
        return found

    def _clear_m(self, street: _Street, node: int) -> float:
        arms = self.arms[node]
        others = [other for other, _ in arms if other is not street]
        if not others or sum(count for _, count in arms) < 3:
            return 0.0
        widest = max(other.half_m for other in others)
        # A driveway or alley must stay open; the law's 5 m counts from where two streets cross.
        only_service = all(other.axis.highway == "service" for other in others)
        return widest + (0.5 if only_service else default("junction_clear"))


def _distances(line: LineString) -> npt.NDArray[np.float64]:
    """Distance along the line of each of its points."""
    points = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate(([0.0], np.cumsum(steps)))


# --- Overlaps -----------------------------------------------------------------------------------------------


def _shapes(shapes: Iterable[BaseGeometry]) -> Shapes:
    found = np.empty(0, dtype=object)
    items = list(shapes)
    if items:
        found = np.empty(len(items), dtype=object)
        found[:] = items
    return found


def _of(items: Sequence[Derived]) -> Shapes:
    return _shapes(item.geometry for item in items)


def _joined(*arrays: Shapes) -> Shapes:
    return np.concatenate(arrays) if arrays else _shapes(())


def _cleaned(items: Sequence[Derived], taken: Shapes, most_taken: float | None = None) -> list[Derived]:
    """Items without what is taken and without what earlier items have; too small remains are dropped.

    With `most_taken`, an item that loses more than that part of its area is dropped as a whole.
    """
    shapes = _shapes(_area(shapely.set_precision(item.geometry, GRID_M)) for item in items)
    masks = _joined(shapes, taken)
    tree = STRtree(masks)
    item_at, mask_at = tree.query(shapes, predicate="intersects")
    order = np.argsort(item_at, kind="stable")
    groups: dict[int, list[int]] = defaultdict(list)
    for item, mask in zip(item_at[order].tolist(), mask_at[order].tolist(), strict=True):
        if mask < item or mask >= len(shapes):
            groups[item].append(mask)
    kept = []
    for at, item in enumerate(items):
        shape = shapes[at]
        if groups[at]:
            rest = shapely.difference(
                shape, shapely.union_all(masks[groups[at]], grid_size=GRID_M), grid_size=GRID_M
            )
        else:
            rest = shape
        if most_taken is not None and rest.area < (1 - most_taken) * shape.area:
            continue
        sound = _without_crumbs(rest)
        if sound is not None:
            kept.append(replace(item, geometry=sound))
    return kept


def _without_crumbs(shape: BaseGeometry) -> BaseGeometry | None:
    whole = keep_dimension(shape, "area")
    if whole is None:
        return None
    parts = [part for part in shapely.get_parts(whole) if part.area >= SMALLEST_M2]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
