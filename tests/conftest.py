"""Fixtures for everything: real PostGIS, one migrated database per test process, nothing to the outside."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from werkzeug.serving import make_server
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from app.config import read
from app.extensions import db
from tests.factories.emptying import empty_tables
from tests.factories.serving import serving

# The same examples in every run: a red test is about the change. HYPOTHESIS_PROFILE=explore looks further.
# No deadline of Hypothesis' own: its 200 ms fail what is right on a busy machine. Where time matters a test
# says so.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

CHROMIUM = [
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Maps are drawn by (software) WebGL all the same; putting pages together by it costs as much again.
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# How long an assertion about a page waits for it to come true.
PATIENCE_MS = 15_000
TEST_SECRET = "only-for-tests-" + "0123456789abcdef" * 2


# Browser tests that draw few maps or none: they wait for pages, not for pictures.
FEW_MAPS = tuple(
    f"tests/e2e/test_{name}.py"
    for name in ("comparing", "neighbours_decide", "nothing_is_lost", "results", "voting")
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """With `-n 2` one process draws maps in its browser, from the start, and the other does the rest.

    Two browsers that draw maps would only wait for each other: each does so with every core there is.
    """
    return MapsInOne(config, log)


class MapsInOne(LoadScopeScheduling):
    """All tests that draw maps are one piece of work, every other test is one; the largest comes first."""

    def _split_scope(self, nodeid: str) -> str:
        draws = nodeid.startswith("tests/e2e/") and not nodeid.startswith(FEW_MAPS)
        return "browser" if draws else nodeid


def _server_url() -> URL:
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.exit("TEST_DATABASE_URL is not set; run the tests with `make test`.", returncode=3)
    return make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """A database of our own on the given server, dropped afterwards."""
    server = _server_url()
    name = f"stoepkrijt_test_{os.getpid()}_{worker_id}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """`main`, or the name of the xdist worker."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def settings_for(url: str, **more: str) -> Any:
    """Settings of a test application on this database."""
    return read({"DATABASE_URL": url, "SECRET_KEY": TEST_SECRET, "RATE_LIMITS": "no", **more}, testing=True)


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database."""
    from flask_migrate import upgrade

    cache = tmp_path_factory.mktemp("cache")
    application = create_app(settings_for(database_url, CACHE_DIR=str(cache)))
    with application.app_context():
        upgrade()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def clean(app: Flask) -> None:
    """Empty tables before the test. Tests commit for real: what a server does is what is tested."""
    with app.app_context():
        empty_tables()
        db.session.remove()


@pytest.fixture
def context(app: Flask, clean: None) -> Iterator[Flask]:
    """An application context with a request, on empty tables: for services and queries."""
    with app.test_request_context("/"):
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask, clean: None) -> FlaskClient:
    """A browser without a cookie, on empty tables."""
    return app.test_client()


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anywhere but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def live_server(app: Flask) -> Iterator[str]:
    """The application behind a real socket; answers its address."""
    server = make_server("127.0.0.1", 0, serving.whole(app), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests: Playwright runs once in a process."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium is not installed; `make test` installs it.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()
