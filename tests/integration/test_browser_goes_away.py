"""The server that browser tests talk to: a browser that goes away leaves nothing behind for the next test."""

from __future__ import annotations

import gc
import socket
import struct
import time
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

from tests.factories.serving import Serving

# Closing a connection throws away what is under way, in both directions (RST).
AT_ONCE = struct.pack("ii", 1, 0)


def test_a_browser_that_goes_away_halfway_an_answer_leaves_no_file_open(live_server: str) -> None:
    # A file left open is a warning when it is collected, and a warning fails this test.
    address = ("127.0.0.1", int(live_server.rpartition(":")[2]))
    for n in range(40):
        with socket.create_connection(address) as browser:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            browser.sendall(b"GET /static/icons.svg HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(n % 20 / 2000)
    time.sleep(0.5)
    gc.collect()


def test_what_is_still_being_answered_is_waited_for() -> None:
    begun, may_end = Event(), Event()

    def slow(environ: Any, start_response: Any) -> Iterator[bytes]:
        begun.set()
        may_end.wait(10)
        yield b"done"

    serving = Serving()
    answers: list[list[bytes]] = []
    asking = Thread(target=lambda: answers.append(list(serving.whole(slow)({}, lambda *_: print))))
    asking.start()
    assert begun.wait(10)
    assert not serving.settle(0.05)
    may_end.set()
    assert serving.settle(10)
    asking.join(10)
    assert answers == [[b"done"]]


def test_an_answer_that_is_kept_whole_is_served_as_it_is() -> None:
    serving = Serving()
    assert serving.whole(lambda _environ, _start: [b"a ", b"tile"])({}, lambda *_: print) == [b"a tile"]
    assert serving.settle(0)
