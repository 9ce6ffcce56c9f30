"""The element catalogue of this installation: read and checked once, when the program starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.config import ConfigurationError
from geodata.catalogue import Catalogue, ElementKind, Number, load
from geodata.catalogue_table import CatalogueError

GROUP_NAMES = {
    "green": lazy_gettext("Groen"),
    "water": lazy_gettext("Water"),
    "parking": lazy_gettext("Parkeren"),
    "play_social": lazy_gettext("Spelen en ontmoeten"),
    "utility": lazy_gettext("Voorzieningen"),
    "cycling": lazy_gettext("Fietsen"),
    "walking": lazy_gettext("Lopen"),
    "traffic": lazy_gettext("Verkeer"),
}


def init_app(app: Flask) -> None:
    """Load the catalogue, with the municipality's own file over it.

    Raises `ConfigurationError` that lists every wrong row and column of that file.
    """
    path = app.config.get("CATALOGUE_FILE") or None
    try:
        app.extensions["stoepkrijt_catalogue"] = load(path)
    except CatalogueError as problem:
        raise ConfigurationError(f"CATALOGUE_FILE cannot be used. {problem}") from problem


def catalogue() -> Catalogue:
    """The catalogue of the running application."""
    loaded: Catalogue = current_app.extensions["stoepkrijt_catalogue"]
    return loaded


def caveat_text(key: str) -> str:
    """What to know about an effect, as a sentence; `app.designs.effects.CAVEATS` lists the keys."""
    sentences = {
        "assumption": _("Dit getal is deels een aanname."),
        "young_trees": _("Een jonge boom vervangt een grote boom niet meteen."),
        "estimated_bays": _("Het aantal parkeerplekken is geschat uit de breedte en lengte van de straat."),
        "reserved_bays": _("Er zijn ook plekken die gereserveerd worden. Die tellen niet als weg."),
        "depends_on_place": _("Hoeveel parkeerplekken dit kost, hangt af van de precieze plek."),
        "pits_unknown": _("De open grond om bestaande bomen is niet bekend en telt niet mee."),
        "no_overhead": _("Zonder voorbereiding, toezicht en btw."),
        "price_missing": _("Niet van elke wijziging is een prijs bekend."),
    }
    return sentences.get(key, "")


def catalogue_document(language: str) -> dict[str, Any]:
    """The whole catalogue for `GET /api/catalogue`, with names in this language."""
    loaded = catalogue()
    return {
        "groups": [{"id": group, "name": str(GROUP_NAMES[group])} for group in loaded.groups()],
        "elements": [element_document(kind, loaded, language) for kind in loaded.kinds.values()],
    }


def element_document(kind: ElementKind, loaded: Catalogue, language: str) -> dict[str, Any]:
    """One kind with sizes in metres, prices in euros, and the status and sources of every number."""
    return {
        "id": kind.id,
        "name": kind.name(language),
        "group": kind.group,
        "geometry": list(kind.geometry),
        "becomes": kind.becomes or None,
        "applies_to": kind.applies_to or None,
        "icon": kind.icon,
        "width_m": kind.width_m.value if kind.width_m else None,
        "length_m": kind.length_m.value if kind.length_m else None,
        "min_width_m": kind.min_width_m.value if kind.min_width_m else None,
        "height_m": kind.height_m.value if kind.height_m else None,
        "cost": _cost_document(kind, loaded),
        "effects": {name: _number_document(number, loaded) for name, number in kind.effects.items()},
        "bgt_type": kind.bgt_type or None,
        "imgeo_value": kind.imgeo_value or None,
        "assumption": kind.has_assumption,
    }


def _cost_document(kind: ElementKind, loaded: Catalogue) -> dict[str, Any]:
    cost = kind.cost
    keys = tuple(dict.fromkeys([*cost.low.sources, *cost.typical.sources, *cost.high.sources]))
    return {
        "low": cost.low.value,
        "typical": cost.typical.value,
        "high": cost.high.value,
        "unit": cost.unit,
        "year": cost.year,
        "status": cost.typical.status.value,
        "source": _titles(loaded, keys),
    }


def _number_document(number: Number, loaded: Catalogue) -> dict[str, Any]:
    return {
        "low": number.low,
        "high": number.high,
        "status": number.status.value,
        "source": _titles(loaded, number.sources),
    }


def _titles(loaded: Catalogue, keys: tuple[str, ...]) -> str:
    """Titles of the sources that residents may see, in one line."""
    return "; ".join(loaded.sources[key].title for key in loaded.shown_sources(keys))


def describe_effects(effects: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Stored effects with their sources and caveats as sentences, in the reader's language."""
    loaded = catalogue()
    described = {}
    for name, figure in effects.items():
        caveats = [caveat_text(key) for key in figure.get("caveats", [])]
        described[name] = {
            **{key: value for key, value in figure.items() if key not in ("sources", "caveats")},
            "source": _titles(loaded, tuple(figure.get("sources", []))) or None,
            "caveat": " ".join(filter(None, caveats)) or None,
        }
    return described
