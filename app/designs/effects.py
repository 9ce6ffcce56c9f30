"""What a design does to a street: each figure after minus before. Pure: metres in, plain values out.

Ranges are told by their cautious end (the least gain, the greatest loss) with `low` and `high` beside it.
Every figure carries the weakest status of the numbers behind it, their source keys and caveats (keys, see
`CAVEATS`); `app.designs.catalogue.describe_effects` turns both into sentences.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.catalogue import Catalogue, ElementKind, Number, Status

COUNTED_KINDS = frozenset({"tree", "bench", "bike_stand", "parking", "green"})
UNITS = {
    "trees": "piece",
    "bike_places": "place",
    "parking_places": "place",
    "green_m2": "m2",
    "permeable_m2": "m2",
    "seats": "seat",
    "added": "piece",
    "removed": "piece",
}
CAVEATS = (
    "assumption",
    "young_trees",
    "estimated_bays",
    "reserved_bays",
    "depends_on_place",
    "pits_unknown",
    "no_overhead",
    "price_missing",
)

# A surface up to this size is one bay; a larger one is a row of bays of the catalogue's size (2.0 x 6.0 m).
ONE_BAY_UP_TO_M2 = 18.0
BAY_KIND, REMOVAL_KIND = "parking_parallel", "parking_removal"
# Where the map does not say it: three people on a bench, two bicycles at a stand. Both are assumptions.
SEATS_ON_A_BENCH, BICYCLES_AT_A_STAND = 3, 2
# Drawn bays are rarely exact: 1.95 bays are two.
BAY_TOLERANCE = 0.05
TOUCHES_M = 0.5
# What covers a bay once it lies there. Paving, a plateau or a home zone leaves the bay in use.
COVERS_BAYS = frozenset({"green", "pavement", "play", "bike_stand"})
STRENGTH = tuple(Status)


@dataclass(frozen=True, slots=True)
class MetricObject:
    """A street object; its geometry in the neighbourhood's metric system."""

    id: int
    kind: str
    geometry: BaseGeometry
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A change; its geometry in the neighbourhood's metric system, `object` the thing it concerns."""

    action: str
    geometry: BaseGeometry
    kind: str | None = None
    object: MetricObject | None = None
    width_m: float | None = None


@dataclass(slots=True)
class _Tally:
    """One figure: what there is, and the least and most that changes."""

    before: float = 0
    low: float = 0
    high: float = 0
    statuses: set[Status] = field(default_factory=set)
    sources: dict[str, None] = field(default_factory=dict)
    caveats: dict[str, None] = field(default_factory=dict)

    def add(self, low: float, high: float, status: Status, sources: Iterable[str] = ()) -> None:
        self.low += low
        self.high += high
        self.statuses.add(status)
        self.sources.update(dict.fromkeys(sources))

    def add_number(self, number: Number, times: float) -> None:
        self.add(number.low * times, number.high * times, number.status, number.sources)

    @property
    def status(self) -> Status:
        return max(self.statuses, key=STRENGTH.index, default=Status.DERIVED)


@dataclass(slots=True)
class _Bill:
    """Prices, typical ones split by whether a source stands for them, and the changes without a price."""

    low: float = 0
    typical: float = 0
    high: float = 0
    sourced: float = 0
    tally: _Tally = field(default_factory=_Tally)
    missing: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: ElementKind, units: float) -> None:
        cost = kind.cost
        self.low += cost.low.value * units
        self.typical += cost.typical.value * units
        self.high += cost.high.value * units
        self.sourced += cost.typical.value * units if cost.typical.is_sourced else 0
        for number in (cost.low, cost.typical, cost.high):
            self.tally.add(0, 0, number.status, number.sources)


def effects(
    changes: Sequence[MetricChange], present: Iterable[MetricObject], catalogue: Catalogue
) -> dict[str, dict[str, Any]]:
    """Before and after of every figure, and the cost, for these changes to these street objects.

    `present` holds the area's objects of `COUNTED_KINDS` (others are ignored); whole objects count. An object
    that a change concerns counts as present, whether it is listed or not.
    """
    street = {item.id: item for item in present if item.kind in COUNTED_KINDS}
    street.update(
        {c.object.id: c.object for c in changes if c.object is not None and c.object.kind in COUNTED_KINDS}
    )
    return _Sum(street.values(), changes, catalogue).result()


