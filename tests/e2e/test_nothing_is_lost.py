"""Two tabs, a dead line, a lost answer, no WebGL: the drawing stays, and becomes one design."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from app.designs.models import Design
from tests.e2e.conftest import Visit, map_ready
from tests.e2e.workshop import Workshop
from tests.factories.people import count

pytestmark = pytest.mark.browser
# Without WebGL the workshop works through its list; two of them then fit in a test's time.
LIST_ONLY = "?webgl=off"


def take_away(shop: Workshop, name: str) -> None:
    """Remove the nearest existing thing of this name, from the list."""
    page = shop.page
    if not page.get_by_role("button", name="Zoek rond het kruis").is_visible():
        page.locator(".ws-list-button").click()
    page.get_by_role("button", name="Zoek rond het kruis").click()
    page.get_by_role("button", name=f"{name}: Weghalen").first.click()
    expect(shop.rows.filter(has_text=name)).to_have_count(1)


def names(shop: Workshop) -> list[str]:
    """What the drawing is about."""
    return [what for what, _ in shop.changes()]


@pytest.fixture
def two_tabs(visit: Visit, street: str) -> tuple[Workshop, Workshop]:
    """The same draft in two tabs: one has since removed a tree, the other is about to remove a bay."""
    one = Workshop.open(visit, street, LIST_ONLY)
    take_away(one, "Bank")
    one.saved()
    other = Workshop.open(visit, street, LIST_ONLY, context=one.page.context)
    assert names(other) == ["Bank"]
    take_away(one, "Boom")
    one.saved()
    take_away(other, "Parkeervak")
    expect(other.page.get_by_role("dialog")).to_be_visible()
    expect(other.status).to_have_attribute("data-state", "conflict")
    return one, other


def choose(shop: Workshop, choice: str) -> None:
    """Answer the question about the two versions."""
    shop.page.get_by_role("dialog").get_by_role("button", name=choice).click()
    expect(shop.page.get_by_role("dialog")).to_be_hidden()
    expect(shop.status).to_have_attribute("data-state", "saved")


def test_of_two_tabs_my_version_can_be_kept(app: Flask, two_tabs: tuple[Workshop, Workshop]) -> None:
    _, other = two_tabs
    choose(other, "Houd mijn versie")
    assert names(other) == ["Bank", "Parkeervak"]
    kinds = [one["properties"]["object_kind"] for one in other.draft()["changes"]["features"]]
    assert kinds == ["bench", "parking"]
    assert count(app, Design) == 1


def test_of_two_tabs_the_other_version_can_be_taken(app: Flask, two_tabs: tuple[Workshop, Workshop]) -> None:
    _, other = two_tabs
    choose(other, "Neem de andere versie")
    assert names(other) == ["Bank", "Boom"]
    assert len(other.draft()["changes"]["features"]) == 2
    assert count(app, Design) == 1
    take_away(other, "Parkeervak")
    other.saved()
    assert len(other.draft()["changes"]["features"]) == 3


def test_of_two_tabs_both_versions_can_be_kept(app: Flask, two_tabs: tuple[Workshop, Workshop]) -> None:
    one, other = two_tabs
    choose(other, "Bewaar de mijne als nieuw ontwerp")
    assert names(one) == ["Bank", "Boom"]
    assert names(other) == ["Bank", "Parkeervak"]
    assert count(app, Design) == 2


def test_what_is_drawn_without_a_connection_is_saved_once_it_is_back(
    app: Flask, visit: Visit, street: str
) -> None:
    shop = Workshop.open(visit, street)
    offline = shop.page.context.set_offline
    offline(True)
    shop.place("tree_small", 30, 2)
    expect(shop.status).to_have_attribute("data-state", "offline")
    expect(shop.status).to_contain_text("Geen verbinding. Je tekening staat op dit apparaat.")
    shop.close_card()
    shop.place("bench", 35, 2)
    expect(shop.rows).to_have_count(2)
    shop.page.locator("[data-submit]").click()
    dialog = shop.page.get_by_role("dialog")
    dialog.get_by_label("Titel").fill("Zonder lijn")
    dialog.get_by_role("button", name="Inzenden").click()
    expect(dialog.get_by_role("alert")).to_contain_text("geen verbinding")
    dialog.get_by_role("button", name="Annuleren").click()
    assert count(app, Design) == 0
    offline(False)
    shop.saved()
    assert count(app, Design) == 1
    assert shop.draft()["properties"]["title"] == "Zonder lijn"
    assert len(shop.draft()["changes"]["features"]) == 2


def test_an_answer_that_got_lost_does_not_make_a_second_design(app: Flask, visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street, LIST_ONLY)
    lost = []

    def lose_first_answer(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort("connectionreset")

    shop.page.route(re.compile("/api/designs$"), lose_first_answer)
    take_away(shop, "Bank")
    expect(shop.status).to_have_attribute("data-state", "offline")
    take_away(shop, "Boom")
    shop.saved()
    assert lost == [201]
    assert count(app, Design) == 1
    assert len(shop.draft()["changes"]["features"]) == 2


def test_pressing_submit_twice_submits_once(app: Flask, visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street, LIST_ONLY)
    take_away(shop, "Bank")
    page = shop.page
    page.locator("[data-submit]").click()
    page.get_by_label("Titel").fill("Twee keer")
    page.get_by_role("dialog").get_by_role("button", name="Inzenden").dblclick()
    page.wait_for_url("**/designs/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Twee keer")
    assert count(app, Design) == 1
    page.go_back()
    again = Workshop(page)
    expect(again.rows).to_have_count(0)


def test_a_browser_without_webgl_shows_the_street_and_the_lists(visit: Visit, street: str) -> None:
    def has_drawing(page: Page) -> bool:
        image = page.locator("img.map-drawing")
        expect(image).to_be_visible()
        return bool(image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)"))

    page = visit(f"/assignments/{street}/map{LIST_ONLY}")
    map_ready(page)
    expect(page.get_by_text("De kaart kan hier niet getekend worden")).to_be_visible()
    assert has_drawing(page)
    expect(page.get_by_role("heading", name="Ontwerpen")).to_be_visible()
    shop = Workshop.open(visit, street, LIST_ONLY)
    assert has_drawing(shop.page)


def test_pages_around_the_map_can_be_read_without_javascript(visit: Visit, street: str) -> None:
    for path in (f"/assignments/{street}/map", f"/assignments/{street}/draw"):
        page = visit(path, script=False)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("noscript img")).to_be_visible()
    expect(page.locator("noscript .note")).to_contain_text("Om te tekenen is JavaScript nodig.")
