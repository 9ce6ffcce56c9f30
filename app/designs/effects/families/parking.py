"""Parking (M12): always a number of places; how full they are only where somebody counted, with the date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import shapely

from app.designs.checks.street import Thing
from app.designs.effects.figure import Account, Figure, Step, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import REMOVAL_KIND, Placed, Scene, Work, count_of

# What covers a bay once it lies or stands there. New paving, a plateau or a home zone leaves the bay in use.
COVERING_GROUND = frozenset({"green", "pavement", "square"})
COVERING_THINGS = frozenset({"play", "bike_stand"})
TOUCHES_M = 0.5
RADII_M = (100, 200, 300)


def places_of(scene: Scene, thing: Thing) -> int:
    """Parking places on one parking surface: what the map says, else by its size."""
    told = count_of(thing, "capacity")
    if told:
        return told
    if not is_row(scene, thing):
        return 1
    return max(1, math.floor(thing.geometry.area / scene.bay_m2 + scene.number("bay_tolerance")))


def is_row(scene: Scene, thing: Thing) -> bool:
    """Whether a parking surface is more than one bay of which nobody counted the places."""
    counted = thing.attributes.get("capacity") is not None
    return not counted and thing.geometry.area > scene.number("one_bay_up_to_m2")


@figure("parking_places")
def parking_places(work: Work) -> Figure:
    """Parking places: what is there, what goes and what comes."""
    found = work.kept.get("parking")
    if not isinstance(found, Figure):
        found = work.kept["parking"] = _Bays(work).figure()
    return found


class _Bays:
    """Follows the bays of a street through one design; places that are freed go only once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.scene = work.scene
        self.account = Account("place")
        self.bays = work.before_things("parking")
        gone = {one.thing.id for one in work.taken if one.thing.kind == "parking"}
        self.standing = [bay for bay in self.bays if bay.id not in gone]
        self.freed = [one.thing.geometry for one in work.taken if one.thing.kind == "parking"]
        self.freed += [one.thing.geometry for one in work.placed if one.kind.id == REMOVAL_KIND]

    def figure(self) -> Figure:
        caveats = []
        for bay in self.bays:
            places = places_of(self.scene, bay)
            self.account.now("parking", places, count=places, things=[bay.object_id])
        if any(is_row(self.scene, bay) for bay in self.bays):
            caveats.append("estimated_bays")
        for one in self.work.taken:
            self._take(one.index, one.thing, one.by.effects.car_spaces_mean if one.by is not None else "")
        self._cover()
        for placed in self.work.placed:
            caveats += self._put(placed)
        result = self.account.figure().warn(*caveats)
        if "estimated_bays" in caveats:
            result.how += _assumed(self.scene, "one_bay_up_to_m2", "bay_tolerance")
        if not self.scene.knows("parking"):
            result.warn("no_parking_on_map").more["before_known"] = False
        return result

    def _take(self, index: int, thing: Thing, successor: str) -> None:
        """A bay that another kind of bay takes the place of is not lost."""
        if thing.kind == "parking" and successor not in ("converts", "reserved"):
            places = places_of(self.scene, thing)
            self.account.add(
                "goes", "parking", -places, count=places, things=[thing.object_id], changes=[index]
            )

    def _covers(self, placed: Placed) -> bool:
        number = placed.kind.effects.car_spaces
        if placed.kind.id == REMOVAL_KIND or (number is not None and number.low >= 0):
            return False
        return placed.thing.lays in COVERING_GROUND or placed.kind.becomes in COVERING_THINGS

    def _cover(self) -> None:
        """Places on standing bays that are drawn over, to the nearest whole one of each bay."""
        covering = [placed for placed in self.work.placed if self._covers(placed)]
        self.covering = {placed.index for placed in covering if self._places_below([placed.thing]).sum() > 0}
        if not covering:
            return
        lost = self._places_below([placed.thing for placed in covering])
        for bay, places in zip(self.standing, lost, strict=True):
            if places > 0:
                upon = [p.index for p in covering if p.thing.footprint.intersects(bay.geometry)]
                self.account.add(
                    "covered",
                    "parking",
                    -int(places),
                    count=int(places),
                    things=[bay.object_id],
                    changes=upon,
                )

    def _places_below(self, things: Sequence[Thing]) -> np.ndarray:
        cover = shapely.union_all([thing.footprint for thing in things])
        bays = np.array([bay.geometry for bay in self.standing], dtype=object)
        lost = np.zeros(len(bays))
        touched = shapely.intersects(bays, cover) & (shapely.area(bays) > 0)
        if touched.any():
            shares = shapely.area(shapely.intersection(bays[touched], cover)) / shapely.area(bays[touched])
            places = np.array([places_of(self.scene, bay) for bay in self.standing])[touched]
            lost[touched] = np.floor(shares * places + 0.5)
        return lost

    def _put(self, placed: Placed) -> list[str]:
        """What an element brings or costs by the catalogue, where the map itself does not tell it."""
        number = placed.kind.effects.car_spaces
        if number is None:
            return []
        if placed.kind.effects.car_spaces_mean == "reserved":
            return ["reserved_bays"]
        if placed.kind.id != REMOVAL_KIND and number.low < 0:
            area = placed.thing.geometry.geom_type == "Polygon"
            map_tells = number.high == 0 and bool(self.standing) and area
            if placed.index in self.covering or map_tells:
                return []
            if any(shapely.dwithin(placed.thing.geometry, freed, TOUCHES_M) for freed in self.freed):
                return []
        step = "goes" if number.low < 0 else "comes"
        self.account.add(
            step,
            placed.kind.id,
            number.low * placed.units,
            number.high * placed.units,
            count=placed.units,
            status=number.status,
            sources=number.sources,
            changes=[placed.index],
        )
        return ["depends_on_place"] if number.low != number.high else []


