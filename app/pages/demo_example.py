"""The invented street in the demo: an assignment and two designs, in metres of `geodata.example_street`."""

from __future__ import annotations

import shapely
from shapely import LineString, Point, Polygon

from app.pages.demo_street import Change, Example, Frame, Said
from geodata import example_street as street

SLUG = "krijtveld"
NAME = "Krijtveld (verzonnen voorbeeld)"
ASSIGNMENT_SLUG = "krijtstraat"
TITLE = "Krijtstraat: riool eruit, groen erin"
QUESTION = (
    "De Krijtstraat krijgt een nieuw riool. Wat leggen we daarna terug? De huizen, de uitrit en de doorgang"
    " voor de brandweer blijven. (Een verzonnen straat, opgave en ontwerpen. Alles is hier bekend, ook de"
    " kabels, de tuinen en hoe vol het parkeren is. Zo zie je wat de controles dan kunnen zeggen.)"
)
BRIEF = {
    "what_is_fixed": "Het riool komt in het midden. De huizen blijven, en de brandweer kan erdoor.",
    "what_is_open": "De stoep, de parkeerplekken, het groen, en wat er te doen is in de straat.",
    "who_decides": "De gemeenteraad van Krijtveld, na het advies van de straat.",
    "planning": (
        "Dit is een verzonnen straat: er wordt niets aangelegd. De fasen lopen hier tegelijk, zodat je alles"
        " kunt proberen."
    ),
    "contact": "Dit is een voorbeeld. Bij een echte opgave staat hier een team van de gemeente.",
    "budget_eur": 90_000.0,
    "min_parking_bays": 8,
}
FIXED = {"driveway": "De uitrit blijft vrij. Bewoners moeten er met de auto in en uit kunnen."}
ALONG_DEG, ACROSS_DEG = 90.0, 0.0
# The centre line between the façades' ends, west end first (EPSG:4326).
ENDS = (street.in_degrees(Point(0, street.AXIS_Y)), street.in_degrees(Point(street.LENGTH_M, street.AXIS_Y)))


def at(frame: Frame, x: float, y: float) -> Point:
    """A place in the street's own metres."""
    return frame.at(x, y - street.AXIS_Y)


def band(frame: Frame, x: tuple[float, float], y: tuple[float, float]) -> Polygon:
    """A rectangle along the street in its own metres."""
    return frame.box(x, (y[0] - street.AXIS_Y, y[1] - street.AXIS_Y))


def line(frame: Frame, *places: tuple[float, float]) -> LineString:
    """A line in the street's own metres."""
    return shapely.LineString([at(frame, *place) for place in places])


def _thing(frame: Frame, kind: str, x: float, y: float) -> Change:
    found = frame.nearest(kind, x, y - street.AXIS_Y)
    return Change("keep", found.geometry, None, found.id)


def _bay(frame: Frame, number: int, kind: str) -> Change:
    start = street.BAY_STARTS[number - 1]
    found = frame.nearest("parking", start + 3, 3.4 - street.AXIS_Y)
    return Change("replace", found.geometry, kind, found.id)


def _green(frame: Frame) -> list[Change]:
    """Rain gardens with a tree in two bays, gardens along three façades, a bench near the park."""
    changes = [_bay(frame, 3, "rain_garden"), _bay(frame, 8, "rain_garden")]
    changes += [Change("add", at(frame, x, 3.4), "tree_small") for x in (29.0, 71.0)]
    for x in (12.0, 22.0, 32.0):
        changes.append(Change("add", line(frame, (x, 0.225), (x + 5, 0.225)), "facade_garden"))
    changes.append(Change("add", at(frame, 66.0, 12.4), "bench", None, ALONG_DEG))
    changes.append(_thing(frame, "tree", street.TREES[2], street.TREE_Y))
    return changes


def _safe(frame: Frame) -> list[Change]:
    """A raised crossing to the park, more pavement, bicycles in a bay, charging, and a planter in the way."""
    changes = [Change("add", line(frame, (65.0, 4.4), (65.0, 9.4)), "raised_crossing", width_m=4.0)]
    changes.append(_bay(frame, 7, "curb_extension"))
    stands = frame.nearest("parking", street.BAY_STARTS[3] + 3, 3.4 - street.AXIS_Y)
    changes.append(Change("remove", stands.geometry, None, stands.id))
    for number in range(5):
        changes.append(Change("add", at(frame, 33.0 + number, 3.4), "bike_stand", None, ACROSS_DEG))
    changes.append(Change("add", at(frame, 55.3, 3.7), "ev_charger"))
    # Left as it would first be drawn: on the narrow pavement, so that the example shows a refusal with a way
    # out.
    changes.append(Change("add", at(frame, 84.0, 1.2), "planter", None, ALONG_DEG))
    return changes


DESIGNS = (
    Example(
        "krijt-groen",
        0,
        "Regen opvangen, bomen erbij",
        "Bij een wolkbreuk staat de stoep blank. Twee parkeervakken worden regentuinen met een boom, en langs"
        " drie gevels komt een tuintje. Bij het park komt een bank.",
        _green,
        (1, 2, 3),
    ),
    Example(
        "krijt-veilig",
        1,
        "Veilig naar het park",
        "Kinderen steken hier over naar het park. Een verhoogde oversteek en een bredere stoep maken dat"
        " veilig. De fietsen krijgen een vak. De plantenbak staat nog niet goed: kijk wat de controle zegt.",
        _safe,
        (0, 3),
    ),
)
COMMENTS = (
    Said(2, "Mooi, maar kan de bank ook in de schaduw staan?", "for", on="krijt-groen"),
    Said(
        3,
        "Er zijn nu al weinig plekken. Hoeveel blijven er over?",
        "against",
        on="krijt-groen",
        replies=(Said(0, "Negen van de elf. Bij de gevolgen zie je hoe vol het dan wordt."),),
    ),
    Said(1, "Hier staat na elke bui water.", at=(71.0, -3.5)),
)
