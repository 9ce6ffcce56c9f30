# ruff: noqa: E501
"""The row about ballots: casting through the whole program, against pgbench with one upsert."""

from __future__ import annotations

import itertools
import json
import random
import statistics

import psycopg
from flask import Flask

from app.votes.rounds import queries
from bench import load, pgbench, setup
from bench.open_round import designs_of, open_round
from bench.rows import CLIENTS, SECONDS, Guest, Row, _in_turn, _row
from bench.setup import Bench

OPTIONS = 12
VOTES_EACH = 6
OPEN_SECONDS = 3_600
CODES = [chr(65 + n) for n in range(OPTIONS)]
# 32 bytes of chance, as a pseudonym and the hash of a receipt are.
_BYTES = "decode(md5(random()::text) || md5(random()::text), 'hex')"
_CHOICES = '["A","C","F"]'
# What a program does that keeps one row a voter and lets the last write win: no version, no check.
_PLAIN = (
    "CREATE TABLE IF NOT EXISTS plain_ballot (round_id uuid, voter bytea, choices jsonb NOT NULL, receipt_hash bytea"
    " UNIQUE, cast_at timestamptz DEFAULT now(), PRIMARY KEY (round_id, voter))"
)
_UPSERT = (
    "INSERT INTO plain_ballot (round_id, voter, choices, receipt_hash)"
    " VALUES ('{round}', {voter}, '{choices}', {receipt})"
    " ON CONFLICT (round_id, voter) DO UPDATE SET choices = excluded.choices, receipt_hash = excluded.receipt_hash;\n"
)
_INSERT = (
    "INSERT INTO ballot (round_id, voter, version, choices, channel, receipt_hash)"
    " VALUES ('{round}', {voter}, NULL, '{choices}', 'web', {receipt}) RETURNING version;\n"
)


def rows(bench: Bench, people: list[Guest], app: Flask) -> list[Row]:
    """Guests who cast and change their ballots; every answer is a row and every voter one ballot in the count."""
    assignment, designs = designs_of(bench.url, OPTIONS)
    numbers = random.Random(11)
    exact: list[bool] = []
    with psycopg.connect(bench.url, autocommit=True) as connection:
        connection.execute(_PLAIN)

    def statement(template: str) -> str:
        round_id = open_round(bench.url, assignment, designs, OPEN_SECONDS)
        return template.format(round=round_id, voter=_BYTES, choices=_CHOICES, receipt=_BYTES)

    def upsert() -> float:
        with psycopg.connect(bench.url, autocommit=True) as connection:
            connection.execute("TRUNCATE plain_ballot")
        return pgbench.rate(bench, {statement(_UPSERT): 1}, SECONDS)

    def guarded() -> float:
        return pgbench.rate(bench, {statement(_INSERT): 1}, SECONDS)

    def ours() -> float:
        round_id = open_round(bench.url, assignment, designs, OPEN_SECONDS)
        sent = [guest for guest in people for _vote in range(VOTES_EACH)]
        numbers.shuffle(sent)
        requests = [
            load.request(
                "PUT",
                f"/api/rounds/{round_id}/ballot",
                {**guest.headers, "Content-Type": "application/json"},
                json.dumps({"choices": sorted(numbers.sample(CODES, 3))}).encode(),
            )
            for guest in sent
        ]
        outcome = load.run(bench.host, bench.port, requests, CLIENTS)
        exact.append(
            set(outcome.statuses) == {200} and _counts(bench, str(round_id)) == (len(sent), len(people))
        )
        return outcome.rate

    least_sql = statement(_INSERT).rstrip(";\n")
    with setup.floor(bench, statements=(least_sql,)) as least:

        def bare() -> float:
            put = itertools.repeat(
                load.request("PUT", "/statement/0", people[0].headers, b'{"choices":["A"]}')
            )
            return load.run(least.host, least.port, put, CLIENTS, SECONDS).rate

        limit, own, inserted, checked = _in_turn(upsert, ours, bare, guarded, rounds=3)
    return [
        _row(
            "ballot, 8 clients", 0.6, "pgbench with one upsert", limit, own, at_most=False,
            totals_exact_met=all(exact),
            ballots_per_s=round(statistics.median(own)),
            guarded_insert_ratio=round(statistics.median(checked) / statistics.median(limit), 3),
            floor=(inserted, "the same server and one prepared insert with the ballot's checks, nothing else"),
        )
    ]  # fmt: skip


def _counts(bench: Bench, round_id: str) -> tuple[int, int]:
    """Rows of a round, and ballots that count."""
    counted = str(queries._FOR_COUNT.text).replace(":round", "%(round)s")
    with psycopg.connect(bench.url) as connection:
        stored = connection.execute("SELECT count(*) FROM ballot WHERE round_id = %s", (round_id,)).fetchone()
        found = connection.execute(f"SELECT count(*) FROM ({counted}) c", {"round": round_id}).fetchone()  # type: ignore[arg-type]
    assert stored is not None and found is not None
    return stored[0], found[0]
