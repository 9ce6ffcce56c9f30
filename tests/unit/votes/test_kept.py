"""What is kept of open rounds: until they close, by a thread that runs only while there is something."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from app.votes.rounds.kept import KeptUntil


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def watchers() -> int:
    return sum(thread.name == "let-go-of-rounds" for thread in threading.enumerate())


def eventually(true: object) -> bool:
    patience = time.monotonic() + 5
    while not true() and time.monotonic() < patience:  # type: ignore[operator]
        time.sleep(0.01)
    return bool(true())  # type: ignore[operator]


def test_each_goes_at_its_own_moment_and_then_nobody_watches() -> None:
    before = watchers()
    kept: KeptUntil[str] = KeptUntil(8)
    first, second = uuid.uuid4(), uuid.uuid4()
    # The one that closes first comes last: the watcher must wake up for it.
    kept.keep(second, "later", soon(0.8))
    kept.keep(first, "sooner", soon(0.2))
    assert (kept.get(first), kept.get(second)) == ("sooner", "later")
    assert watchers() == before + 1
    assert eventually(lambda: first not in kept)
    assert kept.get(second) == "later"
    assert eventually(lambda: second not in kept)
    assert eventually(lambda: watchers() == before)
    # And somebody watches again for the next.
    kept.keep(first, "again", soon(0.2))
    assert eventually(lambda: first not in kept)


def test_what_is_over_is_not_kept_at_all() -> None:
    kept: KeptUntil[str] = KeptUntil(8)
    round_id = uuid.uuid4()
    kept.keep(round_id, "over", soon(-0.001))
    assert kept.get(round_id) is None


def test_of_too_many_the_oldest_goes_and_what_is_forgotten_is_gone() -> None:
    kept: KeptUntil[int] = KeptUntil(3)
    ids = [uuid.uuid4() for _ in range(4)]
    for number, round_id in enumerate(ids):
        kept.keep(round_id, number, soon(60))
    assert [kept.get(one) for one in ids] == [None, 1, 2, 3]
    for round_id in ids:
        kept.forget(round_id)
    assert [kept.get(one) for one in ids] == [None] * 4


def test_a_clock_that_is_set_is_looked_at_anew() -> None:
    moment = datetime(2027, 5, 1, tzinfo=UTC)
    kept: KeptUntil[str] = KeptUntil(8, lambda: moment)
    round_id, other = uuid.uuid4(), uuid.uuid4()
    kept.keep(round_id, "a", moment + timedelta(hours=1))
    moment += timedelta(hours=2)
    kept.keep(other, "b", moment + timedelta(hours=1))
    assert kept.get(round_id) is None
    assert kept.get(other) == "b"
    kept.forget(other)
