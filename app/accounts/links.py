"""Addresses that go into mails. Their host is `PUBLIC_URL`, never what a request claims to be sent to."""

from __future__ import annotations

from flask import current_app, url_for


def sign_in_url(token: str) -> str:
    """The absolute address of a sign-in link, in the language of the present request."""
    return str(current_app.config["PUBLIC_URL"]) + url_for("accounts.confirm", token=token)
