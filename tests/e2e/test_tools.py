"""The workshop's tools: snapping, rows, measuring, figures, addresses, and the list as a second way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect
from pyproj import Geod

from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Assignment
from tests.e2e.conftest import Visit, drawn, quiet
from tests.e2e.workshop import Workshop
from tests.factories import object_id, rd_point

pytestmark = pytest.mark.browser

# A degree at 52 degrees north is 68 km of longitude or 111 km of latitude: some centimetres, a pixel or two.
CLOSE = 1e-6


def added(shop: Workshop) -> list[dict[str, Any]]:
    """What the server has, in the order of drawing."""
    shop.saved()
    return list(shop.draft()["changes"]["features"])


def at(change: dict[str, Any]) -> Any:
    """Where a point change stands, comparable to within centimetres."""
    return pytest.approx(change["geometry"]["coordinates"], abs=CLOSE)


def place(x: float, y: float) -> list[float]:
    """A place of the street as the API writes it."""
    point = rd_point(x, y)
    return [point.x, point.y]


def heading(change: dict[str, Any]) -> float:
    """Degrees between the element and the street, -90 up to 90."""
    west, east = rd_point(0, 0), rd_point(100, 0)
    azimuth, _back, _metres = Geod(ellps="WGS84").inv(west.x, west.y, east.x, east.y)
    return float((change["properties"]["rotation_deg"] - azimuth + 90) % 180 - 90)


def announced(page: Page) -> Any:
    """What screen readers are told."""
    return expect(page.locator("#announcer"))


# --- snapping ---


def test_an_element_lands_against_the_kerb_and_lies_along_it(visit: Visit, street: str) -> None:
    """The kerb is at 16 metres; a bench is 0.6 metres deep, so its middle comes at 16.3."""
    shop = Workshop.open(visit, street)
    shop.zoom_to(40, 16)
    shop.place("bench", 40, 16.8)
    announced(shop.page).to_have_text(re.compile("Vast aan de stoeprand|kan|niet gecontroleerd"))
    shop.close_card()
    # Alt leaves it where it is put; so does the switch, and then Alt turns snapping on for once.
    shop.tile("bench").click()
    shop.page.keyboard.down("Alt")
    shop.page.mouse.click(*shop.spot(43, 16.8))
    shop.page.keyboard.up("Alt")
    shop.close_card()
    shop.page.locator(".ws-tools [data-tool='snap']").click()
    expect(shop.page.locator(".ws-tools [data-tool='snap']")).to_have_attribute("aria-pressed", "false")
    shop.place("bench", 37, 16.8)
    shop.close_card()
    against, free, off = added(shop)
    assert place(40, 16.3) == at(against)
    assert heading(against) == pytest.approx(0, abs=0.5)
    assert place(43, 16.8) == at(free)
    assert place(37, 16.8) == at(off)


def test_a_bay_continues_the_row_of_bays(visit: Visit, street: str) -> None:
    """The last of the three bays ends at 28 metres and lies between 4 and 6: the fourth is 28 to 34."""
    shop = Workshop.open(visit, street)
    shop.zoom_to(30, 6)
    shop.place("parking_parallel", 31.6, 5.3)
    [bay] = added(shop)
    corners = sorted(bay["geometry"]["coordinates"][0][:4])
    wanted = sorted(place(x, y) for x in (28, 34) for y in (4, 6))
    for corner, want in zip(corners, wanted, strict=True):
        assert corner == pytest.approx(want, abs=1e-6)


def test_what_is_pulled_snaps_too_and_says_so(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    shop.zoom_to(40, 17)
    shop.place("bench", 40, 18)
    shop.close_card()
    mouse = shop.page.mouse
    mouse.move(*shop.spot(40, 18))
    mouse.down()
    mouse.move(*shop.spot(41, 17), steps=4)
    mouse.move(*shop.spot(42, 16.6), steps=4)
    mouse.up()
    announced(shop.page).to_have_text(re.compile("stoeprand|kan|niet gecontroleerd"))
    [bench] = added(shop)
    assert place(42, 16.3) == at(bench)


# --- rows ---


def test_a_row_of_trees_is_one_act(visit: Visit, street: str) -> None:
    """From 32 to 58 metres with 8 between: at 32, 40, 48 and 56."""
    shop = Workshop.open(visit, street)
    page = shop.page
    page.locator(".ws-tools [data-tool='snap']").click()
    shop.tile("tree_small").click()
    page.get_by_role("button", name="In een rij").click()
    page.locator(".ws-hint [data-field='spacing']").fill("8")
    page.mouse.click(*shop.spot(32, 18))
    page.mouse.move(*shop.spot(58, 18))
    expect(page.locator(".ws-figure")).to_have_text("4 in de rij.")
    page.mouse.click(*shop.spot(58, 18))
    page.get_by_role("button", name="Klaar").click()
    expect(shop.rows).to_have_count(4)
    trees = added(shop)
    step = rd_point(40, 18).x - rd_point(32, 18).x
    first = trees[0]["geometry"]["coordinates"][0]
    for n, tree in enumerate(trees):
        assert tree["geometry"]["coordinates"][0] - first == pytest.approx(n * step, rel=0.01)
    shop.undo()
    expect(shop.rows).to_have_count(0)
    shop.redo()
    expect(shop.rows).to_have_count(4)


def test_steps_by_key_are_taken_back_in_one_go(visit: Visit, street: str) -> None:
    """Three steps, one undo; the next one takes the tree itself away."""
    shop = Workshop.open(visit, street)
    keys = shop.page.keyboard
    shop.zoom_to(40, 18)
    shop.place("tree_small", 40, 16.8)
    (before,) = added(shop)
    shop.page.locator("canvas.maplibregl-canvas").focus()
    for _step in range(3):
        keys.press("Shift+ArrowUp")
    announced(shop.page).to_contain_text("verschoven")
    (after,) = added(shop)
    assert after["geometry"] != before["geometry"]
    shop.undo()
    (back,) = added(shop)
    assert back["geometry"] == before["geometry"]
    shop.undo()
    expect(shop.rows).to_have_count(0)


def test_a_row_is_made_with_the_keyboard_only(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page, keys = shop.page, shop.page.keyboard
    shop.zoom_to(40, 18, 19)
    shop.tab_to(page.get_by_label("Zoek een element"))
    keys.type("bike stand")
    shop.tab_to(shop.tile("bike_stand"))
    keys.press("Enter")
    shop.tab_to(page.get_by_role("button", name="In een rij"))
    keys.press("Enter")
    shop.tab_to(page.locator(".ws-hint [data-field='spacing']"))
    keys.press("Control+a")
    keys.type("2")
    canvas = page.locator("canvas.maplibregl-canvas")
    keys.press("Tab")
    announced(page).to_have_text("Om de 2 meter.")
    canvas.focus()
    keys.press("Enter")
    announced(page).to_contain_text("Punt 1 gezet.")
    # 80 pixels to the right is 7.4 metres here: four stands, at 0, 2, 4 and 6.
    keys.press("ArrowRight")
    shop.settled()
    keys.press("Enter")
    announced(page).to_contain_text(re.compile(r"Punt 2 gezet\..* 7,\d+ meter"))
    shop.tab_to(page.get_by_role("button", name="Klaar"))
    keys.press("Enter")
    expect(shop.rows).to_have_count(4)
    announced(page).to_contain_text("4 keer Fietsnietje in een rij neergezet.")


# --- measuring ---


def test_measuring_a_length_and_a_surface(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page = shop.page
    page.locator(".ws-tools [data-tool='snap']").click()
    shop.zoom_to(50, 10, 19)
    page.locator(".ws-tools [data-tool='measure']").click()
    for x in (45, 55):
        page.mouse.click(*shop.spot(x, 10))
    figure = page.locator(".ws-figure")
    assert metres(figure.inner_text()) == pytest.approx(10, abs=0.15)
    page.get_by_role("button", name="Vlak", exact=True).click()
    for x, y in ((45, 8), (55, 8), (55, 12), (45, 12)):
        page.mouse.click(*shop.spot(x, y))
    # 10 by 4 metres.
    assert metres(figure.inner_text()) == pytest.approx(40, abs=1.5)
    announced(page).to_contain_text("m²")
    page.get_by_role("button", name="Stoppen").click()
    expect(figure).to_be_hidden()
    expect(shop.rows).to_have_count(0)


def metres(words: str) -> float:
    """The first figure of a Dutch sentence."""
    found = re.search(r"[\d.,]+", words)
    assert found is not None, words
    return float(found.group().rstrip(".,").replace(".", "").replace(",", "."))


# --- exact figures ---


def test_centimetres_degrees_and_metres_are_set_exactly(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page, keys = shop.page, shop.page.keyboard
    shop.zoom_to(45, 10)
    shop.place("planter", 45, 10)
    start = added(shop)[0]["geometry"]["coordinates"]
    shop.card.get_by_role("button", name="Schuiven, draaien en maat").click()
    shop.card.get_by_role("button", name="Stap van 1 centimeter").click()
    for _ in range(3):
        shop.card.get_by_role("button", name="1 centimeter naar rechts").click()
    shop.card.get_by_label("Draaiing in graden").fill("37.5")
    keys.press("Tab")
    shop.card.get_by_label("Breedte in meter").fill("0.8")
    keys.press("Tab")
    planter = added(shop)[0]
    metre = rd_point(1, 10).x - rd_point(0, 10).x
    assert planter["geometry"]["coordinates"][0] - start[0] == pytest.approx(0.03 * metre, rel=0.1)
    assert planter["properties"]["rotation_deg"] == 37.5
    assert planter["properties"]["width_m"] == 0.8
    # Nonsense is not taken over.
    shop.card.get_by_label("Breedte in meter").fill("900")
    keys.press("Tab")
    expect(shop.card.get_by_label("Breedte in meter")).to_have_value("0.8")
    # On the map: Alt and an arrow is a centimetre, Shift and an arrow a metre.
    page.locator("canvas.maplibregl-canvas").focus()
    before = added(shop)[0]["geometry"]["coordinates"]
    keys.press("Alt+ArrowLeft")
    keys.press("Shift+ArrowLeft")
    moved = added(shop)[0]["geometry"]["coordinates"]
    assert moved[0] - before[0] == pytest.approx(-1.01 * metre, rel=0.01)


# --- at an address ---


def test_a_bench_comes_half_a_metre_from_the_facade_with_the_keyboard_only(visit: Visit, street: str) -> None:
    """Kade 2: façade at -0.5; 0.5 free and half of 0.6 deep make 0.3. Opposite: 20.5 - 0.8 = 19.7."""
    shop = Workshop.open(visit, street)
    page, keys = shop.page, shop.page.keyboard
    shop.tab_to(page.locator(".ws-tools [data-tool='address']"))
    keys.press("Enter")
    form = page.locator(".ws-address form")
    expect(form.get_by_label("Wat", exact=True)).to_be_focused()
    keys.type("Bank")
    shop.tab_to(form.get_by_role("combobox", name="Straat en nummer"))
    keys.type("kade 2")
    expect(form.locator("li[role='option']").first).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    status = form.get_by_role("status").last
    expect(status).to_have_text(
        "Bank komt op 0,5 meter van de gevel, bij Kade 2, deze kant. De stoep is hier 4,5 meter breed."
    )
    shop.tab_to(form.get_by_role("button", name="Zet neer"))
    keys.press("Enter")
    expect(shop.rows).to_have_count(1)
    expect(page.locator(".ws-address")).to_be_visible()
    form.get_by_role("radio", name="Overkant (oneven)").focus()
    keys.press("Space")
    expect(status).to_contain_text("de overkant")
    shop.tab_to(form.get_by_role("button", name="Zet neer"))
    keys.press("Enter")
    expect(shop.rows).to_have_count(2)
    here, there = added(shop)
    assert place(20, 0.3) == at(here)
    assert place(20, 19.7) == at(there)
    assert heading(here) == pytest.approx(0, abs=0.5)


def test_the_form_says_what_is_missing_and_asks_for_a_number(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page = shop.page
    page.locator(".ws-tools [data-tool='address']").click()
    form = page.locator(".ws-address form")
    status = form.get_by_role("status").last
    expect(status).to_have_text("Kies wat je wilt neerzetten.")
    form.get_by_role("button", name="Zet neer").click(force=True)
    expect(form.get_by_label("Wat", exact=True)).to_be_focused()
    form.get_by_label("Wat", exact=True).select_option("tree_small")
    expect(status).to_have_text("Zoek een straat en nummer.")
    expect(shop.rows).to_have_count(0)


def test_on_a_phone_a_row_comes_at_an_address(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street, touch=True)
    page = shop.page
    page.get_by_role("button", name="Neerzetten", exact=True).tap()
    shop.tile("tree_small").tap()
    page.locator(".ws-choices").get_by_role("button", name="Bij een adres").tap()
    form = page.locator(".ws-address form")
    expect(form.get_by_label("Wat", exact=True)).to_have_value("tree_small")
    form.get_by_role("combobox", name="Straat en nummer").fill("Kade 2")
    form.locator("li[role='option']").first.tap()
    form.get_by_label("Hoeveel").fill("3")
    form.get_by_label("Afstand in de rij, in meter").fill("5")
    expect(form.get_by_role("status").last).to_contain_text("3 keer Boom 3e grootte (klein)")
    form.get_by_role("button", name="Zet neer").tap()
    expect(shop.rows).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    trees = added(shop)
    # To the right with the back to the house, which faces north: to the east.
    lengths = [tree["geometry"]["coordinates"][0] for tree in trees]
    step = rd_point(25, 2).x - rd_point(20, 2).x
    assert lengths[1] - lengths[0] == pytest.approx(step, rel=0.01)
    assert lengths[2] - lengths[1] == pytest.approx(step, rel=0.01)


# --- the list ---


def test_the_list_does_everything_without_the_map(app: Flask, visit: Visit, street: str) -> None:
    """In a browser that cannot draw the map at all."""
    with app.app_context():
        tree = object_id("boom-1")
    shop = Workshop(visit(f"/assignments/{street}/draw?webgl=off"))
    page = shop.page
    add = page.locator(".list-add")
    add.locator("summary").click()
    add.get_by_label("Wat", exact=True).select_option("bench")
    add.get_by_role("combobox", name="Straat en nummer").fill("Kade 1")
    add.locator("li[role='option']").first.click()
    add.get_by_role("button", name="Zet neer").click()
    expect(shop.rows).to_have_count(1)
    # Shift, turn, size and duplicate it.
    page.get_by_role("button", name="Bank: Aanpassen").click()
    adjust = page.locator(".list-adjust")
    adjust.get_by_role("button", name="Stap van 50 centimeter").click()
    adjust.get_by_role("button", name="50 centimeter omhoog").click()
    adjust.get_by_label("Draaiing in graden").fill("10")
    page.keyboard.press("Tab")
    adjust.get_by_label("Breedte in meter").fill("0.7")
    page.keyboard.press("Tab")
    adjust.get_by_role("button", name="Nog een keer").click()
    expect(shop.rows).to_have_count(2)
    # What is there: remove a bay, move a tree to the other address, keep the bench.
    page.get_by_role("combobox", name="Of zoek bij een straat en nummer").fill("Kade 2")
    page.locator(".list-search li[role='option']").first.click()
    page.get_by_role("button", name="Parkeervak: Weghalen").first.click()
    page.get_by_role("button", name="Bank: Houden").click()
    page.locator(f"[data-thing='{tree}']").get_by_role("button", name="Boom: Verplaatsen").click()
    expect(shop.rows).to_have_count(5)
    adjust.get_by_role("button", name="Naar een adres").click()
    expect(add.get_by_role("combobox", name="Straat en nummer")).to_be_focused()
    add.get_by_role("combobox", name="Straat en nummer").fill("Kade 2")
    add.locator("li[role='option']").first.click()
    add.get_by_label("Afstand in meter").fill("1")
    add.get_by_role("button", name="Zet het daar").click()
    # And take one away again.
    page.get_by_role("button", name=re.compile(r"Bank \d: Weghalen uit ontwerp")).last.click()
    changes = added(shop)
    actions = sorted(change["properties"]["action"] for change in changes)
    assert actions == ["add", "keep", "move", "remove"] or actions == ["add", "add", "move", "remove"]
    [bench, *_more] = changes
    # Kade 1: 10 metres along, 0.3 from the south; half a metre up.
    assert place(10, 0.8) == at(bench)
    assert bench["properties"]["rotation_deg"] == 10
    assert bench["properties"]["width_m"] == 0.7
    [moved] = [change for change in changes if change["properties"]["action"] == "move"]
    # One metre from the façade at -0.5.
    assert place(20, 0.5) == at(moved)
    assert moved["properties"]["object"] == tree


def test_the_list_replaces_things_and_makes_rows_without_the_map(visit: Visit, street: str) -> None:
    shop = Workshop(visit(f"/assignments/{street}/draw?webgl=off"))
    page = shop.page
    page.get_by_role("combobox", name="Of zoek bij een straat en nummer").fill("Kade 2")
    page.locator(".list-search li[role='option']").first.click()
    page.get_by_role("button", name="Parkeervak: Vervangen").first.click()
    shop.tile("bike_parking_in_bay").or_(shop.tile("tree_small")).first.press("Enter")
    expect(shop.rows).to_have_count(1)
    add = page.locator(".list-add")
    add.locator("summary").click()
    add.get_by_label("Wat", exact=True).select_option("tree_small")
    add.get_by_role("combobox", name="Straat en nummer").fill("Kade 2")
    add.locator("li[role='option']").first.click()
    add.get_by_label("Hoeveel").fill("3")
    add.get_by_label("Afstand in de rij, in meter").fill("5")
    add.get_by_role("button", name="Zet neer").click()
    expect(shop.rows).to_have_count(4)
    assert sorted(change["properties"]["action"] for change in added(shop)) == ["add"] * 3 + ["replace"]
    shop.undo_by_keys()
    expect(shop.rows).to_have_count(1)


# --- what an assignment does not allow ---


def test_what_does_not_belong_to_the_assignment_is_shown_as_such(
    app: Flask, visit: Visit, street: str
) -> None:
    with app.app_context(), transaction():
        db.session.query(Assignment).one().allowed_kinds = ["bench", "tree_small"]
    shop = Workshop.open(visit, street)
    tile = shop.tile("street_light")
    expect(tile).to_have_attribute("aria-disabled", "true")
    expect(tile).to_have_accessible_name("Lichtmast: niet in deze opgave")
    expect(tile).to_contain_text("niet in deze opgave")
    tile.click(force=True)
    expect(shop.page.locator(".ws-flash")).to_contain_text("“Lichtmast” hoort niet bij deze opgave")
    shop.page.mouse.click(*shop.spot(40, 2))
    expect(shop.rows).to_have_count(0)
    # Taking a bay away is a kind too.
    shop.pick(19, 5)
    shop.card.get_by_role("button", name="Weghalen").click()
    expect(shop.page.locator(".ws-flash")).to_contain_text("“Parkeervak weghalen” hoort niet bij deze opgave")
    expect(shop.rows).to_have_count(0)
    shop.page.locator(".ws-tools [data-tool='address']").click()
    option = shop.page.locator(".ws-address option[value='street_light']")
    assert option.is_disabled()
    assert "niet in deze opgave" in option.inner_text()


def test_the_palette_finds_in_both_languages_and_forgives(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    search = shop.page.get_by_label("Zoek een element")
    for words in ("bench", "BANK", "zitbank"[3:]):
        search.fill(words)
        expect(shop.tile("bench")).to_be_visible()
    search.fill("façade")
    expect(shop.tile("facade_garden")).to_be_visible()
    expect(shop.tile("bench")).to_have_count(0)
    search.fill("laadpal")
    expect(shop.page.locator(".pal .el")).to_have_count(1)
    expect(shop.tile("ev_charger")).to_be_visible()
    search.fill("raket")
    expect(shop.page.get_by_text("Geen element met die naam.")).to_be_visible()


# --- without a connection, and on a slow device ---


def test_all_of_it_works_without_a_connection(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page = shop.page
    shop.zoom_to(40, 17)
    quiet(page)
    page.context.set_offline(True)
    shop.place("bench", 40, 16.7)
    shop.close_card()
    shop.tile("tree_small").click()
    page.get_by_role("button", name="In een rij").click()
    page.mouse.click(*shop.spot(36, 18))
    page.mouse.click(*shop.spot(44, 18))
    page.get_by_role("button", name="Klaar").click()
    expect(shop.rows).to_have_count(3)
    expect(shop.status).to_have_attribute("data-state", "offline")
    page.locator(".ws-tools [data-tool='measure']").click()
    page.mouse.click(*shop.spot(38, 10))
    page.mouse.click(*shop.spot(42, 10))
    assert metres(page.locator(".ws-figure").inner_text()) == pytest.approx(4, abs=0.1)
    page.get_by_role("button", name="Stoppen").click()
    page.locator(".ws-list-button").click()
    shop.page.get_by_role("button", name="Bank: Aanpassen").click()
    page.locator(".list-adjust").get_by_role("button", name="10 centimeter naar rechts").click()
    shop.undo_by_keys()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    changes = added(shop)
    assert len(changes) == 3
    assert place(40, 16.3) == at(changes[0])


# What one act may keep a device busy that is four times slower than this one. After a second people lose the
# thread of what they were doing; drawing something for the first time (compiling how) is part of it.
BUSY_MS = 1000


def test_on_a_four_times_slower_device_every_act_is_answered(visit: Visit, street: str) -> None:
    """The main thread's own time from each act to what it shows; other programs do not count."""
    shop = Workshop.open(visit, street)
    page, keys = shop.page, shop.page.keyboard
    shop.zoom_to(40, 17)
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    busy: dict[str, float] = {}

    def act(name: str, do: Callable[[], object], shows: Callable[[], object]) -> None:
        before = thread_ms(client)
        do()
        shows()
        drawn(page)
        busy[name] = round(thread_ms(client) - before)

    tree, moved = shop.tile("tree_small"), expect(page.locator("#announcer"))
    act(
        "search",
        lambda: page.get_by_label("Zoek een element").fill("boom"),
        lambda: expect(shop.tile("bench")).to_have_count(0),
    )
    act("choose", tree.click, lambda: expect(tree).to_have_attribute("aria-pressed", "true"))
    act("hover", lambda: page.mouse.move(*shop.spot(40, 17)), lambda: None)
    act("place", lambda: page.mouse.click(*shop.spot(40, 18)), lambda: expect(shop.card).to_be_visible())
    page.locator("canvas.maplibregl-canvas").focus()
    act("shift", lambda: keys.press("ArrowRight"), lambda: moved.to_contain_text("verschoven"))
    act("turn", lambda: keys.press("r"), lambda: moved.to_contain_text("gedraaid"))
    act("undo", shop.undo, lambda: moved.to_contain_text("Ongedaan"))
    act("list", page.locator(".ws-list-button").click, lambda: expect(shop.rows.first).to_be_visible())
    client.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    assert {name: ms for name, ms in busy.items() if ms > BUSY_MS} == {}, busy
    shop.saved()


