"""A list of addresses that a planner pastes or uploads: addresses only, never names. No Flask, no SQL.

With a first line that names the columns (`straat;huisnummer;toevoeging;postcode;plaats`, or `adres`) each row
becomes an address; without one each line is an address as it stands.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.votes.letters.domain import LONGEST_ADDRESS, MOST_LETTERS, Addressed

# The columns that we read, by the words people use for them.
COLUMNS = {
    "address": {"adres", "address", "straat en huisnummer", "adresregel", "adresregel 1"},
    "street": {"straat", "straatnaam", "street", "openbareruimte", "openbare ruimte"},
    "number": {"huisnummer", "nummer", "nr", "huisnr", "number", "house number"},
    "letter": {"huisletter", "letter"},
    "addition": {"toevoeging", "huisnummertoevoeging", "huisnummer toevoeging", "addition"},
    "postcode": {"postcode", "pc", "postal code", "zip"},
    "place": {"plaats", "woonplaats", "stad", "city", "town"},
}
# Columns about a person. Somebody who exports a list from a register often has them without noticing.
_PERSON = re.compile(
    r"naam|\bname\b|voorl|initia|aanhef|geslacht|bewoner|resident|e-?mail|telef|phone|mobiel"
    r"|\bbsn\b|geboort|birth|titel|\bdhr|\bmevr"
)
_PLACE = re.compile(r"straat|plaats|openbare ?ruimte|street|gemeente")
_NAMED = re.compile(
    r"^(dhr|mw|mevr|mevrouw|de heer|heer|fam|familie|de bewoners?|mr|mrs|ms)\b[.]?", re.IGNORECASE
)
_HAS_NUMBER = re.compile(r"\d")
_POSTCODE = re.compile(r"^[1-9][0-9]{3}\s?[A-Za-z]{2}\b")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a list: `kind` for the sentence, the line from 1 (0: the whole), and the words."""

    kind: str
    line: int = 0
    words: str = ""


@dataclass(slots=True)
class MailingList:
    """Addresses in the order of the list, and everything that is wrong with it."""

    addresses: list[str] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def read_list(text: str) -> MailingList:
    """Read a pasted or uploaded list. At most `MOST_LETTERS` addresses of `LONGEST_ADDRESS` characters."""
    found = MailingList()
    rows = _rows(text)
    if not rows:
        found.wrong.append(Wrong("empty"))
        return found
    header = [_plain(cell) for cell in rows[0][1]]
    personal = [cell for cell in header if _PERSON.search(cell) and not _PLACE.search(cell)]
    if personal:
        found.wrong += [Wrong("names", rows[0][0], cell) for cell in personal]
        return found
    columns = _columns(header)
    for line, cells in rows[1:] if columns else rows:
        address = _from_columns(columns, cells) if columns else _as_written(cells)
        problem = _problem(address)
        if problem:
            found.wrong.append(Wrong(problem, line, address[:80]))
        else:
            found.addresses.append(address)
        if len(found.addresses) > MOST_LETTERS:
            found.wrong.append(Wrong("too_many"))
            break
    if not found.addresses and not found.wrong:
        found.wrong.append(Wrong("empty"))
    return found


def with_places(addresses: Iterable[str], known: Iterable[Addressed]) -> list[Addressed]:
    """The addresses, each with what is known of the imported one of that street and number."""
    by_label = {_plain(one.text): one for one in known}
    found = []
    for address in addresses:
        match = by_label.get(_plain(address)) or by_label.get(_plain(address.split(",")[0]))
        found.append(replace(match, text=address) if match else Addressed(address))
    return found


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Lines that are not empty with their number, cut into cells."""
    # Characters that steer and are not seen could make one address look like another.
    text = "".join(c for c in unicodedata.normalize("NFC", text) if c in "\r\n\t" or not _steers(c))
    first = next((line for line in text.splitlines() if line.strip()), "")
    # A comma may stand within an address (`Kade 1, 2611 AB Delft`): it parts only columns with names.
    separator = next((one for one in (";", "\t") if one in first), None)
    if separator is None and "," in first and not _HAS_NUMBER.search(first):
        separator = ","
    if separator is None:
        return [(n, [line.strip()]) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    try:
        read = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []
    return [(n, cells) for n, cells in enumerate(read, 1) if any(cell.strip() for cell in cells)]


def _steers(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C"


def _columns(header: list[str]) -> dict[str, int]:
    """Where the columns are that we know; nothing where the first line is an address already."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        for name, words in COLUMNS.items():
            if cell in words:
                found.setdefault(name, index)
    return found if "address" in found or {"street", "number"} <= found.keys() else {}


def _from_columns(columns: dict[str, int], cells: list[str]) -> str:
    def cell(name: str) -> str:
        at = columns.get(name)
        return " ".join(cells[at].split()) if at is not None and at < len(cells) else ""

    if "address" in columns:
        first = cell("address")
    else:
        first = f"{cell('street')} {cell('number')}{cell('letter')}".strip()
        first += f"-{cell('addition')}" if cell("addition") else ""
    second = f"{cell('postcode')} {cell('place')}".strip()
    return ", ".join(part for part in (first, second) if part)


def _as_written(cells: list[str]) -> str:
    return ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())


def _problem(address: str) -> str | None:
    if len(address) > LONGEST_ADDRESS:
        return "too_long"
    if _NAMED.match(address):
        return "name"
    first = address.split(",")[0]
    if _POSTCODE.match(first) or not _HAS_NUMBER.search(first) or not any(c.isalpha() for c in first):
        return "no_address"
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
