"""Texts of people on paper: what our letter has no shape for is printed as a box.

An accessible PDF (PDF/UA-1) has a shape for every character, and Typst makes none otherwise: one emoji in a
title would leave everybody without letters. Which characters have one is asked of Typst itself, once each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BOX = "□"
# Letters of the languages around us; every one of our fonts has them.
_SURE = frozenset(chr(code) for code in range(0x20, 0x17F) if not 0x7F <= code < 0xA0) | {"\n", "\t"}
# So many strange characters are asked about for one document, the common scripts first; the others are boxes.
MOST_ASKED = 80
_NAMED = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}")
_PROBE = b"""#set document(title: "x")
#set text(font: ("Atkinson Hyperlegible Next", "Libertinus Serif"))
#sys.inputs.text #text(weight: 700, sys.inputs.text)
"""
_known: dict[str, bool] = {}


def printable(value: Any, fonts: Path) -> Any:
    """The same data (texts, numbers, lists, mappings) with every text as it can be printed.

    `fonts` is the folder that the document is set with. Marks that only steer (control characters) go.
    """
    strange = {letter for text in _texts(value) for letter in text} - _SURE
    _ask(strange - _known.keys(), fonts)
    gone = {ord(letter): _instead(letter) for letter in strange if not _known.get(letter, False)}
    return _replaced(value, gone) if gone else value


def _instead(letter: str) -> str:
    return "" if unicodedata.category(letter)[0] in "CM" else BOX


def _ask(letters: set[str], fonts: Path) -> None:
    """Find out which have a shape: an error names one that has none, then the others are asked again."""
    if not letters:
        return
    # Loaded only when somebody prints: it is large.
    import typst

    left = set(sorted(letters)[:MOST_ASKED])
    while left:
        try:
            typst.compile(  # type: ignore[misc]
                _PROBE,
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                sys_inputs={"text": " ".join(sorted(left))},
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            without = left & set(_named(str(error)))
            if not without:
                return
            _known.update(dict.fromkeys(without, False))
            left -= without
        else:
            _known.update(dict.fromkeys(left, True))
            return


def _named(message: str) -> str:
    found = _NAMED.search(message)
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _replaced(value: Any, gone: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(gone)
    if isinstance(value, Mapping):
        return {name: _replaced(one, gone) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, gone) for one in value]
    return value
