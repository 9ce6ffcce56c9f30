"""Each action by phase, degree and role: over HTTP, in services, in statements that check by themselves."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor, Role
from app.core.transaction import transaction
from app.errors import EditedMeanwhile, Forbidden, Invalid, WrongState
from app.extensions import db
from app.projects import permissions, phase_types, phases, queries, service
from app.projects.models import Assignment, PhaseMove
from app.projects.phases import Degree, PhaseDraft
from app.projects.queries import assignment_by_slug
from tests.factories import PLANNER, Resident, addition, design_body, make_street

NOW = datetime(2027, 5, 10, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICRO = timedelta(microseconds=1)
ACTIONS = tuple(phase_types.ACTIONS)
# What each type of phase opens, and each degree allows: written down again, from what people were promised.
OPENS = {
    "look": set(),
    "talk": {"comments.place", "polls.answer"},
    "draw": {"designs.draw", "designs.support", "comments.place", "polls.answer"},
    "choose": {"designs.support", "rounds.vote", "polls.answer"},
    "answer": {"adoption.pledge", "consent.answer", "polls.answer"},
}
ALLOWS: dict[str, set[str]] = {
    "inform": set(),
    "consult": {"comments.place", "polls.answer"},
    **{degree: set(ACTIONS) for degree in ("advise", "co-produce", "decide")},
}
ACTORS = {
    role: Actor(id=None if role is Role.VISITOR else uuid4(), role=role, email=None)
    for role in (Role.VISITOR, Role.GUEST, Role.RESIDENT, Role.PLANNER, Role.MODERATOR)
}


def is_open_in_sql(assignment: Assignment, action: str, now: datetime) -> bool:
    """What the statements that check by themselves would find."""
    condition = queries.is_open_sql("%(now)s")
    for name in ("degrees", "phase_types", "now"):
        condition = condition.replace(f"%({name})s", f":{name}")
    return bool(
        db.session.scalar(
            text(f"SELECT {condition} FROM assignment a WHERE a.id = :id"),
            {**queries.is_open_parameters(action), "now": now, "id": assignment.id},
        )
    )


@pytest.mark.parametrize("degree", list(Degree))
@pytest.mark.parametrize("kind", list(OPENS))
def test_every_action_by_phase_degree_and_role(context: Flask, kind: str, degree: Degree) -> None:
    """Before, at and after each edge; the same in Python and in SQL."""
    one = (PhaseDraft(kind, NOW - HOUR, NOW + HOUR),)
    assignment = make_street(now=NOW, phases=one, degree=degree)
    moments = {
        NOW - HOUR - MICRO: False,
        NOW - HOUR: True,
        NOW: True,
        NOW + HOUR - MICRO: True,
        NOW + HOUR: False,
        NOW + HOUR + MICRO: False,
    }
    for (moment, runs), action in itertools.product(moments.items(), ACTIONS):
        expected = runs and action in OPENS[kind] & ALLOWS[degree]
        assert is_open_in_sql(assignment, action, moment) is expected, (moment, action)
        for role, actor in ACTORS.items():
            may = expected and role is not Role.VISITOR
            assert permissions.can(actor, assignment, action, moment) is may, (moment, action, role)
            if may:
                service.require_action(actor, assignment, action, moment)
            else:
                with pytest.raises(Forbidden):
                    service.require_action(actor, assignment, action, moment)


def test_nobody_does_anything_in_a_concept(context: Flask) -> None:
    assignment = make_street(now=NOW)
    assignment.published_at = None
    db.session.flush()
    for action, actor in itertools.product(ACTIONS, ACTORS.values()):
        assert not permissions.can(actor, assignment, action, NOW)
        assert not is_open_in_sql(assignment, action, NOW)


def said(assignment: Assignment, action: str, now: datetime) -> str:
    with pytest.raises(Forbidden) as failure:
        service.require_action(ACTORS[Role.GUEST], assignment, action, now)
    return failure.value.detail


def test_a_refusal_says_which_phase_opens_it_and_when(context: Flask) -> None:
    """Times in the municipality's zone: Amsterdam is two hours ahead of UTC in May."""
    two = (PhaseDraft("draw", NOW, NOW + 2 * HOUR), PhaseDraft("choose", NOW + 4 * HOUR, NOW + 6 * HOUR))
    assignment = make_street(now=NOW, phases=two)
    early = said(assignment, "designs.draw", NOW - HOUR)
    assert "10 mei 2027, 11:30" in early and "Tekenen" in early and "nog niet" in early
    assert "10 mei 2027, 15:30" in said(assignment, "rounds.vote", NOW)
    gap = said(assignment, "designs.draw", NOW + 3 * HOUR)
    assert "niet meer" in gap and "10 mei 2027, 13:30" in gap
    assert "gesloten" in said(assignment, "rounds.vote", NOW + 6 * HOUR)
    assert "geen fase" in said(assignment, "consent.answer", NOW)
    assignment.degree = "consult"
    assert "niet bij deze opgave" in said(assignment, "designs.draw", NOW)


