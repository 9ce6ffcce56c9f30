"""What is chosen is drawn over the map: moving it costs no new picture, and it never goes out of sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.workshop import Workshop

pytestmark = pytest.mark.browser

SPOT = (40, 2)


@pytest.fixture
def shop(visit: Visit, street: str) -> Workshop:
    """A workshop with a planter in hand, and nothing that still has to be drawn or answered."""
    shop = Workshop.open(visit, street)
    shop.zoom_to(*SPOT)
    shop.place("planter", *SPOT)
    shop.saved()
    fresh(shop.page)
    shop.page.wait_for_load_state("networkidle")
    shop.settled()
    return shop


def fresh(page: Page) -> None:
    """Wait for verdicts and figures about what is drawn now."""
    expect(page.locator(".con")).to_have_attribute("data-freshness", "fresh")


def count_pictures(page: Page) -> None:
    """From now on, count the pictures that the map draws."""
    page.evaluate(
        """() => {
            window.pictures = 0;
            window.stoepkrijt.map.on('render', () => window.pictures++);
        }"""
    )


def pictures(page: Page) -> int:
    """How many the map has drawn since."""
    return int(page.evaluate("() => window.pictures"))


def held_at(page: Page) -> tuple[float, float]:
    """The middle of the tile in hand, in the window."""
    x, y = page.evaluate(
        """() => {
            const box = document.querySelector(".map-over [data-over='hand'] > g").getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
    )
    return x, y


def expect_held(page: Page, left: float, top: float | None, within: float) -> None:
    """Wait until the tile in hand is there: the page draws once a frame."""
    page.wait_for_function(
        """([left, top, within]) => {
            const box = document.querySelector(".map-over [data-over='hand'] > g").getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            return Math.abs(x - left) <= within && (top === null || Math.abs(y - top) <= within);
        }""",
        arg=[left, top, within],
    )


def test_keys_move_it_and_the_map_stays_as_it_is(shop: Workshop) -> None:
    page = shop.page
    page.locator("canvas.maplibregl-canvas").focus()
    left, _top = held_at(page)
    count_pictures(page)
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
        fresh(page)
    # Four metres; at zoom 20 and 52 degrees north a pixel is 46 mm.
    expect_held(page, left + 4 / 0.046, None, within=3)
    shop.saved()
    fresh(page)
    assert pictures(page) == 0


def test_a_mouse_pulls_it_and_the_map_stays_as_it_is(shop: Workshop) -> None:
    page = shop.page
    left, top = held_at(page)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 4, top)
    shop.settled()  # taking hold of the map may draw it once
    count_pictures(page)
    page.mouse.move(left + 60, top + 10, steps=8)
    assert pictures(page) == 0
    page.mouse.up()
    fresh(page)
    expect_held(page, left + 60, None, within=12)  # the kerb pulls too
    expect(shop.rows).to_have_count(1)


def test_the_grip_above_it_turns_it(shop: Workshop) -> None:
    page = shop.page
    grip = page.locator(".map-over .over-turn").bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    left, top = held_at(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(left + 52, top, steps=6)
    page.mouse.up()
    (change,) = shop.draft_after_saving()["changes"]["features"]
    east = 90 + float(page.evaluate("() => window.stoepkrijt.map.getBearing()"))
    assert change["properties"]["rotation_deg"] % 360 == pytest.approx(east % 360, abs=4)


def test_a_pull_ends_where_the_mouse_is_let_go_also_outside_the_map(shop: Workshop) -> None:
    page = shop.page
    left, top = held_at(page)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 40, top, steps=4)
    palette = page.locator(".pal").bounding_box()
    assert palette is not None
    page.mouse.move(palette["x"] + 5, palette["y"] + 5, steps=4)
    page.mouse.up()
    shop.saved()
    there = held_at(page)
    page.mouse.move(left + 90, top + 30, steps=4)
    page.wait_for_timeout(200)
    assert held_at(page) == there
    shop.undo()
    expect(shop.rows).to_have_count(1)
    expect_held(page, left, top, within=1)


def test_escape_puts_back_what_is_being_pulled(shop: Workshop) -> None:
    page = shop.page
    left, top = held_at(page)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 40, top, steps=4)
    page.keyboard.press("Escape")
    page.mouse.move(left + 80, top, steps=2)
    page.mouse.up()
    expect_held(page, left, top, within=1)


def test_what_stands_in_a_chosen_area_can_be_chosen(shop: Workshop) -> None:
    """An area of grass is in hand; the planter inside it answers to a click on its tile."""
    page = shop.page
    shop.close_card()
    x, y = SPOT
    shop.tile("flower_grass").click()
    corners = [(x - 3, y - 1), (x + 9, y - 1), (x + 9, y + 2.2), (x - 3, y + 2.2)]
    for corner in corners:
        page.mouse.click(*shop.spot(*corner))
    page.get_by_role("button", name="Klaar").click()
    expect(shop.rows).to_have_count(2)
    expect(shop.card.get_by_role("heading")).to_contain_text("Gras")
    page.mouse.click(*shop.spot(*SPOT))
    expect(shop.card.get_by_role("heading")).to_contain_text("Bloembak")


def test_it_stays_in_sight_when_it_is_let_go(shop: Workshop) -> None:
    page = shop.page
    shop.close_card()
    # Over the map until the map has it.
    in_map = "() => window.stoepkrijt.map.queryRenderedFeatures({ layers: ['own-tile'] }).length"
    over = "() => document.querySelectorAll('.map-over g[data-over] > *').length"
    seen = page.evaluate(
        f"""() => new Promise(done => {{
            const seen = [];
            const look = () => {{
                const now = [({in_map})(), ({over})()];
                seen.push(now);
                if (seen.length > 200 || (now[0] && !now[1])) done(seen);
                else requestAnimationFrame(look);
            }};
            look();
        }})"""
    )
    assert all(there or still for there, still in seen), seen
    assert seen[-1] == [1, 0]


def test_what_is_deleted_goes_at_once(shop: Workshop) -> None:
    shop.card.get_by_role("button", name="Weghalen").click()
    expect(shop.rows).to_have_count(0)
    expect(shop.page.locator(".map-over g[data-over] > *")).to_have_count(0)
