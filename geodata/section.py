"""A cross-section: what a straight line across the street crosses, from façade to façade.

Pure geometry in metres (any metric system, x east and y north). The line is cut into bands that lie side by
side and together are exactly as long as the line; where no surface is known the band says `unknown`. What
stands within `NEAR_M` of the line comes along as elements.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Literal

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.heights import STOREY_M
from geodata.kinds import KINDS, SURFACES

Certainty = Literal["measured", "estimated", "drawn"]
# Ground that nobody drew, and (in `Thing.kind`) something that lies on whatever ground is there: a speed
# hump, other paving.
UNKNOWN, AS_BELOW = "unknown", ""
GROUND = frozenset({*SURFACES, "structure", "barrier", "hedge", AS_BELOW})
STREET = frozenset({"carriageway", "parking", "cycle_path", "pavement", "driveway", "square", "rail"})
WIDE = frozenset({"square", "pavement"})
STANDING = frozenset(
    {
        *("tree", "lamp", "bench", "bike_stand", "planter", "bollard", "container", "charger", "play"),
        *("bus_stop", "hydrant"),
    }
)
# What the line crosses; cables and pipes lie below the ground, how deep the maps do not say.
CROSSED = frozenset({"hedge", "barrier", "rail", "cable"})

NEAR_M = 1.5
REACH_M = 40.0
# Without a façade the line ends here past the last street surface; a strip up to GAP_M wide (a verge, a
# canal's edge) does not end the street.
BEYOND_M = 2.0
GAP_M = 6.0
# Of a square or a broad promenade without a façade behind it, this much is shown.
OPEN_M = 12.0
SLIVER_M = 0.05
# A line has a length, also where nothing is known.
SHORTEST_M = 1.0

_HEIGHT_M = (0.1, 120.0)


class NoStreet(ValueError):
    """There is no street to cut here: the point lies in a building."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One surface or object; `element` is the id in the catalogue of what a design adds.

    Among drawn surfaces the order in which they are given is the order in which they lie.
    """

    kind: str
    geometry: BaseGeometry
    certainty: Certainty = "measured"
    element: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facade:
    """The wall where the line ends. `height_m` is None where the map does not know it."""

    height_m: float | None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Where the line runs: from its left to its right end, seen along the street's direction."""

    left: tuple[float, float]
    right: tuple[float, float]
    origin_m: float
    facades: tuple[Facade | None, Facade | None] = (None, None)

    @property
    def length_m(self) -> float:
        """How long the line is."""
        return math.dist(self.left, self.right)

    @property
    def line(self) -> LineString:
        """The line itself, from left to right."""
        return LineString([self.left, self.right])


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of one ground. `merged_m` of its width were slivers of something else (below 5 cm each)."""

    kind: str
    from_m: float
    to_m: float
    certainty: Certainty | None
    element: str = ""
    merged_m: float = 0.0

    @property
    def width_m(self) -> float:
        """Metres along the line."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True)
class Element:
    """Something that stands within `NEAR_M` of the line (`off_m` from it) or that the line crosses.

    `from_m` to `to_m` is its place along the line; sizes are None where the map does not tell them.
    """

    kind: str
    at_m: float
    from_m: float
    to_m: float
    off_m: float
    certainty: Certainty
    element: str = ""
    height_m: float | None = None
    crown_m: float | None = None
    # What sort of cable or pipe it is, as the map names it.
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Walkway:
    """Ground to walk on that lies side by side: its bands, `first` up to and with `last`, and metres of it.

    `free_m`: the widest part in which nothing stands, of what the map tells the size of.
    """

    first: int
    last: int
    width_m: float
    free_m: float


@dataclass(frozen=True, slots=True)
class Section:
    """One cross-section: bands from left to right without gap or overlap, and what stands there."""

    span: Span
    bands: tuple[Band, ...]
    elements: tuple[Element, ...]


