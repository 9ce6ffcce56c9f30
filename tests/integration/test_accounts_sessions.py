"""Taking part without an account, and ending sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.domain import SESSION_LIFE, hash_of
from app.accounts.models import LoginSession, Person
from app.core import clock
from app.extensions import db
from tests.factories.people import Browser, count, link_for, sign_in


def test_reading_sets_no_cookie(client: FlaskClient) -> None:
    for path in ("/sign-in", "/goodbye", "/healthz"):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_guest_gets_one_cookie_with_the_right_flags(client: FlaskClient) -> None:
    answer = client.post("/api/session")
    assert answer.status_code == 201
    assert answer.get_json()["person"] == {"role": "guest"}
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("stoepkrijt=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "PUBLIC_URL is http in this test"


def test_asking_again_gives_the_same_guest_and_a_token_that_works(app: Flask, client: FlaskClient) -> None:
    assert client.post("/api/session").status_code == 201
    again = client.post("/api/session")
    assert again.status_code == 200
    assert count(app, Person) == 1
    assert (
        client.post("/sign-out", headers={"X-CSRF-Token": again.get_json()["csrf_token"]}).status_code == 303
    )


def test_the_database_holds_only_the_hash_of_a_token(app: Flask, client: FlaskClient) -> None:
    client.post("/api/session")
    with client.session_transaction() as cookie:
        token = cookie["login"]
    with app.app_context():
        stored = db.session.scalars(db.select(LoginSession.token_hash)).one()
    assert stored == hash_of(token)


def test_a_forged_or_unknown_cookie_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("stoepkrijt", "eyJsb2dpbiI6ImEifQ.bad.signature")
    assert client.get("/me").status_code == 303
    with client.session_transaction() as cookie:
        cookie["login"] = "no such token"
    assert client.get("/me").status_code == 303


def test_signing_out_stops_the_old_cookie_at_once(client: FlaskClient) -> None:
    browser = Browser(client)
    stolen = client.get_cookie("stoepkrijt")
    assert stolen is not None
    assert browser.post("/sign-out").status_code == 303
    client.set_cookie("stoepkrijt", stolen.value)
    assert client.get("/me").status_code == 303
    assert client.get("/me/export.json", headers={"Accept": "application/json"}).status_code == 401


def test_ending_all_sessions_stops_every_browser(app: Flask, client: FlaskClient) -> None:
    laptop, phone = Browser(client), Browser(app.test_client())
    sign_in(laptop, "jan@voorbeeld.nl")
    sign_in(phone, "jan@voorbeeld.nl")
    assert "Overal uitloggen" in phone.client.get("/me").text
    waiting = link_for(app, "jan@voorbeeld.nl")
    assert laptop.post("/me/sessions/end-all").location == "/goodbye?what=everywhere"
    assert phone.client.get(waiting).status_code == 404, "a link in the mailbox stops working too"
    assert laptop.client.get("/me").status_code == 303
    assert phone.client.get("/me").status_code == 303


def test_one_session_is_ended_from_another_browser(app: Flask, client: FlaskClient) -> None:
    laptop, phone = Browser(client), Browser(app.test_client())
    sign_in(laptop, "jan@voorbeeld.nl")
    sign_in(phone, "jan@voorbeeld.nl")
    phone_session = _session_of(app, phone)
    assert laptop.post(f"/me/sessions/{phone_session.id}/end").status_code == 303
    assert phone.client.get("/me").status_code == 303
    assert laptop.client.get("/me").status_code == 200


def test_nobody_ends_the_session_of_another_person(app: Flask, client: FlaskClient) -> None:
    jan, eva = Browser(client), Browser(app.test_client())
    sign_in(jan, "jan@voorbeeld.nl")
    sign_in(eva, "eva@voorbeeld.nl")
    assert jan.post(f"/me/sessions/{_session_of(app, eva).id}/end").status_code == 404
    assert eva.client.get("/me").status_code == 200


def test_last_seen_is_noted_at_most_once_an_hour(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    first = _session_of(app, browser).last_seen_at
    client.get("/me")
    assert _session_of(app, browser).last_seen_at == first
    _set_last_seen(app, timedelta(hours=2))
    assert "Set-Cookie" in client.get("/me").headers, "the cookie gets a fresh date too"
    assert clock.now() - _session_of(app, browser).last_seen_at < timedelta(minutes=1)


def test_a_session_that_was_not_seen_for_half_a_year_is_over(app: Flask, client: FlaskClient) -> None:
    Browser(client)
    _set_last_seen(app, SESSION_LIFE)
    assert client.get("/me").status_code == 303


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_guest_has_the_language_of_the_page(app: Flask, client: FlaskClient, language: str) -> None:
    client.post("/api/session", headers={"Accept-Language": language})
    with app.app_context():
        assert db.session.scalars(db.select(Person.language)).one() == language


def _session_of(app: Flask, browser: Browser) -> LoginSession:
    with browser.client.session_transaction() as cookie:
        token = cookie["login"]
    with app.app_context():
        return db.session.scalars(
            db.select(LoginSession).where(LoginSession.token_hash == hash_of(token))
        ).one()


def _set_last_seen(app: Flask, ago: timedelta) -> None:
    with app.app_context():
        db.session.execute(db.update(LoginSession).values(last_seen_at=clock.now() - ago))
        db.session.commit()
