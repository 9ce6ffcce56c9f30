"""How much of the walking route is wide enough (M15): the pavement measured as the checks measure it."""

from __future__ import annotations

import math

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import look
from app.designs.checks.model import TOLERANCE
from app.designs.checks.street import WALKABLE, Street
from app.designs.effects.figure import Figure, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work
from geodata.catalogue import Status

# What stands beside a way, or runs over it: the ground is mapped up to it.
NO_OBSTACLE = frozenset(("building", "structure"))
# Ground just outside the area tells whether a pavement goes on there.
BEYOND_M = 3.0


@figure("accessible_share")
def accessible(work: Work) -> Figure:
    """The part of the walking route that is wide enough: as R01 asks, 1.50 m or a municipality's own."""
    return _share(work, "min_m")


@figure("accessible_wide_share")
def accessible_wide(work: Work) -> Figure:
    """The part of the walking route that is as wide as R01 prefers it: 1.80 m or a municipality's own."""
    return _share(work, "preferred_m")


def _share(work: Work, asked: str) -> Figure:
    scene = work.scene
    limit = work.rules.threshold("R01", asked)
    width_m = limit.value
    if not scene.knows("pavement") or scene.ground(*WALKABLE).is_empty:
        return missing("no_pavement_on_map")
    before = _measured_before(work)
    after = _measured_after(work)
    ends = [
        100 * max(0.0, 1 - one.narrow_m[width_m] / one.route_m) if one.route_m > 0 else None
        for one in (before, after)
    ]
    result = Figure(ends[0], ends[1])
    if after.route_m <= 0:
        return missing("no_pavement_left")
    result.tell(exactly("route_asked", width_m, "m", status=limit.status))
    result.tell(exactly("route_narrow_now", before.narrow_m[width_m], "m"))
    result.tell(exactly("route_narrow_then", after.narrow_m[width_m], "m"))
    result.tell(exactly("route_whole", after.route_m, "m"))
    if any(thing.certainty == "estimated" for thing in scene.counted if thing.kind in WALKABLE):
        result.rest_on(Status.ASSUMED).warn("width_estimated")
    return result


class Measured:
    """The walking routes of a street: their length in metres, and how much is narrower than each width."""

    def __init__(self, street: Street, widths: tuple[float, ...]) -> None:
        # All ground, also beyond the area: what goes on there is a way through, what ends there is none.
        ground, area = street.ground(*WALKABLE), street.area
        inside = ground if area is None else shapely.intersection(ground, area)
        self.route_m = sum(length_of(part) for part in shapely.get_parts(inside))
        window = shapely.box(*shapely.buffer(inside, 2 * BEYOND_M).bounds)
        solid = [t.footprint for t in street.obstacles(window) if t.kind not in NO_OBSTACLE]
        seen = look([ground], solid, inside, reach_m=BEYOND_M, up_to_m=max(widths))
        self.narrow_m = {}
        for width in widths:
            found = seen.narrowings(width - TOLERANCE)
            self.narrow_m[width] = sum(one.length_m * _part_within(one.along, area) for one in found)


def length_of(strip: BaseGeometry) -> float:
    """How long a strip of ground is: the length of the rectangle with its area and its outline.

    Exact for a straight strip; a bend costs less than its width. A square is as long as it is wide.
    """
    area, half = strip.area, strip.length / 2
    if area <= 0:
        return 0.0
    return (half + math.sqrt(max(0.0, half**2 - 4 * area))) / 2


def _part_within(along: BaseGeometry, area: BaseGeometry | None) -> float:
    if area is None or along.length == 0:
        return 1.0
    return float(shapely.intersection(along, area).length / along.length)


def _widths(work: Work) -> tuple[float, ...]:
    return tuple(work.rules.threshold("R01", key).value for key in ("min_m", "preferred_m"))


def _measured_before(work: Work) -> Measured:
    """The street as it is, measured once for each pair of widths that a municipality asks."""
    widths = _widths(work)
    key = ("walking", widths)
    found = work.scene.kept.get(key)
    if not isinstance(found, Measured):
        found = work.scene.kept[key] = Measured(work.scene.street, widths)
    return found


def _measured_after(work: Work) -> Measured:
    """The same after the design; where no change comes near a walking route, nothing is measured anew."""
    found = work.kept.get("walking")
    if not isinstance(found, Measured):
        found = _measured_before(work)
        if shapely.dwithin(work.scene.ground(*WALKABLE), work.region, BEYOND_M):
            found = Measured(work.after, _widths(work))
        work.kept["walking"] = found
    return found
