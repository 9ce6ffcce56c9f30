# ruff: noqa: E501
"""The rows of the table. Each measures its limit, the program and the least program in turn, several times."""

from __future__ import annotations

import itertools
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from app.api import sql
from app.api.registry import COLLECTIONS
from app.api.tile_cutting import tile_sql
from app.api.tile_state import MARKER_SECONDS
from app.core.tiles import BUFFER, Tile
from app.designs import queries
from app.projects.queries import is_open_parameters
from bench import data, load, pgbench, setup
from bench.setup import Bench

ROUNDS = 4
SECONDS = 3
CLIENTS = pgbench.CLIENTS
GUESTS = 400


@dataclass
class Row:
    """One measured row. `ratio` is ours divided by the limit; `at_most` says which side of the goal is good."""

    name: str
    ratio: float
    goal: float
    at_most: bool
    limit: str
    samples: int
    ours: list[float]
    theirs: list[float]
    floor: list[float] = field(default_factory=list)
    floor_is: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def floor_ratio(self) -> float | None:
        """What the least program reached of the limit: no program behind this server does better."""
        return _paired(self.floor, self.theirs) if self.floor else None

    @property
    def ratio_to_floor(self) -> float | None:
        """Ours divided by the least program."""
        return _paired(self.ours, self.floor) if self.floor else None

    @property
    def met(self) -> bool:
        """Whether the goal is reached; `notes` may hold conditions beside the ratio."""
        within = self.ratio <= self.goal if self.at_most else self.ratio >= self.goal
        return within and all(value for name, value in self.notes.items() if name.endswith("_met"))

    def document(self) -> dict[str, Any]:
        """The row for `results.json`."""
        rounded = {
            "ratio": self.ratio,
            "floor_ratio": self.floor_ratio,
            "ratio_to_floor": self.ratio_to_floor,
        }
        figures = {name: None if value is None else round(value, 4) for name, value in rounded.items()}
        return {**asdict(self), **figures, "met": self.met}


