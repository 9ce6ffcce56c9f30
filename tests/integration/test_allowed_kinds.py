"""An assignment that lets residents place only some kinds: the form, the API, the workshop."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Assignment
from geodata import catalogue
from tests.factories import Resident, addition, design_body, make_street, object_id, rd_box
from tests.factories.briefs import brief_form
from tests.integration.test_pages import Browser, page, sign_in

ONLY = ["bench", "bike_stand", "car_share_bay", "tree_small"]


def limit(kinds: list[str] | None) -> None:
    """Let the street's assignment allow these kinds."""
    with transaction():
        db.session.query(Assignment).one().allowed_kinds = kinds


@pytest.fixture
def street(app: Flask, clean: None) -> dict[str, int]:
    """A street where benches, bike stands, shared cars and small trees may come; ids of things in it."""
    with app.app_context():
        make_street()
        limit(ONLY)
        return {name: object_id(name) for name in ("vak-0", "vak-1", "boom-1", "bank-1")}


@pytest.fixture
def resident(app: Flask, street: dict[str, int]) -> Resident:
    """Somebody drawing."""
    return Resident(app.test_client())


def problems(answer: Any) -> dict[str, str]:
    """Messages by pointer."""
    return {error["pointer"]: error["message"] for error in answer.get_json().get("errors", [])}


def about(number: int, action: str, **properties: Any) -> dict[str, Any]:
    """A change to an existing thing."""
    return {
        "type": "Feature",
        "geometry": None,
        "properties": {"action": action, "object": number, **properties},
    }


def test_what_the_assignment_does_not_allow_is_refused_by_name_at_its_place(resident: Resident) -> None:
    body = design_body("kade", addition(20, 2), addition(30, 2, "street_light"), addition(40, 2, "bench"))
    for path in ("/api/designs", "/api/check"):
        answer = resident.send("POST", path, body)
        assert answer.status_code == 422
        assert list(problems(answer)) == ["/changes/features/1/properties/kind"]
        assert "“Lichtmast” hoort niet bij deze opgave" in answer.text
    english = resident.send("POST", "/api/check", body, **{"Accept-Language": "en"})
    assert "“Street light” is not part of this assignment" in english.text


def test_what_it_allows_goes_in_also_one_by_one(resident: Resident) -> None:
    made = resident.send("POST", "/api/designs", design_body("kade", addition(20, 2)))
    assert made.status_code == 201
    one = made.headers["Location"] + "/changes"
    assert resident.send("POST", one, addition(30, 2, "bench")).status_code == 201
    refused = resident.send("POST", one, addition(35, 2, "street_light"))
    assert refused.status_code == 422
    assert list(problems(refused)) == ["/properties/kind"]


def test_parking_stays_where_its_removal_is_not_allowed(resident: Resident, street: dict[str, int]) -> None:
    """Neither removed nor built over; a shared-car bay is still a bay, and other things may go."""
    tree = addition(13, 5)
    replaced = {**tree, "properties": {"action": "replace", "object": street["vak-1"], "kind": "tree_small"}}
    refused = resident.send(
        "POST", "/api/check", design_body("kade", about(street["vak-0"], "remove"), replaced)
    )
    assert list(problems(refused)) == [
        "/changes/features/0/properties/action",
        "/changes/features/1/properties/kind",
    ]
    assert "“Parkeervak weghalen” hoort niet bij deze opgave" in refused.text
    fine = design_body(
        "kade",
        about(street["vak-0"], "replace", kind="car_share_bay"),
        about(street["vak-1"], "keep"),
        about(street["bank-1"], "remove"),
    )
    assert resident.send("POST", "/api/check", fine).status_code == 200


def test_without_a_limit_everything_may_come(app: Flask, resident: Resident, street: dict[str, int]) -> None:
    with app.app_context():
        limit(None)
    body = design_body("kade", addition(30, 2, "street_light"), about(street["vak-0"], "remove"))
    assert resident.send("POST", "/api/designs", body).status_code == 201


def test_the_limit_is_public_and_in_the_workshop(client: FlaskClient, street: dict[str, int]) -> None:
    [feature] = client.get("/api/collections/assignments/items").get_json()["features"]
    assert feature["properties"]["allowed_kinds"] == "bench,bike_stand,car_share_bay,tree_small"
    html = client.get("/assignments/kade/draw").text
    assert "&#34;kinds&#34;:[&#34;bench&#34;,&#34;bike_stand&#34;," in html


def test_a_planner_chooses_kinds_by_group(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
    planner = Browser(app.test_client())
    sign_in(planner, "planner@example.nl", Role.PLANNER)
    tree = page(planner.client, "/desk/assignments/kade")
    offered = tree.xpath("//input[@name='kinds']/@value")
    assert sorted(offered) == sorted(catalogue.load().kinds)
    assert tree.xpath("//input[@name='which_kinds'][@checked]/@value") == ["all"]
    assert tree.xpath("//fieldset[legend='Fietsen']//input/@value") == [
        "bike_stand",
        "bike_hangar",
        "cycle_track_oneway",
        "cycle_track_twoway",
    ]
    with app.app_context():
        ring = [list(corner) for corner in rd_box(0, 0, 100, 20).exterior.coords]
    area = json.dumps({"type": "Polygon", "coordinates": [ring]})
    rows = {
        name: tree.xpath(f"//form//input[@name='phases-0-{name}']/@value")[0]
        for name in ("id", "starts_at", "ends_at")
    }
    form = {
        **brief_form(area, which_kinds="some", revision="1"),
        **{f"phases-0-{name}": value for name, value in rows.items()},
    }
    nothing = planner.post("/desk/assignments/kade", form)
    assert nothing.status_code == 422
    assert "Vink minstens één element aan" in nothing.text
    unknown = planner.post("/desk/assignments/kade", {**form, "kinds": ["bench", "raket"]})
    assert unknown.status_code == 422
    assert planner.post("/desk/assignments/kade", {**form, "kinds": ["hedge", "bench"]}).status_code == 303
    tree = page(planner.client, "/desk/assignments/kade")
    assert tree.xpath("//input[@name='kinds'][@checked]/@value") == ["hedge", "bench"]
    # What was ticked stays out of account once everything may come again.
    everything = {**form, "which_kinds": "all", "kinds": ["hedge"], "revision": "2"}
    assert planner.post("/desk/assignments/kade", everything).status_code == 303
    with app.app_context():
        assert db.session.query(Assignment).one().allowed_kinds is None
