"""How much a result hangs on who happened to vote: count again with ballots drawn from the ballots.

The bootstrap (Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7, 1979): a try
draws as many ballots as there are, each time any of them, so that some come twice and some not at all, and
counts them. In how many tries an option wins says how firmly it won.

Nothing in it is left to chance. The draws follow from a published text, so that everybody gets the same
numbers in any language: put the ballots in the order of their canonical JSON and number them from 0; in try
number t (from 1) take SHAKE-256 of "SEED:t" as long as needed, read it as unsigned whole numbers of eight
bytes, the lowest byte first, and draw the ballot whose number is the remainder after division by the number
of ballots. (A remainder favours no ballot by more than one in 10^13.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from app.votes.counting.contest import Contest
from app.votes.counting.outcome import Outcome

TRIES = 100
FEWER_TRIES = 20
# With more ballots times options than this one count takes seconds, and chance weighs less.
LARGE = 1_000_000


def tries_for(contest: Contest) -> int:
    """How many tries a round gets: 100, or 20 for a very large one."""
    return TRIES if contest.voters * len(contest.projects) <= LARGE else FEWER_TRIES


def drawn(contest: Contest, seed: str, number: int) -> Contest:
    """The contest with the ballots of one try. Without ballots it stays as it is."""
    if not contest.voters:
        return contest
    stream = hashlib.shake_256(f"{seed}:{number}".encode()).digest(8 * contest.voters)
    ballots = np.frombuffer(stream, dtype="<u8") % np.uint64(contest.voters)
    ends = np.cumsum([times for _ballot, times in contest.ballots])
    groups = np.searchsorted(ends, ballots.astype(np.int64), side="right")
    return contest.with_times(np.bincount(groups, minlength=len(ends)).tolist())


def wins(contest: Contest, count: Callable[[Contest], Outcome], seed: str, tries: int) -> dict[str, int]:
    """In how many of the tries each option wins, by id; all options are named."""
    found = {project.id: 0 for project in contest.projects}
    if contest.voters:
        for number in range(1, tries + 1):
            for winner in count(drawn(contest, seed, number)).winning_ids:
                found[winner] += 1
    return found