def span_at(
    things: Iterable[Thing], origin: tuple[float, float], direction: float, *, reach_m: float = REACH_M
) -> Span:
    """The line square to the street through `origin`, to the first façade on either side.

    `direction` is the street's, in radians counterclockwise from the x-axis. Where no façade is within
    `reach_m` the line ends shortly past the street's last surface. Raises `NoStreet` inside a building.
    """
    known = list(things)
    buildings = [thing for thing in known if thing.kind == "building"]
    here = Point(origin)
    if any(thing.geometry.intersects(here) for thing in buildings):
        raise NoStreet
    ground = [
        thing for thing in known if thing.kind in GROUND and shapely.get_dimensions(thing.geometry) == 2
    ]
    ends: list[tuple[tuple[float, float], float]] = []
    facades: list[Facade | None] = []
    for sign in (1.0, -1.0):
        across = (-math.sin(direction) * sign, math.cos(direction) * sign)
        ray = LineString([origin, _along(origin, across, reach_m)])
        hits = [(here.distance(ray.intersection(thing.geometry)), thing) for thing in _on(buildings, ray)]
        if hits:
            distance, wall = min(hits, key=lambda hit: hit[0])
            facades.append(_facade(wall))
        else:
            distance = _open_end(ground, ray)
            facades.append(None)
        ends.append((_along(origin, across, distance), distance))
    (left, left_m), (right, _right_m) = ends
    return Span(left, right, left_m, (facades[0], facades[1]))


def cut(things: Iterable[Thing], span: Span) -> Section:
    """What the line crosses, and what stands beside it."""
    known = list(things)
    return Section(span, tuple(_bands(known, span)), tuple(_elements(known, span)))


# --- The line ----------------------------------------------------------------------------------------------


def _along(origin: tuple[float, float], way: tuple[float, float], metres: float) -> tuple[float, float]:
    return (origin[0] + way[0] * metres, origin[1] + way[1] * metres)


def _ground(things: Iterable[Thing]) -> list[Thing]:
    return [thing for thing in things if thing.kind in GROUND and shapely.get_dimensions(thing.geometry) == 2]


def _on(things: Sequence[Thing], line: LineString) -> list[Thing]:
    if not things:
        return []
    hit = shapely.intersects(np.array([thing.geometry for thing in things], dtype=object), line)
    return [thing for thing, crossed in zip(things, hit, strict=True) if crossed]


def _facade(building: Thing) -> Facade:
    told = _told(building.attributes, "height_m", _HEIGHT_M)
    if told is not None:
        return Facade(told, bool(building.attributes.get("height_estimated")))
    levels = _told(building.attributes, "levels", (0.5, 60.0))
    return Facade(levels * STOREY_M, estimated=True) if levels is not None else Facade(None)


def _open_end(ground: Sequence[Thing], ray: LineString) -> float:
    """How far from its start a ray leaves the street for good, with a little of the ground beyond."""
    end = 0.0
    stretches = [
        (start, min(stop, start + OPEN_M) if thing.kind in WIDE else stop, thing.kind in STREET)
        for thing in _on(ground, ray)
        for start, stop in _intervals(thing.geometry, ray)
    ]
    for start, stop, street in sorted(stretches):
        if street and start - end <= GAP_M:
            end = max(end, stop)
    beyond = [min(stop, end + BEYOND_M) for start, stop, _ in stretches if start <= end + SLIVER_M]
    return max([end, *beyond, SHORTEST_M])


def _intervals(geometry: BaseGeometry, line: LineString) -> list[tuple[float, float]]:
    """The stretches of a straight line inside an area, as distances from the line's start."""
    if not shapely.intersects(geometry, line):
        return []
    (x, y), (x1, y1) = line.coords
    length = line.length
    ux, uy = (x1 - x) / length, (y1 - y) / length
    found = []
    for part in shapely.get_parts(shapely.intersection(line, geometry)):
        if part.geom_type != "LineString" or part.is_empty:
            continue
        xy = shapely.get_coordinates(part)
        distances = (xy[:, 0] - x) * ux + (xy[:, 1] - y) * uy
        found.append((float(distances.min()), float(distances.max())))
    return found


