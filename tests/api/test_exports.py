# ruff: noqa: E501
"""Whole collections as files, read back by other programs."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
import requests
import shapely
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from tests.api.conftest import World

FORMATS = ("geojson", "gpkg", "csv", "fgb", "parquet")
PUBLIC_CHANGES = (
    "change c JOIN design d ON d.id = c.design_id AND d.version = c.version WHERE d.status = 'submitted'"
)


def download(world: World, name: str, **headers: str) -> requests.Response:
    return requests.get(f"{world.url}/api/export/{name}", headers=headers, timeout=30)


def saved(world: World, name: str, folder: Path, query: str = "") -> Path:
    answer = download(world, name + query)
    assert answer.status_code == 200, answer.text
    path = folder / name
    path.write_bytes(answer.content)
    return path


def stored(rows: Any) -> dict[str, shapely.Geometry]:
    return {
        row[0]: shapely.from_wkb(bytes(row[1]))
        for row in rows(f"SELECT c.id::text, ST_AsBinary(c.geom) FROM {PUBLIC_CHANGES}")
    }


def test_geojson_is_valid_and_equals_the_database(world: World, rows: Any, tmp_path: Path) -> None:
    document = json.loads(saved(world, "changes.geojson", tmp_path).read_bytes())
    expected = stored(rows)
    assert {f["id"] for f in document["features"]} == expected.keys()
    for feature in document["features"]:
        assert shapely.equals_exact(
            shapely.from_geojson(json.dumps(feature["geometry"])), expected[feature["id"]], tolerance=1e-8
        )


@pytest.mark.parametrize("form", ["geojson", "gpkg", "fgb", "parquet"])
def test_geopandas_reads_back_every_form(world: World, rows: Any, tmp_path: Path, form: str) -> None:
    import geopandas

    path = saved(world, f"changes.{form}", tmp_path)
    frame = geopandas.read_parquet(path) if form == "parquet" else geopandas.read_file(path)
    expected = stored(rows)
    assert frame.crs.to_epsg() == 4326 or frame.crs.to_string() == "OGC:CRS84"
    assert set(frame["id"]) == expected.keys()
    for key, geometry in zip(frame["id"], frame.geometry, strict=True):
        assert shapely.equals_exact(geometry, expected[key], tolerance=1e-8)
    assert sorted(frame["rotation_deg"].dropna()) == sorted(float(i) for i in range(45))


@pytest.mark.parametrize("form", ["geojson", "gpkg", "fgb"])
@pytest.mark.parametrize(
    "name",
    ["neighbourhoods", "street-objects", "assignments", "designs", "changes", "changes-lines", "comments"],
)
def test_gdal_counts_the_same_features_in_every_collection(
    world: World, tmp_path: Path, name: str, form: str
) -> None:
    path = saved(world, f"{name}.{form}", tmp_path)
    matched = requests.get(f"{world.url}/api/collections/{name}/items", timeout=20).json()["numberMatched"]
    answer = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-al", str(path)], check=True, capture_output=True, text=True
    )
    assert f"Feature Count: {matched}" in answer.stdout
    assert "ERROR" not in answer.stderr


@pytest.mark.parametrize("form", ["gpkg", "fgb", "parquet"])
def test_a_file_in_the_national_system_has_its_metres(
    world: World, rows: Any, tmp_path: Path, form: str
) -> None:
    import geopandas

    path = saved(world, f"street-objects.{form}", tmp_path, "?crs=EPSG:28992")
    frame = geopandas.read_parquet(path) if form == "parquet" else geopandas.read_file(path)
    assert frame.crs.to_epsg() == 28992
    ((x, y),) = rows(
        "SELECT ST_X(ST_Transform(geom, 28992)), ST_Y(ST_Transform(geom, 28992)) FROM street_object WHERE source_id = 'boom-1'"
    )
    tree = frame[frame["source_id"] == "boom-1"].geometry.iloc[0]
    assert (tree.x, tree.y) == pytest.approx((x, y), abs=0.001)


def test_csv_has_coordinates_and_no_cell_that_a_spreadsheet_would_run(world: World) -> None:
    comments = list(csv.DictReader(io.StringIO(download(world, "comments.csv").content.decode())))
    assert {row["text"] for row in comments} == {"'=HYPERLINK(1) mooi", "Dank je", "Hier ook"}
    (placed,) = (row for row in comments if row["wkt"])
    assert shapely.from_wkt(placed["wkt"]).coords[0] == pytest.approx(
        (float(placed["lon"]), float(placed["lat"])), abs=1e-8
    )
    (design,) = csv.DictReader(io.StringIO(download(world, "designs.csv").content.decode()))
    assert design["title"] == '\'=Bomen "en" meer, é'


@pytest.mark.parametrize(
    "text_", ["=1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "＋1", "\u00a0=1", "%x", "|x", "\r=1"]
)
def test_whatever_could_start_a_formula_is_made_text(app: Flask, world: World, text_: str) -> None:
    with app.app_context():
        comment = db.session.execute(
            text("SELECT id, text FROM comment WHERE geom IS NOT NULL AND status = 'visible'")
        ).one()
        db.session.execute(
            text("UPDATE comment SET text = :t, revision = revision + 1 WHERE id = :id"),
            {"t": text_, "id": comment.id},
        )
        db.session.commit()
        try:
            found = {
                row["id"]: row["text"]
                for row in csv.DictReader(
                    io.StringIO(download(world, "comments.csv").content.decode(), newline="")
                )
            }
        finally:
            db.session.execute(
                text("UPDATE comment SET text = :t, revision = revision + 1 WHERE id = :id"),
                {"t": comment.text, "id": comment.id},
            )
            db.session.commit()
    assert found[str(comment.id)] == "'" + text_


@pytest.mark.parametrize("form", FORMATS)
def test_an_unchanged_export_is_not_sent_again_and_a_changed_one_is(
    app: Flask, world: World, form: str
) -> None:
    first = download(world, f"assignments.{form}")
    again = download(world, f"assignments.{form}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert download(world, f"assignments.{form}").content == first.content
    with app.app_context():
        db.session.execute(
            text("UPDATE assignment SET title = title || '!', revision = revision + 1, updated_at = now()")
        )
        db.session.commit()
    changed = download(world, f"assignments.{form}", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.content != first.content


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_can_be_of_one_assignment_and_of_nothing(world: World, form: str) -> None:
    for name in ("designs", "street-objects", "neighbourhoods"):
        assert download(world, f"{name}.{form}?assignment=kade").status_code == 200
    assert download(world, f"changes-lines.{form}?assignment=kade").status_code == 200


def test_an_empty_collection_is_an_empty_feature_collection(world: World) -> None:
    assert download(world, "changes-lines.geojson").json()["features"] == []


def test_a_reader_that_leaves_gives_its_connection_back(app: Flask, world: World) -> None:
    for _number in range(30):
        with requests.get(
            f"{world.url}/api/export/street-objects.csv?assignment=kade", stream=True, timeout=20
        ) as answer:
            assert answer.status_code == 200
    with app.app_context():
        assert download(world, "street-objects.geojson").status_code == 200


def test_asking_only_for_the_headers_makes_no_file(world: World) -> None:
    answer = requests.head(f"{world.url}/api/export/comments.fgb?crs=EPSG:3857", timeout=20)
    assert answer.status_code == 200 and answer.content == b"" and answer.headers["ETag"]
    # A length of 0 would be that of the file, to who asks before reading.
    assert "Content-Length" not in answer.headers


def test_the_headers_of_a_file_that_is_there_tell_its_length(world: World) -> None:
    file = f"{world.url}/api/export/comments.gpkg?assignment=kade"
    read = requests.get(file, timeout=20)
    answer = requests.head(file, timeout=20)
    assert int(answer.headers["Content-Length"]) == len(read.content) > 0


@pytest.mark.parametrize("form", ["fgb", "gpkg"])
def test_gdal_reads_a_file_where_it_lies(world: World, form: str) -> None:
    """QGIS opens an address in this way; GDAL asks for the length before it reads."""
    import pyogrio

    frame = pyogrio.read_dataframe(f"/vsicurl/{world.url}/api/export/changes-points.{form}")
    assert len(frame) == len(download(world, "changes-points.geojson").json()["features"]) > 0


@pytest.mark.parametrize("form", FORMATS)
def test_the_command_writes_the_same_file(app: Flask, world: World, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    arguments = [
        "export",
        "--collection",
        "changes",
        "--format",
        form,
        "--assignment",
        "kade",
        "--output",
        str(path),
    ]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    if form in ("geojson", "csv"):
        assert path.read_bytes() == download(world, f"changes.{form}?assignment=kade").content
    else:
        assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--assignment", "nowhere"], "no assignment"),
        (["--crs", "EPSG:1"], "cannot be used"),
        (["--output", "/nonexistent/folder/x.geojson"], "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(
    app: Flask, world: World, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    start = [
        "export",
        "--collection",
        "changes",
        "--format",
        "geojson",
        "--output",
        str(tmp_path / "x.geojson"),
    ]
    result = app.test_cli_runner().invoke(args=start + arguments)
    assert result.exit_code != 0 and sentence in result.output and "Traceback" not in result.output


def test_what_a_killed_process_left_half_made_is_swept_away(app: Flask, world: World) -> None:
    folder = Path(app.config["CACHE_DIR"]) / "exports"
    old, recent = folder / "part-old", folder / "part-recent"
    old.write_text("half")
    recent.write_text("half")
    os.utime(old, (0, 0))
    with app.app_context():
        db.session.execute(text("UPDATE neighbourhood SET attribution = 'anders'"))
        db.session.commit()
    for _time in range(2):
        assert download(world, "neighbourhoods.csv?assignment=kade").status_code == 200
    assert not old.exists() and recent.exists()
    recent.unlink()


def test_an_export_is_kept_from_the_second_time_on_and_stays_the_same(app: Flask, world: World) -> None:
    folder = Path(app.config["CACHE_DIR"]) / "exports"

    def state(number: int) -> None:
        with app.app_context():
            db.session.execute(text(f"UPDATE neighbourhood SET attribution = 'bron {number}'"))
            db.session.commit()

    def kept() -> list[str]:
        return sorted(path.name for path in folder.glob("neighbourhoods.*.geojson"))

    for earlier in kept():
        (folder / earlier).unlink()
    state(1)
    first = download(world, "neighbourhoods.geojson").content
    before = kept()
    second = download(world, "neighbourhoods.geojson").content
    after = kept()
    assert before == [] and len(after) == 1
    assert (
        (folder / after[0]).read_bytes()
        == first
        == second
        == download(world, "neighbourhoods.geojson").content
    )
    state(2)
    assert b"bron 2" in download(world, "neighbourhoods.geojson").content
    assert b"bron 2" in download(world, "neighbourhoods.geojson").content
    assert len(kept()) == 1 and kept() != after


@pytest.mark.parametrize("form", ["geojson", "fgb"])
def test_a_copy_that_another_process_clears_away_costs_nobody_an_answer(
    app: Flask, world: World, form: str
) -> None:
    """A process that keeps a newer state removes the older file, whoever is about to read it."""
    folder = Path(app.config["CACHE_DIR"]) / "exports"
    over = threading.Event()

    def clear_away() -> None:
        while not over.is_set():
            for kept in folder.glob(f"neighbourhoods.*.{form}"):
                kept.unlink(missing_ok=True)

    other = threading.Thread(target=clear_away)
    other.start()
    try:
        answers = [download(world, f"neighbourhoods.{form}") for _time in range(20)]
    finally:
        over.set()
        other.join()
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.content for answer in answers)
