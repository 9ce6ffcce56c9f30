"""How often something may be done.

Mail, guests and wrong codes are counted together for all worker processes (`app.accounts.counters`). Writes
are counted in the memory of each process, so `WORKERS` times as many get through at most: that limit only
keeps a runaway script off, and every write would otherwise wait for one more.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal

from flask import Flask, current_app, request
from flask_babel import gettext as _
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app import config
from app.accounts.counters import SharedCounters
from app.config import ConfigurationError
from app.errors import TooMany

_EXTENSION = "stoepkrijt-limits"
SETTINGS = tuple(one.name for one in config.SETTINGS if one.name.startswith("RATE_LIMIT_"))
_PER_PROCESS = frozenset({"RATE_LIMIT_WRITES"})


@dataclass(frozen=True, slots=True)
class _Counters:
    own: FixedWindowRateLimiter
    shared: FixedWindowRateLimiter


def init_app(app: Flask) -> None:
    """Give the application counters of its own. Raises `ConfigurationError` for a limit that is none."""
    for setting in SETTINGS:
        try:
            parse_many(app.config[setting])
        except ValueError:
            raise ConfigurationError(
                f"{setting} must be limits such as '5 per hour; 20 per day', not {app.config[setting]!r}."
            ) from None
    shared = SharedCounters(secret=app.config["SECRET_KEY"])
    app.extensions[_EXTENSION] = _Counters(
        FixedWindowRateLimiter(MemoryStorage()), FixedWindowRateLimiter(shared)
    )


def spend(setting: str, *key: str) -> None:
    """Count one act under `key` against the limit in `setting` (`5 per hour; 20 per day`).

    Raises `TooMany` with `Retry-After` (seconds) when that is one too many.
    """
    _each(setting, key, "hit")


def check(setting: str, *key: str) -> None:
    """Raise as `spend` does when nothing is left under `key`, without counting anything.

    For what costs only when it goes wrong: a guess that happens to be right must not be free of the limit.
    """
    _each(setting, key, "test")


def _each(setting: str, key: tuple[str, ...], act: Literal["hit", "test"]) -> None:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    every: _Counters = current_app.extensions[_EXTENSION]
    counters = every.own if setting in _PER_PROCESS else every.shared
    for limit in parse_many(current_app.config[setting]):
        if not getattr(counters, act)(limit, setting, *key):
            reset_at = counters.get_window_stats(limit, setting, *key).reset_time
            wait_s = max(1, math.ceil(reset_at - time.time()))
            raise TooMany(_sentence(wait_s), headers={"Retry-After": str(wait_s)})


def network() -> str:
    """Where the request comes from. Of IPv6 the first 64 bits: one household or phone has all that follow."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ip_network((address, 64), strict=False).network_address)


def _sentence(wait_s: int) -> str:
    minutes = math.ceil(wait_s / 60)
    if minutes <= 1:
        return _(
            "Dat ging vaak achter elkaar. Wacht een minuut en probeer het opnieuw. Er is niets verloren."
        )
    return _(
        "Dat ging vaak achter elkaar. Probeer het over %(minutes)d minuten opnieuw. Er is niets verloren.",
        minutes=minutes,
    )
