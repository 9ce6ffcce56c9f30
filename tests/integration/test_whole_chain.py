"""The whole chain through HTTP only: draw, submit, support, comment, read as a planner, withdraw."""

from __future__ import annotations

import csv
import io
import math
import time
from collections.abc import Callable
from typing import Any

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Resident, addition, design_body, make_street, object_id, rd_point

ZOOM = 18
# Tiles may be a second behind; this is how long a test looks again.
PATIENCE_S = 5.0


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment on a street made by hand."""
    with app.app_context():
        return make_street().slug


def removal(number: int) -> dict[str, Any]:
    """A change that takes an existing thing away."""
    return {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": number}}


def items(reader: FlaskClient, collection: str, **query: Any) -> list[dict[str, Any]]:
    """What everybody can read in a collection."""
    answer = reader.get(f"/api/collections/{collection}/items", query_string=query)
    assert answer.status_code == 200
    page = answer.get_json()
    assert page["numberReturned"] == page["numberMatched"] == len(page["features"])
    return list(page["features"])


def exported(reader: FlaskClient, collection: str, slug: str) -> list[dict[str, str]]:
    """The rows of the CSV export."""
    # Read to its end and closed, as a server does: an open one keeps its place among the exports at once.
    address = f"/api/export/{collection}.csv"
    answer = reader.get(address, query_string={"assignment": slug}, buffered=True)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def tile(reader: FlaskClient, collection: str, x: float, y: float) -> list[dict[str, Any]]:
    """Features of the tile that holds a place in the street; no features where the server says "empty"."""
    place = rd_point(x, y)
    across = 2**ZOOM
    column = int((place.x + 180) / 360 * across)
    latitude = math.radians(place.y)
    row = int((1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * across)
    answer = reader.get(f"/api/collections/{collection}/tiles/WebMercatorQuad/{ZOOM}/{row}/{column}")
    assert answer.status_code in (200, 204)
    if answer.status_code == 204:
        return []
    return list(mapbox_vector_tile.decode(answer.data)[collection]["features"])


def soon(right: Callable[[], bool]) -> bool:
    """Whether something becomes true within our patience."""
    end = time.monotonic() + PATIENCE_S
    while not (found := right()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_a_design_goes_from_the_first_draft_to_the_planners_export_and_back(app: Flask, street: str) -> None:
    with app.app_context():
        bay = object_id("vak-1")
    author, neighbour, planner = Resident(app.test_client()), Resident(app.test_client()), app.test_client()

    made = author.send(
        "POST",
        "/api/designs",
        design_body(street, addition(20, 2), addition(30, 2, "bench", rotation_deg=90), removal(bay)),
    )
    assert made.status_code == 201
    design = made.get_json()["id"]
    assert made.headers["Location"] == f"/api/designs/{design}"
    # Worked by hand: two trees and one more; a bench of three seats and one more; three bays and one less.
    effects = made.get_json()["properties"]["effects"]
    before_and_after = {name: (effects[name]["before"], effects[name]["after"]) for name in effects}
    assert before_and_after["trees"] == (2, 3)
    assert before_and_after["seats"] == (3, 6)
    assert before_and_after["parking_places"] == (3, 2)

    # A draft is nobody else's business.
    assert items(planner, "designs", assignment=street) == []
    assert items(planner, "changes", assignment=street) == []
    assert tile(planner, "changes", 20, 2) == []
    assert exported(planner, "designs", street) == []

    assert author.send("POST", f"/api/designs/{design}/submit").status_code == 200
    for _ in range(2):
        supported = neighbour.send("PUT", f"/api/designs/{design}/support")
        assert (supported.status_code, supported.get_json()["support"]) == (200, 1)
    tree = next(
        change["id"]
        for change in items(planner, "changes", design=design)
        if change["properties"]["kind"] == "tree_small"
    )
    for target in ({"design": design}, {"design": design, "change": tree}):
        said = neighbour.send(
            "POST", "/api/comments", {"assignment": street, "text": "Mooi plan", "sentiment": "for", **target}
        )
        assert said.status_code == 201

    (shown,) = items(planner, "designs", assignment=street)
    assert shown["id"] == design
    wanted = {"status": "submitted", "title": "Groene Kade", "version": 1, "support": 1, "comments": 2}
    assert wanted.items() <= shown["properties"].items()
    changes = items(planner, "changes", assignment=street)
    assert sorted(change["properties"]["action"] for change in changes) == ["add", "add", "remove"]
    removed = next(change for change in changes if change["properties"]["action"] == "remove")
    assert removed["properties"]["object"] == bay
    assert removed["geometry"]["type"] == "Polygon"
    assert {row["id"] for row in exported(planner, "changes", street)} == {change["id"] for change in changes}
    (row,) = exported(planner, "designs", street)
    assert (row["id"], row["support"], row["comments"]) == (design, "1", "2")
    assert soon(lambda: design in {one["properties"]["design"] for one in tile(planner, "changes", 20, 2)})
    assert len(items(planner, "comments", assignment=street)) == 2

    # A second version leaves the number of designs, the support and the comments as they were.
    etag = author.client.get(f"/api/designs/{design}").headers["ETag"]
    again = author.send(
        "PUT", f"/api/designs/{design}", design_body(street, addition(22, 2)), **{"If-Match": etag}
    )
    assert (again.status_code, again.get_json()["properties"]["version"]) == (200, 2)
    (shown,) = items(planner, "designs", assignment=street)
    assert (shown["properties"]["support"], shown["properties"]["version"]) == (1, 2)
    assert len(items(planner, "changes", assignment=street)) == 1

    assert author.send("POST", f"/api/designs/{design}/withdraw").status_code == 200
    assert [feature["properties"]["status"] for feature in items(planner, "designs", assignment=street)] in (
        [],
        ["withdrawn"],
    )
    assert items(planner, "designs", assignment=street, status="submitted") == []
    assert items(planner, "changes", assignment=street) == []
    assert exported(planner, "changes", street) == []
    assert soon(lambda: tile(planner, "changes", 22, 2) == [])
    refused = Resident(app.test_client()).send("PUT", f"/api/designs/{design}/support")
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")


def test_what_everybody_reads_names_nobody(app: Flask, street: str) -> None:
    author = Resident(app.test_client())
    design = author.send("POST", "/api/designs", design_body(street)).get_json()["id"]
    author.send("POST", f"/api/designs/{design}/submit")
    author.send("POST", "/api/comments", {"assignment": street, "design": design, "text": "Van mij"})
    reader = app.test_client()
    for collection in ("assignments", "designs", "changes", "comments"):
        for feature in items(reader, collection):
            assert not {"author", "author_id", "person", "person_id", "email", "name"} & set(
                feature["properties"]
            )


def test_a_title_that_nobody_can_see_is_no_title(app: Flask, street: str) -> None:
    author = Resident(app.test_client())
    for title in ("\u200b", " \u2060\u00a0 "):
        answer = author.send("POST", "/api/designs", design_body(street, title=title))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/title"]
