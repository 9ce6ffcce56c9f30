"""`make setup`: everything a developer needs, installed and built, and nothing started."""

from __future__ import annotations

from tools import checks, frontend, postgres, python_packages, system_packages
from tools.console import say


def main() -> int:
    install()
    say("  Ready: .venv, front end, PostgreSQL with PostGIS, and the programs that the tests use.")
    return 0


def install() -> None:
    checks.disk()
    postgres.ensure()
    system_packages.ensure_test_programs()
    python_packages.ensure(dev=True)
    frontend.ensure_packages()
    frontend.ensure_build()
    frontend.ensure_translations()