def thread_ms(client: CDPSession) -> float:
    """Milliseconds that the page's main thread has worked so far."""
    metrics = client.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration")) * 1000


def test_the_keyboard_goes_on_where_a_button_that_was_pressed_disappears(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page = shop.page
    canvas = page.locator("canvas.maplibregl-canvas")
    shop.tile("tree_small").press("Enter")
    in_a_row = page.get_by_role("button", name="In een rij")
    in_a_row.press("Enter")
    expect(in_a_row).to_have_attribute("aria-pressed", "true")
    expect(in_a_row).to_be_focused()
    page.get_by_role("button", name="Annuleren").press("Enter")
    expect(canvas).to_be_focused()

    shop.tile("hedge").click()
    for x in (30, 36):
        page.mouse.click(*shop.spot(x, 2))
    page.get_by_role("button", name="Klaar").press("Enter")
    expect(shop.rows).to_have_count(1)
    expect(canvas).to_be_focused()


def test_the_list_over_the_map_keeps_the_keyboard_out_of_what_it_hides(visit: Visit, street: str) -> None:
    shop = Workshop.open(visit, street)
    page = shop.page
    shop.place("bench", 35, 2)
    shop.close_card()
    opener = page.get_by_role("button", name="Als lijst")
    opener.press("Enter")
    panel = page.get_by_role("region", name="Je ontwerp als lijst")
    expect(panel).to_be_visible()
    shop.tile("home_zone").focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => {
                const box = document.activeElement.getBoundingClientRect();
                const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return document.activeElement.contains(seen) || seen.contains(document.activeElement);
            }"""
        ), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")

    # The tools that lie under it are in it.
    panel.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(shop.rows).to_have_count(0)
    panel.get_by_role("button", name="Opnieuw doen").press("Enter")
    expect(shop.rows).to_have_count(1)

    # The verdict is said too, as soon as it is there.
    expect(shop.rows.locator(".v")).to_be_visible()
    quiet(page)
    # How much was found is said in one sentence, and not by reading all of it out.
    panel.get_by_role("button", name="Zoek rond het kruis").press("Enter")
    things = panel.locator("[data-thing]")
    expect(things.first).to_be_visible()
    expect(page.locator("#announcer")).to_have_text(
        f"Rond het kruis staan {things.count()} dingen die je kunt kiezen."
    )
    assert things.first.evaluate("thing => thing.closest('[aria-live], [role=status]') === null")

    panel.get_by_role("button", name="Sluiten").press("Enter")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()
