"""Settings, read from the environment once, when the program starts.

`docs/configuration.md` lists every variable; a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from click import ClickException

from app import remembered

SECRET_KEY_MIN_LENGTH = 32


class ConfigurationError(ClickException):
    """A setting is missing or cannot be used; the message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default as text, and what it means."""

    name: str
    default: str
    meaning: str
    kind: type = str


SETTINGS: tuple[Setting, ...] = (
    Setting("DATABASE_URL", "", "PostGIS database (3.3 or newer); `make run` makes a private one when empty"),
    Setting(
        "SECRET_KEY",
        "",
        "signs the cookie, makes codes and pseudonyms; at least 32 characters; `make run` makes one",
    ),
    Setting("PUBLIC_URL", "http://127.0.0.1:8000", "address of the site, used in e-mails and invitations"),
    Setting("MUNICIPALITY", "Voorbeeldgemeente", "name in the page header"),
    Setting("TIME_ZONE", "Europe/Amsterdam", "time zone in which dates are shown and entered"),
    Setting(
        "SMTP_URL",
        "",
        "mail server, `smtp://user:password@host:587?starttls=1` or `smtps://…`; empty: to the log",
    ),
    Setting("MAIL_FROM", "stoepkrijt@localhost", "sender of e-mails"),
    Setting(
        "OIDC_ISSUER",
        "",
        "provider of identities (OpenID Connect), such as `https://id.example.nl`; empty: none",
    ),
    Setting("OIDC_CLIENT_ID", "", "how that provider calls this site"),
    Setting("OIDC_CLIENT_SECRET", "", "what this site proves that with"),
    Setting("OIDC_NAME", "", "how residents call it, on the button: `Inloggen met …`; empty: its host"),
    Setting("COOKIE_SECURE", "auto", "`auto` (when PUBLIC_URL is https), `yes` or `no`"),
    Setting("CATALOGUE_FILE", "", "a municipality's own rows for the element catalogue (CSV)"),
    Setting("RATE_LIMIT_WRITES", "240 per minute", "writes per person or address"),
    Setting("RATE_LIMIT_MAIL", "5 per hour", "sign-in mails per address asked for"),
    Setting("RATE_LIMIT_MAIL_SENDER", "30 per hour", "sign-in mails asked for from one network address"),
    Setting(
        "RATE_LIMIT_GUESTS",
        "1000 per hour",
        "guests and sign-ins through a provider that start from one network address",
    ),
    Setting("RATE_LIMIT_CODES", "10 per hour", "wrong codes from a letter per person"),
    Setting("RATE_LIMIT_CODES_NETWORK", "60 per hour", "wrong codes from a letter per network address"),
    Setting("RATE_LIMITS", "yes", "`no` switches rate limits off (load tests)"),
    Setting("TRUSTED_PROXIES", "0", "reverse proxies in front whose `X-Forwarded-…` is believed", int),
    Setting("PUBLISH_FROM", "10", "least number of ballots of a round that are published; 2 at least", int),
    Setting("READ_ONLY", "no", "`yes`: every write answers 503, every read goes on"),
    Setting("DB_POOL_SIZE", "8", "database connections per worker", int),
    Setting("CACHE_DIR", "instance/cache", "folder for cached exports"),
)


@dataclass(frozen=True, slots=True)
class Config:
    """Checked settings; `flask` holds them in the form that Flask and its extensions read."""

    values: Mapping[str, str]
    flask: dict[str, Any] = field(default_factory=dict)


def sqlalchemy_url(url: str) -> str:
    """The same address with psycopg 3 as driver, whichever of the usual schemes it came with."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _yes(value: str) -> bool:
    return value.strip().lower() in {"1", "yes", "true", "on"}


def _check_oidc(values: Mapping[str, str]) -> str:
    """The name of the provider of identities; empty without one. Raises `ConfigurationError`."""
    issuer = values["OIDC_ISSUER"]
    if not issuer:
        return ""
    parts = urlsplit(issuer)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or parts.query or parts.fragment or not (parts.scheme == "https" or local):
        raise ConfigurationError("OIDC_ISSUER must be an address such as https://id.example.nl, over https.")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not values[name]:
            raise ConfigurationError(f"OIDC_ISSUER is set, so {name} must be set too.")
    return values["OIDC_NAME"] or parts.hostname


def read(environ: Mapping[str, str] | None = None, *, testing: bool = False) -> Config:
    """Read and check the settings.

    Raises `ConfigurationError` with a sentence that tells what to set.
    """
    environ = {**remembered.settings(), **os.environ} if environ is None else environ
    values = {setting.name: environ.get(setting.name) or setting.default for setting in SETTINGS}
    for setting in SETTINGS:
        if setting.kind is int and not values[setting.name].isdigit():
            raise ConfigurationError(f"{setting.name} must be a whole number, not {values[setting.name]!r}.")
    if not values["DATABASE_URL"]:
        raise ConfigurationError("DATABASE_URL is not set. `make run` starts a private database and sets it.")
    if len(values["SECRET_KEY"]) < SECRET_KEY_MIN_LENGTH:
        raise ConfigurationError(
            f"SECRET_KEY must be set to at least {SECRET_KEY_MIN_LENGTH} characters. Make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    public = urlsplit(values["PUBLIC_URL"])
    if public.scheme not in {"http", "https"} or not public.hostname:
        raise ConfigurationError("PUBLIC_URL must be a web address such as https://straat.example.nl.")
    values["OIDC_NAME"] = _check_oidc(values)
    secure = public.scheme == "https" if values["COOKIE_SECURE"] == "auto" else _yes(values["COOKIE_SECURE"])
    flask = {
        **values,
        "TESTING": testing,
        "PUBLIC_URL": values["PUBLIC_URL"].rstrip("/"),
        "TRUSTED_PROXIES": int(values["TRUSTED_PROXIES"]),
        "PUBLISH_FROM": int(values["PUBLISH_FROM"]),
        "READ_ONLY": _yes(values["READ_ONLY"]),
        "SQLALCHEMY_DATABASE_URI": sqlalchemy_url(values["DATABASE_URL"]),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": int(values["DB_POOL_SIZE"]),
            "max_overflow": 4,
            "pool_pre_ping": False,
            # What people chose, wrote or are called does not end up in a log when a statement fails.
            "hide_parameters": True,
            # PostGIS functions look costly, so short queries would be compiled: 5 to 300 ms for nothing.
            "connect_args": {
                "options": "-c timezone=UTC -c statement_timeout=30000 -c jit=off",
                "connect_timeout": 10,
            },
        },
        "SESSION_COOKIE_NAME": "stoepkrijt",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 180,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_HEADERS": ["X-CSRF-Token"],
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "BABEL_DEFAULT_LOCALE": "nl",
        "BABEL_DEFAULT_TIMEZONE": values["TIME_ZONE"],
        "RATELIMIT_ENABLED": _yes(values["RATE_LIMITS"]),
        "TEMPLATES_AUTO_RELOAD": False,
    }
    return Config(values, flask)
