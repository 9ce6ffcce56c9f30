"""What rounds say on a page: kinds, rules with their parameters, who may vote, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formatting import euro, number
from app.votes.counting.frozen import TIE_BREAKS
from app.votes.rounds.domain import Electorate, Kind, Promised, Rule, Status

KINDS = {
    Kind.APPROVAL: (_l("Ontwerpen aankruisen"), _l("Je kruist elk ontwerp aan dat je goed vindt.")),
    Kind.RANKING: (
        _l("Op volgorde zetten"),
        _l("Je zet ontwerpen op volgorde. Bovenaan staat wat je het liefst ziet."),
    ),
    Kind.POINTS: (_l("Punten verdelen"), _l("Je verdeelt punten over de ontwerpen.")),
    Kind.BUDGET: (_l("Een budget verdelen"), _l("Je kiest ontwerpen die samen binnen het budget passen.")),
}
RULES = {
    Rule.EQUAL_SHARES: (
        _l("Gelijke delen"),
        _l(
            "Elke stem krijgt een even groot deel van het budget. Een ontwerp wint als wie ervoor stemde het "
            "samen kan betalen. Zo telt ook een kleinere groep mee. (Method of Equal Shares)"
        ),
    ),
    Rule.GREEDY: (
        _l("Meeste stemmen eerst"),
        _l("Het ontwerp met de meeste stemmen wint eerst, dan het volgende dat nog in het budget past."),
    ),
    Rule.APPROVAL: (
        _l("Meeste stemmen"),
        _l("De ontwerpen met de meeste stemmen winnen, zolang het budget reikt."),
    ),
    Rule.SCHULZE: (
        _l("Onderling vergelijken"),
        _l(
            "Elk ontwerp wordt met elk ander vergeleken: welk van de twee zetten meer mensen hoger? Wie van "
            "allemaal wint, wint. Loopt het rond, dan beslist de sterkste keten. (Schulze-methode)"
        ),
    ),
    Rule.POINTS: (_l("Punten optellen"), _l("De punten worden opgeteld. De meeste punten wint.")),
}
COMPLETIONS = {
    "add1": _l(
        "Blijft er geld over, dan krijgt elke stem steeds één euro meer te besteden, tot het niet meer past "
        "(Add1)."
    ),
    "add1-exhaustive": _l(
        "Blijft er geld over, dan krijgt elke stem steeds één euro meer te besteden, tot er geen ontwerp "
        "meer bij kan (Add1, uitputtend)."
    ),
    "none": _l("Geld dat overblijft, blijft over."),
}
ELECTORATES = {
    Electorate.GUEST: (
        _l("Iedereen"),
        _l(
            "Wie de site opent, stemt één keer per browser. Makkelijk, maar iemand met twee apparaten kan "
            "twee keer stemmen."
        ),
    ),
    Electorate.EMAIL: (_l("Wie inlogt met e-mail"), _l("Eén stem per e-mailadres.")),
    Electorate.LETTER: (
        _l("Wie een brief kreeg"),
        _l("Eén stem per brief: op elk adres valt een code in de bus."),
    ),
    Electorate.AREA: (
        _l("Wie in een gebied woont"),
        _l(
            "Je logt in met e-mail en kiest je adres. Eén stem per e-mailadres. Het adres wordt niet bewezen."
        ),
    ),
    Electorate.OIDC: (_l("Wie inlogt bij de gemeente"), _l("Eén stem per persoon die de inlogdienst kent.")),
}
STATUSES = {
    Status.DRAFT: _l("Concept"),
    Status.ANNOUNCED: _l("Komt nog"),
    Status.OPEN: _l("Open"),
    Status.CLOSED: _l("Gesloten"),
    Status.COUNTED: _l("Geteld"),
    Status.PUBLISHED: _l("Uitslag"),
}
CONFLICT_STATES = {
    "proposed": _l("Nog niet beslist"),
    "confirmed": _l("Passen niet samen"),
    "waived": _l("Kunnen wel samen"),
}
_TIES = {
    "lower_cost": _l("het goedkoopste ontwerp"),
    "more_votes": _l("het ontwerp met de meeste stemmen"),
    "more_ballots": _l("het ontwerp dat op de meeste stembriefjes staat"),
    "better_than_more": _l("het ontwerp dat het van de meeste andere wint"),
    "code": _l("de letter die eerder in het alfabet staat"),
}


def kind_name(kind: str) -> str:
    """The name of a kind of ballot."""
    return str(KINDS[Kind(kind)][0])


def rule_name(rule: str) -> str:
    """The name of a rule."""
    return str(RULES[Rule(rule)][0])


def how_to_vote(kind: str, parameters: Mapping[str, Any], options: int) -> list[str]:
    """What a voter may do, a sentence each."""
    said = [str(KINDS[Kind(kind)][1])]
    least, most = parameters.get("min_choices", 1), parameters.get("max_choices", options)
    if kind == Kind.POINTS:
        said.append(
            _(
                "Je hebt %(n)s punten. Je hoeft ze niet allemaal te geven.",
                n=number(parameters.get("points", 0)),
            )
        )
    if kind == Kind.BUDGET:
        said.append(_("Het budget is %(budget)s.", budget=euro(float(parameters.get("budget_eur", 0)))))
    if least > 1:
        said.append(_("Kies er minstens %(n)d.", n=least))
    if most < options:
        said.append(_("Kies er hoogstens %(n)d.", n=most))
    return said


def how_it_counts(rule: str, parameters: Mapping[str, Any]) -> list[str]:
    """How winners come from the ballots, with every parameter that matters, a sentence each."""
    said = [f"{rule_name(rule)}: {RULES[Rule(rule)][1]}"]
    if rule in (Rule.EQUAL_SHARES, Rule.GREEDY, Rule.APPROVAL):
        budget = euro(float(parameters.get("budget_eur", 0)))
        said.append(_("Er is samen %(budget)s te besteden.", budget=budget))
    if rule == Rule.EQUAL_SHARES:
        said.append(str(COMPLETIONS[parameters.get("completion", "add1")]))
    # Without a budget and without a number one wins (`counting.contest`); a budget shared out has no number.
    winners = parameters.get("winners") or (0 if parameters.get("budget_eur") else 1)
    if winners and rule != Rule.EQUAL_SHARES:
        said.append(ngettext("Er wint %(num)d ontwerp.", "Er winnen hoogstens %(num)d ontwerpen.", winners))
    said.append(_("Van ontwerpen die niet samen passen, wint er hoogstens één."))
    ties = [str(_TIES[one]) for one in TIE_BREAKS[Rule(rule)].split(",")]
    said.append(_("Bij een gelijke stand gaat voor: %(list)s.", list=_(", dan ").join(ties)))
    return said


def who_may_vote(electorate: str, *, paper: int = 0) -> list[str]:
    """Who may vote, a sentence each."""
    name, about = ELECTORATES[Electorate(electorate)]
    said = [f"{name}. {about}"]
    if paper:
        said.append(_("Daarnaast zijn er genummerde stembriefjes op papier, die twee mensen invoeren."))
        if electorate != Electorate.LETTER:
            # Only the code of a letter ties the two together.
            said.append(_("Stem op papier of hier, niet allebei. Dat kunnen we niet nagaan."))
    return said


def meaning(promised: Promised) -> str:
    """What a result means: advice or decision, by what people were told when the round was frozen."""
    match promised.degree:
        case "decide":
            return _("Dit is een besluit. De gemeente voert uit wat er won, binnen de grenzen van de opgave.")
        case "co-produce":
            return _("Dit is de keuze van bewoners. Het gaat door als bewoners en gemeente het eens zijn.")
    said = _("Dit is een advies van bewoners. De gemeente mag ervan afwijken, en legt dan uit waarom.")
    if not promised.who_decides:
        return said
    deciding = _("Wie beslist: %(who)s", who=promised.who_decides)
    return f"{said} {deciding}"
