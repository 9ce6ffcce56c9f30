"""Dates and times as a planner types them, in the municipality's time zone. Pure.

When the clock changes, one hour of a night does not exist and another comes twice. Neither is guessed at: a
phase that begins an hour early lets people vote who should not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# As <input type="datetime-local"> writes it.
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?")
YEARS = (2000, 2200)


class NotAMoment(ValueError):
    """No date and time, or one outside `YEARS`."""


class NeverThatNight(NotAMoment):
    """The clock skips this time."""


class TwiceThatNight(NotAMoment):
    """The clock shows this time twice."""


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock in `zone` shows `2027-01-31T09:00`. Raises a `NotAMoment`."""
    if not _WRITTEN.fullmatch(text):
        raise NotAMoment(text)
    try:
        shown = datetime.fromisoformat(text)
    except ValueError:
        raise NotAMoment(text) from None
    if not YEARS[0] <= shown.year <= YEARS[1]:
        raise NotAMoment(text)
    found = {
        moment
        for fold in (0, 1)
        if (moment := shown.replace(tzinfo=zone, fold=fold).astimezone(UTC))
        .astimezone(zone)
        .replace(tzinfo=None)
        == shown
    }
    if not found:
        raise NeverThatNight(text)
    if len(found) > 1:
        raise TwiceThatNight(text)
    return found.pop()


def written(moment: datetime, zone: ZoneInfo) -> str:
    """What a clock in `zone` shows at a moment, to the minute, as `moment_of` reads it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
