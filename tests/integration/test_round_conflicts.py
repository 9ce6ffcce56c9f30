"""Which designs exclude each other, what a frozen round keeps in place, and who makes rounds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from flask import Flask

from app.accounts.domain import Actor
from app.core.geometry import to_wkb
from app.core.transaction import transaction
from app.designs.models import Change, Design, DesignVersion
from app.errors import Forbidden, Invalid, WrongState
from app.extensions import db
from app.votes.letters.domain import Addressed
from app.votes.rounds import queries, service
from app.votes.rounds.drafts import OptionDraft
from app.votes.rounds.models import Round
from tests.factories import Resident, rd_box, rd_point
from tests.factories.people import Browser
from tests.factories.rounds import announced_round, draft, planner, street_to_vote_on


@pytest.fixture
def by(app: Flask, clean: None) -> Iterator[Actor]:
    """A planner, with an application context around the whole test."""
    with app.test_request_context("/"):
        yield planner()
        db.session.remove()


def drawn(assignment_id: uuid.UUID, *changes: tuple[str, shapely.Geometry, dict[str, Any]]) -> uuid.UUID:
    """A submitted design with these changes: action, geometry, further columns."""
    with transaction():
        made = Design(assignment_id=assignment_id, status="submitted", submitted_at=datetime.now(UTC))
        version = DesignVersion(version=1, title="Ontwerp", cost_low_eur=1, cost_high_eur=10)
        version.changes = [
            Change(position=n, action=action, geom=to_wkb(place), **more)
            for n, (action, place, more) in enumerate(changes)
        ]
        made.versions = [version]
        db.session.add(made)
        db.session.flush()
        return made.id


def a_round_of(by: Actor, assignment: Any, designs: list[uuid.UUID]) -> Round:
    with transaction():
        round_ = service.make_round(by, assignment, draft())
        drafts = [OptionDraft(one) for one in designs]
        service.set_options(by, round_.id, drafts, round_.revision, datetime.now(UTC))
    return round_


def pairs(round_: Round) -> dict[str, float]:
    return {one.a + one.b: one.overlap_m2 for one in queries.conflicts_of(round_.id)}


def test_conflicts_are_proposed_from_the_ground_that_designs_take(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    green: dict[str, Any] = {"kind": "planting_bed"}
    a = drawn(assignment.id, ("add", rd_box(10, 6, 20, 10), green))
    # 4 m of B's 10 lie over A, over the full 2 m that they have in common: 8 m².
    b = drawn(assignment.id, ("add", rd_box(16, 8, 26, 12), green))
    # C touches A and B and overlaps nothing.
    c = drawn(assignment.id, ("add", rd_box(20, 6, 24, 8), green))
    # D's two parts both lie over A, and over each other, which counts once: 2 × 2 + 2 × 2 − 1 × 2.
    d = drawn(
        assignment.id,
        ("add", rd_box(10, 6, 12, 8), green),
        ("add", rd_box(11, 6, 13, 8), green),
    )
    round_ = a_round_of(by, assignment, [a, b, c, d])
    found = pairs(round_)
    assert found.keys() == {"AB", "AD"}
    assert found["AB"] == pytest.approx(8, abs=0.02)
    assert found["AD"] == pytest.approx(6, abs=0.02)


def test_points_and_lines_take_ground_too_and_far_points_do_not(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    tree = drawn(assignment.id, ("add", rd_point(30, 2), {"kind": "tree_small"}))
    near = drawn(assignment.id, ("add", rd_point(30.3, 2), {"kind": "tree_small"}))
    far = drawn(assignment.id, ("add", rd_point(40, 2), {"kind": "tree_small"}))
    found = pairs(a_round_of(by, assignment, [tree, near, far]))
    assert found.keys() == {"AB"}


def test_what_one_design_takes_away_and_another_keeps_is_a_conflict(app: Flask, by: Actor) -> None:
    from tests.factories import object_id

    assignment = street_to_vote_on()
    bay: dict[str, Any] = {"object_id": object_id("vak-0"), "object_kind": "parking"}
    place = rd_box(10, 4, 16, 6)
    gone = drawn(assignment.id, ("remove", place, bay))
    gone_too = drawn(assignment.id, ("remove", place, bay))
    kept = drawn(assignment.id, ("keep", place, bay))
    kept_too = drawn(assignment.id, ("keep", place, bay))
    found = pairs(a_round_of(by, assignment, [gone, gone_too, kept, kept_too]))
    # A bay of 6 by 2 metres. Taking the same away, or keeping the same, is no conflict.
    assert found.keys() == {"AC", "AD", "BC", "BD"}
    assert list(found.values()) == pytest.approx([12] * 4, abs=0.05)


def test_no_phase_moves_away_from_under_a_frozen_round(app: Flask, by: Actor) -> None:
    from datetime import timedelta

    from app.core.geometry import from_wkb
    from app.projects import service as projects
    from app.projects.phases import PhaseDraft

    assignment = street_to_vote_on()
    announced_round(assignment, by=by, opens_in=60, open_for=86_400)
    now = datetime.now(UTC)

    def end_voting(ends_at: datetime) -> None:
        spans = [PhaseDraft(one.type, one.starts_at, one.ends_at, one.id) for one in assignment.phases]
        brief = projects.Brief(
            title=assignment.title,
            question=assignment.question,
            area=from_wkb(assignment.area),
            phases=tuple(
                PhaseDraft(one.type, one.starts_at, ends_at, one.id) if one.type == "choose" else one
                for one in spans
            ),
            **{name: getattr(assignment, name) for name in projects.TEXTS},
        )
        with transaction():
            projects.change_assignment(by, assignment, brief, assignment.revision, now, reason="Vakantie.")

    with pytest.raises(Invalid) as refused:
        end_voting(now + timedelta(hours=12))
    assert [problem.pointer for problem in refused.value.problems] == ["/phases"]
    end_voting(now + timedelta(days=2))


def test_every_conflict_is_settled_with_a_reason_before_the_freeze(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    green: dict[str, Any] = {"kind": "planting_bed"}
    designs = [drawn(assignment.id, ("add", rd_box(10, 6, 20, 10), green)) for _number in range(2)]
    designs.append(drawn(assignment.id, ("add", rd_box(50, 6, 60, 10), green)))
    round_ = a_round_of(by, assignment, designs)
    now = datetime.now(UTC)
    with transaction():
        service.change_round(by, round_.id, draft(opens_in=60), round_.revision, now)
    with pytest.raises(Invalid) as refused, transaction():
        service.freeze(by, round_.id, round_.revision, now)
    assert [problem.pointer for problem in refused.value.problems] == ["/conflicts/A-B"]
    with pytest.raises(Invalid), transaction():
        service.decide_conflict(by, round_.id, "A", "B", confirmed=True, reason=" ", now=now)
    with transaction():
        # Also of a pair that takes no common ground, in either order.
        service.decide_conflict(by, round_.id, "C", "A", confirmed=True, reason="Zelfde verkeer.", now=now)
        service.decide_conflict(by, round_.id, "A", "B", confirmed=False, reason="Past samen.", now=now)
    # The order changes, and with it the codes; what was decided about two designs stays.
    with transaction():
        drafts = [OptionDraft(one) for one in reversed(designs)]
        service.set_options(by, round_.id, drafts, round_.revision, now)
    decided = {one.a + one.b: (one.state, one.reason) for one in queries.conflicts_of(round_.id)}
    assert decided == {"AC": ("confirmed", "Zelfde verkeer."), "BC": ("waived", "Past samen.")}
    with transaction():
        frozen = service.freeze(by, round_.id, round_.revision, now)
        assert frozen.freeze_document is not None
        listed = json.loads(frozen.freeze_document)["conflicts"]
    assert [(one["a"], one["b"], one["state"]) for one in listed] == [
        ("A", "C", "confirmed"),
        ("B", "C", "waived"),
    ]
    for act in (
        lambda: service.decide_conflict(by, round_.id, "A", "B", confirmed=True, reason="Toch.", now=now),
        lambda: service.change_round(by, round_.id, draft(), round_.revision, now),
        lambda: service.set_options(by, round_.id, [], round_.revision, now),
        lambda: service.delete_round(by, round_.id, now),
        lambda: service.freeze(by, round_.id, round_.revision, now),
    ):
        with pytest.raises(WrongState), transaction():
            act()


def test_a_design_on_a_ballot_is_not_withdrawn_any_more_and_its_version_stays_readable(
    app: Flask, by: Actor
) -> None:
    from tests.factories import design_body

    assignment = street_to_vote_on()
    author = Resident(app.test_client())
    made = []
    for title in ("Een", "Twee"):
        answer = author.send("POST", "/api/designs", design_body(title=title))
        made.append(uuid.UUID(answer.get_json()["id"]))
        author.send("POST", f"/api/designs/{made[-1]}/submit")
    round_ = a_round_of(by, assignment, made)
    now = datetime.now(UTC)
    with transaction():
        service.change_round(by, round_.id, draft(opens_in=60), round_.revision, now)
        for one in queries.conflicts_of(round_.id):
            service.decide_conflict(
                by, round_.id, one.a, one.b, confirmed=True, reason="Zelfde plek.", now=now
            )
        service.freeze(by, round_.id, round_.revision, now)
    refused = author.send("POST", f"/api/designs/{made[0]}/withdraw")
    assert refused.status_code == 409 and "stembriefje" in refused.get_json()["detail"]
    # It can still be worked on: the next version is another one than the one that is voted on.
    etag = author.client.get(f"/api/designs/{made[0]}").headers["ETag"]
    changed = author.send("PUT", f"/api/designs/{made[0]}", design_body(title="Later"), **{"If-Match": etag})
    assert changed.get_json()["properties"]["version"] == 2
    option = app.test_client().get(f"/api/rounds/{round_.id}").get_json()["options"][0]
    assert (option["version"], option["title"]) == (1, "Een")
    page = app.test_client().get(option["url"])
    assert page.status_code == 200 and "Een" in page.get_data(as_text=True)
    # Erasing the author leaves the round and its versions as they are.
    account = Browser(author.client)
    assert account.post("/me/erase", {"sure": "yes"}).status_code == 303
    assert app.test_client().get(option["url"]).status_code == 200
    assert app.test_client().get(f"/api/rounds/{round_.id}").get_json()["options"][0] == option


def test_a_draft_that_is_thrown_away_takes_its_letters_along(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    now = datetime.now(UTC)
    with transaction():
        round_ = service.make_round(by, assignment, draft(electorate="letter", opens_in=60))
        service.make_letters(by, round_.id, [Addressed("Kade 1")], now)
    round_id = round_.id
    with transaction():
        service.delete_round(by, round_id, now)
    assert db.session.scalar(db.text("SELECT count(*) FROM letter_code")) == 0


def test_only_planners_make_rounds_and_two_of_them_do_not_overwrite_each_other(app: Flask, by: Actor) -> None:
    from app.errors import EditedMeanwhile

    assignment = street_to_vote_on()
    with pytest.raises(Forbidden), transaction():
        service.make_round(Actor(by.id), assignment, draft())
    with transaction():
        round_ = service.make_round(by, assignment, draft())
    round_id, revision, now = round_.id, round_.revision, datetime.now(UTC)
    assert app.test_client().get(f"/api/rounds/{round_id}").status_code == 404
    assert app.test_client().get(f"/api/rounds/{round_id}/freeze").status_code == 404
    with transaction():
        service.change_round(by, round_id, draft("ranking"), revision, now)
    with pytest.raises(EditedMeanwhile), transaction():
        service.change_round(by, round_id, draft("points"), revision, now)


def test_everything_wrong_with_a_round_is_told_at_once(app: Flask, by: Actor) -> None:
    from dataclasses import replace

    assignment = street_to_vote_on()
    wrong = replace(
        draft("points"),
        title=" ",
        rule="mes",
        electorate="area",
        closes_at=datetime(2000, 1, 1, tzinfo=UTC),
        parameters={"points": 0, "winners": "veel", "budget_eur": "12,50", "colour": 1},
        electorate_parameters={"paper_ballots": -1, "area": "{"},
    )
    with pytest.raises(Invalid) as refused, transaction():
        service.make_round(by, assignment, wrong)
    assert {problem.pointer for problem in refused.value.problems} == {
        "/title", "/rule", "/closes_at", "/parameters/points", "/parameters/winners",
        "/parameters/budget_eur", "/parameters/colour",
        "/electorate_parameters/paper_ballots", "/electorate_parameters/area",
    }  # fmt: skip
