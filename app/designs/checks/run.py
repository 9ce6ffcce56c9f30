"""Judges a whole design: every change before every rule that is about it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.designs.checks.model import N_, Case, Finding, Verdict, worst
from app.designs.checks.registry import Registered, rules
from app.designs.checks.street import Proposal, Street
from geodata.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Judged:
    """One change with all that was found about it."""

    proposal: Proposal
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The most serious of its findings; `fits` where no rule has anything against it."""
        return worst(finding.verdict for finding in self.findings)


def judge(
    street: Street, proposals: Sequence[Proposal], book: RuleBook, within_s: float | None = None
) -> list[Judged]:
    """What the rules say of each of these changes, in order, on the street once all of them are made.

    A heap of hundreds of things on one spot can take long: what is not judged `within_s` is told as
    unchecked, so that nobody can keep a server busy with a drawing.
    """
    ends = None if within_s is None else time.monotonic() + within_s
    after = street.after(proposals)
    return [judge_one(proposal, after, street, book, ends=ends) for proposal in proposals]


def judge_one(
    proposal: Proposal,
    after: Street,
    before: Street,
    book: RuleBook,
    only: Iterable[str] | None = None,
    ends: float | None = None,
) -> Judged:
    """What the rules (all, or `only` these ids) say of one change. Keeping a thing asks for no check.

    `ends`: the moment of `time.monotonic()` after which no rule is begun any more.
    """
    chosen = None if only is None else frozenset(only)
    findings = [
        finding
        for registered in concerned(proposal, book)
        if chosen is None or registered.id in chosen
        for finding in findings_of(registered, proposal, after, before, book, ends)
    ]
    return Judged(proposal, tuple(findings))


def concerned(proposal: Proposal, book: RuleBook) -> list[Registered]:
    """The rules that are asked about a change, by id; none about what is kept."""
    if proposal.action == "keep":
        return []
    return [
        registered
        for registered in rules()
        if registered.id in book.rules and book.rules[registered.id].enabled and registered.about(proposal)
    ]


def findings_of(
    registered: Registered,
    proposal: Proposal,
    after: Street,
    before: Street,
    book: RuleBook,
    ends: float | None = None,
) -> Iterable[Finding]:
    """What one rule says of a change that it is about; `ends` as in `judge_one`."""
    case = Case(book.rules[registered.id], proposal, after, before, book)
    if ends is not None and time.monotonic() > ends:
        message = N_("Er ligt hier zoveel op elkaar dat we dit niet konden controleren.")
        return [Finding(case.rule, Verdict.UNCHECKED, message)]
    on = registered.on
    if on and before.knows(on) and not before.near(proposal.place, 0, on):
        return []
    missing = [data for data in case.rule.needs if data not in before.known]
    return [case.unchecked(*missing)] if missing else registered.judge(case)


def verdict_of(judged: Iterable[Judged]) -> Verdict:
    """The verdict on a whole design."""
    return worst(one.verdict for one in judged)
