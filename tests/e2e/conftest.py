"""Residents in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.factories import make_street

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Software rendering takes its time before a map's first "idle".
MAP_READY_MS = 60_000
PATIENCE_MS = 15_000

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open an address in a browser of its own (cookies, storage).

    `touch`: a phone. `script=False`: a browser without JavaScript. `cookie`: somebody who was here before.

    A request to anywhere else than our server, an uncaught error in a page and a broken policy fail the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        path: str,
        *,
        touch: bool = False,
        script: bool = True,
        cookie: str | None = None,
        context: BrowserContext | None = None,
    ) -> Page:
        if context is None:
            context = browser.new_context(
                viewport=PHONE if touch else DESKTOP,  # type: ignore[arg-type]
                has_touch=touch,
                is_mobile=touch,
                base_url=live_server,
                reduced_motion="reduce",
                java_script_enabled=script,
            )
            context.set_default_timeout(PATIENCE_MS)
            contexts.append(context)
            if cookie is not None:
                context.add_cookies([{"name": "stoepkrijt", "value": cookie, "url": live_server}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((live_server, "data:", "blob:"))
                else faults.append(f"request to {sent.url}")
            ),
        )
        page.on(
            "console",
            lambda message: (
                faults.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def street(app: Flask, clean: None) -> str:
    """A street made by hand, with an open assignment."""
    with app.app_context():
        return make_street().slug


def map_ready(page: Page) -> None:
    """Wait until the page's map has drawn everything."""
    page.wait_for_selector("body[data-map-ready='1']", timeout=MAP_READY_MS)
