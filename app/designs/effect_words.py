"""Figures in words: their names, what to know about them, and each step of how they were computed.

`app.designs.effects` keeps keys and numbers only, so that a stored design reads in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from app.core.formatting import NO_BREAK, euro, number
from app.core.language import current_language
from app.designs.catalogue import catalogue, source_titles
from app.maps.names import object_name
from geodata import metrics
from geodata.catalogue import Status

GROUP_NAMES = {
    "green": lazy_gettext("Groen"),
    "water": lazy_gettext("Water"),
    "parking": lazy_gettext("Parkeren"),
    "cycling": lazy_gettext("Fietsen"),
    "walking": lazy_gettext("Lopen"),
    "stay": lazy_gettext("Zitten en spelen"),
    "traffic": lazy_gettext("Verkeer"),
    "money": lazy_gettext("Geld"),
    "changes": lazy_gettext("Wat er verandert"),
}

CAVEATS = {
    "assumption": lazy_gettext("Deels een aanname."),
    "young_trees": lazy_gettext("Een jonge boom vervangt een grote boom niet meteen."),
    "estimated_bays": lazy_gettext(
        "Het aantal parkeerplekken is geschat uit de breedte en lengte van de straat."
    ),
    "reserved_bays": lazy_gettext("Er zijn ook plekken die gereserveerd worden. Die tellen niet als weg."),
    "depends_on_place": lazy_gettext("Hoeveel parkeerplekken dit kost, hangt af van de precieze plek."),
    "pits_unknown": lazy_gettext("De open grond om bestaande bomen is niet bekend en telt niet mee."),
    "no_overhead": lazy_gettext("Zonder voorbereiding, toezicht en btw."),
    "price_missing": lazy_gettext("Niet van elke wijziging is een prijs bekend."),
    "growth": lazy_gettext("Hoe snel een boom groeit is een aanname: daarom van tot."),
    "meant_for_neighbourhood": lazy_gettext(
        "De richtlijn van 30 procent is bedoeld voor een hele buurt, niet voor één straat."
    ),
    "no_sight_lines": lazy_gettext("Geteld op afstand. Of je de boom ook ziet, is niet nagekeken."),
    "homes_are_buildings": lazy_gettext(
        "De kaart kent hier geen adressen: elk gebouw met een huisnummer telt als één woning."
    ),
    "one_street": lazy_gettext(
        "Dit gaat over de hele buurt. Eén straat verandert daar maar heel weinig aan."
    ),
    "no_pet_map": lazy_gettext(
        "Een kaart van de gevoelstemperatuur ontbreekt. Groen onder bomen telt hier als koel."
    ),
    "straight_distance": lazy_gettext("De afstand is recht gemeten, niet langs de straat."),
    "along_the_street": lazy_gettext("Gemeten langs de straat."),
    "storage_now_unknown": lazy_gettext(
        "Hoeveel water er nu al blijft staan, is niet bekend: dit is wat erbij komt."
    ),
    "roofs_left_out": lazy_gettext("Regen van daken telt niet mee."),
    "no_water_model": lazy_gettext("Dit is een optelsom, geen berekening van hoe water stroomt."),
    "heights_estimated": lazy_gettext("Niet van elk gebouw is de hoogte bekend. Die is dan geschat."),
    "count_undated": lazy_gettext("Van de telling is de datum niet bekend."),
    "cars_stay": lazy_gettext("Gerekend alsof er evenveel auto’s blijven staan."),
    "no_places_left": lazy_gettext("Er blijft geen parkeerplek over."),
    "fewer_than_two": lazy_gettext("Met minder dan twee plekken is er geen afstand om te meten."),
    "filters_now_unknown": lazy_gettext("Of er nu al een knip is, staat niet op de kaart."),
    "no_accident_figures": lazy_gettext("Hoeveel ongelukken dit scheelt, is voor één straat niet te zeggen."),
    "home_zone_informal": lazy_gettext(
        "Op een woonerf mogen kinderen spelen. Die ruimte telt hier niet mee als speelplek."
    ),
    "combine_works": lazy_gettext(
        "Samen met werk aan riool of bestrating dat toch al komt, wordt het goedkoper."
    ),
    "upkeep_unknown": lazy_gettext("Niet van elk ding is bekend wat het onderhoud kost."),
    "width_estimated": lazy_gettext("De breedte van de stoep is hier geschat: meet het na."),
    "narrow_now_left_out": lazy_gettext("Of een straat nu al ergens te smal is, telt hier niet mee."),
    "no_streets_on_map": lazy_gettext("Het stratennet staat niet op deze kaart."),
    "no_pavement_left": lazy_gettext("Er blijft geen stoep over."),
    "no_tree_on_map": lazy_gettext("Op de kaart staan geen bomen. Hoeveel er nu staan, is niet bekend."),
    "no_green_on_map": lazy_gettext("Op de kaart staat geen groen. Hoeveel er nu is, is niet bekend."),
    "no_parking_on_map": lazy_gettext(
        "Op de kaart staan geen parkeervakken. Hoeveel er nu zijn, is niet bekend."
    ),
    "no_bench_on_map": lazy_gettext("Op de kaart staan geen banken. Hoeveel er nu staan, is niet bekend."),
    "no_bike_stand_on_map": lazy_gettext(
        "Op de kaart staan geen fietsenrekken. Hoeveel er nu staan, is niet bekend."
    ),
    "no_play_on_map": lazy_gettext(
        "Op de kaart staan geen speelplekken. Hoeveel er nu zijn, is niet bekend."
    ),
    "no_building_on_map": lazy_gettext("Op de kaart staan geen gebouwen."),
    "no_pavement_on_map": lazy_gettext("Op de kaart staat hier geen stoep."),
    "no_carriageway_on_map": lazy_gettext("Op de kaart staat hier geen rijbaan."),
    "no_humps_on_map": lazy_gettext("Waar nu drempels liggen, staat niet op deze kaart."),
    "no_ground": lazy_gettext("Waarvan de grond is, staat niet op de kaart."),
    "no_dwellings": lazy_gettext(
        "Hoeveel woningen hier zijn, is niet bekend: er zijn geen adressen ingelezen."
    ),
    "no_boundary": lazy_gettext("Van de buurt is geen grens bekend, dus ook niet hoe groot zij is."),
    "no_parking_count": lazy_gettext("Er is geen telling van geparkeerde auto’s ingelezen."),
    "no_route": lazy_gettext("Hoe je door deze straat loopt, is uit de kaart niet op te maken."),
    "no_place": lazy_gettext("Waar de zon staat, is hier niet te berekenen."),
}

UNIT_WORDS = {
    "m2": lazy_gettext("m²"),
    "m3": lazy_gettext("m³"),
    "m": lazy_gettext("m"),
    "mm": lazy_gettext("mm"),
    "C": lazy_gettext("°C"),
    "deg": lazy_gettext("graden"),
    "pp": lazy_gettext("procentpunt"),
    "place": lazy_gettext("plekken"),
    "seat": lazy_gettext("zitplekken"),
    "dwelling": lazy_gettext("woningen"),
    "car": lazy_gettext("auto’s"),
}
MINUS = "−"
LONGEST_SIGN = 3
WHOLE_UNITS = frozenset({"dwelling", "car", "place", "seat", "piece", "deg", "EUR", "EUR/year"})
# What is told of a price, by what it is for.
PRICE_UNITS = {
    "piece": lazy_gettext("per stuk"),
    "m1": lazy_gettext("per meter"),
    "m2": lazy_gettext("per m²"),
    "bay": lazy_gettext("per vak"),
    "segment": lazy_gettext("per straat"),
}
THINGS = {
    "paving": lazy_gettext("bestrating"),
    "unpaved": lazy_gettext("onverharde grond"),
    "half_paved": lazy_gettext("halfverharding"),
}
# One sentence a step. %(what)s is the thing with its number, %(total)s the amount with its unit.
STEPS = {
    "now": lazy_gettext("Nu op de kaart: %(what)s%(total)s."),
    "comes": lazy_gettext("Erbij: %(what)s%(total)s."),
    "goes": lazy_gettext("Weg: %(what)s%(total)s."),
    "gone": lazy_gettext("Weg: %(what)s%(total)s."),
    "covered": lazy_gettext("Bedekt of weggehaald: %(what)s%(total)s."),
    "overlap": lazy_gettext("Wat over elkaar ligt, telt één keer: %(value)s."),
    "end_image": lazy_gettext("Een boom heeft zijn eindbeeld na 5 tot 40 jaar; daaruit volgt van tot."),
    "crowns_over_street": lazy_gettext("Straat onder boomkronen, na 20 jaar: %(value)s."),
    "divided_by_street": lazy_gettext("Gedeeld door de openbare ruimte tussen de gevels: %(value)s."),
    "homes_now": lazy_gettext("Nu geldt het voor %(value)s."),
    "homes_then": lazy_gettext("Straks geldt het voor %(value)s."),
    "of_homes": lazy_gettext("Van in totaal %(value)s."),
    "canopy_change": lazy_gettext("Verschil in boomkronen na 20 jaar: %(value)s."),
    "divided_by_circle": lazy_gettext("Gedeeld door alles binnen 500 m van een woning: %(value)s."),
    "open_ground": lazy_gettext("Open grond na de wijzigingen: %(value)s."),
    "green_neighbourhood": lazy_gettext("Groen in de buurt nu: %(value)s."),
    "green_change": lazy_gettext("Verschil in groen: %(value)s."),
    "divided_by_homes": lazy_gettext("Gedeeld door %(value)s."),
    "divided_by_neighbourhood": lazy_gettext("Gedeeld door de buurt: %(value)s."),
    "divided_by_paved": lazy_gettext("Gedeeld door de verharde straat die erop afwatert: %(value)s."),
    "storm_gap": lazy_gettext("Dan is er voor een stortbui nog %(value)s te weinig."),
    "parked": lazy_gettext("Geteld op het drukste moment: %(value)s."),
    "parked_on": lazy_gettext("Geteld op het drukste moment, op %(day)s: %(value)s."),
    "places_counted": lazy_gettext("Waar geteld is, zijn nu %(value)s."),
    "places_then": lazy_gettext("Na de wijzigingen zijn er %(value)s."),
    "seats_now": lazy_gettext("Plekken om te zitten nu: %(value)s."),
    "seats_then": lazy_gettext("Plekken om te zitten straks: %(value)s."),
    "route": lazy_gettext("Lengte van de straat: %(value)s."),
    "slowing_now": lazy_gettext("Plekken die auto’s nu afremmen: %(value)s."),
    "slowing_then": lazy_gettext("Plekken die auto’s straks afremmen: %(value)s."),
    "play_neighbourhood": lazy_gettext("Speelruimte in de buurt nu: %(value)s."),
    "play_change": lazy_gettext("Verschil in speelruimte: %(value)s."),
    "price": lazy_gettext("%(what)s: %(value)s, meestal %(typical)s (%(count)s × %(each)s %(price_unit)s)."),
    "without_overhead": lazy_gettext("Zonder opslag: %(value)s, meestal %(typical)s."),
    "with_overhead": lazy_gettext("Met opslag: %(value)s, meestal %(typical)s."),
    "walking_area": lazy_gettext("Stoep en plein samen: %(value)s."),
    "sun": lazy_gettext("Om %(count)s uur staat de zon op 1 juli %(value)s boven de horizon."),
    "shade_at": lazy_gettext("Om %(count)s uur ligt nu %(before)s in de schaduw, straks %(after)s."),
    "buildings": lazy_gettext("Gebouwen die schaduw geven: %(value)s."),
    "heights_guessed": lazy_gettext("Waarvan met een geschatte hoogte: %(value)s."),
    "crowns": lazy_gettext("Bomen die schaduw geven: %(value)s."),
    "route_asked": lazy_gettext("Breed genoeg is hier: %(value)s."),
    "route_narrow_now": lazy_gettext("Nu te smal: %(value)s."),
    "route_narrow_then": lazy_gettext("Straks te smal: %(value)s."),
    "hose_single_m": lazy_gettext("Bij een huis met één woning telt een brandslang tot %(value)s."),
    "hose_other_m": lazy_gettext("Bij een gebouw met meer woningen tot %(value)s."),
    "route_whole": lazy_gettext("Looproute in totaal: %(value)s."),
}


def caveat_text(keys: str) -> str:
    """What to know about an effect, a sentence for each of its keys."""
    return " ".join(str(CAVEATS[key]) for key in keys.split() if key in CAVEATS)


def cost_notes(cost: Mapping[str, Any]) -> list[str]:
    """What to know about a price: how much of the usual amount has a source, and what is not in it."""
    keys = (cost.get("caveat") or "").split()
    share = cost.get("sourced_share")
    if share is None:
        return [text for text in (caveat_text(" ".join(keys)),) if text]
    if share < 0.005:  # What rounds to nothing.
        told = _("Dit bedrag is een aanname.")
    elif share <= 0.995:  # What does not round to all.
        told = _(
            "Voor %(share)s procent van dit bedrag is er een bron. De rest is een aanname.",
            share=round(100 * share),
        )
    elif "assumption" in keys:
        told = _("Voor het gewone bedrag is een bron. Hoe laag of hoog het uitvalt, is deels een aanname.")
    else:
        told = _("Voor dit bedrag is een bron.")
    rest = caveat_text(" ".join(key for key in keys if key != "assumption"))
    return [text for text in (told, rest) if text]


def describe_effects(effects: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Stored effects in the reader's language: names, sources, caveats and steps as sentences."""
    return {name: describe(name, figure) for name, figure in effects.items()}


