"""The counted part of a result as one canonical document: the same ballots give the same bytes.

Amounts are strings in euros with at most six decimals, rounded half to even, for reading; what decided was
exact.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.votes.counting import points, ranked, rules, stability
from app.votes.counting.canonical import Json
from app.votes.counting.contest import Contest, Kind
from app.votes.counting.frozen import Frozen
from app.votes.counting.outcome import DIGITS, Lost, Outcome, Won
from app.votes.counting.publication import Publication, part


def published(
    frozen: Frozen, contest: Contest, publication: Publication, freeze_hash: str, receipts: list[str]
) -> dict[str, Json]:
    """The part of the count that is published. `receipts` are the hashes of the receipts."""
    whole = document(frozen, contest, publication.seed(freeze_hash, receipts), publication.tries(contest))
    return part(whole, publication)


def document(frozen: Frozen, contest: Contest, seed: str, tries: int) -> dict[str, Json]:
    """The whole count: winners, losers with reasons, who paid what, other rules, and stability in so many
    tries, drawn from `seed`.

    `options` stand in the natural order of their codes; `duels[a][b]` of a ranking is how many ballots place
    option a before option b, in the same order.
    """
    outcome = rules.count(contest, frozen.rule, frozen.completion)
    wins = stability.wins(
        contest, lambda drawn: rules.count(drawn, frozen.rule, frozen.completion), seed, tries
    )
    found: dict[str, Json] = {
        "rule": {name: plain(value) for name, value in outcome.rule.items()},
        "kind": str(frozen.kind),
        "budget": None if contest.budget is None else plain(contest.budget),
        "ballots": contest.voters,
        "empty_ballots": contest.empty,
        "winners": _listed(outcome.winning_ids),
        "total_cost": plain(outcome.total_cost),
        "options": options(outcome),
        "conflicts": [_listed(sorted(pair)) for pair in frozen.conflicts],
        "comparison": [
            {
                "rule": str(other.rule["name"]),
                "winners": _listed(other.winning_ids),
                "total_cost": plain(other.total_cost),
            }
            for other in rules.compare(contest, frozen.completion)
        ],
        "stability": {"tries": tries, "wins": {**wins}},
    }
    if contest.kind is Kind.RANKING:
        order = ranked.ranking(contest)
        found["ranking"] = {
            "order": _listed(order.order),
            "duels": [[int(n) for n in row] for row in order.duels],
            "candidates": _listed(order.candidates),
        }
    if contest.kind is Kind.POINTS:
        sums = points.totals(contest)
        found["points"] = {project.id: n for project, n in zip(contest.projects, sums, strict=True)}
    return found


def options(outcome: Outcome) -> list[Json]:
    """Each option with what became of it, in the natural order of the codes."""
    told: dict[int, dict[str, Json]] = {won.project: _won(won) for won in outcome.winners}
    told |= {lost.project: _lost(outcome, lost) for lost in outcome.losers}
    projects = outcome.election.projects
    return [
        {"code": project.id, "cost": plain(project.cost), **told[place]}
        for place, project in enumerate(projects)
    ]


def _won(won: Won) -> dict[str, Json]:
    found: dict[str, Json] = {"won": True, "votes": won.votes, "support": plain(won.support)}
    if won.payment is not None:
        found["payment"] = {
            "share": plain(won.payment.share),
            "in_full": won.payment.in_full,
            "with_the_rest": won.payment.with_the_rest,
            "rest_total": plain(won.payment.rest_total),
        }
    return found


def _lost(outcome: Outcome, lost: Lost) -> dict[str, Json]:
    found: dict[str, Json] = {"won": False, "votes": lost.votes, "reason": str(lost.reason)}
    for name, value in (("left", lost.left), ("support", lost.support), ("by_support", lost.by_support)):
        if value is not None:
            found[name] = plain(value)
    if lost.by is not None:
        found["by"] = outcome.election.projects[lost.by].id
    return found


def plain(value: str | int | Fraction) -> Json:
    """A JSON value: whole numbers and texts as they are, other amounts as a decimal in a string."""
    if not isinstance(value, Fraction):
        return value
    scaled = round(value * 10**DIGITS)
    text = f"{Decimal(scaled).scaleb(-DIGITS):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _listed(names: list[str] | tuple[str, ...]) -> list[Json]:
    return list(names)
