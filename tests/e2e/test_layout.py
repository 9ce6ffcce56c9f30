"""Pages keep their shape, whatever people write: nothing sticks out and nothing scrolls into the void."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, map_ready, open_as
from tests.factories import Resident, addition, design_body, rd_point

pytestmark = pytest.mark.browser

# As long as a title may be, and one word.
LONGEST_TITLE = "Boomspiegeltegelwippers" * 5


def submitted(resident: Resident, street: str, title: str) -> str:
    """A design of the street that everybody can see."""
    body = {**design_body(street, addition(20, 2, "bench"), addition(30, 2)), "title": title}
    design = str(resident.send("POST", "/api/designs", body).get_json()["id"])
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return design


def size_of(page: Page) -> tuple[int, int]:
    """How wide and high the page is, in pixels."""
    width, height = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    return width, height


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_title_of_one_long_word_stays_on_the_page(
    app: Flask, browser: Browser, live_server: str, street: str, size: Any
) -> None:
    design = submitted(Resident(app.test_client()), street, LONGEST_TITLE)
    context = open_as(browser, live_server, size)
    page = context.new_page()
    for path in (
        f"/designs/{design}",
        f"/assignments/{street}",
        f"/assignments/{street}/map",
        f"/assignments/{street}/compare?a=now&b={design}",
        "/",
    ):
        page.goto(path)
        expect(page.get_by_text(LONGEST_TITLE).first).to_be_attached()
        assert size_of(page)[0] == size["width"], path
    context.close()


def test_the_page_with_the_map_is_no_longer_than_the_window_however_long_the_list(
    app: Flask, browser: Browser, live_server: str, street: str
) -> None:
    resident = Resident(app.test_client())
    for number in range(12):
        at = rd_point(10 + number, 2)
        resident.send(
            "POST",
            "/api/comments",
            {
                "assignment": street,
                "text": f"Hier staat {number} keer iets in de weg.",
                "sentiment": "neutral",
                "geometry": {"type": "Point", "coordinates": [at.x, at.y]},
            },
        )
    context = open_as(browser, live_server, DESKTOP)
    page = context.new_page()
    page.goto(f"/assignments/{street}/map")
    map_ready(page)
    expect(page.locator("[data-comment]")).to_have_count(12)
    assert size_of(page) == (DESKTOP["width"], DESKTOP["height"])
    context.close()


def test_on_a_phone_both_designs_have_the_same_room_in_the_comparison(
    app: Flask, browser: Browser, live_server: str, street: str
) -> None:
    design = submitted(Resident(app.test_client()), street, "Bank en boom")
    context = open_as(browser, live_server, PHONE)
    page = context.new_page()
    page.goto(f"/assignments/{street}/compare?a=now&b={design}")
    page.get_by_text("Alle andere gevolgen").click()
    for table in page.locator(".ct").all():
        cells = table.locator("tbody tr").first.locator("td")
        one, other = (cells.nth(index).bounding_box() for index in (0, 1))
        assert one is not None and other is not None
        assert abs(one["width"] - other["width"]) < 2
    assert size_of(page)[0] == PHONE["width"]
    context.close()
