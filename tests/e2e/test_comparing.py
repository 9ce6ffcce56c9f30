"""Sliding between two designs by mouse, keyboard and touch; finding a difference; the street as it is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.axe import SMALL_TARGETS, SMALLEST_TARGET_PX, at_both_sizes, faults
from tests.e2e.conftest import DESKTOP, PHONE, Visit, map_ready, open_as
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body, rd_point

pytestmark = pytest.mark.browser


@pytest.fixture
def two(app: Flask, street: str) -> tuple[str, str]:
    """A: a tree and a bench. B: the tree 3 m further east, and another bench at the far end."""
    resident = Resident(app.test_client())
    made = []
    for title, *features in (
        ("Groene Kade", addition(20, 2), addition(60, 2, "bench")),
        ("Zitten aan de Kade", addition(23, 2), addition(85, 18, "bench")),
    ):
        body = design_body(street, *features, title=title)
        design = resident.send("POST", "/api/designs", body).get_json()["id"]
        assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
        made.append(str(design))
    return made[0], made[1]


@pytest.fixture
def address(two: tuple[str, str]) -> str:
    """Where the two are compared."""
    return f"/assignments/kade/compare?a={two[0]}&b={two[1]}"


def line(page: Page) -> float:
    """Where the line is, as a part of the map's width."""
    return float(
        page.evaluate(
            """() => {
                const box = document.querySelector('.swipe-map').getBoundingClientRect();
                const line = document.querySelector('.swipe-line').getBoundingClientRect();
                return (line.left + line.width / 2 - box.left) / box.width;
            }"""
        )
    )


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the street is in the window."""
    place = rd_point(x, y)
    left, top = page.evaluate(
        """place => {
            const { map } = window.stoepkrijt;
            const box = map.getCanvas().getBoundingClientRect();
            const at = map.project(place);
            return [box.left + at.x, box.top + at.y];
        }""",
        [place.x, place.y],
    )
    return left, top


def seen(page: Page, x: float, y: float) -> bytes:
    """The pixels of a place of the street."""
    left, top = spot(page, x, y)
    return page.screenshot(clip={"x": left - 8, "y": top - 8, "width": 16, "height": 16})


def middle(grip: Locator) -> tuple[float, float]:
    """The middle of an element in the window."""
    box = grip.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_pulling_the_line_shows_more_of_one_and_less_of_the_other(visit: Visit, address: str) -> None:
    page = visit(address)
    map_ready(page)
    assert line(page) == pytest.approx(0.5, abs=0.01)
    # The bench of A stands at 60 m and the bench of B at 85 m: both right of the middle.
    hidden, own = seen(page, 60, 2), seen(page, 85, 18)
    x, y = middle(page.locator(".swipe-grip"))
    box = page.locator(".swipe-map").bounding_box()
    assert box is not None
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.move(box["x"] + box["width"] + 20, y, steps=4)
    page.mouse.up()
    assert line(page) == pytest.approx(1, abs=0.01)
    assert seen(page, 60, 2) != hidden, "the bench of A is there now"
    assert seen(page, 85, 18) != own, "the bench of B is not"
    expect(page.get_by_label("Schuif tussen A en B")).to_have_value("100")
    # The map did not move along.
    page.mouse.move(box["x"] + box["width"] - 8, y)
    page.mouse.down()
    page.mouse.move(x, y, steps=4)
    page.mouse.up()
    assert (seen(page, 60, 2), seen(page, 85, 18)) == (hidden, own)


def test_the_line_by_keyboard_alone(visit: Visit, address: str) -> None:
    page = visit(address)
    map_ready(page)
    range_ = page.get_by_role("slider", name="Schuif tussen A en B")
    range_.focus()
    page.keyboard.press("ArrowRight")
    expect(range_).to_have_attribute("aria-valuetext", "51 procent A, 49 procent B")
    assert line(page) == pytest.approx(0.51, abs=0.01)
    page.keyboard.press("Home")
    assert line(page) == pytest.approx(0, abs=0.01)
    page.keyboard.press("End")
    assert line(page) == pytest.approx(1, abs=0.01)
    expect(range_).to_have_attribute("aria-valuetext", "100 procent A, 0 procent B")


def test_the_line_by_finger_on_a_phone(visit: Visit, address: str) -> None:
    page = visit(address, touch=True)
    map_ready(page)
    page.locator(".swipe-map").scroll_into_view_if_needed()
    x, y = middle(page.locator(".swipe-grip"))
    centre = page.evaluate("window.stoepkrijt.map.getCenter().toArray()")
    scrolled = page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": left, "y": top} for left, top in points]},
        )

    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x - 22 * step, y))
    touch("touchEnd")
    width = page.locator(".swipe-map").bounding_box()["width"]  # type: ignore[index]
    assert line(page) == pytest.approx(0.5 - 110 / width, abs=0.02)
    assert page.evaluate("window.stoepkrijt.map.getCenter().toArray()") == centre
    assert page.evaluate("scrollY") == scrolled
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_drawings_go_along_with_the_map(visit: Visit, address: str) -> None:
    page = visit(address)
    map_ready(page)
    places = [[place.x, place.y] for place in (rd_point(20, 2), rd_point(23, 2))]

    def off() -> float:
        """How many pixels the trees of A and B are from their places, at one moment."""
        return float(
            page.evaluate(
                """places => {
                    const { map } = window.stoepkrijt;
                    const box = map.getCanvas().getBoundingClientRect();
                    return Math.max(...places.map((place, index) => {
                        const side = document.querySelectorAll('.swipe-side')[index];
                        const tile = side.querySelector('.chalk-tile rect');
                        const { left, top, width, height } = tile.getBoundingClientRect();
                        const { x, y } = map.project(place);
                        return Math.hypot(left + width / 2 - box.left - x, top + height / 2 - box.top - y);
                    }));
                }""",
                places,
            )
        )

    still = """() => new Promise(done => {
        const { map } = window.stoepkrijt;
        if (map.isMoving()) map.once('moveend', done); else done();
    })"""
    assert off() < 1
    x, y = middle(page.locator(".swipe-map"))
    page.mouse.move(x - 200, y + 40)
    page.mouse.down()
    page.mouse.move(x - 90, y + 10, steps=5)
    assert off() < 1, "under way"
    page.mouse.up()
    page.evaluate(still)
    assert off() < 1
    page.evaluate("window.stoepkrijt.map.easeTo({ zoom: 19, bearing: 30, duration: 900, essential: true })")
    page.wait_for_timeout(200)
    assert off() < 1, "while it turns and comes nearer"
    page.evaluate(still)
    assert off() < 1


@pytest.mark.parametrize("touch", [False, True], ids=["desktop", "phone"])
def test_a_difference_of_the_list_is_shown_on_both(visit: Visit, address: str, touch: bool) -> None:
    page = visit(address, touch=touch)
    map_ready(page)
    item = page.locator("[data-difference]", has_text="meer naar het oosten")
    expect(item).to_contain_text("3 m")
    link = item.get_by_role("link", name="Laat zien")
    if touch:
        link.tap()
    else:
        link.focus()
        page.keyboard.press("Enter")
    expect(item).to_have_attribute("aria-current", "true")
    expect(page.locator("#announcer")).to_contain_text("staat midden op de kaart")
    assert page.url.endswith(address), "without leaving the page"
    # The ring of A is around 20 m, the ring of B around 23 m; what is between them is in the middle.
    rings = page.locator(".chalk-ring")
    for index, place in enumerate((20, 23)):
        ring, at = middle(rings.nth(index)), spot(page, place, 2)
        assert ring == pytest.approx(at, abs=1.5)
    box = page.locator(".swipe-map").bounding_box()
    assert box is not None
    left, top = spot(page, 21.5, 2)
    assert left == pytest.approx(box["x"] + box["width"] / 2, abs=3)
    assert top == pytest.approx(box["y"] + box["height"] / 2, abs=3)
    assert line(page) > 0.6, "there is room for what A has"
    page.locator("[data-difference]", has_text="Bank").last.get_by_role("link", name="Laat zien").click()
    assert line(page) < 0.4, "there is room for what only B has"


def test_side_by_side_is_one_button_away(visit: Visit, address: str) -> None:
    page = visit(address)
    map_ready(page)
    expect(page.locator(".mp img").first).to_be_hidden()
    page.get_by_role("button", name="Naast elkaar").click()
    expect(page.locator(".mp img")).to_have_count(2)
    expect(page.locator(".mp img").first).to_be_visible()
    expect(page.locator(".swipe-map")).to_be_hidden()
    expect(page.get_by_role("button", name="Naast elkaar")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Schuifkaart").click()
    expect(page.locator(".swipe-map")).to_be_visible()


@pytest.mark.parametrize("way", ["no-webgl", "no-javascript"])
def test_without_webgl_or_javascript_two_drawn_maps_do_the_work(visit: Visit, address: str, way: str) -> None:
    page = visit(address + ("&webgl=off" if way == "no-webgl" else ""), script=way == "no-webgl")
    if way == "no-webgl":
        map_ready(page)
    expect(page.locator(".swipe")).to_be_hidden()
    pictures = page.locator(".mp img")
    expect(pictures).to_have_count(2)
    for index in range(2):
        expect(pictures.nth(index)).to_be_visible()
        assert pictures.nth(index).evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
    page.get_by_role("link", name="Laat zien op de kaart").first.click()
    expect(page.locator("[data-difference][aria-current]")).to_have_count(1)
    assert "show=" in str(pictures.first.get_attribute("src"))


def test_from_the_assignment_to_the_comparison_and_back(visit: Visit, two: tuple[str, str]) -> None:
    page = visit("/assignments/kade", script=False)
    for title in ("Groene Kade", "Zitten aan de Kade"):
        page.get_by_label(f"Vergelijk {title}").check()
    page.get_by_role("button", name="Vergelijk de twee die je aankruist").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vergelijk")
    names = page.locator(".cmp-side h2 a")
    title = names.first.inner_text()
    page.get_by_role("link", name="Wissel A en B").click()
    expect(names.last).to_have_text(title)
    page.get_by_role("link", name="Kies andere").click()
    page.get_by_label("Ontwerp A").select_option("Zo is het nu")
    page.get_by_label("Ontwerp B").select_option("Groene Kade")
    page.get_by_role("button", name="Vergelijk").click()
    expect(page.get_by_role("heading", name="Alleen in B: Groene Kade")).to_be_visible()
    page.get_by_role("link", name="Groene Kade").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Groene Kade")


def test_the_workshop_shows_the_street_as_it_is(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    shop.place("bench", 30, 2)
    shop.close_card()
    shop.settled()
    drawn = seen(shop.page, 30, 2)
    now = shop.page.get_by_role("button", name="Zo is het nu")
    expect(now).to_have_attribute("aria-pressed", "false")
    now.focus()
    shop.page.keyboard.press("Space")
    expect(now).to_have_attribute("aria-pressed", "true")
    shop.settled()
    assert seen(shop.page, 30, 2) != drawn
    assert len(shop.changes()) == 1, "the drawing itself is untouched"
    shop.page.keyboard.press("Space")
    expect(now).to_have_attribute("aria-pressed", "false")
    shop.settled()
    assert seen(shop.page, 30, 2) == drawn


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_axe_finds_nothing_on_the_comparison(
    browser: Browser, live_server: str, two: tuple[str, str], address: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    page.goto(prefix + address)
    map_ready(page)
    found = at_both_sizes(page)
    page.locator("a[data-show]").first.click()
    page.locator(".swipe-choice button").last.click()
    found += at_both_sizes(page)
    for path in (
        "/assignments/kade",
        "/assignments/kade/compare",
        f"/assignments/kade/compare?design={two[0]}",
        f"/designs/{two[0]}",
    ):
        page.goto(prefix + path)
        found += at_both_sizes(page)
    context.close()
    assert found == []


def test_it_fits_at_320_pixels_with_targets_that_are_large_enough(
    browser: Browser, live_server: str, address: str
) -> None:
    context = open_as(browser, live_server, {"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address)
    map_ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
    page.locator(".ct-more summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Meer contrast").click()
    assert faults(page) == []
    page.goto("/assignments/kade")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
    context.close()
