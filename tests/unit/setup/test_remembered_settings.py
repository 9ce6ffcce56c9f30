"""`flask` commands find the database of `make run`; a server started by hand gets no key for free."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import remembered
from tools import settings


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    values = {
        "DATABASE_URL": "postgresql://a@/b?host=%2Fc",
        "SECRET_KEY": "k=" * 20,
        "PUBLIC_URL": "http://d",
    }
    settings.remember(values, None, tmp_path)
    return tmp_path


def test_a_flask_command_gets_them(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert remembered.settings(instance / "settings.env") == {
        "DATABASE_URL": "postgresql://a@/b?host=%2Fc",
        "SECRET_KEY": "k=" * 20,
        "PUBLIC_URL": "http://d",
    }


def test_a_database_that_the_person_names_does_not_start_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.remember(dict.fromkeys(settings.REMEMBERED, "x"), tmp_path / "cluster", tmp_path)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    monkeypatch.setenv("DATABASE_URL", "postgresql://other/database")
    assert set(remembered.settings(tmp_path / "settings.env")) == set(settings.REMEMBERED)
    assert not (tmp_path / "cluster").exists()


def test_a_server_does_not(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    assert remembered.settings(instance / "settings.env") == {}


def test_without_a_file_there_is_nothing_to_remember(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    assert remembered.settings(tmp_path / "settings.env") == {}


def test_what_is_kept_is_for_the_owner_only(instance: Path) -> None:
    key = settings.secret_key(instance)
    assert len(key) == 64
    assert settings.secret_key(instance) == key
    assert {file.stat().st_mode & 0o777 for file in instance.iterdir()} == {0o600}


def test_what_the_person_set_wins_and_the_rest_is_completed() -> None:
    given = {"SECRET_KEY": "x" * 40, "PUBLIC_URL": "https://straat.example.nl", "MAKEFLAGS": "w"}
    complete = settings.complete(given, "postgresql://a@/b", "0.0.0.0", 8123)
    assert complete["SECRET_KEY"] == "x" * 40
    assert complete["PUBLIC_URL"] == "https://straat.example.nl"
    assert "MAKEFLAGS" not in complete
    assert (
        settings.complete({"SECRET_KEY": "x"}, "u", "0.0.0.0", 8123)["PUBLIC_URL"] == "http://127.0.0.1:8123"
    )
    assert settings.complete({"SECRET_KEY": "x"}, "u", "::1", 8123)["PUBLIC_URL"] == "http://[::1]:8123"
