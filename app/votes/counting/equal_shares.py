"""The Method of Equal Shares for approval ballots and costs, with exclusions.

Peters and Skowron, "Proportionality and the Limits of Welfarism" (EC 2020); for costs Peters, Pierczyński and
Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021);
https://equalshares.net. What a project is worth to its supporter is its cost, as in the cities that use the
rule. Every voter gets an equal part of the budget. A project can win when its supporters can pay for it
together: all the same, and who has less pays all that is left. Winner is the project with the most *effective
votes*, its cost divided by the largest payment, which is the number of its votes as long as everybody can pay
in full. Then the next, until no project can be paid.

Added here: after each winner, projects that cannot be carried out beside it are struck.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np

from app.votes.counting.election import Election
from app.votes.counting.outcome import Lost, Outcome, Reason, Won
from app.votes.counting.purses import EPSILON, Glance, Offer, Purses, Support


class Completion(StrEnum):
    """What happens with the money that one run leaves."""

    NONE = "none"  # nothing
    # Count again with more in every purse, as long as the winners stay within the budget.
    ADD1 = "add1"
    # The same, ending as well as soon as no project with support fits beside the winners.
    ADD1_EXHAUSTIVE = "add1-exhaustive"


@dataclass
class _Run:
    """One run with one endowment. `struck` holds what each excluded project lost to.

    `trace` is what was found on the way: of each project looked at, who would pay all they have or that it
    cannot be paid; and each winner. As long as that stays the same, all payments are linear in the endowment,
    and so is every comparison between them. What holds for two endowments then holds for all between them:
    two runs with the same trace have the same winners as every run between them. What is not certain has a
    mark of its own, equal to nothing.
    """

    purses: Purses
    endowment: Fraction
    winners: list[Won] = field(default_factory=list)
    struck: dict[int, Lost] = field(default_factory=dict)
    cost: Fraction = Fraction(0)
    trace: list[tuple[int, object]] = field(default_factory=list)


def count(
    election: Election, completion: Completion = Completion.ADD1, increment: Fraction | int = 1
) -> Outcome:
    """Winners in the order in which they were chosen.

    The first endowment is the budget divided by the number of ballots; `increment` is what each purse gets
    more from one count to the next, in currency. A project that alone costs more than the budget takes no
    part. Ties are broken as `Election.precedence`. Raises ValueError for an increment that is not positive.
    """
    increment = Fraction(increment)
    if increment <= 0:
        raise ValueError("The increment must be more than 0.")
    places = range(len(election.projects))
    takes_part = [p for p in places if election.votes[p] and election.projects[p].cost <= election.budget]
    support = Support(election)
    endowment = election.budget / max(election.voters, 1)
    first = _run(support, takes_part, endowment)
    steps, best = _complete(first, support, takes_part, completion, increment)
    best = _run(support, takes_part, best.endowment, explain=True)
    rule: dict[str, str | int | Fraction] = {"name": "mes", "completion": str(completion)}
    if completion is not Completion.NONE:
        rule |= {"increment": increment, "increases": steps}
    rule |= {"first_endowment": endowment, "endowment": best.endowment}
    return Outcome(election, tuple(best.winners), _losers(best, takes_part), rule)


def _complete(
    run: _Run, support: Support, takes_part: list[int], completion: Completion, increment: Fraction
) -> tuple[int, _Run]:
    """How often every purse can be given one increment more, and the run with that. The answer is that of
    counting after every single increment; runs are left out only between two with the same trace.

    It looks a stride ahead. Where something changed on the way, it looks halfway first, and so on until what
    is next to the present run: so a change costs a few runs, however far it lies from the one before it.
    """
    election, start, steps = support.election, run.endowment, 0
    most = math.ceil((_enough(support, takes_part) - start) / increment)
    stride, halvings = 1, 0
    # Runs further on that are waiting for what comes before them, the nearest last.
    ahead: list[tuple[int, _Run]] = []
    while steps < most and not _finished(run, takes_part, completion):
        if not ahead:
            end, halvings = min(steps + stride, most), 0
            ahead.append((end, _run(support, takes_part, start + increment * end)))
        end, following = ahead[-1]
        if end > steps + 1 and following.trace != run.trace:
            middle, halvings = (steps + end) // 2, halvings + 1
            ahead.append((middle, _run(support, takes_part, start + increment * middle)))
            continue
        if following.cost > election.budget:
            break
        ahead.pop()
        steps, run = end, following
        if not ahead and halvings <= 2:
            stride *= 2
    return steps, run


def _enough(support: Support, takes_part: list[int]) -> Fraction:
    """An endowment with which every voter can pay a full share of everything; more than that changes
    nothing.

    Floats find the ballots that may ask the most, and fractions say how much that is.
    """
    election = support.election
    equal = {place: election.projects[place].cost / election.votes[place] for place in takes_part}
    about = np.zeros(len(support.times))
    for place, share in equal.items():
        about[support.groups[place]] += float(share)
    if not len(about):
        return Fraction(0)
    # Each share is rounded once and each of its sums once, so that two ballots are told apart by twice that.
    most = float(about.max())
    nearly = np.flatnonzero(about >= most * (1 - 2 * (len(equal) + 2) * EPSILON))
    ballots = list(election.ballots)
    return max(
        sum((equal.get(place, Fraction(0)) for place in ballots[group]), Fraction(0))
        for group in nearly.tolist()
    )


def _finished(run: _Run, takes_part: list[int], completion: Completion) -> bool:
    """Whether the money in the purses is raised no more."""
    election = run.purses.election
    open_still = set(takes_part) - {won.project for won in run.winners} - set(run.struck)
    if completion is Completion.NONE:
        return True
    if completion is Completion.ADD1_EXHAUSTIVE:
        return not any(run.cost + election.projects[p].cost <= election.budget for p in open_still)
    return len(run.winners) == len(takes_part)


def _run(support: Support, takes_part: list[int], endowment: Fraction, *, explain: bool = False) -> _Run:
    """One run. It ends early where the winners cost more than the budget, unless it is to be explained."""
    election = support.election
    run = _Run(Purses(support, endowment), endowment)
    # By the most effective votes that each may have: purses only get emptier, so that an old bound still
    # holds.
    waiting = [(-float(election.votes[p]), p) for p in takes_part]
    heapq.heapify(waiting)
    while (chosen := _best(run, waiting)) is not None:
        place, offer = chosen
        won = Won(place, election.votes[place], offer.support, offer.payment)
        # None of these can have won before: it would have struck this winner.
        for other in election.exclusions[place] - run.struck.keys():
            run.struck[other] = (_excluded if explain else _struck)(run.purses, other, won)
        run.purses.pay(place, offer)
        run.winners.append(won)
        run.trace.append((place, "wins"))
        run.cost += election.projects[place].cost
        if run.cost > election.budget:
            break
    return run


def _best(run: _Run, waiting: list[tuple[float, int]]) -> tuple[int, Offer] | None:
    """The project that wins now, taken out of `waiting`; what nobody can pay for any more goes out as
    well."""
    seen: list[tuple[int, Glance]] = []
    floor = 0.0
    while waiting and -waiting[0][0] >= floor:
        _bound, place = heapq.heappop(waiting)
        if place in run.struck:
            continue
        glance = run.purses.glance(place)
        if glance is None:
            run.trace.append((place, "cannot be paid"))
            continue
        run.trace.append((place, object() if glance.poor is None else glance.poor))
        seen.append((place, glance))
        floor = max(floor, glance.low)
    if not seen:
        return None
    election = run.purses.election
    offers = {place: run.purses.offer(place, glance) for place, glance in seen if glance.high >= floor}
    winner = min(offers, key=lambda place: (-offers[place].support, election.precedence(place)))
    for place, glance in seen:
        if place != winner:
            heapq.heappush(waiting, (-_bound_of(offers.get(place), glance), place))
    return winner, offers[winner]


def _bound_of(offer: Offer | None, glance: Glance) -> float:
    return glance.high if offer is None else math.nextafter(float(offer.support), math.inf)


def _struck(purses: Purses, place: int, by: Won) -> Lost:
    return Lost(place, purses.election.votes[place], Reason.EXCLUDED, by=by.project)


def _excluded(purses: Purses, place: int, by: Won) -> Lost:
    """Why a project that conflicts with a winner loses, just before that winner is paid: it may have been too
    dear for its supporters already."""
    votes, cost = purses.election.votes[place], purses.election.projects[place].cost
    if votes == 0:
        return Lost(place, votes, Reason.NO_SUPPORT)
    if cost > purses.election.budget:
        return Lost(place, votes, Reason.OVER_BUDGET, left=purses.election.budget)
    glance = purses.glance(place)
    if glance is None:
        return Lost(place, votes, Reason.TOO_DEAR, left=purses.total(place))
    own = purses.offer(place, glance).support
    return Lost(place, votes, Reason.EXCLUDED, by=by.project, support=own, by_support=by.support)


def _losers(run: _Run, takes_part: list[int]) -> tuple[Lost, ...]:
    election = run.purses.election
    won = {winner.project for winner in run.winners}
    found = []
    for place, votes in enumerate(election.votes):
        if place in won:
            continue
        if place in run.struck:
            found.append(run.struck[place])
        elif votes == 0:
            found.append(Lost(place, votes, Reason.NO_SUPPORT))
        elif place not in takes_part:
            found.append(Lost(place, votes, Reason.OVER_BUDGET, left=election.budget))
        else:
            found.append(Lost(place, votes, Reason.TOO_DEAR, left=run.purses.total(place)))
    return tuple(found)
