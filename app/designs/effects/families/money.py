"""What it costs to make and to keep (M19, M20)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import shapely

from app.designs.checks.amounts import count_of, units
from app.designs.checks.places import REMOVAL_KIND, places_of, takes_again
from app.designs.checks.street import Thing
from app.designs.effects.families.water import PAVED_GROUND
from app.designs.effects.figure import STRENGTH, Account, Figure, Step, exactly, missing, rounded
from app.designs.effects.registry import figure
from app.designs.effects.scene import Scene, Work
from geodata.catalogue import ElementKind, Number

# Which element's upkeep stands for an existing thing. A bin or a crossing has none in the catalogue.
UPKEEP_OF = {
    "tree": "tree_medium",
    "bench": "bench",
    "bike_stand": "bike_stand",
    "lamp": "street_light",
    "planter": "planter",
    "hedge": "hedge",
    "play": "play_equipment",
    "charger": "ev_charger",
    "bus_stop": "bus_stop",
}
GRASS_KIND, BED_KIND, PAVING_KIND = "flower_grass", "planting_bed", "pavement_widening"
# Bays are paving here; without upkeep in the catalogue because there is none.
WITHOUT_UPKEEP = frozenset(
    {"parking", "pavement", "carriageway", "square", "driveway", "cycle_path", "crossing"}
)
PLACES_AT_A_STAND = 2


@dataclass(slots=True)
class _Line:
    kind: ElementKind
    amounts: list[float] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Bill:
    """Prices without overhead in euros, and the changes of which no price is known."""

    lines: dict[str, _Line] = field(default_factory=dict)
    missing: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: ElementKind, amount: float, change: int, thing: int | None = None) -> None:
        """So many units of a kind."""
        line = self.lines.setdefault(kind.id, _Line(kind))
        line.amounts.append(amount)
        line.changes.append(change)
        if thing is not None:
            line.objects.append(thing)

    def total(self, end: str) -> float:
        """All prices together: `low`, `typical` or `high`."""
        return math.fsum(
            getattr(line.kind.cost, end).value * math.fsum(line.amounts) for line in self.lines.values()
        )

    @property
    def sourced(self) -> float:
        """The part of the typical total for which a source, or the municipality itself, stands."""
        return math.fsum(
            line.kind.cost.typical.value * math.fsum(line.amounts)
            for line in self.lines.values()
            if line.kind.cost.typical.is_sourced
        )


def bill_of(work: Work) -> Bill:
    """What a design costs, worked out once."""
    found = work.kept.get("bill")
    if isinstance(found, Bill):
        return found
    bill = Bill()
    removal = work.scene.catalogue.get(REMOVAL_KIND)
    for gone in work.taken:
        if gone.thing.kind == "parking" and removal is not None:
            stays = gone.by is not None and gone.by.effects.car_spaces_mean in ("converts", "reserved")
            if not stays:
                bill.add(
                    removal, places_of(gone.thing, work.scene.street.bay_m2), gone.index, gone.thing.object_id
                )
        elif gone.by is None:
            bill.missing.append({"index": gone.index, "kind": gone.thing.kind})
    for one in work.placed:
        if one.kind.id == REMOVAL_KIND and takes_again(one.thing, (gone.thing for gone in work.taken)):
            continue
        bill.add(one.kind, one.units, one.index)
    bill.missing += [{"index": one.index, "kind": one.thing.kind} for one in work.moved]
    bill.missing.sort(key=lambda one: one["index"])
    work.kept["bill"] = bill
    return bill


@figure("cost_eur")
def cost(work: Work) -> Figure:
    """M19: low, typical and high price of all that is made, without overhead."""
    bill = bill_of(work)
    result = Figure(0, bill.total("typical"))
    for kind in sorted(bill.lines):
        line = bill.lines[kind]
        price = line.kind.cost
        amount = math.fsum(line.amounts)
        for number in (price.low, price.typical, price.high):
            result.rest_on(number.status, number.sources)
        result.how.append(
            Step(
                "price",
                kind,
                "EUR",
                price.low.value * amount,
                price.high.value * amount,
                count=amount,
                each=price.typical.value,
                typical=price.typical.value * amount,
                status=price.typical.status,
                sources=price.typical.sources,
                objects=list(line.objects),
                changes=list(line.changes),
                note=price.unit,
            )
        )
    result.warn("no_overhead")
    if bill.missing:
        result.warn("price_missing")
    typical = bill.total("typical")
    result.more.update(
        low=rounded(bill.total("low"), 0),
        high=rounded(bill.total("high"), 0),
        sourced_share=round(bill.sourced / typical, 3) if typical else None,
        missing=bill.missing,
    )
    return result


@figure("cost_with_overhead_eur")
def cost_with_overhead(work: Work) -> Figure:
    """M19: the same with design, supervision, risk and VAT: an assumption of its own."""
    bill, scene = bill_of(work), work.scene
    least, most = scene.number("overhead_low"), scene.number("overhead_high")
    ends = {
        "low": bill.total("low") * (1 + least),
        "typical": bill.total("typical") * (1 + (least + most) / 2),
        "high": bill.total("high") * (1 + most),
    }
    result = Figure(0, ends["typical"], ends["low"], ends["high"])
    result.tell(
        Step(
            "without_overhead",
            unit="EUR",
            low=bill.total("low"),
            high=bill.total("high"),
            typical=bill.total("typical"),
        )
    )
    result.assume(*(scene.metrics.assumptions[key] for key in ("overhead_low", "overhead_high")))
    if bill.missing:
        result.warn("price_missing")
    return result.warn("combine_works")


@figure("cost_per_dwelling_eur")
def cost_per_dwelling(work: Work) -> Figure:
    """M19: the cost with overhead, shared out among the dwellings of the street."""
    homes = work.scene.dwellings_in_street
    if not homes:
        return missing("no_dwellings")
    whole = cost_with_overhead(work)
    result = Figure(
        0,
        (whole.after or 0) / homes,
        (whole.low or 0) / homes,
        (whole.high or 0) / homes,
        set(whole.statuses),
        caveats=dict(whole.caveats),
    )
    result.tell(
        Step("with_overhead", unit="EUR", low=whole.low or 0, high=whole.high or 0, typical=whole.after)
    )
    result.tell(exactly("divided_by_homes", homes, "dwelling"))
    return result.warn("homes_are_buildings") if work.scene.around.dwellings_are_buildings else result


@figure("upkeep_eur_year")
def upkeep(work: Work) -> Figure:
    """M20: upkeep per year of what comes, less that of what goes; what stays is left out."""
    account = Account("EUR/year")
    unknown = False
    for gone in work.taken:
        numbers = _upkeep_of(work.scene, gone.thing)
        if numbers is None:
            unknown |= gone.thing.kind not in WITHOUT_UPKEEP
            continue
        low, high, amount, basis = numbers
        account.add(
            "goes",
            gone.thing.kind,
            -high * amount,
            -low * amount,
            count=amount,
            status=basis.status,
            sources=basis.sources,
            things=[gone.thing.object_id],
            changes=[gone.index],
        )
    for one in work.placed:
        number = one.kind.upkeep_eur_year
        if number is None:
            unknown = True
        elif number.high > 0:
            account.comes_by(number, one.kind, one.units, one.index)
    _paving(work, account)
    result = account.figure(signed=True)
    return result.warn("upkeep_unknown") if unknown else result


def _upkeep_of(scene: Scene, thing: Thing) -> tuple[float, float, float, Number] | None:
    """Upkeep of one unit of an existing thing (least, most), how many units it is, and what that rests on."""
    if thing.kind == "green":
        kinds = [scene.catalogue.get(name) for name in (GRASS_KIND, BED_KIND)]
        numbers = [
            kind.upkeep_eur_year for kind in kinds if kind is not None and kind.upkeep_eur_year is not None
        ]
        if not numbers:
            return None
        weakest = max(numbers, key=lambda number: STRENGTH.index(number.status))
        return (
            min(number.low for number in numbers),
            max(number.high for number in numbers),
            float(thing.geometry.area),
            weakest,
        )
    kind = scene.catalogue.get(UPKEEP_OF.get(thing.kind, ""))
    if kind is None or kind.upkeep_eur_year is None:
        return None
    amount = units(kind, thing.geometry)
    if thing.kind == "bike_stand":
        amount = (count_of(thing, "capacity") or PLACES_AT_A_STAND) / PLACES_AT_A_STAND
    return kind.upkeep_eur_year.low, kind.upkeep_eur_year.high, amount, kind.upkeep_eur_year


def _paving(work: Work, account: Account) -> None:
    """Paving that goes under a new surface, and paving that is left where green was taken away."""
    kind = work.scene.catalogue.get(PAVING_KIND)
    if not work.changes_ground or kind is None or kind.upkeep_eur_year is None:
        return
    number = kind.upkeep_eur_year
    # A bay that is taken away stays paved until something is laid there.
    laid = [one for one in work.placed if one.thing.lays is not None and one.kind.id != REMOVAL_KIND]
    below = shapely.union_all([one.thing.footprint for one in laid])
    before, after = work.ground_before(*PAVED_GROUND).local, work.ground_after(*PAVED_GROUND).local
    lost = float(shapely.intersection(below, before).area) if not below.is_empty else 0.0
    left = float(shapely.difference(shapely.difference(after, before), below).area)
    for step, area, changes in (
        ("goes", -lost, [one.index for one in laid]),
        ("comes", left, [gone.index for gone in work.taken if gone.thing.kind == "green"]),
    ):
        if abs(area) > 0.05:
            low, high = sorted((number.low * area, number.high * area))
            account.add(step, "paving", low, high, count=abs(area), status=number.status, changes=changes)
