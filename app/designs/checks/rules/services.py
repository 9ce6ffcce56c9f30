"""Rules about charging points, underground containers and speed humps: what needs a service to come by."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
from shapely import LineString, box, shortest_line
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from app.designs.checks.concerns import puts
from app.designs.checks.junctions import speed_kmh
from app.designs.checks.measure import ground_in, middle, sides, tree_after
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import WALKABLE, Proposal, Thing, trunk

FAR_M = 15.0
# A pavement wider than this is wide enough for any number that can be set.
WIDE_M = 6.0
# How far along a street a bus stop still tells that buses pass a place without a junction between.
BUS_STOP_M = 60.0
BUS_M = 8.0
# What is this near a container lies against it.
BESIDE_M = 0.1
PUTS_HUMP = puts("speed_hump", "raised_crossing", "raised_junction")


def _is_charger(proposal: Proposal) -> bool:
    thing = proposal.thing
    return (
        proposal.places
        and thing is not None
        and thing.kind == "charger"
        and thing.geometry.geom_type == "Point"
    )


@rule("R22", about=_is_charger)
def ev_placement(case: Case) -> Iterator[Finding]:
    """Near its bay, off the kerb, free all round, with pavement left to walk on (S27, S28)."""
    shape = case.thing.footprint
    bay = case.after.nearest(shape, FAR_M, "parking")
    if bay is None:
        yield case.against(
            "bay_m", None, False, N_("Hier is geen parkeervak om bij te laden. Zet de laadpaal bij een vak.")
        )
    else:
        yield case.at_most(
            "bay_m",
            bay[1],
            N_("De laadpaal staat %(w)s van het parkeervak; hoogstens %(t)s is de richtlijn. Schuif hem op."),
            place=shortest_line(shape, bay[0].footprint),
            uncertain=bay[0].certainty == "estimated",
        )
    yield _kerb(case)
    yield _around(case)
    yield from _pavement(case, bay[0] if bay is not None else None)


def _kerb(case: Case) -> Finding:
    shape = case.thing.footprint
    road = ground_in(
        case.after, shape.buffer(case.limit("kerb_m") + 1, quad_segs=2), "carriageway", "parking"
    )
    if road.is_empty:
        return case.fits()
    return case.at_least(
        "kerb_m",
        shape.distance(road),
        N_("De laadpaal staat %(w)s van de stoeprand, nodig is %(t)s. Zet hem verder op de stoep."),
        place=shortest_line(shape, road),
        uncertain=case.after.is_estimated(shape.buffer(1), "carriageway", "parking"),
    )


def _around(case: Case) -> Finding:
    shape = case.thing.footprint
    others = case.after.obstacles(shape, case.limit("around_m") + 1, but=case.thing)
    if not others:
        return case.fits()
    distance, other = min(((trunk(one).distance(shape), one) for one in others), key=lambda pair: pair[0])
    return case.at_least(
        "around_m",
        distance,
        N_("Rond een laadpaal blijft %(t)s vrij; op %(w)s staat iets: %(other)s. Schuif een van de twee op."),
        place=shortest_line(shape, trunk(other)),
        other=other.element.id if other.element is not None else other.kind,
    )


def _pavement(case: Case, bay: Thing | None) -> Iterator[Finding]:
    """What is left to walk on, straight away from the bay to the first obstacle or the pavement's end."""
    room = _room_behind(case, bay) if bay is not None else None
    if room is None:
        return
    uncertain = case.after.is_estimated(case.thing.footprint, *WALKABLE)
    hard = case.at_least(
        "clear_m",
        room.length,
        N_("Langs de laadpaal blijft %(w)s stoep vrij, nodig is %(t)s. Kies een bredere plek."),
        place=room,
        uncertain=uncertain,
    )
    if hard.message:
        yield hard
        return
    yield case.at_least(
        "preferred_m",
        room.length,
        N_("Langs de laadpaal blijft %(w)s stoep vrij. Dat kan; %(t)s is beter."),
        place=room,
        uncertain=uncertain,
        advice=True,
    )


