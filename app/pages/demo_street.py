"""The example assignment: three designs, drawn by us, for a real street in Helsinki.

Everything is placed in a frame along the street's centre line: `along` metres from its north end, `across`
metres to the east (positive, the side of the houses) or to the west (negative, the side of the square). So
the drawing reads as a street section, and every metre can be checked against the map. Pure: no database.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

SLUG = "kaartinkaupunki"
NAME = "Kaartinkaupunki, Helsinki"
# [west, south, east, north] in degrees: the blocks between the Esplanadi park and the harbour.
BOUNDARY = (24.9425, 60.1636, 24.9532, 60.1692)

ASSIGNMENT_SLUG = "fabianinkatu"
TITLE = "Fabianinkatu: een straat om in te blijven"
QUESTION = (
    "De straat langs het plein Kasarmitori gaat open voor een nieuwe riolering. Daarna leggen we hem opnieuw"
    " aan. Hoe ziet jouw Fabianinkatu eruit? De huizen, de rijrichting en de bomen langs het plein blijven."
    " (Een voorbeeld: de straat is echt, de opgave en de ontwerpen hebben wij bedacht.)"
)

BRIEF = {
    "what_is_fixed": "De huizen, de rijrichting en de bomen langs het plein blijven.",
    "what_is_open": "De stoep, de parkeerplekken, het groen, en waar je oversteekt of blijft zitten.",
    "who_decides": (
        "In dit voorbeeld beslist het stadsbestuur, na het advies van de straat. Wijkt het daarvan af, dan"
        " schrijft het op waarom."
    ),
    "planning": (
        "Dit is een voorbeeld: er wordt niets aangelegd. De fasen lopen hier tegelijk, zodat je alles kunt"
        " proberen."
    ),
    "contact": "Dit is een voorbeeld. Bij een echte opgave staat hier een team van de gemeente.",
    "budget_eur": 100_000.0,
    "min_parking_bays": 8,
}

# The centre line between the crossings with the two Makasiinikatu streets, north end first (EPSG:4326).
NORTH, SOUTH = (24.9496935, 60.1656139), (24.9497827, 60.1648252)
# How far the assignment reaches: from the houses' side to the first metres of the square.
WEST_M, EAST_M = -22.0, 9.0


@dataclass(frozen=True, slots=True)
class Thing:
    """An existing street object; geometry in metres."""

    id: int
    kind: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Frame:
    """The street's own coordinates. `north` and `south` are the ends of its centre line in metres."""

    north: shapely.Point
    south: shapely.Point
    things: Sequence[Thing]

    @property
    def length_m(self) -> float:
        """Length of the stretch."""
        return float(shapely.distance(self.north, self.south))

    @property
    def rotation_deg(self) -> float:
        """Direction of the street in degrees clockwise from north, for things that stand along it."""
        return math.degrees(math.atan2(self.south.x - self.north.x, self.south.y - self.north.y)) % 360

    def at(self, along: float, across: float) -> shapely.Point:
        """A place in metres of the metric system."""
        ux, uy = (self.south.x - self.north.x) / self.length_m, (self.south.y - self.north.y) / self.length_m
        return shapely.Point(self.north.x + ux * along - uy * across, self.north.y + uy * along + ux * across)

    def line(self, *places: tuple[float, float]) -> shapely.LineString:
        """A line through places."""
        return shapely.LineString([self.at(*place) for place in places])

    def box(self, along: tuple[float, float], across: tuple[float, float]) -> shapely.Polygon:
        """A rectangle that lies along the street."""
        (a, b), (c, d) = along, across
        return shapely.Polygon([self.at(a, c), self.at(b, c), self.at(b, d), self.at(a, d)])

    def nearest(self, kind: str, along: float, across: float) -> Thing:
        """The existing thing of a kind at a place. Raises `LookupError` when there is none within 3 m."""
        here = self.at(along, across)
        found = [thing for thing in self.things if thing.kind == kind]
        best = min(found, key=lambda thing: shapely.distance(thing.geometry, here), default=None)
        if best is None or shapely.distance(best.geometry, here) > 3:
            raise LookupError(f"no {kind} at {along} m along and {across} m across the street")
        return best

    def facade(self, along: float) -> float:
        """How far across the street the houses on the east side begin."""
        ray = self.line((along, 0), (along, 25))
        walls = [thing.geometry for thing in self.things if thing.kind == "building"]
        hit = shapely.union_all(walls).intersection(ray)
        if hit.is_empty:
            raise LookupError(f"no houses {along} m along the street")
        return float(shapely.distance(self.at(along, 0), hit))

    def area(self) -> shapely.Polygon:
        """The assignment's area: the street without the houses."""
        whole = self.box((0, self.length_m), (WEST_M, EAST_M))
        houses = shapely.union_all([thing.geometry for thing in self.things if thing.kind == "building"])
        parts = shapely.get_parts(shapely.difference(whole, houses))
        largest = max(parts, key=lambda part: part.area)
        return shapely.Polygon(largest.exterior)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an example design; geometry in metres."""

    action: str
    geometry: BaseGeometry
    kind: str | None = None
    object_id: int | None = None
    rotation_deg: float | None = None
    width_m: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A comment. `by` numbers the example people; `on` names a design, `at` a place in the street's frame."""

    by: int
    text: str
    sentiment: str = "neutral"
    on: str | None = None
    at: tuple[float, float] | None = None
    replies: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One example design; `by` and `supporters` number the example people."""

    key: str
    by: int
    title: str
    story: str
    draw: Callable[[Frame], list[Change]]
    supporters: Iterable[int] = field(default_factory=tuple)


def _add(kind: str, geometry: BaseGeometry, rotation_deg: float | None = None) -> Change:
    return Change("add", geometry, kind, None, rotation_deg)


def _remove(thing: Thing) -> Change:
    return Change("remove", thing.geometry, None, thing.id)


def _keep(thing: Thing) -> Change:
    return Change("keep", thing.geometry, None, thing.id)


def _instead(thing: Thing, kind: str) -> Change:
    return Change("replace", thing.geometry, kind, thing.id)


def _green(street: Frame) -> list[Change]:
    """Rain gardens with a tree in three bays on the houses' side, gardens along the façades."""
    changes = []
    for along in (EAST_BAYS[0], EAST_BAYS[3], EAST_BAYS[5]):
        bay = street.nearest("parking", along, BAY_M)
        changes += [_instead(bay, "rain_garden"), _add("tree_small", street.at(along, BAY_M))]
    for start, end in ((14.0, 20.0), (22.5, 28.5), (46.5, 52.5), (54.5, 60.5)):
        # A little off the wall, so that the line lies in the street and not in the house.
        wall = [(along, street.facade(along) - 0.3) for along in (start, end)]
        changes.append(_add("facade_garden", street.line(*wall)))
    changes += [_keep(street.nearest("tree", along, TREES_M)) for along in TREES[2:4]]
    return changes


