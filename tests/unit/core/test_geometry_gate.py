"""The geometry gate: whatever comes in, a valid geometry or a list of problems comes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.geometry import from_metric, read_geometry, to_geojson, to_metric
from app.core.problems import Problems

TYPES = ("Point", "LineString", "Polygon", "MultiPolygon")
numbers = st.floats() | st.integers() | st.none() | st.booleans() | st.text(max_size=3)
nested = st.recursive(numbers, lambda inner: st.lists(inner, max_size=5), max_leaves=25)
things = st.fixed_dictionaries(
    {"type": st.sampled_from([*TYPES, "point", "Feature", None]), "coordinates": nested}
)


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    """Messages are translated, which needs a request."""
    with app.test_request_context("/"):
        yield


@given(value=things | nested)
@settings(max_examples=300, deadline=None)
def test_anything_is_either_valid_or_refused_with_a_reason(value: Any) -> None:
    problems = Problems()
    geometry = read_geometry(value, problems, "/geometry", TYPES)
    if geometry is None:
        assert problems.found
    else:
        assert geometry.is_valid and not geometry.is_empty
        assert all(math.isfinite(number) for number in shapely.get_coordinates(geometry).ravel())


@given(longitude=st.floats(-180, 180), latitude=st.floats(-90, 90))
@settings(max_examples=100, deadline=None)
def test_a_point_keeps_its_place_to_a_millimetre(longitude: float, latitude: float) -> None:
    point = read_geometry({"type": "Point", "coordinates": [longitude, latitude]}, Problems(), "", ("Point",))
    assert point is not None
    assert to_geojson(point)["coordinates"] == pytest.approx([longitude, latitude], abs=1e-8)


def test_amersfoort_lies_where_the_kadaster_says() -> None:
    # The origin of RD New, as published: 155000, 463000 m = 52.15517440 N, 5.38720621 E.
    metric = to_metric(shapely.Point(5.38720621, 52.15517440), 28992)
    assert (metric.x, metric.y) == pytest.approx((155_000, 463_000), abs=1)
    back = from_metric(shapely.Point(155_000, 463_000), 28992)
    assert (back.x, back.y) == pytest.approx((5.38720621, 52.15517440), abs=1e-5)


def test_a_deep_collection_is_refused_before_it_reaches_a_parser() -> None:
    deep: Any = {"type": "Point", "coordinates": [4, 52]}
    for _ in range(900):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    problems = Problems()
    assert read_geometry(deep, problems, "", ("Point",)) is None
    assert problems.found[0].pointer == "/type"
