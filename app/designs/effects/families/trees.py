"""Trees: how many, the ground below their crowns now and in later years, and who sees them (M01 to M05)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Thing
from app.designs.effects.crowns import Crowns, circles, crown_radius, crown_step, together
from app.designs.effects.figure import Account, Figure, Step, exactly, missing, rounded
from app.designs.effects.registry import figure
from app.designs.effects.scene import Home, Scene, Work
from geodata import growth
from geodata.catalogue import Status

YEARS = (0, 10, 20)
# A tree reaches its end image after 5 to 40 years (S44). The catalogue gives the size after 20: by then a
# slow tree is as big as a usual one half that age; a fast one has been so since year 5.
END_IMAGE = ("S44",)
# A crown of 28 m2 computed from its own radius is a hair less.
_SLACK_M2 = 0.01


def new_trees(work: Work) -> list[Thing]:
    """Trees that the design plants."""
    return [one.thing for one in work.placed if one.kind.becomes == "tree"]


def _crowns_of(work: Work) -> Crowns:
    """The crowns that are there now; made once for the street unless a change names a tree outside it."""
    keeper = work if any(thing.kind == "tree" for thing in work.concerned_outside) else work.scene
    found = keeper.kept.get("crowns")
    if not isinstance(found, Crowns):
        found = keeper.kept["crowns"] = Crowns(work.before_things("tree"))
    return found


def _covered(work: Work, years: float, *, street: bool) -> float:
    """Square metres below crowns (over the `street` only, or at all) some years after the design is made."""
    key = ("covered", years, street)
    found = work.kept.get(key)
    if not isinstance(found, float):
        crowns = _crowns_of(work)
        measure = work.scene.public_patches.area_within if street else _area
        then, now = _locally(work, years)
        found = work.kept[key] = _covered_now(work, crowns, street=street) + measure(then) - measure(now)
    return found


def _covered_now(work: Work, crowns: Crowns, *, street: bool) -> float:
    if not street:
        return crowns.area_m2
    if crowns.over_street_m2 is None:
        patches = work.scene.public_patches
        crowns.over_street_m2 = sum(patches.area_within(part) for part in shapely.get_parts(crowns.whole))
    return crowns.over_street_m2


def _area(geometry: BaseGeometry) -> float:
    return float(geometry.area)


def _locally(work: Work, years: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Near the trees that come and go: ground below crowns some years after the design, and as it is now.

    What lies further off is the same in both.
    """
    key = ("locally", years)
    found = work.kept.get(key)
    if isinstance(found, tuple):
        return found
    crowns = _crowns_of(work)
    moved = [one.to for one in work.moved if one.to.kind == "tree"]
    gone = work.gone_ids
    fresh = circles(new_trees(work), years) + circles(moved, 0)
    leaving = crowns.named(gone)
    touched = crowns.near([*fresh, *(crowns.discs[place] for place in leaving)])
    now = together([crowns.discs[place] for place in touched])
    stay = [crowns.discs[place] for place in touched if crowns.trees[place].id not in gone]
    answer = together([*stay, *fresh]), now
    work.kept[key] = answer
    return answer


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
    crowns = _crowns_of(work)
    result = _over_the_years(crowns.area_m2, [_covered(work, years, street=False) for years in _YEARS_NEEDED])
    if crowns.trees:
        result.tell(crowns.step)
    for gone in work.taken:
        if gone.thing.kind == "tree":
            step = crown_step("goes", "tree", [gone.thing], 20, gone.index)
            step.low, step.high, step.each = -step.low, -step.high, None
            result.tell(step)
    for kind in dict.fromkeys(one.kind.id for one in work.placed if one.kind.becomes == "tree"):
        ones = [one for one in work.placed if one.kind.id == kind]
        step = crown_step("comes", kind, [one.thing for one in ones], 20, None)
        step.changes = [one.index for one in ones]
        result.tell(step)
    if _overlap(work) < -0.5:
        result.tell(exactly("overlap", _overlap(work), "m2"))
    if new_trees(work):
        result.tell(Step("end_image", status=Status.SOURCED, sources=END_IMAGE))
        result.warn("growth")
    return _known(work, result)


_YEARS_NEEDED = (0.0, 5.0, 10.0, 20.0)


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


def _overlap(work: Work) -> float:
    """What is counted twice where crowns touch, as a number to take off."""
    crowns = _crowns_of(work)
    gone = [one.thing for one in work.taken if one.thing.kind == "tree"]
    single = crowns.step.low + math.fsum(
        sign * math.pi * crown_radius(tree, 20) ** 2
        for trees_then, sign in ((new_trees(work), 1), (gone, -1))
        for tree in trees_then
    )
    return min(0.0, _covered(work, 20, street=False) - single)


@figure("canopy_share")
def canopy_share(work: Work) -> Figure:
    """M03: the part of the street, façade to façade, that lies below crowns."""
    if work.scene.public_m2 <= 0:
        return missing("no_ground")
    whole = work.scene.public_m2
    before = 100 * _covered_now(work, _crowns_of(work), street=True) / whole
    grown = [100 * _covered(work, years, street=True) / whole for years in _YEARS_NEEDED]
    result = _over_the_years(before, grown)
    result.tell(exactly("crowns_over_street", grown[-1] * whole / 100, "m2", status=growth.STATUS))
    result.tell(exactly("divided_by_street", whole, "m2"))
    return _known(work, result.warn("meant_for_neighbourhood"))


@figure("trees_in_view_share")
def trees_in_view(work: Work) -> Figure:
    """M04: the share of the street's dwellings with three sizeable trees within 25 m of the façade."""
    scene = work.scene
    homes = scene.homes_in_street
    if not homes:
        return missing("no_dwellings")
    reach, wanted = scene.number("in_view_m"), scene.number("trees_in_view")
    standing = [thing for thing in scene.street.present if thing.kind == "tree"]
    counts_now = scene.kept.get("in view")
    if not isinstance(counts_now, np.ndarray):
        counts_now = scene.kept["in view"] = _sizeable_in_view(scene, homes, standing, 0, reach)
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
    before = _crowns_of(work).area_m2
    low, high = (100 * (_covered(work, years, street=False) - before) / whole for years in (10, 20))
    result = Figure(before=0, after=high, low=min(low, high), high=high)
    result.tell(exactly("canopy_change", high * whole / 100, "m2", status=growth.STATUS))
    result.tell(exactly("divided_by_circle", whole, "m2"))
    result.assume(work.scene.metrics.assumptions["reach_canopy_m"])
    return result.warn("one_street")


def _known(work: Work, result: Figure) -> Figure:
    """Where the map has no trees at all, what stands there now is not known: only the change is."""
    if not work.scene.knows("tree"):
        result.more["before_known"] = False
        result.warn("no_tree_on_map")
    return result
