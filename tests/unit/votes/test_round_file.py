"""The file of a published round: what it proves, and that nothing in it can be changed unseen."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.votes.counting import canonical, equal_shares, frozen, pabulib, round_file
from app.votes.counting.canonical import NotCanonical
from app.votes.counting.round_file import Mismatch
from app.votes.counting.round_pabulib import to_pabulib
from tests.factories.round_files import BALLOTS, FREEZE, outcome, receipts, text


def opened(file: str) -> round_file.RoundFile:
    return round_file.read(file.encode())


def rewritten(change: Callable[[dict[str, Any]], None], *, rehash: bool = False) -> bytes:
    """The file after a change; `rehash`: by somebody who also writes new hashes of freeze and result."""
    document = json.loads(text())
    change(document)
    if rehash:
        document["freeze_hash"] = canonical.sha256(document["freeze"])
        document["result_hash"] = canonical.sha256(document["result"])
    return (canonical.dumps(document) + "\n").encode()


def test_a_recount_gives_the_published_result() -> None:
    file = opened(text())
    counted = round_file.recount(file)
    # 11 voters, 100: 9.09 each. A: 60 / 8 = 7.50 each. C is struck; of B's 7 supporters 4 have 1.59 left.
    # With more in every purse they can pay, but 100.50 would be spent: A alone stands.
    assert counted["winners"] == ["A"] and counted["total_cost"] == "60"
    options = {option["code"]: option for option in counted["options"]}
    assert options["A"]["payment"] == {
        "share": "7.5",
        "in_full": 8,
        "with_the_rest": 0,
        "rest_total": "0",
    }
    assert options["C"]["reason"] == "excluded" and options["C"]["by"] == "A"
    assert options["B"]["reason"] == "too_dear"
    assert counted["ballots"] == 11 and counted["stability"]["tries"] == 100


def test_the_hashes_are_those_of_anybodys_sha256() -> None:
    document = json.loads(text())

    def by_hand(value: Any) -> str:
        plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()

    assert document["freeze_hash"] == by_hand(document["freeze"])
    assert document["result_hash"] == by_hand(document["result"])
    both = {"ballots": document["ballots"], "receipts": document["receipts"]}
    assert document["ballots_hash"] == by_hand(both)
    marks = sorted(hashlib.sha256(receipt.encode()).hexdigest() for receipt in document["receipts"])
    assert document["result"]["receipts_hash"] == by_hand(marks)


def test_the_order_of_ballots_and_receipts_tells_nothing() -> None:
    mixed = BALLOTS.copy()
    random.Random(1).shuffle(mixed)
    assert text(ballots=mixed) == text()
    assert json.loads(text())["receipts"] == sorted(receipts(len(BALLOTS)))


def test_any_changed_byte_is_found() -> None:
    whole = text().encode()
    for place in range(len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(Mismatch):
            round_file.recount(round_file.read(bytes(changed)))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_bytes_that_go_missing_or_come_in_are_found(data: st.DataObject) -> None:
    whole = text().encode()
    start = data.draw(st.integers(0, len(whole) - 2))
    end = data.draw(st.integers(start, min(len(whole) - 1, start + 40)))
    put = data.draw(st.binary(max_size=20))
    changed = whole[:start] + put + whole[end:]
    if changed in (whole, whole[:-1]):
        return
    with pytest.raises(Mismatch):
        round_file.recount(round_file.read(changed))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["ballots"].pop(), "ballots with their receipts"),
        (lambda d: d["ballots"].__setitem__(0, ["B"]), "ballots with their receipts"),
        (lambda d: d["receipts"].pop(), "ballots with their receipts"),
        (lambda d: d["result"]["count"].__setitem__("winners", ["B"]), "at /winners"),
        (lambda d: d["result"]["count"]["stability"]["wins"].__setitem__("A", 100), "at /stability/wins/A"),
        (
            lambda d: d["freeze"]["parameters"].__setitem__("budget_eur", "200.00"),
            "freeze hash in the result",
        ),
        (lambda d: d["result"].__setitem__("ballots_hash", "0" * 64), "ballots' hash in the result"),
        (lambda d: d["result"].pop("count"), "The result has no count."),
        (lambda d: d.__setitem__("extra", 1), "does not belong"),
        (lambda d: d.__setitem__("format", "iets anders"), "does not say format"),
    ],
)
def test_who_writes_new_hashes_too_is_found_out_by_what_hangs_together(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    with pytest.raises(Mismatch, match=words):
        round_file.recount(round_file.read(rewritten(change, rehash=True)))


def test_a_whole_other_round_has_other_published_hashes() -> None:
    # Nothing in a file can prove that it is the published one but its hash, which stands on the result page.
    other = opened(text(ballots=[*BALLOTS[:-1], ["B"]]))
    round_file.recount(other)
    assert other.ballots_hash != opened(text()).ballots_hash
    assert other.result_hash != opened(text()).result_hash
    assert other.freeze_hash == opened(text()).freeze_hash


def test_a_sealed_file_shows_totals_and_can_be_checked_but_not_counted() -> None:
    file = opened(text(sealed=True))
    assert file.ballots is None and file.counted["winners"] == ["A"]
    with pytest.raises(Mismatch, match="sealed"):
        round_file.recount(file)
    # The auditor's file has the same commitment and result.
    assert (file.ballots_hash, file.result_hash) == (opened(text()).ballots_hash, opened(text()).result_hash)


def test_the_public_part_of_a_sealed_round_does_not_let_ballots_be_guessed() -> None:
    """Who knows the totals can try all ballots that go with them, so the commitment must need what only the
    receipts' hashes hold, and these are not in the file."""
    public = json.loads(text(sealed=True))
    assert not set(public["receipts"]) & set(receipts(len(BALLOTS)))
    _found, made = outcome(FREEZE, BALLOTS)
    guesses = [made.ballots, [*made.ballots]]
    for guess in guesses:
        for listed in ([], public["receipts"]):
            assert canonical.sha256({"ballots": guess, "receipts": listed}) != public["ballots_hash"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"winners": None}, "no list of different options"),
        ({"winners": "A"}, "no list of different options"),
        ({"winners": ["A", "A"]}, "no list of different options"),
        ({"winners": ["Z"]}, "no list of different options"),
        ({"winners": [["A"], {"A": 1}]}, "no list of different options"),
        ({"winners": ["A", "C"]}, "exclude each other"),
        ({"winners": ["A", "B"]}, "do not cost together"),
        ({"total_cost": {"A": 1}}, "do not cost together"),
    ],
)
def test_a_sealed_result_that_the_round_does_not_allow_is_found(told: dict[str, Any], words: str) -> None:
    """Without the ballots nobody can count again, but not every list of winners goes with the freeze."""
    public = json.loads(text(sealed=True))
    count = {**public["result"]["count"], **told}
    public["result"]["count"] = {name: value for name, value in count.items() if value is not None}
    public["result_hash"] = canonical.sha256(public["result"])
    with pytest.raises(Mismatch, match=words):
        opened(canonical.dumps(public))


