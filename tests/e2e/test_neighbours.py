"""Neighbours take part: a copy to draw on, comments and support, each in a browser of their own."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import Visit, map_ready
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body, object_id, rd_point

pytestmark = pytest.mark.browser


@pytest.fixture
def author(app: Flask, street: str) -> Resident:
    """Who made the first design."""
    return Resident(app.test_client())


@pytest.fixture
def design(app: Flask, street: str, author: Resident) -> str:
    """A submitted design: a tree, a bench, a bay away."""
    with app.app_context():
        bay = object_id("vak-1")
    away = {"type": "Feature", "geometry": None, "properties": {"action": "remove", "object": bay}}
    body = design_body(street, addition(20, 2), addition(30, 2, "bench"), away)
    made = str(author.send("POST", "/api/designs", body).get_json()["id"])
    assert author.send("POST", f"/api/designs/{made}/submit").status_code == 200
    return made


def cookie_of(resident: Resident) -> str:
    """What a resident's browser holds."""
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None
    return str(cookie.value)


def comment(page: Page, text: str, sentiment: str, about: int | None = None) -> None:
    """Fill in the form on a design's page."""
    if about is not None:
        page.locator("ol.changes > li").nth(about).get_by_role("link", name="Reageer").click()
        expect(page.get_by_label("Waar gaat het over?")).not_to_have_value("")
    form = page.locator("#reageer")
    form.get_by_label(sentiment, exact=True).check()
    form.get_by_label("Jouw reactie").fill(text)
    form.get_by_role("button", name="Plaats je reactie").click()
    expect(page.locator(".comment .text", has_text=text)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no-javascript"])
def test_comments_and_support_reach_the_author(
    visit: Visit, design: str, author: Resident, script: bool
) -> None:
    home = visit(f"/designs/{design}", cookie=cookie_of(author), script=script)
    page = visit(f"/designs/{design}", script=script)
    assert page.context.cookies() == []  # reading leaves nothing behind
    comment(page, "Fijn, een boom voor de deur.", "Voor")
    comment(page, "Zet deze bank in de zon.", "Tegen", about=1)
    page.get_by_role("button", name="Steun dit ontwerp").click()
    expect(page.locator("#steun .count")).to_have_text("1")
    expect(page.get_by_text("Jij steunt dit ontwerp")).to_be_visible()
    assert len(page.context.cookies()) == 1

    home.reload()
    expect(home.locator("#steun .count")).to_have_text("1")
    expect(home.locator(".comment .text")).to_have_text(
        ["Zet deze bank in de zon.", "Fijn, een boom voor de deur."]
    )
    expect(home.locator(".comment .chip", has_text="over:")).to_have_count(1)
    expect(home.get_by_text("2 reacties")).to_be_visible()

    home.locator(".thread details summary").first.click()
    home.get_by_label("Jouw antwoord").first.fill("Dank je wel.")
    home.get_by_role("button", name="Plaats je antwoord").first.click()
    expect(home.locator(".replies .text")).to_have_text(["Dank je wel."])
    page.goto(f"/designs/{design}")
    page.get_by_role("button", name="Steun het niet meer").click()
    expect(page.locator("#steun .count")).to_have_text("0")


def test_a_neighbour_draws_on_with_a_copy_and_leaves_the_original_alone(
    app: Flask, visit: Visit, street: str, design: str
) -> None:
    page = visit(f"/designs/{design}")
    page.get_by_role("link", name="Teken verder op dit ontwerp").click()
    shop = Workshop(page)
    assert [how for _, how in shop.changes()] == ["nieuw", "nieuw", "gaat weg"]
    shop.place("bench", 40, 2)
    shop.saved()
    copy = shop.submit("Nog een bankje erbij")
    assert copy != design
    original = page.get_by_text("Begonnen vanuit").get_by_role("link", name="Groene Kade")
    expect(original).to_have_attribute("href", f"/designs/{design}")
    expect(page.locator("ol.changes > li")).to_have_count(4)
    page.goto(f"/designs/{design}")
    expect(page.locator("ol.changes > li")).to_have_count(3)
    expect(page.get_by_role("link", name="Nog een bankje erbij")).to_be_visible()


def test_the_author_changes_a_submitted_design_and_the_old_version_stays(
    visit: Visit, design: str, author: Resident
) -> None:
    page = visit(f"/designs/{design}", cookie=cookie_of(author))
    page.get_by_role("link", name="Wijzig je ontwerp").click()
    shop = Workshop(page)
    assert len(shop.changes()) == 3
    shop.place("tree_small", 45, 2)
    expect(shop.status).to_have_attribute("data-state", "local")
    page.locator("[data-submit]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Titel")).to_have_value("Groene Kade")
    dialog.get_by_role("button", name="Nieuwe versie inzenden").click()
    page.wait_for_url(f"**/designs/{design}")
    expect(page.locator("ol.changes > li")).to_have_count(4)
    page.get_by_role("link", name="versie 1", exact=True).click()
    expect(page.locator("ol.changes > li")).to_have_count(3)
    expect(page.get_by_text("Dit is versie 1.")).to_be_visible()


