"""What a round counts: options, and ballots of any kind over them.

A `Contest` keeps the ballots in one fixed order (the order of their canonical JSON), so that whoever draws
from them with the same seed draws the same ballots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from app.votes.counting import canonical
from app.votes.counting.election import Election, InvalidElection, Project, natural

Choices = Sequence[str] | Mapping[str, int]


class Kind(StrEnum):
    """What a ballot says about the options."""

    APPROVAL = "approval"  # yes to each that it names
    BUDGET = "budget"  # yes to each that it names, together within the budget
    RANKING = "ranking"  # an order, the best first
    POINTS = "points"  # points to each


class Ballot(NamedTuple):
    """One ballot. `choices` are places in `Contest.projects`: ascending, for a ranking the best first.
    `points` is as long as `choices` for points, else empty."""

    choices: tuple[int, ...]
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Contest:
    """Ballots over options with costs.

    `projects` stand in the natural order of their ids. `ballots` are the different ballots in the order of
    their canonical JSON, with how often each was cast. `budget` None: costs decide nothing. `places` is how
    many can win at most; None: as many as fit.
    """

    kind: Kind
    projects: tuple[Project, ...]
    ballots: tuple[tuple[Ballot, int], ...]
    budget: Fraction | None = None
    places: int | None = None
    exclusions: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(
        cls,
        kind: Kind,
        projects: Iterable[Project],
        ballots: Iterable[Choices],
        *,
        budget: Fraction | int | None = None,
        places: int | None = None,
        exclusions: Iterable[Collection[str]] = (),
    ) -> Contest:
        """A contest from ids. Without a budget and without places one option wins.

        Raises `InvalidElection` with every problem: what `Election.of` refuses, points that are no whole
        numbers from 1, a list where points belong or points where a list belongs, no place to win.
        """
        listed = tuple(sorted(projects, key=lambda project: natural(project.id)))
        index = {project.id: place for place, project in enumerate(listed)}
        counted: Counter[Ballot] = Counter()
        problems: dict[str, None] = {}
        if places is not None and places < 1:
            problems["At least one option must be able to win."] = None
        for choices in ballots:
            try:
                counted[_ballot(kind, choices, index)] += 1
            except ValueError as error:
                problems[str(error)] = None
        if problems:
            raise InvalidElection(list(problems))
        made = cls(
            kind,
            listed,
            tuple(sorted(counted.items(), key=lambda item: canonical.dumps(_choices(kind, item[0], listed)))),
            None if budget is None else Fraction(budget),
            1 if budget is None and places is None else places,
            tuple(tuple(sorted(set(group), key=natural)) for group in exclusions),
        )
        # Checks costs, budget and exclusions.
        _ = made.approvals
        return made

    @cached_property
    def approvals(self) -> Election:
        """The same with each ballot as a yes to all that it names. Without a budget everything fits."""
        return self._election(ballot.choices for ballot, _times in self.ballots)

    @cached_property
    def first_choices(self) -> Election:
        """The same with each ballot as a yes to its first choice only."""
        return self._election(ballot.choices[:1] for ballot, _times in self.ballots)

    @cached_property
    def voters(self) -> int:
        """How many ballots there are, empty ones included."""
        return sum(times for _ballot, times in self.ballots)

    @cached_property
    def least_equal(self) -> int:
        """How often the rarest ballot was cast; 0 without ballots."""
        return min((times for _ballot, times in self.ballots), default=0)

    @cached_property
    def empty(self) -> int:
        """How many ballots choose nothing."""
        return sum(times for ballot, times in self.ballots if not ballot.choices)

    def choices(self) -> list[list[str] | dict[str, int]]:
        """Every ballot as JSON, in the fixed order."""
        found: list[list[str] | dict[str, int]] = []
        for ballot, times in self.ballots:
            found += [_choices(self.kind, ballot, self.projects)] * times
        return found

    def with_times(self, times: Sequence[int]) -> Contest:
        """The same options, with each different ballot cast so many times, in the fixed order."""
        drawn = ((ballot, n) for (ballot, _times), n in zip(self.ballots, times, strict=True) if n)
        made = replace(self, ballots=tuple(drawn))
        if self.kind in (Kind.APPROVAL, Kind.BUDGET):
            # Different ballots are different as a yes to what they name, and in the same order.
            made.__dict__["approvals"] = self.approvals.with_times(times)
        return made

    def _election(self, named: Iterable[tuple[int, ...]]) -> Election:
        times: Counter[tuple[int, ...]] = Counter()
        for places, (_ballot, n) in zip(named, self.ballots, strict=True):
            times[tuple(sorted(places))] += n
        costs = sum((project.cost for project in self.projects), Fraction(0))
        budget = max(costs, Fraction(1)) if self.budget is None else self.budget
        empty = Election.of(self.projects, budget, (), self.exclusions)
        return replace(empty, ballots=dict(times))


def _ballot(kind: Kind, choices: Choices, index: Mapping[str, int]) -> Ballot:
    unknown = [name for name in choices if name not in index]
    if unknown:
        raise ValueError(f"There is no option {unknown[0]!r:.60}.")
    if isinstance(choices, Mapping):
        if kind is not Kind.POINTS:
            raise ValueError(f"A ballot of this kind ({kind}) is a list, not points.")
        given = sorted((index[name], points) for name, points in choices.items())
        if any(type(points) is not int or points < 1 for _place, points in given):
            raise ValueError("Points are whole numbers from 1.")
        return Ballot(tuple(place for place, _ in given), tuple(points for _, points in given))
    if kind is Kind.POINTS:
        raise ValueError("A ballot of this kind (points) says how many points each option gets.")
    if len(set(choices)) < len(choices):
        raise ValueError("A ballot names an option twice.")
    places = [index[name] for name in choices]
    return Ballot(tuple(places if kind is Kind.RANKING else sorted(places)))


def _choices(kind: Kind, ballot: Ballot, projects: Sequence[Project]) -> list[str] | dict[str, int]:
    ids = [projects[place].id for place in ballot.choices]
    return dict(zip(ids, ballot.points, strict=True)) if kind is Kind.POINTS else ids
