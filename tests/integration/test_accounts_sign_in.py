"""Signing in by an e-mail link, through a real mail server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.domain import LINK_LIFE
from app.accounts.models import LoginLink, LoginSession, Person
from app.core import clock, hooks
from app.extensions import db
from tests.factories.mailbox import Mailbox
from tests.factories.people import Browser, count, link_for, sign_in

JAN = "jan@voorbeeld.nl"


@pytest.fixture
def merges() -> Iterator[list[tuple[UUID, UUID]]]:
    """Which guests went up in which person."""
    seen: list[tuple[UUID, UUID]] = []

    def listen(_sender: object, source_id: UUID, target_id: UUID) -> None:
        seen.append((source_id, target_id))

    with hooks.person_merged.connected_to(listen):
        yield seen


def _ask(browser: Browser, email: str = JAN, **more: str) -> None:
    answer = browser.post("/sign-in", {"email": email, **more})
    assert answer.status_code == 200, answer.text


def _people(app: Flask) -> list[Person]:
    with app.app_context():
        return list(db.session.scalars(db.select(Person).order_by(Person.created_at)))


def test_a_visitor_gets_a_mail_and_is_signed_in_after_the_button(
    app: Flask, client: FlaskClient, post: Mailbox
) -> None:
    browser = Browser(client, start=False)
    _ask(browser)
    [message] = post.messages
    assert message["To"] == JAN
    assert message["Subject"] == "Inloggen bij Stoepkrijt"
    assert "30 minuten" in message.get_content()
    assert "http://127.0.0.1:8000/sign-in/" in message.get_content()
    assert JAN in client.get(post.link()).text
    assert browser.post(post.link()).location == "/me"
    assert JAN in client.get("/me").text
    [person] = _people(app)
    assert (person.email, person.role) == (JAN, "resident")


def test_opening_the_link_does_not_use_it_up(client: FlaskClient, post: Mailbox) -> None:
    browser = Browser(client, start=False)
    _ask(browser)
    for _scanner in range(3):
        assert client.get(post.link()).status_code == 200
    assert browser.post(post.link()).status_code == 303


def test_a_link_works_once(app: Flask, client: FlaskClient) -> None:
    link = link_for(app, JAN)
    assert client.post(link).status_code == 303
    other = app.test_client()
    assert other.post(link).status_code == 409
    page = other.get(link)
    assert page.status_code == 410
    assert "al een keer gebruikt" in page.text
    assert count(app, LoginSession) == 1


def test_two_clicks_at_once_sign_in_once(app: Flask, client: FlaskClient) -> None:
    link = link_for(app, JAN)
    start, answers = threading.Barrier(6), []

    def click() -> None:
        browser = app.test_client()
        start.wait()
        answers.append(browser.post(link).status_code)

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409, 409, 409, 409, 409]


def test_two_first_links_of_one_address_at_once_make_one_person(app: Flask, client: FlaskClient) -> None:
    links = [link_for(app, JAN) for _ in range(5)]
    start, answers = threading.Barrier(5), []

    def click(link: str) -> None:
        browser = Browser(app.test_client())
        start.wait()
        answers.append(browser.post(link).status_code)

    threads = [threading.Thread(target=click, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 5, answers
    assert [(person.email, person.role) for person in _people(app)] == [(JAN, "resident")]


def test_a_link_is_over_after_half_an_hour(app: Flask, client: FlaskClient) -> None:
    link = link_for(app, JAN)
    with app.app_context():
        db.session.execute(db.update(LoginLink).values(expires_at=clock.now()))
        db.session.commit()
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 409
    assert count(app, Person) == 0


def test_the_link_lives_for_thirty_minutes(app: Flask, client: FlaskClient) -> None:
    link_for(app, JAN)
    with app.app_context():
        link = db.session.scalars(db.select(LoginLink)).one()
    assert link.expires_at - link.created_at == LINK_LIFE == timedelta(minutes=30)


@pytest.mark.parametrize("token", ["x", "a" * 5000, "%00", "%ed%a0%80", "..%2f"])
def test_an_invented_link_is_not_found(client: FlaskClient, token: str) -> None:
    assert client.get(f"/sign-in/{token}").status_code == 404
    assert client.post(f"/sign-in/{token}").status_code in (404, 405)


def test_the_answer_does_not_tell_whether_an_address_is_known(
    app: Flask, client: FlaskClient, post: Mailbox
) -> None:
    sign_in(Browser(app.test_client()), JAN)
    known = client.post("/sign-in", data={"email": JAN}).text
    unknown = client.post("/sign-in", data={"email": "eva@voorbeeld.nl"}).text
    assert known.replace(JAN, "X") == unknown.replace("eva@voorbeeld.nl", "X")
    assert len(post.messages) == 2
    assert post.messages[0]["Subject"] == post.messages[1]["Subject"]


def test_a_guest_becomes_the_resident_and_keeps_their_id(
    app: Flask, client: FlaskClient, post: Mailbox, merges: list[tuple[UUID, UUID]]
) -> None:
    browser = Browser(client)
    [guest] = _people(app)
    _ask(browser)
    assert "andere browser" not in client.get(post.link()).text
    browser.post(post.link())
    [person] = _people(app)
    assert (person.id, person.email, person.role) == (guest.id, JAN, "resident")
    assert merges == []


def test_a_guest_of_a_known_address_goes_up_in_that_person(
    app: Flask, client: FlaskClient, merges: list[tuple[UUID, UUID]]
) -> None:
    sign_in(Browser(app.test_client(), start=False), JAN)
    [person] = _people(app)
    browser = Browser(client)
    guest = _people(app)[1]
    sign_in(browser, JAN)
    assert merges == [(guest.id, person.id)]
    assert [someone.id for someone in _people(app)] == [person.id]


def test_signing_in_replaces_the_session_and_the_token(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    old_token = browser.token
    old_cookie = client.get_cookie("stoepkrijt")
    assert old_cookie is not None
    sign_in(browser, JAN)
    assert client.post("/sign-out", data={"csrf_token": old_token}).status_code == 403
    thief = app.test_client()
    thief.set_cookie("stoepkrijt", old_cookie.value)
    assert thief.get("/me").status_code == 303


def test_who_asks_a_link_to_anothers_address_does_not_get_into_the_account(
    app: Flask, client: FlaskClient, post: Mailbox, merges: list[tuple[UUID, UUID]]
) -> None:
    attacker, victim = Browser(client), Browser(app.test_client(), start=False)
    _ask(attacker)
    assert "Was jij dat?" in victim.client.get(post.link()).text
    victim.post(post.link())
    assert JAN in victim.client.get("/me").text
    assert "zonder account" in attacker.client.get("/me").text
    assert merges == []
    assert count(app, Person) == 2


def test_work_from_another_browser_comes_along_when_the_reader_says_so(
    app: Flask, client: FlaskClient, post: Mailbox
) -> None:
    laptop, phone = Browser(client), Browser(app.test_client(), start=False)
    [guest] = _people(app)
    _ask(laptop)
    phone.post(post.link(), {"take_along": "yes"})
    [person] = _people(app)
    assert (person.id, person.email) == (guest.id, JAN)
    assert laptop.client.get("/me").status_code == 303, "the browser that asked must sign in itself"
    assert phone.client.get("/me").status_code == 200


def test_guests_of_both_browsers_go_up_in_one_person(
    app: Flask, client: FlaskClient, post: Mailbox, merges: list[tuple[UUID, UUID]]
) -> None:
    laptop, phone = Browser(client), Browser(app.test_client())
    on_laptop, on_phone = _people(app)
    _ask(laptop)
    phone.post(post.link(), {"take_along": "yes"})
    [person] = _people(app)
    assert person.id == on_phone.id
    assert merges == [(on_laptop.id, on_phone.id)]


def test_one_resident_never_goes_up_in_another(
    app: Flask, client: FlaskClient, merges: list[tuple[UUID, UUID]]
) -> None:
    browser = Browser(client)
    sign_in(browser, JAN)
    sign_in(browser, "eva@voorbeeld.nl")
    assert sorted(str(person.email) for person in _people(app)) == ["eva@voorbeeld.nl", JAN]
    assert merges == []
    assert "eva@voorbeeld.nl" in client.get("/me").text


def test_addresses_differ_not_by_capitals_or_blanks(app: Flask, client: FlaskClient, post: Mailbox) -> None:
    sign_in(Browser(app.test_client(), start=False), JAN)
    browser = Browser(client, start=False)
    _ask(browser, "  Jan@Voorbeeld.NL ")
    browser.post(post.link())
    assert count(app, Person) == 1


def test_after_signing_in_people_are_back_where_they_were(client: FlaskClient, post: Mailbox) -> None:
    asked = client.get("/me/erase")
    assert asked.location == "/sign-in?next=/me/erase"
    browser = Browser(client, start=False)
    _ask(browser, next="/me/erase")
    assert browser.post(post.link()).location == "/me/erase"


def test_signing_in_never_leads_to_another_site(client: FlaskClient, post: Mailbox) -> None:
    assert 'name="next"' not in client.get("/sign-in?next=//elders.nl").text
    browser = Browser(client, start=False)
    _ask(browser, next="https://elders.nl/")
    assert browser.post(post.link()).location == "/me"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jan",
        "jan@",
        "jan@voorbeeld",
        "a@b@c.nl",
        "jan@voorbeeld.nl\nBcc: x@y.nl",
        "a" * 300 + "@b.nl",
    ],
)
def test_a_wrong_address_is_explained_and_nothing_is_sent(
    app: Flask, client: FlaskClient, post: Mailbox, typed: str
) -> None:
    answer = client.post("/sign-in", data={"email": typed})
    assert answer.status_code == 422
    assert "e-mailadres" in answer.text
    assert post.messages == []
    assert count(app, LoginLink) == 0


def test_mail_and_page_are_english_under_en(client: FlaskClient, post: Mailbox) -> None:
    assert client.post("/en/sign-in", data={"email": JAN}).status_code == 200
    assert post.link().startswith("/en/sign-in/")


def test_an_address_that_the_mail_server_refuses_is_said(client: FlaskClient, post: Mailbox) -> None:
    post.unknown.add("weg@voorbeeld.nl")
    answer = client.post("/sign-in", data={"email": "weg@voorbeeld.nl"})
    assert answer.status_code == 422
    assert "neemt geen mail aan" in answer.text


def test_without_a_mail_server_the_failure_is_said_and_nothing_is_lost(
    app: Flask, client: FlaskClient
) -> None:
    browser = Browser(client)
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    try:
        answer = browser.post("/sign-in", {"email": JAN})
    finally:
        app.config["SMTP_URL"] = ""
    assert answer.status_code == 503
    assert "niets verloren" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/me").status_code == 200


def test_in_development_the_mail_goes_to_the_console(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/sign-in", data={"email": JAN})
    said = capsys.readouterr().err
    assert "/sign-in/" in said
    # As its reader would see it, not in base64.
    assert "Hij werkt één keer" in said


def test_the_host_that_a_request_claims_does_not_get_into_the_mail(
    client: FlaskClient, post: Mailbox
) -> None:
    client.post("/sign-in", data={"email": JAN}, headers={"Host": "elders.nl"})
    assert "elders.nl" not in post.messages[0].get_content()


def test_no_page_about_a_person_is_cached(app: Flask, client: FlaskClient) -> None:
    sign_in(Browser(client), JAN)
    for path in ("/me", "/me/export.json", link_for(app, JAN)):
        assert client.get(path).headers["Cache-Control"] == "no-store"
