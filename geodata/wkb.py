"""Well-known binary as geographic files hold it, with curves made straight.

Reads OGC and ISO WKB, EWKB flags and the GeoPackage header. Circular arcs (CIRCULARSTRING, COMPOUNDCURVE,
CURVEPOLYGON and their multis) become lines that stay within `MAX_SAGITTA_M` of the arc; heights are dropped.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

MAX_SAGITTA_M = 0.01
MAX_DEPTH = 10

XY = tuple[float, float]


class BadWkb(ValueError):
    """Bytes that are not a geometry."""


def parse(data: bytes) -> BaseGeometry | None:
    """The geometry of WKB bytes in its own coordinates; None when empty. Raises BadWkb."""
    try:
        if not _has_curves(data):
            found = shapely.from_wkb(data)
            return None if found is None or found.is_empty else shapely.force_2d(found)
        geometry, _ = _Reader(data).geometry(0)
    except (struct.error, IndexError, ValueError, shapely.errors.ShapelyError) as error:
        raise BadWkb(str(error)) from error
    return None if geometry.is_empty else geometry


def parse_geopackage(data: bytes) -> BaseGeometry | None:
    """The geometry of a GeoPackage blob: `GP`, version, flags, srs id, envelope, then WKB."""
    if len(data) < 8 or data[:2] != b"GP":
        raise BadWkb("no GeoPackage header")
    envelope = (data[3] >> 1) & 0x07
    if envelope > 4 or data[3] & 0x20:
        raise BadWkb("unknown GeoPackage envelope or extension")
    if data[3] & 0x10:
        return None
    return parse(data[8 + (0, 32, 48, 48, 64)[envelope] :])


def _has_curves(data: bytes) -> bool:
    if len(data) < 5:
        raise BadWkb("too short")
    code = struct.unpack_from("<I" if data[0] else ">I", data, 1)[0]
    return _base(code) in (8, 9, 10, 11, 12)


def _base(code: int) -> int:
    return (code & 0x0FFFFFFF) % 1000


def _dimensions(code: int) -> int:
    extra = bool(code & 0x80000000) + bool(code & 0x40000000)
    return 2 + (extra or (0, 1, 1, 2)[min(3, (code & 0x0FFFFFFF) // 1000)])


class _Reader:
    """Cursor over WKB that holds curves."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.order = data, 0, "<"

    def number(self, form: str) -> int:
        value = struct.unpack_from(self.order + form, self.data, self.at)[0]
        self.at += struct.calcsize(form)
        return int(value)

    def points(self, dimensions: int) -> list[XY]:
        count = self.number("I")
        if count * dimensions * 8 > len(self.data) - self.at:
            raise BadWkb("more points than bytes")
        values = struct.unpack_from(f"{self.order}{count * dimensions}d", self.data, self.at)
        self.at += count * dimensions * 8
        return list(zip(values[::dimensions], values[1::dimensions], strict=True))

    def geometry(self, depth: int) -> tuple[BaseGeometry, list[XY]]:
        """A geometry and, when it is one line, its points."""
        if depth > MAX_DEPTH:
            raise BadWkb("nested too deep")
        self.order = "<" if self.data[self.at] else ">"
        self.at += 1
        code = self.number("I")
        if code & 0x20000000:
            self.number("I")
        base, dimensions = _base(code), _dimensions(code)
        if base == 1:
            values = struct.unpack_from(f"{self.order}{dimensions}d", self.data, self.at)
            self.at += dimensions * 8
            return Point(values[:2]), [(values[0], values[1])]
        if base in (2, 8):
            points = self.points(dimensions)
            line = straighten(points) if base == 8 else points
            return LineString(line), line
        if base == 3:
            rings = [self.points(dimensions) for _ in range(self.number("I"))]
            return _polygon(rings), []
        parts = [self.geometry(depth + 1) for _ in range(self.number("I"))]
        if base == 9:
            line = join([points for _, points in parts])
            return LineString(line), line
        if base == 10:
            return _polygon([points for _, points in parts]), []
        return collection([part for part, _ in parts]), []


def _polygon(rings: Sequence[Sequence[XY]]) -> BaseGeometry:
    return Polygon(rings[0], rings[1:]) if rings else Polygon()


def collection(parts: list[BaseGeometry]) -> BaseGeometry:
    """One multi-geometry of parts of one kind; raises BadWkb for a mixture."""
    flat = [piece for part in parts for piece in getattr(part, "geoms", [part])]
    makers: tuple[tuple[type, Any], ...] = (
        (Point, MultiPoint),
        (LineString, MultiLineString),
        (Polygon, MultiPolygon),
    )
    for kind, multi in makers:
        if flat and all(isinstance(part, kind) for part in flat):
            made: BaseGeometry = multi(flat)
            return made
    raise BadWkb("a mixture of geometries")


def join(pieces: Sequence[Sequence[XY]]) -> list[XY]:
    """Lines one after the other as one line, without repeating the points where they meet."""
    line: list[XY] = []
    for piece in pieces:
        line.extend(piece[1:] if line and piece and line[-1] == piece[0] else piece)
    return line


def straighten(points: Sequence[XY]) -> list[XY]:
    """A circular string (start, middle, end, middle, end, …) as straight pieces."""
    if len(points) < 3 or len(points) % 2 == 0:
        raise BadWkb("an arc needs three points")
    line = [points[0]]
    for at in range(0, len(points) - 2, 2):
        line.extend(_arc(points[at], points[at + 1], points[at + 2]))
    return line


def _arc(start: XY, middle: XY, end: XY) -> list[XY]:
    """Points after `start` along the circle through three points; a full circle when start equals end."""
    if start == end:
        centre = ((start[0] + middle[0]) / 2, (start[1] + middle[1]) / 2)
        sweep = 2 * math.pi
    else:
        found = _centre(start, middle, end)
        if found is None:
            return [middle, end]
        centre = found
        sweep = _sweep(centre, start, middle, end)
    radius = math.dist(centre, start)
    step = 2 * math.acos(max(0.0, 1 - MAX_SAGITTA_M / radius)) if radius > MAX_SAGITTA_M else math.pi / 2
    count = min(512, max(2, math.ceil(abs(sweep) / step)))
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    angles = [first + sweep * index / count for index in range(1, count)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles] + [end]


def _centre(a: XY, b: XY, c: XY) -> XY | None:
    bx, by, cx, cy = b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]
    cross = 2 * (bx * cy - by * cx)
    if abs(cross) < 1e-9:
        return None
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    return a[0] + (cy * b2 - by * c2) / cross, a[1] + (bx * c2 - cx * b2) / cross


def _sweep(centre: XY, start: XY, middle: XY, end: XY) -> float:
    """Signed angle from start to end that passes middle."""
    first, second, third = (math.atan2(p[1] - centre[1], p[0] - centre[0]) for p in (start, middle, end))
    to_middle, to_end = (second - first) % (2 * math.pi), (third - first) % (2 * math.pi)
    return to_end if to_middle <= to_end else to_end - 2 * math.pi
