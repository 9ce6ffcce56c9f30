"""`flask votes recount`: as anybody runs it, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.round_files import text
from tests.integration.test_votes_count import FILE

ROOT = Path(__file__).resolve().parents[2]


def flask(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell that has no settings at all."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "votes", *arguments],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_published_round_is_counted_again(tmp_path: Path) -> None:
    file, other = tmp_path / "ronde.json", tmp_path / "ronde.pb"
    file.write_text(text(), encoding="utf-8")
    answer = flask("recount", str(file), "--pabulib", str(other))
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    published = json.loads(text())
    assert found["winners"] == ["A"] and found["recounted"] is True and found["ballots"] == 11
    for name in ("freeze_hash", "ballots_hash", "result_hash"):
        assert found[name] == published[name]
    counted = flask("count", str(other), "--exclude", "A,C")
    assert json.loads(counted.stdout)["winners"] == ["A"], counted.stderr


def test_a_changed_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "ronde.json"
    file.write_text(text().replace('"winners":["A"]', '"winners":["B"]'), encoding="utf-8")
    answer = flask("recount", str(file))
    assert answer.returncode == 1 and answer.stdout == ""
    assert (
        "The result: the content and its hash do not match." in answer.stderr
        and len(answer.stderr.splitlines()) == 1
    )


def test_a_sealed_file_says_that_it_was_not_counted(tmp_path: Path) -> None:
    file = tmp_path / "ronde.json"
    file.write_text(text(sealed=True), encoding="utf-8")
    answer = flask("recount", str(file))
    assert answer.returncode == 0 and json.loads(answer.stdout)["recounted"] is False
    assert "sealed" in answer.stderr
    refused = flask("recount", str(file), "--pabulib", str(tmp_path / "x.pb"))
    assert refused.returncode == 1 and "sealed" in refused.stderr and not (tmp_path / "x.pb").exists()


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"[" * 10**6, FILE.encode()])
def test_what_is_no_round_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "iets"
    file.write_bytes(content)
    answer = flask("recount", str(file))
    assert answer.returncode == 1 and "This is not a published round" in answer.stderr
    assert "Traceback" not in answer.stderr
