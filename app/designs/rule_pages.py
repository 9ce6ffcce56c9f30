"""The rules for everybody to read, and for planners to set their municipality's own numbers."""

from __future__ import annotations

import math
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import access
from app.accounts.access import current_actor
from app.accounts.domain import Role
from app.core.clock import now
from app.core.formatting import fixed
from app.core.language import current_language
from app.core.transaction import transaction
from app.designs import queries
from app.designs.catalogue import source_titles
from app.designs.findings import data_name, measure
from app.designs.rulebook import (
    LONGEST_OWNER,
    LONGEST_REASON,
    current_rulebook,
    editable_threshold,
    set_threshold,
)
from app.errors import Invalid, Problem
from geodata import rulebook

blueprint = Blueprint("rules", __name__)

BINDINGS = {
    "guideline": _l("Richtlijn"),
    "safety": _l("Veiligheid"),
    "traffic_law": _l("Verkeersregels"),
}


@blueprint.get("/rules")
@access.public
def index() -> str:
    """Every rule with its numbers, and who stands for each."""
    return render_template(
        "rules/index.html",
        rules=list(current_rulebook().rules.values()),
        words=_words(),
        may_set=current_actor().role is Role.PLANNER,
    )


@blueprint.get("/desk/rules/<rule>/<key>")
@access.planner
def edit(rule: str, key: str) -> str:
    """One number: what it is, what it was, and a form to set it."""
    return _page(rule, key, {}, [])


@blueprint.post("/desk/rules/<rule>/<key>")
@access.planner
def change(rule: str, key: str) -> Response | tuple[str, int]:
    """Set the number, or go back to ours; what is wrong is shown at its field."""
    editable_threshold(rule, key)
    given = {name: request.form.get(name, "") for name in ("value", "owner", "reason")}
    back = request.form.get("act") == "reset"
    value = None if back else _number(given["value"])
    if not back and value is None:
        problems = [Problem("/value", _("Vul een getal in, zoals 1,80."))]
        return _page(rule, key, given, problems), 422
    try:
        with transaction():
            set_threshold(
                current_actor(),
                rule,
                key,
                value=value,
                owner=given["owner"],
                reason=given["reason"],
                now=now(),
            )
    except Invalid as error:
        return _page(rule, key, given, list(error.problems)), 422
    return redirect(f"{url_for('rules.index')}#{rule}", 303)  # type: ignore[return-value]


def _number(text: str) -> float | None:
    """`1,80` or `1.80`; None for what is no finite number."""
    try:
        value = float(text.strip().replace(",", ".")) if len(text) <= 20 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _page(rule: str, key: str, given: dict[str, str], problems: list[Problem]) -> str:
    threshold = editable_threshold(rule, key)
    history = [row for row in queries.history_of_thresholds(rule) if row.key == key]
    return render_template(
        "rules/threshold.html",
        rule=current_rulebook().rules[rule],
        threshold=threshold,
        ours=rulebook.load().threshold(rule, key),
        history=history,
        given=given or {"value": fixed(threshold.value), "owner": threshold.owner, "reason": ""},
        problems=problems,
        longest={"owner": LONGEST_OWNER, "reason": LONGEST_REASON},
        words=_words(),
    )


def _words() -> dict[str, Any]:
    """What the templates need to turn rules and numbers into words."""
    return {
        "language": current_language(),
        "bindings": BINDINGS,
        "measure": measure,
        "sources": lambda threshold: "; ".join(source_titles(threshold.sources)),
        "data": data_name,
    }
