"""Ballots while the database and the server are killed: nothing that was acknowledged may be missing.

`make kill-test`, or `python -m bench.kills` in `.venv`. A database cluster of its own (as careful with its
data as a real one), the production server, and many clients who vote and change their votes without a pause.
While they do, every process of PostgreSQL is ended by `kill -9` several times and a worker of the server now
and then, and a part of all answers is thrown away unread; then a client sends the same ballot again, as
browsers do. After the round has closed, what the clients were told is held against the rows and the count.

`--synchronous-commit=off` takes away what makes an answer a promise. The test must then fail: if it does not,
it proves nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from bench import setup
from bench.open_round import designs_of, open_round
from tools.cluster import Cluster, throw_away
from tools.paths import INSTANCE

OPTIONS = 12
PATIENCE_SECONDS = 10
# While the database is down a client tries again after so long.
AGAIN_SECONDS = 0.05
WORLD = (
    "INSERT INTO neighbourhood (slug, name, metric_srid) VALUES ('kill', 'Kill', 28992)",
    "INSERT INTO assignment (slug, title, question, neighbourhood_id, area, opens_at, published_at)"
    " SELECT 'kill', 'Kill', 'Kill?', id, ST_Multi(ST_MakeEnvelope(4.88, 52.36, 4.89, 52.37, 4326)), now(),"
    " now() FROM neighbourhood",
    "INSERT INTO design (assignment_id, status, submitted_at)"
    f" SELECT id, 'submitted', now() FROM assignment, generate_series(1, {OPTIONS})",
    "INSERT INTO design_version (design_id, version, title) SELECT id, 1, 'Kill' FROM design",
)  # fmt: skip


@dataclass
class Sent:
    """One ballot of one voter, and what came back: `receipts` holds version and receipt of each answer that
    was read; `unanswered` says how often none was."""

    choices: list[str]
    receipts: list[tuple[int, str]] = field(default_factory=list)
    unanswered: int = 0


@dataclass
class Voter:
    """A guest in a browser, and everything they sent, in order."""

    headers: dict[str, str]
    sent: list[Sent] = field(default_factory=list)


@dataclass
class Findings:
    """What the clients were told against what is there."""

    acknowledged: int = 0
    rows: int = 0
    voters: int = 0
    counted: int = 0
    unanswered: int = 0
    missing: int = 0
    altered: int = 0
    gaps: int = 0
    doubles: int = 0
    strangers: int = 0
    wrong_last: int = 0
    late: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """What should be nought and is not."""
        named = {
            "acknowledged and missing": self.missing,
            "stored otherwise than acknowledged": self.altered,
            "gaps in the versions of a voter": self.gaps,
            "voters under two pseudonyms": self.doubles,
            "rows that nobody sent": self.strangers,
            "voters with another last ballot than they sent": self.wrong_last,
            "acknowledged after the round had closed": self.late,
            "difference between the count and the voters": abs(self.counted - self.voters),
        }
        return {name: number for name, number in named.items() if number}


class Clients:
    """Voters who vote without a pause over a few connections until the round has closed."""

    def __init__(self, port: int, round_id: UUID, voters: list[Voter], lost: float, connections: int) -> None:
        self.port, self.path = port, f"/api/rounds/{round_id}/ballot"
        self.voters, self.lost, self.closed = voters, lost, threading.Event()
        self.statuses: Counter[str] = Counter()
        self.late = 0
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, args=(voters[n::connections], random.Random(n)))
            for n in range(connections)
        ]

    def start(self) -> None:
        """Begin to vote."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until everybody was told that the round has closed."""
        for thread in self._threads:
            thread.join()

    def _work(self, mine: list[Voter], chance: random.Random) -> None:
        connection: http.client.HTTPConnection | None = None
        turn = 0
        while not self.closed.is_set():
            voter = mine[turn % len(mine)]
            turn += 1
            # The number of the ballot, in binary: every ballot of a voter differs from the one before.
            number = len(voter.sent) % (2**OPTIONS - 1) + 1
            ballot = Sent([chr(65 + bit) for bit in range(OPTIONS) if number >> bit & 1])
            voter.sent.append(ballot)
            while not self.closed.is_set() and not ballot.receipts:
                connection = self._send(connection, voter, ballot, chance)
        if connection is not None:
            connection.close()

    def _send(
        self,
        connection: http.client.HTTPConnection | None,
        voter: Voter,
        ballot: Sent,
        chance: random.Random,
    ) -> http.client.HTTPConnection | None:
        connection = connection or http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE_SECONDS
        )
        body = json.dumps({"choices": ballot.choices})
        headers = {**voter.headers, "Content-Type": "application/json"}
        began_closed = self.closed.is_set()
        try:
            connection.request("PUT", self.path, body, headers)
            if chance.random() < self.lost:
                return self._lose(connection, ballot)
            answer = connection.getresponse()
            document = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return self._lose(connection, ballot, "no answer")
        self._note(str(answer.status))
        if answer.status == 200:
            ballot.receipts.append((document["version"], document["receipt"]))
            self.late += began_closed
        elif answer.status == 409:
            self.closed.set()
        else:
            # 503 while the database is down: the ballot may be in all the same, when the answer of the
            # database was what got lost.
            ballot.unanswered += 1
            time.sleep(AGAIN_SECONDS)
        return connection

    def _lose(self, connection: http.client.HTTPConnection, ballot: Sent, why: str = "thrown away") -> None:
        ballot.unanswered += 1
        self._note(why)
        connection.close()
        time.sleep(AGAIN_SECONDS)

    def _note(self, what: str) -> None:
        with self._lock:
            self.statuses[what] += 1


