"""Designs through the API, as the editor uses it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from tests.factories import Resident, addition, design_body, make_street, object_id, point_json, rd_box


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment on a street made by hand."""
    with app.app_context():
        return make_street().slug


@pytest.fixture
def ids(app: Flask, street: str) -> dict[str, int]:
    """Ids of the street's objects."""
    with app.app_context():
        return {name: object_id(name) for name in ("boom-1", "bank-1", "vak-0", "rijbaan")}


@pytest.fixture
def resident(app: Flask, street: str) -> Resident:
    """Somebody drawing."""
    return Resident(app.test_client())


def about(object_number: int, action: str = "remove", **more: Any) -> dict[str, Any]:
    """A change to an existing thing."""
    return {
        "type": "Feature",
        "geometry": None,
        "properties": {"action": action, "object": object_number},
        **more,
    }


def test_a_draft_is_only_seen_by_its_author_until_it_is_submitted(app: Flask, resident: Resident) -> None:
    made = resident.send("POST", "/api/designs", design_body())
    assert made.status_code == 201
    address = made.headers["Location"]
    assert made.get_json()["properties"]["status"] == "draft"
    assert app.test_client().get(address).status_code == 404
    assert resident.send("POST", f"{address}/submit").get_json()["properties"]["status"] == "submitted"
    assert app.test_client().get(address).get_json()["properties"]["title"] == "Groene Kade"


def test_without_a_session_nothing_is_made(client: FlaskClient, street: str) -> None:
    answer = client.post("/api/designs", json=design_body())
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_without_the_csrf_token_nothing_is_made(app: Flask, resident: Resident) -> None:
    assert resident.client.post("/api/designs", json=design_body()).status_code == 403


def test_the_same_key_makes_one_design(app: Flask, resident: Resident) -> None:
    first = resident.send("POST", "/api/designs", design_body(), **{"Idempotency-Key": "draft-1"})
    second = resident.send("POST", "/api/designs", design_body(), **{"Idempotency-Key": "draft-1"})
    assert first.get_json()["id"] == second.get_json()["id"]
    other = resident.send("POST", "/api/designs", design_body(), **{"Idempotency-Key": "draft-2"})
    assert other.get_json()["id"] != first.get_json()["id"]


def test_the_same_key_sent_eight_times_at_once_makes_one_design(app: Flask, resident: Resident) -> None:
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def send(_: int) -> tuple[int, str]:
        with app.test_client() as client:
            client.set_cookie("stoepkrijt", cookie.value)
            headers = {"X-CSRF-Token": resident.token, "Idempotency-Key": "once"}
            answer = client.post("/api/designs", json=design_body(), headers=headers)
            return answer.status_code, answer.get_json().get("id", "")

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))
    assert [status for status, _ in answers] == [201]


def test_removing_a_tree_a_bench_and_a_bay_counts_them(resident: Resident, ids: dict[str, int]) -> None:
    body = design_body("kade", about(ids["boom-1"]), about(ids["bank-1"]), about(ids["vak-0"]))
    effects = resident.send("POST", "/api/designs", body).get_json()["properties"]["effects"]
    # The street by hand: 2 trees, 1 bench of 3 seats, 3 bays of 2 by 6 metres.
    assert (effects["trees"]["before"], effects["trees"]["after"]) == (2, 1)
    assert (effects["seats"]["before"], effects["seats"]["after"]) == (3, 0)
    assert (effects["parking_places"]["before"], effects["parking_places"]["after"]) == (3, 2)
    assert effects["removed"]["after"] == 3


def test_a_removed_thing_keeps_its_place_on_the_map(resident: Resident, ids: dict[str, int]) -> None:
    made = resident.send("POST", "/api/designs", design_body("kade", about(ids["boom-1"]))).get_json()
    longitude, latitude = made["changes"]["features"][0]["geometry"]["coordinates"]
    expected = point_json(50, 2)["coordinates"]
    assert (longitude, latitude) == pytest.approx(expected, abs=1e-7)


