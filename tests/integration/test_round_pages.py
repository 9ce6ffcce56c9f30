"""A voter's pages without JavaScript: choosing, looking, sending, the receipt, and what is told."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Person
from app.core.transaction import transaction
from app.extensions import db
from app.votes.letters.domain import Addressed, shown
from app.votes.rounds import casting, queries, service
from app.votes.rounds.models import Ballot
from tests.factories import people, rounds

LIST = re.compile(r'data-option="([A-Z]+)"')
RECEIPT = re.compile(r'class="receipt-number"><code>([0-9A-Z-]{19})<')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        yield client


def opened(kind: str = "approval", **fields: Any) -> uuid.UUID:
    """A round of three options of 1,000, 2,000 and 4,000 euros, open to guests."""
    found = rounds.open_round(kind=kind, **fields)
    db.session.remove()
    return found


def fields_of(page: str) -> dict[str, Any]:
    """The hidden fields of a form, as a browser sends them."""
    found: dict[str, Any] = {}
    for name, value in HIDDEN.findall(page):
        found.setdefault(name, []).append(unescape(value))
    return found


def looked(client: FlaskClient, round_id: uuid.UUID, **form: Any) -> Any:
    """The look before sending."""
    page = client.get(f"/rounds/{round_id}").text
    return client.post(f"/rounds/{round_id}/check", data={**fields_of(page), **form})


def sent(client: FlaskClient, round_id: uuid.UUID, **form: Any) -> Any:
    """A whole ballot: look, then send."""
    look = looked(client, round_id, **form)
    assert look.status_code == 200, look.text
    return client.post(f"/rounds/{round_id}/ballot", data=fields_of(look.text))


def ballots(round_id: uuid.UUID) -> list[Any]:
    """What counts, in the order in which it came."""
    db.session.remove()
    question = db.select(Ballot.choices).where(Ballot.round_id == round_id).order_by(Ballot.version)
    return list(db.session.scalars(question))


def test_a_visitor_votes_and_gets_a_receipt_once(world: FlaskClient) -> None:
    round_id = opened()
    answer = sent(world, round_id, choice=["C", "A"])
    assert answer.status_code == 200
    [receipt] = RECEIPT.findall(answer.text)
    assert ballots(round_id) == [["A", "C"]]
    assert answer.headers["Cache-Control"] == "no-store"
    assert receipt not in world.get(f"/rounds/{round_id}").text
    found = world.post(
        f"/rounds/{round_id}/receipt",
        data={
            "receipt": receipt.lower().replace("-", " "),
            **fields_of(world.get(f"/rounds/{round_id}").text),
        },
    )
    assert "Deze stem is binnen en telt mee." in found.text


def test_reading_the_round_sets_no_cookie(world: FlaskClient) -> None:
    round_id = opened()
    assert "Set-Cookie" not in world.get(f"/rounds/{round_id}").headers


def test_nothing_is_stored_before_it_is_sent(world: FlaskClient) -> None:
    round_id = opened()
    look = looked(world, round_id, choice=["B"])
    assert "B: Ontwerp 2" in look.text
    assert ballots(round_id) == []


def test_a_ranking_a_budget_and_points_are_forms_too(world: FlaskClient) -> None:
    ranking = opened("ranking")
    sent(world, ranking, **{"place-C": "1", "place-A": "2", "place-B": "0"})
    assert ballots(ranking) == [["C", "A"]]


def test_points(world: FlaskClient) -> None:
    points = opened("points")
    sent(world, points, **{"points-A": "7", "points-B": "", "points-C": "3"})
    assert ballots(points) == [{"A": 7, "C": 3}]


def test_a_budget(world: FlaskClient) -> None:
    budget = opened("budget", parameters={"budget_eur": "5000"})
    look = looked(world, budget, choice=["A", "C"])
    assert "Samen €\xa05.000 van €\xa05.000." in look.text
    refused = looked(world, budget, choice=["B", "C"])
    assert refused.status_code == 422
    assert "Samen kost dit €\xa06.000. Het budget is €\xa05.000." in refused.text
    assert ballots(budget) == []


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("approval", {"choice": ["Z"]}, "staat niet op het stembriefje"),
        ("approval", {"choice": ["A", "A"]}, "staat er twee keer"),
        ("approval", {}, "Kies minstens 1 ontwerp"),
        ("ranking", {"place-A": "1", "place-B": "1"}, "allebei op plaats 1"),
        ("ranking", {"place-A": "eerst"}, "geen plaats in een volgorde"),
        ("points", {"points-A": "11"}, "Je geeft 11 punten"),
        ("points", {"points-A": "-3"}, "hele getallen"),
        ("points", {"points-A": "9" * 40}, "hele getallen"),
        ("points", {"points-A": "1.5"}, "hele getallen"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_stays(
    world: FlaskClient, kind: str, form: dict[str, Any], words: str
) -> None:
    round_id = opened(kind)
    answer = looked(world, round_id, **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert ballots(round_id) == []


def test_what_was_filled_in_stays_when_something_is_wrong(world: FlaskClient) -> None:
    round_id = opened("points")
    answer = looked(world, round_id, **{"points-A": "8", "points-B": "8"})
    assert answer.text.count('value="8"') == 2
    # What is no whole number too.
    answer = looked(world, round_id, **{"points-A": "2.5", "points-B": "-3", "points-C": "1e3"})
    assert answer.status_code == 422
    for typed in ("2.5", "-3", "1e3"):
        assert answer.text.count(f'value="{typed}"') == 1


def test_going_back_keeps_choice_and_order(world: FlaskClient) -> None:
    round_id = opened()
    first = world.get(f"/rounds/{round_id}").text
    look = looked(world, round_id, choice=["B"])
    back = world.post(f"/rounds/{round_id}", data=fields_of(look.text)).text
    assert LIST.findall(back) == LIST.findall(first)
    assert re.search(r'value="B"[^>]* checked', back)


def test_a_later_ballot_takes_the_place_of_the_first(world: FlaskClient) -> None:
    round_id = opened()
    [first] = RECEIPT.findall(sent(world, round_id, choice=["A"]).text)
    look = looked(world, round_id, choice=["B"])
    assert "Je stemde al eerder" in look.text
    second = world.post(f"/rounds/{round_id}/ballot", data=fields_of(look.text))
    assert "in plaats van je eerdere" in second.text
    form = fields_of(look.text)
    old = world.post(f"/rounds/{round_id}/receipt", data={**form, "receipt": first})
    assert "vervangen door een latere stem" in old.text


def test_an_earlier_ballot_is_shown_when_asked_for_only(world: FlaskClient) -> None:
    round_id = opened()
    sent(world, round_id, choice=["C"])
    page = world.get(f"/rounds/{round_id}").text
    assert " checked" not in page
    mine = world.post(f"/rounds/{round_id}/mine", data=fields_of(page)).text
    assert re.search(r'value="C"[^>]* checked', mine)


def test_another_tab_that_voted_meanwhile_is_told(world: FlaskClient) -> None:
    round_id = opened()
    world.post("/api/session")
    early = looked(world, round_id, choice=["A"])
    sent(world, round_id, choice=["B"])
    answer = world.post(f"/rounds/{round_id}/ballot", data=fields_of(early.text))
    assert answer.status_code == 409
    assert "Intussen kwam er al een stem van jou binnen" in answer.text
    assert ballots(round_id) == [["B"]]
    assert world.post(f"/rounds/{round_id}/ballot", data=fields_of(answer.text)).status_code == 200
    assert ballots(round_id) == [["B"], ["A"]]


def test_the_same_ballot_again_after_a_lost_answer_is_taken(world: FlaskClient) -> None:
    round_id = opened()
    look = looked(world, round_id, choice=["A"])
    for _time in range(2):
        assert RECEIPT.findall(world.post(f"/rounds/{round_id}/ballot", data=fields_of(look.text)).text)
    with transaction():
        db.session.execute(db.text("SELECT 1"))
    assert {tuple(choices) for choices in ballots(round_id)} == {("A",)}
    assert db.session.scalar(db.select(db.func.count(db.distinct(Ballot.voter)))) == 1


def test_everybody_has_an_order_of_their_own_that_stays(app: Flask, world: FlaskClient) -> None:
    round_id = opened(costs=(1000,) * 6)
    orders = set()
    for n in range(12):
        browser = app.test_client()
        browser.environ_base["HTTP_USER_AGENT"] = f"browser {n}"
        first, again = (LIST.findall(browser.get(f"/rounds/{round_id}").text) for _time in range(2))
        assert first == again
        assert sorted(first) == list("ABCDEF")
        orders.add(tuple(first))
    assert len(orders) > 6


def test_before_it_opens_the_round_is_shown_and_no_ballot(world: FlaskClient) -> None:
    round_ = rounds.announced_round(opens_in=3600)
    page = world.get(f"/rounds/{round_.id}").text
    assert "Stemmen kan van" in page
    assert round_.freeze_hash in page
    assert "Controleer je stem" not in page
    answer = world.post(f"/rounds/{round_.id}/check", data={"choice": "A"})
    assert answer.status_code == 409
    assert "Stemmen kan vanaf" in answer.text


def test_a_draft_is_for_planners(app: Flask, world: FlaskClient) -> None:
    by = rounds.planner("noor@gemeente.example")
    with transaction():
        made = service.make_round(by, rounds.street_to_vote_on(), rounds.draft(opens_in=3600))
        round_id = made.id
    assert world.get(f"/rounds/{round_id}").status_code == 404
    assert world.get(f"/rounds/{round_id}/map.svg").status_code == 404


def test_a_ballot_after_closing_is_told_not_to_count_and_which_one_does(world: FlaskClient) -> None:
    round_id = opened(open_for=2.5)
    closes_at = queries.round_by_id(round_id).closes_at
    sent(world, round_id, choice=["A"])
    late = looked(world, round_id, choice=["B"])
    rounds.wait_until(closes_at)
    answer = world.post(f"/rounds/{round_id}/ballot", data=fields_of(late.text))
    assert answer.status_code == 409
    assert "Deze stem is niet geteld" in answer.text
    assert "Je eerdere stem telt wel." in answer.text
    assert ballots(round_id) == [["A"]]
    stranger = world.application.test_client()
    none = stranger.post(f"/rounds/{round_id}/ballot", data={"choice": "B"})
    assert "Van jou is in deze ronde geen stem geteld." in none.text
    closed = world.get(f"/rounds/{round_id}").text
    assert "De stemmen worden geteld." in closed
    assert "Controleer je stem" not in closed


def test_nobody_sees_how_it_stands(app: Flask, world: FlaskClient) -> None:
    """Also a planner reads the same page after one ballot and after three."""
    round_id = opened()
    planner = people.Browser(app.test_client())
    people.sign_in(planner, "noor@gemeente.example", people.Role.PLANNER)

    def read() -> str:
        page = (
            planner.client.get(f"/rounds/{round_id}").text
            + planner.client.get(f"/desk/rounds/{round_id}").text
        )
        return re.sub(r'name="csrf_token" value="[^"]+"', "", page)

    before = read()
    for n in range(3):
        sent(app.test_client(), round_id, choice=["A", "B", "C"][n])
    assert read() == before


def test_who_is_not_signed_in_is_sent_there_first(app: Flask, world: FlaskClient) -> None:
    round_id = opened(electorate="email")
    page = world.get(f"/rounds/{round_id}").text
    assert f'href="/sign-in?next=/rounds/{round_id}"' in page
    assert "Controleer je stem" not in page
    assert world.post(f"/rounds/{round_id}/check", data={"choice": "A"}).status_code == 403
    resident = people.Browser(app.test_client())
    people.sign_in(resident, "jan@voorbeeld.nl")
    assert sent(resident.client, round_id, choice=["A"]).status_code == 200
    assert ballots(round_id) == [["A"]]


def _with_letters(addresses: list[str]) -> tuple[uuid.UUID, list[str]]:
    round_, made = rounds.announced_with_letters([Addressed(one) for one in addresses])
    round_id = round_.id
    rounds.wait_until(round_.opens_at)
    db.session.remove()
    return round_id, [shown(code) for code, _addressed in made]


def test_a_code_from_a_letter_is_one_vote_in_any_browser(app: Flask, world: FlaskClient) -> None:
    round_id, [code, other] = _with_letters(["Kade 1", "Kade 2"])
    assert sent(world, round_id, choice=["A"], code=code.lower()).status_code == 200
    elsewhere = app.test_client()
    look = looked(elsewhere, round_id, choice=["B"], code=code.replace("-", " "))
    assert "Je stemde al eerder" in look.text
    elsewhere.post(f"/rounds/{round_id}/ballot", data=fields_of(look.text))
    assert db.session.scalar(db.select(db.func.count(db.distinct(Ballot.voter)))) == 1
    sent(world, round_id, choice=["C"], code=other)
    assert db.session.scalar(db.select(db.func.count(db.distinct(Ballot.voter)))) == 2


def test_where_paper_and_web_are_two_ballots_the_page_says_so(world: FlaskClient) -> None:
    """Only the code of a letter makes them one; else nobody can see that somebody used both."""
    some = {"paper_ballots": 9}
    asked = "Stem op papier of hier, niet allebei."
    assert asked in world.get(f"/rounds/{opened(electorate_parameters=some)}").text
    by = rounds.planner()
    street = rounds.street_to_vote_on("steeg")
    letters, _made = rounds.announced_with_letters(
        [Addressed("Kade 1")], street, by=by, electorate_parameters=some
    )
    page = world.get(f"/rounds/{letters.id}").text
    assert "genummerde stembriefjes op papier" in page
    assert asked not in page


@pytest.mark.parametrize("typed", ["", "1234", "0000-0000-0000", "x" * 400])
def test_a_wrong_code_is_told_at_its_field_and_the_choice_stays(world: FlaskClient, typed: str) -> None:
    round_id, _codes = _with_letters(["Kade 1"])
    answer = looked(world, round_id, choice=["B"], code=typed)
    assert answer.status_code == 422
    assert 'id="e-code"' in answer.text
    assert re.search(r'value="B"[^>]* checked', answer.text)


def test_too_many_wrong_codes_are_told_with_the_choice_kept(
    database_url: str, app: Flask, world: FlaskClient
) -> None:
    from app.votes.letters.domain import new_code

    round_id, _codes = _with_letters(["Kade 1"])
    with people.site(database_url, RATE_LIMITS="yes", RATE_LIMIT_CODES="3 per hour") as limited:
        client = limited.test_client()
        for _try in range(4):
            answer = looked(client, round_id, choice=["B"], code=shown(new_code()))
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert re.search(r'value="B"[^>]* checked', answer.text)


def test_a_wrong_code_that_is_sent_straight_away_is_one_guess(
    database_url: str, app: Flask, world: FlaskClient
) -> None:
    """By the form as by a program: three guesses are three, whatever else the page looks up with the code."""
    from app.votes.letters.domain import new_code

    round_id, [good] = _with_letters(["Kade 1"])
    with people.site(database_url, RATE_LIMITS="yes", RATE_LIMIT_CODES="3 per hour") as limited:
        voter, program = people.Browser(limited.test_client()), people.Browser(limited.test_client())

        def post(code: str) -> int:
            path = f"/rounds/{round_id}/ballot"
            return int(voter.post(path, {"choice": ["A"], "code": code}).status_code)

        def put(code: str) -> int:
            headers = {"X-CSRF-Token": program.token}
            body = {"choices": ["A"], "code": code}
            answer = program.client.put(f"/api/rounds/{round_id}/ballot", json=body, headers=headers)
            return int(answer.status_code)

        for send in (post, put):
            assert [send(shown(new_code())) for _try in range(2)] == [422, 422]
            # Two guesses leave one: a good code goes through, and costs nothing.
            assert send(good) == 200
            assert send(shown(new_code())) == 422
            assert send(good) == 429
    assert ballots(round_id) == [["A"], ["A"]]


def test_of_a_large_area_only_the_one_address_is_read(app: Flask, world: FlaskClient) -> None:
    """Neither the look before sending nor the ballot reads the addresses of the area, and pages do once."""
    import json

    import shapely

    from app.core.geometry import to_wkb
    from app.maps.models import Place
    from tests.factories import rd_box, rd_point

    area = json.dumps(json.loads(shapely.to_geojson(rd_box(-1, -5, 3001, 25))))
    round_id = opened(electorate="area", electorate_parameters={"area": area})
    with transaction():
        neighbourhood = db.session.scalar(db.select(Place.neighbourhood_id).limit(1))
        db.session.add_all(
            Place(
                neighbourhood_id=neighbourhood,
                source="test",
                source_id=f"many-{n}",
                kind="address",
                label=f"Lange  Kade {n}",
                street="Lange Kade",
                geom=to_wkb(rd_point(n, 5)),
            )
            for n in range(1200)
        )
    resident = people.Browser(app.test_client())
    people.sign_in(resident, "jan@voorbeeld.nl")
    path, form = f"/rounds/{round_id}", {"choice": ["A"], "address": " lange kade\t 700"}
    assert "Lange  Kade 1199" in resident.client.get(path).text
    # The first ballot of a server counts how many addresses share a distance and a neighbourhood.
    assert resident.post(f"{path}/ballot", {**form, "address": "kade 1"}).status_code == 200
    read = 0

    def count(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal read
        read += max(cursor.rowcount, 0) if " place " in statement else 0

    db.event.listen(db.engine, "after_cursor_execute", count)
    try:
        assert resident.client.get(path).status_code == 200
        assert resident.post(f"{path}/check", form).status_code == 200
        assert resident.post(f"{path}/ballot", {**form, "seen": "1"}).status_code == 200
    finally:
        db.event.remove(db.engine, "after_cursor_execute", count)
    assert read == 0
    assert _ways_to_places(round_id, area) == {"Index Scan"}
    assert resident.post(f"{path}/check", {**form, "address": "Lange Kade 1200"}).status_code == 422


def _ways_to_places(round_id: uuid.UUID, area: str) -> set[str]:
    """How PostgreSQL gets at the one address, by its name and by its id."""
    from app.votes.letters import queries as letters

    assignment = queries.round_by_id(round_id).assignment_id
    values = {"assignment": assignment, "within": area, "place": 1, "label": "lange kade 700"}
    found: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        if node.get("Relation Name") == "place":
            found.add(node["Node Type"])
        for part in node.get("Plans", []):
            walk(part)

    with db.engine.connect() as connection:
        connection.execute(db.text("ANALYZE place"))
        cursor = connection.connection.driver_connection.cursor()
        for statement in (letters._NAMED, letters._ADDRESS):
            walk(cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchone()[0][0]["Plan"])
    db.session.remove()
    return found


def test_an_address_in_the_area_is_asked_for(app: Flask, world: FlaskClient) -> None:
    import json

    import shapely

    from tests.factories import rd_box

    area = json.dumps(json.loads(shapely.to_geojson(rd_box(0, -5, 15, 25))))
    round_id = opened(electorate="area", electorate_parameters={"area": area})
    resident = people.Browser(app.test_client())
    people.sign_in(resident, "jan@voorbeeld.nl")
    page = resident.client.get(f"/rounds/{round_id}").text
    assert "Kade 1" in page
    none = looked(resident.client, round_id, choice=["A"])
    assert none.status_code == 422
    outside = looked(resident.client, round_id, choice=["A"], address="Kade 2")
    assert outside.status_code == 422
    assert "kennen we niet in het gebied" in outside.text
    assert sent(resident.client, round_id, choice=["A"], address=" kade  1 ").status_code == 200
    assert ballots(round_id) == [["A"]]


def test_two_options_are_compared_at_the_versions_that_were_frozen(world: FlaskClient) -> None:
    round_id = opened()
    answer = world.get(f"/rounds/{round_id}/compare?a=A&b=C")
    assert answer.status_code == 303
    assert world.get(answer.location).status_code == 200
    for wrong in ("", "?a=A&b=A", "?a=A&b=Z"):
        assert world.get(f"/rounds/{round_id}/compare{wrong}").status_code == 422


def test_the_maps_name_their_options(world: FlaskClient) -> None:
    round_id = opened()
    assert ">A<" in world.get(f"/rounds/{round_id}/map.svg").text
    assert "svg" in world.get(f"/rounds/{round_id}/options/B.svg").text
    assert world.get(f"/rounds/{round_id}/options/Z.svg").status_code == 404


def test_an_option_whose_author_took_it_back_stays_on_the_ballot(world: FlaskClient) -> None:
    round_id = opened()
    with transaction():
        db.session.execute(db.text("UPDATE design SET status = 'withdrawn'"))
    assert world.get(f"/rounds/{round_id}").status_code == 200
    assert world.get(f"/rounds/{round_id}/options/A.svg").status_code == 200
    assert sent(world, round_id, choice=["A"]).status_code == 200


def test_a_wrong_number_of_a_receipt_is_told(world: FlaskClient) -> None:
    round_id = opened()
    assert world.post(f"/rounds/{round_id}/receipt", data={"receipt": "kort"}).status_code == 422
    unknown = world.post(f"/rounds/{round_id}/receipt", data={"receipt": "0000-0000-0000-0000"})
    assert "kennen we niet in deze stemronde" in unknown.text


def test_a_guest_who_asked_to_look_is_one_person(world: FlaskClient) -> None:
    round_id = opened()
    for _time in range(3):
        looked(world, round_id, choice=["A"])
    assert (
        db.session.scalar(db.select(db.func.count()).select_from(Person).where(Person.role == "guest")) == 1
    )


def test_with_another_secret_key_the_page_stays_and_a_ballot_is_refused(
    database_url: str, world: FlaskClient
) -> None:
    """Everybody would have another pseudonym, and so a second vote."""
    round_id = opened()
    with people.site(database_url, SECRET_KEY="another-key-" + "0123456789" * 4) as other:
        client = other.test_client()
        people.Browser(client)
        assert client.get(f"/rounds/{round_id}").status_code == 200
        answer = sent(client, round_id, choice=["A"])
        assert answer.status_code == 503
        assert re.search(r'value="A"[^>]* checked', answer.text)
    assert ballots(round_id) == []


def test_the_pages_are_english_too(world: FlaskClient) -> None:
    round_id = opened()
    assert world.get(f"/en/rounds/{round_id}").status_code == 200
    assert timedelta(0) < queries.round_by_id(round_id).closes_at - datetime.now(UTC)
    assert casting.look_up(round_id, "0000-0000-0000-0000") is None
