"""Forms that are filled in already, for what comes up in every municipality; a planner changes all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.projects.local_time import written
from app.projects.phases import Degree, Words


@dataclass(frozen=True, slots=True)
class Starter:
    """A common case. `weeks` are phases one after the other, from the second Monday from now on.

    `kinds` are ids of elements; empty: all. `min_clear_width_m` is the width that the municipal rules prefer.
    """

    id: str
    name: Words
    title: Words
    question: Words
    degree: Degree
    what_is_fixed: Words
    what_is_open: Words
    who_decides: Words
    planning: Words
    weeks: tuple[tuple[str, int], ...]
    kinds: tuple[str, ...] = ()
    min_clear_width_m: str = "1.80"


ROUND = (("draw", 6), ("choose", 2), ("look", 4))
STARTERS = (
    Starter(
        "sewer",
        _l("Nieuwe riolering"),
        _l("[Straat]: na de riolering opnieuw ingericht"),
        _l(
            "De straat gaat open voor een nieuwe riolering. Daarna leggen we hem opnieuw aan. Wat wil jij dat"
            " er terugkomt, en wat mag anders?"
        ),
        Degree.ADVISE,
        _l(
            "De riolering wordt vervangen. De huizen en de inritten blijven bereikbaar. Hulpdiensten kunnen"
            " er altijd door."
        ),
        _l("De stoep, de parkeerplekken, het groen en hoe breed de rijbaan is."),
        _l("Het college beslist, na het advies van de straat. Wijkt het af, dan schrijft het op waarom."),
        _l("Na de keuze maken we een plan. Dat komt eerst terug bij de straat. Het werk begint daarna."),
        ROUND,
    ),
    Starter(
        "one-bay",
        _l("Eén parkeervak wordt groen"),
        _l("[Straat]: één vak voor groen"),
        _l("In deze straat kan één parkeervak groen worden. Wat komt er, en op welke plek?"),
        Degree.DECIDE,
        _l("Er verandert één parkeervak. De rest van de straat blijft zoals die is."),
        _l("Welk vak het wordt, en wat er komt: een boom, een plantvak, een bank of fietsen."),
        _l("De bewoners van de straat beslissen, binnen deze grenzen."),
        _l("Na de keuze leggen we het aan in het eerstvolgende plantseizoen."),
        (("draw", 4), ("choose", 2), ("answer", 4)),
        (
            "tree_small",
            "planting_bed",
            "flower_grass",
            "rain_garden",
            "planter",
            "parklet",
            "bench",
            "bike_stand",
            "bike_hangar",
            "parking_removal",
        ),
    ),
    Starter(
        "school-street",
        _l("Schoolstraat"),
        _l("[School]: veilig naar binnen"),
        _l("Bij het halen en brengen is het druk. Hoe wordt de straat veilig, en fijn om te wachten?"),
        Degree.CO_PRODUCE,
        _l("De school en de ingang blijven waar ze zijn. Hulpdiensten en bewoners kunnen er altijd door."),
        _l("Waar auto’s komen, waar kinderen oversteken, wachten en spelen, en waar fietsen staan."),
        _l("School, buurt en gemeente beslissen samen. Het gaat door als ze het eens zijn."),
        _l("We proberen het eerst een paar maanden uit. Daarna kijken we samen wat blijft."),
        (("talk", 2), ("draw", 4), ("choose", 2), ("answer", 3)),
    ),
    Starter(
        "square",
        _l("Plein"),
        _l("[Plein]: een plek om te blijven"),
        _l("Het plein kan groener en gezelliger. Wat doe jij er graag, en wat mist er?"),
        Degree.ADVISE,
        _l("De grote bomen blijven. De markt en de hulpdiensten kunnen er terecht."),
        _l("Het groen, de zitplekken, het spelen, de schaduw en hoe je erover loopt."),
        _l("De gemeenteraad beslist, na het advies van de buurt. Wijkt die af, dan schrijft die op waarom."),
        _l("Na de keuze maken we een ontwerp met een begroting. Dat komt eerst terug bij de buurt."),
        (("talk", 3), *ROUND),
    ),
)


def starter(wanted: str) -> Starter | None:
    """The case with this id."""
    return next((one for one in STARTERS if one.id == wanted), None)


def values_of(case: Starter) -> dict[str, str]:
    """The texts and limits as the form holds them."""
    return {
        **{
            name: str(getattr(case, name))
            for name in ("title", "question", "what_is_fixed", "what_is_open", "who_decides", "planning")
        },
        "degree": case.degree.value,
        "min_clear_width_m": case.min_clear_width_m,
        "which_kinds": "some" if case.kinds else "all",
    }


def phase_rows(weeks: Sequence[tuple[str, int]], now: datetime, zone: ZoneInfo) -> list[dict[str, str]]:
    """Phases one after the other, from midnight before the second Monday from now, as rows of the form.

    Weeks are of the calendar: a phase begins at midnight too when the clock changed in between.
    """
    day = now.astimezone(zone).date()
    start = day + timedelta(days=14 - day.weekday())
    rows = []
    for phase_type, number in weeks:
        end = start + timedelta(weeks=number)
        begin, finish = (written(datetime.combine(one, time(), zone), zone) for one in (start, end))
        rows.append({"id": "", "type": phase_type, "starts_at": begin, "ends_at": finish})
        start = end
    return rows
