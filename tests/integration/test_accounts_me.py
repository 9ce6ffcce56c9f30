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
from app.designs.models import Design, DesignVersion
from app.discussion.models import Comment
from app.extensions import db
from app.votes.models import Support
from tests.factories import Resident, design_body, make_street
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


def test_asking_for_a_link_tidies_too(app: Flask, client: FlaskClient) -> None:
    link_for(app, JAN)
    with app.app_context():
        db.session.execute(db.update(LoginLink).values(expires_at=clock.now() - timedelta(days=31)))
        db.session.commit()
    assert client.post("/sign-in", data={"email": "eva@voorbeeld.nl"}).status_code == 200
    with app.app_context():
        assert db.session.scalars(db.select(LoginLink.email)).all() == ["eva@voorbeeld.nl"]


def _ids(app: Flask) -> list[UUID]:
    with app.app_context():
        return list(db.session.scalars(db.select(Person.id)))


@pytest.fixture
def work(app: Flask, client: FlaskClient) -> Browser:
    """A guest with a draft, a design that is sent in, a comment, and support for it by somebody else."""
    with app.app_context():
        make_street()
    guest = Resident(client)
    for title in ("Klad", "Ingezonden"):
        assert guest.send("POST", "/api/designs", design_body(title=title)).status_code == 201
    sent = _design(app, "Ingezonden")
    assert guest.send("POST", f"/api/designs/{sent}/submit").status_code == 200
    comment = {"assignment": "kade", "text": "Mooi", "design": str(sent)}
    assert guest.send("POST", "/api/comments", comment).status_code == 201
    other = Resident(app.test_client())
    assert other.send("PUT", f"/api/designs/{sent}/support").status_code == 200
    return Browser(client)


def _design(app: Flask, title: str) -> UUID:
    with app.app_context():
        question = db.select(DesignVersion.design_id).where(DesignVersion.title == title)
        return db.session.scalars(question).one()


def test_a_guest_who_signs_in_to_a_known_address_keeps_all_they_made(app: Flask, work: Browser) -> None:
    sign_in(Browser(app.test_client(), start=False), JAN)
    sign_in(work, JAN)
    export = work.client.get("/me/export.json").get_json()
    assert export["person"]["email"] == JAN
    assert sorted(design["title"] for design in export["designs"]) == ["Ingezonden", "Klad"]
    assert len(export["comments"]) == 1


def test_after_erasing_public_work_stays_without_its_author_and_drafts_go(app: Flask, work: Browser) -> None:
    sent = _design(app, "Ingezonden")
    assert work.post("/me/erase", {"sure": "yes"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(Design.id)).all() == [sent]
        assert db.session.scalars(db.select(Design.author_id)).all() == [None]
        assert db.session.scalars(db.select(Comment.author_id)).all() == [None]
        assert count(app, Support) == 1, "somebody else's support stays"


def test_after_erasing_ones_support_no_longer_counts(app: Flask, work: Browser) -> None:
    supporter = Browser(app.test_client())
    sent = _design(app, "Ingezonden")
    path = f"/api/designs/{sent}/support"
    assert supporter.client.put(path, headers={"X-CSRF-Token": supporter.token}).status_code == 200
    assert count(app, Support) == 2
    assert supporter.post("/me/erase", {"sure": "yes"}).status_code == 303
    assert count(app, Support) == 1
