"""Signing in through a provider of identities, which is a real one on this machine."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import requests
from flask import Flask, Response
from flask.testing import FlaskClient

from app.accounts import provider as provider_module
from app.accounts.models import LoginSession, Person
from app.config import ConfigurationError
from app.core import hooks
from app.extensions import db
from tests.conftest import settings_for
from tests.factories.people import Browser, sign_in, site
from tests.factories.provider import CLIENT, SECRET, LocalProvider, local_provider, new_key

SITE = "http://straat.example.nl"
CALLBACK = f"{SITE}/sign-in/oidc/callback"


@pytest.fixture(autouse=True)
def oauth_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own provider is an Authlib server, which wants https unless told otherwise."""
    monkeypatch.setitem(os.environ, "AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    with local_provider(CALLBACK) as found:
        yield found


@pytest.fixture
def our(database_url: str, clean: None, provider: LocalProvider, tmp_path: Path) -> Iterator[Flask]:
    """The site with that provider."""
    with site(
        database_url,
        PUBLIC_URL=SITE,
        OIDC_ISSUER=provider.issuer,
        OIDC_CLIENT_ID=CLIENT,
        OIDC_CLIENT_SECRET=SECRET,
        OIDC_NAME="Voorbeeld-ID",
        CACHE_DIR=str(tmp_path),
    ) as app:
        yield app


@pytest.fixture
def client(our: Flask) -> FlaskClient:
    """A browser without a cookie."""
    return our.test_client()


def go(client: FlaskClient, *, language: str = "", next_path: str = "") -> str:
    """Press the button, sign in there; answers the address with which the browser comes back (a path)."""
    start = client.get(f"{language}/sign-in/oidc" + (f"?next={next_path}" if next_path else ""))
    assert start.status_code == 303, start.text
    there = requests.get(start.location, allow_redirects=False, timeout=5)
    assert there.status_code == 302, there.text
    assert there.headers["Location"].startswith(CALLBACK)
    return there.headers["Location"].removeprefix(SITE)


def come_back(client: FlaskClient, **more: str) -> Response:
    return client.get(go(client, **more))


def said(client: FlaskClient, answer: Response) -> str:
    """The page after a try that failed; nobody may be signed in then."""
    assert answer.status_code == 303
    assert "code=" not in answer.location
    page = client.get(answer.location).text
    assert people(client.application) == []
    assert client.get("/me").status_code == 303
    return page


def people(app: Flask) -> list[Person]:
    with app.app_context():
        return list(db.session.scalars(db.select(Person).order_by(Person.created_at)))


def test_somebody_signs_in_and_is_the_same_one_the_next_time(our: Flask, client: FlaskClient) -> None:
    answer = come_back(client)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "Voorbeeld-ID" in client.get("/me").text
    come_back(our.test_client())
    [person] = people(our)
    assert (person.role, person.email) == ("resident", None)


def test_no_name_number_or_token_is_kept(our: Flask, client: FlaskClient, provider: LocalProvider) -> None:
    come_back(client)
    with our.app_context():
        tables = [db.session.execute(db.select(table)).all() for table in db.metadata.sorted_tables]
    everything = repr(tables)
    assert "Vries" not in everything
    assert provider.user not in everything
    [person] = people(our)
    assert person.identity_hash is not None
    assert len(person.identity_hash) == 64


def test_the_question_has_pkce_state_and_nonce_and_asks_for_no_more_than_who(
    client: FlaskClient, provider: LocalProvider
) -> None:
    come_back(client)
    asked = provider.authorization_request
    assert asked["scope"] == "openid"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    # RFC 7636: 43 to 128 characters.
    assert 43 <= len(provider.token_request["code_verifier"]) <= 128


def test_two_tries_share_no_secret(client: FlaskClient, provider: LocalProvider) -> None:
    seen = []
    for _try in range(2):
        go(client)
        seen.append({provider.authorization_request[name] for name in ("state", "nonce", "code_challenge")})
    assert not seen[0] & seen[1]


def test_two_tabs_both_come_back(our: Flask, client: FlaskClient) -> None:
    first, second = go(client), go(client)
    assert client.get(first).location == "/me"
    # The first tab signed in, so the second finds that its try is over; nothing else happens to the person.
    assert client.get(second).location.startswith("/sign-in?trouble=expired")
    assert len(people(our)) == 1
    assert client.get("/me").status_code == 200


def test_the_page_that_asked_for_it_comes_next_in_its_language(client: FlaskClient) -> None:
    assert come_back(client, language="/en", next_path="/en/assignments").location == "/en/assignments"
    assert come_back(client, language="/en").location == "/en/me"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_what_comes_next_is_never_another_site(client: FlaskClient, elsewhere: str) -> None:
    assert come_back(client, next_path=elsewhere).location == "/me"


def test_the_guest_of_this_browser_keeps_what_they_made(our: Flask, client: FlaskClient) -> None:
    Browser(client)
    [guest] = people(our)
    come_back(client)
    [person] = people(our)
    assert (person.id, person.role) == (guest.id, "resident")


def test_a_guest_goes_up_in_the_person_who_was_here_before(our: Flask, client: FlaskClient) -> None:
    come_back(our.test_client())
    [person] = people(our)
    Browser(client)
    guest = next(one for one in people(our) if one.role == "guest")
    seen: list[tuple[UUID, UUID]] = []

    def listen(_sender: object, source_id: UUID, target_id: UUID) -> None:
        seen.append((source_id, target_id))

    with hooks.person_merged.connected_to(listen):
        come_back(client)
    assert seen == [(guest.id, person.id)]
    assert [one.id for one in people(our)] == [person.id]


def test_other_browsers_of_the_guest_do_not_get_into_the_account(our: Flask, client: FlaskClient) -> None:
    Browser(client)
    other = our.test_client()
    with client.session_transaction() as held, other.session_transaction() as copy:
        copy.update(held)
    come_back(client)
    assert other.get("/me").status_code == 303


def test_somebody_with_an_e_mail_address_stays_who_they_are(our: Flask, client: FlaskClient) -> None:
    sign_in(Browser(client), "jan@voorbeeld.nl")
    come_back(client)
    by_mail, by_provider = people(our)
    assert (by_mail.email, by_mail.identity_hash) == ("jan@voorbeeld.nl", None)
    assert by_provider.email is None
    with our.app_context():
        of_mail = LoginSession.person_id == by_mail.id
        assert all(db.session.scalars(db.select(LoginSession.ended_at).where(of_mail)))


def test_erasing_the_account_forgets_the_identity(our: Flask, client: FlaskClient) -> None:
    come_back(client)
    browser = Browser(client)
    assert browser.post("/me/erase", {"sure": "yes"}).status_code == 303
    assert people(our) == []


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_without_a_needed_claim_is_refused(
    client: FlaskClient, provider: LocalProvider, claim: str
) -> None:
    provider.changes = lambda claims: {name: value for name, value in claims.items() if name != claim}
    said(client, come_back(client))


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of-somebody-else"},
        {"iss": "https://evil.example"},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 12},
        {"sub": None},
        {"exp": "never"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=repr,
)
def test_a_token_that_says_something_wrong_is_refused(
    client: FlaskClient, provider: LocalProvider, wrong: dict[str, object]
) -> None:
    provider.changes = lambda claims: {**claims, **wrong}
    assert "klopte niet" in said(client, come_back(client))


