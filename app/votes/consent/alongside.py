"""Which addresses lie in front of a place, beside it and opposite, along the street. Pure; metres.

Every front door is projected onto the line along the middle of the street: where along it, and on which side.
Homes with the same house number (12A, 12-2) are at one front: a number is asked whole or not at all, so that
there may be a few addresses more than the rule says; what is written the same is one address. A front reaches
halfway to the next door, 10 m at most. Left and right are those of somebody in the street who faces the
houses beside the place.
"""

from __future__ import annotations

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
        found += _beside(sides[side], side, low, high, rule)
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
    bare.sort(key=lambda front: (front.first + front.last, front.doors[0].label))
    fronts = []
    for index, front in enumerate(bare):
        start, stop = front.first - FRONT_REACH_M, front.last + FRONT_REACH_M
        if index > 0:
            start = max(start, (bare[index - 1].last + front.first) / 2)
        if index + 1 < len(bare):
            stop = min(stop, (front.last + bare[index + 1].first) / 2)
        fronts.append(_Front(front.doors, front.first, front.last, start, stop))
    return fronts


def _beside(fronts: Sequence[_Front], side: int, low: float, high: float, rule: Rule) -> list[Neighbour]:
    """Those in front, and those to the left and right of them, on one side of the street."""
    before = _before(fronts, low, high)
    first = fronts.index(before[0]) if before else None
    if first is None:
        middle = (low + high) / 2
        back = [front for front in fronts if (front.first + front.last) / 2 < middle]
        ahead = [front for front in fronts if (front.first + front.last) / 2 >= middle]
    else:
        back, ahead = list(fronts[:first]), list(fronts[first + len(before) :])
    back.reverse()
    # Facing the houses to the left of the line, its direction is to one's right; and the other way round.
    to_left, to_right = (back, ahead) if side > 0 else (ahead, back)
    return [
        *_until(before, len(fronts) * 1_000, Side.FRONT),
        *_until(to_left, rule.left, Side.LEFT),
        *_until(to_right, rule.right, Side.RIGHT),
    ]


def _before(fronts: Sequence[_Front], low: float, high: float) -> list[_Front]:
    """The fronts that the stretch lies before; the one it lies before most, where it only touches them."""
    if high - low < LEAST_OVERLAP_M:
        middle = (low + high) / 2
        return [front for front in fronts if front.start <= middle < front.stop][:1]
    overlaps = [(min(front.stop, high) - max(front.start, low), front) for front in fronts]
    most = [front for overlap, front in overlaps if overlap >= LEAST_OVERLAP_M]
    if most:
        return most
    touched = [pair for pair in overlaps if pair[0] > 0]
    return [max(touched, key=lambda pair: pair[0])[1]] if touched else []


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
