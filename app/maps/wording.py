"""Sentences for what the readers report: they give keys and facts, people get words."""

from __future__ import annotations

from flask_babel import gettext as _

from geodata.errors import UnreadableSource


def source_sentence(error: UnreadableSource) -> str:
    """One sentence that says what is wrong with a file and, where there is one, the way out."""
    facts = {"file": "", **error.facts}
    sentences = {
        "missing": _("%(file)s: dit bestand is er niet of is niet te lezen.", **facts),
        "empty": _("%(file)s: dit bestand is leeg.", **facts),
        "unknown_format": _(
            "%(file)s: dit is geen OSM PBF, BGT, GeoPackage of GeoJSON, dus er is niets ingelezen.", **facts
        ),
        "truncated": _("%(file)s: dit bestand houdt halverwege op. Download het opnieuw.", **facts),
        "damaged": _("%(file)s: dit bestand is beschadigd.", **facts),
        "zip_unsafe": _("%(file)s: deze zip verwijst naar bestanden buiten zichzelf.", **facts),
        "zip_no_map": _("%(file)s: in deze zip zit geen BGT-laag (bgt_….gml).", **facts),
        "xml_dtd": _("%(file)s: deze XML bevat een DTD. Dat hoort niet in een kaart.", **facts),
        "not_geojson": _("%(file)s: deze JSON is geen GeoJSON met objecten (FeatureCollection).", **facts),
        "no_layers": _("%(file)s: in dit bestand zit geen kaartlaag die we kennen.", **facts),
        "no_crs": _("%(file)s: het coördinaatstelsel ontbreekt. Geef het met --srid.", **facts),
        "no_mapping": _(
            "%(file)s: zeg wat de objecten zijn, bijvoorbeeld met --map kind==tree of --map kind=KOLOM.",
            **facts,
        ),
        "no_objects": _("Er is geen enkel bruikbaar object gevonden, dus er is niets veranderd."),
        "not_area": _("%(file)s: de grens is geen vlak in lengte- en breedtegraden.", **facts),
    }
    return sentences.get(error.key) or _numbered(error)


def _numbered(error: UnreadableSource) -> str:
    """The sentences whose facts not every error has."""
    facts = error.facts
    match error.key:
        case "too_large":
            return _("%(file)s: dit bestand is groter dan %(megabytes)s MB.", **facts)
        case "zip_too_many":
            return _("%(file)s: in deze zip zitten meer dan %(most)s bestanden.", **facts)
        case "zip_too_large":
            return _("%(file)s: deze zip is uitgepakt groter dan is toegestaan (%(megabytes)s MB).", **facts)
        case "unknown_crs":
            return _("Coördinaatstelsel EPSG:%(srid)s bestaat niet.", **facts)
        case "unknown_column":
            return _("%(file)s: er is geen kolom “%(column)s”.", **facts)
        case "unknown_kind":
            return _("Een soort “%(kind)s” bestaat niet.", **facts)
        case "unknown_field":
            return _("Veld “%(field)s” bestaat niet. Schrijf --map VELD=KOLOM.", **facts)
    return str(error)


def skip_sentence(reason: str) -> str:
    """Why objects were left out."""
    return {
        "historic": _("bestaat niet meer (eindregistratie)"),
        "missing_nodes": _("lijn loopt buiten het uittreksel"),
        "incomplete_area": _("vlak ligt deels buiten het uittreksel"),
        "no_outline": _("gebouw zonder omtrek (alleen een punt)"),
        "invalid_geometry": _("vorm is niet te herstellen"),
        "no_geometry": _("zonder vorm"),
        "wrong_geometry": _("vorm past niet bij de soort"),
        "outside": _("buiten de grens"),
        "underground": _("onder de grond of binnen in een gebouw"),
        "no_kind": _("soort die we niet tekenen"),
        "no_street": _("adres zonder straatnaam"),
        "duplicate": _("dubbel (zelfde nummer)"),
        "crossing_line": _("oversteek als lijn (het punt wordt gebruikt)"),
    }.get(reason, reason)
