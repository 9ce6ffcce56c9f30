"""The figures through the API, on the page and in the collection. The street is that of `make_street`.

Two trees of which nothing is known (28 m2 of crown each), three bays, a bench; two addresses in one building.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shapely import LineString, Point, box

from app.core.geometry import to_wkb
from app.core.transaction import transaction
from app.designs.effect_words import describe_effects
from app.designs.scenes import scene_of
from app.extensions import db
from app.maps.models import StreetObject
from app.projects.queries import assignment_by_slug
from geodata import metrics
from tests.factories import Resident, addition, design_body, make_street, object_id, rd_box
from tests.factories.figures import add, figures
from tests.unit.designs.effects import test_properties as anything

SLOW = {"shade_share", "accessible_share", "accessible_wide_share", "emergency_share"}


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    with app.app_context():
        return make_street().slug


def check(client: FlaskClient, *features: dict[str, Any], **more: Any) -> dict[str, dict[str, Any]]:
    answer = client.post("/api/check", json={**design_body("kade", *features), **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, dict[str, Any]] = answer.get_json()["effects"]
    return found


def test_a_medium_tree_by_hand(client: FlaskClient, street: str) -> None:
    told = check(client, addition(20, 2, "tree_medium"))
    assert set(told) == set(metrics.load().figures) - SLOW
    pairs = {name: (figure["before"], figure["after"]) for name, figure in told.items()}
    assert pairs["trees"] == (2, 3) and pairs["canopy_m2"] == (56, 84)
    assert told["canopy_m2"]["at"]["0"]["value"] == pytest.approx(56 + math.pi * 0.75**2, abs=0.06)
    # The third tree of 28 m2 within 25 m of the southern house, in which both addresses lie.
    assert pairs["trees_in_view_share"] == (0, 100)
    # 2000 x 1.325 among two homes.
    assert pairs["cost_per_dwelling_eur"] == (0, 1325)
    assert pairs["upkeep_eur_year"] == (0, 17)
    # 2.25 m2 of pit in 400 + 400 + 1000 + 36 m2 of street.
    assert told["unpaved_share"]["after"] == round(100 * 2.25 / 1836, 1)


def test_what_is_not_on_the_map_is_not_known(client: FlaskClient, street: str) -> None:
    told = check(client, addition(20, 2, "bike_stand"))
    for name, missing in (
        ("green_per_dwelling_m2", "groen"),
        ("parking_occupancy", "telling"),
        ("play_share", "speel"),
    ):
        assert told[name]["before"] is None and told[name]["after"] is None
        assert missing in told[name]["caveat"]
    assert told["bike_places"]["before_known"] is False and told["bike_places"]["change"] == 2


def test_every_figure_opens_into_sentences(client: FlaskClient, street: str, app: Flask) -> None:
    with app.app_context():
        tree = object_id("boom-1")
    removal = {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": tree}}
    told = check(client, addition(20, 2, "tree_medium"), removal)
    steps = told["trees"]["how"]
    assert [step["text"] for step in steps] == [
        "Nu op de kaart: 2 × boom.",
        "Weg: 1 × boom.",
        "Erbij: 1 × Boom 2e grootte (middel).",
    ]
    assert steps[1]["objects"] == [tree] and steps[1]["changes"] == [1]
    assert told["canopy_m2"]["name"] == "Oppervlak boomkronen, na 20 jaar"
    english = client.post("/en/api/check", json=design_body("kade", addition(20, 2, "tree_medium")))
    assert english.get_json()["effects"]["trees"]["how"][0]["text"] == "On the map now: 2 × tree."


def test_shade_is_asked_for_apart_and_at_any_hour(client: FlaskClient, street: str) -> None:
    assert set(check(client, addition(20, 2), shade=True)) >= SLOW
    told = check(client, addition(20, 2), hour=9.5)["shade_share"]
    assert set(told["hours"]) == {"13", "14", "15", "9.5"}
    assert 0 <= told["before"] <= told["after"] <= 100 and "geschat" in told["caveat"]


def test_the_steps_can_be_left_out(client: FlaskClient, street: str) -> None:
    told = check(client, addition(20, 2), how=False)
    assert told["trees"]["after"] == 3 and all("how" not in figure for figure in told.values())


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"hour": 24}, "/hour"),
        ({"hour": "noon"}, "/hour"),
        ({"hour": True}, "/hour"),
        ({"shade": 1}, "/shade"),
        ({"how": "no"}, "/how"),
    ],
)
def test_an_hour_that_cannot_be_is_told(client: FlaskClient, street: str, more: Any, pointer: str) -> None:
    answer = client.post("/api/check", json={**design_body("kade"), **more})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_a_parking_count_that_is_imported_tells_how_full_it_gets(
    client: FlaskClient, street: str, app: Flask
) -> None:
    with app.app_context(), transaction():
        assignment = assignment_by_slug(street)
        counted = StreetObject(
            neighbourhood_id=assignment.neighbourhood_id,
            source="telling",
            source_id="1",
            kind="parking_count",
            certainty="measured",
            geom=to_wkb(rd_box(8, 3, 30, 7)),
            attributes={"parked": 2, "capacity": 3, "counted_on": "2026-05-12"},
        )
        db.session.add(counted)
    told = check(client, addition(20, 2))["parking_occupancy"]
    assert (told["before"], told["after"], told["counted_on"]) == (67, 67, "2026-05-12")
    assert "12 mei 2026" in next(step["text"] for step in told["how"] if step["step"] == "parked")


def test_a_design_keeps_its_figures_and_everybody_reads_them(
    client: FlaskClient, street: str, app: Flask
) -> None:
    author = Resident(app.test_client())
    made = author.send("POST", "/api/designs", design_body(street, addition(20, 2, "tree_medium"))).get_json()
    assert set(made["properties"]["effects"]) == set(metrics.load().figures) - SLOW
    assert all("how" not in figure for figure in made["properties"]["effects"].values())
    assert author.send("POST", f"/api/designs/{made['id']}/submit").status_code == 200

    (flat,) = client.get("/api/collections/designs/items", query_string={"assignment": street}).get_json()[
        "features"
    ]
    wanted = {
        "trees_before": 2,
        "trees_after": 3,
        "canopy_m2_after": 84,
        "canopy_m2_year_0": 57.8,
        "cost_eur": 2000,
        "cost_with_overhead_eur": 2650,
        "cost_with_overhead_eur_low": 625,
        "cost_with_overhead_eur_high": 8400,
        "parking_occupancy_before": None,
        "added": 1,
        "removed": 0,
    }
    assert wanted.items() <= flat["properties"].items()
    assert flat["properties"]["shade_share_before"] is not None

    page = client.get(f"/designs/{made['id']}").get_data(as_text=True)
    assert "Erbij: 1 × Boom 2e grootte (middel), samen 28\u00a0m²." in page
    assert "Richtlijn: minstens 30 procent." in page and "Wat we niet weten" in page
    assert "Er is geen telling van geparkeerde auto’s ingelezen." in page
    english = client.get(f"/en/designs/{made['id']}").get_data(as_text=True)
    assert (
        "All consequences, and how they were computed" in english
        and "Design, supervision, risk and VAT" in english
    )


def test_the_scene_is_read_once_and_again_after_an_import(street: str, app: Flask) -> None:
    with app.test_request_context("/"):
        assignment = assignment_by_slug(street)
        scene = scene_of(assignment)
        assert scene_of(assignment) is scene
        assert [home.count for home in scene.homes_in_street] == [2]
        assert scene.around.area_m2 == pytest.approx(200 * 120, rel=1e-3)
        # In the east of the Netherlands' grid, west of its middle, true north leans to the right.
        assert 0 < abs(scene.around.north_deg) < 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_step_and_caveat_is_a_sentence_in_both_languages(app: Flask, language: str) -> None:
    drawn = [add(kind, _shape(kind)) for kind in anything.KINDS]
    told = figures(
        anything.HERE, *drawn, *(("remove", old.geometry, None, old, None) for old in anything.OLD)
    )
    with app.test_request_context("/", environ_base={"stoepkrijt.language": language}):
        described = describe_effects(told)
    for name, figure in described.items():
        assert figure["name"], name
        for step in figure["how"]:
            assert step["text"].endswith(".") and "%" not in step["text"], (name, step)
        for key in (told[name].get("caveat") or "").split():
            assert figure["caveat"], key


def _shape(kind: str) -> Any:
    form = anything.ELEMENTS.kinds[kind].geometry[0]
    return {"point": Point(30, 6), "line": LineString([(20, 6), (30, 6)]), "area": box(20, 5, 30, 7)}[form]
