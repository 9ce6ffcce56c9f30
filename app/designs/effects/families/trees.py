"""Trees: how many, the ground below their crowns now and in later years, and who sees them (M01 to M05)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Thing
from app.designs.effects.figure import Account, Figure, Step, exactly, missing, rounded
from app.designs.effects.registry import figure
from app.designs.effects.scene import Home, Scene, Work
from geodata import growth
from geodata.catalogue import Status

YEARS = (0, 10, 20)
# A tree reaches its end image after 5 to 40 years (S44). The catalogue gives the size after 20: by then a
# slow tree is as big as a usual one half that age; a fast one has been so since year 5.
END_IMAGE = ("S44",)
# A circle as a polygon of 64 corners, blown up so that it has the area of the circle.
_CORNERS = 64
_BLOWN_UP = math.sqrt(2 * math.pi / (_CORNERS * math.sin(2 * math.pi / _CORNERS)))
# A crown of 28 m2 computed from its own radius is a hair less.
_SLACK_M2 = 0.01


def crown_radius(thing: Thing, years: float) -> float:
    """The radius of a tree's crown in metres, `years` after the design is made.

    A new tree grows; a standing one stays as it is, since its age is not known.
    """
    if thing.element is not None:
        size = growth.tree_size(thing.element, years)
        return size.crown_radius_m if size is not None else 0.0
    told = thing.number("crown_diameter_m")
    return told / 2 if told is not None and told <= 60 else growth.UNKNOWN_TREE.crown_radius_m


def circles(things: Sequence[Thing], years: float) -> list[BaseGeometry]:
    """The crowns seen from above, each with exactly the area of its circle."""
    if not things:
        return []
    middles = shapely.centroid([thing.geometry for thing in things])
    radii = np.array([crown_radius(thing, years) * _BLOWN_UP for thing in things])
    found: list[BaseGeometry] = list(shapely.buffer(middles, radii, quad_segs=_CORNERS // 4))
    return found


def together(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    """Geometries as one, those that overlap counted once."""
    return shapely.disjoint_subset_union_all(list(geometries))


def new_trees(work: Work) -> list[Thing]:
    """Trees that the design plants."""
    return [one.thing for one in work.placed if one.kind.becomes == "tree"]


def crowns_before(work: Work) -> BaseGeometry:
    """Ground below the crowns that are there now."""
    standing = work.before_things("tree")
    key = ("crowns", len(standing))
    found = work.scene.kept.get(key) if len(standing) == len(_trees_of(work.scene)) else None
    if not isinstance(found, BaseGeometry):
        found = together(circles(standing, 0))
        if len(standing) == len(_trees_of(work.scene)):
            work.scene.kept[key] = found
    return found


def _trees_of(scene: Scene) -> list[Thing]:
    found = scene.kept.get("trees")
    if not isinstance(found, list):
        found = scene.kept["trees"] = [thing for thing in scene.counted if thing.kind == "tree"]
    return found


def crowns_after(work: Work, years: float) -> BaseGeometry:
    """Ground below the crowns some years after the design is made."""
    key = ("crowns", years)
    found = work.kept.get(key)
    if not isinstance(found, BaseGeometry):
        fresh = circles(new_trees(work), years)
        found = work.kept[key] = together([_crowns_staying(work), *fresh]) if fresh else _crowns_staying(work)
    return found


def _crowns_staying(work: Work) -> BaseGeometry:
    found = work.kept.get("crowns staying")
    if not isinstance(found, BaseGeometry):
        found = crowns_before(work)
        if any(thing.kind == "tree" and thing.id in work.gone_ids for thing in work.before_things("tree")):
            stay = work.staying(work.before_things("tree")) + [
                m.to for m in work.moved if m.to.kind == "tree"
            ]
            found = together(circles(stay, 0))
        work.kept["crowns staying"] = found
    return found


@figure("trees")
def trees(work: Work) -> Figure:
    """M01: how many trees, with those planted and removed apart."""
    account = Account("piece")
    for thing in work.before_things("tree"):
        account.now("tree", 1, things=[thing.object_id])
    planted = [one for one in work.placed if one.kind.becomes == "tree"]
    felled = [one for one in work.taken if one.thing.kind == "tree"]
    for gone in felled:
        account.add("goes", "tree", -1, things=[gone.thing.object_id], changes=[gone.index])
    for one in planted:
        account.add("comes", one.kind.id, 1, changes=[one.index])
    result = account.figure()
    result.more["planted"], result.more["felled"] = len(planted), len(felled)
    if felled:
        result.warn("young_trees")
    return _known(work, result)


@figure("canopy_m2")
def canopy(work: Work) -> Figure:
    """M02: ground below the crowns, now and 20 years after planting; `at` has the years between."""
    before = crowns_before(work).area
    result = _over_the_years(before, [_canopy_at(work, years) for years in _YEARS_NEEDED])
    standing = work.before_things("tree")
    if standing:
        result.tell(_crown_step("now", "tree", standing, 20, None))
    for gone in work.taken:
        if gone.thing.kind == "tree":
            step = _crown_step("goes", "tree", [gone.thing], 20, gone.index)
            step.low, step.high, step.each = -step.low, -step.high, None
            result.tell(step)
    for kind in dict.fromkeys(one.kind.id for one in work.placed if one.kind.becomes == "tree"):
        ones = [one for one in work.placed if one.kind.id == kind]
        step = _crown_step("comes", kind, [one.thing for one in ones], 20, None)
        step.changes = [one.index for one in ones]
        result.tell(step)
    if _overlap(work) < -0.5:
        result.tell(exactly("overlap", _overlap(work), "m2"))
    if new_trees(work):
        result.tell(Step("end_image", status=Status.SOURCED, sources=END_IMAGE))
        result.warn("growth")
    return _known(work, result)


_YEARS_NEEDED = (0.0, 5.0, 10.0, 20.0)


def _canopy_at(work: Work, years: float) -> float:
    return float(crowns_after(work, years).area)


def _over_the_years(before: float, grown: Sequence[float]) -> Figure:
    """A figure at planting, after 10 and after 20 years, from its values at ages 0, 5, 10 and 20."""
    at_0, at_5, at_10, at_20 = grown
    at = {0: (at_0, at_0, at_0), 10: (at_5, at_10, at_20), 20: (at_10, at_20, at_20)}
    digits = 1 if max(before, at_20) < 100 else 0
    result = Figure(before=before, after=at_20, low=at_10, high=at_20)
    result.more["at"] = {
        str(years): {
            name: rounded(value, digits) for name, value in zip(("low", "value", "high"), ends, strict=True)
        }
        for years, ends in at.items()
    }
    return result


def _crown_step(step: str, what: str, things: Sequence[Thing], years: float, change: int | None) -> Step:
    each = {round(math.pi * crown_radius(thing, years) ** 2, 3) for thing in things}
    total = math.fsum(math.pi * crown_radius(thing, years) ** 2 for thing in things)
    told = all(thing.element is None and thing.number("crown_diameter_m") is not None for thing in things)
    status = Status.DERIVED if told else growth.STATUS
    numbers = [thing.element.effects.canopy_m2_y20 for thing in things if thing.element is not None]
    sources = tuple(dict.fromkeys(key for number in numbers if number is not None for key in number.sources))
    return Step(
        step,
        what,
        "m2",
        total,
        total,
        count=len(things),
        each=each.pop() if len(each) == 1 else None,
        status=status,
        sources=sources,
        objects=[thing.object_id for thing in things if thing.object_id is not None],
        changes=[] if change is None else [change],
    )


def _overlap(work: Work) -> float:
    """What is counted twice where crowns touch, as a number to take off."""
    standing = work.staying(work.before_things("tree")) + [m.to for m in work.moved if m.to.kind == "tree"]
    single = math.fsum(math.pi * crown_radius(t, 20) ** 2 for t in (*standing, *new_trees(work)))
    return min(0.0, _canopy_at(work, 20) - single)


@figure("canopy_share")
def canopy_share(work: Work) -> Figure:
    """M03: the part of the street, façade to façade, that lies below crowns."""
    if work.scene.public_m2 <= 0:
        return missing("no_ground")
    whole = work.scene.public_m2
    before = 100 * _below_now(work) / whole
    grown = [100 * _below(work, crowns_after(work, years)) / whole for years in _YEARS_NEEDED]
    result = _over_the_years(before, grown)
    result.tell(exactly("crowns_over_street", grown[-1] * whole / 100, "m2", status=growth.STATUS))
    result.tell(exactly("divided_by_street", whole, "m2"))
    return _known(work, result.warn("meant_for_neighbourhood"))


def _below_now(work: Work) -> float:
    crowns = crowns_before(work)
    kept = work.scene.kept.get("below crowns")
    if isinstance(kept, tuple) and kept[0] is crowns:
        return float(kept[1])
    area = _below(work, crowns)
    work.scene.kept["below crowns"] = (crowns, area)
    return area


def _below(work: Work, crowns: BaseGeometry) -> float:
    return work.scene.public_patches.area_within(crowns)


@figure("trees_in_view_share")
def trees_in_view(work: Work) -> Figure:
    """M04: the share of the street's dwellings with three sizeable trees within 25 m of the façade."""
    scene = work.scene
    homes = scene.homes_in_street
    if not homes:
        return missing("no_dwellings")
    reach, wanted = scene.number("in_view_m"), scene.number("trees_in_view")
    standing = [thing for thing in scene.street.present if thing.kind == "tree"]
    counts_now = _sizeable_in_view(scene, homes, standing, 0, reach)
    stay = work.staying(standing) + [one.to for one in work.moved if one.to.kind == "tree"]
    if len(stay) == len(standing) and not work.moved:
        counts_then = counts_now
    else:
        counts_then = _sizeable_in_view(scene, homes, stay, 0, reach)
    counts_then = counts_then + _sizeable_in_view(scene, homes, new_trees(work), 20, reach)
    dwellings = np.array([home.count for home in homes])
    total = int(dwellings.sum())
    now, then = (int(dwellings[counts >= wanted].sum()) for counts in (counts_now, counts_then))
    result = Figure(before=100 * now / total, after=100 * then / total)
    result.tell(exactly("homes_now", now, "dwelling", count=now))
    result.tell(exactly("homes_then", then, "dwelling", count=then))
    result.tell(exactly("of_homes", total, "dwelling"))
    result.assume(
        *(scene.metrics.assumptions[key] for key in ("trees_in_view", "crown_counts_m2", "in_view_m"))
    )
    result.warn("no_sight_lines")
    return _known(work, _homes_told(scene, result))


