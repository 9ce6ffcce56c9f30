"""Residents in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize

from app.accounts.domain import Role
from tests.factories import make_street, people

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
# Software rendering takes its time before a map's first "idle".
MAP_READY_MS = 60_000
PATIENCE_MS = 15_000

Visit = Callable[..., Page]
# What has no answer yet.
UNDER_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


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
            context = watched(
                browser.new_context(
                    viewport=PHONE if touch else DESKTOP,
                    has_touch=touch,
                    is_mobile=touch,
                    base_url=live_server,
                    reduced_motion="reduce",
                    java_script_enabled=script,
                )
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


def drawn(page: Page) -> None:
    """Wait until the page has drawn what it was told so far: it draws once a frame."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def resize(page: Page, size: ViewportSize) -> None:
    """Give a page another size, and wait until its style knows."""
    page.set_viewport_size(size)
    page.wait_for_function("width => matchMedia(`(width: ${width}px)`).matches", arg=size["width"])
    drawn(page)


def quiet(page: Page) -> None:
    """Wait until all that a page asked for is in, and it had the time to show it.

    Playwright's "networkidle" is another thing: half a second without a request, once in a page's life.
    """
    asked = UNDER_WAY[page]
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        drawn(page)
        if not asked:
            return
    raise AssertionError(f"no answer to {[request.url for request in asked]}")


def watched(context: BrowserContext) -> BrowserContext:
    """The same, with an eye on what its pages ask for."""

    def begin(page: Page) -> None:
        asked = UNDER_WAY.setdefault(page, set())
        page.on("request", lambda request: asked.add(request))
        page.on("requestfinished", lambda request: asked.discard(request))
        page.on("requestfailed", lambda request: asked.discard(request))

    context.on("page", begin)
    return context


def open_as(browser: Browser, address: str, size: Any, cookie: str = "") -> BrowserContext:
    """A browser window of this size, signed in with `cookie` where given."""
    context = watched(browser.new_context(viewport=size, base_url=address, reduced_motion="reduce"))
    if cookie:
        context.add_cookies([{"name": "stoepkrijt", "value": cookie, "url": address}])
    return context


def cookie_of(app: Flask, role: Role | None) -> str:
    """The cookie of a guest (None) or of somebody with this role."""
    browser = people.Browser(app.test_client())
    if role is not None:
        people.sign_in(browser, f"{role}@example.nl", role)
    cookie = browser.client.get_cookie("stoepkrijt")
    assert cookie is not None
    return str(cookie.value)
