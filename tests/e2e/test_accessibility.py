"""What axe finds on every page, at desktop and phone size, in Dutch and English; targets and reflow."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Assignment
from tests.e2e.axe import SMALL_TARGETS, SMALLEST_TARGET_PX, all_faults, at_both_sizes, faults, other_size
from tests.e2e.conftest import DESKTOP, PHONE, cookie_of, map_ready, open_as, resize
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body

# Each page is loaded at one size in Dutch and at the other in English (`at_both_sizes`).
LANGUAGES = pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])


@pytest.fixture
def design(app: Flask, street: str) -> str:
    """A submitted design with two changes and comments on it."""
    resident = Resident(app.test_client())
    body = design_body(street, addition(20, 2), addition(30, 2, "bench"))
    made = str(resident.send("POST", "/api/designs", body).get_json()["id"])
    resident.send("POST", f"/api/designs/{made}/submit")
    for target in ({}, {"design": made}):
        comment = {"assignment": street, "text": "Mooi plan.", "sentiment": "for", **target}
        first = resident.send("POST", "/api/comments", comment).get_json()["id"]
        resident.send("POST", "/api/comments", {"assignment": street, "text": "Eens.", "parent": first})
    return made


@LANGUAGES
def test_axe_finds_nothing_on_the_pages_that_everybody_reads(
    browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    found = {}
    for path in (
        "/",
        "/assignments",
        "/assignments/kade",
        f"/designs/{design}",
        f"/designs/{design}/versions/1",
        "/how-it-works",
        "/rules",
        "/privacy",
        "/accessibility",
        "/sign-in",
        "/api?f=html",
        "/api/collections?f=html",
        "/api/collections/designs/items?f=html",
        "/weg",
    ):
        page.goto(prefix + path)
        found[path] = at_both_sizes(page)
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


@LANGUAGES
def test_axe_finds_nothing_on_the_pages_of_who_takes_part(
    app: Flask, browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    found = {}
    for role, paths in (
        (None, ("/assignments/kade", f"/designs/{design}", "/me")),
        (
            Role.PLANNER,
            (
                *("/desk", "/desk/assignments/new", "/desk/assignments/kade", "/me"),
                *("/rules", "/desk/rules/R15/small_m"),
            ),
        ),
    ):
        context = open_as(browser, live_server, size, cookie_of(app, role))
        page = context.new_page()
        for path in paths:
            page.goto(prefix + path)
            found[path] = at_both_sizes(page, all_faults)
        context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


@LANGUAGES
def test_axe_finds_nothing_around_a_map(
    browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    found = {}
    for path in ("/assignments/kade/map", "/assignments/kade/draw"):
        page.goto(prefix + path)
        map_ready(page)
        found[path] = at_both_sizes(page)
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


@LANGUAGES
def test_axe_finds_nothing_in_a_workshop_at_work(
    browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    page.goto(f"{prefix}/assignments/kade/draw?remix={design}")
    workshop = Workshop(page)
    found = []
    for now in (size, other_size(page)):
        resize(page, now)
        page.locator("[data-tab='list']" if now == PHONE else ".ws-list-button").click()
        expect(workshop.rows.first).to_be_visible()
        found += faults(page)
        workshop.rows.first.locator("button").first.click()
        expect(workshop.card).to_be_visible()
        found += faults(page)
        if now == DESKTOP:
            page.locator("[data-name='list'] .ws-close").click()
        workshop.close_card()
    context.close()
    assert found == []


@LANGUAGES
def test_axe_finds_nothing_in_the_tools_of_the_workshop(
    app: Flask, browser: Browser, live_server: str, design: str, size: Any, prefix: str
) -> None:
    """Kinds that do not belong here, a row, measuring, the form for an address, and figures in the list."""
    with app.app_context(), transaction():
        db.session.query(Assignment).one().allowed_kinds = ["bench", "tree_small"]
    context = open_as(browser, live_server, size)
    page = context.new_page()
    page.goto(f"{prefix}/assignments/kade/draw?remix={design}")
    shop = Workshop(page)
    found: list[str] = []
    small: list[str] = []
    for now in (size, other_size(page)):
        resize(page, now)
        found += faults_in_tools(shop, phone=now == PHONE)
        small += page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX)
        shop.rows.first.locator("[data-act$='-adjust']").click()
    context.close()
    assert found == []
    # The assignment's name is a link in a line of text; a grip answers to 44 px around what one sees of it.
    assert [one for one in small if "/assignments/kade" not in one and 'class="grip"' not in one] == []


def faults_in_tools(shop: Workshop, *, phone: bool) -> list[str]:
    """What axe finds with one tool after another in hand; leaves the list open."""
    page = shop.page

    def tool(name: str) -> None:
        if phone:
            page.locator("[data-tab='palette']").click()
        page.locator(f"{'.pal-tools' if phone else '.ws-tools'} [data-tool='{name}']").click()

    if phone:
        page.locator("[data-tab='palette']").click()
    found = faults(page)
    shop.tile("tree_small").click()
    page.locator(".ws-choices button").first.click()
    expect(page.locator(".ws-hint [data-field='spacing']")).to_be_visible()
    found += faults(page)
    tool("measure")
    found += faults(page)
    tool("address")
    page.locator(".ws-address select").first.select_option("bench")
    page.locator(".ws-address input[role='combobox']").fill("Kade")
    expect(page.locator(".ws-address li[role='option']").first).to_be_visible()
    found += faults(page)
    page.locator("[data-tab='list']" if phone else ".ws-list-button").click()
    shop.rows.first.locator("[data-act$='-adjust']").click()
    if not page.locator(".list-add[open]").count():
        page.locator(".list-add summary").click()
    expect(page.locator(".list-adjust")).to_be_visible()
    return found + faults(page)


def change_elsewhere(page: Page) -> None:
    """Give the draft of this page another title, as a second tab would."""
    draft = page.evaluate(
        """() => Object.keys(localStorage).filter(key => key.startsWith('stoepkrijt:draft:'))
            .map(key => JSON.parse(localStorage[key]).server.id)[0]"""
    )
    token = page.request.post("/api/session").json()["csrf_token"]
    there = page.request.get(f"/api/designs/{draft}")
    answer = page.request.put(
        f"/api/designs/{draft}",
        data=design_body("kade", title="Anders"),
        headers={"X-CSRF-Token": token, "If-Match": there.headers["etag"]},
    )
    assert answer.ok, answer.text()


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["nl", "en"])
def test_axe_finds_nothing_in_the_question_about_two_versions(
    browser: Browser, live_server: str, design: str, prefix: str
) -> None:
    # Without WebGL the workshop works through its list, and opens sooner.
    context = open_as(browser, live_server, DESKTOP)
    page = context.new_page()
    page.goto(f"{prefix}/assignments/kade/draw?remix={design}&webgl=off")
    workshop = Workshop(page)
    away = workshop.rows.first.locator("button[data-act$='-delete']")
    away.click()
    workshop.saved()
    change_elsewhere(page)
    away.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    found = at_both_sizes(page)
    expect(dialog.get_by_role("button")).to_have_count(3)
    context.close()
    assert found == []


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["nl", "en"])
def test_axe_finds_nothing_while_an_area_is_drawn(
    app: Flask, browser: Browser, live_server: str, street: str, prefix: str
) -> None:
    context = open_as(browser, live_server, DESKTOP, cookie_of(app, Role.PLANNER))
    page = context.new_page()
    page.goto(f"{prefix}/desk/assignments/new")
    map_ready(page)
    page.locator("canvas.maplibregl-canvas").focus()
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    found = {"corners": at_both_sizes(page)}
    page.locator(".picker-tools button").first.click()
    area = page.locator("textarea[name='area']")
    expect(area).to_have_value(re.compile("Polygon"))
    found["closed"] = at_both_sizes(page)
    context.close()
    assert {when: problems for when, problems in found.items() if problems} == {}


@LANGUAGES
def test_axe_finds_nothing_on_the_pages_about_ones_own_things(
    app: Flask, browser: Browser, live_server: str, street: str, size: Any, prefix: str
) -> None:
    resident = Resident(app.test_client())
    design = resident.send("POST", "/api/designs", design_body(street)).get_json()["id"]
    resident.send("POST", f"/api/designs/{design}/submit")
    comment = resident.send("POST", "/api/comments", {"assignment": street, "text": "Mooi."}).get_json()["id"]
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None
    found = {}
    context = open_as(browser, live_server, size, str(cookie.value))
    page = context.new_page()
    for path in (
        f"/designs/{design}",
        f"/designs/{design}/withdraw",
        f"/comments/{comment}/edit",
        f"/comments/{comment}/remove",
        "/me/erase",
    ):
        answer = page.goto(prefix + path)
        assert answer is not None
        assert answer.status == 200
        found[path] = at_both_sizes(page)
    context.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_pages_reflow_at_320_pixels_and_targets_are_large_enough(
    app: Flask, browser: Browser, live_server: str, design: str
) -> None:
    context = open_as(browser, live_server, {"width": 320, "height": 640}, cookie_of(app, Role.PLANNER))
    page = context.new_page()
    found = []
    for path in (
        "/",
        "/assignments",
        "/assignments/kade",
        f"/designs/{design}",
        "/how-it-works",
        "/privacy",
        "/accessibility",
        "/sign-in",
        "/me",
        "/desk",
        "/desk/assignments/new",
        "/assignments/kade/map",
        "/assignments/kade/draw",
        "/api?f=html",
        "/api/collections/designs/items?f=html",
        "/weg",
    ):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            found.append(f"{path} is {width} px wide")
        found += [f"{path}: {small}" for small in page.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX)]
    context.close()
    assert found == []


def test_text_at_twice_its_size_stays_within_the_page(
    browser: Browser, live_server: str, design: str
) -> None:
    # Twice the letters in a window of 1280 pixels is the same layout as a window of 640.
    context = open_as(browser, live_server, {"width": 640, "height": 900})
    page = context.new_page()
    for path in ("/", "/assignments/kade", f"/designs/{design}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
    context.close()


def test_more_contrast_is_one_button_away_and_stays(browser: Browser, live_server: str, design: str) -> None:
    context = open_as(browser, live_server, DESKTOP)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Meer contrast").click()
    assert page.locator("html").get_attribute("data-contrast") == "more"
    assert faults(page) == []
    page.goto(f"/designs/{design}")
    page.wait_for_function("document.documentElement.dataset.contrast === 'more'")
    assert faults(page) == []
    context.close()
