"""What can go wrong, one class each, and the one table from class to HTTP answer (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    message: str


@dataclass
class AppError(Exception):
    """Base of all expected failures. `detail` is a sentence for people, in their language."""

    detail: str = ""
    problems: list[Problem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    status = 500
    slug = "error"

    def __str__(self) -> str:
        return self.detail or self.slug


class BadRequest(AppError):
    """The request cannot be read: not JSON, an unknown parameter."""

    status, slug = 400, "bad-request"


class NoSession(AppError):
    """Nobody is taking part yet: start a session first."""

    status, slug = 401, "no-session"


class Forbidden(AppError):
    """This person may not do this (now); the detail says which rule or date."""

    status, slug = 403, "forbidden"


class NotFound(AppError):
    """There is no such thing, or it is not public."""

    status, slug = 404, "not-found"


class WrongState(AppError):
    """The thing is in a state that does not allow this."""

    status, slug = 409, "wrong-state"


class EditedMeanwhile(AppError):
    """Somebody (or another tab) changed it first; `extra["current"]` holds what it is now."""

    status, slug = 412, "edited-meanwhile"


class TooLarge(AppError):
    """More bytes than we read."""

    status, slug = 413, "too-large"


class Invalid(AppError):
    """Well-formed but wrong; `problems` lists everything that is wrong with it."""

    status, slug = 422, "invalid"

    @classmethod
    def of(cls, problems: Iterable[Problem], detail: str = "") -> Invalid:
        """An `Invalid` with these problems."""
        return cls(detail=detail, problems=list(problems))


class PreconditionRequired(AppError):
    """A write to something shared must say which version it changes."""

    status, slug = 428, "precondition-required"


class TooMany(AppError):
    """Too many requests; `Retry-After` says when to try again."""

    status, slug = 429, "too-many-requests"


class Unavailable(AppError):
    """Cannot be served now: the database is away, or the site is read-only."""

    status, slug = 503, "unavailable"
