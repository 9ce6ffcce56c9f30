"""How wide the way through is: one measure for pavements, single narrowings, carriageways and fire engines.

Everything is in metres in a metric CRS. The question is: what is the widest thing (a disc: somebody who may
turn) that can still get from every end of the ground to every other end? An *end* is where the ground goes
on outside the window that is looked at; between two ends along the edge lies a *wall*. What floats between
the walls (obstacles, islands) leaves gaps on all its sides, and one walks through the widest.

That is measured exactly, without sampling, by turning the question round: a way is closed to a disc of
diameter w if and only if a chain of gaps, each narrower than w, leads from one wall over obstacles to another
wall. So join walls and obstacles by their gaps, narrowest gap first, and never join two walls: each gap that
would join two walls is one that the way has to pass (`Look.gaps`), and the narrowest of them is the clear
width. A niche has one wall on both sides, as has the corner of a square, so neither is a narrowing.

How long a narrowing is (`Look.narrowings`) is what transects tell: lines square to a wall, just before and
just after every corner of anything, between which the width can only change evenly. So that is exact too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import RLock

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width.room import SAME_M, Room
from app.designs.checks.clear_width.segments import ROUNDING, Geometries
from app.designs.checks.clear_width.transects import TOGETHER_M, Gap, Narrowing
from app.designs.checks.clipping import clip

# Surfaces this far apart lie against each other: drawn by different hands, not a wall between them.
GAP_M = 0.1
# Corners down to 40 degrees stay as they are; of a sharper one the tip, thinner than the gap, goes.
MITRE = 3.0
LOST_M2 = 1e-4
# How far around a change is looked. A blind end shorter than this is a niche, a longer one leads somewhere.
REACH_M = 6.0
# Gaps wider than this are not measured: no rule asks for more.
UP_TO_M = 3.0
# What is this near something lies against it.
TOUCHING_M = 0.1
# Ground just beyond the window tells an end from a wall.
MARGIN_M = 0.1
# What reaches no further beyond the window is not worth cutting off.
HARDLY_M = 1.5

__all__ = [
    "GAP_M",
    "REACH_M",
    "UP_TO_M",
    "Compared",
    "Gap",
    "Look",
    "Narrowing",
    "close_gaps",
    "compare",
    "look",
    "passes",
]


def close_gaps(surfaces: Iterable[BaseGeometry], gap_m: float = GAP_M) -> BaseGeometry:
    """One geometry of these surfaces, with the gaps and slivers up to `gap_m` between them closed."""
    parts = list(surfaces)
    whole = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    if gap_m <= 0 or whole.is_empty:
        return whole
    grown = shapely.buffer(whole, gap_m / 2, join_style="mitre", mitre_limit=MITRE)
    closed = shapely.buffer(grown, -gap_m / 2, join_style="mitre", mitre_limit=MITRE)
    # A point of the border that is sharper than the gap is drawn out too far on the way back.
    lost = shapely.difference(whole, closed)
    return shapely.union(closed, whole) if lost.area > LOST_M2 else closed


def look(
    surfaces: Iterable[BaseGeometry],
    obstacles: Iterable[BaseGeometry],
    around: BaseGeometry,
    *,
    reach_m: float = REACH_M,
    up_to_m: float = UP_TO_M,
    gap_m: float = GAP_M,
) -> Look:
    """The ground within `reach_m` of the bounds of `around`, ready to be measured up to widths of `up_to_m`.

    `surfaces` are polygons of ground to go over; they may overlap, and gaps up to `gap_m` between them are
    closed. `obstacles` (points, lines, polygons) may lie anywhere; what they take outside the ground does not
    count. Only ground that touches `around` is measured. Empty and invalid geometries are passed over.
    """
    if around.is_empty or not np.isfinite(around.bounds).all():
        return Look((), up_to_m)
    west, south, east, north = around.bounds
    window = (west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    ground = close_gaps((_within(surface, window, 2 * gap_m + MARGIN_M) for surface in surfaces), gap_m)
    if ground.is_empty:
        return Look((), up_to_m)
    shapely.prepare(ground)
    seen = shapely.get_parts(clip(ground, window))
    seen = seen[(shapely.get_dimensions(seen) == 2) & shapely.dwithin(seen, around, TOUCHING_M)]
    things = _usable(obstacles)
    return Look(tuple(Room(part, things, ground, window, up_to_m) for part in seen), up_to_m)


@dataclass(frozen=True)
class Compared:
    """A narrowing, and what of it was not there before: `new` is its narrowest new gap, None for none."""

    narrowing: Narrowing
    new: Gap | None
    before: Look

    @cached_property
    def longer(self) -> bool:
        """Whether the stretch is longer than any that it was part of before."""
        # Before it was measured up to the same limit, so what was not below it does not count as old.
        then = self.before.narrowings(self.narrowing.limit_m)
        old = [one for one in then if shapely.dwithin(one.over, self.narrowing.over, TOGETHER_M)]
        return not any(_as_long(one, self.narrowing) for one in old)

    @property
    def is_caused(self) -> bool:
        """Whether the change made it, or made it worse: what is longer has new gaps too."""
        return self.new is not None


def compare(before: Look, after: Look, limit_m: float) -> list[Compared]:
    """The narrowings of `after` below a limit, narrowest first, held against `before` at the same place.

    A gap is new when one of its ends did not stand there before, or when the way did not have to pass it.
    """
    found = []
    for narrowing in after.narrowings(limit_m):
        lines = [gap.across for gap in narrowing.gaps]
        # Where something new stands is quickly told; whether a way went through takes more.
        first = next((place for place, known in enumerate(before.stood(lines)) if not known), len(lines))
        had = before.had(lines[:first]) if first else []
        first = next((place for place, known in enumerate(had) if not known), first)
        new = narrowing.gaps[first] if first < len(lines) else None
        found.append(Compared(narrowing, new, before))
    return found


def _as_long(old: Narrowing, new: Narrowing) -> bool:
    return old.open_ended or (not new.open_ended and new.length_m <= old.length_m + SAME_M)


class Look:
    """What is seen of the ground in a window; see `look`. Several threads may ask one look at once."""

    def __init__(self, rooms: Sequence[Room], up_to_m: float) -> None:
        self._rooms = rooms
        self.up_to_m = up_to_m
        self._narrowings: dict[float, list[Narrowing]] = {}
        # Rooms measure when they are asked, on prepared shapes, which are not for two at once.
        self._measuring = RLock()

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps below `up_to_m` that a way has to pass, narrowest first."""
        with self._measuring:
            found = [
                Gap(float(width), line)
                for room in self._rooms
                for width, line in zip(room.passed.width_m, room.passed.lines, strict=True)
            ]
        return tuple(sorted(found, key=lambda gap: gap.width_m))

    @property
    def width_m(self) -> float:
        """The clear width: the narrowest gap that a way has to pass, `up_to_m` when none is below it."""
        return self.gaps[0].width_m if self.gaps else self.up_to_m

    @property
    def is_through(self) -> bool:
        """Whether there is a way through at all: ground with at least two ends."""
        return any(room.walls > 1 for room in self._rooms)

    def gap_at(self, place: BaseGeometry) -> Gap | None:
        """The narrowest gap below `up_to_m` that ends on a place (a thing, a surface); None for none."""
        for room in self._rooms:
            with self._measuring:
                crossings = room.crossings(self.up_to_m)
            here = crossings.gaps(shapely.dwithin(crossings.lines, place, TOUCHING_M))
            if here:
                return here[0]
        return None

    def stood(self, lines: Sequence[LineString]) -> list[bool]:
        """Which of these gaps (lines across) have both ends on something that stands here."""
        known = np.zeros(len(lines), dtype=bool)
        for room in self._rooms:
            known |= room.stood(np.array(lines, dtype=object))
        return known.tolist()

    def had(self, lines: Sequence[LineString]) -> list[bool]:
        """Which of these gaps (lines across) a way has to pass."""
        known = np.zeros(len(lines), dtype=bool)
        for room in self._rooms:
            with self._measuring:
                known |= room.had(np.array(lines, dtype=object))
        return known.tolist()

    def narrowings(self, limit_m: float) -> list[Narrowing]:
        """Stretches narrower than `limit_m`, narrowest first; a limit above `up_to_m` counts as that."""
        limit = min(limit_m, self.up_to_m)
        with self._measuring:
            found = self._narrowings.get(limit)
            if found is None:
                all_rooms = [narrowing for room in self._rooms for narrowing in room.narrowings(limit)]
                found = self._narrowings[limit] = sorted(all_rooms, key=lambda narrowing: narrowing.width_m)
        return list(found)


