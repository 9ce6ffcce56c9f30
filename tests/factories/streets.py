"""Streets in metres for tests of the rules: laid out by hand, so that every distance can be read off.

The usual one lies east-west, 100 m long: a building (y < 0), a pavement 3 m wide (0..3), bays 2 m (3..5), a
carriageway 5 m (5..10), a pavement 3 m (10..13) and a building (13..23).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import Finding
from app.designs.checks.run import judge
from app.designs.checks.street import Proposal, Street, Thing, existing_thing, propose
from geodata import rulebook
from geodata.catalogue import load

CATALOGUE = load()
LENGTH_M = 100.0
LAYOUT = {
    "south building": ("building", box(0, -10, LENGTH_M, 0)),
    "south pavement": ("pavement", box(0, 0, LENGTH_M, 3)),
    "bays": ("parking", box(0, 3, LENGTH_M, 5)),
    "carriageway": ("carriageway", box(0, 5, LENGTH_M, 10)),
    "north pavement": ("pavement", box(0, 10, LENGTH_M, 13)),
    "north building": ("building", box(0, 13, LENGTH_M, 23)),
}
# What somebody knows of a street that was surveyed completely.
EVERYTHING = (
    *(
        "building",
        "pavement",
        "parking",
        "carriageway",
        "tree",
        "lamp",
        "driveway",
        "crossing",
        "hydrant",
        "cable",
    ),
    *(
        "parcel",
        "bus_stop",
        "street_axis",
        "dwelling",
        "entrance",
        "speed_limit",
        "bus_route",
        "container",
        "charger",
    ),
)


def hand_street(
    *more: tuple[str, BaseGeometry] | tuple[str, BaseGeometry, dict[str, Any]],
    without: Iterable[str] = (),
    unknown: Iterable[str] = (),
    certainty: str = "measured",
    area: BaseGeometry | None = None,
) -> Street:
    """The usual street with more things in it: (kind, geometry[, attributes]), numbered from 100.

    `without` leaves out parts of `LAYOUT`, `unknown` kinds of data that nobody has.
    """
    things: list[Thing] = [
        existing_thing(number, kind, geometry, certainty)
        for number, (name, (kind, geometry)) in enumerate(LAYOUT.items(), start=1)
        if name not in set(without)
    ]
    for number, (kind, geometry, *attributes) in enumerate(more, start=100):
        things.append(
            existing_thing(number, kind, geometry, certainty, attributes[0] if attributes else None)
        )
    return Street(things, set(EVERYTHING) - set(unknown), area)


def add(
    kind: str,
    geometry: BaseGeometry | tuple[float, float],
    *,
    index: int = 0,
    rotation: float | None = None,
    width: float | None = None,
) -> Proposal:
    """A new element; a pair of metres is a point."""
    place = Point(geometry) if isinstance(geometry, tuple) else geometry
    return propose(index, "add", place, kind=kind, rotation_deg=rotation, width_m=width, catalogue=CATALOGUE)


def remove(street: Street, identifier: int, *, index: int = 0) -> Proposal:
    """An existing thing goes."""
    thing = street.thing(str(identifier))
    assert thing is not None
    return propose(index, "remove", thing.geometry, concerned=thing, catalogue=CATALOGUE)


def move(
    street: Street, identifier: int, to: tuple[float, float], *, index: int = 0, rotation: float | None = None
) -> Proposal:
    """An existing thing goes to another place (a pair of metres)."""
    thing = street.thing(str(identifier))
    assert thing is not None
    return propose(index, "move", Point(to), concerned=thing, rotation_deg=rotation, catalogue=CATALOGUE)


def survey(street: Street, identifier: int) -> Proposal:
    """An existing thing judged as if it were placed where it is."""
    thing = street.thing(str(identifier))
    assert thing is not None
    return Proposal(0, "survey", thing, thing)


def findings(
    street: Street, proposals: Proposal | Sequence[Proposal], rule: str, index: int = 0
) -> list[Finding]:
    """What one rule says of the change with this index."""
    changes = [proposals] if isinstance(proposals, Proposal) else list(proposals)
    judged = judge(street, changes, rulebook.load())
    return [finding for finding in judged[index].findings if finding.rule.id == rule]
