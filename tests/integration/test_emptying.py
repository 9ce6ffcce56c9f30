"""Tables are emptied between tests, also where something of the test before is still at them."""

from __future__ import annotations

import time
from threading import Thread

import psycopg
from flask import Flask

from app.extensions import db
from tests.factories.emptying import empty_tables


def test_who_still_reads_ends_before_the_tables_are_emptied(app: Flask, clean: None) -> None:
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def empty() -> None:
        with app.app_context():
            empty_tables()
            db.session.remove()

    with psycopg.connect(url) as reader:
        # Of the two that wait for each other the one that empties is to give in.
        reader.execute("SET LOCAL deadlock_timeout = '30s'")
        reader.execute("SELECT FROM support")
        emptying = Thread(target=empty)
        emptying.start()
        waits = "SELECT count(*) FROM pg_locks WHERE relation = 'support'::regclass AND NOT granted"
        with psycopg.connect(url, autocommit=True) as looking:
            until = time.monotonic() + 10
            while not looking.execute(waits).fetchone()[0] and time.monotonic() < until:  # type: ignore[index]
                time.sleep(0.01)
        # It holds this one already, and waits for the other.
        reader.execute("SELECT FROM ballot")
    emptying.join(20)
    assert not emptying.is_alive()
