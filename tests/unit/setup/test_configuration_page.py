"""`docs/configuration.md` names every environment variable, with the default the program has."""

from __future__ import annotations

import re
from pathlib import Path

from tools.document_settings import PAGE, TABLES, filled

ROOT = Path(__file__).resolve().parents[3]
# Of the process: what WSGI calls `environ` holds a request.
READING = re.compile(r"""os\.environ(?:\.get\(|\[)\s*["']([A-Z][A-Z_]+)["']""")
# Of other programs, not ours to document.
FOREIGN = {"PATH", "XDG_RUNTIME_DIR", "FLASK_RUN_FROM_CLI", "MAKELEVEL"}


def test_the_tables_are_those_of_the_program() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page) == page, "run `make docs`"


def test_every_variable_that_the_code_reads_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = [file for folder in ("app", "geodata", "tools") for file in (ROOT / folder).rglob("*.py")]
    read = {name for file in files for name in READING.findall(file.read_text(encoding="utf-8"))}
    assert sorted(name for name in read - FOREIGN if f"`{name}`" not in page) == []


def test_no_setting_is_listed_twice() -> None:
    names = [setting.name for settings in TABLES.values() for setting in settings]
    assert len(names) == len(set(names))
