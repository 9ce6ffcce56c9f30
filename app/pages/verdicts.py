"""What the checks said of a stored version, as its page shows it, by the rules of when it was kept."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.language import current_language
from app.designs.checks.model import SERIOUSNESS, Verdict
from app.designs.findings import described
from app.designs.models import DesignVersion
from app.designs.rulebook import current_rulebook
from geodata.rulebook import RuleBook

WORDS = {
    Verdict.FITS: _l("kan"),
    Verdict.CONDITIONAL: _l("kan, mits"),
    Verdict.CONFLICT: _l("kan niet zo"),
    Verdict.UNCHECKED: _l("niet gecontroleerd"),
}
CLASSES = {
    Verdict.FITS: "kan",
    Verdict.CONDITIONAL: "mits",
    Verdict.CONFLICT: "niet",
    Verdict.UNCHECKED: "open",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One rule about one change."""

    title: str
    word: str
    css: str
    message: str
    source: str | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one change: its word, the sentences that make it so, and every rule that was asked."""

    word: str
    css: str
    reasons: tuple[str, ...]
    checks: tuple[Said, ...]


def outcomes_of(version: DesignVersion) -> dict[uuid.UUID, Outcome]:
    """Per change what was found; nothing for versions that were kept before there were checks."""
    if len(version.checks) != len(version.changes):
        return {}
    book, language = current_rulebook(), current_language()
    return {
        change.id: _outcome(Verdict(change.verdict), found, book, language)
        for change, found in zip(version.changes, version.checks, strict=True)
    }


def summary_of(version: DesignVersion) -> list[tuple[str, str, int]]:
    """How many changes have each verdict, most serious first: class, word, number."""
    if len(version.checks) != len(version.changes):
        return []
    counted = Counter(Verdict(change.verdict) for change in version.changes)
    return [
        (CLASSES[verdict], str(WORDS[verdict]), counted[verdict])
        for verdict in reversed(SERIOUSNESS)
        if counted[verdict]
    ]


def _outcome(verdict: Verdict, found: list[Mapping[str, Any]], book: RuleBook, language: str) -> Outcome:
    told = [described(finding, book, language) for finding in found]
    told.sort(key=lambda one: -SERIOUSNESS.index(Verdict(one["verdict"])))
    reasons = (one["message"] for one in told if one["verdict"] == verdict and verdict is not Verdict.FITS)
    return Outcome(
        str(WORDS[verdict]),
        CLASSES[verdict],
        tuple(dict.fromkeys(reasons)),
        tuple(_said(one) for one in told),
    )


def _said(one: Mapping[str, Any]) -> Said:
    verdict = Verdict(one["verdict"])
    return Said(
        one["title"],
        str(WORDS[verdict]),
        CLASSES[verdict],
        one["message"],
        one["source"],
        one["assumption"],
    )
