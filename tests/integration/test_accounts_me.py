"""One's own things: list, export, erasure, tidying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import overview
from app.accounts.models import LoginLink, LoginSession, Person
from app.core import clock, hooks
from app.extensions import db
from tests.factories.people import Browser, count, link_for, sign_in

JAN = "jan@voorbeeld.nl"
THEN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def kites(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feature that adds a list."""
    monkeypatch.setattr(overview, "_sections", dict(overview._sections))
    made = overview.Made("Vlieger <b>", THEN, url="/vliegers/1", note="klad", data={"colour": "red"})
    overview.register("kites", lambda _person_id: [made], title="Vliegers")


@pytest.mark.usefixtures("kites")
def test_the_page_lists_what_features_add_as_text(client: FlaskClient) -> None:
    Browser(client)
    page = client.get("/me").text
    assert "Vliegers" in page
    assert '<a href="/vliegers/1">Vlieger &lt;b&gt;</a>' in page
    assert "1 november 2026" in page


@pytest.mark.usefixtures("kites")
def test_the_export_holds_person_sessions_and_what_features_add(client: FlaskClient) -> None:
    sign_in(Browser(client), JAN)
    answer = client.get("/me/export.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="stoepkrijt.json"'
    document = answer.get_json()
    assert document["person"]["email"] == JAN
    assert document["kites"] == [{"colour": "red"}]
    assert len(document["sessions"]) == 1
    assert "token" not in answer.text


def test_a_guest_reads_that_only_this_browser_knows_them(client: FlaskClient) -> None:
    Browser(client)
    assert "Alleen deze browser kent je" in client.get("/me").text


@pytest.fixture
def erased() -> Iterator[list[UUID]]:
    """Who was erased."""
    seen: list[UUID] = []

    def listen(_sender: object, person_id: UUID) -> None:
        seen.append(person_id)

    with hooks.person_erased.connected_to(listen):
        yield seen


def test_erasing_needs_a_tick_and_says_what_it_does(
    app: Flask, client: FlaskClient, erased: list[UUID]
) -> None:
    browser = Browser(client)
    assert "steun" in client.get("/me/erase").text
    assert browser.post("/me/erase").status_code == 422
    assert count(app, Person) == 1
    assert erased == []


def test_erasing_takes_the_person_their_links_and_sessions(
    app: Flask, client: FlaskClient, erased: list[UUID]
) -> None:
    browser, other = Browser(client), Browser(app.test_client())
    sign_in(browser, JAN)
    sign_in(other, JAN)
    open_link = link_for(app, JAN)
    [person_id] = _ids(app)
    assert browser.post("/me/erase", {"sure": "yes"}).location == "/goodbye?what=erased"
    assert erased == [person_id]
    assert [count(app, model) for model in (Person, LoginSession, LoginLink)] == [0, 0, 0]
    assert other.client.get("/me").status_code == 303
    assert client.get(open_link).status_code == 404


def test_tidying_deletes_only_what_stopped_working_long_ago(app: Flask, client: FlaskClient) -> None:
    Browser(client)
    link_for(app, JAN)
    link_for(app, "eva@voorbeeld.nl")
    long_ago = clock.now() - timedelta(days=31)
    with app.app_context():
        db.session.execute(db.update(LoginLink).where(LoginLink.email == JAN).values(expires_at=long_ago))
        db.session.add(LoginSession(person_id=_ids(app)[0], token_hash="x", ended_at=long_ago))
        db.session.commit()
    result = app.test_cli_runner().invoke(args=["accounts", "tidy"])
    assert result.output == "1 links, 1 sessions deleted.\n"
    assert [count(app, model) for model in (LoginLink, LoginSession)] == [1, 1]
    assert client.get("/me").status_code == 200


def _ids(app: Flask) -> list[UUID]:
    with app.app_context():
        return list(db.session.scalars(db.select(Person.id)))
