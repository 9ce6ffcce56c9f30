"""Settings, read from the environment once, when the program starts.

`docs/configuration.md` lists every variable; a test holds the two together.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from click import ClickException
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app import remembered

SECRET_KEY_MIN_LENGTH = 32
YES = frozenset({"1", "yes", "true", "on"})
NO = frozenset({"0", "no", "false", "off"})


class ConfigurationError(ClickException):
    """A setting is missing or cannot be used; the message says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default as text, and what it means."""

    name: str
    default: str
    meaning: str
    kind: type = str
    least: int = 0


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
    Setting("RATE_LIMITS", "yes", "`no` switches rate limits off (load tests)", bool),
    Setting("TRUSTED_PROXIES", "0", "reverse proxies in front whose `X-Forwarded-…` is believed", int),
    Setting(
        "PUBLISH_FROM", "10", "least number of ballots of a round that are published; 2 at least", int, 2
    ),
    Setting("READ_ONLY", "no", "`yes`: every write answers 503, every read goes on", bool),
    Setting("DB_POOL_SIZE", "8", "database connections per worker", int, 1),
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


def number(setting: Setting, value: str) -> int:
    """The whole number that a setting says. Raises `ConfigurationError` for anything else."""
    if not value.isdecimal():
        raise ConfigurationError(f"{setting.name} must be a whole number, not {value!r}.")
    if int(value) < setting.least:
        raise ConfigurationError(f"{setting.name} must be at least {setting.least}, not {value}.")
    return int(value)


def yes_or_no(name: str, value: str) -> bool:
    """Whether a setting says yes. Raises `ConfigurationError` for what is neither: a slip is no `no`."""
    word = value.strip().lower()
    if word not in YES | NO:
        raise ConfigurationError(f"{name} must be yes or no, not {value!r}.")
    return word in YES


def _address(name: str, value: str, example: str) -> SplitResult:
    """The parts of a web address. Raises `ConfigurationError` for what is none."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # Brackets that do not close, or a port that cannot be.
        good = False
    if not good:
        raise ConfigurationError(f"{name} must be a web address such as {example}.")
    return parts


def _check_database(url: str) -> None:
    try:
        usable = make_url(sqlalchemy_url(url)).drivername == "postgresql+psycopg"
    except (ArgumentError, ValueError):
        usable = False
    if not usable:
        # Not what it is: a password may stand in it.
        raise ConfigurationError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ConfigurationError(
            f"TIME_ZONE must be the name of a time zone such as Europe/Amsterdam, not {name!r}."
        ) from None


def _check_oidc(values: Mapping[str, str]) -> str:
    """The name of the provider of identities; empty without one. Raises `ConfigurationError`."""
    issuer = values["OIDC_ISSUER"]
    if not issuer:
        return ""
    parts = _address("OIDC_ISSUER", issuer, "https://id.example.nl, over https")
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.query or parts.fragment or not (parts.scheme == "https" or local):
        raise ConfigurationError("OIDC_ISSUER must be an address such as https://id.example.nl, over https.")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not values[name]:
            raise ConfigurationError(f"OIDC_ISSUER is set, so {name} must be set too.")
    return values["OIDC_NAME"] or str(parts.hostname)


def read(environ: Mapping[str, str] | None = None, *, testing: bool = False) -> Config:
    """Read and check the settings.

    Raises `ConfigurationError` with a sentence that tells what to set.
    """
    if environ is None:
        # An empty value counts as not set, and so leaves what is remembered.
        environ = {**remembered.settings(), **{name: value for name, value in os.environ.items() if value}}
    values = {setting.name: environ.get(setting.name) or setting.default for setting in SETTINGS}
    numbers = {one.name: number(one, values[one.name]) for one in SETTINGS if one.kind is int}
    switches = {one.name: yes_or_no(one.name, values[one.name]) for one in SETTINGS if one.kind is bool}
    if not values["DATABASE_URL"]:
        raise ConfigurationError("DATABASE_URL is not set. `make run` starts a private database and sets it.")
    _check_database(values["DATABASE_URL"])
    if len(values["SECRET_KEY"]) < SECRET_KEY_MIN_LENGTH:
        raise ConfigurationError(
            f"SECRET_KEY must be set to at least {SECRET_KEY_MIN_LENGTH} characters. Make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    public = _address("PUBLIC_URL", values["PUBLIC_URL"], "https://straat.example.nl")
    _check_time_zone(values["TIME_ZONE"])
    values["OIDC_NAME"] = _check_oidc(values)
    secure = public.scheme == "https"
    if values["COOKIE_SECURE"] != "auto":
        secure = yes_or_no("COOKIE_SECURE", values["COOKIE_SECURE"])
    flask = {
        **values,
        **numbers,
        **switches,
        "TESTING": testing,
        "PUBLIC_URL": values["PUBLIC_URL"].rstrip("/"),
        "SQLALCHEMY_DATABASE_URI": sqlalchemy_url(values["DATABASE_URL"]),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": numbers["DB_POOL_SIZE"],
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
        "RATELIMIT_ENABLED": switches["RATE_LIMITS"],
        "TEMPLATES_AUTO_RELOAD": False,
    }
    return Config(values, flask)
