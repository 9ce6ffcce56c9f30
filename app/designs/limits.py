"""Whether a design keeps the limits of its assignment's brief: money, parking places, room on the pavement.

A design is refused only where it is sure to go over a limit: prices and places come as a range, so what may
just do is told and not refused. A draft may be over; handing it in may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.formatting import euro, fixed, number
from app.designs.checks.concerns import puts_anything
from app.designs.checks.model import TOLERANCE, Case, Verdict
from app.designs.checks.street import WALKABLE, Proposal
from app.designs.checks.ways import WALKING, passage
from app.designs.effects.scene import Scene
from app.designs.rulebook import current_rulebook
from app.projects.models import Assignment
from geodata.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Kept:
    """One limit held against one design: `allowed` in euros, places or metres, and a sentence."""

    limit: str
    allowed: float
    value: float | None
    verdict: Verdict
    message: str

    def document(self) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "limit": self.limit,
            "allowed": self.allowed,
            "value": self.value,
            "verdict": self.verdict.value,
            "message": self.message,
        }


def held_against(
    assignment: Assignment, scene: Scene, proposals: Sequence[Proposal], effects: Mapping[str, Any]
) -> list[Kept]:
    """Every limit of the brief, held against a design with these `effects` (as `effects.value` has them)."""
    found = []
    if assignment.budget_eur is not None:
        found.append(_budget(assignment.budget_eur, effects.get("cost_eur") or {}))
    if assignment.min_parking_bays is not None:
        found.append(_bays(assignment.min_parking_bays, effects.get("parking_places") or {}))
    if assignment.min_clear_width_m is not None:
        found.append(_clear_width(assignment.min_clear_width_m, scene, proposals, current_rulebook()))
    return found


def _budget(budget: float, cost: Mapping[str, Any]) -> Kept:
    low, high = (float(cost.get(end) or cost.get("after") or 0) for end in ("low", "high"))
    words = {"low": euro(low), "high": euro(high), "budget": euro(budget)}
    if low > budget:
        message = _(
            "Dit kost minstens %(low)s. Het budget is %(budget)s. Kies iets minder of iets goedkopers.",
            **words,
        )
        return Kept("budget_eur", budget, low, Verdict.CONFLICT, message)
    if high > budget:
        message = _(
            "Dit kost %(low)s tot %(high)s. Dat kan meer worden dan het budget van %(budget)s.", **words
        )
        return Kept("budget_eur", budget, low, Verdict.CONDITIONAL, message)
    return Kept("budget_eur", budget, low, Verdict.FITS, _("Dit past in het budget van %(budget)s.", **words))


def _bays(least: int, places: Mapping[str, Any]) -> Kept:
    before, after = places.get("before"), places.get("after")
    if before is None or after is None or places.get("before_known") is False:
        message = _("Niet gecontroleerd: we weten niet hoeveel parkeerplekken er nu zijn.")
        return Kept("min_parking_bays", least, None, Verdict.UNCHECKED, message)
    low, high = (float(after if places.get(end) is None else places[end]) for end in ("low", "high"))
    words = {"left": number(high), "least": number(least)}
    if high < min(least, before):
        message = _(
            "Er blijven %(left)s parkeerplekken over. Er moeten er minstens %(least)s blijven.", **words
        )
        return Kept("min_parking_bays", least, high, Verdict.CONFLICT, message)
    if low < min(least, before):
        message = _("Misschien blijven er minder dan %(least)s parkeerplekken over.", **words)
        return Kept("min_parking_bays", least, low, Verdict.CONDITIONAL, message)
    message = ngettext(
        "Er blijft genoeg over: %(num)s parkeerplek.",
        "Er blijft genoeg over: %(num)s parkeerplekken.",
        int(high),
    )
    return Kept("min_parking_bays", least, high, Verdict.FITS, message)


def _clear_width(width_m: float, scene: Scene, proposals: Sequence[Proposal], book: RuleBook) -> Kept:
    """The narrowest way past anything that these changes put down, measured as the rules measure it."""
    if not scene.knows("pavement"):
        message = _("Niet gecontroleerd: we hebben hier geen gegevens over de stoep.")
        return Kept("min_clear_width_m", width_m, None, Verdict.UNCHECKED, message)
    after = scene.street.after(proposals)
    gaps = []
    for proposal in filter(puts_anything, proposals):
        way = passage(Case(book.rules["R01"], proposal, after, scene.street, book), WALKING, width_m)
        if way is not None:
            caused = [one for one in way.narrowings(width_m - TOLERANCE) if one.is_caused]
            gaps += [way.told(one) for one in caused]
    if not gaps:
        message = _("Overal blijft %(width)s m stoep vrij, of zoveel als er nu is.", width=fixed(width_m))
        return Kept("min_clear_width_m", width_m, None, Verdict.FITS, message)
    # A guess at one place excuses nothing that is sure at another.
    sure = [gap for gap in gaps if not after.is_estimated(gap.across, *WALKABLE)]
    worst = min(sure or gaps, key=lambda gap: gap.width_m)
    words = {"left": fixed(worst.width_m), "width": fixed(width_m)}
    if not sure:
        message = _(
            "Er blijft %(left)s m stoep vrij, en %(width)s m is nodig. De breedte is geschat: meet het na.",
            **words,
        )
        return Kept("min_clear_width_m", width_m, worst.width_m, Verdict.CONDITIONAL, message)
    message = _("Er blijft %(left)s m stoep vrij. Bij deze opgave is minstens %(width)s m nodig.", **words)
    return Kept("min_clear_width_m", width_m, worst.width_m, Verdict.CONFLICT, message)
