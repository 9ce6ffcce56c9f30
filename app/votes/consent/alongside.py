"""Which addresses lie in front of a place, beside it and opposite, along the street. Pure; metres.

Every front door is projected onto the line along the middle of the street: where along it, and on which side.
Homes with the same house number (12A, 12-2) are at one front: a number is asked whole or not at all, so that
there may be a few addresses more than the rule says; what is written the same is one address. A front reaches
halfway to the next door, 10 m at most. Doors at one spot along the line share a front: homes above each other
with numbers of their own, and the houses around a bend or the end of a street, of which the nearest to the
place are the ones in front of it. Left and right are those of somebody in the street who faces the houses
beside the place.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from app.votes.consent.domain import Rule, Side

# Doors further from the middle of the street belong to another one.
DOORS_WITHIN_M = 45.0
# Which street it is, is told by the doors around the place.
AROUND_M = 60.0
FRONT_REACH_M = 10.0
# Less of a neighbour's front is no "directly in front".
LEAST_OVERLAP_M = 0.5
# Doors this near to each other are at one spot.
SAME_SPOT_M = 0.5
# A place this near to the middle of the street lies before both sides.
MIDDLE_M = 0.5
_STEM = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Door:
    """An address: its id, how it is written, street and number, and where its front door is (metres)."""

    id: int
    label: str
    street: str
    number: str
    point: Point


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An address that the rule asks, on which side, and how near among those of that side (from 1)."""

    door: Door
    side: Side
    rank: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whom a rule asks about a place. `street` is empty where no address lies along it."""

    street: str
    found: tuple[Neighbour, ...]
    both_sides: bool = False

    def of(self, side: Side) -> list[str]:
        """The addresses of one side, the nearest first."""
        return [one.door.label for one in self.found if one.side is side]


@dataclass(frozen=True, slots=True)
class _Front:
    """The doors of one number: from where to where along the line, and how far their front reaches."""

    doors: tuple[Door, ...]
    first: float
    last: float
    start: float = 0.0
    stop: float = 0.0

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where its front is: fronts at one spot share it."""
        return self.start, self.stop

    def distance(self, place: BaseGeometry) -> float:
        """From the nearest of its doors to a place."""
        return min(door.point.distance(place) for door in self.doors)


def neighbours(
    line: LineString, doors: Iterable[Door], place: BaseGeometry, rule: Rule, street: str = ""
) -> Neighbours:
    """Whom `rule` asks about `place`, of the `doors` along `line` (the middle of the street).

    `street` is the name of the street where it is known; else the doors around the place tell.
    """
    near = [door for door in doors if line.distance(door.point) <= DOORS_WITHIN_M]
    low, high = _stretch(line, place)
    street = street or _street(line, near, low, high)
    here = [door for door in near if door.street == street]
    sides = {+1: _fronts(line, here, +1), -1: _fronts(line, here, -1)}
    both = line.distance(place) <= MIDDLE_M
    own = [+1, -1] if both else [side_of(line, place.centroid)]
    found: list[Neighbour] = []
    for side in own:
        found += _beside(sides[side], side, low, high, place, rule)
    if not both:
        middle = (low + high) / 2
        # At the same distance (to a millimetre) by label: which way the line runs must not matter.
        across = sorted(
            sides[-own[0]], key=lambda front: (round(_gap(front, middle), 3), front.doors[0].label)
        )
        found += _until(across, rule.opposite, Side.OPPOSITE)
    return Neighbours(street, tuple(found), both)


def side_of(line: LineString, point: Point) -> int:
    """+1 to the left of a line in its own direction, -1 to the right."""
    along = line.project(point)
    back, ahead = line.interpolate(max(0.0, along - 1)), line.interpolate(min(line.length, along + 1))
    here = line.interpolate(along)
    cross = (ahead.x - back.x) * (point.y - here.y) - (ahead.y - back.y) * (point.x - here.x)
    return 1 if cross > 0 else -1


def _stretch(line: LineString, place: BaseGeometry) -> tuple[float, float]:
    """From where to where along the line a place lies."""
    along = [line.project(Point(x, y)) for x, y in shapely.get_coordinates(place)]
    return min(along), max(along)


def _street(line: LineString, doors: Sequence[Door], low: float, high: float) -> str:
    """The street that most doors around the place belong to; of two the one whose name comes first."""
    around = [door for door in doors if low - AROUND_M <= line.project(door.point) <= high + AROUND_M]
    names = Counter(door.street for door in around or doors)
    return min(names, key=lambda name: (-names[name], name), default="")


