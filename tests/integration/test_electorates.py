"""Who may vote: letters, an area, a provider of identities; paper beside the web."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.domain import Actor, Role
from app.core.geometry import to_geojson, to_wkb
from app.core.transaction import transaction
from app.errors import Forbidden, Invalid, WrongState
from app.extensions import db
from app.maps.models import Place
from app.projects.models import Neighbourhood
from app.projects.queries import assignment_by_slug
from app.projects.service import add_neighbourhood
from app.votes.letters import queries as letter_queries
from app.votes.letters import service as letters
from app.votes.letters.domain import Addressed, shown
from app.votes.rounds import paper, queries, service
from tests.factories import RD, Resident, rd_box, rd_point
from tests.factories.people import Browser, sign_in, site
from tests.factories.rounds import (
    announced_round,
    announced_with_letters,
    open_round,
    planner,
    street_to_vote_on,
    wait_until,
)


@pytest.fixture
def by(app: Flask, clean: None) -> Iterator[Actor]:
    """A planner, with an application context around the whole test."""
    with app.test_request_context("/"):
        yield planner()
        db.session.remove()


def ballots() -> list[tuple[bytes, int, str, str | None]]:
    rows = db.session.execute(db.text("SELECT voter, version, channel, band FROM ballot ORDER BY version"))
    found = [(bytes(row[0]), row[1], row[2], row[3]) for row in rows]
    db.session.rollback()
    return found


# Letters


def letters_round(by: Actor, **fields: Any) -> tuple[uuid.UUID, list[tuple[str, Addressed]]]:
    wanted = [Addressed(f"Kade {n}", n, rd_point(n, 2), "0-50") for n in (1, 2, 3)]
    round_, made = announced_with_letters(wanted, by=by, **fields)
    wait_until(round_.opens_at)
    return round_.id, made


def test_a_letter_is_one_ballot_in_every_browser_however_its_code_is_typed(app: Flask, by: Actor) -> None:
    round_id, made = letters_round(by)
    code = made[0][0]
    path = f"/api/rounds/{round_id}/ballot"
    typed = [shown(code), code.lower(), " ".join(code).replace("0", "o").replace("1", "l")]
    for version, text in enumerate(typed, 1):
        answer = Resident(app.test_client()).send("PUT", path, {"choices": ["A"], "code": text})
        assert answer.get_json()["version"] == version, answer.get_json()
    header = Resident(app.test_client()).send("PUT", path, {"choices": ["B"]}, **{"X-Ballot-Code": code})
    assert header.get_json()["version"] == 4
    someone = Resident(app.test_client())
    other = someone.send("PUT", path, {"choices": ["C"], "code": made[1][0]})
    assert other.get_json()["version"] == 1
    found = ballots()
    assert len({voter for voter, *_rest in found}) == 2
    assert {band for *_rest, band in found} == {"0-50"}


def test_no_code_shows_what_was_chosen_with_it(app: Flask, by: Actor) -> None:
    """Whoever printed the letters has every code, and a planner can have a new one made for any address: with
    those they would read all ballots while people vote."""
    round_id, made = letters_round(by)
    path = f"/api/rounds/{round_id}/ballot"
    Resident(app.test_client()).send("PUT", path, {"choices": ["B"], "code": made[0][0]})
    letter = letter_queries.letters_of(round_id)[0]
    with transaction():
        again, _to = service.replace_letter(by, round_id, letter.id, datetime.now(UTC))
    curious = Browser(app.test_client())
    sign_in(curious, "curious@gemeente.example", Role.PLANNER)
    for code in (made[0][0], again, made[1][0]):
        read = curious.client.get(path, headers={"X-Ballot-Code": code})
        assert read.status_code == 403
        assert "wie de brieven maakte" in read.get_json()["detail"]
        page = curious.post(f"/rounds/{round_id}/mine", {"code": code})
        assert page.status_code == 403
        assert " checked" not in page.text
    # Nor do guesses tell, and nothing is cast by them.
    answers = []
    for guess in ("A", "B"):
        form = {"code": again, "choice": guess, "seen": ""}
        answer = curious.post(f"/rounds/{round_id}/ballot", form)
        answers.append((answer.status_code, "Intussen kwam er al een stem van jou binnen" in answer.text))
    assert answers == [(409, True), (409, True)]
    assert len(ballots()) == 1
    # Who has the code votes again, and the last ballot counts.
    look = curious.post(f"/rounds/{round_id}/check", {"code": again, "choice": "C"})
    assert "Je stemde al eerder" in look.text
    sent = curious.post(f"/rounds/{round_id}/ballot", {"code": again, "choice": "C", "seen": "1"})
    assert sent.status_code == 200
    assert [version for _voter, version, *_rest in ballots()] == [1, 2]


def test_a_wrong_or_missing_code_is_told_beside_the_other_mistakes(app: Flask, by: Actor) -> None:
    round_id, made = letters_round(by)
    path = f"/api/rounds/{round_id}/ballot"
    resident = Resident(app.test_client())
    code = made[0][0]
    mistyped = ("0" if code[0] != "0" else "1") + code[1:]
    for body in (
        {"choices": ["A"]},
        {"choices": ["A"], "code": mistyped},
        {"choices": ["A"], "code": "hallo"},
    ):
        answer = resident.send("PUT", path, body)
        assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/code")
    both = resident.send("PUT", path, {"choices": ["Z"], "code": "hallo"})
    assert {error["pointer"] for error in both.get_json()["errors"]} == {"/choices/0", "/code"}
    assert ballots() == []


def test_a_code_of_another_round_opens_nothing_and_a_replaced_letter_is_the_same_vote(
    app: Flask, by: Actor
) -> None:
    round_id, made = letters_round(by)
    old, addressed = made[2]
    other = announced_round(
        service.assignment_by_id(queries.round_by_id(round_id).assignment_id),
        by=by,
        electorate="letter",
        opens_in=0.3,
    )
    wait_until(other.opens_at)
    resident = Resident(app.test_client())
    wrong = resident.send("PUT", f"/api/rounds/{other.id}/ballot", {"choices": ["A"], "code": old})
    assert wrong.status_code == 422
    path = f"/api/rounds/{round_id}/ballot"
    assert resident.send("PUT", path, {"choices": ["A"], "code": old}).get_json()["version"] == 1
    letter = letters.find("round", round_id, old)
    assert letter is not None
    with transaction():
        new, again = service.replace_letter(by, round_id, letter.id, datetime.now(UTC))
    assert again.text == addressed.text
    assert resident.send("PUT", path, {"choices": ["B"], "code": old}).status_code == 422
    assert resident.send("PUT", path, {"choices": ["B"], "code": new}).get_json()["version"] == 2
    assert len({voter for voter, *_rest in ballots()}) == 1


def test_no_address_gets_two_letters_and_none_is_added_while_people_vote(app: Flask, by: Actor) -> None:
    round_, _made = announced_with_letters([Addressed("Kade 1")], by=by, opens_in=3)
    now = datetime.now(UTC)
    for wanted in ([Addressed("Kade 1")], [Addressed("Kade 2"), Addressed("Kade 2")], [Addressed(" ")], []):
        with pytest.raises(Invalid), transaction():
            service.make_letters(by, round_.id, wanted, now)
    resident = Actor(by.id)
    with pytest.raises(Forbidden), transaction():
        service.make_letters(resident, round_.id, [Addressed("Kade 3")], now)
    wait_until(round_.opens_at)
    with pytest.raises(WrongState), transaction():
        service.make_letters(by, round_.id, [Addressed("Kade 3")], datetime.now(UTC))
    # What is stored of a code does not lead back to it.
    stored = db.session.execute(db.text("SELECT code_hash, address FROM letter_code")).all()
    assert [row.address for row in stored] == ["Kade 1"] and len(stored[0].code_hash) == 32


def test_wrong_codes_are_limited_also_for_who_then_guesses_right(
    database_url: str, app: Flask, by: Actor
) -> None:
    round_id, made = letters_round(by)
    wrong = made[0][0]
    with app.app_context(), transaction():
        letter = letters.find("round", round_id, wrong)
        assert letter is not None
        letter.revoked_at = datetime.now(UTC)
    with site(database_url, RATE_LIMITS="yes", RATE_LIMIT_CODES="3 per hour") as limited:
        resident = Resident(limited.test_client())
        path = f"/api/rounds/{round_id}/ballot"
        for _try in range(3):
            assert resident.send("PUT", path, {"choices": ["A"], "code": wrong}).status_code == 422
        answer = resident.send("PUT", path, {"choices": ["A"], "code": made[1][0]})
        assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
        # Somebody else at the same kitchen table still can.
        other = Resident(limited.test_client())
        assert other.send("PUT", path, {"choices": ["A"], "code": made[1][0]}).status_code == 200


# E-mail, an area, and a provider of identities


@pytest.mark.parametrize("electorate", ["email", "area"])
def test_one_mailbox_under_many_addresses_is_one_voter(app: Flask, by: Actor, electorate: str) -> None:
    """Everybody can make accounts for `kim+1@`, `kim+2@` … and reads the mail of all of them."""
    area = {"area": to_geojson(rd_box(0, -5, 100, 25))} if electorate == "area" else {}
    round_id = open_round(by=by, electorate=electorate, electorate_parameters=area)
    home = db.session.scalar(db.text("SELECT id FROM place WHERE label = 'Kade 1'"))
    db.session.rollback()
    sent = {"choices": ["A"], **({"address": home} if area else {})}
    versions = {}
    for address in (
        "kim@example.org",
        "kim+1@example.org",
        "kim+2@example.org",
        "k.im@example.org",
        "kim@elsewhere.example",
        "no.or@gmail.com",
        "noor+kade@googlemail.com",
    ):
        browser = Browser(app.test_client())
        sign_in(browser, address)
        answer = browser.client.put(
            f"/api/rounds/{round_id}/ballot", json=sent, headers={"X-CSRF-Token": browser.token}
        )
        versions[address] = answer.get_json()["version"]
    assert versions == {
        "kim@example.org": 1,
        "kim+1@example.org": 2,
        "kim+2@example.org": 3,
        # Where nobody knows that dots do not count, these may be two people.
        "k.im@example.org": 1,
        "kim@elsewhere.example": 1,
        "no.or@gmail.com": 1,
        "noor+kade@googlemail.com": 2,
    }
    assert len({voter for voter, *_rest in ballots()}) == 4


def test_who_lives_in_the_area_votes_and_only_a_coarse_distance_is_kept(app: Flask, by: Actor) -> None:
    # Kade 1 stands at x = 10, Kade 2 at x = 20: only the first lies in this box.
    area = to_geojson(rd_box(0, -5, 15, 25))
    round_id = open_round(by=by, electorate="area", electorate_parameters={"area": area})
    here, beyond = (
        db.session.scalar(db.text(f"SELECT id FROM place WHERE label = 'Kade {n}'")) for n in (1, 2)
    )
    db.session.rollback()
    path = f"/api/rounds/{round_id}/ballot"
    guest = Resident(app.test_client())
    assert guest.send("PUT", path, {"choices": ["A"], "address": here}).status_code == 403
    browser = Browser(app.test_client())
    sign_in(browser, "kim@example.org")

    def send(**more: Any) -> Any:
        headers = {"X-CSRF-Token": browser.token}
        return browser.client.put(path, json={"choices": ["A"], **more}, headers=headers)

    assert send().get_json()["errors"][0]["pointer"] == "/address"
    assert send(address=beyond).status_code == 403
    assert send(address=2**62).status_code == 403
    for nonsense in ("x", 2**70, -1, True, 1.5):
        assert send(address=nonsense).status_code == 422
    assert send(address=here).status_code == 200
    assert [band for *_rest, band in ballots()] == ["0-50"]
    columns = db.session.scalars(
        db.text("SELECT column_name FROM information_schema.columns WHERE table_name = 'ballot'")
    )
    assert set(columns) == {
        "round_id", "voter", "version", "choices", "channel", "cast_at", "receipt_hash", "band",
        "neighbourhood",
    }  # fmt: skip


def more_doors(n: int, y: float, street: str) -> list[int]:
    """More imported addresses of the street's neighbourhood, a metre apart from x = 5. Commits."""
    with transaction():
        buurt = db.session.scalar(db.select(Neighbourhood).where(Neighbourhood.slug == "kade-buurt"))
        assert buurt is not None
        doors = [
            Place(
                neighbourhood_id=buurt.id,
                source="test",
                source_id=f"{street}-{number}",
                kind="address",
                label=f"{street} {number}",
                street=street,
                house_number=str(number),
                geom=to_wkb(rd_point(5 + number, y)),
            )
            for number in range(1, n + 1)
        ]
        db.session.add_all(doors)
        db.session.flush()
        return [door.id for door in doors]


