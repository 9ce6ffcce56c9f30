"""A real, tiny mail server for tests: speaks enough SMTP for smtplib and keeps what it receives."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine. Addresses in `unknown` are refused."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[EmailMessage] = []
        self.unknown: set[str] = set()

    @property
    def url(self) -> str:
        """What SMTP_URL must be."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def link(self) -> str:
        """The path of the link in the newest message."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.messages[-1].get_content())
        assert found, "no link in the mail"
        return found.group(1)


class _Conversation(socketserver.StreamRequestHandler):
    server: Mailbox

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        """Answer until the other side stops."""
        self._say("220 test")
        for raw in self.rfile:
            line = raw.decode("utf-8").strip()
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.messages.append(self._read_message())
                self._say("250 kept")
            elif verb == "RCPT" and any(address in line for address in self.server.unknown):
                self._say("550 no such mailbox")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _read_message(self) -> EmailMessage:
        lines: list[bytes] = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A running mailbox."""
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
