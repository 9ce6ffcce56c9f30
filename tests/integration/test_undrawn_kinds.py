"""Cables, plots and parking counts: read from a file like anything else, data for everybody, on no map."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from flask import Flask
from shapely.geometry import LineString, mapping

from app.core.geometry import from_wkb
from app.extensions import db
from app.maps.drawing import MapObject, svg_map, view_of
from app.maps.importing import Target, import_results
from app.maps.models import StreetObject
from app.maps.queries import objects_around
from app.projects.queries import assignment_by_slug
from geodata.kinds import UNDRAWN
from geodata.readers import read
from tests.factories import Resident, addition, design_body, make_street, object_id, rd_box

FIELDS = {"kind": "soort", "parked": "bezet", "capacity": "plekken", "counted_on": "dag", "id": "nr"}


@pytest.fixture
def street(app: Flask, clean: None, tmp_path: Path) -> Flask:
    """The street of the tests with a pipe, a plot and a count in it."""

    def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
        return {"type": "Feature", "geometry": mapping(geometry), "properties": properties}

    pipe = LineString(rd_box(0, 2, 100, 3).exterior.coords)
    features = [
        feature(pipe, soort="cable", nr="riool"),
        feature(rd_box(0, -12, 100, 0), soort="parcel", nr="perceel"),
        feature(
            rd_box(0, 0, 100, 20), soort="parking_count", nr="telling", bezet=3, plekken=3, dag="2026-05-12"
        ),
    ]
    path = tmp_path / "ondergrond.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with app.test_request_context("/"):
        make_street()
        outcome = import_results([read(path, mapping=FIELDS)], Target("kade-buurt"))
        assert outcome.added == 3
    return app


def test_they_are_data_in_the_api_and_in_tiles(street: Flask) -> None:
    client = street.test_client()
    found = client.get("/api/collections/street-objects/items?kind=cable,parcel,parking_count").get_json()
    assert {item["properties"]["kind"] for item in found["features"]} == UNDRAWN
    with street.app_context():
        count = db.session.get(StreetObject, object_id("telling"))
        assert count is not None
        assert count.attributes == {"parked": 3, "capacity": 3, "counted_on": "2026-05-12"}
        middle = from_wkb(count.geom).centroid
    # The tile of the web's usual grid, of zoom 16.
    x = int((middle.x + 180) / 360 * 2**16)
    y = int((1 - math.asinh(math.tan(math.radians(middle.y))) / math.pi) / 2 * 2**16)
    tile = client.get(f"/api/collections/street-objects/tiles/WebMercatorQuad/16/{y}/{x}")
    (layer,) = mapbox_vector_tile.decode(tile.data).values()
    assert {item["properties"]["kind"] for item in layer["features"]} > UNDRAWN


def test_no_map_draws_them(street: Flask) -> None:
    with street.test_request_context("/"):
        assignment = assignment_by_slug("kade")
        assert assignment is not None
        kinds = {row["kind"] for row in objects_around(assignment.id)}
        assert kinds
        assert not kinds & UNDRAWN
        rows = db.session.scalars(db.select(StreetObject)).all()
        everything = [MapObject(row.kind, from_wkb(row.geom)) for row in rows]
        without = [thing for thing in everything if thing.kind not in UNDRAWN]
        view = view_of([thing.geometry for thing in everything], (400, 300))
        assert svg_map(view, everything, title="t") == svg_map(view, without, title="t")


def test_the_checks_see_them(street: Flask) -> None:
    resident = Resident(street.test_client())
    tree = addition(50, 2.2, "tree_small")
    answer = resident.send("POST", "/api/check", design_body("kade", tree))
    document = answer.get_json()
    checks = {one["rule"]: one for one in document["changes"][0]["checks"]}
    # The pipe lies at y = 2 and 3: 0.2 m from the stem.
    assert checks["R14"]["verdict"] == "conflict"
    assert checks["R14"]["value"] == pytest.approx(0.2, abs=0.01)
    # The plot ends at y = 0.
    assert checks["R16"]["value"] == pytest.approx(2.2, abs=0.01)


def test_nobody_draws_upon_a_cable(street: Flask) -> None:
    with street.app_context():
        cable = object_id("riool")
    resident = Resident(street.test_client())
    removal = {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": cable}}
    answer = resident.send("POST", "/api/designs", design_body("kade", removal))
    assert answer.status_code in (400, 422)
