"""Collect every problem of an input before refusing it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.errors import Invalid, Problem

# Control and bidirectional-override characters have no place in a text that others read.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Problems:
    """What is wrong with one input; `raise_if_any` refuses it with the whole list."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, pointer: str, message: str) -> None:
        """Note a problem at a JSON pointer."""
        self.found.append(Problem(pointer, message))

    def raise_if_any(self) -> None:
        """Raise `Invalid` when something was noted."""
        if self.found:
            raise Invalid.of(self.found)

    def text(
        self, source: dict[str, Any], key: str, *, at: str = "", required: bool = False, longest: int
    ) -> str:
        """A trimmed text of at most `longest` characters, NFC; newlines stay."""
        pointer = f"{at}/{key}"
        value = source.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.add(pointer, _("Hier hoort tekst te staan."))
            return ""
        if _FORBIDDEN.search(value):
            self.add(pointer, _("De tekst bevat tekens die we niet kunnen bewaren."))
            return ""
        value = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        if required and not any(unicodedata.category(letter)[0] not in "CZ" for letter in value):
            # Zero-width characters alone would be a link that nobody sees.
            self.add(pointer, _("Vul dit in."))
        if len(value) > longest:
            self.add(
                pointer, _("Dit is te lang: %(n)d tekens. Er passen er %(max)d.", n=len(value), max=longest)
            )
        return value

    def choice(
        self,
        source: dict[str, Any],
        key: str,
        choices: tuple[str, ...],
        *,
        at: str = "",
        default: str | None = None,
    ) -> str:
        """One of `choices`; `default` where the key is absent or null."""
        value = source.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.add(f"{at}/{key}", _("Kies een van: %(choices)s.", choices=", ".join(choices)))
            return default or choices[0]
        return value

    def number(
        self, source: dict[str, Any], key: str, low: float, high: float, *, at: str = ""
    ) -> float | None:
        """A finite number between `low` and `high`, or None where absent."""
        value = source.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self.add(f"{at}/{key}", _("Hier hoort een getal van %(low)g tot %(high)g.", low=low, high=high))
            return None
        return float(value)

    def uuid(self, source: dict[str, Any], key: str, *, at: str = "") -> UUID | None:
        """A UUID, or None where absent."""
        value = source.get(key)
        if value is None:
            return None
        try:
            return UUID(str(value))
        except ValueError:
            self.add(f"{at}/{key}", _("Dit is geen geldig kenmerk."))
            return None

    def only(self, source: dict[str, Any], known: set[str], *, at: str = "") -> None:
        """Refuse members that we would silently drop."""
        for key in source:
            if key not in known:
                self.add(f"{at}/{key}", _("Dit veld kennen we niet."))
