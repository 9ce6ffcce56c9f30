"""The street in 3D, by keyboard and pointer, with real shadows drawn by a real (software) WebGL."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import SMALLEST_TARGET_PX, at_both_sizes, faults
from tests.e2e.conftest import DESKTOP, PHONE, Visit, map_ready, open_as, quiet
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body, object_id, rd_point

pytestmark = pytest.mark.browser
FIRST_FRAME_MS = 60_000
MANIFEST = Path(__file__).parents[2] / "static" / "build" / ".vite" / "manifest.json"
SMALL_TARGETS = """least => [...document.querySelectorAll('.scene-box :is(button, input, summary)')]
    .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
    .filter(([e, r]) => r.height < least).map(([e, r]) => `${r.height} px: ${e.outerHTML.slice(0, 120)}`)"""
# Colour of one pixel of a screenshot, read by the browser itself.
PIXEL = """([png, x, y]) => new Promise(done => {
    const image = new Image();
    image.onload = () => {
        const canvas = document.createElement('canvas');
        canvas.width = image.width; canvas.height = image.height;
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        done([...context.getImageData(x, y, 1, 1).data].slice(0, 3));
    };
    image.src = 'data:image/png;base64,' + png;
})"""


# How many pictures there are, two frames from now. A picture is drawn in the frame after it was asked for.
FRAMES = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.querySelector('.scene-box').dataset.frames))))"""


