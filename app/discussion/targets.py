"""What can be commented on. Higher features register theirs; this one knows none of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from app.accounts.domain import Actor

# Answers the id of the assignment a target belongs to, or None where this person may not see it.
Resolver = Callable[[uuid.UUID, Actor], uuid.UUID | None]

_targets: dict[str, Resolver] = {}


def register_target(name: str, resolver: Resolver) -> None:
    """Let comments hang on things called `name`."""
    _targets[name] = resolver


def names() -> tuple[str, ...]:
    """The registered kinds of target."""
    return tuple(_targets)


def assignment_of(name: str, target_id: uuid.UUID, actor: Actor) -> uuid.UUID | None:
    """The assignment of a target, or None where there is no such visible target."""
    return _targets[name](target_id, actor)
