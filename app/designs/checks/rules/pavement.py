"""Rules about room on the pavement: to walk, to pass each other, to get by in a wheelchair, to board a bus.

R01 asks for a width, R02 and R03 for how long it may be less: below R01's minimum over at most 20 m, below
R02's over at most 0.5 m (beside one thing), below R03's never. A façade garden follows R21 instead: most
municipalities allow it to leave less.
"""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import Compared
from app.designs.checks.concerns import puts, puts_anything
from app.designs.checks.measure import overlap, sides
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import WALKABLE, Proposal, Thing
from app.designs.checks.ways import WALKING, Passage, passage

# A platform is a surface; the post of an existing stop is not.
LEAST_PLATFORM_M2 = 2.0
# A garden that starts this near the wall lies against it.
AGAINST_M = 0.05
FAR_M = 15.0


def _walks(proposal: Proposal) -> bool:
    return puts_anything(proposal) and proposal.element not in ("facade_garden", "modal_filter")


def _walking(case: Case) -> Passage | None:
    return passage(case, WALKING, max(case.limit_of("R01", "preferred_m"), case.limit_of("R21", "leave_m")))


def _uncertain(case: Case, place: BaseGeometry) -> bool:
    return case.after.is_estimated(place, *WALKABLE)


def _too_long(case: Case, way: Passage) -> list[Compared]:
    """Stretches below R01's minimum, as long as they really are."""
    limit, longest = case.limit_of("R01", "min_m"), case.limit_of("R02", "max_length_m")
    found = way.narrowings(limit - TOLERANCE)
    if any(one.narrowing.open_ended and one.narrowing.length_m <= longest for one in found):
        found = way.narrowings(limit - TOLERANCE, longest + 1)
    return [one for one in found if one.narrowing.length_m > longest + TOLERANCE]


def _squeezes(case: Case, way: Passage) -> list[Compared]:
    """Stretches below R02's minimum that R03 does not allow."""
    least, longest = case.limit_of("R03", "min_m"), case.limit_of("R03", "max_length_m")
    return [
        one
        for one in way.narrowings(case.limit_of("R02", "min_m") - TOLERANCE)
        if way.told(one).width_m < least - TOLERANCE or one.narrowing.length_m > longest + TOLERANCE
    ]


def _worst(way: Passage, found: list[Compared]) -> Compared:
    """What the change causes before what was there already; of those the narrowest."""
    return min(found, key=lambda one: (not one.is_caused, way.told(one).width_m))


@rule("R01", about=_walks)
def pavement_clear_width(case: Case) -> Iterator[Finding]:
    """1.50 m stays free to walk, preferably 1.80 m (S01, S02); less only as R02 and R03 allow."""
    way = _walking(case)
    if way is None:
        return
    narrow = way.narrowings(case.limit("min_m") - TOLERANCE)
    if narrow:
        wrong = [*_too_long(case, way), *_squeezes(case, way)]
        least = case.limit_of("R03", "min_m") - TOLERANCE
        refused = [
            one
            for one in narrow
            if way.told(one).width_m < least or any(_overlap(one, other) for other in wrong)
        ]
        worst = _worst(way, refused or narrow)
        gap = way.told(worst)
        yield case.against(
            "min_m",
            gap.width_m,
            False,
            N_(
                "Er blijft %(w)s stoep vrij, nodig is %(t)s om elkaar te kunnen passeren. "
                "Schuif dit op of kies iets smallers."
            )
            if refused
            else N_("Er blijft %(w)s stoep vrij, minder dan %(t)s. Dat kan, want het is een kort stuk."),
            place=gap.across,
            uncertain=_uncertain(case, gap.across),
            advice=None if refused else True,
            existing=not worst.is_caused,
        )
        return
    beside = way.gap()
    if beside is None:
        yield case.against("preferred_m", None, True, "")
        return
    enough = beside.width_m >= case.limit("preferred_m") - TOLERANCE
    yield case.against(
        "min_m" if enough else "preferred_m",
        beside.width_m,
        enough,
        N_("Er blijft %(w)s stoep vrij. Dat kan, liever is het %(t)s."),
        place=beside.across,
        uncertain=_uncertain(case, beside.across),
        advice=True,
        existing=way.then.had([beside.across])[0],
    )


def _overlap(one: Compared, other: Compared) -> bool:
    return bool(shapely.dwithin(one.narrowing.over, other.narrowing.over, AGAINST_M))


@rule("R02", about=_walks)
def pavement_local_narrowing(case: Case) -> Iterator[Finding]:
    """A stretch below R01's minimum is at most 20 m long (S01)."""
    way = _walking(case)
    if way is None:
        return
    found = _too_long(case, way)
    if not found:
        lengths = [
            one.narrowing.length_m
            for one in way.narrowings(case.limit_of("R01", "min_m") - TOLERANCE)
            if not one.narrowing.open_ended
        ]
        yield case.against("max_length_m", max(lengths, default=None), True, "")
        return
    longest = max(found, key=lambda one: (one.longer, one.narrowing.length_m))
    yield case.at_most(
        "max_length_m",
        longest.narrowing.length_m,
        N_(
            "De stoep wordt over %(w)s smal, en hoogstens %(t)s past bij de richtlijn. "
            "Maak dit korter, of houd er meer ruimte langs."
        ),
        place=longest.narrowing.along,
        uncertain=_uncertain(case, longest.narrowing.along),
        existing=not longest.longer,
    )


