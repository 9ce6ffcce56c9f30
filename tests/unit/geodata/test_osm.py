"""OpenStreetMap extracts against a separate, minimal count with osmium."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import osmium
import pytest
import shapely

from geodata.model import ReadResult
from geodata.readers import read
from geodata.readers.osm import attributes


class Count(osmium.SimpleHandler):
    """Counts tags and nothing else: no locations, no areas."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.names: set[str] = set()

    def node(self, node: osmium.osm.Node) -> None:
        self._common(node)
        for key, value in (
            ("natural", "tree"),
            ("amenity", "bench"),
            ("highway", "crossing"),
            ("highway", "street_lamp"),
        ):
            self.found[value] += node.tags.get(key) == value

    def way(self, way: osmium.osm.Way) -> None:
        self._common(way)
        self.found["highway"] += "highway" in way.tags
        if "highway" in way.tags and "name" in way.tags:
            self.names.add(way.tags["name"])

    def relation(self, relation: osmium.osm.Relation) -> None:
        self._common(relation)

    def _common(self, item: osmium.osm.OSMObject) -> None:
        self.found["address"] += "addr:housenumber" in item.tags
        self.found["building"] += "building" in item.tags


def counted(path: Path) -> Count:
    count = Count()
    count.apply_file(str(path))
    return count


@pytest.fixture(scope="module")
def helsinki_result(helsinki: Path) -> tuple[ReadResult, float]:
    start = time.perf_counter()
    return read(helsinki), time.perf_counter() - start


def test_helsinki_is_read_as_completely_as_a_plain_count(
    helsinki: Path, helsinki_result: tuple[ReadResult, float]
) -> None:
    result, _ = helsinki_result
    count = counted(helsinki)
    assert count.found["highway"] == 2650
    for name, layer in (
        ("highway", "highway"),
        ("address", "address"),
        ("building", "building"),
        ("tree", "tree"),
        ("bench", "bench"),
        ("crossing", "crossing"),
        ("street_lamp", "lamp"),
    ):
        assert result.counts[layer] >= count.found[name] > 0, name
        assert result.counts[layer] - count.found[name] <= 1, name
    assert {place.label for place in result.places if place.kind == "street"} == count.names
    assert len(count.names) == 102


def test_trees_and_benches_of_helsinki_are_all_there(helsinki_result: tuple[ReadResult, float]) -> None:
    kinds = Counter(item.kind for item in helsinki_result[0].objects)
    assert kinds["tree"] == 649
    assert kinds["bench"] == 162


def test_what_is_read_is_either_kept_or_counted_as_skipped(helsinki_result: tuple[ReadResult, float]) -> None:
    result, _ = helsinki_result
    for layer in ("tree", "bench", "lamp", "bollard", "hydrant", "entrance"):
        kept = sum(item.kind == layer for item in result.objects)
        assert kept <= result.counts[layer]
    addresses = sum(place.kind == "address" for place in result.places)
    assert (
        result.counts["address"] - addresses
        <= result.skipped["no_street"] + result.skipped["incomplete_area"] + 10
    )


def test_clipped_ways_are_skipped_and_counted(
    helsinki: Path, helsinki_result: tuple[ReadResult, float]
) -> None:
    cut = 0
    for item in osmium.FileProcessor(str(helsinki)).with_locations():
        if item.is_way() and "highway" in item.tags:
            cut += not all(node.location.valid() for node in item.nodes)
    result, _ = helsinki_result
    assert cut > 0
    assert result.skipped["missing_nodes"] >= cut


def test_helsinki_imports_within_a_minute(helsinki_result: tuple[ReadResult, float]) -> None:
    assert helsinki_result[1] < 60


def test_every_object_is_valid_flat_and_unique(helsinki_result: tuple[ReadResult, float]) -> None:
    result, _ = helsinki_result
    shapes = [item.geometry for item in result.objects]
    assert shapely.is_valid(shapes).all()
    assert not shapely.has_z(shapes).any()
    assert len({item.source_id for item in result.objects}) == len(result.objects)


def test_only_derived_surfaces_are_estimated(helsinki_result: tuple[ReadResult, float]) -> None:
    for item in helsinki_result[0].objects:
        assert (item.certainty == "estimated") == item.source_id.startswith("corridor/")


def test_a_second_reading_gives_the_same_objects_under_the_same_names(
    helsinki: Path, helsinki_result: tuple[ReadResult, float]
) -> None:
    again = {item.source_id: item for item in read(helsinki).objects}
    assert again == {item.source_id: item for item in helsinki_result[0].objects}


def test_a_small_dutch_extract_has_its_streets_buildings_and_addresses(watergraafsmeer: Path) -> None:
    result = read(watergraafsmeer)
    count = counted(watergraafsmeer)
    assert result.counts["highway"] == count.found["highway"] == 54
    assert sum(item.kind == "building" for item in result.objects) == count.found["building"] == 80
    assert sum(place.kind == "address" for place in result.places) == count.found["address"] == 66
    assert {place.label for place in result.places if place.kind == "street"} == count.names


def test_the_point_of_a_street_lies_on_it(watergraafsmeer: Path) -> None:
    result = read(watergraafsmeer)
    lines = [item for item in result.objects if item.kind == "street_axis" and item.name]
    streets = {place.label: place.geometry for place in result.places if place.kind == "street"}
    for name in {item.name for item in lines}:
        nearest = min(line.geometry.distance(streets[name]) for line in lines if line.name == name)
        assert nearest < 1e-7


@pytest.mark.parametrize(
    ("tags", "height"),
    [
        ({"building": "yes", "height": "12.5 m"}, 12.5),
        ({"building": "yes", "height": "40'"}, 12.19),
        ({"building": "yes", "building:levels": "4"}, 12.0),
        ({"building": "yes", "building:levels": "4", "height": "15"}, 15.0),
    ],
)
def test_a_building_is_as_high_as_its_tags_say(tags: dict[str, str], height: float) -> None:
    assert attributes("building", tags)["height_m"] == height


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        # Key:capacity:disabled on the OpenStreetMap wiki: a number, yes or no.
        ({"capacity": "40", "capacity:disabled": "3"}, {"capacity": 40, "capacity_disabled": 3}),
        (
            {"capacity": "2", "capacity:disabled": "2"},
            {"capacity": 2, "capacity_disabled": 2, "disabled": True},
        ),
        ({"capacity:disabled": "2"}, {"capacity_disabled": 2}),
        ({"capacity:disabled": "yes"}, {"capacity_disabled": 1}),
        (
            {"capacity": "5", "capacity:disabled": "no"},
            {"capacity": 5, "capacity_disabled": 0, "disabled": False},
        ),
        ({"capacity:disabled": "0"}, {"capacity_disabled": 0, "disabled": False}),
        ({"capacity": "5", "capacity:disabled": "some"}, {"capacity": 5}),
        ({"capacity:disabled": "99999999999"}, {}),
        ({"capacity": "5"}, {"capacity": 5}),
    ],
)
def test_places_for_disabled_people_are_kept(tags: dict[str, str], kept: dict[str, object]) -> None:
    assert attributes("parking", tags) == kept
    assert not {"disabled", "capacity_disabled"} & set(attributes("bike_stand", tags))