# Over HTTP, as residents do it


@contextmanager
def phase_is(app: Flask, kind: str, degree: str = "advise") -> Iterator[None]:
    """Make this the phase that runs."""
    with app.app_context(), transaction():
        kade = assignment_by_slug("kade")
        kade.phases[0].type, kade.degree = kind, degree
    yield


def attempts(resident: Resident, design: str, draft: str, tag: str) -> dict[str, int]:
    """What a resident tries, and the status of each answer."""
    change = design_body("kade", addition(25, 2), title="Anders")
    tries: dict[str, Any] = {
        "make": resident.send("POST", "/api/designs", design_body("kade")),
        "change": resident.send("PUT", f"/api/designs/{draft}", change, **{"If-Match": tag}),
        "add": resident.send("POST", f"/api/designs/{draft}/changes", addition(30, 2)),
        "submit": resident.send("POST", f"/api/designs/{draft}/submit"),
        "support": resident.send("PUT", f"/api/designs/{design}/support"),
        "unsupport": resident.send("DELETE", f"/api/designs/{design}/support"),
        "comment": resident.send("POST", "/api/comments", {"assignment": "kade", "text": str(uuid4())}),
    }
    return {name: answer.status_code for name, answer in tries.items()}


@pytest.mark.parametrize(
    ("kind", "degree", "possible"),
    [
        ("draw", "advise", {"make", "change", "add", "submit", "support", "unsupport", "comment"}),
        ("talk", "advise", {"comment"}),
        ("choose", "advise", {"support", "unsupport"}),
        ("answer", "advise", set()),
        ("look", "advise", set()),
        ("draw", "consult", {"comment"}),
        ("draw", "inform", set()),
    ],
)
def test_what_residents_can_do_over_http(
    app: Flask, clean: None, kind: str, degree: str, possible: set[str]
) -> None:
    with app.app_context():
        make_street()
    resident = Resident(app.test_client())
    design = resident.send("POST", "/api/designs", design_body("kade")).get_json()["id"]
    assert resident.send("POST", f"/api/designs/{design}/submit").status_code == 200
    made = resident.send("POST", "/api/designs", design_body("kade", addition(28, 2)))
    with phase_is(app, kind, degree):
        found = attempts(resident, design, made.get_json()["id"], made.headers["ETag"])
    assert {name for name, status in found.items() if status < 300} == possible, found
    assert {status for name, status in found.items() if name not in possible} <= {403}, found
    # Whatever the phase, one's own stays readable and can be taken back.
    assert resident.client.get(f"/api/designs/{design}").status_code == 200
    assert resident.send("POST", f"/api/designs/{design}/withdraw").status_code == 200


# What the database itself refuses


def test_the_database_refuses_two_phases_of_a_type_at_once(context: Flask) -> None:
    assignment = make_street(now=NOW)
    insert = text("INSERT INTO phase (assignment_id, type, starts_at, ends_at) VALUES (:id, :type, :a, :b)")
    row = {"id": assignment.id, "type": "draw", "a": NOW, "b": NOW + HOUR}
    db.session.execute(insert, {**row, "type": "choose"})
    db.session.execute(insert, row)
    with pytest.raises(IntegrityError, match="phase_apart"):
        db.session.commit()
    db.session.rollback()
    with pytest.raises(IntegrityError, match="ck_phase_dates"):
        db.session.execute(insert, {**row, "type": "talk", "b": NOW})
    db.session.rollback()