def _paired(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios within each round, where there are as many: a machine that gets busy halfway
    then weighs on both. Else the ratio of the medians."""
    if len(ours) != len(theirs):
        return statistics.median(ours) / statistics.median(theirs)
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _in_turn(*measures: Callable[[], float], rounds: int = ROUNDS) -> list[list[float]]:
    """What each of these measures in turn; a first round that warms everything up is thrown away."""
    found = [[measure() for measure in measures] for _round in range(rounds + 1)]
    return [list(column) for column in zip(*found[1:], strict=True)]


def _row(
    name: str,
    goal: float,
    limit: str,
    theirs: list[float],
    ours: list[float],
    *,
    at_most: bool,
    floor: tuple[list[float], str] = ([], ""),
    **notes: Any,
) -> Row:
    return Row(name, _paired(ours, theirs), goal, at_most, limit, len(ours), ours, theirs, *floor, notes)


# Exports


def _touch(bench: Bench) -> None:
    """Change something, so that the next export is made anew."""
    with psycopg.connect(bench.url) as connection:
        connection.execute("UPDATE assignment SET revision = revision + 1, updated_at = clock_timestamp()")


def _memory_kib(bench: Bench) -> int:
    """The resident memory of the largest process of the server."""
    children = Path(f"/proc/{bench.pid}/task/{bench.pid}/children").read_text().split()
    status = [Path(f"/proc/{pid}/status").read_text() for pid in [str(bench.pid), *children]]
    return max(int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) for text in status)  # type: ignore[union-attr]


@dataclass
class _Download:
    seconds: float
    first_byte: float
    size: int
    etag: str
    status: int
    memory_kib: int


def _download(bench: Bench, path: str, etag: str = "") -> _Download:
    connection = HTTPConnection(bench.host, bench.port)
    piece = bytearray(1024 * 1024)
    started = time.perf_counter()
    connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
    answer = connection.getresponse()
    if answer.status == 200:
        answer.peek(1)
    first, size, memory = time.perf_counter() - started, 0, 0
    while got := answer.readinto(piece):
        before = size // (8 * 1024 * 1024)
        size += got
        if size // (8 * 1024 * 1024) != before:
            memory = max(memory, _memory_kib(bench))
    return _Download(
        time.perf_counter() - started, first, size, answer.headers["ETag"], answer.status, memory
    )


def _body(bench: Bench, path: str) -> bytes:
    connection = HTTPConnection(bench.host, bench.port)
    connection.request("GET", path)
    return connection.getresponse().read()


def exports(bench: Bench, app: Flask) -> list[Row]:
    """100,000 changes as GeoJSON: made anew, and unchanged."""
    with app.app_context():
        statement = sql.copy_geojson(COLLECTIONS["changes"], None)
    path = "/api/export/changes.geojson"
    for _warm in range(3):
        _touch(bench)
        _download(bench, path)
    resting = _memory_kib(bench)
    downloads: list[_Download] = []

    def anew() -> float:
        _touch(bench)
        downloads.append(_download(bench, path))
        return downloads[-1].seconds

    with tempfile.NamedTemporaryFile(suffix=".geojson") as file:
        file.write(_body(bench, path))
        file.flush()
        with setup.floor(bench, copy=statement, file=file.name) as least:
            theirs, ours, copied, sent = _in_turn(
                lambda: pgbench.psql_seconds(bench, statement),
                anew,
                lambda: _download(least, "/copy").seconds,
                lambda: _download(least, "/bytes").seconds,
                rounds=9,
            )
    first = statistics.median(d.first_byte for d in downloads) * 1000
    memory = max(max(d.memory_kib for d in downloads) - resting, 0) / 1024
    limit = "psql COPY of the same rows"
    cold = _row(
        "export GeoJSON, 100k changes", 1.1, limit, theirs, ours, at_most=True,
        first_byte_ms=round(first, 1), first_byte_met=first <= 20, memory_mib=round(memory, 1), memory_met=memory <= 10,
        bytes=downloads[-1].size, same_bytes_from_a_file_ratio=round(statistics.median(sent) / statistics.median(theirs), 3),
        floor=(copied, "the same COPY, sent on as it comes"),
    )  # fmt: skip
    etag = downloads[-1].etag
    again = [_download(bench, path, etag) for _number in range(20)]
    whole = [_download(bench, path) for _number in range(10)]
    unchanged = _row(
        "export unchanged since the last time", 0.05, limit, theirs, [d.seconds for d in again], at_most=True,
        statuses=sorted({d.status for d in again}),
        whole_body_again_ratio=round(statistics.median(d.seconds for d in whole) / statistics.median(theirs), 3),
    )  # fmt: skip
    return [cold, unchanged]


# Tiles


def _tiles() -> list[Tile]:
    """All tiles of zooms 15 to 18 over the synthetic neighbourhood."""
    import math

    def column(longitude: float, z: int) -> int:
        return int((longitude + 180) / 360 * 2**z)

    def row(latitude: float, z: int) -> int:
        return int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**z)

    found = []
    for z in range(15, 19):
        columns = range(column(data.WEST, z), column(data.WEST + data.WIDTH, z) + 1)
        rows = range(row(data.SOUTH + data.HEIGHT, z), row(data.SOUTH, z) + 1)
        found += [Tile(z, x, y) for x in columns for y in rows]
    return found


def _tile_scripts(name: str, tiles: list[Tile]) -> dict[str, int]:
    """One pgbench script a zoom: a random tile of it, cut by the program's own SQL."""
    scripts = {}
    for z in sorted({tile.z for tile in tiles}):
        ours = [tile for tile in tiles if tile.z == z]
        width, half = ours[0].width_m, Tile(0, 0, 0).bounds()[2]
        margin = width * BUFFER / 4096
        xs, ys = [tile.x for tile in ours], [tile.y for tile in ours]
        lines = [
            f"\\set x random({min(xs)}, {max(xs)})",
            f"\\set y random({min(ys)}, {max(ys)})",
            f"\\set west :x * {width!r} - {half!r}",
            f"\\set north {half!r} - :y * {width!r}",
            f"\\set east :west + {width!r}",
            f"\\set south :north - {width!r}",
            *(
                f"\\set outer_{side} :{side} {sign} {margin!r}"
                for side, sign in (("west", "-"), ("south", "-"), ("east", "+"), ("north", "+"))
            ),
        ]
        # Without a cast a prepared statement would take the text parameters for the wrong function.
        statement = re.sub(r"%\((\w+)\)s", r":\1::float8", tile_sql(name, z))
        scripts["\n".join([*lines, statement + ";"])] = len(ours)
    return scripts


def tiles(bench: Bench) -> list[Row]:
    """Cold and warm tiles of 100,000 street objects."""
    name, chosen = "street-objects", _tiles()
    scripts = _tile_scripts(name, chosen)
    shuffled = random.Random(1)
    paths = [f"/api/collections/{name}/tiles/WebMercatorQuad/{t.z}/{t.y}/{t.x}" for t in chosen]
    requests = [load.request("GET", path) for path in paths]
    statuses: list[int] = []

    def cold() -> float:
        with psycopg.connect(bench.url) as connection:
            connection.execute("UPDATE neighbourhood SET attribution = clock_timestamp()::text")
        time.sleep(MARKER_SECONDS + 0.3)
        shuffled.shuffle(requests)
        outcome = load.run(bench.host, bench.port, requests, CLIENTS)
        statuses.extend(outcome.statuses)
        return outcome.rate

    bare = [load.request("GET", f"/tile/{name}/{t.z}/{t.x}/{t.y}") for t in chosen]
    with setup.floor(bench) as least:
        theirs, ours, cut = _in_turn(
            lambda: pgbench.rate(bench, scripts, SECONDS),
            cold,
            lambda: load.run(least.host, least.port, bare, CLIENTS).rate,
        )
    limit = "pgbench with the same SQL, 8 clients"
    rows = [
        _row(
            "cold tiles z15-18, 100k features",
            0.90,
            limit,
            theirs,
            ours,
            at_most=False,
            tiles=len(chosen),
            statuses=sorted(set(statuses)),
            floor=(cut, "the same server and the same SQL, nothing else"),
        )
    ]
    etags = {}
    for _time in range(3):
        for path in paths:
            etags[path] = _download(bench, path).etag
    warm_requests = [load.request("GET", path, {"If-None-Match": etags[path]}) for path in paths] + requests
    revalidated = [load.request("GET", path, {"If-None-Match": etags[path]}) for path in paths]

    def warm(these: list[bytes]) -> float:
        endless = (these[shuffled.randrange(len(these))] for _n in range(10**9))
        return load.run(bench.host, bench.port, endless, CLIENTS, SECONDS).rate

    warm_rates = [warm(warm_requests) for _number in range(3)]
    only_304, only_200 = warm(revalidated), warm(requests)
    median = statistics.median(theirs)
    rows.append(
        _row(
            "warm tiles (304 and cached)", 15, limit, theirs, warm_rates, at_most=False,
            only_304=round(only_304 / median, 1), only_cached=round(only_200 / median, 1),
        )
    )  # fmt: skip
    return rows


# Writes


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest's headers for a write, and who that is."""

    headers: dict[str, str]
    person: UUID


def guests(bench: Bench, number: int = GUESTS) -> list[Guest]:
    """Start sessions as browsers do."""
    made = []
    connection = HTTPConnection(bench.host, bench.port)
    with psycopg.connect(bench.url, autocommit=True) as database:
        for _number in range(number):
            connection.request("POST", "/api/session", headers={"Content-Length": "0"})
            answer = connection.getresponse()
            token = json.loads(answer.read())["csrf_token"]
            cookie = answer.headers["Set-Cookie"].split(";")[0]
            newest = database.execute("SELECT id FROM person ORDER BY created_at DESC LIMIT 1").fetchone()
            assert newest is not None
            made.append(Guest({"Cookie": cookie, "X-CSRF-Token": token}, newest[0]))
    return made


_PICK = "(1 + floor(random() * {}))::int"
_UPSERT = "INSERT INTO support (design_id, person_id) VALUES ({design}, {person}) ON CONFLICT DO NOTHING;"


def support(bench: Bench, people: list[Guest]) -> list[Row]:
    """Support spread over all designs, and all on one; totals must be exact."""
    with psycopg.connect(bench.url) as connection:
        designs = [
            row[0]
            for row in connection.execute("SELECT id FROM design WHERE status = 'submitted' ORDER BY id")
        ]
    # pgbench writes for the synthetic people, we for the guests: the same table, never the same key.
    rows = []
    for name, chosen in (("spread", designs), ("on one design", designs[:1])):
        picks = f"\\set d random(1, {len(chosen)})\n\\set p random(1, {data.PEOPLE})\n"
        upsert = _UPSERT.format(
            design="md5('design' || :d)::uuid" if len(chosen) > 1 else f"'{chosen[0]}'::uuid",
            person="md5('person' || :p)::uuid",
        )
        least = _UPSERT.format(
            design=f"md5('design' || {_PICK.format(len(chosen))})::uuid"
            if len(chosen) > 1
            else f"'{chosen[0]}'::uuid",
            person=f"md5('person' || {_PICK.format(data.PEOPLE)})::uuid",
        )
        rows.append(_support_row(bench, people, name, chosen, {picks + upsert: 1}, least))
    return rows


def _support_row(
    bench: Bench, people: list[Guest], name: str, designs: list[UUID], scripts: dict[str, int], least_sql: str
) -> Row:
    numbers = random.Random(7)
    guests_known = [guest.person for guest in people]
    exact: list[bool] = []

    def clear() -> None:
        with psycopg.connect(bench.url, autocommit=True) as connection:
            connection.execute("TRUNCATE support")

    def theirs() -> float:
        clear()
        return pgbench.rate(bench, scripts, SECONDS)

    def ours() -> float:
        clear()
        pairs = [
            (guest, design) for design in numbers.sample(designs, min(len(designs), 6)) for guest in people
        ]
        numbers.shuffle(pairs)
        # A tenth comes twice, as over a bad line: it must count once.
        sent = pairs + pairs[: len(pairs) // 10]
        requests = [
            load.request("PUT", f"/api/designs/{design}/support", guest.headers) for guest, design in sent
        ]
        outcome = load.run(bench.host, bench.port, requests, CLIENTS)
        with psycopg.connect(bench.url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM support WHERE person_id = ANY(%s)", (guests_known,)
            ).fetchone()
        exact.append(found == (len(pairs),) and set(outcome.statuses) == {200})
        return outcome.rate

    with setup.floor(bench, statements=(least_sql,)) as least:

        def bare(path: str) -> float:
            clear()
            put = itertools.repeat(load.request("PUT", path, people[0].headers))
            return load.run(least.host, least.port, put, CLIENTS, SECONDS).rate

        limit, own, upsert, constant = _in_turn(
            theirs, ours, lambda: bare("/statement/0"), lambda: bare("/constant"), rounds=3
        )
    return _row(
        f"support, {name}, 8 clients",
        0.6,
        "pgbench with one upsert",
        limit,
        own,
        at_most=False,
        totals_exact_met=all(exact),
        constant_per_s=round(statistics.median(constant)),
        floor=(upsert, "the same server and one prepared upsert, nothing else"),
    )


def placing(bench: Bench, people: list[Guest], app: Flask) -> list[Row]:
    """Placing one element in a draft, against the program's own statement."""
    drafts = _drafts(bench, people[:80])
    longitude, latitude = data.WEST + data.WIDTH / 2, data.SOUTH + data.HEIGHT / 2
    place = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {"action": "add", "kind": "bench"},
    }
    body = json.dumps(place).encode()
    scripts = {
        _literal(queries._APPEND, design, guest.person, longitude, latitude): 1 for guest, design in drafts
    }

    def clear() -> None:
        with psycopg.connect(bench.url, autocommit=True) as connection:
            connection.execute(
                "DELETE FROM change WHERE design_id = ANY(%s)", ([design for _guest, design in drafts],)
            )

    def theirs() -> float:
        clear()
        return pgbench.rate(bench, scripts, SECONDS)

    statuses: list[int] = []

    def ours() -> float:
        clear()
        requests = [
            load.request(
                "POST",
                f"/api/designs/{design}/changes",
                {**guest.headers, "Content-Type": "application/json"},
                body,
            )
            for _number in range(40)
            for guest, design in drafts
        ]
        outcome = load.run(bench.host, bench.port, requests, CLIENTS)
        statuses.extend(outcome.statuses)
        return outcome.rate

    statements = tuple(scripts)
    with setup.floor(bench, statements=statements) as least:

        def bare() -> float:
            clear()
            posts = [
                load.request("POST", f"/statement/{n}", people[0].headers, body)
                for n in range(len(statements))
            ]
            return load.run(least.host, least.port, posts * 40, CLIENTS).rate

        limit, own, inserted = _in_turn(theirs, ours, bare)
    return [
        _row(
            "placing a change, 8 clients", 0.75, "pgbench with the same statement", limit, own, at_most=False,
            statuses=sorted(set(statuses)), all_created_met=set(statuses) == {201},
            floor=(inserted, "the same server and the same prepared statement, nothing else"),
        )
    ]  # fmt: skip


def _drafts(bench: Bench, people: list[Guest]) -> list[tuple[Guest, UUID]]:
    """An empty draft for each of these people."""
    made = []
    with psycopg.connect(bench.url) as connection:
        for guest in people:
            found = connection.execute(
                "INSERT INTO design (id, assignment_id, author_id, status)"
                " SELECT gen_random_uuid(), id, %s, 'draft' FROM assignment RETURNING id",
                (guest.person,),
            ).fetchone()
            assert found is not None
            connection.execute(
                "INSERT INTO design_version (design_id, version, title) VALUES (%s, 1, 'Bench')", found
            )
            made.append((guest, found[0]))
    return made


def _literal(statement: str, design: UUID, author: UUID, longitude: float, latitude: float) -> str:
    """The statement for pgbench, with one draft's values in it."""
    values = {
        "wkb": f"ST_AsBinary(ST_MakePoint({longitude}, {latitude}))",
        "design": f"'{design}'::uuid",
        "author": f"'{author}'::uuid",
        "now": "now()",
        "most": "1000000",
        "kind": "'bench'",
        "rotation": "NULL::float8",
        "width": "NULL::float8",
        "height": "NULL::float8",
    }
    for name, words in is_open_parameters("designs.draw").items():
        values[name] = "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]::text[]"
    return re.sub(r"%\((\w+)\)s", lambda found: values[found.group(1)], statement).strip() + ";\n"
