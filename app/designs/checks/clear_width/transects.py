"""Runs of transects: how long a way stays narrower than some limit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import GeometryCollection, LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width.segments import ROUNDING, Floats, Geometries, Integers, lines_between

# Two narrow stretches this near each other are one.
TOGETHER_M = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap that the way has to pass: how wide, and the line across it."""

    width_m: float
    across: LineString


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A stretch narrower than `limit_m`.

    `width_m` is its narrowest gap (`across`, a line), `length_m` how long transects stay below the limit: 0
    where only a gap aslant between two things is. `along` is where they do, on one of its walls.
    `open_ended`: it leaves the window, so it is at least this long. `gaps` are all gaps below the limit in
    it, narrowest first, and `over` is the ground of it.
    """

    width_m: float
    length_m: float
    across: LineString
    along: BaseGeometry
    over: BaseGeometry
    limit_m: float
    open_ended: bool = False
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run of transects below a limit; `along` a wall, and over all the ground of the run."""

    length_m: float
    narrowest: Gap
    along: BaseGeometry
    over: BaseGeometry


def longest_of(runs: Iterable[Run]) -> float:
    return max((run.length_m for run in runs), default=-1.0)


@dataclass(frozen=True, slots=True)
class Transects:
    """Stretches `low`–`high` of wall edges, with the width and points of the transect at both their ends."""

    edge: Integers
    start: Floats
    unit: Floats
    low: Floats
    high: Floats
    width_m: Floats
    of_walls: Integers
    begin: Floats
    finish: Floats
    limit_m: float

    def runs(self, chosen: Integers) -> list[Run]:
        """Those of the chosen stretches that are below the limit, joined where they are near each other."""
        width = self.width_m[chosen]
        chosen = chosen[(width < self.limit_m - ROUNDING).any(axis=1)]
        if not len(chosen):
            return []
        low, high = self._below(chosen)
        start, unit = self.start[chosen], self.unit[chosen]
        pieces = lines_between(start + unit * low[:, None], start + unit * high[:, None])
        corners = np.concatenate((self.begin[chosen], self.finish[chosen]), axis=1)
        over = np.asarray(shapely.convex_hull(shapely.multipoints(corners)))
        width, edge = self.width_m[chosen], self.edge[chosen]
        found = []
        for group in together(pieces):
            place, end = divmod(int(np.argmin(width[group])), 2)
            at = group[place]
            narrowest = Gap(
                float(width[at, end]),
                LineString([self.begin[chosen[at], end], self.finish[chosen[at], end]]),
            )
            # What lies between two narrow stretches of one edge that belong together is narrow too.
            length = math.fsum(
                float(high[group][edge[group] == one].max() - low[group][edge[group] == one].min())
                for one in set(edge[group].tolist())
            )
            along = MultiLineString(list(pieces[group]))
            found.append(Run(length, narrowest, along, GeometryCollection(list(over[group]))))
        return found

    def _below(self, chosen: Integers) -> tuple[Floats, Floats]:
        """Which part of each stretch is below the limit: all of it, or up to where the width reaches it."""
        low, high = self.low[chosen].copy(), self.high[chosen].copy()
        width = np.minimum(self.width_m[chosen], 1e3)
        for end, other, moved in ((0, 1, low), (1, 0, high)):
            wide = width[:, end] >= self.limit_m
            reached = (width[:, end] - self.limit_m) / np.maximum(width[:, end] - width[:, other], 1e-9)
            moved[wide] += ((-1) ** end * (self.high - self.low)[chosen] * reached)[wide]
        return low, np.maximum(low, high)


def together(lines: Geometries) -> list[list[int]]:
    """Groups of lines less than `TOGETHER_M` apart."""
    if len(lines) == 1:
        return [[0]]
    parent = list(range(len(lines)))
    close = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=TOGETHER_M)
    for one, other in close.T.tolist():
        parent[root(parent, one)] = root(parent, other)
    groups: dict[int, list[int]] = {}
    for place in range(len(lines)):
        groups.setdefault(root(parent, place), []).append(place)
    return list(groups.values())


def root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place
