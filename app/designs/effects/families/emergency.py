"""Which dwellings the emergency services can reach (M18)."""

from __future__ import annotations

from app.designs.effects.figure import Figure, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work


@figure("emergency_share")
def emergency(work: Work) -> Figure:
    """The share of the street's dwellings that keep within reach of a fire engine."""
    return missing("no_dwellings")
