"""The Dutch base map against independent readers: plain SQL and GDAL."""

from __future__ import annotations

import math
import sqlite3
import zipfile
from collections import Counter
from pathlib import Path

import pyogrio
import pytest
import shapely
from pyproj import Transformer

from geodata.crs import metric_srid, reproject
from geodata.readers import read

SMALL = Path(__file__).resolve().parents[2] / "data" / "bgt_klein"
# The same little town in PDOK's other form, with every property of an object on one level.
LIGHT = SMALL.with_name("bgt_klein_light")


def living_rows(path: Path) -> int:
    """Rows that have not ended, by SQL alone."""
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    (table,) = connection.execute("SELECT f_table_name FROM geometry_columns").fetchone()
    columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
    ended = [name for name in ("eindregistratie", "terminationdate") if name in columns]
    where = " AND ".join(f"{name} IS NULL" for name in ended) or "1"
    count = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchone()[0]
    connection.close()
    return int(count)


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.glob("*.gml"):
            archive.write(file, file.name)
    return path


@pytest.fixture(params=[SMALL, LIGHT], ids=["citygml", "gml-light"])
def small_zip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return zipped(request.param, tmp_path / "extract.zip")


def test_every_living_row_of_a_real_extract_becomes_one_object(bgt_files: list[Path]) -> None:
    for file in bgt_files:
        assert len(read(file).objects) == living_rows(file), file.name


def test_areas_equal_what_gdal_reads(wegdeel: Path) -> None:
    result = read(wegdeel)
    theirs = pyogrio.read_dataframe(wegdeel, layer="trafficarea").geometry.area.sum()
    ours = sum(reproject(item.geometry, 4326, 28992).area for item in result.objects)
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_road_parts_keep_their_function(wegdeel: Path) -> None:
    kinds = Counter(item.kind for item in read(wegdeel).objects)
    assert kinds == {"pavement": 78 + 4, "parking": 36, "carriageway": 32, "square": 1}
    humps = [
        item for item in read(wegdeel).objects if item.attributes.get("plus_function") == "verkeersdrempel"
    ]
    assert len(humps) == 8


def test_house_numbers_stay_with_their_building(pand: Path) -> None:
    numbered = [item for item in read(pand).objects if "number" in item.attributes]
    assert len(numbered) == 123
    assert "130-130A" in {item.attributes["number"] for item in numbered}


