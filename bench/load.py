"""A small HTTP client for load: one thread, `clients` kept-alive connections, as little work as possible.

It shares the processor with what it measures, so it reads no more of an answer than its length and status.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30


@dataclass
class Outcome:
    """How a run went."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    received: int = 0

    @property
    def done(self) -> int:
        """Answers in all."""
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.done / self.seconds


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def send(self, data: bytes) -> None:
        self.received.clear()
        self.socket.sendall(data)

    def answered(self) -> int | None:
        """The status once the whole answer is there."""
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("the server closed a connection in the middle of an answer")
        self.received += piece
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        status = int(self.received[9:12])
        head = self.received[:end].lower()
        at = head.find(b"content-length:")
        length = 0
        if at >= 0:
            stop = head.find(b"\r\n", at)
            length = int(head[at + 15 : stop if stop > 0 else end])
        return status if len(self.received) >= end + 4 + length else None


def run(
    host: str, port: int, requests: Iterable[bytes], clients: int = 8, seconds: float | None = None
) -> Outcome:
    """Send all requests, or as many as fit in `seconds`, over `clients` connections at a time."""
    source: Iterator[bytes] = iter(requests)
    outcome, selector = Outcome(), selectors.DefaultSelector()
    waiting = 0
    started = time.perf_counter()
    for _number in range(clients):
        data = next(source, None)
        if data is None:
            break
        connection = _Connection(host, port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(data)
        waiting += 1
    while waiting:
        ready = selector.select(PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError(f"no answer for {PATIENCE_SECONDS} s; {outcome.done} before")
        for key, _events in ready:
            connection = key.data
            status = connection.answered()
            if status is None:
                continue
            outcome.statuses[status] += 1
            outcome.received += len(connection.received)
            over = seconds is not None and time.perf_counter() - started > seconds
            data = None if over else next(source, None)
            if data is None:
                waiting -= 1
                selector.unregister(connection.socket)
                connection.socket.close()
            else:
                connection.send(data)
    outcome.seconds = time.perf_counter() - started
    return outcome
