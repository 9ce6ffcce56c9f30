"""What people do with their account. Nothing here commits or sends mail; see `routes.py`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from app.accounts import permissions, queries
from app.accounts.domain import (
    INVITATION_LIFE,
    KEEP_ENDED,
    LINK_LIFE,
    SESSION_LIFE,
    Actor,
    LinkState,
    Role,
    hash_of,
    link_state,
    new_token,
    role_after_invitation,
)
from app.accounts.models import LoginLink, LoginSession, Person
from app.core import hooks
from app.errors import Forbidden, NotFound, WrongState
from app.extensions import db


def open_session(person: Person, now: datetime) -> str:
    """Make the person known in one more browser; answers the token for its cookie."""
    token = new_token()
    db.session.add(
        LoginSession(person_id=person.id, token_hash=hash_of(token), created_at=now, last_seen_at=now)
    )
    db.session.flush()
    return token


def start_guest(language: str, now: datetime) -> tuple[Person, str]:
    """Somebody takes part without an account: a new guest and the token of their session."""
    guest = Person(role=Role.GUEST, language=language, created_at=now)
    db.session.add(guest)
    db.session.flush()
    return guest, open_session(guest, now)


def request_link(email: str, actor: Actor, now: datetime, next_path: str | None = None) -> str:
    """A link that signs in whoever reads this mailbox. A known address and a new one get the same."""
    return _new_link(
        LoginLink(
            email=email,
            claims_person_id=actor.id if actor.is_guest else None,
            next_path=next_path,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )


def invite(email: str, role: Role, now: datetime, actor: Actor | None = None) -> str:
    """A link that makes its reader planner or moderator. `actor` is None on the command line.

    Raises `Forbidden` when the actor may not invite.
    """
    if actor is not None and not permissions.can_invite(actor, role):
        raise Forbidden(_("Alleen planners nodigen iemand uit."))
    return _new_link(LoginLink(email=email, role=role, created_at=now, expires_at=now + INVITATION_LIFE))


def _new_link(link: LoginLink) -> str:
    token = new_token()
    link.token_hash = hash_of(token)
    db.session.add(link)
    db.session.flush()
    return token


def sign_in(
    token: str, actor: Actor, now: datetime, *, language: str, take_along_other_browser: bool = False
) -> tuple[Person, str, str | None]:
    """Use a link: answers the person, the token of a new session and the page to go on with.

    The guest of this browser keeps all they made. The guest who asked for the link in another browser does so
    only when the reader of the mail says that it was them: anybody can ask for a link to any address, and
    must not get into, or put things into, an account that way.

    Raises `NotFound` for an unknown link, `WrongState` for a used or expired one.
    """
    link = _use_link(token, now)
    guests = [actor.id] if actor.is_guest else []
    if take_along_other_browser and link.claims_person_id not in (None, *guests):
        guests.append(link.claims_person_id)
    person = _person_for(link, _locked_guests(guests), language, now)
    if actor.session_id is not None:
        _end(LoginSession.id == actor.session_id, now)
    return person, open_session(person, now), link.next_path


def sign_in_with_identity(
    identity_hash: str, actor: Actor, now: datetime, *, language: str
) -> tuple[Person, str]:
    """Sign in whom a provider vouched for in this very browser: the person, and the token of a new session.

    The guest of this browser keeps all they made, as after an e-mail link. Somebody who was signed in here by
    other means is somebody else: nothing of theirs moves.
    """
    guests = _locked_guests([actor.id] if actor.is_guest else [])
    # Two first visits at the same moment must not make two people.
    _one_at_a_time(identity_hash)
    person = queries.person_with_identity(identity_hash) or _new_person(guests, now)
    person.role = role_after_invitation(Role(person.role or Role.GUEST), None)
    person.identity_hash = identity_hash
    _settle(person, guests, language)
    if actor.session_id is not None:
        _end(LoginSession.id == actor.session_id, now)
    return person, open_session(person, now)


def _use_link(token: str, now: datetime) -> LoginLink:
    """Mark the link as used: one conditional update, so that of two clicks at once one wins."""
    used = db.session.scalar(
        update(LoginLink)
        .where(
            LoginLink.token_hash == hash_of(token), LoginLink.used_at.is_(None), LoginLink.expires_at > now
        )
        .values(used_at=now)
        .returning(LoginLink)
    )
    if used is not None:
        return used
    link = queries.link_of_token(hash_of(token))
    if link is None:
        raise NotFound(_("Deze link kennen we niet. Vraag een nieuwe aan op de pagina Inloggen."))
    if link_state(used_at=link.used_at, expires_at=link.expires_at, now=now) is LinkState.USED:
        raise WrongState(_("Deze link is al gebruikt. Vraag een nieuwe aan op de pagina Inloggen."))
    raise WrongState(_("Deze link is verlopen. Vraag een nieuwe aan op de pagina Inloggen."))


def _locked_guests(ids: list[UUID | None]) -> list[Person]:
    """These people as far as they are still guests, locked so that no second link claims them too."""
    question = select(Person).where(Person.id.in_(ids), Person.role == Role.GUEST).order_by(Person.id)
    found = db.session.scalars(question.with_for_update().execution_options(populate_existing=True)).all()
    return sorted(found, key=lambda guest: ids.index(guest.id))


def _person_for(link: LoginLink, guests: list[Person], language: str, now: datetime) -> Person:
    """The person with the link's address: who has it already, else the first guest, else somebody new."""
    # Two first links of one address at the same moment must not make two people.
    _one_at_a_time(link.email)
    person = queries.person_with_email(link.email) or _new_person(guests, now)
    person.role = role_after_invitation(
        Role(person.role or Role.GUEST), Role(link.role) if link.role else None
    )
    person.email = link.email
    _settle(person, guests, language)
    return person