def _room_behind(case: Case, bay: Thing) -> LineString | None:
    """A line from the post over the pavement, square to the bay's edge; None off the pavement."""
    post = middle(case.thing)
    (x0, y0), (x1, y1) = shortest_line(bay.footprint, post).coords
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 0.05:
        return None
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    ray = LineString([(post.x, post.y), (post.x + dx * WIDE_M, post.y + dy * WIDE_M)])
    ground = ground_in(case.after, ray.buffer(0.5, quad_segs=1), *WALKABLE)
    if not shapely.intersects(ground, post):
        return None
    solid = [thing.footprint for thing in case.after.obstacles(ray, 0, but=case.thing)]
    free = shapely.difference(ray, shapely.union_all([case.thing.footprint, *solid]))
    free = shapely.intersection(free, ground)
    pieces = [part for part in shapely.get_parts(free) if part.geom_type == "LineString"]
    first: LineString | None = min(pieces, key=post.distance, default=None)
    if first is None or not shapely.dwithin(first, case.thing.footprint, 0.02):
        return LineString([(post.x, post.y), (post.x, post.y)])
    return first


# --- Containers ---------------------------------------------------------------------------------------


PUTS_CONTAINER = puts("underground_container")


@rule("R23", about=PUTS_CONTAINER)
def container_facade(case: Case) -> Iterator[Finding]:
    """Away from façades, and so from the doors and windows in them (S23; some municipalities 3 m)."""
    shape = case.thing.footprint
    found = case.after.nearest(shape, FAR_M, "building", "entrance")
    if found is None:
        yield case.fits()
        return
    yield case.at_least(
        "min_m",
        found[1],
        N_("De container staat %(w)s van een gevel, nodig is %(t)s. Schuif hem op."),
        place=shortest_line(shape, found[0].footprint),
    )


@rule("R24", about=PUTS_CONTAINER)
def container_service(case: Case) -> Iterator[Finding]:
    """The truck can stand near and hoist straight up and across; no cable lies in the pit, no wire hangs
    above it, and a wheelchair can turn in front (S21)."""
    yield from _truck(case)
    yield _hoist(case)
    yield _cables(case)
    yield _apart(case)
    yield _turning(case)
    yield _wires(case)


def _truck(case: Case) -> Iterator[Finding]:
    shape = case.thing.footprint
    reach = case.limit("residual_m") + case.limit("stand_length_m") + 1
    road = ground_in(case.after, shape.buffer(reach, quad_segs=2), "carriageway")
    stand = _stands(road, case.limit("stand_width_m"), case.limit("stand_length_m"))
    uncertain = case.after.is_estimated(shape.buffer(reach / 2, quad_segs=2), "carriageway")
    if stand is None:
        yield case.says(
            N_("Hier kan de vuilniswagen niet op de rijbaan staan. Zet de container dichter bij een weg."),
            place=shape,
            uncertain=uncertain,
        )
        return
    distance = shape.distance(stand)
    path = shortest_line(shape, stand)
    far = case.at_most(
        "residual_m",
        distance,
        N_("De vuilniswagen komt tot op %(w)s; hoogstens %(t)s is de richtlijn. Schuif hem naar de rijbaan."),
        place=path,
        uncertain=uncertain,
    )
    if far.message:
        yield far
    else:
        yield case.at_most(
            "glass_paper_m",
            distance,
            N_("De vuilniswagen komt tot op %(w)s: goed voor restafval. Voor glas en papier is %(t)s nodig."),
            place=path,
            uncertain=uncertain,
            advice=True,
        )
    yield _path(case, path)


def _stands(road: BaseGeometry, width_m: float, length_m: float) -> BaseGeometry | None:
    """The carriageway as far as a truck's stand fits on it: wide enough, and long enough in one piece."""
    half = width_m / 2 - 0.01
    wide = shapely.buffer(shapely.buffer(road, -half, quad_segs=4), half, quad_segs=4)
    parts = [part for part in shapely.get_parts(wide) if part.area and sides(part)[1] >= length_m]
    return shapely.union_all(parts) if parts else None


