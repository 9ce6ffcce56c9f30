"""The signed cookie: what was found good once is remembered, what was not never becomes good."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask, Response, flash, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.core.cookie import RememberingSessions


def _cookie(app: Flask, held: dict[str, object]) -> str:
    """The value as Flask itself would write it."""
    serializer = RememberingSessions(app).get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps(held)
    return value if isinstance(value, str) else value.decode()


def _opened(app: Flask, cookie: str) -> dict[str, object]:
    with app.test_request_context(headers={"Cookie": f"stoepkrijt={cookie}"}):
        return dict(session)


def test_a_good_cookie_is_read_the_same_time_and_again(app: Flask) -> None:
    cookie = _cookie(app, {"login": "token"})
    assert [_opened(app, cookie) for _time in range(3)] == [{"login": "token"}] * 3


@pytest.mark.parametrize(
    "changed", [lambda c: c[:-1], lambda c: "x" + c[1:], lambda c: c + "x", lambda c: ""]
)
def test_a_changed_cookie_holds_nothing_also_after_the_good_one_was_seen(app: Flask, changed) -> None:  # type: ignore[no-untyped-def]
    cookie = _cookie(app, {"login": "token"})
    assert _opened(app, cookie) and _opened(app, changed(cookie)) == {}
    assert _opened(app, changed(cookie)) == {} and _opened(app, cookie)


def test_a_cookie_that_was_good_grows_too_old(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, now = _cookie(app, {"login": "token"}), time.time()
    assert _opened(app, cookie)
    days = app.permanent_session_lifetime.days
    monkeypatch.setattr(time, "time", lambda: now + (days - 1) * 86_400)
    assert _opened(app, cookie)
    monkeypatch.setattr(time, "time", lambda: now + (days + 1) * 86_400)
    assert _opened(app, cookie) == {}


def test_what_one_request_writes_into_its_session_is_not_in_the_next_with_the_same_cookie(app: Flask) -> None:
    cookie = _cookie(app, {"login": "token", "_flashes": [("message", "een")]})
    for _time in range(2):
        with app.test_request_context(headers={"Cookie": f"stoepkrijt={cookie}"}):
            flash("twee")
            session["login"] = "anders"
            assert len(session["_flashes"]) == 2
    assert _opened(app, cookie)["login"] == "token"


USES: dict[str, Callable[[SecureCookieSession], object]] = {
    "not looked at": lambda held: None,
    "read": lambda held: held.get("login"),
    "changed": lambda held: held.update(login="anders"),
    "emptied": lambda held: held.clear(),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("held", [{}, {"login": "token"}, {"login": "token", "_permanent": True}])
@pytest.mark.parametrize("varies", ["", "Accept-Language", "Cookie"])
def test_an_answer_gets_the_headers_that_flask_itself_would_give_it(
    app: Flask, use: str, held: dict[str, object], varies: str
) -> None:
    def headers(interface: SecureCookieSessionInterface) -> list[tuple[str, str]]:
        own, response = SecureCookieSession(held), Response("")
        if varies:
            response.headers["Vary"] = varies
        USES[use](own)
        interface.save_session(app, own, response)
        # The signature holds the second in which it was made.
        return [(name, value.partition(".")[0].lower()) for name, value in response.headers]

    with app.test_request_context():
        assert headers(RememberingSessions(app)) == headers(SecureCookieSessionInterface())


def test_the_token_of_another_browser_is_refused_after_both_were_seen(app: Flask, clean: None) -> None:
    browsers = [app.test_client(), app.test_client()]
    tokens = [browser.post("/api/session").get_json()["csrf_token"] for browser in browsers]

    def write(browser: int, token: int) -> int:
        """A write that is refused later on (404), unless the token is wrong (403)."""
        path = "/api/designs/00000000-0000-4000-8000-000000000000/support"
        return browsers[browser].put(path, headers={"X-CSRF-Token": tokens[token]}).status_code

    for _time in range(2):
        assert [write(0, 0), write(1, 1)] == [404, 404]
        assert [write(0, 1), write(1, 0)] == [403, 403]
