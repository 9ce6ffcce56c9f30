"""What differs between two designs, or between a design and the street as it is: by change, not by text.

Pure: no Flask, no SQL. Geometries are in the neighbourhood's metric CRS (metres, x east, y north); compass
directions are those of its grid, which in the Netherlands is at most one degree off true north.

Changes are paired in three rounds, each with what the one before left over:

1. both say something about the same street object (a change about one object is never paired by place);
2. new things of equal kind and geometry;
3. new things of one family, by the assignment that costs the fewest metres in all (decision 0013).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

# Further off a thing is another thing.
REACH_M = 5.0
# Another kind of the same family on the same spot is as far off as this.
OTHER_KIND_M = 2.5
# Lines and areas that share less ground than this part of both together are not one thing.
LEAST_SHARE = 0.2
LINE_WIDTH_M = 1.0
# Coordinates are kept to about a millimetre; below a centimetre nothing was moved.
SAME_PLACE_M = 0.01
SAME_SHAPE_M = 0.02
SAME_SIZE = {"length": 0.02, "width": 0.01, "height": 0.01, "area": 0.05}
SAME_TURN_DEG = 0.5
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
# Actions whose place is the object's own: nothing is left to compare.
WITHOUT_PLACE = frozenset({"remove", "keep"})


class Standing(StrEnum):
    """Where a change stands: in both designs alike, in one only, or in both but not alike."""

    DIFFERENT = "different"
    ONLY_A = "only_a"
    ONLY_B = "only_b"
    SAME = "same"


Pair = tuple["ComparedChange", "ComparedChange"]
_MIRRORED = {Standing.ONLY_A: Standing.ONLY_B, Standing.ONLY_B: Standing.ONLY_A}
_ORDER = {standing: index for index, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class ComparedChange:
    """One change of a design. `key` tells it back to who asks and is never compared.

    `family` holds the kinds that can stand for each other (the catalogue's group); `rotation_deg` is
    clockwise and None where turning means nothing (a tree); `width_m` is the width of a line.
    """

    key: str
    action: str
    geometry: BaseGeometry
    kind: str | None = None
    family: str = ""
    object_id: int | None = None
    object_kind: str | None = None
    rotation_deg: float | None = None
    width_m: float | None = None
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """How far and whereto, from A to B: metres to the centimetre and one of eight compass directions."""

    distance_m: float
    direction: str

    def mirrored(self) -> Move:
        """From B to A."""
        return Move(self.distance_m, COMPASS[(COMPASS.index(self.direction) + 4) % 8])


@dataclass(frozen=True, slots=True)
class Size:
    """A size that differs: `length`, `width` or `height` in metres, `area` in square metres."""

    what: str
    a: float | None
    b: float | None

    def mirrored(self) -> Size:
        """Seen from B."""
        return Size(self.what, self.b, self.a)


@dataclass(frozen=True, slots=True)
class Difference:
    """One pair of changes, or one change without a partner (then `a` or `b` is None)."""

    standing: Standing
    a: ComparedChange | None
    b: ComparedChange | None
    move: Move | None = None
    turn_deg: float | None = None
    sizes: tuple[Size, ...] = ()
    other_shape: bool = False
    other_kind: bool = False
    other_action: bool = False

    def mirrored(self) -> Difference:
        """The same seen from B: what `differences(b, a)` says."""
        turn = self.turn_deg
        return Difference(
            _MIRRORED.get(self.standing, self.standing),
            self.b,
            self.a,
            self.move.mirrored() if self.move else None,
            turn if turn is None or turn == 180 else -turn,
            tuple(size.mirrored() for size in self.sizes),
            self.other_shape,
            self.other_kind,
            self.other_action,
        )


def differences(a_changes: Iterable[ComparedChange], b_changes: Iterable[ComparedChange]) -> list[Difference]:
    """Every change of both designs exactly once: first what differs, then A only, B only, and what is alike.

    The order of the input does not matter, nor does moving both designs together.
    """
    # Copies: the same value may come twice, and each is one change.
    a_left = sorted(map(replace, a_changes), key=_content)
    b_left = sorted(map(replace, b_changes), key=_content)
    pairs: list[Pair] = []
    for key in (_object_of, _exact_of, _place_of):
        found, a_left, b_left = _pair_equal(a_left, b_left, key)
        pairs += found
    found, a_left, b_left = _pair_near(a_left, b_left)
    pairs += found
    result = [_compared(a, b) for a, b in pairs]
    result += [Difference(Standing.ONLY_A, a, None) for a in a_left]
    result += [Difference(Standing.ONLY_B, None, b) for b in b_left]
    return sorted(result, key=lambda one: (_ORDER[one.standing], _content(one.a or one.b)))  # type: ignore[arg-type]


# --- pairing ---


def _content(change: ComparedChange) -> tuple[Any, ...]:
    """What a change says, as something that sorts; its key comes last, for equal ones."""
    return (
        change.object_id or 0,
        change.family,
        change.action,
        change.kind or "",
        change.object_kind or "",
        change.geometry.geom_type,
        tuple(shapely.get_coordinates(shapely.normalize(change.geometry)).ravel().tolist()),
        change.rotation_deg or 0.0,
        change.width_m or 0.0,
        change.height_m or 0.0,
        change.key,
    )


def _object_of(change: ComparedChange) -> Any:
    return change.object_id


def _exact_of(change: ComparedChange) -> Any:
    return None if change.object_id is not None else _content(change)[:-1]


def _place_of(change: ComparedChange) -> Any:
    return None if change.object_id is not None else _content(change)[:7]


def _pair_equal(
    a_changes: Sequence[ComparedChange],
    b_changes: Sequence[ComparedChange],
    key: Callable[[ComparedChange], Any],
) -> tuple[list[Pair], list[ComparedChange], list[ComparedChange]]:
    """Pair changes of equal key (None pairs with nothing) in their order; and what is left of both."""
    waiting: dict[Any, list[ComparedChange]] = defaultdict(list)
    for b in reversed(b_changes):
        waiting[key(b)].append(b)
    waiting.pop(None, None)
    pairs, a_left, taken = [], [], set()
    for a in a_changes:
        partners = waiting.get(key(a))
        if partners:
            pairs.append((a, partners.pop()))
            taken.add(id(pairs[-1][1]))
        else:
            a_left.append(a)
    return pairs, a_left, [b for b in b_changes if id(b) not in taken]


def _pair_near(
    a_changes: Sequence[ComparedChange], b_changes: Sequence[ComparedChange]
) -> tuple[list[Pair], list[ComparedChange], list[ComparedChange]]:
    """Pair new things of one family where that costs the fewest metres; a pair may cost `REACH_M` at most."""
    families: dict[Any, tuple[list[ComparedChange], list[ComparedChange]]] = defaultdict(lambda: ([], []))
    for side, changes in enumerate((a_changes, b_changes)):
        for change in changes:
            if change.object_id is None:
                families[change.action, change.family, change.object_kind][side].append(change)
    pairs = []
    for a_family, b_family in families.values():
        if a_family and b_family:
            pairs += _assigned(a_family, b_family)
    paired = {id(change) for pair in pairs for change in pair}
    return (
        pairs,
        [a for a in a_changes if id(a) not in paired],
        [b for b in b_changes if id(b) not in paired],
    )


def _assigned(a_family: Sequence[ComparedChange], b_family: Sequence[ComparedChange]) -> list[Pair]:
    # Solved the same way round whichever comes first, so that ties fall the same way too.
    if [_content(b)[:-1] for b in b_family] < [_content(a)[:-1] for a in a_family]:
        return [(a, b) for b, a in _assigned(b_family, a_family)]
    cost = _costs_mm(a_family, b_family)
    within = cost <= REACH_M * 1000
    # Two left alone cost a little more than the dearest pair.
    rows, columns = linear_sum_assignment(np.where(within, cost, REACH_M * 1000 + 1))
    return [(a_family[i], b_family[j]) for i, j in zip(rows, columns, strict=True) if within[i, j]]


def _costs_mm(a_family: Sequence[ComparedChange], b_family: Sequence[ComparedChange]) -> np.ndarray:
    """How far each thing of A is from each of B: whole millimetres, so that ties are ties, or infinite."""
    cost = np.full((len(a_family), len(b_family)), np.inf)
    a_shapes = np.array([a.geometry for a in a_family], dtype=object)
    b_shapes = np.array([b.geometry for b in b_family], dtype=object)
    i, j = shapely.STRtree(b_shapes).query(a_shapes, predicate="dwithin", distance=REACH_M)
    if not len(i):
        return cost
    apart = shapely.distance(shapely.centroid(a_shapes)[i], shapely.centroid(b_shapes)[j])
    shaped = (shapely.get_dimensions(a_shapes)[i] > 0) & (shapely.get_dimensions(b_shapes)[j] > 0)
    if shaped.any():
        a_bodies = np.array([_body(a) for a in a_family], dtype=object)[i[shaped]]
        b_bodies = np.array([_body(b) for b in b_family], dtype=object)[j[shaped]]
        outlines = shapely.hausdorff_distance(a_shapes[i[shaped]], b_shapes[j[shaped]])
        apart[shaped] = np.minimum(outlines, _metres_of(_shares(a_bodies, b_bodies)))
    other = np.array([a_family[m].kind != b_family[n].kind for m, n in zip(i, j, strict=True)])
    cost[i, j] = np.round((apart + other * OTHER_KIND_M) * 1000)
    return cost


def _body(change: ComparedChange) -> BaseGeometry:
    """The ground that a line or area takes."""
    shape = change.geometry
    if shapely.get_dimensions(shape) == 1:
        shape = shape.buffer((change.width_m or LINE_WIDTH_M) / 2, cap_style="flat")
    return shapely.make_valid(shape)


def _shares(a_bodies: np.ndarray, b_bodies: np.ndarray) -> np.ndarray:
    """Ground in common as a part of the ground of both together, 0 to 1."""
    common = shapely.area(shapely.intersection(a_bodies, b_bodies))
    together = shapely.area(a_bodies) + shapely.area(b_bodies) - common
    return np.divide(common, together, out=np.zeros_like(common), where=together > 0)


def _metres_of(shares: np.ndarray) -> np.ndarray:
    """Shared ground as a distance: all of it is 0, too little is infinite."""
    return np.where(shares >= LEAST_SHARE, (1 - shares) * REACH_M, np.inf)


# --- what differs within a pair ---


def _compared(a: ComparedChange, b: ComparedChange) -> Difference:
    if a.action != b.action:
        return Difference(Standing.DIFFERENT, a, b, other_action=True)
    if a.action in WITHOUT_PLACE:
        return Difference(Standing.SAME, a, b)
    found = Difference(Standing.DIFFERENT, a, b, turn_deg=_turn(a, b), other_kind=a.kind != b.kind)
    move, sizes, other_shape = _place(a, b)
    if not found.other_kind:
        sizes += _size("width", a.width_m, b.width_m) + _size("height", a.height_m, b.height_m)
    alike = not (move or sizes or other_shape or found.other_kind or found.turn_deg)
    return replace(
        found,
        standing=Standing.SAME if alike else Standing.DIFFERENT,
        move=move,
        sizes=sizes,
        other_shape=other_shape,
    )


def _place(a: ComparedChange, b: ComparedChange) -> tuple[Move | None, tuple[Size, ...], bool]:
    """Moved as it is, or of another shape: then its size, since a longer hedge was not moved."""
    start, end = a.geometry.centroid, b.geometry.centroid
    east, north = end.x - start.x, end.y - start.y
    dimensions = shapely.get_dimensions([a.geometry, b.geometry])
    if dimensions[0] != dimensions[1]:
        return _move(east, north), (), True
    if dimensions[0] > 0:
        shifted = translate(a.geometry, east, north)
        if shifted.hausdorff_distance(b.geometry) > SAME_SHAPE_M:
            if dimensions[0] == 1:
                return None, _size("length", a.geometry.length, b.geometry.length), True
            return None, _size("area", a.geometry.area, b.geometry.area), True
    return _move(east, north), (), False


def _move(east: float, north: float) -> Move | None:
    distance = math.hypot(east, north)
    if distance < SAME_PLACE_M:
        return None
    sector = math.floor(math.degrees(math.atan2(east, north)) / 45 + 0.5) % 8
    return Move(round(distance, 2), COMPASS[sector])


def _turn(a: ComparedChange, b: ComparedChange) -> float | None:
    """Degrees clockwise from A to B, more than -180 and at most 180; None where nothing was turned."""
    turn = math.remainder((b.rotation_deg or 0.0) - (a.rotation_deg or 0.0), 360)
    if abs(turn) < SAME_TURN_DEG:
        return None
    turn = round(turn, 1)
    return 180.0 if turn == -180 else turn


def _size(what: str, a: float | None, b: float | None) -> tuple[Size, ...]:
    if a is None and b is None:
        return ()
    if a is not None and b is not None and abs(a - b) < SAME_SIZE[what]:
        return ()
    return (Size(what, _rounded(a), _rounded(b)),)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
