"""Texts on paper: one emoji in a title keeps nobody from their letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.printable import printable
from app.votes.letters import paper
from app.votes.letters.domain import Addressed, new_code

FONTS = Path(__file__).parents[3] / "app" / "designs" / "print" / "fonts"


def letters(title: str, address: str) -> bytes:
    text = paper.LetterText(
        "nl",
        "Delft",
        title,
        "Beste bewoner,",
        [title, "Stemmen kan nu."],
        "Ga naar",
        "https://x",
        "Code",
        "Of richt de camera.",
        "Vierkant met de code",
        "Kwijt?",
    )
    return paper.letters_pdf([(new_code(), Addressed(address))], text)


@pytest.mark.parametrize(
    "text",
    [
        "Meer groen 🌳",
        "👨‍👩‍👧 🇳🇱 ✊🏽",
        "漢字 한국어 ไทย",
        "stuur\x01teken\x7f\x0b",
        "vlak￾\ue000\U0010ffff",
        "‮omgekeerd",
        '#panic("x") $x$ *vet* <label> @ref \\ `raw`',
        "🌳",
    ],
)
def test_letters_are_printed_whatever_somebody_typed(text: str) -> None:
    assert letters(text, f"{text} 1").startswith(b"%PDF")


def test_what_has_a_shape_stays_and_what_has_none_is_a_box() -> None:
    data = {"a": "Één fiets­pad, €5 → ½ Ωж", "b": ["🌳 groen", 3, None, ("漢",)], "c": "a\x01b"}
    assert printable(data, FONTS) == {
        "a": "Één fiets­pad, €5 → ½ Ωж",
        "b": ["□ groen", 3, None, ["□"]],
        "c": "ab",
    }


def test_thousands_of_strange_characters_are_no_work_for_minutes() -> None:
    many = "".join(chr(0x4E00 + n) for n in range(5000))
    assert set(printable(many, FONTS)) == {"□"}
