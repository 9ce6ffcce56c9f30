"""Places along a street: how far apart they are, and how much of the street they reach."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from app.designs.effects.scene import Scene

Span = tuple[float, float]


def route_of(scene: Scene) -> list[LineString]:
    """The lines along which one goes through the street, clipped to the area; none where nothing tells.

    The caller's own route, else the street axes on the map, else the middle of a long area from end to end.
    """
    found = scene.kept.get("route")
    if not isinstance(found, list):
        found = scene.kept["route"] = _route(scene)
    return found


def _route(scene: Scene) -> list[LineString]:
    given = scene.around.route
    if given is None:
        axes = [thing.geometry for thing in scene.street.present if thing.kind == "street_axis"]
        given = shapely.line_merge(shapely.union_all(axes)) if axes else None
    if given is not None:
        clipped = scene.clip(given)
        parts = [part for part in shapely.get_parts(clipped) if isinstance(part, LineString)]
        merged = shapely.line_merge(shapely.MultiLineString(parts))
        lines = [line for line in shapely.get_parts(merged) if line.length > 1]
        if lines:
            return lines
    return _middle_of(scene.street.area)


def _middle_of(area: BaseGeometry | None) -> list[LineString]:
    """The long middle line of an area that is at least twice as long as it is wide."""
    if area is None or area.is_empty:
        return []
    box = shapely.minimum_rotated_rectangle(area)
    if box.geom_type != "Polygon":
        return []
    corners = [shapely.Point(xy) for xy in shapely.get_coordinates(box)[:4]]
    sides = [corners[i].distance(corners[(i + 1) % 4]) for i in range(4)]
    if max(sides) < 2 * min(sides):
        return []
    first = sides.index(min(sides))
    ends = [
        LineString([corners[i % 4], corners[(i + 1) % 4]]).interpolate(0.5, normalized=True)
        for i in (first, first + 2)
    ]
    return [LineString(ends)]


def spans(lines: Sequence[LineString], places: Sequence[BaseGeometry]) -> list[list[Span]]:
    """For each line, where the places nearest to it begin and end along it, in order."""
    found: list[list[Span]] = [[] for _ in lines]
    for place in places:
        nearest = min(range(len(lines)), key=lambda number: lines[number].distance(place))
        corners = shapely.points(shapely.get_coordinates(place))
        along = shapely.line_locate_point(lines[nearest], corners)
        found[nearest].append((float(along.min()), float(along.max())))
    return [sorted(one) for one in found]


def largest_gap(found: Sequence[Sequence[Span]]) -> float | None:
    """The longest way between two successive places on one line; None where no line has two."""
    gaps = []
    for line in found:
        end = None
        for first, last in line:
            if end is not None:
                gaps.append(max(0.0, first - end))
            end = last if end is None else max(end, last)
    return max(gaps, default=None)


def reached(lines: Sequence[LineString], found: Sequence[Sequence[Span]], reach: float) -> float:
    """How many metres of the lines lie within reach of a place, measured along the line."""
    total = 0.0
    for line, places in zip(lines, found, strict=True):
        end = 0.0
        for first, last in places:
            begin, until = max(end, first - reach), min(line.length, last + reach)
            if until > begin:
                total += until - begin
                end = until
    return total
