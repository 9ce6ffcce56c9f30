"""What was seen before is not looked at again.

Whoever nudges one element of a design asks about all of it each time; only around that one is anything new.
`look` depends on nothing but its arguments, so their shapes are the key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.clear_width import Look, look

# Some four designs' worth. A look at a crowded street takes a few hundred kB.
KEPT = 128
Key = tuple[tuple[bytes, ...], float, float]

_looks: OrderedDict[Key, Look] = OrderedDict()
_lock = Lock()


def remembered_look(
    ground: BaseGeometry,
    obstacles: Sequence[BaseGeometry],
    around: BaseGeometry,
    reach_m: float,
    up_to_m: float,
) -> Look:
    """The same as `look` at one ground, from memory where the same was looked at lately in this process."""
    shapes = shapely.to_wkb([ground, around, *obstacles]).tolist()
    key = tuple(shapes), reach_m, up_to_m
    with _lock:
        found = _looks.get(key)
        if found is not None:
            _looks.move_to_end(key)
            return found
    made = look([ground], obstacles, around, reach_m=reach_m, up_to_m=up_to_m)
    with _lock:
        _looks[key] = made
        while len(_looks) > KEPT:
            _looks.popitem(last=False)
    return made


def forget() -> None:
    """Look at everything anew: for measurements."""
    with _lock:
        _looks.clear()
