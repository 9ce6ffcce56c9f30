"""Cross-sections through the API, as a picture and on paper, on the street made by hand."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import now
from app.core.transaction import transaction
from app.designs.catalogue import catalogue
from app.designs.models import OwnThreshold
from app.extensions import db
from tests.factories import (
    Resident,
    addition,
    design_body,
    make_street,
    object_id,
    point_json,
    rd_box,
    rd_point,
)

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment on a street made by hand."""
    with app.app_context():
        return make_street().slug


def ask(client: FlaskClient, x: float, y: float, *features: dict[str, Any], **more: Any) -> dict[str, Any]:
    changes = {"type": "FeatureCollection", "features": list(features)}
    body = {"assignment": "kade", "at": point_json(x, y)["coordinates"], "changes": changes, **more}
    answer = client.post("/api/section", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def widths(side: dict[str, Any]) -> list[tuple[str, float]]:
    return [(band["name"], round(band["width_m"], 2)) for band in side["bands"]]


# From the northern façade to the southern one, by hand: 0.5 m unknown ground, 4 m pavement, 10 m carriageway,
# 2 m bay, 4 m pavement, 0.5 m unknown ground.
NOW = [
    *[("onbekend", 0.5), ("stoep", 4.0), ("rijbaan", 10.0)],
    *[("parkeren", 2.0), ("stoep", 4.0), ("onbekend", 0.5)],
]


def test_the_street_now_is_told_from_facade_to_facade(client: FlaskClient, street: str) -> None:
    found = ask(client, 20, 12)
    assert widths(found["before"]) == NOW
    assert found["before"]["length_m"] == pytest.approx(21, abs=0.01)
    assert found["before"]["bands"] == found["after"]["bands"]
    assert found["changed"] is False
    assert (found["left"], found["right"]) == ("noord", "zuid")
    assert found["title"] == "Doorsnede bij Kade 2"
    # The middle of carriageway and bay, y 4 to 16.
    middle = rd_point(20, 10)
    assert found["at"] == [pytest.approx(middle.x, abs=2e-6), pytest.approx(middle.y, abs=2e-6)]
    # The track runs eastward through the whole area of 100 m, in steps of 3 m.
    assert found["track"]["length_m"] == pytest.approx(100, abs=6)
    assert found["track"]["geometry"]["type"] == "LineString"


def test_a_tree_and_its_open_ground_are_in_the_section_after(client: FlaskClient, street: str) -> None:
    found = ask(client, 20, 2, addition(20, 2))
    # A pit of 1.5 m in the middle of the southern pavement (y 0 to 4).
    assert widths(found["after"])[-4:] == [
        ("stoep", 1.25),
        ("boomvak", 1.5),
        ("stoep", 1.25),
        ("onbekend", 0.5),
    ]
    assert widths(found["before"]) == NOW
    assert found["changed"] is True
    [tree] = found["after"]["elements"]
    # From the northern façade at y 20.5.
    assert (tree["kind"], tree["certainty"]) == ("tree", "drawn")
    assert tree["at_m"] == pytest.approx(18.5, abs=0.02)
    assert found["before"]["elements"] == []


def test_a_pavement_that_becomes_too_narrow_says_what_is_needed(client: FlaskClient, street: str) -> None:
    """The pit leaves 1.25 m on either side of it; preferably 1.80 stays free (R01). Now there are 4 m."""
    found = ask(client, 20, 12, addition(20, 2))
    assert found["needed_m"] == 1.8
    assert [band["needed"] for band in found["before"]["bands"]] == [None] * len(NOW)
    needed = [(band["name"], band["needed"]) for band in found["after"]["bands"] if band["needed"]]
    assert needed == [("stoep", "nodig 1,80")]
    assert "stoep 1,25\u00a0m (gemeten, nodig 1,80)" in found["after"]["text"]
    assert "nodig 1,80" in found["after"]["svg"] and "nodig" not in found["before"]["svg"]


def test_what_is_needed_is_the_number_of_the_municipality(
    app: Flask, client: FlaskClient, street: str
) -> None:
    """A bench of 0.6 m along the kerb of a pavement of 4 m leaves 3.40: enough, until 3.50 is asked."""
    bench = addition(20, 3.7, "bench", rotation_deg=90)
    assert not any(band["needed"] for band in ask(client, 20, 12, bench)["after"]["bands"])
    with app.app_context(), transaction():
        row = {"value": 3.5, "owner": "Gemeente Voorbeeld", "reason": "Brede stoepen."}
        db.session.add(OwnThreshold(rule="R01", key="preferred_m", set_by=None, set_at=now(), **row))
    found = ask(client, 20, 12, bench)
    assert found["needed_m"] == 3.5
    needed = [band["needed"] for band in found["after"]["bands"] if band["needed"]]
    assert needed == ["vrij 3,40, nodig 3,50"]


def test_what_is_taken_away_is_not_in_the_section_after(app: Flask, client: FlaskClient, street: str) -> None:
    with app.app_context():
        tree, bay = object_id("boom-1"), object_id("vak-1")
    gone = [
        {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": number}}
        for number in (tree, bay)
    ]
    at_tree = ask(client, 50, 10, *gone)
    assert [e["kind"] for e in at_tree["before"]["elements"]] == ["tree"]
    assert at_tree["after"]["elements"] == []
    at_bay = ask(client, 19, 10, *gone)
    before, after = (
        {band["kind"]: band["certainty"] for band in at_bay[side]["bands"]} for side in ("before", "after")
    )
    assert before["parking"] == "measured"
    assert "parking" not in after
    drawn = [band for band in at_bay["after"]["bands"] if band["certainty"] == "drawn"]
    assert [(band["name"], round(band["width_m"], 2)) for band in drawn] == [("rijbaan", 2.0)]


def test_a_parklet_lies_on_the_ground_that_is_there(client: FlaskClient, street: str) -> None:
    ring = [list(xy) for xy in rd_box(17, 4, 23, 6).exterior.coords]
    parklet = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"action": "add", "kind": "parklet"},
    }
    names = [name for name, _ in widths(ask(client, 20, 10, parklet)["after"])]
    assert "parklet op parkeren" in names


