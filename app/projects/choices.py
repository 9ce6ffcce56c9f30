"""Which kinds of elements an assignment can be limited to.

Projects do not know the element catalogue. The feature that does registers when the program starts:

    choices.register(groups)

where `groups()` answers the kinds by group, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Kinds that belong together: `kinds` are pairs of id and name."""

    name: str
    kinds: tuple[tuple[str, str], ...]


Groups = Callable[[], list[KindGroup]]
_registered: list[Groups] = []


def register(groups: Groups) -> None:
    """Make these kinds available to planners; the last one to register counts."""
    _registered[:] = [groups]


def kind_groups() -> list[KindGroup]:
    """All kinds by group; empty when no feature knows any."""
    return _registered[0]() if _registered else []


def known_kinds() -> frozenset[str]:
    """The ids of all kinds."""
    return frozenset(kind for group in kind_groups() for kind, _name in group.kinds)
