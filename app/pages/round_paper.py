"""Ballots on paper: two planners type in what they read, each without seeing what the other typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import access
from app.accounts.access import current_actor, desk_mark
from app.core import keyed
from app.core.clock import now
from app.core.formatting import to
from app.core.transaction import transaction
from app.errors import Invalid, Problem, WrongState
from app.pages.blueprint import blueprint
from app.projects.queries import assignment_by_id
from app.votes.rounds import forms, queries
from app.votes.rounds import paper as paper_ballots
from app.votes.rounds.domain import Kind, status
from app.votes.rounds.models import Round


@blueprint.get("/desk/rounds/<uuid:round_id>/paper")
@access.planner
def round_paper(round_id: uuid.UUID) -> str:
    """A form for one paper ballot."""
    return _paper(queries.round_by_id(round_id))


@blueprint.post("/desk/rounds/<uuid:round_id>/paper")
@access.planner
def enter_paper(round_id: uuid.UUID) -> AnyResponse:
    """What one of two people reads on a paper ballot."""
    round_ = queries.round_by_id(round_id)
    codes = [one.code for one in queries.options_of(round_id)]
    text = request.form.get("serial", "").strip()
    serial = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
    problems = forms.ranking_faults(request.form, codes) if round_.kind == Kind.RANKING else []
    try:
        if problems:
            raise Invalid.of(problems)
        with transaction():
            done = paper_ballots.enter(
                current_actor(),
                round_id,
                forms.read_choices(request.form, round_.kind, codes),
                now(),
                serial=serial,
                code=request.form.get("code", "")[:60],
                browser=keyed.digest("paper-desk", f"{round_id}:{desk_mark()}"),
            )
    except (Invalid, WrongState) as error:
        found = error.problems or [Problem("/serial", error.detail)]
        return make_response(_paper(queries.round_by_id(round_id), request.form, found), error.status)
    flash(
        {
            "waiting": _("Bewaard. Nu voert iemand anders hetzelfde briefje in."),
            "differs": _("Dit is anders dan wat de ander invoerde. Kijk samen nog eens."),
            "agreed": _("Jullie lazen hetzelfde. Het briefje zit in de stembus."),
        }[done.state],
        "warning" if done.state == "differs" else "message",
    )
    return redirect(to(f"/desk/rounds/{round_id}/paper"), 303)


def _paper(
    round_: Round, typed: Mapping[str, Any] | None = None, problems: list[Problem] | None = None
) -> str:
    options = queries.options_of(round_.id)
    codes = [one.code for one in options]
    numbers = forms.typed_numbers(typed, round_.kind, codes) if typed else {}
    entered = queries.paper_of(round_.id)
    hands = paper_ballots.hands(round_.id)
    return render_template(
        "votes/rounds/paper.html",
        round=round_,
        assignment=assignment_by_id(round_.assignment_id),
        status=status(round_, now()),
        options=options,
        numbers=numbers,
        typed=typed or {},
        most=int(round_.electorate_parameters.get("paper_ballots") or 0),
        points=int(round_.parameters.get("points", 0)),
        open_ones=[one for one in entered if one.state in ("waiting", "differs")],
        by_me=current_actor().id,
        hands=paper_ballots.hand_lines(hands, current_actor().id),
        settled=ngettext(
            "%(num)d briefje is door twee mensen gelijk ingevoerd.",
            "%(num)d briefjes zijn door twee mensen gelijk ingevoerd.",
            sum(one.state == "agreed" for one in entered),
        ),
        problems=problems or [],
    )