def test_with_a_bearing_the_place_stays_where_it_is(client: FlaskClient, street: str) -> None:
    found = ask(client, 20, 12, bearing_deg=270)
    # Seen westward: left is south.
    assert (found["left"], found["right"]) == ("zuid", "noord")
    assert [name for name, _ in widths(found["before"])] == [name for name, _ in NOW[::-1]]
    asked = point_json(20, 12)["coordinates"]
    assert found["at"] == pytest.approx(asked, abs=1e-7)
    assert found["bearing_deg"] == pytest.approx(270, abs=0.01)
    assert found["track"] is None


def test_english_words(client: FlaskClient, street: str) -> None:
    body = {"assignment": "kade", "at": point_json(20, 10)["coordinates"], "changes": None}
    found = client.post("/en/api/section", json=body).get_json()
    assert [band["name"] for band in found["before"]["bands"]][1:3] == ["pavement", "carriageway"]
    assert "4.00\u00a0m" in found["before"]["text"]


@pytest.mark.parametrize(
    ("more", "pointers"),
    [
        ({"at": None}, ["/at/coordinates"]),
        ({"at": "hier"}, ["/at/coordinates"]),
        ({"at": [1e400, 2]}, None),
        ({"at": [4.3, 52.0, 1, 1]}, ["/at/coordinates"]),
        ({"at": [24.9, 60.1]}, ["/at"]),
        ({"at": [450000, 84000]}, ["/at/coordinates"]),
        ({"bearing_deg": "noord"}, ["/bearing_deg"]),
        ({"bearing_deg": 1e9}, ["/bearing_deg"]),
        ({"layout": "groot"}, ["/layout"]),
        ({"changes": []}, ["/changes"]),
        ({"iets": 1}, ["/iets"]),
        ({"assignment": 5}, ["/assignment"]),
    ],
)
def test_what_is_asked_wrong_is_said_with_its_place(
    client: FlaskClient, street: str, more: dict[str, Any], pointers: list[str] | None
) -> None:
    body = {"assignment": "kade", "at": point_json(20, 10)["coordinates"], "changes": None, **more}
    answer = client.post("/api/section", json=body)
    if pointers is None:
        assert answer.status_code == 400
        return
    assert answer.status_code == 422
    assert [problem["pointer"] for problem in answer.get_json()["errors"]] == pointers


