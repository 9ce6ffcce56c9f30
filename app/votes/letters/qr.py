"""The square code on a letter that a telephone reads: the page, with the letter's own code behind the `#`.

What stands behind a `#` stays in the browser: no server, proxy or log sees it, and no other page is told.
The page fills it in and takes it out of the address at once (`frontend/src/ballot/letterCode.ts`). No Flask,
no SQL.
"""

from __future__ import annotations

import io

import segno

# Modules of white around it, as the standard asks (ISO/IEC 18004).
QUIET = 4
INK = "#17292e"


def address_with_code(page: str, code: str) -> str:
    """`https://straat.example.nl/r/7c1d0f2a#code=7H2K9QRD4M0W`."""
    return f"{page}#code={code}"


def picture(page: str, code: str) -> str:
    """The QR code of a page (an address on the web) with the code of one letter, as SVG.

    Error correction M: a fold or a stain of some 15 % does no harm.
    """
    made = io.BytesIO()
    square = segno.make(address_with_code(page, code), micro=False, error="m", boost_error=False)
    square.save(made, kind="svg", border=QUIET, dark=INK, light="#ffffff", xmldecl=False)
    return made.getvalue().decode()
