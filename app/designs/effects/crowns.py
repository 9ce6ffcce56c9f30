"""Tree crowns as discs on the ground: their sizes, and all those of a street in an index."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.measure import tree_after
from app.designs.checks.street import Thing
from app.designs.effects.figure import Step
from geodata import growth
from geodata.catalogue import Status

# A circle as a polygon of 64 corners, blown up so that it has the area of the circle.
_CORNERS = 64
_BLOWN_UP = math.sqrt(2 * math.pi / (_CORNERS * math.sin(2 * math.pi / _CORNERS)))


def crown_radius(thing: Thing, years: float) -> float:
    """The radius of a tree's crown in metres, `years` after the design is made.

    A new tree grows; a standing one stays as it is, since its age is not known.
    """
    return tree_after(thing, years).crown_radius_m


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


class Crowns:
    """The crowns of standing trees. `over_street_m2` is for whoever measures it first."""

    def __init__(self, trees: Sequence[Thing]) -> None:
        self.trees = tuple(trees)
        self.discs = circles(trees, 0)
        self.over_street_m2: float | None = None
        self._index = shapely.STRtree(self.discs)

    @cached_property
    def whole(self) -> BaseGeometry:
        """All crowns as one."""
        return together(self.discs)

    @cached_property
    def area_m2(self) -> float:
        """Ground below them, what overlaps counted once."""
        return float(self.whole.area)

    @cached_property
    def step(self) -> Step:
        """How that is told."""
        return crown_step("now", "tree", self.trees, 0, None)

    def named(self, ids: Iterable[str]) -> list[int]:
        """Those of the trees with these ids; numbers of `trees`."""
        return sorted(self._places[one] for one in ids if one in self._places)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {tree.id: place for place, tree in enumerate(self.trees)}

    def near(self, places: Sequence[BaseGeometry]) -> list[int]:
        """Which crowns touch any of these places; numbers of `trees`."""
        if not places or not self.trees:
            return []
        return sorted(set(self._index.query(places, predicate="intersects")[1].tolist()))


def crown_step(step: str, what: str, things: Sequence[Thing], years: float, change: int | None) -> Step:
    """The ground below some crowns, each counted for itself, as a step."""
    each = {round(math.pi * crown_radius(thing, years) ** 2, 3) for thing in things}
    total = math.fsum(math.pi * crown_radius(thing, years) ** 2 for thing in things)
    told = all(thing.element is None and thing.number("crown_m") is not None for thing in things)
    numbers = [thing.element.effects.canopy_m2_y20 for thing in things if thing.element is not None]
    return Step(
        step,
        what,
        "m2",
        total,
        total,
        count=len(things),
        each=each.pop() if len(each) == 1 else None,
        status=Status.DERIVED if told else growth.STATUS,
        sources=tuple(
            dict.fromkeys(key for number in numbers if number is not None for key in number.sources)
        ),
        objects=[thing.object_id for thing in things if thing.object_id is not None],
        changes=[] if change is None else [change],
    )
