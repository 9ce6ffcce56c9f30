# ruff: noqa: E501
"""A live server over a hand-made street with designs, comments and support, for real clients."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import text

from app import ROOT
from app.accounts.models import Person
from app.core.transaction import transaction
from app.extensions import db
from app.projects.queries import assignment_by_slug
from app.votes.polls import queries as poll_queries
from app.votes.polls import service as polls
from app.votes.polls.domain import Answer, Kind
from app.votes.polls.service import PollDraft
from tests.factories import (
    PLANNER,
    Resident,
    addition,
    design_body,
    make_street,
    object_id,
    point_json,
    rd_box,
    rd_point,
)
from tests.factories.emptying import empty_tables


@dataclass(frozen=True)
class World:
    """What is in the database, and where it is served."""

    url: str
    design: str
    draft: str
    withdrawn: str
    removed_comment: str
    # Their ids: `open`, `over`, and `few`, which is over but had fewer than five answers.
    polls: dict[str, str]


def _ok(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def _area(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    box = rd_box(x0, y0, x1, y1)
    return {"type": "Polygon", "coordinates": [[[round(x, 8), round(y, 8)] for x, y in box.exterior.coords]]}


def _many_changes() -> list[dict[str, Any]]:
    changes = [addition(5 + i, 2 if i % 2 else 18, "tree_small", rotation_deg=i) for i in range(45)]
    changes.append(
        {
            "type": "Feature",
            "geometry": _area(80, 7, 90, 9),
            "properties": {"action": "add", "kind": "planting_bed"},
        }
    )
    changes.append(
        {
            "type": "Feature",
            "properties": {"action": "remove", "object": object_id("boom-1")},
            "geometry": point_json(50, 2),
        }
    )
    return changes


def _fill(app: Flask) -> dict[str, str]:
    with app.app_context():
        make_street()
        changes = _many_changes()
    maker, neighbour = Resident(app.test_client()), Resident(app.test_client())
    design = _ok(
        maker.send("POST", "/api/designs", design_body("kade", *changes, title='=Bomen "en" meer, é')), 201
    )["id"]
    _ok(maker.send("POST", f"/api/designs/{design}/submit"), 200)
    _ok(neighbour.send("PUT", f"/api/designs/{design}/support"), 200)
    draft = _ok(neighbour.send("POST", "/api/designs", design_body("kade", title="Nog geheim")), 201)["id"]
    withdrawn = _ok(neighbour.send("POST", "/api/designs", design_body("kade", title="Teruggenomen")), 201)[
        "id"
    ]
    _ok(neighbour.send("POST", f"/api/designs/{withdrawn}/submit"), 200)
    _ok(neighbour.send("POST", f"/api/designs/{withdrawn}/withdraw"), 200)
    said = {"assignment": "kade", "text": "=HYPERLINK(1) mooi", "sentiment": "for"}
    place = _ok(neighbour.send("POST", "/api/comments", {**said, "geometry": point_json(30, 10)}), 201)["id"]
    _ok(maker.send("POST", "/api/comments", {"assignment": "kade", "text": "Dank je", "parent": place}), 201)
    _ok(neighbour.send("POST", "/api/comments", {**said, "design": design, "text": "Hier ook"}), 201)
    removed = _ok(
        neighbour.send(
            "POST", "/api/comments", {**said, "text": "Toch niet", "geometry": point_json(31, 10)}
        ),
        201,
    )["id"]
    assert neighbour.send("DELETE", f"/api/comments/{removed}").status_code in (200, 204)
    polls = _ask(app)
    return {
        "design": design, "draft": draft, "withdrawn": withdrawn, "removed_comment": removed, "polls": polls
    }  # fmt: skip


def _ask(app: Flask) -> dict[str, str]:
    """Polls: one that is open, one that is over, and one that is over and was answered by too few to tell."""
    now = datetime.now(UTC)
    drafts = {
        "open": PollDraft(
            "Waar komt de bank?", Kind.ONE, now, choices=("Zon", "Schaduw"), place=rd_point(30, 9)
        ),
        "over": PollDraft("Wat wil je?", Kind.SEVERAL, now, choices=("Boom", "Bank", "Niets"), most=2),
        "few": PollDraft(
            "Hoe veilig is het?",
            Kind.SCALE,
            now,
            low_words="niet",
            high_words="heel",
            place=rd_box(0, 0, 50, 9),
        ),
    }
    # By number of the choice, from 1.
    given = {
        "open": [(1,)] * 6,
        "over": [(1,), (1, 2), (2,), (2, 1), (2,), (2,), (1, 2)],
        "few": [(5,), (4,), (4,), (1,)],
    }
    found = {}
    with app.test_request_context("/"):
        for name, draft in drafts.items():
            with transaction():
                poll = polls.make_poll(PLANNER, assignment_by_slug("kade"), draft).id
            for chosen in given[name]:
                with transaction():
                    somebody = Person()
                    db.session.add(somebody)
                    db.session.flush()
                    poll_queries.keep_answer(poll, somebody.id, Answer(chosen))
            if name != "open":
                with transaction():
                    polls.end_poll(PLANNER, poll, "Genoeg.", datetime.now(UTC))
            found[name] = str(poll)
    return found


@pytest.fixture(scope="module")
def world(app: Flask, database_url: str) -> Iterator[World]:
    """A filled database behind a real socket."""
    with app.app_context():
        empty_tables()
    made = _fill(app)
    with _served(app, database_url) as url:
        yield World(url, **made)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _served(app: Flask, database_url: str) -> Iterator[str]:
    """The production server in a process of its own: GDAL holds Python's lock while it waits for an answer."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "SECRET_KEY": app.config["SECRET_KEY"],
        "CACHE_DIR": app.config["CACHE_DIR"],
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "WORKERS": "1",
    }
    process = subprocess.Popen([sys.executable, "-m", "app.serve"], env=environment, cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(requests.ConnectionError):
                if requests.get(f"{url}/healthz", timeout=5).status_code == 200:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("the server did not start")
        yield url
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def rows(app: Flask, world: World) -> Any:
    """Run SQL on the database: the truth that clients' answers are compared with."""

    def run(statement: str, **values: Any) -> list[Any]:
        with app.app_context():
            return list(db.session.execute(text(statement), values))

    return run
