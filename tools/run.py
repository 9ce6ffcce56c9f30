"""`make run`: from a fresh clone to a running site, and back to a clean stop."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools import account, checks, frontend, postgres, python_packages, server, settings, signals
from tools.cluster import Cluster, private_home
from tools.console import call, step
from tools.paths import INSTANCE, LOGS, ROOT, python

# Nothing is sent to it: the link is printed.
PLANNER = "planner@example.org"
# Its address, and the folder of the private cluster that it is in.
Database = tuple[str, Path | None]


def main() -> int:
    host, port = checks.address(os.environ)
    checks.port(host, port)
    checks.disk()
    given = os.environ.get("DATABASE_URL", "")
    if not given:
        postgres.ensure()
    python_packages.ensure(dev=False)
    frontend.ensure_build()
    frontend.ensure_translations()
    with given_database(given) if given else private_database() as (url, cluster):
        environment = settings.complete(os.environ, url, host, port)
        settings.remember(environment, cluster)
        prepare(environment)
        checks.port(host, port)
        return server.serve(environment, lambda: invitation(environment))


@contextmanager
def private_database() -> Iterator[Database]:
    """The cluster of this checkout, running; stopped at the end."""
    user = account.database_account()
    cluster = Cluster(private_home(INSTANCE, "cluster", user), user)
    # It may be on another disk than the program.
    checks.disk(cluster.home.parent)
    try:
        with step("Starting the database"):
            cluster.start()
            url = cluster.ensure_database("stoepkrijt")
            checks.database(url)
        yield url, cluster.home
    finally:
        signals.ignore()
        cluster.stop()


@contextmanager
def given_database(url: str) -> Iterator[Database]:
    """The database of DATABASE_URL, checked."""
    with step("Checking the database of DATABASE_URL"):
        checks.database(url)
    yield url, None


def prepare(environment: Mapping[str, str]) -> None:
    """Migrate, and load the demo neighbourhood into an empty database."""
    with step("Bringing the database up to date"):
        _flask(environment, "db", "upgrade", failure="Migrating the database failed.")
    if facts(environment)["neighbourhood"]:
        return
    with step("Loading the demo neighbourhood"):
        _flask(environment, "demo", "load", "--if-empty", failure="Loading the demo neighbourhood failed.")


def invitation(environment: Mapping[str, str]) -> str:
    """A link that makes its first visitor a planner; empty when a planner has been here already."""
    if facts(environment)["planner_session"]:
        return ""
    words = ("accounts", "invite", PLANNER, "--role", "planner", "--print-link")
    answer = _flask(environment, *words, failure="Making the planner's link failed.").split()
    return next((word for word in answer if word.startswith("http")), "")


def facts(environment: Mapping[str, str]) -> dict[str, bool]:
    """Whether there is a neighbourhood, and whether a planner ever signed in."""
    command = python("-m", "tools.database", "facts", environment["DATABASE_URL"])
    found: dict[str, bool] = json.loads(
        call(command, "Reading the database failed.", env=environment, cwd=ROOT)
    )
    return found


def _flask(environment: Mapping[str, str], *words: str, failure: str) -> str:
    log = LOGS / f"flask-{words[0]}-{words[1]}.log"
    command = python("-m", "flask", "--app", "app", *words)
    return call(command, failure, env=environment, cwd=ROOT, log=log)
