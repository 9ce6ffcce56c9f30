"""An invented street with complete data: every bay, tree, lamp, driveway, cable and count is known.

It shows what the checks can say when nothing is missing, and it is the street that the rules are proved on.
Laid out by hand in local metres, x along the street (0 to 118, numbers from left to right), y across it, so
that every width can be read off:

    y = -20 .. -9    gardens, south              y =  9.4 .. 12.9   pavement, north: 3.50 m
    y =  -9 ..  0    houses, south               y = 12.9 .. 21.9   houses, north; a park from x = 50 to 74
    y =   0 .. 2.4   pavement, south: 2.40 m     y = 21.9 .. 32.9   gardens, north
    y = 2.4 .. 4.4   bays: 2.00 m                x = 118 .. 123     a side street, crossing at the east end
    y = 4.4 .. 9.4   carriageway: 5.00 m         x = -40 .. 0       the street goes on to the west
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely import LineString, Point, affinity, box
from shapely.geometry.base import BaseGeometry

from geodata.model import Place, ReadResult, StreetObject, Value

SOURCE = "voorbeeldstraat"
ATTRIBUTION = "Verzonnen voorbeeld (Stoepkrijt)"
STREET = "Krijtstraat"
SRID = 28992
# Where local (0, 0) lies in the Dutch system: in the Markermeer, where no real street can be mistaken for it.
ORIGIN = (150_000.0, 500_000.0)

LENGTH_M = 118.0
SOUTH_PAVEMENT, BAYS, CARRIAGEWAY, NORTH_PAVEMENT = (0.0, 2.4), (2.4, 4.4), (4.4, 9.4), (9.4, 12.9)
AXIS_Y = 6.9
BAY_STARTS = (14.0, 20.0, 26.0, 32.0, 38.0, 56.0, 62.0, 68.0, 74.0, 80.0, 86.0)
BAY_LENGTH_M = 6.0
DRIVEWAY = (50.0, 53.0)
PARK = (50.0, 74.0)
TREES, TREE_Y = (10.0, 28.0, 46.0, 80.0, 98.0), 10.4
LAMPS, LAMP_Y = (19.0, 37.0, 55.0, 89.0, 107.0), 9.9
CABLES = {"sewer": 6.9, "gas": 1.8, "electricity": 0.9, "water": 12.2}
PARKED, COUNTED_ON = 9, "2026-09-15"


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing of the street: `id` for ever, geometry in local metres."""

    id: str
    kind: str
    geometry: BaseGeometry
    attributes: Mapping[str, Value] = field(default_factory=dict)


def layout() -> list[Shape]:
    """Everything there is, in local metres."""
    return [*_surfaces(), *_buildings(), *_things(), *_below(), *_network()]


def addresses() -> list[tuple[str, Point]]:
    """House numbers and where their front doors are, in local metres."""
    south = [(str(2 * n + 1), Point(10.0 * n + 5, -1.0)) for n in range(10)]
    flats = [(f"21{letter}", Point(102.0 + 2 * n, -1.0)) for n, letter in enumerate("ABCDEFGH")]
    north = [(str(2 * n + 2), Point(10.0 * n + 5, 13.9)) for n in range(5)]
    beyond = [(str(2 * n + 12), Point(10.0 * n + 79, 13.9)) for n in range(4)]
    return [*south, *flats, *north, *beyond]


def area() -> BaseGeometry:
    """The street between the façades with the park, in local metres."""
    return shapely.union(box(0, 0, LENGTH_M, 12.9), box(PARK[0], 12.9, PARK[1], 32.9))


