"""What would fit: for a placement that does not, the nearest place, turn or smaller kind that does.

Candidates are tried from near to far against the rules that failed first, then against all of them. What
takes longer than the time there is, is not offered.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shapely import affinity
from shapely.geometry.base import BaseGeometry

from app.designs.checks.model import SERIOUSNESS, Verdict, worst
from app.designs.checks.run import Judged, concerned, findings_of, judge_one
from app.designs.checks.street import Proposal, Street, Thing, drawn_thing, moved_thing, settled
from geodata.catalogue import Catalogue
from geodata.rulebook import RuleBook

BUDGET_S = 0.3
# Steps that somebody would make: first a hand's breadth, at last across the street.
STEPS_M = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
DIRECTIONS = 8
# Rules that measure ways through the street: asked last, since a distance tells in a hundredth of the time
# that it is wrong.
MEASURE_WAYS = frozenset(("R01", "R02", "R03", "R05", "R06", "R08", "R13", "R21", "R32"))
TURNS_DEG = (15, -15, 30, -30, 45, -45, 60, -60, 75, -75, 90)
SMALLER = {"tree_large": ("tree_medium", "tree_small"), "tree_medium": ("tree_small",)}
# Nobody wants their bench in another street.
LARGEST_MOVED_M2 = 60.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A better variant of a change (`shift`, `turn`, `smaller`, `smaller_and_shift`), in metres."""

    action: str
    geometry: BaseGeometry
    kind: str | None
    rotation_deg: float | None
    distance_m: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Candidate:
    action: str
    proposal: Proposal
    distance_m: float


def what_would_fit(
    judged: Judged,
    proposals: Sequence[Proposal],
    before: Street,
    book: RuleBook,
    catalogue: Catalogue,
    *,
    deadline: float | None = None,
    allows: Callable[[Thing], bool] | None = None,
) -> Suggestion | None:
    """The nearest variant of a change against which no rule has anything; else the nearest that is better.

    Better: some rules are no longer against it, no other one is, and nothing is refused outright any more.
    None when nothing was found in time. `deadline` is a moment of `time.monotonic()`. The others among
    `proposals` stay as they are. `allows`: whether a variant may be put down at all (kinds, zones).
    """
    wrong = judged.proposal
    if not _can_give_way(judged):
        return None
    ends = deadline if deadline is not None else time.monotonic() + BUDGET_S
    others = [proposal for proposal in proposals if proposal.index != wrong.index]
    refused = _refusals(judged)
    after_others = before.after(others)
    better: Suggestion | None = None
    for candidate in _candidates(wrong, catalogue, before):
        if time.monotonic() > ends:
            break
        put = candidate.proposal.thing
        if put is None or (allows is not None and not allows(put)):
            continue
        after = after_others.with_one_more(candidate.proposal)
        gained = _gained(candidate.proposal, after, before, book, refused, partly=better is None)
        if gained is None or _troubles(candidate.proposal, others, after, after_others, before, book):
            continue
        verdict, is_whole = gained
        found = _suggestion(candidate, verdict, wrong)
        if is_whole:
            return found
        better = better or found
    return better


def _gained(
    proposal: Proposal,
    after: Street,
    before: Street,
    book: RuleBook,
    refused: Mapping[str, Verdict],
    *,
    partly: bool,
) -> tuple[Verdict, bool] | None:
    """The verdict on a variant, and whether no rule is against it any more; None where it is no gain.

    A gain: fewer of the `refused` rules are against it, none more seriously than before, and no other one;
    nothing refuses outright. Unless `partly` is enough, no rule at all may be against it. One that is wrong
    is given up at the first rule that says so, the quick ones being asked first.
    """
    left: list[str] = []
    verdicts = []
    asked = concerned(proposal, book)
    for registered in sorted(asked, key=lambda one: (one.id in MEASURE_WAYS, one.id not in refused, one.id)):
        verdict = worst(finding.verdict for finding in findings_of(registered, proposal, after, before, book))
        verdicts.append(verdict)
        if _is_refusal(verdict):
            left.append(registered.id)
            known = refused.get(registered.id, Verdict.FITS)
            if not partly or verdict is Verdict.CONFLICT or verdict is not known or len(left) == len(refused):
                return None
    return worst(verdicts), not left


