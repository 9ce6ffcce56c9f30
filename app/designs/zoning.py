"""Why the brief of an assignment lets no change be made at a place."""

from __future__ import annotations

from flask_babel import gettext as _

from app.designs.domain import Action, ChangeDraft
from app.projects.zones import Zones


def refusal(zones: Zones, change: ChangeDraft) -> str | None:
    """The reason, in the planner's words; None where the zones let it. To keep a thing is no change.

    What is moved or replaced counts twice: where it was, and where it comes.
    """
    if change.action is Action.KEEP:
        return None
    touched = [change.geometry] + ([change.object.geometry] if change.object is not None else [])
    for geometry in touched:
        reason = zones.fixed_at(geometry)
        if reason is not None:
            return str(_("Hier verandert niets: %(reason)s", reason=reason))
    if not all(zones.is_free(geometry) for geometry in touched):
        reasons = " ".join(zones.free_reasons)
        return str(_("Dit deel is niet vrij om te tekenen. Wel vrij: %(reason)s", reason=reasons))
    return None
