"""Finding one's own street on the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit, map_ready, quiet
from tests.factories import rd_point

pytestmark = pytest.mark.browser


def centre(page: Page) -> list[float]:
    """The middle of the map."""
    return list(page.evaluate("() => window.stoepkrijt.map.getCenter().toArray()"))


def test_an_address_is_found_with_the_keyboard_and_shown_on_the_map(visit: Visit, street: str) -> None:
    page = visit(f"/assignments/{street}/map")
    map_ready(page)
    box = page.get_by_role("combobox")
    box.focus()
    # With a typo, as people type; what is found for the beginning of it goes again.
    with page.expect_response(re.compile(r"/search\?q=kadde(\+|%20)2&")):
        page.keyboard.type("kadde 2")
    quiet(page)
    options = page.get_by_role("option")
    expect(options.filter(has_text="Kade 2")).to_be_visible()
    names = options.all_inner_texts()
    for _ in range(1 + next(i for i, name in enumerate(names) if "Kade 2" in name)):
        page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(chosen).to_contain_text("Kade 2")
    expect(chosen).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Kade 2")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#announcer")).to_contain_text("Kade 2")
    home = rd_point(20, 2)
    assert centre(page) == pytest.approx([home.x, home.y], abs=1e-5)


def test_a_street_that_does_not_exist_gets_a_sentence(visit: Visit, street: str) -> None:
    page = visit(f"/assignments/{street}/map")
    map_ready(page)
    page.get_by_role("combobox").fill("Xyzzyplein")
    expect(page.get_by_text("Niets gevonden voor “Xyzzyplein”")).to_be_visible()