@pytest.mark.parametrize(
    "seconds_from_now", [{"exp": -3600, "iat": -7200}, {"nbf": 3600}], ids=["over", "not yet begun"]
)
def test_a_token_of_another_moment_is_refused(
    client: FlaskClient, provider: LocalProvider, seconds_from_now: dict[str, int]
) -> None:
    now = int(time.time())
    moments = {claim: now + seconds for claim, seconds in seconds_from_now.items()}
    provider.changes = lambda claims: {**claims, **moments}
    assert "klopte niet" in said(client, come_back(client))


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "another-site"}, {"aud": ["another-site"]}, {"azp": "another-site"}, {"aud": []}],
    ids=repr,
)
def test_a_token_for_another_site_is_refused_and_said(
    client: FlaskClient, provider: LocalProvider, wrong: dict[str, object]
) -> None:
    provider.changes = lambda claims: {**claims, **wrong}
    assert "voor een andere site bedoeld" in said(client, come_back(client))


def test_a_token_signed_with_an_unknown_key_is_refused(client: FlaskClient, provider: LocalProvider) -> None:
    provider.signs_with = new_key("unknown")
    assert "klopte niet" in said(client, come_back(client))


def test_a_token_signed_with_another_key_under_a_known_name_is_refused(
    client: FlaskClient, provider: LocalProvider
) -> None:
    provider.signs_with = new_key(provider.published[0].kid or "")
    assert "klopte niet" in said(client, come_back(client))


def test_a_token_signed_with_the_shared_secret_is_refused(
    client: FlaskClient, provider: LocalProvider
) -> None:
    """Anybody who knows the secret, or takes the public key for one, could make it."""
    provider.algorithm = "HS256"
    assert "klopte niet" in said(client, come_back(client))


