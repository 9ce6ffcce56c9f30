"""The workshop as a resident works in it: by mouse, by touch or by keyboard."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit, drawn, map_ready, quiet
from tests.factories import rd_point

PATIENCE_S = 10.0
# Here the strip with the cross-section is open from the start.
ROOMY = "(min-width: 1200px) and (min-height: 800px)"
ANSWERED = re.compile("fresh|stale")


class Workshop:
    """One open workshop page. Places are metres from the factory street's south-west corner."""

    def __init__(self, page: Page) -> None:
        self.page = page
        map_ready(page)
        expect(page.locator(".pal [data-kind]").first).to_be_attached()
        if page.evaluate("query => matchMedia(query).matches", ROOMY):
            expect(page.locator(".ws-sec[data-open='true'] .sec")).to_have_attribute(
                "data-freshness", ANSWERED
            )
        # The street around the view, for snapping.
        quiet(page)
        if page.evaluate("() => Boolean(window.stoepkrijt?.map)"):
            self.settled()

    @classmethod
    def open(cls, visit: Visit, slug: str, query: str = "", **how: Any) -> Workshop:
        """Open the workshop of an assignment."""
        return cls(visit(f"/assignments/{slug}/draw{query}", **how))

    # --- places on the screen ---

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the street is in the window, in pixels."""
        place = rd_point(x, y)
        left, top = self.page.evaluate(
            """place => {
                const { map } = window.stoepkrijt;
                const box = map.getCanvas().getBoundingClientRect();
                const at = map.project(place);
                return [box.left + at.x, box.top + at.y];
            }""",
            [place.x, place.y],
        )
        return left, top

    def settled(self) -> None:
        """Wait until the map has drawn what it has to draw."""
        self.page.evaluate(
            """() => new Promise(done => {
                const { map } = window.stoepkrijt;
                map.once('idle', done);
                map.triggerRepaint();
            })"""
        )

    def zoom_to(self, x: float, y: float, zoom: float = 20) -> None:
        """Look at a place from nearby (a resident would pinch or scroll)."""
        place = rd_point(x, y)
        self.page.evaluate(
            "([lng, lat, zoom]) => window.stoepkrijt.map.jumpTo({ center: [lng, lat], zoom })",
            [place.x, place.y, zoom],
        )
        self.settled()

    # --- acts ---

    def tile(self, kind: str) -> Locator:
        """A kind's button in the palette."""
        return self.page.locator(f".pal [data-kind='{kind}']")

    def place(self, kind: str, x: float, y: float) -> None:
        """Choose a kind and click the map."""
        self.tile(kind).click()
        expect(self.tile(kind)).to_have_attribute("aria-pressed", "true")
        self.page.mouse.click(*self.spot(x, y))
        expect(self.tile(kind)).to_have_attribute("aria-pressed", "false")

    def refused_at(self, left: float, top: float, words: str) -> None:
        """Click a place where it must not go, and read why."""
        self.page.mouse.click(left, top)
        expect(self.page.locator(".ws-flash")).to_contain_text(words)

    def pick(self, x: float, y: float) -> None:
        """Click what stands at a place."""
        self.page.mouse.click(*self.spot(x, y))
        expect(self.card).to_be_visible()

    def close_card(self) -> None:
        """Let go of what is chosen."""
        if self.card.is_visible():
            self.card.locator("[data-act='close']").click()
            expect(self.card).to_be_hidden()

    def undo(self) -> None:
        """The button."""
        self.page.get_by_role("button", name="Ongedaan maken").click()

    def undo_by_keys(self) -> None:
        """As one does while typing elsewhere."""
        self.page.locator(".ws-list-button, canvas.maplibregl-canvas").first.focus()
        self.page.keyboard.press("Control+z")

    def redo(self) -> None:
        """The button."""
        self.page.get_by_role("button", name="Opnieuw doen").click()

    def submit(self, title: str, story: str = "") -> str:
        """Send the design in; answers its id once its page is there."""
        self.page.locator("[data-submit]").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Titel").fill(title)
        dialog.get_by_label("Waarom zo?").fill(story)
        dialog.get_by_role("button", name="Inzenden").click()
        self.page.wait_for_url("**/designs/*")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        return self.page.url.rsplit("/", 1)[1]

    # --- what it shows ---

    @property
    def card(self) -> Locator:
        """The chosen element."""
        return self.page.locator(".ws-card")

    @property
    def rows(self) -> Locator:
        """The drawing as a list (its panel may be closed)."""
        return self.page.locator("[data-change]")

    @property
    def status(self) -> Locator:
        """The words about saving."""
        return self.page.locator("[data-status]")

    def saved(self) -> None:
        """Wait until the server has all of it."""
        self.page.wait_for_selector("[data-status][data-state='saved']")
        until = time.monotonic() + PATIENCE_S
        while self._unsaved() and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        assert not self._unsaved()
        expect(self.status).to_have_attribute("data-state", "saved")

    def _unsaved(self) -> bool:
        return bool(
            self.page.evaluate(
                """() => Object.keys(localStorage)
                    .filter(key => key.startsWith('stoepkrijt:draft:'))
                    .map(key => JSON.parse(localStorage[key]))
                    .some(draft => draft.revision !== draft.savedRevision)"""
            )
        )

    def effect(self, name: str) -> Locator:
        """A figure of the effects panel."""
        return self.page.locator(f"[data-effect='{name}'] .n")

    def tab_to(self, target: Locator, most: int = 90) -> None:
        """Press Tab until it has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{most} times Tab does not reach {target}")

    def draft(self) -> dict[str, Any]:
        """The design as the server has it."""
        number = self.page.evaluate(
            """() => Object.keys(localStorage).filter(key => key.startsWith('stoepkrijt:draft:'))
                .map(key => JSON.parse(localStorage[key]).server.id)[0]"""
        )
        answer = self.page.request.get(f"/api/designs/{number}")
        assert answer.ok, answer.text()
        return dict(answer.json())

    def draft_after_saving(self) -> dict[str, Any]:
        """The design as the server has it, once it has all of it."""
        self.saved()
        return self.draft()

    def changes(self) -> list[tuple[str, str]]:
        """What and how, from the list, once the page has drawn what was done last (it draws once a frame)."""
        drawn(self.page)
        cells = "rows => rows.map(row => ['th', 'td'].map(cell => row.querySelector(cell).textContent))"
        found = self.rows.evaluate_all(cells)
        return [(what.strip(), how.strip()) for what, how in found]
