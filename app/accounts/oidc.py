"""Signing in through the provider in `OIDC_ISSUER`: between its answers (`provider.py`) and our pages.

One try is kept in the signed cookie of the browser that began it, so that an answer in another browser signs
nobody in. Nothing here is shown or used where no provider is set.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, session

from app.accounts.domain import safe_next
from app.accounts.provider import Flow, NotSignedIn, Provider, Trouble
from app.core import clock, keyed
from app.core.language import LANGUAGES, current_language
from app.errors import NotFound

log = logging.getLogger(__name__)
_EXTENSION = "stoepkrijt-oidc"
_TRIES = "oidc"
CALLBACK = "/sign-in/oidc/callback"
# Longer than anybody looks for their phone.
TRY_LIFE_S = 15 * 60
# Tabs in which one browser may try at once. The cookie must stay small.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Try:
    """One try of this browser: secrets of the flow, where to go on, and in which language."""

    flow: Flow
    next_path: str | None
    language: str


def init_app(app: Flask) -> None:
    """One provider, or none."""
    issuer = app.config["OIDC_ISSUER"]
    made = (
        Provider(issuer, app.config["OIDC_CLIENT_ID"], app.config["OIDC_CLIENT_SECRET"]) if issuer else None
    )
    app.extensions[_EXTENSION] = made
    app.jinja_env.globals.update(sign_in_provider=name)


def name() -> str:
    """What residents call the provider; empty where there is none."""
    return str(current_app.config["OIDC_NAME"]) if current_app.extensions[_EXTENSION] else ""


def begin(next_path: str | None) -> str:
    """The address to send this browser to. Raises `NotFound` without a provider, else `NotSignedIn`."""
    url, flow = _provider().begin(_callback_url(), current_language())
    secrets = {"state": flow.state, "nonce": flow.nonce, "verifier": flow.verifier}
    mine = {**secrets, "next": next_path, "language": current_language(), "at": _now_s()}
    session[_TRIES] = [*_tries(), mine][-MOST_TRIES:]
    return url


def take_try() -> Try | None:
    """The try that this browser came back from, now over; None when it began none, or long ago."""
    wanted = request.args.get("state", "")
    tries = _tries()
    found = next((one for one in tries if wanted and one["state"] == wanted), None)
    session[_TRIES] = [one for one in tries if one is not found]
    if not session[_TRIES]:
        session.pop(_TRIES)
    if found is None:
        return None
    language = found["language"] if found["language"] in LANGUAGES else LANGUAGES[0]
    return Try(Flow(found["state"], found["nonce"], found["verifier"]), safe_next(found["next"]), language)


def finish(mine: Try) -> str:
    """Who came back: a keyed hash of issuer and subject, 64 hexadecimal digits. Raises `NotSignedIn`."""
    identity = _provider().identity(request.args.to_dict(), mine.flow, _callback_url())
    return keyed.digest("identity of a provider", identity).hex()


def note(error: NotSignedIn) -> Trouble:
    """Write down what went wrong, for whoever runs the site; answers what to tell the person."""
    level = logging.INFO if error.trouble in (Trouble.REFUSED, Trouble.EXPIRED) else logging.WARNING
    log.log(level, "not signed in by the provider: %s", error)
    return error.trouble


def _provider() -> Provider:
    provider: Provider | None = current_app.extensions[_EXTENSION]
    if provider is None:
        raise NotFound
    return provider


def _callback_url() -> str:
    """Without language: the provider knows one address of us, and compares it letter by letter."""
    return str(current_app.config["PUBLIC_URL"]) + CALLBACK


def _tries() -> list[dict[str, Any]]:
    """The tries of this browser that are not over. The cookie is signed, so its content is ours."""
    return [one for one in session.get(_TRIES, []) if _now_s() - one["at"] <= TRY_LIFE_S]


def _now_s() -> int:
    return int(clock.now().timestamp())
