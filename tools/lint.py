"""`make lint`: the checks that need no database."""

from __future__ import annotations

from tools import frontend, python_packages
from tools.test import CHECKS, passes


def main() -> int:
    python_packages.ensure(dev=True)
    frontend.ensure_packages()
    failed = [name for name, check in CHECKS.items() if not passes(name, check)]
    return 1 if failed else 0
