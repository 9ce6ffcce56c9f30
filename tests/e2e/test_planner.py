"""A planner writes a brief: draws area and zone, sets phases, sees it as residents will, puts it online."""

from __future__ import annotations

import json
import re

import pytest
import shapely
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.domain import Role
from app.core.geometry import from_wkb
from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Neighbourhood
from app.projects.queries import assignment_by_slug
from app.projects.zones import ZoneDraft
from tests.e2e.axe import all_faults, at_both_sizes
from tests.e2e.conftest import Visit, map_ready
from tests.e2e.workshop import Workshop
from tests.factories import TOLD, make_street, people, rd_box, rd_point

CORNERS = [(5, 2), (60, 2), (60, 18), (5, 18)]
SAVE = "Bewaar als concept en bekijk"


def cookie_of_a_planner(app: Flask) -> str:
    browser = people.Browser(app.test_client())
    people.sign_in(browser, "planner@example.nl", Role.PLANNER)
    cookie = browser.client.get_cookie("stoepkrijt")
    assert cookie is not None
    return str(cookie.value)


@pytest.fixture
def desk(app: Flask, street: str, visit: Visit) -> Page:
    """The form for a new assignment, opened by a planner."""
    page = visit("/desk/assignments/new", cookie=cookie_of_a_planner(app))
    page.get_by_label("Titel").fill("De Kade in het groen")
    page.get_by_label("Vraag aan bewoners").fill("Wat mag er anders?")
    map_ready(page)
    return page


def click_at(page: Page, x: float, y: float) -> None:
    """Click the map of the form, metres from the street's corner."""
    place = rd_point(x, y)
    at = page.evaluate(
        """place => {
            const { map } = window.stoepkrijt;
            map.getCanvas().scrollIntoView({ block: 'center' });
            const box = map.getCanvas().getBoundingClientRect();
            const at = map.project(place);
            return [box.left + at.x, box.top + at.y];
        }""",
        [place.x, place.y],
    )
    page.mouse.click(*at)
    # Two clicks within the time of a double click would end the drawing.
    page.wait_for_timeout(400)


def as_text(x0: float, y0: float, x1: float, y1: float) -> str:
    return json.dumps(shapely.geometry.mapping(rd_box(x0, y0, x1, y1)))


