"""Polls: one person, one answer, in time and valid, however often and from wherever it comes."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.exc import IntegrityError

from app.accounts.domain import Actor, Role
from app.core import clock
from app.core.transaction import transaction
from app.errors import Forbidden, Invalid
from app.extensions import db
from app.projects.phases import PhaseDraft
from app.projects.queries import assignment_by_slug
from app.votes.polls import queries, service
from app.votes.polls.domain import Kind
from app.votes.polls.models import Poll, PollAnswer
from app.votes.polls.service import PollDraft
from tests.factories import PLANNER, make_street, people, rd_point

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
DRAFT = PollDraft(
    "Waar komt de bank?", Kind.ONE, NOW - HOUR, NOW + 5 * HOUR, choices=("Zon", "Schaduw", "Geen")
)


def ask(app: Flask, **fields: Any) -> str:
    """A poll on the street; answers its id."""
    with app.app_context():
        make_street()
        return ask_more(app, **fields)


def ask_more(app: Flask, **fields: Any) -> str:
    values = {name: getattr(DRAFT, name) for name in DRAFT.__slots__} | fields
    with app.test_request_context("/"), transaction():
        return str(service.make_poll(PLANNER, assignment_by_slug("kade"), PollDraft(**values)).id)


def planner(app: Flask) -> people.Browser:
    browser = people.Browser(app.test_client())
    people.sign_in(browser, "planner@example.nl", Role.PLANNER)
    return browser


def answers(app: Flask) -> list[list[int]]:
    with app.app_context():
        return sorted(list(chosen) for chosen in db.session.scalars(db.select(PollAnswer.chosen)))


def test_an_answer_replaces_the_one_before(app: Flask, clean: None) -> None:
    path = f"/polls/{ask(app)}"
    somebody = people.Browser(app.test_client())
    for choice in ("1", "2", "2"):
        assert somebody.post(f"{path}/answer", {"choice": choice, "act": "answer"}).status_code == 303
    assert answers(app) == [[2]]
    assert somebody.post(f"{path}/answer", {"act": "back"}).status_code == 303
    assert answers(app) == []


def test_a_visitor_becomes_a_guest_by_answering_only(app: Flask, clean: None) -> None:
    path = f"/polls/{ask(app)}"
    client = app.test_client()
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/answer", data={"act": "answer"}).status_code == 422
    assert client.get_cookie("stoepkrijt") is None
    assert client.post(f"{path}/answer", data={"choice": "3", "act": "answer"}).status_code == 303
    assert client.get_cookie("stoepkrijt") is not None
    assert answers(app) == [[3]]


def test_an_answer_leads_to_the_outcome_and_a_mistake_to_what_is_wrong(app: Flask, clean: None) -> None:
    path = f"/polls/{ask(app)}"
    somebody = people.Browser(app.test_client())
    done = somebody.post(f"{path}/answer", {"choice": "1", "act": "answer"})
    assert done.location == f"{path}#uitkomst"
    # There it says what one chose: on a phone the sentence at the top of the page is out of sight.
    (chosen,) = html.fromstring(somebody.client.get(path).text).xpath("//section[@id='uitkomst']/p[1]")
    assert " ".join(chosen.text_content().split()) == f"Jouw antwoord: {DRAFT.choices[0]}"
    # A place in the form's own address would win from the list of what is wrong, and hide it.
    (form,) = html.fromstring(somebody.client.get(path).text).xpath("//form[@id='antwoord']")
    assert form.get("action") == f"{path}/answer"


@pytest.mark.parametrize("choice", [["4"], ["0"], ["-1"], ["x"], ["1", "2"], [], ["1" * 400], ["1.0"]])
def test_what_is_no_answer_is_refused(app: Flask, clean: None, choice: list[str]) -> None:
    path = f"/polls/{ask(app)}"
    somebody = people.Browser(app.test_client())
    answer = somebody.post(f"{path}/answer", {"choice": choice, "act": "answer"})
    assert answer.status_code == 422
    assert "Kies één antwoord." in answer.text
    assert answers(app) == []


def test_forty_answers_of_one_person_at_once_are_one(app: Flask, clean: None) -> None:
    path = f"/polls/{ask(app)}/answer"
    somebody = people.Browser(app.test_client())
    cookie = somebody.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def send(number: int) -> int:
        client = app.test_client()
        client.set_cookie("stoepkrijt", cookie.value)
        form = {"csrf_token": somebody.token, "choice": str(number % 3 + 1), "act": "answer"}
        return int(client.post(path, data=form).status_code)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(send, range(40))) == {303}
    assert len(answers(app)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": NOW + HOUR}, "nog niet open"),
        ({"opens_at": NOW - 3 * HOUR, "closes_at": NOW - HOUR}, "voorbij"),
    ],
)
def test_outside_its_days_nobody_answers_not_even_past_the_program(
    app: Flask, clean: None, fields: dict[str, Any], words: str
) -> None:
    poll = ask(app, **fields)
    somebody = people.Browser(app.test_client())
    answer = somebody.post(f"/polls/{poll}/answer", {"choice": "1", "act": "answer"})
    assert answer.status_code == 409
    assert words in answer.text
    with app.app_context(), pytest.raises(IntegrityError, match="not open"), transaction():
        db.session.add(PollAnswer(poll_id=uuid.UUID(poll), chosen=[1]))


def test_a_poll_of_a_phase_is_open_while_the_phase_runs(app: Flask, clean: None) -> None:
    with app.app_context():
        phases = (
            PhaseDraft("talk", NOW - 2 * HOUR, NOW - HOUR),
            PhaseDraft("draw", NOW - HOUR, NOW + HOUR),
        )
        street = make_street(phases=phases)
        talk, draw = (phase.id for phase in street.phases)
    over, now = ask_more(app, phase_id=talk), ask_more(app, phase_id=draw)
    somebody = people.Browser(app.test_client())
    form = {"choice": "1", "act": "answer"}
    assert somebody.post(f"/polls/{over}/answer", form).status_code == 409
    assert somebody.post(f"/polls/{now}/answer", form).status_code == 303
    with app.app_context(), pytest.raises(IntegrityError, match="not open"), transaction():
        db.session.add(PollAnswer(poll_id=uuid.UUID(over), chosen=[1]))


def _changed(app: Flask, drafts: list[PhaseDraft]) -> list[tuple[str, str]]:
    """Change the phases of the street; answers what was wrong."""
    from app.core.geometry import from_wkb
    from app.projects import service as projects

    with app.test_request_context("/"):
        street = assignment_by_slug("kade")
        words = {name: getattr(street, name) for name in projects.TEXTS}
        brief = projects.Brief(street.title, street.question, from_wkb(street.area), tuple(drafts), **words)
        try:
            with transaction():
                projects.change_assignment(
                    PLANNER, street, brief, street.revision, datetime.now(UTC), reason="Het regent."
                )
        except Invalid as error:
            return [(problem.pointer, problem.message) for problem in error.problems]
        return []


def test_a_phase_that_polls_hang_on_does_not_go_by_the_way(app: Flask, clean: None) -> None:
    draw = PhaseDraft("draw", NOW - HOUR, NOW + HOUR)
    talk = PhaseDraft("talk", NOW + 2 * HOUR, NOW + 4 * HOUR)
    with app.app_context():
        first, later = make_street(phases=(draw, talk)).phases
        draw, talk = replace(draw, id=first.id), replace(talk, id=later.id)
    bench = ask_more(app, phase_id=talk.id)
    ask_more(app, phase_id=talk.id, question="Welke boom?")
    ask_more(app, phase_id=talk.id, question="Al gestopt?", closes_at=NOW - HOUR / 2)
    ask_more(app, phase_id=draw.id, question="Een andere fase?")
    [(where, said)] = _changed(app, [draw])
    assert where == "/phases"
    assert "“Waar komt de bank?”, “Welke boom?”" in said
    assert "Al gestopt" not in said
    assert "andere fase?" not in said
    # Another type opens nothing for them, and after its last day (in five hours) nobody answers the first.
    assert "peilingen" in _changed(app, [draw, replace(talk, type="look")])[0][1]
    away = replace(talk, starts_at=NOW + 5 * HOUR, ends_at=NOW + 9 * HOUR)
    assert "“Waar komt de bank?”" in _changed(app, [draw, away])[0][1]
    # As long as a moment is left it may move, and so may a phase that nothing hangs on.
    kept = replace(talk, starts_at=NOW + 4 * HOUR, ends_at=NOW + 9 * HOUR)
    assert _changed(app, [draw, kept]) == []
    with app.app_context():
        assert {poll.phase_id for poll in db.session.scalars(db.select(Poll))} == {first.id, later.id}
    # Polls that got another phase hold nothing back.
    with app.test_request_context("/"), transaction():
        for poll in db.session.scalars(db.select(Poll).where(Poll.phase_id == talk.id)):
            poll.phase_id = draw.id
    assert _changed(app, [draw]) == []
    with app.app_context():
        assert db.session.get(Poll, uuid.UUID(bench)).phase_id == first.id


def test_where_no_phase_is_open_for_polls_nobody_answers(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street(phases=(PhaseDraft("look", NOW - HOUR, NOW + HOUR),))
    poll = ask_more(app)
    answer = people.Browser(app.test_client()).post(f"/polls/{poll}/answer", {"choice": "1", "act": "answer"})
    assert answer.status_code == 403
    assert "Antwoorden op een peiling" in answer.text


@pytest.mark.parametrize("chosen", [[], [4], [0], [1, 2], [1, 1]])
def test_the_database_refuses_what_is_no_answer(app: Flask, clean: None, chosen: list[int]) -> None:
    poll = uuid.UUID(ask(app))
    with app.app_context(), pytest.raises(IntegrityError, match="no answer"), transaction():
        db.session.add(PollAnswer(poll_id=poll, chosen=chosen))


def test_results_are_for_who_answered_five_at_a_time_and_the_last_five_wait(app: Flask, clean: None) -> None:
    path = f"/polls/{ask(app, asks_relation=True)}"
    crowd = [people.Browser(app.test_client()) for _ in range(16)]
    watcher = planner(app)

    def say(number: int, choice: str) -> Any:
        form = {"choice": choice, "relation": "here" if number % 2 else "near", "act": "answer"}
        return crowd[number].post(f"{path}/answer", form)

    for number in range(10):
        say(number, "1" if number else "2")
        page = crowd[0].client.get(path).text
        assert ("poll-chart" in page) == (number == 9)
        assert ("laatste vijf of meer wachten nog" in page) == (4 <= number < 9)
        assert "poll-chart" not in watcher.client.get(path).text
    for number in (10, 11):
        say(number, "3")
    page = crowd[0].client.get(path).text
    assert "Dit zijn de eerste 5 antwoorden" in page
    assert ">80%<" in page
    assert ">20%<" in page
    assert "12 mensen hebben geantwoord" in watcher.client.get(path).text
    # Who has what to do with the place is told at the end.
    assert "Wie wat koos" not in page
    # Somebody who was told of thinks again: that waits until ten are told.
    say(0, "3")
    assert "poll-chart" not in crowd[1].client.get(path).text
    for number in (12, 13, 14):
        say(number, "1")
    page = crowd[1].client.get(path).text
    assert "Dit zijn de eerste 10 antwoorden" in page
    assert ">90%<" in page
    say(15, "1")
    desk_form = {"act": "end", "reason": "Genoeg gehoord."}
    assert watcher.post(f"/desk{path}", desk_form).status_code == 303
    page = watcher.client.get(path).text
    assert "Wie wat koos" in page
    # 13 of 16 chose the first, 3 the third.
    assert ">81%<" in page
    assert ">19%<" in page


def test_everybody_reads_the_outcome_once_it_is_over(app: Flask, clean: None) -> None:
    poll = ask(app)
    for _ in range(5):
        people.Browser(app.test_client()).post(f"/polls/{poll}/answer", {"choice": "3", "act": "answer"})
    desk = planner(app)
    assert desk.post(f"/desk/polls/{poll}", {"act": "end", "reason": " "}).status_code == 422
    assert desk.post(f"/desk/polls/{poll}", {"act": "end", "reason": "Genoeg gehoord."}).status_code == 303
    page = app.test_client().get(f"/polls/{poll}").text
    assert "poll-chart" in page
    assert "Genoeg gehoord." in page
    assert "Geen: 100%" in app.test_client().get("/assignments/kade").text
    late = people.Browser(app.test_client()).post(f"/polls/{poll}/answer", {"choice": "1", "act": "answer"})
    assert late.status_code == 409
    assert desk.post(f"/desk/polls/{poll}", {"act": "end", "reason": "Nog eens."}).status_code == 409


def test_after_the_first_answer_the_question_stays(app: Flask, clean: None) -> None:
    poll = ask(app)
    desk = planner(app)
    form = {
        "act": "change",
        "question": "Waar komt de bank dan?",
        "kind": "one",
        "choices": "Zon\nSchaduw",
        "opens_on": "2026-01-01",
    }
    assert desk.post(f"/desk/polls/{poll}", form).status_code == 303
    people.Browser(app.test_client()).post(f"/polls/{poll}/answer", {"choice": "2", "act": "answer"})
    assert desk.post(f"/desk/polls/{poll}", {**form, "question": "Iets anders?"}).status_code == 409
    with app.app_context(), pytest.raises(IntegrityError, match="its question stays"), transaction():
        db.session.get(Poll, uuid.UUID(poll)).choices = ["Schaduw", "Zon"]  # type: ignore[union-attr]
    moved = {"act": "move", "closes_on": "2199-12-31", "reason": "Meer tijd."}
    assert desk.post(f"/desk/polls/{poll}", moved).status_code == 303
    assert "Meer tijd." in app.test_client().get(f"/polls/{poll}").text


def test_only_planners_ask(app: Flask, clean: None) -> None:
    poll = ask(app)
    for role in (None, Role.RESIDENT, Role.MODERATOR):
        somebody = people.Browser(app.test_client())
        if role is not None:
            people.sign_in(somebody, f"{role}@example.nl", None if role is Role.RESIDENT else role)
        for path in ("/desk/assignments/kade/polls/new", f"/desk/polls/{poll}"):
            assert somebody.post(path, {"act": "end", "reason": "x"}).status_code == 403
    with app.test_request_context("/"), pytest.raises(Forbidden):
        service.end_poll(Actor(role=Role.RESIDENT), uuid.UUID(poll), "x", NOW)


def test_what_a_planner_typed_wrong_is_told_and_stays(app: Flask, clean: None) -> None:
    ask(app)
    desk = planner(app)
    form = {
        "question": "",
        "kind": "several",
        "choices": "Zon\nzon",
        "place": "Kade 99",
        "area": '{"type": "Point", "coordinates": [4.0, 99]}',
        "opens_on": "morgen",
        "phase": "geen",
    }
    answer = desk.post("/desk/assignments/kade/polls/new", form)
    assert answer.status_code == 422
    for words in ("Vul dit in.", "Schrijf de dag", "Bedoel je", "geen graden", "geldig kenmerk"):
        assert words in answer.text
    assert "Zon\nzon" in answer.text


def test_a_place_by_address_or_drawn_stands_on_the_map(app: Flask, clean: None) -> None:
    ask(app)
    desk = planner(app)
    form = {
        "question": "Is het hier veilig?",
        "kind": "scale",
        "low_words": "onveilig",
        "high_words": "veilig",
        "place": "kade 1",
        "opens_on": "2026-01-01",
    }
    made = desk.post("/desk/assignments/kade/polls/new", form)
    assert made.status_code == 303
    client = app.test_client()
    page = client.get(made.location).text
    assert "Kade 1" in page
    assert "1: onveilig" in page
    assert ">Kade 1</text>" in client.get(f"{made.location}/map.svg").text
    # In the order in which they open: this one, since the start of the year, is the first.
    assert ">1</text>" in client.get("/assignments/kade/polls.svg").text
    far = rd_point(5_000, 0)
    outside = {**form, "place": "", "area": f'{{"type":"Point","coordinates":[{far.x},{far.y}]}}'}
    answer = desk.post("/desk/assignments/kade/polls/new", outside)
    assert answer.status_code == 422
    assert "buiten het gebied" in answer.text


def test_a_place_that_the_map_no_longer_names_stays_where_it_is(app: Flask, clean: None) -> None:
    poll_id = ask(app, place=rd_point(50, 10), place_name="Aan het plein")
    desk = planner(app)
    form = {
        "act": "change",
        "question": "Waar komt de bank precies?",
        "kind": "one",
        "choices": "Zon\nSchaduw",
        "opens_on": "2026-01-01",
        "place": "Aan het plein",
    }
    assert desk.post(f"/desk/polls/{poll_id}", form).status_code == 303
    page = app.test_client()
    assert "Waar komt de bank precies?" in page.get(f"/polls/{poll_id}").text
    assert ">Aan het plein</text>" in page.get(f"/polls/{poll_id}/map.svg").text
    # Another name is looked up, as ever.
    assert desk.post(f"/desk/polls/{poll_id}", {**form, "place": "Kade 99"}).status_code == 422
    assert desk.post(f"/desk/polls/{poll_id}", {**form, "place": ""}).status_code == 303
    assert "Aan het plein" not in page.get(f"/polls/{poll_id}").text


def test_an_address_beside_the_street_is_near_enough(app: Flask, clean: None) -> None:
    """Doors lie behind the line of the façades, outside the area: 1 m is near, 60 m is not."""
    for metres, status in ((-1, 303), (-39, 303), (-60, 422)):
        with app.app_context():
            make_street(f"kade-{-metres}")
        place = rd_point(50, metres)
        form = {
            "question": "Veilig?",
            "kind": "one",
            "choices": "Ja\nNee",
            "opens_on": "2026-01-01",
            "area": f'{{"type":"Point","coordinates":[{place.x},{place.y}]}}',
        }
        path = f"/desk/assignments/kade-{-metres}/polls/new"
        assert planner(app).post(path, form).status_code == status


def test_a_poll_of_a_concept_is_for_planners(app: Flask, clean: None) -> None:
    poll = ask(app)
    with app.app_context(), transaction():
        assignment_by_slug("kade").published_at = None
    for path in (f"/polls/{poll}", f"/polls/{poll}/map.svg"):
        assert app.test_client().get(path).status_code == 404
        assert planner(app).client.get(path).status_code == 200


def test_the_report_for_the_council_shows_where_polls_are_about(app: Flask, clean: None) -> None:
    ask(app, place=rd_point(50, 10))
    answer = planner(app).client.get("/desk/assignments/kade/report.html")
    assert answer.status_code == 200
    assert "Peilingen" in answer.text
    assert "Waar komt de bank?" in answer.text


def test_answers_go_along_with_who_signs_in_and_the_latest_counts(app: Flask, clean: None) -> None:
    poll = ask(app)
    home, phone = people.Browser(app.test_client()), people.Browser(app.test_client())
    people.sign_in(home, "anna@example.nl")
    home.post(f"/polls/{poll}/answer", {"choice": "1", "act": "answer"})
    phone.post(f"/polls/{poll}/answer", {"choice": "3", "act": "answer"})
    people.sign_in(phone, "anna@example.nl")
    assert answers(app) == [[3]]
    export = phone.client.get("/me/export.json").get_json()
    assert export["polls"][0]["answer"] == ["Geen"]
    assert "Waar komt de bank?" in phone.client.get("/me").text


def test_who_leaves_takes_the_answer_along_while_the_poll_runs(app: Flask, clean: None) -> None:
    running = ask(app)
    ending = ask_more(app)
    somebody = people.Browser(app.test_client())
    for poll in (running, ending):
        somebody.post(f"/polls/{poll}/answer", {"choice": "2", "act": "answer"})
    with app.test_request_context("/"), transaction():
        service.end_poll(PLANNER, uuid.UUID(ending), "Klaar.", clock.now())
    assert somebody.post("/me/erase", {"sure": "yes"}).status_code in (200, 303)
    with app.app_context():
        left = db.session.scalars(db.select(PollAnswer)).all()
        assert [(str(answer.poll_id), answer.person_id) for answer in left] == [(ending, None)]
        assert len(queries.answers_of(uuid.UUID(ending))) == 1


def test_the_form_tells_everything_at_once_and_ignores_fields_of_other_kinds(app: Flask, clean: None) -> None:
    with app.app_context():
        make_street()
    noor = planner(app)
    path = "/desk/assignments/kade/polls/new"
    for kind, fields in (("one", {"choices"}), ("scale", {"low_words", "high_words"})):
        refused = noor.post(
            path, {"question": "", "kind": kind, "choices": "Zon", "most": "x", "opens_on": ""}
        )
        assert refused.status_code == 422
        told = {
            one.removeprefix("#f-")
            for one in html.fromstring(refused.text).xpath("//*[@id='fouten']//a/@href")
        }
        assert told == {"question", "opens_on", *fields}
    day = (NOW + 24 * HOUR).date().isoformat()
    made = noor.post(
        path, {"question": "Waar?", "kind": "one", "choices": "Zon\nSchaduw", "most": "x", "opens_on": day}
    )
    assert made.status_code == 303
