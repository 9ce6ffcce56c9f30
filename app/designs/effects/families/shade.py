"""Shade on the pavement on a summer afternoon (M11): crowns and buildings, with the sun where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.measure import tree_after
from app.designs.checks.street import Thing
from app.designs.effects.families.trees import new_trees
from app.designs.effects.figure import Figure, Step, exactly, missing, rounded
from app.designs.effects.registry import figure
from app.designs.effects.scene import WALKING_GROUND, Scene, Work
from app.designs.effects.shadows import LOWEST_SUN_DEG, shadow_of, shadows_of_crowns
from geodata import growth
from geodata.catalogue import Status
from geodata.heights import building_height
from geodata.sun import SunPosition, sun_position

SHADE = "shade_share"
DAY = (7, 1)
# The year moves the sun by less than the width of its disc; one year, so that a design keeps its figure.
YEAR = 2026
# One walks below a crown: its base is at least this high. It is otherwise as deep as it is wide. Assumption.
LEAST_CROWN_BASE_M = 2.6


def sun_at(scene: Scene, hour: float) -> SunPosition | None:
    """The sun over the street on 1 July at an hour of the clock (13.5 is half past one).

    None when it is not known where. The azimuth counts from the map's north.
    """
    around = scene.around
    if around.lon is None or around.lat is None or around.zone is None:
        return None
    moment = datetime(YEAR, *DAY, tzinfo=around.zone) + timedelta(hours=hour)
    sun = sun_position(around.lon, around.lat, moment)
    return SunPosition((sun.azimuth_deg + around.north_deg) % 360, sun.elevation_deg)


@figure(SHADE)
def shade_share(work: Work) -> Figure:
    """The shaded part of the pavements, the mean of 13, 14 and 15 h on 1 July; `hours` has each.

    With `moment_hour` in the work, that hour is told as well. Things lower than a person count for nothing.
    """
    scene = work.scene
    if not scene.knows("building"):
        return missing("no_building_on_map")
    if sun_at(scene, 12) is None:
        return missing("no_place")
    if scene.ground(*WALKING_GROUND).area <= 0:
        return missing("no_pavement_on_map")
    first, last = (int(scene.number(key)) for key in ("shade_first_hour", "shade_last_hour"))
    hours = [float(hour) for hour in range(first, last + 1)]
    shares = {hour: _shaded(work, hour) for hour in hours}
    now, then = (sum(shares[hour][end] for hour in hours) / len(hours) for end in (0, 1))
    result = Figure(now, then)
    if work.moment_hour is not None:
        shares[work.moment_hour] = _shaded(work, work.moment_hour)
    result.more["hours"] = {
        f"{hour:g}": {"before": rounded(before, 0), "after": rounded(after, 0)}
        for hour, (before, after) in shares.items()
    }
    walk = work.ground_after(*WALKING_GROUND).area
    result.tell(exactly("walking_area", walk, "m2"))
    for hour in sorted(shares):
        sun = sun_at(scene, hour)
        if sun is not None:
            result.tell(exactly("sun", sun.elevation_deg, "deg", count=hour))
        before, after = shares[hour]
        result.tell(Step("shade_at", unit="%", low=before, high=after, count=hour))
    _tell_shaders(work, result)
    return result


def _tell_shaders(work: Work, result: Figure) -> None:
    scene = work.scene
    heights = [building_height(thing.attributes, thing.footprint.area) for thing in _buildings(scene)]
    guessed = sum(height.estimated for height in heights)
    result.tell(exactly("buildings", len(heights), "piece"))
    if guessed:
        result.tell(exactly("heights_guessed", guessed, "piece", status=Status.ASSUMED))
        result.warn("heights_estimated")
    trees = len(_standing_trees(scene)) + len(new_trees(work))
    result.tell(exactly("crowns", trees, "piece", status=growth.STATUS))
    result.assume(scene.metrics.assumptions["shade_tree_age_years"])
    if not scene.knows("tree"):
        result.warn("no_tree_on_map")


def _shaded(work: Work, hour: float) -> tuple[float, float]:
    """The shaded percentage of the walking area before and after; all of it where the sun is down."""
    scene = work.scene
    sun = sun_at(scene, hour)
    if sun is None or sun.elevation_deg < LOWEST_SUN_DEG:
        return 100.0, 100.0
    walk_now, walk_then = scene.ground(*WALKING_GROUND), _walk_after(work)
    sunny_now = _beyond_buildings(scene, hour, sun, walk_now)
    crowns_now = _kept_crowns(scene, hour, sun)
    now = 100 * (1 - _sunny(sunny_now, crowns_now) / walk_now.area)
    if not _changes_shade(work):
        return now, now
    if walk_then.area <= 0:
        return now, 100.0
    sunny_then = sunny_now
    if work.changes_ground:
        sunny_then = shapely.difference(walk_then, _building_shadow(scene, hour, sun))
    standing = work.staying(_standing_trees(scene))
    fresh = new_trees(work) + [one.to for one in work.moved if one.to.kind == "tree"]
    if len(standing) == len(_standing_trees(scene)):
        left = (
            shapely.difference(sunny_then, crowns_now)
            if work.changes_ground
            else _left(scene, hour, sunny_now, crowns_now)
        )
        sunny = _sunny(left, _crown_shadow(fresh, sun)) if fresh else left.area
    else:
        sunny = _sunny(sunny_then, _crown_shadow([*standing, *fresh], sun))
    return now, 100 * (1 - sunny / walk_then.area)


def _walk_after(work: Work) -> BaseGeometry:
    found = work.kept.get("walk after")
    if not isinstance(found, BaseGeometry):
        found = work.kept["walk after"] = _walk(work)
    return found


def _walk(work: Work) -> BaseGeometry:
    before, after = work.ground_before(*WALKING_GROUND).local, work.ground_after(*WALKING_GROUND).local
    whole = work.scene.ground(*WALKING_GROUND)
    if not work.changes_ground:
        return whole
    return shapely.union(shapely.difference(whole, shapely.difference(before, after)), after)


def _changes_shade(work: Work) -> bool:
    return work.changes_ground or any(
        thing.kind == "tree" for p in work.proposals for thing in (p.thing, p.object) if thing is not None
    )


def _sunny(ground: BaseGeometry, crowns: BaseGeometry) -> float:
    if crowns.is_empty:
        return float(ground.area)
    return float(ground.area - shapely.intersection(ground, crowns).area)


def _left(scene: Scene, hour: float, sunny: BaseGeometry, crowns: BaseGeometry) -> BaseGeometry:
    return _keep(scene, ("sunny beyond crowns", hour), lambda: shapely.difference(sunny, crowns))


def _keep(scene: Scene, key: object, make: Callable[[], BaseGeometry]) -> BaseGeometry:
    found = scene.kept.get(key)
    if not isinstance(found, BaseGeometry):
        found = scene.kept[key] = make()
    return found


def _buildings(scene: Scene) -> list[Thing]:
    found = {
        thing.id: thing
        for thing in (*scene.street.present, *scene.around.buildings)
        if thing.kind == "building" and thing.footprint.area > 0
    }
    return list(found.values())


def _building_shadow(scene: Scene, hour: float, sun: SunPosition) -> BaseGeometry:
    def make() -> BaseGeometry:
        shadows = [
            shadow_of(
                thing.footprint,
                building_height(thing.attributes, thing.footprint.area).metres,
                sun.azimuth_deg,
                sun.elevation_deg,
            )
            for thing in _buildings(scene)
        ]
        area = scene.street.area
        near = shadows if area is None else [shadow for shadow in shadows if shadow.intersects(area)]
        return scene.clip(shapely.union_all(near))

    return _keep(scene, ("building shadow", hour), make)


def _beyond_buildings(scene: Scene, hour: float, sun: SunPosition, walk: BaseGeometry) -> BaseGeometry:
    return _keep(
        scene,
        ("sunny", hour),
        lambda: shapely.difference(walk, _building_shadow(scene, hour, sun)),
    )


def _standing_trees(scene: Scene) -> list[Thing]:
    """Trees in and around the area: a crown next door shades this pavement too."""
    return [thing for thing in scene.street.present if thing.kind == "tree"]


def _kept_crowns(scene: Scene, hour: float, sun: SunPosition) -> BaseGeometry:
    return _keep(scene, ("crown shadow", hour), lambda: _crown_shadow(_standing_trees(scene), sun))


def _crown_shadow(trees: list[Thing], sun: SunPosition) -> BaseGeometry:
    if not trees:
        return shapely.Polygon()
    middles = shapely.get_coordinates(shapely.centroid([thing.geometry for thing in trees]))
    sizes = [tree_after(thing) for thing in trees]
    radii = np.array([size.crown_radius_m for size in sizes])
    tops = np.array([size.height_m for size in sizes])
    bases = np.minimum(np.maximum(tops - 2 * radii, LEAST_CROWN_BASE_M), tops)
    return shapely.union_all(
        shadows_of_crowns(middles, radii, bases, tops, sun.azimuth_deg, sun.elevation_deg)
    )
