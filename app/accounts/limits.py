"""How often something may be done. Counted in memory, per worker process."""

from __future__ import annotations

import math
import time

from flask import current_app
from flask_babel import gettext as _
from limits import parse_many

from app.errors import TooMany
from app.extensions import limiter


def spend(setting: str, *key: str) -> None:
    """Count one act under `key` against the limit in the setting.

    Raises `TooMany` with `Retry-After` (seconds) when that is one too many.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    for limit in parse_many(current_app.config[setting]):
        if not limiter.limiter.hit(limit, setting, *key):
            reset_at = limiter.limiter.get_window_stats(limit, setting, *key).reset_time
            wait_s = max(1, math.ceil(reset_at - time.time()))
            raise TooMany(_sentence(wait_s), headers={"Retry-After": str(wait_s)})


def _sentence(wait_s: int) -> str:
    minutes = math.ceil(wait_s / 60)
    if minutes <= 1:
        return _("Dat zijn veel verzoeken achter elkaar. Wacht een minuut en probeer het opnieuw. Er is niets verloren.")
    return _(
        "Dat zijn veel verzoeken achter elkaar. Probeer het over %(minutes)d minuten opnieuw. Er is niets verloren.",
        minutes=minutes,
    )
