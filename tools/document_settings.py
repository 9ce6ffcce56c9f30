"""`docs/configuration.md`: its tables of settings are written from the lists that the program reads.

Run by the Python in `.venv`: `python -m tools.document_settings` (also `make docs`).
"""

from __future__ import annotations

from collections.abc import Iterable

from app import config, serve
from tools.paths import ROOT

PAGE = ROOT / "docs" / "configuration.md"
TABLES = {"app": config.SETTINGS, "server": serve.SETTINGS}


def table(settings: Iterable[config.Setting]) -> str:
    rows = [f"| `{each.name}` | {_code(each.default)} | {each.meaning} |" for each in settings]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _code(text: str) -> str:
    return f"`{text}`" if text else "–"


def filled(page: str) -> str:
    """The page with every table between its two marks written anew."""
    for name, settings in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, _, rest = page.partition(begin)
        after = rest.rpartition(end)[2]
        page = f"{before}{begin}{table(settings)}{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
