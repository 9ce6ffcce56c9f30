# ruff: noqa: E501
"""Sentences for what is wrong with a query string, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.api.parameters import Fault, Refused
from app.errors import BadRequest, Problem


def sentence(fault: Fault) -> str:
    """What is wrong with one parameter."""
    sentences = {
        "unknown": _("Deze parameter kennen we hier niet."),
        "twice": _("Deze parameter staat er meer dan één keer."),
        "long": _("Deze waarde is te lang."),
        "characters": _("Hier staan tekens in die we niet kunnen lezen."),
        "number": _("Hier hoort een gewoon getal te staan."),
        "integer": _("Hier hoort een geheel getal te staan."),
        "boolean": _("Hier hoort true of false te staan."),
        "uuid": _("Dit is geen geldig kenmerk."),
        "limit": _("Hier hoort een geheel getal van 1 of meer te staan."),
        "crs": _(
            "Dit coördinatenstelsel kennen we niet. We kennen: %(supported)s.",
            supported=fault.facts.get("supported", ""),
        ),
        "bbox-count": _("Een bbox heeft vier of zes getallen, met komma's ertussen."),
        "bbox-order": _("De hoeken van de bbox staan verkeerd om: eerst linksonder, dan rechtsboven."),
        "datetime": _(
            "Schrijf een tijdstip zoals 2026-05-01T12:00:00Z, of twee met een schuine streep ertussen."
        ),
        "datetime-order": _("Het begin ligt na het einde."),
        "cursor": _("Deze cursor komt niet van ons. Begin opnieuw bij de eerste pagina."),
        "format": _(
            "Deze vorm hebben we niet. Kies een van: %(supported)s.",
            supported=fault.facts.get("supported", ""),
        ),
        "crs-format": _(
            "GeoJSON en CSV staan altijd in lengte en breedte (CRS84). Kies gpkg, fgb of parquet voor een ander stelsel."
        ),
    }
    return sentences[fault.reason]


def refusal(refused: Refused) -> BadRequest:
    """The 400 answer that lists every wrong parameter."""
    problems = [Problem(f"/{fault.parameter}", sentence(fault)) for fault in refused.faults]
    return BadRequest(" ".join(f"{p.pointer[1:]}: {p.message}" for p in problems), problems=problems)
