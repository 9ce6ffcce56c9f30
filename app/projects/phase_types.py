"""The phases that every assignment can have, and what people call the actions that they open."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.projects import phases
from app.projects.phases import Degree, PhaseType

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
        _l("Je leest en kijkt mee. Meedoen kan in deze fase niet."),
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
        _l("Je stemt over de ontwerpen die er zijn, en steunt wat je graag ziet."),
        frozenset({"designs.support", "rounds.vote", "polls.answer"}),
    ),
    PhaseType(
        "answer",
        _l("Afspreken"),
        _l("Buren zeggen of ze instemmen, en wie voor een plek wil zorgen."),
        frozenset({"adoption.pledge", "consent.answer", "polls.answer"}),
    ),
)

DEGREES = {
    Degree.INFORM: (_l("Meeweten"), _l("We vertellen wat er gaat gebeuren. Het plan staat vast.")),
    Degree.CONSULT: (_l("Meepraten"), _l("We willen weten wat je vindt. Daarna maakt de gemeente het plan.")),
    Degree.ADVISE: (
        _l("Adviseren"),
        _l(
            "Bewoners tekenen en kiezen. Dat is een advies: de gemeente mag ervan afwijken, en legt dan uit"
            " waarom."
        ),
    ),
    Degree.CO_PRODUCE: (
        _l("Samen maken"),
        _l("Bewoners en gemeente maken samen het plan. Het gaat door als ze het eens zijn."),
    ),
    Degree.DECIDE: (
        _l("Beslissen"),
        _l("Bewoners beslissen, binnen de grenzen die hier staan. De uitslag is bindend."),
    ),
}


def degree_words(degree: str) -> tuple[str, str]:
    """What a degree of influence is called, and what it means for people."""
    title, about = DEGREES[Degree(degree)]
    return str(title), str(about)


def register() -> None:
    """Make them known; again changes nothing."""
    for action, title in ACTIONS.items():
        phases.name_action(action, title)
    for phase_type in TYPES:
        phases.register(phase_type)