def test_a_token_that_nobody_signed_is_refused(client: FlaskClient, provider: LocalProvider) -> None:
    def unsigned(claims: dict[str, object]) -> str:
        def part(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        return f"{part({'alg': 'none'})}.{part(claims)}."

    provider.id_token = unsigned  # type: ignore[method-assign]
    assert "klopte niet" in said(client, come_back(client))


def test_a_provider_may_change_its_keys(our: Flask, client: FlaskClient, provider: LocalProvider) -> None:
    come_back(client)
    provider.published = [new_key("second")]
    assert come_back(our.test_client()).location == "/me"
    assert len(people(our)) == 1


def test_a_code_works_once(our: Flask, client: FlaskClient) -> None:
    back = go(client)
    with client.session_transaction() as held:
        before = dict(held)
    assert client.get(back).location == "/me"
    other = our.test_client()
    with other.session_transaction() as copy:
        copy.update(before)
    # Even somebody who stole address and cookie gets nothing: the provider gave the code out once.
    answer = other.get(back)
    assert "al gebruikt" in other.get(answer.location).text
    assert other.get("/me").status_code == 303


def test_loading_the_answer_again_signs_nobody_in_again(our: Flask, client: FlaskClient) -> None:
    back = go(client)
    client.get(back)
    assert "trouble=expired" in client.get(back).location
    with our.app_context():
        assert len(db.session.scalars(db.select(LoginSession)).all()) == 1


def test_an_answer_in_another_browser_signs_nobody_in(our: Flask, client: FlaskClient) -> None:
    """Else a stranger could sign somebody in as themselves, or the other way round."""
    back = go(client)
    assert "andere browser" in said(client, our.test_client().get(back))


def test_an_answer_with_another_state_signs_nobody_in(client: FlaskClient) -> None:
    back = urlsplit(go(client))
    code = parse_qs(back.query)["code"][0]
    for state in ("", "x", "%00", "é"):
        answer = client.get(f"{back.path}?code={code}&state={state}")
        assert answer.status_code in (303, 400)
    assert people(client.application) == []


def test_a_try_is_over_after_a_quarter_of_an_hour(client: FlaskClient) -> None:
    back = go(client)
    with client.session_transaction() as held:
        held["oidc"] = [{**one, "at": one["at"] - 16 * 60} for one in held["oidc"]]
    assert "duurde te lang" in said(client, client.get(back))


def test_the_cookie_stays_small_however_often_somebody_begins(client: FlaskClient) -> None:
    for _try in range(12):
        client.get("/sign-in/oidc?next=/" + "a" * 400)
    cookie = client.get_cookie("stoepkrijt", domain="localhost")
    assert cookie is not None
    assert len(cookie.value) < 4000


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "afgebroken"),
        ("temporarily_unavailable", "niet bereikbaar"),
        ("server_error", "niet bereikbaar"),
        ("invalid_scope", "klopte niet"),
        ("<script>", "klopte niet"),
    ],
)
def test_what_the_provider_refuses_is_said(
    client: FlaskClient, provider: LocalProvider, error: str, words: str
) -> None:
    provider.refuses_with = error
    page = said(client, come_back(client))
    assert words in page
    assert "Er is niets verloren" in page
    assert "<script>" not in page


