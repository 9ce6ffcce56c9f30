"""`flask votes count`: JSON for a file, a sentence for a file that cannot be counted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

# a: 3 votes, b: 2, c: 1. Four voters, 100: 25 each.
FILE = """META
key;value
num_projects;3
num_votes;4
budget;100
vote_type;approval
PROJECTS
project_id;cost
a;60
b;40.50
c;20
VOTES
voter_id;vote
1;a,b
2;a,b
3;a
4;c
"""


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Any:
    def call(text: str, *arguments: str) -> Any:
        file = tmp_path / "straat.pb"
        file.write_text(text, encoding="utf-8")
        return app.test_cli_runner().invoke(args=["votes", "count", str(file), *arguments])

    return call


@pytest.mark.parametrize(
    ("arguments", "winners", "cost"),
    [
        # a: 20 each; c: 20 of 25. b's voters have 5 each; at 41 they could pay, and 120.50 would be spent.
        ([], ["a", "c"], 80),
        (["--completion", "none"], ["a", "c"], 80),
        (["--completion", "add1-exhaustive", "--rule", "mes"], ["a", "c"], 80),
        (["--rule", "greedy"], ["a", "c"], 80),
        (["--rule", "approval"], ["a"], 60),
        # a has most votes, and neither other goes beside it.
        (["--exclude", "a,c", "--exclude", "a, b", "--rule", "greedy"], ["a"], 60),
    ],
)
def test_winners_cost_and_hash_of_the_file(
    run: Any, arguments: list[str], winners: list[str], cost: float
) -> None:
    answer = run(FILE, *arguments)
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert document["winners"] == winners and document["total_cost"] == cost
    assert document["sha256"] == hashlib.sha256(FILE.encode()).hexdigest()
    told = document["explanation"]
    assert len(told["winners"]) + len(told["losers"]) == 3
    assert all(loser["sentence"] for loser in told["losers"])


def test_amounts_keep_their_cents(run: Any) -> None:
    document = json.loads(run(FILE, "--rule", "greedy", "--exclude", "a,b", "--exclude", "a,c").stdout)
    b = next(one for one in document["explanation"]["losers"] if one["project"] == "b")
    assert b["cost"] == 40.5 and b["by"] == "a" and b["reason"] == "excluded"
    assert document["exclusions"] == [["a", "b"], ["a", "c"]]


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (
            FILE.replace("40.50", "-1").replace("4;c", "4;x"),
            [],
            ["line 10: The cost is '-1'", "line 17: The vote names 'x'"],
        ),
        ("geen bestand", [], ["cannot be counted", "line 1"]),
        (FILE.replace("approval", "ordinal"), [], ["The ballots are ordinal, not approval."]),
        (FILE, ["--exclude", "a,zz"], ["There is no project zz."]),
        (FILE, ["--exclude", "a"], ["at least two different projects"]),
        (FILE, ["--rule", "greedy", "--completion", "add1"], ["--completion belongs to --rule mes"]),
        (FILE, ["--rule", "chance"], ["'chance' is not one of"]),
    ],
)
def test_what_cannot_be_counted_is_told_in_words(
    run: Any, text: str, arguments: list[str], words: list[str]
) -> None:
    answer = run(text, *arguments)
    assert answer.exit_code != 0 and answer.stdout == ""
    assert all(word in answer.output for word in words), answer.output
    assert "Traceback" not in answer.output


def test_a_file_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    answer = app.test_cli_runner().invoke(args=["votes", "count", str(tmp_path / "weg.pb")])
    assert answer.exit_code == 2 and "does not exist" in answer.output
