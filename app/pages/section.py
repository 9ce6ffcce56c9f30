"""The cross-section on a design's page: both pictures and the same in a table, without any script."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from app.designs.models import DesignVersion
from app.designs.section_showing import Side, notes, picture, rows, section_of, things, title_of
from app.designs.section_words import metres
from app.errors import Invalid
from app.projects.models import Assignment


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """One side, drawn for wide and for narrow screens, in our own SVG: every word in it is escaped."""

    heading: str
    wide: Markup
    narrow: Markup
    rows: list[tuple[str, str, str]]
    total: str
    things: list[str]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """What the page shows; `at` is the place as the address of a download wants it."""

    title: str
    notes: str
    at: str
    pictures: tuple[ShownPicture, ...]


def shown_section(assignment: Assignment, version: DesignVersion) -> ShownSection | None:
    """The section in the middle of a version's changes; None where there is none or nothing changes."""
    if not version.changes:
        return None
    try:
        found = section_of(assignment, version)
    except Invalid:
        return None
    headings: dict[Side, str] = {"before": _("Nu"), "after": _("In dit ontwerp")}
    pictures = []
    for side, heading in headings.items():
        section = getattr(found, side)
        wide, narrow = (
            Markup(picture(found, side, layout, uid=f"doorsnede-{layout}-{side}"))  # noqa: S704
            for layout in ("figure", "narrow")
        )
        total = metres(section.span.length_m)
        table = rows(section, found.needed_m)
        pictures.append(ShownPicture(heading, wide, narrow, table, total, things(section)))
    at = f"{found.at.x:.7f},{found.at.y:.7f}"
    return ShownSection(title_of(found), notes(found), at, tuple(pictures))
