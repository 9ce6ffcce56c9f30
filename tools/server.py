"""The web server as a child of `make run`: started, watched, announced and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from tools import signals
from tools.console import Stop, say, warn
from tools.paths import ROOT, python

READY_SECONDS = 60
# A little more than the server itself gives its running requests.
STOP_SECONDS = 45

Process = subprocess.Popen[bytes]


def serve(environment: Mapping[str, str], invitation: Callable[[], str]) -> int:
    """Run the server until it is told to stop; returns the exit code.

    `invitation` gives a planner's link, or nothing where none is needed.
    """
    # In a session of its own, so that Ctrl-C reaches it once, through us; and it ends when we are killed.
    server = subprocess.Popen(
        python("-m", "app.serve"),
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=signals.end_with_parent(),
    )
    try:
        if answers(server, f"{address(environment)}/readyz"):
            announce(environment["PUBLIC_URL"], invitation)
        elif server.poll() is None:
            warn(f"the server does not answer on {address(environment)} yet; its messages are above.")
        code = signals.wait(server)
    except KeyboardInterrupt:
        signals.ignore()
        say("\n  Stopping: running requests are finished …")
        stop(server)
        say("  Stopped.")
        return 0
    except BaseException:
        stop(server)
        raise
    raise Stop(f"The server stopped by itself (exit code {code}); what it said is above.")


def address(environment: Mapping[str, str]) -> str:
    """Where this machine reaches the server, whatever its public address is."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment["HOST"], environment["HOST"])  # noqa: S104
    return f"http://[{host}]:{environment['PORT']}" if ":" in host else f"http://{host}:{environment['PORT']}"


def answers(server: Process, url: str) -> bool:
    """Wait until the server answers; False when it ends or takes too long."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(url, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def announce(url: str, invitation: Callable[[], str]) -> None:
    """Print the addresses."""
    say(f"\n  Stoepkrijt runs on  {url}")
    say(f"  In English          {url}/en/")
    say(f"  OGC API, for GIS    {url}/api")
    try:
        link = invitation()
    except Stop as failure:
        warn(str(failure))
        link = ""
    if link:
        say(f"  For the planner     {link}   (works once)")
    say("  Stop with Ctrl-C.\n")


def stop(server: Process) -> None:
    """Let running requests finish; after the grace period, end it."""
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
