"""States of a round, choices on a ballot, receipts, pseudonyms, and codes in letters."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.votes.letters import domain as letters
from app.votes.rounds import voters
from app.votes.rounds.domain import (
    FrozenConflict,
    FrozenOption,
    Promised,
    Status,
    bounds,
    check_choices,
    code_of,
    freeze_document,
    may,
    sha256_of,
    status,
)

OPENS = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
COSTS = {"A": Decimal("1000"), "B": Decimal("2000.50"), "C": Decimal("4000")}


@dataclass
class Dates:
    opens_at: datetime = OPENS
    closes_at: datetime = CLOSES
    frozen_at: datetime | None = OPENS - timedelta(days=1)
    counted_at: datetime | None = None
    published_at: datetime | None = None


MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - MOMENT, Status.ANNOUNCED),
        (OPENS, Status.OPEN),
        (CLOSES - MOMENT, Status.OPEN),
        (CLOSES, Status.CLOSED),
    ],
)
def test_a_round_is_open_from_its_first_moment_until_just_before_its_last(
    now: datetime, expected: Status
) -> None:
    assert status(Dates(), now) is expected
    assert may("cast", Dates(), now) is (expected is Status.OPEN)
    assert may("count", Dates(), now) is (expected is Status.CLOSED)


def test_a_draft_never_opens_and_a_count_ends_voting() -> None:
    assert status(Dates(frozen_at=None), OPENS) is Status.DRAFT
    counted = Dates(counted_at=CLOSES)
    assert status(counted, CLOSES) is Status.COUNTED and may("publish", counted, CLOSES)
    assert status(Dates(counted_at=CLOSES, published_at=CLOSES), CLOSES) is Status.PUBLISHED


def test_codes_are_letters_and_go_on_after_z() -> None:
    assert [code_of(n) for n in (1, 2, 26, 27, 52, 53, 200)] == ["A", "B", "Z", "AA", "AZ", "BA", "GR"]
    assert len({code_of(n) for n in range(1, 201)}) == 200


@pytest.mark.parametrize(
    ("kind", "parameters", "choices", "faults"),
    [
        ("approval", {}, ["A", "A"], [("repeated", "/1")]),
        ("approval", {"max_choices": 1}, ["A", "B"], [("too_many", "")]),
        ("approval", {"min_choices": 2}, ["A"], [("too_few", "")]),
        ("approval", {"min_choices": 0}, [], []),
        ("approval", {}, ["a", 1, None], [("foreign", "/0"), ("form", "/1"), ("form", "/2")]),
        ("budget", {"budget_eur": "3000.50"}, ["A", "B"], []),
        ("budget", {"budget_eur": "3000.49"}, ["A", "B"], [("over_budget", "")]),
        ("points", {"points": 5}, {"A": 3, "B": 2}, []),
        ("points", {"points": 5}, {"A": 3, "B": 3}, [("too_many_points", "")]),
        ("points", {"points": 5}, {"A": True}, [("points", "/A"), ("too_few", "")]),
        ("points", {"points": 5}, {"a/b~": 1}, [("foreign", "/a~1b~0"), ("too_few", "")]),
        ("ranking", {}, ["C", "A"], []),
    ],
)  # fmt: skip
def test_every_fault_of_choices_is_found_with_its_place(
    kind: str, parameters: dict[str, object], choices: object, faults: list[tuple[str, str]]
) -> None:
    _kept, found = check_choices(choices, bounds(kind, parameters, COSTS))
    assert [(fault.kind, fault.where) for fault in found] == faults


@given(st.permutations("ABC"), st.integers(1, 3))
def test_equal_ballots_are_stored_equal_and_a_ranking_keeps_its_order(order: list[str], n: int) -> None:
    chosen = order[:n]
    kept, _faults = check_choices(chosen, bounds("approval", {}, COSTS))
    assert kept == sorted(chosen)
    assert check_choices(kept, bounds("approval", {}, COSTS)) == (kept, [])
    assert check_choices(chosen, bounds("ranking", {}, COSTS))[0] == chosen


def test_the_frozen_document_is_canonical_and_holds_all_that_decides() -> None:
    parts = {
        "round_id": "r",
        "assignment_id": "a",
        "title": "Kade",
        "question": "Wat?",
        "kind": "approval",
        "rule": "mes",
        "parameters": {"budget_eur": "10000.00", "completion": "add1"},
        "electorate": "letter",
        "electorate_parameters": {"paper_ballots": 40},
        "promised": Promised("advise", "De raad, in juni."),
        "opens_at": OPENS,
        "closes_at": CLOSES,
    }
    options = [FrozenOption("A", "d", 3, "Gröne Kade", Decimal("99.5"), "", "f" * 64)]
    conflicts = [FrozenConflict("B", "C", "waived", "x"), FrozenConflict("A", "B", "confirmed", "y")]
    document = freeze_document(**parts, options=options, conflicts=conflicts)  # type: ignore[arg-type]
    read = json.loads(document)
    # The same value written by another program, sorted and without spaces, is the same text.
    assert json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == document
    assert sha256_of(document) == hashlib.sha256(document.encode("utf-8")).hexdigest()
    assert read["options"][0]["cost_eur"] == "99.50" and read["opens_at"] == "2026-03-29T00:00:00Z"
    assert [one["a"] for one in read["conflicts"]] == ["A", "B"]
    assert read["tie_break"] == "lower_cost,more_votes,code"
    assert read["promised"] == {"degree": "advise", "who_decides": "De raad, in juni."}
    # Word for word what a whole design always was in such a document; only a part says more.
    whole = (
        '{"code":"A","content_sha256":"' + "f" * 64 + '","cost_eur":"99.50","cost_note":"","design":"d",'
        '"title":"Gröne Kade","version":3}'
    )
    assert f'"options":[{whole}]' in document
    in_part = [FrozenOption("A", "d", 3, "Gröne Kade", Decimal("99.5"), "", "f" * 64, (1, 4))]
    said = json.loads(freeze_document(**parts, options=in_part, conflicts=conflicts))["options"][0]  # type: ignore[arg-type]
    assert said == {**read["options"][0], "part": [1, 4]}
    other = freeze_document(**{**parts, "closes_at": CLOSES + MOMENT}, options=options, conflicts=conflicts)  # type: ignore[arg-type]
    assert sha256_of(other) != sha256_of(document)


def test_a_pseudonym_differs_by_round_by_electorate_by_person_and_by_key() -> None:
    app = Flask("test")
    app.config["SECRET_KEY"] = "s" * 40
    one, two = uuid.UUID(int=1), uuid.UUID(int=2)
    with app.app_context():
        key, other_key, key_of_two = voters.new_key(one), voters.new_key(one), voters.new_key(two)
        usual = voters.pseudonym(one, key, "email", "kim@example.org")
        assert usual == voters.pseudonym(one, key, "email", "kim@example.org") and len(usual) == 32
        others = {
            voters.pseudonym(two, key_of_two, "email", "kim@example.org"),
            voters.pseudonym(one, key, "area", "kim@example.org"),
            voters.pseudonym(one, key, "email", "kim@example.com"),
            voters.pseudonym(one, other_key, "email", "kim@example.org"),
        }
        assert len(others | {usual}) == 5
        # With another SECRET_KEY, or the key of another round, there is no name at all.
        for wrong in (key_of_two, key[:32], b""):
            assert not voters.fits(one, wrong)
        app.config["SECRET_KEY"] = "t" * 40
        assert not voters.fits(one, key)


def test_a_receipt_is_read_however_it_was_typed() -> None:
    receipts = {voters.new_receipt() for _number in range(500)}
    assert len(receipts) == 500
    assert set("".join(receipts).replace("-", "")) <= set(voters.ALPHABET)
    for receipt in receipts:
        sloppy = " " + receipt.lower().replace("-", " ").replace("0", "o").replace("1", "i") + " "
        assert voters.receipt_hash(sloppy) == voters.receipt_hash(receipt) is not None
    assert voters.receipt_hash("7H2K-9QRD-4M0W-XC5") is None
    assert voters.receipt_hash("7H2K-9QRD-4M0W-XC5U") is None


LETTER = st.sampled_from(letters.ALPHABET)


@given(st.lists(LETTER, min_size=11, max_size=11), st.integers(0, 11), LETTER)
def test_one_wrong_character_in_a_code_is_always_noticed(body: list[str], place: int, wrong: str) -> None:
    code = "".join(body) + letters.check_character("".join(body))
    assert letters.normalised(letters.shown(code).lower()) == code
    mistyped = code[:place] + wrong + code[place + 1 :]
    assert letters.normalised(mistyped) == (code if wrong == code[place] else None)


@given(st.lists(LETTER, min_size=11, max_size=11))
def test_two_neighbours_in_the_wrong_order_are_nearly_always_noticed(body: list[str]) -> None:
    code = "".join(body) + letters.check_character("".join(body))
    for place, (one, other) in enumerate(pairwise(code)):
        swapped = code[:place] + other + one + code[place + 2 :]
        # Luhn's algorithm is blind to one pair only: the first and the last of its alphabet.
        if one != other and {one, other} != {letters.ALPHABET[0], letters.ALPHABET[-1]}:
            assert letters.normalised(swapped) is None


def test_a_neighbourhood_is_kept_only_in_a_crowd_of_ten() -> None:
    many = [letters.Addressed(f"Kade {n}", band="0-50", neighbourhood="Noord") for n in range(10)]
    few = [letters.Addressed(f"Hof {n}", band="50-100", neighbourhood="Noord") for n in range(9)]
    none = [letters.Addressed(f"Elders {n}") for n in range(20)]
    kept = letters.in_a_crowd([*many, *few, *none])
    assert [one.neighbourhood for one in kept] == ["Noord"] * 10 + [None] * 29
    assert [one.band for one in kept] == ["0-50"] * 10 + ["50-100"] * 9 + [None] * 20
    assert letters.crowds([("0-50", None)] * 50) == frozenset()


def test_distances_are_kept_as_bands() -> None:
    expected = {0: "0-50", 49.9: "0-50", 50: "50-100", 250: "250-500", 999.9: "500-1000", 1000: "1000-"}
    assert {metres: letters.band_of(metres) for metres in expected} == expected
    for nonsense in ("", "A" * 12 + "!", "7H2K", "🙂" * 12, "A" * 10_000):
        assert letters.normalised(nonsense) is None
