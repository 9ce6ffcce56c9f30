"""A round as a Pabulib file, for other programs that count (https://pabulib.org/format)."""

from __future__ import annotations

from fractions import Fraction

from app.votes.counting import pabulib
from app.votes.counting.contest import Contest, Kind
from app.votes.counting.pabulib import PabulibFile, Vote, VoteType
from app.votes.counting.round_file import RoundFile

VOTE_TYPES = {
    Kind.APPROVAL: VoteType.APPROVAL,
    Kind.BUDGET: VoteType.APPROVAL,
    Kind.RANKING: VoteType.ORDINAL,
    Kind.POINTS: VoteType.CUMULATIVE,
}


def to_pabulib(file: RoundFile) -> str:
    """The text of the Pabulib file. Voters are numbered in the order in which ballots are published.

    A budget must be there in that format: where the round has none, it is what everything costs together.
    Conflicts are no part of the format; META names them in `exclusions`, as `--exclude` of `flask votes
    count` takes them. Raises `Mismatch` where the ballots are sealed.
    """
    contest = file.contest()
    winners = file.counted.get("winners")
    selected = frozenset(str(code) for code in winners) if isinstance(winners, list) else frozenset()
    election = contest.approvals
    meta = {
        "description": _line(str(file.freeze.get("title", ""))),
        "rule": {"mes": "equalshares"}.get(file.frozen.rule, file.frozen.rule),
        "freeze_sha256": file.freeze_hash,
        "result_sha256": file.result_hash,
    }
    if file.frozen.conflicts:
        meta["exclusions"] = " ".join(",".join(sorted(pair)) for pair in file.frozen.conflicts)
    projects = tuple(
        type(project)(project.id, project.cost, _line(project.name)) for project in contest.projects
    )
    return pabulib.write(
        PabulibFile(
            meta, VOTE_TYPES[contest.kind], election.budget, projects, tuple(_votes(contest)), selected
        )
    )


def _votes(contest: Contest) -> list[Vote]:
    names = [project.id for project in contest.projects]
    found: list[Vote] = []
    for ballot, times in contest.ballots:
        choices = tuple(names[place] for place in ballot.choices)
        points = tuple(Fraction(given) for given in ballot.points)
        found += [Vote(str(len(found) + number), choices, points) for number in range(1, times + 1)]
    return found


def _line(text: str) -> str:
    """A text in one line without control characters, as a cell must be."""
    return " ".join("".join(c if ord(c) >= 32 else " " for c in text).split())
