"""What can stand on a ballot: told by the program, refused by the database, and the same by both."""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.transaction import transaction
from app.extensions import db
from app.projects.models import Assignment
from app.votes.rounds import queries, service
from app.votes.rounds.casting import bounds_of
from app.votes.rounds.domain import check_choices
from tests.factories import Resident
from tests.factories.ballots import NOTHING, open_one, sql, storing, vote
from tests.factories.rounds import (
    announced_round,
    design,
    draft,
    open_round,
    planner,
    street_to_vote_on,
    wait_until,
)

# What a ballot may hold


MISTAKES: dict[str, list[tuple[Any, set[str]]]] = {
    "approval": [
        ("A", {"/choices"}),
        (None, {"/choices"}),
        ([], {"/choices"}),
        (["A", "A"], {"/choices/1"}),
        (["A", "Z", 7], {"/choices/1", "/choices/2"}),
    ],
    "ranking": [(["C", "A", "C"], {"/choices/2"}), ({"A": 1}, {"/choices"})],
    "budget": [(["B", "C"], {"/choices"})],
    "points": [
        ({"A": 7, "B": 4}, {"/choices"}),
        ({"A": -1, "B": 2.5, "Q": 1}, {"/choices/A", "/choices/B", "/choices/Q"}),
        (["A"], {"/choices"}),
        ({"A": True}, {"/choices/A"}),
        ({"A": 10**30}, {"/choices/A"}),
    ],
}
LIMITS: dict[str, dict[str, Any]] = {
    "approval": {"max_choices": 2},
    "budget": {"budget_eur": "5000"},
    "ranking": {},
    "points": {"points": 10},
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_every_mistake_on_a_ballot_is_told_at_once(app: Flask, clean: None, kind: str) -> None:
    round_id = open_one(app, kind=kind, parameters=LIMITS[kind])
    resident = Resident(app.test_client())
    for choices, pointers in MISTAKES[kind]:
        answer = vote(resident, round_id, choices)
        assert answer.status_code == 422, choices
        assert pointers <= {error["pointer"] for error in answer.get_json()["errors"]}, choices
    assert sql(app, "SELECT count(*) FROM ballot") == 0


@pytest.mark.parametrize(
    ("kind", "choices", "kept"),
    [
        ("approval", ["C", "A"], ["A", "C"]),
        ("ranking", ["C", "A"], ["C", "A"]),
        ("points", {"C": 3, "A": 7, "B": 0}, {"A": 7, "C": 3}),
        ("budget", ["C", "B", "A"], ["A", "B", "C"]),
    ],
)
def test_each_kind_of_ballot_is_kept_as_it_is_counted(
    app: Flask, clean: None, kind: str, choices: Any, kept: Any
) -> None:
    round_id = open_one(app, kind=kind)
    resident = Resident(app.test_client())
    assert vote(resident, round_id, choices).status_code == 200
    assert resident.client.get(f"/api/rounds/{round_id}/ballot").get_json()["choices"] == kept


# Past the program


CANNOT_BE = {
    "approval": [
        '["A", "A"]', '["A", "Z"]', '["A", "B", "C"]', "[]", '[["A"]]', "[null]", "[1]", '{"A": 1}', '"A"',
        "null",
    ],
    "ranking": ['["A", "B", "A"]'],
    "budget": ['["B", "C"]'],
    "points": [
        '{"A": 11}', '{"A": 5, "B": 6}', '{"A": 1.5}', '{"A": 0}', '{"A": -5, "B": 12}', '{"A": "3"}',
        '{"Z": 3}', '["A"]', '{"A": 1e400}', "{}", '{"A": null}',
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", CANNOT_BE)
def test_the_database_itself_refuses_choices_that_cannot_be(app: Flask, clean: None, kind: str) -> None:
    round_id = open_one(app, kind=kind, parameters=LIMITS[kind])
    for choices in CANNOT_BE[kind]:
        with pytest.raises(psycopg.Error) as refused:
            sql(app, *_flat(storing(round_id, b"\1" * 32, choices)))
        assert refused.value.sqlstate == queries.WRONG_CHOICES, choices
    too_many = str(["A"] * 100_000).replace("'", '"')
    with pytest.raises(psycopg.Error) as refused:
        sql(app, *_flat(storing(round_id, b"\1" * 32, too_many)))
    assert refused.value.sqlstate == queries.WRONG_CHOICES
    assert sql(app, "SELECT count(*) FROM ballot") == 0


def _flat(statement: tuple[str, Any]) -> tuple[Any, ...]:
    return statement[0], *statement[1]


def test_no_ballot_reads_all_ballots_however_few_there_were_when_a_worker_began(
    app: Flask, clean: None
) -> None:
    """What a ballot costs must not grow with those before it, for the first thousands of them neither."""
    round_id = open_one(app)
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        # PostgreSQL knows that there is nothing to read: the plans of this connection are made for that.
        connection.execute("VACUUM ANALYZE ballot, round, round_option")
        for number in range(12):
            connection.execute(*storing(round_id, bytes([number]) * 32, '["A"]'))
        with connection.transaction():
            connection.execute(*storing(round_id, b"\0" * 32, '["B", "A"]'))
            read = connection.execute(
                "SELECT relname, seq_scan, idx_scan > 0 FROM pg_stat_xact_user_tables"
                " WHERE relname IN ('ballot', 'round', 'round_option') ORDER BY relname"
            ).fetchall()
    assert read == [("ballot", 0, True), ("round", 0, True), ("round_option", 0, True)]


def test_the_database_itself_keeps_versions_in_order_and_writes_the_hour(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    before = sql(app, "SELECT date_trunc('hour', clock_timestamp())")
    for version in (1, None):
        sql(app, *_flat(storing(round_id, b"\1" * 32, '["A"]', version)))
    for version in (1, 2, 4, 0):
        with pytest.raises(psycopg.Error) as refused:
            sql(app, *_flat(storing(round_id, b"\1" * 32, '["B"]', version)))
        assert refused.value.sqlstate == queries.WRONG_VERSION
    # Whatever moment was given: the database's own, and of that only the hour (or the opening).
    assert sql(app, "SELECT bool_and(cast_at >= %s) FROM ballot", before)
    assert sql(
        app,
        "SELECT bool_and(cast_at = greatest(date_trunc('hour', cast_at), r.opens_at))"
        " FROM ballot b JOIN round r ON r.id = b.round_id",
    )


FORBIDDEN = [
    ("UPDATE ballot SET choices = '[\"B\"]'", queries.NEVER_CHANGED),
    ("UPDATE ballot SET version = 7", queries.NEVER_CHANGED),
    ("DELETE FROM ballot", queries.NEVER_CHANGED),
    ("TRUNCATE ballot", queries.NEVER_CHANGED),
    ("TRUNCATE round CASCADE", queries.NEVER_CHANGED),
    ("TRUNCATE assignment CASCADE", queries.NEVER_CHANGED),
    ("UPDATE round SET closes_at = closes_at + interval '1 day'", queries.FROZEN),
    ("UPDATE round SET closes_at = clock_timestamp()", queries.FROZEN),
    ("UPDATE round SET question = 'Anders?'", queries.FROZEN),
    ("UPDATE round SET rule = 'greedy'", queries.FROZEN),
    ("UPDATE round SET parameters = '{\"budget_eur\": \"1\"}'", queries.FROZEN),
    ("UPDATE round SET frozen_at = NULL, freeze_document = NULL, freeze_hash = NULL", queries.FROZEN),
    ("UPDATE round SET voter_key = 'x'", queries.FROZEN),
    ("UPDATE round SET voter_key = NULL", queries.FROZEN),
    ("DELETE FROM round", queries.FROZEN),
    ("DELETE FROM assignment", queries.FROZEN),
    ("UPDATE round_option SET cost_eur = 1", queries.FROZEN),
    ("DELETE FROM round_option", queries.FROZEN),
    (
        "INSERT INTO round_conflict (round_id, a, b, overlap_m2) SELECT id, 'A', 'C', 1 FROM round",
        queries.FROZEN,
    ),
    ("UPDATE design_version SET title = 'Anders'", queries.FROZEN),
    ("DELETE FROM design_version", queries.FROZEN),
    ("UPDATE change SET kind = 'bench'", queries.FROZEN),
    ("DELETE FROM change", queries.FROZEN),
    ("UPDATE change SET object_kind = 'tree'", queries.FROZEN),
    (
        "INSERT INTO change (design_id, version, position, action, kind, geom)"
        " SELECT design_id, version, 99, 'add', 'bench', geom FROM change LIMIT 1",
        queries.FROZEN,
    ),
    (
            "UPDATE round SET counted_at = now(), result = '{}', ballots_hash = '',"
            " result_hash = encode(sha256('{}'), 'hex')",
            queries.NOT_YET,
        ),
    (
        "INSERT INTO round (assignment_id, title, question, kind, rule, parameters, electorate, opens_at,"
        " closes_at, counted_at, result, result_hash, ballots_hash) SELECT assignment_id, title, question,"
        " kind, rule, parameters, electorate, opens_at, closes_at, now(), '{}',"
        " encode(sha256('{}'), 'hex'), '' FROM round",
        queries.NOT_YET,
    ),
    ]  # fmt: skip


def test_nobody_changes_a_ballot_or_a_frozen_round_also_past_the_program(app: Flask, clean: None) -> None:
    round_id = open_one(app)
    assert vote(Resident(app.test_client()), round_id, ["A"]).status_code == 200
    for statement, state in FORBIDDEN:
        with pytest.raises(psycopg.Error) as refused:
            sql(app, statement)
        assert refused.value.sqlstate == state, statement
    assert sql(app, "SELECT count(*) FROM ballot") == 1


def test_no_change_of_another_design_moves_into_a_version_that_people_vote_on(
    app: Flask, clean: None
) -> None:
    round_id = open_one(app)
    with app.app_context():
        other = design(db.session.scalars(db.select(Assignment)).one(), title="Staat er niet op")
    into = "UPDATE change SET (design_id, version, position) = (%s, 1, 7) WHERE design_id = %s"
    voted = sql(app, "SELECT design_id FROM round_option WHERE round_id = %s AND code = 'A'", round_id)
    with pytest.raises(psycopg.Error) as refused:
        sql(app, into, voted, other)
    assert refused.value.sqlstate == queries.FROZEN
    # In a version that nobody votes on changes come and go.
    sql(app, "UPDATE change SET object_kind = 'tree', position = 7 WHERE design_id = %s", other)
    sql(
        app,
        "INSERT INTO change (design_id, version, position, action, kind, geom)"
        " SELECT design_id, version, 8, 'add', 'bench', geom FROM change WHERE design_id = %s",
        other,
    )
    assert sql(app, "SELECT count(*) FROM change WHERE design_id = %s", other) == 2


def test_the_database_itself_refuses_a_ballot_outside_the_dates_or_of_no_round(
    app: Flask, clean: None
) -> None:
    with app.app_context():
        assignment = street_to_vote_on()
        by = planner()
        with transaction():
            drafted = service.make_round(by, assignment, draft()).id
        announced = announced_round(assignment, by=by, opens_in=60).id
        closed = announced_round(assignment, by=by, opens_in=0.3, open_for=0.05)
        wait_until(closed.closes_at)
        closed_id = closed.id
    for round_id in (drafted, announced, closed_id, uuid.UUID(NOTHING)):
        with pytest.raises(psycopg.Error) as refused:
            sql(app, *_flat(storing(round_id, b"\1" * 32, '["A"]')))
        assert refused.value.sqlstate == queries.NOT_OPEN


# The program and the database say the same


CODES = st.sampled_from(["A", "B", "C", "Z", "a", "", "AA"])
# 1.0 is a whole number to the database and none to the program, which is the stricter of the two.
FRACTIONS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer())
JUNK = st.one_of(st.none(), st.booleans(), st.integers(-3, 12), FRACTIONS, CODES)
ANYTHING = st.one_of(
    st.lists(CODES, max_size=5),
    st.lists(st.one_of(CODES, JUNK), max_size=5),
    st.dictionaries(CODES, st.integers(-1, 12), max_size=4),
    st.dictionaries(CODES, JUNK, max_size=3),
    JUNK,
)


@pytest.mark.parametrize("kind", LIMITS)
def test_the_program_and_the_database_agree_about_every_ballot(app: Flask, clean: None, kind: str) -> None:
    round_id = open_one(app, kind=kind, parameters=LIMITS[kind])
    with app.app_context():
        place = queries.place_to_vote(round_id)
        assert place is not None
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    limits = bounds_of(place)
    with psycopg.connect(url, autocommit=True) as connection:

        @given(ANYTHING)
        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        def agree(choices: Any) -> None:
            kept, faults = check_choices(choices, limits)
            # What is stored is what the program made of it, such as points without noughts.
            sent = choices if faults else kept
            if isinstance(sent, dict) and faults:
                sent = {code: points for code, points in sent.items() if points != 0 or points is False}
            row = connection.execute(
                "SELECT ballot_choices_wrong(%s, %s, parameters, %s) FROM round WHERE id = %s",
                (round_id, kind, json.dumps(sent), round_id),
            ).fetchone()
            assert row is not None
            assert (row[0] is None) == (not faults), (choices, row, faults)

        agree()


def test_whatever_is_sent_as_a_ballot_or_a_receipt_is_answered_and_never_a_500(
    app: Flask, clean: None
) -> None:
    with app.app_context():
        assignment = street_to_vote_on()
        rounds = [open_round(assignment, by=planner(), kind=kind) for kind in ("approval", "points")]
    resident = Resident(app.test_client())
    bodies = [
        b"", b"[]", b"null", b'"A"', b"{", b'{"choices": NaN}', b'{"choices": [1e400]}', b"\xff\xfe",
        b'{"choices": ["\\ud800"]}', b'{"choices": ["A\\u0000"]}',
        b'{"choices": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"choices": [' + b'"A",' * 50_000 + b'"A"]}',
        b'{"choices": {' + b",".join(b'"k%d": 1' % n for n in range(15_000)) + b"}}",
        b'{"choices": {"A": 99999999999999999999999999}}', b'{"choices": {"A": -0.0}}',
        b'{"choices": ["A"], "code": 7}', b'{"choices": ["A"], "code": "\\u0000"}',
        b'{"choices": ["A"], "address": 99999999999999999999999999}', b'{"choices": ["A"], "extra": 1}',
        b'{"choices": ["A"], "code": "' + b"x" * 100_000 + b'"}',
    ]  # fmt: skip
    for round_id in rounds:
        for path in ("ballot", "receipt"):
            for body in bodies:
                answer = resident.client.open(
                    f"/api/rounds/{round_id}/{path}",
                    method="PUT" if path == "ballot" else "POST",
                    data=body,
                    headers={"X-CSRF-Token": resident.token, "Content-Type": "application/json"},
                )
                assert answer.status_code in (400, 413, 422), (path, body[:60], answer.status_code)
                assert answer.mimetype == "application/problem+json"
    for receipt in ("", "\u0000", "x" * 61, 7, None, ["a"]):
        answer = resident.send("POST", f"/api/rounds/{rounds[0]}/receipt", {"receipt": receipt})
        assert answer.status_code == 422, receipt
    header = {"X-Ballot-Code": "ÿ" * 500}
    assert vote(resident, rounds[0], ["A"], **header).status_code == 200
    assert vote(resident, uuid.UUID(NOTHING), ["A"]).status_code == 404
    assert sql(app, "SELECT count(*) FROM ballot") == 1
