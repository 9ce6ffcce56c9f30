"""People in a browser, for tests: guests, residents and planners, through the real routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import service
from app.accounts.domain import VISITOR, Role
from app.core import clock
from app.core.transaction import transaction
from app.extensions import db
from tests.conftest import settings_for


@contextmanager
def site(database_url: str, **settings: str) -> Iterator[Flask]:
    """An application of its own with other settings; closes its connections afterwards."""
    app = create_app(settings_for(database_url, **settings))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Browser:
    """A client that keeps its cookie and sends the CSRF token of its session."""

    def __init__(self, client: FlaskClient, *, start: bool = True) -> None:
        self.client = client
        self.token = ""
        if start:
            self.refresh()

    def refresh(self) -> None:
        """Get a session, or the token of the present one."""
        self.token = self.client.post("/api/session").get_json()["csrf_token"]

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        """Send a form."""
        form = {"csrf_token": self.token, **(data or {})} if self.token else data
        return self.client.post(path, data=form, headers=headers)


def link_for(app: Flask, email: str, role: Role | None = None) -> str:
    """The path of a fresh sign-in link, or of an invitation."""
    with app.app_context(), transaction():
        if role is None:
            return f"/sign-in/{service.request_link(email, VISITOR, clock.now())}"
        return f"/sign-in/{service.invite(email, role, clock.now())}"


def sign_in(browser: Browser, email: str, role: Role | None = None, **form: str) -> Any:
    """Open a link in this browser and press the button; the browser then holds the new session's token."""
    answer = browser.post(link_for(browser.client.application, email, role), form)
    browser.refresh()
    return answer


def count(app: Flask, model: Any) -> int:
    """How many rows a table has."""
    with app.app_context():
        return int(db.session.scalar(db.select(db.func.count()).select_from(model)) or 0)


def hidden_token(page: str) -> str:
    """The CSRF token in a form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the form has no CSRF token"
    return found.group(1)
