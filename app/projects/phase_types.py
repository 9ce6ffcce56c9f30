"""The phases that every assignment can have, and what people call the actions that they open."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.projects import phases
from app.projects.phases import PhaseType

ACTIONS = {
    "designs.draw": _l("Ontwerpen tekenen"),
    "designs.support": _l("Ontwerpen steunen"),
    "comments.place": _l("Reageren"),
    "rounds.vote": _l("Stemmen"),
    "polls.answer": _l("Antwoorden op een peiling"),
    "consent.answer": _l("Instemmen of bezwaar maken"),
    "adoption.pledge": _l("Zorg voor een plek toezeggen"),
}

TYPES = (
    PhaseType(
        "look",
        _l("Kijken"),
        _l("Je leest wat de bedoeling is. Meedoen kan later."),
        frozenset(),
    ),
    PhaseType(
        "talk",
        _l("Praten"),
        _l("Je vertelt wat je van de straat vindt, en wat er beter kan."),
        frozenset({"comments.place", "polls.answer"}),
    ),
    PhaseType(
        "draw",
        _l("Tekenen"),
        _l("Je tekent wat jij wilt, reageert op anderen en steunt ontwerpen."),
        frozenset({"designs.draw", "designs.support", "comments.place", "polls.answer"}),
    ),
    PhaseType(
        "choose",
        _l("Kiezen"),
        _l("Tekenen kan niet meer. Je stemt over de ontwerpen die er zijn."),
        frozenset({"designs.support", "rounds.vote", "polls.answer"}),
    ),
    PhaseType(
        "answer",
        _l("Afspreken"),
        _l("Buren zeggen of ze instemmen, en wie voor een plek wil zorgen."),
        frozenset({"adoption.pledge", "consent.answer", "polls.answer"}),
    ),
)


def register() -> None:
    """Make them known; again changes nothing."""
    for action, title in ACTIONS.items():
        phases.name_action(action, title)
    for phase_type in TYPES:
        phases.register(phase_type)
