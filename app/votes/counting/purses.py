"""What every voter has left in a run of the Method of Equal Shares: floats look, fractions decide.

A voter who never had to pay all that was left has the endowment minus the shares of the winners that the
voter supports; any other voter has exactly nothing. So the shares of the winners, one fraction each, hold
every purse exactly, and sums over purses need only counts of voters. Beside that stands one float for each
group of equal ballots, with a bound on its rounding error. Where a float is farther from a decision than its
bound, it decides; where it is nearer, the fractions do. The answer is the exact one, always; only the time
depends on the floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.votes.counting.election import Election, Places
from app.votes.counting.outcome import Payment

# Twice the largest relative error of one rounding: every bound below is generous.
EPSILON = 2.0**-52


class Support:
    """Who supports what: per project the groups of equal ballots that name it. Made once for an election."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.times = election.times
        self.groups = election.named
        self.weights = [self.times[groups].astype(np.float64) for groups in self.groups]


@dataclass(frozen=True, slots=True)
class Glance:
    """Between which bounds the effective votes of an affordable project lie. `share` is the largest payment
    as a float, at most `error` off. `poor` marks the supporters who would pay all they have, a bit a group;
    None where the floats do not tell."""

    low: float
    high: float
    share: float
    error: float
    poor: bytes | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a project would cost its supporters now, exactly. `support` is its effective votes, `poor` are the
    groups that would pay all they have left."""

    support: Fraction
    payment: Payment
    poor: Places


class Purses:
    """The purses in one run, each filled with `endowment` (in currency)."""

    def __init__(self, support: Support, endowment: Fraction) -> None:
        self.support = support
        self.election = support.election
        self.left = np.full(len(support.times), float(endowment))
        self.empty = np.zeros(len(support.times), dtype=np.bool_)
        # Groups that paid the full share of each winner so far, and that share as a whole number of
        # 1/denominator.
        self.paying: list[NDArray[np.bool_]] = []
        self.denominator = endowment.denominator
        self.shares: list[int] = []
        self.endowment = endowment.numerator
        self.error = EPSILON * float(endowment)
        self._step = self.error

    def glance(self, place: int) -> Glance | None:
        """Where the effective votes of a project lie, or None when its supporters cannot pay for it."""
        cost, votes = self.election.projects[place].cost, self.election.votes[place]
        if cost == 0:
            return Glance(votes, votes, 0.0, 0.0, b"")
        money, weights = self.left[self.support.groups[place]], self.support.weights[place]
        price = float(cost)
        total = float((money * weights).sum())
        # Every purse may be off by the bound, and every sum by a rounding per term.
        error = 4 * (votes * self.error + (len(money) + 8) * EPSILON * (total + price))
        if total < price - error:
            return None
        if total <= price + error and self.total(place) < cost:
            return None
        share = _water_level(money, weights, price)
        # The sum of what is paid rises by at least one for each euro that the share rises, so that the share
        # is off by no more than the sum.
        high = price / (share - error) * (1 + EPSILON) if share > error else math.inf
        distance, window = money - share, error + self.error
        unsure = bool((np.abs(distance) <= window).any())
        poor = None if unsure else np.packbits(distance < 0).tobytes()
        return Glance(price / (share + error) * (1 - EPSILON), high, share, error, poor)

    def offer(self, place: int, glance: Glance) -> Offer:
        """The exact largest payment for an affordable project, from a glance at it in the same state."""
        cost, votes = self.election.projects[place].cost, self.election.votes[place]
        if cost == 0:
            # The limit for a cost near nothing: everybody who votes for it pays in full.
            free = Payment(Fraction(0), votes, 0, Fraction(0))
            return Offer(Fraction(votes), free, np.empty(0, dtype=np.intp))
        groups = self.support.groups[place]
        distance, window = self.left[groups] - glance.share, glance.error + self.error
        poor, unsure = groups[distance < -window], groups[np.abs(distance) <= window]
        rest = cost - self.sum_of(poor)
        payers = votes - int(self.support.times[poor].sum())
        poor_too: list[int] = []
        for value, several in self._exact(unsure):
            if value * payers >= rest:
                break
            voters = int(self.support.times[several].sum())
            rest, payers = rest - value * voters, payers - voters
            poor_too += several
        share = rest / payers
        payment = Payment(share, payers, votes - payers, cost - rest)
        return Offer(cost / share, payment, np.concatenate([poor, np.array(poor_too, dtype=np.intp)]))

    def pay(self, place: int, offer: Offer) -> None:
        """Take the payments for a winner out of the purses of its supporters."""
        share, groups = offer.payment.share, self.support.groups[place]
        common = math.lcm(self.denominator, share.denominator)
        factor = common // self.denominator
        self.shares = [paid * factor for paid in self.shares]
        self.endowment, self.denominator = self.endowment * factor, common
        self.shares.append(share.numerator * (common // share.denominator))
        self.empty[offer.poor] = True
        paying = np.zeros(len(self.left), dtype=np.bool_)
        paying[groups] = True
        paying &= ~self.empty
        self.paying.append(paying)
        self.left[paying] = np.maximum(self.left[paying] - float(share), 0)
        self.left[offer.poor] = 0
        # The share is rounded once and the difference once, both at most as large as the endowment.
        self.error += 2 * self._step

    def total(self, place: int) -> Fraction:
        """What the supporters of a project have left together, exactly."""
        return self.sum_of(self.support.groups[place])

    def sum_of(self, groups: Places) -> Fraction:
        """What the voters of these groups have left together, exactly."""
        groups = groups[~self.empty[groups]]
        times = self.support.times[groups]
        whole = int(times.sum()) * self.endowment
        for paying, share in zip(self.paying, self.shares, strict=True):
            whole -= int(times[paying[groups]].sum()) * share
        return Fraction(whole, self.denominator)

    def _exact(self, groups: Places) -> list[tuple[Fraction, list[int]]]:
        """What a voter of each of these groups has left, exactly, ascending; groups with as much together."""
        found: dict[Fraction, list[int]] = {}
        history: dict[bytes, Fraction] = {}
        if self.paying:
            rows = np.packbits(np.stack([paying[groups] for paying in self.paying], axis=1), axis=1)
        else:
            rows = np.zeros((len(groups), 1), dtype=np.uint8)
        for group, row in zip(groups.tolist(), rows, strict=True):
            if self.empty[group]:
                value = Fraction(0)
            else:
                key = row.tobytes()
                if key not in history:
                    history[key] = self.sum_of(np.array([group])) / int(self.support.times[group])
                value = history[key]
            found.setdefault(value, []).append(group)
        return sorted(found.items())


def _water_level(money: NDArray[np.float64], weights: NDArray[np.float64], price: float) -> float:
    """The level up to which all pay, who has less paying all: the sum of min(money, level) is the price."""
    payers = float(weights.sum())
    level = price / payers
    while True:
        poor = money < level
        if not poor.any():
            return level
        kept = ~poor
        rest, fewer = price - float((money[poor] * weights[poor]).sum()), payers - float(weights[poor].sum())
        if fewer < 1 or rest <= 0:
            # Only rounding gets here, where all together have just the price: the richest pay all they have.
            return float(money.max())
        money, weights, price, payers = money[kept], weights[kept], rest, fewer
        level = rest / payers
