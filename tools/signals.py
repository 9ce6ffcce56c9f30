"""SIGTERM, Ctrl-C and a closed terminal all mean: stop cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def obey() -> None:
    """From now on those signals raise `KeyboardInterrupt`."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    # A background job of a script starts with Ctrl-C ignored; whoever sends it still means it.
    signal.signal(signal.SIGINT, interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, interrupt)
    if "MAKELEVEL" in os.environ:
        end_with_parent()()


def ignore() -> None:
    """While stopping, a second Ctrl-C must not interrupt the clean-up."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def end_with_parent() -> Callable[[], None]:
    """A function that asks Linux to send this process SIGTERM when its parent ends, even by kill -9."""
    libc = ctypes.CDLL(None)

    def ask() -> None:
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask
