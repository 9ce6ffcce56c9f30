# ruff: noqa: E501
"""Programs that planners use, pointed at the live API."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests
import shapely

from app.api.registry import Property, published
from tests.api.conftest import World
from tests.factories import ORIGIN

needs_gdal = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="Debian's gdal-bin is not installed")
MIXED = ("changes", "street-objects", "polls")
TYPED = (
    "neighbourhoods",
    "assignments",
    "designs",
    "comments",
    "comments-points",
    *(f"{name}-{part}" for name in MIXED for part in ("points", "lines", "areas")),
)


def matched(world: World, name: str, **query: Any) -> int:
    answer = requests.get(
        f"{world.url}/api/collections/{name}/items", params={"limit": 1, **query}, timeout=20
    )
    return int(answer.json()["numberMatched"])


@needs_gdal
@pytest.mark.parametrize("name", [*MIXED, *TYPED])
def test_ogrinfo_counts_every_feature(world: World, name: str) -> None:
    answer = subprocess.run(
        ["ogrinfo", "-ro", "-so", f"OAPIF:{world.url}/api", name], capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    assert re.search(rf"Feature Count: {matched(world, name)}\b", answer.stdout), answer.stdout


# What a planner's GIS makes of each published type, also where the first features have no value.
IN_GDAL = {
    "string": "String",
    "uuid": "String",
    "date-time": "DateTime",
    "integer": "Integer",
    "number": "Real",
    "boolean": "Integer(Boolean)",
}


def properties_of(world: World, name: str) -> list[Property]:
    """What a collection publishes; its id comes with the features, so not where there are none."""
    found = next(one for one in published() if one.name == name).properties
    return [prop for prop in found if prop.name != "id" or matched(world, name)]


@needs_gdal
@pytest.mark.parametrize("name", [*MIXED, *TYPED])
def test_every_property_has_its_type_in_debians_gdal(world: World, name: str) -> None:
    answer = subprocess.run(
        ["ogrinfo", "-ro", "-so", f"OAPIF:{world.url}/api", name], capture_output=True, text=True, timeout=60
    )
    # (`Geometry: Unknown (any)` looks like a property, and is none.)
    found = re.findall(r"^([a-z]\w*): (\w+(?:\(\w+\))?) \(", answer.stdout, re.MULTILINE)
    assert found == [(prop.name, IN_GDAL[prop.type]) for prop in properties_of(world, name)]


@pytest.mark.parametrize("name", [*MIXED, *TYPED])
def test_every_property_has_its_type_in_a_new_gdal(world: World, name: str) -> None:
    import pyogrio

    info = pyogrio.read_info(f"OAPIF:{world.url}/api", layer=name)
    found = dict(zip(info["fields"], info["ogr_types"], strict=True))
    expected = {prop.name: "OFT" + IN_GDAL[prop.type] for prop in properties_of(world, name)}
    assert found == {key: kind.removesuffix("(Boolean)") for key, kind in expected.items()}


@needs_gdal
def test_ogr2ogr_pages_through_everything_and_keeps_the_geometry(
    world: World, rows: Any, tmp_path: Path
) -> None:
    import geopandas

    target = tmp_path / "out.gpkg"
    command = [
        "ogr2ogr",
        "-f",
        "GPKG",
        str(target),
        f"OAPIF:{world.url}/api",
        "changes-points",
        "-oo",
        "PAGE_SIZE=10",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    frame = geopandas.read_file(target)
    stored = {
        row[0]: shapely.from_wkb(bytes(row[1]))
        for row in rows("SELECT id::text, ST_AsBinary(geom) FROM change WHERE ST_Dimension(geom) = 0")
    }
    assert len(frame) == matched(world, "changes-points") == 46
    for key, geometry in zip(frame["id"], frame.geometry, strict=True):
        assert shapely.equals_exact(geometry, stored[key], tolerance=1e-8)


@needs_gdal
def test_ogrinfo_filters_by_a_box(world: World) -> None:
    west, south, east, north = requests.get(f"{world.url}/api/collections/comments", timeout=20).json()[
        "extent"
    ]["spatial"]["bbox"][0]
    box = [str(west - 1e-5), str(south - 1e-5), str(east + 1e-5), str(north + 1e-5)]
    answer = subprocess.run(
        ["ogrinfo", "-ro", "-so", f"OAPIF:{world.url}/api", "comments", "-spat", *box],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Feature Count: 1" in answer.stdout


@pytest.mark.parametrize(
    "name", ["street-objects-areas", "street-objects-points", "designs", "comments", "changes-points"]
)
def test_pyogrio_reads_a_whole_collection(world: World, name: str) -> None:
    import pyogrio

    frame = pyogrio.read_dataframe(f"OAPIF:{world.url}/api", layer=name, PAGE_SIZE=5)
    assert len(frame) == matched(world, name)


def test_pyogrio_reads_in_the_national_system_and_filters_in_it(world: World, rows: Any) -> None:
    import pyogrio

    frame = pyogrio.read_dataframe(
        f"OAPIF:{world.url}/api", layer="street-objects-points", PAGE_SIZE=5, CRS="EPSG:28992"
    )
    assert frame.crs.to_epsg() == 28992
    truth = {
        row[0]: row[1:]
        for row in rows(
            "SELECT source_id, ST_X(ST_Transform(geom, 28992)), ST_Y(ST_Transform(geom, 28992)) FROM street_object WHERE ST_Dimension(geom) = 0"
        )
    }
    assert len(frame) == len(truth)
    for key, geometry in zip(frame["source_id"], frame.geometry, strict=True):
        assert (geometry.x, geometry.y) == pytest.approx(truth[key], abs=0.001)
    box = (ORIGIN[0] + 45, ORIGIN[1], ORIGIN[0] + 65, ORIGIN[1] + 5)
    part = pyogrio.read_dataframe(
        f"OAPIF:{world.url}/api", layer="street-objects-points", CRS="EPSG:28992", bbox=box
    )
    assert sorted(part["source_id"]) == ["boom-1", "boom-2"]


def test_geopandas_reads_items_by_address(world: World) -> None:
    import geopandas

    frame = geopandas.read_file(f"{world.url}/api/collections/changes/items?limit=1000")
    assert len(frame) == matched(world, "changes")


def test_owslib_finds_collections_and_reads_their_features(world: World) -> None:
    from owslib.ogcapi.features import Features

    service = Features(f"{world.url}/api")
    assert set(service.feature_collections()) == {*MIXED, *TYPED}
    assert service.api()["openapi"].startswith("3.")
    found = service.collection_items("changes", limit=10, bbox=[4, 51, 5, 53])
    assert (found["numberMatched"], found["numberReturned"]) == (47, 10)
    assert service.collection_item("changes", found["features"][0]["id"])["id"] == found["features"][0]["id"]
    assert "properties" in service.collection_queryables("changes")


def test_what_qgis_asks_first_is_answered(world: World) -> None:
    landing = requests.get(f"{world.url}/api", headers={"Accept": "application/json"}, timeout=20).json()
    (description,) = (link for link in landing["links"] if link["rel"] == "service-desc")
    paths = requests.get(description["href"], headers={"Accept": description["type"]}, timeout=20).json()[
        "paths"
    ]
    (limit,) = (
        p
        for p in requests.get(description["href"], timeout=20).json()["components"]["parameters"].values()
        if p["name"] == "limit"
    )
    assert "/collections/changes/items" in paths and limit["schema"]["maximum"] == 10_000
    first = requests.get(
        f"{world.url}/api/collections/changes-points/items?limit=10",
        headers={"Accept": "application/geo+json, application/json"},
        timeout=20,
    )
    assert {f["geometry"]["type"] for f in first.json()["features"]} == {"Point"}


def test_schemathesis_finds_no_answer_that_the_document_does_not_describe(
    world: World, tmp_path: Path
) -> None:
    program = Path(__import__("sys").executable).with_name("schemathesis")
    command = [
        str(program), "run", f"{world.url}/api/openapi.json", "--include-method", "GET", "--max-examples", "6", "--seed", "1",
        "--phases", "examples,fuzzing", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance",
        "--request-timeout", "20", "--no-color", "--exclude-operation-id", "searchPlaces",
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=tmp_path)
    assert answer.returncode == 0, answer.stdout[-6000:] + answer.stderr[-2000:]
