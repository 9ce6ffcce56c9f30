"""Where the features of a collection lie."""

from __future__ import annotations

from app.api import queries
from app.api.parameters import Box
from app.api.registry import Collection

_extents: dict[str, tuple[str, Box | None]] = {}


def extent_of(one: Collection) -> Box | None:
    """The extent of a collection in degrees, computed again only when it changed; None where it is empty."""
    marker = queries.marker(one)
    known = _extents.get(one.name)
    if known is None or known[0] != marker:
        known = _extents[one.name] = (marker, queries.extent(one))
    return known[1]