def test_an_edit_of_an_old_revision_is_refused_and_shows_the_present_one(resident: Resident) -> None:
    made = resident.send("POST", "/api/designs", design_body())
    address, tag = made.headers["Location"], made.headers["ETag"]
    assert (
        resident.send("PUT", address, design_body(title="Van tab een"), **{"If-Match": tag}).status_code
        == 200
    )
    refused = resident.send("PUT", address, design_body(title="Van tab twee"), **{"If-Match": tag})
    assert refused.status_code == 412
    problem = refused.get_json()
    assert problem["current"]["properties"]["title"] == "Van tab een"
    retried = resident.send(
        "PUT", address, design_body(title="Van tab twee"), **{"If-Match": refused.headers["ETag"]}
    )
    assert retried.get_json()["properties"]["title"] == "Van tab twee"


def test_an_edit_must_say_what_it_edits(resident: Resident) -> None:
    made = resident.send("POST", "/api/designs", design_body())
    assert resident.send("PUT", made.headers["Location"], design_body()).status_code == 428


def test_sending_the_same_edit_again_is_no_conflict(resident: Resident) -> None:
    made = resident.send("POST", "/api/designs", design_body())
    address, tag = made.headers["Location"], made.headers["ETag"]
    body = design_body(title="Nog groener")
    first = resident.send("PUT", address, body, **{"If-Match": tag})
    again = resident.send("PUT", address, body, **{"If-Match": tag})
    assert (again.status_code, again.headers["ETag"]) == (200, first.headers["ETag"])


def test_editing_a_submitted_design_makes_a_version_and_keeps_the_old_one(
    app: Flask, resident: Resident
) -> None:
    made = resident.send("POST", "/api/designs", design_body())
    address = made.headers["Location"]
    submitted = resident.send("POST", f"{address}/submit")
    body = design_body("kade", addition(30, 2), addition(40, 2), title="Versie twee")
    edited = resident.send("PUT", address, body, **{"If-Match": submitted.headers["ETag"]})
    assert edited.get_json()["properties"]["version"] == 2
    with app.app_context():
        rows = db.session.execute(db.text("SELECT version, title FROM design_version ORDER BY version")).all()
        changes = db.session.execute(
            db.text("SELECT version, count(*) FROM change GROUP BY version ORDER BY version")
        ).all()
    assert [tuple(row) for row in rows] == [(1, "Groene Kade"), (2, "Versie twee")]
    assert [tuple(row) for row in changes] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("act", ["submit", "withdraw"])
def test_states_do_not_repeat(resident: Resident, act: str) -> None:
    address = resident.send("POST", "/api/designs", design_body()).headers["Location"]
    assert resident.send("POST", f"{address}/{act}").status_code == 200
    assert resident.send("POST", f"{address}/{act}").status_code == 409


def test_a_withdrawn_design_cannot_be_submitted_or_edited(resident: Resident) -> None:
    address = resident.send("POST", "/api/designs", design_body()).headers["Location"]
    withdrawn = resident.send("POST", f"{address}/withdraw")
    assert resident.send("POST", f"{address}/submit").status_code == 409
    edit = resident.send("PUT", address, design_body(title="Toch"), **{"If-Match": withdrawn.headers["ETag"]})
    assert edit.status_code == 409


def test_an_empty_design_cannot_be_submitted(resident: Resident) -> None:
    body = {"assignment": "kade", "title": "Leeg", "changes": {"type": "FeatureCollection", "features": []}}
    address = resident.send("POST", "/api/designs", body).headers["Location"]
    assert resident.send("POST", f"{address}/submit").status_code == 422


def test_nobody_edits_the_design_of_somebody_else(app: Flask, resident: Resident) -> None:
    address = resident.send("POST", "/api/designs", design_body()).headers["Location"]
    submitted = resident.send("POST", f"{address}/submit")
    other = Resident(app.test_client())
    assert (
        other.send("PUT", address, design_body(), **{"If-Match": submitted.headers["ETag"]}).status_code
        == 403
    )
    assert other.send("POST", f"{address}/withdraw").status_code == 403