def _sizeable_in_view(
    scene: Scene, homes: Sequence[Home], trees_there: Sequence[Thing], years: float, reach: float
) -> np.ndarray:
    """For each home, how many trees with a crown that counts stand within reach of it."""
    least = scene.number("crown_counts_m2") - _SLACK_M2
    big = [thing for thing in trees_there if math.pi * crown_radius(thing, years) ** 2 >= least]
    counts = np.zeros(len(homes), dtype=int)
    if big:
        tree = shapely.STRtree(shapely.centroid([thing.geometry for thing in big]))
        found = tree.query([home.geometry for home in homes], predicate="dwithin", distance=reach)
        np.add.at(counts, found[0], 1)
    return counts


def _homes_told(scene: Scene, result: Figure) -> Figure:
    return result.warn("homes_are_buildings") if scene.around.dwellings_are_buildings else result


@figure("neighbourhood_canopy_pp")
def neighbourhood_canopy(work: Work) -> Figure:
    """M05: percentage points of canopy that the design adds within 500 m of a dwelling, after 20 years."""
    reach = work.scene.number("reach_canopy_m")
    whole = math.pi * reach**2
    before = crowns_before(work).area
    low, high = (100 * (_canopy_at(work, years) - before) / whole for years in (10, 20))
    result = Figure(before=0, after=high, low=min(low, high), high=high)
    result.tell(exactly("canopy_change", _canopy_at(work, 20) - before, "m2", status=growth.STATUS))
    result.tell(exactly("divided_by_circle", whole, "m2"))
    result.assume(work.scene.metrics.assumptions["reach_canopy_m"])
    return result.warn("one_street")


def _known(work: Work, result: Figure) -> Figure:
    """Where the map has no trees at all, what stands there now is not known: only the change is."""
    if not work.scene.knows("tree"):
        result.more["before_known"] = False
        result.warn("no_tree_on_map")
    return result
