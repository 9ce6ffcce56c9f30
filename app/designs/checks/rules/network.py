"""Rules about the street in its network: the fire engine, closed streets, one-way traffic, services."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import Look
from app.designs.checks.clear_width.memory import remembered_look
from app.designs.checks.concerns import either, puts, puts_anything, takes
from app.designs.checks.measure import around
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.network import Network, network_of
from app.designs.checks.registry import rule
from app.designs.checks.street import Street, Thing

# Obstacles this far around a place decide whether one can drive past it.
AROUND_M = 9.0
# What is laid in a carriageway and driven over all the same.
DRIVEN_OVER = frozenset(("entry_construction", "permeable_paving"))
SERVICES = {"container": "container_m", "charger": "charger_m"}
# What the map calls a bin in the street (OpenStreetMap).
LITTER = frozenset(("waste_basket",))
# Of more things that shut a street nobody asks which one does it.
MOST_TOLD_APART = 40
# An address this near a building lies in it.
AT_HOME_M = 0.5


@rule("R06", about=puts_anything, on="carriageway")
def emergency_access_design(case: Case) -> Iterator[Finding]:
    """A street that is the only way to homes stays 4.5 m free, 3.25 m of it paved (S04, S06).

    Written for new access roads; in an existing street it makes a condition instead of refusing.
    """
    thing, network = case.thing, network_of(case.before)
    section = network.nearest(thing.footprint, drivable=True)
    if section is None or not _narrows(case.before, thing) or not network.is_only_access(section):
        return
    if case.after.nearest(section.line, case.limit("beyond_m") + AROUND_M, "building") is None:
        return
    wanted = max(case.limit("clear_m"), case.limit("paved_m"))
    now = _driven(case.after, thing.footprint, wanted).width_m
    then = _driven(case.before, thing.footprint, wanted).width_m
    message = N_(
        "Dit is de enige weg naar deze huizen. Er blijft %(w)s vrij; voor zo'n weg is %(t)s de richtlijn."
    )
    yield case.at_least(
        "clear_m",
        now,
        message,
        place=thing.footprint,
        advice=True,
        uncertain=case.before.is_estimated(thing.footprint, "carriageway"),
        existing=then <= now,
    )
    # What is measured is the carriageway, so that it tells how much paving is left as well.
    if now < case.limit("paved_m") - TOLERANCE:
        yield case.at_least(
            "paved_m",
            now,
            N_("Dit is de enige weg naar deze huizen. Er blijft %(w)s verhard; %(t)s is de richtlijn."),
            place=thing.footprint,
            advice=True,
            uncertain=case.before.is_estimated(thing.footprint, "carriageway"),
            existing=then <= now,
        )


@rule("R08", about=puts_anything, on="carriageway")
def fire_reach(case: Case) -> Iterator[Finding]:
    """Homes that the fire brigade's hose reaches today stay within reach (40 m, 10 m for flats; S06, S07).

    The distance is taken straight from the building to the nearest axis that can still be driven to: shorter
    than the hose's real way, so a home that is told to be out of reach is.
    """
    if case.thing.id not in {thing.id for thing in closing(case.after, _engine_m(case))}:
        return
    lost = _homes_out_of_reach(case)
    removable = case.proposal.element == "modal_filter"
    if not lost:
        yield case.fits()
        return
    yield case.against(
        "single_m",
        None,
        False,
        N_(
            "Voor %(n)s woningen wordt de afstand tot de brandweerwagen te groot. "
            "Houd hier een doorgang open."
        )
        if not removable
        else N_(
            "Voor %(n)s woningen wordt de afstand tot de brandweerwagen te groot, "
            "tenzij de hulpdiensten de paaltjes kunnen weghalen."
        ),
        place=shapely.union_all([home.geometry for home in lost]),
        advice=removable,
        # What closes the street was measured on its carriageway.
        uncertain=case.before.is_estimated(case.thing.footprint, "carriageway"),
        n=len(lost),
    )


@rule("R25", about=either(takes("container", "charger"), puts("container", "charger")))
def reach_services(case: Case) -> Iterator[Finding]:
    """No design makes the walk to a container over 125 m or to a charger over 250 m (S22-S24, S28, S29)."""
    concerned = case.proposal.object if case.proposal.object is not None else case.proposal.thing
    if concerned is None or concerned.kind not in SERVICES or not _serves(concerned):
        return
    if case.proposal.object is None:
        # One more never makes the walk longer.
        yield case.fits()
        return
    network = network_of(case.before)
    if not network.sections:
        yield case.unchecked("street_axis")
        return
    key = SERVICES[concerned.kind]
    further = _walk_further(case, network, concerned, case.limit(key))
    if not further:
        yield case.fits()
        return
    yield case.against(
        key,
        None,
        False,
        N_("Voor %(n)s woningen wordt de loopafstand langer dan %(t)s. Zet er een in de buurt terug."),
        place=shapely.union_all(further),
        n=len(further),
    )
    if concerned.kind == "container":
        yield from _never_further(case, network, concerned)


def _never_further(case: Case, network: Network, concerned: Thing) -> Iterator[Finding]:
    """Beyond the distance that one asks for lies one that no municipality goes beyond (S22, S24)."""
    beyond = _walk_further(case, network, concerned, case.limit("container_max_m"))
    if beyond:
        yield case.against(
            "container_max_m",
            None,
            False,
            N_("Voor %(n)s woningen wordt de loopafstand zelfs langer dan %(t)s."),
            place=shapely.union_all(beyond),
            n=len(beyond),
        )


def _serves(thing: Thing) -> bool:
    """Whether homes bring their waste there: a bin for passers-by stands on the map as a container too."""
    return thing.attributes.get("type") not in LITTER


def _walk_further(case: Case, network: Network, gone: Thing, limit: float) -> list[BaseGeometry]:
    """Homes that had a thing like the one that goes within the limit on foot and have it no more."""
    now, then = (
        network.walking([one.footprint for one in street.things(gone.kind) if _serves(one)], limit)
        for street in (case.after, case.before)
    )
    homes = [home.geometry for home in case.before.things("dwelling")]
    return [home for home in homes if now.distance_m(home) > limit + TOLERANCE >= then.distance_m(home)]


@rule("R30", about=puts("modal_filter"))
def modal_filter_passable(case: Case) -> Iterator[Finding]:
    """Bicycles, wheelchairs and fire engines get past a modal filter; cars can turn round (S79, S81)."""
    thing, network = case.thing, network_of(case.before)
    room = case.before.ground("carriageway", window=thing.footprint.buffer(1)).intersection(thing.geometry)
    width = max((part.length for part in shapely.get_parts(room)), default=0.0)
    guessed = case.before.is_estimated(thing.footprint, "carriageway")
    yield case.at_least(
        "cycle_gap_m",
        width,
        N_("De rijbaan is hier %(w)s breed. Fietsen hebben tussen de paaltjes %(t)s nodig."),
        place=thing.footprint,
        uncertain=guessed,
    )
    if width < case.limit("wheelchair_gap_m") - TOLERANCE:
        yield case.at_least(
            "wheelchair_gap_m",
            width,
            N_("De rijbaan is hier %(w)s breed. Een rolstoel heeft tussen de paaltjes %(t)s nodig."),
            place=thing.footprint,
            uncertain=guessed,
        )
    yield case.at_most(
        "dead_end_m",
        network.dead_end_m(thing.footprint),
        N_("De straat loopt hierna over %(w)s dood. Zonder keerplek mag dat %(t)s zijn."),
        place=thing.footprint,
        advice=True,
    )
    yield case.says(
        N_(
            "Hiervoor neemt de gemeente een verkeersbesluit. "
            "Kies paaltjes die de hulpdiensten kunnen weghalen."
        ),
        advice=True,
    )


@rule("R37", about=puts("one_way_street"))
def one_way_reach(case: Case) -> Iterator[Finding]:
    """One still drives into and out of every street; directions by `oneway` on the map."""
    network = network_of(case.before)
    drawn = [
        thing.geometry
        for thing in case.after.drawn
        if thing.kind == "one_way_street" and isinstance(thing.geometry, LineString)
    ]
    stuck = network.without_way(drawn).difference(network.without_way())
    if stuck.length > 1:
        yield case.says(
            N_("Met deze rijrichting kun je %(m)s straat niet meer in of uit. Draai de richting om."),
            place=stuck,
            m=float(stuck.length),
        )
    else:
        yield case.fits()
    yield case.says(N_("Voor eenrichtingsverkeer neemt de gemeente een verkeersbesluit."), advice=True)


_closing: WeakKeyDictionary[Street, dict[float, list[Thing]]] = WeakKeyDictionary()


def _engine_m(case: Case) -> float:
    return case.limit_of("R05", "min_m")


def closing(after: Street, engine_m: float) -> list[Thing]:
    """Drawn things past which a fire engine no longer gets where it did before.

    `engine_m`: the width that it needs in metres (R05, a municipality's own number where it has one).
    """
    before = after.before
    if before is None:
        return []
    kept = _closing.setdefault(after, {})
    if engine_m not in kept:
        shut = [
            thing
            for thing in after.drawn
            if _narrows(before, thing)
            # Most leave the street open: then it does not matter how it was.
            and not _is_open(after, thing.footprint, engine_m)
            and _is_open(before, thing.footprint, engine_m)
        ]
        # What stands near one that closes the street closes nothing itself. Where none does it by itself nor
        # is needed for it, they do it together.
        several = 1 < len(shut) <= MOST_TOLD_APART
        themselves = [thing for thing in shut if several and _has_a_part(after, before, thing, engine_m)]
        kept[engine_m] = themselves or shut
    return kept[engine_m]


def _has_a_part(after: Street, before: Street, thing: Thing, engine_m: float) -> bool:
    """Whether the street is closed at a thing by it alone, or open there without it."""
    alone = before.after(one for one in after.proposals if one.index == thing.change)
    if not _is_open(alone, thing.footprint, engine_m):
        return True
    without = before.after(one for one in after.proposals if one.index != thing.change)
    return _is_open(without, thing.footprint, engine_m)


def _narrows(before: Street, thing: Thing) -> bool:
    """Whether a drawn thing takes ground that one drives on."""
    if thing.element is not None and thing.element.id in DRIVEN_OVER:
        return False
    if not thing.is_solid and thing.lays in (None, "carriageway"):
        return False
    return bool(before.near(thing.footprint, 0, "carriageway"))


def _is_open(street: Street, place: BaseGeometry, engine_m: float) -> bool:
    """Whether the ground goes on at all (it may be a blind end, or taken up whole), and wide enough."""
    seen = _driven(street, place, engine_m)
    return seen.is_through and seen.width_m >= engine_m - TOLERANCE


def _driven(street: Street, place: BaseGeometry, up_to_m: float) -> Look:
    """The carriageway around a place, measured up to a width."""
    window = around(place, AROUND_M + 1)
    solid = [thing.footprint for thing in street.obstacles(window)]
    return remembered_look(street.ground("carriageway", window=window), solid, place, AROUND_M, up_to_m)


def _homes_out_of_reach(case: Case) -> list[Thing]:
    network = network_of(case.before)
    closed = [thing.footprint for thing in closing(case.after, _engine_m(case))]
    now, then = network.reachable(closed), network.driven
    homes, outlines, shared = _homes(case.before)
    # One address in a building is taken for a single-family home, more for flats.
    hose = np.where(shared, case.limit("other_m"), case.limit("single_m"))
    lost = (_far(outlines, then) <= hose) & (hose < _far(outlines, now))
    return [homes[place] for place in np.flatnonzero(lost)]


def _homes(street: Street) -> tuple[list[Thing], np.ndarray, np.ndarray]:
    """All homes, of each the outline of its building, and whether others share that; kept with the street."""
    found: tuple[list[Thing], np.ndarray, np.ndarray] | None = street.measured.get("homes")
    if found is None:
        homes = street.things("dwelling")
        outlines, shared = [], []
        for home in homes:
            building = street.nearest(home.geometry, AT_HOME_M, "building")
            outline = building[0].footprint if building is not None else home.geometry
            outlines.append(outline)
            shared.append(building is not None and len(street.near(outline, AT_HOME_M, "dwelling")) > 1)
        found = homes, np.array(outlines, dtype=object), np.array(shared, dtype=bool)
        street.measured["homes"] = found
    return found


def _far(outlines: np.ndarray, driven: BaseGeometry) -> np.ndarray:
    return np.full(len(outlines), np.inf) if driven.is_empty else shapely.distance(outlines, driven)
