"""Parking places: how many a surface has, which are for disabled people, and what a design does to them.

The one bookkeeping of places: the rule about full streets asks it, and the figures (M12) are its sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from app.designs.checks.amounts import BAY_M2, count_of, units, whole_bays
from app.designs.checks.street import Proposal, Street, Thing
from geodata import metrics
from geodata.catalogue import ElementKind, Number

# What takes a bay away once it lies or stands on it; paving, a plateau or a home zone leaves it in use.
COVERING_GROUND = frozenset({"green", "pavement", "square"})
COVERING_THINGS = frozenset({"play", "bike_stand"})
REMOVAL_KIND = "parking_removal"
TOUCHES_M = 0.5
TOLD_OF_DISABLED = frozenset({"disabled", "capacity_disabled"})
FOR_DISABLED = ("gehandicapt", "disabled", "invalide")


# --- One surface -------------------------------------------------------------------------------------------


def places_of(bay: Thing, bay_m2: float = BAY_M2) -> int:
    """Parking places on one parking surface: what the map says, else by its size in bays of `bay_m2`."""
    told = count_of(bay, "capacity")
    if told:
        return told
    return whole_bays(bay.geometry.area, bay_m2) if is_row(bay) else 1


def is_row(bay: Thing) -> bool:
    """Whether a parking surface is more than one bay of which nobody counted the places."""
    counted = bay.attributes.get("capacity") is not None
    return not counted and bay.geometry.area > metrics.load().number("one_bay_up_to_m2")


def is_for_disabled(bay: Thing) -> bool:
    """Whether the map, or the drawing, says that a bay is for disabled people."""
    if bay.element is not None:
        return bay.element.id == "parking_disabled"
    said = bay.attributes.get("disabled")
    if isinstance(said, bool):
        return said
    words = (bay.attributes.get(name) for name in ("type", "function", "plus_function"))
    return any(mark in str(word).lower() for word in words if word for mark in FOR_DISABLED)


def disabled_places(bay: Thing) -> int:
    """How many places on a parking surface are for disabled people: all, some or none."""
    told = bay.number("capacity_disabled")
    if told is not None and 0 <= told <= 1000:
        return math.floor(told)
    return (count_of(bay, "capacity") or 1) if is_for_disabled(bay) else 0


def tells_of_disabled(street: Street) -> bool:
    """Whether the map tells at all which bays are for disabled people."""
    known = _tells.get(street)
    if known is None:
        known = street.knows("disabled_bay") or any(
            not TOLD_OF_DISABLED.isdisjoint(bay.attributes) or is_for_disabled(bay)
            for bay in street.things("parking")
        )
        _tells[street] = known
    return known


_tells: WeakKeyDictionary[Street, bool] = WeakKeyDictionary()


# --- A whole design ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """Places that come or go, between `low` and `high`; `count` is how many the step is about.

    `of`: the bay, or what is drawn; `changes`: by which changes of the design. `number`: the catalogue's,
    where the map itself does not tell it.
    """

    step: Literal["goes", "covered", "comes", "moves"]
    of: Thing
    low: float
    high: float
    count: float
    changes: tuple[int, ...]
    number: Number | None = None


def bays_of(street: Street, proposals: Iterable[Proposal]) -> list[Thing]:
    """The present bays that a design's places are counted of.

    Those that lie in the area, by a point inside them, and those outside it that the design names: without
    them it would take what is not there.
    """
    bays = [thing for thing in street.present if thing.kind == "parking"]
    if street.area is not None and bays:
        inside = shapely.intersects(shapely.point_on_surface([bay.geometry for bay in bays]), street.area)
        bays = [bay for bay, is_in in zip(bays, inside, strict=True) if is_in]
    known = {bay.id for bay in bays}
    named = (p.object for p in proposals if p.object is not None and p.object.kind == "parking")
    return bays + [bay for bay in named if bay.id not in known]


class Ledger:
    """Follows the bays of a street through one design; places that are freed go only once."""

    def __init__(self, bays: Sequence[Thing], proposals: Iterable[Proposal], bay_m2: float = BAY_M2) -> None:
        changes = [p for p in proposals if p.action not in ("keep", "survey")]
        self.bay_m2 = bay_m2
        self.taken = [p for p in changes if p.object is not None and p.object.kind == "parking"]
        gone = {p.object.id for p in self.taken if p.object is not None}
        self.standing = [bay for bay in bays if bay.id not in gone]
        self.placed = [
            (p, p.thing, p.thing.element)
            for p in changes
            if p.action in ("add", "replace") and p.thing is not None and p.thing.element is not None
        ]
        self.freed = [p.object.geometry for p in self.taken if p.object is not None]
        self.freed += [thing.geometry for _p, thing, kind in self.placed if kind.id == REMOVAL_KIND]
        self.covering = [
            (p, thing) for p, thing, kind in self.placed if _covers(thing, kind) or self._is_new_bay(p, kind)
        ]

    def entries(self) -> list[Entry]:
        """All that changes: bays that go, bays that are drawn over, and what elements bring or cost."""
        return [*self._taken(), *self._covered(), *self._put()]

    def _places(self, bay: Thing) -> int:
        return places_of(bay, self.bay_m2)

    def _taken(self) -> list[Entry]:
        found = []
        for p in self.taken:
            if p.object is None or self._is_succeeded(p, p.object):
                continue
            places, moves = self._places(p.object), p.action == "move" and p.thing is not None
            step: Literal["moves", "goes"] = "moves" if moves else "goes"
            found.append(Entry(step, p.object, -places, -places, places, (p.index,)))
            if moves and p.thing is not None:
                found.append(Entry("moves", p.thing, places, places, places, (p.index,)))
        return found

    def _is_succeeded(self, taking: Proposal, bay: Thing) -> bool:
        """Whether another kind of bay takes the place of this one: it is not lost."""
        if taking.action == "move":
            return False
        return any(
            kind.effects.car_spaces_mean in ("converts", "reserved")
            and (
                p is taking
                or (
                    thing.kind == "parking"
                    and shapely.intersection(thing.footprint, bay.geometry).area > bay.geometry.area / 2
                )
            )
            for p, thing, kind in self.placed
        )

    def _is_new_bay(self, p: Proposal, kind: ElementKind) -> bool:
        """Whether a green bay or one for disabled people is drawn by itself, not where a bay goes: then
        the map tells which bays it lies on."""
        if kind.effects.car_spaces_mean != "converts" or not self.standing or p.thing is None:
            return False
        gone = [one.object for one in self.taken if one.object is not None]
        return all(p is not one for one in self.taken) and not any(
            shapely.intersection(p.thing.footprint, bay.geometry).area > bay.geometry.area / 2 for bay in gone
        )

    @cached_property
    def _standing_shapes(self) -> np.ndarray:
        return np.array([bay.geometry for bay in self.standing], dtype=object)

    def _below(self, things: Sequence[Thing]) -> np.ndarray:
        """Places of each standing bay that lie below these things, to the nearest whole one."""
        bays = self._standing_shapes
        lost = np.zeros(len(bays))
        cover = shapely.union_all([thing.footprint for thing in things])
        touched = shapely.intersects(bays, cover) & (shapely.area(bays) > 0)
        if touched.any():
            shares = shapely.area(shapely.intersection(bays[touched], cover)) / shapely.area(bays[touched])
            places = np.array([self._places(bay) for bay in self.standing])[touched]
            lost[touched] = np.floor(shares * places + 0.5)
        return lost

    def _covered(self) -> list[Entry]:
        if not self.covering or not self.standing:
            return []
        found = []
        lost = self._below([thing for _p, thing in self.covering])
        for bay, places in zip(self.standing, lost.tolist(), strict=True):
            if places > 0:
                upon = (p.index for p, thing in self.covering if thing.footprint.intersects(bay.geometry))
                found.append(Entry("covered", bay, -places, -places, int(places), tuple(upon)))
        return found

    def _put(self) -> list[Entry]:
        """What elements bring or cost by the catalogue, where the map itself does not tell it."""
        found = []
        for p, thing, kind in self.placed:
            number = kind.effects.car_spaces
            if number is None or kind.effects.car_spaces_mean == "reserved":
                continue
            if number.low < 0 and self._map_tells(thing, kind, number):
                continue
            count = units(kind, thing.geometry)
            if self._is_new_bay(p, kind):
                # Of another kind than the bays that it lies on, which are counted as covered.
                found.append(Entry("comes", thing, count, count, count, (p.index,), number))
                continue
            step: Literal["goes", "comes"] = "goes" if number.low < 0 else "comes"
            entry = Entry(step, thing, number.low * count, number.high * count, count, (p.index,), number)
            found.append(entry)
        return found

    def _map_tells(self, thing: Thing, kind: ElementKind, number: Number) -> bool:
        """Whether what an element costs was counted already: on a bay that it covers or that was freed.

        Where bays are on the map, what takes none may cost nothing: a narrowing, a parklet in a park.
        """
        if any(thing is one for _p, one in self.covering) and self.standing and self._below([thing]).any():
            return True
        if kind.id == REMOVAL_KIND:
            return takes_again(thing, (p.object for p in self.taken if p.object is not None))
        if self.standing and thing.geometry.area > 0 and (number.high == 0 or thing.lays is None):
            return True
        return any(shapely.dwithin(thing.geometry, freed, TOUCHES_M) for freed in self.freed)


def _covers(thing: Thing, kind: ElementKind) -> bool:
    """Whether a bay that it lies on is that bay no more; a new bay takes the place of what was below."""
    if kind.effects.car_spaces is not None:
        return kind.effects.car_spaces_mean == "changed"
    return thing.lays in COVERING_GROUND or kind.becomes in COVERING_THINGS


def takes_again(thing: Thing, taken: Iterable[Thing]) -> bool:
    """Whether a removal that is drawn points out a bay that the design takes away already."""
    half = thing.footprint.area / 2
    return any(
        bay.kind == "parking" and shapely.intersection(thing.footprint, bay.geometry).area > half
        for bay in taken
    )


def balance(after: Street) -> list[tuple[Thing, int]]:
    """Per bay or drawn thing the places that a whole design adds or takes; of a range the worst."""
    kept = _balances.get(after)
    if kept is None:
        kept = _balances[after] = _work_out(after)
    return kept


_balances: WeakKeyDictionary[Street, list[tuple[Thing, int]]] = WeakKeyDictionary()


def _work_out(after: Street) -> list[tuple[Thing, int]]:
    if after.before is None:
        return []
    ledger = Ledger(bays_of(after.before, after.proposals), after.proposals, after.bay_m2)
    return [(entry.of, int(entry.low)) for entry in ledger.entries() if entry.low]
