"""Who is missing: how far the share of a place that voted lies from the share of all, with an interval.

The interval is that of Wilson ("Probable Inference, the Law of Succession, and Statistical Inference",
Journal of the American Statistical Association 22, 1927) at 95 %, recommended for small groups by Brown, Cai
and DasGupta ("Interval Estimation for a Binomial Proportion", Statistical Science 16, 2001). It says how much
of a gap chance explains. A gap is shown and is never a weight: every ballot counts once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# 95 %: the 97.5th percentile of the normal distribution.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Gap:
    """The share of a place that voted and that of all, from 0 to 1, and between which bounds the difference
    in percentage points lies."""

    share: float
    overall: float
    low_points: int
    high_points: int

    @property
    def is_clear(self) -> bool:
        """Whether chance is not enough to explain it."""
        return self.low_points > 0 or self.high_points < 0

    @property
    def is_missing(self) -> bool:
        """Whether people of this place clearly voted less than others."""
        return self.high_points < 0


def wilson(voted: int, could_vote: int) -> tuple[float, float]:
    """Between which shares (0 to 1) the true share lies with 95 % confidence. Raises ValueError for numbers
    that cannot be."""
    if not 0 <= voted <= could_vote or could_vote == 0:
        raise ValueError(f"{voted} of {could_vote} cannot have voted.")
    share, z2 = voted / could_vote, Z * Z
    middle = (share + z2 / (2 * could_vote)) / (1 + z2 / could_vote)
    spread = (
        Z * math.sqrt(share * (1 - share) / could_vote + z2 / (4 * could_vote**2)) / (1 + z2 / could_vote)
    )
    return max(0.0, middle - spread), min(1.0, middle + spread)


def gap(voted: int, could_vote: int, all_voted: int, all_could_vote: int) -> Gap:
    """The gap of one place. Bounds are whole percentage points, rounded away from the gap, so that they never
    say more than is known. Raises ValueError for numbers that cannot be."""
    low, high = wilson(voted, could_vote)
    wilson(all_voted, all_could_vote)
    overall = all_voted / all_could_vote
    return Gap(
        voted / could_vote, overall, math.floor(100 * (low - overall)), math.ceil(100 * (high - overall))
    )
