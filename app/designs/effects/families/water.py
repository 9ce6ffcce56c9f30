"""Room for a cloudburst (M08): bookkeeping of volumes, no model of how water runs."""

from __future__ import annotations

from app.designs.effects.figure import Account, Figure, exactly, missing, rounded
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work

PAVED_GROUND = ("carriageway", "parking", "cycle_path", "pavement", "driveway", "square")


@figure("storm_storage_mm")
def storm_storage(work: Work) -> Figure:
    """How much rain on the street's paved ground fits in what the design makes, in millimetres.

    `gap` tells what is then still missing of a cloudburst, after the sewer.
    """
    account = Account("m3")
    for one in work.placed:
        number = one.kind.effects.storage_m3
        if number is not None:
            account.comes_by(number, one.kind, one.units, one.index)
    stored = account.figure()
    connected = work.ground_after(*PAVED_GROUND).area
    if connected <= 0:
        return missing("no_ground")
    low, high = (1000 * (value or 0) / connected for value in (stored.low, stored.high))
    result = Figure(0, low, low, high, stored.statuses, stored.sources, how=list(stored.how))
    scene = work.scene
    result.tell(exactly("divided_by_paved", connected, "m2"))
    result.assume(*(scene.metrics.assumptions[key] for key in ("shower_mm", "sewer_mm")))
    wanted = scene.number("shower_mm") - scene.number("sewer_mm")
    gap = max(0.0, wanted - low)
    result.tell(exactly("storm_gap", gap, "mm"))
    result.more["gap"] = rounded(gap, 1)
    return result.warn("storage_now_unknown", "roofs_left_out", "no_water_model")
