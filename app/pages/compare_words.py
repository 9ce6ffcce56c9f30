"""The words of a comparison: what differs about a change, and figures beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formatting import euro_range, number
from app.core.language import current_language
from app.designs.compare import Difference, Size
from app.designs.compare_effects import Figure, FigureDifference, Ratio
from app.designs.effect_words import amount, amount_range
from app.pages import words
from geodata import metrics
from geodata.metrics import Metric

COST = "cost_eur"
DIRECTIONS = {
    "n": _l("het noorden"),
    "ne": _l("het noordoosten"),
    "e": _l("het oosten"),
    "se": _l("het zuidoosten"),
    "s": _l("het zuiden"),
    "sw": _l("het zuidwesten"),
    "w": _l("het westen"),
    "nw": _l("het noordwesten"),
}
SIZES = {
    "length": _l("Lengte"),
    "width": _l("Breedte"),
    "height": _l("Hoogte"),
    "area": _l("Oppervlak"),
}
# The mark's class, its icon and its word; the most serious first.
VERDICTS = {
    "conflict": ("v-niet", "v-niet", _l("kan niet zo")),
    "conditional": ("v-mits", "v-mits", _l("kan, mits")),
    "unchecked": ("v-open", "v-open", _l("niet gecontroleerd")),
    "fits": ("v-kan", "v-kan", _l("kan")),
}


def said(one: Difference) -> list[str]:
    """What differs within a pair, a short sentence for each thing."""
    a, b = one.a, one.b
    if a is None or b is None:
        return []
    found = []
    if one.other_action:
        found.append(_("In A: %(a)s. In B: %(b)s.", a=words.ACTIONS[a.action], b=words.ACTIONS[b.action]))
    if one.other_kind:
        names = {"a": words.element_name(a.kind), "b": words.element_name(b.kind)}
        found.append(_("In A: %(a)s. In B: %(b)s.", **names))
    if one.move:
        found.append(
            _(
                "In B staat het %(distance)s meer naar %(direction)s.",
                distance=metres(one.move.distance_m),
                direction=DIRECTIONS[one.move.direction],
            )
        )
    if one.turn_deg:
        found.append(_turned(one.turn_deg))
    found += [_size(size) for size in one.sizes]
    if one.other_shape and not one.sizes:
        found.append(_("In B heeft het een andere vorm."))
    return found


def metres(value: float) -> str:
    """`40 cm`, `2,4 m`."""
    if value < 1:
        return f"{number(round(value * 100))}\u00a0cm"
    return f"{number(value, 1)}\u00a0m"


def _turned(degrees: float) -> str:
    if abs(degrees) == 180:
        return str(_("In B is het omgedraaid."))
    n = number(abs(degrees))
    if degrees > 0:
        return str(_("In B is het %(n)s graden rechtsom gedraaid.", n=n))
    return str(_("In B is het %(n)s graden linksom gedraaid.", n=n))


def _size(size: Size) -> str:
    def amount(value: float | None) -> str:
        if value is None:
            return str(_("niet opgegeven"))
        return f"{number(value)}\u00a0m²" if size.what == "area" else metres(value)

    return str(
        _("%(size)s: %(a)s in A, %(b)s in B.", size=SIZES[size.what], a=amount(size.a), b=amount(size.b))
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One side's figure; `stands_out`: where this side is ahead of the other in what is aimed for."""

    text: str
    word: str = ""
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sides; `note` is what holds for both."""

    name: str
    note: str
    a: Cell
    b: Cell


def rows(figures: Iterable[FigureDifference]) -> tuple[list[Row], list[Row]]:
    """The figures that at least one side changes: those that every page tells, and the others."""
    known = {figure.name: figure for figure in figures}
    table = metrics.load().figures
    first = [_row(known[name], table[name]) for name in (COST, *words.EFFECTS) if _tells(known.get(name))]
    others = [
        _row(known[name], metric)
        for name, metric in table.items()
        if metric.core and name not in (COST, *words.EFFECTS) and _tells(known.get(name))
    ]
    return first, others


def _tells(figure: FigureDifference | None) -> TypeGuard[FigureDifference]:
    """Whether there is something to read: a side that changes it, or the costs."""
    if figure is None or figure.name == COST:
        return figure is not None
    return any(
        side is not None and (side.low, side.high) != (side.before,) * 2 for side in (figure.a, figure.b)
    )


def _row(figure: FigureDifference, metric: Metric) -> Row:
    a, b = _amount(figure.a, metric), _amount(figure.b, metric)
    ratio = figure.ratio
    if a == b and ratio in (Ratio.A_MORE, Ratio.B_MORE):
        # What reads the same does not stand out.
        ratio = Ratio.ABOUT_EQUAL
    notes = []
    if figure.before is not None and metric.measure == "state":
        notes.append(_("nu %(n)s", n=amount(figure.before, metric.unit, metric.digits)))
    if ratio is Ratio.EQUAL:
        notes.append(_("gelijk"))
    elif ratio is Ratio.ABOUT_EQUAL:
        notes.append(_("ongeveer gelijk"))
    return Row(
        metric.title(current_language()),
        ", ".join(notes),
        _cell(a, metric, leads=ratio is Ratio.A_MORE, trails=ratio is Ratio.B_MORE),
        _cell(b, metric, leads=ratio is Ratio.B_MORE, trails=ratio is Ratio.A_MORE),
    )


def _cell(text: str, metric: Metric, *, leads: bool, trails: bool) -> Cell:
    """Yellow is for what is aimed for; where that depends on whom one asks, only the word is there."""
    if metric.better == "less":
        word = _("lager") if metric.group == "money" else _("minder")
        return Cell(text, word, True) if trails else Cell(text)
    return Cell(text, _("meer"), metric.better == "more") if leads else Cell(text)


def _amount(side: Figure | None, metric: Metric) -> str:
    if side is None:
        return str(_("niet berekend"))
    if metric.name == COST:
        return euro_range(side.low, side.high)
    if metric.measure != "neighbourhood":
        return amount_range(side.low, side.high, metric.unit, metric.digits)
    # One street hardly moves a neighbourhood: only the change says something.
    low, high = side.low - side.before, side.high - side.before
    more = "+" if low > 0 else ""
    return more + amount_range(low, high, metric.unit, metric.digits)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many changes of a side have a verdict: the class and icon of its mark, and the words."""

    mark: str
    icon: str
    text: str


def verdicts(changes: Iterable[str]) -> list[Verdicts]:
    """The verdicts of a side, the most serious first."""
    counted = Counter(changes)
    return [
        Verdicts(mark, icon, f"{number(counted[name])} {title}")
        for name, (mark, icon, title) in VERDICTS.items()
        if counted[name]
    ]