def _suggestion(candidate: _Candidate, verdict: Verdict, wrong: Proposal) -> Suggestion | None:
    thing = candidate.proposal.thing
    if thing is None:
        return None
    kind = thing.element.id if thing.element is not None and wrong.element else None
    return Suggestion(
        candidate.action, thing.geometry, kind, thing.rotation_deg, candidate.distance_m, verdict
    )


def _refusals(judged: Judged) -> dict[str, Verdict]:
    """The rules that something is against, each with its most serious verdict."""
    found: dict[str, Verdict] = {}
    for finding in judged.findings:
        if _is_refusal(finding.verdict):
            known = found.get(finding.rule.id, Verdict.FITS)
            found[finding.rule.id] = max(known, finding.verdict, key=SERIOUSNESS.index)
    return found


def _is_refusal(verdict: Verdict) -> bool:
    return verdict in (Verdict.CONFLICT, Verdict.CONDITIONAL)


def _can_give_way(judged: Judged) -> bool:
    thing = judged.proposal.thing
    return (
        _is_refusal(judged.verdict)
        and thing is not None
        and judged.proposal.action in ("add", "move")
        and thing.footprint.area <= LARGEST_MOVED_M2
    )


def _troubles(
    proposal: Proposal,
    others: Sequence[Proposal],
    after: Street,
    after_others: Street,
    before: Street,
    book: RuleBook,
) -> bool:
    """Whether a neighbour in the same design would be worse off."""
    thing = proposal.thing
    near = [
        one for one in others if one.places and thing is not None and one.place.distance(thing.footprint) < 3
    ]
    return any(
        SERIOUSNESS.index(judge_one(one, after, before, book).verdict)
        > SERIOUSNESS.index(judge_one(one, after_others, before, book).verdict)
        for one in near
    )


def _candidates(wrong: Proposal, catalogue: Catalogue, street: Street) -> Iterator[_Candidate]:
    """Nearest first; at each distance the same kind before a smaller one."""
    thing = wrong.thing
    if thing is None:
        return
    smaller = SMALLER.get(wrong.element, ())
    for turn in TURNS_DEG if thing.geometry.geom_type == "Point" and _is_long(wrong) else ():
        yield _Candidate("turn", _variant(wrong, turn=turn), 0)
    for kind in smaller:
        yield _Candidate("smaller", _variant(wrong, kind=kind, catalogue=catalogue), 0)
    for step in STEPS_M:
        for number in range(DIRECTIONS):
            angle = 2 * math.pi * number / DIRECTIONS
            shift = (step * math.cos(angle), step * math.sin(angle))
            for kind in ("", *smaller):
                variant = settled(_variant(wrong, shift=shift, kind=kind, catalogue=catalogue), street)
                inside = variant.thing is not None and (
                    street.area is None or street.area.contains(variant.thing.geometry)
                )
                if inside:
                    yield _Candidate("smaller_and_shift" if kind else "shift", variant, step)


def _is_long(proposal: Proposal) -> bool:
    if proposal.thing is None or proposal.thing.element is None:
        return False
    width, length = proposal.thing.element.width_m, proposal.thing.element.length_m
    return width is not None and length is not None and abs(width.value - length.value) > 0.05


def _variant(
    proposal: Proposal,
    *,
    shift: tuple[float, float] = (0, 0),
    turn: float = 0,
    kind: str = "",
    catalogue: Catalogue | None = None,
) -> Proposal:
    thing = proposal.thing
    if thing is None:
        return proposal
    geometry = affinity.translate(thing.geometry, *shift)
    rotation = (thing.rotation_deg + turn) % 360
    if thing.element is None:
        return replace(proposal, thing=moved_thing(proposal.index, thing, geometry, rotation))
    element = catalogue.kinds[kind] if kind and catalogue is not None else thing.element
    made = drawn_thing(proposal.index, element, geometry, rotation, None if kind else thing.width_m)
    return replace(proposal, thing=made)
