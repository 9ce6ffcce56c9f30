"""The sun as programs ask for it."""

from __future__ import annotations

import pytest
from flask import Flask


def test_a_day_in_delft_has_a_position_for_each_quarter(app: Flask) -> None:
    answer = app.test_client().get("/api/sun?lon=4.36&lat=52.01&date=2026-07-01")
    assert answer.status_code == 200
    sun = answer.get_json()
    assert (sun["date"], sun["time_zone"]) == ("2026-07-01", "Europe/Amsterdam")
    # Sun up from about 5:24 to 22:03 summer time: 16 hours and 39 minutes, so 66 or 67 quarters.
    assert 66 <= len(sun["positions"]) <= 67
    at_two = next(each for each in sun["positions"] if each["time"] == "2026-07-01T14:00+02:00")
    # A quarter of an hour after the sun's highest point of 90 - 52.0 + 23.1 = 61.1 degrees.
    assert at_two["elevation_deg"] == pytest.approx(61, abs=0.5)
    assert 180 < at_two["azimuth_deg"] < 200
    assert sun["sunrise"] < sun["positions"][0]["time"] < sun["positions"][-1]["time"] < sun["sunset"]
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "lon=4&lat=52",
        "lon=4&lat=52&date=morgen",
        "lon=4&lat=52&date=2026-02-30",
        "lon=4&lat=52&date=9999-12-31",
        "lon=4&lat=52&date=0001-01-01",
        "lon=4&lat=52&date=20260701",
        "lon=181&lat=52&date=2026-07-01",
        "lon=4&lat=-90.1&date=2026-07-01",
        "lon=nan&lat=52&date=2026-07-01",
        "lon=1e1&lat=52&date=2026-07-01",
        "lon=4&lat=52&date=2026-07-01&zone=UTC",
        "lon=%D9%A4&lat=52&date=2026-07-01",
    ],
)
def test_what_is_no_place_or_day_is_refused(app: Flask, query: str) -> None:
    answer = app.test_client().get(f"/api/sun?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("day", ["1900-01-01", "2100-12-31"])
@pytest.mark.parametrize("lat", ["90", "-90", "0"])
def test_the_ends_of_time_and_of_the_earth(app: Flask, day: str, lat: str) -> None:
    assert app.test_client().get(f"/api/sun?lon=-180&lat={lat}&date={day}").status_code == 200


def test_the_catalogue_says_how_trees_grow(app: Flask) -> None:
    catalogue = app.test_client().get("/api/catalogue").get_json()
    kinds = {kind["id"]: kind for kind in catalogue["elements"]}
    growth = kinds["tree_medium"]["growth"]
    assert [(each["years"], each["height_m"], each["status"]) for each in growth] == [
        (0, 4, "U"),
        (10, 6.5, "U"),
        (20, 9, "U"),
    ]
    assert growth[2]["crown_radius_m"] == pytest.approx(2.99, abs=0.01)
    assert kinds["planter"]["growth"] is None
    assert catalogue["unknown_tree"]["status"] == "U"
