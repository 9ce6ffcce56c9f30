"""One connected piece of ground: joins walls and obstacles by their gaps, and casts transects across."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width.border import border, floating, outlines
from app.designs.checks.clear_width.segments import (
    MANY,
    ROUNDING,
    Booleans,
    Floats,
    Geometries,
    Integers,
    foot,
    hits,
    lines_between,
    near_pairs,
    of_the_one_before,
    segment_distances,
)
from app.designs.checks.clear_width.transects import (
    TOGETHER_M,
    Gap,
    Narrowing,
    Run,
    Transects,
    longest_of,
    root,
    together,
)

# Two measurements of the same place differ by rounding only.
SAME_M = 0.01
# A run that comes this near an end of the ground goes on beyond it.
AT_AN_END_M = 0.1
# How far apart transects are on a border with very many corners.
FINE_M = 0.1


@dataclass(frozen=True, slots=True)
class Crossings:
    """Gaps between two clusters: pairs of edges, width, and the line across, as arrays of the same length."""

    first: Integers
    second: Integers
    width_m: Floats
    lines: Geometries

    def gaps(self, chosen: Booleans) -> tuple[Gap, ...]:
        """The chosen ones, narrowest first (as they are), of very many only the first."""
        return tuple(
            Gap(float(width), line)
            for width, line in zip(self.width_m[chosen][:MANY], self.lines[chosen][:MANY], strict=True)
        )


class Room:
    """One connected part of the ground in the window, as edges (from `start` to `end`) of features.

    Features 0 … walls-1 are the walls; the others float: holes and obstacles. `owner` is each edge's feature.
    """

    def __init__(
        self,
        part: Polygon,
        obstacles: Geometries,
        ground: BaseGeometry,
        window: tuple[float, ...],
        up_to_m: float,
    ) -> None:
        """`part` of the `ground` lies in a `window` (west, south, east, north); see `look` for the rest."""
        self.ground = part
        self.up_to_m = up_to_m
        start, end, owner, self.ends = border(part, ground, window)
        self.walls = int(owner.max()) + 1 if len(owner) else 0
        self.things: Geometries = floating(part, obstacles) if self.walls > 1 else obstacles[:0]
        if self.walls > 1:
            holes = shapely.get_rings(part)[1:]
            start_inside, end_inside, piece = outlines(np.concatenate((holes, self.things)))
            start, end = np.concatenate((start, start_inside)), np.concatenate((end, end_inside))
            owner = np.concatenate((owner, self.walls + piece))
        self.start, self.end, self.owner = start, end, owner

    @cached_property
    def _pairs(self) -> tuple[Integers, Integers, Floats, Floats, Floats]:
        """Edges of different features less than `up_to_m` apart: both edges, how far, the nearest points."""
        first, second = near_pairs(self.start, self.end, self.owner, self.up_to_m)
        far, here, there = segment_distances(
            self.start[first], self.end[first], self.start[second], self.end[second]
        )
        order = np.argsort(far, kind="stable")
        order = order[far[order] < self.up_to_m]
        return first[order], second[order], far[order], here[order], there[order]

    @cached_property
    def _clusters(self) -> Integers:
        """For each feature the wall it is joined to, -1 for what stands free; and fills `passed`."""
        return self._joined[0]

    @cached_property
    def passed(self) -> Crossings:
        """The narrowest gap of each pair of features that the way has to pass between."""
        return self._joined[1]

    @cached_property
    def _joined(self) -> tuple[Integers, Crossings]:
        """Joins features by their gaps, narrowest first, but never two walls."""
        features = int(self.owner.max()) + 1 if len(self.owner) else 0
        wall = np.where(np.arange(features) < self.walls, np.arange(features), -1)
        if self.walls < 2:
            return wall, Crossings(*_no_pairs())
        first, second, far, here, there = self._pairs
        chosen = self._narrowest(first, second, here, there)
        parent = list(range(features))
        refused: list[int] = []
        for pair in chosen:
            one = root(parent, int(self.owner[first[pair]]))
            other = root(parent, int(self.owner[second[pair]]))
            if one == other:
                continue
            if wall[one] >= 0 and wall[other] >= 0:
                refused.append(pair)
                continue
            if wall[one] < 0:
                one, other = other, one
            parent[other] = one
        clusters = np.array([wall[root(parent, feature)] for feature in range(features)], dtype=np.int64)
        places = np.array(refused, dtype=np.int64)
        return clusters, Crossings(
            first[places], second[places], far[places], lines_between(here[places], there[places])
        )

    def _narrowest(self, first: Integers, second: Integers, here: Floats, there: Floats) -> list[int]:
        """Of each pair of features the narrowest gap in the ground; places in `_pairs`, in order."""
        pair = self.owner[first] * (int(self.owner.max()) + 1) + self.owner[second]
        open_places = np.arange(len(pair))
        chosen: list[int] = []
        while len(open_places):
            _, at, name = np.unique(pair[open_places], return_index=True, return_inverse=True)
            candidates = open_places[at]
            inside = self._inside(here[candidates], there[candidates])
            chosen += candidates[inside].tolist()
            left = ~inside[name]
            left[at] = False
            open_places = open_places[left]
        return sorted(chosen)

    def _inside(self, here: Floats, there: Floats, *, past_things: bool = False) -> Booleans:
        """Whether the straight way from here to there stays in the ground (and passes no obstacle)."""
        far = np.hypot(*(there - here).T)[:, None]
        # Both points lie on the border or beside it by rounding: their surroundings are left out.
        short = np.minimum(0.45, 1e-3 / np.maximum(far, 1e-9))
        lines = lines_between(here + (there - here) * short, there - (there - here) * short)
        shapely.prepare(self.ground)
        inside = shapely.covers(self.ground, lines)
        if past_things and len(self.things):
            inside &= ~shapely.intersects(lines[:, None], self.things[None]).any(axis=1)
        return np.asarray((far[:, 0] < 1e-3) | inside)

    def crossings(self, limit_m: float) -> Crossings:
        """All gaps below a limit between what is joined to one wall and what is joined to another."""
        every = self._all_crossings
        below = int(np.searchsorted(every.width_m, limit_m - ROUNDING))
        return Crossings(
            every.first[:below], every.second[:below], every.width_m[:below], every.lines[:below]
        )

    @cached_property
    def _all_crossings(self) -> Crossings:
        """The gaps below `up_to_m`, narrowest first."""
        if self.walls < 2:
            return Crossings(*_no_pairs())
        first, second, far, here, there = self._pairs
        one, other = self._clusters[self.owner[first]], self._clusters[self.owner[second]]
        close = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
        if len(close) > 10 * MANY:
            # On borders drawn very finely: of each edge only the narrowest.
            _, at = np.unique(first[close], return_index=True)
            _, too = np.unique(second[close], return_index=True)
            close = close[np.union1d(at, too)]
        close = close[self._inside(here[close], there[close], past_things=True)]
        return Crossings(first[close], second[close], far[close], lines_between(here[close], there[close]))

    def narrowings(self, limit_m: float) -> list[Narrowing]:
        """Stretches narrower than a limit."""
        found: list[Narrowing] = []
        crossings = self.crossings(limit_m)
        if not len(crossings.width_m):
            return found
        alone = np.ones(len(crossings.width_m), dtype=bool)
        for run in self._runs(crossings, limit_m):
            beside = shapely.dwithin(crossings.lines, run.over, TOGETHER_M)
            alone &= ~beside
            gaps = crossings.gaps(beside)
            narrowest = min((*gaps[:1], run.narrowest), key=lambda gap: gap.width_m)
            leaves = bool(shapely.dwithin(self.ends, run.along, AT_AN_END_M).any())
            found.append(
                Narrowing(
                    narrowest.width_m,
                    run.length_m,
                    narrowest.across,
                    run.along,
                    run.over,
                    limit_m,
                    leaves,
                    gaps or (run.narrowest,),
                )
            )
        # Aslant between two things it can be narrow where no transect is.
        places = np.flatnonzero(alone)
        for group in together(crossings.lines[places]) if len(places) else ():
            gaps = crossings.gaps(np.isin(np.arange(len(alone)), places[group]))
            line = gaps[0].across
            found.append(Narrowing(gaps[0].width_m, 0.0, line, line, line, limit_m, gaps=gaps))
        return found

    def stood(self, lines: Geometries) -> Booleans:
        """Which of these gaps (lines across) have both their ends on something that stands here."""
        _, far = self._beside(lines)
        return np.asarray((far < SAME_M).all(axis=1))

    def had(self, lines: Geometries) -> Booleans:
        """Which of these gaps (lines across) a way had to pass here too: between two sides."""
        edges, far = self._beside(lines)
        if self.walls < 2:
            return np.zeros(len(far), dtype=bool)
        sides = np.where(far < SAME_M, self._clusters[self.owner[edges]], -1)
        return np.asarray((sides >= 0).all(axis=1) & (sides[:, 0] != sides[:, 1]))

    def _beside(self, lines: Geometries) -> tuple[Integers, Floats]:
        """For both ends of each line the nearest edge, and how far that is."""
        ends = shapely.get_coordinates(lines)
        if not len(self.start):
            return np.zeros((len(lines), 2), dtype=np.int64), np.full((len(lines), 2), np.inf)
        feet = foot(ends[:, None], self.start[None], self.end[None])
        far = np.hypot(*(feet - ends[:, None]).transpose(2, 0, 1))
        edges = np.argmin(far, axis=1)
        return edges.reshape(-1, 2), far[np.arange(len(ends)), edges].reshape(-1, 2)

    def _runs(self, crossings: Crossings, limit_m: float) -> list[Run]:
        """Runs of transects below a limit. Of two walls the one along which the longest run is tells them."""
        close = np.concatenate((crossings.first, crossings.second))
        edges = self._walls_beside(close, limit_m + self.up_to_m)
        if not len(edges):
            return []
        transects = self._transects(edges, crossings, limit_m)
        longest: dict[tuple[int, int], list[Run]] = {}
        for wall in np.unique(self.owner[edges]).tolist():
            mine = transects.of_walls[:, 0] == wall
            for beyond in np.unique(transects.of_walls[mine, 1]).tolist():
                runs = transects.runs(np.flatnonzero(mine & (transects.of_walls[:, 1] == beyond)))
                sides = (min(wall, beyond), max(wall, beyond))
                if longest_of(runs) > longest_of(longest.get(sides, [])):
                    longest[sides] = runs
        return [run for runs in longest.values() for run in runs]

    def _walls_beside(self, edges: Integers, distance: float) -> Integers:
        """Edges of walls whose bounds come within a distance of those of any of these edges."""
        edges = np.unique(edges)
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        if len(edges) > MANY:
            return np.flatnonzero(
                (self.owner < self.walls) & (np.hypot(*(self.end - self.start).T) > self._least_m)
            )
        apart = np.maximum(low[:, None] - high[edges], low[edges] - high[:, None]).max(axis=2)
        there = (self.owner < self.walls) & (apart < distance).any(axis=1)
        return np.flatnonzero(there & (np.hypot(*(self.end - self.start).T) > self._least_m))

    @property
    def _least_m(self) -> float:
        """Edges shorter than this send no transects: on a border drawn very finely others do."""
        return 1e-3 if len(self.start) <= MANY else FINE_M

    def _transects(self, edges: Integers, crossings: Crossings, limit_m: float) -> Transects:
        """Stretches of these wall edges from where the way, measured square to the wall, is below a limit.

        The width only bends square to a corner of something. So two transects, just past one such place and
        just before the next, say everything about what lies between.
        """
        start, end = self.start[edges], self.end[edges]
        long = np.hypot(*(end - start).T)
        unit = (end - start) / long[:, None]
        # Corners square to each edge: the corners of everything, as metres along the edge (a column each).
        corners = np.concatenate((self.start, self.end))
        along = corners @ unit.T - (start * unit).sum(axis=1)
        if len(self.start) > MANY:
            along = np.round(along / FINE_M) * FINE_M
        beside = np.where((along > 0) & (along < long), along, np.nan)
        # Rounded to a thousandth of a millimetre, in order; what is not beside the edge comes last.
        places = np.sort(np.round(np.vstack((np.zeros_like(long), long, beside)), 6), axis=0)
        which, place = np.nonzero((places[1:] > places[:-1]).T)
        low, high = places[place, which], places[place + 1, which]
        if len(crossings.width_m) <= MANY:
            begin, finish = self._may_be_narrow(crossings, limit_m, start, unit)
            near = ((begin[:, which] < high) & (finish[:, which] > low)).any(axis=0)
            which, low, high = which[near], low[near], high[near]
        inset = np.minimum(1e-4, (high - low) / 4)
        at = np.concatenate((low + inset, high - inset))
        of = np.concatenate((which, which))
        # The ground lies to the right of its border (clockwise, as prepared), so transects go that way.
        normal = np.stack((unit[:, 1], -unit[:, 0]), axis=1)
        origin = start[of] + unit[of] * at[:, None]
        far, beyond, points, others = self._cast(origin, normal[of], self.owner[edges][of])
        half = len(low)
        return Transects(
            edge=which,
            start=start[which],
            unit=unit[which],
            low=low,
            high=high,
            width_m=np.stack((far[:half], far[half:]), axis=1),
            of_walls=np.stack((self.owner[edges][which], np.maximum(beyond[:half], beyond[half:])), axis=1),
            begin=np.stack((points[:half], points[half:]), axis=1),
            finish=np.stack((others[:half], others[half:]), axis=1),
            limit_m=limit_m,
        )

    def _may_be_narrow(
        self, crossings: Crossings, limit_m: float, start: Floats, unit: Floats
    ) -> tuple[Floats, Floats]:
        """From where to where along each wall edge a pair of edges can be below the limit: pair by edge.

        Two edges are only near each other where the bounds of both, widened by the limit, overlap.
        """
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        one, other = crossings.first, crossings.second
        west_south = np.maximum(low[one], low[other]) - limit_m
        east_north = np.minimum(high[one], high[other]) + limit_m
        middle, half = (west_south + east_north) / 2, (east_north - west_south) / 2
        at = middle @ unit.T - (start * unit).sum(axis=1)
        reach = half @ np.abs(unit).T
        return at - reach, at + reach

    def _cast(
        self, origin: Floats, normal: Floats, wall: Integers
    ) -> tuple[Floats, Integers, Floats, Floats]:
        """For each transect the narrowest stretch between one wall's side and another's: how wide (infinite
        for none), the wall on its other side (-1 for none), and its two points."""
        far = np.full(len(origin), np.inf)
        beyond = np.full(len(origin), -1, dtype=np.int64)
        begin, finish = origin.copy(), origin.copy()
        ray, edge, depth = hits(origin, normal, self.start, self.end)
        feature = self.owner[edge]
        order = np.lexsort((feature < self.walls, np.round(depth, 7), ray))
        ray, feature, depth = ray[order], feature[order], depth[order]
        is_first = np.concatenate(([True], ray[1:] != ray[:-1]))[: len(ray)]
        side = self._clusters[feature]
        side_before = np.where(is_first, self._clusters[wall[ray]], of_the_one_before(side))
        depth_before = np.where(is_first, 0.0, of_the_one_before(depth))
        # The first wall that a transect meets ends it.
        is_wall = feature < self.walls
        walls: Integers = np.cumsum(is_wall) - is_wall
        is_open: Booleans = walls == np.repeat(
            walls[is_first], np.diff(np.append(np.flatnonzero(is_first), len(ray)))
        )
        counts = np.flatnonzero(is_open & (side >= 0) & (side_before >= 0) & (side != side_before))
        wide = (depth - depth_before)[counts]
        narrowest = counts[np.lexsort((wide, ray[counts]))]
        # In order of their rays already: the first of each.
        of_ray = ray[narrowest]
        first = np.concatenate(([True], of_ray[1:] != of_ray[:-1]))[: len(of_ray)]
        rays, best = of_ray[first], narrowest[first]
        far[rays] = (depth - depth_before)[best]
        beyond[rays] = np.where(
            side_before[best] == self._clusters[wall[rays]], side[best], side_before[best]
        )
        begin[rays] = origin[rays] + normal[rays] * depth_before[best][:, None]
        finish[rays] = origin[rays] + normal[rays] * depth[best][:, None]
        return far, beyond, begin, finish


def _no_pairs() -> tuple[Integers, Integers, Floats, Geometries]:
    none = np.empty(0, dtype=np.int64)
    return none, none, np.empty(0), np.empty(0, dtype=object)