class _Sum:
    """Goes through the changes of one design and keeps the tallies."""

    def __init__(
        self, street: Iterable[MetricObject], changes: Sequence[MetricChange], catalogue: Catalogue
    ) -> None:
        self.catalogue = catalogue
        self.tallies = {name: _Tally() for name in UNITS}
        self.bill = _Bill()
        self.bay_m2 = _bay_m2(catalogue)
        things = list(street)
        self.green = shapely.union_all([thing.geometry for thing in things if thing.kind == "green"])
        self.beds = _beds(changes, catalogue)
        freed = {c.object.id for c in changes if c.object is not None and c.action in ("remove", "replace")}
        self.freed = [thing.geometry for thing in things if thing.kind == "parking" and thing.id in freed]
        self.freed += [c.geometry for c in changes if c.kind == REMOVAL_KIND and c.action == "add"]
        self.bays = [thing for thing in things if thing.kind == "parking" and thing.id not in freed]
        for thing in things:
            for name, (amount, _) in self._holds(thing).items():
                self.tallies[name].before += amount
        if any(self._is_row(thing) for thing in things):
            self.tallies["parking_places"].caveats["estimated_bays"] = None
        for index, change in enumerate(changes):
            self._apply(index, change)

    def _apply(self, index: int, change: MetricChange) -> None:
        kind = self.catalogue.get(change.kind) if change.kind else None
        if change.action in ("remove", "replace") and change.object is not None:
            self._take(index, change.object, kind)
        if change.action in ("add", "replace") and kind is not None:
            self._put(change, kind)
        if change.action == "move" and change.object is not None:
            self._without_price(index, change.object)

    def _take(self, index: int, thing: MetricObject, successor: ElementKind | None) -> None:
        """Count what goes. A bay that another bay takes the place of is not lost."""
        self.tallies["removed"].add(1, 1, Status.DERIVED)
        stays_bay = successor is not None and successor.effects.car_spaces_mean in ("converts", "reserved")
        for name, (amount, status) in self._holds(thing).items():
            if not (name == "parking_places" and stays_bay):
                self.tallies[name].add(-amount, -amount, status)
        if thing.kind == "tree":
            self.tallies["trees"].caveats["young_trees"] = None
            self.tallies["permeable_m2"].caveats["pits_unknown"] = None
        removal = self.catalogue.get(REMOVAL_KIND)
        if thing.kind == "parking" and removal is not None:
            if not stays_bay:
                self.bill.add(removal, self._places(thing))
        elif successor is None:
            self._without_price(index, thing)

    def _put(self, change: MetricChange, kind: ElementKind) -> None:
        units = _units(kind, change.geometry)
        self.bill.add(kind, units)
        self.tallies["removed" if kind.id == REMOVAL_KIND else "added"].add(1, 1, Status.DERIVED)
        if kind.becomes == "tree":
            self.tallies["trees"].add(1, 1, Status.DERIVED)
        for name in ("bike_places", "seats"):
            number: Number | None = getattr(kind.effects, name)
            if number is not None:
                self.tallies[name].add_number(number, units)
        self._ground(change, kind, units)
        self._bays(change, kind, units)

    def _ground(self, change: MetricChange, kind: ElementKind, units: float) -> None:
        """Green and open ground: gained only where it is not green already, lost only where it is."""
        already = _share_within(change.geometry, self.green)
        if change.geometry.geom_type == "Point":
            # A tree in a bed of the same design: the bed counts its ground already.
            already = max(already, _share_within(change.geometry, self.beds))
        wider = 1.0
        if kind.cost.unit == "m1" and change.width_m and kind.width_m is not None:
            wider = change.width_m / kind.width_m.value
        for name in ("green_m2", "permeable_m2"):
            number: Number | None = getattr(kind.effects, name)
            if number is None:
                continue
            gain, loss = (1 - already) * units * wider, already * units * wider
            low = number.low * (gain if number.low > 0 else loss)
            high = number.high * (gain if number.high > 0 else loss)
            self.tallies[name].add(low, high, number.status, number.sources)

    def _bays(self, change: MetricChange, kind: ElementKind, units: float) -> None:
        """Parking places that come, go or get reserved. Places already freed by this design go only once."""
        number, tally = kind.effects.car_spaces, self.tallies["parking_places"]
        if number is not None and kind.effects.car_spaces_mean == "reserved":
            tally.caveats["reserved_bays"] = None
            return
        if kind.id != REMOVAL_KIND and (number is None or number.low < 0):
            covered = self._covered(change, kind)
            if covered or self._bays_are_known(change, number):
                tally.add(-covered, -covered, Status.DERIVED)
                return
            if any(shapely.dwithin(change.geometry, freed, TOUCHES_M) for freed in self.freed):
                return
        if number is not None:
            tally.add_number(number, units)
            if number.low != number.high:
                tally.caveats["depends_on_place"] = None

    def _bays_are_known(self, change: MetricChange, number: Number | None) -> bool:
        """Whether the map itself tells that a thing that may cost a bay costs none here."""
        may_cost_none = number is not None and number.high == 0
        return may_cost_none and bool(self.bays) and change.geometry.geom_type == "Polygon"

    def _covered(self, change: MetricChange, kind: ElementKind) -> int:
        """How many standing bays a drawn surface takes, to the nearest whole one."""
        if kind.becomes not in COVERS_BAYS or change.geometry.geom_type != "Polygon":
            return 0
        shares = (
            change.geometry.intersection(bay.geometry).area / bay.geometry.area * self._places(bay)
            for bay in self.bays
            if bay.geometry.area
        )
        return sum(math.floor(share + 0.5) for share in shares)

    def _holds(self, thing: MetricObject) -> dict[str, tuple[float, Status]]:
        """What one street object counts for, by figure."""
        match thing.kind:
            case "tree":
                return {"trees": (1, Status.DERIVED)}
            case "bench":
                return {"seats": _told(thing, "seats", SEATS_ON_A_BENCH)}
            case "bike_stand":
                return {"bike_places": _told(thing, "capacity", BICYCLES_AT_A_STAND)}
            case "parking":
                return {"parking_places": (self._places(thing), Status.DERIVED)}
            case "green":
                area = thing.geometry.area
                return {"green_m2": (area, Status.DERIVED), "permeable_m2": (area, Status.DERIVED)}
        return {}

    def _places(self, thing: MetricObject) -> float:
        """Parking places on one parking surface: what the map says, else by its size."""
        told, _ = _told(thing, "capacity", 0)
        if told:
            return told
        if not self._is_row(thing):
            return 1
        return max(1, math.floor(thing.geometry.area / self.bay_m2 + BAY_TOLERANCE))

    def _is_row(self, thing: MetricObject) -> bool:
        counted = thing.attributes.get("capacity") is not None
        return thing.kind == "parking" and not counted and thing.geometry.area > ONE_BAY_UP_TO_M2

    def _without_price(self, index: int, thing: MetricObject) -> None:
        self.bill.missing.append({"index": index, "kind": thing.kind})

    def result(self) -> dict[str, dict[str, Any]]:
        """All figures by name."""
        figures = {name: _figure(tally, UNITS[name]) for name, tally in self.tallies.items()}
        return {**figures, "cost_eur": _cost(self.bill)}