def _path(case: Case, path: LineString) -> Finding:
    """One does not hoist over a cycle track or parked cars, nor over people walking between."""
    if path.length == 0:
        return case.fits()
    over = ground_in(case.after, path, "cycle_path", "parking").intersection(path)
    if over.length > 0.05:
        return case.says(
            N_(
                "Tussen container en vuilniswagen ligt een fietspad of parkeervak, "
                "en daar hijst men niet overheen. Schuif hem op."
            ),
            place=over,
            uncertain=case.after.is_estimated(path, "cycle_path", "parking"),
        )
    walked = ground_in(case.after, path, *WALKABLE).intersection(path)
    if walked.length >= case.limit("walk_m"):
        return case.against(
            "walk_m",
            walked.length,
            False,
            N_(
                "Tussen container en vuilniswagen ligt %(w)s stoep, "
                "en daar hijst men niet overheen. Zet hem aan de stoeprand."
            ),
            place=walked,
            uncertain=case.after.is_estimated(path, *WALKABLE),
        )
    return case.fits()


def _hoist(case: Case) -> Finding:
    """Above the pit nothing hangs, up to the hoist: no crown of a tree as it will be after 20 years."""
    shape = case.thing.footprint
    for tree in case.after.near(shape, FAR_M, "tree"):
        crown = tree_after(tree).crown_radius_m
        stem = middle(tree)
        if stem.distance(shape) < crown and (tree.number("clear_height_m") or 0) < case.limit(
            "hoist_height_m"
        ):
            return case.against(
                "hoist_height_m",
                None,
                False,
                N_(
                    "Boven de container moet %(t)s vrij blijven om te hijsen. "
                    "Een boom groeit eroverheen. Schuif een van de twee op."
                ),
                place=shortest_line(stem, shape) if stem.distance(shape) else shape,
            )
    return case.fits() if case.after.knows("tree") else case.unchecked("tree")


def _cables(case: Case) -> Finding:
    if not case.after.knows("cable"):
        return case.unchecked("cable")
    at, half = middle(case.thing), case.limit("pit_m") / 2
    square = box(at.x - half, at.y - half, at.x + half, at.y + half)
    pit = case.thing.footprint.union(rotate(square, -case.thing.rotation_deg, origin=at))
    if abs(half * 2 - sides(case.thing.footprint)[0]) < 0.01:
        pit = case.thing.footprint
    hit = [cable.geometry for cable in case.after.near(pit, 0, "cable")]
    if hit:
        return case.says(
            N_("In de put van de container ligt een kabel of leiding. Schuif de container op."),
            place=shapely.union_all(hit).intersection(pit.buffer(1)),
        )
    return case.fits()


def _apart(case: Case) -> Finding:
    shape = case.thing.footprint
    found = case.after.nearest(shape, case.limit("spacing_m") + 1, "container", but=case.thing)
    if found is None:
        return case.fits()
    return case.at_least(
        "spacing_m",
        found[1],
        N_("De containers staan %(w)s uit elkaar, nodig is %(t)s. Schuif er een op."),
        place=shortest_line(shape, found[0].footprint),
    )


def _turning(case: Case) -> Finding:
    """A square to turn in, clear of everything and against the container, on ground that one walks on.

    It lies along the container's sides. Past a corner of the ground that is not square it may cut off a tip.
    """
    if not case.before.knows(*WALKABLE[:1]):
        return case.unchecked(WALKABLE[0])
    shape, half = case.thing.footprint, case.limit("turning_m") / 2
    around = shape.buffer(3 * half, quad_segs=2)
    solid = [thing.footprint for thing in case.after.obstacles(around, 0, but=case.thing)]
    free = shapely.difference(ground_in(case.after, around, *WALKABLE), shapely.union_all([shape, *solid]))
    middles = shapely.buffer(free, TOLERANCE - half, join_style="mitre")
    beside = shapely.dwithin(middles, shape, half + BESIDE_M)
    return case.against(
        "turning_m",
        None,
        bool(beside),
        N_(
            "Bij de container is geen plek van %(t)s in het vierkant om met een rolstoel te draaien. "
            "Maak er ruimte, of schuif hem op."
        ),
        place=shape,
        uncertain=case.after.is_estimated(around, *WALKABLE),
    )


def _wires(case: Case) -> Finding:
    """The map rarely tells of wires, of trams or between façades; then somebody has to look up."""
    if not case.after.knows("overhead_wire"):
        return case.unchecked("overhead_wire")
    hit = [wire.geometry for wire in case.after.near(case.thing.footprint, 0, "overhead_wire")]
    if not hit:
        return case.fits()
    return case.says(
        N_("Boven de container hangt een draad, en daar hijst men niet langs. Schuif hem op."),
        place=shapely.union_all(hit).intersection(case.thing.footprint.buffer(1)),
    )


