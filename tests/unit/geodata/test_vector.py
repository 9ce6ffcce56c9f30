"""Plain GeoJSON and GeoPackage with a field mapping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
from shapely.geometry import Point, Polygon

from geodata.errors import UnreadableSource
from geodata.readers import read

ADDRESS = {
    "kind": "=address",
    "id": "nummer_id",
    "street": "straatnaam",
    "house_number": "huisnummer",
    "house_letter": "huisletter",
    "addition": "toevoeging",
    "postcode": "postcode",
}


def geojson(path: Path, *features: tuple[dict[str, Any] | None, dict[str, Any]], **more: Any) -> Path:
    items = [{"type": "Feature", "geometry": shape, "properties": values} for shape, values in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items, **more}))
    return path


def point(x: Any, y: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def test_every_address_of_a_real_geopackage_is_found(bag: Path) -> None:
    result = read(bag, mapping=ADDRESS)
    expected = sum(pyogrio.read_info(bag, layer=name)["features"] for name, _ in pyogrio.list_layers(bag))
    assert sum(place.kind == "address" for place in result.places) == expected == 1904
    frame = pyogrio.read_dataframe(bag, layer="verblijfsobjecten").to_crs(4326)
    theirs = {row.nummer_id: row for row in frame.itertuples()}
    ours = {place.source_id: place for place in result.places}
    for number, row in theirs.items():
        assert ours[number].street == row.straatnaam
        assert (ours[number].postcode or "") == (row.postcode if isinstance(row.postcode, str) else "")
        assert ours[number].geometry.distance(row.geometry) < 1e-6


def test_an_address_is_written_as_the_dutch_do(bag: Path) -> None:
    labels = {place.source_id: place.label for place in read(bag, mapping=ADDRESS).places}
    assert labels["0363200000039881"] == "Barentszplein 1-H"


def test_the_streets_of_an_address_file_can_be_searched_too(bag: Path) -> None:
    result = read(bag, mapping=ADDRESS)
    streets = [place for place in result.places if place.kind == "street"]
    assert {place.street for place in streets} == {p.street for p in result.places if p.kind == "address"}
    assert len({place.street for place in streets}) == len(streets)


def test_a_parking_count_has_its_numbers_and_its_day(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[5, 52], [5.01, 52], [5.01, 52.01], [5, 52]]]}
    counted = {"bezet": "41", "plekken": 50, "datum": "2026-05-12T21:30:00"}
    unclear = {"bezet": "veel", "datum": "vorig jaar"}
    path = geojson(tmp_path / "counts.geojson", (area, counted), (area, unclear))
    names = {"kind": "=parking_count", "parked": "bezet", "capacity": "plekken", "counted_on": "datum"}
    first, second = read(path, mapping=names).objects
    assert first.attributes == {"parked": 41, "capacity": 50, "counted_on": "2026-05-12"}
    assert second.attributes == {}


def test_cables_are_lines_and_plots_are_areas(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[5, 52], [5.01, 52]]}
    area = {"type": "Polygon", "coordinates": [[[5, 52], [5.01, 52], [5.01, 52.01], [5, 52]]]}
    path = geojson(tmp_path / "ground.geojson", (line, {"soort": "gas"}), (area, {"soort": "gas"}))
    result = read(path, mapping={"kind": "=cable", "type": "soort"})
    assert [item.attributes for item in result.objects] == [{"type": "gas"}]
    assert result.skipped == {"wrong_geometry": 1}
    assert read(path, mapping={"kind": "=parcel"}).objects[0].kind == "parcel"


@pytest.mark.parametrize(("text", "known"), [("Ja", True), ("no", False), (True, True), ("soms", None)])
def test_whether_a_bay_is_for_disabled_people(tmp_path: Path, text: Any, known: bool | None) -> None:
    area = {"type": "Polygon", "coordinates": [[[5, 52], [5.01, 52], [5.01, 52.01], [5, 52]]]}
    path = geojson(tmp_path / "bays.geojson", (area, {"gpp": text}))
    (bay,) = read(path, mapping={"kind": "=parking", "disabled": "gpp"}).objects
    assert bay.attributes.get("disabled") is known


def test_kind_and_name_come_from_columns(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "things.geojson",
        (point(5, 52), {"soort": "tree", "Naam": "Linde", "hoogte": "12,5"}),
        (point(5, 52.1), {"soort": "dragon", "Naam": "Smaug", "hoogte": None}),
    )
    result = read(path, mapping={"kind": "soort", "name": "naam", "height_m": "hoogte"})
    (tree,) = result.objects
    assert (tree.kind, tree.name, tree.attributes) == ("tree", "Linde", {"height_m": 12.5})
    assert result.skipped == {"no_kind": 1}
    assert result.counts == {"things": 2}


def test_national_coordinates_in_a_geojson_are_reprojected(tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", (point(155000, 463000), {}))
    (tree,) = read(path, mapping={"kind": "=tree"}, srid=28992).objects
    assert (tree.geometry.x, tree.geometry.y) == pytest.approx((5.38720621, 52.15517440), abs=1e-5)


def test_the_old_crs_member_is_understood(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    path = geojson(tmp_path / "t.geojson", (point(155000, 463000), {}), crs=crs)
    (tree,) = read(path, mapping={"kind": "=tree"}).objects
    assert tree.geometry.x == pytest.approx(5.38720621, abs=1e-5)


def test_a_geopackage_in_another_system_is_reprojected(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"naam": ["a"]}, geometry=[Point(385000, 6673000)], crs=32635)
    path = tmp_path / "trees.gpkg"
    frame.to_file(path, driver="GPKG")
    (tree,) = read(path, mapping={"kind": "=tree"}).objects
    expected = frame.to_crs(4326).geometry[0]
    assert tree.geometry.distance(expected) < 1e-9


def test_height_is_dropped_and_bow_ties_are_repaired(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        geometry=[Polygon([(5, 52, 3), (5.001, 52.001, 3), (5.001, 52, 3), (5, 52.001, 3)])], crs=4326
    )
    path = tmp_path / "green.gpkg"
    frame.to_file(path, driver="GPKG")
    result = read(path, mapping={"kind": "=green"})
    (green,) = result.objects
    assert green.geometry.is_valid
    assert not green.geometry.has_z
    assert green.geometry.area == pytest.approx(0.0005 * 0.001)
    assert result.repaired == 1


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "no_geometry"),
        (point(None, None), "invalid_geometry"),
        (point("5", "52"), "invalid_geometry"),
        (point(True, False), "invalid_geometry"),
        (point(10**400, 1), "invalid_geometry"),
        ({"type": "Point", "coordinates": []}, "no_geometry"),
        ({"type": "Blob", "coordinates": [5, 52]}, "invalid_geometry"),
        ({"type": "LineString", "coordinates": [[5, 52], [6, 52]]}, "wrong_geometry"),
        ({"type": "Polygon", "coordinates": [[[5, 52], [5, 52], [5, 52], [5, 52]]]}, "invalid_geometry"),
    ],
)
def test_an_unusable_geometry_is_skipped_with_its_reason(
    tmp_path: Path, shape: dict[str, Any] | None, reason: str
) -> None:
    path = geojson(tmp_path / "t.geojson", (shape, {}), (point(5, 52), {}))
    result = read(path, mapping={"kind": "=tree"})
    assert len(result.objects) == 1
    assert result.skipped == {reason: 1}


def test_the_same_id_twice_is_read_once(tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", (point(5, 52), {"nr": 7}), (point(5, 53), {"nr": 7}))
    result = read(path, mapping={"kind": "=tree", "id": "nr"})
    assert [item.source_id for item in result.objects] == ["7"]
    assert result.skipped == {"duplicate": 1}


@pytest.mark.parametrize(
    ("mapping", "srid", "key"),
    [
        ({"kind": "=dragon"}, None, "unknown_kind"),
        ({"kind": "=tree", "colour": "x"}, None, "unknown_field"),
        ({"kind": "=tree", "name": "nothere"}, None, "unknown_column"),
        ({"name": "a"}, None, "no_mapping"),
        ({"kind": "=tree"}, 999999, "unknown_crs"),
    ],
)
def test_a_wrong_mapping_is_refused(
    tmp_path: Path, mapping: dict[str, str], srid: int | None, key: str
) -> None:
    path = geojson(tmp_path / "t.geojson", (point(5, 52), {"a": 1}))
    with pytest.raises(UnreadableSource) as caught:
        read(path, mapping=mapping, srid=srid)
    assert caught.value.key == key
