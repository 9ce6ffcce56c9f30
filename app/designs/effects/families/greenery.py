"""Green for a whole neighbourhood: near to homes, per home, and what it does to the air (M06, M09, M10)."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.effects.crowns import Crowns, circles, together
from app.designs.effects.families.ground import green_figure
from app.designs.effects.families.trees import new_trees
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
    after = _cool_places(work, is_after=True)
    reach = scene.number("cool_green_m") / scene.number("detour")
    result = near_share(scene, before, after, reach)
    if result is None:
        return missing("no_dwellings")
    keys = ("cool_green_m2", "cool_green_m", "detour")
    result.assume(*(scene.metrics.assumptions[key] for key in keys))
    return result.warn("no_pet_map", "straight_distance")


@dataclass(frozen=True, slots=True)
class _Park:
    """The green around a street in pieces, how much of each lies below crowns, and what it is made of."""

    pieces: list[BaseGeometry]
    shaded_m2: list[float]
    index: shapely.STRtree
    crowns: Crowns


def _park(scene: Scene) -> _Park:
    found = scene.kept.get("park")
    if not isinstance(found, _Park):
        around = {thing.id: thing for thing in (*scene.street.present, *scene.around.things)}.values()
        greens = [thing.footprint for thing in around if thing.kind == "green"]
        crowns = Crowns([thing for thing in around if thing.kind == "tree"])
        pieces = list(shapely.get_parts(shapely.union_all(greens)))
        shaded = [_shaded(piece, crowns, frozenset(), []) for piece in pieces]
        found = scene.kept["park"] = _Park(pieces, shaded, shapely.STRtree(pieces), crowns)
    return found


def _shaded(piece: BaseGeometry, crowns: Crowns, gone: frozenset[str], fresh: list[BaseGeometry]) -> float:
    """How much of a piece of green lies below crowns that stay, and new ones."""
    over = [crowns.discs[place] for place in crowns.near([piece]) if crowns.trees[place].id not in gone]
    return float(shapely.intersection(piece, together([*over, *fresh])).area)


def _cool_places(work: Work, *, is_after: bool) -> list[BaseGeometry]:
    """Pieces of green of which at least 200 m2 lies below crowns."""
    park, least = _park(work.scene), work.scene.number("cool_green_m2")
    if not is_after:
        return [piece for piece, area in zip(park.pieces, park.shaded_m2, strict=True) if area >= least]
    moved = [one.to for one in work.moved if one.to.kind == "tree"]
    fresh = circles(new_trees(work), 20) + circles(moved, 0)
    leaving = [park.crowns.discs[place] for place in park.crowns.named(work.gone_ids)]
    drawn = [thing for thing in work.after.drawn if thing.lays is not None]
    gone = [one.footprint for one in work.gone if one.kind == "green"]
    touching = [*fresh, *leaving, *gone, *(thing.footprint for thing in drawn)]
    touched = set(park.index.query(touching, predicate="intersects")[1].tolist()) if touching else set()
    stay = [
        piece
        for place, (piece, area) in enumerate(zip(park.pieces, park.shaded_m2, strict=True))
        if place not in touched and area >= least
    ]
    new_green = shapely.union_all([thing.footprint for thing in drawn if thing.lays == "green"])
    lost = shapely.union_all([*gone, *(thing.footprint for thing in drawn if thing.lays != "green")])
    local = shapely.union_all([park.pieces[place] for place in touched])
    local = shapely.union(shapely.difference(local, lost), new_green)
    changed = [piece for piece in shapely.get_parts(local) if piece.area >= least]
    return stay + [p for p in changed if _shaded(p, park.crowns, work.gone_ids, fresh) >= least]


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
