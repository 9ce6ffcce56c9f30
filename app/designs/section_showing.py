"""How a cross-section is shown to people: its title, its pictures, and the same in a table."""

from __future__ import annotations

from typing import Literal

from flask_babel import gettext as _
from shapely import Point

from app.designs import section_words as words
from app.designs.domain import ChangeDraft
from app.designs.models import DesignVersion
from app.designs.section_drawing import draw
from app.designs.sections import TREE_YEARS, CrossSection, best_section, cross_section
from app.designs.service import drafts_of
from app.projects.models import Assignment
from geodata.section import Band, Section

Side = Literal["before", "after"]


def section_of(assignment: Assignment, version: DesignVersion, at: Point | None = None) -> CrossSection:
    """The section of a stored version at a place, by default in the middle of its changes."""
    changes: tuple[ChangeDraft, ...] = drafts_of(version, assignment)
    if at is None:
        return best_section(assignment, changes)
    return cross_section(assignment, changes, at, with_track=False)


def title_of(found: CrossSection) -> str:
    """`Doorsnede bij Kade 1`."""
    return _("Doorsnede bij %(place)s", place=found.near) if found.near else _("Doorsnede van de straat")


def sides_of(found: CrossSection) -> tuple[str, str]:
    """The points of the compass at the left and right end."""
    return words.compass(found.left_deg), words.compass(found.left_deg + 180)


def picture(found: CrossSection, side: Side, layout: str, *, uid: str) -> str:
    """One side as SVG."""
    section: Section = getattr(found, side)
    when = _("nu") if side == "before" else _("in het ontwerp")
    wording = words.wording(section, f"{title_of(found)}, {when}", sides_of(found), found.needed_m)
    return draw(section, wording, layout=layout, uid=uid, looks=words.looks())


def rows(section: Section, needed_m: float | None) -> list[tuple[str, str, str]]:
    """A section as table rows: part, width, how certain; from left to right."""
    short = words.too_narrow(section, needed_m)
    return [
        (words.band_name(band), width_of(band, short.get(number, "")), words.how_sure(band.certainty))
        for number, band in enumerate(section.bands)
    ]


def width_of(band: Band, needed: str) -> str:
    """`1,70 m`, and what is needed where that is more."""
    width = words.metres(band.width_m)
    return f"{width} ({needed})" if needed else width


def things(section: Section) -> list[str]:
    """What stands there, a line each."""
    return [words.element_sentence(element) for element in section.elements]


def notes(found: CrossSection) -> str:
    """What to know when reading the pictures."""
    general = _(
        "Breedtes en hoogtes hebben dezelfde schaal. ± is een geschatte breedte. Gestreept is getekend en"
        " bestaat nog niet. Nieuwe bomen staan er zoals ze na %(years)d jaar ongeveer zijn (aanname). Mensen,"
        " fietsen en auto’s staan er voor de schaal.",
        years=TREE_YEARS,
    )
    if not any(element.kind == "cable" for element in found.before.elements):
        return general
    below = _("Rondjes in de grond zijn kabels en leidingen. Hoe diep ze liggen, weten we niet.")
    return f"{general} {below}"