def placed(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry in local metres in the Dutch system (EPSG:28992)."""
    return affinity.translate(geometry, *ORIGIN)


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(SRID, 4326, always_xy=True)


def in_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry in local metres in EPSG:4326."""
    return shapely.transform(
        placed(geometry), lambda xy: np.column_stack(_to_degrees().transform(xy[:, 0], xy[:, 1]))
    )


def read() -> ReadResult:
    """The street as a reader hands it over: geometry in EPSG:4326."""
    result = ReadResult(SOURCE, ATTRIBUTION, "example")
    for shape in layout():
        name = STREET if shape.kind == "street_axis" else None
        result.objects.append(
            StreetObject(
                SOURCE,
                shape.id,
                shape.kind,
                in_degrees(shape.geometry),
                name=name,
                attributes=dict(shape.attributes),
            )
        )
        result.counts[shape.kind] += 1
    for number, door in addresses():
        label = f"{STREET} {number}"
        result.places.append(Place(SOURCE, label, "address", label, STREET, in_degrees(door), number))
    result.places.append(Place(SOURCE, STREET, "street", STREET, STREET, in_degrees(Point(60, AXIS_Y))))
    return result


def _band(name: str, kind: str, x: tuple[float, float], y: tuple[float, float], **attributes: Value) -> Shape:
    return Shape(name, kind, box(x[0], y[0], x[1], y[1]), attributes)


def _surfaces() -> Iterator[Shape]:
    east = (LENGTH_M, LENGTH_M + 5)
    yield _band("stoep-zuid-west", "pavement", (0, DRIVEWAY[0]), SOUTH_PAVEMENT)
    yield _band("stoep-zuid-oost", "pavement", (DRIVEWAY[1], LENGTH_M), SOUTH_PAVEMENT)
    yield _band("stoep-noord", "pavement", (0, LENGTH_M), NORTH_PAVEMENT)
    yield _band("uitrit", "driveway", DRIVEWAY, (0, BAYS[1]))
    for number, start in enumerate(BAY_STARTS, start=1):
        last = {"disabled": True} if number == len(BAY_STARTS) else {}
        yield _band(f"vak-{number}", "parking", (start, start + BAY_LENGTH_M), BAYS, capacity=1, **last)
    for name, x in (
        ("west", (0.0, 14.0)),
        ("midden", (44.0, 50.0)),
        ("uitrit", (53.0, 56.0)),
        ("oost", (92.0, LENGTH_M)),
    ):
        yield _band(f"stoep-uit-{name}", "pavement", x, BAYS)
    yield _band("rijbaan", "carriageway", (-40, LENGTH_M), CARRIAGEWAY)
    yield _band("zijstraat", "carriageway", east, (-40, 40))
    yield _band("park", "green", PARK, (12.9, 32.9))
    yield _band("tuinen-zuid", "yard", (0, LENGTH_M), (-20, -9))
    yield _band("tuinen-noord-west", "yard", (0, PARK[0]), (21.9, 32.9))
    yield _band("tuinen-noord-oost", "yard", (PARK[1], LENGTH_M), (21.9, 32.9))


def _buildings() -> Iterator[Shape]:
    for n in range(10):
        yield _band(f"huis-{2 * n + 1}", "building", (10 * n, 10 * n + 10), (-9, 0), height_m=8.0, levels=2)
    yield _band("flat-21", "building", (100, LENGTH_M), (-9, 0), height_m=14.0, levels=4)
    for n in range(5):
        yield _band(
            f"huis-{2 * n + 2}", "building", (10 * n, 10 * n + 10), (12.9, 21.9), height_m=8.0, levels=2
        )
    for n in range(4):
        x = (10.0 * n + 74, LENGTH_M if n == 3 else 10.0 * n + 84)
        yield _band(f"huis-{2 * n + 12}", "building", x, (12.9, 21.9), height_m=8.0, levels=2)


def _things() -> Iterator[Shape]:
    for number, x in enumerate(TREES, start=1):
        yield Shape(f"boom-{number}", "tree", Point(x, TREE_Y), {"height_m": 9.0, "crown_m": 5.0})
    for number, x in enumerate(LAMPS, start=1):
        yield Shape(f"lantaarn-{number}", "lamp", Point(x, LAMP_Y), {"height_m": 6.0})
    yield Shape("bank-1", "bench", Point(62, 12.3), {"seats": 3})
    yield Shape("fietsen-1", "bike_stand", Point(104, 12.0), {"capacity": 2})
    yield Shape("container-1", "container", Point(70, 10.6), {"type": "residual"})
    yield Shape("brandkraan-1", "hydrant", Point(86, 10.0))
    yield Shape("halte-1", "bus_stop", Point(124.5, -20))
    yield Shape("spelen-1", "play", Point(62, 22))
    yield _band("oversteek-1", "crossing", (110, 113), CARRIAGEWAY)
    for address, door in addresses():
        if not address.startswith("21") or address == "21A":
            yield Shape(f"deur-{address}", "entrance", Point(door.x, 0 if door.y < 0 else 12.9))


def _below() -> Iterator[Shape]:
    for kind, y in CABLES.items():
        yield Shape(f"kabel-{kind}", "cable", LineString([(0, y), (LENGTH_M, y)]), {"type": kind})
    for n in range(10):
        yield _band(f"perceel-{2 * n + 1}", "parcel", (10 * n, 10 * n + 10), (-20, 0))
    yield _band("perceel-21", "parcel", (100, LENGTH_M), (-20, 0))
    yield _band("perceel-noord-west", "parcel", (0, PARK[0]), (12.9, 32.9))
    yield _band("perceel-noord-oost", "parcel", (PARK[1], LENGTH_M), (12.9, 32.9))
    yield _band(
        "telling-1",
        "parking_count",
        (0, LENGTH_M),
        BAYS,
        capacity=len(BAY_STARTS),
        parked=PARKED,
        counted_on=COUNTED_ON,
    )


def _network() -> Iterator[Shape]:
    known: dict[str, Value] = {"highway": "residential", "maxspeed": 30, "bus_route": "no", "oneway": "no"}
    east = LENGTH_M + 2.5
    yield Shape("as-krijtstraat", "street_axis", LineString([(-100, AXIS_Y), (east, AXIS_Y)]), known)
    yield Shape("as-zijstraat", "street_axis", LineString([(east, -100), (east, AXIS_Y), (east, 100)]), known)
