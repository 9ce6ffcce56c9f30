"""How long a count takes: 200 projects and 100,000 ballots by the Method of Equal Shares, exact, in this
process.

The ballots are made: some projects are far more popular than others and nearly every ballot differs, as in
real elections; three pairs of projects exclude each other. Timed is all that comes after reading the file:
grouping equal ballots, counting again with more in every purse until the budget is used up, explaining.
`read_s` is the file.

How often is counted again depends on the budget for each voter. So growth is that of a single run
(completion `none`) with as much for each voter.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

from app.votes.counting import equal_shares, pabulib
from app.votes.counting.election import Project
from app.votes.counting.equal_shares import Completion
from app.votes.counting.pabulib import PabulibFile, Vote, VoteType
from bench.rows import Row

PROJECTS = 200
BALLOTS, FEWER = 100_000, 10_000
GOAL_S = 15.0
ROUNDS, GROWTH_ROUNDS = 3, 7
BUDGET_PER_VOTER = 20
MOST_CHOICES = 12
EXCLUSIONS = (("p1", "p2"), ("p3", "p5"), ("p10", "p40"))


def rows() -> list[Row]:
    """The time of a whole count, and how a single run grows with ten times as many ballots."""
    many, few = election_file(BALLOTS), election_file(FEWER)
    text = pabulib.write(many).encode()
    read_s = _timed(lambda: pabulib.read(text))
    whole = [_timed(lambda: equal_shares.count(many.election(EXCLUSIONS))) for _round in range(ROUNDS)]
    outcome = equal_shares.count(many.election(EXCLUSIONS))
    ours, theirs = [], []
    for _round in range(GROWTH_ROUNDS):
        theirs.append(_worked(lambda: equal_shares.count(few.election(EXCLUSIONS), Completion.NONE)))
        ours.append(_worked(lambda: equal_shares.count(many.election(EXCLUSIONS), Completion.NONE)))
    allowed = BALLOTS * math.log(BALLOTS) / (FEWER * math.log(FEWER))
    growth = statistics.median(ours) / statistics.median(theirs)
    return [
        Row(
            "count of 200 projects, 100k ballots",
            statistics.median(whole) / GOAL_S,
            1.0,
            True,
            f"{GOAL_S:g} s",
            ROUNDS,
            whole,
            [GOAL_S] * ROUNDS,
            notes={
                "seconds": round(statistics.median(whole), 2),
                "read_s": round(read_s, 2),
                "different_ballots": len(many.election().ballots),
                "increases": outcome.rule["increases"],
                "winners": len(outcome.winners),
            },
        ),
        Row(
            "one run, 100k against 10k ballots",
            growth / allowed,
            1.0,
            True,
            "n log n",
            GROWTH_ROUNDS,
            ours,
            theirs,
            notes={"times_as_long": round(growth, 2), "allowed": round(allowed, 1)},
        ),
    ]


def election_file(ballots: int) -> PabulibFile:
    """An election with so many ballots of one to twelve choices; the same every time."""
    chance = random.Random(ballots)
    names = [f"p{number}" for number in range(1, PROJECTS + 1)]
    popularity = [1 / (rank + 3) for rank in range(PROJECTS)]
    # The dearest cost a tenth of the budget.
    budget = ballots * BUDGET_PER_VOTER
    projects = tuple(Project(name, Fraction(chance.randint(budget // 400, budget // 10))) for name in names)
    votes = tuple(
        Vote(
            str(voter),
            tuple(dict.fromkeys(chance.choices(names, popularity, k=chance.randint(1, MOST_CHOICES)))),
        )
        for voter in range(ballots)
    )
    return PabulibFile({}, VoteType.APPROVAL, Fraction(budget), projects, votes)


def _timed(run: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _worked(run: Callable[[], object]) -> float:
    """Seconds of processor time: growth is about work, and ten times as long waits ten times as often for
    others."""
    started = time.process_time()
    run()
    return time.process_time() - started
