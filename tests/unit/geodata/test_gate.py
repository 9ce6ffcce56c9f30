"""Broken, truncated, empty, wrong and hostile files: one clear error, and nothing else happens."""

from __future__ import annotations

import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import gate
from geodata.errors import REASONS, UnreadableSource
from geodata.readers import read, read_boundary

SMALL = Path(__file__).resolve().parents[2] / "data" / "bgt_klein"
TREES = {"kind": "=tree"}
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


def refused(path: Path, **options: object) -> str:
    """The key with which a file is refused."""
    with pytest.raises(UnreadableSource) as caught:
        read(path, **options)  # type: ignore[arg-type]
    assert caught.value.key in REASONS
    return caught.value.key


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.osm.pbf", b"", "empty"),
        ("empty.geojson", b"", "empty"),
        ("blank.geojson", b" \n ", "empty"),
        ("vrt.geojson", VRT, "unknown_format"),
        ("vrt.gpkg", VRT, "unknown_format"),
        ("picture.gpkg", b"\x89PNG\r\n\x1a\n" + bytes(100), "unknown_format"),
        ("page.osm.pbf", "<!DOCTYPE html><html></html>", "unknown_format"),
        ("list.geojson", "[1, 2]", "unknown_format"),
        ("half.geojson", '{"type": "FeatureCollection", "features": [', "truncated"),
        ("broken.geojson", '{"type": FeatureCollection}', "damaged"),
        ("other.geojson", '{"type": "Topology"}', "not_geojson"),
        ("style.geojson", '{"version": 8}', "not_geojson"),
        ("bare.geojson", '{"type": "Point", "coordinates": [5, 52]}', "not_geojson"),
        ("nan.geojson", '{"type": "FeatureCollection", "features": [], "x": NaN}', "damaged"),
        ("latin.geojson", '{"type": "é"}'.encode("latin-1"), "damaged"),
        ("header.sqlite", b"SQLite format 3\x00", "truncated"),
        ("header.zip", b"PK\x03\x04", "truncated"),
        ("header.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c", "truncated"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: str | bytes, key: str
) -> None:
    assert refused(written(tmp_path / name, content), mapping=TREES) == key


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.gpkg") == "missing"
    assert refused(tmp_path) == "missing"


def test_json_nested_ten_thousand_deep_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "deep.geojson", '{"features": ' + "[" * 100_000)
    assert refused(path, mapping=TREES) in ("damaged", "truncated")


def test_a_plain_file_without_a_mapping_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "trees.geojson", '{"type": "FeatureCollection", "features": []}')
    assert refused(path) == "no_mapping"


@pytest.mark.parametrize("keep", [10, 1_000, 20_000, 600_000])
def test_a_truncated_osm_extract_is_refused(helsinki: Path, tmp_path: Path, keep: int) -> None:
    path = written(tmp_path / "cut.osm.pbf", helsinki.read_bytes()[:keep])
    assert refused(path) in ("truncated", "unknown_format")


def test_an_osm_extract_with_broken_contents_is_refused(helsinki: Path, tmp_path: Path) -> None:
    content = bytearray(helsinki.read_bytes())
    content[5_000:5_200] = bytes(200)
    assert refused(written(tmp_path / "bad.osm.pbf", bytes(content))) == "damaged"


@pytest.mark.parametrize("keep", [50, 3_000, 100_000])
def test_a_truncated_base_map_is_refused(wegdeel: Path, tmp_path: Path, keep: int) -> None:
    assert refused(written(tmp_path / "bgt_wegdeel.sqlite", wegdeel.read_bytes()[:keep])) == "truncated"


def test_a_base_map_with_broken_pages_is_refused(wegdeel: Path, tmp_path: Path) -> None:
    content = bytearray(wegdeel.read_bytes())
    content[1024 * 8 : 1024 * 100] = b"\xff" * (1024 * 92)
    assert refused(written(tmp_path / "bgt_wegdeel.sqlite", bytes(content))) in ("damaged", "no_layers")


def test_a_database_without_geometry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE trees (id integer)")
    connection.close()
    assert refused(path, mapping=TREES) == "no_layers"


def test_a_view_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "bgt_wegdeel.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE geometry_columns (f_table_name, f_geometry_column, srid)")
        connection.execute("INSERT INTO geometry_columns VALUES ('trafficarea', 'geometry', 28992)")
        connection.execute("CREATE VIEW trafficarea AS SELECT x'00' AS geometry, 1 AS lokaalid")
    connection.close()
    assert refused(path) == "no_layers"


