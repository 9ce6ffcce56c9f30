"""Who may use a route. Every view says so with one of the decorators below; one that does not is refused.

    @blueprint.post("/desk/assignments")
    @access.planner
    def create_assignment(): ...

Finer rules (only the author, only while the assignment is open) are in each feature's `permissions.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import limits
from app.accounts.browser import (
    check_token,
    current_actor,
    desk_mark,
    ensure_guest,
    note_seen,
    refuse_other_sites,
)
from app.accounts.domain import Actor
from app.core.web import wants_json
from app.errors import Forbidden, NoSession

__all__ = [
    "Rule", "current_actor", "desk_mark", "ensure_guest", "mark_public", "moderator", "participant",
    "planner", "public", "rule_of", "signed_in", "starts_session", "visitor_may_write",
]  # fmt: skip

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "access_rule"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a route lets in. `open_to_visitors` also means: works without a cookie."""

    name: str
    allows: Callable[[Actor], bool]
    open_to_visitors: bool = False
    needs_csrf_token: bool = True

    def __call__(self, view: View) -> View:
        """Mark a view with this rule."""
        setattr(view, _MARK, self)
        return view


def _anybody(_actor: Actor) -> bool:
    return True


# Everybody, for reading (and for what stores nothing).
public = Rule("public", _anybody, open_to_visitors=True)
# A form on a page that a visitor may send; the view calls `ensure_guest()` once the input is good.
visitor_may_write = Rule("visitor_may_write", _anybody, open_to_visitors=True)
# POST /api/session itself: it hands out the token that all others ask for.
starts_session = Rule("starts_session", _anybody, open_to_visitors=True, needs_csrf_token=False)
# A guest, or anybody who signed in; 401 otherwise.
participant = Rule("participant", lambda actor: actor.takes_part)
# Somebody who signed in: by an e-mail link, or through a provider of identities.
signed_in = Rule("signed_in", lambda actor: actor.is_signed_in)
planner = Rule("planner", lambda actor: actor.is_planner)
moderator = Rule("moderator", lambda actor: actor.is_moderator)


def rule_of(view: Callable[..., Any] | None) -> Rule | None:
    """The rule a view was marked with; None when it has none. Class-based views carry it on the class."""
    rule = getattr(view, _MARK, None) or getattr(getattr(view, "view_class", None), _MARK, None)
    return rule if isinstance(rule, Rule) else None


def mark_public(app: Flask, *endpoints: str) -> None:
    """Mark views of Flask and of the core, which know nothing of accounts."""
    for endpoint in endpoints:
        view = app.view_functions.get(endpoint)
        if view is not None:
            setattr(view, _MARK, public)


def _enforce() -> ResponseReturnValue | None:
    """Before each request: who is it, may they, did their own page send it, and not too often."""
    endpoint, method = request.endpoint, request.method
    if endpoint is None or method == "OPTIONS":
        return None
    rule = rule_of(current_app.view_functions.get(endpoint))
    if rule is None:
        log.error("the route %s has no access rule", endpoint)
        raise Forbidden(_("Deze pagina is nog niet vrijgegeven."))
    g.pop("actor", None)
    if rule.open_to_visitors and method in _SAFE_METHODS and not _is_page():
        return None
    note_seen()
    if not rule.allows(current_actor()):
        return _turn_away(rule, current_actor())
    if method not in _SAFE_METHODS:
        _check_write(rule)
    return None


def _is_page() -> bool:
    """Whether the answer says who is reading. Files, pictures and public data need no look at the session."""
    wanted = request.headers.get("Sec-Fetch-Dest", "document")
    return wanted == "document" and request.endpoint != "static" and not wants_json()


def _turn_away(rule: Rule, actor: Actor) -> ResponseReturnValue:
    """401 without a session, 403 with one; somebody who reads a page is brought to sign in."""
    could_sign_in = actor.is_visitor or actor.is_guest
    if could_sign_in and request.method in _SAFE_METHODS and not wants_json():
        here = request.script_root + request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=here), 303)
    if actor.is_visitor:
        raise NoSession(_not_taking_part())
    raise Forbidden(_not_for_you(rule))


def _not_taking_part() -> str:
    if wants_json():
        return _("Je doet nog niet mee. Begin een sessie met POST /api/session en stuur de cookie mee.")
    return _(
        "Je doet nog niet mee, of je sessie is voorbij. Log in in een ander tabblad en verstuur dan opnieuw."
    )


def _not_for_you(rule: Rule) -> str:
    if rule is planner:
        return _("Dit is alleen voor planners van de gemeente.")
    if rule is moderator:
        return _("Dit is alleen voor wie de huisregels bewaakt.")
    return _("Hiervoor moet je inloggen met je e-mailadres.")


def _check_write(rule: Rule) -> None:
    refuse_other_sites()
    if rule.needs_csrf_token:
        check_token()
    limits.spend("RATE_LIMIT_WRITES", limit_key())


def limit_key() -> str:
    """Under whose name acts are counted: the person, else the network address."""
    actor = current_actor()
    return f"person:{actor.id}" if actor.takes_part else f"network:{limits.network()}"


def _keep_from_others(response: Response) -> Response:
    """What not everybody may read is kept by no cache that people share, and asked for anew each time."""
    rule = rule_of(current_app.view_functions.get(request.endpoint or ""))
    if rule is not None and not rule.open_to_visitors:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def init_app(app: Flask) -> None:
    """Check every request, and let templates ask who is reading."""
    mark_public(app, "static", "health.healthz", "health.readyz")
    app.before_request(_enforce)
    app.after_request(_keep_from_others)
