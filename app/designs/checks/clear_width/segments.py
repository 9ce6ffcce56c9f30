"""Sums on many straight edges at once: how near they come to each other, and where rays meet them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

# Lengths that differ by less are the same.
ROUNDING = 1e-6
# With more edges than this it is done in a way that takes less memory, and less exactly where that is said.
MANY = 300


def lines_between(here: Floats, there: Floats) -> npt.NDArray[np.object_]:
    ends = np.empty((len(here), 2, 2))
    ends[:, 0], ends[:, 1] = here, there
    return np.asarray(shapely.linestrings(ends))


def of_the_one_before(ring: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """For each member of a ring what the one before it has; on few of them faster than `np.roll`."""
    return np.concatenate((ring[-1:], ring[:-1]))


def hits(origin: Floats, normal: Floats, start: Floats, end: Floats) -> tuple[Integers, Integers, Floats]:
    """Where rays meet edges beyond their origin: which ray, which edge, how far."""
    if len(origin) <= MANY:
        return _hits(origin, normal, start, end)
    found = [
        (ray + first, edge, far)
        for first in range(0, len(origin), MANY)
        for ray, edge, far in [_hits(origin[first : first + MANY], normal[first : first + MANY], start, end)]
    ]
    rays, edges, distances = zip(*found, strict=True)
    return np.concatenate(rays), np.concatenate(edges), np.concatenate(distances)


def _hits(origin: Floats, normal: Floats, start: Floats, end: Floats) -> tuple[Integers, Integers, Floats]:
    way = end - start
    cross = normal[:, None, 0] * way[None, :, 1] - normal[:, None, 1] * way[None, :, 0]
    apart = start[None] - origin[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = (apart[..., 0] * way[None, :, 1] - apart[..., 1] * way[None, :, 0]) / cross
        share = (apart[..., 0] * normal[:, None, 1] - apart[..., 1] * normal[:, None, 0]) / cross
        met = (np.abs(cross) > 1e-12) & (distance > 1e-5) & (share >= 0) & (share <= 1)
    ray, edge = np.nonzero(met)
    return ray, edge, distance[ray, edge]


def near_pairs(start: Floats, end: Floats, owner: Integers, distance: float) -> tuple[Integers, Integers]:
    """Pairs of edges of different features whose bounds are less than `distance` apart."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    if len(start) > MANY:
        boxes = np.asarray(shapely.box(*(low - distance / 2).T, *(high + distance / 2).T))
        first, second = shapely.STRtree(boxes).query(boxes)
        once = (first < second) & (owner[first] != owner[second])
        return first[once], second[once]
    near = np.triu(owner[:, None] != owner, k=1)
    for begin, until in zip(low.T, high.T, strict=True):
        near &= np.maximum(begin[:, None] - until, begin - until[:, None]) < distance
    first, second = np.nonzero(near)
    return first, second


def segment_distances(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats, Floats]:
    """How far segments a–b and c–d are apart, pair by pair, with the nearest points on each."""
    on_second_a, on_second_b = foot(a, c, d), foot(b, c, d)
    on_first_c, on_first_d = foot(c, a, b), foot(d, a, b)
    here, there = np.empty((4, *a.shape)), np.empty((4, *a.shape))
    here[0], here[1], here[2], here[3] = a, b, on_first_c, on_first_d
    there[0], there[1], there[2], there[3] = on_second_a, on_second_b, c, d
    far = np.hypot(here[..., 0] - there[..., 0], here[..., 1] - there[..., 1])
    best = np.argmin(far, axis=0)
    pairs = np.arange(len(a))
    far, here, there = far[best, pairs], here[best, pairs], there[best, pairs]
    crossing = _crossing(a, b, c, d)
    if crossing.any():
        far[crossing] = 0.0
        meet = _meeting(a[crossing], b[crossing], c[crossing], d[crossing])
        here[crossing] = there[crossing] = meet
    return far, here, there


def foot(point: Floats, start: Floats, end: Floats) -> Floats:
    """The point of each edge nearest to each point."""
    way = end - start
    square = np.maximum((way * way).sum(axis=-1), 1e-24)
    share = np.clip(((point - start) * way).sum(axis=-1) / square, 0.0, 1.0)
    return np.asarray(start + way * share[..., None])


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    one, other = b - a, c - a
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _crossing(a: Floats, b: Floats, c: Floats, d: Floats) -> Booleans:
    """Whether a–b and c–d cross in their interiors; touching is found as distance 0 anyway."""
    return np.asarray((_turn(a, b, c) * _turn(a, b, d) < 0) & (_turn(c, d, a) * _turn(c, d, b) < 0))


def _meeting(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    one, other = _turn(c, d, a), _turn(c, d, b)
    return np.asarray(a + (b - a) * (one / (one - other))[:, None])
