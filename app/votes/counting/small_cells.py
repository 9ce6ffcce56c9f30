"""Numbers by place that give nobody away: small groups are merged, and no difference of groups is small.

Two tables are published: by distance to the site and by neighbourhood. A group with fewer than k ballots is
merged with others until it has k. That is not enough by itself: where one group lies wholly inside a union of
groups of the other table, subtracting it leaves a part that nobody merged. From two tables of the same people
nothing else can be worked out with certainty: rows minus columns say something about one set of cells only
where every cell of those columns lies in those rows. So all such differences are looked at, and the second
table is merged further until each is empty or has k ballots. This is the protection of statistical offices
against small cells and against differencing (Hundepool and others, "Statistical Disclosure Control", 2012),
for the case of two partitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

# A partition of so many groups has 2^12 unions, which is a moment's work; more groups are never shown.
MAX_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """People of one place: how many could vote, how many did, and the votes for each option."""

    could_vote: int
    voted: int
    votes: Mapping[str, int]

    def __add__(self, other: Cell) -> Cell:
        """Both together."""
        names = [*self.votes, *(name for name in other.votes if name not in self.votes)]
        return Cell(
            self.could_vote + other.could_vote,
            self.voted + other.voted,
            {name: self.votes.get(name, 0) + other.votes.get(name, 0) for name in names},
        )


# The name of a place in each table: distance and neighbourhood.
Place = tuple[str, str]
Groups = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: groups of names, and the cell of each."""

    groups: tuple[tuple[str, ...], ...]
    cells: tuple[Cell, ...]


def tables(cells: Mapping[Place, Cell], distances: Sequence[str], k: int) -> tuple[Table, Table]:
    """The tables by distance and by neighbourhood that can be published together; a table of one group says
    nothing and is empty. `distances` are the names of the distances, the nearest first.

    Distances are merged with their neighbours only; neighbourhoods the smallest first.
    """
    by_distance = _totals(cells, 0)
    rows = ordered([name for name in distances if name in by_distance], by_distance, k)
    columns = unordered(_totals(cells, 1), k)
    while len(columns) > 1 and small_differences(cells, rows, columns, k):
        columns = _coarser(columns, _totals(cells, 1))
    return _table(rows, by_distance), _table(columns, _totals(cells, 1))


def ordered(names: Sequence[str], cells: Mapping[str, Cell], k: int) -> Groups:
    """Names in their order, those beside each other merged until every group has k ballots. Nothing where all
    together have fewer."""
    found: Groups = []
    waiting: tuple[str, ...] = ()
    for name in names:
        waiting += (name,)
        if _voted(waiting, cells) >= k:
            found.append(waiting)
            waiting = ()
    if waiting and found:
        found[-1] += waiting
    return _at_most(found)


def unordered(cells: Mapping[str, Cell], k: int) -> Groups:
    """Every name with k ballots by itself, the others together; the smallest joins them where they are too
    few."""
    by_size = sorted(cells, key=lambda name: (-cells[name].voted, name))
    large = [name for name in by_size if cells[name].voted >= k]
    rest = tuple(name for name in by_size if cells[name].voted < k)
    while rest and large and _voted(rest, cells) < k:
        rest = (large.pop(), *rest)
    groups: Groups = [(name,) for name in large]
    if rest and _voted(rest, cells) >= k:
        groups.append(rest)
    if len(groups) > MAX_GROUPS:
        groups = [*groups[: MAX_GROUPS - 1], tuple(n for group in groups[MAX_GROUPS - 1 :] for n in group)]
    return groups


def small_differences(cells: Mapping[Place, Cell], rows: Groups, columns: Groups, k: int) -> list[int]:
    """How many ballots remain where the groups of one table are subtracted from a union of groups of the
    other that holds them all: those numbers from 1 to k - 1.

    What somebody knows to be inside may follow from where people live or from who voted: both are looked at.
    """
    found: list[int] = []
    for counted in ("could_vote", "voted"):
        inside = {place for place, cell in cells.items() if getattr(cell, counted)}
        for outer, inner, at in ((rows, columns, 0), (columns, rows, 1)):
            found += _remainders(cells, inside, outer, inner, at)
    return [ballots for ballots in found if 0 < ballots < k]


def _remainders(
    cells: Mapping[Place, Cell], inside: set[Place], outer: Groups, inner: Groups, at: int
) -> Iterable[int]:
    """What each union of outer groups has more than the inner groups that lie in it. To take away fewer of
    these leaves more by whole groups, which have k ballots."""
    members = {name: index for index, group in enumerate(outer) for name in group}
    needs: list[set[int]] = []
    for group in inner:
        held = [place for place in inside if place[1 - at] in group]
        needs.append({members.get(place[at], -1) for place in held})
    voted = [sum(c.voted for place, c in cells.items() if place[at] in group) for group in outer]
    taken = [sum(c.voted for place, c in cells.items() if place[1 - at] in group) for group in inner]
    for size in range(1, len(outer)):
        for chosen in combinations(range(len(outer)), size):
            union = set(chosen)
            yield (
                sum(voted[index] for index in chosen)
                - sum(n for n, need in zip(taken, needs, strict=True) if need and need <= union)
            )


def _coarser(groups: Groups, cells: Mapping[str, Cell]) -> Groups:
    """The two smallest groups as one."""
    by_size = sorted(groups, key=lambda group: (-_voted(group, cells), group))
    return [*by_size[:-2], by_size[-2] + by_size[-1]]


def _at_most(groups: Groups) -> Groups:
    while len(groups) > MAX_GROUPS:
        groups = [*groups[:-2], groups[-2] + groups[-1]]
    return groups


def _voted(names: Iterable[str], cells: Mapping[str, Cell]) -> int:
    return sum(cells[name].voted for name in names)


def _totals(cells: Mapping[Place, Cell], at: int) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for place, cell in cells.items():
        found[place[at]] = found[place[at]] + cell if place[at] in found else cell
    return found


def _table(groups: Groups, cells: Mapping[str, Cell]) -> Table:
    if len(groups) < 2:
        return Table((), ())
    together = []
    for group in groups:
        cell = cells[group[0]]
        for name in group[1:]:
            cell = cell + cells[name]
        together.append(cell)
    return Table(tuple(groups), tuple(together))
