"""Pages and calls for signing in and for one's own account."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import access, browser, limits, mail, oidc, oidc_words, overview, queries, service
from app.accounts.access import current_actor
from app.accounts.domain import LINK_LIFE, SESSION_LIFE, LinkState, hash_of, link_state, safe_next
from app.accounts.forms import email_address
from app.accounts.links import sign_in_url
from app.accounts.provider import NotSignedIn, Trouble
from app.accounts.schemas import export_document, session_document
from app.core import clock
from app.core.language import current_language, in_language
from app.core.read_only import refuse_when_read_only
from app.core.transaction import transaction
from app.core.web import json_response
from app.errors import Invalid, NotFound, Problem

blueprint = Blueprint("accounts", __name__)
LINK_MINUTES = int(LINK_LIFE.total_seconds() // 60)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """No cache, on the way or in a shared browser, may hold a page about a person."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/api/session")
@access.starts_session
def start_session() -> Response:
    """Start a guest session; with one already, answer its token again."""
    existing = current_actor().takes_part
    actor = browser.ensure_guest()
    return json_response(session_document(actor, browser.csrf_token()), 200 if existing else 201)


@blueprint.get("/sign-in")
@access.public
def sign_in() -> str:
    """Ask for an e-mail address, or lead to the provider of identities."""
    return render_template(
        "accounts/sign_in.html",
        email="",
        problems=[],
        next=safe_next(request.args.get("next")),
        trouble=oidc_words.sentence(request.args.get("trouble", "")) if oidc.name() else "",
    )


@blueprint.post("/sign-in")
@access.visitor_may_write
def send_link() -> ResponseReturnValue:
    """Mail a sign-in link. The answer is the same for a known and an unknown address."""
    typed, next_path = request.form.get("email", ""), safe_next(request.form.get("next"))
    try:
        address = email_address(typed)
        _mail_link(address, next_path)
    except Invalid as error:
        page = render_template(
            "accounts/sign_in.html", email=typed[:254], problems=error.problems, next=next_path, trouble=""
        )
        return page, 422
    return render_template("accounts/link_sent.html", email=address, minutes=LINK_MINUTES)


def _mail_link(address: str, next_path: str | None) -> None:
    limits.spend("RATE_LIMIT_MAIL_SENDER", limits.network())
    limits.spend("RATE_LIMIT_MAIL", address)
    with transaction():
        # Here too, so that what the privacy page promises does not hang on a daily job alone.
        service.tidy(clock.now())
        token = service.request_link(address, current_actor(), clock.now(), next_path)
    mail.send(mail.sign_in_message(address, sign_in_url(token), LINK_MINUTES))


@blueprint.get("/sign-in/oidc")
@access.public
def to_provider() -> ResponseReturnValue:
    """Send the browser to the provider of identities.

    A link and no form: the provider may send it on to others, and `form-action` would hold for all of them.
    """
    browser.refuse_other_sites()
    refuse_when_read_only()
    limits.spend("RATE_LIMIT_GUESTS", limits.network())
    next_path = safe_next(request.args.get("next"))
    try:
        return redirect(oidc.begin(next_path), 303)
    except NotSignedIn as error:
        return redirect(_trouble_page(oidc.note(error), next_path), 303)


@blueprint.get(oidc.CALLBACK)
@access.public
def from_provider() -> ResponseReturnValue:
    """The browser comes back from the provider: sign in, or say what went wrong.

    Always ends in another address, so that the code is not in the history and loading again repeats nothing.
    """
    refuse_when_read_only()
    mine = oidc.take_try()
    if mine is None:
        return redirect(_trouble_page(Trouble.EXPIRED, None), 303)
    try:
        identity = oidc.finish(mine)
    except NotSignedIn as error:
        return redirect(in_language(mine.language, _trouble_page(oidc.note(error), mine.next_path)), 303)
    with transaction():
        _person, token = service.sign_in_with_identity(
            identity, current_actor(), clock.now(), language=mine.language
        )
    browser.remember(token)
    return redirect(mine.next_path or in_language(mine.language, url_for("accounts.me")), 303)


