"""What others say of a design, as numbers: counted by features that stand above this one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping

Counter = Callable[[Iterable[uuid.UUID]], Mapping[uuid.UUID, int]]

_counters: dict[str, Counter] = {}


def register_counter(name: str, counter: Counter) -> None:
    """Publish a number per design under `name`; the counter answers for many designs at once."""
    _counters[name] = counter


def counts_of(design_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """All numbers of these designs: one query per counter."""
    ids = list(design_ids)
    found = {name: counter(ids) for name, counter in _counters.items()}
    return {
        design_id: {name: numbers.get(design_id, 0) for name, numbers in found.items()} for design_id in ids
    }


def counts(design_id: uuid.UUID) -> dict[str, int]:
    """All numbers of one design."""
    return counts_of([design_id])[design_id]
