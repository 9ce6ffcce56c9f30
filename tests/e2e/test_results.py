"""The result of a round in a browser: as everybody reads it, on a desk and on a phone, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.extensions import db
from app.pages.result_report import render_result
from app.votes.results import service
from tests.e2e.axe import all_faults, at_both_sizes, faults
from tests.e2e.conftest import DESKTOP, PHONE, Visit, cookie_of, open_as
from tests.factories.closed_rounds import ClosedRound, Vote, closed_round

# Near 30 of 40 voted, farther away 12 of 80. A wins before B, and excludes C.
VOTES = [Vote(["A", "B"], "0-50")] * 14 + [Vote(["A"], "0-50")] * 16
VOTES += (
    [Vote(["B", "C"], "50-100")] * 6 + [Vote(["B"], "100-250")] * 4 + [Vote(["C"], "250-500", "paper")] * 2
)
LETTERS = {"0-50": 40, "50-100": 20, "100-250": 20, "250-500": 40}


def counted(app: Flask, round_: ClosedRound) -> None:
    with app.test_request_context("/"):
        with transaction():
            service.count(round_.id, 10)
            service.publish(round_.id)
        db.session.remove()


@pytest.fixture
def result(app: Flask, clean: None) -> ClosedRound:
    """A published result with letters, paper and turnout by distance."""
    round_ = closed_round(app, VOTES, letters=LETTERS)
    counted(app, round_)
    return round_


@pytest.mark.parametrize(("prefix", "size"), [("", DESKTOP), ("/en", PHONE)], ids=["nl", "en"])
def test_everybody_can_read_a_result(
    browser: Browser, live_server: str, result: ClosedRound, size: Any, prefix: str, tmp_path: Path
) -> None:
    context = open_as(browser, live_server, size)
    page = context.new_page()
    page.goto(f"{prefix}/rounds/{result.id}/result")
    assert at_both_sizes(page, all_faults) == []
    assert page.locator("figure.mapfig img").evaluate("e => e.complete && e.naturalWidth > 0")
    context.close()


def test_the_page_needs_no_script_and_says_what_won_and_why(visit: Visit, result: ClosedRound) -> None:
    page = visit(f"/rounds/{result.id}/result", script=False)
    main = page.locator("main")
    for said in (
        "“Bomen langs de gevel” won.",
        "30 van de 42 stemmers kozen dit.",
        "Het kan niet samen met “Bomen langs de gevel”, dat minstens zoveel steun had.",
        "Minder dan gemiddeld",
        "waarvan 2 op papier",
    ):
        assert said in main.inner_text(), said
    with page.expect_download() as download:
        page.get_by_role("link", name="Stemronde (JSON)").click()
    assert download.value.suggested_filename == f"stemronde-{result.id}.json"


def test_a_planner_counts_and_publishes_with_the_keyboard(
    app: Flask, clean: None, visit: Visit, live_server: str
) -> None:
    round_ = closed_round(app, VOTES, letters=LETTERS)
    page = visit(f"/rounds/{round_.id}/result", cookie=cookie_of(app, Role.PLANNER))
    assert faults(page) == []
    page.get_by_role("button", name="Tel de stemmen").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Alleen planners zien dit nog")
    assert faults(page) == []
    page.get_by_role("button", name="Maak de uitslag openbaar").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=De uitslag staat nu voor iedereen op deze pagina.")
    public = visit(f"/rounds/{round_.id}/result")
    assert public.get_by_role("heading", name="Dit won", exact=True).is_visible()


def test_the_councils_file_opens_from_disk_without_a_request(
    app: Flask, browser: Browser, result: ClosedRound, tmp_path: Path
) -> None:
    with app.test_request_context("/"):
        found = service.counted(result.id)
        assert found is not None
        text = render_result(found)
        db.session.remove()
    file = tmp_path / "uitslag.html"
    file.write_text(text, "utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 1400})
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-overlay-pane path")
    assert asked == [file.as_uri()] and wrong == []
    # The winner's two changes are drawn, the others wait.
    assert page.locator(".leaflet-marker-icon").count() == 2
    assert "Bomen langs de gevel (wint)" in page.locator(".leaflet-control-layers-overlays").inner_text()
    # axe is a script from outside; only for it the file's own policy is left out.
    file.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text), "utf-8")
    page.goto(file.as_uri())
    for width in (1200, 390):
        page.set_viewport_size({"width": width, "height": 1400})
        page.wait_for_selector(".leaflet-overlay-pane path")
        assert faults(page) == []
    context.close()
