"""The file of a published round: all that is needed to count it again, and the hashes that tie it together.

    {"format": "stoepkrijt-round/1",
     "freeze": {…}, "freeze_hash": "…",          what was fixed before the first vote
     "ballots": […] or null, "receipts": […],    what was cast; null where the ballots are sealed
     "ballots_hash": "…",                        the commitment to them
     "result": {…}, "result_hash": "…"}          what came of it

Every hash is the SHA-256 of the canonical text (`canonical`). Ballots and receipts are two lists, each in an
order of its own, so that nothing tells which receipt belongs to which ballot: a receipt shows that one's
ballot counts, and never what it says.

The commitment is over both lists. Where ballots are sealed, the public file names for each receipt only the
hash of its hash; so that nobody can find the few ballots that go with public totals by trying them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from app.votes.counting import canonical, frozen, publication, result
from app.votes.counting.canonical import Json, NotCanonical
from app.votes.counting.contest import Choices, Contest
from app.votes.counting.election import InvalidElection
from app.votes.counting.frozen import Frozen, NotARound

FORMAT = "stoepkrijt-round/1"
RESULT_FORMAT = "stoepkrijt-result/1"
MAX_BYTES = 64 * 1024 * 1024
MAX_BALLOTS = 1_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
_KEYS = {"format", "freeze", "freeze_hash", "ballots", "receipts", "ballots_hash", "result", "result_hash"}


class Mismatch(ValueError):
    """The file is not what it says, or cannot be read; the message is one sentence that says where."""


@dataclass(frozen=True)
class Commitment:
    """Ballots and receipts in the order in which they are published, and the hashes over them."""

    ballots: list[Json]
    receipts: list[str]
    hash: str
    marks: list[str]
    marks_hash: str


@dataclass(frozen=True)
class RoundFile:
    """A file that was read and whose hashes are right. `ballots` is None where they are sealed."""

    frozen: Frozen
    freeze: dict[str, Json]
    freeze_hash: str
    ballots: list[Json] | None
    receipts: list[str]
    ballots_hash: str
    result: dict[str, Json]
    result_hash: str

    @property
    def counted(self) -> dict[str, Json]:
        """The part of the result that follows from the ballots."""
        count = self.result.get("count")
        if not isinstance(count, dict):
            raise Mismatch("The result has no count.")
        return count

    def contest(self) -> Contest:
        """The round with its ballots. Raises `Mismatch` where they are sealed or wrong."""
        if self.ballots is None:
            raise Mismatch("The ballots of this round are sealed: they are not in this file.")
        try:
            return self.frozen.contest(_choices(self.ballots))
        except InvalidElection as error:
            raise Mismatch(f"The ballots do not fit the round: {error.problems[0]}") from None


def commit(contest: Contest, receipts: Iterable[str]) -> Commitment:
    """The commitment to the ballots of a round and to their receipts (hashes in hexadecimal)."""
    ballots: list[Json] = [_as_json(choices) for choices in contest.choices()]
    listed = sorted(receipts)
    marks = sorted(mark(receipt) for receipt in listed)
    whole: Json = {"ballots": ballots, "receipts": [*listed]}
    return Commitment(ballots, listed, canonical.sha256(whole), marks, canonical.sha256(marks))


def mark(receipt_hash: str) -> str:
    """What a public file with sealed ballots names of a receipt: the SHA-256 of its hash in hexadecimal."""
    return sha256(receipt_hash.encode("ascii")).hexdigest()


def write(
    freeze: dict[str, Json],
    ballots: Sequence[Json] | None,
    receipts: Sequence[str],
    ballots_hash: str,
    outcome: dict[str, Json],
) -> str:
    """The file's text, with a line break at the end. With ballots, `receipts` are the receipts' hashes, else
    their marks."""
    document: Json = {
        "format": FORMAT,
        "freeze": freeze,
        "freeze_hash": canonical.sha256(freeze),
        "ballots": None if ballots is None else [*ballots],
        "receipts": [*receipts],
        "ballots_hash": ballots_hash,
        "result": outcome,
        "result_hash": canonical.sha256(outcome),
    }
    return canonical.dumps(document) + "\n"


def read(data: bytes) -> RoundFile:
    """A file, after checking every hash in it that can be checked without counting.

    Raises `Mismatch` with the first thing that is wrong.
    """
    if len(data) > MAX_BYTES:
        raise Mismatch(f"The file is larger than {MAX_BYTES // 1024**2} MiB.")
    try:
        document = canonical.loads(data)
    except NotCanonical as error:
        raise Mismatch(f"This is not a published round: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Mismatch(f"This is not a published round: it does not say format {FORMAT}.")
    if document.keys() != _KEYS:
        raise Mismatch("This is not a published round: a part is missing or does not belong.")
    freeze, outcome = document["freeze"], document["result"]
    if not isinstance(freeze, dict) or not isinstance(outcome, dict):
        raise Mismatch("The freeze document or the result is no object.")
    _same(canonical.sha256(freeze), document["freeze_hash"], "What was fixed before the vote (freeze)")
    _same(canonical.sha256(outcome), document["result_hash"], "The result")
    ballots, receipts = document["ballots"], _hashes(document["receipts"])
    if ballots is not None and (not isinstance(ballots, list) or len(ballots) > MAX_BALLOTS):
        raise Mismatch(f"The ballots are no list of at most {MAX_BALLOTS:,}.")
    try:
        rule = frozen.read(freeze)
    except NotARound as error:
        raise Mismatch(str(error)) from None
    found = RoundFile(
        rule,
        freeze,
        str(document["freeze_hash"]),
        ballots,
        receipts,
        str(document["ballots_hash"]),
        outcome,
        str(document["result_hash"]),
    )
    _check_links(found)
    if found.ballots is None:
        _check_winners(found)
    return found


def recount(file: RoundFile) -> dict[str, Json]:
    """Count the ballots of a file again; the published part of the count.

    Raises `Mismatch` where it differs from the result in the file, or where the ballots are sealed or not the
    ones that were committed to.
    """
    contest = file.contest()
    if [*map(_as_json, contest.choices())] != file.ballots:
        raise Mismatch("The ballots do not stand in the order in which ballots are published.")
    stated = file.result.get("publication")
    k = stated.get("k") if isinstance(stated, dict) else None
    if type(k) is not int or not 0 < k <= MAX_BALLOTS:
        raise Mismatch("The result does not say from how many ballots on they are published.")
    what = publication.decide(contest, k)
    if what.document() != stated:
        raise Mismatch("The result does not publish what the rule for publication says.")
    again = result.published(file.frozen, contest, what, file.freeze_hash, file.receipts)
    difference = first_difference(file.counted, again)
    if difference is not None:
        raise Mismatch(f"Counting gives another result than the file says, at {difference}.")
    return again


def first_difference(one: Json, other: Json, at: str = "") -> str | None:
    """Where two values differ first, as a JSON pointer with both; None where they are equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                return f"{at}/{key} (only in {'the file' if key in one else 'the recount'})"
            if (found := first_difference(one[key], other[key], f"{at}/{key}")) is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if (found := first_difference(left, right, f"{at}/{index}")) is not None:
                return found
        return None
    if type(one) is type(other) and one == other:
        return None
    return f"{at or '/'} (file: {canonical.dumps(one)[:60]}, recount: {canonical.dumps(other)[:60]})"