# --- Bands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layer:
    """A ground thing where the line crosses it; `rank` tells what lies on what."""

    thing: Thing
    start: float
    stop: float
    rank: tuple[float, ...]


def _rank(thing: Thing, index: int) -> tuple[float, ...]:
    """What lies on what: a design on what exists; a bridge on the water; else the map's drawing order.

    Of two drawn surfaces the later lies on the earlier.
    """
    if thing.certainty == "drawn":
        return (1.0, 0.0, 0.0, index)
    level = _told(thing.attributes, "level", (-5, 5)) or 0.0
    # A bridge's deck carries the street and lies over the water.
    order = KINDS["water"].order + 0.5 if thing.kind == "structure" else KINDS[thing.kind].order
    return (0.0, level, order, index)


def _bands(things: Sequence[Thing], span: Span) -> list[Band]:
    line, length = span.line, span.length_m
    ground = _ground(things)
    layers = [
        _Layer(thing, max(0.0, start), min(length, stop), _rank(thing, index))
        for index, thing in enumerate(_on(ground, line))
        for start, stop in _intervals(thing.geometry, line)
    ]
    layers.sort(key=lambda layer: layer.rank)
    edges = sorted({0.0, length, *(edge for layer in layers for edge in (layer.start, layer.stop))})
    cells = [_cell(layers, start, stop) for start, stop in pairwise(edges) if stop > start]
    return _without_slivers(_joined(cells))


def _cell(layers: Sequence[_Layer], start: float, stop: float) -> Band:
    """The ground between two neighbouring edges: the topmost layer, named by what lies on it."""
    middle = (start + stop) / 2
    element, certainty = "", None
    for layer in reversed(layers):
        if not layer.start <= middle <= layer.stop:
            continue
        thing = layer.thing
        if thing.kind == AS_BELOW:
            element, certainty = element or thing.element, certainty or thing.certainty
            continue
        return Band(thing.kind, start, stop, certainty or thing.certainty, element or thing.element)
    return Band(UNKNOWN, start, stop, certainty, element)


def _joined(bands: Iterable[Band]) -> list[Band]:
    """Neighbours of the same ground as one band."""
    found: list[Band] = []
    for band in bands:
        last = found[-1] if found else None
        if last and _same(last, band):
            found[-1] = replace(last, to_m=band.to_m, merged_m=last.merged_m + band.merged_m)
        else:
            found.append(band)
    return found


def _same(one: Band, other: Band) -> bool:
    return (one.kind, one.certainty, one.element) == (other.kind, other.certainty, other.element)


def _without_slivers(bands: list[Band]) -> list[Band]:
    """Bands below 5 cm become part of their wider neighbour, which remembers how much that was."""
    while len(bands) > 1:
        at = min(range(len(bands)), key=lambda index: bands[index].width_m)
        sliver = bands[at]
        if sliver.width_m >= SLIVER_M:
            break
        beside = [index for index in (at - 1, at + 1) if 0 <= index < len(bands)]
        host = max(beside, key=lambda index: bands[index].width_m)
        bands[host] = replace(
            bands[host],
            from_m=min(bands[host].from_m, sliver.from_m),
            to_m=max(bands[host].to_m, sliver.to_m),
            merged_m=bands[host].merged_m + sliver.width_m,
        )
        del bands[at]
        bands = _joined(bands)
    return bands


# --- Elements ----------------------------------------------------------------------------------------------


def _elements(things: Sequence[Thing], span: Span) -> list[Element]:
    found = []
    for thing in things:
        if thing.kind in STANDING:
            found += _standing(thing, span)
        elif thing.kind in CROSSED and shapely.get_dimensions(thing.geometry) == 1:
            found += _crossings(thing, span)
    return sorted(found, key=lambda element: (element.at_m, element.kind, element.off_m))