def test_in_a_building_and_far_from_a_street_there_is_no_section(client: FlaskClient, street: str) -> None:
    def status(x: float, y: float, **more: Any) -> int:
        body = {"assignment": "kade", "at": point_json(x, y)["coordinates"], "changes": None, **more}
        return client.post("/api/section", json=body).status_code

    assert status(50, -5, bearing_deg=90) == 422
    assert status(50, -29) == 422
    assert status(50, 400) == 422


def test_an_assignment_that_is_not_there_is_not_found(client: FlaskClient, street: str) -> None:
    assert client.post("/api/section", json={"assignment": "weg", "at": [4, 52]}).status_code == 404


# --- Stored designs ----------------------------------------------------------------------------------------


@pytest.fixture
def design(app: Flask, street: str) -> str:
    """A submitted design with a tree, of which the title could be mistaken for markup."""
    resident = Resident(app.test_client())
    body = design_body(street, addition(20, 2), title="Groen & <b>mooi</b> #let")
    made = str(resident.send("POST", "/api/designs", body).get_json()["id"])
    resident.send("POST", f"/api/designs/{made}/submit")
    return made


def test_a_design_has_a_picture_with_a_title_and_a_text(client: FlaskClient, design: str) -> None:
    answer = client.get(f"/designs/{design}/section.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    root = ElementTree.fromstring(answer.data)
    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == "Doorsnede bij Kade 2, in het ontwerp"
    assert text is not None and text.text is not None
    assert "boomvak 1,50\u00a0m (getekend)" in text.text
    assert text.text.startswith("Van links (noord) naar rechts (zuid): gevel;")
    before = client.get(f"/designs/{design}/section.svg?side=before").get_data(as_text=True)
    assert "boomvak" not in before


def test_another_place_can_be_asked(client: FlaskClient, design: str) -> None:
    place = rd_point(80, 10)
    there = client.get(f"/designs/{design}/section.svg?at={place.x},{place.y}").get_data(as_text=True)
    assert "boomvak" not in there


def test_on_paper_it_is_one_a4_with_a_page_of_tables(client: FlaskClient, design: str) -> None:
    answer = client.get(f"/designs/{design}/section.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-1.")
    # Tagged, for screen readers (ISO 14289-1), in Dutch.
    assert b"pdfuaid" in answer.data
    assert b"StructTreeRoot" in answer.data
    picture = client.get(f"/designs/{design}/section.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.data.startswith(b"\x89PNG")
    # A4 across at 150 dots per inch: 11.69 by 8.27 inch.
    width, height = (int.from_bytes(picture.data[start : start + 4], "big") for start in (16, 20))
    assert (width, height) == (pytest.approx(1754, abs=1), pytest.approx(1240, abs=1))


def test_the_same_print_twice_is_not_sent_twice(client: FlaskClient, design: str) -> None:
    first = client.get(f"/designs/{design}/section.png")
    again = client.get(f"/designs/{design}/section.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "private" in first.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *[("at=", 400), ("at=1", 400), ("at=a,b", 400), ("at=nan,52", 400), ("at=1e400,52", 400)],
        *[("at=4,91", 400), ("at=1,2,3", 400), ("at=24.9,60.1", 422), ("version=9", 404)],
        *[("version=x", 404), ("version=99999999999", 404), ("version=0", 404), ("side=boven", 200)],
    ],
)
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_a_wrong_address_is_no_fault_of_ours(
    client: FlaskClient, design: str, form: str, query: str, status: int
) -> None:
    assert client.get(f"/designs/{design}/section.{form}?{query}").status_code == status


def test_a_draft_is_cut_for_its_author_only(app: Flask, street: str) -> None:
    resident = Resident(app.test_client())
    made = resident.send("POST", "/api/designs", design_body(street)).get_json()["id"]
    assert resident.client.get(f"/designs/{made}/section.svg").status_code == 200
    assert app.test_client().get(f"/designs/{made}/section.svg").status_code == 404
    assert app.test_client().get(f"/designs/{made}/section.gif").status_code == 404


def test_the_page_of_a_design_shows_both_and_links_the_prints(client: FlaskClient, design: str) -> None:
    page = client.get(f"/designs/{design}").get_data(as_text=True)
    assert page.count('class="section"') == 4
    assert "In dit ontwerp" in page
    assert f"/designs/{design}/section.pdf?at=" in page
    assert f"/designs/{design}/section.png?at=" in page
    assert '<th scope="row">boomvak</th><td>1,50\u00a0m</td><td>getekend</td>' in page
    assert 'style="' not in page


def test_an_older_version_shows_its_own_section(app: Flask, design: str, client: FlaskClient) -> None:
    page = client.get(f"/designs/{design}/versions/1").get_data(as_text=True)
    assert "boomvak" in page


def test_by_default_a_design_is_cut_where_it_changes_something(app: Flask, street: str) -> None:
    with app.app_context():
        kept = object_id("boom-2")
    keep = {"type": "Feature", "geometry": None, "properties": {"action": "keep", "object": kept}}
    line = [list(rd_point(x, 0.3).coords[0]) for x in (20, 30)]
    garden = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": line},
        "properties": {"action": "add", "kind": "facade_garden"},
    }
    resident = Resident(app.test_client())
    made = resident.send("POST", "/api/designs", design_body(street, keep, garden)).get_json()["id"]
    svg = resident.client.get(f"/designs/{made}/section.svg").get_data(as_text=True)
    # Halfway the garden, which is 0.45 m deep.
    assert "geveltuin 0,45\u00a0m (getekend)" in svg


