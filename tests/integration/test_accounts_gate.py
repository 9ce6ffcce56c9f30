"""What every write passes: session, own page, not too often. And the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.accounts.domain import Role
from app.accounts.models import SpentLimit
from app.extensions import db
from tests.factories.people import Browser, sign_in, site

JSON = {"Accept": "application/json"}


def test_without_a_session_the_answer_is_401_and_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/sign-out", headers=JSON)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert "POST /api/session" in answer.get_json()["detail"]


def test_without_a_token_the_answer_is_403_and_says_what_to_do(client: FlaskClient) -> None:
    client.post("/api/session")
    answer = client.post("/sign-out", headers=JSON)
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert "X-CSRF-Token" in answer.get_json()["detail"]
    assert client.get("/me").status_code == 200


def test_the_token_of_another_browser_is_refused(app: Flask, client: FlaskClient) -> None:
    mine, theirs = Browser(client), Browser(app.test_client())
    assert client.post("/sign-out", headers={"X-CSRF-Token": theirs.token}).status_code == 403
    assert client.post("/sign-out", headers={"X-CSRF-Token": "gibberish"}).status_code == 403
    assert client.post("/sign-out", headers={"X-CSRF-Token": mine.token}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elders.nl"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elders.nl"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_writes_that_another_site_makes_a_browser_send_are_refused(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.post("/api/session", headers=headers).status_code == 403
    assert client.post("/sign-in", data={"email": "a@voorbeeld.nl"}, headers=headers).status_code == 403


def test_writes_from_our_own_pages_pass(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/session", headers=headers).status_code == 201


def test_behind_a_proxy_the_public_address_counts_as_ours(client: FlaskClient) -> None:
    assert client.post("/api/session", headers={"Origin": "http://127.0.0.1:8000"}).status_code == 201


def test_a_guest_does_not_open_what_needs_more_trust(app: Flask, client: FlaskClient) -> None:
    sign_in(Browser(client), "jan@voorbeeld.nl")
    for rule in app.url_map.iter_rules():
        if rule.rule == "/desk":
            assert client.get("/desk").status_code == 403


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/sign-in", "/healthz", "/nowhere", "/static/favicon.svg"):
        with client.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers, "this site is http"


def test_what_not_everybody_may_read_is_kept_by_no_shared_cache(app: Flask, client: FlaskClient) -> None:
    browser = Browser(client)
    sign_in(browser, "noor@gemeente.example", Role.PLANNER)
    desk = client.get("/desk")
    assert (desk.status_code, desk.headers["Cache-Control"]) == (200, "private, no-cache")
    assert client.get("/me").headers["Cache-Control"] in ("private, no-cache", "no-store")
    assert "private" not in client.get("/").headers.get("Cache-Control", "")


@pytest.fixture
def https(database_url: str, clean: None) -> Iterator[FlaskClient]:
    """A site with an https address."""
    with site(database_url, PUBLIC_URL="https://straat.example.nl") as app:
        yield app.test_client()


def test_an_https_site_has_a_secure_cookie_and_hsts(https: FlaskClient) -> None:
    answer = https.post("/api/session")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.fixture
def strict(database_url: str, clean: None) -> Iterator[Flask]:
    """A site with tight limits."""
    with site(
        database_url,
        RATE_LIMITS="yes",
        RATE_LIMIT_WRITES="5 per minute",
        RATE_LIMIT_MAIL="2 per hour",
        RATE_LIMIT_MAIL_SENDER="3 per hour",
        RATE_LIMIT_GUESTS="2 per hour",
    ) as app:
        yield app


def test_too_many_guests_from_one_address_wait(strict: Flask) -> None:
    answers = [strict.test_client().post("/api/session") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].mimetype == "application/problem+json"
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600
    assert "niets verloren" in answers[2].get_json()["detail"]


def test_two_processes_count_guests_and_mail_together_and_store_no_address(
    database_url: str, clean: None
) -> None:
    limits = {"RATE_LIMITS": "yes", "RATE_LIMIT_GUESTS": "3 per hour", "RATE_LIMIT_MAIL": "1 per hour"}
    with site(database_url, **limits) as one, site(database_url, **limits) as other:
        sites = (one, other, one, other)
        guests = [app.test_client().post("/api/session").status_code for app in sites]
        asked = [
            app.test_client().post("/sign-in", data={"email": "jan@voorbeeld.nl"}).status_code
            for app in (one, other)
        ]
        assert guests == [201, 201, 201, 429]
        assert asked == [200, 429]
        with one.app_context():
            kept = b"".join(db.session.scalars(select(SpentLimit.key)))
        assert kept and b"127.0.0.1" not in kept and b"jan@" not in kept


def test_a_window_begins_anew_when_its_time_is_over(strict: Flask) -> None:
    assert [strict.test_client().post("/api/session").status_code for _ in range(3)] == [201, 201, 429]
    with strict.app_context():
        db.session.execute(update(SpentLimit).values(over_at=func.now()))
        db.session.commit()
    assert strict.test_client().post("/api/session").status_code == 201


def test_one_address_gets_few_mails_and_one_sender_asks_few(strict: Flask) -> None:
    def ask(name: str) -> int:
        return strict.test_client().post("/sign-in", data={"email": f"{name}@voorbeeld.nl"}).status_code

    assert [ask("jan"), ask("jan"), ask("jan")] == [200, 200, 429]
    assert ask("eva") == 429, "the fourth from this network address"


def test_writes_are_counted_per_person(strict: Flask) -> None:
    first, second = Browser(strict.test_client()), Browser(strict.test_client())
    unsure = [first.post("/me/erase").status_code for _ in range(6)]
    assert unsure == [422] * 5 + [429]
    assert second.post("/me/erase").status_code == 422


def test_behind_a_trusted_proxy_each_visitor_is_counted_apart(database_url: str, clean: None) -> None:
    limits = {"RATE_LIMITS": "yes", "RATE_LIMIT_GUESTS": "1 per hour"}

    def start(app: Flask, address: str) -> int:
        return app.test_client().post("/api/session", headers={"X-Forwarded-For": address}).status_code

    with site(database_url, TRUSTED_PROXIES="1", **limits) as app:
        assert [start(app, address) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [201, 201, 429]
        assert start(app, "2001:db8::1") == 201
        assert start(app, "2001:db8::2") == 429, "the same household"
        assert start(app, "2001:db8:0:1::1") == 201
        assert start(app, "gibberish") == 201
    with site(database_url, **limits) as app:
        assert [start(app, address) for address in ("192.0.2.1", "192.0.2.2")] == [201, 429], (
            "a made-up header"
        )


def test_reading_is_not_counted(strict: Flask) -> None:
    client = strict.test_client()
    assert [client.get("/sign-in").status_code for _ in range(12)] == [200] * 12


def test_a_read_only_site_refuses_writes_and_keeps_reading(database_url: str, clean: None) -> None:
    with site(database_url, READ_ONLY="yes") as app:
        client = app.test_client()
        assert client.get("/sign-in").status_code == 200
        answer = client.post("/api/session")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