def _stay(street: Frame) -> list[Change]:
    """A parklet, benches between the trees, a place to play, and bicycles where a car stands now."""
    bay = street.nearest("parking", EAST_BAYS[1], BAY_M)
    along = street.rotation_deg
    across = (along + 90) % 360
    terrace = street.box((EAST_BAYS[1] - 3, EAST_BAYS[1] + 3), (BAY_M - 1, BAY_M + 1.4))
    changes = [Change("replace", terrace, "parklet", bay.id)]
    for one, other in zip(TREES[0:5:2], TREES[1:6:2], strict=True):
        changes.append(_add("bench", street.at((one + other) / 2, TREES_M), along))
    stands = street.nearest("parking", WEST_BAYS[0], -BAY_M)
    changes.append(_remove(stands))
    for number in range(5):
        changes.append(_add("bike_stand", street.at(WEST_BAYS[0] - 2 + number, -BAY_M), across))
    changes.append(_add("play_equipment", street.at(54.0, -18.5), along))
    changes.append(_add("planter", street.at(36.8, 3.9), along))
    return changes


def _cross(street: Frame) -> list[Change]:
    """A raised crossing halfway, a wider corner, and charging instead of searching."""
    along = street.rotation_deg
    changes = [
        Change("add", street.line((CROSSING, -2.7), (CROSSING, 2.7)), "raised_crossing", width_m=4.0),
        _add("kerb_ramp", street.at(CROSSING, 5.4), along),
        _add("kerb_ramp", street.at(CROSSING, -5.4), along),
        _add("curb_extension", street.box((8.5, 14.0), (2.8, 4.7))),
        _add("ev_charger", street.at(EAST_BAYS[2] + 3.4, 5.1), along),
        _instead(street.nearest("parking", WEST_BAYS[3], -BAY_M), "planting_bed"),
        _add("tree_small", street.at(48.2, 3.7)),
    ]
    lamp = street.nearest("lamp", LAMPS[2], 4.9)
    changes.append(Change("move", street.at(LAMPS[2] - 7.0, 5.0), None, lamp.id))
    changes += [
        _add("bike_stand", street.at(36.3 + number, -BAY_M), (along + 90) % 360) for number in range(3)
    ]
    return changes


