"""Parts of designs as options of a round: cost, content, conflicts and pages, and what the database keeps."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.exc import DBAPIError

from app.accounts.domain import Actor
from app.core.transaction import transaction
from app.designs.queries import design_by_id, version_of
from app.errors import Invalid
from app.extensions import db
from app.projects.models import Assignment
from app.votes.results import service as results
from app.votes.rounds import freezing, queries, service
from app.votes.rounds.drafts import OptionDraft
from app.votes.rounds.models import Round
from tests.factories import Resident, addition, design_body, object_id
from tests.factories.people import Browser, sign_in
from tests.factories.rounds import draft, planner, street_to_vote_on
from tests.factories.statements import asked


@pytest.fixture
def by(app: Flask, clean: None) -> Iterator[Actor]:
    """A planner, with an application context around the whole test."""
    with app.test_request_context("/"):
        yield planner()
        db.session.remove()


def drawn(app: Flask, *features: dict[str, Any], title: str = "Groen en zitten") -> uuid.UUID:
    """A submitted design with these changes, drawn through the API."""
    author = Resident(app.test_client())
    made = author.send("POST", "/api/designs", design_body("kade", *features, title=title))
    assert made.status_code == 201, made.get_json()
    design = made.get_json()["id"]
    assert author.send("POST", f"/api/designs/{design}/submit").status_code == 200
    return uuid.UUID(design)


def tree_bench_tree(app: Flask) -> uuid.UUID:
    return drawn(app, addition(20, 2), addition(40, 2, "bench"), addition(80, 2))


def with_options(by: Actor, assignment: Assignment, *drafts: OptionDraft, **fields: Any) -> Round:
    with transaction():
        round_ = service.make_round(by, assignment, draft(opens_in=600, **fields))
        service.set_options(by, round_.id, drafts, round_.revision, datetime.now(UTC))
    return round_


def part(design: uuid.UUID, *positions: int, title: str = "Een deel", **more: Any) -> OptionDraft:
    return OptionDraft(design, part=positions, title=title, **more)


def high_cost(design: uuid.UUID) -> Decimal:
    return Decimal(str(version_of(design_by_id(design)).cost_high_eur))


def test_a_part_costs_what_a_design_of_only_its_changes_would_cost(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    whole, alone = tree_bench_tree(app), drawn(app, addition(40, 2, "bench"), title="Alleen de bank")
    round_ = with_options(by, assignment, part(whole, 1, title="  De   bank "), OptionDraft(alone))
    one, other = queries.options_of(round_.id)
    assert one.cost_eur == other.cost_eur == high_cost(alone) < high_cost(whole)
    assert (one.title, one.part, other.part) == ("De bank", [1], [])
    assert one.part_effects is not None and other.part_effects is None
    assert one.part_effects["seats"]["change"] == version_of(design_by_id(alone)).effects["seats"]["change"]
    assert "how" not in one.part_effects["seats"]


def test_the_freeze_tells_exactly_the_changes_of_a_part_and_whole_designs_as_before(
    app: Flask, by: Actor
) -> None:
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    documents = []
    round_ = with_options(by, assignment, part(design, 0, 1), OptionDraft(other))
    for positions in ((0, 1), (0, 2), (1, 0)):
        with transaction():
            service.set_options(
                by,
                round_.id,
                [part(design, *positions), OptionDraft(other)],
                round_.revision,
                datetime.now(UTC),
            )
        documents.append(json.loads(freezing.document_of(round_)))
    first, second, again = (document["options"] for document in documents)
    assert first[0]["part"] == [0, 1] and second[0]["part"] == [0, 2]
    assert first[0]["content_sha256"] != second[0]["content_sha256"]
    assert again == first
    # The keys of a whole design are those that a document always had.
    assert set(first[1]) == {
        *("code", "design", "version", "title", "cost_eur", "cost_note", "content_sha256")
    }
    assert first[1]["content_sha256"] == second[1]["content_sha256"]


def test_parts_conflict_only_where_they_share_ground_or_a_change(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    design = tree_bench_tree(app)
    # A bench where the design has its bench: in the way of the second part only.
    rival = drawn(app, addition(40, 2, "bench"), title="Andere bank")
    round_ = with_options(
        by,
        assignment,
        part(design, 0, title="De eerste boom"),
        part(design, 1, title="De bank"),
        part(design, 0, 2, title="Twee bomen"),
        OptionDraft(rival),
        OptionDraft(design),
    )
    pairs = {(one.a, one.b) for one in queries.conflicts_of(round_.id)}
    assert pairs == {("A", "C"), ("B", "D"), ("A", "E"), ("B", "E"), ("C", "E"), ("D", "E")}


def test_two_parts_that_take_the_same_thing_away_are_a_conflict_since_it_is_paid_once(
    app: Flask, by: Actor
) -> None:
    assignment = street_to_vote_on()
    trees = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": {"action": "remove", "object": object_id(name)},
        }
        for name in ("boom-1", "boom-2", "bank-1")
    ]
    db.session.rollback()
    design = drawn(app, *trees, title="Leeg")
    round_ = with_options(by, assignment, part(design, 0, 1), part(design, 1, 2, title="Ander deel"))
    (found,) = queries.conflicts_of(round_.id)
    assert (found.a, found.b, found.state) == ("A", "B", "proposed") and found.overlap_m2 > 0


@pytest.mark.parametrize(
    ("positions", "title", "where"),
    [
        ((0, 1, 2), "Alles", "/options/0/part"),
        ((3,), "Niets", "/options/0/part"),
        ((0, 0), "Dubbel", "/options/0/part"),
        ((-1,), "Ervoor", "/options/0/part"),
        ((0,), "  ", "/options/0/title"),
    ],
)
def test_what_is_no_part_is_refused(
    app: Flask, by: Actor, positions: tuple[int, ...], title: str, where: str
) -> None:
    assignment = street_to_vote_on()
    design = tree_bench_tree(app)
    with pytest.raises(Invalid) as refused:
        with_options(by, assignment, part(design, *positions, title=title))
    assert [problem.pointer for problem in refused.value.problems] == [where]


def test_one_part_stands_in_a_round_once(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    design = tree_bench_tree(app)
    with pytest.raises(Invalid) as refused:
        with_options(by, assignment, part(design, 0, 1), part(design, 1, 0))
    assert [problem.pointer for problem in refused.value.problems] == ["/options/1"]


def test_the_database_itself_refuses_what_is_no_part_and_keeps_frozen_ones(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    round_ = with_options(by, assignment, part(design, 0), OptionDraft(other))
    identity, revision = round_.id, round_.revision
    for wrong in ("{1,0}", "{0,0}", "{0,NULL}", "{0,1,2}", "{7}", "{{0},{1}}", "{}"):
        with pytest.raises(DBAPIError):
            db.session.execute(
                db.text("UPDATE round_option SET part = CAST(:part AS integer[]) WHERE code = 'A'"),
                {"part": wrong},
            )
        db.session.rollback()
    with transaction():
        service.freeze(by, identity, revision, datetime.now(UTC))
    for statement in (
        "UPDATE round_option SET part = '{1}' WHERE code = 'A'",
        "UPDATE round_option SET part_effects = '{}' WHERE code = 'A'",
        f"UPDATE change SET position = 9 WHERE design_id = '{design}' AND position = 0",
    ):
        with pytest.raises(DBAPIError) as refused:
            db.session.execute(db.text(statement))
        assert getattr(refused.value.orig, "sqlstate", "") == queries.FROZEN
        db.session.rollback()


def test_api_ballot_and_pictures_show_the_part_alone(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    round_ = with_options(by, assignment, part(design, 1, title="De bank alleen"), OptionDraft(other))
    identity = round_.id
    with transaction():
        service.freeze(by, identity, round_.revision, datetime.now(UTC))
    client = app.test_client()
    told = client.get(f"/api/rounds/{identity}").get_json()["options"]
    assert [(one["title"], one["part"]) for one in told] == [("De bank alleen", [1]), ("Bank", None)]
    page = client.get(f"/rounds/{identity}").text
    assert "De bank alleen" in page and "Een deel van het ontwerp “Groen en zitten”." in page
    # One change of three; the whole design has two trees.
    assert "1 wijziging: " in page and "3 wijzigingen" not in page and "2 bomen erbij" not in page
    assert "1 wijziging: " in client.get(f"/rounds/{identity}/options/A.svg").text


def test_a_part_stands_beside_the_whole_design_and_beside_another(app: Flask, by: Actor) -> None:
    """The whole has a tree, a bench and a tree; the part is the bench. Another is a bench elsewhere."""
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    round_ = with_options(
        by, assignment, OptionDraft(design), part(design, 1, title="De bank alleen"), OptionDraft(other)
    )
    identity = round_.id
    codes = {one.title: one.code for one in queries.options_of(identity)}
    whole, bench, elsewhere = (codes[title] for title in ("Groen en zitten", "De bank alleen", "Bank"))
    for conflict in queries.conflicts_of(identity):
        with transaction():
            service.decide_conflict(
                by, identity, conflict.a, conflict.b, confirmed=True, reason="Samen.", now=datetime.now(UTC)
            )
    with transaction():
        service.freeze(by, identity, queries.round_by_id(identity).revision, datetime.now(UTC))
    client = app.test_client()
    path = f"/rounds/{identity}/compare"

    answer = client.get(f"{path}?a={whole}&b={bench}")
    assert answer.status_code == 200
    page = " ".join(html.fromstring(answer.text).text_content().split())
    assert "Alleen in A: Groen en zitten (2)" in page
    assert "In allebei hetzelfde (1)" in page
    assert "Alleen in B" not in page
    assert "Een deel van “Groen en zitten” · 1 wijziging" in page

    swapped = html.fromstring(answer.text).xpath("//a[contains(., 'Wissel A en B')]/@href")
    assert swapped == [f"{path}?a={bench}&b={whole}"]
    for picture in html.fromstring(answer.text).xpath("//img[@data-picture]/@src"):
        assert client.get(picture).mimetype == "image/svg+xml"
    show = html.fromstring(answer.text).xpath("//a[@data-show]/@href")[0]
    assert client.get(show).status_code == 200

    # Two benches: only how many there are is the same, so nothing of the trees is left.
    beside = client.get(f"{path}?a={bench}&b={elsewhere}")
    assert beside.status_code == 200 and "bomen" not in beside.text.lower().split("alle andere gevolgen")[0]
    assert client.get(f"{path}?a={bench}&b={bench}").status_code == 422
    assert client.get(f"{path}?a={bench}&b=Z").status_code == 422
    assert client.get(f"{path}/c.svg?a={bench}&b={whole}").status_code == 404
    assert client.get(f"{path}/a.svg?a={bench}&b=Z").status_code == 404


def test_a_round_with_parts_is_counted_and_its_file_counts_again(
    app: Flask, by: Actor, tmp_path: Path
) -> None:
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    round_ = with_options(
        by,
        assignment,
        part(design, 1, title="De bank alleen", cost_eur=Decimal(4000), cost_note="Begroting"),
        part(design, 2, title="Eén boom", cost_eur=Decimal(5000), cost_note="Begroting"),
        OptionDraft(other, Decimal(9000), "Begroting"),
    )
    identity = round_.id
    with transaction():
        service.freeze(by, identity, round_.revision, datetime.now(UTC))
    now = datetime.now(UTC)
    with transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(
            db.text("UPDATE round SET opens_at = :opens, closes_at = :closes WHERE id = :id"),
            {"opens": now - timedelta(days=2), "closes": now - timedelta(hours=1), "id": identity},
        )
        for number in range(12):
            db.session.execute(
                db.text(
                    "INSERT INTO ballot (round_id, voter, version, choices, receipt_hash)"
                    ' VALUES (:id, sha256(:n), 1, \'["A", "B"]\', sha256(:n))'
                ),
                {"id": identity, "n": str(number).encode()},
            )
        db.session.execute(db.text("SET LOCAL session_replication_role = origin"))
    with transaction():
        results.count(identity, 10)
        results.publish(identity)
    client = app.test_client()
    page = client.get(f"/rounds/{identity}/result").text
    assert "De bank alleen" in page and "Een deel van het ontwerp “Groen en zitten”." in page
    for path in ("result", "result.svg"):
        db.session.remove()
        with asked() as statements:
            client.get(f"/rounds/{identity}/{path}")
        # One question about all designs, their changes with it, however many won.
        assert sum("FROM design_version" in one for one in statements) == 1, path
        assert sum("FROM change" in one for one in statements) == 1, path
    # Two winners of one change each, on the list and on the map.
    assert page.count("1 wijziging<") == 2
    assert "2 wijzigingen" in client.get(f"/rounds/{identity}/result.svg").text
    file = tmp_path / "round.json"
    file.write_text(client.get(f"/rounds/{identity}/round.json").text)
    counted = app.test_cli_runner().invoke(args=["votes", "recount", str(file)])
    assert counted.exit_code == 0, counted.output


def test_a_planner_makes_a_part_by_ticking_changes(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    design, other = tree_bench_tree(app), drawn(app, addition(60, 9, "bench"), title="Bank")
    with transaction():
        identity = service.make_round(by, assignment, draft(opens_in=600)).id
    noor = Browser(app.test_client())
    sign_in(noor, str(by.email))
    path = f"/desk/rounds/{identity}/options"
    key = f"{design}-0"
    form: dict[str, Any] = {
        "revision": "1",
        f"design-{other}": "yes",
        f"design-{key}": "yes",
        f"title-{key}": "",
    }
    refused = noor.post(path, form)
    assert refused.status_code == 422 and "Kies welke wijzigingen bij dit deel horen." in refused.text
    refused = noor.post(path, {**form, f"change-{key}": ["0", "1"]})
    assert refused.status_code == 422 and f'href="#f-title-{key}"' in refused.text
    # What was ticked stays ticked.
    assert 'value="1" checked' in refused.text
    done = noor.post(path, {**form, f"change-{key}": ["0", "1"], f"title-{key}": "Boom en bank"})
    assert done.status_code == 303
    db.session.rollback()
    options = queries.options_of(identity)
    assert [(one.title, one.part) for one in options if one.design_id == design] == [("Boom en bank", [0, 1])]
    page = noor.client.get(path).text
    assert "Deel: Boom en bank" in page and f"title-{design}-1" in page
    assert f"title-{other}-0" not in page  # a design of one change has no parts
