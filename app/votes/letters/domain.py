"""How a code in a letter is made and read, and how coarsely a distance is kept. No Flask, no SQL."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shapely import Point

# Crockford's base32: no I, L, O, U, so that nothing is mistaken for a digit or read as a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
MOST_LETTERS = 20_000
LONGEST_ADDRESS = 300
PURPOSES = ("round", "consent")
# Upper ends of the bands in which the distance to the site is kept, in metres.
BANDS_M = (50, 100, 250, 500, 1_000)
# In one band of one neighbourhood lie at least so many addresses, or the neighbourhood is not kept with them.
SMALLEST_CROWD = 10

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# `1 - 2` is `1-2`, and `1 A` is `1A`.
_HYPHEN = re.compile(r"\s*[-–—]\s*")
_LETTER = re.compile(r"(\d) ([a-z])(?![a-z])")
_BETWEEN = " -–—_.\t\u00a0"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a letter goes: the address as it stands on the letter (no name), the id of the imported address,
    its point in EPSG:4326, and the band and the neighbourhood that are kept with what is answered."""

    text: str
    ref: int | None = None
    point: Point | None = None
    band: str | None = None
    neighbourhood: str | None = None


def new_code() -> str:
    """Eleven random characters (55 bits) and one that checks them."""
    body = "".join(secrets.choice(ALPHABET) for _number in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The last character of a code (Luhn's algorithm modulo 32): a wrong character, and nearly every pair in
    the wrong order, is noticed without asking the database."""
    total, factor = 0, 2
    for letter in reversed(body):
        product = factor * ALPHABET.index(letter)
        total += product // len(ALPHABET) + product % len(ALPHABET)
        factor = 3 - factor
    return ALPHABET[-total % len(ALPHABET)]


def shown(code: str) -> str:
    """A code as it is printed: `7H2K-9QRD-4M0W`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normalised(typed: str) -> str | None:
    """A code however it was typed: in lower case, with spaces or hyphens, O for 0, I or L for 1.

    None for what cannot be a code: another length, other characters, a check character that is not right.
    """
    if len(typed) > 5 * LENGTH:
        return None
    letters = "".join(letter for letter in typed.upper() if letter not in _BETWEEN).translate(_READ_AS)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return letters if check_character(letters[:-1]) == letters[-1] else None


class Doors:
    """Addresses that have a letter, however they are written: `Kade 1`, `kade  1` and `Kade 1, 2611 AB Delft`
    are one door, `Kade 1-2`, `Kade 12` and `Kade 1, boven` beside `Kade 1, onder` are others."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._rests: dict[str, list[str]] = {}
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Note one more."""
        first, rest = _parts(text)
        self._rests.setdefault(first, []).append(rest)

    def __contains__(self, text: str) -> bool:
        first, rest = _parts(text)
        # What stands after the comma may be left out, whole or in part: a postcode, a town.
        return any(rest in known or known in rest for known in self._rests.get(first, ()))


def _parts(text: str) -> tuple[str, str]:
    """Street with number, and what comes after the comma, each without what people write differently."""
    first, _comma, rest = unicodedata.normalize("NFKC", text).casefold().partition(",")
    first = _HYPHEN.sub("-", " ".join(first.split()))
    return _LETTER.sub(r"\1\2", first), "".join(letter for letter in rest if letter.isalnum())


def band_of(distance_m: float) -> str:
    """The band of a distance: `0-50`, `50-100` … `1000-`, in metres; the upper end is the next band's."""
    low = 0
    for high in BANDS_M:
        if distance_m < high:
            return f"{low}-{high}"
        low = high
    return f"{low}-"


# A band and a neighbourhood: what is kept of where an address lies.
Crowd = tuple[str | None, str | None]


def crowds(addresses: Iterable[Crowd]) -> frozenset[Crowd]:
    """The pairs of band and neighbourhood in which so many addresses lie that none stands out."""
    counted = Counter(addresses)
    return frozenset(one for one, n in counted.items() if one[1] is not None and n >= SMALLEST_CROWD)


def in_a_crowd(addresses: Sequence[Addressed]) -> list[Addressed]:
    """The addresses, without neighbourhood where few of them lie in that band of that neighbourhood.

    Band and neighbourhood together would otherwise point at a door, for who reads the database.
    """
    known = crowds((one.band, one.neighbourhood) for one in addresses)
    return [
        one
        if one.neighbourhood is None or (one.band, one.neighbourhood) in known
        else replace(one, neighbourhood=None)
        for one in addresses
    ]
