"""A part of a design: some of its changes, as if they were all of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from app.designs.models import Change, DesignVersion


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one version with a title of their own; `effects` as those of a version, of these alone.

    No story: that of the design is about the whole.
    """

    title: str
    changes: list[Change]
    effects: dict[str, Any] = field(default_factory=dict)
    story: str = ""


# What can be drawn, told and costed: a whole version, or a part of one.
Drawn = DesignVersion | Part


def part_of(
    version: DesignVersion,
    positions: Collection[int],
    title: str = "",
    effects: dict[str, Any] | None = None,
) -> Part:
    """The changes at these positions, in the order of the version."""
    wanted = frozenset(positions)
    chosen = [change for change in version.changes if change.position in wanted]
    return Part(title or version.title, chosen, effects or {})


def is_part(version: DesignVersion, positions: Collection[int]) -> bool:
    """Whether these are positions of some, and not all, of its changes, each once."""
    known = {change.position for change in version.changes}
    wanted = set(positions)
    return len(wanted) == len(positions) and bool(wanted) and wanted < known
