"""What comes of neighbours' consent: what planners, neighbours and everybody read of it, and who may ask."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from shapely import Point

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.errors import Forbidden, Invalid, WrongState
from app.extensions import db
from app.votes.consent import queries, service
from app.votes.consent.domain import NIJMEGEN, Reply, State, Status
from app.votes.consent.models import Consent
from geodata import example_street as krijt
from tests.factories import PLANNER, Resident, people
from tests.factories.consent import (
    DAY,
    FRONT,
    LEFT,
    NOW,
    OPPOSITE,
    RIGHT,
    RULE,
    addresses,
    answers_of,
    bay_design,
    krijtstraat,
    over,
    planner,
    public_bay,
    question,
    reply,
    send,
    sent,
    standing,
)


@pytest.fixture
def change(app: Flask, clean: None) -> str:
    """A bay that a public design changes, in a street where consent can be asked."""
    return public_bay(app)


def test_planners_see_when_the_rule_is_met_can_be_met_and_cannot(app: Flask, change: str) -> None:
    consent_id, _number, _codes = sent(app, change)
    for number in [*FRONT, *LEFT, *RIGHT, *OPPOSITE[:4]]:
        reply(app, consent_id, number, Reply.YES)
    assert standing(app, consent_id).state is State.POSSIBLE  # eleven of the twelve others
    reply(app, consent_id, OPPOSITE[4], Reply.YES)
    assert standing(app, consent_id).state is State.ON_COURSE
    reply(app, consent_id, "5", Reply.OBJECTION, "Toch niet.")
    assert standing(app, consent_id).state is State.BLOCKED
    reply(app, consent_id, "5", Reply.YES)
    over(app, consent_id)
    assert standing(app, consent_id).state is State.MET


def test_everybody_sees_a_number_once_a_day_and_no_answer(app: Flask, change: str) -> None:
    consent_id, number, _codes = sent(app, change)
    reply(app, consent_id, "5", Reply.OBJECTION, "Mijn oprit ligt daar.")
    read = app.test_client().get(f"/consent/{number}").text
    assert "16 adressen" not in read
    assert "18 adressen" in read
    assert "<b>0 adressen</b>" in read  # as of last midnight
    for words in ("oprit", "Krijtstraat 5", "De regel is"):
        assert words not in read
    with app.app_context(), transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(db.text("UPDATE consent_answer SET answered_at = answered_at - interval '2 days'"))
    read = app.test_client().get(f"/consent/{number}").text
    assert "<b>1 adres</b>" in read
    assert "De regel is" not in read


def test_at_the_end_everybody_reads_the_outcome(app: Flask, change: str) -> None:
    consent_id, number, _codes = sent(app, change)
    for address in [*FRONT, *LEFT, *RIGHT, *OPPOSITE[:5]]:
        reply(app, consent_id, address, Reply.YES)
    reply(app, consent_id, OPPOSITE[5], Reply.OBJECTION, "Geheim genoeg.")
    over(app, consent_id)
    read = app.test_client().get(f"/consent/{number}").text
    assert "De regel is gehaald." in read
    assert "<b>15 adressen</b>" in read
    assert "Zegt geen ja" in read
    assert "Geheim" not in read
    assert "Geheim genoeg." in planner(app).client.get(f"/desk/consent/{consent_id}").text


def test_next_door_of_two_the_outcome_alone_is_told(app: Flask, change: str) -> None:
    consent_id, number, codes = sent(app, change, NIJMEGEN)
    assert sorted(codes, key=int) == ["3", "5", "7", "9"]
    reply(app, consent_id, "3", Reply.OBJECTION, "Nee.")
    read = app.test_client().get(f"/consent/{number}").text
    assert "weinig adressen" in read
    assert "Geantwoord" not in read
    over(app, consent_id)
    read = app.test_client().get(f"/consent/{number}").text
    assert "De regel is niet gehaald." in read
    assert "Geantwoord" not in read
    assert "Zegt ja" not in read


def test_a_later_end_and_stopping_are_told_with_their_reason(app: Flask, change: str) -> None:
    consent_id, number, codes = sent(app, change)
    desk = planner(app)
    path = f"/desk/consent/{consent_id}"
    earlier = {"act": "extend", "closes_on": (NOW + 3 * DAY).date().isoformat(), "reason": "Sneller."}
    assert desk.post(path, earlier).status_code == 422
    later = {"act": "extend", "closes_on": (NOW + 40 * DAY).date().isoformat(), "reason": "Vakantie."}
    assert desk.post(path, later).status_code == 303
    assert "Vakantie." in app.test_client().get(f"/consent/{number}").text
    assert desk.post(path, {"act": "withdraw", "reason": "Plan ingetrokken."}).status_code == 303
    assert "Plan ingetrokken." in app.test_client().get(f"/consent/{number}").text
    assert send(app, number, codes["5"]).status_code == 409
    assert desk.post(path, later).status_code == 409


def test_an_answer_on_paper_is_the_same_one_answer(app: Flask, change: str) -> None:
    consent_id, number, codes = sent(app, change)
    desk = planner(app)
    address = next(one.id for one in addresses(app, consent_id) if one.label == "Krijtstraat 5")
    paper = {"act": "paper", "address_id": str(address), "answer": "no", "reason": ""}
    assert desk.post(f"/desk/consent/{consent_id}", {**paper, "note": ""}).status_code == 422
    assert desk.post(f"/desk/consent/{consent_id}", {**paper, "note": "Brief van 3 mei."}).status_code == 303
    assert send(app, number, codes["5"]).status_code == 200
    assert [one[:2] for one in answers_of(app)] == [(1, "no"), (2, "yes")]
    # What an address answered itself is not replaced by what a planner enters.
    assert desk.post(f"/desk/consent/{consent_id}", {**paper, "note": "Nog een brief."}).status_code == 409
    assert len(answers_of(app)) == 2
    assert "Brief van 3 mei." in desk.client.get(f"/desk/consent/{consent_id}").text


def test_a_question_stays_about_the_version_that_the_letters_show(app: Flask, clean: None) -> None:
    with app.app_context():
        krijtstraat()
    author = Resident(app.test_client())
    design, change = bay_design(app, author)
    _id, number, codes = sent(app, change)
    page = app.test_client().get(f"/designs/{design}").text
    assert f'href="/consent/{number}"' in page
    assert "andere versie" not in page
    door = krijt.in_degrees(Point(62, 12.2))
    bench = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [door.x, door.y]},
        "properties": {"action": "add", "kind": "bench"},
    }
    body = {
        "assignment": "krijtstraat",
        "title": "Toch een bank",
        "story": "",
        "changes": {"type": "FeatureCollection", "features": [bench]},
    }
    etag = author.client.get(f"/api/designs/{design}").headers["ETag"]
    assert author.send("PUT", f"/api/designs/{design}", body, **{"If-Match": etag}).status_code == 200
    assert "Over een andere versie" in app.test_client().get(f"/designs/{design}").text
    page = app.test_client().get(f"/consent/{number}").text
    assert "Regentuin" in page
    assert f"/designs/{design}/versions/1" in page
    assert send(app, number, codes["5"]).status_code == 200


def test_the_words_go_a_year_after_the_end_and_the_answers_stay(app: Flask, change: str) -> None:
    old, _n, _c = sent(app, change)
    new, _n, _c = sent(app, change)
    for consent_id in (old, new):
        reply(app, consent_id, "5", Reply.OBJECTION, "Mijn oprit.")
        over(app, consent_id)
    run = app.test_cli_runner()
    assert run.invoke(args=["consent", "tidy"]).output == "0 reasons emptied.\n"
    with app.app_context(), transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        consent = db.session.get_one(Consent, old)
        consent.opens_at, consent.closes_at = NOW - 400 * DAY, NOW - 366 * DAY
    assert run.invoke(args=["consent", "tidy"]).output == "1 reasons emptied.\n"
    assert run.invoke(args=["consent", "tidy"]).output == "0 reasons emptied.\n"
    assert sorted(answers_of(app)) == [(1, "objection", ""), (1, "objection", "Mijn oprit.")]


# --- Who ---------------------------------------------------------------------------------------------------

DESK_ACTS: dict[str, Callable[[uuid.UUID, str], tuple[str, dict[str, str]]]] = {
    "rule": lambda _id, _change: (
        "/desk/assignments/krijtstraat/consent",
        {"preset": "haarlem", "reason": "x"},
    ),
    "ask": lambda _id, change: ("/desk/consent/new", {"change": change, "preset": "haarlem"}),
    "strike": lambda id_, _change: (f"/desk/consent/{id_}", {"act": "strike", "reason": "x"}),
    "letters": lambda id_, _change: (f"/desk/consent/{id_}/letters", {}),
    "one letter": lambda id_, _change: (f"/desk/consent/{id_}/letters/1", {"reason": "x"}),
}


@pytest.mark.parametrize("act", DESK_ACTS.values(), ids=list(DESK_ACTS))
def test_only_planners_ask(app: Flask, change: str, act: Any) -> None:
    consent_id = question(app, change)
    path, form = act(consent_id, change)
    assert app.test_client().post(path, data=form).status_code in (401, 303)
    for role in (None, Role.RESIDENT, Role.MODERATOR):
        somebody = people.Browser(app.test_client())
        if role is not None:
            people.sign_in(somebody, f"{role}@example.nl", None if role is Role.RESIDENT else role)
        assert somebody.post(path, form).status_code == 403
        assert somebody.client.get(f"/desk/consent/{consent_id}").status_code in (303, 403)
        assert somebody.client.get(f"/desk/consent/{consent_id}/map.svg").status_code in (303, 403)
    assert standing(app, consent_id).status is Status.DRAFT


def test_services_refuse_others_too(app: Flask, change: str) -> None:
    consent_id = question(app, change)
    nobody = replace(PLANNER, role=Role.RESIDENT)
    with app.test_request_context("/"):
        for call in (
            lambda: service.strike(nobody, consent_id, 1, "x"),
            lambda: service.make_letters(nobody, consent_id, NOW),
            lambda: service.withdraw(nobody, consent_id, "x", NOW),
            lambda: service.discard(nobody, consent_id),
        ):
            with pytest.raises(Forbidden):
                call()
        with pytest.raises(WrongState):
            service.withdraw(PLANNER, consent_id, "x", NOW)
        with pytest.raises(Invalid):
            service.ask(
                PLANNER,
                uuid.UUID(change),
                service.Question(RULE, NOW, NOW + timedelta(hours=1)),
                NOW,
            )


def test_a_term_that_is_over_waits_for_an_answer_on_its_way(app: Flask, change: str) -> None:
    """An answer that was let in before the end and commits after it is in the outcome that is read then."""
    consent_id, _number, _codes = sent(app, change, NIJMEGEN)
    with app.app_context():
        address = queries.addresses_of(consent_id)[0].id
    engine = db_engine(app)
    with engine.connect() as slow, ThreadPoolExecutor(1) as pool:
        slow.execute(
            db.text(
                "INSERT INTO consent_answer (consent_id, address_id, version, answer, reason)"
                " VALUES (:c, :a, 1, 'objection', 'Op het nippertje.')"
            ),
            {"c": consent_id, "a": address},
        )
        over(app, consent_id)
        reading = pool.submit(standing, app, consent_id)
        with pytest.raises(TimeoutError):
            reading.result(timeout=0.5)
        slow.commit()
        assert reading.result(timeout=10).state is State.NOT_MET


@pytest.mark.parametrize("act", ["extend", "withdraw"])
def test_no_outcome_is_read_while_a_planner_moves_the_end_or_stops_it(
    app: Flask, change: str, act: str
) -> None:
    """What was done just before the end and commits after it counts: else an outcome would be read that is
    taken back a moment later."""
    consent_id, number, _codes = sent(app, change, NIJMEGEN)
    ends_at = datetime.now(UTC) + timedelta(seconds=3)
    with app.app_context(), transaction():
        db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(db.update(Consent).values(closes_at=ends_at))
    done, may_commit = Event(), Event()

    def decide() -> None:
        with app.test_request_context("/"), transaction():
            if act == "extend":
                service.extend(PLANNER, consent_id, ends_at + 9 * DAY, "Meer tijd.")
            else:
                service.withdraw(PLANNER, consent_id, "Vervalt.", datetime.now(UTC))
            done.set()
            may_commit.wait(20)

    with ThreadPoolExecutor(3) as pool:
        deciding = pool.submit(decide)
        assert done.wait(3)
        time.sleep(max(0.0, (ends_at - datetime.now(UTC)).total_seconds()) + 0.2)
        reading = pool.submit(standing, app, consent_id)
        page = pool.submit(lambda: app.test_client().get(f"/consent/{number}").text)
        try:
            with pytest.raises(TimeoutError):
                reading.result(timeout=0.5)
        finally:
            may_commit.set()
        deciding.result(timeout=10)
        expected = Status.OPEN if act == "extend" else Status.WITHDRAWN
        assert reading.result(timeout=10).status is expected
        assert "De regel is" not in page.result(timeout=10)


def test_an_outcome_that_was_read_is_read_again_without_a_lock(app: Flask, change: str) -> None:
    """Somebody who holds the question's lock, for whatever reason, keeps nobody from reading."""
    consent_id, number, _codes = sent(app, change, NIJMEGEN)
    over(app, consent_id)
    pages = (app.test_client(), f"/consent/{number}"), (planner(app).client, f"/desk/consent/{consent_id}")
    assert [client.get(path).status_code for client, path in pages] == [200, 200]
    with db_engine(app).connect() as other, ThreadPoolExecutor(2) as pool:
        lock = "SELECT pg_advisory_xact_lock(hashtextextended('consent:' || :c, 0))"
        other.execute(db.text(lock), {"c": str(consent_id)})
        views = [pool.submit(client.get, path) for client, path in pages]
        try:
            assert [view.result(timeout=10).status_code for view in views] == [200, 200]
        finally:
            other.rollback()


def db_engine(app: Flask) -> Any:
    with app.app_context():
        return db.engine
