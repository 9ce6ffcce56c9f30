"""What is counted: projects with their costs, one budget, approval ballots, and which projects exclude each
other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
_RUNS = re.compile(r"([0-9]+)")


class InvalidElection(ValueError):
    """The election contradicts itself. `problems` holds one sentence for each contradiction."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Project:
    """Something that can be chosen. `cost` in the currency of the budget, not negative."""

    id: str
    cost: Fraction
    name: str = ""


@dataclass(frozen=True)
class Election:
    """Approval ballots over projects with costs.

    `projects` stand in the natural order of their ids. `ballots` counts equal ballots: a key holds places in
    `projects`, ascending. An empty ballot counts: its voter took part and has a share of the budget.
    `exclusions[p]` are the places of the projects that cannot be carried out beside `p`.
    """

    projects: tuple[Project, ...]
    budget: Fraction
    ballots: Mapping[tuple[int, ...], int]
    exclusions: tuple[frozenset[int], ...]

    @classmethod
    def of(
        cls,
        projects: Iterable[Project],
        budget: Fraction | int,
        ballots: Iterable[Collection[str]],
        exclusions: Iterable[Collection[str]] = (),
    ) -> Election:
        """An election from ids, in any order. An exclusion names two or more projects of which at most one
        can win.

        Raises `InvalidElection` with every problem: no positive budget, a negative cost, an id twice, an
        unknown project, a project twice on a ballot, an exclusion of fewer than two projects.
        """
        sorted_projects = tuple(sorted(projects, key=lambda project: natural(project.id)))
        place = {project.id: index for index, project in enumerate(sorted_projects)}
        problems = _contradictions(sorted_projects, Fraction(budget))
        counted: Counter[tuple[int, ...]] = Counter()
        unknown: dict[str, None] = {}
        for ballot in ballots:
            try:
                chosen = tuple(sorted([place[name] for name in ballot]))
            except KeyError:
                unknown |= {name: None for name in ballot if name not in place}
                continue
            if len(set(chosen)) < len(chosen):
                problems.append("A ballot names a project twice.")
            counted[chosen] += 1
        excluded: list[set[int]] = [set() for _project in sorted_projects]
        for group in exclusions:
            unknown |= {name: None for name in group if name not in place}
            places = {place[name] for name in group if name in place}
            if len(set(group)) < 2:
                problems.append("An exclusion needs at least two different projects.")
            for one, other in combinations(places, 2):
                excluded[one].add(other)
                excluded[other].add(one)
        problems += [f"There is no project {name}." for name in unknown]
        if problems:
            raise InvalidElection(problems)
        return cls(
            sorted_projects, Fraction(budget), dict(counted), tuple(frozenset(others) for others in excluded)
        )

    @cached_property
    def voters(self) -> int:
        """How many ballots there are, empty ones included."""
        return sum(self.ballots.values())

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """How often each different ballot was cast, in their order."""
        return np.array(list(self.ballots.values()), dtype=np.int64)

    @cached_property
    def named(self) -> tuple[Places, ...]:
        """Of each project the numbers of the different ballots that name it, from 0, ascending."""
        found: list[list[int]] = [[] for _project in self.projects]
        for number, ballot in enumerate(self.ballots):
            for place in ballot:
                found[place].append(number)
        return tuple(np.array(numbers, dtype=np.intp) for numbers in found)

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """How many ballots name each project."""
        return tuple(int(self.times[numbers].sum()) for numbers in self.named)

    def with_times(self, times: Sequence[int]) -> Election:
        """The same, with each different ballot cast so many times, in their order; those cast never go."""
        n = np.array(times, dtype=np.int64)
        is_kept = n > 0
        ballots = {ballot: many for ballot, many in zip(self.ballots, n.tolist(), strict=True) if many}
        made = replace(self, ballots=ballots)
        # What is known of these ballots is known of fewer of them: it is not found out anew.
        number = np.cumsum(is_kept) - 1
        made.__dict__["named"] = tuple(number[one[is_kept[one]]] for one in self.named)
        made.__dict__["times"] = n[is_kept]
        return made

    def precedence(self, place: int) -> tuple[Fraction, int, int]:
        """The published tie-break, smallest first: the lower cost, then more votes, then the id in natural
        order (`2` before `10`). The first two are those of equalshares.net."""
        return self.projects[place].cost, -self.votes[place], place


def natural(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """A key that sorts runs of digits as numbers, of any length; different names have different keys."""
    parts = []
    for index, part in enumerate(_RUNS.split(name)):
        digits = part.lstrip("0")
        parts.append((0, len(digits), digits) if index % 2 else (1, 0, part))
    # What stands before the first number is empty for a name that starts with one: such names come first.
    return tuple(parts), name


def _contradictions(projects: tuple[Project, ...], budget: Fraction) -> list[str]:
    problems = [] if budget > 0 else ["The budget must be more than 0."]
    problems += [f"The cost of {project.id} is negative." for project in projects if project.cost < 0]
    times = Counter(project.id for project in projects)
    return problems + [f"Project {name} is there {n} times." for name, n in times.items() if n > 1]
