"""What QGIS 3.22 was seen to ask of the API, and what it makes of the answers; asked here without QGIS.

QGIS reads the landing page, the API's description, the collection, and then the first ten features, from
which it takes the layer's geometry type and the type of every column. Only then does it page by `next`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import shapely
from pyproj import Transformer

from tests.api.conftest import World

TYPES = {
    "neighbourhoods": "MultiPolygon",
    "assignments": "MultiPolygon",
    "designs": "GeometryCollection",
    "street-objects-points": "Point",
    "street-objects-lines": "MultiLineString",
    "street-objects-areas": "MultiPolygon",
    "changes-points": "Point",
    "changes-lines": "MultiLineString",
    "changes-areas": "MultiPolygon",
    "comments-points": "Point",
    "polls-points": "Point",
    "polls-areas": "MultiPolygon",
}
EVERY = ("street-objects", "changes", "comments", "polls", *TYPES)
# What QGIS writes in its requests' Accept header, in its own order.
DESCRIPTION = (
    "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json"
)
FEATURES = "application/geo+json, application/json"


def get(address: str, accept: str = "application/json") -> requests.Response:
    answer = requests.get(address, headers={"Accept": accept}, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer


def links(document: dict[str, Any], rel: str) -> list[dict[str, str]]:
    return [link for link in document["links"] if link["rel"] == rel]


def features(world: World, name: str, query: str = "limit=10000") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(f"{world.url}/api/collections/{name}/items?{query}", FEATURES).json()[
        "features"
    ]
    return found


def test_the_landing_page_is_json_and_names_the_description_and_the_collections(world: World) -> None:
    answer = get(f"{world.url}/api")
    assert answer.headers["Content-Type"].startswith("application/json")
    landing = answer.json()
    (description,), (data,) = links(landing, "service-desc"), links(landing, "data")
    assert description["href"] == f"{world.url}/api/openapi.json"
    assert data["href"] == f"{world.url}/api/collections"
    assert description["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert get(f"{world.url}/api", "*/*").json()["links"] == landing["links"]


def test_the_description_tells_the_largest_page(world: World) -> None:
    answer = get(f"{world.url}/api/openapi.json", DESCRIPTION)
    assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")
    limit = answer.json()["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (100, 10_000)


@pytest.mark.parametrize("name", EVERY)
def test_a_collection_tells_its_extent_its_systems_and_its_items(world: World, name: str) -> None:
    document = get(f"{world.url}/api/collections/{name}").json()
    assert document["id"] == name
    assert document["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert "http://www.opengis.net/def/crs/EPSG/0/28992" in document["crs"]
    assert document["storageCrs"] in document["crs"]
    address = {link["type"]: link["href"] for link in links(document, "items")}["application/geo+json"]
    assert address.startswith(f"{world.url}/api/collections/{name}/items")
    extent = document.get("extent")
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features(world, name) if f["geometry"]]
    assert bool(extent) == bool(shapes), "an extent only where there is something to zoom to"
    if extent:
        assert extent["spatial"]["bbox"][0] == pytest.approx(shapely.total_bounds(shapes), abs=1e-7)


@pytest.mark.parametrize(("name", "geometry_type"), TYPES.items())
def test_all_features_of_a_layer_have_one_geometry_type(world: World, name: str, geometry_type: str) -> None:
    found = [f["geometry"]["type"] for f in features(world, name) if f["geometry"]]
    assert set(found) <= {geometry_type}
    schema = get(f"{world.url}/api/collections/{name}/schema").json()
    assert schema["properties"]["geometry"]["format"] == f"geometry-{geometry_type.lower()}"


def test_the_layers_of_one_type_hold_the_mixed_collection_together(world: World) -> None:
    for name in ("street-objects", "changes"):
        parts = [f["id"] for part in ("points", "lines", "areas") for f in features(world, f"{name}-{part}")]
        assert parts and sorted(map(str, parts)) == sorted(str(f["id"]) for f in features(world, name))


def test_comments_about_a_place_are_a_layer_of_points_without_the_others(world: World) -> None:
    placed = [f["id"] for f in features(world, "comments") if f["geometry"]]
    assert placed and len(placed) < len(features(world, "comments"))
    points = features(world, "comments-points", "limit=10")
    assert [f["id"] for f in points] == placed
    assert all(f["geometry"]["type"] == "Point" for f in points)


@pytest.mark.parametrize("name", EVERY)
def test_ten_features_type_a_column_so_that_no_later_value_is_lost(world: World, name: str) -> None:
    schema = get(f"{world.url}/api/collections/{name}/schema").json()["properties"]
    for feature in features(world, name):
        for key, value in feature["properties"].items():
            if value is not None and "number" in schema[key]["type"]:
                # A whole number is written 3.0: as 3 it makes a column of whole numbers, in which QGIS
                # shows a later 2.5 as NULL. Python's parser tells them apart as QGIS's does.
                assert isinstance(value, float), (key, value)
            if value is not None and "integer" in schema[key]["type"]:
                assert isinstance(value, int), (key, value)


@pytest.mark.parametrize("form", ["items", "export"])
def test_numbers_are_written_with_a_fraction_and_keep_their_value(world: World, rows: Any, form: str) -> None:
    address = {
        "items": f"{world.url}/api/collections/changes/items?limit=10000",
        "export": f"{world.url}/api/export/changes.geojson",
    }[form]
    body = requests.get(address, timeout=20).text
    turned = {f["id"]: f["properties"]["rotation_deg"] for f in json.loads(body)["features"]}
    assert '"rotation_deg":3.0,' in body and '"rotation_deg":3,' not in body
    for key, value in rows("SELECT id::text, rotation_deg FROM change"):
        assert turned.get(key, value) == value


def test_people_read_whole_numbers_without_a_fraction(world: World) -> None:
    for path in ("changes/items?limit=10000", f"designs/items/{world.design}"):
        page = get(f"{world.url}/api/collections/{path}", "text/html").text
        assert "</code></dt><dd>" in page or "<td>3</td>" in page
        assert ".0</" not in page


def test_next_is_an_absolute_address_that_keeps_the_question_until_all_is_read(world: World) -> None:
    address = f"{world.url}/api/collections/changes-points/items?limit=10&bbox=4,51,5,53"
    seen: list[str] = []
    while address:
        page = get(address, FEATURES)
        assert page.headers["Content-Type"].startswith("application/geo+json")
        seen += [f["id"] for f in page.json()["features"]]
        following = links(page.json(), "next")
        assert len(following) <= 1
        address = following[0]["href"] if following else ""
        assert not address or (address.startswith(world.url) and "limit=10" in address and "bbox=" in address)
    assert len(seen) == len(set(seen)) == page.json()["numberMatched"] > 10


def test_only_what_lies_in_the_visible_part_of_the_map_is_sent(world: World, rows: Any) -> None:
    points = [f["geometry"]["coordinates"] for f in features(world, "changes-points")]
    middle = sorted(x for x, _y in points)[len(points) // 2]
    box = f"{middle - 1e-7:.8f},51,5,53"
    found = {f["id"] for f in features(world, "changes-points", f"limit=1000&bbox={box}")}
    stored = rows(
        "SELECT c.id::text FROM change c JOIN design d ON d.id = c.design_id AND d.version = c.version"
        " WHERE d.status = 'submitted' AND ST_Dimension(c.geom) = 0"
        f" AND ST_Intersects(c.geom, ST_MakeEnvelope({box}, 4326))"
    )
    assert 0 < len(found) < len(points) and found == {row[0] for row in stored}


def test_newer_versions_may_ask_for_metres(world: World) -> None:
    system = "http://www.opengis.net/def/crs/EPSG/0/28992"
    answer = get(f"{world.url}/api/collections/changes-points/items?limit=10&crs={system}", FEATURES)
    assert answer.headers["Content-Crs"] == f"<{system}>"
    to_metres = Transformer.from_crs(4326, 28992, always_xy=True).transform
    degrees = {f["id"]: f["geometry"]["coordinates"] for f in features(world, "changes-points")}
    for feature in answer.json()["features"]:
        # PROJ's and PostGIS's roads to RD agree within centimetres, whatever grids are installed.
        assert feature["geometry"]["coordinates"] == pytest.approx(
            to_metres(*degrees[feature["id"]]), abs=0.5
        )