def kill_database(cluster: Cluster) -> int:
    """`kill -9` for the server and every process of it; how many. Then start it again."""
    postmaster = cluster._postmaster()
    if postmaster is None:
        raise SystemExit("PostgreSQL was not running when it should have been.")
    # The first goes first, so that it starts no other; all within a millisecond or so.
    ended = [postmaster, *children_of(postmaster)]
    for pid in ended:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    cluster.start()
    return len(ended)


def kill_worker(server: int, chance: random.Random) -> int:
    """`kill -9` for one of the processes that answer requests; the server starts another. Its number."""
    victim = chance.choice(children_of(server))
    os.kill(victim, signal.SIGKILL)
    return victim


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += [int(word) for word in (task / "children").read_text().split()]
    return found


Stored = tuple[bytes, bytes, int, list[str]]


def stored(url: str, round_id: UUID) -> list[Stored]:
    """The rows of a round: hash of the receipt, voter, version, choices; by voter and version."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT receipt_hash, voter, version, choices FROM ballot WHERE round_id = %s"
            " ORDER BY voter, version",
            (round_id,),
        )
        return [(bytes(row[0]), bytes(row[1]), row[2], row[3]) for row in rows]


def compare(rows: Sequence[Stored], voters: Sequence[Voter], counted: set[bytes]) -> Findings:
    """Hold what the clients were told against the rows. `counted`: the receipts' hashes in the count."""
    by_receipt = {receipt: (name, version, choices) for receipt, name, version, choices in rows}
    of_voter: dict[bytes, list[tuple[int, list[str]]]] = {}
    for _receipt, name, version, choices in rows:
        of_voter.setdefault(name, []).append((version, choices))
    found = Findings(rows=len(rows), voters=len(of_voter), counted=len(counted))
    found.gaps = sum(
        [version for version, _choices in mine] != list(range(1, len(mine) + 1)) for mine in of_voter.values()
    )
    last = {name: receipt for receipt, name, _version, _choices in rows}
    found.strangers += len(counted ^ set(last.values()))
    for voter in voters:
        _compare_one(voter, by_receipt, of_voter, found)
    # Rows that no answer told of are sends whose answer nobody read: never more than those.
    found.unanswered = sum(ballot.unanswered for voter in voters for ballot in voter.sent)
    untold = len(rows) - (found.acknowledged - found.missing)
    found.strangers += max(0, untold - found.unanswered)
    return found


def _compare_one(
    voter: Voter,
    by_receipt: dict[bytes, tuple[bytes, int, list[str]]],
    of_voter: dict[bytes, list[tuple[int, list[str]]]],
    found: Findings,
) -> None:
    from app.votes.rounds.voters import receipt_hash

    names: set[bytes] = set()
    newest = 0
    for ballot in voter.sent:
        for version, receipt in ballot.receipts:
            found.acknowledged += 1
            row = by_receipt.get(receipt_hash(receipt) or b"")
            if row is None:
                found.missing += 1
                continue
            names.add(row[0])
            newest = max(newest, version)
            found.altered += row[1:] != (version, ballot.choices)
    found.doubles += len(names) > 1
    # After the last ballot that was acknowledged only what got no answer can have come in.
    unanswered = [ballot.choices for ballot in voter.sent if ballot.unanswered]
    for name in names:
        later = [choices for version, choices in of_voter[name] if version > newest]
        found.wrong_last += any(choices not in unanswered for choices in later)


