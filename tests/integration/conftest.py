"""What several files of tests with a database share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.mailbox import Mailbox, mailbox


@pytest.fixture
def post(app: Flask) -> Iterator[Mailbox]:
    """A mail server that the application sends to."""
    with mailbox() as server:
        app.config["SMTP_URL"] = server.url
        yield server
        app.config["SMTP_URL"] = ""
