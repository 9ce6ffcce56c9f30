"""The table of figures and the numbers behind them: all core metrics, each number with what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geodata import catalogue, metrics
from geodata.catalogue import DATA, Status
from geodata.catalogue_table import CatalogueError

TABLE = metrics.load()
CODE = Path(__file__).parents[3] / "app" / "designs" / "effects"


def test_all_twenty_core_metrics_have_a_figure():
    assert {metric.id for metric in TABLE.figures.values() if metric.core} == {
        f"M{n:02}" for n in range(1, 21)
    }


def test_names_that_others_rely_on_stay():
    old = {
        "trees",
        "bike_places",
        "parking_places",
        "green_m2",
        "permeable_m2",
        "seats",
        "added",
        "removed",
        "cost_eur",
    }
    assert old <= set(TABLE.figures)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in TABLE.figures)


def test_every_source_is_one_that_we_know():
    known = catalogue.load().sources
    for metric in TABLE.figures.values():
        keys = metric.sources + (metric.target.sources if metric.target else ())
        assert set(keys) <= set(known), metric.name
    for number in TABLE.assumptions.values():
        assert set(number.sources) <= set(known), number.key
        assert bool(number.sources) == (number.status is not Status.ASSUMED), number.key


def test_neighbourhood_measures_are_told_as_a_change():
    for name in ("neighbourhood_canopy_pp", "air_temperature_c"):
        assert TABLE.figures[name].measure == "change"
    for name in ("green_per_dwelling_m2", "cool_green_share", "play_share"):
        assert TABLE.figures[name].measure == "neighbourhood"


@pytest.mark.parametrize(
    ("key", "value", "sources"),
    [
        ("crown_counts_m2", 28, ("S46",)),
        ("reach_canopy_m", 500, ("S46",)),
        ("cool_green_m", 300, ("S46",)),
        ("shower_mm", 60, ("S52",)),
        ("sewer_mm", 20, ("S52",)),
        ("cooling_c_per_10pp", 0.5, ("S50",)),
        ("play_young_m", 100, ("S62",)),
        ("play_older_m", 400, ("S62",)),
        ("overhead_low", 0.25, ()),
        ("overhead_high", 0.4, ()),
    ],
)
def test_numbers_are_those_of_their_sources(key, value, sources):
    assert (TABLE.number(key), TABLE.assumptions[key].sources) == (value, sources)


def test_every_number_is_used_and_every_used_number_is_there():
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE.rglob("*.py"))
    code += (CODE.parent / "scenes.py").read_text(encoding="utf-8")
    assert [key for key in TABLE.assumptions if f'"{key}"' not in code] == []
    for key in re.findall(r'(?:scene|metrics)(?:\.load\(\))?\.number\(\s*"(\w+)"', code):
        assert key in TABLE.assumptions, key


def test_a_number_speaks_dutch_and_english():
    for number in TABLE.assumptions.values():
        assert number.note("nl").endswith(".") and number.note("en").endswith(".")
        assert number.note("nl") != number.note("en")
    for metric in TABLE.figures.values():
        assert metric.title("nl") and metric.title("en")


def test_a_wrong_table_is_refused_with_row_and_column(tmp_path, monkeypatch):
    for name in ("sources.csv", "assumptions.csv", "metrics.csv"):
        (tmp_path / name).write_text((DATA / name).read_text("utf-8"), "utf-8")
    path = tmp_path / "metrics.csv"
    path.write_text(
        path.read_text("utf-8").replace("green,piece,0,state", "green,furlong,0,state", 1), "utf-8"
    )
    monkeypatch.setattr(metrics, "DATA", tmp_path)
    with pytest.raises(CatalogueError, match=r"metrics.csv, row 2, column unit: 'furlong'"):
        metrics.load.__wrapped__()
