"""Signing in or leaving in one tab while another tab is still writing."""

from __future__ import annotations

import threading
import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Person
from app.designs.models import Design
from app.extensions import db
from tests.factories import Resident, design_body, make_street
from tests.factories.people import Browser, count, link_for, sign_in

PATIENCE_S = 10


def _wait_until_somebody_waits_for_a_lock() -> None:
    waiting = db.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + PATIENCE_S
    with db.engine.connect() as connection:
        while time.monotonic() < until:
            if connection.scalar(waiting):
                return
            connection.rollback()
            time.sleep(0.02)
    raise AssertionError("nobody waited")


def test_a_write_whose_person_disappears_meanwhile_changes_nothing_and_says_so(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        make_street()
    guest = Resident(client)
    answers: list[Any] = []
    with app.app_context():
        db.session.execute(db.delete(Person))
        writing = threading.Thread(
            target=lambda: answers.append(guest.send("POST", "/api/designs", design_body()))
        )
        writing.start()
        _wait_until_somebody_waits_for_a_lock()
        db.session.commit()
        writing.join(PATIENCE_S)
    assert answers[0].status_code == 401
    assert "niets gewijzigd" in answers[0].get_json()["detail"]
    assert count(app, Design) == 0


def test_a_design_that_is_being_saved_moves_with_the_guest_who_signs_in(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        make_street()
    sign_in(Browser(app.test_client(), start=False), "jan@voorbeeld.nl")
    browser = Browser(client)
    link, second_tab = link_for(app, "jan@voorbeeld.nl"), app.test_client()
    cookie = client.get_cookie("stoepkrijt")
    assert cookie is not None
    second_tab.set_cookie("stoepkrijt", cookie.value)
    saved: list[int] = []

    def save() -> None:
        headers = {"X-CSRF-Token": browser.token}
        for number in range(10):
            answer = second_tab.post(
                "/api/designs", json=design_body(title=f"Klad {number}"), headers=headers
            )
            saved.append(answer.status_code)

    saving = threading.Thread(target=save)
    saving.start()
    while len(saved) < 3:
        time.sleep(0.005)
    assert browser.post(link).status_code == 303
    saving.join(PATIENCE_S)
    assert set(saved) <= {201, 401, 403}, saved
    with app.app_context():
        jan = db.session.scalars(db.select(Person.id)).one()
        authors = db.session.scalars(db.select(Design.author_id)).all()
    assert authors == [jan] * saved.count(201), "every design that was answered with 201 is Jan's"
