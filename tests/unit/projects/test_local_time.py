"""What a planner types is a moment, also in the nights in which the clock changes.

Amsterdam: on 28 March 2027 the clock goes from 02:00 to 03:00, on 31 October 2027 from 03:00 to 02:00.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.projects import starters
from app.projects.local_time import NeverThatNight, NotAMoment, TwiceThatNight, moment_of, written

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Half past one on 4 April 2027 comes twice; on 3 October 2027 the clock goes from 02:00 to 02:30 only.
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-31T09:00", datetime(2027, 1, 31, 8, 0, tzinfo=UTC)),
        ("2027-07-01T00:00", datetime(2027, 6, 30, 22, 0, tzinfo=UTC)),
        # The last minute of winter time and the first of summer time: one minute apart.
        ("2027-03-28T01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # The last minute before the hour that comes twice, and the first after it: 121 minutes apart.
        ("2027-10-31T01:59", datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        ("2027-10-31T03:00", datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_time_on_the_clock_in_amsterdam(text: str, moment: datetime) -> None:
    assert moment_of(text, AMSTERDAM) == moment
    assert written(moment, AMSTERDAM) == text


@pytest.mark.parametrize("text", ["2027-03-28T02:00", "2027-03-28T02:30", "2027-03-28T02:59"])
def test_the_hour_that_does_not_exist(text: str) -> None:
    with pytest.raises(NeverThatNight):
        moment_of(text, AMSTERDAM)


@pytest.mark.parametrize("text", ["2027-10-31T02:00", "2027-10-31T02:30", "2027-10-31T02:59"])
def test_the_hour_that_comes_twice(text: str) -> None:
    with pytest.raises(TwiceThatNight):
        moment_of(text, AMSTERDAM)


def test_other_zones_have_other_nights() -> None:
    assert moment_of("2027-03-28T02:30", HELSINKI) == datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    with pytest.raises(NeverThatNight):
        moment_of("2027-03-28T03:30", HELSINKI)
    with pytest.raises(TwiceThatNight):
        moment_of("2027-04-04T01:45", LORD_HOWE)
    with pytest.raises(NeverThatNight):
        moment_of("2027-10-03T02:15", LORD_HOWE)
    assert moment_of("2027-10-03T02:30", LORD_HOWE) == datetime(2027, 10, 2, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "morgen", "2027-02-30T10:00", "2027-01-31", "2027-01-31T24:30", "1999-12-31T23:59",
     "2201-01-01T00:00", "2027-01-31T09:00+01:00", "٢٠٢٧-01-31T09:00x", "2027-01-31T09:00:30"],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(NotAMoment):
        moment_of(text, AMSTERDAM)


@given(st.integers(0, 200 * 365 * 24 * 60))
def test_every_moment_reads_back_unless_its_time_comes_twice(minutes: int) -> None:
    """To the minute; where it does not, an hour earlier or later shows the same time."""
    minute = datetime(2000, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    shown = written(minute, AMSTERDAM)
    try:
        assert moment_of(shown, AMSTERDAM) == minute
    except TwiceThatNight:
        assert shown in (
            written(minute + timedelta(hours=1), AMSTERDAM),
            written(minute - timedelta(hours=1), AMSTERDAM),
        )


def test_weeks_of_a_starter_begin_at_midnight_also_when_the_clock_changes_between() -> None:
    """Wednesday 10 March 2027: the second Monday after it is the 22nd; the clock changes on the 28th."""
    now = datetime(2027, 3, 10, 12, tzinfo=UTC)
    rows = starters.phase_rows((("draw", 2), ("choose", 1)), now, AMSTERDAM)
    assert [(row["type"], row["starts_at"], row["ends_at"]) for row in rows] == [
        ("draw", "2027-03-22T00:00", "2027-04-05T00:00"),
        ("choose", "2027-04-05T00:00", "2027-04-12T00:00"),
    ]
