"""The checks through the API: what is answered while drawing, what is stored, and whose numbers hold.

The street's southern façade lies at y = -0.5 m, so a small tree needs y >= 2.0 m for its 2.5 m.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.domain import Actor, Role
from app.core.geometry import to_metric
from app.core.transaction import transaction
from app.designs import rulebook, service
from app.errors import Invalid, NotFound
from app.extensions import db
from app.projects.models import Assignment
from app.projects.zones import ZoneDraft
from tests.factories import ORIGIN, RD, Resident, addition, design_body, make_street, rd_box

CONTRACT = {
    *("rule", "verdict", "value", "threshold", "unit", "severity", "source", "assumption", "message"),
}


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    with app.app_context():
        return make_street().slug


def checks_of(document: dict[str, Any], index: int = 0) -> dict[str, dict[str, Any]]:
    """The checks of one change, by rule."""
    return {check["rule"]: check for check in document["changes"][index]["checks"]}


def refused_rules(document: dict[str, Any]) -> set[str]:
    return {
        one["rule"]
        for one in document["changes"][0]["checks"]
        if one["verdict"] in ("conditional", "conflict")
    }


def check(client: FlaskClient, *features: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/api/check", json={**design_body("kade", *features), **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    document: dict[str, Any] = answer.get_json()
    return document


def test_a_tree_too_near_the_facade_is_told_with_value_threshold_source_and_place(
    client: FlaskClient, street: str
) -> None:
    found = checks_of(check(client, addition(20, 1.0)))["R15"]
    assert found.keys() >= CONTRACT
    assert found["verdict"] == "conditional"
    assert (found["value"], found["threshold"], found["unit"]) == (pytest.approx(1.5, abs=0.01), 2.5, "m")
    assert found["source"]
    assert found["assumption"] is False
    assert "1,50 m" in found["message"]
    line = to_metric(shapely.from_geojson(json.dumps(found["geometry"])), RD)
    assert line.length == pytest.approx(1.5, abs=0.01)


def test_the_same_in_english(client: FlaskClient, street: str) -> None:
    answer = client.post("/en/api/check", json=design_body("kade", addition(20, 1.0)))
    found = checks_of(answer.get_json())["R15"]
    assert "1.50 m" in found["message"]
    assert "gevel" not in found["message"]


def test_the_most_serious_verdict_stands_for_the_change_and_the_design(
    client: FlaskClient, street: str
) -> None:
    order = ["fits", "unchecked", "conditional", "conflict"]
    document = check(client, addition(20, 2.1), addition(40, 1.0))
    for change in document["changes"]:
        verdicts = [one["verdict"] for one in change["checks"]]
        assert change["verdict"] == max(verdicts, key=order.index)
    assert document["verdict"] == max((one["verdict"] for one in document["changes"]), key=order.index)


def test_what_would_fit_really_is_better(
    client: FlaskClient, street: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree 1.5 m from the façade has a better place near by; a busy machine may take its time."""
    monkeypatch.setattr(service, "BUDGET_S", 30)
    document = check(client, addition(35, 1.0))
    found = checks_of(document)["R15"]
    suggestion = found["suggestion"]
    assert suggestion["message"]
    moved = {**addition(35, 1.0), "geometry": suggestion["geometry"]}
    moved["properties"] |= {"kind": suggestion["kind"], "rotation_deg": suggestion["rotation_deg"]}
    again = check(client, moved, suggest=False)
    before, after = refused_rules(document), refused_rules(again)
    assert after < before
    x, y = (
        a - b
        for a, b in zip(
            to_metric(shapely.Point(suggestion["geometry"]["coordinates"]), RD).coords[0], ORIGIN, strict=True
        )
    )
    assert ((x - 35) ** 2 + (y - 1) ** 2) ** 0.5 == pytest.approx(suggestion["distance_m"], abs=0.02)


@pytest.mark.parametrize("suggest", [False, []])
def test_suggestions_can_be_left_for_later(client: FlaskClient, street: str, suggest: object) -> None:
    document = check(client, addition(35, 1.0), suggest=suggest)
    assert all("suggestion" not in one for one in document["changes"][0]["checks"])


@pytest.mark.parametrize("suggest", ["ja", [1.5], [True], {}, list(range(1000)), 3])
def test_a_strange_wish_for_suggestions_is_refused(client: FlaskClient, street: str, suggest: object) -> None:
    answer = client.post("/api/check", json=design_body(suggest=suggest))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/suggest"


def test_a_submitted_design_keeps_its_verdicts(app: Flask, client: FlaskClient, street: str) -> None:
    resident = Resident(client)
    made = resident.send("POST", "/api/designs", design_body("kade", addition(20, 1.0)))
    design = made.get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    stored = client.get(f"/api/designs/{design}").get_json()
    verdict = stored["changes"]["features"][0]["properties"]["verdict"]
    assert verdict == check(app.test_client(), addition(20, 1.0), suggest=False)["changes"][0]["verdict"]
    item = client.get(f"/api/collections/changes/items?design={design}").get_json()["features"][0]
    assert item["properties"]["verdict"] == verdict
    with app.app_context():
        (findings,) = db.session.scalar(db.text("SELECT checks FROM design_version"))
    assert {finding["rule"] for finding in findings} >= {"R15"}


