"""Room to play (M17)."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Thing
from app.designs.effects.families.greenery import near_share
from app.designs.effects.figure import Account, Figure, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Scene, Work
from geodata.catalogue import Status


def play_m2_of(scene: Scene, thing: Thing) -> tuple[float, Status, tuple[str, ...]]:
    """The ground a play place takes: as drawn, or one piece of equipment with the free space around it."""
    if thing.geometry.area > 0:
        return float(thing.geometry.area), Status.DERIVED, ()
    number = scene.metrics.assumptions["play_equipment_m2"]
    return number.value, number.status, number.sources


@figure("play_m2")
def play_space(work: Work) -> Figure:
    """Ground to play on in the street; a home zone is told apart and does not count."""
    return _space(work)


def _space(work: Work) -> Figure:
    found = work.kept.get("play figure")
    if isinstance(found, Figure):
        return found
    account = Account("m2")
    for thing in work.before_things("play"):
        area, status, _ = play_m2_of(work.scene, thing)
        account.now("play", area, status=status, things=[thing.object_id])
    for gone in work.taken:
        if gone.thing.kind == "play":
            area, status, sources = play_m2_of(work.scene, gone.thing)
            account.add(
                "goes",
                "play",
                -area,
                status=status,
                sources=sources,
                things=[gone.thing.object_id],
                changes=[gone.index],
            )
    for one in work.placed:
        if one.kind.becomes == "play":
            area, status, sources = play_m2_of(work.scene, one.thing)
            account.add("comes", one.kind.id, area, status=status, sources=sources, changes=[one.index])
    areas = [
        one.thing.geometry
        for one in work.placed
        if one.kind.becomes == "play" and one.thing.geometry.area > 0
    ]
    double = shapely.union_all(areas).area - sum(area.area for area in areas)
    if double < -0.05:
        account.add("overlap", "play", float(double))
    result = account.figure()
    if any(one.kind.id == "home_zone" for one in work.placed):
        result.warn("home_zone_informal")
    if not work.scene.knows("play"):
        result.warn("no_play_on_map").more["before_known"] = False
    work.kept["play figure"] = result
    return result


@figure("play_share")
def play_share(work: Work) -> Figure:
    """Play space as a part of the neighbourhood."""
    around = work.scene.around
    if not around.area_m2:
        return missing("no_boundary")
    if around.play_m2 is None or not work.scene.knows("play"):
        return missing("no_play_on_map")
    space = _space(work)
    before, after, low, high = (
        100 * (around.play_m2 + (value or 0) - (space.before or 0)) / around.area_m2
        for value in (space.before, space.after, space.low, space.high)
    )
    result = Figure(before, after, low, high, set(space.statuses), dict(space.sources))
    result.tell(exactly("play_neighbourhood", around.play_m2, "m2"))
    change = (space.after or 0) - (space.before or 0)
    result.tell(exactly("play_change", change, "m2", status=space.status))
    result.tell(exactly("divided_by_neighbourhood", around.area_m2, "m2"))
    return result.warn("one_street")


@figure("play_near_young_share")
def play_near_young(work: Work) -> Figure:
    """Dwellings around the street with a play place within 100 m, for children up to 6 years."""
    return _near(work, "play_young_m")


@figure("play_near_older_share")
def play_near_older(work: Work) -> Figure:
    """Dwellings around the street with a play place within 400 m, for children of 6 to 12 years."""
    return _near(work, "play_older_m")


def _near(work: Work, key: str) -> Figure:
    scene = work.scene
    if not scene.around.homes:
        return missing("no_dwellings")
    if not scene.knows("play"):
        return missing("no_play_on_map")
    around = {t.id: t for t in (*scene.street.present, *scene.around.things) if t.kind == "play"}
    before: list[BaseGeometry] = [thing.geometry for thing in around.values()]
    after = [thing.geometry for thing in around.values() if thing.id not in work.gone_ids]
    after += [one.to.geometry for one in work.moved if one.to.kind == "play"]
    after += [one.thing.geometry for one in work.placed if one.kind.becomes == "play"]
    result = near_share(scene, before, after, scene.number(key))
    if result is None:
        return missing("no_dwellings")
    return result.assume(scene.metrics.assumptions[key]).warn("straight_distance")