# Changing them while people see them


def change(
    assignment: Assignment, drafts: list[PhaseDraft], reason: str = "Het regent.", **more: Any
) -> None:
    from app.core.geometry import from_wkb

    brief = service.Brief(
        title=assignment.title,
        question=assignment.question,
        area=from_wkb(assignment.area),
        phases=tuple(drafts),
        **{name: getattr(assignment, name) for name in service.TEXTS},
    )
    service.change_assignment(
        more.get("actor", PLANNER),
        assignment,
        brief,
        more.get("revision", assignment.revision),
        NOW,
        reason=reason,
    )


def drafts_of(assignment: Assignment) -> list[PhaseDraft]:
    return [PhaseDraft(one.type, one.starts_at, one.ends_at, one.id) for one in assignment.phases]


def test_moving_a_date_is_logged_with_its_reason_and_moves_the_whole(context: Flask) -> None:
    assignment = make_street(now=NOW)
    (running,) = drafts_of(assignment)
    later = NOW + timedelta(days=60)
    change(assignment, [PhaseDraft("draw", running.starts_at, later, running.id)])
    (move,) = queries.moves_of(assignment)
    assert (move.old_starts_at, move.old_ends_at) == (running.starts_at, running.ends_at)
    assert (move.new_starts_at, move.new_ends_at) == (running.starts_at, later)
    assert (move.reason, move.by_role, move.moved_at) == ("Het regent.", "planner", NOW)
    assert assignment.closes_at == later
    assert assignment.phases[0].id == running.id


def test_phases_that_come_and_go_are_logged_too(context: Flask) -> None:
    assignment = make_street(now=NOW)
    running = drafts_of(assignment)
    vote = PhaseDraft("choose", NOW + timedelta(days=40), NOW + timedelta(days=50))
    change(assignment, [*running, vote])
    assert assignment.closes_at == vote.ends_at
    change(assignment, running, "Toch niet.")
    gone, came = queries.moves_of(assignment)
    assert (came.old_starts_at, came.new_starts_at, came.new_ends_at) == (None, vote.starts_at, vote.ends_at)
    assert (gone.old_starts_at, gone.new_starts_at, gone.reason) == (vote.starts_at, None, "Toch niet.")


def test_a_date_does_not_move_without_a_reason_and_other_words_need_none(context: Flask) -> None:
    assignment = make_street(now=NOW)
    (running,) = drafts_of(assignment)
    change(assignment, [running], reason="")
    assert queries.moves_of(assignment) == []
    with pytest.raises(Invalid) as failure:
        change(assignment, [PhaseDraft("draw", running.starts_at, None, running.id)], reason=" ")
    assert [problem.pointer for problem in failure.value.problems] == ["/reason"]


def test_two_phases_may_swap_their_times_in_one_change(context: Flask) -> None:
    first, second = (NOW + HOUR, NOW + 2 * HOUR), (NOW + 3 * HOUR, NOW + 4 * HOUR)
    assignment = make_street(now=NOW, phases=(PhaseDraft("draw", *first), PhaseDraft("draw", *second)))
    one, other = drafts_of(assignment)
    change(assignment, [PhaseDraft("draw", *second, one.id), PhaseDraft("draw", *first, other.id)])
    db.session.commit()
    assert [
        (phase.starts_at, phase.id) for phase in sorted(assignment.phases, key=lambda p: p.starts_at)
    ] == [
        (first[0], other.id),
        (second[0], one.id),
    ]


def test_only_planners_change_and_nobody_overwrites_a_colleague(context: Flask) -> None:
    assignment = make_street(now=NOW)
    with pytest.raises(Forbidden):
        change(assignment, drafts_of(assignment), actor=ACTORS[Role.RESIDENT])
    with pytest.raises(EditedMeanwhile):
        change(assignment, drafts_of(assignment), revision=assignment.revision + 1)