def _trouble_page(trouble: Trouble, next_path: str | None) -> str:
    return url_for("accounts.sign_in", trouble=trouble, next=next_path)


@blueprint.get("/sign-in/<token>")
@access.public
def confirm(token: str) -> ResponseReturnValue:
    """Show a button. Opening the link does not use it up, since mail scanners open links too."""
    link = queries.link_of_token(hash_of(token))
    if link is None:
        raise NotFound(_("Deze link kennen we niet. Vraag een nieuwe aan op de pagina Inloggen."))
    state = link_state(used_at=link.used_at, expires_at=link.expires_at, now=clock.now())
    if state is not LinkState.VALID:
        return render_template("accounts/link_over.html", used=state is LinkState.USED), 410
    asked_elsewhere = link.claims_person_id is not None and link.claims_person_id != current_actor().id
    return render_template("accounts/confirm.html", token=token, link=link, asked_elsewhere=asked_elsewhere)


@blueprint.post("/sign-in/<token>")
@access.visitor_may_write
def use_link(token: str) -> ResponseReturnValue:
    """Sign in."""
    with transaction():
        _person, session_token, next_path = service.sign_in(
            token,
            current_actor(),
            clock.now(),
            language=current_language(),
            take_along_other_browser=request.form.get("take_along") == "yes",
        )
    browser.remember(session_token)
    return redirect(next_path or url_for("accounts.me"), 303)


@blueprint.get("/me")
@access.participant
def me() -> str:
    """What I made, where I am signed in, and how to leave."""
    actor, now = current_actor(), clock.now()
    return render_template(
        "accounts/me.html",
        actor=actor,
        made=overview.of(actor.person_id),
        sessions=queries.open_sessions(actor.person_id, now - SESSION_LIFE),
    )


@blueprint.get("/me/export.json")
@access.participant
def export() -> Response:
    """All we hold about me, as a file."""
    actor, now = current_actor(), clock.now()
    person = queries.person(actor.person_id)
    if person is None:
        raise NotFound
    sessions = queries.open_sessions(person.id, now - SESSION_LIFE)
    document = export_document(person, sessions, overview.of(person.id), now)
    return json_response(document, headers={"Content-Disposition": 'attachment; filename="stoepkrijt.json"'})


@blueprint.post("/sign-out")
@access.participant
def sign_out() -> ResponseReturnValue:
    """End this session."""
    with transaction():
        service.sign_out(current_actor(), clock.now())
    browser.forget()
    return redirect(url_for("accounts.goodbye", what="signed-out"), 303)


@blueprint.post("/me/sessions/end-all")
@access.participant
def end_all_sessions() -> ResponseReturnValue:
    """Sign out everywhere."""
    with transaction():
        service.end_all_sessions(current_actor(), clock.now())
    browser.forget()
    return redirect(url_for("accounts.goodbye", what="everywhere"), 303)


@blueprint.post("/me/sessions/<uuid:session_id>/end")
@access.participant
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of my other sessions."""
    with transaction():
        service.end_session(current_actor(), session_id, clock.now())
    if session_id == current_actor().session_id:
        browser.forget()
        return redirect(url_for("accounts.goodbye", what="signed-out"), 303)
    return redirect(url_for("accounts.me"), 303)


@blueprint.get("/me/erase")
@access.participant
def ask_erase() -> str:
    """Say what erasing does before it is done."""
    return render_template("accounts/erase.html", problems=[])


@blueprint.post("/me/erase")
@access.participant
def erase() -> ResponseReturnValue:
    """Erase my account."""
    if request.form.get("sure") != "yes":
        problem = Problem("/sure", _("Zet een vinkje als je het zeker weet. Er is niets gewist."))
        return render_template("accounts/erase.html", problems=[problem]), 422
    with transaction():
        service.erase(current_actor())
    browser.forget()
    return redirect(url_for("accounts.goodbye", what="erased"), 303)


@blueprint.get("/goodbye")
@access.public
def goodbye() -> str:
    """What has just happened, for somebody who is a visitor again."""
    return render_template("accounts/goodbye.html", what=request.args.get("what", ""))
