"""Ballots through `kill -9` of the database and of a worker: the small sibling of `make kill-test`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.votes.rounds.voters import receipt_hash
from bench import kills, setup
from bench.kills import Sent, Voter


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_database_and_a_worker_are_killed() -> None:
    options = "--seconds 8 --voters 40 --connections 8 --database-kills 1 --worker-kills 1 --least 200"
    done = subprocess.run(
        [sys.executable, "-m", "bench.kills", *options.split()],
        cwd=setup.ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PostgreSQL killed" in done.stdout and "worker" in done.stdout
    assert "Nothing acknowledged is missing, nothing is double." in done.stdout


def faults_of(*rows: tuple[str, bytes, int, list[str]]) -> set[str]:
    """What the comparison says of these rows, when one voter was told of two ballots."""
    receipts = ["0000-0000-0000-0001", "0000-0000-0000-0002"]
    voter = Voter({}, [Sent([choice], [(n + 1, receipts[n])]) for n, choice in enumerate("AB")])
    hashes = {"first": receipt_hash(receipts[0]) or b"", "second": receipt_hash(receipts[1]) or b""}
    stored = [(hashes.get(receipt, b"another"), *rest) for receipt, *rest in rows]
    last = {row[1]: row[0] for row in stored}
    return set(kills.compare(stored, [voter], set(last.values())).faults)


def test_the_comparison_finds_every_kind_of_loss() -> None:
    one, two = ("first", b"v", 1, ["A"]), ("second", b"v", 2, ["B"])
    assert faults_of(one, two) == set()
    assert faults_of(one) == {"acknowledged and missing"}
    assert "stored otherwise than acknowledged" in faults_of(one, ("second", b"v", 2, ["C"]))
    assert "gaps in the versions of a voter" in faults_of(one, ("second", b"v", 3, ["B"]))
    assert "voters under two pseudonyms" in faults_of(one, ("second", b"w", 1, ["B"]))
    assert "rows that nobody sent" in faults_of(one, two, ("third", b"w", 1, ["C"]))
    assert "voters with another last ballot than they sent" in faults_of(one, two, ("third", b"v", 3, ["C"]))
