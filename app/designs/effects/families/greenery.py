"""Green for a whole neighbourhood: near to homes, per home, and what it does to the air (M06, M09, M10)."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.effects.families.ground import green_figure
from app.designs.effects.families.trees import circles, new_trees, together
from app.designs.effects.figure import Figure, Step, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Scene, Work


def near_share(
    scene: Scene, before: list[BaseGeometry], after: list[BaseGeometry], reach: float
) -> Figure | None:
    """The share of the dwellings around with one of these places within reach (straight), before and after.

    None where no dwellings are known.
    """
    homes = scene.around.homes
    total = sum(home.count for home in homes)
    if not total:
        return None
    dwellings = [home.count for home in homes]
    now, then = (
        sum(dwellings[place] for place in _within(scene, tuple(places), reach)) for places in (before, after)
    )
    result = Figure(before=100 * now / total, after=100 * then / total)
    for step, count in (("homes_now", now), ("homes_then", then), ("of_homes", total)):
        result.tell(exactly(step, count, "dwelling", count=count))
    return result.warn("homes_are_buildings") if scene.around.dwellings_are_buildings else result


def _within(scene: Scene, places: tuple[BaseGeometry, ...], reach: float) -> set[int]:
    """Which homes have one of these places within reach."""
    if not places:
        return set()
    index = scene.kept.get("homes")
    if not isinstance(index, shapely.STRtree):
        index = scene.kept["homes"] = shapely.STRtree([home.geometry for home in scene.around.homes])
    found = index.query(list(places), predicate="dwithin", distance=reach)
    return {int(home) for home in found[1]}


@figure("cool_green_share")
def cool_green(work: Work) -> Figure:
    """M06: dwellings around the street with at least 200 m2 of shaded green within 300 m on foot.

    A map of felt temperature (PET) would tell which places are cool; without one, green in the shade of
    crowns counts.
    """
    scene = work.scene
    if not scene.around.homes:
        return missing("no_dwellings")
    if not (scene.knows("tree") and scene.knows("green")):
        return missing(*(f"no_{kind}_on_map" for kind in ("tree", "green") if not scene.knows(kind)))
    before = _cool_places(work, is_after=False)
    after = _cool_places(work, is_after=True) if _touches_green_or_trees(work) else before
    reach = scene.number("cool_green_m") / scene.number("detour")
    result = near_share(scene, before, after, reach)
    if result is None:
        return missing("no_dwellings")
    keys = ("cool_green_m2", "cool_green_m", "detour")
    result.assume(*(scene.metrics.assumptions[key] for key in keys))
    return result.warn("no_pet_map", "straight_distance")


def _touches_green_or_trees(work: Work) -> bool:
    return work.changes_ground or any(
        thing.kind == "tree" for p in work.proposals for thing in (p.thing, p.object) if thing is not None
    )


def _cool_places(work: Work, *, is_after: bool) -> list[BaseGeometry]:
    """Pieces of green of which at least 200 m2 lies below crowns."""
    scene = work.scene
    kept = scene.kept.get("cool places")
    if not is_after and isinstance(kept, list):
        return kept
    around = {thing.id: thing for thing in (*scene.street.present, *scene.around.things)}
    greens = [thing.footprint for thing in around.values() if thing.kind == "green"]
    trees = [thing for thing in around.values() if thing.kind == "tree"]
    crowns = circles(trees, 0)
    if is_after:
        laid = [thing.footprint for thing in work.after.drawn if thing.lays not in (None, "green")]
        greens = [
            thing.footprint
            for thing in around.values()
            if thing.kind == "green" and thing.id not in work.gone_ids
        ]
        greens += [thing.footprint for thing in work.after.drawn if thing.lays == "green"]
        greens = [shapely.difference(shapely.union_all(greens), shapely.union_all(laid))]
        stay = [t for t in trees if t.id not in work.gone_ids] + [
            m.to for m in work.moved if m.to.kind == "tree"
        ]
        crowns = circles(stay, 0) + circles(new_trees(work), 20)
    pieces = shapely.get_parts(shapely.union_all(greens))
    shaded = shapely.area(shapely.intersection(pieces, together(crowns)))
    least = scene.number("cool_green_m2")
    found = [piece for piece, area in zip(pieces, shaded, strict=True) if area >= least]
    if not is_after:
        scene.kept["cool places"] = found
    return found


@figure("green_per_dwelling_m2")
def green_per_dwelling(work: Work) -> Figure:
    """M09: public green of the neighbourhood, shared out among its dwellings."""
    around = work.scene.around
    if not around.dwellings:
        return missing("no_dwellings")
    if around.green_m2 is None:
        return missing("no_green_on_map")
    change = green_figure(work)
    before, after, low, high = (
        (around.green_m2 + value - (change.before or 0)) / around.dwellings
        for value in (change.before or 0, change.after or 0, change.low or 0, change.high or 0)
    )
    result = Figure(before, after, low, high, set(change.statuses), dict(change.sources))
    result.tell(exactly("green_neighbourhood", around.green_m2, "m2"))
    result.tell(_green_change(change))
    result.tell(exactly("divided_by_homes", around.dwellings, "dwelling"))
    if around.dwellings_are_buildings:
        result.warn("homes_are_buildings")
    return result.warn("one_street")


@figure("air_temperature_c")
def air_temperature(work: Work) -> Figure:
    """M10: what the extra green does to the air of the whole neighbourhood on a hot day."""
    area = work.scene.around.area_m2
    if not area:
        return missing("no_boundary")
    change = green_figure(work)
    per_point = -work.scene.number("cooling_c_per_10pp") / 10
    ends = [
        per_point * 100 * ((value or 0) - (change.before or 0)) / area
        for value in (change.after, change.low, change.high)
    ]
    result = Figure(0, ends[0], min(ends), max(ends), set(change.statuses), dict(change.sources))
    result.tell(_green_change(change))
    result.tell(exactly("divided_by_neighbourhood", area, "m2"))
    result.assume(work.scene.metrics.assumptions["cooling_c_per_10pp"])
    return result.warn("one_street")


def _green_change(change: Figure) -> Step:
    ends = sorted((value or 0) - (change.before or 0) for value in (change.low, change.high))
    return Step("green_change", unit="m2", low=ends[0], high=ends[1], status=change.status)
