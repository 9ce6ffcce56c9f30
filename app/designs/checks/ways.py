"""The ways along which people walk, cycle and drive past a change, before and after it.

What is measured is kept per street situation, so that the rules about one change share one look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import REACH_M, TOUCHING_M, Compared, Gap, Look, compare
from app.designs.checks.clear_width.memory import remembered_look
from app.designs.checks.measure import around, overlap
from app.designs.checks.model import Case
from app.designs.checks.street import WALKABLE, Street, Thing

# What stands beside a way, or runs over it (a bridge, a house over a passage): ground is mapped up to it.
NO_OBSTACLE = frozenset(("building", "structure"))
# A change is told of what the street lacks already where it lies in that narrow stretch.
AT_IT_M = 0.5
# Ground is surveyed in squares of this size.
PIECE_M = 8.0


@dataclass(frozen=True)
class Way:
    """A kind of ground to go over.

    `more` finds further ground in a window, as far as it lies on ground of the kind `more_within`; `passable`
    is what is no obstacle after all.
    """

    name: str
    kinds: tuple[str, ...]
    reach_m: float = REACH_M
    more: Callable[[Street, BaseGeometry], list[BaseGeometry]] = field(default=lambda street, window: [])
    more_within: str | None = None
    passable: Callable[[Thing], bool] = field(default=lambda thing: False)


# Ground that people share with traffic.
SHARED = ("carriageway", "crossing", "home_zone")


def _shared_ground(street: Street, window: BaseGeometry) -> list[BaseGeometry]:
    """Where people walk on ground that is no pavement: home zones, and crossings with an outline."""
    found = [
        thing.footprint
        for thing in street.near(window, 0, *SHARED)
        if thing.kind != "carriageway" or str(thing.attributes.get("function", "")).startswith("woonerf")
    ]
    return [area for area in found if area.area > 0]


def _raised_ground(street: Street, window: BaseGeometry) -> list[BaseGeometry]:
    """Pavement that one drives over: a pavement that runs on across a side street."""
    return [
        thing.footprint
        for thing in street.near(window, 0, "pavement")
        if thing.element is not None and thing.element.id == "entry_construction"
    ]


def _is_removable(thing: Thing) -> bool:
    """The posts of a modal filter, which fire engines take away (R30)."""
    return thing.element is not None and thing.element.id == "modal_filter"


WALKING = Way("walking", WALKABLE, more=_shared_ground, more_within="carriageway")
# A fire engine also drives over squares; parking bays are full.
DRIVING = Way("driving", ("carriageway", "square"), 9.0, _raised_ground, passable=_is_removable)
CYCLING = Way("cycling", ("cycle_path",))


class Passage:
    """A change in a way: one look at what is left, and one at what there was.

    `is_touched`: whether the thing takes any of it (or, in a survey, is it). Widths are measured up to
    `up_to_m`.
    """

    def __init__(self, case: Case, way: Way, up_to_m: float) -> None:
        self.place = case.thing.footprint
        self._index = case.proposal.index
        self._after, self._before = case.after, case.before
        self._itself = case.thing if case.proposal.action == "survey" else None
        self._is_way = self._itself is not None and case.thing.kind in way.kinds
        self._way = way
        self.kinds = way.kinds
        self._up_to_m = up_to_m
        self._looks: dict[tuple[bool, float, int], Look] = {}
        self._compared: dict[tuple[float, float], list[Compared]] = {}
        self.is_touched = self._is_way or self._takes(case.thing)

    def _takes(self, thing: Thing) -> bool:
        if thing.lays is not None:
            narrows = thing.lays not in self._way.kinds and not (
                thing.element is not None and thing.element.id == "entry_construction"
            )
        else:
            narrows = _stands(thing, self._way)
        return narrows and any(
            overlap(self.place, ground) is not None
            for street in (self._before, self._after)
            for ground in (
                *(surface.footprint for surface in street.near(self.place, 0, *self._way.kinds)),
                *self._way.more(street, self.place),
            )
        )

    def _ground(self, street: Street, window: BaseGeometry) -> BaseGeometry:
        ground = street.ground(*self._way.kinds, window=window)
        more = self._way.more(street, window)
        if not more:
            return ground
        further = shapely.union_all(more)
        if self._way.more_within is not None:
            further = shapely.intersection(further, street.ground(self._way.more_within, window=window))
        return shapely.union(ground, further)

    @cached_property
    def _places(self) -> list[BaseGeometry]:
        """Where to look: at the change; at ground that is surveyed itself, piece by piece."""
        if not self._is_way:
            return [self.place]
        west, south, east, north = self.place.bounds
        cells = [
            box(x, y, x + PIECE_M, y + PIECE_M)
            for x in np.arange(west, east, PIECE_M)
            for y in np.arange(south, north, PIECE_M)
        ]
        pieces = shapely.intersection(self.place, np.array(cells, dtype=object))
        return [piece for piece in pieces if piece.area > 0]

    def _look(self, now: bool, reach_m: float, number: int = 0) -> Look:
        if not now and self._is_way:
            # All that is narrow in it is its own.
            return Look((), self._up_to_m)
        found = self._looks.get((now, reach_m, number))
        if found is None:
            street = self._after if now else self._before
            found = self._looks[now, reach_m, number] = self._seen(
                street, self._places[number], reach_m, None if now else self._itself
            )
        return found

    def _seen(self, street: Street, place: BaseGeometry, reach_m: float, but: Thing | None) -> Look:
        window = around(place, reach_m + 1)
        solid = [thing.footprint for thing in street.obstacles(window, but=but) if _stands(thing, self._way)]
        return remembered_look(self._ground(street, window), solid, place, reach_m, self._up_to_m)

    @property
    def then(self) -> Look:
        """The way as it is; of an existing thing that is surveyed, as it would be without it."""
        return self._look(False, self._way.reach_m)

    def narrowings(self, limit_m: float, reach_m: float | None = None) -> list[Compared]:
        """Stretches below a limit that this change makes or worsens, or in which it lies."""
        reach = max(reach_m or 0, self._way.reach_m)
        found = self._compared.get((limit_m, reach))
        if found is None:
            found = self._compared[limit_m, reach] = [
                one
                for number, place in enumerate(self._places)
                for one in self._new_or_old(number, limit_m, reach)
                if (one.is_caused and not self._is_way) or _lies_in(one, place)
            ]
        return found

    def _new_or_old(self, number: int, limit_m: float, reach_m: float) -> list[Compared]:
        after = self._look(True, reach_m, number)
        # Mostly nothing is narrow, and then it does not matter how it was.
        if not after.narrowings(limit_m):
            return []
        found = compare(self._look(False, reach_m, number), after, limit_m)
        if not len(self._others):
            return found
        mine = (self._mine(one, number, reach_m) for one in found)
        return [one for one in mine if one is not None]

    @cached_property
    def _others(self) -> np.ndarray:
        """What other changes of the design put down."""
        others = [thing.footprint for thing in self._after.drawn if thing.change != self._index]
        return np.array(others, dtype=object)

    def _mine(self, found: Compared, number: int, reach_m: float) -> Compared | None:
        """A narrowing as far as this change has a part in it; None where it is all of other changes.

        Other changes near by have their own narrow places, which are told of them. This one has a part in a
        new gap that ends on it, that ends on nothing drawn, or that one would not have to pass without it.
        """
        if found.new is None or self._itself is not None or self._has_part_in(found.new):
            return found
        gaps, then = found.narrowing.gaps, found.before
        lines = [gap.across for gap in gaps]
        was = [stood and had for stood, had in zip(then.stood(lines), then.had(lines), strict=True)]
        new = [gap for gap, known in zip(gaps, was, strict=True) if not known]
        for gap in new:
            if self._has_part_in(gap):
                return Compared(found.narrowing, gap, then)
        without = self._look_without(number, reach_m)
        passed = [gap.across for gap in new]
        for gap, stood, had in zip(new, without.stood(passed), without.had(passed), strict=True):
            if stood and not had:
                return Compared(found.narrowing, gap, then)
        old = tuple(gap for gap, known in zip(gaps, was, strict=True) if known)
        if not old:
            return None
        left = replace(found.narrowing, width_m=old[0].width_m, across=old[0].across, gaps=old)
        return Compared(left, None, then)

    def _has_part_in(self, gap: Gap) -> bool:
        """Whether a new gap ends on this change, or on nothing that is drawn."""
        near = shapely.dwithin(gap.across, self.place, TOUCHING_M)
        return bool(near or not shapely.dwithin(self._others, gap.across, TOUCHING_M).any())

    def _look_without(self, number: int, reach_m: float) -> Look:
        """What there would be with all changes of the design but this one."""
        before = self._after.before or self._after
        street = before.after(one for one in self._after.proposals if one.index != self._index)
        return self._seen(street, self._places[number], reach_m, None)

    def told(self, compared: Compared) -> Gap:
        """What is told of a narrowing: the narrowest gap that this change makes, else the narrowest beside
        it, else the narrowest there is."""
        if compared.new is not None and not self._is_way:
            return compared.new
        narrowing = compared.narrowing
        beside = (gap for gap in narrowing.gaps if shapely.dwithin(gap.across, self.place, AT_IT_M))
        return next(beside, Gap(narrowing.width_m, narrowing.across))

    def gap(self) -> Gap | None:
        """The narrowest gap beside the change itself; None where more than is measured stays free."""
        found = [
            self._look(True, self._way.reach_m, number).gap_at(place)
            for number, place in enumerate(self._places)
        ]
        return min(filter(None, found), key=lambda gap: gap.width_m, default=None)


def _lies_in(found: Compared, place: BaseGeometry) -> bool:
    """Whether a place lies in (or right beside) a narrow stretch."""
    return bool(shapely.dwithin(found.narrowing.over, place, AT_IT_M))


def _stands(thing: Thing, way: Way) -> bool:
    return thing.is_solid and thing.kind not in NO_OBSTACLE and not way.passable(thing)


def passage(case: Case, way: Way, up_to_m: float) -> Passage | None:
    """What a change does to a way; None when it takes nothing of it. Kept with the street after it."""
    key = ("passage", case.proposal.action, case.thing.id, way.name, up_to_m)
    found: Passage | None = case.after.measured.get(key)
    if found is None:
        found = case.after.measured[key] = Passage(case, way, up_to_m)
    return found if found.is_touched else None
