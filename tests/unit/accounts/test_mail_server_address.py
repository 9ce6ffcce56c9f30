from __future__ import annotations

import pytest

from app.accounts.mail import MailServer
from app.config import ConfigurationError


def test_a_full_address_is_read() -> None:
    server = MailServer.from_url("smtp://jan%40x.nl:ge%3Aheim@mail.example.nl:587?starttls=1")
    assert server == MailServer("mail.example.nl", 587, "jan@x.nl", "ge:heim", tls=False, starttls=True)


def test_ports_follow_the_kind_of_connection() -> None:
    assert MailServer.from_url("smtp://mail.example.nl").port == 25
    assert MailServer.from_url("smtps://mail.example.nl") == MailServer(
        "mail.example.nl", 465, None, None, tls=True, starttls=False
    )


@pytest.mark.parametrize("url", ["mail.example.nl", "http://mail.example.nl", "smtp://"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL"):
        MailServer.from_url(url)
