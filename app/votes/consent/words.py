"""What consent says on pages and in letters, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.language import current_language
from app.designs.catalogue import catalogue
from app.maps.names import object_name
from app.votes.consent.domain import Reply, Rule, Side, State, Status
from app.votes.consent.models import Consent

PRESETS = {
    "haarlem": _l("Zoals Haarlem: wie er recht voor woont, en 20 van 5 links, 5 rechts en 10 tegenover"),
    "nijmegen": _l("Zoals Nijmegen: niemand ernaast maakt bezwaar"),
    "own": _l("Eigen getallen"),
}
SIDES = {
    Side.FRONT: _l("Recht ervoor"),
    Side.LEFT: _l("Links"),
    Side.RIGHT: _l("Rechts"),
    Side.OPPOSITE: _l("Tegenover"),
}
REPLIES = {
    Reply.YES: _l("Ja, ik stem in"),
    Reply.NO: _l("Nee, liever niet"),
    Reply.OBJECTION: _l("Ik maak bezwaar"),
}
STATUSES = {
    Status.DRAFT: _l("In voorbereiding"),
    Status.COMING: _l("Brieven gemaakt, nog niet open"),
    Status.OPEN: _l("Loopt"),
    Status.OVER: _l("Voorbij"),
    Status.WITHDRAWN: _l("Gestopt"),
}
STATES = {
    State.BLOCKED: _l("De regel wordt alleen nog gehaald als iemand van antwoord verandert."),
    State.POSSIBLE: _l("De regel is nog niet gehaald. Het kan nog."),
    State.ON_COURSE: _l("Als het zo blijft, is de regel gehaald."),
    State.MET: _l("De regel is gehaald."),
    State.NOT_MET: _l("De regel is niet gehaald."),
}
VERDICTS = {
    State.BLOCKED: "niet",
    State.POSSIBLE: "open",
    State.ON_COURSE: "kan",
    State.MET: "kan",
    State.NOT_MET: "niet",
}
ACTS = {
    "asked": _l("Vraag aan buren begonnen"),
    "changed": _l("Regel of termijn gewijzigd"),
    "discarded": _l("Vraag weggegooid"),
    "struck": _l("Adres niet gevraagd"),
    "restored": _l("Adres toch gevraagd"),
    "added": _l("Adres toegevoegd"),
    "sent": _l("Brieven gemaakt"),
    "letter_again": _l("Nieuwe brief gemaakt"),
    "extended": _l("Laatste dag later gezet"),
    "withdrawn": _l("Vraag gestopt"),
    "paper": _l("Antwoord op papier ingevoerd"),
    "set": _l("Regel vastgesteld"),
}


def kind_name(kind: str | None) -> str:
    """The catalogue's name of an element kind."""
    found = catalogue().get(kind or "")
    return found.name(current_language()) if found else (kind or "")


def proposal(consent: Consent) -> str:
    """What is proposed, in a few words: `Parkeervak wordt: Regentuin`, `Bank komt erbij`."""
    there, new = object_name(consent.object_kind).capitalize(), kind_name(consent.kind)
    match consent.action:
        case "replace":
            return str(_("%(old)s wordt: %(new)s", old=there, new=new))
        case "add":
            return f"{new} {_('komt erbij')}"
        case "remove":
            return f"{there} {_('gaat weg')}"
        case "move":
            return f"{there} {_('verhuist')}"
    return f"{there} {_('blijft staan')}"


def asks(rule: Rule) -> str:
    """Whom a rule asks, in a sentence."""
    parts = [str(_("wie er recht voor woont"))]
    if rule.left:
        parts.append(ngettext("%(num)d adres links", "%(num)d adressen links", rule.left))
    if rule.right:
        parts.append(ngettext("%(num)d adres rechts", "%(num)d adressen rechts", rule.right))
    if rule.opposite:
        parts.append(ngettext("%(num)d adres tegenover", "%(num)d adressen tegenover", rule.opposite))
    return str(_("We vragen: %(who)s.", who=", ".join(parts)))


def wants(rule: Rule) -> list[str]:
    """What a rule wants, each part a sentence; all of them must hold."""
    found = []
    if rule.front_all:
        found.append(_("Iedereen die er recht voor woont zegt ja."))
    if rule.yes_needed:
        found.append(
            ngettext(
                "Van de anderen zegt minstens %(num)d adres ja.",
                "Van de anderen zeggen minstens %(num)d adressen ja.",
                rule.yes_needed,
            )
        )
    if rule.objections_allowed == 0:
        found.append(_("Niemand maakt bezwaar. Wie niets zegt, maakt geen bezwaar."))
    elif rule.objections_allowed is not None:
        found.append(
            ngettext(
                "Hoogstens %(num)d adres maakt bezwaar. Wie niets zegt, maakt geen bezwaar.",
                "Hoogstens %(num)d adressen maken bezwaar. Wie niets zegt, maakt geen bezwaar.",
                rule.objections_allowed,
            )
        )
    return [str(one) for one in found]


def counts_as(rule: Rule) -> str:
    """What a plain no and no answer do under a rule, for whoever answers."""
    if rule.objections_allowed is None:
        return str(_("Een nee, een bezwaar en geen antwoord tellen alle drie niet als ja."))
    if rule.front_all or rule.yes_needed:
        return str(
            _("Geen antwoord en een nee tellen niet als ja. Alleen “ik maak bezwaar” telt als bezwaar.")
        )
    return str(
        _(
            "Alleen “ik maak bezwaar” houdt het plan tegen. Een gewone nee laat zien dat je het liever"
            " niet hebt."
        )
    )
