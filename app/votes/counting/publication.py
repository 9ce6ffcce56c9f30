"""What of a count is published, so that a result explains itself and gives nobody's ballot away.

Ballots are open when there are at least k of them and every combination of choices was cast at least twice.
Else they are sealed, and then exact amounts would undo it. What the only supporter of an option has left says
which winners that voter paid for; and where few people voted, somebody could try all ballots that go with the
public totals until every published number comes out. So with sealed ballots

- draws for the stability follow from the hashes of the receipts, which only the auditor has; with fewer than
  k ballots nothing is drawn;
- from 10 k ballots on, amounts are published of groups of at least k voters only;
- with fewer, there are totals and reasons and no amounts that hang on who chose what together.

The auditor's count is exact and must give the published part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.votes.counting import canonical, stability
from app.votes.counting.canonical import Json
from app.votes.counting.contest import Contest

# Below this, k would let two voters work out each other's ballots.
SMALLEST_K = 2
# With so many times k ballots nobody can try all that go with the totals.
MANY = 10


class Ballots(StrEnum):
    """Whether everybody can read the ballots."""

    OPEN = "open"
    SEALED = "sealed"


class Detail(StrEnum):
    """How much of the count is published."""

    ALL = "all"
    GROUPS = "groups"  # no amounts of fewer than k voters
    TOTALS = "totals"  # no amounts that hang on combinations of choices


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published. `reason` is why ballots are sealed: `few` (fewer than k) or `unique` (a combination
    of choices is the only one of its kind: who knows a part of it could read the rest)."""

    ballots: Ballots
    detail: Detail
    k: int
    reason: str | None = None

    def document(self) -> dict[str, Json]:
        """As it stands in a result."""
        return {
            "ballots": str(self.ballots),
            "detail": str(self.detail),
            "k": self.k,
            "reason": self.reason,
        }

    def tries(self, contest: Contest) -> int:
        """How many tries the stability has."""
        return 0 if self.reason == "few" or not contest.voters else stability.tries_for(contest)

    def seed(self, freeze_hash: str, receipts: list[str]) -> str:
        """What the draws follow from: the freeze hash, and where ballots are sealed the receipts' hashes."""
        if self.ballots is Ballots.OPEN:
            return freeze_hash
        return canonical.sha256([freeze_hash, *sorted(receipts)])


def decide(contest: Contest, k: int) -> Publication:
    """What is published of these ballots; k is at least 2."""
    k = max(k, SMALLEST_K)
    if contest.voters < k:
        return Publication(Ballots.SEALED, Detail.TOTALS, k, "few")
    if contest.least_equal >= SMALLEST_K:
        return Publication(Ballots.OPEN, Detail.ALL, k)
    detail = Detail.GROUPS if contest.voters >= MANY * k else Detail.TOTALS
    return Publication(Ballots.SEALED, detail, k, "unique")


def part(count: dict[str, Json], publication: Publication) -> dict[str, Json]:
    """What is published of a whole count."""
    if publication.detail is Detail.ALL:
        return count
    whole = publication.detail is Detail.GROUPS
    found = dict(count)
    found["options"] = [_option(option, publication) for option in _list(count["options"])]
    if not whole:
        hidden = ("endowment", "increases")
        found["rule"] = {name: value for name, value in _dict(count["rule"]).items() if name not in hidden}
        if "ranking" in count:
            found["ranking"] = {
                name: value for name, value in _dict(count["ranking"]).items() if name != "duels"
            }
    return found


def _option(value: Json, publication: Publication) -> dict[str, Json]:
    option = dict(_dict(value))
    votes = option["votes"]
    told = publication.detail is Detail.GROUPS and isinstance(votes, int) and votes >= publication.k
    payment = option.pop("payment", None)
    if payment is not None or option.get("reason") == "too_dear" or "by" in option:
        # What the rule compared, and what supporters have left, hang on what else they chose.
        for name in ("left", "support", "by_support"):
            if not told:
                option.pop(name, None)
    if payment is not None and told:
        option["payment"] = _payment(_dict(payment), publication.k)
    return option


def _payment(payment: dict[str, Json], k: int) -> dict[str, Json]:
    """Who paid what; the part of those who had less left only where they are none or many."""
    in_full, with_the_rest = payment["in_full"], payment["with_the_rest"]
    assert isinstance(in_full, int) and isinstance(with_the_rest, int)  # noqa: S101 - our own document
    if in_full >= k and (with_the_rest == 0 or with_the_rest >= k):
        return payment
    return {"share": payment["share"]}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