@contextmanager
def served(url: str) -> Iterator[tuple[int, int]]:
    """The production server on a free port: its port and process. What it says of a database that is away
    goes nowhere."""
    port = setup._free_port()
    environment = setup._environment(url, "", port)
    command = [sys.executable, "-m", "app.serve"]
    silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=setup.ROOT, env=environment, start_new_session=True, **silence)
    try:
        setup._wait_for(port, "/healthz", server)
        yield port, server.pid
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(20)
        # All of it: a worker that has only just begun may not have heard that it should stop.
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def run(options: argparse.Namespace) -> int:
    """The whole test; 0 when nothing was lost."""
    chance = random.Random(options.seed)
    with throw_away(INSTANCE, "kill-test", durable=True) as cluster:
        url = cluster.ensure_database("kill_test")
        setup._migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in WORLD:
                connection.execute(statement)
            # Kept in the cluster, so that it also holds after each start.
            connection.execute(f"ALTER SYSTEM SET synchronous_commit = {options.synchronous_commit}")
            connection.execute("SELECT pg_reload_conf()")
        with served(url) as (port, pid):
            voters = [Voter(headers) for headers in guests(port, options.voters)]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
            assignment, designs = designs_of(url, OPTIONS)
            round_id = open_round(url, assignment, designs, options.seconds)
            how_many = f"{options.voters} voters over {options.connections} connections"
            commit = f"synchronous_commit = {options.synchronous_commit}"
            print(f"  {how_many} vote for {options.seconds:g} s, {commit}", flush=True)
            clients = Clients(port, round_id, voters, options.lost, options.connections)
            clients.start()
            try:
                _kill(options, cluster, pid, chance)
            except BaseException:
                clients.closed.set()
                raise
            finally:
                clients.join()
        return report(clients, compare(stored(url, round_id), voters, count(url, round_id)), options)


def _kill(options: argparse.Namespace, cluster: Cluster, server: int, chance: random.Random) -> None:
    """Kill in turn, spread over the time that the round is open."""
    acts = ["database"] * options.database_kills
    for n in range(options.worker_kills):
        acts.insert(min(2 * n + 1, len(acts)), "worker")
    began = time.monotonic()
    for n, what in enumerate(acts, 1):
        time.sleep(max(0.0, began + n * options.seconds / (len(acts) + 1) - time.monotonic()))
        at = time.monotonic() - began
        if what == "database":
            processes = kill_database(cluster)
            back = time.monotonic() - began - at
            done = f"PostgreSQL killed ({processes} processes), back after {back:.1f} s"
        else:
            done = f"worker {kill_worker(server, chance)} killed"
        print(f"  {at:5.1f} s  {done}", flush=True)


def guests(port: int, number: int) -> Iterator[dict[str, str]]:
    """Sessions, started as browsers do."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _number in range(number):
        connection.request("POST", "/api/session", headers={"Content-Length": "0"})
        answer = connection.getresponse()
        token = json.loads(answer.read())["csrf_token"]
        yield {"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": token}
    connection.close()


def count(url: str, round_id: UUID) -> set[bytes]:
    """The receipts' hashes of the ballots that count, as the program counts them after closing."""
    os.environ |= {"DATABASE_URL": url, "SECRET_KEY": "only-to-count-in-the-test-of-kills-0123456789"}
    from app import create_app
    from app.extensions import db
    from app.votes.rounds.queries import ballots_for_count

    app = create_app()
    with app.app_context():
        found = {ballot.receipt_hash for ballot in ballots_for_count(round_id)}
        db.session.remove()
        db.engine.dispose()
    return {bytes(one) for one in found}


def report(clients: Clients, found: Findings, options: argparse.Namespace) -> int:
    """Say what was found, and end with 0 when it is as it should be."""
    found.late = clients.late
    answers = ", ".join(f"{what}: {n}" for what, n in sorted(clients.statuses.items()))
    print(f"  answers   {answers}")
    print(f"  told      {found.acknowledged} acknowledged; {found.unanswered} times no answer was read")
    print(f"  stored    {found.rows} rows of {found.voters} voters; {found.counted} ballots in the count")
    for name, number in found.faults.items():
        print(f"  WRONG     {number} {name}")
    if found.acknowledged < options.least:
        print(f"  WRONG     fewer than {options.least} ballots: the test did not press")
        return 1
    print("  Nothing acknowledged is missing, nothing is double." if not found.faults else "  FAILED")
    return 1 if found.faults else 0


def read(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="make kill-test", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long the round is open")
    parser.add_argument("--voters", type=int, default=300)
    parser.add_argument("--connections", type=int, default=24)
    parser.add_argument("--database-kills", type=int, default=3)
    parser.add_argument("--worker-kills", type=int, default=2)
    parser.add_argument("--lost", type=float, default=0.05, help="the part of all answers that nobody reads")
    parser.add_argument("--least", type=int, default=2_000, help="fewer acknowledged ballots prove nothing")
    parser.add_argument("--synchronous-commit", choices=("on", "off"), default="on")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the test. Its exit code says whether anything was lost."""
    return run(read(arguments))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failure:
        sys.exit(f"The test could not start: {failure}")