def likeness(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def test_an_area_is_drawn_with_the_mouse(app: Flask, desk: Page) -> None:
    for x, y in CORNERS:
        click_at(desk, x, y)
    desk.get_by_role("button", name="Gebied sluiten").click()
    desk.get_by_role("button", name=SAVE).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("De Kade in het groen")
    with app.app_context():
        stored = from_wkb(assignment_by_slug("de-kade-in-het-groen", concepts=True).area)
    # A pixel is about half a metre at this zoom: the shapes agree to a few per cent.
    assert likeness(stored, rd_box(5, 2, 60, 18)) > 0.9


def test_a_zone_is_drawn_on_the_same_map(app: Flask, desk: Page) -> None:
    desk.get_by_label("Gebied", exact=True).fill(as_text(5, 2, 60, 18))
    desk.get_by_role("button", name="Zone erbij").click()
    map_ready(desk)
    # What was typed is still there, and one goes on where the new row is.
    expect(desk.get_by_label("Titel")).to_have_value("De Kade in het groen")
    expect(desk.get_by_label("Soort")).to_be_focused()
    desk.get_by_label("Waarom", exact=True).fill("Hier staan de oude linden.")
    desk.get_by_role("button", name=re.compile(r"Teken op de kaart\s*: Zone 1")).click()
    expect(desk.get_by_label("Wat teken je?")).to_have_value("1")
    for x, y in [(10, 4), (40, 4), (40, 14), (10, 14)]:
        click_at(desk, x, y)
    desk.get_by_role("button", name="Gebied sluiten").click()
    expect(desk.locator(".picker-status")).to_contain_text("Zone 1 klaar")
    desk.get_by_role("button", name=SAVE).click()
    expect(desk.get_by_role("heading", name="Hier verandert niets")).to_be_visible()
    with app.app_context():
        kept = assignment_by_slug("de-kade-in-het-groen", concepts=True)
        (zone,) = kept.zones
        assert (zone.kind, zone.reason) == ("fixed", "Hier staan de oude linden.")
        assert likeness(from_wkb(zone.geom), rd_box(10, 4, 40, 14)) > 0.85
        assert likeness(from_wkb(kept.area), rd_box(5, 2, 60, 18)) > 0.99


def test_the_buttons_of_the_map_leave_readable_whose_map_it_is(app: Flask, street: str, visit: Visit) -> None:
    """On a phone the sources take several lines, and are part of the licence."""
    with app.app_context(), transaction():
        (neighbourhood,) = db.session.scalars(db.select(Neighbourhood))
        neighbourhood.attribution = "Basisregistratie Grootschalige Topografie (BGT), Kadaster/PDOK, en meer"
    page = visit("/desk/assignments/new", cookie=cookie_of_a_planner(app), touch=True)
    map_ready(page)
    source, buttons = page.locator(".map-attr"), page.locator(".map-zoom")
    expect(source).to_contain_text("Kadaster/PDOK")
    page.wait_for_function(
        """() => document.querySelector('.map-attr').offsetHeight > 40
            && document.querySelector('.map-zoom').getBoundingClientRect().bottom
                <= document.querySelector('.map-attr').getBoundingClientRect().top"""
    )
    expect(buttons).to_be_visible()


def test_an_area_that_was_forgotten_is_asked_for_and_nothing_typed_is_lost(desk: Page) -> None:
    desk.get_by_role("button", name=SAVE).click()
    expect(desk.get_by_role("alert")).to_contain_text("Teken het gebied op de kaart.")
    expect(desk.get_by_label("Titel")).to_have_value("De Kade in het groen")
    expect(desk.get_by_label("Vraag aan bewoners")).to_have_value("Wat mag er anders?")


def test_from_a_starter_to_a_page_that_residents_read(app: Flask, street: str, visit: Visit) -> None:
    """With the keyboard: every control is reached by its label and used with keys."""
    page = visit("/desk/assignments/new", cookie=cookie_of_a_planner(app))
    page.get_by_role("link", name="Schoolstraat").press("Enter")
    expect(page.get_by_label("Samen maken")).to_be_checked()
    page.get_by_label("Titel").fill("De Kade naar school")
    page.get_by_label("Gebied", exact=True).fill(as_text(5, 2, 60, 18))
    # Four phases come along; one goes, and one comes after the last.
    page.get_by_role("button", name=re.compile(r"Haal weg\s*: Fase 1")).press("Enter")
    page.get_by_role("button", name="Fase erbij").press("Enter")
    expect(page.get_by_role("group", name="Fase 4")).to_be_visible()
    expect(page.locator("#f-phases-3-type")).to_be_focused()
    page.locator("#f-phases-3-type").select_option("look")
    starts = page.locator("#f-phases-3-starts_at").input_value()
    assert starts == page.locator("#f-phases-2-ends_at").input_value() != ""
    # Drawing begins at once.
    page.locator("#f-phases-0-starts_at").fill("2026-01-01T00:00")
    page.get_by_role("button", name=SAVE).press("Enter")
    expect(page.get_by_text("Zo gaan bewoners het zien.")).to_be_visible()
    expect(page.locator(".hop li")).to_have_count(4)
    expect(page.locator(".hop li[aria-current='step']")).to_contain_text("Tekenen")
    page.get_by_role("button", name="Zet de opgave online").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Vul dit in voordat bewoners de opgave zien.")
    page.get_by_role("alert").get_by_role("link").press("Enter")
    page.keyboard.type(TOLD["contact"])
    page.get_by_role("button", name=SAVE).press("Enter")
    page.get_by_role("button", name="Zet de opgave online").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("De Kade naar school")
    expect(page.get_by_text("Zo gaan bewoners het zien.")).to_have_count(0)
    reader = visit("/assignments/de-kade-naar-school")
    expect(reader.get_by_text(TOLD["contact"])).to_be_visible()
    expect(reader.get_by_role("link", name="Begin met tekenen").first).to_be_visible()


def test_pressing_twice_sends_a_form_once(app: Flask, street: str, visit: Visit) -> None:
    page = visit("/desk/assignments/kade/rounds/new", cookie=cookie_of_a_planner(app))

    def fill_in() -> None:
        page.get_by_label("Titel").fill("Wat komt er op de Kade?")
        page.get_by_label("Vraag", exact=True).fill("Kies wat je goed vindt.")
        page.get_by_label("Budget in euro’s").fill("10000")

    fill_in()
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    # As on a slow line: the second press comes before the answer.
    page.evaluate(
        """() => {
            const form = document.querySelector('.round-form');
            form.requestSubmit();
            setTimeout(() => form.requestSubmit(), 5);
        }"""
    )
    page.wait_for_url(re.compile("/options$"))
    assert len(posts) == 1
    # Once it was answered, the same form can be sent again.
    page.go_back()
    fill_in()
    page.locator(".round-form .form-actions button").click()
    page.wait_for_url(re.compile("/options$"))
    assert len(posts) == 2


def test_a_date_that_moves_needs_a_reason_and_is_told(app: Flask, street: str, visit: Visit) -> None:
    page = visit("/desk/assignments/kade", cookie=cookie_of_a_planner(app))
    # What began stays as it began.
    expect(page.locator("#f-phases-0-type")).to_be_disabled()
    expect(page.locator("#f-phases-0-starts_at")).to_have_attribute("readonly", "")
    page.locator("#f-phases-0-ends_at").fill("2199-01-01T00:00")
    page.get_by_role("button", name="Bewaar de opgave").click()
    expect(page.get_by_role("alert")).to_contain_text("Zeg waarom de data veranderen.")
    page.get_by_label("Waarom je dit verandert").fill("De stenen komen later.")
    page.get_by_role("button", name="Bewaar de opgave").click()
    page.get_by_text("1 datum is veranderd").click()
    expect(page.get_by_text("De stenen komen later.")).to_be_visible()
    expect(page.get_by_text("31 december 2198").first).to_be_visible()


def filled_with_everything(page: Page, prefix: str) -> None:
    """The form with zones, phases and mistakes in it."""
    page.goto(f"{prefix}/desk/assignments/new?starter=one-bay")
    page.locator("#f-area").fill(as_text(5, 2, 60, 18))
    for row in ("add-zone", "add-zone", "add-phase"):
        page.locator(f"button[value='{row}']").click()
        page.wait_for_load_state()
    page.locator("#f-zones-0-geometry").fill(as_text(10, 4, 40, 14))
    page.locator("#f-zones-1-kind").select_option("free")
    page.locator("#f-budget_eur").fill("0")
    page.locator("form .form-actions .btn-1").first.click()
    map_ready(page)


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["nl", "en"])
def test_axe_finds_nothing_in_the_form_and_the_preview(
    app: Flask, street: str, visit: Visit, prefix: str
) -> None:
    page = visit(f"{prefix}/desk", cookie=cookie_of_a_planner(app))
    filled_with_everything(page, prefix)
    found = {"form": at_both_sizes(page, all_faults)}
    page.locator("#f-zones-1-geometry").fill(as_text(42, 4, 60, 14))
    for field in ("#f-zones-0-reason", "#f-zones-1-reason"):
        page.locator(field).fill("Daarom.")
    page.locator("#f-budget_eur").fill("5000")
    page.locator("form .form-actions .btn-1").first.click()
    expect(page.locator(".preview-bar")).to_be_visible()
    found["preview"] = at_both_sizes(page)
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["nl", "en"])
def test_axe_finds_nothing_in_what_is_read_before_drawing(street: str, visit: Visit, prefix: str) -> None:
    page = visit(f"{prefix}/assignments/kade/draw?webgl=off")
    map_ready(page)
    page.locator(".ws-brief-button").press("Enter")
    expect(page.locator(".ws-brief")).to_be_visible()
    expect(page.locator(".ws-brief")).to_contain_text(TOLD["what_is_fixed"])
    found = at_both_sizes(page)
    page.keyboard.press("Escape")
    expect(page.locator(".ws-brief")).to_be_hidden()
    assert found == []


def test_the_brief_binds_while_drawing(app: Flask, clean: None, visit: Visit) -> None:
    """A fixed zone refuses at once, with the planner's reason; a limit is told, and refuses handing in."""
    with app.app_context():
        make_street(
            zones=(ZoneDraft("fixed", rd_box(0, 0, 40, 4), "Hier liggen oude wortels."),), budget_eur=10.0
        )
    shop = Workshop.open(visit, "kade")
    shop.place("bench", 85, 2)
    shop.tile("tree_small").click()
    expect(shop.tile("tree_small")).to_have_attribute("aria-pressed", "true")
    shop.settled()
    shop.refused_at(*shop.spot(20, 2), "Hier liggen oude wortels.")
    expect(shop.rows).to_have_count(1)
    limit = shop.page.locator("[data-limit='budget_eur']")
    expect(limit).to_have_attribute("data-verdict", "conflict")
    expect(limit).to_contain_text("Het budget is")
    shop.saved()
    shop.page.locator("[data-submit]").click()
    dialog = shop.page.get_by_role("dialog")
    dialog.get_by_label("Titel").fill("Een bank")
    dialog.get_by_role("button", name="Inzenden").click()
    expect(dialog).to_contain_text("Het budget is")
