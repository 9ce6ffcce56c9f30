"""Which dwellings the emergency services can reach (M18), as the checks ask it (R05, R08)."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from app.designs.checks.network import network_of
from app.designs.checks.rules.network import closing
from app.designs.effects.figure import Figure, exactly, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Home, Work


@figure("emergency_share")
def emergency(work: Work) -> Figure:
    """The share of the street's dwellings within a hose of a street that a fire engine can drive to.

    A drawn thing that leaves less than R05 asks (3.5 m, or a municipality's own) closes the street for it.
    The hose is measured straight.
    """
    scene = work.scene
    homes = scene.homes_in_street
    if not homes:
        return missing("no_dwellings")
    if not scene.knows("street_axis"):
        return missing("no_streets_on_map")
    if not scene.knows("carriageway"):
        return missing("no_carriageway_on_map")
    network = network_of(scene.street)
    closed = [thing.footprint for thing in closing(work.after, work.rules.threshold("R05", "min_m").value)]
    now = network.driven
    then = network.reachable(closed) if closed else now
    total = scene.dwellings_in_street
    counts = [sum(home.count for home in homes if _is_reached(work, home, driven)) for driven in (now, then)]
    result = Figure(100 * counts[0] / total, 100 * counts[1] / total)
    result.tell(exactly("homes_now", counts[0], "dwelling", count=counts[0]))
    result.tell(exactly("homes_then", counts[1], "dwelling", count=counts[1]))
    result.tell(exactly("of_homes", total, "dwelling", count=total))
    limits = work.rules.rules["R08"].thresholds
    for key in ("single_m", "other_m"):
        limit = limits[key]
        result.tell(exactly(f"hose_{key}", limit.value, "m", status=limit.status))
    if scene.around.dwellings_are_buildings:
        result.warn("homes_are_buildings")
    return result.warn("straight_distance", "narrow_now_left_out")


def _is_reached(work: Work, home: Home, driven: BaseGeometry) -> bool:
    """One address in a building is taken for a single-family home, more for flats."""
    if driven.is_empty:
        return False
    limits = work.rules.rules["R08"].thresholds
    hose = limits["other_m" if home.count > 1 else "single_m"].value
    return bool(home.geometry.distance(driven) <= hose)
