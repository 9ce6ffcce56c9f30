"""Rules about trees: room for crown and roots, and what they must stay away from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
from shapely import shortest_line
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from app.designs.checks.concerns import either, puts, puts_tree
from app.designs.checks.junctions import crossing_ground
from app.designs.checks.measure import ground_in, middle, tree_after
from app.designs.checks.model import N_, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import Street, Thing, tree_size

# Beyond this nothing is measured: no threshold can be set higher.
FAR_M = 15.0
TREES_APART_M = 30.0
# What needs a hole deeper than a paving stone, besides trees. A container's pit is judged with the container.
DIGS = ("wadi", "rain_garden", "charger", "lamp", "bollard", "play_equipment")


@rule("R14", about=either(puts_tree, puts(*DIGS)))
def tree_utilities(case: Case) -> Iterator[Finding]:
    """The stem keeps its distance to the line of a cable or pipe; whatever digs does not lie on one.

    Advice for want of data, but a line that is on the map is a fact: then it refuses. A root barrier
    (attribute `root_barrier`) makes a condition of it, unless the tree's pit lies on the line itself.
    """
    thing = case.thing
    if thing.kind == "tree":
        yield _tree_and_cables(case, middle(thing))
        return
    hit = [cable.geometry for cable in case.after.near(thing.footprint, 0, "cable")]
    if hit and case.proposal.element == "modal_filter":
        # A row of posts from kerb to kerb always crosses the sewer; each post can stand beside it.
        yield case.says(
            N_("Onder deze knip ligt een kabel of leiding. Zet de paaltjes ernaast."),
            place=shapely.union_all(hit).intersection(thing.footprint.buffer(1)),
            advice=True,
        )
    elif hit:
        yield case.says(
            N_("Onder deze plek ligt een kabel of leiding, en dit moet de grond in. Schuif het op."),
            place=shapely.union_all(hit).intersection(thing.footprint.buffer(1)),
            advice=False,
        )
    else:
        yield case.fits()


def _tree_and_cables(case: Case, stem: Point) -> Finding:
    cables = case.after.near(stem, FAR_M, "cable")
    if not cables:
        return case.fits()
    line = min((cable.geometry for cable in cables), key=stem.distance)
    place = shortest_line(stem, line)
    dug = case.thing.footprint if case.thing.is_drawn else stem
    if case.thing.attributes.get("root_barrier") and not shapely.intersects(dug, line):
        return case.at_least(
            "min_m",
            stem.distance(line),
            N_("De boom staat %(w)s van een kabel of leiding. Dat kan met een wortelscherm ertussen."),
            place=place,
            advice=True,
        )
    return case.at_least(
        "min_m",
        stem.distance(line),
        N_(
            "De boom staat %(w)s van een kabel of leiding, nodig is %(t)s. "
            "Schuif hem op of vraag naar een wortelscherm."
        ),
        place=place,
        advice=False,
    )


@rule("R15", about=puts_tree)
def tree_facade(case: Case) -> Iterator[Finding]:
    """The stem's middle keeps a distance to façades that grows with the tree's size (S41, foreign)."""
    stem = case.thing.geometry.centroid
    nearest = case.after.nearest(stem, FAR_M, "building")
    key = f"{tree_size(case.thing)}_m"
    if nearest is None:
        yield case.fits()
        return
    building, distance = nearest
    yield case.at_least(
        key,
        distance,
        N_(
            "Deze boom wordt te groot voor deze gevel: hij staat er %(w)s van af, liever %(t)s. "
            "Schuif hem op of kies een kleinere boom."
        ),
        place=shortest_line(stem, building.footprint),
    )


@rule("R16", about=either(puts_tree, puts("hedge", "planting_bed")))
def tree_boundary(case: Case) -> Iterator[Finding]:
    """Trees (from the middle of the stem) and hedges stay away from the edge of a private plot (S38)."""
    is_tree = case.thing.kind == "tree"
    measured: BaseGeometry = middle(case.thing) if is_tree else case.thing.footprint
    nearest = case.after.nearest(measured, FAR_M, "parcel")
    if nearest is None:
        yield case.fits()
        return
    parcel, distance = nearest
    yield case.at_least(
        "tree_m" if is_tree else "hedge_m",
        distance,
        N_(
            "Dit staat %(w)s van een tuin of erf. Dichter dan %(t)s moeten de buren akkoord zijn, "
            "tenzij de gemeente een kleinere afstand kent."
        ),
        place=shortest_line(measured, parcel.footprint),
    )


@rule("R17", about=either(puts_tree, puts("lamp")))
def tree_light(case: Case) -> Iterator[Finding]:
    """Trees and street lights keep apart, from middle to middle; low lights for pedestrians may be nearer."""
    at = middle(case.thing)
    is_tree = case.thing.kind == "tree"
    others = [
        other
        for other in case.after.near(at, FAR_M, "lamp" if is_tree else "tree")
        if other.id != case.thing.id
    ]
    if not others:
        yield case.fits() if is_tree or case.after.knows("tree") else case.unchecked("tree")
        return

    def key(other: Thing) -> str:
        height = (other if is_tree else case.thing).number("height_m")
        return "low_light_m" if height is not None and height < case.limit("low_height_m") else "min_m"

    def room(other: Thing) -> float:
        return at.distance(middle(other)) - case.limit(key(other))

    other = min(others, key=room)
    yield case.at_least(
        key(other),
        at.distance(middle(other)),
        N_(
            "De boom en de lantaarn staan %(w)s uit elkaar, liever %(t)s. "
            "De kroon neemt straks licht weg. Schuif een van de twee op."
        ),
        place=shortest_line(at, middle(other)),
    )


@rule("R18", about=puts_tree)
def tree_driveway_hydrant_crossing(case: Case) -> Iterator[Finding]:
    """Trees keep away from driveways, crossings, hydrants and the kerb, each as far as it is known."""
    stem = middle(case.thing)
    yield _away_from(
        case,
        stem,
        "driveway",
        "driveway_m",
        N_("De boom staat %(w)s van een uitrit, liever %(t)s. Dan blijft er goed zicht. Schuif hem op."),
    )
    yield _away_from(
        case,
        stem,
        "crossing",
        "driveway_m",
        N_("De boom staat %(w)s van een oversteek, liever %(t)s. Dan blijft er goed zicht. Schuif hem op."),
    )
    yield _away_from(
        case,
        stem,
        "hydrant",
        "hydrant_m",
        N_("De boom staat %(w)s van een brandkraan, liever %(t)s. De brandweer moet erbij. Schuif hem op."),
    )
    yield _kerb(case, stem)


def _away_from(case: Case, stem: Point, kind: str, key: str, message: str) -> Finding:
    near = [thing for thing in case.after.near(stem, FAR_M, kind) if thing.id != case.thing.id]
    if not near:
        return case.fits() if case.after.knows(kind) else case.unchecked(kind)
    grounds = [crossing_ground(case.after, one) if kind == "crossing" else one.footprint for one in near]
    ground = min(grounds, key=stem.distance)
    return case.at_least(key, stem.distance(ground), message, place=shortest_line(stem, ground))


def _kerb(case: Case, stem: Point) -> Finding:
    """From the stem to the nearest kerb; in the carriageway itself the pit's own edge is the kerb."""
    if not case.after.knows("carriageway"):
        return case.unchecked("carriageway")
    window = stem.buffer(case.limit("kerb_m") + 0.5, quad_segs=2)
    road = ground_in(case.after, window, "carriageway", "parking")
    if road.is_empty:
        return case.fits()
    in_the_road = case.thing.is_drawn and shapely.intersects(road, stem)
    kerb = case.thing.footprint.boundary if in_the_road else road
    return case.at_least(
        "kerb_m",
        stem.distance(kerb),
        N_("De stam staat %(w)s van de stoeprand, liever %(t)s. Schuif hem op."),
        place=shortest_line(stem, kerb),
        uncertain=case.after.is_estimated(window, "carriageway", "parking"),
    )


