"""Parking places: how many a surface has, which are for disabled people, and what a design does to them."""

from __future__ import annotations

import math
from functools import lru_cache
from weakref import WeakKeyDictionary

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Street, Thing

# A surface up to this size is one bay, a larger one a row of bays of 2.0 x 6.0 m; 1.95 bays are two.
ONE_BAY_UP_TO_M2 = 18.0
BAY_M2 = 12.0
BAY_TOLERANCE = 0.05
MOST = 10_000
# What takes a bay away once it lies or stands on it; paving, a plateau or a home zone leaves it in use.
COVERING_GROUND = frozenset({"green", "pavement", "square"})
COVERING_THINGS = frozenset({"play", "bike_stand"})
TOUCHES_M = 0.5
FOR_DISABLED = ("gehandicapt", "disabled", "invalide")


def places_of(bay: Thing) -> int:
    """Parking places on one parking surface: what the map says, else by its size."""
    told = bay.number("capacity")
    if told is not None and told >= 1:
        return min(math.floor(told), MOST)
    area = bay.footprint.area
    return 1 if area <= ONE_BAY_UP_TO_M2 else _bays(area)


def is_for_disabled(bay: Thing) -> bool:
    """Whether the map, or the drawing, says that a bay is for disabled people."""
    if bay.element is not None:
        return bay.element.id == "parking_disabled"
    said = bay.attributes.get("disabled")
    if isinstance(said, bool):
        return said
    words = (bay.attributes.get(name) for name in ("type", "function", "plus_function"))
    return any(mark in str(word).lower() for word in words if word for mark in FOR_DISABLED)


def tells_of_disabled(street: Street) -> bool:
    """Whether the map tells at all which bays are for disabled people."""
    known = _tells.get(street)
    if known is None:
        known = street.knows("disabled_bay") or any(
            "disabled" in bay.attributes or is_for_disabled(bay) for bay in street.things("parking")
        )
        _tells[street] = known
    return known


_tells: WeakKeyDictionary[Street, bool] = WeakKeyDictionary()


def balance(after: Street) -> list[tuple[Thing, int]]:
    """Per bay or drawn thing the places that a whole design adds or takes; each place goes only once."""
    kept = _balances.get(after)
    if kept is None:
        kept = _balances[after] = _work_out(after)
    return kept


_balances: WeakKeyDictionary[Street, list[tuple[Thing, int]]] = WeakKeyDictionary()


def _work_out(after: Street) -> list[tuple[Thing, int]]:
    before = after.before
    if before is None:
        return []
    stay = {thing.id for thing in after.things("parking")}
    gone = [bay for bay in before.things("parking") if bay.id not in stay]
    drawn = [thing for thing in after.drawn if thing.element is not None or thing.kind == "parking"]
    covering = [thing for thing in drawn if _covers(thing)]
    standing = {
        bay.id: bay
        for thing in covering
        for bay in after.near(thing.footprint, 0, "parking")
        if not bay.is_drawn
    }
    entries = [(bay, -places_of(bay)) for bay in gone if not _is_succeeded(bay, drawn)]
    entries += [(bay, -_covered(bay, covering)) for bay in standing.values()]
    freed = [bay.footprint for bay in gone]
    freed += [thing.footprint for thing in drawn if _element(thing) == "parking_removal"]
    entries += [(thing, _brings(thing, freed, list(standing.values()), stay)) for thing in drawn]
    return [(thing, amount) for thing, amount in entries if amount]


def _element(thing: Thing) -> str:
    return thing.element.id if thing.element is not None else ""


def _mean(thing: Thing) -> str:
    return thing.element.effects.car_spaces_mean if thing.element is not None else ""


def _is_succeeded(bay: Thing, drawn: list[Thing]) -> bool:
    """Whether another kind of bay takes the place of this one."""
    return any(
        _mean(thing) in ("converts", "reserved")
        and thing.kind == "parking"
        and shapely.intersection(thing.footprint, bay.footprint).area > bay.footprint.area / 2
        for thing in drawn
    )


def _covers(thing: Thing) -> bool:
    if thing.element is None or _element(thing) == "parking_removal":
        return False
    number = thing.element.effects.car_spaces
    if number is not None and number.low >= 0:
        return False
    return thing.lays in COVERING_GROUND or thing.kind in COVERING_THINGS


def _covered(bay: Thing, covering: list[Thing]) -> int:
    upon = [thing.footprint for thing in covering if shapely.intersects(thing.footprint, bay.footprint)]
    if not upon or bay.footprint.area == 0:
        return 0
    share = shapely.intersection(shapely.union_all(upon), bay.footprint).area / bay.footprint.area
    return math.floor(share * places_of(bay) + 0.5)


def _brings(thing: Thing, freed: list[BaseGeometry], standing: list[Thing], bays: set[str]) -> int:
    """What an element brings or costs by the catalogue, where the map itself does not tell it."""
    if thing.element is None:  # a bay that was moved
        return places_of(thing) if thing.kind == "parking" and thing.object_id is not None else 0
    number = thing.element.effects.car_spaces
    if number is None or _mean(thing) == "reserved":
        return 0
    if _element(thing) != "parking_removal" and number.low < 0:
        if _covers(thing) and any(_covered(bay, [thing]) for bay in standing):
            return 0
        if number.high == 0 and bays and thing.geometry.area:
            return 0
        if any(shapely.dwithin(thing.footprint, one, TOUCHES_M) for one in freed):
            return 0
    units = _bays(thing.footprint.area) if thing.element.cost.unit == "bay" else 1
    return int(number.low * units)


@lru_cache(maxsize=256)
def _bays(area_m2: float) -> int:
    return max(1, min(math.floor(area_m2 / BAY_M2 + BAY_TOLERANCE), MOST))
