"""Neighbours' consent: found along the street, asked by letter, answered once an address, told with care."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.transaction import transaction
from app.extensions import db
from app.projects.phases import PhaseDraft
from app.votes.consent import queries
from app.votes.consent.domain import HAARLEM, NIJMEGEN, Reply, Side, Status
from app.votes.consent.models import Consent
from app.votes.letters.domain import shown
from tests.factories import people
from tests.factories.consent import (
    DAY,
    FRONT,
    LEFT,
    NOW,
    OPPOSITE,
    RIGHT,
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


def list_of(app: Flask, consent_id: uuid.UUID) -> dict[str, list[str]]:
    """House numbers by side, those that are asked."""
    with app.app_context():
        found: dict[str, list[str]] = {side.value: [] for side in Side}
        for one in queries.addresses_of(consent_id):
            if one.is_asked:
                found[one.side].append(one.label.removeprefix("Krijtstraat "))
        return found


# --- Finding and correcting --------------------------------------------------------------------------------


def test_the_program_finds_the_addresses_of_the_third_bay(app: Flask, change: str) -> None:
    """The same as worked out by hand in metres, now through map, database and coordinates."""
    consent_id = question(app, change)
    assert list_of(app, consent_id) == {"front": FRONT, "left": LEFT, "right": RIGHT, "opposite": OPPOSITE}


def test_a_planner_corrects_the_list_with_a_reason_and_all_is_logged(app: Flask, change: str) -> None:
    desk = planner(app)
    form = {
        "change": change,
        "preset": "own",
        "left": "2",
        "right": "2",
        "opposite": "2",
        "front_all": "yes",
        "yes_needed": "3",
        "objections_allowed": "",
        "opens_on": (NOW + DAY).date().isoformat(),
        "closes_on": (NOW + 20 * DAY).date().isoformat(),
    }
    made = desk.post("/desk/consent/new", form)
    assert made.status_code == 303
    path = made.location
    consent_id = uuid.UUID(path.rsplit("/", 1)[1])
    assert list_of(app, consent_id) == {
        "front": FRONT,
        "left": ["9", "11"],
        "right": ["3", "1"],
        "opposite": ["6", "8"],
    }
    ids = {one.label: one.id for one in addresses(app, consent_id)}
    gone = {"act": "strike", "address_id": str(ids["Krijtstraat 1"])}
    assert desk.post(path, {**gone, "reason": " "}).status_code == 422
    assert desk.post(path, {**gone, "reason": "Staat leeg."}).status_code == 303
    more = {"act": "add", "address": "krijtstraat 4", "side": "opposite", "reason": "Woont schuin tegenover."}
    assert desk.post(path, more).status_code == 303
    assert desk.post(path, more).status_code == 422
    unknown = {"act": "add", "address": "Bootje 1", "side": "left", "reason": "Ligplaats."}
    assert desk.post(path, unknown).status_code == 422
    assert desk.post(path, {**unknown, "unknown": "yes"}).status_code == 303
    expected = {"front": FRONT, "left": ["9", "11", "Bootje 1"], "right": ["3"], "opposite": ["6", "8", "4"]}
    assert list_of(app, consent_id) == expected
    # Another rule looks anew; what the planner did stays.
    assert desk.post(path, {**form, "act": "change", "left": "3"}).status_code == 303
    assert list_of(app, consent_id)["left"] == ["9", "11", "13", "Bootje 1"]
    assert list_of(app, consent_id)["right"] == ["3"]
    page = desk.client.get(path).text
    for words in ("Staat leeg.", "Woont schuin tegenover.", "Ligplaats.", "planner"):
        assert words in page
    picture = desk.client.get(f"{path}/map.svg")
    assert picture.status_code == 200
    assert ">1</text>" in picture.text
    assert desk.post(path, {"act": "restore", "address_id": str(ids["Krijtstraat 1"])}).status_code == 303
    assert list_of(app, consent_id)["right"] == ["3", "1"]
    assert desk.post(path, {"act": "discard"}).status_code == 303
    assert desk.client.get(path).status_code == 404


def test_a_rule_that_the_street_is_too_small_for_is_not_sent(app: Flask, change: str) -> None:
    """Haarlem wants twenty; along the Krijtstraat there are sixteen."""
    consent_id = question(app, change, HAARLEM)
    desk = planner(app)
    answer = desk.post(f"/desk/consent/{consent_id}/letters")
    assert answer.status_code == 422
    assert "20 keer ja is nodig" in answer.text
    assert "16 adressen" in answer.text
    assert standing(app, consent_id).status is Status.DRAFT


def test_the_rule_of_an_assignment_by_kind_and_its_history(app: Flask, change: str) -> None:
    desk = planner(app)
    path = "/desk/assignments/krijtstraat/consent"
    assert desk.post(path, {"preset": "haarlem", "reason": ""}).status_code == 422
    assert desk.post(path, {"preset": "own", "reason": "Niets."}).status_code == 422
    assert desk.post(path, {"preset": "haarlem", "reason": "Raad, 1 juni."}).status_code == 303
    assert (
        desk.post(path, {"preset": "nijmegen", "kind": "rain_garden", "reason": "Proef."}).status_code == 303
    )
    with app.app_context():
        assignment = db.session.get_one(Consent, question(app, change)).assignment_id
        assert queries.rule_for(assignment, "rain_garden") == NIJMEGEN
        assert queries.rule_for(assignment, "bench") == HAARLEM
        assert queries.rule_for(assignment, None) == HAARLEM
    page = desk.client.get(f"/desk/consent/new?change={change}").text
    assert 'value="nijmegen" checked' in page
    assert "Raad, 1 juni." in desk.client.get(path).text


# --- Letters -----------------------------------------------------------------------------------------------


def test_letters_are_one_tagged_pdf_and_are_made_once(app: Flask, change: str) -> None:
    consent_id = question(app, change)
    desk = planner(app)
    pdf = desk.post(f"/desk/consent/{consent_id}/letters")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert pdf.headers["Cache-Control"] == "no-store"
    assert pdf.data.startswith(b"%PDF")
    assert b"pdfuaid" in pdf.data
    again = desk.post(f"/desk/consent/{consent_id}/letters")
    assert again.status_code == 409
    assert standing(app, consent_id).status is Status.OPEN
    # Without the code nobody can read it again: it is nowhere in the database.
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM letter_code")) == 18
    assert desk.client.get(f"/desk/consent/{consent_id}").text.count("Nieuwe brief<") == 18


def test_each_letter_is_one_page(app: Flask, change: str) -> None:
    from dataclasses import asdict

    import orjson
    import typst

    from app.designs.section_print import FOLDER
    from app.pages import consent_letters
    from app.votes.consent import print as letter_print

    consent_id, _number, codes = sent(app, change)
    seen: list[letter_print.Letters] = []

    def keep(letters: letter_print.Letters) -> bytes:
        seen.append(letters)
        return b""

    original = consent_letters.printed
    consent_letters.printed = keep
    try:
        with app.test_request_context("/"):
            from app.votes.letters.domain import Addressed

            made = [(code, Addressed(f"Krijtstraat {number}")) for number, code in codes.items()]
            consent_letters._printed(queries.consent_by_id(consent_id), made)
    finally:
        consent_letters.printed = original
    (letters,) = seen
    pages = typst.compile(
        str(letter_print.SOURCE),
        font_paths=[str(FOLDER / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": orjson.dumps(asdict(letters)).decode()},
        format="svg",
    )
    assert len(pages) == len(codes) == 18
    assert letters.page_address.endswith(f"/consent/{_number}")
    assert letters.letters[0].code == shown(codes["5"])
    assert "<" not in letters.proposal


def test_a_lost_letter_is_replaced_and_its_code_works_no_more(app: Flask, change: str) -> None:
    consent_id, number, codes = sent(app, change)
    desk = planner(app)
    address = next(one.id for one in addresses(app, consent_id) if one.label == "Krijtstraat 5")
    path = f"/desk/consent/{consent_id}/letters/{address}"
    assert desk.post(path, {"reason": ""}).status_code == 422
    assert desk.post(path, {"reason": "Kwijt."}).mimetype == "application/pdf"
    old = send(app, number, codes["5"])
    assert old.status_code == 422
    assert "kennen we niet" in old.text


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ((PhaseDraft("draw", NOW - 9 * DAY, NOW + 90 * DAY),), "moet een fase lopen"),
        (
            (
                PhaseDraft("draw", NOW - 9 * DAY, NOW + 90 * DAY),
                PhaseDraft("answer", NOW - 9 * DAY, NOW + 5 * DAY),
            ),
            "moet een fase lopen",
        ),
        (
            (
                PhaseDraft("draw", NOW - 9 * DAY, NOW + 90 * DAY),
                PhaseDraft("answer", NOW - 9 * DAY, NOW + 5 * DAY),
                PhaseDraft("answer", NOW + 5 * DAY, NOW + 60 * DAY),
            ),
            "",
        ),
    ],
)
def test_a_term_lies_inside_phases_that_ask_for_consent(
    app: Flask, clean: None, phases: tuple[PhaseDraft, ...], words: str
) -> None:
    with app.app_context():
        krijtstraat(phases)
    consent_id = question(app, bay_design(app)[1])
    answer = planner(app).post(f"/desk/consent/{consent_id}/letters")
    assert answer.status_code == (422 if words else 200)
    assert not words or words in answer.text


# --- Answering ---------------------------------------------------------------------------------------------


def test_a_neighbour_answers_by_code_and_leaves_nothing_else(app: Flask, change: str) -> None:
    _id, number, codes = sent(app, change)
    client = app.test_client()
    assert client.get(f"/consent/{number}").status_code == 200
    typed = shown(codes["9"]).lower().replace("-", " ")
    done = send(app, number, typed, "no", "Liever een boom.", client)
    assert done.status_code == 200
    assert "Krijtstraat 9: Nee, liever niet." in done.text
    assert client.get_cookie("stoepkrijt") is None
    assert answers_of(app) == [(1, "no", "Liever een boom.")]
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM person")) == 1  # who drew the design


def test_the_latest_answer_counts_and_the_words_taken_back_are_gone(app: Flask, change: str) -> None:
    consent_id, number, codes = sent(app, change)
    send(app, number, codes["5"], "objection", "Mijn auto past dan niet.")
    send(app, number, codes["5"], "yes")
    send(app, number, codes["5"], "yes")
    assert answers_of(app) == [(1, "objection", ""), (2, "yes", "")]
    found = standing(app, consent_id)
    assert [one.reply for one in found.asked if one.side is Side.FRONT] == [Reply.YES, None]


def test_the_same_code_twenty_times_at_once_is_one_answer(app: Flask, change: str) -> None:
    _id, number, codes = sent(app, change)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: send(app, number, codes["5"]).status_code, range(20)))
    assert set(answers) == {200}
    assert answers_of(app) == [(1, "yes", "")]


def test_two_tabs_that_disagree_at_once_leave_a_numbered_history(app: Flask, change: str) -> None:
    _id, number, codes = sent(app, change)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: send(app, number, codes["5"], "yes" if n % 2 else "no"), range(20)))
    history = answers_of(app)
    assert [version for version, _answer, _reason in history] == list(range(1, len(history) + 1))
    assert all(one[1] != other[1] for one, other in pairwise(history))


@pytest.mark.parametrize(
    ("code", "answer", "reason", "words"),
    [
        ("", "yes", "", "Vul de code"),
        ("abc", "yes", "", "geen code"),
        ("0" * 12, "yes", "", "kennen we niet"),
        ("right", "", "", "Kies een antwoord"),
        ("right", "maybe", "", "Kies een antwoord"),
        ("right", "objection", "  ", "Zeg waarom"),
        ("right", "no", "x" * 2001, "te lang"),
        ("x" * 5000, "yes", "", "geen code"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    app: Flask, change: str, code: str, answer: str, reason: str, words: str
) -> None:
    _id, number, codes = sent(app, change)
    told = send(app, number, codes["5"] if code == "right" else code, answer, reason)
    assert told.status_code == 422
    assert words in told.text
    assert answers_of(app) == []


def test_guessing_codes_is_limited(database_url: str, app: Flask, change: str) -> None:
    _id, number, codes = sent(app, change)
    other = sent(app, change)[2]["5"]  # a good code, of another question
    with people.site(database_url, RATE_LIMITS="yes", RATE_LIMIT_CODES="3 per hour") as site:
        client = site.test_client()
        assert [send(site, number, other, client=client).status_code for _ in range(3)] == [422] * 3
        refused = send(site, number, codes["5"], client=client)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
    assert answers_of(app) == []


def test_before_the_first_day_and_after_the_last_nobody_answers(app: Flask, change: str) -> None:
    now = datetime.now(UTC)
    _id, early, early_codes = sent(app, change, opens=now + DAY, closes=now + 20 * DAY)
    told = send(app, early, early_codes["5"])
    assert told.status_code == 409
    consent_id, late, late_codes = sent(app, change)
    assert send(app, late, late_codes["5"]).status_code == 200
    over(app, consent_id)
    assert send(app, late, late_codes["5"], "no").status_code == 409
    assert answers_of(app) == [(1, "yes", "")]


def test_what_is_not_there_is_not_found(app: Flask, change: str) -> None:
    question(app, change)
    for number in (1, 0, 2**40, 2**70):
        assert app.test_client().get(f"/consent/{number}").status_code == 404
    for act in ("strike", "paper", "nonsense"):
        answer = planner(app).post(
            f"/desk/consent/{uuid.uuid4()}", {"act": act, "reason": "x", "note": "x", "answer": "yes"}
        )
        assert answer.status_code == 404


# --- Past the program --------------------------------------------------------------------------------------

SQL_REFUSED = {
    "another answer": "UPDATE consent_answer SET answer = 'no'",
    "an answer away": "DELETE FROM consent_answer",
    "other words": "UPDATE consent_answer SET reason = 'anders'",
    "another rule": "UPDATE consent SET rule = '{}'",
    "an earlier end": "UPDATE consent SET closes_at = closes_at - interval '1 day'",
    "another beginning": "UPDATE consent SET opens_at = opens_at - interval '1 day'",
    "another place": "UPDATE consent SET geom = ST_Translate(geom, 0.001, 0)",
    "no letters after all": "UPDATE consent SET sent_at = NULL",
    "an address less": "DELETE FROM consent_address WHERE label LIKE '% 9'",
    "an address not asked": "UPDATE consent_address SET is_asked = false, reason = 'x'",
    "the log": "UPDATE planner_act SET reason = 'x'",
    "the log away": "DELETE FROM planner_act",
}


@pytest.mark.parametrize("statement", SQL_REFUSED.values(), ids=list(SQL_REFUSED))
def test_once_letters_are_out_the_database_itself_refuses(app: Flask, change: str, statement: str) -> None:
    consent_id, _number, _codes = sent(app, change)
    reply(app, consent_id, "5", Reply.YES)
    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.execute(db.text(statement))


def test_an_answer_of_another_question_or_out_of_time_is_refused_by_the_database(
    app: Flask, change: str
) -> None:
    one, _n, _c = sent(app, change)
    other = question(app, change)
    with app.app_context():
        address = queries.addresses_of(one)[0].id
        draft = queries.addresses_of(other)[0].id
        for consent_id, address_id, constraint in (
            (other, address, "not asked"),
            (other, draft, "not possible"),
        ):
            with pytest.raises(IntegrityError, match=constraint), transaction():
                queries.add_answer(consent_id, address_id, Reply.YES, "", "web")
        with pytest.raises(IntegrityError, match="reason"), transaction():
            queries.add_answer(one, address, Reply.OBJECTION, " ", "web")


def test_an_assignment_can_go_with_all_that_hangs_on_it(app: Flask, change: str) -> None:
    consent_id, _number, _codes = sent(app, change)
    reply(app, consent_id, "5", Reply.YES)
    with app.app_context(), transaction():
        db.session.execute(db.text("DELETE FROM design"))
    assert answers_of(app) == []
