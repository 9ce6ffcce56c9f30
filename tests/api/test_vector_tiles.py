# ruff: noqa: E501
"""Vector tiles, decoded by an independent program and compared with the database."""

from __future__ import annotations

import math
import time
from typing import Any

import mapbox_vector_tile
import pytest
import requests
import shapely
from flask import Flask
from shapely.geometry import shape
from sqlalchemy import text

from app.api.tile_state import MARKER_SECONDS
from app.core.tiles import Tile
from app.extensions import db
from tests.api.conftest import World
from tests.factories import rd_point


def tile_of(zoom: int) -> Tile:
    place = rd_point(50, 2)
    x = int((place.x + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(place.y))) / math.pi) / 2 * 2**zoom)
    return Tile(zoom, x, y)


def fetch(world: World, name: str, tile: Tile, **headers: str) -> requests.Response:
    path = f"/api/collections/{name}/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
    return requests.get(world.url + path, headers=headers, timeout=20)


def features(answer: requests.Response, name: str) -> list[dict[str, Any]]:
    decoded = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    assert list(decoded) == [name] and decoded[name]["extent"] == 4096
    return decoded[name]["features"]


@pytest.mark.parametrize("zoom", [14, 16, 18, 20])
def test_a_tile_holds_the_objects_that_lie_in_it_where_they_lie(world: World, rows: Any, zoom: int) -> None:
    tile = tile_of(zoom)
    west, _south, _east, north = tile.bounds()
    outer = dict(zip("abcd", tile.bounds(64), strict=True))
    expected = {
        row.id: row
        for row in rows(
            "SELECT id, kind, ST_AsBinary(geom_3857) AS g FROM street_object WHERE geom_3857 && ST_MakeEnvelope(:a, :b, :c, :d, 3857)",
            **outer,
        )
    }
    found = features(fetch(world, "street-objects", tile), "street-objects")
    assert {f["id"] for f in found} <= expected.keys()
    unit = tile.width_m / 4096
    window = shapely.box(*tile.bounds())
    for feature in found:
        assert feature["properties"]["kind"] == expected[feature["id"]].kind
        assert feature["properties"]["certainty"] == "measured"
        drawn = shapely.transform(
            shape(feature["geometry"]), lambda c: [(west + x * unit, north - y * unit) for x, y in c]
        )
        truth = shapely.from_wkb(bytes(expected[feature["id"]].g))
        if truth.within(window):
            # half a unit of rounding each way, and half a screen pixel of detail below zoom 16
            assert drawn.hausdorff_distance(truth) <= (1 if zoom >= 16 else 5) * unit
    inside = {key for key, row in expected.items() if shapely.from_wkb(bytes(row.g)).geom_type == "Point"}
    assert inside <= {f["id"] for f in found}


def test_tiles_of_changes_comments_and_assignments_show_only_what_is_public(world: World) -> None:
    tile = tile_of(15)
    changes = features(fetch(world, "changes", tile), "changes")
    assert len(changes) == 47 and {f["properties"]["design"] for f in changes} == {world.design}
    # With each its verdict: the map shows the most serious one of what lies close together.
    public = requests.get(f"{world.url}/api/collections/changes/items?limit=1000", timeout=20).json()[
        "features"
    ]
    verdicts = {f["id"]: f["properties"]["verdict"] for f in public}
    assert {f["properties"]["id"]: f["properties"]["verdict"] for f in changes} == verdicts
    (comment,) = features(fetch(world, "comments", tile), "comments")
    assert comment["properties"]["sentiment"] == "for"
    (assignment,) = features(fetch(world, "assignments", tile), "assignments")
    assert assignment["properties"]["slug"] == "kade"


def test_an_empty_tile_is_204_and_stays_so(world: World) -> None:
    for _time in range(2):
        answer = fetch(world, "changes", Tile(15, 0, 0))
        assert (answer.status_code, answer.content) == (204, b"") and answer.headers["ETag"]


def test_a_tile_that_the_client_has_is_304_until_something_changes(app: Flask, world: World) -> None:
    tile = tile_of(17)
    first = fetch(world, "assignments", tile)
    assert first.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    again = fetch(world, "assignments", tile, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    with app.app_context():
        db.session.execute(
            text("UPDATE assignment SET title = 'Anders', revision = revision + 1, updated_at = now()")
        )
        db.session.commit()
    time.sleep(MARKER_SECONDS + 0.2)
    changed = fetch(world, "assignments", tile, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert features(changed, "assignments")[0]["properties"]["title"] == "Anders"


def test_the_tile_set_says_where_tiles_are(world: World) -> None:
    for name in ("street-objects", "changes", "comments", "assignments"):
        sets = requests.get(f"{world.url}/api/collections/{name}/tiles", timeout=20).json()["tilesets"]
        tile_set = requests.get(sets[0]["links"][0]["href"], timeout=20).json()
        (template,) = (link["href"] for link in tile_set["links"] if link.get("templated"))
        tile = tile_of(16)
        address = (
            template.replace("{tileMatrix}", "16")
            .replace("{tileRow}", str(tile.y))
            .replace("{tileCol}", str(tile.x))
        )
        assert requests.get(address, timeout=20).status_code == 200
        limits = {limit["tileMatrix"]: limit for limit in tile_set["tileMatrixSetLimits"]}
        assert list(limits)[-1] == "22"
        within = limits["16"]
        assert within["minTileRow"] <= tile.y <= within["maxTileRow"]
        assert within["minTileCol"] <= tile.x <= within["maxTileCol"]
        # A tile shows a little of what lies in the next; one further there is nothing.
        beyond = f"{tile_set['links'][0]['href']}/16/{within['maxTileRow'] + 2}/{within['maxTileCol'] + 2}"
        assert requests.get(beyond, timeout=20).status_code == 204
