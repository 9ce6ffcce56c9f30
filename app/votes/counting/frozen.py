"""What counting reads of the document that a round was frozen with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.votes.counting.canonical import Json
from app.votes.counting.contest import Ballot, Choices, Contest, Kind
from app.votes.counting.election import InvalidElection, Project
from app.votes.counting.equal_shares import Completion
from app.votes.counting.rules import RULES

MAX_OPTIONS = 500
MAX_TEXT = 500
MAX_NUMBER = 10**9
# What decides between equals, as it stands in the freeze document. Codes are compared in natural order.
TIE_BREAKS = {
    "mes": "lower_cost,more_votes,code",
    "greedy": "lower_cost,more_votes,code",
    "approval": "lower_cost,more_votes,code",
    "schulze": "better_than_more,code",
    "points": "more_ballots,lower_cost,code",
}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")


class NotARound(ValueError):
    """The document describes no round that can be counted; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that could be chosen in a round; `cost` in euros."""

    code: str
    title: str
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Frozen:
    """The rule of a round and everything that it needs."""

    kind: Kind
    rule: str
    completion: Completion
    budget: Fraction | None
    places: int | None
    options: tuple[Option, ...]
    conflicts: tuple[tuple[str, str], ...]
    # The fewest and the most options on a ballot, and the most points.
    min_choices: int
    max_choices: int
    points: int

    def contest(self, ballots: Iterable[Choices]) -> Contest:
        """The round with these ballots. Raises `InvalidElection` for ballots that it does not allow."""
        found = Contest.of(
            self.kind,
            [Project(option.code, option.cost, option.title) for option in self.options],
            ballots,
            budget=self.budget,
            places=self.places,
            exclusions=self.conflicts,
        )
        for ballot, _times in found.ballots:
            self._check(ballot, found)
        return found

    def _check(self, ballot: Ballot, contest: Contest) -> None:
        if not self.min_choices <= len(ballot.choices) <= self.max_choices:
            allowed = f"{self.min_choices} to {self.max_choices}"
            raise InvalidElection([f"A ballot names {len(ballot.choices)} options, not {allowed}."])
        if sum(ballot.points) > self.points:
            raise InvalidElection([f"A ballot gives {sum(ballot.points)} points, more than {self.points}."])
        cost = sum((contest.projects[place].cost for place in ballot.choices), Fraction(0))
        if self.kind is Kind.BUDGET and contest.budget is not None and cost > contest.budget:
            raise InvalidElection(["A ballot costs more than the budget."])


def read(document: Json) -> Frozen:
    """The rule in a freeze document. What counting does not need is not looked at.

    Raises `NotARound`.
    """
    if not isinstance(document, dict):
        raise NotARound("The freeze document is no object.")
    parameters = document.get("parameters")
    if not isinstance(parameters, dict):
        raise NotARound("The freeze document has no parameters.")
    kind = _one_of(document.get("kind"), list(Kind), "kind of ballots")
    rule = _one_of(document.get("rule"), list(TIE_BREAKS), "rule")
    completion = _one_of(parameters.get("completion") or "add1", list(Completion), "completion")
    options = _options(document.get("options"))
    codes = {option.code for option in options}
    budget = parameters.get("budget_eur") or None
    if document.get("tie_break", TIE_BREAKS[rule]) != TIE_BREAKS[rule]:
        raise NotARound(f"The tie-break is not that of the rule {rule}.")
    found = Frozen(
        Kind(kind),
        rule,
        Completion(completion),
        None if budget is None else _amount(budget, "budget"),
        _number(parameters.get("winners") or None, "number of options that can win"),
        options,
        tuple(_conflicts(document.get("conflicts", []), codes)),
        _number(parameters.get("min_choices", 1), "least number of choices") or 0,
        _number(parameters.get("max_choices"), "largest number of choices") or len(options),
        _number(parameters.get("points"), "number of points") or 0,
    )
    if found.kind not in RULES[rule].kinds or (RULES[rule].needs_budget and found.budget is None):
        raise NotARound(f"The rule {rule} cannot count this kind of round ({kind}).")
    return found


def _options(listed: Json) -> tuple[Option, ...]:
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_OPTIONS:
        raise NotARound(f"A round has 1 to {MAX_OPTIONS} options.")
    found: dict[str, Option] = {}
    for item in listed:
        if not isinstance(item, dict):
            raise NotARound("An option is no object.")
        code, title = item.get("code"), item.get("title", "")
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code in found:
            raise NotARound(f"The code of an option is missing, wrong or there twice: {code!r:.60}.")
        if not isinstance(title, str) or len(title) > MAX_TEXT:
            raise NotARound(f"The title of option {code} is no text of at most {MAX_TEXT} characters.")
        found[code] = Option(code, title, _amount(item.get("cost_eur"), f"cost of option {code}"))
    return tuple(found.values())


def _conflicts(listed: Json, codes: set[str]) -> Iterable[tuple[str, str]]:
    if not isinstance(listed, list):
        raise NotARound("The conflicts are no list.")
    for item in listed:
        if isinstance(item, dict) and item.get("state", "confirmed") != "confirmed":
            continue
        pair = [item.get("a"), item.get("b")] if isinstance(item, dict) else item
        if not isinstance(pair, list) or len(pair) != 2:
            raise NotARound("A conflict is not between two options.")
        one, other = pair
        if (
            not isinstance(one, str)
            or not isinstance(other, str)
            or one == other
            or not {one, other} <= codes
        ):
            raise NotARound(f"A conflict names an option that is not there: {one!r:.60}, {other!r:.60}.")
        yield one, other


def _amount(value: Json, what: str) -> Fraction:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise NotARound(f"The {what} is {value!r:.40}, not an amount such as 1200 or 99.50.")
    return Fraction(text)


def _number(value: Json, what: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise NotARound(f"The {what} is {value!r:.40}.")
    return value


def _one_of(value: Json, known: Iterable[str], what: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise NotARound(f"The {what} is {value!r:.40}, which is not known.")
    return value
