"""Forms of rounds: what a planner fills in, and what somebody chose."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.problems import Problems
from app.core.typed import amount_typed
from app.errors import Problem
from app.projects.local_time import NeverThatNight, NotAMoment, TwiceThatNight, moment_of, written
from app.votes.rounds import words as round_words
from app.votes.rounds.domain import LARGEST_POINTS, MOST_OPTIONS, RULES, Electorate, Kind, Rule
from app.votes.rounds.drafts import LONGEST_TITLE, OptionDraft, RoundDraft, amount
from app.votes.rounds.models import Round, RoundOption

FIELDS = (
    *("title", "question", "method", "electorate", "area", "paper_ballots"),
    *("opens_at", "closes_at"),
    *("budget_eur", "completion", "min_choices", "max_choices", "winners", "points"),
)
# What the service calls a field, and what the form calls it.
_AT = {"kind": "method", "rule": "method"}
LONGEST_DIGITS = 9
# As much of what was typed in the field of a number is shown again.
LONGEST_TYPED = 20
MOST_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One design in the planner's list, or a part of one: ticked or not, with a cost of its own where one was
    typed. `number`: which part of the design, from 0; None for the whole."""

    design_id: uuid.UUID
    ticked: bool
    cost: str
    cost_note: str
    number: int | None = None
    title: str = ""
    part: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What the names of its fields end in."""
        return str(self.design_id) if self.number is None else f"{self.design_id}-{self.number}"


def methods() -> list[tuple[Kind, tuple[Rule, ...]]]:
    """Kinds with the rules that can count them, as the form offers them."""
    return list(RULES.items())


def read_round(form: Mapping[str, str], zone: ZoneInfo) -> RoundDraft:
    """The planner's form; dates and times are those of the municipality. The service checks the rest.

    Raises `Invalid` for moments that are none.
    """
    problems = Problems()
    opens_at = _moment(form, "opens_at", zone, problems)
    closes_at = _moment(form, "closes_at", zone, problems)
    problems.raise_if_any()
    if opens_at is None or closes_at is None:
        raise AssertionError("a moment that is none was refused")
    kind, _colon, rule = form.get("method", "").partition(":")
    named = ("budget_eur", "completion", "min_choices", "max_choices", "winners", "points")
    parameters: dict[str, Any] = {name: form[name] for name in named if form.get(name, "").strip()}
    if "budget_eur" in parameters:
        parameters["budget_eur"] = amount_typed(parameters["budget_eur"])
    if kind in tuple(Kind) and rule in RULES[Kind(kind)]:
        parameters = {name: value for name, value in parameters.items() if _belongs(name, kind, rule)}
    who = {"paper_ballots": form.get("paper_ballots", "")}
    if form.get("electorate") == "area":
        who["area"] = form.get("area", "")
    return RoundDraft(
        form.get("title", ""),
        form.get("question", ""),
        kind,
        rule,
        form.get("electorate", ""),
        opens_at,
        closes_at,
        parameters,
        who,
    )


def _belongs(name: str, kind: str, rule: str) -> bool:
    """Whether a parameter means anything here: what was typed for another rule does not count."""
    if name == "completion":
        return rule == Rule.EQUAL_SHARES
    if name == "budget_eur":
        return rule in (Rule.EQUAL_SHARES, Rule.GREEDY, Rule.APPROVAL)
    if name == "points":
        return kind == Kind.POINTS
    if name == "winners":
        return rule != Rule.EQUAL_SHARES
    return True


def filled(round_: Round, zone: ZoneInfo) -> dict[str, str]:
    """The form as it stands for a round."""
    return {
        "title": round_.title,
        "question": round_.question,
        "method": f"{round_.kind}:{round_.rule}",
        "electorate": round_.electorate,
        "area": str(round_.electorate_parameters.get("area", "")),
        "paper_ballots": str(round_.electorate_parameters.get("paper_ballots") or ""),
        "opens_at": written(round_.opens_at, zone),
        "closes_at": written(round_.closes_at, zone),
        **{name: str(value) for name, value in round_.parameters.items()},
    }


def theirs(typed: Mapping[str, str], stored: Mapping[str, str]) -> list[Problem]:
    """What a colleague stored, at each field of the form that says something else.

    What belongs to another way of counting is neither shown nor kept, and so no difference.
    """
    kind, _colon, rule = typed.get("method", "").partition(":")
    found = []
    for name in FIELDS:
        mine, kept = (_same(name, form.get(name, "")) for form in (typed, stored))
        if mine == kept or (not kept and not _belongs(name, kind, rule)):
            continue
        said = _in_words(name, kept)
        text = _("Nu is bewaard: %(text)s", text=said) if said else _("Nu is dit leeg.")
        found.append(Problem(f"/{name}", text))
    return found


def _same(name: str, text: str) -> str:
    """What a field says, apart from how it is written."""
    text = " ".join(text.split())
    if name == "budget_eur":
        return amount_typed(text).removesuffix(".00")
    return text.replace(" ", "") if name == "area" else text


def _in_words(name: str, value: str) -> str:
    """A stored value as the form's own words name it."""
    kind, _colon, rule = value.partition(":")
    if name == "method" and kind in tuple(Kind) and rule in tuple(Rule):
        return f"{round_words.KINDS[Kind(kind)][0]}, {round_words.RULES[Rule(rule)][0]}"
    if name == "electorate" and value in tuple(Electorate):
        return str(round_words.ELECTORATES[Electorate(value)][0])
    if name == "completion":
        return str(round_words.COMPLETIONS.get(value, value))
    return (
        _("een ander gebied")
        if name == "area" and value
        else value.replace("T", " ")
        if name in ("opens_at", "closes_at")
        else value
    )


