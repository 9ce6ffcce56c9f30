"""Tables by place give no small group away, also not by subtracting."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.votes.counting.small_cells import Cell, Place, ordered, small_differences, tables, unordered

K = 10
DISTANCES = ["0", "50", "100", "200"]


def cells(numbers: dict[str, int]) -> dict[str, Cell]:
    return {name: Cell(2 * voted, voted, {"A": voted}) for name, voted in numbers.items()}


def test_neighbouring_distances_are_merged_until_each_has_k() -> None:
    found = cells({"0": 4, "50": 5, "100": 3, "200": 12})
    assert ordered(DISTANCES, found, K) == [("0", "50", "100"), ("200",)]
    found = cells({"0": 12, "50": 5, "100": 3, "200": 1})
    # The last three have 9 together, so they join the first.
    assert ordered(DISTANCES, found, K) == [("0", "50", "100", "200")]


def test_small_neighbourhoods_go_together_and_take_the_smallest_with_them() -> None:
    assert unordered(cells({"noord": 30, "zuid": 11, "oost": 4}), K) == [("noord",), ("zuid", "oost")]
    assert unordered(cells({"noord": 30, "zuid": 6, "oost": 4}), K) == [("noord",), ("zuid", "oost")]
    assert unordered(cells({"noord": 5, "zuid": 4}), K) == []


def test_votes_are_added_with_the_cells_and_all_add_up_to_the_total() -> None:
    places = {
        ("0", "noord"): Cell(20, 12, {"A": 7, "B": 5}),
        ("50", "noord"): Cell(30, 4, {"A": 4, "B": 0}),
        ("50", "zuid"): Cell(40, 21, {"A": 1, "B": 20}),
    }
    by_distance, by_name = tables(places, DISTANCES, K)
    assert by_distance.groups == (("0",), ("50",))
    assert by_distance.cells == (Cell(20, 12, {"A": 7, "B": 5}), Cell(70, 25, {"A": 5, "B": 20}))
    # By name would be noord 16 and zuid 21; 50 m and farther less zuid leaves the 4 of noord. So not both.
    assert by_name.groups == ()


def test_a_difference_of_one_person_is_found() -> None:
    # All eleven who live near live in noord, and one more of noord lives farther away.
    places = {
        ("0", "noord"): Cell(20, 11, {}),
        ("50", "noord"): Cell(9, 1, {}),
        ("50", "zuid"): Cell(40, 30, {}),
    }
    assert 1 in small_differences(places, [("0",), ("50",)], [("noord",), ("zuid",)], K)
    assert small_differences(places, [("0",), ("50",)], [("noord", "zuid")], K) == []


def test_fewer_than_k_in_all_gives_no_table() -> None:
    by_distance, by_name = tables({("0", "noord"): Cell(50, 9, {"A": 9})}, DISTANCES, K)
    assert (by_distance.groups, by_name.groups) == ((), ())


@st.composite
def towns(draw: st.DrawFn) -> dict[Place, Cell]:
    names = ["noord", "oost", "zuid", "west"]
    found = {}
    for place in product(DISTANCES, names):
        could = draw(st.integers(0, 40))
        if could:
            found[place] = Cell(could, draw(st.integers(0, could)), {})
    return found


@settings(max_examples=200, deadline=None)
@given(towns())
def test_no_sum_or_difference_of_published_numbers_isolates_fewer_than_k(places: dict[Place, Cell]) -> None:
    """An attacker who knows which cells are empty adds and subtracts published groups (-1, 0, 1 times each,
    the total among them) and learns the number of a set of cells whenever every cell is counted 0 or 1
    times. None of these sets has 1 to k - 1 ballots."""
    by_distance, by_name = tables(places, DISTANCES, K)
    inside = [place for place, cell in places.items() if cell.could_vote]
    rows = [[place[0] in group for place in inside] for group in by_distance.groups]
    rows += [[place[1] in group for place in inside] for group in by_name.groups]
    if not rows or len(rows) > 8:
        return
    published = np.array(rows, dtype=np.int8)
    voted = np.array([places[place].voted for place in inside])
    factors = np.array(list(product((-1, 0, 1), repeat=len(rows))), dtype=np.int8)
    sums = factors @ published
    isolating = sums[((sums == 0) | (sums == 1)).all(axis=1)]
    counts = isolating @ voted
    assert not ((counts > 0) & (counts < K)).any()
    for table in (by_distance, by_name):
        assert all(cell.voted >= K for cell in table.cells)
        assert not table.cells or sum(cell.voted for cell in table.cells) == voted.sum()