def test_the_smallest_neighbourhood_around_an_address_is_kept_unless_few_live_there(
    app: Flask, by: Actor
) -> None:
    street_to_vote_on()
    with transaction():
        # Within the Buurt of the street: a court at its south, and a corner within that of few doors.
        add_neighbourhood("hof", "Het Hof", metric_srid=RD, boundary=rd_box(-5, -50, 100, 0))
        add_neighbourhood("hoek", "De Hoek", metric_srid=RD, boundary=rd_box(5, -9.5, 14.5, -8.5))
    court, corner = more_doors(10, -5, "Hofje"), more_doors(9, -9, "Hoekje")
    area = to_geojson(rd_box(0, -40, 100, 25))
    round_id = open_round(
        assignment_by_slug("kade"), by=by, electorate="area", electorate_parameters={"area": area}
    )
    street = db.session.scalar(db.text("SELECT id FROM place WHERE label = 'Kade 1'"))
    db.session.rollback()
    for number, address in enumerate((court[0], corner[0], street)):
        browser = Browser(app.test_client())
        sign_in(browser, f"kim{number}@example.org")
        answer = browser.client.put(
            f"/api/rounds/{round_id}/ballot",
            json={"choices": ["A"], "address": address},
            headers={"X-CSRF-Token": browser.token},
        )
        assert answer.status_code == 200
    kept = db.session.execute(db.text("SELECT band, neighbourhood FROM ballot")).all()
    # Nine doors in the corner and two on the street itself are too few.
    assert sorted(tuple(row) for row in kept if row[1]) == [("0-50", "Het Hof")]
    assert [tuple(row) for row in kept if row[1] is None] == [("0-50", None)] * 2


