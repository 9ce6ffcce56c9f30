"""What of a count is published: everything with open ballots, and nothing that undoes a seal."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.votes.counting import frozen, publication, result
from app.votes.counting.publication import Ballots, Detail
from tests.factories.round_files import FREEZE, receipts

SUBSETS = [[c for c, chosen in zip("ABC", bits, strict=True) if chosen] for bits in product((0, 1), repeat=3)]


def freeze(**parameters: Any) -> frozen.Frozen:
    return frozen.read({**FREEZE, "parameters": {**FREEZE["parameters"], **parameters}})


def published(ballots: list[list[str]], k: int = 10, secret: int = 0) -> tuple[dict[str, Any], Any]:
    """The published count; `secret` stands for other receipts."""
    rule = freeze()
    contest = rule.contest(ballots)
    what = publication.decide(contest, k)
    hashes = receipts(len(ballots) + secret)[secret:]
    return result.published(rule, contest, what, "ab" * 32, hashes), what


@pytest.mark.parametrize(
    ("ballots", "ballots_are", "detail", "reason"),
    [
        ([["A"]] * 9, Ballots.SEALED, Detail.TOTALS, "few"),
        ([["A"]] * 10, Ballots.OPEN, Detail.ALL, None),
        ([["A"]] * 10 + [["B"]], Ballots.SEALED, Detail.TOTALS, "unique"),
        ([["A"]] * 99 + [["B"]], Ballots.SEALED, Detail.GROUPS, "unique"),
        ([["A"]] * 98 + [["B"]], Ballots.SEALED, Detail.TOTALS, "unique"),
        ([["A"]] * 8 + [["A", "B"]] * 2, Ballots.OPEN, Detail.ALL, None),
        ([], Ballots.SEALED, Detail.TOTALS, "few"),
    ],
)
def test_what_is_published(
    ballots: list[list[str]], ballots_are: Ballots, detail: Detail, reason: str | None
) -> None:
    found = publication.decide(freeze().contest(ballots), 10)
    assert (found.ballots, found.detail, found.reason) == (ballots_are, detail, reason)


def test_k_is_never_less_than_two() -> None:
    assert publication.decide(freeze().contest([["A"]]), 0).ballots is Ballots.SEALED


def test_the_only_supporter_of_an_option_stays_unknown_in_a_large_round() -> None:
    """C has one vote. What that voter has left would say whether A was chosen too."""
    among = [["A", "B"]] * 60 + [["A"]] * 50
    one, _what = published([*among, ["B", "C"]])
    options = {option["code"]: option for option in one["options"]}
    assert options["C"]["votes"] == 1 and options["C"]["reason"] in ("too_dear", "excluded")
    assert not {"left", "support", "by_support"} & options["C"].keys()
    assert options["A"]["payment"]["in_full"] >= 10


def test_the_rest_that_few_voters_paid_is_left_out_and_the_share_stays() -> None:
    # B (40.50) wins first, with 98 votes; then C, for which one of B's voters has less left than the others.
    rule = frozen.read({**FREEZE, "conflicts": [], "parameters": {"budget_eur": 100, "completion": "none"}})
    contest = rule.contest([["B"]] * 90 + [["C"]] * 30 + [["A", "B", "C"]])
    whole = result.document(rule, contest, "x", 0)
    paid = {option["code"]: option.get("payment") for option in whole["options"]}  # type: ignore[index,call-overload,union-attr]
    told = publication.part(whole, publication.decide(contest, 10))
    seen = {option["code"]: option.get("payment") for option in told["options"]}  # type: ignore[index,call-overload,union-attr]
    assert 0 < paid["C"]["with_the_rest"] < 10
    assert seen["C"] == {"share": paid["C"]["share"]}
    assert seen["B"] == paid["B"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(SUBSETS), min_size=10, max_size=16), st.data())
def test_a_sealed_round_tells_the_same_of_all_ballots_with_these_totals_and_winners(
    ballots: list[list[str]], data: st.DataObject
) -> None:
    """Whoever tries other ballots with the same totals finds nothing published that rules them out, but who
    wins and why, and draws that need the receipts."""
    told, what = published(ballots)
    if what.ballots is Ballots.OPEN:
        return
    # Two voters swap what they think of one option: all totals stay.
    first, second = data.draw(st.permutations(range(len(ballots))))[:2]
    code = data.draw(st.sampled_from("ABC"))
    other = [list(ballot) for ballot in ballots]
    if (code in other[first]) == (code in other[second]):
        return
    for index in (first, second):
        other[index] = sorted(set(other[index]) ^ {code})
    again, what_again = published(other)
    if what_again != what:
        return
    for document in (told, again):
        document.pop("stability")
        # How many chose nothing is no combination of choices, but it is a total of its own.
        document.pop("empty_ballots")
    verdicts = [(o["won"], o.get("reason"), o.get("by")) for o in told["options"]]
    if verdicts == [(o["won"], o.get("reason"), o.get("by")) for o in again["options"]]:
        assert [told[name] for name in ("rule", "options", "winners")] == [
            again[name] for name in ("rule", "options", "winners")
        ]


def test_draws_of_a_sealed_round_need_the_receipts() -> None:
    ballots = [["A"]] * 7 + [["B"]] * 6 + [["B", "C"]]
    wins = Counter(json.dumps(published(ballots, secret=n)[0]["stability"]) for n in range(5))
    assert len(wins) > 1
    # With open ballots they follow from the freeze hash alone.
    ballots = [["A"]] * 7 + [["B"]] * 6
    assert published(ballots, secret=0)[0] == published(ballots, secret=5)[0]


def test_with_fewer_than_k_ballots_nothing_is_drawn() -> None:
    assert published([["A"]] * 9)[0]["stability"] == {"tries": 0, "wins": {"A": 0, "B": 0, "C": 0}}
