"""How big a tree is some years after planting: the one curve for canopy figures, shade and the 3D view.

The catalogue says what a kind measures after 20 years (`canopy_m2_y20`, `height_m`). None of the sources
gives a curve, so what lies between is an **assumption**: crown radius and height grow by the same amount each
year, from the size of a nursery tree to that of year 20, and nothing is claimed beyond. Everything shown from
it must say "aanname".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geodata.catalogue import ElementKind, Status

STATUS = Status.ASSUMED
YEARS_KNOWN = 20
# A nursery tree of girth 18 to 20 cm, the usual one for streets: 4 m high, crown 1.5 m across. Assumption.
PLANTED_HEIGHT_M = 4.0
PLANTED_CROWN_RADIUS_M = 0.75


@dataclass(frozen=True, slots=True)
class TreeSize:
    """Crown radius and height above the ground, in metres. `canopy_m2` is the ground below the crown."""

    crown_radius_m: float
    height_m: float

    @property
    def canopy_m2(self) -> float:
        """Area of the crown seen from above, in square metres."""
        return math.pi * self.crown_radius_m**2


# A standing tree of which the map knows neither crown nor height is taken for one of 6 to 12 m, crown 28 m²,
# that stays so: its age is not known either. Assumption.
UNKNOWN_TREE = TreeSize(crown_radius_m=math.sqrt(28 / math.pi), height_m=9.0)


def tree_size(kind: ElementKind, years: float) -> TreeSize | None:
    """The size of a tree of this kind, `years` after planting; None for what is no tree or has no known size.

    Before planting it is the size at planting; after `YEARS_KNOWN` years that of year 20, the cautious end.
    """
    canopy, height = kind.effects.canopy_m2_y20, kind.height_m
    if kind.becomes != "tree" or canopy is None or height is None:
        return None
    part = min(max(years / YEARS_KNOWN, 0.0), 1.0)
    grown = TreeSize(math.sqrt(canopy.value / math.pi), height.value)
    planted = TreeSize(
        min(PLANTED_CROWN_RADIUS_M, grown.crown_radius_m), min(PLANTED_HEIGHT_M, grown.height_m)
    )
    return TreeSize(
        planted.crown_radius_m + (grown.crown_radius_m - planted.crown_radius_m) * part,
        planted.height_m + (grown.height_m - planted.height_m) * part,
    )
