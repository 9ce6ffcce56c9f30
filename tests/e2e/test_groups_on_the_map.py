"""From far, tiles that lie on top of each other are one tile with a count; pressing it comes closer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit, map_ready
from tests.e2e.workshop import Workshop
from tests.factories import Resident, addition, design_body, rd_point

pytestmark = pytest.mark.browser

# At 52 degrees north a pixel is 0.74 m at zoom 16: 44 of them are 32 m. Three trees 12 m from end to end
# are one group there, and a bench 53 m further is alone.
FAR = 16
TREES = ((20, 2), (26, 2), (32, 2))
BENCH = (85, 2)


def shown(page: Page, layer: str) -> list[dict[str, Any]]:
    """What a layer of the map draws, by its properties; without what a seam between tiles repeats."""
    found = page.evaluate(
        """layer => {
            const { map } = window.stoepkrijt;
            return map.queryRenderedFeatures({ layers: [layer] }).map(f => f.properties);
        }""",
        layer,
    )
    unique = {str(sorted(one.items())): one for one in found}
    return list(unique.values())


def look(page: Page, x: float, y: float, zoom: float) -> None:
    """Look at a place from so near, and wait until all of it is drawn."""
    place = rd_point(x, y)
    page.evaluate(
        """([lng, lat, zoom]) => new Promise(done => {
            const { map } = window.stoepkrijt;
            map.jumpTo({ center: [lng, lat], zoom });
            const again = () => { map.once('idle', done); map.triggerRepaint(); };
            map.once('idle', () => requestAnimationFrame(again));
        })""",
        [place.x, place.y, zoom],
    )


def screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place is in the window, in pixels."""
    place = rd_point(x, y)
    left, top = page.evaluate(
        """([lng, lat]) => {
            const { map } = window.stoepkrijt;
            const box = map.getCanvas().getBoundingClientRect();
            const at = map.project([lng, lat]);
            return [box.left + at.x, box.top + at.y];
        }""",
        [place.x, place.y],
    )
    return left, top


def middle_of_group(page: Page) -> tuple[float, float]:
    """Where the workshop draws its first group in the window, in pixels."""
    left, top = page.evaluate(
        """() => {
            const { map } = window.stoepkrijt;
            const [group] = map.queryRenderedFeatures({ layers: ['own-clusters'] });
            const box = map.getCanvas().getBoundingClientRect();
            const at = map.project(group.geometry.coordinates);
            return [box.left + at.x, box.top + at.y];
        }"""
    )
    return left, top


def zoom_of(page: Page) -> float:
    """How near the map is."""
    return float(page.evaluate("() => window.stoepkrijt.map.getZoom()"))


@pytest.fixture
def submitted(app: Flask, street: str) -> str:
    """A public design of three trees and a bench."""
    resident = Resident(app.test_client())
    features = [*(addition(x, y) for x, y in TREES), addition(*BENCH, "bench")]
    design = resident.send("POST", "/api/designs", design_body(street, *features)).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return str(design)


@pytest.fixture
def shop(visit: Visit, street: str, submitted: str) -> Workshop:
    """A workshop with a copy of that design, judged, of which nothing is chosen."""
    shop = Workshop.open(visit, street, f"?remix={submitted}")
    expect(shop.rows).to_have_count(4)
    expect(shop.page.locator(".con")).to_have_attribute("data-freshness", "fresh")
    return shop


def test_the_workshop_groups_from_far_and_opens_a_group_where_it_is_pressed(shop: Workshop) -> None:
    page = shop.page
    look(page, 50, 2, FAR)
    (group,) = shown(page, "own-clusters")
    assert (group["count"], group["label"]) == (3, "3")
    assert group["verdict"] in {"fits", "conditional", "conflict", "unchecked"}
    assert len(shown(page, "own-tile-far")) == 1 and shown(page, "own-tile") == []

    # 20 px from its middle is still on it: 44 px across. The middle is one of the three trees, whichever.
    left, top = middle_of_group(page)
    page.mouse.click(left + 20, top)
    expect(page.locator("#announcer")).to_contain_text("3 dingen")
    shop.settled()
    assert zoom_of(page) >= 17.5
    assert shown(page, "own-clusters") == []
    assert len(shown(page, "own-tile")) >= 3
    expect(shop.card).to_be_hidden()


def test_what_is_chosen_never_goes_into_a_group(shop: Workshop) -> None:
    page = shop.page
    look(page, 26, 2, 19)
    shop.pick(*TREES[1])
    look(page, 50, 2, FAR)
    (group,) = shown(page, "own-clusters")
    assert group["count"] == 2
    # The bench stands alone; the tree that is chosen is drawn over the map.
    assert len(shown(page, "own-tile-far")) == 1
    assert page.locator(".map-over [data-over='hand'] > g").count() == 1
    shop.close_card()
    look(page, 50, 2, FAR)
    (group,) = shown(page, "own-clusters")
    assert group["count"] == 3


def test_the_keyboard_opens_a_group_at_the_cross(shop: Workshop) -> None:
    page = shop.page
    look(page, *TREES[1], FAR)
    page.locator("canvas.maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    shop.settled()
    assert zoom_of(page) >= 17.5


@pytest.mark.parametrize("touch", [False, True])
def test_the_public_map_groups_too(visit: Visit, submitted: str, touch: bool) -> None:
    page = visit("/assignments/kade/map", touch=touch)
    map_ready(page)
    page.evaluate("() => window.stoepkrijt.map.getContainer().scrollIntoView({ block: 'center' })")
    look(page, 50, 2, FAR)
    (group,) = shown(page, "changes-groups")
    assert group["count"] == 3
    assert group["verdict"] in {"fits", "conditional", "conflict", "unchecked"}
    assert len(shown(page, "changes-point-far")) == 1 and shown(page, "changes-point") == []
    at = screen(page, *TREES[1])
    page.touchscreen.tap(*at) if touch else page.mouse.click(*at)
    page.wait_for_function("() => window.stoepkrijt.map.getZoom() >= 17.5")
    look(page, *TREES[1], 18.5)
    assert shown(page, "changes-groups") == [] and len(shown(page, "changes-point")) >= 3
    # And from there a tile tells whose it is.
    at = screen(page, *TREES[1])
    page.touchscreen.tap(*at) if touch else page.mouse.click(*at)
    expect(page.locator(".map-panel a[href$='/designs/" + submitted + "']")).to_be_visible()
