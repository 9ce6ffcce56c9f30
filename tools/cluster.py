"""A private PostgreSQL cluster: on a Unix socket only, started and stopped by the program that needs it.

One cluster belongs to one checkout. Programs that use it at the same time hold a shared lock; the last one
stops it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from tools import postgres
from tools.account import Account, can_enter, database_account, make_private
from tools.console import DISK_FULL, CommandFailed, Stop, call, last_lines, mentions_full_disk, say
from tools.paths import checkout_key

SUPERUSER = "stoepkrijt"
# The longest path that fits in sockaddr_un on Linux, without the closing zero byte.
SOCKET_PATH_MAX = 107
# For a root whose checkout is closed to the account that the database runs under.
OPEN_FOLDER = Path("/var/lib/stoepkrijt")
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 300
STOP_SECONDS = 60
LOG_BYTES_MAX = 10_000_000

# Written anew at every start, so that it always fits this version of the program and this place.
SETTINGS = """\
# Written by the program at every start; changes are lost.
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 128MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, mdy'
default_text_search_config = 'pg_catalog.simple'
log_line_prefix = '%m [%p] '
# No rows and no parameters in the log: they hold ballots and addresses.
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = on
"""


@dataclass
class Cluster:
    """A cluster in `home`: `data` (its files), `sockets` (unless the path is too long) and `log`."""

    home: Path
    account: Account = field(default_factory=database_account)
    durable: bool = True
    _lock: IO[str] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def sockets(self) -> Path:
        return socket_folder(self.home, self.account)

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Start the cluster, or join the one that runs already; makes it the first time."""
        make_private(self.home, self.account)
        self._take_lock()
        server = postgres.ensure(self.data)
        make_private(self.sockets, self.account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(server)
        if self._postmaster() is None:
            self._write_settings()
            self._clear_stale_files()
            self._launch(server)
        self._await_answers(server)
        self._share_lock()

    def stop(self) -> None:
        """Stop the cluster, unless another program of this checkout still uses it."""
        if self._lock is None:
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            self._halt()
        finally:
            self.leave()

    def join(self) -> None:
        """Take part in a cluster that another program left running, so that `stop` stops it."""
        if self._lock is None:
            self._lock = (self.home / "lock").open("w", encoding="ascii")

    def leave(self) -> None:
        """Use it no longer, and leave it running."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Stop the cluster and delete everything it kept."""
        self.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def ensure_database(self, name: str) -> str:
        """Make the database if it is not there; returns its address."""
        if name not in self._psql("SELECT datname FROM pg_database").split():
            self._psql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def _take_lock(self) -> None:
        self.join()
        # Another start of the same checkout is finished within seconds, unless it recovers from a crash.
        _wait_for(self._try_lock, START_SECONDS, "Another start of this checkout is still busy.")

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._held(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Whoever holds it shared is past starting: the cluster runs, and so may we.
            try:
                fcntl.flock(self._held(), fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def _held(self) -> IO[str]:
        if self._lock is None:
            raise RuntimeError("join() comes first")
        return self._lock

    def _share_lock(self) -> None:
        fcntl.flock(self._held(), fcntl.LOCK_SH)

    def _initialise(self, server: postgres.Server) -> None:
        # In a folder beside it, renamed when complete: an interrupted start leaves nothing half-made behind.
        unfinished = make_private(self.home / "data.new", self.account)
        shutil.rmtree(unfinished)
        make_private(unfinished, self.account)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ]
        command = [server.programs / "initdb", "-D", unfinished, "-U", SUPERUSER, *options]
        if not self.durable:
            command.append("--no-sync")
        self._call(command, "Making the database failed.")
        shutil.rmtree(self.data, ignore_errors=True)
        unfinished.rename(self.data)

    def _write_settings(self) -> None:
        sockets = str(self.sockets).replace("'", "''")
        text = SETTINGS.format(sockets=sockets, durable="on" if self.durable else "off")
        settings = self.data / "postgresql.conf"
        settings.write_text(text, encoding="utf-8")
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch()
        if os.geteuid() == 0:
            os.chown(settings, self.account.uid, self.account.gid)
            os.chown(self.log, self.account.uid, self.account.gid)

    def _postmaster(self) -> int | None:
        """Process id of this cluster's server, if it runs."""
        return _server_of(self.data, self.data / "postmaster.pid")

    def _clear_stale_files(self) -> None:
        """Remove what a killed server left behind; nobody of ours is alive when this is called."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        # A server whose files were deleted under it may still hold the socket for a minute.
        orphan = _server_of(self.data, self.sockets / f"{SOCKET_NAME}.lock")
        if orphan is not None:
            os.kill(orphan, signal.SIGQUIT)
            _wait_for(
                lambda: not _alive(orphan),
                15,
                f"An earlier server (process {orphan}) does not stop.",
            )
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _launch(self, server: postgres.Server) -> None:
        began = self.log.stat().st_size
        command = [server.programs / "pg_ctl", "start", "-D", self.data, "-l", self.log, "-s"]
        deadline = time.monotonic() + 30
        while True:
            try:
                self._call([*command, "-w", "-t", str(START_SECONDS)], "Starting the database failed.")
                return
            except CommandFailed as failure:
                with self.log.open(encoding="utf-8", errors="replace") as log:
                    log.seek(began)
                    words = log.read()
                # After kill -9 the server's children need a moment to notice that it is gone.
                if "still in use" in words and time.monotonic() < deadline:
                    began += len(words.encode())
                    time.sleep(0.5)
                    continue
                if mentions_full_disk(words):
                    raise Stop(DISK_FULL) from failure
                raise Stop(
                    f"The database does not start. Its log {self.log} says:\n{last_lines(words)}"
                ) from failure

    def _await_answers(self, server: postgres.Server) -> None:
        def answers() -> bool:
            where = ["-h", str(self.sockets), "-U", SUPERUSER, "-d", "postgres"]
            command = [str(server.programs / "pg_isready"), "-q", *where]
            return subprocess.run(command, check=False, cwd="/", **self.account.switch).returncode == 0

        _wait_for(answers, START_SECONDS, f"The database does not answer; see its log {self.log}.")

    def _halt(self) -> None:
        if self._postmaster() is None:
            return
        server = postgres.ensure(self.data)
        command = [
            server.programs / "pg_ctl",
            "stop",
            "-D",
            self.data,
            "-s",
            "-m",
            "fast",
            "-w",
            "-t",
            str(STOP_SECONDS),
        ]
        self._call(command, f"The database does not stop; see its log {self.log}.")

    def _psql(self, statement: str) -> str:
        programs = postgres.ensure(self.data).programs
        where = ["-h", str(self.sockets), "-U", SUPERUSER, "-d", "postgres"]
        return self._call(
            [programs / "psql", "-X", "-q", "-A", "-t", *where, "-c", statement], "The database refuses."
        )

    def _call(self, command: Sequence[object], failure: str) -> str:
        # Only what PostgreSQL needs: PGHOST or PGDATA of the person who starts must not lead it astray.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        return call(command, failure, env=environment, cwd=Path("/"), **self.account.switch)


@contextmanager
def throw_away(instance: Path, purpose: str, *, durable: bool) -> Iterator[Cluster]:
    """A cluster for one run of the tests or benchmarks, deleted afterwards.

    What runs that were killed left behind is deleted too.
    """
    user = database_account()
    home = private_home(instance, f"{purpose}-{os.getpid()}", user)
    for left_behind in home.parent.glob(f"{purpose}-*"):
        pid = left_behind.name.rpartition("-")[2]
        if pid.isdecimal() and not _alive(int(pid)):
            old = Cluster(left_behind, user)
            old.join()
            old.remove()
    cluster = Cluster(home, user, durable=durable)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


def private_home(instance: Path, name: str, account: Account, open_folder: Path = OPEN_FOLDER) -> Path:
    """Where a cluster's files go: under `instance`, or in a folder that the account can reach."""
    instance.mkdir(parents=True, exist_ok=True)
    outside = open_folder / checkout_key(instance)
    if can_enter(account, instance) and not (outside / name / "data").exists():
        return instance / name
    for folder in (open_folder, outside):
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        folder.chmod(0o755)
    say(f"  {account.name} may not enter {instance}, so the database keeps its files in {outside / name}")
    return outside / name


def socket_folder(home: Path, account: Account) -> Path:
    """`home/socket`, or a short folder of our own where that path is too long for a Unix socket."""
    inside = home / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_MAX:
        return inside
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() != 0 and runtime and os.access(runtime, os.W_OK):
        return Path(runtime) / f"stoepkrijt-{checkout_key(home)}"
    return Path("/tmp") / f"stoepkrijt-{account.uid}-{checkout_key(home)}"  # noqa: S108 - checked in make_private


def _server_of(data: Path, pid_file: Path) -> int | None:
    """The process named in a pid or lock file, if it is alive and serves `data` (numbers are used again)."""
    try:
        pid = int(pid_file.read_text(encoding="ascii", errors="replace").split("\n", 1)[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (OSError, ValueError):
        return None
    serves = str(data) in words and re.search(r"postgres$|postmaster$", words[0]) is not None
    return pid if serves and _alive(pid) else None


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def _wait_for(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Stop(otherwise)
        time.sleep(0.1)
