"""Parking (M12): always a number of places; how full they are only where somebody counted, with the date."""

from __future__ import annotations

import math
from datetime import date

import shapely

from app.designs.checks.amounts import count_of
from app.designs.checks.places import Entry, Ledger, is_row, places_of
from app.designs.checks.street import Thing
from app.designs.effects.figure import Account, Figure, Step, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Scene, Work

RADII_M = (100, 200, 300)


@figure("parking_places")
def parking_places(work: Work) -> Figure:
    """Parking places: what is there, what goes and what comes."""
    found = work.kept.get("parking")
    if not isinstance(found, Figure):
        found = work.kept["parking"] = _Bays(work).figure()
    return found


class _Bays:
    """The bookkeeping of places as a figure with its steps."""

    def __init__(self, work: Work) -> None:
        self.scene = work.scene
        self.account = Account("place")
        self.bays = work.before_things("parking")
        self.ledger = Ledger(self.bays, work.proposals, work.scene.street.bay_m2)

    def figure(self) -> Figure:
        caveats = []
        for bay in self.bays:
            places = places_of(bay, self.ledger.bay_m2)
            self.account.now("parking", places, count=places, things=[bay.object_id])
        if any(is_row(bay) for bay in self.bays):
            caveats.append("estimated_bays")
        entries = self.ledger.entries()
        for entry in entries:
            # What only moves is as much before as after.
            if entry.step != "moves":
                self._add(entry)
        caveats += self._depends(entries)
        result = self.account.figure().warn(*caveats)
        if "estimated_bays" in caveats:
            result.how += _assumed(self.scene, "one_bay_up_to_m2", "bay_tolerance")
        if not self.scene.knows("parking"):
            result.warn("no_parking_on_map").more["before_known"] = False
        return result

    def _add(self, entry: Entry) -> None:
        if entry.number is None:
            self.account.add(
                entry.step,
                "parking",
                entry.low,
                count=entry.count,
                things=[entry.of.object_id],
                changes=list(entry.changes),
            )
            return
        self.account.add(
            entry.step,
            entry.of.element.id if entry.of.element is not None else "parking",
            entry.low,
            entry.high,
            count=entry.count,
            status=entry.number.status,
            sources=entry.number.sources,
            changes=list(entry.changes),
        )

    def _depends(self, entries: list[Entry]) -> list[str]:
        """What people should know about elements of which the catalogue tells the places."""
        reserved = any(
            kind.effects.car_spaces is not None and kind.effects.car_spaces_mean == "reserved"
            for _proposal, _thing, kind in self.ledger.placed
        )
        ranges = any(entry.low != entry.high for entry in entries)
        return [*(["reserved_bays"] if reserved else []), *(["depends_on_place"] if ranges else [])]


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
        places_of(bay, scene.street.bay_m2)
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
