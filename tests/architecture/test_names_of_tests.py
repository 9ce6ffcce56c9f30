"""A test has the same name in every process: two processes that share the work compare their lists first."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def test_names_of_tests_hang_on_neither_the_clock_nor_chance(request: pytest.FixtureRequest) -> None:
    """Collected again, later and with another order of sets, the same tests have the same names."""
    config = request.config
    here = [item.nodeid for item in request.session.items]
    again = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *_chosen(config)],
        cwd=config.rootpath,
        env={**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"},
        capture_output=True,
        text=True,
    )
    assert sorted(line for line in again.stdout.splitlines() if "::" in line) == sorted(here), again.stderr


def _chosen(config: pytest.Config) -> list[str]:
    """The part of all tests that this run was asked for."""
    return [*config.args, "-k", config.option.keyword, "-m", config.option.markexpr]