def _check_links(file: RoundFile) -> None:
    """The result must be about this freeze document, these ballots and these receipts."""
    outcome = file.result
    if outcome.get("format") != RESULT_FORMAT:
        raise Mismatch(f"The result does not say format {RESULT_FORMAT}.")
    _same(file.freeze_hash, outcome.get("freeze_hash"), "The freeze hash in the result")
    _same(file.ballots_hash, outcome.get("ballots_hash"), "The ballots' hash in the result")
    if file.ballots is None:
        marks = file.receipts
    else:
        whole: Json = {"ballots": [*file.ballots], "receipts": [*file.receipts]}
        _same(canonical.sha256(whole), file.ballots_hash, "The ballots with their receipts")
        marks = sorted(mark(receipt) for receipt in file.receipts)
    _same(canonical.sha256(marks), outcome.get("receipts_hash"), "The list of receipts")
    counted = file.counted.get("ballots")
    if counted != len(marks) or (file.ballots is not None and counted != len(file.ballots)):
        raise Mismatch("There are not as many ballots as receipts, or not as many as the result says.")


def _check_winners(file: RoundFile) -> None:
    """What can be told of a result without its ballots: the winners could be chosen, do not exclude each
    other, cost what the result says, and are no more than the rule allows."""
    costs = {option.code: option.cost for option in file.frozen.options}
    winners = file.counted.get("winners")
    codes = (
        [code for code in winners if isinstance(code, str) and code in costs]
        if isinstance(winners, list)
        else []
    )
    if not isinstance(winners, list) or len(set(codes)) < len(winners):
        raise Mismatch("The winners are no list of different options of the round.")
    for one, other in file.frozen.conflicts:
        if {one, other} <= {*codes}:
            raise Mismatch(f"The winners {one} and {other} exclude each other.")
    total, budget = sum((costs[code] for code in codes), Fraction(0)), file.frozen.budget
    if file.counted.get("total_cost") != result.plain(total):
        raise Mismatch("The winners do not cost together what the result says.")
    if budget is not None and total > budget:
        raise Mismatch("The winners cost more than the budget.")
    # As in `Contest.of`: without a budget and without places one option wins.
    places = 1 if budget is None and file.frozen.places is None else file.frozen.places
    if places is not None and len(codes) > places:
        raise Mismatch("There are more winners than the round allows.")


def _same(found: str, stated: Json, what: str) -> None:
    if found != stated:
        raise Mismatch(f"{what}: the content and its hash do not match.")


def _hashes(value: Json) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_BALLOTS:
        raise Mismatch(f"The receipts are no list of at most {MAX_BALLOTS:,}.")
    found = [item for item in value if isinstance(item, str) and _HASH.fullmatch(item)]
    if len(found) < len(value) or found != sorted(set(found)):
        raise Mismatch("The receipts are not different hashes in order.")
    return found


def _choices(ballots: list[Json]) -> Iterable[Choices]:
    for ballot in ballots:
        if isinstance(ballot, list) and all(isinstance(name, str) for name in ballot):
            yield [str(name) for name in ballot]
        elif isinstance(ballot, dict) and all(type(points) is int for points in ballot.values()):
            yield {name: points for name, points in ballot.items() if type(points) is int}
        else:
            raise Mismatch("A ballot is neither a list of options nor points to options.")


def _as_json(choices: list[str] | dict[str, int]) -> Json:
    return {**choices} if isinstance(choices, dict) else [*choices]
