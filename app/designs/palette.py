"""The catalogue as the editor reads it: every element with its size, price and what that rests on."""

from __future__ import annotations

from typing import Any

from app.core.language import LANGUAGES
from app.designs.catalogue import GROUP_NAMES, catalogue
from geodata import heights
from geodata.catalogue import Catalogue, ElementKind, Number, Status
from geodata.growth import STATUS, UNKNOWN_TREE, TreeSize, tree_size

SHOWN_YEARS = (0, 10, 20)


def catalogue_document(language: str) -> dict[str, Any]:
    """Groups and elements; lengths in metres, prices in euros per unit, names in `language`."""
    present = catalogue()
    return {
        "groups": [{"id": group, "name": str(GROUP_NAMES[group])} for group in present.groups()],
        "elements": [_element(kind, present, language) for kind in present.kinds.values()],
        "sources": {
            source.key: {"title": source.title, "where": source.where}
            for source in present.sources.values()
            if not source.weak
        },
        "unknown_tree": {**_size(UNKNOWN_TREE), "status": STATUS.value},
        "unknown_building": {
            "height_m": heights.ASSUMED_M,
            "small_height_m": heights.ASSUMED_SMALL_M,
            "small_m2": heights.SMALL_M2,
            "status": Status.ASSUMED.value,
        },
    }


def _element(kind: ElementKind, present: Catalogue, language: str) -> dict[str, Any]:
    cost = kind.cost
    return {
        "id": kind.id,
        "name": kind.name(language),
        "names": {other: kind.name(other) for other in LANGUAGES},
        "group": kind.group,
        "geometry": list(kind.geometry),
        "applies_to": kind.applies_to or None,
        "becomes": kind.becomes or None,
        "icon": kind.icon,
        "width_m": kind.width_m.value if kind.width_m else None,
        "length_m": kind.length_m.value if kind.length_m else None,
        "height_m": kind.height_m.value if kind.height_m else None,
        "cost": {
            "low": cost.low.value,
            "typical": cost.typical.value,
            "high": cost.high.value,
            "unit": cost.unit,
            "status": cost.typical.status.value,
            "source": list(present.shown_sources(cost.typical.sources)),
        },
        "effects": {name: _number(number, present) for name, number in kind.effects.items()},
        "assumption": kind.has_assumption,
        "growth": _growth(kind),
    }


def _growth(kind: ElementKind) -> list[dict[str, Any]] | None:
    """How big a tree of this kind is some years after planting (metres); None for everything else."""
    sizes = [(years, tree_size(kind, years)) for years in SHOWN_YEARS]
    found = [{"years": years, **_size(size), "status": STATUS.value} for years, size in sizes if size]
    return found or None


def _size(size: TreeSize) -> dict[str, float]:
    return {"crown_radius_m": round(size.crown_radius_m, 2), "height_m": round(size.height_m, 2)}


def _number(number: Number, present: Catalogue) -> dict[str, Any]:
    return {
        "low": number.low,
        "high": number.high,
        "status": number.status.value,
        "source": list(present.shown_sources(number.sources)),
    }
