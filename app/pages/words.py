"""The words for things in the street, for changes and for effects, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formatting import number
from app.core.language import current_language
from app.designs.catalogue import catalogue
from app.designs.effect_words import caveat_text, cost_notes
from app.maps.drawing import OBJECT_ICONS
from app.maps.names import object_name

ACTIONS = {
    "add": _l("komt erbij"),
    "remove": _l("gaat weg"),
    "move": _l("verhuist"),
    "replace": _l("komt in de plaats"),
    "keep": _l("blijft staan"),
}
SENTIMENTS = {"for": _l("Voor"), "against": _l("Tegen"), "neutral": _l("Neutraal")}
SENTIMENT_ICONS = {"for": "i-plus", "against": "i-min", "neutral": "i-praat"}
STATUSES = {"draft": _l("Concept"), "submitted": _l("Ingezonden"), "withdrawn": _l("Ingetrokken")}
# Effects that a page shows, in this order, with the icon before them.
EFFECTS = {
    "trees": ("i-boom", _l("Bomen")),
    "green_m2": ("i-plantenbak", _l("Groen")),
    "parking_places": ("i-parkeren", _l("Parkeerplekken")),
    "bike_places": ("i-fietsenrek", _l("Fietsplekken")),
    "permeable_m2": ("i-wadi", _l("Open grond")),
    "seats": ("i-bank", _l("Zitplekken")),
}
CHALK_OF_GROUP = {"green": "green", "water": "water"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence as a page shows it; without `before` and `after` where only the difference is known."""

    icon: str
    name: str
    before: str
    after: str
    difference: str
    assumed: bool
    caveat: str


def element_name(kind: str | None) -> str:
    """The catalogue's name of an element kind."""
    found = catalogue().get(kind or "")
    return found.name(current_language()) if found else (kind or "")


def change_title(action: str, kind: str | None, object_kind: str | None) -> str:
    """What a change is about, as a heading: `Bank`, `Boom wordt plantenbak`."""
    if action == "replace":
        return _("%(old)s wordt: %(new)s", old=object_name(object_kind).capitalize(), new=element_name(kind))
    if action == "add":
        return element_name(kind)
    return object_name(object_kind).capitalize()


def change_sentence(action: str, kind: str | None, object_kind: str | None) -> str:
    """A change in one line: `Bank komt erbij`, `Parkeervak wordt: Wadi`."""
    title = change_title(action, kind, object_kind)
    return title if action == "replace" else f"{title} {ACTIONS[action]}"


def change_icon(action: str, kind: str | None, object_kind: str | None) -> str:
    """The symbol of a change in `icons.svg`."""
    found = catalogue().get(kind or "") if action in ("add", "replace") else None
    return found.icon if found else OBJECT_ICONS.get(object_kind or "", "i-vlag")


def chalk_of(action: str, kind: str | None) -> str:
    """The chalk colour of a change."""
    found = catalogue().get(kind or "") if action in ("add", "replace") else None
    return CHALK_OF_GROUP.get(found.group, "paving") if found else "paving"


def effects_shown(effects: dict[str, Any]) -> list[Effect]:
    """The effects that change something, ready to read."""
    shown = []
    for key, (icon, name) in EFFECTS.items():
        value = effects.get(key) or {}
        before, after = value.get("before"), value.get("after")
        if before is None or after is None or before == after:
            continue
        unit = "\u00a0m²" if key.endswith("_m2") else ""
        is_known = value.get("before_known", True)
        caveats = (value.get("caveat") or "").split()
        shown.append(
            Effect(
                icon,
                str(name),
                number(before) if is_known else "",
                number(after) + unit if is_known else "",
                _difference(after - before, unit),
                "assumption" in caveats,
                caveat_text(" ".join(key for key in caveats if key != "assumption")),
            )
        )
    return shown


def _difference(value: float, unit: str) -> str:
    amount = number(abs(value)) + unit
    return _("%(amount)s erbij", amount=amount) if value > 0 else _("%(amount)s minder", amount=amount)


def card_facts(effects: dict[str, Any]) -> list[tuple[str, str]]:
    """At most three facts for a card: icon and words."""
    facts = []
    for key, (icon, _name) in EFFECTS.items():
        value = effects.get(key) or {}
        before, after = value.get("before"), value.get("after")
        if before is None or after is None or round(after - before) == 0:
            continue
        facts.append((icon, _fact(key, round(after - before))))
    return facts[:3]


def _fact(key: str, change: int) -> str:
    n = abs(change)
    more = change > 0
    if key == "trees":
        return (
            ngettext("%(num)d boom erbij", "%(num)d bomen erbij", n)
            if more
            else ngettext("%(num)d boom weg", "%(num)d bomen weg", n)
        )
    if key == "green_m2":
        return _("%(n)s m² groen erbij", n=number(n)) if more else _("%(n)s m² groen minder", n=number(n))
    if key == "parking_places":
        return (
            ngettext("%(num)d parkeerplek erbij", "%(num)d parkeerplekken erbij", n)
            if more
            else ngettext("%(num)d parkeerplek minder", "%(num)d parkeerplekken minder", n)
        )
    if key == "bike_places":
        return (
            ngettext("%(num)d fietsplek erbij", "%(num)d fietsplekken erbij", n)
            if more
            else ngettext("%(num)d fietsplek minder", "%(num)d fietsplekken minder", n)
        )
    if key == "seats":
        return (
            ngettext("%(num)d zitplek erbij", "%(num)d zitplekken erbij", n)
            if more
            else ngettext("%(num)d zitplek minder", "%(num)d zitplekken minder", n)
        )
    return (
        _("%(n)s m² open grond erbij", n=number(n)) if more else _("%(n)s m² open grond minder", n=number(n))
    )


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        cost_notes=cost_notes,
        change_title=change_title,
        change_icon=change_icon,
        effects_shown=effects_shown,
        card_facts=card_facts,
        action_words=ACTIONS,
        sentiment_words=SENTIMENTS,
        sentiment_icons=SENTIMENT_ICONS,
        status_words=STATUSES,
    )
