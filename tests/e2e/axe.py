"""What axe and a ruler have against a page, at the size of a desk and of a phone."""

from __future__ import annotations

import json
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.e2e.conftest import DESKTOP, PHONE, resize

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Of what is right only the count is told: pages of a thousand elements would be sent over whole.
    "resultTypes": ["violations"],
}
SMALLEST_TARGET_PX = 43.5
# Links in running text and what only looks small (a radio button in its large label) are left out.
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'a, button, input:not([type=hidden]), select, summary, textarea')]
  .filter(e => !e.closest('p, dd, .prose, .attr, .vh, .error-list, .stones, .plain, .maplibregl-ctrl-attrib'))
  .filter(e => !e.matches('.skip, .dc a, .ac h2 a'))
  .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, r]) => r.width > 0 && r.height > 0 && r.height < least)
  .map(([e, r]) => `${Math.round(r.height)} px: ${e.outerHTML.slice(0, 120)}`)"""
_AXE = Axe()
_RUN = f"""() => axe.run({json.dumps(RULES)}).then(found => found.violations.flatMap(
    one => one.nodes.map(node => `${{one.id}}: ${{node.html.slice(0, 160)}}`)))"""


def faults(page: Page) -> list[str]:
    """What axe has against a page, one sentence per element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.axe_script)
    return list(page.evaluate(_RUN))


def all_faults(page: Page) -> list[str]:
    """The same, with what is too small to press and whether the page is wider than its window."""
    found = faults(page) + page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX)
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    return found


def other_size(page: Page) -> ViewportSize:
    """Of the sizes of a desk and of a phone, the one that a page has not."""
    return DESKTOP if page.viewport_size == PHONE else PHONE


def at_both_sizes(page: Page, look: Callable[[Page], list[str]] = faults) -> list[str]:
    """What is wrong with a page as it stands, at the size it has and then at the other; it stays there.

    A test that reads page after page in Dutch from a desk, and in English from a phone, has so loaded each of
    them at both sizes.
    """
    found = []
    for size in (page.viewport_size, other_size(page)):
        assert size is not None
        resize(page, size)
        found += [f"{size['width']} px: {one}" for one in look(page)]
    return found