# --- Humps --------------------------------------------------------------------------------------------


@rule("R27", about=PUTS_HUMP)
def hump_context(case: Case) -> Iterator[Finding]:
    """Not on a bus route nor close to houses on soft ground, and over the whole carriageway (S11, S13)."""
    yield _buses(case)
    yield case.unchecked("heavy_traffic")
    yield _houses(case)
    yield from _whole_width(case)


def _buses(case: Case) -> Finding:
    shape = case.thing.footprint
    axes = case.before.near(shape, BUS_M, "street_axis")
    if any(_says_yes(axis.attributes.get("bus_route")) for axis in axes):
        return case.says(
            N_("Hier rijdt de bus. Op een busroute kiest de gemeente liever iets anders dan een drempel."),
            place=shape,
        )
    stop = case.before.nearest(shape, BUS_STOP_M, "bus_stop")
    if stop is not None and not case.before.knows("bus_route"):
        return case.says(
            N_(
                "Hier dichtbij stopt een bus. "
                "Op een busroute kiest de gemeente liever iets anders dan een drempel."
            ),
            place=stop[0].footprint,
        )
    return case.fits() if case.before.knows("bus_route") else case.unchecked("bus_route")


def _says_yes(value: object) -> bool:
    return value is not None and str(value).lower() not in ("", "no", "nee", "false", "0")


def _houses(case: Case) -> Finding:
    shape = case.thing.footprint
    if not case.after.knows("building"):
        return case.unchecked("building")
    found = case.after.nearest(shape, case.limit("building_m") + 1, "building")
    if found is None:
        return case.fits()
    return case.at_least(
        "building_m",
        found[1],
        N_("De drempel ligt %(w)s van een gevel. Op slappe grond trillen huizen; dan is %(t)s nodig."),
        place=shortest_line(shape, found[0].footprint),
    )


def _whole_width(case: Case) -> Iterator[Finding]:
    """A hump drawn as a line across: what it leaves open beside it in the carriageway."""
    line = case.thing.geometry
    if line.geom_type != "LineString" or line.length < 0.5 or not case.after.knows("carriageway"):
        return
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 0.5:
        return
    dx, dy = (x1 - x0) / length * FAR_M, (y1 - y0) / length * FAR_M
    across = LineString([(x0 - dx, y0 - dy), (x1 + dx, y1 + dy)])
    road = ground_in(case.after, across.buffer(1, quad_segs=1), "carriageway")
    crossed = [
        part
        for part in shapely.get_parts(shapely.intersection(across, road))
        if part.geom_type == "LineString" and shapely.dwithin(part, line, 0.05)
    ]
    if not crossed:
        yield case.says(
            N_("Een drempel hoort op de rijbaan. Teken hem van stoeprand tot stoeprand."), place=line
        )
        return
    covered = shapely.buffer(line, 0.05, cap_style="flat")
    open_m = max(part.difference(covered).length for part in crossed)
    yield case.at_most(
        "gap_m",
        open_m,
        N_("De drempel laat %(w)s rijbaan open. Teken hem van stoeprand tot stoeprand."),
        place=shapely.union_all(crossed).difference(covered),
        uncertain=case.after.is_estimated(line, "carriageway"),
    )


@rule("R28", about=puts("raised_crossing"))
def no_zebra_30(case: Case) -> Iterator[Finding]:
    """In a 30 km/h street a municipality seldom marks a zebra crossing (policy of one, S13)."""
    near = case.before.near(case.thing.footprint, BUS_M, "street_axis")
    speeds = [speed for axis in near if (speed := speed_kmh(axis)) is not None]
    if not speeds:
        yield case.unchecked("speed_limit")
        return
    speed = max(speeds)
    yield case.against(
        "speed_kmh",
        speed,
        speed > case.limit("speed_kmh"),
        N_(
            "Hier geldt %(w)s. In zo'n straat kiest de gemeente meestal geen zebrapad, "
            "wel een verhoogde oversteek."
        ),
    )
