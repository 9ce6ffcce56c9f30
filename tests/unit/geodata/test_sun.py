"""The sun against published positions and against what must hold everywhere."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.sun import FIRST_YEAR, HORIZON_DEG, LAST_YEAR, sun_day, sun_position

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DELFT = (4.3571, 52.0116)
# The worked example of Reda and Andreas, "Solar Position Algorithm for Solar Radiation Applications",
# NREL/TP-560-34302 (revised 2008), table A5.1: Golden, Colorado, 17 October 2003.
GOLDEN = (-105.1786, 39.742476)
MOUNTAIN_TIME = timezone(timedelta(hours=-7))


def test_the_worked_example_of_nrel() -> None:
    moment = datetime(2003, 10, 17, 12, 30, 30, tzinfo=MOUNTAIN_TIME)
    sun = sun_position(*GOLDEN, moment, height_m=1830.14, pressure_hpa=820, temperature_c=11)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=0.001)
    assert 90 - sun.elevation_deg == pytest.approx(50.11162, abs=0.001)


def test_sunrise_and_sunset_of_the_worked_example() -> None:
    """06:12:43 and 17:20:19 local time; the algorithm counts in days of universal time."""
    day = sun_day(*GOLDEN, date(2003, 10, 17), UTC)
    assert day.sunrise is not None
    assert day.sunset is not None
    assert abs(day.sunrise - datetime(2003, 10, 17, 13, 12, 43, tzinfo=UTC)) < timedelta(seconds=5)
    assert abs(day.sunset - datetime(2003, 10, 17, 0, 20, 19, tzinfo=UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "declination"),
    # Highest point = 90° − latitude + declination; that is ±23.44° at the solstices, 0° at the equinoxes.
    [
        ("2026-06-21", 23.44),
        ("2026-12-21", -23.44),
        ("2026-03-20", 0.0),
        ("2026-09-23", 0.0),
    ],
)
def test_the_highest_point_of_the_day_follows_from_the_latitude(moment: str, declination: float) -> None:
    day = sun_day(*DELFT, date.fromisoformat(moment), AMSTERDAM, step_min=1)
    highest = max((sun for _, sun in day.positions), key=lambda sun: sun.elevation_deg)
    assert highest.elevation_deg == pytest.approx(90 - DELFT[1] + declination, abs=0.25)
    assert highest.azimuth_deg == pytest.approx(180, abs=0.5)


def test_the_quarters_of_a_summer_day_in_delft() -> None:
    day = sun_day(*DELFT, date(2026, 7, 1), AMSTERDAM)
    assert day.sunrise is not None
    assert day.sunset is not None
    first, last = day.positions[0][0], day.positions[-1][0]
    assert timedelta() <= first - day.sunrise < timedelta(minutes=15)
    assert timedelta() <= day.sunset - last < timedelta(minutes=15)
    assert {moment.minute for moment, _ in day.positions} == {0, 15, 30, 45}
    assert [moment for moment, _ in day.positions] == sorted(moment for moment, _ in day.positions)
    azimuths = [sun.azimuth_deg for _, sun in day.positions]
    assert azimuths == sorted(azimuths), "from the north-east by the south to the north-west"
    assert azimuths[0] < 90 < 270 < azimuths[-1]


def test_a_day_on_which_the_clock_changes() -> None:
    zone_of_midnight_sun = ZoneInfo("Europe/Oslo")
    assert len(sun_day(18.95, 69.65, date(2026, 6, 21), zone_of_midnight_sun).positions) == 24 * 4
    spring = sun_day(*DELFT, date(2026, 3, 29), AMSTERDAM)
    assert all(moment.utcoffset() == timedelta(hours=2) for moment, _ in spring.positions)


def test_midnight_sun_and_polar_night() -> None:
    summer = sun_day(18.95, 75, date(2026, 6, 21), UTC)
    winter = sun_day(18.95, 75, date(2026, 12, 21), UTC)
    assert (summer.sunrise, summer.sunset, len(summer.positions)) == (None, None, 96)
    assert (winter.sunrise, winter.sunset, winter.positions) == (None, None, ())


@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.integers(0, (LAST_YEAR - FIRST_YEAR) * 365 * 24 * 60),
)
def test_everywhere_and_always_a_direction(lon: float, lat: float, minutes: int) -> None:
    sun = sun_position(lon, lat, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
    assert 0 <= sun.azimuth_deg <= 360
    assert -90 <= sun.elevation_deg <= 90


@given(st.floats(-180, 180), st.floats(-60, 60), st.dates(date(1950, 1, 1), date(2050, 12, 31)))
def test_between_sunrise_and_sunset_the_sun_is_up(lon: float, lat: float, day: date) -> None:
    found = sun_day(lon, lat, day, UTC, step_min=60)
    assert all(sun.elevation_deg > HORIZON_DEG for _, sun in found.positions)
    if found.sunrise and found.sunset and found.sunrise < found.sunset:
        hours = (found.sunset - found.sunrise).total_seconds() / 3600
        assert math.floor(hours) <= len(found.positions) <= math.ceil(hours) + 1


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (math.nan, 0), (0, math.inf)])
def test_not_on_earth(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="between"):
        sun_position(lon, lat, datetime(2026, 7, 1, tzinfo=UTC))


def test_a_moment_needs_a_time_zone_and_a_year_near_ours() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sun_position(*DELFT, datetime(2026, 7, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="year"):
        sun_position(*DELFT, datetime(1500, 7, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="year"):
        sun_day(*DELFT, date(9999, 12, 31), AMSTERDAM)
