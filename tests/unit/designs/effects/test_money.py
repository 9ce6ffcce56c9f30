"""What it costs to make and to keep (M19, M20). Worked out by hand from the catalogue's prices."""

from __future__ import annotations

import pytest
from shapely import Point, box

from tests.factories.figures import add, figures, home, pair, remove, scene, thing

TREE = thing(1, "tree", Point(0, 0))
PAVEMENT = thing(2, "pavement", box(0, 0, 100, 10))
LAWN = thing(3, "green", box(0, 20, 10, 30))


def test_overhead_is_an_assumption_of_its_own():
    # A small tree costs 500 / 2000 / 4000; with 25 to 40 %: 625 / 2650 (32.5 %) / 5600.
    told = figures(scene(), add("tree_small", Point(0, 0)))
    assert (told["cost_eur"]["low"], told["cost_eur"]["after"], told["cost_eur"]["high"]) == (500, 2000, 4000)
    whole = told["cost_with_overhead_eur"]
    assert (whole["low"], whole["after"], whole["high"]) == (625, 2650, 5600)
    assumed = {step["what"]: step["value"] for step in whole["how"] if step["step"] == "assumption"}
    assert assumed == {"overhead_low": 0.25, "overhead_high": 0.4}
    assert whole["status"] == "U" and "combine_works" in whole["caveat"].split()


def test_each_line_of_the_bill_names_its_changes():
    told = figures(
        scene(), add("bench", Point(0, 0)), add("tree_small", Point(9, 0)), add("bench", Point(5, 0))
    )
    lines = {step["what"]: step for step in told["cost_eur"]["how"]}
    assert (lines["bench"]["count"], lines["bench"]["each"], lines["bench"]["changes"]) == (2, 1500, [0, 2])
    assert (lines["bench"]["value"], lines["bench"]["typical"], lines["bench"]["high"]) == (1600, 3000, 5000)
    assert lines["tree_small"]["source"] == ["S17"]


def test_cost_per_home():
    told = figures(scene(homes=(home(0, 0, 10),)), add("tree_small", Point(0, 0)))["cost_per_dwelling_eur"]
    assert (told["low"], told["after"], told["high"]) == (63, 265, 560)
    unknown = figures(scene(), add("tree_small", Point(0, 0)))["cost_per_dwelling_eur"]
    assert pair(unknown) == (None, None) and unknown["caveat"] == "no_dwellings"


def test_upkeep_is_what_comes_less_what_goes():
    # A tree costs 10 to 17 a year to keep, a bench 30 to 60.
    more = figures(scene([TREE]), add("bench", Point(5, 0)))["upkeep_eur_year"]
    assert (more["before"], more["low"], more["high"], more["after"]) == (0, 30, 60, 60)
    less = figures(scene([TREE]), remove(TREE))["upkeep_eur_year"]
    assert (less["low"], less["high"], less["after"]) == (-17, -10, -10)
    swap = figures(scene([TREE]), remove(TREE), add("tree_small", Point(9, 0)))["upkeep_eur_year"]
    assert (swap["low"], swap["high"]) == (-7, 7)
    assert pair(figures(scene([TREE]))["upkeep_eur_year"]) == (0, 0)


def test_green_in_the_place_of_paving_saves_the_upkeep_of_paving():
    # 20 m2 of perennials: 1.6 to 7 a year each, 32 to 140; paving 0.5 to 1 less: 10 to 20 saved.
    told = figures(scene([PAVEMENT]), add("planting_bed", box(0, 0, 10, 2)))["upkeep_eur_year"]
    assert (told["low"], told["high"]) == (32 - 20, 140 - 10)


def test_paving_that_is_left_where_a_lawn_goes_has_its_upkeep():
    # 100 m2 of green: 0.2 (grass) to 7 (perennials) less; 100 m2 of paving: 0.5 to 1 more.
    told = figures(scene([LAWN]), remove(LAWN))["upkeep_eur_year"]
    assert (told["low"], told["high"]) == (-700 + 50, -20 + 100)


def test_what_no_price_is_known_of_is_named():
    told = figures(scene([TREE]), remove(TREE))["cost_eur"]
    assert told["missing"] == [{"index": 0, "kind": "tree"}] and "price_missing" in told["caveat"].split()
    lamp = thing(9, "hydrant", Point(0, 0))
    assert "upkeep_unknown" in figures(scene([lamp]), remove(lamp))["upkeep_eur_year"]["caveat"].split()


@pytest.mark.parametrize("kind", ["ev_charger", "bench", "tree_large"])
def test_low_typical_and_high_go_up(kind):
    told = figures(scene(), add(kind, Point(0, 0)))["cost_eur"]
    assert told["low"] <= told["after"] <= told["high"]
