# ruff: noqa: E501
"""OGC API Features, as a program that follows the standard reads it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import shapely
from flask import Flask
from shapely.geometry import shape

from app.accounts.models import Person
from app.core.transaction import transaction
from app.extensions import db
from app.votes.polls import queries as poll_queries
from app.votes.polls.domain import Answer
from tests.api.conftest import World
from tests.factories import ORIGIN

COLLECTIONS = ("neighbourhoods", "street-objects", "assignments", "designs", "changes", "comments", "polls")
PUBLIC_CHANGES = (
    "change c JOIN design d ON d.id = c.design_id AND d.version = c.version WHERE d.status = 'submitted'"
)


def get(world: World, path: str, status: int = 200, /, **query: Any) -> Any:
    answer = requests.get(world.url + path, params=query, timeout=20)
    assert answer.status_code == status, answer.text
    return answer


def items(world: World, name: str, /, **query: Any) -> dict[str, Any]:
    return get(world, f"/api/collections/{name}/items", **query).json()


def every_page(world: World, name: str, /, **query: Any) -> list[dict[str, Any]]:
    page = items(world, name, **query)
    features = page["features"]
    while following := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = requests.get(following[0], timeout=20).json()
        features += page["features"]
    return features


def test_the_landing_page_leads_to_everything_with_absolute_links(world: World) -> None:
    page = get(world, "/api").json()
    rels = {link["rel"]: link for link in page["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= rels.keys()
    for link in page["links"]:
        assert link["href"].startswith(world.url + "/api")
        if link["type"] != "text/html":
            answer = requests.get(link["href"], timeout=20)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith(link["type"].split(";")[0])


def test_all_collections_are_there_with_one_geometry_type_each_beside_the_mixed_ones(world: World) -> None:
    found = {each["id"] for each in get(world, "/api/collections").json()["collections"]}
    parts = {
        f"{name}-{part}"
        for name in ("changes", "street-objects", "polls")
        for part in ("points", "lines", "areas")
    }
    assert found == {*COLLECTIONS, *parts, "comments-points"}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_properties_are_those_of_the_schema_with_the_same_types(world: World, name: str) -> None:
    properties = get(world, f"/api/collections/{name}/schema").json()["properties"]
    checks = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    for feature in every_page(world, name):
        assert [*feature["properties"], "geometry"] == list(properties)
        assert feature["id"] == feature["properties"]["id"]
        for key, value in feature["properties"].items():
            types = properties[key]["type"]
            assert any(
                isinstance(value, checks[each]) for each in ([types] if isinstance(types, str) else types)
            ), (key, value)


def test_paging_through_gives_every_feature_once(world: World, rows: Any) -> None:
    features = every_page(world, "changes", limit=7)
    expected = rows(f"SELECT c.id::text FROM {PUBLIC_CHANGES}")
    assert sorted(f["id"] for f in features) == sorted(row[0] for row in expected)
    page = items(world, "changes", limit=7)
    assert (page["numberMatched"], page["numberReturned"]) == (len(expected), 7)


def test_geometry_is_that_of_the_database(world: World, rows: Any) -> None:
    stored = {
        row[0]: shapely.from_wkb(bytes(row[1]))
        for row in rows("SELECT id, ST_AsBinary(geom) FROM street_object")
    }
    features = every_page(world, "street-objects")
    assert len(features) == len(stored)
    for feature in features:
        assert shapely.equals_exact(shape(feature["geometry"]), stored[feature["id"]], tolerance=1e-8)


@pytest.mark.parametrize(
    ("crs", "uri"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", None),
        ("http://www.opengis.net/def/crs/EPSG/0/28992", 28992),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", 3857),
    ],
)
def test_a_box_selects_what_the_database_selects(world: World, rows: Any, crs: str, uri: int | None) -> None:
    srid = uri or 4326
    (box,) = rows(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
        " (SELECT ST_Transform(ST_MakeEnvelope(:x, :y, :x + 30, :y + 10, 28992), :srid) AS b) q",
        x=ORIGIN[0] + 40, y=ORIGIN[1], srid=srid,
    )  # fmt: skip
    expected = rows(
        "SELECT id FROM street_object WHERE ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(:a, :b, :c, :d, :srid), 4326))",
        a=box[0], b=box[1], c=box[2], d=box[3], srid=srid,
    )  # fmt: skip
    found = items(world, "street-objects", bbox=",".join(str(number) for number in box), **{"bbox-crs": crs})
    assert expected and sorted(f["id"] for f in found["features"]) == sorted(row[0] for row in expected)


def test_a_box_in_epsg_4326_is_the_same_box_with_its_axes_swapped(world: World) -> None:
    west, south, east, north = get(world, "/api/collections/street-objects").json()["extent"]["spatial"][
        "bbox"
    ][0]
    plain = items(world, "street-objects", bbox=f"{west},{south},{east},{north}")
    swapped = items(
        world,
        "street-objects",
        bbox=f"{south},{west},{north},{east}",
        **{"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"},
    )
    assert plain["numberMatched"] == swapped["numberMatched"] > 0


def test_an_answer_in_another_crs_says_so_and_has_its_axis_order(world: World, rows: Any) -> None:
    ((number, x, y, lon, lat),) = rows(
        "SELECT id, ST_X(ST_Transform(geom, 28992)), ST_Y(ST_Transform(geom, 28992)), ST_X(geom), ST_Y(geom)"
        " FROM street_object WHERE source_id = 'boom-1'"
    )
    rd, degrees = "http://www.opengis.net/def/crs/EPSG/0/28992", "http://www.opengis.net/def/crs/EPSG/0/4326"
    answer = get(world, f"/api/collections/street-objects/items/{number}", crs=rd)
    assert answer.headers["Content-Crs"] == f"<{rd}>"
    assert answer.json()["geometry"]["coordinates"] == pytest.approx([round(x, 3), round(y, 3)], abs=1e-9)
    answer = get(world, f"/api/collections/street-objects/items/{number}", crs=degrees)
    assert answer.headers["Content-Crs"] == f"<{degrees}>"
    assert answer.json()["geometry"]["coordinates"] == pytest.approx([lat, lon], abs=1e-8)


def test_every_property_filters_to_exactly_the_features_that_have_the_value(world: World) -> None:
    for name in COLLECTIONS:
        features = every_page(world, name)
        for key, value in features[0]["properties"].items():
            if value is None:
                continue
            asked = str(value).lower() if isinstance(value, bool) else value
            found = items(world, name, **{key: asked})
            assert found["numberMatched"] == sum(f["properties"][key] == value for f in features), (name, key)


def test_time_filters(world: World) -> None:
    (design,) = items(world, "designs")["features"]
    moment = design["properties"]["updated_at"]
    assert items(world, "designs", datetime=moment)["numberMatched"] == 1
    assert items(world, "designs", datetime=f"{moment}/..")["numberMatched"] == 1
    assert items(world, "designs", datetime="../2020-01-01T00:00:00Z")["numberMatched"] == 0
    assert items(world, "assignments", datetime="2100-01-01")["numberMatched"] == 0


def test_a_design_is_the_collection_of_its_changes_with_flat_numbers(world: World) -> None:
    (design,) = items(world, "designs")["features"]
    assert design["id"] == world.design
    assert design["geometry"]["type"] == "GeometryCollection"
    assert (
        len(design["geometry"]["geometries"])
        == items(world, "changes", design=world.design)["numberMatched"]
        == 47
    )
    properties = design["properties"]
    assert (properties["support"], properties["comments"], properties["status"]) == (1, 1, "submitted")
    assert properties["trees_after"] - properties["trees_before"] == 44


def test_drafts_withdrawn_designs_removed_comments_and_people_are_not_public(world: World) -> None:
    everything = "".join(
        get(world, f"/api/collections/{name}/items", limit=10000).text for name in COLLECTIONS
    )
    for secret in (
        world.draft,
        world.withdrawn,
        world.removed_comment,
        "geheim",
        "Toch niet",
        "author",
        "email",
        "person",
    ):
        assert secret not in everything
    for name, secret in (
        ("designs", world.draft),
        ("designs", world.withdrawn),
        ("comments", world.removed_comment),
    ):
        answer = get(world, f"/api/collections/{name}/items/{secret}", 404)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_comments_may_have_no_place_and_replies_name_their_parent(world: World) -> None:
    comments = items(world, "comments")["features"]
    assert len(comments) == 3
    assert [c["geometry"] is None for c in comments].count(True) == 2
    (reply,) = (c for c in comments if c["properties"]["parent"])
    assert reply["properties"]["parent"] in {c["id"] for c in comments}


def test_an_unchanged_answer_is_not_sent_again(world: World) -> None:
    for path in (
        "/api/collections",
        "/api/collections/changes/items",
        f"/api/collections/designs/items/{world.design}",
    ):
        first = get(world, path)
        again = requests.get(world.url + path, headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
        assert (again.status_code, again.content) == (304, b"")


def test_every_answer_names_the_version_of_the_api(world: World) -> None:
    for path, status in (("/api", 200), ("/api/collections/nothing", 404), ("/api/catalogue", 200)):
        assert get(world, path, status).headers["API-Version"] == "1.0.0"


def test_a_browser_gets_a_page_and_a_program_gets_json(world: World) -> None:
    for path in (
        "/api",
        "/api/conformance",
        "/api/collections",
        "/api/collections/changes",
        "/api/collections/changes/items",
        f"/api/collections/designs/items/{world.design}",
    ):
        page = requests.get(
            world.url + path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, timeout=20
        )
        assert page.headers["Content-Type"].startswith("text/html") and "<h1>" in page.text, path
        assert get(world, path, f="html").headers["Content-Type"].startswith("text/html")
        assert "json" in get(world, path).headers["Content-Type"]


BAD = [
    "/api/collections/changes/items?bbox=nan,1,2,3",
    "/api/collections/changes/items?bbox=1,2,inf,3",
    "/api/collections/changes/items?bbox=1,2,3",
    "/api/collections/changes/items?bbox=" + "9" * 5000 + ",1,2,3",
    "/api/collections/changes/items?limit=0",
    "/api/collections/changes/items?limit=-5",
    "/api/collections/changes/items?limit=" + "9" * 5000,
    "/api/collections/changes/items?offset=100000000000000000000",
    "/api/collections/changes/items?crs=EPSG:1",
    "/api/collections/changes/items?bbox=1,2,3,4&bbox-crs=nonsense",
    "/api/collections/changes/items?datetime=yesterday",
    "/api/collections/changes/items?datetime=9999-99-99T00:00:00Z",
    "/api/collections/changes/items?foo=bar",
    "/api/collections/changes/items?kind=%00",
    "/api/collections/changes/items?kind=%ED%A0%80&object=9223372036854775808",
    "/api/collections/changes/items?cursor=zzz",
    "/api/collections/changes/items?design=1",
    "/api/collections/changes/items?limit=1&limit=2",
    "/api/collections/changes/items?f=xml",
    "/api/collections/street-objects/items?height_m=1e999",
    "/api/collections?x=1",
    "/api?x=1",
    "/api/export/changes.geojson?crs=EPSG:28992",
    "/api/export/changes.gpkg?crs=EPSG:5",
    "/api/export/changes.geojson?foo=1",
    "/api/collections/changes/tiles/WebMercatorQuad/15/0/0?foo=1",
]
ABSENT = [
    "/api/collections/nothing/items",
    "/api/collections/changes/items/nothing",
    "/api/collections/changes/items/%00",
    "/api/collections/street-objects/items/" + "9" * 5000,
    "/api/collections/street-objects/items/99999999999999999999",
    "/api/collections/changes%00/items",
    "/api/export/changes.shp",
    "/api/export/nothing.geojson",
    "/api/export/changes.geojson?assignment=nowhere",
    "/api/collections/designs/tiles",
    "/api/collections/changes/tiles/WebMercatorQuad/2/0/0",
    "/api/collections/changes/tiles/WebMercatorQuad/15/99999/0",
    "/api/collections/changes/tiles/WebMercatorQuad/" + "9" * 5000 + "/0/0",
    "/api/collections/changes/tiles/WebMercatorQuad/nan/0/0",
]


@pytest.mark.parametrize(
    ("path", "status"),
    [*((path, 400) for path in BAD), *((path, 404) for path in ABSENT)],
    ids=lambda value: str(value)[:90],
)
def test_bad_input_is_refused_with_a_problem_document(world: World, path: str, status: int) -> None:
    answer = requests.get(world.url + path, timeout=20)
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["detail"]
    if "errors" in problem:
        assert all(error["pointer"].startswith("/") and error["message"] for error in problem["errors"])


def test_a_limit_above_the_maximum_is_answered_with_the_maximum(world: World) -> None:
    assert items(world, "changes", limit=99999)["numberReturned"] == 47


def test_links_follow_the_host_that_the_client_used(world: World) -> None:
    port = urlsplit(world.url).port
    page = requests.get(world.url + "/api", headers={"Host": f"straat.example:{port}"}, timeout=20).json()
    assert page["links"][0]["href"] == f"http://straat.example:{port}/api?f=json"


def test_a_poll_tells_its_counts_when_it_is_over_and_enough_people_answered(world: World) -> None:
    """Seven people: the first choice has 1, 1+2, 2+1 and 1+2, so four; the second all but the first, so six."""
    polls = {feature["id"]: feature["properties"] for feature in every_page(world, "polls")}
    found = {name: polls[key] for name, key in world.polls.items()}
    assert {
        name: (one["people"], one["counts"] and json.loads(one["counts"])) for name, one in found.items()
    } == {
        "open": (6, None),
        "over": (7, [4, 6, 0]),
        "few": (4, None),
    }
    assert json.loads(found["over"]["choices"]) == ["Boom", "Bank", "Niets"]
    assert (found["few"]["choices"], found["few"]["low_words"]) == (None, "niet")
    assert found["open"]["closes_at"] is None and found["over"]["closes_at"] is not None
    assert items(world, "polls", kind="several")["numberMatched"] == 1


def test_polls_lie_where_they_are_about(world: World) -> None:
    for layer, name in (("polls-points", "open"), ("polls-areas", "few")):
        (feature,) = items(world, layer)["features"]
        assert feature["id"] == world.polls[name]
    assert items(world, "polls-lines")["features"] == []


def test_an_answer_more_changes_the_mark_of_the_polls(world: World, app: Flask) -> None:
    address = f"{world.url}/api/collections/polls/items"
    first = requests.get(address, timeout=20)
    tag = first.headers["ETag"]
    assert requests.get(address, headers={"If-None-Match": tag}, timeout=20).status_code == 304
    with app.test_request_context("/"), transaction():
        somebody = Person(id=uuid.uuid4())
        who = somebody.id
        db.session.add(somebody)
        db.session.flush()
        poll_queries.keep_answer(uuid.UUID(world.polls["open"]), who, Answer((2,)))
    again = requests.get(address, headers={"If-None-Match": tag}, timeout=20)
    assert again.status_code == 200
    with app.test_request_context("/"), transaction():
        poll_queries.forget(who, datetime.now(UTC))
