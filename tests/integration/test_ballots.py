"""Ballots: one for each voter whoever sends what at once, nothing late, and nobody changes any."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import psycopg
import pytest
from flask import Flask

from app.accounts.domain import Role
from app.core import direct
from app.errors import WrongState
from app.extensions import db
from app.projects.phases import PhaseDraft
from app.votes.rounds import queries
from tests.factories import Resident, make_street
from tests.factories.ballots import open_one, sql, storing, vote
from tests.factories.people import Browser, sign_in, site
from tests.factories.rounds import announced_round, design, open_round, planner, street_to_vote_on, wait_until


@pytest.fixture
def many_connections(app: Flask) -> Iterator[None]:
    """For tests with more threads than a server has: their connections do not stay open afterwards."""
    yield
    with app.app_context():
        direct._close(direct._idle.get(db.engine, SimpleQueue()))


# One voter, one ballot


def test_the_last_ballot_before_closing_counts_and_the_receipt_says_so(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    resident = Resident(app.test_client())
    first, second = vote(resident, round_id, ["B"]), vote(resident, round_id, ["C", "A"])
    assert (first.status_code, first.get_json()["version"]) == (200, 1)
    assert (second.status_code, second.get_json()["version"]) == (200, 2)
    assert first.headers["Cache-Control"] == "no-store"

    def look_up(receipt: str) -> str:
        answer = resident.send("POST", f"/api/rounds/{round_id}/receipt", {"receipt": receipt})
        return str(answer.get_json()["ballot"])

    receipts = [answer.get_json()["receipt"] for answer in (first, second)]
    assert all(len(one.replace("-", "")) == 16 for one in receipts)
    assert [look_up(one) for one in receipts] == ["replaced", "counts"]
    assert look_up(receipts[1].lower().replace("-", " ")) == "counts"
    assert look_up("0000-0000-0000-0000") == look_up("onzin") == "unknown"
    # In the order of the round, whatever order they were sent in.
    own = resident.client.get(f"/api/rounds/{round_id}/ballot")
    assert own.get_json()["choices"] == ["A", "C"] and own.get_json()["version"] == 2


def test_50_sends_of_one_ballot_at_once_are_one_ballot(
    app: Flask, clean: None, many_connections: None
) -> None:
    round_id = open_one(app)
    resident = Resident(app.test_client())
    cookie = resident.client.get_cookie("stoepkrijt")
    assert cookie is not None

    def send(_number: int) -> tuple[int, int]:
        with app.test_client() as client:
            client.set_cookie("stoepkrijt", cookie.value)
            answer = client.put(
                f"/api/rounds/{round_id}/ballot",
                json={"choices": ["A"]},
                headers={"X-CSRF-Token": resident.token},
            )
            return answer.status_code, answer.get_json()["version"]

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert {status for status, _version in answers} == {200}
    # Every answer is a version of its own, without a gap; one voter.
    assert sorted(version for _status, version in answers) == list(range(1, 51))
    assert sql(app, "SELECT count(DISTINCT voter) FROM ballot") == 1


def test_40_ballots_at_once_over_a_limit_of_10_choices_are_all_refused(
    app: Flask, clean: None, many_connections: None
) -> None:
    round_id = open_one(app, costs=[100] * 12, parameters={"max_choices": 10})
    people = [Resident(app.test_client()) for _number in range(40)]
    codes = list("ABCDEFGHIJKL")
    assert vote(people[0], round_id, codes[:10]).status_code == 200

    def too_many(resident: Resident) -> tuple[int, str]:
        answer = vote(resident, round_id, codes[:11])
        return answer.status_code, answer.get_json()["errors"][0]["pointer"]

    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(too_many, people)) == {(422, "/choices")}
    assert sql(app, "SELECT count(*) FROM ballot") == 1


def test_two_tabs_are_one_voter_and_the_later_one_stands(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    tab = Resident(app.test_client())
    cookie = tab.client.get_cookie("stoepkrijt")
    assert cookie is not None
    other = app.test_client()
    other.set_cookie("stoepkrijt", cookie.value)
    assert vote(tab, round_id, ["A"]).status_code == 200
    headers = {"X-CSRF-Token": tab.token}
    path = f"/api/rounds/{round_id}/ballot"
    assert other.put(path, json={"choices": ["B"]}, headers=headers).get_json()["version"] == 2
    assert tab.client.get(path).get_json()["choices"] == ["B"]


@pytest.mark.slow
def test_200_votes_a_second_across_the_deadline(app: Flask, clean: None) -> None:
    """What was acknowledged, what is stored and what is counted are the same, and nothing came in after."""
    people = [Resident(app.test_client()) for _number in range(100)]
    with app.app_context():
        round_ = announced_round(opens_in=2, open_for=3)
        round_id, opens_at, closes_at = round_.id, round_.opens_at, round_.closes_at
    answers: list[tuple[datetime, datetime, int, str]] = []
    lock = threading.Lock()

    def keep_voting(worker: int) -> None:
        mine = people[worker::10]
        for turn in range(10_000):
            sent = datetime.now(UTC)
            if sent > closes_at + timedelta(seconds=1):
                return
            answer = vote(mine[turn % len(mine)], round_id, ["A"])
            with lock:
                receipt = answer.get_json().get("receipt", "")
                answers.append((sent, datetime.now(UTC), answer.status_code, receipt))
            time.sleep(max(0, 0.05 - (datetime.now(UTC) - sent).total_seconds()))

    with app.app_context():
        wait_until(opens_at)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(keep_voting, range(10)))
    acknowledged = [receipt for _sent, _back, status, receipt in answers if status == 200]
    assert {status for _sent, _back, status, _receipt in answers} == {200, 409}
    assert len(acknowledged) == sql(app, "SELECT count(*) FROM ballot")
    # Both clocks are this machine's: a ballot sent after the deadline was never acknowledged, and one that
    # was answered before it never refused.
    assert not [one for one in answers if one[2] == 200 and one[0] >= closes_at]
    assert not [one for one in answers if one[2] == 409 and one[1] < closes_at]
    with app.app_context():
        counted = queries.ballots_for_count(round_id)
        db.session.rollback()
    voters = sql(app, "SELECT count(DISTINCT voter) FROM ballot")
    assert len(counted) == voters <= len(people)
    last = {queries_hash(receipt) for receipt in acknowledged}
    assert {one.receipt_hash for one in counted} <= last
    rate = len(answers) / 4
    assert rate > 100, f"only {rate:.0f} a second: the test did not press"


def queries_hash(receipt: str) -> bytes:
    from app.votes.rounds.voters import receipt_hash

    found = receipt_hash(receipt)
    assert found is not None
    return found


# The order of time


def test_nobody_counts_before_closing_and_who_counts_sees_every_ballot_on_its_way(
    app: Flask, clean: None
) -> None:
    with app.app_context():
        # Long enough for a ballot to be on its way before the end, also on a busy machine.
        round_ = announced_round(open_for=3)
        round_id, opens_at, closes_at = round_.id, round_.opens_at, round_.closes_at
        wait_until(opens_at)
        with pytest.raises(WrongState):
            queries.ballots_for_count(round_id)
        db.session.rollback()
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # A ballot that was let in before the deadline and commits after it.
    late = psycopg.connect(url)
    late.execute(*storing(round_id, b"\1" * 32, '["A"]'))
    with app.app_context():
        wait_until(closes_at)
    counted: list[int] = []

    def count() -> None:
        with app.app_context():
            counted.append(len(queries.ballots_for_count(round_id)))

    counting = threading.Thread(target=count)
    counting.start()
    counting.join(0.5)
    assert counting.is_alive(), "the count did not wait for a ballot on its way"
    late.commit()
    late.close()
    counting.join(5)
    assert counted == [1]


def test_before_opening_and_after_closing_the_answer_says_when(app: Flask, clean: None) -> None:
    with app.app_context():
        round_ = announced_round(opens_in=2, open_for=1.5)
        round_id, opens_at, closes_at = round_.id, round_.opens_at, round_.closes_at
    resident = Resident(app.test_client())
    early = vote(resident, round_id, ["A"])
    assert early.status_code == 409 and "vanaf" in early.get_json()["detail"]
    with app.app_context():
        wait_until(opens_at)
    assert vote(resident, round_id, ["A"]).status_code == 200
    with app.app_context():
        wait_until(closes_at)
    late = vote(resident, round_id, ["B"])
    assert late.status_code == 409 and "tot" in late.get_json()["detail"]
    assert resident.client.get(f"/api/rounds/{round_id}/ballot").status_code == 409
    assert sql(app, "SELECT count(*) FROM ballot") == 1


def test_a_count_is_final_and_takes_away_the_key_of_the_voters(app: Flask, clean: None) -> None:
    with app.app_context():
        round_ = announced_round(open_for=1.5)
        round_id, opens_at, closes_at = round_.id, round_.opens_at, round_.closes_at
        wait_until(opens_at)
    assert vote(Resident(app.test_client()), round_id, ["A"]).status_code == 200
    with app.app_context():
        wait_until(closes_at)
    assert sql(app, "SELECT octet_length(voter_key) FROM round") == 48
    counted = (
        "UPDATE round SET counted_at = now(), result = '{}', ballots_hash = 'x',"
        " result_hash = encode(sha256('{}'), 'hex')"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        sql(app, counted.replace("sha256('{}')", "sha256('[]')"))
    sql(app, counted)
    assert sql(app, "SELECT voter_key FROM round") is None
    for statement in (
        "UPDATE round SET result = '[]', result_hash = encode(sha256('[]'), 'hex')",
        "UPDATE round SET counted_at = NULL, result = NULL, result_hash = NULL, ballots_hash = NULL",
    ):
        with pytest.raises(psycopg.Error):
            sql(app, statement)
    sql(app, "UPDATE round SET voter_key = sha256('x')")
    assert sql(app, "SELECT voter_key FROM round") is None
    sql(app, "UPDATE round SET published_at = now()")
    with pytest.raises(psycopg.Error) as refused:
        sql(app, "UPDATE round SET published_at = NULL")
    assert refused.value.sqlstate == queries.FROZEN


# Who may vote


def test_without_a_session_nobody_votes(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    answer = app.test_client().put(f"/api/rounds/{round_id}/ballot", json={"choices": ["A"]})
    assert answer.status_code == 401
    assert app.test_client().get(f"/api/rounds/{round_id}/ballot").status_code == 401


def test_a_round_for_addresses_is_one_ballot_an_address_in_every_browser(app: Flask, clean: None) -> None:
    round_id = open_one(app, electorate="email")
    path = f"/api/rounds/{round_id}/ballot"
    guest = Resident(app.test_client())
    assert vote(guest, round_id, ["A"]).status_code == 403
    versions = []
    for _browser in range(2):
        browser = Browser(app.test_client())
        sign_in(browser, "kim@example.org")
        answer = browser.client.put(path, json={"choices": ["A"]}, headers={"X-CSRF-Token": browser.token})
        versions.append(answer.get_json()["version"])
    assert versions == [1, 2]
    assert sql(app, "SELECT count(DISTINCT voter) FROM ballot") == 1


def test_who_leaves_and_comes_back_with_the_same_address_has_the_same_one_ballot(
    app: Flask, clean: None
) -> None:
    round_id = open_one(app, electorate="email")
    path = f"/api/rounds/{round_id}/ballot"
    for version in (1, 2):
        browser = Browser(app.test_client())
        sign_in(browser, "kim@example.org")
        headers = {"X-CSRF-Token": browser.token}
        answer = browser.client.put(path, json={"choices": ["B"]}, headers=headers)
        assert answer.get_json()["version"] == version
        assert browser.post("/me/erase", {"sure": "yes"}).status_code == 303
    # The person is gone; the ballot stays in the count.
    assert sql(app, "SELECT count(*) FROM ballot") == 2


def test_a_guest_who_signs_in_has_one_ballot_and_the_accounts_own_stands(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    path = f"/api/rounds/{round_id}/ballot"
    account = Browser(app.test_client())
    sign_in(account, "kim@example.org")
    # Two browsers of the same person, in which they voted before they signed in.
    receipts = []
    for choice in ("B", "C"):
        browser = Browser(app.test_client())
        headers = {"X-CSRF-Token": browser.token}
        answer = browser.client.put(path, json={"choices": [choice]}, headers=headers)
        receipts.append(answer.get_json()["receipt"])
        sign_in(browser, "kim@example.org")
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))

    def look_up() -> list[str]:
        return [
            account.client.post(
                f"/api/rounds/{round_id}/receipt",
                json={"receipt": one},
                headers={"X-CSRF-Token": account.token},
            ).get_json()["ballot"]
            for one in receipts
        ]

    # The first browser's ballot became the account's; the second found one there.
    assert look_up() == ["counts", "replaced"]
    assert account.client.get(path).get_json()["choices"] == ["B"]
    account.client.put(path, json={"choices": ["A"]}, headers={"X-CSRF-Token": account.token})
    assert look_up() == ["replaced", "replaced"]
    assert account.client.get(path).get_json()["choices"] == ["A"]
    assert sql(app, f"SELECT count(*) FROM ({_counted(round_id)}) c") == 1


def _counted(round_id: uuid.UUID) -> str:
    return str(queries._FOR_COUNT.text).replace(":round", f"'{round_id}'")


def test_another_round_knows_the_same_person_by_another_name(app: Flask, clean: None) -> None:
    with app.app_context():
        assignment = street_to_vote_on()
        by = planner()
        rounds = [open_round(assignment, by=by) for _number in range(2)]
    resident = Resident(app.test_client())
    for round_id in rounds:
        assert vote(resident, round_id, ["A"]).status_code == 200
    assert sql(app, "SELECT count(DISTINCT voter) FROM ballot") == 2


def test_with_another_secret_nobody_votes_since_everybody_could_vote_again(
    app: Flask, clean: None, database_url: str
) -> None:
    round_id = open_one(app)
    assert vote(Resident(app.test_client()), round_id, ["A"]).status_code == 200
    with site(database_url, SECRET_KEY="another-secret-" + "x" * 32) as changed:
        answer = vote(Resident(changed.test_client()), round_id, ["A"])
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert sql(app, "SELECT count(*) FROM ballot") == 1


def test_a_round_says_nothing_of_its_ballots(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    path = f"/api/rounds/{round_id}"
    before = app.test_client().get(path)
    assert before.status_code == 200 and before.get_json()["status"] == "open"
    for _number in range(3):
        assert vote(Resident(app.test_client()), round_id, ["A"]).status_code == 200
    assert app.test_client().get(path).data == before.data
    boss = Browser(app.test_client())
    sign_in(boss, "boss@gemeente.example", Role.PLANNER)
    assert boss.client.get(path).data == before.data
    listed = app.test_client().get("/api/rounds?assignment=kade").get_json()["rounds"]
    assert [one["id"] for one in listed] == [str(round_id)]
    assert app.test_client().get("/api/rounds?wat=1").status_code == 400


def test_the_published_hash_is_that_of_the_published_document(app: Flask, clean: None) -> None:
    import hashlib

    round_id = open_one(app)
    document = app.test_client().get(f"/api/rounds/{round_id}/freeze").data
    assert (
        hashlib.sha256(document).hexdigest()
        == app.test_client().get(f"/api/rounds/{round_id}").get_json()["freeze_hash"]
    )
    frozen = json.loads(document)
    assert [option["cost_eur"] for option in frozen["options"]] == ["1000.00", "2000.00", "4000.00"]
    assert frozen["rule"] == "mes" and frozen["parameters"] == {
        "budget_eur": "10000.00",
        "completion": "add1",
    }


def test_a_round_outside_the_phase_of_voting_cannot_be_frozen(app: Flask, clean: None) -> None:
    from app.errors import Invalid

    now = datetime.now(UTC)
    spans = (
        PhaseDraft("draw", now - timedelta(days=7), now + timedelta(days=30)),
        PhaseDraft("choose", now + timedelta(hours=1), now + timedelta(days=30)),
    )
    with app.app_context():
        assignment = make_street(phases=spans)
        with pytest.raises(Invalid) as refused:
            announced_round(assignment, opens_in=10)
        assert {problem.pointer for problem in refused.value.problems} == {"/phases"}
        assert announced_round(assignment, opens_in=3700, by=planner()).freeze_hash
        assert design(assignment)
