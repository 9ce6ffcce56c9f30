"""What the commands print, and how they end when they cannot go on."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

DISK_FULL = "The disk is full. Free some space (1.5 GB is enough for everything) and start again."


class Stop(Exception):
    """The command cannot go on. The message tells the person at the keyboard what is wrong and what to do."""


class CommandFailed(Stop):
    """A program that was called ended badly; `output` holds what it printed."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


def say(text: str = "") -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(f"stoepkrijt: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a piece of work that takes a while, and say how long it took."""
    began = time.monotonic()
    print(f"  {text} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" stopped", flush=True)
        raise
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def call(
    command: Sequence[object],
    failure: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
    **options: Any,
) -> str:
    """Run a program quietly and return what it printed (stdout and stderr together).

    Raises `CommandFailed` with `failure` and the last lines of its output; a full disk gets its own sentence.
    """
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(word) for word in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
    except FileNotFoundError as error:
        raise Stop(f"{failure} The program {command[0]} is not there.") from error
    if log is not None:
        # What was asked for may have worked all the same; if not, that has its own sentence.
        with suppress(OSError):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(done.stdout, encoding="utf-8")
    if done.returncode == 0:
        return done.stdout
    if mentions_full_disk(done.stdout):
        raise CommandFailed(DISK_FULL, done.stdout)
    where = f"\nEverything it printed is in {log}" if log is not None else ""
    raise CommandFailed(f"{failure} Its last words:\n{last_lines(done.stdout)}{where}", done.stdout)


# The last two are PostgreSQL's: a part of a page still fitted, or not even the file with which it begins.
FULL_DISK_WORDS = re.compile(
    "No space left on device|ENOSPC|Disk quota exceeded|could not extend file .*: wrote only"
    "|could not write init file"
)


def mentions_full_disk(text: str) -> bool:
    return FULL_DISK_WORDS.search(text) is not None


def is_full_disk(error: OSError) -> bool:
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def last_lines(text: str, count: int = 15) -> str:
    """The end of what a program printed, without colours and without the calls that led there."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    lines = [line for line in plain if line.strip() and not line.lstrip().startswith("at ")]
    return "\n".join(f"    {line}" for line in lines[-count:])
