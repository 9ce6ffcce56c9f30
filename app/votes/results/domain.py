"""Turnout by place as part of a result. No Flask, no SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.votes.counting.canonical import Json
from app.votes.counting.publication import SMALLEST_K
from app.votes.counting.small_cells import Cell, Place, Table, tables
from app.votes.counting.turnout import gap

METHOD = "wilson-95"
UNKNOWN = ""
# A round with so many ballots times options takes minutes to count, because of its stability.
LARGE_WORK = 400_000


class Cast(NamedTuple):
    """What turnout needs of a ballot: the options that it names, and the coarse place of its voter.

    `band` is a distance in metres (`0-50`, `1000-`), `neighbourhood` a name; None where not known.
    """

    named: Iterable[str]
    band: str | None
    neighbourhood: str | None = None


def place_of(band: str | None, neighbourhood: str | None) -> Place:
    """Distance and neighbourhood as small cells are counted by; empty where not known."""
    return band or UNKNOWN, neighbourhood or UNKNOWN


def in_order(distances: Iterable[str]) -> list[str]:
    """Distances, the nearest first; the unknown one last."""

    def start(distance: str) -> tuple[bool, float, str]:
        digits = distance.split("-")[0]
        return distance == UNKNOWN, float(digits) if digits.isdecimal() else float("inf"), distance

    return sorted(set(distances), key=start)


def turnout(
    ballots: Iterable[Cast],
    could_vote: Mapping[tuple[str | None, str | None], int],
    options: Iterable[str],
    k: int,
) -> dict[str, Json] | None:
    """Turnout and votes by place as part of the result; None where no ballot and no address has a place.

    `could_vote` is how many addresses got a letter in each band of each neighbourhood; empty where the
    electorate is not made of addresses: then nobody can say who is missing.
    """
    codes = list(options)
    voted: Counter[Place] = Counter()
    votes: dict[Place, Counter[str]] = {}
    for ballot in ballots:
        place = place_of(ballot.band, ballot.neighbourhood)
        voted[place] += 1
        votes.setdefault(place, Counter()).update(ballot.named)
    invited: Counter[Place] = Counter()
    for where, number in could_vote.items():
        invited[place_of(*where)] += number
    places = voted.keys() | invited.keys()
    if places <= {(UNKNOWN, UNKNOWN)}:
        return None
    cells = {
        place: Cell(
            # A letter that was taken back after its ballot was cast no longer counts as sent. Of ballots
            # without an address nobody knows how many there could have been.
            max(invited[place], voted[place]) if invited[place] else 0,
            voted[place],
            {code: votes.get(place, Counter())[code] for code in codes},
        )
        for place in places
    }
    k = max(k, SMALLEST_K)
    by_distance, by_name = tables(cells, in_order(distance for distance, _name in places), k)
    known = [cell for cell in cells.values() if cell.could_vote]
    totals = (sum(cell.voted for cell in known), sum(cell.could_vote for cell in known))
    unknown = {name for place, cell in cells.items() if not cell.could_vote for name in place}
    return {
        "k": k,
        "method": METHOD,
        "voted": sum(voted.values()),
        "could_vote": totals[1] or None,
        "by_distance": _rows(by_distance, totals, unknown),
        "by_neighbourhood": _rows(by_name, totals, unknown),
    }


def _rows(table: Table, totals: tuple[int, int], unknown: set[str]) -> list[Json]:
    found: list[Json] = []
    for names, cell in zip(table.groups, table.cells, strict=True):
        # Where some have no known address, the share that voted is not known either.
        is_known = cell.could_vote and not unknown & set(names)
        row: dict[str, Json] = {
            "places": [*names],
            "voted": cell.voted,
            "votes": {**cell.votes},
            "could_vote": cell.could_vote if is_known else None,
        }
        if is_known:
            distance = gap(cell.voted, cell.could_vote, *totals)
            row["gap_points"] = [distance.low_points, distance.high_points]
        found.append(row)
    return found