def at_fields(problems: Iterable[Problem]) -> list[Problem]:
    """The same problems at the fields of the form."""
    found = []
    for problem in problems:
        name = problem.pointer.strip("/").split("/")
        field = name[1] if len(name) > 1 and name[0] in ("parameters", "electorate_parameters") else name[0]
        found.append(Problem("/" + _AT.get(field, field), problem.message))
    return found


def read_rows(form: Mapping[str, Any], designs: Iterable[uuid.UUID]) -> list[OptionRow]:
    """Every row as it was filled in: of each design the whole, then its parts. `form` is a MultiDict."""
    rows = []
    for design_id in designs:
        rows.append(_row(form, OptionRow(design_id, False, "", "")))
        for number in range(MOST_OPTIONS):
            row = OptionRow(design_id, False, "", "", number)
            if f"title-{row.key}" not in form:
                break
            rows.append(_row(form, row))
    return rows


def _row(form: Mapping[str, Any], row: OptionRow) -> OptionRow:
    def typed(name: str, longest: int) -> str:
        return str(form.get(f"{name}-{row.key}", "")).strip()[:longest]

    chosen: list[str] = []
    if row.number is not None:
        chosen = form.getlist(f"change-{row.key}")[:MOST_CHANGES]  # type: ignore[attr-defined]
    part = {int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) <= LONGEST_DIGITS}
    return replace(
        row,
        ticked=typed("design", 3) == "yes",
        cost=typed("cost", 20),
        cost_note=typed("note", 500),
        title=typed("title", LONGEST_TITLE + 1),
        part=tuple(sorted(part)),
    )


def drafts_of_rows(rows: Iterable[OptionRow]) -> list[OptionDraft]:
    """The ticked designs and parts, in their order.

    Raises `Invalid` with pointers `/cost-<key>` for amounts that are none, and `/change-<key>` for a part of
    nothing.
    """
    problems = Problems()
    drafts = []
    for row in rows:
        if not row.ticked:
            continue
        if row.number is not None and not row.part:
            problems.add(f"/change-{row.key}", _("Kies welke wijzigingen bij dit deel horen."))
        cost = amount(amount_typed(row.cost), problems, f"/cost-{row.key}")
        drafts.append(OptionDraft(row.design_id, cost, row.cost_note, row.part, row.title))
    problems.raise_if_any()
    return drafts


