"""Support: one per person per design, exact whatever happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.extensions import db
from tests.factories import Resident, design_body, make_street

CLIENTS = 32


@pytest.fixture
def design(app: Flask, clean: None) -> str:
    """A submitted design."""
    with app.app_context():
        make_street()
    author = Resident(app.test_client())
    made = author.send("POST", "/api/designs", design_body()).get_json()["id"]
    author.send("POST", f"/api/designs/{made}/submit")
    return str(made)


def test_supporting_twice_counts_once_and_can_be_taken_back(app: Flask, design: str) -> None:
    resident = Resident(app.test_client())
    path = f"/api/designs/{design}/support"
    assert resident.send("PUT", path).get_json()["support"] == 1
    assert resident.send("PUT", path).get_json()["support"] == 1
    assert Resident(app.test_client()).send("PUT", path).get_json()["support"] == 2
    assert resident.send("DELETE", path).get_json()["support"] == 1
    assert resident.send("DELETE", path).get_json()["support"] == 1


def test_a_draft_cannot_be_supported(app: Flask, design: str) -> None:
    author = Resident(app.test_client())
    draft = author.send("POST", "/api/designs", design_body()).get_json()["id"]
    assert author.send("PUT", f"/api/designs/{draft}/support").status_code == 409
    assert Resident(app.test_client()).send("PUT", f"/api/designs/{draft}/support").status_code == 404


def test_what_does_not_exist_cannot_be_supported(app: Flask, design: str) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    assert Resident(app.test_client()).send("PUT", f"/api/designs/{nothing}/support").status_code == 404


def test_32_people_who_support_three_times_each_at_once_are_32(app: Flask, design: str) -> None:
    people = [Resident(app.test_client()) for _ in range(CLIENTS)]

    def thrice(resident: Resident) -> set[int]:
        return {resident.send("PUT", f"/api/designs/{design}/support").status_code for _ in range(3)}

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert set().union(*pool.map(thrice, people)) == {200}
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM support")) == CLIENTS
    assert app.test_client().get(f"/api/designs/{design}").get_json()["properties"]["support"] == CLIENTS


def test_32_edits_of_one_design_at_once_lose_nothing(app: Flask, design: str) -> None:
    author = Resident(app.test_client())
    made = author.send("POST", "/api/designs", design_body(title="Begin"))
    path, cookie = made.headers["Location"], author.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def edit(number: int) -> int:
        with app.test_client() as client:
            client.set_cookie("stoepkrijt", cookie.value)
            headers = {"X-CSRF-Token": author.token, "If-Match": made.headers["ETag"]}
            return client.put(path, json=design_body(title=f"Titel {number}"), headers=headers).status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = sorted(pool.map(edit, range(CLIENTS)))
    assert statuses == [200] + [412] * (CLIENTS - 1)


def test_32_people_submit_at_once_and_all_stand(app: Flask, design: str) -> None:
    people = [Resident(app.test_client()) for _ in range(CLIENTS)]

    def take_part(resident: Resident) -> tuple[int, int]:
        made = resident.send("POST", "/api/designs", design_body())
        return made.status_code, resident.send("POST", f"{made.headers['Location']}/submit").status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert set(pool.map(take_part, people)) == {(201, 200)}
    with app.app_context():
        assert (
            db.session.scalar(db.text("SELECT count(*) FROM design WHERE status = 'submitted'"))
            == CLIENTS + 1
        )


def test_the_same_person_supporting_in_many_tabs_at_once_counts_once(app: Flask, design: str) -> None:
    resident = Resident(app.test_client())
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def support(_tab: int) -> int:
        with app.test_client() as client:
            client.set_cookie("stoepkrijt", cookie.value)
            headers = {"X-CSRF-Token": resident.token}
            return client.put(f"/api/designs/{design}/support", headers=headers).status_code

    for _time in range(5):
        with ThreadPoolExecutor(CLIENTS) as pool:
            assert set(pool.map(support, range(CLIENTS))) == {200}
        assert resident.send("DELETE", f"/api/designs/{design}/support").get_json()["support"] == 0
