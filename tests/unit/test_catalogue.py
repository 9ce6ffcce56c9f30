"""The element catalogue: complete, true to the table it was made from, and clear about a wrong row."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from geodata import catalogue
from geodata.catalogue import Number, Status
from geodata.catalogue_table import CatalogueError

DOMAIN = Path(__file__).resolve().parents[2].parent / "shared" / "domain"
STRENGTH = ["S", "S foreign", "D", "U"]


@pytest.fixture(scope="module")
def elements():
    return catalogue.load()


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems_of(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(CatalogueError) as failure:
        catalogue.load(path)
    return [(problem.row, problem.column) for problem in failure.value.problems]


def test_it_holds_all_forty_kinds_with_names_in_both_languages(elements):
    assert len(elements.kinds) == 40
    assert elements.get("tree_small").name("nl") == "Boom 3e grootte (klein)"
    assert elements.get("tree_small").name("en") == "Small street tree (<6 m)"
    assert elements.get("no_such_kind") is None


def test_every_kind_can_be_drawn_and_priced(elements):
    for kind in elements.kinds.values():
        assert kind.geometry, kind.id
        assert 0 <= kind.cost.low.value <= kind.cost.typical.value <= kind.cost.high.value, kind.id


def test_a_number_knows_what_it_rests_on(elements):
    cost = elements.get("tree_small").cost
    assert cost.low == Number(500, 500, Status.SOURCED, ("S14",))
    assert cost.high.is_assumption and not cost.high.is_sourced and cost.high.sources == ()


def test_weak_sources_are_not_shown_to_residents(elements):
    assert elements.shown_sources(("S14", "S86", "S93", "unknown")) == ("S14",)


def test_groups_come_in_a_fixed_order(elements):
    assert elements.groups() == list(catalogue.GROUPS)


# --- against the table it was made from


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, str]]:
    path = DOMAIN / "elements.csv"
    if not path.exists():
        pytest.skip(f"the source table is not at {path}; our own copy of its numbers is tested elsewhere")
    with path.open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def numbers_in(cell: str) -> list[float]:
    """All numbers in a cell; "10-17" is a range, a minus sign counts only where no digit goes before it."""
    return [float(text) for text in re.findall(r"(?<![\d.])-?\d+(?:\.\d+)?|(?<=-)\d+(?:\.\d+)?", cell)]


def source_keys(cell: str) -> set[str]:
    return set(re.findall(r"S\d\d", cell))


def statuses(cell: str) -> list[str]:
    return re.findall(r"\b[SDU]\b", cell)


def claims_no_more_than(number: Number, cell: str) -> bool:
    strongest = min((STRENGTH.index(letter) for letter in statuses(cell)), default=STRENGTH.index("D"))
    return STRENGTH.index(number.status.value) >= strongest


def test_same_kinds_groups_and_names_as_the_table(elements, table):
    assert list(elements.kinds) == list(table)
    for key, row in table.items():
        kind = elements.get(key)
        assert (kind.name_nl, kind.name_en, kind.group, kind.cost.unit) == (
            row["name_nl"],
            row["name_en"],
            row["group"],
            row["cost_unit"],
        )


def test_drawn_as_the_table_says(elements, table):
    words = {"point": "point", "line": "line", "area": "polygon"}
    for key, row in table.items():
        assert elements.get(key).geometry, key
        for geometry in catalogue.GEOMETRIES:
            assert (geometry in elements.get(key).geometry) == (words[geometry] in row["geometry"]), key


def test_prices_statuses_and_sources_equal_the_table(elements, table):
    for key, row in table.items():
        cost = elements.get(key).cost
        parts = (row["cost_st"].split(" ")[0].split("/") * 3)[:3]
        for name, status in zip(("low", "typical", "high"), parts, strict=True):
            number = getattr(cost, name)
            assert number.value == float(row[f"cost_{name[:3] if name == 'typical' else name}_eur"]), (
                key,
                name,
            )
            assert number.status.value == status, (key, name)
            assert set(number.sources) <= source_keys(row["cost_src"]), (key, name)
        years = re.findall(r"\b20\d\d\b", row["cost_year"])
        assert cost.year is None or str(cost.year) in years, key


def test_sizes_stand_in_the_table(elements, table):
    for key, row in table.items():
        kind = elements.get(key)
        for name in ("width_m", "length_m", "min_width_m"):
            number = getattr(kind, name)
            if number is None:
                continue
            assert number.value in [abs(n) for n in numbers_in(row["footprint_m"])], (key, name)
            assert claims_no_more_than(number, row["footprint_st"]), (key, name)
            assert set(number.sources) <= source_keys(row["footprint_src"]), (key, name)
        if kind.height_m is not None:
            assert kind.height_m.value in numbers_in(row["height_m"]), key
            assert claims_no_more_than(kind.height_m, row["height_st"]), key
            assert set(kind.height_m.sources) <= source_keys(row["height_src"]), key


def test_every_kind_with_a_fixed_size_in_the_table_has_it_here(elements, table):
    for key, row in table.items():
        if re.match(r"(pit )?\d\.\d+ x \d", row["footprint_m"]):
            kind = elements.get(key)
            assert kind.width_m is not None and kind.length_m is not None, key


def test_upkeep_equals_the_table(elements, table):
    for key, row in table.items():
        kind = elements.get(key)
        expected = numbers_in(row["upkeep_eur_yr"])
        low, high = kind.upkeep_eur_year.low, kind.upkeep_eur_year.high
        assert [low, high] == [expected[0], expected[-1]], key
        assert kind.upkeep_eur_year.status.value == row["upkeep_st"], key
        assert set(kind.upkeep_eur_year.sources) <= source_keys(row["upkeep_src"]), key
        assert kind.upkeep_unit == {"tree": "piece"}.get(row["upkeep_unit"], row["upkeep_unit"]), key


EFFECT_COLUMNS = {
    "canopy_m2_y20": "canopy_m2_y20",
    "permeable_m2": "permeable_m2",
    "green_m2": "green_m2",
    "storage_m3": "water_m3",
    "car_spaces": "car_spaces",
    "bike_places": "bike_places",
    "seats": "seats",
    "play": "play_value_0_3",
    "calming": "calming_0_3",
}


@pytest.mark.parametrize(("ours", "theirs"), EFFECT_COLUMNS.items())
def test_effects_equal_the_table(elements, table, ours, theirs):
    for key, row in table.items():
        number = dict(elements.get(key).effects.items()).get(ours)
        cell = row[theirs].replace("per m2", "")
        assert (number is None) == (cell == ""), key
        if number is None:
            continue
        expected = sorted(numbers_in(cell))
        if theirs == "car_spaces" and cell.startswith("0 to"):
            expected = sorted(-abs(n) for n in expected)
        assert [number.low, number.high] == [expected[0], expected[-1]], key
        assert claims_no_more_than(number, row["effects_st"]), key
        assert set(number.sources) <= source_keys(row["effects_src"] + row["effects_st"]), key


def test_sources_are_those_of_the_table_with_the_weak_ones_marked(elements, table):
    with (DOMAIN / "sources.csv").open(encoding="utf-8") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert {key: source.title for key, source in elements.sources.items()} == {
        key: row["title"] for key, row in rows.items()
    }
    assert {key for key, source in elements.sources.items() if source.weak} == {
        key for key, row in rows.items() if row["kind"].startswith("WEAK")
    }


# --- a municipality's own file


def test_a_municipality_changes_one_price_and_keeps_the_rest(tmp_path, elements):
    own = write(
        tmp_path / "own.csv",
        "id,owner,date,cost_typical_eur,cost_high_eur",
        "bench,Beheer openbare ruimte,2026-10-01,1800,",
    )
    bench = catalogue.load(own).get("bench")
    assert bench.cost.typical == Number(
        1800, 1800, Status.OWN, (), "Beheer openbare ruimte", date(2026, 10, 1)
    )
    assert bench.cost.typical.is_sourced
    assert bench.cost.high == elements.get("bench").cost.high
    assert catalogue.load(own).get("planter") == elements.get("planter")


def test_a_dash_empties_a_cell(tmp_path):
    own = write(tmp_path / "own.csv", "id,owner,date,seats", "bench,Beheer,2026-10-01,-")
    assert catalogue.load(own).get("bench").effects.seats is None


def test_a_municipality_adds_a_kind_of_its_own(tmp_path, elements):
    own = write(
        tmp_path / "own.csv",
        "id,owner,date,name_nl,name_en,group,geometry,icon,cost_unit,cost_low_eur,cost_typical_eur,cost_high_eur",
        "chess_table,Beheer,2026-10-01,Schaaktafel,Chess table,play_social,point,i-bank,piece,900,1200,2000",
    )
    loaded = catalogue.load(own)
    assert set(loaded.kinds) - set(elements.kinds) == {"chess_table"}
    assert len(loaded.kinds) == len(elements.kinds) + 1
    assert loaded.get("chess_table").cost.low.owner == "Beheer"


def test_all_problems_of_a_file_are_told_at_once_with_row_and_column(tmp_path):
    own = write(
        tmp_path / "own.csv",
        "id,owner,date,cost_low_eur,seats,group,seats_source",
        "bench,,2026-13-01,veel,-3,chairs,S999",
        "planter,Beheer,2026-10-01,5000,,,",
        "planter,Beheer,2026-10-01,,,,",
    )
    found = problems_of(own)
    for expected in [
        (2, "owner"),
        (2, "date"),
        (2, "cost_low_eur"),
        (2, "seats"),
        (2, "group"),
        (2, "seats_source"),
        (4, "id"),
    ]:
        assert expected in found
    assert (3, "cost_typical_eur") in found or (4, "cost_typical_eur") in found


def test_the_error_reads_as_a_list_of_places(tmp_path):
    own = write(tmp_path / "own.csv", "id,owner,date,cost_low_eur", "bench,Beheer,2026-10-01,nan")
    with pytest.raises(CatalogueError, match=r"own\.csv, row 2, column cost_low_eur: nan is not between"):
        catalogue.load(own)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"id,owner,date,price\n", "column price: is not a column we know"),
        (b"id,owner,owner,date\n", "occurs twice"),
        (b"id,owner\n", "column date: is missing"),
        (b"id,owner,date\nbench,Beheer\n", "row 2: has 2 cells, the header 3"),
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        (b"id,owner,date\nNew Kind!,Beheer,2026-10-01\n", "column id: 'New Kind!'"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(tmp_path, content, message):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=re.escape(message)):
        catalogue.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"gone\.csv: cannot be read \(No such file or directory\)"):
        catalogue.load(tmp_path / "gone.csv")


def test_a_sourced_number_needs_a_source_and_an_assumption_has_none(tmp_path):
    own = write(
        tmp_path / "own.csv",
        "id,owner,date,seats,seats_status,seats_source,play_0_3,play_status,play_source",
        "bench,Beheer,2026-10-01,4,S,,1,U,S14",
    )
    assert problems_of(own) == [(2, "seats_source"), (2, "play_source")]


def test_problems_come_in_the_order_of_the_rows(tmp_path):
    """A date is looked at before the numbers of any row; people read the file from above."""
    own = write(
        tmp_path / "own.csv",
        "id,owner,date,cost_low_eur",
        "bench,Beheer,2026-10-01,veel",
        "planter,Beheer,1 mei,",
    )
    assert problems_of(own) == [(2, "cost_low_eur"), (3, "date")]


def test_every_icon_is_one_that_we_draw(elements):
    drawn = (Path(__file__).resolve().parents[2] / "static" / "icons.svg").read_text(encoding="utf-8")
    missing = {kind.icon for kind in elements.kinds.values() if f'id="{kind.icon}"' not in drawn}
    assert missing == set()


def test_every_kind_has_a_symbol_of_its_own(elements):
    """Nobody should tell two tiles apart by their words alone."""
    icons = [kind.icon for kind in elements.kinds.values()]
    assert len(set(icons)) == len(icons) == len(elements.kinds)
