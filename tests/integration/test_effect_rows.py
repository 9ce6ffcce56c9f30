"""How figures read on a page: signs, ranges, units, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.designs.effect_words import amount, amount_range, cost_notes
from app.pages.effect_rows import Row, groups_of, unknowns_of


@pytest.fixture(autouse=True)
def dutch(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", environ_base={"stoepkrijt.language": "nl"}):
        yield


def row(name: str, **figure: Any) -> Row:
    told = {"unit": "", "status": "S", "source": [], "before": 0, **figure}
    (group,) = groups_of({name: told}, {})
    (found,) = group.rows
    return found


@pytest.mark.parametrize(
    ("name", "figure", "told", "by"),
    [
        ("trees", {"before": 8, "after": 11}, "8 → 11", "3 erbij"),
        ("trees", {"before": 8, "after": 6}, "8 → 6", "2 minder"),
        ("trees", {"before": 8, "after": 8}, "8", ""),
        ("trees", {"before": 0, "after": 3, "before_known": False}, "+3", ""),
        (
            "canopy_m2",
            {"before": 224, "after": 269, "low": 244, "high": 269},
            "224 → 244 tot 269\u00a0m²",
            "45\u00a0m² erbij",
        ),
        ("canopy_share", {"before": 5.9, "after": 7.6}, "5,9 → 7,6 procent", "1,7 procentpunt erbij"),
        (
            "canopy_share",
            {"after": 0.2, "low": 0.1, "high": 0.2, "before_known": False},
            "+0,1 tot 0,2 procentpunt",
            "",
        ),
        ("neighbourhood_canopy_pp", {"after": -0.004}, "−0,004 procentpunt", ""),
        ("air_temperature_c", {"after": -0.1}, "−0,1\u00a0°C", ""),
        (
            "cost_eur",
            {"after": 2000, "low": 500, "high": 4000},
            "€\u00a0500 – €\u00a04.000",
            "meestal €\u00a02.000",
        ),
        ("upkeep_eur_year", {"after": 7, "low": -7, "high": 7}, "-€\u00a07 – €\u00a07 per jaar", ""),
        (
            "green_per_dwelling_m2",
            {"before": 50.0, "after": 50.4},
            "+0,4\u00a0m²",
            "van 50\u00a0m² naar 50,4\u00a0m²",
        ),
        ("cool_green_share", {"before": 25, "after": 25}, "geen verschil", "nu 25 procent"),
        (
            "play_share",
            {"before": 2.25, "after": 3.25},
            "+1 procentpunt",
            "van 2,25 procent naar 3,25 procent",
        ),
    ],
)
def test_a_figure_reads(name: str, figure: dict[str, Any], told: str, by: str) -> None:
    found = row(name, **figure)
    assert (found.told, found.by) == (told, by)


def test_years_and_hours() -> None:
    canopy = row(
        "canopy_m2",
        after=12,
        at={"0": {"low": 1.8, "value": 1.8, "high": 1.8}, "10": {"low": 3, "value": 5, "high": 12}},
    )
    assert canopy.moments == (("bij het planten", "1,8\u00a0m²"), ("na 10 jaar", "3 tot 12\u00a0m²"))
    shade = row("shade_share", before=20, after=25, hours={"13": {"before": 20, "after": 25}})
    assert shade.moments == (("om 13 uur", "20 → 25 procent"),)
    assert shade.target == "Richtlijn: minstens 40 procent."


def test_hours_as_the_first_versions_of_designs_keep_them() -> None:
    shade = row("shade_share", before=20, after=25, at={"13": {"before": 20, "after": 25}})
    assert shade.moments == (("om 13 uur", "20 → 25 procent"),)


def test_what_is_not_known_says_why() -> None:
    effects = {
        "shade_share": {"before": None, "after": None, "caveat": "no_building_on_map"},
        "trees": {"before": 1, "after": 1},
    }
    (unknown,) = unknowns_of(effects, "nl")
    assert unknown.why == "Op de kaart staan geen gebouwen."
    assert [group.name for group in groups_of(effects, {})] == ["Groen"]


def test_figures_of_an_older_program_still_read() -> None:
    old = {
        "trees": {"before": 2, "after": 3, "unit": "piece", "status": "D", "source": []},
        "cost_eur": {
            "before": 0,
            "after": 5,
            "low": 1,
            "high": 9,
            "unit": "EUR",
            "status": "U",
            "source": ["S14"],
            "caveat": "assumption no_overhead",
        },
    }
    assert [len(group.rows) for group in groups_of(old, {})] == [1, 1]
    assert unknowns_of(old, "nl") == []


def test_amounts() -> None:
    assert amount(-22.9, "m2") == "−22,9\u00a0m²"
    assert amount(0.004, "pp", 3) == "0,004 procentpunt"
    assert amount_range(3, 1, "m2") == "1 tot 3\u00a0m²"
    assert amount_range(2, 2, "EUR/year") == "€\u00a02 per jaar"


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (
            {"sourced_share": 0.0, "caveat": "assumption no_overhead"},
            ["Dit bedrag is een aanname.", "Zonder voorbereiding, toezicht en btw."],
        ),
        (
            {"sourced_share": 0.534, "caveat": "assumption"},
            ["Voor 53 procent van dit bedrag is er een bron. De rest is een aanname."],
        ),
        # The usual price has a source, the lowest or highest has not.
        (
            {"sourced_share": 1.0, "caveat": "assumption"},
            ["Voor het gewone bedrag is een bron. Hoe laag of hoog het uitvalt, is deels een aanname."],
        ),
        ({"sourced_share": 1.0, "caveat": ""}, ["Voor dit bedrag is een bron."]),
        ({"sourced_share": None, "caveat": "assumption"}, ["Deels een aanname."]),
        ({}, []),
    ],
)
def test_a_price_says_once_where_it_comes_from(cost: dict[str, Any], told: list[str]) -> None:
    assert cost_notes(cost) == told