def test_letters_keep_a_neighbourhood_and_their_ballots_and_paper_do_too(app: Flask, by: Actor) -> None:
    assignment = street_to_vote_on()
    more_doors(12, 3, "Kade Oost")
    with transaction():
        near = letters.addresses_around(assignment.id, reach_m=20)
    # A list of addresses without a place: nothing is known of where it lies.
    round_, made = announced_with_letters(
        [*near, Addressed("Elders 1")], assignment, by=by, electorate_parameters={"paper_ballots": 5}
    )
    codes = {to.text: code for code, to in made}
    assert letter_queries.seats_by_place(round_.id) == {("0-50", "Buurt"): 14, (None, None): 1}
    wait_until(round_.opens_at)
    path = f"/api/rounds/{round_.id}/ballot"
    for address in ("Kade 1", "Elders 1"):
        resident = Resident(app.test_client())
        answer = resident.send("PUT", path, {"choices": ["A"], "code": shown(codes[address])})
        assert answer.status_code == 200
    for person in (by, planner()):
        with transaction():
            paper.enter(person, round_.id, ["B"], datetime.now(UTC), code=codes["Kade Oost 3"])
    kept = db.session.execute(db.text("SELECT channel, band, neighbourhood FROM ballot ORDER BY 1, 2"))
    assert [tuple(row) for row in kept] == [
        ("paper", "0-50", "Buurt"),
        ("web", "0-50", "Buurt"),
        ("web", None, None),
    ]
    letter = db.session.scalar(db.text("SELECT id FROM letter_code WHERE address = 'Kade 2'"))
    with transaction():
        service.replace_letter(by, round_.id, letter, datetime.now(UTC))
    assert letter_queries.seats_by_place(round_.id)["0-50", "Buurt"] == 14


