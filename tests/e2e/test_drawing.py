"""Drawing a design in the workshop: by mouse, by touch and with the keyboard only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Neighbourhood
from tests.e2e.conftest import Visit, map_ready, quiet
from tests.e2e.workshop import Workshop
from tests.factories import object_id, rd_point

pytestmark = pytest.mark.browser


def points(design: dict[str, Any]) -> dict[str, list[float]]:
    """Where a design's new things stand, by kind."""
    return {
        change["properties"]["kind"]: change["geometry"]["coordinates"]
        for change in design["changes"]["features"]
        if change["properties"]["action"] == "add"
    }


def test_a_design_made_by_mouse_survives_everything_and_is_seen_by_all(
    app: Flask, visit: Visit, street: str
) -> None:
    with app.app_context():
        bay = object_id("vak-1")
    shop = Workshop.open(visit, street)
    shop.place("tree_small", 30, 2)
    shop.close_card()
    shop.place("bench", 35, 2)
    shop.close_card()
    shop.pick(19, 5)
    shop.card.get_by_role("button", name="Weghalen").click()
    expect(shop.rows).to_have_count(3)
    # By hand: two trees and one; a bench of three seats and one; three bays less one.
    expect(shop.effect("trees")).to_have_text("2 → 3")
    expect(shop.effect("seats")).to_have_text("3 → 6")
    expect(shop.effect("parking_places")).to_have_text("3 → 2")
    # No bicycle stands are on this map, which does not mean that there are none.
    expect(shop.effect("bike_places")).to_have_text("niet bekend")

    shop.undo()
    expect(shop.rows).to_have_count(2)
    expect(shop.effect("parking_places")).to_have_text("3")
    shop.undo()
    shop.undo()
    expect(shop.rows).to_have_count(0)
    for _ in range(3):
        shop.redo()
    expect(shop.rows).to_have_count(3)
    expect(shop.effect("parking_places")).to_have_text("3 → 2")
    shop.saved()

    placed = points(shop.draft())
    tree, bench = rd_point(30, 2), rd_point(35, 2)
    assert placed["tree_small"] == pytest.approx([tree.x, tree.y], abs=5e-6)
    assert placed["bench"] == pytest.approx([bench.x, bench.y], abs=5e-6)
    drawn = shop.changes()

    shop.page.reload()
    assert Workshop(shop.page).changes() == drawn
    shop.page.close()
    shop = Workshop.open(visit, street, context=shop.page.context)
    assert shop.changes() == drawn
    expect(shop.effect("trees")).to_have_text("2 → 3")

    design = shop.submit("Bankje onder de boom", "Voor wie even wil zitten.")
    page = shop.page
    expect(page.get_by_text("Voor wie even wil zitten.")).to_be_visible()
    expect(page.locator("ol.changes > li")).to_have_count(3)

    neighbour = visit(f"/assignments/{street}/map")
    map_ready(neighbour)
    expect(neighbour.get_by_role("link", name="Bankje onder de boom")).to_have_attribute(
        "href", f"/designs/{design}"
    )
    shown = neighbour.evaluate(
        """design => {
            const { map } = window.stoepkrijt;
            const found = map.querySourceFeatures('changes', { sourceLayer: 'changes' });
            const own = found.map(feature => feature.properties).filter(p => p.design === design);
            return [...new Set(own.map(p => `${p.action} ${p.object ?? p.kind}`))].sort();
        }""",
        design,
    )
    assert shown == ["add bench", "add tree_small", f"remove {bay}"]
    again = Workshop.open(visit, street, context=page.context)
    expect(again.rows).to_have_count(0)


