"""`make test`: what CI runs, from a fresh clone; pytest comes last, so that its count is the last line."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tools import checks, frontend, setup, signals
from tools.cluster import throw_away
from tools.console import say, warn
from tools.paths import INSTANCE, ROOT, VENV_PYTHON, python

TEST_DATABASE = "stoepkrijt_test"
# These would lead the tests to somebody's real database or mail server.
NOT_FOR_TESTS = (
    "DATABASE_URL",
    "SECRET_KEY",
    "PUBLIC_URL",
    "SMTP_URL",
    "PORT",
    "HOST",
    "READ_ONLY",
    "CATALOGUE_FILE",
)


def main() -> int:
    setup.install()
    failed = [name for name, check in CHECKS.items() if not passes(name, check)]
    if failed:
        warn(f"failed before pytest: {', '.join(failed)}")
    code = run_pytest()
    if failed:
        warn(f"pytest ended with {code}, but these failed before it: {', '.join(failed)}")
        return 1
    return code


def passes(name: str, check: Callable[[], int]) -> bool:
    say(f"\n  {name}")
    return check() == 0


def _module(*words: str) -> Callable[[], int]:
    return lambda: subprocess.run(python("-m", *words), cwd=ROOT, check=False).returncode


def _import_contracts() -> int:
    command = python(VENV_PYTHON.with_name("lint-imports"), "--no-cache")
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    ).returncode


LINT: dict[str, Callable[[], int]] = {
    "ruff: lint": _module("ruff", "check", "."),
    "ruff: format": _module("ruff", "format", "--check", "."),
    "mypy": _module("mypy"),
    "import contracts": _import_contracts,
}
CHECKS = {**LINT, "front end: types and unit tests": frontend.check}


@contextmanager
def scratch_database(purpose: str, name: str, *, durable: bool) -> Iterator[str]:
    """The address of an empty database in a cluster of its own that is deleted afterwards."""
    with throw_away(INSTANCE, purpose, durable=durable) as cluster:
        try:
            url = cluster.ensure_database(name)
            checks.database(url)
            yield url
        finally:
            signals.ignore()


def run_pytest() -> int:
    """pytest with a database of its own; PYTEST_ARGS is passed on."""
    with scratch_database("test", TEST_DATABASE, durable=False) as url:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
        environment["TEST_DATABASE_URL"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
        words = shlex.split(os.environ.get("PYTEST_ARGS", ""))
        say("\n  pytest")
        return signals.run(python("-m", "pytest", *at_once(), *words), environment, ROOT)


def at_once() -> list[str]:
    """Two processes where there are two cores: one draws maps, one does the rest (tests/conftest.py)."""
    return ["-n", "2"] if (os.cpu_count() or 1) > 1 else []