def passes(
    surfaces: Iterable[BaseGeometry],
    obstacles: Iterable[BaseGeometry],
    width_m: float,
    around: BaseGeometry,
    *,
    reach_m: float = REACH_M,
) -> bool:
    """Whether something `width_m` wide still gets from every end of the ground to every other.

    The same as: the ground, opened by a disc of radius `width_m / 2`, is connected between its ends.
    """
    seen = look(surfaces, obstacles, around, reach_m=reach_m, up_to_m=width_m)
    return not seen.gaps or seen.width_m >= width_m - ROUNDING


def _within(surface: BaseGeometry, window: tuple[float, ...], margin: float) -> BaseGeometry:
    """The part of a surface within a window; with some more around it, or all of one that hardly reaches
    beyond."""
    west, south, east, north = window
    left, below, right, above = surface.bounds
    if min(left - west, below - south, east - right, north - above) >= -HARDLY_M:
        return surface
    edges = (west - margin, south - margin, east + margin, north + margin)
    return clip(surface, edges)


def _usable(obstacles: Iterable[BaseGeometry]) -> Geometries:
    things = np.array([thing for thing in obstacles if thing is not None], dtype=object)
    if not len(things):
        return things
    wrong = ~shapely.is_valid(things)
    if wrong.any():
        things[wrong] = shapely.make_valid(things[wrong])
    return things[~shapely.is_empty(things)]
