"""SIGTERM, Ctrl-C and a closed terminal all mean: stop cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

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


def run(command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> int:
    """Run a program to its end; when we are told to stop, it and everything it started end too."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, start_new_session=True, preexec_fn=end_with_parent()
    )
    try:
        return wait(process)
    except BaseException:
        for number in (signal.SIGINT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
        raise


def wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process to end; raises `KeyboardInterrupt` when only `make` was told to stop.

    Ctrl-C at a terminal reaches us too, but `kill -INT` of `make` alone does not: it gives up its handler and
    waits for us, for ever. That it gave up can be seen.
    """
    parent = os.getppid()
    heard = _hears_ctrl_c(parent)
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if heard and os.getppid() == parent and not _hears_ctrl_c(parent):
                raise KeyboardInterrupt from None


def _hears_ctrl_c(pid: int) -> bool:
    """Whether the process has a handler for SIGINT; False when that cannot be seen."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    handled = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(handled, 16) & 1 << (signal.SIGINT - 1))


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