def _assumed(scene: Scene, *keys: str) -> list[Step]:
    return Figure().assume(*(scene.metrics.assumptions[key] for key in keys)).how


@figure("parking_occupancy")
def occupancy(work: Work) -> Figure:
    """How full the places are at the busiest moment, by counts of parked cars that touch the area.

    A count is an area with `parked` (cars), `counted_on` (a date) and `capacity`; without the latter the bays
    in it are counted. The cars are taken to stay.
    """
    counts = _counts_here(work.scene)
    if not counts:
        return missing("no_parking_count")
    parked = sum(_parked(one) or 0 for one in counts)
    capacity = sum(_capacity(work.scene, one) for one in counts)
    balance = parking_places(work)
    ends = [
        capacity + (value or 0) - (balance.before or 0)
        for value in (balance.after, balance.low, balance.high)
    ]
    if capacity <= 0 or min(ends) <= 0:
        return missing("no_places_left")
    full = [100 * parked / places for places in ends]
    result = Figure(100 * parked / capacity, full[0], min(full), max(full), set(balance.statuses))
    days = sorted(day for day in map(_counted_on, counts) if day is not None)
    oldest = days[0].isoformat() if len(days) == len(counts) else None
    ids = [one.object_id for one in counts]
    result.tell(exactly("parked", parked, "car", objects=ids, note=oldest or ""))
    result.tell(exactly("places_counted", capacity, "place"))
    result.tell(Step("places_then", unit="place", low=min(ends), high=max(ends)))
    result.more.update(counted_on=oldest, free=_free_around(work))
    if oldest is None:
        result.warn("count_undated")
    return result.warn("cars_stay")


def _counts_here(scene: Scene) -> list[Thing]:
    area = scene.street.area
    return [
        thing
        for thing in scene.street.present
        if thing.kind == "parking_count"
        and _parked(thing) is not None
        and (area is None or thing.geometry.intersects(area))
    ]


def _capacity(scene: Scene, count: Thing) -> int:
    told = count_of(count, "capacity", 100_000)
    if told is not None:
        return told
    bays = (thing for thing in scene.street.present if thing.kind == "parking")
    return sum(
        places_of(scene, bay)
        for bay in bays
        if count.geometry.intersects(bay.geometry.representative_point())
    )


def _free_around(work: Work) -> dict[str, int] | None:
    """Places left at the busiest moment within so many metres (straight) of the street, after the design."""
    scene = work.scene
    area = scene.street.area
    near = {one.id: one for one in (*_counts_here(scene), *scene.around.counts) if _parked(one) is not None}
    if area is None or not scene.around.counts:
        return None
    balance = parking_places(work)
    change = round((balance.after or 0) - (balance.before or 0))
    free = {}
    for radius in RADII_M:
        within = [one for one in near.values() if shapely.dwithin(one.geometry, area, radius)]
        left = sum(_capacity(scene, one) - (_parked(one) or 0) for one in within)
        free[str(radius)] = max(0, left + change)
    return free


def _parked(count: Thing) -> int | None:
    value = count.attributes.get("parked")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
        return None
    return math.floor(value)


def _counted_on(count: Thing) -> date | None:
    try:
        return date.fromisoformat(str(count.attributes.get("counted_on") or ""))
    except ValueError:
        return None
