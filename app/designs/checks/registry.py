"""The rules that can be applied, by id. A rule is a function from a case to what it has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.designs.checks.model import Case, Finding
from app.designs.checks.street import Proposal

Judge = Callable[[Case], Iterable[Finding]]
Concern = Callable[[Proposal], bool]


@dataclass(frozen=True, slots=True)
class Registered:
    """A rule's function, and which changes it is about: where `on` is told, only those on such ground."""

    id: str
    about: Concern
    judge: Judge
    on: str = ""


_rules: dict[str, Registered] = {}


def rule(identifier: str, *, about: Concern, on: str = "") -> Callable[[Judge], Judge]:
    """Register a function as the rule with this id (a row of `rules.csv`), asked about what `about` accepts.

    `on`: a kind of ground; of what lies wholly off it the rule has nothing to say, whatever is not known.
    Where the kinds of data that the row names as needed are not known, it is not asked: the answer is
    `unchecked`.
    """

    def register(judge: Judge) -> Judge:
        if identifier in _rules:
            raise ValueError(f"{identifier} is registered twice")
        _rules[identifier] = Registered(identifier, about, judge, on)
        return judge

    return register


def rules() -> list[Registered]:
    """All registered rules, by id."""
    from app.designs.checks import rules as _  # noqa: F401 - registers them on first use

    return [_rules[identifier] for identifier in sorted(_rules)]
