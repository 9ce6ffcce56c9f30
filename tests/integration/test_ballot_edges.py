"""The edges of a round: whose clock decides, and what comes in while a round is being counted."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from app.accounts.domain import Actor
from app.core import hooks
from app.core.geometry import from_wkb
from app.core.transaction import transaction
from app.errors import Invalid, WrongState
from app.extensions import db
from app.projects import service as projects
from app.projects.models import Assignment
from app.projects.phases import Degree, PhaseDraft
from app.votes.letters.domain import Addressed
from app.votes.results import service as results
from app.votes.rounds import casting, paper, queries, service, voters
from app.votes.rounds.drafts import OptionDraft, checked
from app.votes.rounds.electorates import Given
from app.votes.rounds.models import PaperBallot
from tests.factories.rounds import announced_round, draft, open_round, planner, street_to_vote_on, wait_until

YEAR = timedelta(days=365)


@pytest.fixture
def by(app: Flask, clean: None) -> Iterator[Actor]:
    """A planner, with an application context around the whole test."""
    with app.test_request_context("/"):
        yield planner()
        db.session.remove()


def guest_votes(round_id: uuid.UUID, person: uuid.UUID, choices: list[str]) -> None:
    casting.cast(Actor(person), round_id, choices, Given(), datetime.now(UTC))


def pseudonym(round_id: uuid.UUID, person: uuid.UUID) -> bytes:
    place = queries.place_to_vote(round_id)
    assert place is not None
    return voters.pseudonym(round_id, place.voter_key, "guest", str(person))


def in_thread(app: Flask, act: Any) -> threading.Thread:
    def run() -> None:
        with app.test_request_context("/"):
            act()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# Whose clock


@pytest.mark.parametrize("off_by", [-YEAR, YEAR])
def test_a_program_whose_clock_is_off_takes_what_the_database_takes(by: Actor, off_by: timedelta) -> None:
    round_id = open_round(by=by)
    wrong_now = datetime.now(UTC) + off_by
    me = Actor(uuid.uuid4())
    assert casting.cast(me, round_id, ["A"], Given(), wrong_now).version == 1
    assert casting.present(me, round_id, Given(), wrong_now).choices == ["A"]


def test_a_program_whose_clock_is_off_refuses_what_the_database_refuses(by: Actor) -> None:
    round_ = announced_round(by=by, opens_in=30)
    during = round_.opens_at + timedelta(seconds=1)
    with pytest.raises(WrongState, match="Stemmen kan vanaf"):
        casting.cast(Actor(uuid.uuid4()), round_.id, ["A"], Given(), during)


def test_paper_too_goes_by_the_clock_of_the_database(by: Actor) -> None:
    round_id = open_round(by=by, electorate_parameters={"paper_ballots": 5})
    with transaction():
        assert paper.enter(by, round_id, ["A"], datetime.now(UTC) + YEAR, serial=1).state == "waiting"


# While a round is counted


def test_a_count_waits_for_a_guest_who_is_signing_in(app: Flask, by: Actor) -> None:
    """Else the file for everybody would hold other ballots than the result."""
    round_ = announced_round(by=by, open_for=2.5)
    round_id, closes_at = round_.id, round_.closes_at
    wait_until(round_.opens_at)
    guest, account = uuid.uuid4(), uuid.uuid4()
    guest_votes(round_id, guest, ["A"])
    guest_votes(round_id, account, ["B"])
    signing_in, may_commit = threading.Event(), threading.Event()

    def sign_in() -> None:
        with transaction():
            queries.inherit(round_id, pseudonym(round_id, guest), pseudonym(round_id, account))
            signing_in.set()
            may_commit.wait(20)

    first = in_thread(app, sign_in)
    assert signing_in.wait(10)
    wait_until(closes_at)
    counted: list[int] = []

    def count() -> None:
        with transaction():
            counted.append(results.count(round_id, 10).count["ballots"])

    second = in_thread(app, count)
    time.sleep(0.5)
    assert counted == []
    may_commit.set()
    first.join(20)
    second.join(20)
    # One person: their own ballot, not that of the guest they were.
    assert counted == [1]
    found = results.counted(round_id)
    assert found is not None and results.auditors_file(found)
    db.session.rollback()


def test_after_the_count_no_ballot_changes_hands(by: Actor) -> None:
    round_ = announced_round(by=by, open_for=1.5)
    round_id = round_.id
    wait_until(round_.opens_at)
    guest, account = uuid.uuid4(), uuid.uuid4()
    guest_votes(round_id, guest, ["A"])
    guest_votes(round_id, account, ["B"])
    names = pseudonym(round_id, guest), pseudonym(round_id, account)
    wait_until(round_.closes_at)
    with transaction():
        found = results.count(round_id, 10)
    with transaction():
        queries.inherit(round_id, *names)
    assert db.session.execute(db.text("SELECT count(*) FROM ballot_heir")).scalar_one() == 0
    assert results.auditors_file(found)
    db.session.rollback()
    past_the_program = db.text(
        "INSERT INTO ballot_heir (round_id, voter, heir) VALUES (:round, :one, :other)"
    )
    with pytest.raises(DBAPIError) as refused, transaction():
        db.session.execute(past_the_program, {"round": round_id, "one": names[0], "other": names[1]})
    assert getattr(refused.value.orig, "sqlstate", "") == queries.NOT_OPEN


def test_no_paper_ballot_is_left_in_a_counted_round(
    app: Flask, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count comes between the look at the round and the first entry: what was read does not stay."""
    round_ = announced_round(by=by, open_for=2, electorate_parameters={"paper_ballots": 5})
    round_id, closes_at = round_.id, round_.closes_at
    wait_until(round_.opens_at)
    place_to_vote, done = queries.place_to_vote, threading.Event()

    def slowly(wanted: uuid.UUID) -> Any:
        found = place_to_vote(wanted)
        done.wait(4)
        return found

    monkeypatch.setattr(queries, "place_to_vote", slowly)

    def enter() -> None:
        with transaction():
            paper.enter(by, round_id, ["A"], datetime.now(UTC), serial=1)

    first = in_thread(app, enter)
    wait_until(closes_at)
    second = in_thread(app, lambda: _count(round_id))
    first.join(20)
    second.join(20)
    states = db.session.execute(db.select(PaperBallot.state, PaperBallot.first_choices)).all()
    assert [tuple(row) for row in states] == [("left", None)]


