"""Rounds of voting and ballots in the OpenAPI document."""

from __future__ import annotations

from app.api.openapi_parts import Json, a_list, an_object, content, path, query, ref, responses, text
from app.votes.counting.frozen import TIE_BREAKS
from app.votes.rounds.domain import (
    COMPLETIONS,
    LARGEST_POINTS,
    MOST_OPTIONS,
    Electorate,
    Kind,
    Rule,
    Status,
)
from app.votes.rounds.routes import CODE_HEADER
from app.votes.rounds.schemas import LONGEST_CODE

TAG = "voting"
ABOUT = "Rounds of voting: what is voted on, one's ballot, one's receipt"

_ROUND = path("round-id", "Identifier of a round", text(format="uuid"))
_MONEY = text("Euros with two decimals", pattern=r"^\d+\.\d{2}$", example="12500.00")
_COOKIE: list[dict[str, list[str]]] = [{"session": []}]


def paths() -> Json:
    """The paths, relative to the root of the API."""
    one = content("The round; never how many voted, let alone what", ref("schemas", "Round"))
    listed = content("Rounds", an_object({"rounds": a_list(ref("schemas", "Round"))}, ("rounds",)))
    frozen = content(
        "Canonical JSON (RFC 8785, whole numbers only); its SHA-256 is `freeze_hash`", {"type": "object"}
    )
    cast = content(
        "The ballot is stored; the receipt is readable only in this answer", ref("schemas", "CastBallot")
    )
    own = content("As it would count now", ref("schemas", "OwnBallot"))
    found = an_object({"round": text(format="uuid"), "ballot": text(enum=["counts", "replaced", "unknown"])})
    code: Json = {
        "name": CODE_HEADER,
        "in": "header",
        "required": False,
        "description": "The code of a letter, where the round asks for one; in a ballot also `code`",
        "schema": text(maxLength=LONGEST_CODE),
    }
    slug = query("assignment", "Only of the assignment with this slug", text(maxLength=200))
    return {
        "/rounds": {
            "get": _reading(
                "getRounds", "Rounds that were announced", responses("400", "404", ok=listed), slug
            )
        },
        "/rounds/{round-id}": {"get": _reading("getRound", "One round", responses("404", ok=one), _ROUND)},
        "/rounds/{round-id}/freeze": {
            "get": _reading("getFreeze", "What was fixed, byte for byte", responses("404", ok=frozen), _ROUND)
        },
        "/rounds/{round-id}/ballot": {
            "get": {
                **_reading(
                    "getBallot",
                    "One's own ballot, while the round is open; never in a round with letters (403)",
                    responses("401", "403", "404", "409", ok=own),
                    _ROUND,
                ),
                "security": _COOKIE,
            },
            "put": {
                **_reading(
                    "castBallot",
                    "Cast the whole ballot; it replaces one's earlier one until the round closes",
                    responses("400", "401", "403", "404", "409", "413", "422", "429", "503", ok=cast),
                    _ROUND,
                    code,
                    ref("parameters", "csrf"),
                ),
                "requestBody": _body("Ballot"),
                "security": _COOKIE,
            },
        },
        "/rounds/{round-id}/result": {
            "get": _reading(
                "getResult",
                "The published result: winners, reasons, comparison, hashes",
                responses("404", ok=content("The result; 404 before it is published", {"type": "object"})),
                _ROUND,
            )
        },
        "/rounds/{round-id}/receipt": {
            "post": {
                **_reading(
                    "lookUpReceipt",
                    "Whether the ballot of a receipt is in the count; stores nothing",
                    responses(
                        "400", "403", "404", "413", "422", "429", "503", ok=content("What is known", found)
                    ),
                    _ROUND,
                ),
                "requestBody": _body("Receipt"),
            }
        },
    }


