"""Comments through the API."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app.designs.queries import comment_counts
from tests.factories import Resident, addition, design_body, make_street, point_json


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """An open assignment."""
    with app.app_context():
        return make_street().slug


@pytest.fixture
def resident(app: Flask, street: str) -> Resident:
    """Somebody who comments."""
    return Resident(app.test_client())


def remark(**more: Any) -> dict[str, Any]:
    """The body of a comment."""
    return {"assignment": "kade", "text": "Mooi plan.", **more}


def test_a_comment_on_a_place_lies_there(resident: Resident) -> None:
    answer = resident.send("POST", "/api/comments", remark(geometry=point_json(20, 2), sentiment="for"))
    assert answer.status_code == 201
    assert answer.get_json()["geometry"] == point_json(20, 2)
    assert answer.get_json()["properties"]["sentiment"] == "for"


def test_a_comment_hangs_on_a_design_or_on_one_change(resident: Resident) -> None:
    design = resident.send("POST", "/api/designs", design_body()).get_json()
    resident.send("POST", f"/api/designs/{design['id']}/submit")
    change = design["changes"]["features"][0]["id"]
    on_design = resident.send("POST", "/api/comments", remark(design=design["id"])).get_json()
    on_change = resident.send("POST", "/api/comments", remark(change=change)).get_json()
    assert on_design["properties"]["design"] == design["id"]
    assert on_change["properties"]["change"] == change
    shown = resident.client.get(f"/api/designs/{design['id']}").get_json()
    assert shown["properties"]["comments"] == 2


def test_a_design_counts_the_same_comments_wherever_they_are_counted(app: Flask, resident: Resident) -> None:
    """On it, on a change of version 1 and in reply to that, on one of version 2: four; one is removed."""
    design = resident.send("POST", "/api/designs", design_body()).get_json()
    other = resident.send("POST", "/api/designs", design_body(title="Niets over gezegd")).get_json()["id"]
    for one in (design["id"], other):
        resident.send("POST", f"/api/designs/{one}/submit")

    def say(**more: Any) -> str:
        made = resident.send("POST", "/api/comments", remark(**more))
        assert made.status_code == 201, made.get_json()
        return str(made.get_json()["id"])

    say(design=design["id"], text="Op het geheel.")
    first = say(change=design["changes"]["features"][0]["id"], text="Op een deel.")
    say(parent=first, text="Antwoord.")
    gone = say(design=design["id"], text="Toch niet.")
    assert resident.send("DELETE", f"/api/comments/{gone}").status_code in {200, 204}
    etag = resident.client.get(f"/api/designs/{design['id']}").headers["ETag"]
    body = design_body("kade", addition(30, 2), title="Tweede versie")
    again = resident.send("PUT", f"/api/designs/{design['id']}", body, **{"If-Match": etag})
    assert again.status_code == 200, again.get_json()
    assert again.get_json()["properties"]["version"] == 2
    say(change=again.get_json()["changes"]["features"][0]["id"], text="Op het nieuwe.")

    shown = resident.client.get(f"/api/designs/{design['id']}").get_json()
    public = resident.client.get(f"/api/collections/designs/items/{design['id']}").get_json()
    assert shown["properties"]["comments"] == public["properties"]["comments"] == 4
    with app.test_request_context():
        counted = comment_counts([uuid.UUID(design["id"]), uuid.UUID(other)])
    assert counted == {uuid.UUID(design["id"]): 4}
    page = resident.client.get("/assignments/kade").get_data(as_text=True)
    assert "4 reacties" in page and "0 reacties" in page


def test_nobody_can_comment_on_the_draft_of_somebody_else(app: Flask, resident: Resident) -> None:
    design = resident.send("POST", "/api/designs", design_body()).get_json()["id"]
    other = Resident(app.test_client())
    assert other.send("POST", "/api/comments", remark(design=design)).status_code == 422


def test_a_reply_belongs_to_the_thread(app: Flask, resident: Resident) -> None:
    first = resident.send("POST", "/api/comments", remark()).get_json()["id"]
    other = Resident(app.test_client())
    reply = other.send("POST", "/api/comments", remark(text="Vind ik ook.", parent=first)).get_json()
    assert reply["properties"]["parent"] == first


def test_the_same_words_at_another_place_are_another_comment(resident: Resident) -> None:
    """ "Hier een bank!" at two corners is said of two corners, and once about the street."""
    said = [
        resident.send("POST", "/api/comments", remark(text="Hier een bank!", **where)).get_json()
        for where in (
            {"geometry": point_json(20, 2)},
            {"geometry": point_json(40, 2)},
            {"geometry": point_json(20, 2)},
            {},
            {},
        )
    ]
    ids = [one["id"] for one in said]
    assert ids[0] == ids[2] != ids[1] and ids[3] == ids[4]
    assert len(set(ids)) == 3
    assert [one["geometry"] and one["geometry"]["coordinates"] for one in said] == [
        *(point_json(x, 2)["coordinates"] for x in (20, 40, 20)),
        None,
        None,
    ]


def test_a_button_pressed_twice_says_it_once(app: Flask, resident: Resident) -> None:
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None
    together = Barrier(8)

    def say(_time: int) -> str:
        tab = app.test_client()
        tab.set_cookie("stoepkrijt", cookie.value)
        together.wait()
        made = tab.post("/api/comments", json=remark(), headers={"X-CSRF-Token": resident.token})
        return str(made.get_json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(say, range(8)))) == 1


def test_the_same_comment_sent_twice_over_a_bad_line_is_one(resident: Resident) -> None:
    first = resident.send("POST", "/api/comments", remark()).get_json()["id"]
    assert resident.send("POST", "/api/comments", remark()).get_json()["id"] == first
    assert resident.send("POST", "/api/comments", remark(text="Iets anders.")).get_json()["id"] != first


def test_one_changes_and_removes_ones_own_words_only(app: Flask, resident: Resident) -> None:
    made = resident.send("POST", "/api/comments", remark(geometry=point_json(20, 2)))
    path = f"/api/comments/{made.get_json()['id']}"
    other = Resident(app.test_client())
    assert other.send("PATCH", path, {"text": "Nee"}, **{"If-Match": made.headers["ETag"]}).status_code == 403
    assert other.send("DELETE", path).status_code == 403
    assert resident.send("PATCH", path, {"text": "Beter"}).status_code == 428
    edited = resident.send("PATCH", path, {"text": "Beter"}, **{"If-Match": made.headers["ETag"]})
    assert edited.get_json()["properties"]["text"] == "Beter"
    stale = resident.send("PATCH", path, {"text": "Oud"}, **{"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    assert resident.send("DELETE", path).status_code == 204
    assert resident.send("DELETE", path).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (remark(text=""), "/text"),
        (remark(text="x" * 2_001), "/text"),
        (remark(text=7), "/text"),
        (remark(text="nul\x00"), "/text"),
        (remark(sentiment="boos"), "/sentiment"),
        (remark(geometry=point_json(500, 2)), "/geometry"),
        (remark(geometry={"type": "Point", "coordinates": ["a", "b"]}), "/geometry/coordinates"),
        (remark(design="geen-uuid"), "/design"),
        (remark(design="00000000-0000-4000-8000-000000000000"), "/design"),
        (remark(parent="00000000-0000-4000-8000-000000000000"), "/parent"),
        (remark(verzonnen=1), "/verzonnen"),
    ],
)
def test_a_bad_comment_is_refused_with_its_field(
    resident: Resident, body: dict[str, Any], pointer: str
) -> None:
    answer = resident.send("POST", "/api/comments", body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]
