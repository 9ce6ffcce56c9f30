"""The private database: started, killed, moved, shared, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tools import settings
from tools.account import Account, can_enter, database_account
from tools.cluster import SOCKET_NAME, SOCKET_PATH_MAX, Cluster, private_home, socket_folder, throw_away
from tools.console import Stop

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the database as somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account of the database may enter (pytest's own is closed to it)."""
    made = Path(tempfile.mkdtemp(prefix="stoepkrijt-", dir="/var/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder / "cluster", durable=False)
    made.start()
    yield made
    made.join()
    made.remove()


def ask(cluster: Cluster, question: str, database: str = "postgres") -> object:
    with psycopg.connect(cluster.url(database), connect_timeout=5) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.ensure_database("kept")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_it_listens_on_a_socket_only_and_a_commit_waits_for_the_disk(cluster: Cluster) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert ask(cluster, "SHOW synchronous_commit") == "on"
    assert (cluster.sockets.stat().st_mode & 0o777, cluster.home.stat().st_mode & 0o777) == (0o700, 0o700)


def test_what_was_stored_is_there_after_a_stop_and_a_start(cluster: Cluster) -> None:
    keep_a_row(cluster)
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(cluster, "SELECT 1")
    cluster.start()
    assert ask(cluster, "SELECT answer FROM kept", "kept") == 42


def test_it_starts_after_being_killed(cluster: Cluster) -> None:
    keep_a_row(cluster)
    os.kill(postmaster(cluster), signal.SIGKILL)
    again = Cluster(cluster.home, durable=False)
    again.start()
    assert ask(again, "SELECT answer FROM kept", "kept") == 42
    again.stop()


def test_a_pid_file_that_names_somebody_elses_process_is_stale(cluster: Cluster) -> None:
    pid = postmaster(cluster)
    lines = (cluster.data / "postmaster.pid").read_text()
    cluster.stop()
    wait_until_gone(pid)
    (cluster.data / "postmaster.pid").write_text(lines.replace(str(pid), str(os.getpid()), 1))
    cluster.start()
    assert postmaster(cluster) != os.getpid()
    assert ask(cluster, "SELECT 1") == 1


def test_a_server_that_survived_its_program_is_used_again(cluster: Cluster) -> None:
    pid = postmaster(cluster)
    again = Cluster(cluster.home, durable=False)
    again.start()
    assert postmaster(again) == pid
    again.stop()


def test_the_last_program_that_uses_it_stops_it(cluster: Cluster) -> None:
    second = Cluster(cluster.home, durable=False)
    second.start()
    cluster.stop()
    assert ask(second, "SELECT 1") == 1
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(second, "SELECT 1")


def test_an_interrupted_first_start_leaves_nothing_in_the_way(folder: Path) -> None:
    home = folder / "cluster"
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "half").write_text("made")
    (home / "data").mkdir()
    cluster = Cluster(home, durable=False)
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1
    cluster.remove()
    assert not home.exists()


def test_two_checkouts_do_not_see_each_other(cluster: Cluster, folder: Path) -> None:
    other = Cluster(folder / "other", durable=False)
    other.start()
    keep_a_row(cluster)
    assert ask(other, "SELECT count(*) FROM pg_database WHERE datname = 'kept'") == 0
    other.remove()
    assert ask(cluster, "SELECT answer FROM kept", "kept") == 42


def test_a_long_path_gets_its_socket_in_a_short_one(folder: Path) -> None:
    home = folder / ("long" * 20) / ("longer" * 10)
    home.mkdir(parents=True)
    cluster = Cluster(home, durable=False)
    assert not cluster.sockets.is_relative_to(home)
    assert len(str(cluster.sockets / SOCKET_NAME)) <= SOCKET_PATH_MAX
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1
    sockets = cluster.sockets
    cluster.remove()
    assert not sockets.exists()


def test_files_deleted_under_a_running_server_do_not_stop_the_next(folder: Path) -> None:
    home = folder / ("long" * 20) / ("longer" * 10)
    home.mkdir(parents=True)
    deleted = Cluster(home, durable=False)
    deleted.start()
    deleted.leave()
    shutil.rmtree(home)
    home.mkdir()
    cluster = Cluster(home, durable=False)
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1
    cluster.remove()


def test_a_short_socket_folder_that_somebody_else_made_is_refused(folder: Path) -> None:
    home = folder / ("long" * 30)
    home.mkdir()
    sockets = socket_folder(home, database_account())
    sockets.symlink_to("/tmp")
    try:
        cluster = Cluster(home, durable=False)
        with pytest.raises(Stop, match="belongs to somebody else"):
            cluster.start()
        cluster.leave()
    finally:
        sockets.unlink()


def test_a_throw_away_cluster_is_gone_afterwards(folder: Path) -> None:
    with throw_away(folder, "test", durable=False) as cluster:
        assert ask(cluster, "SELECT 1") == 1
    assert list(folder.iterdir()) == []


def test_what_a_killed_test_run_left_behind_is_removed(folder: Path) -> None:
    left = Cluster(folder / "test-999999999", durable=False)
    left.start()
    left.leave()
    pid = postmaster(left)
    with throw_away(folder, "test", durable=False):
        wait_until_gone(pid)
        assert not left.home.exists()
    assert not Path(f"/proc/{pid}").exists()


@as_root
def test_where_the_checkout_is_closed_the_files_go_to_an_open_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    home = private_home(closed / "checkout" / "instance", "cluster", database_account(), folder / "open")
    assert home.is_relative_to(folder / "open")
    assert str(home) in capsys.readouterr().out
    cluster = Cluster(home, durable=False)
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1
    cluster.remove()


@as_root
def test_where_the_checkout_is_open_the_files_stay_in_it(folder: Path) -> None:
    account = database_account()
    assert account.uid != 0
    assert can_enter(account, folder)
    assert private_home(folder, "cluster", account, folder / "open") == folder / "cluster"


@as_root
def test_files_that_went_elsewhere_once_are_found_again(folder: Path) -> None:
    account = database_account()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    home = private_home(closed / "instance", "cluster", account, folder / "open")
    (home / "data").mkdir(parents=True)
    closed.chmod(0o755)
    assert private_home(closed / "instance", "cluster", account, folder / "open") == home


def test_an_account_may_enter_its_own_folders(folder: Path) -> None:
    me = Account("me", os.geteuid(), os.getegid())
    assert can_enter(me, folder)
    assert not can_enter(me, folder / "absent")


def test_a_flask_command_starts_the_remembered_database_and_stops_it_again(folder: Path) -> None:
    home = folder / "cluster"
    cluster = Cluster(home, durable=False)
    cluster.start()
    keep_a_row(cluster)
    values = {"DATABASE_URL": cluster.url("kept"), "SECRET_KEY": "k" * 40, "PUBLIC_URL": "http://a"}
    settings.remember(values, home, folder)
    cluster.stop()
    program = (
        "import sys, pathlib, psycopg\n"
        "from app import remembered\n"
        "values = remembered.settings(pathlib.Path(sys.argv[1]))\n"
        "print(psycopg.connect(values['DATABASE_URL']).execute('SELECT answer FROM kept').fetchone()[0])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", program, folder / "settings.env"],
        env={**environment, "FLASK_RUN_FROM_CLI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("42\n", 0), done.stderr
    assert not (cluster.data / "postmaster.pid").exists()
    cluster.join()
    cluster.remove()