def schemas() -> Json:
    """The bodies and answers."""
    option = an_object(
        {
            "code": text(pattern="^[A-Z]{1,2}$"),
            "design": text(format="uuid"),
            "version": {"type": "integer", "minimum": 1},
            "title": text(),
            "cost_eur": _MONEY,
            "cost_note": text("Why the cost is not the design's own upper estimate"),
            "part": {
                "type": "array",
                "nullable": True,
                "items": {"type": "integer", "minimum": 0},
                "description": "The positions of the changes, from 0, where only a part of the design is an"
                " option; null for the whole design",
            },
            "url": text(),
        },
        ("code", "design", "version", "title", "cost_eur", "part"),
    )
    conflict = an_object(
        {
            "a": text(),
            "b": text(),
            "overlap_m2": {"type": "number", "minimum": 0},
            "state": text(enum=["proposed", "confirmed", "waived"]),
            "reason": text(),
        },
        ("a", "b", "state", "reason"),
    )
    parameters = an_object(
        {
            "budget_eur": _MONEY,
            "completion": text(enum=list(COMPLETIONS)),
            "min_choices": {"type": "integer", "minimum": 0, "maximum": MOST_OPTIONS},
            "max_choices": {"type": "integer", "minimum": 1, "maximum": MOST_OPTIONS},
            "winners": {"type": "integer", "minimum": 1, "maximum": MOST_OPTIONS},
            "points": {"type": "integer", "minimum": 1, "maximum": LARGEST_POINTS},
        }
    )
    moments = {name: text(format="date-time") for name in ("opens_at", "closes_at")}
    whole = an_object(
        {
            "id": text(format="uuid"),
            "assignment": text("Slug of the assignment"),
            "title": text(),
            "question": text(),
            "status": text(enum=list(Status)),
            "kind": text(enum=list(Kind)),
            "rule": text(enum=list(Rule)),
            "parameters": parameters,
            "tie_break": text(enum=sorted(set(TIE_BREAKS.values()))),
            "electorate": text(enum=list(Electorate)),
            "electorate_parameters": {"type": "object"},
            **moments,
            "frozen_at": text(format="date-time", nullable=True),
            "freeze_hash": text("SHA-256 of the frozen document", nullable=True),
            "options": a_list(option),
            "conflicts": a_list(conflict),
            "links": {"type": "object"},
        },
        ("id", "assignment", "status", "kind", "rule", "options", "conflicts", "opens_at", "closes_at"),
    )
    codes = a_list(text(), maxItems=MOST_OPTIONS)
    points = {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": LARGEST_POINTS},
    }
    choices = {
        "description": "Codes of options (the order counts in a ranking), or points by code",
        "oneOf": [codes, points],
    }
    version = {"type": "integer", "minimum": 1, "description": "Which ballot of this voter it is"}
    return {
        "Round": whole,
        "Ballot": an_object(
            {
                "choices": choices,
                "code": text("The code of a letter", maxLength=LONGEST_CODE),
                "address": {
                    "type": "integer",
                    "format": "int64",
                    "minimum": 1,
                    "description": "The imported address where one lives; only a coarse distance is kept",
                },
            },
            ("choices",),
            additionalProperties=False,
        ),
        "CastBallot": an_object(
            {
                "round": text(format="uuid"),
                "receipt": text(example="7H2K-9QRD-4M0W-XC5T"),
                "version": version,
            },
            ("round", "receipt", "version"),
        ),
        "OwnBallot": an_object(
            {
                "round": text(format="uuid"),
                "choices": choices,
                "version": version,
                "channel": text(enum=["web", "paper"]),
            },
            ("round", "choices", "version", "channel"),
        ),
        "Receipt": an_object(
            {"receipt": text(maxLength=LONGEST_CODE, minLength=1)}, ("receipt",), additionalProperties=False
        ),
    }


def _reading(name: str, summary: str, answers: Json, *taken: Json) -> Json:
    return {
        "tags": [TAG],
        "operationId": name,
        "summary": summary,
        "parameters": list(taken),
        "responses": answers,
    }


def _body(schema: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": ref("schemas", schema)}}}