def test_a_concept_moves_freely_and_leaves_no_trace(context: Flask) -> None:
    assignment = make_street(now=NOW)
    assignment.published_at = None
    db.session.flush()
    change(assignment, [PhaseDraft("talk", NOW - 9 * HOUR, NOW - HOUR)], reason="")
    assert db.session.scalar(db.select(db.func.count()).select_from(PhaseMove)) == 0
    with pytest.raises(Invalid) as failure:
        service.publish_assignment(PLANNER, assignment, NOW)
    assert [problem.pointer for problem in failure.value.problems] == ["/phases"]
    change(assignment, [PhaseDraft("talk", NOW + HOUR, None)], reason="")
    service.publish_assignment(PLANNER, assignment, NOW)
    assert assignment.published_at == NOW
    with pytest.raises(WrongState):
        service.discard_concept(PLANNER, assignment)


def test_what_a_colleague_put_online_meanwhile_is_not_thrown_away(context: Flask) -> None:
    assignment = make_street(now=NOW)
    assignment.published_at = None
    db.session.commit()
    assert assignment.published_at is None
    with db.engine.begin() as colleague:
        colleague.execute(text("UPDATE assignment SET published_at = now()"))
    with pytest.raises(WrongState):
        service.discard_concept(PLANNER, assignment)


def test_what_is_missing_from_a_brief_is_asked_before_people_see_it(context: Flask) -> None:
    assignment = make_street(now=NOW)
    assignment.published_at = None
    assignment.who_decides = assignment.contact = " "
    db.session.flush()
    with pytest.raises(Invalid) as failure:
        service.publish_assignment(PLANNER, assignment, NOW)
    assert {problem.pointer for problem in failure.value.problems} == {"/who_decides", "/contact"}
    with pytest.raises(Forbidden):
        service.publish_assignment(ACTORS[Role.MODERATOR], assignment, NOW)


def test_phases_know_no_type_that_is_not_registered() -> None:
    assert {one.id for one in phases.types()} >= set(OPENS)


# What visitors read


@pytest.mark.parametrize(
    ("rows", "degree", "read"),
    [
        ([("draw", -24, 24)], "advise", "Doe mee tot en met"),
        ([("talk", -24, -1), ("draw", 24, 48)], "advise", "Tekenen begint op"),
        ([("look", -24, 48)], "advise", "Je kunt alles lezen"),
        ([("draw", -24, 48)], "inform", "Je kunt alles lezen"),
        ([("draw", 24, 48)], "advise", "Begint op"),
        ([("draw", -24, -1)], "advise", "Gesloten sinds"),
    ],
)
def test_a_card_says_whether_people_can_take_part_now(
    app: Flask, clean: None, rows: list[tuple[str, int, int]], degree: str, read: str
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        drafts = tuple(PhaseDraft(kind, now + HOUR * start, now + HOUR * end) for kind, start, end in rows)
        make_street(now=now, phases=drafts, degree=Degree(degree))
    for path in ("/", "/assignments", "/assignments/kade"):
        assert read in app.test_client().get(path).get_data(as_text=True), path


def test_the_timeline_shows_each_phase_and_which_one_is_now(app: Flask, clean: None) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        make_street(
            now=now,
            phases=(
                PhaseDraft("talk", now - 3 * HOUR, now - HOUR),
                PhaseDraft("draw", now - HOUR, now + 24 * HOUR),
                PhaseDraft("choose", now + 48 * HOUR, None),
            ),
        )
    tree = html.fromstring(app.test_client().get("/assignments/kade").get_data(as_text=True))
    squares = [" ".join(square.text_content().split()) for square in tree.xpath("//ol[@class='hop']/li")]
    assert [
        words in square for words, square in zip(("Praten", "Tekenen", "Kiezen"), squares, strict=True)
    ] == [True] * 3
    assert "Voorbij sinds" in squares[0]
    assert "Nu" in squares[1] and "0 ontwerpen ingezonden" in squares[1]
    assert "Vanaf" in squares[2]
    assert len(tree.xpath("//ol[@class='hop']/li[@aria-current='step']")) == 1


def test_an_assignment_without_phases_has_a_list_of_none(app: Flask, clean: None) -> None:
    """Nobody makes one in the browser; whoever brings assignments in by SQL may."""
    with app.app_context():
        make_street()
        db.session.execute(text("DELETE FROM phase"))
        db.session.commit()
    (kade,) = app.test_client().get("/api/collections/assignments/items").get_json()["features"]
    assert json.loads(kade["properties"]["phases"]) == []
