"""The production server: `python -m app.serve`.

Granian runs WORKERS processes with THREADS threads each. A worker that dies is replaced; on SIGTERM or Ctrl-C
no new connection is taken and the requests that run are finished.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from app import config

# Requests still running this many seconds after the signal are cut off.
GRACE_SECONDS = 30
# Connections (not requests) that a worker holds at once: browsers keep several open, mostly idle. More than
# these wait in the backlog instead of taking memory here.
CONNECTIONS_PER_WORKER = 512

SETTINGS = (
    config.Setting("HOST", "127.0.0.1", "address to listen on; `0.0.0.0`: all (behind a proxy with TLS)"),
    config.Setting("PORT", "8000", "port to listen on", int, 1),
    config.Setting("WORKERS", "2", "processes that answer requests; about one per core", int, 1),
    config.Setting("THREADS", "4", "threads per process; each may hold one database connection", int, 1),
    config.Setting("ACCESS_LOG", "no", "`yes`: one line per request, without the address it came from", bool),
)
ACCESS_LOG_FORMAT = '[%(time)s] "%(method)s %(path)s %(protocol)s" %(status)d %(dt_ms).1f ms'


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int
    workers: int
    threads: int
    access_log: bool


def read(environ: Mapping[str, str] | None = None) -> Address:
    """Settings of the server; raises `ConfigurationError` with a sentence."""
    environ = os.environ if environ is None else environ
    values = {setting.name: environ.get(setting.name) or setting.default for setting in SETTINGS}
    numbers = {one.name: config.number(one, values[one.name]) for one in SETTINGS if one.kind is int}
    if numbers["PORT"] > 65535:
        raise config.ConfigurationError(f"PORT must be at most 65535, not {values['PORT']}.")
    return Address(
        values["HOST"],
        numbers["PORT"],
        numbers["WORKERS"],
        numbers["THREADS"],
        config.yes_or_no("ACCESS_LOG", values["ACCESS_LOG"]),
    )


def serve(address: Address, factory: str = "app:create_app") -> None:
    """Serve what `factory` makes, until a signal comes."""
    Granian(
        factory,
        factory=True,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        address=address.host,
        port=address.port,
        workers=address.workers,
        blocking_threads=address.threads,
        backpressure=CONNECTIONS_PER_WORKER,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.warning,
        log_access=address.access_log,
        log_access_format=ACCESS_LOG_FORMAT,
    ).serve()


def main() -> int:
    try:
        address = read()
        # The workers read the settings again; here a mistake in them ends in one sentence.
        config.read()
    except config.ConfigurationError as problem:
        print(f"stoepkrijt: {problem}", file=sys.stderr)
        return 1
    serve(address)
    return 0


if __name__ == "__main__":
    sys.exit(main())
