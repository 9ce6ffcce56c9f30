"""Files of published rounds, made by the program's own pure parts."""

from __future__ import annotations

import hashlib
from typing import Any

from app.votes.counting import frozen, publication, result, round_file

K = 10

# Of 100, A costs 60, B 40.50 and C 20; A and C cannot be carried out together.
FREEZE: dict[str, Any] = {
    "format": "stoepkrijt-round-1",
    "round": "b0f3b7c2-0d6e-4a57-9b3e-6f6f4d5f0a11",
    "title": "Wat komt er in de straat?",
    "question": "Kies wat je wilt.",
    "kind": "approval",
    "rule": "mes",
    "tie_break": "lower_cost,more_votes,code",
    "parameters": {"budget_eur": "100.00", "completion": "add1", "min_choices": 0, "max_choices": 3},
    "electorate": "letter",
    "electorate_parameters": {},
    "opens_at": "2026-11-01T08:00:00Z",
    "closes_at": "2026-11-08T08:00:00Z",
    "options": [
        {"code": "A", "title": "Bomen", "cost_eur": "60.00", "design": "…", "version": 1},
        {"code": "B", "title": "Bankjes; en meer", "cost_eur": "40.50", "design": "…", "version": 2},
        {"code": "C", "title": "Geveltuin", "cost_eur": "20.00", "design": "…", "version": 1},
    ],
    "conflicts": [{"a": "A", "b": "C", "state": "confirmed", "reason": "Zelfde plek"}],
}
BALLOTS: list[Any] = [["A", "B"]] * 4 + [["A"]] * 4 + [["B", "C"]] * 3


def receipts(number: int) -> list[str]:
    """So many different hashes of receipts."""
    return [hashlib.sha256(f"ontvangstbewijs {n}".encode()).hexdigest() for n in range(number)]


def outcome(freeze: dict[str, Any], ballots: list[Any]) -> tuple[dict[str, Any], round_file.Commitment]:
    """The result of these ballots, and the commitment to them."""
    rule = frozen.read(freeze)
    contest = rule.contest(ballots)
    made = round_file.commit(contest, receipts(len(ballots)))
    freeze_hash = round_file.canonical.sha256(freeze)
    what = publication.decide(contest, K)
    found = {
        "format": round_file.RESULT_FORMAT,
        "freeze_hash": freeze_hash,
        "ballots_hash": made.hash,
        "receipts_hash": made.marks_hash,
        "publication": what.document(),
        "count": result.published(rule, contest, what, freeze_hash, made.receipts),
    }
    return found, made


def text(
    freeze: dict[str, Any] | None = None, ballots: list[Any] | None = None, *, sealed: bool = False
) -> str:
    """The file of a round with these ballots; sealed: as the public gets it without the ballots."""
    freeze, ballots = freeze or FREEZE, BALLOTS if ballots is None else ballots
    found, made = outcome(freeze, ballots)
    if sealed:
        return round_file.write(freeze, None, made.marks, made.hash, found)
    return round_file.write(freeze, made.ballots, made.receipts, made.hash, found)