class Solid:
    """The 3D view of an open page. Places are metres from the factory street's corner, and metres up."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.wait_for_selector(".scene-box[data-frames]", timeout=FIRST_FRAME_MS)
        expect(self.hour).to_be_enabled()
        self.settled()

    def settled(self) -> None:
        """Wait until all that was asked for is in, and for some frames no picture was due."""
        quiet(self.page)
        before = None
        while before != (now := self.page.evaluate(FRAMES)):
            before = now

    def spot(self, x: float, y: float, up: float = 0.0) -> tuple[float, float]:
        """Where a place is in the window, in pixels."""
        place = rd_point(x, y)
        found = self.page.evaluate(
            """([lng, lat, up]) => {
                const { solid } = window.stoepkrijt;
                const box = solid.canvas.getBoundingClientRect();
                const at = solid.project([lng, lat], up);
                return [box.left + at.x, box.top + at.y];
            }""",
            [place.x, place.y, up],
        )
        return found[0], found[1]

    def colour(self, x: float, y: float, up: float = 0.0) -> list[int]:
        """Red, green and blue of what is seen at a place."""
        self.settled()
        left, top = self.spot(x, y, up)
        picture = base64.b64encode(self.page.screenshot()).decode()
        return list(self.page.evaluate(PIXEL, [picture, round(left), round(top)]))

    @property
    def canvas(self) -> Any:
        """The picture."""
        return self.page.locator(".scene-canvas")

    @property
    def hour(self) -> Any:
        """The slider of the hour."""
        return self.page.get_by_role("slider", name="Tijd")

    def move_to_hour(self, clock: str) -> None:
        """With the arrow keys, a quarter of an hour each."""
        self.hour.focus()
        for _ in range(70):
            words = self.hour.get_attribute("aria-valuetext") or ""
            if words.startswith(clock):
                return
            self.page.keyboard.press("ArrowRight" if words[:5] < clock else "ArrowLeft")
        raise AssertionError(f"{clock} is not on the slider")


def open_solid(page: Page) -> Solid:
    """Press 3D in the workshop."""
    page.locator("[data-tool='3d']").click()
    return Solid(page)


def place_of_first_change(workshop: Workshop) -> list[float]:
    """Longitude and latitude as the server has them."""
    feature = workshop.draft_after_saving()["changes"]["features"][0]
    return list(feature["geometry"]["coordinates"])


def brightness(colour: list[int]) -> float:
    return sum(colour) / 3


def test_shadows_fall_where_the_sun_puts_them(visit: Visit, street: str) -> None:
    """The houses are 9 m high (assumed). On 1 July at 14:00 the sun is in the south at 61 degrees: the
    southern houses shade 5 m, so the pavement before them. At 20:00 it is in the west-north-west, at 17
    degrees: the northern houses shade ten metres across and the southern pavement lies in the sun.
    """
    page = visit(f"/assignments/{street}/draw")
    map_ready(page)
    solid = open_solid(page)
    expect(page.get_by_text("gebouw, hoogte geschat")).to_be_visible()
    words = solid.hour.get_attribute("aria-valuetext") or ""
    assert words.startswith("14:00 uur, de zon staat in het zuiden, 6")
    south, north = solid.colour(40, 2), solid.colour(76, 18)
    assert brightness(south) < 0.85 * brightness(north)
    solid.move_to_hour("20:00")
    expect(page.locator(".scene-clock")).to_have_text("20:00")
    south, north = solid.colour(40, 2), solid.colour(76, 18)
    assert brightness(north) < 0.92 * brightness(south)


def test_a_tree_grows_and_nothing_is_lost_on_the_way_back(visit: Visit, street: str) -> None:
    workshop = Workshop.open(visit, street)
    page = workshop.page
    workshop.place("tree_medium", 50, 12)
    workshop.close_card()
    solid = open_solid(page)
    expect(solid.canvas).to_be_focused()
    expect(solid.canvas).to_have_accessible_name("Straat in 3D: De Kade opnieuw")
    # After 20 years the crown has a radius of 3 m, from 2.5 to 9 m high; when planted, of 0.75 m up to 4 m.
    # Looking along the street to the east, the south is on the right: clear of the tile on the tree itself.
    crown = (50.0, 10.2, 5.5)
    for _ in range(3):
        page.keyboard.press("+")
    planted = solid.colour(*crown)
    page.get_by_role("radio", name="nu geplant").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="na 20 jaar")).to_be_checked()
    grown = solid.colour(*crown)
    assert grown[1] > grown[0] + 15, f"{grown} is not green"
    assert grown[1] > grown[2] + 15, f"{grown} is not green"
    assert abs(planted[1] - planted[0]) < 15, f"{planted} is green already"
    page.locator("[data-tool='2d']").click()
    expect(page.locator(".scene-box")).to_have_count(0)
    expect(page.locator("[data-tool='2d']")).to_have_attribute("aria-pressed", "true")
    assert workshop.changes() == [("Boom 2e grootte (middel)", "nieuw")]
    workshop.saved()
    workshop.place("bench", 30, 2)
    expect(workshop.rows).to_have_count(2)


def test_the_drawing_is_the_same_in_both_views(visit: Visit, street: str) -> None:
    """Placed at the cross with Enter, chosen in the list, chosen in the picture."""
    workshop = Workshop.open(visit, street)
    page = workshop.page
    solid = open_solid(page)
    workshop.tile("bench").click()
    solid.canvas.focus()
    page.keyboard.press("Enter")
    expect(workshop.rows).to_have_count(1)
    expect(page.locator(".scene-chosen")).to_have_count(1)
    before = place_of_first_change(workshop)
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#announcer")).to_contain_text("verschoven")
    bench = place_of_first_change(workshop)
    # Ahead is along the street, to the east: one metre, at 52 degrees north 68.7 km to a degree.
    assert (bench[0] - before[0]) * 68_700 == pytest.approx(1, abs=0.05)
    assert (bench[1] - before[1]) * 111_260 == pytest.approx(0, abs=0.05)
    page.keyboard.press("Escape")
    expect(page.locator(".scene-chosen")).to_have_count(0)
    solid.settled()
    left, top = page.evaluate(
        """([lng, lat]) => {
            const { solid } = window.stoepkrijt;
            const box = solid.canvas.getBoundingClientRect();
            const at = solid.project([lng, lat], 0.4);
            return [box.left + at.x, box.top + at.y];
        }""",
        bench,
    )
    page.mouse.click(left, top)
    expect(workshop.card).to_be_visible()
    expect(workshop.card).to_contain_text("Bank")


def test_keys_move_the_eye(visit: Visit, street: str) -> None:
    page = visit(f"/assignments/{street}/draw")
    map_ready(page)
    solid = open_solid(page)
    solid.canvas.focus()
    for keys in (("ArrowUp", "ArrowLeft"), ("Shift+ArrowRight",), ("Shift+ArrowUp",), ("+", "+")):
        before = solid.spot(50, 10)
        for key in keys:
            page.keyboard.press(key)
        solid.settled()
        assert solid.spot(50, 10) != before, keys


def test_what_exists_can_be_taken_away_in_3d(visit: Visit, app: Flask, street: str) -> None:
    workshop = Workshop.open(visit, street)
    page = workshop.page
    solid = open_solid(page)
    page.mouse.click(*solid.spot(60, 2, 3))
    expect(workshop.card).to_contain_text("Boom")
    workshop.card.locator("[data-act='remove']").click()
    expect(workshop.rows).to_have_count(1)
    assert workshop.changes() == [("Boom", "gaat weg")]
    with app.app_context():
        wanted = object_id("boom-2")
    features = workshop.draft_after_saving()["changes"]["features"]
    assert [feature["properties"]["object"] for feature in features] == [wanted]


def test_lines_are_drawn_on_the_flat_map(visit: Visit, street: str) -> None:
    workshop = Workshop.open(visit, street)
    open_solid(workshop.page)
    workshop.tile("hedge").click()
    expect(workshop.page.locator(".scene-box")).to_have_count(0)
    expect(workshop.page.locator(".ws-hint")).to_be_visible()


def test_three_dimensions_come_only_when_asked_for(visit: Visit, street: str) -> None:
    chunk = json.loads(MANIFEST.read_text("utf-8"))["src/scene/view.ts"]["file"]
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/assignments/{street}/draw")
    map_ready(page)
    assert not any(url.endswith(chunk) for url in asked)
    open_solid(page)
    assert any(url.endswith(chunk) for url in asked)


def test_without_webgl_there_is_a_sentence_and_the_list(visit: Visit, street: str) -> None:
    page = visit(f"/assignments/{street}/draw?webgl=off")
    map_ready(page)
    page.locator("[data-name='list']").get_by_role("button", name="Sluiten").click()
    page.locator("[data-tool='3d']").click()
    expect(page.locator(".ws-notes").get_by_text("3D kan hier niet")).to_be_visible()
    page.locator("[data-tool='list']").click()
    expect(page.locator("[data-name='list']")).to_be_visible()


@pytest.fixture
def design(app: Flask, street: str) -> str:
    """A submitted design with a tree, a bench and a tree that goes."""
    resident = Resident(app.test_client())
    with app.app_context():
        gone = object_id("boom-1")
    removal = {
        "type": "Feature",
        "geometry": addition(50, 2)["geometry"],
        "properties": {"action": "remove", "object": gone},
    }
    body = design_body(street, addition(20, 12, "tree_large"), addition(30, 2, "bench"), removal)
    made = str(resident.send("POST", "/api/designs", body).get_json()["id"])
    assert resident.send("POST", f"/api/designs/{made}/submit").status_code == 200
    return made


def test_a_design_on_its_own_page_in_3d_and_back(visit: Visit, design: str) -> None:
    page = visit(f"/designs/{design}")
    opener = page.get_by_role("button", name="Bekijk in 3D")
    opener.click()
    solid = Solid(page)
    expect(solid.canvas).to_be_focused()
    page.get_by_role("button", name="2D").click()
    expect(page.locator(".scene-box")).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    Solid(page)


def test_the_public_map_shows_a_design_of_its_list_in_3d(visit: Visit, street: str, design: str) -> None:
    page = visit(f"/assignments/{street}/map")
    map_ready(page)
    opener = page.get_by_role("button", name="3D")
    opener.click()
    Solid(page)
    expect(page.locator(".scene-legend")).not_to_contain_text("nieuw in dit ontwerp")
    page.locator("[data-design] [data-show-on-map]").click()
    expect(page.locator(".scene-legend")).to_contain_text("nieuw in dit ontwerp")
    page.get_by_role("button", name="2D").click()
    expect(page.locator(".scene-box")).to_have_count(0)
    expect(opener).to_be_focused()


def with_small_targets(page: Page) -> list[str]:
    return faults(page) + list(page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX))


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_axe_finds_nothing(
    browser: Browser, live_server: str, street: str, design: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    found = {}
    for path, opener in (
        (f"/assignments/{street}/draw?remix={design}", "[data-tool='3d']"),
        (f"/designs/{design}", "[data-solid]"),
    ):
        page.goto(prefix + path)
        if "draw" in path:
            map_ready(page)
        page.locator(opener).click()
        page.wait_for_selector(".scene-box[data-frames]", timeout=FIRST_FRAME_MS)
        expect(page.locator(".scene-hour")).to_be_enabled()
        page.locator(".scene-more summary").click()
        found[path] = at_both_sizes(page, with_small_targets)
    context.close()
    assert found == {path: [] for path in found}