def test_an_identity_of_the_provider_is_one_ballot(app: Flask, by: Actor) -> None:
    from app.votes.rounds.electorates import Given, identify
    from app.votes.rounds.queries import Place

    place = Place(
        uuid.uuid4(), uuid.uuid4(), "approval", {}, "oidc", {}, datetime.now(UTC), datetime.now(UTC), b"", {}
    )
    with pytest.raises(Forbidden):
        identify(place, by, Given())
    known = Actor(uuid.uuid4(), by.role, None, None, "f" * 64)
    assert identify(place, known, Given()).identity == "f" * 64


# Paper


def test_paper_counts_once_two_people_read_the_same_and_only_then(app: Flask, by: Actor) -> None:
    round_id = open_round(by=by, electorate_parameters={"paper_ballots": 40})
    second, third = planner(), planner()

    def enter(actor: Actor, choices: Any, serial: int) -> str:
        with transaction():
            return paper.enter(actor, round_id, choices, datetime.now(UTC), serial=serial).state

    assert enter(by, ["A", "B"], 1) == "waiting"
    assert enter(by, ["A"], 1) == "waiting", "the same person twice is still one person"
    assert ballots() == []
    assert enter(second, ["A"], 1) == "agreed"
    assert [(version, channel) for _voter, version, channel, _band in ballots()] == [(1, "paper")]
    left = db.session.execute(db.text("SELECT first_choices, second_choices FROM paper_ballot")).all()
    assert [tuple(row) for row in left] == [(None, None)]
    with pytest.raises(WrongState):
        enter(third, ["B"], 1)
    # Two that differ: a third person settles it, or one of the two looks again.
    assert enter(by, ["A"], 2) == "waiting"
    assert enter(second, ["B"], 2) == "differs"
    assert enter(third, ["C"], 2) == "differs"
    assert enter(third, ["B"], 2) == "agreed"
    assert enter(by, ["A"], 3) == "waiting"
    assert enter(second, ["B"], 3) == "differs"
    assert enter(by, ["B"], 3) == "agreed"
    assert len(ballots()) == 3
    for nonsense in (0, 41, None):
        with pytest.raises(Invalid):
            enter(by, ["A"], nonsense)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        enter(Actor(by.id), ["A"], 4)