# Where things stand in the frame, read from the map; `nearest` fails loudly when that is no longer so.
BAY_M, TREES_M = 3.75, -7.5
EAST_BAYS = WEST_BAYS = (20.2, 26.2, 32.2, 55.5, 61.5, 67.5)
TREES = (24.4, 31.5, 38.6, 45.6, 52.7, 59.4, 66.4)
LAMPS = (8.3, 31.1, 58.6)
CROSSING = 42.4

DESIGNS = (
    Example(
        "groen",
        0,
        "Groene stoep voor natte en hete dagen",
        "In juli is het hier te heet om te staan. Bij een wolkbreuk loopt het water de kelders in.\n"
        "Daarom komen er drie regentuinen met een boom, op de plek van drie auto’s. Langs de gevels komen"
        " tuintjes. De bewoners van de begane grond verzorgen die graag. De bomen op het plein blijven.",
        _green,
        (1, 3, 4, 5, 6),
    ),
    Example(
        "blijven",
        1,
        "Zitten, spelen en je fiets kwijt",
        "Op het plein staan de banken in de volle zon. Ik zet er drie in de schaduw, tussen de bomen. Er komt"
        " een terras voor de buurt waar nu één auto staat. Op de rand van het plein komt een speeltoestel.\n"
        "Fietsen staan nu tegen de gevels. Voor tien fietsen is één parkeervak genoeg.",
        _stay,
        (0, 2, 4),
    ),
    Example(
        "oversteken",
        2,
        "Veilig oversteken met kinderwagen en rolstoel",
        "Halverwege steekt iedereen over, maar de stoeprand is hoog en auto’s zien je laat. Met een verhoogde"
        " oversteek en afritten kan iedereen er veilig langs. Bij de hoek wordt de stoep breder.\n"
        "De lantaarn gaat dichter naar de oversteek. En er komt een laadpaal.",
        _cross,
        (0, 3, 5, 7),
    ),
)

COMMENTS = (
    Said(
        3,
        "Eindelijk schaduw aan de kant van de huizen. Kunnen het bomen zijn die niet plakken?",
        "for",
        on="groen",
        replies=(
            Said(0, "Goed punt. Een linde plakt, een veldesdoorn niet. Ik denk aan een veldesdoorn."),
            Said(5, "Of een krentenboompje. Dat blijft klein en de vogels zijn er blij mee.", "for"),
        ),
    ),
    Said(
        6,
        "Drie plekken weg is veel. Ik werk ’s nachts en vind nu al geen plek als ik thuiskom.",
        "against",
        on="groen",
        replies=(Said(0, "Dat snap ik. Zou een vaste plek voor nachtwerkers in een garage helpen?"),),
    ),
    Said(4, "De banken in de rij bomen vind ik het mooist van alles.", "for", on="blijven"),
    Said(
        7,
        "Een terras onder mijn raam? Tot hoe laat blijft dat gezellig?",
        "against",
        on="blijven",
        replies=(
            Said(1, "De stoelen gaan om tien uur ’s avonds weg. Zet dat er gerust als voorwaarde bij."),
        ),
    ),
    Said(
        5, "Mijn moeder zit in een rolstoel. Zij kan nu niet alleen naar de overkant.", "for", on="oversteken"
    ),
    Said(
        2,
        "Hier blijft na elke bui een grote plas staan, precies voor de oversteek.",
        "neutral",
        at=(41.0, 3.8),
        replies=(Said(4, "Klopt. In de winter is het een ijsbaan."),),
    ),
    Said(
        1,
        "Vrachtwagens draaien hier achteruit de straat in. Denk daaraan bij alles wat je op de hoek zet.",
        at=(6.0, 0.5),
    ),
)
PEOPLE = 8
