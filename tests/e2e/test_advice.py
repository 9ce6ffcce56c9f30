"""What residents see of the checks while drawing: the verdict, why, whose rule it is, a way out in one tap.

The street's southern façade lies at y = -0.5 m; a small tree wants 2.5 m, and at y = 1 it stands 1.5 m away.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.designs import service
from tests.e2e.conftest import Visit
from tests.e2e.workshop import Workshop

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would fit is looked for as long as it takes: a busy machine must not decide a test."""
    monkeypatch.setattr(service, "BUDGET_S", 30)


def freely(shop: Workshop) -> Workshop:
    """From nearby and without snapping, so that things stand where they are put."""
    shop.zoom_to(40, 2)
    shop.page.locator(".ws-tools [data-tool='snap']").click()
    return shop


def test_a_verdict_comes_with_its_reason_its_source_and_a_way_out(visit: Visit, street: str) -> None:
    shop = freely(Workshop.open(visit, street))
    shop.place("tree_small", 35, 1)
    verdict = shop.card.locator(".verdict")
    expect(verdict).to_contain_text("mits")
    expect(shop.card.locator(".verdict-source")).to_contain_text("Bron:")
    shop.card.locator("[data-act='all-checks']").click()
    facade = shop.card.locator(".verdict-all li", has_text="Afstand van boom tot gevel")
    expect(facade).to_contain_text(re.compile(r"staat er 1,[45]\d m"))
    expect(facade).to_contain_text("2,50 m")

    before = shop.draft_after_saving()["changes"]["features"][0]["geometry"]["coordinates"]
    shop.card.locator("[data-act='suggestion']").click()
    expect(shop.page.locator("#announcer")).to_contain_text("aangepast zoals voorgesteld")
    after = shop.draft_after_saving()["changes"]["features"][0]
    assert after["geometry"]["coordinates"] != before or after["properties"]["rotation_deg"]
    # Undo takes the advice back as one step.
    shop.undo()
    assert shop.draft_after_saving()["changes"]["features"][0]["geometry"]["coordinates"] == before


def test_the_panel_lists_what_needs_attention_and_what_is_not_known(visit: Visit, street: str) -> None:
    shop = freely(Workshop.open(visit, street))
    shop.place("tree_small", 35, 1)
    shop.close_card()
    panel = shop.page.locator(".con-checks")
    needing = panel.locator("li[data-verdict='conditional'], li[data-verdict='conflict']")
    expect(needing).to_have_count(1)
    needing.get_by_role("button").click()
    expect(shop.card).to_be_visible()
    shop.close_card()
    shop.place("ev_charger", 43, 3)
    # Nobody has cables on this map: said, not passed over.
    shop.card.locator("[data-act='all-checks']").click()
    expect(shop.card.locator(".verdict-all")).to_contain_text("kabels en leidingen")


def test_the_way_out_is_taken_with_the_keyboard_and_told_to_who_cannot_see(visit: Visit, street: str) -> None:
    shop = freely(Workshop.open(visit, street))
    shop.place("tree_small", 35, 1)
    expect(shop.page.locator("#announcer")).to_contain_text("mits")
    way = shop.card.locator("[data-act='suggestion']")
    expect(way).to_be_visible()
    way.focus()
    shop.page.keyboard.press("Enter")
    expect(shop.page.locator("#announcer")).not_to_be_empty()
    shop.saved()


def test_a_figure_opens_into_how_it_was_computed(visit: Visit, street: str) -> None:
    shop = freely(Workshop.open(visit, street))
    shop.place("tree_small", 35, 1)
    shop.close_card()
    shop.page.locator(".con-all > summary").click()
    canopy = shop.page.locator("[data-effect-all='canopy_m2']")
    canopy.locator("summary").click()
    expect(canopy.locator("ol")).to_contain_text("12 m²")
    expect(canopy).to_contain_text("na 20 jaar")
    # It stays open when the figures come anew.
    shop.place("tree_small", 45, 1)
    shop.close_card()
    expect(canopy).to_have_attribute("open", "")


def test_the_same_answer_in_english(visit: Visit, street: str) -> None:
    page = visit(f"/en/assignments/{street}/draw")
    shop = freely(Workshop(page))
    shop.tile("tree_small").click()
    page.mouse.click(*shop.spot(35, 1))
    expect(shop.card.locator(".verdict")).to_contain_text("Possible, if")
    shop.card.locator("[data-act='all-checks']").click()
    expect(shop.card.locator(".verdict-all")).to_contain_text(re.compile(r"stands 1\.[45]\d m"))
    expect(shop.card.locator(".verdict-all")).not_to_contain_text("gevel")
