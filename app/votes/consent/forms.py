"""Forms of consent: a rule, a term, and an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.problems import Problems
from app.votes.consent.domain import LONGEST_REASON, MOST_A_SIDE, PRESETS, Reply, Rule, Side
from app.votes.consent.models import Consent
from app.votes.consent.service import Question
from app.votes.fields import after_last_day, day_in, first_moment, last_day_in, read_day, read_whole

LONGEST_LABEL = 120


def read_rule(form: Mapping[str, str], problems: Problems) -> Rule:
    """One of the known rules, or own numbers."""
    preset = form.get("preset", "own")
    if preset in PRESETS:
        return PRESETS[preset]
    fields: dict[str, Any] = dict(form)
    allowed = str(form.get("objections_allowed", "")).strip()
    return Rule(
        read_whole(fields, "left", 0, MOST_A_SIDE, problems, default=0),
        read_whole(fields, "right", 0, MOST_A_SIDE, problems, default=0),
        read_whole(fields, "opposite", 0, MOST_A_SIDE, problems, default=0),
        bool(form.get("front_all")),
        read_whole(fields, "yes_needed", 0, 3 * MOST_A_SIDE, problems, default=0),
        read_whole(fields, "objections_allowed", 0, 3 * MOST_A_SIDE, problems) if allowed else None,
    )


def rule_values(rule: Rule) -> dict[str, str]:
    """A rule as the form shows it."""
    preset = next((name for name, known in PRESETS.items() if known == rule), "own")
    return {
        "preset": preset,
        "left": str(rule.left),
        "right": str(rule.right),
        "opposite": str(rule.opposite),
        "front_all": "yes" if rule.front_all else "",
        "yes_needed": str(rule.yes_needed),
        "objections_allowed": "" if rule.objections_allowed is None else str(rule.objections_allowed),
    }


def read_question(form: Mapping[str, str], zone: ZoneInfo) -> Question:
    """The rule and the term. Raises `Invalid` with every problem."""
    problems = Problems()
    rule = read_rule(form, problems)
    opens_on = read_day(dict(form), "opens_on", problems, required=True)
    closes_on = read_day(dict(form), "closes_on", problems, required=True)
    problems.raise_if_any()
    if opens_on is None or closes_on is None:
        raise AssertionError("required days are there")
    return Question(rule, first_moment(opens_on, zone), after_last_day(closes_on, zone))


def question_values(consent: Consent, zone: ZoneInfo) -> dict[str, str]:
    """The form of a question as it stands."""
    return {
        **rule_values(Rule.read(consent.rule)),
        "opens_on": day_in(consent.opens_at, zone),
        "closes_on": last_day_in(consent.closes_at, zone),
    }


def read_text(
    form: Mapping[str, str], name: str, longest: int, problems: Problems, *, required: bool = True
) -> str:
    """A text from a form."""
    return problems.text({name: form.get(name, "")}, name, required=required, longest=longest)


def read_last_day(form: Mapping[str, str], zone: ZoneInfo, problems: Problems) -> datetime | None:
    """The moment after a last day."""
    day = read_day(dict(form), "closes_on", problems, required=True)
    return after_last_day(day, zone) if day else None


def read_side(form: Mapping[str, str], problems: Problems) -> Side:
    """On which side an address lies."""
    return Side(problems.choice({"side": form.get("side")}, "side", tuple(Side)))


def read_reply(form: Mapping[str, str], problems: Problems) -> tuple[Reply, str]:
    """An answer, and its reason; an objection needs one."""
    given = form.get("answer", "")
    if given not in tuple(Reply):
        problems.add("/answer", _("Kies een antwoord."))
    reason = read_text(form, "reason", LONGEST_REASON, problems, required=False)
    reply = Reply(given) if given in tuple(Reply) else Reply.NO
    if given == Reply.OBJECTION and not reason:
        problems.add("/reason", _("Zeg waarom je bezwaar maakt. Alleen de gemeente leest het."))
    return reply, reason
