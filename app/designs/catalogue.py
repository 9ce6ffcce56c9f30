"""The element catalogue of this installation: read and checked once, when the program starts."""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.config import ConfigurationError
from geodata.catalogue import Catalogue, load
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


def source_titles(keys: list[str]) -> list[str]:
    """Titles of the sources that may be shown to residents."""
    loaded = catalogue()
    return [loaded.sources[key].title for key in loaded.shown_sources(tuple(keys))]
