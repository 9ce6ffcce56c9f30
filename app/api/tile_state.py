"""What a process knows of the state of the tiled collections, and the ETag that follows from it."""

from __future__ import annotations

import time

from app.api import queries
from app.api.answers import fingerprint
from app.api.registry import Collection

# How long a process trusts what it knows; a tile may be this much out of date.
MARKER_SECONDS = 1.0

_markers: dict[str, tuple[float, str]] = {}


def fresh(name: str) -> str | None:
    """The state of a collection as last asked of the database, if that is recent enough."""
    seen = _markers.get(name)
    return seen[1] if seen is not None and time.monotonic() - seen[0] <= MARKER_SECONDS else None


def marker(one: Collection) -> str:
    """The state of a collection, asked of the database at most once in `MARKER_SECONDS`."""
    known = fresh(one.name)
    if known is None:
        asked = time.monotonic()
        known = queries.marker(one)
        _markers[one.name] = (asked, known)
    return known


def etag(path: str, state: str) -> str:
    """The ETag of the tile at this path while its collection is in this state."""
    return f'"{fingerprint(path, state)}"'
