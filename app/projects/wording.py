"""Words about phases, dates and briefs, for pages and mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Flask
from flask_babel import gettext as _

from app.core.clock import now
from app.core.formatting import fixed, last_moment, moment
from app.projects import choices, permissions, phases
from app.projects.models import Assignment, Phase, PhaseMove, PromiseChange
from app.projects.phase_types import degree_words
from app.projects.service import title_of, why_closed


def phase_state(phase: Phase) -> str:
    """`past`, `now` or `future`."""
    moment_now = now()
    if phases.has_ended(phase, moment_now):
        return "past"
    return "now" if phases.has_begun(phase, moment_now) else "future"


def is_waiting(assignment: Assignment) -> bool:
    """Whether a public assignment is between two phases: it goes on, but nothing is open now."""
    running = [one for one in assignment.phases if phases.runs(one, now())]
    return not any(
        phases.degree_allows(assignment.degree, action) for action in phases.open_actions(running, now())
    )


def part_ends(assignment: Assignment) -> datetime | None:
    """Until when people can take part; looking on afterwards is not taking part."""
    return phases.part_ends(assignment.phases, assignment.degree)


def next_phase(assignment: Assignment) -> Phase | None:
    """The first phase to come that opens something."""
    coming = [
        one
        for one in assignment.phases
        if one.starts_at > now() and (known := phases.type_of(one.type)) is not None and known.actions
    ]
    return min(coming, key=lambda one: one.starts_at, default=None)


def phase_about(phase_type: str) -> str:
    """What happens in a phase of this type."""
    found = phases.type_of(phase_type)
    return str(found.about) if found else ""


def phase_opens(phase_type: str, action: str) -> bool:
    """Whether a phase of this type opens an action."""
    return phase_type in phases.opening(action)


def move_sentence(move: PhaseMove) -> str:
    """What happened to a phase: it came, went, or got other dates."""
    title = title_of(move.type)
    if move.old_starts_at is None and move.new_starts_at is not None:
        dates = _from_to(move.new_starts_at, move.new_ends_at)
        return str(_("De fase “%(phase)s” is nieuw: %(dates)s.", phase=title, dates=dates))
    if move.old_starts_at is not None and move.new_starts_at is None:
        dates = _from_to(move.old_starts_at, move.old_ends_at)
        return str(_("De fase “%(phase)s” (%(dates)s) gaat niet door.", phase=title, dates=dates))
    if move.old_starts_at is None or move.new_starts_at is None:
        return title
    return str(
        _(
            "De fase “%(phase)s” loopt nu %(new)s. Dat was %(old)s.",
            phase=title,
            new=_from_to(move.new_starts_at, move.new_ends_at),
            old=_from_to(move.old_starts_at, move.old_ends_at),
        )
    )


def promise_sentence(change: PromiseChange) -> str:
    """What is told otherwise from now on, beside what was told before."""
    if change.what == "degree":
        old, new = (str(degree_words(one)[0]) for one in (change.old, change.new))
        return str(_("Mate van invloed: nu “%(new)s”. Dat was “%(old)s”.", new=new, old=old))
    # What stands between quotes ends without its own full stop.
    old, new = (one.strip().rstrip(".") for one in (change.old, change.new))
    return str(_("Wie beslist: nu “%(new)s”. Dat was “%(old)s”.", new=new, old=old))


def _from_to(starts_at: datetime, ends_at: datetime | None) -> str:
    if ends_at is None:
        return str(_("vanaf %(start)s, zonder einddatum", start=moment(starts_at)))
    return str(_("van %(start)s tot en met %(end)s", start=moment(starts_at), end=last_moment(ends_at)))


def kind_names(kinds: Iterable[str]) -> list[str]:
    """Element kinds by their names, in the order of the list of elements."""
    wanted = set(kinds)
    return [name for group in choices.kind_groups() for id_, name in group.kinds if id_ in wanted]


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.add_template_filter(fixed)
    app.jinja_env.globals.update(
        degree_words=degree_words,
        is_waiting=is_waiting,
        kind_names=kind_names,
        next_phase=next_phase,
        part_ends=part_ends,
        move_sentence=move_sentence,
        promise_sentence=promise_sentence,
        open_for=lambda assignment, action: permissions.is_open(assignment, action, now()),
        why_closed=lambda assignment, action: why_closed(assignment, action, now()),
        phase_about=phase_about,
        phase_opens=phase_opens,
        phase_state=phase_state,
        phase_title=title_of,
    )
