"""The words of a cross-section, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.language import current_language
from app.designs.catalogue import catalogue
from app.designs.checks.model import TOLERANCE
from app.designs.checks.street import LAYS, WALKABLE
from app.designs.section_drawing import Label, Look, Wording
from geodata.section import Band, Certainty, Element, Facade, Section, walkways

GROUNDS = {
    "carriageway": _l("rijbaan"),
    "parking": _l("parkeren"),
    "cycle_path": _l("fietspad"),
    "pavement": _l("stoep"),
    "driveway": _l("inrit"),
    "square": _l("plein"),
    "green": _l("groen"),
    "water": _l("water"),
    "yard": _l("tuin of erf"),
    "rail": _l("spoor"),
    "structure": _l("brug"),
    "barrier": _l("muur of hek"),
    "hedge": _l("haag"),
    "unknown": _l("onbekend"),
}
THINGS = {
    "tree": _l("boom"),
    "lamp": _l("lantaarn"),
    "bench": _l("bank"),
    "bike_stand": _l("fietsenrek"),
    "planter": _l("plantenbak"),
    "bollard": _l("paaltje"),
    "container": _l("afvalbak"),
    "charger": _l("laadpaal"),
    "play": _l("speelplek"),
    "bus_stop": _l("bushalte"),
    "hydrant": _l("brandkraan"),
    "hedge": _l("haag"),
    "barrier": _l("hek"),
    "rail": _l("spoor"),
}
# Sorts of cables and pipes that maps name; another is called just that.
CABLES = {
    "gas": _l("gasleiding"),
    "water": _l("waterleiding"),
    "sewer": _l("riool"),
    "electricity": _l("stroomkabel"),
    "power": _l("stroomkabel"),
    "telecom": _l("datakabel"),
    "data": _l("datakabel"),
    "heat": _l("warmteleiding"),
}
CERTAINTIES: dict[Certainty | None, object] = {
    "measured": _l("gemeten"),
    "estimated": _l("geschat"),
    "drawn": _l("getekend"),
    None: _l("niet bekend"),
}
POINTS = (
    *(_l("noord"), _l("noordoost"), _l("oost"), _l("zuidoost")),
    *(_l("zuid"), _l("zuidwest"), _l("west"), _l("noordwest")),
)


def metres(value: float) -> str:
    """`1,70 m`."""
    return f"{centimetres(value)}\u00a0m"


def centimetres(value: float) -> str:
    """Metres with two decimals: `1,70`."""
    return str(format_decimal(round(value, 2) + 0.0, format="0.00"))


def compass(bearing: float) -> str:
    """The point of the compass nearest to a bearing in degrees clockwise from north."""
    return str(POINTS[round(bearing / 45) % 8])


def band_name(band: Band) -> str:
    """What a band is; what a design adds has its own name, the open ground around a drawn tree too."""
    found = catalogue().get(band.element)
    if found is None:
        return str(GROUNDS.get(band.kind, GROUNDS["unknown"]))
    if found.becomes == "tree":
        return _("boomvak")
    name = _short(found.name(current_language()))
    if found.becomes in GROUNDS or found.id in LAYS:
        return name
    # It lies on the ground that was there: a parklet, other paving, a speed hump, a play area.
    return _("%(what)s op %(ground)s", what=name, ground=GROUNDS.get(band.kind, GROUNDS["unknown"]))


def element_name(element: Element) -> str:
    """What stands there."""
    if element.kind == "cable":
        return str(CABLES.get(element.sort, _("kabel of leiding")))
    found = catalogue().get(element.element)
    return _short(found.name(current_language())) if found else str(THINGS.get(element.kind, element.kind))


def _short(name: str) -> str:
    """A catalogue name without what it says in brackets or after a slash."""
    bare = name.split(" (")[0].split(" / ")[0]
    return bare[:1].lower() + bare[1:]


def looks() -> dict[str, Look]:
    """The chalk colour of every element of the catalogue."""
    return {kind.id: _look(kind.group) for kind in catalogue().kinds.values()}


def _look(group: str) -> Look:
    if group == "green":
        return "green"
    return "water" if group == "water" else "paving"


def wording(section: Section, title: str, sides: tuple[str, str], needed_m: float | None) -> Wording:
    """All words of one picture; `needed_m` is how much room people need to walk."""
    short = too_narrow(section, needed_m)
    labels = [
        Label(
            band_name(band),
            _figure(band, metres),
            _figure(band, centimetres),
            narrow=number in short,
            needed=short.get(number, ""),
        )
        for number, band in enumerate(section.bands)
    ]
    return Wording(title, sentence(section, sides, needed_m), labels, sides)


def too_narrow(section: Section, needed_m: float | None) -> dict[int, str]:
    """The bands of walkways that are too narrow, by number, with what is needed: `nodig 1,80`.

    Of a walkway of more bands the widest says it, the others say nothing.
    """
    found: dict[int, str] = {}
    for way in walkways(section, WALKABLE) if needed_m is not None else []:
        if needed_m is None or way.free_m >= needed_m - TOLERANCE:
            continue
        bands = range(way.first, way.last + 1)
        found |= dict.fromkeys(bands, "")
        widest = max(bands, key=lambda number: section.bands[number].width_m)
        needed = centimetres(needed_m)
        found[widest] = (
            _("nodig %(needed)s", needed=needed)
            if way.free_m > way.width_m - TOLERANCE
            else _("vrij %(free)s, nodig %(needed)s", free=centimetres(way.free_m), needed=needed)
        )
    return found


def _figure(band: Band, form: Callable[[float], str]) -> str:
    return f"± {form(band.width_m)}" if band.certainty == "estimated" else form(band.width_m)


def sentence(section: Section, sides: tuple[str, str], needed_m: float | None) -> str:
    """The whole section in words, from left to right, with what stands where."""
    left, right = section.span.facades
    short = too_narrow(section, needed_m)
    parts = [
        _end(left),
        *(_band(band, short.get(number, "")) for number, band in enumerate(section.bands)),
        _end(right),
    ]
    said = _(
        "Van links (%(left)s) naar rechts (%(right)s): %(parts)s. Samen %(total)s.",
        left=sides[0],
        right=sides[1],
        parts="; ".join(parts),
        total=metres(section.span.length_m),
    )
    standing = "; ".join(element_sentence(element) for element in section.elements)
    return f"{said} {_('Hier staat: %(things)s.', things=standing)}" if standing else said


def _band(band: Band, needed: str) -> str:
    how = how_sure(band.certainty)
    return _(
        "%(what)s %(width)s (%(how)s)",
        what=band_name(band),
        width=metres(band.width_m),
        how=f"{how}, {needed}" if needed else how,
    )


def element_sentence(element: Element) -> str:
    """What stands where: `bank op 1,20 m van links (getekend)`."""
    if element.kind == "cable":
        return _(
            "%(what)s onder de grond op %(at)s van links",
            what=element_name(element),
            at=metres(element.at_m),
        )
    return _(
        "%(what)s op %(at)s van links (%(how)s)",
        what=element_name(element),
        at=metres(element.at_m),
        how=how_sure(element.certainty),
    )


def how_sure(certainty: Certainty | None) -> str:
    """`gemeten`, `geschat`, `getekend`."""
    return str(CERTAINTIES[certainty])


def _end(facade: Facade | None) -> str:
    if facade is None:
        return _("geen gevel")
    if facade.height_m is None:
        return _("gevel")
    height = metres(facade.height_m)
    if facade.estimated:
        return _("gevel van ongeveer %(height)s hoog", height=height)
    return _("gevel van %(height)s hoog", height=height)
