"""Everyday words for the things in a street, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

OBJECT_NAMES = {
    "tree": _l("boom"),
    "bench": _l("bank"),
    "bike_stand": _l("fietsenrek"),
    "lamp": _l("lantaarn"),
    "container": _l("afvalbak"),
    "bollard": _l("paaltje"),
    "play": _l("speelplek"),
    "bus_stop": _l("bushalte"),
    "hydrant": _l("brandkraan"),
    "crossing": _l("oversteek"),
    "charger": _l("laadpaal"),
    "planter": _l("plantenbak"),
    "entrance": _l("ingang"),
    "parking": _l("parkeervak"),
    "green": _l("groen"),
    "hedge": _l("haag"),
    "square": _l("plein"),
    "driveway": _l("inrit"),
    "cycle_path": _l("fietspad"),
    "carriageway": _l("rijbaan"),
    "pavement": _l("stoep"),
    "water": _l("water"),
    "building": _l("gebouw"),
    "yard": _l("erf"),
    "rail": _l("spoor"),
    "structure": _l("bouwwerk"),
    "barrier": _l("hek"),
    "street_axis": _l("straat"),
    "cable": _l("kabel of leiding"),
    "parcel": _l("perceel"),
    "parking_count": _l("parkeertelling"),
}


def object_name(kind: str | None) -> str:
    """The everyday word for a street object."""
    return str(OBJECT_NAMES.get(kind or "", _("iets in de straat")))
