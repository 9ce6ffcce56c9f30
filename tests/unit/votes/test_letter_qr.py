"""The square code on a letter, read back by another program from paper as it is printed."""

from __future__ import annotations

import io

import typst
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.votes.letters import paper, qr
from app.votes.letters.domain import ALPHABET, LENGTH, Addressed

PAGE = "https://straat.gemeente.example.nl/r/7c1d0f2a"
# What a plain telephone sees of a sheet at arm's length, in dots per inch of paper.
SEEN_PPI = 100
CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def seen(svg: str, side_mm: int) -> list[str]:
    """What a reader finds on a sheet with the picture, so many millimetres wide."""
    page = "#set page(width: 60mm, height: 60mm, margin: 8mm)"
    picture = f"#image(bytes(sys.inputs.svg), width: {side_mm}mm)"
    made = typst.compile(f"{page}\n{picture}".encode(), format="png", ppi=SEEN_PPI, sys_inputs={"svg": svg})
    assert isinstance(made, bytes)
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(made)))]


@settings(max_examples=20, deadline=None)
@given(code=CODES)
def test_a_telephone_reads_the_page_with_the_code_behind_the_hash(code: str) -> None:
    assert seen(qr.picture(PAGE, code), 28) == [f"{PAGE}#code={code}"]


def test_a_long_address_of_a_municipality_is_still_read() -> None:
    page = "https://meedenken-over-je-straat.gemeente-met-een-lange-naam.example.nl/en/consent/1234567"
    assert seen(qr.picture(page, "7H2K9QRD4M0W"), 28) == [f"{page}#code=7H2K9QRD4M0W"]


def test_what_a_server_is_asked_for_has_no_code_in_it() -> None:
    address = qr.address_with_code(PAGE, "7H2K9QRD4M0W")
    # RFC 3986, 3.5: what stands behind the first # is never sent.
    asked, _hash, kept = address.partition("#")
    assert asked == PAGE
    assert "7H2K9QRD4M0W" in kept


def test_each_square_has_a_text_alternative() -> None:
    text = paper.LetterText(
        "nl",
        "Gemeente",
        "Kiezen",
        "Beste bewoner,",
        ["Stem mee."],
        "Ga naar",
        PAGE,
        "De code",
        "Of scan het vierkant.",
        "QR-code",
        "Voet",
    )
    codes = ("7H2K9QRD4M0W", "000000000000")
    pdf = paper.letters_pdf([(code, Addressed(f"Kade {n}")) for n, code in enumerate(codes)], text)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Alt") >= len(codes)