def test_an_ended_row_is_counted_and_not_read(wegdeel: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bgt_wegdeel.sqlite"
    copy.write_bytes(wegdeel.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute(
            "UPDATE trafficarea SET eindregistratie = '2016-05-05' WHERE ogc_fid IN "
            "(SELECT ogc_fid FROM trafficarea ORDER BY ogc_fid LIMIT 7)"
        )
    connection.close()
    result = read(copy)
    assert len(result.objects) == living_rows(copy) == 144
    assert result.skipped["historic"] == 7


def test_the_same_rows_from_a_geopackage_give_the_same_objects(wegdeel: Path, tmp_path: Path) -> None:
    frame = pyogrio.read_dataframe(wegdeel, layer="trafficarea")
    path = tmp_path / "bgt.gpkg"
    pyogrio.write_dataframe(frame, path, layer="bgt_wegdeel", driver="GPKG")
    from_sqlite = {item.source_id: item for item in read(wegdeel).objects}
    from_geopackage = {item.source_id: item for item in read(path).objects}
    assert from_geopackage.keys() == from_sqlite.keys()
    for source_id, item in from_geopackage.items():
        assert item.kind == from_sqlite[source_id].kind
        assert item.geometry.normalize().equals_exact(from_sqlite[source_id].geometry.normalize(), 1e-9)


def test_rd_coordinates_land_in_amersfoort(small_zip: Path) -> None:
    tree = next(item for item in read(small_zip).objects if item.source_id == "G9999.boom1")
    assert tree.kind == "tree"
    assert tree.geometry.x == pytest.approx(5.38720621, abs=1e-5)
    assert tree.geometry.y == pytest.approx(52.15517440, abs=1e-5)


def test_both_forms_of_gml_give_the_same_objects_and_streets(tmp_path: Path) -> None:
    nested, light = (read(zipped(folder, tmp_path / f"{folder.name}.zip")) for folder in (SMALL, LIGHT))
    assert sorted(map(repr, light.objects)) == sorted(map(repr, nested.objects))
    assert sorted(map(repr, light.places)) == sorted(map(repr, nested.places))


@pytest.mark.parametrize("ended", ["eindRegistratie", "objectEindTijd"])
def test_what_has_ended_in_gml_light_is_history(ended: str, tmp_path: Path) -> None:
    text = (LIGHT / "bgt_vegetatieobject.gml").read_text()
    file = tmp_path / "bgt_vegetatieobject.gml"
    file.write_text(
        text.replace(
            "<imgeo-s:bronhouder>", f"<imgeo-s:{ended}>2021-03-04</imgeo-s:{ended}><imgeo-s:bronhouder>", 1
        )
    )
    result = read(file)
    assert len(result.objects) == len(read(LIGHT / "bgt_vegetatieobject.gml").objects) - 1
    assert result.skipped["historic"] == 1


@pytest.mark.parametrize("nonsense", ["", "noord", "155030.000", "nan nan", "1e999 463023"])
def test_a_street_name_without_a_readable_place_is_passed_over(nonsense: str, tmp_path: Path) -> None:
    for folder in (SMALL, LIGHT):
        text = (folder / "bgt_openbareruimtelabel.gml").read_text()
        file = tmp_path / "bgt_openbareruimtelabel.gml"
        file.write_text(text.replace("155030.000 463023.000", nonsense))
        assert read(file).places == []


def test_a_zip_as_pdok_delivers_it_is_read_whole(small_zip: Path) -> None:
    result = read(small_zip)
    kinds = {item.source_id.removeprefix("G9999."): item.kind for item in result.objects}
    assert kinds == {
        "rijbaan": "carriageway",
        "halfrond": "square",
        "vak": "parking",
        "stoep": "pavement",
        "strik": "pavement",
        "huis": "building",
        "boom1": "tree",
        "boom2": "tree",
    }
    assert result.skipped == {"historic": 1, "underground": 1}
    assert result.repaired == 1
    assert [place.label for place in result.places] == ["Keistraat"]
    assert result.layers == {"wegdeel", "pand", "openbareruimtelabel", "vegetatieobject"}


def test_an_arc_in_gml_becomes_a_half_circle(small_zip: Path) -> None:
    half = next(item for item in read(small_zip).objects if item.source_id == "G9999.halfrond")
    area = reproject(half.geometry, 4326, 28992).area
    assert area == pytest.approx(math.pi * 100 / 2, rel=0.002)


def test_gml_areas_equal_what_gdal_reads(tmp_path: Path) -> None:
    """GDAL's GML driver is another reader of the same file."""
    path = tmp_path / "bgt_wegdeel.gml"
    path.write_bytes((SMALL / "bgt_wegdeel.gml").read_bytes())
    theirs = pyogrio.read_dataframe(path, layer="TrafficArea")
    ours = {item.source_id: reproject(item.geometry, 4326, 28992).area for item in read(path).objects}
    found = {
        f"G9999.{name.removeprefix('b')}": shape
        for name, shape in zip(theirs.gml_id, theirs.geometry, strict=True)
    }
    for source_id in ("G9999.rijbaan", "G9999.vak", "G9999.stoep"):
        assert ours[source_id] == pytest.approx(found[source_id].area, rel=1e-6)


def test_a_label_in_gml_gives_number_place_and_angle(small_zip: Path) -> None:
    house = next(item for item in read(small_zip).objects if item.kind == "building")
    lon, lat = Transformer.from_crs(28992, 4326, always_xy=True).transform(155005, 463035)
    assert house.attributes["number"] == "12-14"
    assert house.attributes["number_deg"] == -30.5
    assert (house.attributes["number_lon"], house.attributes["number_lat"]) == pytest.approx(
        (lon, lat), abs=1e-7
    )


def test_all_geometry_is_valid_flat_and_in_the_netherlands(bgt_files: list[Path]) -> None:
    for item in (item for file in bgt_files for item in read(file).objects):
        assert item.geometry.is_valid
        assert not item.geometry.has_z
        west, south, east, north = item.geometry.bounds
        assert 4.36 < west <= east < 4.38
        assert 52.00 < south <= north < 52.02


def test_a_boundary_leaves_out_what_it_does_not_touch(wegdeel: Path) -> None:
    everything = read(wegdeel).objects
    boundary = shapely.box(4.364, 52.0115, 4.367, 52.013)
    inside = sum(item.geometry.intersects(boundary) for item in everything)
    result = read(wegdeel, boundary=boundary)
    assert 0 < inside < len(everything)
    assert len(result.objects) == inside
    assert result.skipped["outside"] == len(everything) - inside


@pytest.mark.parametrize(
    ("lon", "lat", "srid"),
    [(4.36, 52.01, 28992), (24.94, 60.17, 32635), (-58.4, -34.6, 32721), (179.99, 10, 32660)],
)
def test_metres_are_measured_in_rd_in_the_netherlands_and_in_utm_elsewhere(
    lon: float, lat: float, srid: int
) -> None:
    assert metric_srid(lon, lat) == srid
