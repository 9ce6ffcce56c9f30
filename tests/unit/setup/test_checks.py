"""What `make run` looks at before it begins, and the sentence it ends in."""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import checks, system_packages
from tools.console import DISK_FULL, CommandFailed, Stop, call
from tools.database import Unsuitable, check, plain


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_and_another_is_proposed(taken: int) -> None:
    with pytest.raises(Stop, match=rf"Port {taken} on 127.0.0.1 is taken .* make run PORT={taken + 1}"):
        checks.port("127.0.0.1", taken)


def test_a_free_port_is_fine(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    checks.port("127.0.0.1", free)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(Stop, match=f"HOST={host} is not an address of this machine"):
        checks.port(host, 8000)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80x", "８０００a", " "])
def test_a_port_that_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Stop, match="PORT must be a number from 1 to 65535"):
        checks.address({"PORT": text})


def test_host_and_port_have_defaults_that_only_this_machine_reaches() -> None:
    assert checks.address({}) == ("127.0.0.1", 8000)
    assert checks.address({"PORT": "8123", "HOST": "0.0.0.0"}) == ("0.0.0.0", 8123)


def test_too_little_room_on_the_disk_is_said_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=50_000_000))
    with pytest.raises(Stop, match=r"too little room .* 50 MB free, .* MB needed"):
        checks.disk()


def test_a_disk_that_fills_up_on_the_way_gets_its_own_sentence() -> None:
    with pytest.raises(CommandFailed) as caught:
        call(["sh", "-c", "echo 'write error: No space left on device'; exit 1"], "Something failed.")
    assert str(caught.value) == DISK_FULL


def test_a_failing_program_shows_its_last_words_and_where_the_rest_is(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "it.log"
    with pytest.raises(CommandFailed) as caught:
        call(["sh", "-c", "seq 100; echo the reason; exit 3"], "It failed.", log=log)
    assert str(caught.value).startswith("It failed. Its last words:\n")
    assert "the reason" in str(caught.value)
    assert "    1\n" not in str(caught.value)
    assert str(log) in str(caught.value)
    assert log.read_text().startswith("1\n2\n")


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match=r"has no apt.*postgresql postgresql-postgis"):
        system_packages.install(["postgresql", "postgresql-postgis"], "PostgreSQL is not installed.")


def test_programs_and_libraries_that_only_tests_need_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="chromium gdal-bin"):
        system_packages.ensure_test_programs()

    def absent(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    # A Debian with nothing on it lacks a library that Playwright leans on.
    monkeypatch.setattr(ctypes, "CDLL", absent)
    with pytest.raises(Stop, match="chromium gdal-bin libatomic1"):
        system_packages.ensure_test_programs()


def test_without_sudo_the_command_for_root_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Stop, match=r"no sudo here\. As root: apt-get install postgresql\. Then start again"):
        system_packages.root_prefix("postgresql", "PostgreSQL is not installed.")


def test_root_needs_no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert system_packages.root_prefix("postgresql", "") == []


def test_sudo_that_wants_a_password_from_nobody_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text("#!/bin/sh\nexit 1\n")
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(Stop, match="nobody is at the keyboard"):
        system_packages.root_prefix("postgresql", "PostgreSQL is not installed.")


def test_a_database_that_does_not_answer_gives_one_sentence() -> None:
    with pytest.raises(Unsuitable, match="DATABASE_URL: the database does not answer: "):
        check("postgresql://nobody@127.0.0.1:1/none")


def test_an_address_that_is_none_gives_one_sentence() -> None:
    with pytest.raises(Unsuitable, match="DATABASE_URL"):
        check("postgresql://h/d?no-such-option=1")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_the_address_is_understood(scheme: str) -> None:
    assert plain(f"{scheme}://u@h:1/d") == "postgresql://u@h:1/d"
