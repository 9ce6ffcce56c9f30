"""The production server: settings, running requests at a stop, workers that die, many idle browsers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from app.config import ConfigurationError
from app.serve import SETTINGS, read
from tests.factories import slow_site


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PORT": str(port), "WORKERS": "1", "THREADS": "2"}
    command = [sys.executable, "-m", "tests.factories.slow_site"]
    with subprocess.Popen(command, env=environment) as process:
        pid_of_worker(port)
        yield process
        process.terminate()


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return str(answer.read().decode())


def pid_of_worker(port: int, other_than: int = 0) -> int:
    """The worker that answers; waits for it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            pid = int(get(port, "/pid"))
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            pid = other_than
        if pid != other_than:
            return pid
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_that_runs_is_finished_before_the_server_stops(
    server: subprocess.Popen[bytes], port: int, number: signal.Signals
) -> None:
    answers: list[str] = []
    request = threading.Thread(target=lambda: answers.append(get(port, "/slow")))
    request.start()
    time.sleep(slow_site.SECONDS / 2)
    server.send_signal(number)
    request.join()
    assert answers == ["finished"]
    assert server.wait(timeout=20) == 0


def test_a_worker_that_dies_is_replaced(server: subprocess.Popen[bytes], port: int) -> None:
    # A worker that dies within seconds of its start is taken for one that can never start.
    time.sleep(6)
    died = pid_of_worker(port)
    os.kill(died, signal.SIGKILL)
    assert pid_of_worker(port, other_than=died) != died
    assert server.poll() is None


def test_idle_browsers_keep_nobody_waiting(server: subprocess.Popen[bytes], port: int) -> None:
    idle = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(60)]
    for connection in idle:
        connection.request("GET", "/pid")
        connection.getresponse().read()
    began = time.monotonic()
    assert get(port, "/pid")
    assert time.monotonic() - began < 5
    for connection in idle:
        connection.close()


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("PORT", "70000"), ("WORKERS", "0"), ("THREADS", "-1")]
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read({name: value})


def test_defaults_are_those_of_the_list() -> None:
    address = read({})
    assert (address.host, str(address.port)) == ("127.0.0.1", "8000")
    assert {setting.name for setting in SETTINGS} == {"HOST", "PORT", "WORKERS", "THREADS", "ACCESS_LOG"}


def test_a_start_without_a_key_ends_in_a_sentence_that_says_how_to_make_one() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    command = [sys.executable, "-m", "app.serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert "secrets.token_hex" in done.stderr
    assert "Traceback" not in done.stderr
