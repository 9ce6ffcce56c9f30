"""What a count tells: the winners and who paid for them, the losers and why, all exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.votes.counting.election import Election

DIGITS = 6


class Reason(StrEnum):
    """Why a project did not win."""

    NO_SUPPORT = "no_support"  # nobody voted for it
    OVER_BUDGET = "over_budget"  # it alone costs more than the whole budget
    TOO_DEAR = "too_dear"  # its supporters have less left than it costs
    EXCLUDED = "excluded"  # it cannot be carried out beside a winner whose support was at least as high
    DOES_NOT_FIT = "does_not_fit"  # it costs more than what is left of the budget
    AFTER_THE_LAST = "after_the_last"  # it comes after the first project that did not fit
    PLACES_TAKEN = "places_taken"  # as many as can win had won before its turn


@dataclass(frozen=True, slots=True)
class Payment:
    """How the cost of a winner was shared under the Method of Equal Shares, in currency.

    `share` is what each of `in_full` supporters paid; the other `with_the_rest` supporters had no more than
    that left and paid `rest_total` together. `share * in_full + rest_total` is the cost.
    """

    share: Fraction
    in_full: int
    with_the_rest: int
    rest_total: Fraction


@dataclass(frozen=True, slots=True)
class Won:
    """A winner. `support` is what the rule compared: votes, points, effective votes (cost ÷ largest payment),
    or how many others it is better than."""

    project: int
    votes: int
    support: Fraction
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A loser. `left` is the money that the reason is about, in currency: what the supporters or the budget
    had left. With `EXCLUDED`, `by` is the winner, and `support` and `by_support` are what the rule
    compared."""

    project: int
    votes: int
    reason: Reason
    left: Fraction | None = None
    by: int | None = None
    support: Fraction | None = None
    by_support: Fraction | None = None


@dataclass(frozen=True)
class Outcome:
    """The result of one rule. `winners` stand in the order in which they were chosen; `rule` holds the rule's
    name and every parameter that it used."""

    election: Election
    winners: tuple[Won, ...]
    losers: tuple[Lost, ...]
    rule: dict[str, str | int | Fraction] = field(default_factory=dict)

    @property
    def winning_ids(self) -> list[str]:
        """Ids of the winners, in the order in which they were chosen."""
        return [self.election.projects[won.project].id for won in self.winners]

    @property
    def total_cost(self) -> Fraction:
        """What the winners cost together; never more than the budget."""
        return sum((self.election.projects[won.project].cost for won in self.winners), Fraction(0))

    def document(self) -> dict[str, object]:
        """The outcome as JSON values. Amounts that are not whole are rounded to six digits, for reading:
        whoever checks the count counts again."""
        projects = self.election.projects
        return {
            "rule": {name: figure(value) for name, value in self.rule.items()},
            "budget": figure(self.election.budget),
            "voters": self.election.voters,
            "winners": self.winning_ids,
            "total_cost": figure(self.total_cost),
            "explanation": {
                "winners": [self._won(won) for won in self.winners],
                "losers": [self._lost(lost) for lost in self.losers],
            },
            "exclusions": [
                [projects[one].id, projects[other].id]
                for one, others in enumerate(self.election.exclusions)
                for other in sorted(others)
                if one < other
            ],
        }

    def _won(self, won: Won) -> dict[str, object]:
        found: dict[str, object] = {
            "project": self.election.projects[won.project].id,
            "cost": figure(self.election.projects[won.project].cost),
            "votes": won.votes,
            "support": figure(won.support),
        }
        if won.payment is not None:
            found["payment"] = {
                "share": figure(won.payment.share),
                "in_full": won.payment.in_full,
                "with_the_rest": won.payment.with_the_rest,
                "rest_total": figure(won.payment.rest_total),
            }
        return found

    def _lost(self, lost: Lost) -> dict[str, object]:
        projects = self.election.projects
        found: dict[str, object] = {
            "project": projects[lost.project].id,
            "cost": figure(projects[lost.project].cost),
            "votes": lost.votes,
            "reason": str(lost.reason),
        }
        amounts = {"left": lost.left, "support": lost.support, "by_support": lost.by_support}
        found |= {name: figure(value) for name, value in amounts.items() if value is not None}
        if lost.by is not None:
            found["by"] = projects[lost.by].id
        return found | {"sentence": self.sentence(lost)}

    def sentence(self, lost: Lost) -> str:
        """Why a project lost, in English."""
        cost = figure(self.election.projects[lost.project].cost)
        match lost.reason:
            case Reason.NO_SUPPORT:
                return "Nobody voted for it."
            case Reason.OVER_BUDGET:
                return "It alone costs more than the whole budget."
            case Reason.TOO_DEAR:
                left = told(lost.left)
                return f"Too dear for the support left: it costs {cost}, its supporters have {left} left."
            case Reason.EXCLUDED:
                by = "" if lost.by is None else self.election.projects[lost.by].id
                return f"Excluded by {by}, whose support was at least as high."
            case Reason.DOES_NOT_FIT:
                return f"It costs {cost}, and {told(lost.left)} was left of the budget when its turn came."
            case Reason.AFTER_THE_LAST:
                return "It has less support than the first project that no longer fitted."
            case Reason.PLACES_TAKEN:
                return "As many as can win had won before its turn."


def figure(value: str | int | Fraction) -> str | int | float:
    """A JSON value: whole amounts as they are, others rounded half to even."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(round(value, DIGITS))
    return value


def told(value: Fraction | None) -> str:
    """An amount in words, cut down to cents, so that an amount just too small never reads as enough."""
    if value is None:
        return "nothing"
    cents = value.numerator * 100 // value.denominator
    return str(Decimal(cents) / 100) if cents % 100 else str(cents // 100)