def _one_at_a_time(known_by: str) -> None:
    """Wait for whoever is signing in as the same person in another transaction."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("person:" + known_by, 0))))


def _new_person(guests: list[Person], now: datetime) -> Person:
    """The first guest, taken from the list, who is a person of their own from now on; else somebody new."""
    if guests:
        # Other browsers that held this guest do not get into the account.
        _end(LoginSession.person_id == guests[0].id, now)
        return guests.pop(0)
    person = Person(created_at=now)
    db.session.add(person)
    return person


def _settle(person: Person, guests: list[Person], language: str) -> None:
    person.language = language
    db.session.flush()
    for guest in guests:
        _merge(guest.id, person.id)


def _merge(guest_id: UUID, person_id: UUID) -> None:
    """Everything the guest made becomes the person's; then the guest is no more."""
    hooks.person_merged.send(None, source_id=guest_id, target_id=person_id)
    db.session.flush()
    db.session.execute(delete(Person).where(Person.id == guest_id))


def _end(which: object, now: datetime) -> int:
    ended = update(LoginSession).where(which, LoginSession.ended_at.is_(None)).values(ended_at=now)  # type: ignore[arg-type]
    return db.session.execute(ended).rowcount  # type: ignore[attr-defined,no-any-return]


def sign_out(actor: Actor, now: datetime) -> None:
    """End the session of this browser."""
    _end(LoginSession.id == actor.session_id, now)


def end_session(actor: Actor, session_id: UUID, now: datetime) -> None:
    """End one of one's own sessions. Raises `NotFound` for anybody else's, as for one that is not there."""
    if not _end((LoginSession.id == session_id) & (LoginSession.person_id == actor.person_id), now):
        raise NotFound(_("Deze sessie is er niet meer."))


def end_all_sessions(actor: Actor, now: datetime) -> None:
    """Sign out everywhere, this browser included; links that wait in a mailbox stop working too."""
    _end(LoginSession.person_id == actor.person_id, now)
    if actor.email is not None:
        _delete_links(actor.email)


def _delete_links(email: str) -> None:
    db.session.execute(delete(LoginLink).where(LoginLink.email == email))


def revoke(email: str, now: datetime) -> None:
    """Take back a role: the planner or moderator is a resident from now on, and signed out everywhere.

    Raises `NotFound` when nobody has this address and no invitation to it is open.
    """
    person = queries.person_with_email(email)
    if person is None and not queries.has_link(email):
        raise NotFound(_("Dit adres kennen we niet."))
    _delete_links(email)
    if person is not None:
        person.role = Role.RESIDENT
        db.session.flush()
        _end(LoginSession.person_id == person.id, now)


def seen(session_id: UUID, now: datetime) -> None:
    """Note that a session is in use."""
    db.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now))


def erase(actor: Actor) -> None:
    """Delete the person. Each feature first lets go of what hangs on them (`hooks.person_erased`)."""
    hooks.person_erased.send(None, person_id=actor.person_id)
    db.session.flush()
    if actor.email is not None:
        _delete_links(actor.email)
    db.session.execute(delete(Person).where(Person.id == actor.person_id))


def tidy(now: datetime) -> dict[str, int]:
    """Delete what has no use any more: old links and sessions. Answers how many of each."""
    links = delete(LoginLink).where(LoginLink.expires_at < now - KEEP_ENDED)
    over = (LoginSession.ended_at < now - KEEP_ENDED) | (
        LoginSession.last_seen_at < now - SESSION_LIFE - KEEP_ENDED
    )
    sessions = delete(LoginSession).where(over)
    return {
        "links": db.session.execute(links).rowcount,  # type: ignore[attr-defined]
        "sessions": db.session.execute(sessions).rowcount,  # type: ignore[attr-defined]
    }
