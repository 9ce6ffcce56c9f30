"""What the checks found: as it is stored (keys and numbers), and as people read it (sentences)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formatting import day_only, fixed, number
from app.core.geometry import from_metric, to_geojson
from app.core.language import current_language
from app.designs.catalogue import catalogue, source_titles
from app.designs.checks.fitting import Suggestion
from app.designs.checks.model import SERIOUSNESS, Finding, Verdict
from app.designs.checks.run import Judged, verdict_of
from app.designs.rulebook import current_rulebook
from app.maps.names import OBJECT_NAMES, object_name
from geodata.catalogue import Status
from geodata.rulebook import RuleBook

# Kinds of data that somebody may not have, in words that fit after "gegevens over". Street object kinds
# speak for themselves.
DATA_NAMES = {
    "cable": _l("kabels en leidingen"),
    "parcel": _l("de grenzen van tuinen en erven"),
    "parking_count": _l("hoe vol het parkeren nu is"),
    "dwelling": _l("woningen"),
    "building": _l("gebouwen"),
    "street_axis": _l("het stratennet"),
    "speed_limit": _l("de maximumsnelheid"),
    "bus_route": _l("busroutes"),
    "pavement": _l("de stoep"),
    "carriageway": _l("de rijbaan"),
    "parking": _l("parkeervakken"),
    "lamp": _l("lantaarns"),
    "tree": _l("bomen"),
    "driveway": _l("uitritten"),
    "hydrant": _l("brandkranen"),
    "crossing": _l("oversteekplaatsen"),
    "bus_stop": _l("bushaltes"),
    "container": _l("containers"),
    "charger": _l("laadpalen"),
    "entrance": _l("ingangen"),
    "disabled_bay": _l("voor wie parkeervakken zijn"),
    "height": _l("hoe hoog dit is"),
    "kerb_ramp": _l("verlaagde stoepranden"),
    "door": _l("deuren en ramen"),
    "overhead_wire": _l("draden boven de straat"),
    "groundwater": _l("het grondwater"),
    "soil": _l("de bodem"),
    "heavy_traffic": _l("vrachtverkeer"),
    "bus_platform": _l("hoe groot het perron is"),
}


_DAY = re.compile(r"\d{4}-[01]\d-[0-3]\d")


def stored(finding: Finding, srid: int, suggestion: Suggestion | None = None) -> dict[str, Any]:
    """A finding as JSON that says the same in every language; geometry in EPSG:4326."""
    limit = finding.limit
    kept: dict[str, Any] = {
        "rule": finding.rule.id,
        "verdict": finding.verdict.value,
        "severity": finding.rule.severity,
        "value": None if finding.value is None else round(finding.value, 3),
        "message": finding.message,
    }
    if limit is not None:
        kept |= {"threshold": limit.value, "unit": limit.unit, "key": limit.key, "status": limit.status.value}
        kept |= {"sources": list(limit.sources)} if limit.sources else {}
        kept |= {"owner": limit.owner, "date": limit.date.isoformat()} if limit.owner and limit.date else {}
    if finding.params:
        kept["params"] = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in finding.params.items()
        }
    if finding.missing:
        kept["missing"] = list(finding.missing)
    for mark in ("estimated", "existing"):
        if getattr(finding, mark):
            kept[mark] = True
    if finding.place is not None and not finding.place.is_empty:
        kept["geometry"] = to_geojson(from_metric(finding.place, srid))
    if suggestion is not None:
        kept["suggestion"] = stored_suggestion(suggestion, srid)
    return kept


def stored_suggestion(suggestion: Suggestion, srid: int) -> dict[str, Any]:
    """What would fit, as JSON: the change's geometry, turn and kind as they would become."""
    return {
        "action": suggestion.action,
        "geometry": to_geojson(from_metric(suggestion.geometry, srid)),
        "kind": suggestion.kind,
        "rotation_deg": suggestion.rotation_deg,
        "distance_m": round(suggestion.distance_m, 2),
        "verdict": suggestion.verdict.value,
    }


def check_document(
    judged: Sequence[Judged], suggestions: Mapping[int, Suggestion], srid: int
) -> dict[str, Any]:
    """The answer to "does this fit?": a verdict on the whole, and per change what every rule said."""
    book, language = current_rulebook(), current_language()
    changes = []
    for one in judged:
        index = one.proposal.index
        suggestion = suggestions.get(index)
        checks = []
        for finding in sorted(one.findings, key=lambda found: -SERIOUSNESS.index(found.verdict)):
            refused = finding.verdict in (Verdict.CONFLICT, Verdict.CONDITIONAL)
            kept = stored(finding, srid, suggestion if refused else None)
            checks.append(described(kept, book, language))
        changes.append({"index": index, "verdict": one.verdict.value, "checks": checks})
    return {"verdict": verdict_of(judged).value, "changes": changes}