def _fronts(line: LineString, doors: Iterable[Door], side: int) -> list[_Front]:
    """The fronts of one side, along the line."""
    by_number: dict[str, list[Door]] = {}
    for door in doors:
        if side_of(line, door.point) == side:
            stem = _STEM.match(door.number)
            by_number.setdefault(stem.group() if stem else door.label, []).append(door)
    bare = []
    for group in by_number.values():
        along = [line.project(door.point) for door in group]
        ordered = sorted(group, key=lambda door: (line.project(door.point), door.label))
        # Several entrances or homes that are written the same can get one letter only.
        once = {door.label: door for door in reversed(ordered)}
        bare.append(_Front(tuple(reversed(once.values())), min(along), max(along)))
    bare.sort(
        key=lambda front: (front.first + front.last, _overshoot(line, front), front.doors[0].label),
    )
    spots = _spots(bare)
    fronts = []
    for index, spot in enumerate(spots):
        first, last = min(front.first for front in spot), max(front.last for front in spot)
        start, stop = first - FRONT_REACH_M, last + FRONT_REACH_M
        if index > 0:
            start = max(start, (max(front.last for front in spots[index - 1]) + first) / 2)
        if index + 1 < len(spots):
            stop = min(stop, (last + min(front.first for front in spots[index + 1])) / 2)
        fronts += [_Front(front.doors, front.first, front.last, start, stop) for front in spot]
    return fronts


def _spots(ordered: Sequence[_Front]) -> list[list[_Front]]:
    """Fronts along the line, those at one spot together."""
    spots: list[list[_Front]] = []
    for front in ordered:
        here = spots[-1][-1] if spots else None
        if here and max(abs(front.first - here.first), abs(front.last - here.last)) < SAME_SPOT_M:
            spots[-1].append(front)
        else:
            spots.append([front])
    return spots


def _overshoot(line: LineString, front: _Front) -> float:
    """How far a front lies on in the line's direction beyond its spot on it, in metres: around the outside of
    a bend, and past the ends, many doors have one spot. Else it is nothing."""
    along = (front.first + front.last) / 2
    here = line.interpolate(along)
    back, ahead = line.interpolate(max(0.0, along - 1)), line.interpolate(min(line.length, along + 1))
    dx, dy = ahead.x - back.x, ahead.y - back.y
    length = math.hypot(dx, dy)
    door = front.doors[0].point
    beyond = ((door.x - here.x) * dx + (door.y - here.y) * dy) / length if length else 0.0
    return round(beyond, 3)


def _beside(
    fronts: Sequence[_Front], side: int, low: float, high: float, place: BaseGeometry, rule: Rule
) -> list[Neighbour]:
    """Those in front, and those to the left and right of them, on one side of the street."""
    before = _nearest_at_each_spot(_before(fronts, low, high, place), place)
    first = fronts.index(before[0]) if before else None
    if first is None:
        middle = (low + high) / 2
        back = [front for front in fronts if (front.first + front.last) / 2 < middle]
        ahead = [front for front in fronts if (front.first + front.last) / 2 >= middle]
    else:
        back, ahead = list(fronts[:first]), [front for front in fronts[first:] if front not in before]
    back.reverse()
    # Facing the houses to the left of the line, its direction is to one's right; and the other way round.
    to_left, to_right = (back, ahead) if side > 0 else (ahead, back)
    return [
        *_until(before, len(fronts) * 1_000, Side.FRONT),
        *_until(to_left, rule.left, Side.LEFT),
        *_until(to_right, rule.right, Side.RIGHT),
    ]


def _before(fronts: Sequence[_Front], low: float, high: float, place: BaseGeometry) -> list[_Front]:
    """The fronts that the stretch lies before; the one it lies before most, where it only touches them."""
    if high - low < LEAST_OVERLAP_M:
        middle = (low + high) / 2
        here = [front for front in fronts if front.start <= middle < front.stop]
        # Numbers whose doors stand among those of another reach over each other.
        here.sort(key=lambda front: (round(front.distance(place), 3), front.doors[0].label))
        return _at_the_spot_of(here[:1], fronts)
    overlaps = [(min(front.stop, high) - max(front.start, low), front) for front in fronts]
    most = [front for overlap, front in overlaps if overlap >= LEAST_OVERLAP_M]
    if most:
        return most
    touched = [pair for pair in overlaps if pair[0] > 0]
    return _at_the_spot_of([max(touched, key=lambda pair: pair[0])[1]] if touched else [], fronts)


def _at_the_spot_of(found: Sequence[_Front], fronts: Sequence[_Front]) -> list[_Front]:
    """All fronts at the spots of those that were found."""
    reaches = {front.reach for front in found}
    return [front for front in fronts if front.reach in reaches]


def _nearest_at_each_spot(found: Sequence[_Front], place: BaseGeometry) -> list[_Front]:
    """Of the fronts at one spot those nearest to the place, and those as near: homes above each other."""
    nearest: dict[tuple[float, float], float] = {}
    for front in found:
        nearest[front.reach] = min(nearest.get(front.reach, math.inf), front.distance(place))
    return [front for front in found if front.distance(place) <= nearest[front.reach] + SAME_SPOT_M]


def _gap(front: _Front, along: float) -> float:
    return max(front.first - along, along - front.last, 0.0)


def _until(fronts: Iterable[_Front], least: int, side: Side) -> list[Neighbour]:
    """Whole fronts until there are at least so many addresses."""
    found: list[Neighbour] = []
    for front in fronts:
        if len(found) >= least:
            break
        found += [Neighbour(door, side, len(found) + number) for number, door in enumerate(front.doors, 1)]
    return found