@rule("R19", about=puts_tree)
def tree_spacing(case: Case) -> Iterator[Finding]:
    """From stem to stem, by the size of the tree that is judged (S39, foreign)."""
    stem = middle(case.thing)
    others = [tree for tree in case.after.near(stem, TREES_APART_M, "tree") if tree.id != case.thing.id]
    other = min(others, key=lambda tree: stem.distance(middle(tree)), default=None)
    key = f"{tree_size(case.thing)}_m"
    if other is not None:
        finding = case.at_least(
            key,
            stem.distance(middle(other)),
            N_(
                "Deze boom staat %(w)s van de volgende, liever %(t)s. Dichterbij groeien ze in elkaar. "
                "Zet ze verder uit elkaar of kies kleinere bomen."
            ),
            place=shortest_line(stem, middle(other)),
        )
        if finding.message or case.after.knows("tree"):
            yield finding
            return
    yield case.fits() if case.after.knows("tree") else case.unchecked("tree")


@rule("R20", about=puts_tree)
def tree_soil_volume(case: Case) -> Iterator[Finding]:
    """Open ground for the roots against the crown of year 20.

    Counted is the tree's own pit and the green ground that it lies in or touches, as far as `reach_m`, down
    to `depth_m`, and a growing place below paving (attribute `soil_m3`). Trees in the same ground share it.
    """
    stem = middle(case.thing)
    ground = _open_ground(case, stem)
    crowns = sum(
        tree_after(tree).canopy_m2
        for tree in case.after.near(ground, 0, "tree")
        if tree.id != case.thing.id and shapely.intersects(ground, middle(tree))
    )
    own = tree_after(case.thing).canopy_m2
    volume = ground.area * case.limit("depth_m") * own / (own + crowns)
    volume += case.thing.number("soil_m3") or 0.0
    if not case.thing.is_drawn and volume / own < case.limit("m3_per_m2"):
        # The pit of a standing tree, and what lies below the paving around it, is on no map.
        yield case.unchecked("soil")
        return
    yield case.at_least(
        "m3_per_m2",
        volume / own,
        N_(
            "Deze boom heeft %(need)s m³ grond nodig om uit te groeien; er is %(there)s m³. "
            "Maak het plantvak groter, of maak een groeiplaats onder de stoep."
        ),
        place=ground,
        need=math.ceil(own * case.limit("m3_per_m2") - 0.01),
        there=math.floor(volume + 0.01),
    )


def _open_ground(case: Case, stem: Point) -> BaseGeometry:
    """The pit with all green that is connected to it; around a standing tree no pit is on the map."""
    pit = case.thing.footprint if case.thing.footprint.area >= 1 else stem.buffer(0.5)
    reach = stem.buffer(case.limit("reach_m"), quad_segs=8)
    green = shapely.intersection(_green(case.after, reach), reach)
    touching = [part for part in shapely.get_parts(green) if part.area and shapely.dwithin(part, pit, 0.05)]
    return shapely.union_all([pit, *touching])


def _green(street: Street, window: BaseGeometry) -> BaseGeometry:
    if not street.near(window, 0, "green"):
        return Point()
    return ground_in(street, window, "green")
