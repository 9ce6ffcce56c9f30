"""The Schulze method for rankings: who beats whom, directly or along a path of victories.

Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011), with winning votes as the strength of a link. Who would
win against every other one in a duel wins; where the duels go round in a circle, the strongest paths decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.votes.counting.election import InvalidElection, natural

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Ranking:
    """The order, the best first, and what it stands on. `duels[a, b]` is how many ballots place
    `candidates[a]` before `candidates[b]`, `paths[a, b]` the weakest link of the strongest path of victories
    from a to b."""

    candidates: tuple[str, ...]
    order: tuple[str, ...]
    duels: Counts
    paths: Counts

    def duel(self, one: str, other: str) -> tuple[int, int]:
        """How many ballots place one before the other, and the other before it."""
        a, b = self.candidates.index(one), self.candidates.index(other)
        return int(self.duels[a, b]), int(self.duels[b, a])

    def path(self, one: str, other: str) -> tuple[int, int]:
        """The strength of the strongest paths in both directions. Equal: both are as good, and the id
        decided."""
        a, b = self.candidates.index(one), self.candidates.index(other)
        return int(self.paths[a, b]), int(self.paths[b, a])


def rank(candidates: Iterable[str], ballots: Iterable[Sequence[str]]) -> Ranking:
    """The order of the candidates for ballots that name some of them, the best first. What a ballot does not
    name comes after all that it names, as equals. Of two of which neither is better, the one that is better
    than more others stands first, then the one whose id comes first in natural order.

    Raises `InvalidElection` for a candidate that is there twice, an unknown one, or one that a ballot names
    twice.
    """
    return rank_counted(candidates, Counter(tuple(ballot) for ballot in ballots))


def rank_counted(candidates: Iterable[str], counted: Mapping[tuple[str, ...], int]) -> Ranking:
    """The same for different ballots with how often each was cast."""
    listed = list(candidates)
    names = tuple(sorted(set(listed), key=natural))
    place = {name: index for index, name in enumerate(names)}
    problems = [f"{name} is there twice." for name, times in Counter(listed).items() if times > 1]
    unknown = dict.fromkeys(name for ballot in counted for name in ballot if name not in place)
    problems += [f"There is no candidate {name}." for name in unknown]
    if any(len(set(ballot)) < len(ballot) for ballot in counted):
        problems.append("A ballot names a candidate twice.")
    if problems:
        raise InvalidElection(problems)
    duels = _duels(
        [([place[name] for name in ballot], times) for ballot, times in counted.items()], len(names)
    )
    paths = _paths(duels)
    # "Better" is transitive, so that who is better than more others comes first; equals keep the natural
    # order.
    better = (paths > paths.T).sum(axis=1)
    order = sorted(range(len(names)), key=lambda index: (-int(better[index]), index))
    return Ranking(names, tuple(names[index] for index in order), duels, paths)


def _duels(ballots: list[tuple[list[int], int]], size: int) -> Counts:
    duels = np.zeros((size, size), dtype=np.int64)
    for ballot, times in ballots:
        behind = np.full(size, times, dtype=np.int64)
        for candidate in ballot:
            behind[candidate] = 0
            duels[candidate] += behind
    return duels


def _paths(duels: Counts) -> Counts:
    """The widest paths (Floyd and Warshall) over duels that were won."""
    paths = np.where(duels > duels.T, duels, 0)
    for middle in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, middle, None], paths[middle]))
    np.fill_diagonal(paths, 0)
    return paths
