"""The read-only switch: during maintenance every write answers 503 and every read goes on."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_babel import gettext as _

from app.errors import Unavailable

_SAFE = {"GET", "HEAD", "OPTIONS"}


def _refuse_writes() -> None:
    if request.method not in _SAFE:
        refuse_when_read_only()


def refuse_when_read_only() -> None:
    """Raise `Unavailable` during maintenance: for the few pages that write when they are read."""
    if current_app.config["READ_ONLY"]:
        detail = _("De site is even alleen te lezen. Wat je tekent blijft op dit apparaat bewaard.")
        raise Unavailable(detail, headers={"Retry-After": "300"})


def init_app(app: Flask) -> None:
    """Check every request."""
    app.before_request(_refuse_writes)
