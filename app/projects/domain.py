"""When an assignment is open. Pure: dates in, words out."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH = 80


class Stage(StrEnum):
    """Where a moment lies between an assignment's dates."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


def stage(opens_at: datetime, closes_at: datetime | None, now: datetime) -> Stage:
    """The stage at `now`: open from `opens_at` on, until just before `closes_at`."""
    if now < opens_at:
        return Stage.UPCOMING
    if closes_at is not None and now >= closes_at:
        return Stage.CLOSED
    return Stage.OPEN


def slug_from(title: str) -> str:
    """A title as part of an address: lower case ASCII words with hyphens; empty when nothing is left."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_title))[:SLUG_LENGTH].strip("-")
