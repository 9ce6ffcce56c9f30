"""Rules about junctions, crossings, bus stops and driveways: where one does not park, and where one sees."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
import shapely.affinity
from shapely import LineString, Polygon, shortest_line
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from app.designs.checks.junctions import Corner, crossing_ground, junctions_near
from app.designs.checks.measure import ground_in, middle, overlap, sides
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import WALKABLE, Proposal, Street, Thing, trunk

# The largest a junction is from its middle; with the largest distances that can be set beside it.
JUNCTION_M = 25.0
FAR_M = 30.0
DRIVEWAY_REACH_M = 8.0
# Across this much carriageway is the other side of the street.
OTHER_SIDE_M = 2.0
# How high things stand that the map gives no height; a parked car 1.5 m. Assumptions.
HEIGHTS_M = {
    "parking": 1.5,
    "hedge": 1.0,
    "barrier": 1.0,
    "container": 1.2,
    "play": 2.0,
    "planter": 0.8,
    "parklet": 1.0,
    "bench": 0.8,
    "bike_stand": 0.8,
    "structure": 2.5,
}


def _is_bay(proposal: Proposal) -> bool:
    return proposal.places and proposal.kind == "parking"


@rule("R09", about=_is_bay)
def parking_junction(case: Case) -> Iterator[Finding]:
    """No bay within 5 m of a junction, measured from the ground between its corners (RVV article 24)."""
    bay = case.thing.footprint
    near = junctions_near(case.before, bay, JUNCTION_M + case.limit("min_m"))
    if not near:
        yield case.fits()
        return
    junction = min(near, key=lambda one: one.area.distance(bay))
    yield case.at_least(
        "min_m",
        junction.area.distance(bay),
        N_(
            "Binnen %(t)s van een kruising mag geen parkeervak. Dit vak ligt er %(w)s vandaan. Schuif het op."
        ),
        place=shortest_line(bay, junction.area),
        uncertain=case.before.is_estimated(junction.area, "carriageway"),
        existing=_was_bay(case),
    )


def _was_bay(case: Case) -> bool:
    """Whether one parks there already: another kind of bay on (nearly) the same ground."""
    shape = case.thing.footprint
    if case.proposal.action == "survey" or shape.area == 0:
        return False
    bays = case.before.near(shape, 0, "parking")
    return bool(sum(shape.intersection(bay.footprint).area for bay in bays) > 0.8 * shape.area)


@rule("R10", about=_is_bay)
def stopping_free_zones(case: Case) -> Iterator[Finding]:
    """Not on or within 5 m of a crossing, nor within 12 m of a bus stop on that side (RVV 23, 24)."""
    yield _crossing(case)
    yield _bus_stop(case)


def _crossing(case: Case) -> Finding:
    bay, existing = case.thing.footprint, _was_bay(case)
    shapes = [crossing_ground(case.after, thing) for thing in case.after.near(bay, FAR_M, "crossing")]
    if not shapes:
        return case.fits() if case.after.knows("crossing") else case.unchecked("crossing")
    shape = min(shapes, key=bay.distance)
    return case.at_least(
        "crossing_m",
        bay.distance(shape),
        N_("Binnen %(t)s van een oversteekplaats mag geen parkeervak. Dit vak ligt er %(w)s vandaan."),
        place=shortest_line(bay, shape),
        existing=existing,
    )


def _bus_stop(case: Case) -> Finding:
    bay, existing = case.thing.footprint, _was_bay(case)
    stops = [
        stop
        for stop in case.after.near(bay, FAR_M, "bus_stop")
        if not _on_the_other_side(case, bay, stop.footprint)
    ]
    if not stops:
        return case.fits() if case.after.knows("bus_stop") else case.unchecked("bus_stop")
    stop = min(stops, key=lambda one: bay.distance(one.footprint))
    return case.at_least(
        "bus_stop_m",
        bay.distance(stop.footprint),
        N_("Binnen %(t)s van een bushalte mag geen parkeervak. Dit vak ligt er %(w)s vandaan."),
        place=shortest_line(bay, stop.footprint),
        existing=existing,
    )


def _on_the_other_side(case: Case, bay: BaseGeometry, stop: BaseGeometry) -> bool:
    """Whether carriageway lies between a stop and the kerb that a bay lies along."""
    kerb = ground_in(case.after, bay.buffer(3, quad_segs=1), *WALKABLE)
    start = shortest_line(kerb, bay.centroid).coords[0] if not kerb.is_empty else bay.centroid.coords[0]
    line = LineString([start, stop.centroid.coords[0]])
    if line.length == 0:
        return False
    crossed = line.intersection(ground_in(case.after, line, "carriageway"))
    return bool(crossed.length > OTHER_SIDE_M)


# --- Driveways ----------------------------------------------------------------------------------------


def _blocks(proposal: Proposal) -> bool:
    thing = proposal.thing
    if not proposal.places or thing is None:
        return False
    return thing.is_solid or thing.kind in ("parking", "green")


@rule("R11", about=_blocks)
def driveway_free(case: Case) -> Iterator[Finding]:
    """Nothing solid, no bay and no bed in the way of a driveway, from the plot to the carriageway."""
    shape = trunk(case.thing)
    ways = [
        (way.distance(shape), way)
        for driveway in case.after.near(shape, DRIVEWAY_REACH_M, "driveway")
        for way in (_approach(case.before, driveway),)
    ]
    if not ways:
        yield case.fits()
        return
    distance, way = min(ways, key=lambda pair: pair[0])
    within = overlap(shape, way)
    yield case.against(
        "margin_m",
        distance,
        # In the way it is in the way, also where a municipality asks for no margin beside it.
        within is None and distance >= case.limit("margin_m") - TOLERANCE,
        N_("Dit staat %(w)s van een uitrit; houd aan beide kanten %(t)s vrij. Schuif het op."),
        place=within or shortest_line(shape, way),
        existing=case.thing.kind == "parking" and _was_bay(case),
    )


def _approach(street: Street, driveway: Thing) -> BaseGeometry:
    """A driveway's ground, drawn on to the carriageway where something (a bay) lies between; of what lies
    there already it is kept with the street."""
    key = "approach", driveway.id
    found: BaseGeometry | None = street.measured.get(key)
    if found is None or driveway.is_drawn:
        found = _drawn_on(street, driveway)
        if not driveway.is_drawn:
            street.measured[key] = found
    return found


def _drawn_on(street: Street, driveway: Thing) -> BaseGeometry:
    road = ground_in(street, driveway.footprint.buffer(DRIVEWAY_REACH_M, quad_segs=1), "carriageway")
    if road.is_empty:
        return driveway.footprint
    (x0, y0), (x1, y1) = shortest_line(driveway.footprint, road).coords
    if math.hypot(x1 - x0, y1 - y0) < 0.1:
        return driveway.footprint
    moved = shapely.affinity.translate(driveway.footprint, x1 - x0, y1 - y0)
    return shapely.convex_hull(shapely.union(driveway.footprint, moved))


# --- Sight --------------------------------------------------------------------------------------------


def _stands_in_sight(proposal: Proposal) -> bool:
    thing = proposal.thing
    return proposal.places and thing is not None and (thing.is_solid or thing.kind in ("parking", "green"))


@rule("R12", about=_stands_in_sight)
def sight_triangle(case: Case) -> Iterator[Finding]:
    """Nothing between 0.8 and 2.5 m high where drivers must see each other: junction corners, driveways.

    At 50 km/h it refuses, at 30 it is advice. Posts and stems hide nobody.
    """
    top = _height(case.thing)
    if top is None:
        yield case.unchecked("height")
        return
    if top <= case.limit("low_m") + 0.005 or _is_slim(case) or _hangs_high(case):
        yield case.fits()
        return
    yield from _at_junctions(case, top)
    yield from _at_driveways(case, top)


def _height(thing: Thing) -> float | None:
    if thing.kind == "parking":
        return HEIGHTS_M["parking"]
    told = thing.number("height_m")
    if told is not None:
        return told
    if thing.kind in ("green", "tree", "lamp", "bollard", "charger", "bus_stop"):
        return 0.0 if thing.kind == "green" else 1.5
    if thing.element is not None and thing.element.height_m is not None:
        return max(thing.element.height_m.value, 0.0)
    return HEIGHTS_M.get(thing.kind)


def _is_slim(case: Case) -> bool:
    return (
        case.thing.kind in ("tree", "bollard", "lamp")
        or sides(case.thing.footprint)[0] <= case.limit("trunk_m") + 0.005
    )


def _hangs_high(case: Case) -> bool:
    clear = case.thing.number("clear_height_m")
    return clear is not None and clear >= case.limit("high_m")


def _at_junctions(case: Case, top: float) -> Iterator[Finding]:
    if not case.before.knows("street_axis"):
        yield case.unchecked("street_axis")
        return
    leg_30, leg_50 = case.limit("leg_30_m"), case.limit("leg_50_m")
    shape = case.thing.footprint
    reach = JUNCTION_M + max(leg_30, leg_50)
    found: list[Finding] = []
    for junction in junctions_near(case.before, shape, reach):
        for corner in junction.corners:
            found += _at_corner(case, corner, top)
    yield from found or [case.fits()]


def _at_corner(case: Case, corner: Corner, top: float) -> Iterator[Finding]:
    speed = corner.speed_kmh
    slow = overlap(case.thing.footprint, corner.triangle(case.limit("leg_30_m")))
    fast = overlap(case.thing.footprint, corner.triangle(case.limit("leg_50_m")))
    uncertain = case.before.is_estimated(corner.at.buffer(3, quad_segs=1), "carriageway")
    if speed is not None and speed > 30 and fast is not None:
        yield _hides(case, top, fast, advice=False, uncertain=uncertain)
    elif slow is not None and (speed is None or speed <= 30):
        yield _hides(case, top, slow, advice=True, uncertain=uncertain)
    if speed is None and fast is not None:
        # How far one must see there depends on how fast one drives.
        yield case.unchecked("speed_limit")


PARKED_CAR = N_("Een auto in dit vak is %(w)s hoog en neemt zicht weg bij de kruising. Schuif het vak op.")
TOO_HIGH = N_(
    "Dit is %(w)s hoog en neemt zicht weg bij de kruising. Maak het lager dan %(t)s, of schuif het op."
)


def _hides(case: Case, top: float, place: BaseGeometry, *, advice: bool, uncertain: bool) -> Finding:
    return case.against(
        "low_m",
        top,
        False,
        PARKED_CAR if case.thing.kind == "parking" else TOO_HIGH,
        place=place,
        advice=advice,
        uncertain=uncertain,
    )


def _at_driveways(case: Case, top: float) -> Iterator[Finding]:
    if case.thing.kind == "parking":
        # One may park beside an exit; that it stays free is another rule.
        return
    if not case.after.knows("driveway"):
        yield case.unchecked("driveway")
        return
    leg = case.limit("leg_30_m")
    shape = case.thing.footprint
    for driveway in case.after.near(shape, leg + 1, "driveway"):
        for triangle in _beside_mouth(case.before, driveway, leg):
            hidden = overlap(shape, triangle)
            if hidden is not None:
                yield case.against(
                    "low_m",
                    top,
                    False,
                    N_(
                        "Dit is %(w)s hoog en neemt zicht weg bij een uitrit. "
                        "Maak het lager dan %(t)s, of schuif het op."
                    ),
                    place=hidden,
                    advice=True,
                )
                return


def _beside_mouth(street: Street, driveway: Thing, leg_m: float) -> list[Polygon]:
    """The triangles left and right of where a driveway meets the carriageway (or the bays along it)."""
    window = driveway.footprint.buffer(1, quad_segs=1)
    road = ground_in(street, window, "carriageway", "parking")
    mouth = shapely.intersection(driveway.footprint.boundary, shapely.buffer(road, 0.3, quad_segs=2))
    points = shapely.get_coordinates(mouth)
    if len(points) < 2:
        return []
    direction = sides(MultiPoint(points))[2]
    along = (math.cos(direction), math.sin(direction))
    centre = middle(driveway)
    places = [(x - centre.x) * along[0] + (y - centre.y) * along[1] for x, y in points]
    first, last = points[places.index(min(places))], points[places.index(max(places))]
    inward = (centre.x - (first[0] + last[0]) / 2, centre.y - (first[1] + last[1]) / 2)
    depth = math.hypot(*inward)
    if depth < 0.1 or max(places) - min(places) < 0.5:
        return []
    step = min(leg_m, 2 * depth) / depth
    deep = (inward[0] * step, inward[1] * step)
    return [
        Polygon(
            [
                (x, y),
                (x + sign * along[0] * leg_m, y + sign * along[1] * leg_m),
                (x + deep[0], y + deep[1]),
            ]
        )
        for (x, y), sign in ((first, -1.0), (last, 1.0))
    ]