def test_a_round_without_paper_takes_none_and_what_is_not_settled_is_left_out(app: Flask, by: Actor) -> None:
    round_id = open_round(by=by)
    with pytest.raises(WrongState), transaction():
        paper.enter(by, round_id, ["A"], datetime.now(UTC), serial=1)
    other = announced_round(
        service.assignment_by_id(queries.round_by_id(round_id).assignment_id),
        by=by,
        electorate_parameters={"paper_ballots": 5},
        opens_in=0.3,
        open_for=2,
    )
    wait_until(other.opens_at)
    with transaction():
        paper.enter(by, other.id, ["A"], datetime.now(UTC), serial=1)
    wait_until(other.closes_at)
    with pytest.raises(WrongState), transaction():
        paper.enter(planner(), other.id, ["A"], datetime.now(UTC), serial=1)
    with transaction():
        assert queries.ballots_for_count(other.id) == []
        assert queries.leave_out_unsettled(other.id, datetime.now(UTC)) == 1
    assert [row.state for row in queries.paper_of(other.id)] == ["left"]


def test_the_code_on_paper_and_on_the_web_is_the_same_one_ballot(app: Flask, by: Actor) -> None:
    round_id, made = letters_round(by, electorate_parameters={"paper_ballots": 1})
    code = made[0][0]
    path = f"/api/rounds/{round_id}/ballot"
    resident = Resident(app.test_client())
    assert resident.send("PUT", path, {"choices": ["A"], "code": code}).get_json()["version"] == 1
    for actor in (by, planner()):
        with transaction():
            done = paper.enter(actor, round_id, ["B"], datetime.now(UTC), code=code)
    assert done.state == "agreed" and done.receipt
    assert resident.send("PUT", path, {"choices": ["C"], "code": code}).get_json()["version"] == 3
    found = ballots()
    assert len({voter for voter, *_rest in found}) == 1
    assert [channel for _voter, _version, channel, _band in found] == ["web", "paper", "web"]
