"""A tile that is answered before Flask is the tile that Flask would answer."""

from __future__ import annotations

import math

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Resident, design_body, make_street, rd_point

ZOOM = 18


def tile_path(collection: str) -> str:
    """The tile in which the factory street's middle lies."""
    place = rd_point(50, 10)
    x = int((place.x + 180) / 360 * 2**ZOOM)
    y = int((1 - math.asinh(math.tan(math.radians(place.y))) / math.pi) / 2 * 2**ZOOM)
    return f"/api/collections/{collection}/tiles/WebMercatorQuad/{ZOOM}/{y}/{x}"


@pytest.fixture
def client(app: Flask, clean: None) -> FlaskClient:
    """A visitor of a street with one submitted design."""
    with app.app_context():
        make_street()
    author = Resident(app.test_client())
    address = author.send("POST", "/api/designs", design_body()).headers["Location"]
    author.send("POST", f"{address}/submit")
    return app.test_client()


@pytest.mark.parametrize("collection", ["street-objects", "changes", "comments"])
def test_both_ways_answer_the_same(client: FlaskClient, collection: str) -> None:
    path = tile_path(collection)
    client.get(path)
    known = client.get(path)
    # A query string goes on to Flask.
    through_flask = client.get(f"{path}?f=mvt")
    assert (known.status_code, known.data) == (through_flask.status_code, through_flask.data)
    # An empty answer has no type, whatever its header says.
    apart = {"date", "content-length", "vary", *([] if known.data else ["content-type"])}
    headers = [
        {k.lower(): v for k, v in a.headers.items() if k.lower() not in apart} for a in (known, through_flask)
    ]
    assert headers[0] == headers[1]
    assert "Set-Cookie" not in known.headers


def test_a_client_that_has_the_tile_gets_no_body(client: FlaskClient) -> None:
    path = tile_path("street-objects")
    client.get(path)
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/99/1/1", "/18/x/1", "/18/-1/5", "/18/1/" + "9" * 400, "/3/1/1"])
def test_what_is_no_tile_is_a_problem_document(client: FlaskClient, path: str) -> None:
    client.get(tile_path("street-objects"))
    answer = client.get(f"/api/collections/street-objects/tiles/WebMercatorQuad{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