@rule("R03", about=_walks)
def pavement_point_narrowing(case: Case) -> Iterator[Finding]:
    """Beside one thing at least 0.90 m stays free, and so little over at most 0.50 m (S01, S79)."""
    way = _walking(case)
    if way is None:
        return
    found = _squeezes(case, way)
    if not found:
        beside = way.gap()
        yield case.against("min_m", beside.width_m if beside is not None else None, True, "")
        return
    worst = _worst(way, found)
    gap = way.told(worst)
    uncertain = _uncertain(case, gap.across)
    if gap.width_m < case.limit("min_m") - TOLERANCE:
        yield case.at_least(
            "min_m",
            gap.width_m,
            N_("Hier blijft %(w)s over, en een rolstoel heeft %(t)s nodig. Schuif dit op."),
            place=gap.across,
            uncertain=uncertain,
            existing=not worst.is_caused,
        )
        return
    yield case.at_most(
        "max_length_m",
        worst.narrowing.length_m,
        N_(
            "Over %(w)s blijft hier maar %(b)s stoep over. Zo smal past hoogstens over %(t)s bij de "
            "richtlijn. Schuif dit op of kies iets korters."
        ),
        place=worst.narrowing.along,
        uncertain=uncertain,
        existing=not worst.is_caused,
        b=gap.width_m,
    )


@rule("R21", about=puts("facade_garden"))
def facade_garden_depth(case: Case) -> Iterator[Finding]:
    """At most 0.45 m deep and 0.40 m dug, against the façade, and 1.20 m of pavement stays (S25, S26)."""
    garden = case.thing
    nearest = case.after.nearest(garden.footprint, FAR_M, "building")
    if nearest is None or nearest[1] > AGAINST_M:
        yield case.says(
            N_("Een geveltuin ligt tegen de gevel. Schuif hem tegen het huis aan."),
            place=garden.footprint,
            uncertain=_uncertain(case, garden.footprint),
        )
        return
    yield case.at_most(
        "max_depth_m",
        _depth(case, garden),
        N_("Deze geveltuin is %(w)s diep; hier past hoogstens %(t)s. Maak hem smaller."),
        place=garden.footprint,
    )
    way = passage(case, WALKING, max(case.limit_of("R01", "preferred_m"), case.limit("leave_m")))
    if way is not None:
        yield _left_beside(case, way)
    yield case.asks("dig_m", N_("Graaf een geveltuin hoogstens %(t)s diep: daaronder liggen leidingen."))


def _left_beside(case: Case, way: Passage) -> Finding:
    narrow = way.narrowings(case.limit("leave_m") - TOLERANCE)
    if narrow:
        worst = _worst(way, narrow)
        gap = way.told(worst)
        return case.at_least(
            "leave_m",
            gap.width_m,
            N_("Naast deze geveltuin blijft %(w)s stoep over, nodig is %(t)s. Maak hem smaller of korter."),
            place=gap.across,
            uncertain=_uncertain(case, gap.across),
            existing=not worst.is_caused,
        )
    beside = way.gap()
    return case.against("leave_m", beside.width_m if beside is not None else None, True, "")


def _depth(case: Case, garden: Thing) -> float:
    """How far a garden comes from the façade: the farthest of its corners outside the houses.

    One drawn as a line along the façade is as deep as it is wide, whichever side of the line the wall is on.
    """
    houses = [thing.footprint for thing in case.after.near(garden.footprint, AGAINST_M, "building")]
    corners = shapely.points(shapely.get_coordinates(garden.footprint))
    farthest = float(shapely.distance(corners, shapely.union_all(houses)).max())
    if garden.geometry.area > 0:
        return farthest
    element = garden.element
    width = garden.width_m or (
        element.width_m.value if element is not None and element.width_m is not None else 0.0
    )
    return max(farthest, width)


@rule("R29", about=puts("bus_stop"))
def bus_stop_geometry(case: Case) -> Iterator[Finding]:
    """A platform: 1.50 m deep (1.80 m at the doors) and 0.18 m high; things on it stand 1.50 m off the kerb.

    Source: S31. Of a stop that the map knows as a post only, the platform is not known.
    """
    platform = case.thing
    if not _is_platform(platform):
        yield case.unchecked("bus_platform")
        return
    yield _deep_enough(case, platform)
    for thing in case.after.obstacles(platform.footprint, but=platform):
        if overlap(thing.footprint, platform.footprint) is not None:
            yield from _kerb(case, thing)
    yield case.asks(
        "height_m", N_("Het perron komt %(t)s boven de rijbaan: zo rijdt een rolstoel zo naar binnen.")
    )


def _is_platform(thing: Thing) -> bool:
    return thing.kind == "bus_stop" and thing.footprint.area >= LEAST_PLATFORM_M2


def _deep_enough(case: Case, platform: Thing) -> Finding:
    depth, _, _ = sides(platform.footprint)
    if depth >= case.limit("depth_m") - TOLERANCE:
        return case.at_least(
            "door_m",
            depth,
            N_("Het perron is %(w)s diep. Bij de deur van de bus is %(t)s nodig."),
            place=platform.footprint,
            advice=True,
        )
    return case.at_least(
        "depth_m",
        depth,
        N_("Het perron is %(w)s diep, en een rolstoel heeft %(t)s nodig. Maak het dieper."),
        place=platform.footprint,
    )


def _kerb(case: Case, thing: Thing) -> Iterator[Finding]:
    """How far something on a platform stands from the kerb."""
    if not case.before.knows("carriageway"):
        yield case.unchecked("carriageway")
        return
    nearest = case.after.nearest(thing.footprint, FAR_M, "carriageway")
    if nearest is None:
        yield case.fits()
        return
    road, distance = nearest
    yield case.at_least(
        "shelter_m",
        distance,
        N_("Op het perron staat dit %(w)s van de stoeprand, nodig is %(t)s. Zet het verder naar achteren."),
        place=shapely.shortest_line(thing.footprint, road.footprint),
        uncertain=case.after.is_estimated(road.footprint, "carriageway"),
    )
