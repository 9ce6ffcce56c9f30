"""A result in sentences: why an option won or lost, who paid what, how firmly it stands, who is missing.

They are made of the result document, in the language of the reader; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formatting import euro_and_cents, number

RULE_NAMES = {
    "mes": _l("Gelijke delen"),
    "greedy": _l("Meeste stemmen, wat past"),
    "approval": _l("Meeste stemmen, tot het op is"),
    "schulze": _l("Volgorde: wie wint elk duel"),
    "points": _l("Meeste punten"),
    "first": _l("Alleen eerste keuzes"),
}
RULE_ABOUT = {
    "mes": _l(
        "Iedere stemmer krijgt een even groot deel van het geld. Een ontwerp wint als zijn stemmers het samen"
        " kunnen betalen. Zo krijgt ook een kleinere groep iets."
    ),
    "greedy": _l("Wat de meeste stemmen heeft wint. Wat daarna niet meer past, slaan we over."),
    "approval": _l("Wat de meeste stemmen heeft wint, tot het eerste dat niet meer past."),
    "schulze": _l(
        "We vergelijken steeds twee ontwerpen: welk zetten meer mensen hoger? Wie van alle andere wint, staat"
        " bovenaan. Gaat het in een kring, dan tellen de sterkste overwinningen (de methode van Schulze)."
    ),
    "points": _l("We tellen alle punten op. Wat daarna niet meer past, slaan we over."),
    "first": _l("Alleen wat mensen bovenaan zetten telt."),
}
# From so many per cent of the tries, what we call it.
FIRM, FAIRLY = 95, 75


def amount(text: str) -> str:
    """An amount from a result, in euros and cents."""
    return euro_and_cents(Decimal(text))


def why(option: Mapping[str, Any], count: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Why an option won or lost, with the amounts, in one to three sentences."""
    return _why_won(option, count) if option["won"] else _why_lost(option, count, titles)


def _why_won(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    if count["rule"]["name"] == "mes":
        return f"{_votes(option, count)} {_payment(option)}"
    return _standing(option, count)


def _votes(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "%(num)d van de %(all)s stemmers koos dit.",
            "%(num)d van de %(all)s stemmers kozen dit.",
            option["votes"],
            all=number(count["ballots"]),
        )
    )


def _payment(option: Mapping[str, Any]) -> str:
    payment, cost = option.get("payment", {}), amount(option["cost"])
    if Decimal(option["cost"]) == 0:
        return str(_("Het kost niets."))
    if not payment:
        return str(_("Samen konden zij de kosten van %(cost)s betalen uit hun deel.", cost=cost))
    if "in_full" not in payment:
        return str(
            _(
                "Samen betalen zij de kosten van %(cost)s, ieder hooguit %(share)s uit zijn deel.",
                cost=cost,
                share=amount(payment["share"]),
            )
        )
    shares = ngettext(
        "Van de kosten van %(cost)s betaalt %(num)d stemmer %(share)s uit zijn deel.",
        "Van de kosten van %(cost)s betalen %(num)d stemmers ieder %(share)s uit hun deel.",
        payment["in_full"],
        cost=cost,
        share=amount(payment["share"]),
    )
    if not payment["with_the_rest"]:
        return str(shares)
    rest = ngettext(
        "%(num)d andere had minder over en betaalt de rest die er was: %(rest)s.",
        "%(num)d anderen hadden minder over en betalen samen de rest die er was: %(rest)s.",
        payment["with_the_rest"],
        rest=amount(payment["rest_total"]),
    )
    return f"{shares} {rest}"


def _points(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "Kreeg %(points)s punten, van %(num)d stemmer.",
            "Kreeg %(points)s punten, van %(num)d stemmers.",
            option["votes"],
            points=number(count["points"][option["code"]]),
        )
    )