def describe(name: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    """One figure in the reader's language; with its steps where it has them."""
    described = {
        **figure,
        "source": "; ".join(source_titles(figure.get("source", []))) or None,
        "caveat": caveat_text(figure.get("caveat", "")) or None,
        **({"notes": cost_notes(figure)} if "sourced_share" in figure else {}),
    }
    metric = metrics.load().figures.get(name)
    if metric is not None:
        described |= {
            "metric": metric.id or None,
            "name": metric.title(current_language()),
            "group": metric.group,
            "digits": metric.digits,
            "better": metric.better or None,
            "scale": metric.scale,
        }
        if metric.target is not None:
            described["target"] = {
                "value": metric.target.value,
                "status": metric.target.status.value,
                "source": "; ".join(source_titles(metric.target.sources)) or None,
            }
    if "how" in figure:
        described["how"] = [
            {**step, "text": step_text(step), "assumption": step.get("status") == Status.ASSUMED.value}
            for step in figure["how"]
        ]
    return described


def amount(value: float, unit: str, digits: int = 1) -> str:
    """A number with its unit: `12 m²`, `€ 2.000`, `3,5 procentpunt`."""
    if unit in ("EUR", "EUR/year"):
        return _("%(money)s per jaar", money=euro(value)) if unit == "EUR/year" else euro(value)
    told = number(value, digits).replace("-", MINUS)
    if unit == "%":
        return _("%(n)s procent", n=told)
    words = str(UNIT_WORDS.get(unit, ""))
    # A sign keeps to its number; a word may go to the next line.
    return f"{told}{NO_BREAK if len(words) <= LONGEST_SIGN else ' '}{words}" if words else told


def amount_range(low: float, high: float, unit: str, digits: int = 1) -> str:
    """A range with its unit, or one number where both ends read the same."""
    low, high = sorted((low, high))
    if number(low, digits) == number(high, digits):
        return amount(high, unit, digits)
    return _(
        "%(low)s tot %(high)s",
        low=euro(low) if unit.startswith("EUR") else amount(low, "", digits),
        high=amount(high, unit, digits),
    )


def step_text(step: Mapping[str, Any]) -> str:
    """One step of a computation as a sentence."""
    kind = str(step.get("step", ""))
    if kind == "assumption":
        number_behind = metrics.load().assumptions.get(str(step.get("what")))
        return number_behind.note(current_language()) if number_behind is not None else ""
    if kind == "parked" and _day(step.get("note")) is not None:
        kind = "parked_on"
    sentence = STEPS.get(kind)
    if sentence is None:
        return ""
    return str(sentence) % _Told(kind, step)


class _Told(dict[str, str]):
    """What fills a step's sentence, each put into words only where the sentence asks for it."""

    def __init__(self, kind: str, step: Mapping[str, Any]) -> None:
        super().__init__()
        low = float(step.get("value") or 0)
        high = float(step.get("high", low))
        unit = str(step.get("unit", ""))
        if kind in ("goes", "covered"):
            low, high = abs(low), abs(high)
        # A width that is asked is told to the centimetre, as the rules tell it.
        digits = 0 if unit in WHOLE_UNITS else 2 if kind == "route_asked" else 1
        self.words = {
            "what": lambda: _thing(step, counted=kind in ("now", "comes", "goes", "gone", "covered")),
            "value": lambda: amount_range(low, high, unit, digits),
            "before": lambda: amount(low, unit, 0),
            "after": lambda: amount(high, unit, 0),
            "total": lambda: _total(step, amount_range(low, high, unit, digits)),
            "count": lambda: number(step.get("count") or 0, 1),
            "each": lambda: euro(step.get("each") or 0),
            "typical": lambda: euro(step.get("typical") or 0),
            "price_unit": lambda: str(PRICE_UNITS.get(str(step.get("note")), "")),
            "day": lambda: _day(step.get("note")) or "",
        }

    def __missing__(self, key: str) -> str:
        return self.words[key]()


def _thing(step: Mapping[str, Any], *, counted: bool) -> str:
    """`3 × bank`, or the name alone where there is nothing to count."""
    what = str(step.get("what", ""))
    element = catalogue().get(what)
    if element is not None:
        name = element.name(current_language())
    elif what in THINGS:
        name = str(THINGS[what])
    else:
        name = object_name(what)
    count = step.get("count")
    if not counted or count is None:
        return name
    unit = {"m1": "m", "m2": "m2"}.get(str(step.get("note")))
    return f"{number(count, 1)} × {name}" if unit is None else f"{amount(count, unit)} {name}"


def _total(step: Mapping[str, Any], total: str) -> str:
    """`, samen 36 m²`; nothing where every thing counts for one."""
    one_each = step.get("each") in (1, -1)
    same_unit = step.get("unit") == step.get("note")
    if one_each and (same_unit or step.get("unit") in ("piece", "place", "seat")):
        return ""
    return _(", samen %(total)s", total=total)


def _day(value: Any) -> str | None:
    try:
        return str(format_date(date.fromisoformat(str(value)), "d MMMM y"))
    except ValueError:
        return None