def rows_of(options: Iterable[RoundOption], designs: Iterable[uuid.UUID]) -> list[OptionRow]:
    """The planner's list as it stands for a round, with an empty row for another part of each design."""
    present = list(options)
    rows = []
    for design_id in designs:
        mine = [one for one in present if one.design_id == design_id]
        whole = next((one for one in mine if not one.part), None)
        cost, note = ("", "") if whole is None else (_in_field(whole.cost_eur), whole.cost_note)
        rows.append(OptionRow(design_id, whole is not None, cost, note))
        parts = [one for one in mine if one.part]
        for number, one in enumerate(parts):
            # An amount that was computed is computed anew, since other changes may be ticked.
            cost = _in_field(one.cost_eur) if one.cost_note else ""
            rows.append(OptionRow(design_id, True, cost, one.cost_note, number, one.title, tuple(one.part)))
        rows.append(OptionRow(design_id, False, "", "", len(parts)))
    return rows


def _in_field(euros: Decimal) -> str:
    """`12500`, or `99.50`: cents only where there are some."""
    return f"{euros:.2f}".removesuffix(".00")


def _moment(form: Mapping[str, str], name: str, zone: ZoneInfo, problems: Problems) -> datetime | None:
    """A day and a time on the municipality's clock."""
    try:
        return moment_of(form.get(name, "").strip(), zone)
    except NeverThatNight:
        problems.add(f"/{name}", _("Die nacht slaat de klok deze tijd over. Kies een uur eerder of later."))
    except TwiceThatNight:
        problems.add(f"/{name}", _("Die nacht komt deze tijd twee keer voor. Kies een tijd ervoor of erna."))
    except NotAMoment:
        problems.add(f"/{name}", _("Vul een dag en een tijd in."))
    return None


# Ballots


def read_choices(form: Mapping[str, Any], kind: str, codes: list[str]) -> Any:
    """What somebody chose, in the form that `domain.check_choices` takes. `form` is a Werkzeug MultiDict.

    Ticks are `choice`, places and points `place-A` and `points-A`. What cannot be read stays wrong,
    so that it is told and not dropped.
    """
    if kind == Kind.POINTS:
        given = {code: _whole(form.get(f"points-{code}", "")) for code in codes}
        return {code: points for code, points in given.items() if points}
    if kind == Kind.RANKING:
        places = {code: _whole(form.get(f"place-{code}", "")) for code in codes}
        return [code for code in sorted(codes, key=lambda code: places[code]) if places[code]]
    return form.getlist("choice")[: MOST_OPTIONS + 1]  # type: ignore[attr-defined]


def ranking_faults(form: Mapping[str, Any], codes: list[str]) -> list[Problem]:
    """Places of a ranking that two options share, or that are no places. Only a form can say such a thing."""
    seen: dict[int, str] = {}
    found = []
    for code in codes:
        place = _whole(form.get(f"place-{code}", ""))
        if place < 0:
            found.append(Problem(f"/place-{code}", _("Dit is geen plaats in een volgorde.")))
        elif place and place in seen:
            sentence = _("%(a)s en %(b)s staan allebei op plaats %(n)d.", a=seen[place], b=code, n=place)
            found.append(Problem(f"/place-{code}", sentence))
        elif place:
            seen[place] = code
    return found


def numbers(choices: Any, kind: str) -> dict[str, str]:
    """Choices as what stands in each option's field: 1 for a tick, the place, the points."""
    if isinstance(choices, dict):
        return {code: str(points) for code, points in choices.items() if isinstance(points, int)}
    if not isinstance(choices, list):
        return {}
    return {str(code): str(place if kind == Kind.RANKING else 1) for place, code in enumerate(choices, 1)}


def typed_numbers(form: Mapping[str, Any], kind: str, codes: list[str]) -> dict[str, str]:
    """What somebody typed in each option's field, right or wrong, to show it again as it was."""
    if kind not in (Kind.RANKING, Kind.POINTS):
        chosen = form.getlist("choice")  # type: ignore[attr-defined]
        return {code: "1" for code in codes if code in chosen}
    name = "place" if kind == Kind.RANKING else "points"
    typed = {code: str(form.get(f"{name}-{code}", "")).strip()[:LONGEST_TYPED] for code in codes}
    return {code: text for code, text in typed.items() if text not in ("", "0")}


def _whole(text: Any) -> int:
    """A whole number from a field; 0 for an empty one, -1 for what is no number."""
    text = str(text or "").strip()
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_DIGITS:
        return -1
    return min(int(text), LARGEST_POINTS + 1)
