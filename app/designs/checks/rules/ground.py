"""Rules about whose ground it is, what is in the way of what, bays for disabled people, and full streets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import shapely
import shapely.affinity
from shapely import box, shortest_line
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from app.designs.checks.concerns import puts_anything, takes
from app.designs.checks.measure import HAIR_M, ground_in, middle, overlap, sides
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.places import (
    balance,
    disabled_places,
    is_for_disabled,
    places_of,
    tells_of_disabled,
)
from app.designs.checks.registry import rule
from app.designs.checks.street import Proposal, Street, Thing, trunk

STREET_GROUND = ("carriageway", "parking", "cycle_path", "pavement", "driveway", "square", "green", "rail")
# Ground that is somebody's, or none.
NOT_STREET = ("building", "parcel", "yard", "water", "rail")
# Less than this part of a thing on ground that the map does not know is a matter of drawing.
UNMAPPED_SHARE = 0.1
# Ground on which nothing may stand if it is to be of use.
USED_WHOLE = ("parking", "cycle_path")
# Areas of ground are drawn by hand along a façade: an overlap up to twice this thick is none.
ROUGH_M = 0.15
# Ground that is hard to fall on.
PAVED = ("carriageway", "parking", "pavement", "square", "driveway", "cycle_path")
# What may share a place: stands in one rack, trees in one hedge, things in a play area or on a parklet.
TOGETHER = frozenset(
    {
        frozenset({"bike_stand"}),
        frozenset({"tree", "hedge"}),
        frozenset({"hedge"}),
        frozenset({"parklet", "bench"}),
        frozenset({"parklet", "planter"}),
        frozenset({"parklet", "bike_stand"}),
    }
)
SURVEYED = frozenset(
    {
        *("tree", "bench", "bike_stand", "lamp", "container", "bollard", "play", "charger", "planter"),
        *("bus_stop", "hydrant"),
    }
)


def _concerns_ground(proposal: Proposal) -> bool:
    if proposal.action == "survey":
        return proposal.kind in SURVEYED
    return proposal.places and proposal.element != "one_way_street"


@rule("R35", about=_concerns_ground)
def public_land(case: Case) -> Iterator[Finding]:
    """On public ground, and not where something solid stands or comes; each names the other thing."""
    found = [*_whose_ground(case), *_in_the_way(case)]
    yield from found or [case.fits()]


def _whose_ground(case: Case) -> Iterator[Finding]:
    shape = _taken(case.thing)
    on_it = case.after.near(shape, 0, *NOT_STREET, *STREET_GROUND)
    street = [thing for thing in on_it if thing.kind in STREET_GROUND and thing.id != case.thing.id]
    told = False
    for thing in on_it:
        if thing.kind not in NOT_STREET or thing.id == case.thing.id:
            continue
        shared = _shared(shape, thing.footprint, HAIR_M if case.thing.is_solid else ROUGH_M)
        if shared is not None and thing.kind == "water":
            # A bridge carries the street over the water.
            shared = _beyond(shared, street)
        if shared is None:
            continue
        told = True
        yield _not_public(case, thing, shared)
    if not told and not case.after.knows("parcel") and not _is_mapped(shape, street):
        yield case.unchecked("parcel")


def _taken(thing: Thing) -> BaseGeometry:
    """The ground that is meant: a façade garden drawn as a line lies against the wall, not half in it."""
    if thing.element is not None and thing.element.id == "facade_garden" and thing.geometry.area == 0:
        return thing.geometry.buffer(0.02, cap_style="flat")
    return thing.footprint if thing.footprint.area else thing.geometry.buffer(0.05, quad_segs=1)


def _shared(one: BaseGeometry, other: BaseGeometry, hair_m: float) -> BaseGeometry | None:
    """The overlap, where it is more than the inaccuracy of drawing, or most of a small thing."""
    shared = overlap(one, other, hair_m)
    return shared if shared is None or shared.area > 0.01 or shared.area > one.area / 2 else None


def _beyond(shared: BaseGeometry, street: list[Thing]) -> BaseGeometry | None:
    left = shapely.difference(shared, shapely.union_all([thing.footprint for thing in street]))
    return left if left.area > 0.01 else None


def _not_public(case: Case, thing: Thing, shared: BaseGeometry) -> Finding:
    match thing.kind:
        case "building":
            return case.says(
                N_("Dit staat voor een deel in een gebouw. Schuif het naar de straat."), place=shared
            )
        case "water":
            return case.says(N_("Dit ligt in het water. Schuif het naar de straat."), place=shared)
        case "rail":
            return case.says(N_("Dit ligt op het spoor. Schuif het naar de straat."), place=shared)
        case "parcel":
            return case.says(
                N_("Dit ligt op privégrond. Schuif het naar de straat, of vraag de eigenaar."), place=shared
            )
    # A yard on the base map is mostly a garden; where plots are known they decide.
    return case.says(
        N_("Dit ligt op een erf of terrein dat niet bij de straat hoort. Schuif het naar de straat."),
        place=shared,
        advice=case.after.knows("parcel") or case.is_advice,
    )


def _is_mapped(shape: BaseGeometry, street: list[Thing]) -> bool:
    """Whether (nearly) all of it lies on ground that the map shows as street."""
    if not street:
        return False
    known = sum(shapely.area(shapely.intersection([thing.footprint for thing in street], shape)))
    return bool(known >= (1 - UNMAPPED_SHARE) * shape.area)


def _in_the_way(case: Case) -> Iterator[Finding]:
    thing = case.thing
    solid, used_whole = thing.is_solid, thing.is_drawn and thing.lays in USED_WHOLE
    if not solid and not used_whole and not _is_bed(thing):
        return
    for other in case.after.near(thing.footprint, 0):
        if other.id == thing.id or other.id == f"{thing.id}-left" or other.kind in NOT_STREET:
            continue
        if _may_share(thing, other):
            continue
        if not (other.is_solid and (solid or used_whole)) and not _both_lay(thing, other, solid):
            continue
        shared = overlap(*_shapes(thing, other))
        if shared is not None and other.kind == "structure":
            # A bridge carries the street.
            shared = _beyond(shared, case.after.near(shared, 0, *STREET_GROUND))
        if shared is not None:
            yield case.says(
                N_("Op deze plek is al iets anders: %(other)s. Schuif een van de twee op."),
                place=shared,
                other=_name(other),
            )


def _is_bed(thing: Thing) -> bool:
    return thing.is_drawn and thing.lays == "green"


def _both_lay(thing: Thing, other: Thing, solid: bool) -> bool:
    """Whether two drawn surfaces want the same ground, or something solid stands on a new track or bay."""
    if not (thing.is_drawn and other.is_drawn) or (other.element is None and other.object_id is None):
        return False
    if other.id.endswith("-left"):
        return False
    if solid:
        return other.lays in USED_WHOLE
    return other.lays in (*USED_WHOLE, "green") and thing.lays in (*USED_WHOLE, "green")


def _may_share(one: Thing, other: Thing) -> bool:
    pair = frozenset({one.kind, other.kind})
    if pair in TOGETHER or ((one.kind == "barrier" or other.kind == "barrier") and "hedge" in pair):
        return True
    return _is_play_area(one) or _is_play_area(other)


def _is_play_area(thing: Thing) -> bool:
    """A place to play rather than one piece of equipment: benches and trees stand in it."""
    if thing.element is not None:
        return thing.element.id == "play_area"
    return thing.kind == "play" and thing.geometry.area > 0


def _shapes(one: Thing, other: Thing) -> tuple[BaseGeometry, BaseGeometry]:
    """Trees in one bed share the ground around their stems; a bay or track only minds the stem."""
    if (one.kind == "tree" and other.kind == "tree") or not (one.is_solid and other.is_solid):
        return trunk(one), trunk(other)
    return one.footprint, other.footprint


def _name(thing: Thing) -> str:
    return thing.element.id if thing.element is not None else thing.kind


# --- Bays for disabled people ------------------------------------------------------------------------------


def _concerns_bays(proposal: Proposal) -> bool:
    if proposal.action == "survey":
        return proposal.thing is not None and proposal.kind == "parking" and is_for_disabled(proposal.thing)
    return puts_anything(proposal) or takes("parking")(proposal)


@rule("R31", about=_concerns_bays)
def disabled_bay(case: Case) -> Iterator[Finding]:
    """Existing bays for disabled people stay, whole; new ones are large enough, near a ramp and a door."""
    proposal = case.proposal
    if proposal.action in ("remove", "move", "replace") and proposal.object is not None:
        yield from _taken_away(case, proposal.object)
    if not proposal.places:
        return
    thing = case.thing
    if thing.kind == "parking" and is_for_disabled(thing):
        yield from _bay_size(case)
        yield _ramp(case)
        yield _entrance(case)
    elif proposal.action != "survey":
        yield from _on_a_bay(case)


def _taken_away(case: Case, bay: Thing) -> Iterator[Finding]:
    if bay.kind != "parking":
        return
    if not disabled_places(bay):
        yield case.fits() if tells_of_disabled(case.before) else case.unchecked("disabled_bay")
        return
    before, after = (
        sum(disabled_places(thing) for thing in street.things("parking"))
        for street in (case.before, case.after)
    )
    if after < before:
        yield case.says(
            N_("Een gehandicaptenparkeerplaats verdwijnt. Laat hem staan, of teken er dichtbij een terug."),
            place=bay.footprint,
        )
    else:
        yield case.says(
            N_("Een gehandicaptenparkeerplaats verhuist. Overleg met wie hem gebruikt."),
            place=bay.footprint,
            advice=True,
        )


def _on_a_bay(case: Case) -> Iterator[Finding]:
    """Something that lies or stands on a bay which stays shrinks it."""
    if not case.thing.is_solid and case.thing.lays is None:
        return
    for bay in case.after.near(case.thing.footprint, 0, "parking"):
        if bay.id == case.thing.id or not disabled_places(bay):
            continue
        shared = overlap(case.thing.footprint, bay.footprint)
        if shared is None:
            continue
        if not is_for_disabled(bay):
            # Some of its places are: which ones, the map does not tell.
            yield case.unchecked("disabled_bay")
        else:
            yield case.says(
                N_("Dit neemt ruimte van een gehandicaptenparkeerplaats in. Schuif het op."), place=shared
            )


def _bay_size(case: Case) -> Iterator[Finding]:
    thing = case.thing
    width, length, direction = sides(thing.footprint)
    along = _lies_along(case, direction)
    wide = case.at_least(
        "width_m",
        width,
        N_(
            "Dit vak is %(w)s breed, nodig is %(t)s om een rolstoel naast de auto te zetten. Maak het breder."
        ),
        place=thing.footprint,
    )
    if wide.message and width >= case.limit("plate_width_m") - TOLERANCE:
        wide = case.at_least(
            "width_m",
            width,
            N_("Dit vak is %(w)s breed: genoeg voor een vak op kenteken. Voor iedereen is %(t)s nodig."),
            place=thing.footprint,
            advice=True,
        )
    yield wide
    yield case.at_least(
        "length_parallel_m" if along else "length_perpendicular_m",
        length,
        N_("Dit vak is %(w)s lang, nodig is %(t)s. Maak het langer."),
        place=thing.footprint,
    )


def _lies_along(case: Case, direction: float) -> bool:
    """Whether the long side lies along the carriageway (or no carriageway is near)."""
    at = middle(case.thing)
    road = ground_in(case.after, at.buffer(12, quad_segs=1), "carriageway")
    if road.is_empty:
        return True
    (x0, y0), (x1, y1) = shortest_line(at, road).coords
    if math.hypot(x1 - x0, y1 - y0) < 1e-6:
        return True
    turn = math.atan2(y1 - y0, x1 - x0) - direction
    return abs(math.sin(turn)) >= math.sqrt(0.5)


def _ramp(case: Case) -> Finding:
    """A lowered kerb: a ramp that is drawn or on the map, a driveway or a crossing."""
    nearest = case.after.nearest(
        case.thing.footprint, case.limit("ramp_m"), "kerb_ramp", "driveway", "crossing"
    )
    if nearest is not None:
        return case.at_most("ramp_m", nearest[1], "")
    if not case.after.knows("kerb_ramp"):
        return case.unchecked("kerb_ramp")
    return case.against(
        "ramp_m",
        None,
        False,
        N_("Binnen %(t)s is geen verlaagde stoeprand. Teken er een op- en afrit bij."),
        place=case.thing.footprint,
    )


def _entrance(case: Case) -> Finding:
    nearest = case.after.nearest(case.thing.footprint, case.limit("entrance_m"), "entrance")
    if nearest is not None:
        return case.at_most("entrance_m", nearest[1], "")
    if not case.after.knows("entrance"):
        return case.unchecked("entrance")
    return case.against(
        "entrance_m",
        None,
        False,
        N_("Binnen %(t)s is geen ingang. Leg het vak dichter bij de deur waarvoor het is."),
        place=case.thing.footprint,
        advice=True,
    )


# --- How full ----------------------------------------------------------------------------------------------


def _concerns_places(proposal: Proposal) -> bool:
    element = proposal.thing.element if proposal.thing is not None else None
    costs = element is not None and element.effects.car_spaces is not None
    return takes("parking")(proposal) or (
        proposal.places
        and proposal.action != "survey"
        and (costs or proposal.kind in ("parking", "green", "pavement", "play", "bike_stand"))
    )


@rule("R36", about=_concerns_places)
def parking_pressure(case: Case) -> Iterator[Finding]:
    """Parked cars at the busiest moment against the places that the whole design leaves in that area."""
    if not _changes_places(case):
        return
    count = _count_at(case.before, case.proposal.place)
    if count is None:
        yield _uncounted(case)
        return
    parked = float(_non_negative(count, "parked") or 0.0)
    there = _capacity(case.before, count)
    change = sum(
        n for thing, n in balance(case.after) if shapely.intersects(thing.footprint, count.footprint)
    )
    left = there + change
    day = str(count.attributes.get("counted_on") or "?")
    if left <= 0:
        yield case.says(
            N_("Er blijft geen parkeerplek over; op %(day)s stonden er %(parked)s auto's."),
            place=count.footprint,
            day=day,
            parked=round(parked),
        )
        return
    yield case.at_most(
        "max_share",
        parked / left,
        N_(
            "Op het drukste moment is straks %(w)s van de plekken bezet, liever hoogstens %(t)s. "
            "Er blijven %(left)s plekken over; op %(day)s stonden er %(parked)s auto's."
        ),
        place=count.footprint,
        existing=change >= 0,
        left=left,
        parked=round(parked),
        day=day,
    )


def _changes_places(case: Case) -> bool:
    """Whether this change has a part in the places that come or go."""
    thing, gone = case.proposal.thing, case.proposal.object
    for concerned, _ in balance(case.after):
        if concerned is thing or (gone is not None and concerned.id == gone.id):
            return True
        if thing is None or concerned.is_drawn or concerned.kind != "parking":
            continue
        if case.after.thing(concerned.id) is None:
            # Another change takes this bay away, and is told so.
            continue
        if shapely.intersects(concerned.footprint, thing.footprint):
            return True
    return False


def _uncounted(case: Case) -> Finding:
    change = sum(amount for _, amount in balance(case.after))
    unknown = case.unchecked("parking_count")
    if change >= 0:
        return unknown
    return replace(
        unknown,
        message=N_(
            "Dit ontwerp kost samen %(lost)s parkeerplekken. Hoe vol het nu is, weten we niet: "
            "er is geen parkeertelling."
        ),
        params={"lost": -change},
    )


def _count_at(street: Street, place: BaseGeometry) -> Thing | None:
    """The newest count of parked cars whose area a place touches."""
    counts = [
        count
        for count in street.near(place, 0, "parking_count")
        if _non_negative(count, "parked") is not None
    ]
    return max(
        counts, key=lambda count: (str(count.attributes.get("counted_on") or ""), count.id), default=None
    )


def _non_negative(count: Thing, attribute: str) -> float | None:
    value = count.attributes.get(attribute)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100_000 else None


def _capacity(street: Street, count: Thing) -> int:
    told = _non_negative(count, "capacity")
    if told:
        return round(told)
    return sum(
        places_of(bay, street.bay_m2)
        for bay in street.near(count.footprint, 0, "parking")
        if shapely.intersects(count.footprint, middle(bay))
    )


# --- Play and bicycles -------------------------------------------------------------------------------------


def _is_equipment(proposal: Proposal) -> bool:
    if proposal.element:
        return proposal.places and proposal.element == "play_equipment"
    return (
        proposal.places
        and proposal.kind == "play"
        and proposal.thing is not None
        and (proposal.thing.geometry.geom_type == "Point")
    )


@rule("R26", about=_is_equipment)
def play_fall_zone(case: Case) -> Iterator[Finding]:
    """Nothing to fall against, the zone on public ground, and away from cars unless a fence is between."""
    shape = case.thing.footprint
    far = case.limit("zone_m") + 1
    others = [
        (trunk(thing).distance(shape), thing)
        for thing in case.after.obstacles(shape, far, but=case.thing)
        if not _is_play_area(thing)
    ]
    if others:
        distance, other = min(others, key=lambda pair: pair[0])
        yield case.at_least(
            "zone_m",
            distance,
            N_("Rond het toestel moet %(t)s vrij blijven om veilig te vallen; op %(w)s is %(other)s."),
            place=shortest_line(shape, trunk(other)),
            other=_name(other),
        )
    else:
        yield case.fits()
    zone = shapely.buffer(shape, case.limit("zone_m"), join_style="mitre")
    for thing in case.after.near(zone, 0, "yard", "parcel", "water", "rail"):
        shared = overlap(zone, thing.footprint)
        if shared is not None:
            yield case.says(
                N_("De ruimte om te vallen ligt voor een deel buiten de straat. Schuif het toestel op."),
                place=shared,
            )
    yield _cars(case, far)
    yield _surface(case, zone)


def _surface(case: Case, zone: BaseGeometry) -> Finding:
    """Nobody falls on paving; grass is soft up to some height of fall, which no drawing tells (S95)."""
    around = case.after.near(zone, 0, "play")
    soft = shapely.union_all([thing.footprint for thing in around if _is_play_area(thing)])
    hard = overlap(zone, shapely.difference(ground_in(case.after, zone, *PAVED), soft))
    if hard is not None:
        return case.says(
            N_("Rond het toestel ligt bestrating, en daar valt een kind hard op. Maak de ondergrond zacht."),
            place=hard,
            advice=True,
            uncertain=case.after.is_estimated(hard, *PAVED),
        )
    return case.asks(
        "grass_fall_m",
        N_("Gras is zacht genoeg als een kind hoogstens %(t)s valt. Is het toestel hoger, maak het zachter."),
    )


def _cars(case: Case, zone_m: float) -> Finding:
    shape = case.thing.footprint
    reach = max(zone_m, case.limit("carriageway_m") + 1)
    road = ground_in(case.after, shape.buffer(reach, quad_segs=2), "carriageway", "parking")
    if road.is_empty:
        return case.fits()
    between = shortest_line(shape, road)
    if between.length and any(
        shapely.intersects(fence.footprint, between)
        for fence in case.after.near(between, 0, "barrier", "hedge")
    ):
        return case.fits()
    distance = shape.distance(road)
    return case.against(
        "carriageway_m",
        distance,
        overlap(shape, road) is None and distance >= case.limit("carriageway_m") - TOLERANCE,
        N_("Het toestel staat %(w)s van waar auto's komen, nodig is %(t)s of een hek. Schuif het op."),
        place=between,
        uncertain=case.after.is_estimated(between, "carriageway", "parking"),
    )


def _is_one_stand(proposal: Proposal) -> bool:
    if not proposal.places or proposal.thing is None or proposal.kind != "bike_stand":
        return False
    return proposal.element in ("", "bike_stand") and proposal.thing.geometry.geom_type == "Point"


@rule("R34", about=_is_one_stand)
def bike_stand_spacing(case: Case) -> Iterator[Finding]:
    """From stand to stand (middle to middle), and room to turn a bicycle at one end at least."""
    yield _spacing(case)
    yield _aisle(case)


def _spacing(case: Case) -> Finding:
    at = middle(case.thing)
    others = [
        (_from(at, stand), stand)
        for stand in case.after.near(at, case.limit("preferred_m") + 1.5, "bike_stand")
        if stand.id != case.thing.id
    ]
    if not others:
        return case.fits()
    distance, stand = min(others, key=lambda pair: pair[0])
    tight = case.at_least(
        "spacing_m",
        distance,
        N_("De nietjes staan %(w)s uit elkaar, nodig is %(t)s om er een fiets tussen te zetten. Schuif op."),
        place=shortest_line(at, stand.footprint),
    )
    if tight.message:
        return tight
    return case.at_least(
        "preferred_m",
        distance,
        N_("De nietjes staan %(w)s uit elkaar. Dat kan; %(t)s is prettiger."),
        place=shortest_line(at, stand.footprint),
        advice=True,
    )


def _from(at: Point, stand: Thing) -> float:
    """From middle to middle; to a rack drawn as an area as if a stand stood at its edge."""
    if stand.geometry.geom_type == "Point":
        return at.distance(middle(stand))
    return at.distance(stand.footprint)


def _aisle(case: Case) -> Finding:
    """The ground at either end of the stand, as wide as the stand's own bicycles."""
    width, length, direction = sides(case.thing.footprint)
    at = middle(case.thing)
    aisle = case.limit("aisle_m")
    free = []
    blocked: list[BaseGeometry] = []
    for way in (1.0, -1.0):
        start = length / 2 + 0.01
        strip = box(start, -width / 2 + 0.01, start + aisle - 0.02, width / 2 - 0.01)
        if way < 0:
            strip = shapely.affinity.scale(strip, xfact=-1, origin=(0, 0))
        turned = shapely.affinity.rotate(strip, direction, origin=(0, 0), use_radians=True)
        end = shapely.affinity.translate(turned, at.x, at.y)
        hit = [thing.footprint for thing in case.after.obstacles(end, 0, but=case.thing)]
        free.append(not hit)
        blocked += hit and [end]
    return case.against(
        "aisle_m",
        None,
        any(free),
        N_(
            "Aan geen van beide kanten is %(t)s vrij om je fiets te keren. Schuif het nietje op of draai het."
        ),
        place=shapely.union_all(blocked) if blocked else None,
    )
