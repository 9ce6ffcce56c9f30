"""The cross-section in the workshop: by slider, mouse and keyboard, on a phone, without a connection."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.axe import at_both_sizes, faults, other_size
from tests.e2e.conftest import DESKTOP, PHONE, Visit, open_as, resize
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body

pytestmark = pytest.mark.browser


class Strip:
    """The strip (or sheet) with the cross-section."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".sec")

    def fresh(self) -> None:
        """Wait for the answer to the last question."""
        expect(self.root).to_have_attribute("data-freshness", "fresh")

    @property
    def slider(self) -> Locator:
        """Where along the street."""
        return self.page.get_by_role("slider", name="Plek langs de straat")

    def at(self) -> float:
        """Metres along the line."""
        return float(self.slider.input_value())

    def side(self, name: str) -> None:
        """Show the street now, or as drawn."""
        self.root.get_by_role("button", name=name).click()

    def words(self) -> str:
        """The picture's text alternative."""
        return str(self.root.locator("svg.section desc").text_content())

    def rows(self) -> list[str]:
        """The parts in the table, which may be closed."""
        return self.root.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent).join(' '))"
        )


def opened(visit: Visit, street: str, **how: Any) -> tuple[Workshop, Strip]:
    shop = Workshop.open(visit, street, **how)
    strip = Strip(shop.page)
    if how.get("touch"):
        shop.page.locator("[data-tab='section']").tap()
    expect(strip.root).to_be_visible()
    strip.fresh()
    return shop, strip


def test_the_strip_shows_the_street_now_and_as_drawn(visit: Visit, street: str) -> None:
    shop, strip = opened(visit, street)
    # By hand: 4 m pavement on either side and 10 m of carriageway; bays of 2 m lie further west.
    assert "stoep 4,00\u00a0m (gemeten)" in strip.words()
    assert "rijbaan 10,00\u00a0m (gemeten)" in strip.words()
    shop.zoom_to(20, 8, zoom=19)
    shop.place("tree_small", 20, 2)
    # The cut goes to what was just put down.
    expect(strip.root.locator("desc")).to_contain_text("boomvak 1,50")
    strip.fresh()
    expect(strip.root.locator(".sec-place")).to_have_text("bij Kade 2")
    assert "boomvak 1,50\u00a0m getekend" in strip.rows()
    assert "boom" in strip.words()
    strip.side("Nu")
    assert "boomvak" not in strip.words()
    assert "parkeren 2,00\u00a0m gemeten" in strip.rows()
    strip.side("Jouw ontwerp")
    assert "boomvak" in strip.words()
    shop.close_card()
    shop.undo()
    expect(strip.root.locator("desc")).not_to_contain_text("boomvak")


def test_by_keyboard_the_cut_slides_half_a_metre_at_a_time(visit: Visit, street: str) -> None:
    _shop, strip = opened(visit, street)
    start = strip.at()
    strip.slider.focus()
    for _ in range(4):
        strip.page.keyboard.press("ArrowRight")
    assert strip.at() == pytest.approx(start + 2, abs=0.01)
    strip.fresh()
    announced = strip.page.locator("#announcer")
    expect(announced).to_contain_text("Van links (noord) naar rechts (zuid)")
    strip.page.keyboard.press("Home")
    strip.fresh()
    assert strip.at() == 0
    expect(strip.slider).to_have_attribute("aria-valuetext", re.compile("^0 meter van het begin"))
    # The bays lie 10 to 28 m from the western end of the street.
    for _ in range(40):
        strip.page.keyboard.press("ArrowRight")
    expect(strip.root.locator("desc")).to_contain_text("parkeren 2,00")


def test_by_mouse_the_line_on_the_map_is_pulled_along(visit: Visit, street: str) -> None:
    shop, strip = opened(visit, street)
    start = strip.at()
    grip = strip.page.locator(".sec-grip").first
    expect(grip).to_be_visible()
    box = grip.bounding_box()
    assert box is not None and box["width"] >= 44
    strip.page.mouse.move(box["x"] + 22, box["y"] + 22)
    strip.page.mouse.down()
    strip.page.mouse.move(*shop.spot(20, 18), steps=4)
    strip.page.mouse.up()
    # The line starts somewhere in the first metres of the street, so 20 m east is 17 to 20 m along it.
    assert 16 < strip.at() < 21 < start
    strip.fresh()
    assert "parkeren 2,00" in strip.words()
    # The dash-dot line itself can be pulled too, and the map stays where it is.
    before = shop.spot(50, 10)
    strip.page.mouse.move(*shop.spot(20, 14))
    strip.page.mouse.down()
    strip.page.mouse.move(*shop.spot(60, 14), steps=4)
    strip.page.mouse.up()
    assert strip.at() > 50
    assert shop.spot(50, 10) == pytest.approx(before, abs=1)
    expect(strip.root.locator("desc")).to_contain_text("boom op")


def test_the_strip_folds_and_unfolds_with_its_button(visit: Visit, street: str) -> None:
    shop, strip = opened(visit, street)
    button = shop.page.locator("[data-tool='section']")
    expect(button).to_have_attribute("aria-expanded", "true")
    tall = shop.page.locator(".ws-map").bounding_box()
    button.click()
    expect(strip.root).to_be_hidden()
    expect(shop.page.locator(".sec-grip").first).to_be_hidden()
    taller = shop.page.locator(".ws-map").bounding_box()
    assert tall is not None and taller is not None
    assert taller["height"] > tall["height"] + 150
    button.click()
    expect(strip.root).to_be_visible()
    # Who zooms in until the page is as narrow as a phone's gets it as a sheet, and only when asked for.
    resize(shop.page, PHONE)
    expect(strip.root).to_be_hidden()
    resize(shop.page, DESKTOP)
    expect(strip.root).to_be_visible()