def test_a_remix_names_its_source(app: Flask, resident: Resident) -> None:
    source = resident.send("POST", "/api/designs", design_body()).get_json()["id"]
    resident.send("POST", f"/api/designs/{source}/submit")
    other = Resident(app.test_client())
    remix = other.send("POST", "/api/designs", design_body(remix_of=source))
    assert remix.get_json()["properties"]["remix_of"] == source


def test_a_draft_of_somebody_else_cannot_be_remixed(app: Flask, resident: Resident) -> None:
    source = resident.send("POST", "/api/designs", design_body()).get_json()["id"]
    assert (
        Resident(app.test_client()).send("POST", "/api/designs", design_body(remix_of=source)).status_code
        == 422
    )


def test_outside_the_dates_nothing_can_be_drawn(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street("vroeger", now=datetime.now(UTC) - timedelta(days=60))
    body = design_body("vroeger")
    answer = Resident(app.test_client()).send("POST", "/api/designs", body)
    assert answer.status_code == 403
    assert "gesloten" in answer.get_json()["detail"]


def test_placing_one_element_after_another_appends_them(resident: Resident) -> None:
    address = resident.send("POST", "/api/designs", design_body()).headers["Location"]
    placed = resident.send("POST", f"{address}/changes", addition(25, 2, "bench", rotation_deg=90))
    assert placed.status_code == 201
    kinds = [f["properties"]["kind"] for f in resident.client.get(address).get_json()["changes"]["features"]]
    assert kinds == ["tree_small", "bench"]
    outside = resident.send("POST", f"{address}/changes", addition(25, 40, "bench"))
    assert outside.status_code == 422


def problems_of(answer: Any) -> dict[str, str]:
    """Messages by pointer."""
    return {error["pointer"]: error["message"] for error in answer.get_json().get("errors", [])}


def with_geometry(geometry: Any, kind: str = "tree_small", **properties: Any) -> dict[str, Any]:
    """An addition with a geometry of its own."""
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"action": "add", "kind": kind, **properties},
    }


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    """A polygon from corners in metres from the street's corner, closed as given."""
    return {"type": "Polygon", "coordinates": [[point_json(x, y)["coordinates"] for x, y in corners]]}


POINT = point_json(20, 2)["coordinates"]
BAD_GEOMETRIES: dict[str, Any] = {
    "null": None,
    "text": "POINT(4 52)",
    "null coordinates": {"type": "Point", "coordinates": [None, None]},
    "text as numbers": {"type": "Point", "coordinates": [str(POINT[0]), str(POINT[1])]},
    "booleans": {"type": "Point", "coordinates": [True, False]},
    "wrong case": {"type": "POINT", "coordinates": POINT},
    "a Feature": {"type": "Feature", "geometry": {"type": "Point", "coordinates": POINT}, "properties": {}},
    "one number": {"type": "Point", "coordinates": [4.3]},
    "five numbers": {"type": "Point", "coordinates": [*POINT, 1, 2, 3]},
    "swapped": {"type": "Point", "coordinates": POINT[::-1]},
    "metres": {"type": "Point", "coordinates": [84020, 447002]},
    "elsewhere": {"type": "Point", "coordinates": [5.1, 52.1]},
    "huge": {"type": "Point", "coordinates": [1e308, 1e308]},
    "a line for a tree": {"type": "LineString", "coordinates": [POINT, [POINT[0] + 0.0001, POINT[1]]]},
    "a collection": {"type": "GeometryCollection", "geometries": []},
}


@pytest.mark.parametrize("geometry", BAD_GEOMETRIES.values(), ids=BAD_GEOMETRIES.keys())
def test_a_bad_geometry_is_refused_with_its_place(resident: Resident, geometry: Any) -> None:
    answer = resident.send("POST", "/api/designs", design_body("kade", with_geometry(geometry)))
    assert answer.status_code == 422
    assert all(pointer.startswith("/changes/features/0/geometry") for pointer in problems_of(answer))


