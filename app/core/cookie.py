"""The signed cookie, read with less work: a signature that was found good once is not computed again.

One browser sends the same cookie for as long as it is with us. Only good ones are remembered, a bounded
number of them; their age is judged anew every time.
"""

from __future__ import annotations

import time
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

REMEMBERED = 4096


class RememberingSessions(SecureCookieSessionInterface):
    """Flask's own signed cookies: same name, same signature, same meaning."""

    def __init__(self, app: Flask) -> None:
        self._serializer = super().get_signing_serializer(app)
        self._opened = lru_cache(maxsize=REMEMBERED)(self._open)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once: the keys do not change while a process runs."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds; nothing when it is absent, forged or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            held, signed_at = self._opened(cookie)
        except BadSignature:
            return self.session_class()
        age_s = time.time() - signed_at.timestamp()
        if not 0 <= age_s <= app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(_copy(held))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does; where no cookie has to be set, without making the cookie's settings ready for it."""
        if session.modified or "Vary" in response.headers or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers["Vary"] = "Cookie"

    def _open(self, cookie: str) -> tuple[dict[str, Any], datetime]:
        """What is in it and when it was signed. Raises `BadSignature`, which is not remembered."""
        assert self._serializer is not None  # noqa: S101 - there is no start without SECRET_KEY
        return self._serializer.loads(cookie, return_timestamp=True)  # type: ignore[no-any-return]


def _copy(held: dict[str, Any]) -> dict[str, Any]:
    """What a request writes into its session must not be remembered. Nearly all of it is text, and stays."""
    return {name: value if isinstance(value, str | bool) else deepcopy(value) for name, value in held.items()}


def init_app(app: Flask) -> None:
    """Use it for every request."""
    app.session_interface = RememberingSessions(app)