def test_a_design_in_which_everything_stays_has_a_section_too(app: Flask, street: str) -> None:
    with app.app_context():
        kept = object_id("boom-2")
    keep = {"type": "Feature", "geometry": None, "properties": {"action": "keep", "object": kept}}
    resident = Resident(app.test_client())
    made = resident.send("POST", "/api/designs", design_body(street, keep)).get_json()["id"]
    assert resident.client.get(f"/designs/{made}/section.svg").status_code == 200
    assert resident.client.get(f"/designs/{made}").status_code == 200


def test_every_element_can_be_cut_through(app: Flask, client: FlaskClient, street: str) -> None:
    with app.app_context():
        kinds = [kind for kind in catalogue().kinds.values() if not kind.applies_to]
    ring = [list(xy) for xy in rd_box(17, 6, 23, 8).exterior.coords]
    shapes: dict[str, dict[str, Any]] = {
        "point": point_json(20, 2),
        "line": {"type": "LineString", "coordinates": [list(rd_point(x, 8).coords[0]) for x in (17, 23)]},
        "area": {"type": "Polygon", "coordinates": [ring]},
    }
    for kind in kinds:
        for form in kind.geometry:
            drawn = {
                "type": "Feature",
                "geometry": shapes[form],
                "properties": {"action": "add", "kind": kind.id},
            }
            found = ask(client, 20, 10, drawn)
            parts = [*found["after"]["bands"], *found["after"]["elements"]]
            assert any(part["element"] == kind.id for part in parts), (kind.id, form)
            assert found["after"]["length_m"] == found["before"]["length_m"]
            assert sum(band["width_m"] for band in found["after"]["bands"]) == pytest.approx(
                found["after"]["length_m"], abs=0.01
            )