def described(kept: Mapping[str, Any], book: RuleBook, language: str) -> dict[str, Any]:
    """A stored finding as the public answer: sentences, sources by title, an assumption as a flag."""
    rule = book.rules.get(kept["rule"])
    answer: dict[str, Any] = {
        "rule": kept["rule"],
        "title": rule.title(language) if rule else kept["rule"],
        "verdict": kept["verdict"],
        "value": kept.get("value"),
        "threshold": kept.get("threshold"),
        "unit": kept.get("unit"),
        "severity": kept["severity"],
        "source": source_of(kept),
        "assumption": kept.get("status") == Status.ASSUMED,
        "message": sentence(kept),
        "missing": [data_name(data) for data in kept.get("missing", ())],
        "estimated": kept.get("estimated", False),
        "existing": kept.get("existing", False),
    }
    if "geometry" in kept:
        answer["geometry"] = kept["geometry"]
    if "suggestion" in kept:
        answer["suggestion"] = described_suggestion(kept["suggestion"])
    return answer


def described_suggestion(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A stored suggestion with the words on its button."""
    return {**kept, "message": _suggestion_words(kept)}


def sentence(kept: Mapping[str, Any]) -> str:
    """One finding in words: what is measured, what is needed, and what to do."""
    said = _core_sentence(kept)
    if kept.get("existing"):
        said = f"{said} {_('Dat is nu ook al zo.')}"
    if kept.get("estimated"):
        said = f"{said} {_('De breedte is hier geschat: meet het op de plek na.')}"
    return said


def _core_sentence(kept: Mapping[str, Any]) -> str:
    if kept["verdict"] == "unchecked" and not kept.get("message"):
        data = _and([data_name(name) for name in kept.get("missing", ())])
        return str(_("Niet gecontroleerd: we hebben hier geen gegevens over %(data)s.", data=data))
    unit = kept.get("unit") or "m"
    known = {name: _param(value) for name, value in kept.get("params", {}).items()}
    if kept.get("value") is not None:
        known["w"] = measure(kept["value"], unit)
    if kept.get("threshold") is not None:
        known["t"] = measure(kept["threshold"], unit)
    if message := kept.get("message"):
        return str(_(message, **known))
    if "w" in known and "t" in known:
        return str(_("In orde: %(w)s. De grens is %(t)s.", **known))
    return str(_("In orde."))


def source_of(kept: Mapping[str, Any]) -> str | None:
    """Who stands for the number: the municipality with a date, or the sources; None for an assumption."""
    if kept.get("owner"):
        return f"{kept['owner']}, {_param(kept['date'])}"
    return "; ".join(source_titles(kept.get("sources", ()))) or None


def data_name(data: str) -> str:
    """A kind of data in words."""
    return str(DATA_NAMES.get(data) or object_name(data))


def measure(value: float, unit: str) -> str:
    """A measured value with its unit, as people read it."""
    match unit:
        case "ratio":
            return f"{number(value * 100)}%"
        case "km/h":
            return str(_("%(speed)s km/u", speed=number(value)))
        case "m3/m2":
            return f"{fixed(value)} m³/m²"
        case "m3":
            return f"{number(value, 1)} m³"
        case "m2":
            return f"{number(value, 1)} m²"
    return f"{fixed(value)} m" if value < 100 else f"{number(value)} m"


def _param(value: Any) -> str:
    """Whole numbers are counts, fractions metres; a text is a day, a kind of thing, or just what it says."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return measure(value, "m")
    if _DAY.fullmatch(str(value)):
        return day_only(date.fromisoformat(str(value)))
    if catalogue().get(str(value)) is not None:
        return _element_word(str(value))
    return object_name(value) if value in OBJECT_NAMES else str(value)


def _element_word(kind: str) -> str:
    element = catalogue().get(kind)
    return element.name(current_language()).lower() if element is not None else kind


def _and(words: Iterable[str]) -> str:
    *most, last = list(words) or [""]
    return str(_("%(most)s en %(last)s", most=", ".join(most), last=last)) if most else last


def _suggestion_words(kept: Mapping[str, Any]) -> str:
    distance = measure(kept["distance_m"], "m")
    kind = _element_word(kept["kind"]) if kept.get("kind") else ""
    acts = {
        "shift": _("Schuif %(distance)s op.", distance=distance),
        "turn": _("Draai hem."),
        "smaller": _("Kies %(kind)s.", kind=kind),
        "smaller_and_shift": _("Kies %(kind)s en schuif %(distance)s op.", kind=kind, distance=distance),
    }
    solved = kept["verdict"] in (Verdict.FITS, Verdict.UNCHECKED)
    return f"{acts[kept['action']]} {_('Dan past het.') if solved else _('Dat scheelt.')}"
