"""Where the sun stands: from a place and a moment to azimuth and elevation.

The astronomy is XEphem's, through the library `ephem`: within 0.003° of NREL's Solar Position Algorithm
(Reda and Andreas 2004, NREL/TP-560-34302), the reference of solar engineering, as the tests show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import ephem

FIRST_YEAR, LAST_YEAR = 1900, 2100
# The sun is up while its upper edge is seen: half its disc (16′) and the usual refraction (34′) lower.
HORIZON_DEG = -50 / 60
_REFRACTION_AT_HORIZON_DEG = -34 / 60


@dataclass(frozen=True, slots=True)
class SunPosition:
    """`azimuth_deg`: clockwise from true north, 0 to 360. `elevation_deg`: of the centre, above the horizon.

    Above the horizon the elevation is what is seen, lifted by refraction; below it the geometric one.
    """

    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True)
class SunDay:
    """One day of sun at one place. All moments are in the time zone that was asked for.

    `sunrise` and `sunset` (upper edge, flat horizon) are None where the sun does not rise or set that day;
    `positions` holds every quarter of an hour on the clock at which the sun is up, in order.
    """

    sunrise: datetime | None
    sunset: datetime | None
    positions: tuple[tuple[datetime, SunPosition], ...]


def sun_position(
    lon: float,
    lat: float,
    moment: datetime,
    *,
    height_m: float = 0.0,
    pressure_hpa: float = 1010.0,
    temperature_c: float = 15.0,
) -> SunPosition:
    """The sun at `moment` (aware of its time zone), seen from `lon`, `lat` in degrees (EPSG:4326).

    Raises `ValueError` for a place that is not on Earth, a moment without a time zone, or one outside the
    years `FIRST_YEAR` to `LAST_YEAR`.
    """
    place = _observer(lon, lat, moment, height_m)
    sun = ephem.Sun(place)
    if math.degrees(sun.alt) > HORIZON_DEG:
        place.pressure, place.temperature = pressure_hpa, temperature_c
        sun.compute(place)
    return SunPosition(math.degrees(sun.az) % 360, math.degrees(sun.alt))


def sun_day(lon: float, lat: float, day: date, zone: tzinfo, *, step_min: int = 15) -> SunDay:
    """The sun on the calendar day `day` of `zone`, at each `step_min` minutes of the clock that it is up.

    Raises `ValueError` as `sun_position` does. A day on which the clock changes has 23 or 25 hours.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    step = timedelta(minutes=step_min)
    moments = (begin + step * number for number in range(math.ceil((end - begin) / step)))
    seen = ((moment.astimezone(zone), sun_position(lon, lat, moment)) for moment in moments)
    place = _observer(lon, lat, begin, 0.0)
    place.horizon = math.radians(_REFRACTION_AT_HORIZON_DEG)
    return SunDay(
        sunrise=_crossing(place.next_rising, begin, end, zone),
        sunset=_crossing(place.next_setting, begin, end, zone),
        positions=tuple((moment, sun) for moment, sun in seen if sun.elevation_deg > HORIZON_DEG),
    )


def _observer(lon: float, lat: float, moment: datetime, height_m: float) -> Any:
    """An observer without air; `ephem` reads angles in radians and moments in UTC."""
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("longitude must lie between -180 and 180, latitude between -90 and 90")
    if moment.tzinfo is None:
        raise ValueError("the moment has no time zone")
    in_utc = moment.astimezone(UTC).replace(tzinfo=None)
    if not FIRST_YEAR - 1 <= in_utc.year <= LAST_YEAR + 1:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    place = ephem.Observer()
    place.lon, place.lat = math.radians(lon), math.radians(lat)
    place.elevation, place.pressure = height_m, 0
    place.date = in_utc
    return place


def _crossing(next_crossing: Any, begin: datetime, end: datetime, zone: tzinfo) -> datetime | None:
    """When the sun next crosses the horizon, if that is within the day."""
    try:
        found = next_crossing(ephem.Sun(), start=begin.replace(tzinfo=None)).datetime().replace(tzinfo=UTC)
    except (ephem.AlwaysUpError, ephem.NeverUpError):
        return None
    return found.astimezone(zone) if found < end else None