def test_a_refusal_keeps_where_somebody_was_going(client: FlaskClient, provider: LocalProvider) -> None:
    provider.refuses_with = "access_denied"
    answer = come_back(client, next_path="/assignments")
    assert 'name="next" value="/assignments"' in client.get(answer.location).text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize(
    "instead",
    [
        lambda: Response("busy", 503),
        lambda: Response("<h1>welcome</h1>", 200),
        lambda: Response("[1, 2]", 200, mimetype="application/json"),
        lambda: Response(b"\xff\xfe", 200, mimetype="application/json"),
        lambda: Response('{"a": "' + "x" * 400_000 + '"}', 200, mimetype="application/json"),
        lambda: Response(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
        lambda: Response("{}", 200, mimetype="application/json"),
    ],
    ids=["503", "html", "list", "bytes", "too long", "redirect", "empty"],
)
def test_a_provider_that_answers_nonsense_signs_nobody_in_and_breaks_nothing(
    client: FlaskClient, provider: LocalProvider, path: str, instead: object
) -> None:
    provider.instead[path] = instead  # type: ignore[assignment]
    start = client.get("/sign-in/oidc")
    if path == "/.well-known/openid-configuration":
        said(client, start)
    else:
        back = requests.get(start.location, allow_redirects=False, timeout=5).headers["Location"]
        said(client, client.get(back.removeprefix(SITE)))


def test_a_provider_that_is_away_is_said_and_left_alone_for_a_moment(
    database_url: str, clean: None, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with site(
            database_url,
            PUBLIC_URL=SITE,
            OIDC_ISSUER=nobody,
            OIDC_CLIENT_ID="a",
            OIDC_CLIENT_SECRET="b",
            CACHE_DIR=str(tmp_path),
        ) as app:
            client = app.test_client()
            assert "niet bereikbaar" in said(client, client.get("/sign-in/oidc"))
            # Without a name of its own it is called by its host.
            assert "127.0.0.1" in client.get("/sign-in").text


def test_a_provider_that_drips_is_given_up(
    client: FlaskClient, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "WHOLE_ANSWER_S", 0.5)

    def drips() -> Response:
        def bytes_now_and_then() -> Iterator[bytes]:
            for _byte in range(100):
                yield b" "
                time.sleep(0.1)

        return Response(bytes_now_and_then(), 200, mimetype="application/json")

    provider.instead["/.well-known/openid-configuration"] = drips
    begun = time.monotonic()
    assert "niet bereikbaar" in said(client, client.get("/sign-in/oidc"))
    assert time.monotonic() - begun < 3


def test_a_provider_that_does_not_answer_is_given_up(
    client: FlaskClient, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "READ_S", 0.5)

    def sleeps() -> Response:
        time.sleep(2)
        return Response("late")

    provider.instead["/.well-known/openid-configuration"] = sleeps
    begun = time.monotonic()
    assert "niet bereikbaar" in said(client, client.get("/sign-in/oidc"))
    assert time.monotonic() - begun < 1.8


def test_a_provider_that_says_it_is_another_is_refused(client: FlaskClient, provider: LocalProvider) -> None:
    told = {**provider.metadata(), "issuer": "https://evil.example"}
    provider.instead["/.well-known/openid-configuration"] = lambda: Response(
        json.dumps(told), mimetype="application/json"
    )
    assert "klopte niet" in said(client, client.get("/sign-in/oidc"))


def test_secrets_go_over_tls_only(client: FlaskClient, provider: LocalProvider) -> None:
    told = {**provider.metadata(), "token_endpoint": "http://elsewhere.example/token"}
    provider.instead["/.well-known/openid-configuration"] = lambda: Response(
        json.dumps(told), mimetype="application/json"
    )
    assert "klopte niet" in said(client, come_back(client))


def test_the_provider_is_asked_about_itself_once(our: Flask, provider: LocalProvider) -> None:
    for _visit in range(3):
        come_back(our.test_client())
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1


def test_another_site_cannot_make_a_browser_begin(client: FlaskClient) -> None:
    answer = client.get("/sign-in/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_way_back_may_come_from_the_provider(client: FlaskClient) -> None:
    back = go(client)
    assert client.get(back, headers={"Sec-Fetch-Site": "cross-site"}).location == "/me"


def test_nothing_shows_where_no_provider_is_set(app: Flask, clean: None) -> None:
    client = app.test_client()
    page = client.get("/sign-in?trouble=away").text
    assert "oidc" not in page
    assert "bereikbaar" not in page
    assert client.get("/sign-in/oidc").status_code == 404
    assert "trouble=expired" in client.get("/sign-in/oidc/callback?state=x&code=y").location


def test_the_sign_in_page_offers_both_ways(client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/assignments").text
    assert 'href="/sign-in/oidc?next=/assignments"' in page
    assert "Inloggen met Voorbeeld-ID" in page
    assert 'name="email"' in page


def test_during_maintenance_nobody_is_signed_in(
    database_url: str, clean: None, provider: LocalProvider, tmp_path: Path
) -> None:
    with site(
        database_url,
        PUBLIC_URL=SITE,
        OIDC_ISSUER=provider.issuer,
        OIDC_CLIENT_ID=CLIENT,
        OIDC_CLIENT_SECRET=SECRET,
        READ_ONLY="yes",
        CACHE_DIR=str(tmp_path),
    ) as app:
        assert app.test_client().get("/sign-in/oidc").status_code == 503
        assert app.test_client().get("/sign-in/oidc/callback?state=x&code=y").status_code == 503


@pytest.mark.parametrize(
    "wrong",
    [
        {"OIDC_ISSUER": "http://id.example.nl"},
        {"OIDC_ISSUER": "id.example.nl"},
        {"OIDC_ISSUER": "https://id.example.nl?x=1"},
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_CLIENT_SECRET": ""},
    ],
    ids=repr,
)
def test_settings_that_cannot_work_end_the_start(wrong: dict[str, str]) -> None:
    whole = {"OIDC_ISSUER": "https://id.example.nl", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    with pytest.raises(ConfigurationError, match="OIDC_"):
        settings_for("postgresql://x/y", **{**whole, **wrong})