# Zips


def make_zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def linked(path: Path) -> Path:
    entry = zipfile.ZipInfo("bgt_wegdeel.gml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return path


ROAD = (SMALL / "bgt_wegdeel.gml").read_bytes()


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda path: make_zip(path, {"../bgt_wegdeel.gml": ROAD}), "zip_unsafe"),
        (lambda path: make_zip(path, {"/bgt_wegdeel.gml": ROAD}), "zip_unsafe"),
        (lambda path: make_zip(path, {"a\\..\\bgt_wegdeel.gml": ROAD}), "zip_unsafe"),
        (linked, "zip_unsafe"),
        (lambda path: make_zip(path, {f"bgt_{n}.gml": b"x" for n in range(51)}), "zip_too_many"),
        (lambda path: make_zip(path, {"bgt_wegdeel.gml": bytes(50 * 2**20)}), "zip_too_large"),
        (lambda path: make_zip(path, {"readme.txt": b"hello"}), "zip_no_map"),
        (lambda path: make_zip(path, {}), "zip_no_map"),
        (
            lambda path: make_zip(path, {"bgt_wegdeel.gml": ROAD[: ROAD.index(b"<imgeo:bronhouder>")]}),
            "truncated",
        ),
        (lambda path: make_zip(path, {"bgt_wegdeel.gml": b"not xml"}), "damaged"),
    ],
)
def test_a_dishonest_zip_is_refused(tmp_path: Path, make: Callable[[Path], Path], key: str) -> None:
    assert refused(make(tmp_path / "extract.zip")) == key


def test_a_zip_cut_short_is_refused(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "whole.zip", {"bgt_wegdeel.gml": ROAD}).read_bytes()
    assert refused(written(tmp_path / "cut.zip", whole[: len(whole) // 2])) == "truncated"


def test_a_zip_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    content = bytearray(make_zip(tmp_path / "whole.zip", {"bgt_wegdeel.gml": ROAD}).read_bytes())
    content[300:310] = bytes(10)
    assert refused(written(tmp_path / "bad.zip", bytes(content))) == "damaged"


def test_a_zip_that_unpacks_to_more_than_allowed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "MAX_UNPACKED_BYTES", 1000)
    assert refused(make_zip(tmp_path / "large.zip", {"bgt_wegdeel.gml": ROAD})) == "zip_too_large"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path: Path, doctype: str) -> None:
    text = ROAD.decode().replace("<CityModel", doctype + "<CityModel", 1)
    assert refused(make_zip(tmp_path / "extract.zip", {"bgt_wegdeel.gml": text.encode()})) == "xml_dtd"


# Anything at all


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 139_000), junk=st.binary(min_size=1, max_size=300))
def test_a_damaged_database_is_read_or_refused_but_never_crashes(
    wegdeel: Path, tmp_path: Path, at: int, junk: bytes
) -> None:
    content = bytearray(wegdeel.read_bytes())
    content[at : at + len(junk)] = junk
    try:
        result = read(written(tmp_path / "bgt_wegdeel.sqlite", bytes(content)))
    except UnreadableSource:
        return
    assert all(item.geometry.is_valid for item in result.objects)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [
            b"",
            b"SQLite format 3\x00",
            b"PK\x03\x04",
            b"{",
            b"<CityModel citygml",
            struct.pack(">I", 13) + b"\x0a\x09OSMHeader",
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_noise_is_always_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    refused(written(tmp_path / "noise", start + rest), mapping=TREES)


# Boundaries


def test_a_boundary_is_all_areas_of_a_file_together(tmp_path: Path) -> None:
    def square(x: float) -> dict[str, object]:
        ring = [[x, 52], [x + 1, 52], [x + 1, 53], [x, 53], [x, 52]]
        return {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    document = {"type": "FeatureCollection", "features": [square(4), square(6)]}
    area = read_boundary(written(tmp_path / "b.geojson", json.dumps(document)))
    assert area.area == pytest.approx(2)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [5, 52]},
        {
            "type": "Polygon",
            "coordinates": [[[155000, 463000], [155100, 463000], [155100, 463100], [155000, 463000]]],
        },
        None,
    ],
)
def test_a_boundary_must_be_an_area_in_degrees(tmp_path: Path, geometry: object) -> None:
    document = {"type": "Feature", "properties": {}, "geometry": geometry}
    with pytest.raises(UnreadableSource, match="not an area"):
        read_boundary(written(tmp_path / "b.geojson", json.dumps(document)))
