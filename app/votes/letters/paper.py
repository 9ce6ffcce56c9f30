"""Letters on paper: one page an address, with its code, as a tagged PDF set by Typst. No Flask, no SQL.

The codes are readable here and nowhere else; whoever asks for the letters gets the file, and we keep none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from app.core.printable import printable
from app.votes.letters import qr
from app.votes.letters.domain import Addressed, shown

FOLDER = Path(__file__).parent / "print"
FONTS = Path(__file__).parents[2] / "designs" / "print" / "fonts"


@dataclass(frozen=True, slots=True)
class LetterText:
    """What every letter of a batch says. `address` is where to go on the web; `lang` is `nl` or `en`.

    `scan` invites to read the square code instead, and `scan_alt` is its text alternative.
    """

    lang: str
    sender: str
    title: str
    greeting: str
    paragraphs: Sequence[str]
    address_label: str
    address: str
    code_label: str
    scan: str
    scan_alt: str
    footer: str


def letters_pdf(letters: Sequence[tuple[str, Addressed]], text: LetterText) -> bytes:
    """All letters as one PDF (PDF/UA-1), a page each, in the order given."""
    # Loaded only when somebody prints: it is large.
    import typst

    data = {
        **asdict(text),
        "letters": [
            {"to": to.text, "code": shown(code), "qr": qr.picture(text.address, code)} for code, to in letters
        ],
    }
    made = typst.compile(
        str(FOLDER / "letter.typ"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": orjson.dumps(printable(data, FONTS)).decode()},
        pdf_standards=["ua-1"],
    )
    return made if isinstance(made, bytes) else b"".join(made or [])
