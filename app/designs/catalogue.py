"""The element catalogue of this installation: read and checked once, when the program starts."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, current_app
from flask_babel import lazy_gettext

from app.config import ConfigurationError
from app.core.language import current_language
from app.projects.choices import KindGroup
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


def kind_groups() -> list[KindGroup]:
    """The kinds by group in the reader's language, for planners who limit an assignment to some."""
    loaded, language = catalogue(), current_language()
    return [
        KindGroup(
            str(GROUP_NAMES[group]),
            tuple((kind.id, kind.name(language)) for kind in loaded.kinds.values() if kind.group == group),
        )
        for group in loaded.groups()
    ]


def source_titles(keys: Iterable[str]) -> list[str]:
    """Titles of the sources that may be shown to residents."""
    loaded = catalogue()
    return [loaded.sources[key].title for key in loaded.shown_sources(tuple(keys))]
