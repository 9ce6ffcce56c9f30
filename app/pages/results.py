"""The page of a round's result: what won, on the map; the sum; why; how firmly; who voted; how to check."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import access
from app.accounts.access import current_actor
from app.core.formatting import number, to
from app.core.geometry import from_wkb
from app.designs.models import Change
from app.designs.parts import Drawn
from app.errors import NotFound
from app.pages import words
from app.pages.blueprint import blueprint
from app.pages.pictures import LARGE, map_change, picture, seen
from app.projects.models import Assignment, PromiseChange
from app.projects.queries import area_of, assignment_by_id
from app.votes.results import service
from app.votes.results import words as result_words
from app.votes.results.service import Counted
from app.votes.rounds import queries as rounds
from app.votes.rounds import words as round_words
from app.votes.rounds.domain import Status, status
from app.votes.rounds.freezing import changed_since, promised, versions_and_wholes, versions_in
from app.votes.rounds.models import RoundOption
from app.votes.rounds.paper import hand_lines, hands


@dataclass(frozen=True, slots=True)
class Line:
    """One option and what became of it."""

    code: str
    title: str
    href: str
    cost: str
    won: bool
    why: str
    stability: str
    changes: list[str]
    # The title of the design that this is a part of; empty for a whole design.
    whole: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a rule makes of the same ballots; `more` and `fewer` against the round's own."""

    name: str
    about: str
    is_own: bool
    winners: list[str]
    more: list[str]
    fewer: list[str]
    total: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Turnout and votes of one group of places. `width` is the share of those who could vote, 0 to 100."""

    name: str
    voted: str
    could_vote: str
    percent: str
    width: int
    gap: str
    is_missing: bool
    votes: list[str]


@dataclass(frozen=True)
class Shown:
    """A result as the page and the council's file show it."""

    found: Counted
    assignment: Assignment
    options: list[RoundOption]
    versions: dict[str, Drawn]
    winners: list[Line]
    losers: list[Line]
    sums: list[tuple[str, str, str]]
    rules: list[RuleLine]
    by_distance: list[PlaceLine]
    by_neighbourhood: list[PlaceLine]
    meaning: str
    summary: str
    left: str
    ballots: str
    purse: str
    hands: list[str] = field(default_factory=list)
    changed: list[PromiseChange] = field(default_factory=list)
    duels: list[tuple[str, list[str]]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    @property
    def count(self) -> dict[str, Any]:
        """The counted part of the result."""
        return self.found.count

    @property
    def is_public(self) -> bool:
        """Whether everybody can see it."""
        return self.found.round.published_at is not None


@blueprint.get("/rounds/<uuid:round_id>/result")
@access.public
def round_result(round_id: uuid.UUID) -> str:
    """The result; before it is public planners see it, and count and publish it here."""
    round_ = rounds.round_by_id(round_id)
    if round_.published_at is None and not current_actor().is_planner:
        raise NotFound(_("Van deze stemronde is nog geen uitslag."))
    found = service.counted(round_id)
    if found is None:
        return render_template(
            "votes/results/waiting.html",
            round=round_,
            assignment=assignment_by_id(round_.assignment_id),
            can_count=status(round_, rounds.database_now()) is Status.CLOSED,
        )
    return render_template("votes/results/result.html", shown=shown(found), words=result_words)


@blueprint.get("/rounds/<uuid:round_id>/result.svg")
@access.public
def round_result_map(round_id: uuid.UUID) -> Response:
    """What won, on the map."""
    found = service.counted(round_id)
    if found is None or (found.round.published_at is None and not current_actor().is_planner):
        raise NotFound(_("Van deze stemronde is nog geen uitslag."))
    assignment = assignment_by_id(found.round.assignment_id)
    won = [one for one in rounds.options_of(round_id) if one.code in found.count["winners"]]
    changes = [change for version in versions_in(won).values() for change in version.changes]
    geometries = [from_wkb(change.geom) for change in changes]
    area = area_of(assignment)
    return picture(
        seen([*geometries, area], LARGE, area),
        assignment,
        [map_change(change, geometry) for change, geometry in zip(changes, geometries, strict=True)],
        title=_("Kaart van wat er won in %(title)s", title=found.round.title),
        description=ngettext("%(num)d wijziging", "%(num)d wijzigingen", len(changes)),
        area=area,
        small=False,
    )


def shown(found: Counted) -> Shown:
    """Everything that the page says, in the language of the present request."""
    round_, count = found.round, found.count
    assignment = assignment_by_id(round_.assignment_id)
    options = rounds.options_of(round_.id)
    titles = {option.code: option.title for option in options}
    told = {option["code"]: option for option in count["options"]}
    versions, wholes = versions_and_wholes(options)
    by_code = {
        option.code: _line(
            option, told[option.code], count, titles, versions[option.code], wholes.get(option.code, "")
        )
        for option in options
    }
    return Shown(
        found,
        assignment,
        options,
        versions,
        [by_code[code] for code in count["winners"]],
        [line for line in by_code.values() if not line.won],
        _sums(count, titles),
        _rules(count, titles),
        _places(found, "by_distance", titles),
        _places(found, "by_neighbourhood", titles),
        round_words.meaning(promised(round_, assignment)),
        _summary(count, titles),
        _left(count),
        ngettext("%(num)d stem", "%(num)d stemmen", count["ballots"]),
        result_words.purse(count),
        hand_lines(hands(round_.id)),
        changed_since(round_),
        _duels(count),
        [titles[code] for code in count.get("ranking", {}).get("order", [])],
    )


def _line(
    option: RoundOption,
    told: dict[str, Any],
    count: dict[str, Any],
    titles: dict[str, str],
    version: Drawn,
    whole: str,
) -> Line:
    return Line(
        option.code,
        option.title,
        to(f"/designs/{option.design_id}/versions/{option.version}"),
        result_words.amount(told["cost"]),
        told["won"],
        result_words.why(told, count, titles),
        result_words.stability(told, count),
        [_sentence(change) for change in version.changes] if told["won"] else [],
        whole,
    )


def _sentence(change: Change) -> str:
    return words.change_sentence(change.action, change.kind, change.object_kind)


def _sums(count: dict[str, Any], titles: dict[str, str]) -> list[tuple[str, str, str]]:
    """Each winner with its cost and what was left after it; without a budget nothing is left over."""
    left = None if count["budget"] is None else Decimal(count["budget"])
    costs = {option["code"]: option["cost"] for option in count["options"]}
    found = []
    for code in count["winners"]:
        if left is not None:
            left -= Decimal(costs[code])
        found.append(
            (
                titles[code],
                result_words.amount(costs[code]),
                "" if left is None else result_words.amount(str(left)),
            )
        )
    return found


def _left(count: dict[str, Any]) -> str:
    if count["budget"] is None:
        return ""
    return result_words.amount(str(Decimal(count["budget"]) - Decimal(count["total_cost"])))


def _summary(count: dict[str, Any], titles: dict[str, str]) -> str:
    names = [f"“{titles[code]}”" for code in count["winners"]]
    if not names:
        return _("Niets won.")
    if len(names) == 1:
        return _("%(name)s won.", name=names[0])
    return _("%(names)s en %(last)s wonnen.", names=", ".join(names[:-1]), last=names[-1])


def _rules(count: dict[str, Any], titles: dict[str, str]) -> list[RuleLine]:
    own = set(count["winners"])
    found = []
    for other in count["comparison"]:
        winners = set(other["winners"])
        found.append(
            RuleLine(
                str(result_words.RULE_NAMES[other["rule"]]),
                str(result_words.RULE_ABOUT[other["rule"]]),
                other["rule"] == count["rule"]["name"],
                _named(other["winners"], titles),
                _named(sorted(winners - own), titles),
                _named(sorted(own - winners), titles),
                result_words.amount(other["total_cost"]),
            )
        )
    return sorted(found, key=lambda line: not line.is_own)


def _named(codes: Iterable[str], titles: dict[str, str]) -> list[str]:
    return [titles[code] for code in codes]


def _places(found: Counted, table: str, titles: dict[str, str]) -> list[PlaceLine]:
    turnout: Any = found.result.get("turnout")
    lines = []
    for row in turnout[table] if turnout else []:
        names = row["places"]
        said = result_words.distances(names) if table == "by_distance" else result_words.neighbourhoods(names)
        most = sorted(row["votes"].items(), key=lambda item: -item[1])[:3]
        could = row["could_vote"] or 0
        lines.append(
            PlaceLine(
                said,
                number(row["voted"]),
                number(could) if could else "",
                result_words.percent(row["voted"], could),
                round(100 * row["voted"] / could) if could else 0,
                result_words.gap(row),
                row.get("gap_points", [0, 0])[1] < 0,
                [
                    f"{titles[code]} {result_words.percent(votes, row['voted'])}"
                    for code, votes in most
                    if votes
                ],
            )
        )
    return lines


def _duels(count: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The duels of a ranking, a row for each option in the order of the result."""
    ranking = count.get("ranking")
    if not ranking or "duels" not in ranking:
        return []
    at = {code: index for index, code in enumerate(ranking["candidates"])}
    return [
        (
            code,
            [
                "–" if code == other else number(ranking["duels"][at[code]][at[other]])
                for other in ranking["order"]
            ],
        )
        for code in ranking["order"]
    ]
