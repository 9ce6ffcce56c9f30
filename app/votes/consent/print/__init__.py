"""Letters on paper: a tagged PDF (PDF/UA-1), one page a letter, set by Typst in our own letter. No Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from app.core.printable import printable
from app.designs.section_print import FOLDER as SECTION_FOLDER

SOURCE = Path(__file__).parent / "letter.typ"
FONTS = SECTION_FOLDER / "fonts"


@dataclass(frozen=True, slots=True)
class Letter:
    """To which address (no name), the code as it is printed, and our own SVG of the page with that code."""

    address: str
    code: str
    qr: str


@dataclass(frozen=True, slots=True)
class Letters:
    """All that stands in the letters, in words. `lang` is `nl` or `en`; `picture` is our own SVG."""

    lang: str
    title: str
    description: str
    sender: str
    to: str
    intro: str
    what_heading: str
    proposal: str
    design: str
    rule_heading: str
    rule: Sequence[str]
    picture: str
    picture_alt: str
    how_heading: str
    address_label: str
    page_address: str
    code_label: str
    scan: str
    scan_alt: str
    until_label: str
    until: str
    notes: Sequence[str]
    source: str
    letters: Sequence[Letter]


def printed(letters: Letters) -> bytes:
    """The letters as one PDF."""
    # Loaded only when somebody prints: it is large.
    import typst

    made = typst.compile(
        str(SOURCE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": orjson.dumps(printable(asdict(letters), FONTS)).decode()},
        pdf_standards=["ua-1"],
    )
    return made if isinstance(made, bytes) else b"".join(made or [])