@pytest.mark.parametrize(
    ("parameters", "kind", "rule", "words"),
    [
        ({"budget_eur": "45"}, "approval", "greedy", "more than the budget"),
        ({"budget_eur": "100", "winners": 1}, "approval", "greedy", "more winners than"),
        ({}, "ranking", "schulze", "more winners than"),
    ],
)
def test_a_sealed_result_with_too_many_winners_is_found(
    parameters: dict[str, Any], kind: str, rule: str, words: str
) -> None:
    freeze = {**json.loads(json.dumps(FREEZE)), "parameters": parameters, "kind": kind, "rule": rule}
    freeze["tie_break"], freeze["conflicts"] = frozen.TIE_BREAKS[rule], []
    public = json.loads(text(freeze, sealed=True))
    costs = {one["code"]: Fraction(one["cost_eur"]) for one in FREEZE["options"]}
    public["result"]["count"] |= {"winners": ["A", "C"], "total_cost": str(costs["A"] + costs["C"])}
    public["result_hash"] = canonical.sha256(public["result"])
    with pytest.raises(Mismatch, match=words):
        opened(canonical.dumps(public))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[" * 500 + b"]" * 500, "nested deeper"),
        (b"[]", "does not say format"),
        (b'{"format":1.5}', "float"),
        (b'{"format":1e400}', "no JSON|float"),
        (b'{"format":123456789012345678901234567890}', "float|too large"),
        (b'{"format":9007199254740992}', "too large"),
        (b'{"format": "stoepkrijt-round/1"}', "not written as it was published"),
        (b'{"format":"a","format":"stoepkrijt-round/1"}', "not written as it was published"),
        (b'{"format":"\\ud800"}', "no JSON"),
        (b'{"format":"stoepkrijt-round/1"}', "a part is missing"),
        (b'{"format":NaN}', "no JSON"),
    ],
)
def test_hostile_files_are_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        round_file.read(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.__setitem__("rule", "first"), "The rule is 'first'"),
        (lambda f: f.__setitem__("kind", ["approval"]), "The kind of ballots"),
        (lambda f: f.__setitem__("kind", "ranking"), "cannot count"),
        (lambda f: f.__setitem__("tie_break", "lot"), "tie-break"),
        (lambda f: f.__setitem__("options", []), "1 to 500 options"),
        (lambda f: f["options"].append(f["options"][0]), "there twice"),
        (lambda f: f["options"][0].__setitem__("cost_eur", "-1"), "not an amount"),
        (lambda f: f["options"][0].__setitem__("cost_eur", True), "not an amount"),
        (lambda f: f["parameters"].__setitem__("budget_eur", 10**15), "not an amount"),
        (lambda f: f["parameters"].__setitem__("completion", "all"), "completion"),
        (lambda f: f["parameters"].__setitem__("winners", "1"), "number of options that can win"),
        (lambda f: f["conflicts"].append({"a": "A", "b": "Z"}), "not there"),
        (lambda f: f["conflicts"].append(["A", "A"]), "not there"),
        (lambda f: f.pop("parameters"), "no parameters"),
    ],
)
def test_a_freeze_document_that_describes_no_round_is_refused(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    def broken(document: dict[str, Any]) -> None:
        change(document["freeze"])

    with pytest.raises(Mismatch, match=words):
        round_file.read(rewritten(broken, rehash=True))


@pytest.mark.parametrize(
    ("ballot", "words"),
    [
        (["A", "B", "C"], None),
        ([], "0 options, not 1 to 2"),
        (["A", "B", "C", "A"], "twice"),
        (["Z"], "no option 'Z'"),
        ({"A": 1}, "is a list"),
        ([1], "neither a list"),
    ],
)
def test_a_ballot_that_the_round_did_not_allow_is_found(ballot: Any, words: str | None) -> None:
    file = opened(text())
    limits = (1, 2) if words and "not 1" in words else (0, 3)
    from dataclasses import replace

    rule = replace(file.frozen, min_choices=limits[0], max_choices=limits[1])
    forged = replace(file, frozen=rule, ballots=[ballot])
    if words is None:
        forged.contest()
    else:
        with pytest.raises(Mismatch, match=words):
            forged.contest()


def test_a_waived_conflict_excludes_nothing() -> None:
    freeze = json.loads(json.dumps(FREEZE))
    freeze["conflicts"][0]["state"] = "waived"
    assert round_file.recount(opened(text(freeze)))["winners"] == ["A", "C"]


@pytest.mark.parametrize(
    ("kind", "rule", "parameters", "ballots"),
    [
        ("ranking", "schulze", {"min_choices": 0}, [["B", "A"], ["B"], ["C", "B"], []]),
        ("points", "points", {"points": 5}, [{"A": 5}, {"A": 1, "B": 4}, {"C": 2}]),
        ("budget", "mes", {"budget_eur": 100}, [["A"], ["B", "C"], ["B"]]),
        ("approval", "greedy", {"budget_eur": "100", "winners": 1}, [["A", "B"], ["B"], ["C"]]),
        ("approval", "approval", {"budget_eur": "100"}, [["A"]]),
        ("approval", "mes", {"budget_eur": "100"}, []),
    ],
)
def test_every_kind_of_round_is_counted_again_from_its_file(
    kind: str, rule: str, parameters: dict[str, Any], ballots: list[Any]
) -> None:
    freeze = {**FREEZE, "kind": kind, "rule": rule, "parameters": parameters}
    del freeze["tie_break"]
    file = opened(text(freeze, ballots))
    counted = round_file.recount(file)
    assert counted["ballots"] == len(ballots)
    again = pabulib.read(to_pabulib(file).encode()) if ballots else None
    assert again is None or (len(again.votes) == len(ballots) and again.selected == set(counted["winners"]))


def test_the_pabulib_file_counts_to_the_same_winners() -> None:
    written = to_pabulib(opened(text()))
    file = pabulib.read(written.encode())
    assert file.meta["exclusions"] == "A,C" and '"Bankjes; en meer"' in written
    election = file.election([("A", "C")])
    assert equal_shares.count(election).winning_ids == ["A"] and file.selected == {"A"}


def test_canonical_text_is_strict_about_what_it_writes() -> None:
    assert canonical.dumps({"é": [1, "\u20ac", None, True], "a": "x\n\u007f"}) == (
        '{"a":"x\\n\u007f","é":[1,"€",null,true]}'
    )
    for wrong in (1.0, float("nan"), 2**53, {1: "a"}, {"a": {1, 2}}, "\ud800", object(), (1, 2)):
        with pytest.raises(NotCanonical):
            canonical.dumps(wrong)


METHODS = [
    ("approval", "mes"),
    ("approval", "greedy"),
    ("approval", "approval"),
    ("ranking", "schulze"),
    ("points", "points"),
]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(METHODS), st.integers(0, 3), st.data())
def test_any_round_goes_into_its_file_and_comes_out_the_same(
    method: tuple[str, str], copies: int, data: st.DataObject
) -> None:
    kind, rule = method
    one = st.lists(st.sampled_from("ABC"), unique=True)
    if kind == "points":
        one = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 3))
    ballots = data.draw(st.lists(one, max_size=12)) * copies
    parameters = {
        "budget_eur": data.draw(st.sampled_from(["100.00", 61, "60.5"])),
        "points": 9,
        "min_choices": 0,
    }
    freeze = {**FREEZE, "kind": kind, "rule": rule, "parameters": parameters}
    del freeze["tie_break"]
    file = opened(text(freeze, ballots))
    counted = round_file.recount(file)
    assert counted["ballots"] == len(ballots)
    costs = {"A": 60, "B": 40.5, "C": 20}
    assert sum(costs[code] for code in counted["winners"]) <= float(parameters["budget_eur"])
    assert not {"A", "C"} <= set(counted["winners"])
    public = opened(text(freeze, ballots, sealed=True))
    assert public.result_hash == file.result_hash and public.ballots is None
