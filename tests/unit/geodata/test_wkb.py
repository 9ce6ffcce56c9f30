"""Curves in WKB, which shapely does not make straight by itself."""

from __future__ import annotations

import math
import struct

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from geodata.wkb import BadWkb, parse, parse_geopackage, straighten


def line(code: int, points: list[tuple[float, ...]]) -> bytes:
    body = b"".join(struct.pack(f"<{len(p)}d", *p) for p in points)
    return struct.pack("<BII", 1, code, len(points)) + body


def test_a_circular_string_becomes_points_on_the_circle() -> None:
    found = parse(line(8, [(10, 0), (0, 10), (-10, 0), (0, -10), (10, 0)]))
    assert found is not None
    assert all(math.hypot(x, y) == pytest.approx(10) for x, y in found.coords)
    assert Polygon(found.coords).area == pytest.approx(math.pi * 100, rel=0.002)


def test_a_curve_polygon_of_arc_and_straight_has_the_area_of_half_a_disc() -> None:
    arc, straight = line(8, [(10, 0), (0, 10), (-10, 0)]), line(2, [(-10, 0), (10, 0)])
    compound = struct.pack("<BII", 1, 9, 2) + arc + straight
    found = parse(struct.pack("<BII", 1, 10, 1) + compound)
    assert found is not None
    assert found.geom_type == "Polygon"
    assert found.area == pytest.approx(math.pi * 50, rel=0.002)


def test_heights_in_curves_are_dropped() -> None:
    found = parse(line(1008, [(10, 0, 5), (0, 10, 5), (-10, 0, 5)]))
    assert found is not None
    assert not found.has_z


def test_a_multi_surface_of_curves_is_a_multi_polygon() -> None:
    ring = line(8, [(10, 0), (-10, 0), (10, 0)])
    disc = struct.pack("<BII", 1, 10, 1) + ring
    found = parse(struct.pack("<BII", 1, 12, 1) + disc)
    assert found is not None
    assert found.geom_type == "MultiPolygon"
    assert found.area == pytest.approx(math.pi * 100, rel=0.002)


@given(
    radius=st.floats(0.5, 500),
    first=st.floats(0, 6),
    sweep=st.floats(0.1, 6),
    x=st.floats(0, 3e5),
    y=st.floats(3e5, 6e5),
)
def test_an_arc_stays_within_a_centimetre_of_its_circle(
    radius: float, first: float, sweep: float, x: float, y: float
) -> None:
    def at(angle: float) -> tuple[float, float]:
        return x + radius * math.cos(angle), y + radius * math.sin(angle)

    found = LineString(straighten([at(first), at(first + sweep / 2), at(first + sweep)]))
    assert found.length == pytest.approx(radius * sweep, rel=0.02)
    for part in range(21):
        assert found.distance(Point(at(first + sweep * part / 20))) < 0.02


def test_a_straight_arc_is_a_line() -> None:
    assert straighten([(0, 0), (1, 0), (2, 0)]) == [(0, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize("kind", ["POINT (1 2)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
def test_a_geopackage_header_is_skipped_whatever_its_envelope(kind: str) -> None:
    shape = shapely.from_wkt(kind)
    for code, size in enumerate((0, 4, 6, 6, 8)):
        header = struct.pack("<2sBBi", b"GP", 0, 1 | code << 1, 28992) + bytes(8 * size)
        assert parse_geopackage(header + shapely.to_wkb(shape)) == shape


def test_an_empty_geopackage_geometry_is_none() -> None:
    assert parse_geopackage(struct.pack("<2sBBi", b"GP", 0, 0x11, 28992)) is None


@given(st.binary(max_size=200))
def test_noise_is_no_geometry(noise: bytes) -> None:
    for read in (parse, parse_geopackage):
        for data in (noise, b"\x01\x08\x00\x00\x00" + noise, b"\x01\x0a\x00\x00\x00" + noise):
            try:
                found = read(data)
            except BadWkb:
                continue
            assert found is None or found.geom_type
