"""Where rounds show on other pages, and voting as somebody whom the municipality's provider knows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from app.core.transaction import transaction
from app.extensions import db
from app.votes.rounds import queries, service
from app.votes.rounds.models import Ballot
from tests.factories import people, rounds
from tests.factories.provider import CLIENT, SECRET, local_provider
from tests.integration.test_round_pages import sent

SITE = "http://straat.example.nl"


def test_a_round_shows_where_people_are(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        street = rounds.street_to_vote_on()
        round_id = rounds.open_round(street)
        design = queries.options_of(round_id)[0].design_id
        with transaction():
            service.make_round(rounds.planner(), street, rounds.draft(opens_in=600))
        db.session.remove()
    link = f'href="/rounds/{round_id}"'
    for path in ("/", "/assignments/kade", f"/designs/{design}"):
        page = client.get(path).text
        assert link in page, path
    home = client.get("/").text
    assert "Stem mee" in home
    # The concept is nobody's yet.
    assert home.count("/rounds/") == 2
    planner = people.Browser(client)
    people.sign_in(planner, "noor@gemeente.example", people.Role.PLANNER)
    assert "/desk/assignments/kade/rounds" in client.get("/desk").text


@pytest.fixture
def insecure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own provider is an Authlib server, which wants https unless told otherwise."""
    monkeypatch.setitem(os.environ, "AUTHLIB_INSECURE_TRANSPORT", "1")


def test_who_signed_in_at_the_municipality_has_one_vote(
    database_url: str, clean: None, insecure: None, tmp_path: Path
) -> None:
    def enter(browser: FlaskClient, back_to: str) -> Any:
        start = browser.get(f"/sign-in/oidc?next={back_to}")
        there = requests.get(start.location, allow_redirects=False, timeout=5).headers["Location"]
        return browser.get(there.removeprefix(SITE))

    with (
        local_provider(f"{SITE}/sign-in/oidc/callback") as provider,
        people.site(
            database_url,
            PUBLIC_URL=SITE,
            OIDC_ISSUER=provider.issuer,
            OIDC_CLIENT_ID=CLIENT,
            OIDC_CLIENT_SECRET=SECRET,
            OIDC_NAME="Voorbeeld-ID",
            CACHE_DIR=str(tmp_path),
        ) as our,
        our.app_context(),
    ):
        round_id = rounds.open_round(electorate="oidc")
        db.session.remove()
        path = f"/rounds/{round_id}"
        first, second, stranger = (our.test_client() for _browser in range(3))
        assert "Inloggen met Voorbeeld-ID" in first.get(path).text
        assert stranger.post(f"{path}/check", data={"choice": "A"}).status_code == 403
        for browser, choice in ((first, "A"), (second, "B")):
            assert enter(browser, path).location == path
            assert sent(browser, round_id, choice=[choice]).status_code == 200
        provider.user = "burger-0002"
        enter(stranger, path)
        sent(stranger, round_id, choice=["C"])
        db.session.remove()
        rows = db.session.execute(db.select(Ballot.voter, Ballot.choices).order_by(Ballot.version)).all()
        last = {row.voter: row.choices for row in rows}
        assert sorted(last.values()) == [["B"], ["C"]]
