"""The words of a comparison: what differs about a change, and figures beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formatting import euro_range, number
from app.designs.compare import Difference, Size
from app.designs.compare_effects import Figure, FigureDifference, Ratio
from app.pages import words

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
    """One side's figure; `stands_out`: where this side yields most (or costs least), with the word for it."""

    text: str
    word: str = ""
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sides; `note` is what holds for both."""

    icon: str
    name: str
    note: str
    a: Cell
    b: Cell


def rows(figures: Iterable[FigureDifference]) -> list[Row]:
    """The figures that pages show and that at least one side changes, the costs first."""
    known = {figure.name: figure for figure in figures}
    found = [_cost(known[COST])] if COST in known else []
    for name, (icon, title) in words.EFFECTS.items():
        figure = known.get(name)
        if figure is not None and _changes(figure):
            found.append(_row(figure, icon, str(title)))
    return found


def _changes(figure: FigureDifference) -> bool:
    return any(
        side is not None and (side.low, side.high) != (side.before,) * 2 for side in (figure.a, figure.b)
    )


def _cost(figure: FigureDifference) -> Row:
    texts = [euro_range(side.low, side.high) if side else _unknown() for side in (figure.a, figure.b)]
    ratio = _as_read(figure.ratio, *texts)
    return Row(
        "i-euro",
        _("Kosten"),
        _note(ratio),
        _cell(texts[0], _("lager"), ratio is Ratio.B_MORE),
        _cell(texts[1], _("lager"), ratio is Ratio.A_MORE),
    )


def _row(figure: FigureDifference, icon: str, name: str) -> Row:
    unit = "\u00a0m²" if figure.unit == "m2" else ""
    texts = [_range(side, unit) for side in (figure.a, figure.b)]
    ratio = _as_read(figure.ratio, *texts)
    note = _note(ratio)
    if figure.before is not None:
        before = _("nu %(n)s", n=number(figure.before) + unit)
        note = f"{before}, {note}" if note else before
    return Row(
        icon,
        name,
        note,
        _cell(texts[0], _("meer"), ratio is Ratio.A_MORE),
        _cell(texts[1], _("meer"), ratio is Ratio.B_MORE),
    )


def _as_read(ratio: Ratio, a: str, b: str) -> Ratio:
    """What reads the same after rounding does not stand out."""
    return Ratio.ABOUT_EQUAL if a == b and ratio in (Ratio.A_MORE, Ratio.B_MORE) else ratio


def _note(ratio: Ratio) -> str:
    if ratio is Ratio.EQUAL:
        return str(_("gelijk"))
    return str(_("ongeveer gelijk")) if ratio is Ratio.ABOUT_EQUAL else ""


def _cell(text: str, word: str, stands_out: bool) -> Cell:
    return Cell(text, word if stands_out else "", stands_out)


def _range(side: Figure | None, unit: str) -> str:
    if side is None:
        return _unknown()
    low, high = number(side.low), number(side.high)
    return (low if low == high else f"{low} – {high}") + unit


def _unknown() -> str:
    return str(_("niet berekend"))
