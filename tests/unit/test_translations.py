"""English says everything that Dutch says."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2)}
Sentence = str | tuple[str, ...]


@cache
def in_the_program() -> dict[Sentence, str]:
    """Every Dutch sentence in the code and the templates, and the file it stands in."""
    found: dict[Sentence, str] = {}
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for folder in ("app", "templates"):
        own = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        own_options = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}
        for name, _line, sentence, _comments, _context in extract_from_dir(
            ROOT / folder, own, own_options, keywords=KEYWORDS
        ):
            found[sentence] = f"{folder}/{name}"
    return found


@cache
def catalogue() -> Catalog:
    """The English catalogue."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def key(sentence: Sentence | list[str]) -> str:
    """The first form of a sentence, by which the catalogue knows it."""
    return sentence if isinstance(sentence, str) else sentence[0]


def test_there_are_sentences_to_translate() -> None:
    assert len(in_the_program()) > 300


def test_every_sentence_has_an_english_translation() -> None:
    missing = [
        f"{file}: {key(sentence)}"
        for sentence, file in in_the_program().items()
        if (message := catalogue().get(key(sentence))) is None
        or not (all(message.string) if isinstance(message.string, (tuple, list)) else message.string)
    ]
    assert missing == [], "run `make messages` and translate in app/translations/en"


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_no_translation_is_left_over() -> None:
    known = {key(sentence) for sentence in in_the_program()}
    assert [message.id for message in catalogue() if message.id and key(message.id) not in known] == []


def test_translations_name_the_same_values() -> None:
    wrong = []
    for message in catalogue():
        if message.id:
            dutch = " ".join([message.id] if isinstance(message.id, str) else message.id)
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            wrong += [form for form in forms if _values(form) - _values(dutch) or _lost(dutch, forms)]
    assert wrong == []


def _values(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sdgf]", text))


def _lost(dutch: str, forms: list[str]) -> set[str]:
    return _values(dutch) - {value for form in forms for value in _values(form)}


@pytest.mark.parametrize("sentence", ["Naar de inhoud", "Zo werkt het"])
def test_the_catalogue_compiles(sentence: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert sentence.encode() in compiled.getvalue()
