"""A setting that cannot be used ends the start in a sentence that names it, not a page later on."""

from __future__ import annotations

import pytest
from flask import Flask

from app import accounts, config, serve
from app.config import ConfigurationError

GIVEN = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:5432/c", "SECRET_KEY": "k" * 32}
WRONG = [
    ("DATABASE_URL", "mysql://a@b/c"),
    ("DATABASE_URL", "postgresql://a@b:port/c"),
    ("DATABASE_URL", "127.0.0.1"),
    ("SECRET_KEY", "short"),
    ("PUBLIC_URL", "straat.example.nl"),
    ("PUBLIC_URL", "https://straat.example.nl:https"),
    ("PUBLIC_URL", "https://[::1"),
    ("TIME_ZONE", "Amsterdam"),
    ("TIME_ZONE", "../etc/passwd"),
    ("TIME_ZONE", "Europe"),
    ("SMTP_URL", "mail.example.nl"),
    ("SMTP_URL", "smtp://mail.example.nl:99999"),
    ("SMTP_URL", "smtp://[mail"),
    ("OIDC_ISSUER", "https://[::1"),
    ("COOKIE_SECURE", "perhaps"),
    ("RATE_LIMIT_WRITES", "often"),
    ("RATE_LIMIT_MAIL", "5 per century"),
    ("RATE_LIMIT_MAIL_SENDER", "-5 per hour"),
    ("RATE_LIMIT_GUESTS", ";"),
    ("RATE_LIMIT_CODES", "10"),
    ("RATE_LIMIT_CODES_NETWORK", "per hour"),
    ("RATE_LIMITS", "nope"),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "²"),
    ("PUBLISH_FROM", "1"),
    ("READ_ONLY", "ja"),
    # To SQLAlchemy a pool of 0 has no bound at all.
    ("DB_POOL_SIZE", "0"),
]


def start(**more: str) -> None:
    """All that the start does with settings, without a database."""
    app = Flask(__name__)
    app.config.from_mapping(config.read({**GIVEN, **more}).flask)
    accounts.limits.init_app(app)
    accounts.mail.init_app(app)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_it_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        start(**{name: value})


def test_an_address_with_a_password_is_not_repeated() -> None:
    for name, value in (("DATABASE_URL", "mysql://a:geheim@b/c"), ("SMTP_URL", "http://a:geheim@b")):
        with pytest.raises(ConfigurationError) as problem:
            start(**{name: value})
        assert "geheim" not in problem.value.message


def test_what_is_good_is_taken() -> None:
    start(
        DATABASE_URL="postgres://a@/b?host=/run/postgresql",
        PUBLIC_URL="http://[::1]:8000/",
        TIME_ZONE="America/Paramaribo",
        SMTP_URL="smtps://mail.example.nl",
        COOKIE_SECURE="no",
        RATE_LIMIT_MAIL="5 per hour; 20 per day",
        PUBLISH_FROM="2",
        DB_POOL_SIZE="1",
    )
    start(DATABASE_URL="postgresql+psycopg://a@b/c", COOKIE_SECURE="yes", READ_ONLY="True", RATE_LIMITS="0")


def test_yes_and_no_are_what_they_say() -> None:
    read = config.read({**GIVEN, "READ_ONLY": "True", "RATE_LIMITS": "off", "COOKIE_SECURE": "yes"}).flask
    assert (read["READ_ONLY"], read["RATELIMIT_ENABLED"], read["SESSION_COOKIE_SECURE"]) == (
        True,
        False,
        True,
    )


def test_without_any_of_them_the_defaults_are_good() -> None:
    start()
    start(**{setting.name: "" for setting in config.SETTINGS if setting.name not in GIVEN})


def test_an_empty_variable_leaves_what_the_latest_start_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.remembered, "settings", lambda: GIVEN)
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SECRET_KEY", "")
    assert config.read().values["DATABASE_URL"] == GIVEN["DATABASE_URL"]


@pytest.mark.parametrize("value", ["perhaps", "ja"])
def test_the_servers_switch_says_yes_or_no(value: str) -> None:
    with pytest.raises(ConfigurationError, match="ACCESS_LOG"):
        serve.read({"ACCESS_LOG": value})
