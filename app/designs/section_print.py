"""A cross-section on paper: a tagged PDF (PDF/UA-1) and a PNG, set by Typst in our own letter. No Flask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson

from app.core.printable import printable

FOLDER = Path(__file__).parent / "print"
# Sharp on paper at A4 and still a small file: 1,754 by 1,240 pixels.
PNG_PPI = 150
# Room for a picture with the other below it, and with the other beside it.
STACKED_MM, BESIDE_MM = (267.0, 60.0), (127.0, 120.0)
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """One of the pictures, its text alternative, and the same as table rows and a list."""

    heading: str
    svg: str
    alt: str
    rows: Sequence[tuple[str, str, str]]
    things: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the second page."""

    heading: str
    columns: tuple[str, str, str]
    things: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on paper. `lang` is `nl` or `en`; `made` says when, `source` whose map it is."""

    lang: str
    title: str
    description: str
    place: str
    pictures: Sequence[PrintedPicture]
    notes: str
    source: str
    made: str
    words: Words


def printed(sheet: Sheet, form: Literal["pdf", "png"]) -> bytes:
    """The sheet as a PDF of two pages, or its first page as a PNG."""
    # Loaded only when somebody prints: it is large.
    import typst

    data = printable(asdict(sheet), FOLDER / "fonts")
    data |= _sizes([picture["svg"] for picture in data["pictures"]])
    inputs = {"data": orjson.dumps(data).decode()}
    source, fonts = str(FOLDER / "section.typ"), [str(FOLDER / "fonts")]
    if form == "pdf":
        made = typst.compile(
            source, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=["ua-1"]
        )
    else:
        made = typst.compile(
            source, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs, format="png", ppi=PNG_PPI
        )
    # A document of several pages comes as one PDF, but as a list of PNGs.
    return made if isinstance(made, bytes) else b"".join((made or [])[:1])


def _sizes(svgs: Sequence[str]) -> dict[str, object]:
    """How wide the pictures are printed, the same for both, and whether they stand side by side.

    Whatever makes them larger: a narrow street side by side, a broad one below each other.
    """
    forms = [found.groups() for svg in svgs if (found := _SIZE.search(svg))]
    ratios = [float(wide) / float(high) for wide, high in forms] or [2.0]
    stacked, beside = (
        min(min(wide, high * ratio) for ratio in ratios) for wide, high in (STACKED_MM, BESIDE_MM)
    )
    return {"width_mm": max(stacked, beside), "beside": beside > stacked}