def test_an_answer_does_not_move_the_map(visit: Visit, street: str) -> None:
    """Whatever the strip has to say, now or later: what one points at stays where it is."""
    shop, strip = opened(visit, street)
    before = shop.spot(50, 10)
    shop.place("tree_small", 50, 18)
    shop.close_card()
    strip.fresh()
    assert shop.spot(50, 10) == pytest.approx(before, abs=0.5)
    # At the end of the street, far from the tree, a sentence says that nothing changes there.
    strip.slider.focus()
    strip.page.keyboard.press("Home")
    expect(strip.root.locator(".sec-age")).to_be_visible()
    assert shop.spot(50, 10) == pytest.approx(before, abs=0.5)
    strip.side("Nu")
    expect(strip.root.locator(".sec-age")).to_be_hidden()
    assert shop.spot(50, 10) == pytest.approx(before, abs=0.5)


def test_without_a_connection_the_last_one_stays(visit: Visit, street: str) -> None:
    _shop, strip = opened(visit, street)
    words = strip.words()
    strip.page.context.set_offline(True)
    strip.slider.focus()
    strip.page.keyboard.press("ArrowRight")
    expect(strip.root).to_have_attribute("data-freshness", "stale")
    expect(strip.root.locator(".sec-age")).to_contain_text("even geleden")
    assert strip.words() == words
    strip.page.context.set_offline(False)
    strip.fresh()
    expect(strip.root.locator(".sec-age")).to_be_hidden()


def test_on_a_phone_it_is_a_tab_with_a_sheet(visit: Visit, street: str) -> None:
    shop, strip = opened(visit, street, touch=True)
    expect(shop.page.locator("[data-tool='section']")).to_be_hidden()
    expect(shop.page.locator("[data-tab='section']")).to_have_attribute("aria-expanded", "true")
    picture = strip.root.locator("svg.section").bounding_box()
    assert picture is not None and 250 < picture["width"] <= 390
    strip.side("Nu")
    assert "rijbaan 10,00" in strip.words()
    box = strip.slider.bounding_box()
    assert box is not None and box["height"] >= 43.5
    strip.page.touchscreen.tap(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    strip.fresh()
    assert strip.at() < 40


def test_the_table_says_the_same_as_the_picture(visit: Visit, street: str) -> None:
    _shop, strip = opened(visit, street)
    strip.root.locator("summary").click()
    table = strip.root.get_by_role("table")
    expect(table).to_be_visible()
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Deel, van links naar rechts", "Breedte", "Hoe zeker"]
    )
    parts = [row.split(" ")[0] for row in strip.rows()]
    assert parts == ["onbekend", "stoep", "rijbaan", "onbekend", "stoep", "onbekend"]
    expect(strip.root.locator("tfoot")).to_contain_text("21 m")


@pytest.fixture
def design(app: Flask, street: str) -> str:
    """A submitted design with a tree in the southern pavement."""
    resident = Resident(app.test_client())
    made = resident.send("POST", "/api/designs", design_body(street, addition(20, 2))).get_json()["id"]
    resident.send("POST", f"/api/designs/{made}/submit")
    return str(made)


def test_without_javascript_a_design_shows_its_section(visit: Visit, design: str) -> None:
    page = visit(f"/designs/{design}", script=False)
    part = page.locator("section[aria-labelledby='doorsnede']")
    expect(part.get_by_role("heading", level=2)).to_have_text("Doorsnede bij Kade 2")
    shown = part.get_by_role("img")
    expect(shown).to_have_count(2)
    expect(shown.nth(1)).to_have_accessible_description(re.compile("boomvak 1,50"))
    for name, kind in (("PDF", "application/pdf"), ("PNG", "image/png")):
        address = part.get_by_role("link", name=f"Doorsnede als {name}").get_attribute("href")
        assert address is not None
        answer = page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, kind)


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_axe_finds_nothing_on_a_section(
    browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    page.goto(f"{prefix}/assignments/kade/draw?remix={design}")
    Workshop(page)
    found = []
    for now in (size, other_size(page)):
        resize(page, now)
        if now == PHONE:
            page.locator("[data-tab='section']").click()
        Strip(page).fresh()
        if not page.locator(".sec table").is_visible():
            page.locator(".sec summary").click()
        expect(page.locator(".sec table")).to_be_visible()
        found += faults(page)
    page.goto(f"{prefix}/designs/{design}")
    page.locator("section[aria-labelledby='doorsnede'] summary").click()
    found += at_both_sizes(page)
    context.close()
    assert found == []


def test_with_something_in_hand_the_grips_let_clicks_through(visit: Visit, street: str) -> None:
    shop, strip = opened(visit, street)
    # The strip that opens makes the map lower, and the grips move with it.
    shop.settled()
    box = strip.page.locator(".sec-grip").last.bounding_box()
    assert box is not None
    shop.tile("tree_small").click()
    expect(shop.tile("tree_small")).to_have_attribute("aria-pressed", "true")
    shop.settled()
    # The grip lies past the façade, so outside the area: the map heard the click.
    shop.refused_at(box["x"] + 22, box["y"] + 22, "buiten het gebied")