def test_a_design_is_made_by_touch_on_a_phone(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street, touch=True)
    page = shop.page
    for kind, x in (("tree_small", 40), ("bench", 45)):
        page.get_by_role("button", name="Neerzetten").tap()
        shop.tile(kind).tap()
        shop.settled()
        page.touchscreen.tap(*shop.spot(x, 2))
        expect(shop.card).to_be_visible()
        shop.card.get_by_role("button", name="Sluiten").tap()
        expect(shop.card).to_be_hidden()
    shop.zoom_to(19, 5)
    page.touchscreen.tap(*shop.spot(19, 5))
    expect(shop.card.get_by_role("heading")).to_have_text("Parkeervak")
    shop.card.get_by_role("button", name="Weghalen").tap()
    shop.saved()
    page.get_by_role("button", name=re.compile("^Gevolgen")).tap()
    expect(shop.effect("trees")).to_have_text("2 → 3")
    expect(shop.effect("parking_places")).to_have_text("3 → 2")
    page.get_by_role("button", name=re.compile("^Lijst")).tap()
    expect(shop.rows).to_have_count(3)
    expect(shop.rows.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # What is chosen stays in the part of the map that the sheet leaves free.
    shop.rows.first.get_by_role("button").first.tap()
    expect(shop.card).to_be_visible()
    shop.settled()
    left, top = shop.spot(40, 2)
    sheet = shop.card.bounding_box()
    assert sheet is not None
    assert 0 < left < 390
    assert 0 < top < sheet["y"]
    assert shop.submit("Met mijn duim") in page.url


def test_on_a_phone_the_answer_does_not_cover_what_it_is_about(app: Flask, visit: Visit, street: str) -> None:
    with app.app_context(), transaction():
        db.session.query(Neighbourhood).one().attribution = "© Kaartmakers van de wijk (ODbL)"
    shop = Workshop.open(visit, street, touch=True)
    page = shop.page
    page.get_by_role("button", name="Neerzetten").tap()
    shop.tile("tree_large").tap()
    shop.settled()
    page.touchscreen.tap(*shop.spot(40, 1))
    # The verdict, with its reasons and ways out, makes the card much higher than it was when it opened.
    expect(shop.card.locator("[data-act='all-checks']")).to_be_visible()
    shop.saved()
    quiet(page)
    shop.settled()
    for _ in range(2):
        left, top = shop.spot(40, 1)
        sheet = shop.card.bounding_box()
        assert sheet is not None
        assert 0 < left < 390
        assert 56 < top < sheet["y"]
        # Whose map it is has to be read as well.
        credit = page.locator(".ws-map > .map-attr").bounding_box()
        assert credit is not None
        assert credit["y"] > 56 and credit["y"] + credit["height"] <= sheet["y"]
        # All the checks, and what they say, make it higher still.
        shop.card.locator("[data-act='all-checks']").tap()
        shop.settled()


def test_a_design_is_made_with_the_keyboard_only(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page, keys = shop.page, shop.page.keyboard
    canvas = page.locator("canvas.maplibregl-canvas")

    # Who only wants to look around need not pass all kinds of the palette.
    shop.tab_to(page.get_by_role("button", name="Naar de kaart"), most=3)
    keys.press("Enter")
    expect(canvas).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")

    shop.tab_to(page.get_by_label("Zoek een element"))
    keys.type("boom 3e")
    shop.tab_to(shop.tile("tree_small"))
    keys.press("Enter")
    expect(shop.tile("tree_small")).to_have_attribute("aria-pressed", "true")
    shop.tab_to(canvas)
    keys.press("+")
    keys.press("ArrowDown")
    shop.settled()
    cross = page.evaluate("() => window.stoepkrijt.map.getCenter().toArray()")
    keys.press("Enter")
    expect(shop.rows).to_have_count(1)
    expect(page.locator("#announcer")).to_contain_text("Boom")
    expect(shop.card).to_be_visible()
    shop.saved()
    assert points(shop.draft())["tree_small"] == pytest.approx(cross, abs=1e-7)

    # Ten centimetres per press, a metre with Shift; the map itself stays where it is.
    for _ in range(3):
        keys.press("ArrowLeft")
    keys.press("Shift+ArrowUp")
    keys.press("r")
    shop.saved()
    moved = points(shop.draft())["tree_small"]
    metre = rd_point(51, 2).x - rd_point(50, 2).x
    assert moved[0] - cross[0] == pytest.approx(-0.3 * metre, rel=0.05)
    assert moved[1] > cross[1]

    # An existing bay, from the list beside the map.
    keys.press("Escape")
    expect(shop.card).to_be_hidden()
    keys.press("ArrowLeft")
    shop.tab_to(page.locator(".ws-list-button"))
    keys.press("Enter")
    shop.tab_to(page.get_by_role("button", name="Zoek rond het kruis"))
    keys.press("Enter")
    bays = page.get_by_role("button", name="Parkeervak: Weghalen")
    expect(bays).to_have_count(3)
    shop.tab_to(bays.first)
    keys.press("Enter")
    expect(shop.rows).to_have_count(2)
    expect(shop.effect("parking_places")).to_have_text("3 → 2")
    keys.press("Control+z")
    expect(shop.rows).to_have_count(1)
    keys.press("Control+Shift+z")
    expect(shop.rows).to_have_count(2)
    shop.saved()

    shop.tab_to(page.locator("[data-submit]"))
    keys.press("Enter")
    expect(page.get_by_label("Titel")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("Geef je ontwerp een titel.")
    keys.type("Zonder muis")
    keys.press("Enter")
    page.wait_for_url("**/designs/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zonder muis")


def test_a_new_thing_outside_the_area_is_refused_with_a_sentence(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    shop.tile("tree_small").click()
    expect(shop.tile("tree_small")).to_have_attribute("aria-pressed", "true")
    shop.settled()
    shop.refused_at(*shop.spot(50, -5), "buiten het gebied")
    expect(shop.rows).to_have_count(0)


def test_who_sends_a_design_in_is_thanked_once_and_told_how_it_goes_on(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    shop.place("bench", 35, 2)
    design = shop.submit("Een bank erbij")
    thanks = shop.page.locator("main [role='status']")
    expect(thanks).to_contain_text("Bedankt! Je ontwerp is ingezonden.")
    expect(thanks).to_contain_text("Je vindt het terug bij “Jouw spullen”.")
    shop.page.reload()
    expect(shop.page.get_by_text("Bedankt!")).to_have_count(2)
    expect(shop.page.get_by_text("Bedankt!").locator("visible=true")).to_have_count(0)

    # A new version is something else: the old one stays.
    shop.page.goto(f"/assignments/{street}/draw?design={design}")
    again = Workshop(shop.page)
    again.place("bench", 45, 2)
    again.page.locator("[data-submit]").click()
    again.page.get_by_role("dialog").get_by_role("button", name="Nieuwe versie inzenden").click()
    again.page.wait_for_url("**/designs/*")
    expect(thanks).to_contain_text("Bedankt! Je nieuwe versie is ingezonden. De oude versie blijft te lezen.")
    thanks.get_by_role("link", name="Zo gaat het verder").click()
    expect(again.page.get_by_role("heading", name="Van begin tot sluiting")).to_be_in_viewport()

    # Others see no thanks.
    other = visit(f"/designs/{design}")
    expect(other.get_by_role("heading", level=1)).to_have_text("Een bank erbij")
    expect(other.get_by_text("Bedankt!")).to_have_count(0)


def test_a_copy_of_a_design_is_drawn_already_and_not_yet_changed(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    expect(shop.page.locator("[data-status]")).to_have_text("Nog niets getekend")
    shop.place("bench", 35, 2)
    design = shop.submit("Een bank erbij")

    copy = Workshop(visit(f"/assignments/{street}/draw?remix={design}"))
    expect(copy.page.locator("[data-status]")).to_have_text("Nog niets veranderd")
    copy.place("bench", 45, 2)
    expect(copy.page.locator("[data-status]")).to_contain_text("Bewaard")
