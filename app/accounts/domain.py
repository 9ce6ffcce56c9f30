"""Who somebody is and what a link may still do: plain rules, without Flask and without SQL."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

LINK_LIFE = timedelta(minutes=30)
INVITATION_LIFE = timedelta(days=7)
# A browser that was not seen for so long has to sign in again.
SESSION_LIFE = timedelta(days=180)
# `last_seen_at` is for people who look for a strange session; an hour is precise enough and spares writes.
SEEN_PRECISION = timedelta(hours=1)
# Links and ended sessions are deleted this long after they stopped working.
KEEP_ENDED = timedelta(days=30)


class Role(StrEnum):
    """From least to most trusted; a visitor is nobody yet."""

    VISITOR = "visitor"
    GUEST = "guest"
    RESIDENT = "resident"
    PLANNER = "planner"
    MODERATOR = "moderator"


INVITED_ROLES = (Role.PLANNER, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is doing something: a snapshot of a person, or a visitor without `id`."""

    id: UUID | None = None
    role: Role = Role.VISITOR
    email: str | None = None
    session_id: UUID | None = None
    # Of somebody who signed in through a provider of identities: the keyed hash of who that says it is.
    identity: str | None = None

    @property
    def is_visitor(self) -> bool:
        """Reads along; did nothing yet for which we must know them."""
        return self.id is None

    @property
    def takes_part(self) -> bool:
        """A guest or anybody who signed in."""
        return self.id is not None

    @property
    def is_guest(self) -> bool:
        """Takes part in one browser, unknown anywhere else."""
        return self.role is Role.GUEST

    @property
    def is_signed_in(self) -> bool:
        """Came in by an e-mail link, or through a provider of identities, at least once."""
        return self.id is not None and self.role is not Role.GUEST

    @property
    def is_planner(self) -> bool:
        """Works on assignments for the municipality."""
        return self.role is Role.PLANNER

    @property
    def is_moderator(self) -> bool:
        """Keeps the house rules."""
        return self.role is Role.MODERATOR

    @property
    def person_id(self) -> UUID:
        """The `id` of somebody who takes part. Raises `ValueError` for a visitor."""
        if self.id is None:
            raise ValueError("a visitor is not a person yet")
        return self.id


VISITOR = Actor()


def new_token() -> str:
    """A secret of 256 bits that fits in a URL and a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What we store of a token: its SHA-256 in hexadecimal, so that a copy of the database opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class LinkState(StrEnum):
    """Whether a sign-in link still works."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"


def link_state(*, used_at: datetime | None, expires_at: datetime, now: datetime) -> LinkState:
    """Valid until it is used once or its time is over."""
    if used_at is not None:
        return LinkState.USED
    return LinkState.VALID if now < expires_at else LinkState.EXPIRED


# One provider, two names for it.
_SAME_PROVIDER = {"googlemail.com": "gmail.com"}


def mailbox_of(email: str) -> str:
    """The mailbox behind an address, as far as an address tells: in lower case, without what follows a `+`
    and without dots in the part before the `@`.

    Only to ask whether two accounts may be one person's. Some providers keep such addresses apart, so two
    people can have one answer here; nobody is signed in by it.
    """
    name, _at, domain = email.strip().lower().rpartition("@")
    plain = name.partition("+")[0].replace(".", "")
    return f"{plain or name}@{_SAME_PROVIDER.get(domain, domain)}"


# At these, dots before the `@` are as good as not there.
_DOTLESS = frozenset({"gmail.com"})


def letterbox_of(email: str) -> str:
    """The one mailbox that an address leads to, as far as that is sure: in lower case, without what follows a
    `+` (RFC 5233), one name for one provider, and without dots only where they are known not to count.

    For what a mailbox may do once, such as vote. Unlike `mailbox_of` it never takes two people for one where
    their addresses differ in a dot: the one would undo what the other chose.
    """
    name, _at, domain = email.strip().lower().rpartition("@")
    domain = _SAME_PROVIDER.get(domain, domain)
    plain = name.partition("+")[0]
    if domain in _DOTLESS:
        plain = plain.replace(".", "")
    return f"{plain or name}@{domain}"


def session_works(*, ended_at: datetime | None, last_seen_at: datetime, now: datetime) -> bool:
    """Not ended, and seen within `SESSION_LIFE`."""
    return ended_at is None and now - last_seen_at < SESSION_LIFE


def role_after_invitation(present: Role, invited: Role | None) -> Role:
    """An invitation sets the role; without one a guest becomes a resident and others stay what they are."""
    if invited is not None:
        return invited
    return Role.RESIDENT if present in (Role.GUEST, Role.VISITOR) else present


def safe_next(path: str | None) -> str | None:
    """`path` when it leads to a page of this site, else None: `//host`, `\\` and schemes lead elsewhere."""
    if not path or len(path) > 500 or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    if "\\" in path or any(ord(character) < 33 or ord(character) == 127 for character in path):
        return None
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else path
