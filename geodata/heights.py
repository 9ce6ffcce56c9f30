"""How high a building is taken to be, for its shadow and for the 3D view.

A source may give the height, or only the number of storeys (the reader then counts `STOREY_M` each and marks
the height as estimated), or neither, as the Dutch base map does. What nothing is known of gets an **assumed**
height, and everything shown from it must say "geschat".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Height of a storey where only their number is known: assumption.
STOREY_M = 3.0
# Three storeys, the usual terraced house; a shed or garage of less than SMALL_M2 has one. Assumptions.
ASSUMED_M = 9.0
ASSUMED_SMALL_M = 3.0
SMALL_M2 = 30.0
HIGHEST_M = 400.0


@dataclass(frozen=True, slots=True)
class Height:
    """Metres above the street; `estimated` unless the source itself gives the height."""

    metres: float
    estimated: bool


def building_height(attributes: Mapping[str, object], footprint_m2: float) -> Height:
    """The height of a building from a street object's attributes and the ground that it covers."""
    for name, unit in (("height_m", 1.0), ("levels", STOREY_M)):
        value = attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value * unit <= HIGHEST_M:
            return Height(value * unit, name == "levels" or attributes.get("height_estimated") is True)
    return Height(ASSUMED_SMALL_M if footprint_m2 < SMALL_M2 else ASSUMED_M, True)
