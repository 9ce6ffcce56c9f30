"""Rounds and ballots in JSON: what a ballot may bring, and what everybody can read of a round."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core.problems import Problems
from app.votes.rounds.casting import Cast, Present
from app.votes.rounds.domain import TIE_BREAKS, moment, status
from app.votes.rounds.electorates import Given
from app.votes.rounds.models import Round, RoundConflict, RoundOption

LONGEST_CODE = 60
LARGEST_ADDRESS = 2**63 - 1


def read_ballot(body: dict[str, Any], code_header: str) -> tuple[Any, Given]:
    """The choices as they were sent, and what came with them. Raises `Invalid`."""
    problems = Problems()
    problems.only(body, {"choices", "code", "address"})
    code = problems.text(body, "code", longest=LONGEST_CODE) or code_header[:LONGEST_CODE]
    address = body.get("address")
    if address is not None and (
        isinstance(address, bool) or not isinstance(address, int) or not 0 < address <= LARGEST_ADDRESS
    ):
        problems.number({"address": "?"}, "address", 1, LARGEST_ADDRESS)
        address = None
    problems.raise_if_any()
    return body.get("choices"), Given(code, address)


def read_receipt(body: dict[str, Any]) -> str:
    """The receipt as it was typed. Raises `Invalid`."""
    problems = Problems()
    problems.only(body, {"receipt"})
    typed = problems.text(body, "receipt", required=True, longest=LONGEST_CODE)
    problems.raise_if_any()
    return typed


def round_document(
    round_: Round,
    assignment: str,
    options: Sequence[RoundOption],
    conflicts: Sequence[RoundConflict],
    now: datetime,
) -> dict[str, Any]:
    """All that is public of a round: never how many voted, let alone what. Amounts in euros as text."""
    where = f"/api/rounds/{round_.id}"
    who = dict(round_.electorate_parameters)
    if "area" in who:
        who["area"] = json.loads(who["area"])
    return {
        "id": round_.id,
        "assignment": assignment,
        "title": round_.title,
        "question": round_.question,
        "status": status(round_, now),
        "kind": round_.kind,
        "rule": round_.rule,
        "parameters": round_.parameters,
        "tie_break": TIE_BREAKS[round_.rule],
        "electorate": round_.electorate,
        "electorate_parameters": who,
        "opens_at": moment(round_.opens_at),
        "closes_at": moment(round_.closes_at),
        "frozen_at": None if round_.frozen_at is None else moment(round_.frozen_at),
        "freeze_hash": round_.freeze_hash,
        "options": [
            {
                "code": option.code,
                "design": option.design_id,
                "version": option.version,
                "title": option.title,
                "cost_eur": f"{option.cost_eur:.2f}",
                "cost_note": option.cost_note,
                "part": list(option.part) or None,
                "url": f"/designs/{option.design_id}/versions/{option.version}",
            }
            for option in options
        ],
        "conflicts": [
            {"a": one.a, "b": one.b, "overlap_m2": one.overlap_m2, "state": one.state, "reason": one.reason}
            for one in conflicts
        ],
        "links": {
            "self": where,
            "freeze": f"{where}/freeze",
            "ballot": f"{where}/ballot",
            "result": f"{where}/result",
        },
    }


def cast_document(round_: Any, done: Cast) -> dict[str, Any]:
    """The answer to a ballot."""
    return {"round": round_, "receipt": done.receipt, "version": done.version}


def present_document(round_: Any, ballot: Present) -> dict[str, Any]:
    """One's own ballot, in the form in which it is sent."""
    return {
        "round": round_,
        "choices": ballot.choices,
        "version": ballot.version,
        "channel": ballot.channel,
    }
