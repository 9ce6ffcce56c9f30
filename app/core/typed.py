"""Numbers as people type them, in the digits that `float` and `Decimal` read."""

from __future__ import annotations

import re

# One kind of mark between groups of three, and a mark of another kind before cents.
_GROUPED = re.compile(
    r"([1-9]\d{0,2}(?P<mark>[., '])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](\d{1,2}))?"
)
_WITH_CENTS = re.compile(r"(\d+),(\d{1,2})")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})


def amount_typed(text: str) -> str:
    """An amount of money, or a count, without what only people read; a text that is none stays as it is.

    Three digits after a mark are thousands and one or two are cents, in every language: `12.500`, `12,500`,
    `12 500` and `€ 12.500,00` are twelve and a half thousand, `99,50` and `99.50` ninety-nine and a half.
    (To `Decimal`, `12.500` is twelve and a half.)
    """
    plain = text.translate(_BLANKS).strip().removeprefix("€").strip()
    if grouped := _GROUPED.fullmatch(plain):
        whole = grouped[1].replace(grouped["mark"], "")
        return f"{whole}.{grouped[3]}" if grouped[3] else whole
    if cents := _WITH_CENTS.fullmatch(plain):
        return f"{cents[1]}.{cents[2]}"
    return plain
