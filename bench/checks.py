"""How long the answer to a drawing takes: 30 changes against every rule with their quick figures, in this
process.

The street is the example street over and over: beside each other, so that its things are as dense as in a
town. What is timed is what `POST /api/check` computes; the street itself is read and indexed before, as a
server does once after an import. `cold` is with that.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from functools import cache
from itertools import cycle, islice

from shapely import LineString, Point, affinity, box, union
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import memory
from app.designs.checks.run import judge
from app.designs.checks.street import Proposal, Street, Thing, existing_thing, propose
from app.designs.effects import SLOW, Scene, Work, value
from bench.rows import Row
from geodata import example_street, rulebook
from geodata.catalogue import Catalogue, load

CHANGES = 30
OBJECTS, MANY_OBJECTS = 500, 5_000
GOAL_MS = 100.0
ROUNDS = 15
# Copies stand side by side in rows of four, gardens against gardens.
ROW, STEP_X, STEP_Y = 4, 230.0, 110.0

PLACED: tuple[tuple[str, BaseGeometry], ...] = (
    ("tree_small", Point(20, 1.5)),
    ("tree_medium", Point(36, 10.8)),
    ("tree_large", Point(60, 11)),
    ("planter", Point(84, 1.2)),
    ("bench", Point(30, 12.4)),
    ("ev_charger", Point(55.3, 3.7)),
    ("underground_container", Point(100, 3)),
    ("bike_stand", Point(96, 12)),
    ("play_equipment", Point(62, 26)),
    ("street_light", Point(70, 12.5)),
    ("facade_garden", LineString([(12, 0.2), (18, 0.2)])),
    ("hedge", LineString([(52, 13.4), (72, 13.4)])),
    ("road_narrowing", box(30, 4.4, 35, 5.4)),
    ("raised_crossing", LineString([(65, 4.4), (65, 9.4)])),
    ("wadi", box(54, 15, 64, 19)),
    ("parking_parallel", box(92, 2.4, 98, 4.4)),
    ("planting_bed", box(105, 10, 109, 12)),
    ("speed_hump", LineString([(8, 4.4), (8, 9.4)])),
    ("curb_extension", box(104, 4.4, 109, 6)),
    ("modal_filter", LineString([(100, 4.4), (100, 9.4)])),
)


def rows() -> list[Row]:
    """The time of a check in a street of 500 objects, and how it grows to 5,000."""
    few, many = street(OBJECTS), street(MANY_OBJECTS)
    ours, grown = [], []
    for _round in range(ROUNDS):
        ours.append(_timed(lambda: check(few)))
        grown.append(_timed(lambda: check(many)))
    cold, cold_grown = (
        statistics.median(_timed(lambda count=count: check(street(count))) for _round in range(5))
        for count in (OBJECTS, MANY_OBJECTS)
    )
    allowed = MANY_OBJECTS * math.log(MANY_OBJECTS) / (OBJECTS * math.log(OBJECTS))
    growth = statistics.median(grown) / statistics.median(ours)
    return [
        Row(
            "check of 30 changes, 500 objects",
            statistics.median(ours) / GOAL_MS,
            1.0,
            True,
            f"{GOAL_MS:g} ms",
            ROUNDS,
            ours,
            [GOAL_MS] * ROUNDS,
            notes={"ms": round(statistics.median(ours), 1), "cold_ms": round(cold, 1)},
        ),
        Row(
            "the same with 5,000 objects",
            growth / allowed,
            1.0,
            True,
            "n log n",
            ROUNDS,
            grown,
            ours,
            notes={
                "times_as_long": round(growth, 2),
                "allowed": round(allowed, 1),
                "cold_times_as_long": round(cold_grown / cold, 2),
                "cold_met": cold_grown / cold <= allowed,
            },
        ),
    ]


def street(count: int) -> tuple[Street, Scene]:
    """A town of copies of the example street with at least so many objects."""
    things: list[Thing] = []
    copy = 0
    while len(things) < count:
        x, y = STEP_X * (copy % ROW), STEP_Y * (copy // ROW)
        for shape in example_street.layout():
            geometry = affinity.translate(shape.geometry, x, y)
            things.append(existing_thing(len(things) + 1, shape.kind, geometry, attributes=shape.attributes))
        for _, door in example_street.addresses():
            things.append(existing_thing(-len(things) - 1, "dwelling", affinity.translate(door, x, y)))
        copy += 1
    things = things[:count]
    known = {thing.kind for thing in things} | {"speed_limit", "bus_route"}
    area = example_street.area()
    made = Street(things, known, union(area, affinity.translate(area, STEP_X, 0)))
    return made, Scene(made, load())


@cache
def _catalogue() -> Catalogue:
    """Read once, as a server does when it starts."""
    return load()


def proposals() -> list[Proposal]:
    """Thirty changes of twenty kinds, over two of the streets."""
    catalogue = _catalogue()
    found = []
    for index, (kind, geometry) in enumerate(islice(cycle(PLACED), CHANGES)):
        moved = affinity.translate(geometry, STEP_X * (index // len(PLACED)), 0)
        found.append(propose(index, "add", moved, kind=kind, rotation_deg=90, catalogue=catalogue))
    return found


def check(known: tuple[Street, Scene]) -> None:
    """What an answer computes."""
    made, scene = known
    drawn = proposals()
    # As for the first question about a design; the next ones remember what did not change.
    memory.forget()
    judge(made, drawn, rulebook.load())
    value(Work(scene, drawn), SLOW)


def _timed(run: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - started)
