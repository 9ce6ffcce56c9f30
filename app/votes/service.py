"""Giving support, one statement that stands at once, and taking it back. Nothing else here commits."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.domain import Actor
from app.core import hooks
from app.designs.domain import Status
from app.designs.service import seen_design
from app.errors import WrongState
from app.projects.queries import assignment_by_id
from app.projects.service import require_action
from app.votes import queries

SUPPORT = "designs.support"


def support(actor: Actor, design_id: uuid.UUID, now: datetime) -> int:
    """Support a design, once however often this is called; answers the total.

    Raises `NotFound`, `Forbidden` (no phase is open for support) or `WrongState` (not public, withdrawn).
    """
    # Twice, since the same act may come twice at once: the second waits for the first without seeing it.
    for _attempt in range(2):
        total, supported = queries.give(design_id, actor.person_id)
        if supported:
            return total
    raise _refusal(actor, design_id, now)


def take_back(actor: Actor, design_id: uuid.UUID, now: datetime) -> int:
    """Support a design no longer; answers the total. Raises as `support` does."""
    design = seen_design(actor, design_id)
    require_action(actor, assignment_by_id(design.assignment_id), SUPPORT, now)
    return queries.take_back(design_id, actor.person_id)


def _refusal(actor: Actor, design_id: uuid.UUID, now: datetime) -> Exception:
    design = seen_design(actor, design_id)
    require_action(actor, assignment_by_id(design.assignment_id), SUPPORT, now)
    if design.status == Status.WITHDRAWN:
        return WrongState(_("Dit ontwerp is ingetrokken. Je kunt het niet meer steunen."))
    return WrongState(_("Dit ontwerp is nog een concept. Steunen kan als het is ingezonden."))


def listen() -> None:
    """Follow people who sign in."""

    @hooks.person_merged.connect_via(hooks.ANY, weak=False)
    def _move(sender: object, source_id: uuid.UUID, target_id: uuid.UUID) -> None:
        queries.move_support(source_id, target_id)
