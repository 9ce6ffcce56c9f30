"""In which order a voter sees the options: by lot, so that no design gains by its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol, TypeVar


class HasCode(Protocol):
    """An option as far as its code goes."""

    @property
    def code(self) -> str: ...


Option = TypeVar("Option", bound=HasCode)


def fair(options: Iterable[Option], seed: str) -> list[Option]:
    """The options in the order that a seed draws: each is as likely as any other (SHA-256 of seed and code).

    The same seed always draws the same order, on the map, in the list and when the page is loaded again.
    """
    return sorted(options, key=lambda one: hashlib.sha256(f"{seed}:{one.code}".encode()).digest())