def test_own_words_can_be_changed_and_taken_away(visit: Visit, design: str) -> None:
    page = visit(f"/designs/{design}", script=False)
    comment(page, "Eerste versie.", "Voor")
    page.get_by_role("link", name="Wijzig je reactie").click()
    page.get_by_role("textbox").fill("   ")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-list")).to_be_visible()
    page.get_by_role("textbox").fill("Tweede versie.")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".comment .text")).to_have_text(["Tweede versie."])
    page.get_by_role("link", name="Haal weg").click()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("Tweede versie.")).to_have_count(0)


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_a_comment_on_a_place_stands_on_the_map_and_in_the_list(
    visit: Visit, street: str, touch: bool
) -> None:
    page = visit(f"/assignments/{street}/map", touch=touch)
    map_ready(page)
    page.get_by_role("button", name="Reageer op een plek").click()
    place = rd_point(40, 10)
    page.evaluate("place => window.stoepkrijt.map.jumpTo({ center: place, zoom: 19 })", [place.x, place.y])
    form = page.get_by_role("form", name="Reageer op een plek")
    form.get_by_role("button", name="Plaats je reactie").click()
    expect(form.get_by_role("alert")).to_have_text("Schrijf eerst je reactie.")
    form.get_by_label("Jouw reactie").fill("Hier rijden ze te hard.")
    form.get_by_label("Ben je voor of tegen?").select_option("Tegen")
    assert faults(page) == []
    with page.expect_navigation():
        form.get_by_role("button", name="Plaats je reactie").click()
    expect(page.locator("[data-map-item]")).to_contain_text("Hier rijden ze te hard.")
    (comment_,) = page.request.get("/api/collections/comments/items").json()["features"]
    assert comment_["properties"]["sentiment"] == "against"
    assert comment_["geometry"]["coordinates"] == pytest.approx([place.x, place.y], abs=1e-6)


def test_a_comment_on_a_place_outside_the_area_is_refused_and_kept(visit: Visit, street: str) -> None:
    page = visit(f"/assignments/{street}/map")
    map_ready(page)
    page.get_by_role("button", name="Reageer op een plek").click()
    far = rd_point(50, -20)
    page.evaluate("place => window.stoepkrijt.map.jumpTo({ center: place })", [far.x, far.y])
    form = page.get_by_role("form", name="Reageer op een plek")
    form.get_by_label("Jouw reactie").fill("Te ver weg.")
    form.get_by_role("button", name="Plaats je reactie").click()
    expect(form.get_by_role("alert")).to_contain_text("buiten het gebied")
    expect(form.get_by_label("Jouw reactie")).to_have_value("Te ver weg.")