def _standing(thing: Thing, span: Span) -> list[Element]:
    line = span.line
    off = float(thing.geometry.distance(line))
    if off > NEAR_M:
        return []
    near = thing.geometry
    if near.area:
        # Of something long (a row of stands, a play area) only the part beside the line.
        near = shapely.intersection(near, shapely.buffer(line, NEAR_M, cap_style="flat"))
        if near.is_empty:
            return []
    places = _places(shapely.get_coordinates(near), span)
    start, stop = float(places.min()), float(places.max())
    middle = (start + stop) / 2
    if not 0 <= middle <= span.length_m:
        return []
    return [
        Element(
            thing.kind,
            middle,
            max(0.0, start),
            min(span.length_m, stop),
            off,
            thing.certainty,
            thing.element,
            _told(thing.attributes, "height_m", _HEIGHT_M),
            _told(thing.attributes, "crown_m", (0.2, 40.0)),
        )
    ]


def _crossings(thing: Thing, span: Span) -> list[Element]:
    where = shapely.intersection(thing.geometry, span.line)
    if where.is_empty:
        return []
    height = _told(thing.attributes, "height_m", _HEIGHT_M)
    sort = str(thing.attributes.get("type") or "") if thing.kind == "cable" else ""
    found = []
    for part in shapely.get_parts(where):
        at = float(_places(shapely.get_coordinates(part), span).mean())
        found.append(Element(thing.kind, at, at, at, 0.0, thing.certainty, thing.element, height, sort=sort))
    return found


def _places(xy: np.ndarray, span: Span) -> np.ndarray:
    """Distances of places from the line's left end, measured along the line."""
    (x, y), (x1, y1) = span.left, span.right
    length = span.length_m
    places: np.ndarray = ((xy[:, 0] - x) * (x1 - x) + (xy[:, 1] - y) * (y1 - y)) / length
    return places


def _told(attributes: Mapping[str, object], name: str, bounds: tuple[float, float]) -> float | None:
    """A number that the map tells, where it can be true."""
    value = attributes.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not bounds[0] <= value <= bounds[1]:
        return None
    return float(value)


# --- Room to walk ------------------------------------------------------------------------------------------

# Narrower than this is a strip along a kerb, not ground that one walks on (assumption).
KERB_STRIP_M = 0.4
TRAFFIC = frozenset({"carriageway", "parking", "cycle_path", "rail", "water"})


def walkways(section: Section, kinds: Collection[str]) -> list[Walkway]:
    """Where one can walk along the street on its left and its right side, on bands of these kinds that touch.

    A side runs from the end of the line to the first ground for traffic. Of more ways on one side (before and
    behind a tree pit) the widest counts: that is how one gets past. An island in the road is none.
    """
    bands = list(enumerate(section.bands))
    traffic = [number for number, band in bands if band.kind in TRAFFIC]
    sides = [bands[: traffic[0]], bands[traffic[-1] + 1 :]] if traffic else [bands]
    found = [_widest_way(section, side, kinds) for side in sides]
    return [way for way in found if way is not None]


def _widest_way(section: Section, side: Iterable[tuple[int, Band]], kinds: Collection[str]) -> Walkway | None:
    ways = []
    for is_way, run in groupby(side, key=lambda item: item[1].kind in kinds):
        if not is_way:
            continue
        touching = list(run)
        (first, start), (last, end) = touching[0], touching[-1]
        width = end.to_m - start.from_m
        if width >= KERB_STRIP_M:
            ways.append(Walkway(first, last, width, _free(section.elements, start.from_m, end.to_m)))
    return max(ways, key=lambda way: way.free_m, default=None)


def _free(elements: Iterable[Element], start: float, end: float) -> float:
    """The longest stretch between two places along the line in which nothing stands."""
    widest, at = 0.0, start
    standing = (one for one in elements if one.kind in STANDING and one.to_m > one.from_m)
    for one in sorted(standing, key=lambda one: one.from_m):
        if one.to_m > start and one.from_m < end:
            widest = max(widest, one.from_m - at)
            at = max(at, one.to_m)
    return max(widest, end - at)
