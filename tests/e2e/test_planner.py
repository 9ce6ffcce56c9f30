"""A planner makes an assignment by drawing its area."""

from __future__ import annotations

import pytest
import shapely
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.domain import Role
from tests.e2e.conftest import Visit, map_ready
from tests.factories import people, rd_point

CORNERS = [(5, 2), (60, 2), (60, 18), (5, 18)]


@pytest.fixture
def desk(app: Flask, street: str, visit: Visit) -> Page:
    """The form for a new assignment, opened by a planner."""
    browser = people.Browser(app.test_client())
    people.sign_in(browser, "planner@example.nl", Role.PLANNER)
    cookie = browser.client.get_cookie("stoepkrijt")
    assert cookie is not None
    page = visit("/desk/assignments/new", cookie=cookie.value)
    page.get_by_label("Titel").fill("De Kade in het groen")
    page.get_by_label("Vraag aan bewoners").fill("Wat mag er anders?")
    page.get_by_label("Eerste dag").fill("2026-11-01")
    map_ready(page)
    return page


def stored_area(app: Flask) -> shapely.Geometry:
    """The area as anybody reads it."""
    answer = app.test_client().get(
        "/api/collections/assignments/items", query_string={"slug": "de-kade-in-het-groen"}
    )
    return shapely.geometry.shape(answer.get_json()["features"][0]["geometry"])


def test_an_area_is_drawn_with_the_mouse(app: Flask, desk: Page) -> None:
    places = [rd_point(x, y) for x, y in CORNERS]
    for place in places:
        x, y = desk.evaluate(
            """place => {
                const { map } = window.stoepkrijt;
                map.getCanvas().scrollIntoView({ block: 'center' });
                const box = map.getCanvas().getBoundingClientRect();
                const at = map.project(place);
                return [box.left + at.x, box.top + at.y];
            }""",
            [place.x, place.y],
        )
        desk.mouse.click(x, y)
        # Two clicks within the time of a double click would end the drawing.
        desk.wait_for_timeout(400)
    desk.get_by_role("button", name="Gebied sluiten").click()
    desk.get_by_role("button", name="Bewaar de opgave").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("De Kade in het groen")
    drawn = shapely.Polygon([(place.x, place.y) for place in places])
    stored = stored_area(app)
    # A pixel is about half a metre at this zoom: the shapes agree to a few per cent.
    assert stored.intersection(drawn).area / stored.union(drawn).area > 0.9


def test_an_area_that_was_forgotten_is_asked_for_and_nothing_typed_is_lost(desk: Page) -> None:
    desk.get_by_role("button", name="Bewaar de opgave").click()
    expect(desk.get_by_role("alert")).to_contain_text("Teken het gebied op de kaart.")
    expect(desk.get_by_label("Titel")).to_have_value("De Kade in het groen")
    expect(desk.get_by_label("Vraag aan bewoners")).to_have_value("Wat mag er anders?")
