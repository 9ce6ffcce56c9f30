"""The scratch database and the server that is measured: the same program and settings as in production."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import data
from bench.floor import Floor

START_SECONDS = 60
# Of every server that is started from here.
SECRET_KEY = secrets.token_hex(32)
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is while a benchmark runs."""

    url: str
    host: str
    port: int
    pid: int
    tools: Path

    def tool(self, name: str) -> str:
        """The path of a PostgreSQL client program."""
        return str(self.tools / name)


def server_url() -> str:
    """The PostgreSQL server to make a scratch database on. Raises `SystemExit` without one."""
    url = (
        os.environ.get("BENCH_DATABASE_URL")
        or os.environ.get("TEST_DATABASE_URL")
        or os.environ.get("DATABASE_URL")
    )
    if not url:
        raise SystemExit("No DATABASE_URL; run the benchmarks with `make bench`.")
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def client_programs() -> Path:
    """The folder with psql and pgbench. Raises `SystemExit` where they are not installed."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "psql").exists() and (folder / "pgbench").exists():
            return folder
    raise SystemExit(
        "psql and pgbench are needed for the benchmarks (Debian: postgresql-client and postgresql)."
    )


@contextmanager
def scratch_database() -> Iterator[str]:
    """A database of our own, migrated and filled; dropped afterwards."""
    # Asked once: what runs in between puts the scratch database into the environment.
    server = server_url()
    parts = urlsplit(server)
    name = f"stoepkrijt_bench_{os.getpid()}"
    own = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    try:
        _migrate(own)
        data.fill(own)
        yield own
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def _environment(url: str, cache: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("WORKERS", "THREADS", "HOST")}
    return kept | {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET_KEY,
        "RATE_LIMITS": "no",
        "CACHE_DIR": cache,
        "PORT": str(port),
    }


def _migrate(url: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(
        command,
        check=True,
        cwd=ROOT,
        env=_environment(url, tempfile.gettempdir(), 0),
        stderr=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running() -> Iterator[Bench]:
    """The production server on a free port, on the filled scratch database."""
    cache, port = tempfile.mkdtemp(prefix="stoepkrijt-bench-"), _free_port()
    try:
        with (
            scratch_database() as url,
            _server("app.serve", _environment(url, cache, port), "/healthz") as pid,
        ):
            yield Bench(url, "127.0.0.1", port, pid, client_programs())
    finally:
        shutil.rmtree(cache, ignore_errors=True)


@contextmanager
def floor(bench: Bench, **settings: Any) -> Iterator[Bench]:
    """The same server around the least that a program could do (`bench.floor`)."""
    port = _free_port()
    environment = _environment(bench.url, "", port) | Floor(bench.url, **settings).environment()
    with _server("bench.floor", environment, "/constant") as pid:
        yield replace(bench, port=port, pid=pid)


@contextmanager
def _server(module: str, environment: dict[str, str], path: str) -> Iterator[int]:
    command = [sys.executable, "-m", module]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(int(environment["PORT"]), path, process)
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")