def _duels(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    ranking = count["ranking"]
    if "duels" not in ranking:
        return str(_("Staat op plaats %(place)d.", place=ranking["order"].index(option["code"]) + 1))
    codes, at = ranking["candidates"], ranking["candidates"].index(option["code"])
    won = sum(ranking["duels"][at][other] > ranking["duels"][other][at] for other in range(len(codes)))
    place = ranking["order"].index(option["code"]) + 1
    said = _(
        "Staat op plaats %(place)d. Het wint %(won)d van de %(all)d duels met een ander ontwerp.",
        place=place,
        won=won,
        all=len(codes) - 1,
    )
    if place == 1 and won < len(codes) - 1:
        circle = _("Geen ontwerp wint al zijn duels. Dan tellen de sterkste overwinningen.")
        return f"{said} {circle}"
    return str(said)


def _why_lost(option: Mapping[str, Any], count: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    cost, left = amount(option["cost"]), amount(option.get("left", "0"))
    match option["reason"]:
        case "no_support":
            return str(_("Niemand koos dit."))
        case "over_budget":
            return str(
                _("Het kost %(cost)s. Dat is meer dan het hele budget van %(left)s.", cost=cost, left=left)
            )
        case "too_dear" if "left" not in option:
            said = _("Het kost %(cost)s. Dat hebben de mensen die dit kozen samen niet meer over.", cost=cost)
            return f"{_votes(option, count)} {said} {_besides(option, count, titles)}"
        case "too_dear":
            said = _(
                "Het kost %(cost)s. De mensen die dit kozen hebben samen nog %(left)s over: te weinig.",
                cost=cost,
                left=left,
            )
            return f"{_votes(option, count)} {said} {_besides(option, count, titles)}"
        case "excluded":
            return _excluded(option, count, titles[option["by"]])
        case "does_not_fit":
            said = _(
                "Het kost %(cost)s, en er was nog %(left)s toen het aan de beurt kwam.", cost=cost, left=left
            )
            return f"{_standing(option, count)} {said}"
        case "after_the_last":
            said = _("Het kreeg minder steun dan het eerste ontwerp dat niet meer paste.")
        case _:
            said = _("Er konden niet meer ontwerpen winnen.")
    return f"{_standing(option, count)} {said}"


def _besides(option: Mapping[str, Any], count: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What else stood in the way of an option that its voters could not pay: a winner beside which it cannot
    be, or what was left of the whole budget, which people look at first."""
    code = option["code"]
    others = {other for pair in count["conflicts"] if code in pair for other in pair if other != code}
    by = next((winner for winner in count["winners"] if winner in others), None)
    if by is not None:
        return str(_("Het kan ook niet samen met “%(by)s”.", by=titles[by]))
    left = Decimal(count["budget"]) - Decimal(count["total_cost"])
    if Decimal(option["cost"]) > left:
        return str(_("Van het budget was ook te weinig over: %(left)s.", left=amount(str(left))))
    return str(
        _(
            "Van het budget was nog %(left)s over, maar dat is het deel van mensen die iets anders kozen.",
            left=amount(str(left)),
        )
    )


def purse(count: Mapping[str, Any]) -> str:
    """What every voter had to spend under the Method of Equal Shares; empty for other rules."""
    rule = count["rule"]
    if rule["name"] != "mes" or not count["ballots"]:
        return ""
    first = amount(rule["first_endowment"])
    if "endowment" not in rule:
        return str(
            _(
                "Ieder had %(first)s te besteden. Bleef er daarna geld over, dan telden we opnieuw met"
                " steeds een euro meer, zolang de winnaars samen binnen het budget bleven.",
                first=first,
            )
        )
    if not rule.get("increases"):
        return str(_("Ieder had %(first)s te besteden.", first=first))
    return str(
        _(
            "Ieder had eerst %(first)s te besteden. Omdat er dan geld overblijft, telden we opnieuw met"
            " steeds een euro meer, zolang de winnaars samen binnen het budget bleven. Zo werd het %(last)s.",
            first=first,
            last=amount(rule["endowment"]),
        )
    )


def _excluded(option: Mapping[str, Any], count: Mapping[str, Any], by: str) -> str:
    said = _("Het kan niet samen met “%(by)s”, dat minstens zoveel steun had.", by=by)
    return f"{_standing(option, count)} {said}"


def _standing(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    match count["rule"]["name"]:
        case "points":
            return _points(option, count)
        case "schulze":
            return _duels(option, count)
        case _:
            return _votes(option, count)


def stability(option: Mapping[str, Any], count: Mapping[str, Any]) -> str:
    """How firmly an option won or lost: a number of tries, and what we call that."""
    tries, wins = count["stability"]["tries"], count["stability"]["wins"][option["code"]]
    if not tries:
        return ""
    if option["won"]:
        said = _("In %(wins)d van de %(tries)d proeven wint dit ook.", wins=wins, tries=tries)
    elif wins == 0:
        said = _("In geen van de %(tries)d proeven wint dit.", tries=tries)
    else:
        said = _("In %(wins)d van de %(tries)d proeven zou dit wel winnen.", wins=wins, tries=tries)
    same = 100 * (wins if option["won"] else tries - wins) / tries
    if same >= FIRM:
        verdict = _("Dat staat stevig vast.")
    elif same >= FAIRLY:
        verdict = _("Dat is vrij zeker.")
    else:
        verdict = _("Dat scheelde weinig.")
    return f"{said} {verdict}"


def distance(band: str) -> str:
    """`0-50` as `minder dan 50 meter`, `1000-` as `1.000 meter en verder`."""
    low, _dash, high = band.partition("-")
    if not low.isdecimal() or (high and not high.isdecimal()):
        return band or str(_("adres niet bekend"))
    if not high:
        return str(_("%(low)s meter en verder", low=number(int(low))))
    if low == "0":
        return str(_("minder dan %(high)s meter", high=number(int(high))))
    return str(_("%(low)s tot %(high)s meter", low=number(int(low)), high=number(int(high))))


def distances(bands: list[str]) -> str:
    """Merged bands in one go: `50-100` and `100-250` as `50 tot 250 meter`."""
    known = [band for band in bands if band]
    if len(known) < 2:
        return " / ".join(distance(band) for band in bands)
    merged = distance(f"{known[0].split('-')[0]}-{known[-1].partition('-')[2]}")
    return merged if len(known) == len(bands) else f"{merged}; {distance('')}"


def neighbourhoods(names: list[str]) -> str:
    """Merged neighbourhoods, by name; where it is not known, or too few live there to tell, that is said."""
    known = sorted(name for name in names if name)
    return ", ".join([*known, *([] if len(known) == len(names) else [str(_("buurt niet bekend"))])])


def gap(row: Mapping[str, Any]) -> str:
    """How far the turnout of a place lies from that of all, and how sure that is; empty where not known."""
    if "gap_points" not in row:
        return ""
    low, high = row["gap_points"]
    if high < 0:
        return str(_("Minder dan gemiddeld: %(low)d tot %(high)d procentpunt lager.", low=-high, high=-low))
    if low > 0:
        return str(_("Meer dan gemiddeld: %(low)d tot %(high)d procentpunt hoger.", low=low, high=high))
    return str(_("Geen duidelijk verschil met gemiddeld."))


def percent(part: int, whole: int) -> str:
    """A share as whole per cents; empty without a whole."""
    return "" if not whole else f"{number(round(100 * part / whole))}%"
