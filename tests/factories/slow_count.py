"""The Method of Equal Shares by its definition: one purse a voter, only fractions, no shortcut.

What the program must answer as well, on small elections.
"""

from __future__ import annotations

from fractions import Fraction

from app.votes.counting.election import Election


def equal_shares(election: Election, completion: str) -> list[str]:
    """Winning ids in the order in which they are chosen."""
    return completed(election, completion)[0]


def largest_payments(election: Election) -> list[Fraction]:
    """What a supporter pays at most for each winner of one run."""
    voters = [ballot for ballot, times in election.ballots.items() for _time in range(times)]
    affordable = [p for p, project in enumerate(election.projects) if project.cost <= election.budget]
    payments: list[Fraction] = []
    one_run(election, voters, affordable, election.budget / len(voters), payments)
    return payments


def completed(election: Election, completion: str) -> tuple[list[str], int | None]:
    """The same, and how often the purses were given 1 more: None where that would go on without end."""
    voters = [ballot for ballot, times in election.ballots.items() for _time in range(times)]
    affordable = [p for p, project in enumerate(election.projects) if project.cost <= election.budget]
    purse = election.budget / len(voters)
    winners = one_run(election, voters, affordable, purse)
    everything = sum(project.cost for project in election.projects)
    increases, ended = 0, completion == "none"
    while not ended and purse <= everything:
        if completion == "add1-exhaustive" and not _fitting(election, affordable, winners):
            ended = True
            break
        more = one_run(election, voters, affordable, purse + 1)
        if _cost(election, more) > election.budget:
            ended = True
            break
        winners, purse, increases = more, purse + 1, increases + 1
    return [election.projects[winner].id for winner in winners], increases if ended else None


def one_run(
    election: Election,
    voters: list[tuple[int, ...]],
    candidates: list[int],
    purse: Fraction,
    payments: list[Fraction] | None = None,
) -> list[int]:
    """Winners, as places, of a run in which every voter starts with `purse`. The largest payment for each is
    added to `payments`."""
    purses = [purse] * len(voters)
    winners: list[int] = []
    while True:
        offers = []
        for p in candidates:
            supporters = [voter for voter, ballot in enumerate(voters) if p in ballot]
            struck = any(p in election.exclusions[winner] for winner in winners)
            if p in winners or struck or not supporters:
                continue
            cost = election.projects[p].cost
            if sum(purses[voter] for voter in supporters) < cost:
                continue
            payment = _payment(cost, sorted(purses[voter] for voter in supporters))
            # More effective votes is the larger cost for a payment; ties: lower cost, more votes, id.
            offers.append(
                (-cost / payment, cost, -len(supporters), election.projects[p].id, p, payment, supporters)
            )
        if not offers:
            return winners
        *_key, p, payment, supporters = min(offers)
        winners.append(p)
        if payments is not None:
            payments.append(payment)
        for voter in supporters:
            purses[voter] -= min(purses[voter], payment)


def _payment(cost: Fraction, purses: list[Fraction]) -> Fraction:
    """The largest payment when all pay the same and who has less pays all: from the poorest up."""
    for index, purse in enumerate(purses):
        payment = cost / (len(purses) - index)
        if payment <= purse:
            return payment
        cost -= purse
    raise AssertionError("they cannot pay")


def _cost(election: Election, winners: list[int]) -> Fraction:
    return sum((election.projects[winner].cost for winner in winners), Fraction(0))


def _fitting(election: Election, candidates: list[int], winners: list[int]) -> bool:
    """Whether a project with votes still fits beside these winners."""
    spent = _cost(election, winners)
    return any(
        p not in winners
        and election.votes[p]
        and not any(p in election.exclusions[winner] for winner in winners)
        and spent + election.projects[p].cost <= election.budget
        for p in candidates
    )
