"""Planners and moderators come by invitation."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.domain import Role
from app.accounts.models import LoginLink, Person
from app.extensions import db
from tests.factories.mailbox import mailbox
from tests.factories.people import Browser, count, link_for, sign_in

NOOR = "noor@gemeente.nl"


def _invite(app: Flask, *args: str):  # type: ignore[no-untyped-def]
    return app.test_cli_runner().invoke(args=["accounts", "invite", *args])


def test_a_printed_link_makes_a_planner(app: Flask, client: FlaskClient) -> None:
    result = _invite(app, NOOR, "--role", "planner", "--print-link")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    path = result.stdout.strip().removeprefix("http://127.0.0.1:8000")
    assert "uitgenodigd als planner" in client.get(path).text
    assert client.post(path).status_code == 303
    assert "Je bent planner." in client.get("/me").text


def test_an_english_invitation_leads_to_the_english_page(app: Flask, client: FlaskClient) -> None:
    result = _invite(app, NOOR, "--role", "moderator", "--language", "en", "--print-link")
    assert result.stdout.startswith("http://127.0.0.1:8000/en/sign-in/")


def test_an_invitation_is_mailed(app: Flask, client: FlaskClient) -> None:
    with mailbox() as server:
        app.config["SMTP_URL"] = server.url
        try:
            result = _invite(app, NOOR, "--role", "moderator")
        finally:
            app.config["SMTP_URL"] = ""
        assert result.exit_code == 0, result.output
        assert "http" not in result.stdout
        assert server.messages[0]["To"] == NOOR
        assert client.post(server.link()).status_code == 303


def test_an_invitation_without_a_role_or_address_is_refused(app: Flask, client: FlaskClient) -> None:
    assert _invite(app, NOOR).exit_code == 2
    assert _invite(app, NOOR, "--role", "resident").exit_code == 2
    wrong = _invite(app, "geen adres", "--role", "planner")
    assert wrong.exit_code == 1
    assert "e-mailadres" in wrong.output
    assert count(app, LoginLink) == 0


def test_a_resident_who_is_invited_becomes_planner_and_stays_so(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    sign_in(browser, NOOR)
    sign_in(browser, NOOR, Role.PLANNER)
    sign_in(browser, NOOR)
    with app.app_context():
        assert [person.role for person in db.session.scalars(db.select(Person))] == ["planner"]


def test_a_guest_who_is_invited_keeps_what_they_made(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    with app.app_context():
        guest_id = db.session.scalars(db.select(Person.id)).one()
    browser.post(link_for(app, NOOR, Role.PLANNER))
    with app.app_context():
        person = db.session.scalars(db.select(Person)).one()
    assert (person.id, person.role) == (guest_id, "planner")


def test_a_planner_whose_role_is_taken_back_is_a_resident_at_once(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    sign_in(browser, NOOR, Role.PLANNER)
    open_invitation = link_for(app, NOOR, Role.PLANNER)
    assert app.test_cli_runner().invoke(args=["accounts", "revoke", NOOR]).exit_code == 0
    assert client.get("/me").status_code == 303
    assert client.get(open_invitation).status_code == 404
    sign_in(browser, NOOR)
    assert "Je bent planner." not in client.get("/me").text


def test_taking_back_a_role_of_nobody_is_said(app: Flask, client: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "revoke", NOOR])
    assert result.exit_code == 1
    assert "kennen we niet" in result.output