def _count(round_id: uuid.UUID) -> None:
    with transaction():
        results.count(round_id, 10)


# Phases


def test_phases_do_not_move_away_while_a_round_is_being_frozen(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    round_ = announced_round(assignment, by=by, opens_in=3600)
    assignment_id = assignment.id
    with transaction():
        late = service.make_round(by, assignment, draft(opens_in=10 * 86_400))
        options = [one.design_id for one in queries.options_of(round_.id)]
        service.set_options(
            by, late.id, [OptionDraft(one) for one in options], late.revision, datetime.now(UTC)
        )
        for one in queries.conflicts_of(late.id):
            service.decide_conflict(
                by, late.id, one.a, one.b, confirmed=False, reason="Kan samen.", now=datetime.now(UTC)
            )
    late_id, revision = late.id, late.revision
    frozen, may_commit = threading.Event(), threading.Event()

    def freeze() -> None:
        with transaction():
            service.freeze(by, late_id, revision, datetime.now(UTC))
            frozen.set()
            may_commit.wait(20)

    first = in_thread(app, freeze)
    assert frozen.wait(10)
    said: list[str] = []

    def shorten() -> None:
        try:
            with transaction():
                _end_choosing_early(by, assignment_id)
            said.append("moved")
        except Invalid as error:
            said.extend(problem.pointer for problem in error.problems)

    second = in_thread(app, shorten)
    time.sleep(0.5)
    assert said == []
    may_commit.set()
    first.join(20)
    second.join(20)
    assert said == ["/phases"]


def _end_choosing_early(by: Actor, assignment_id: uuid.UUID) -> None:
    _change(by, assignment_id, datetime.now(UTC) + timedelta(days=2))


def _change(by: Actor, assignment_id: uuid.UUID, chosen_until: datetime | None = None, **fields: Any) -> None:
    assignment = db.session.get(Assignment, assignment_id)
    assert assignment is not None
    spans = tuple(
        PhaseDraft(one.type, one.starts_at, (one.type == "choose" and chosen_until) or one.ends_at, one.id)
        for one in assignment.phases
    )
    brief = projects.Brief(
        title=assignment.title,
        question=assignment.question,
        area=from_wkb(assignment.area),
        phases=spans,
        **dict.fromkeys(projects.TO_TELL, "Zie de brief."),
        **fields,
    )
    projects.change_assignment(
        by, assignment, brief, assignment.revision, datetime.now(UTC), reason="Sneller klaar."
    )


@pytest.mark.parametrize("degree", [Degree.DECIDE, Degree.CONSULT])
def test_what_a_vote_means_does_not_change_once_it_is_announced(by: Actor, degree: Degree) -> None:
    """From decision to advice after the result is known would be the easiest way around it."""
    assignment = street_to_vote_on()
    assignment_id = assignment.id
    announced_round(assignment, by=by, opens_in=3600)
    with pytest.raises(Invalid) as refused, transaction():
        _change(by, assignment_id, degree=degree)
    assert [one.pointer for one in refused.value.problems] == ["/degree"]
    with transaction():
        _change(by, assignment_id, planning="Uitvoering in 2028.")


# Letters


def test_one_door_gets_one_letter_however_its_address_is_written(by: Actor) -> None:
    """A second letter would be a second vote."""
    round_ = announced_round(by=by, electorate="letter", opens_in=60)
    with transaction():
        service.make_letters(by, round_.id, [Addressed("Kade 1"), Addressed("Kade 2")], datetime.now(UTC))
    again = [Addressed("kade 1, 2611 AB Delft"), Addressed("Kade 3"), Addressed("Kade 3, Delft")]
    with pytest.raises(Invalid) as refused, transaction():
        service.make_letters(by, round_.id, again, datetime.now(UTC))
    assert [one.pointer for one in refused.value.problems] == ["/addresses/0", "/addresses/2"]


def test_another_secret_key_keeps_nobody_from_signing_in(app: Flask, by: Actor) -> None:
    """It ends a round for guests, and is said to who votes; an account has nothing to do with it."""
    open_round(by=by)
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another" * 10
    try:
        with transaction():
            hooks.person_merged.send(None, source_id=uuid.uuid4(), target_id=uuid.uuid4())
    finally:
        app.config["SECRET_KEY"] = before
    assert db.session.execute(db.text("SELECT count(*) FROM ballot_heir")).scalar_one() == 0


# Hostile input


def area_of_a_round(area: Any) -> dict[str, Any]:
    return checked(draft(electorate="area", electorate_parameters={"area": area})).electorate_parameters


def test_an_area_nested_too_deep_is_refused_and_not_an_error(by: Actor) -> None:
    with pytest.raises(Invalid):
        area_of_a_round("[" * 100_000)
    with pytest.raises(Invalid):
        area_of_a_round('{"type": "Polygon", "coordinates": ' + "[" * 5_000 + "]" * 5_000 + "}")


def test_of_an_area_only_the_shape_is_kept(by: Actor) -> None:
    """What else stood in it would be published with the round, or would move it to another place."""
    ring = [[4.3, 52.0], [4.4, 52.0], [4.4, 52.1], [4.3, 52.0]]
    sent = {
        "type": "Polygon",
        "coordinates": [ring],
        "crs": {"type": "name", "properties": {"name": "EPSG:28992"}},
        "made_by": "Noor",
    }
    kept = json.loads(area_of_a_round(sent)["area"])
    assert kept == {"type": "Polygon", "coordinates": [ring]}
    assert area_of_a_round(json.dumps(sent)) == area_of_a_round(sent)


def test_a_ranking_that_cannot_be_read_is_not_cast(app: Flask, by: Actor) -> None:
    """Also when the look before sending was skipped."""
    round_id = open_round(by=by, kind="ranking")
    db.session.remove()
    for places in ({"place-A": "1", "place-B": "1"}, {"place-A": "eerst", "place-B": "2"}):
        answer = app.test_client().post(f"/rounds/{round_id}/ballot", data=places)
        assert answer.status_code == 422, places
    assert db.session.execute(db.text("SELECT count(*) FROM ballot")).scalar_one() == 0


def test_what_somebody_chose_does_not_end_up_in_a_log(by: Actor) -> None:
    secret = "7H2K9QRD4M0WXC5T"
    with pytest.raises(DBAPIError) as error:
        db.session.execute(db.text("SELECT 1 / (length(:said) - 16)"), {"said": secret})
    db.session.rollback()
    assert secret not in str(error.value)


# Many at once


def statements_of(app: Flask, path: str) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert app.test_client().get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.parametrize("page", ["", "/map.svg"])
def test_a_ballot_of_many_designs_asks_the_database_no_more_often(app: Flask, by: Actor, page: str) -> None:
    few = open_round(by=by)
    many = open_round(street_to_vote_on("lange-kade"), [1000] * 25, by=by)
    db.session.remove()
    assert statements_of(app, f"/rounds/{many}{page}") == statements_of(app, f"/rounds/{few}{page}")


def test_the_key_of_a_round_that_is_over_does_not_stay_in_memory(by: Actor) -> None:
    over = announced_round(by=by, open_for=2)
    wait_until(over.opens_at)
    guest_votes(over.id, uuid.uuid4(), ["A"])
    over_id, closes_at = over.id, over.closes_at
    assert over_id in casting._open
    other = open_round(street_to_vote_on("andere-kade"), by=by)
    wait_until(closes_at)
    guest_votes(other, uuid.uuid4(), ["A"])
    assert other in casting._open and over_id not in casting._open


def test_an_idle_worker_lets_go_of_the_key_when_the_round_closes(by: Actor) -> None:
    over = announced_round(by=by, open_for=2)
    wait_until(over.opens_at)
    guest_votes(over.id, uuid.uuid4(), ["A"])
    over_id, closes_at = over.id, over.closes_at
    assert over_id in casting._open
    wait_until(closes_at)
    # Nobody asks anything any more: a moment later it is gone all the same.
    patience = time.monotonic() + 5
    while over_id in casting._open and time.monotonic() < patience:
        time.sleep(0.02)
    assert over_id not in casting._open
