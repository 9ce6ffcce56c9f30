"""How much of the walking route is wide enough (M15)."""

from __future__ import annotations

from app.designs.effects.figure import Figure, missing
from app.designs.effects.registry import figure
from app.designs.effects.scene import Work


@figure("accessible_share")
def accessible(work: Work) -> Figure:
    """The part of the walking route with a clear width of at least 1.50 m."""
    return missing("no_pavement_on_map")


@figure("accessible_wide_share")
def accessible_wide(work: Work) -> Figure:
    """The part of the walking route with a clear width of at least 1.80 m."""
    return missing("no_pavement_on_map")
