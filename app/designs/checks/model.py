"""What a rule says of one change, and the case it judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geodata.rulebook import Rule, RuleBook, Threshold

if TYPE_CHECKING:
    from app.designs.checks.street import Proposal, Street, Thing

# Widths are told in whole centimetres, so what reads as enough is enough.
TOLERANCE = 0.005


def N_(message: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Marks a sentence for translation; it is translated where it is shown, with its numbers filled in."""
    return message


class Verdict(StrEnum):
    """The answer to one rule, one change or a whole design."""

    FITS = "fits"
    CONDITIONAL = "conditional"
    CONFLICT = "conflict"
    UNCHECKED = "unchecked"


# The most serious one stands for the whole. What could not be checked is never hidden behind what fits.
SERIOUSNESS = (Verdict.FITS, Verdict.UNCHECKED, Verdict.CONDITIONAL, Verdict.CONFLICT)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The most serious of these; `fits` of none."""
    return max(verdicts, key=SERIOUSNESS.index, default=Verdict.FITS)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer about one change.

    `value` is what was measured and `limit` the number it was held against. `message` is a Dutch sentence (a
    message id) with places for `params`; numbers among them are metres. `place` shows where it pinches, in
    the metric CRS. `missing` names the kinds of data without which nothing could be said. `estimated`:
    measured on ground whose width is an estimate, so a refusal became a condition. `existing`: the street
    falls short of this already, whatever the design does.
    """

    rule: Rule
    verdict: Verdict
    message: str = ""
    value: float | None = None
    limit: Threshold | None = None
    params: Mapping[str, float | str] = field(default_factory=dict)
    place: BaseGeometry | None = None
    missing: tuple[str, ...] = ()
    estimated: bool = False
    existing: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One change before one rule: the street after the whole design, and before it.

    `book` is where the rule stands, for the few whose meaning depends on another rule's numbers.
    """

    rule: Rule
    proposal: Proposal
    after: Street
    before: Street
    book: RuleBook

    @property
    def thing(self) -> Thing:
        """What is put down. Raises `ValueError` where the change only takes away."""
        if self.proposal.thing is None:
            raise ValueError(f"{self.rule.id} is about a change that puts nothing down")
        return self.proposal.thing

    def limit(self, key: str) -> float:
        """One of the rule's numbers."""
        return self.rule.thresholds[key].value

    def limit_of(self, rule: str, key: str) -> float:
        """One of another rule's numbers."""
        return self.book.threshold(rule, key).value

    def at_least(self, key: str, value: float, message: str, **more: Any) -> Finding:
        """`fits` when `value` reaches the number `key`, else the rule's refusal (see `against`)."""
        return self.against(key, value, value >= self.limit(key) - TOLERANCE, message, **more)

    def at_most(self, key: str, value: float, message: str, **more: Any) -> Finding:
        """`fits` when `value` stays within the number `key`, else the rule's refusal (see `against`)."""
        return self.against(key, value, value <= self.limit(key) + TOLERANCE, message, **more)

    def against(
        self,
        key: str,
        value: float | None,
        enough: bool,
        message: str,
        *,
        place: BaseGeometry | None = None,
        uncertain: bool = False,
        advice: bool | None = None,
        existing: bool = False,
        **params: float | str,
    ) -> Finding:
        """A finding about the number `key`.

        `uncertain`: the ground it was measured on is an estimate; then a refusal becomes a condition,
        "measure on site". `advice` overrides the rule's own severity. `params` fill the message, besides `w`
        (value) and `t` (the number).
        """
        uncertain = uncertain or self._is_estimate
        refusal = Verdict.CONDITIONAL if (self.is_advice if advice is None else advice) else Verdict.CONFLICT
        if uncertain or existing:
            refusal = Verdict.CONDITIONAL
        return Finding(
            self.rule,
            Verdict.FITS if enough else refusal,
            "" if enough else message,
            value,
            self.rule.thresholds[key],
            params,
            None if enough else place,
            estimated=uncertain,
            existing=existing and not enough,
        )

    def says(
        self,
        message: str,
        *,
        place: BaseGeometry | None = None,
        uncertain: bool = False,
        advice: bool | None = None,
        **params: float | str,
    ) -> Finding:
        """A refusal (or condition) without a number: overlap, wrong ground."""
        uncertain = uncertain or self._is_estimate
        soft = uncertain or (self.is_advice if advice is None else advice)
        verdict = Verdict.CONDITIONAL if soft else Verdict.CONFLICT
        return Finding(self.rule, verdict, message, params=params, place=place, estimated=uncertain)

    def asks(self, key: str, message: str) -> Finding:
        """`fits`, with a demand on how it is made: the number `key`, which no drawing tells."""
        return Finding(self.rule, Verdict.FITS, message, limit=self.rule.thresholds[key])

    def fits(self) -> Finding:
        """Nothing against it."""
        return Finding(self.rule, Verdict.FITS)

    def unchecked(self, *data: str) -> Finding:
        """Nothing can be said without these kinds of data."""
        return Finding(self.rule, Verdict.UNCHECKED, missing=data)

    @property
    def _is_estimate(self) -> bool:
        """Whether the place of what is judged is itself an estimate: an existing bay of a survey."""
        thing = self.proposal.thing
        return thing is not None and thing.certainty == "estimated"

    @property
    def is_advice(self) -> bool:
        """Whether falling short makes conditions instead of refusing."""
        return self.rule.severity == "advice"
