"""The Schulze method: the example of its inventor, circles, and what a Condorcet method must do."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.votes.counting.election import InvalidElection
from app.votes.counting.schulze import rank

# The example of the method's inventor: 45 voters, five candidates, nobody beats all others.
EXAMPLE = (
    ["ACBED"] * 5
    + ["ADECB"] * 5
    + ["BEDAC"] * 8
    + ["CABED"] * 3
    + ["CAEBD"] * 7
    + ["CBADE"] * 2
    + ["DCEBA"] * 7
    + ["EBADC"] * 8
)


def test_the_example_of_the_inventor() -> None:
    found = rank("ABCDE", EXAMPLE)
    assert found.duel("A", "B") == (20, 25) and found.duel("E", "D") == (31, 14)
    assert (
        found.path("E", "A") == (25, 24)
        and found.path("A", "C") == (28, 25)
        and found.path("D", "B") == (28, 33)
    )
    assert found.order == ("E", "A", "C", "B", "D")


def test_a_circle_by_hand() -> None:
    # Of 9 ballots a beats b by 7, b beats c by 6, c beats a by 5. The path a-b-c has 6, c-a 5: a before c;
    # a-b 7, b-c-a 5: a before b; b-c 6, c-a-b 5: b before c.
    ballots = ["abc"] * 4 + ["bca"] * 2 + ["cab"] * 3
    found = rank("abc", ballots)
    assert (found.duel("a", "b"), found.duel("b", "c"), found.duel("c", "a")) == ((7, 2), (6, 3), (5, 4))
    assert (found.path("a", "c"), found.path("a", "b"), found.path("b", "c")) == ((6, 5), (7, 5), (6, 5))
    assert found.order == ("a", "b", "c")


def test_who_is_not_named_comes_last_and_equals_go_by_id() -> None:
    found = rank(["d10", "d2", "a", "z"], [["z"], ["z", "a"], [], ["z"]])
    assert found.duel("z", "a") == (3, 0) and found.duel("d2", "d10") == (0, 0)
    assert found.order == ("z", "a", "d2", "d10")
    assert rank("ba", []).order == ("a", "b")


def test_what_is_no_ranking_is_refused() -> None:
    with pytest.raises(InvalidElection) as refused:
        rank(["a", "a", "b"], [["b", "b"], ["x"]])
    assert len(refused.value.problems) == 3


BALLOTS = st.lists(
    st.permutations("abcde").flatmap(lambda p: st.integers(0, 5).map(lambda n: p[:n])), max_size=9
)


@given(ballots=BALLOTS, seed=st.integers())
def test_what_a_condorcet_method_must_do(ballots: list[list[str]], seed: int) -> None:
    found = rank("abcde", ballots)

    def before(one: str, other: str) -> int:
        """By definition: named earlier, or named where the other is not."""
        return sum(
            one in ballot and (other not in ballot or ballot.index(one) < ballot.index(other))
            for ballot in ballots
        )

    for one, other in permutations("abcde", 2):
        assert found.duel(one, other)[0] == before(one, other)
        there, back = found.path(one, other)
        assert there <= back or found.order.index(one) < found.order.index(other)
    champions = [a for a in "abcde" if all(before(a, b) > before(b, a) for b in "abcde" if a != b)]
    assert not champions or found.order[0] == champions[0]
    mixed = random.Random(seed).sample(ballots, len(ballots))
    assert rank("edcba", mixed).order == found.order
    # Whoever turns every ballot round does not keep the same single winner (reversal symmetry).
    if ballots and all(len(ballot) == 5 for ballot in ballots) and champions:
        assert rank("abcde", [ballot[::-1] for ballot in ballots]).order[0] != champions[0]
