"""The rules as they hold in this municipality: ours, with its own numbers over them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from app.accounts.domain import Actor
from app.core.formatting import fixed
from app.core.problems import Problems
from app.designs import queries
from app.designs.models import OwnThreshold
from app.errors import NotFound
from app.extensions import db
from geodata import rulebook
from geodata.rulebook import RuleBook, Threshold

LONGEST_OWNER = 120
LONGEST_REASON = 1_000

_known: tuple[int, RuleBook] | None = None


def current_rulebook() -> RuleBook:
    """All rules with the numbers that hold now; one short query tells whether they changed."""
    global _known
    newest = queries.last_own_threshold()
    if newest == 0:
        return rulebook.load()
    if _known is None or _known[0] != newest:
        zone = ZoneInfo(current_app.config["TIME_ZONE"])
        own = {
            (row.rule, row.key): (row.value, row.owner, row.set_at.astimezone(zone).date())
            for row in queries.own_thresholds()
            if row.value is not None
        }
        _known = (newest, rulebook.load().with_own(own))
    return _known[1]


def editable_threshold(rule: str, key: str) -> Threshold:
    """The number as it holds now. Raises `NotFound` when there is none, or when law fixes it."""
    found = current_rulebook().rules.get(rule)
    threshold = found.thresholds.get(key) if found else None
    if threshold is None or not threshold.editable:
        raise NotFound(_("Dit getal kan een gemeente niet wijzigen."))
    return threshold


def set_threshold(
    actor: Actor, rule: str, key: str, *, value: float | None, owner: str, reason: str, now: datetime
) -> OwnThreshold:
    """Set an own number, or go back to ours with None; who, when and why stay on record.

    Raises `NotFound` for a number that cannot be changed, `Invalid` with every problem of the input.
    """
    threshold = editable_threshold(rule, key)
    given = {"owner": owner, "reason": reason}
    problems = Problems()
    problems.text(given, "owner", required=True, longest=LONGEST_OWNER)
    problems.text(given, "reason", required=True, longest=LONGEST_REASON)
    if value is not None and not threshold.minimum <= value <= threshold.maximum:
        problems.add(
            "/value",
            _(
                "Kies een getal van %(low)s tot en met %(high)s.",
                low=fixed(threshold.minimum),
                high=fixed(threshold.maximum),
            ),
        )
    problems.raise_if_any()
    row = OwnThreshold(
        rule=rule,
        key=key,
        value=value,
        owner=owner.strip(),
        reason=reason.strip(),
        set_by=actor.id,
        set_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