@pytest.mark.parametrize(
    "polygon",
    [
        ring((10, 6), (14, 10), (14, 6), (10, 10), (10, 6)),
        ring((10, 6), (14, 6), (14, 10), (10, 10)),
        ring((10, 6), (12, 6), (14, 6), (10, 6)),
        {
            "type": "Polygon",
            "coordinates": [
                *ring((10, 6), (14, 6), (14, 10), (10, 6))["coordinates"],
                *ring((30, 6), (34, 6), (34, 10), (30, 6))["coordinates"],
            ],
        },
    ],
    ids=["bow tie", "not closed", "no area", "hole outside"],
)
def test_a_bad_polygon_is_refused(resident: Resident, polygon: Any) -> None:
    answer = resident.send(
        "POST", "/api/designs", design_body("kade", with_geometry(polygon, "planting_bed"))
    )
    assert answer.status_code == 422


def test_a_wrong_place_gets_a_helpful_guess(resident: Resident) -> None:
    swapped = resident.send(
        "POST", "/api/designs", design_body("kade", with_geometry(BAD_GEOMETRIES["swapped"]))
    )
    metres = resident.send(
        "POST", "/api/designs", design_body("kade", with_geometry(BAD_GEOMETRIES["metres"]))
    )
    assert "omgewisseld" in str(problems_of(swapped))
    assert "RD" in str(problems_of(metres))


def test_all_problems_come_at_once(resident: Resident) -> None:
    body = design_body(
        "kade",
        with_geometry(BAD_GEOMETRIES["elsewhere"]),
        addition(20, 2, "lawaai"),
        addition(20, 2, rotation_deg=1e9),
        about(999_999),
        title="",
    )
    pointers = problems_of(resident.send("POST", "/api/designs", body))
    assert set(pointers) == {
        "/title",
        "/changes/features/0/geometry",
        "/changes/features/1/properties/kind",
        "/changes/features/2/properties/rotation_deg",
        "/changes/features/3/properties/object",
    }


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (b"{", 400),
        (b'{"title": NaN}', 400),
        (b'{"title": 1e400}', 400),
        (b"[]", 422),
        (b'"x"', 422),
        (b"[" * 100_000, 400),
        (b'{"assignment": "kade", "title": "\\u0000"}', 422),
        (b'{"assignment": "kade", "title": "\\ud800"}', 422),
        (b'{"assignment": 7}', 422),
        (b'{"assignment": "bestaat-niet", "title": "x"}', 404),
        (b" " * 300_000, 413),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_changes_nothing(
    app: Flask, resident: Resident, payload: bytes, status: int
) -> None:
    headers = {"X-CSRF-Token": resident.token, "Content-Type": "application/json"}
    answer = resident.client.post("/api/designs", data=payload, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM design")) == 0


def test_a_ring_of_too_many_points_is_refused_quickly(resident: Resident) -> None:
    box = rd_box(5, 5, 60, 15)
    corners = [box.exterior.interpolate(i / 2_500, normalized=True).coords[0] for i in range(2_500)]
    polygon = {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}
    answer = resident.send(
        "POST", "/api/designs", design_body("kade", with_geometry(polygon, "planting_bed"))
    )
    assert answer.status_code == 422
    assert "2501" in str(problems_of(answer))


def test_the_carriageway_is_not_for_residents_to_remove(resident: Resident, ids: dict[str, int]) -> None:
    assert (
        resident.send("POST", "/api/designs", design_body("kade", about(ids["rijbaan"]))).status_code == 422
    )


def test_one_thing_has_one_change(resident: Resident, ids: dict[str, int]) -> None:
    body = design_body("kade", about(ids["boom-1"]), about(ids["boom-1"], "keep"))
    answer = resident.send("POST", "/api/designs", body)
    assert list(problems_of(answer)) == ["/changes/features/1/properties/object"]


def test_a_check_judges_and_stores_nothing(app: Flask, client: FlaskClient, street: str) -> None:
    answer = client.post("/api/check", json=design_body())
    assert answer.status_code == 200
    document = answer.get_json()
    (judged,) = document["changes"]
    assert {check["rule"] for check in judged["checks"]} >= {"R15"}
    assert document["effects"]["trees"]["after"] == 3
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM design")) == 0