def planner() -> Actor:
    return Actor(role=Role.PLANNER)


def test_a_municipality_sets_its_own_number_and_it_holds_at_once(
    app: Flask, client: FlaskClient, street: str
) -> None:
    with app.test_request_context(), transaction():
        rulebook.set_threshold(
            planner(),
            "R15",
            "small_m",
            value=1.2,
            owner="Gemeente",
            reason="Smalle straten",
            now=datetime.now(UTC),
        )
    found = checks_of(check(client, addition(20, 1.0), suggest=False))["R15"]
    assert (found["verdict"], found["threshold"]) == ("fits", 1.2)
    assert "Gemeente" in found["source"]
    with app.test_request_context(), transaction():
        rulebook.set_threshold(
            planner(),
            "R15",
            "small_m",
            value=None,
            owner="Gemeente",
            reason="Toch niet",
            now=datetime.now(UTC),
        )
    found = checks_of(check(client, addition(20, 1.0), suggest=False))["R15"]
    assert (found["verdict"], found["threshold"]) == ("conditional", 2.5)


@pytest.mark.parametrize("value", [0.1, 99, -1])
def test_a_number_outside_its_bounds_is_refused(app: Flask, street: str, value: float) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        rulebook.set_threshold(
            planner(), "R15", "small_m", value=value, owner="G", reason="Omdat", now=datetime.now(UTC)
        )


@pytest.mark.parametrize(("rule", "key"), [("R10", "crossing_m"), ("R99", "min_m"), ("R15", "nope")])
def test_what_the_law_fixes_or_nobody_knows_cannot_be_set(
    app: Flask, street: str, rule: str, key: str
) -> None:
    with app.test_request_context(), pytest.raises(NotFound):
        rulebook.set_threshold(
            planner(), rule, key, value=6, owner="G", reason="Omdat", now=datetime.now(UTC)
        )


def test_an_import_is_seen_by_the_next_check(app: Flask, client: FlaskClient, street: str) -> None:
    """A new façade 1 m from the tree counts at once, although the street was read before."""
    before = checks_of(check(client, addition(20, 3.0), suggest=False))["R15"]
    assert before["verdict"] == "fits"
    with app.app_context(), transaction():
        db.session.execute(
            db.text(
                "UPDATE street_object SET geom = ST_Translate(geom, 0, 0.00001), imported_at = now()"
                " WHERE source_id = 'gevel-zuid'"
            )
        )
    after = checks_of(check(client, addition(20, 3.0), suggest=False))["R15"]
    assert after["value"] == pytest.approx(before["value"] - 1.11, abs=0.03)


def test_the_page_of_a_design_tells_each_verdict_with_its_reason(client: FlaskClient, street: str) -> None:
    resident = Resident(client)
    design = resident.send("POST", "/api/designs", design_body("kade", addition(20, 1.0))).get_json()["id"]
    resident.send("POST", f"/api/designs/{design}/submit")
    document = client.get(f"/api/designs/{design}").get_json()
    verdict = document["changes"]["features"][0]["properties"]["verdict"]
    page = client.get(f"/designs/{design}").text
    assert {"conditional": "Kan, mits", "conflict": "Kan niet zo"}[verdict] in page
    assert "1,50 m" in page
    assert "Gemeente" in page or "Bron:" in page
    assert "façade" in client.get(f"/en/designs/{design}").text


def suggestions_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["suggestion"] for one in document["changes"][0]["checks"] if "suggestion" in one]


def test_what_would_fit_is_of_a_kind_that_the_brief_allows(
    client: FlaskClient, street: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BUDGET_S", 30)
    tree = addition(35, 1.0, "tree_medium")
    assert {one["kind"] for one in suggestions_of(check(client, tree))} == {"tree_small"}
    with app.app_context(), transaction():
        db.session.query(Assignment).one().allowed_kinds = ["bench", "tree_medium"]
    assert {one["kind"] for one in suggestions_of(check(client, tree))} <= {"tree_medium"}


def test_what_would_fit_lies_where_the_brief_lets_things_change(
    app: Flask, clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tree would go nothing may change: another place is told, or none."""
    monkeypatch.setattr(service, "BUDGET_S", 30)
    zone = rd_box(20, 1.05, 50, 2.5)
    with app.app_context():
        make_street(zones=(ZoneDraft("fixed", zone, "Hier liggen wortels."),))
    client = app.test_client()
    for x in (35, 47):
        document = check(client, addition(x, 1.0))
        for suggestion in suggestions_of(document):
            assert not shapely.Point(suggestion["geometry"]["coordinates"]).within(zone)
            moved = {**addition(x, 1.0), "geometry": suggestion["geometry"]}
            moved["properties"] |= {"kind": suggestion["kind"]}
            check(client, moved, suggest=False)
    # Beyond the zone's end there is room.
    assert suggestions_of(check(client, addition(49.8, 1.0)))
