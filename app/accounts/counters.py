"""Counters that all worker processes share: for limits on guesses, mail and guests.

Kept in the database, in a table that is not logged: a crash of PostgreSQL empties it, and nothing else hangs
on it. A key names a person, an e-mail address or a network, so only its keyed hash is stored, until its time
is over.
"""

from __future__ import annotations

import hashlib
import hmac
import random

import psycopg
from limits.storage import Storage

from app.core import direct

# One in so many acts clears away what is over.
CLEARS_ONE_IN = 50

_INCREASE = """
    INSERT INTO spent_limit AS s (key, times, over_at)
    VALUES (%(key)s, %(amount)s, now() + make_interval(secs => %(expiry)s))
    ON CONFLICT (key) DO UPDATE SET
        times = CASE WHEN s.over_at <= now() THEN 0 ELSE s.times END + excluded.times,
        over_at = CASE WHEN s.over_at <= now() THEN excluded.over_at ELSE s.over_at END
    RETURNING times
"""
_TIMES = "SELECT times FROM spent_limit WHERE key = %(key)s AND over_at > now()"
_OVER_AT = (
    "SELECT extract(epoch FROM over_at)::float8 FROM spent_limit WHERE key = %(key)s AND over_at > now()"
)
_NOW = "SELECT extract(epoch FROM now())::float8"
_FORGET = "DELETE FROM spent_limit WHERE key = %(key)s RETURNING 1"
_FORGET_ALL = "WITH gone AS (DELETE FROM spent_limit RETURNING 1) SELECT count(*) FROM gone"
_CLEAR_AWAY = (
    "WITH gone AS (DELETE FROM spent_limit WHERE over_at <= now() RETURNING 1) SELECT count(*) FROM gone"
)


class SharedCounters(Storage):
    """Fixed windows in the database."""

    STORAGE_SCHEME = None

    def __init__(self, *, secret: str) -> None:
        """`secret` keys the hashes."""
        super().__init__()
        self._secret = secret.encode()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database raises."""
        return psycopg.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; how often it is now. The window ends `expiry` seconds after its first act."""
        if random.randrange(CLEARS_ONE_IN) == 0:  # noqa: S311 - no secret
            direct.fetch_one(_CLEAR_AWAY, {})
        row = direct.fetch_one(_INCREASE, {"key": self._hashed(key), "amount": amount, "expiry": expiry})
        return int(row[0]) if row else 0

    def get(self, key: str) -> int:
        """How often, in the present window."""
        row = direct.fetch_one(_TIMES, {"key": self._hashed(key)})
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now where there is none."""
        row = direct.fetch_one(_OVER_AT, {"key": self._hashed(key)}) or direct.fetch_one(_NOW, {})
        return float(row[0]) if row else 0.0

    def check(self) -> bool:
        """Whether the database answers."""
        return direct.fetch_one(_NOW, {}) is not None

    def reset(self) -> int | None:
        """Forget everything; how much that was."""
        row = direct.fetch_one(_FORGET_ALL, {})
        return int(row[0]) if row else 0

    def clear(self, key: str) -> None:
        """Forget one."""
        direct.fetch_one(_FORGET, {"key": self._hashed(key)})

    def _hashed(self, key: str) -> bytes:
        return hmac.digest(self._secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256)
