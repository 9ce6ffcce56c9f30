"""`python -m tools run|test|bench|…`, called by the Makefile."""

from __future__ import annotations

import importlib
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is the first code to run on an old machine
    sys.exit("stoepkrijt: Python 3.11 or newer is needed. Name one: make run PYTHON=/path/to/python3")

from tools import signals
from tools.console import DISK_FULL, Stop, is_full_disk, warn

COMMANDS = ("run", "test", "bench", "kill-test", "lint", "setup")


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        warn(f"what to do? One of: {', '.join(COMMANDS)}")
        return 2
    signals.obey()
    try:
        command = importlib.import_module(f"tools.{arguments[0].replace('-', '_')}")
        code: int = command.main(*arguments[1:])
        return code
    except Stop as reason:
        warn(str(reason))
        return 1
    except KeyboardInterrupt:
        warn("stopped")
        return 130
    except OSError as error:
        if is_full_disk(error):
            warn(DISK_FULL)
            return 1
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
