"""What one browser holds of us: the cookie `stoepkrijt` with a session token and a CSRF token."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app, g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf, validate_csrf
from markupsafe import Markup
from wtforms import ValidationError

from app.accounts import limits, queries, service
from app.accounts.domain import SEEN_PRECISION, VISITOR, Actor, Role, hash_of, new_token, session_works
from app.core import clock, cookie
from app.core.language import current_language
from app.core.transaction import transaction
from app.core.web import wants_json
from app.errors import Forbidden

_LOGIN = "login"
_DESK = "desk"
# Kept on the request, not in `g`: a test or a command may hold one application context over several requests.
_ACTOR = "stoepkrijt.actor"
_LAST_SEEN = "stoepkrijt.last_seen"


def current_actor() -> Actor:
    """Who makes this request; a visitor when the cookie is absent, forged, or its session was ended."""
    environ = request.environ
    actor: Actor | None = environ.get(_ACTOR)
    if actor is None:
        # `g.actor` is for templates, error pages among them, that must not ask the database again.
        environ[_ACTOR] = g.actor = actor = _read_actor()
    return actor


def _read_actor() -> Actor:
    token = session.get(_LOGIN)
    if not isinstance(token, str):
        return VISITOR
    row = queries.session_of_token(hash_of(token))
    if row is None or not session_works(
        ended_at=row.ended_at, last_seen_at=row.last_seen_at, now=clock.now()
    ):
        forget()
        return VISITOR
    request.environ[_LAST_SEEN] = row.last_seen_at
    return Actor(row.person_id, Role(row.role), row.email, row.id, row.identity_hash)


def note_seen() -> None:
    """Once an hour, note that the session is in use, and give its cookie a fresh date. Own transaction."""
    actor, now = current_actor(), clock.now()
    last_seen_at = request.environ.get(_LAST_SEEN)
    if actor.session_id is None or last_seen_at is None or now - last_seen_at < SEEN_PRECISION:
        return
    if current_app.config["READ_ONLY"]:
        return
    with transaction():
        service.seen(actor.session_id, now)
    request.environ[_LAST_SEEN] = now
    session.modified = True


def remember(token: str) -> None:
    """This browser now holds this session; everything it held before, the CSRF token too, is replaced."""
    forget()
    session[_LOGIN] = token
    session.permanent = True


def forget() -> None:
    """This browser holds no session any more. The mark of a desk stays (`desk_mark`)."""
    mark = session.get(_DESK)
    session.clear()
    if mark is not None:
        session[_DESK] = mark
    g.pop("csrf_token", None)
    g.pop("actor", None)
    request.environ.pop(_ACTOR, None)


def desk_mark() -> str:
    """A random mark of this browser, made at the first need, that outlives signing out and in again.

    Only for what two people at the desk must do, not one with two accounts. Nobody else's browser gets one.
    """
    mark = session.get(_DESK)
    if not isinstance(mark, str):
        mark = session[_DESK] = new_token()
    return mark


def ensure_guest() -> Actor:
    """The present actor; a visitor becomes a guest first (own transaction, so call it outside one).

    For the first write on a page. The API has `POST /api/session` for it. Raises `TooMany` when one network
    address starts guest after guest.
    """
    actor = current_actor()
    if actor.takes_part:
        return actor
    limits.spend("RATE_LIMIT_GUESTS", limits.network())
    with transaction():
        _guest, token = service.start_guest(current_language(), clock.now())
    remember(token)
    return current_actor()


def csrf_token() -> str:
    """The token that writes of this browser must carry."""
    return str(generate_csrf())


def csrf_field() -> Markup:
    """The hidden field of a form. Empty for a visitor, so that reading a page sets no cookie."""
    if not _holds_something():
        return Markup("")
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


def _holds_something() -> bool:
    return _LOGIN in session or current_app.config["WTF_CSRF_FIELD_NAME"] in session


def refuse_other_sites() -> None:
    """Raise `Forbidden` when another site makes the browser send this.

    Browsers cannot be made to leave out `Origin` on a write to another site; programs without a browser send
    neither header and have no cookie to abuse.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise Forbidden(_("Dit verzoek komt van een andere site. Daarom doen we er niets mee."))
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if urlsplit(origin).netloc not in {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}:
        raise Forbidden(_("Dit verzoek komt van een andere site. Daarom doen we er niets mee."))


def check_token() -> None:
    """Raise `Forbidden` when a write lacks the CSRF token of this browser. A visitor has none to show."""
    if not _holds_something():
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token")
    try:
        _validate(given, session.get(current_app.config["WTF_CSRF_FIELD_NAME"]), current_app.secret_key)
    except ValidationError:
        raise Forbidden(_no_token()) from None


@lru_cache(maxsize=cookie.REMEMBERED)
def _validate(given: str | None, _held: str | None, _secret: object) -> None:
    """Raise `ValidationError` unless the token given was made for the one this browser holds.

    A good pair stays good, since tokens live as long as the session; what is raised is not remembered.
    """
    validate_csrf(given)


def _no_token() -> str:
    if wants_json():
        return _("Stuur het csrf_token uit het antwoord op POST /api/session mee in de kop X-CSRF-Token.")
    return _("Deze pagina is verlopen. Ga terug, laad de pagina opnieuw en probeer het nog eens.")
