"""What a worker keeps in memory of open rounds, the key of their voters among it, and not a moment longer.

A thread of its own lets go of a round when it closes: a worker that nobody asks anything lets go too. It runs
only while there is something to let go of.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

# How often the clock is looked at anew: it may be set, and a machine may sleep.
LOOKS_EVERY_S = 60.0
T = TypeVar("T")


def _clock() -> datetime:
    return datetime.now(UTC)


class KeptUntil(Generic[T]):
    """Things of rounds by their ids, each until a moment; at most `most`, of which the oldest go first."""

    def __init__(self, most: int, clock: Callable[[], datetime] = _clock) -> None:
        self._most, self._clock = most, clock
        self._kept: OrderedDict[uuid.UUID, tuple[T, datetime]] = OrderedDict()
        self._changed = threading.Condition()
        self._is_watched = False

    def get(self, round_id: uuid.UUID) -> T | None:
        """What is kept of a round, if anything. Takes no lock: it is asked for with every ballot."""
        found = self._kept.get(round_id)
        return None if found is None else found[0]

    def keep(self, round_id: uuid.UUID, what: T, until: datetime) -> None:
        """Keep something until a moment; nothing that is over already."""
        with self._changed:
            self._let_go_of_what_is_over()
            if until <= self._clock():
                return
            self._kept[round_id] = (what, until)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            if not self._is_watched:
                self._is_watched = True
                threading.Thread(target=self._watch, name="let-go-of-rounds", daemon=True).start()
            self._changed.notify()

    def forget(self, round_id: uuid.UUID) -> None:
        """Keep nothing of a round."""
        with self._changed:
            self._kept.pop(round_id, None)
            self._changed.notify()

    def __contains__(self, round_id: object) -> bool:
        """Whether something of a round is kept."""
        return round_id in self._kept

    def _let_go_of_what_is_over(self) -> None:
        now = self._clock()
        for round_id in [one for one, (_what, until) in self._kept.items() if until <= now]:
            del self._kept[round_id]

    def _watch(self) -> None:
        with self._changed:
            while True:
                self._let_go_of_what_is_over()
                if not self._kept:
                    self._is_watched = False
                    return
                first = min(until for _what, until in self._kept.values())
                left_s = (first - self._clock()).total_seconds()
                self._changed.wait(min(max(left_s, 0.0), LOOKS_EVERY_S))
