"""What somebody made, for the page "mijn Stoepkrijt" and for the export of one's own data.

Accounts do not know designs or comments. A higher feature adds its list when the program starts:

    overview.register("designs", made_by, title=_l("Ontwerpen"))

where `made_by(person_id)` answers a list of `Made`, newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that a person made.

    `url` is a path on this site without language; `data` is what the export holds (JSON types, dates, UUIDs).
    """

    title: str
    made_at: datetime
    url: str | None = None
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


MadeBy = Callable[[UUID], Iterable[Made]]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the page and one member of the export. `title` may be a lazy translation."""

    name: str
    title: Any
    made_by: MadeBy


_sections: dict[str, Section] = {}


def register(name: str, made_by: MadeBy, *, title: Any = None) -> None:
    """Add a section; registering the same name again replaces it."""
    _sections[name] = Section(name, title or name, made_by)


def of(person_id: UUID) -> list[tuple[Section, list[Made]]]:
    """All sections with what this person made, in order of registration."""
    return [(section, list(section.made_by(person_id))) for section in _sections.values()]
