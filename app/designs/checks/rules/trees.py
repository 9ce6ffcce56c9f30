"""Rules about trees: room for crown and roots, and what they must stay away from."""

from __future__ import annotations

from collections.abc import Iterator

from shapely import shortest_line

from app.designs.checks.concerns import puts_tree
from app.designs.checks.model import N_, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import tree_size

# Beyond this nothing is measured: no threshold can be set higher.
FAR_M = 15.0


@rule("R15", about=puts_tree)
def tree_facade(case: Case) -> Iterator[Finding]:
    """The stem's middle keeps a distance to façades that grows with the tree's size (S41, foreign)."""
    stem = case.thing.geometry.centroid
    nearest = case.after.nearest(stem, FAR_M, "building")
    key = f"{tree_size(case.thing)}_m"
    if nearest is None:
        yield case.fits()
        return
    building, distance = nearest
    yield case.at_least(
        key,
        distance,
        N_(
            "Deze boom wordt te groot voor deze gevel: hij staat er %(w)s van af, liever %(t)s. "
            "Schuif hem op of kies een kleinere boom."
        ),
        place=shortest_line(stem, building.footprint),
    )