def _beds(changes: Sequence[MetricChange], catalogue: Catalogue) -> BaseGeometry:
    """The new green surfaces of a design, together."""
    kinds = {kind.id for kind in catalogue.kinds.values() if kind.becomes == "green"}
    return shapely.union_all(
        [c.geometry for c in changes if c.kind in kinds and c.geometry.geom_type == "Polygon"]
    )


def _bay_m2(catalogue: Catalogue) -> float:
    kind = catalogue.get(BAY_KIND)
    if kind is None or kind.width_m is None or kind.length_m is None:
        return 12.0
    return kind.width_m.value * kind.length_m.value


def _told(thing: MetricObject, attribute: str, otherwise: int) -> tuple[float, Status]:
    """A count that the map tells, else an assumption."""
    value = thing.attributes.get(attribute)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1000:
        return math.floor(value), Status.DERIVED
    return otherwise, Status.ASSUMED


def _units(kind: ElementKind, geometry: BaseGeometry) -> float:
    """How many priced units a drawn geometry is: pieces, metres, square metres or whole bays."""
    width = kind.width_m.value if kind.width_m is not None else 1.0
    match kind.cost.unit:
        case "m1":
            return geometry.length if geometry.area == 0 else geometry.area / width
        case "m2":
            return geometry.area or geometry.length * width
        case "bay":
            length = kind.length_m.value if kind.length_m is not None else 0
            size = width * length or 12.0
            return max(1, math.floor(geometry.area / size + BAY_TOLERANCE))
    return 1


def _share_within(geometry: BaseGeometry, surface: BaseGeometry) -> float:
    """Which part of a geometry (0 to 1) lies in a surface."""
    if surface.is_empty or geometry.is_empty:
        return 0
    inside = geometry.intersection(surface)
    if geometry.area:
        return float(inside.area / geometry.area)
    if geometry.length:
        return float(inside.length / geometry.length)
    return 0 if inside.is_empty else 1


def _figure(tally: _Tally, unit: str) -> dict[str, Any]:
    digits = 1 if unit == "m2" else 0
    after = max(0, tally.before + min(tally.low, tally.high))
    figure: dict[str, Any] = {
        "before": _round(tally.before, digits),
        "after": _round(after, digits),
        "unit": unit,
        "status": tally.status.value,
    }
    if tally.low != tally.high:
        figure["low"] = _round(max(0, tally.before + tally.low), digits)
        figure["high"] = _round(max(0, tally.before + tally.high), digits)
    return figure | _grounds(tally)


def _grounds(tally: _Tally) -> dict[str, Any]:
    """Source keys as a list; caveat keys as words in one text, left out where there are none."""
    caveats = list(tally.caveats)
    if tally.status is Status.ASSUMED:
        caveats.insert(0, "assumption")
    return {"source": list(tally.sources)} | ({"caveat": " ".join(caveats)} if caveats else {})


def _cost(bill: _Bill) -> dict[str, Any]:
    bill.tally.caveats["no_overhead"] = None
    if bill.missing:
        bill.tally.caveats["price_missing"] = None
    return {
        "before": 0,
        "after": _round(bill.typical, 0),
        "low": _round(bill.low, 0),
        "high": _round(bill.high, 0),
        "unit": "EUR",
        "status": bill.tally.status.value,
        "sourced_share": round(bill.sourced / bill.typical, 3) if bill.typical else None,
        "missing": bill.missing,
        **_grounds(bill.tally),
    }


def _round(value: float, digits: int) -> float | int:
    """Rounded half up, whole numbers as integers."""
    rounded = math.floor(value * 10**digits + 0.5) / 10**digits
    return int(rounded) if digits == 0 else rounded
