"""Rules about swales and rain gardens."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely import shortest_line

from app.designs.checks.concerns import puts
from app.designs.checks.measure import ground_in, sides
from app.designs.checks.model import N_, Case, Finding
from app.designs.checks.registry import rule

PAVED = ("carriageway", "parking", "pavement", "square", "driveway", "cycle_path")


@rule("R33", about=puts("wadi", "rain_garden"))
def wadi_form(case: Case) -> Iterator[Finding]:
    """Not too deep, wide enough, large enough for its surroundings, away from façades.

    What drains into it is not on any map: paving up to `reach_m` away is taken for it. Whether it empties in
    a day depends on soil and groundwater, which are not known.
    """
    yield from _size(case)
    yield _share(case)
    yield _facade(case)
    if not case.after.knows("groundwater"):
        yield case.unchecked("groundwater")


def _size(case: Case) -> Iterator[Finding]:
    thing, element = case.thing, case.thing.element
    storage = element.effects.storage_m3 if element is not None else None
    depth = thing.number("depth_m") or (storage.high if storage is not None else None)
    if depth is not None:
        yield case.at_most(
            "depth_m",
            depth,
            N_("Het water kan %(w)s diep worden, hoogstens %(t)s is veilig. Maak het ondieper."),
        )
    is_wadi = element is None or element.id == "wadi"
    yield case.at_least(
        "width_m" if is_wadi else "rain_garden_width_m",
        sides(thing.footprint)[0],
        N_("Dit is %(w)s breed; om goed te werken is %(t)s nodig. Maak het breder."),
        place=thing.footprint,
    )


def _share(case: Case) -> Finding:
    area = case.thing.footprint
    around = shapely.buffer(area, case.limit("reach_m"))
    paved = shapely.intersection(ground_in(case.after, around, *PAVED), around).area
    if paved == 0 and not any(case.after.knows(kind) for kind in PAVED):
        return case.unchecked("pavement")
    share = min(area.area / paved, 1.0) if paved > 0 else 1.0
    return case.at_least(
        "share",
        share,
        N_(
            "Dit is klein voor de straat eromheen: %(w)s van de verharding die erop kan afwateren, "
            "liever %(t)s. Maak het groter of haal tegels weg."
        ),
        place=area,
    )


def _facade(case: Case) -> Finding:
    nearest = case.after.nearest(case.thing.footprint, case.limit("building_m") + 1, "building")
    if nearest is None:
        return case.fits()
    building, distance = nearest
    return case.at_least(
        "building_m",
        distance,
        N_("Het water staat %(w)s van een gevel, liever %(t)s. Schuif het van de gevel af."),
        place=shortest_line(case.thing.footprint, building.footprint),
    )
