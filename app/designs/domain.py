"""Designs and changes as plain values, and what can never be. No Flask, no SQL."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

MAX_CHANGES = 200
LONGEST_TITLE = 120
LONGEST_STORY = 5_000
LONGEST_LINE_M = 1_000.0
LARGEST_AREA_M2 = 10_000.0
# Smaller than a hand: a slip of the finger, not a proposal.
SHORTEST_LINE_M = 0.1
SMALLEST_AREA_M2 = 0.01
WIDTH_M = (0.1, 60.0)


class Action(StrEnum):
    """What a change does to the street."""

    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    REPLACE = "replace"
    KEEP = "keep"


class Status(StrEnum):
    """Where a design stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


# From which state an act is possible, and the state it leads to.
TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "submit": (frozenset({Status.DRAFT}), Status.SUBMITTED),
    "withdraw": (frozenset({Status.DRAFT, Status.SUBMITTED}), Status.WITHDRAWN),
}

# Existing things that a resident can point at: what a street is made of between the façades.
PICKABLE = frozenset(
    {
        "tree",
        "bench",
        "bike_stand",
        "lamp",
        "container",
        "bollard",
        "play",
        "bus_stop",
        "crossing",
        "charger",
        "planter",
        "parking",
        "green",
        "hedge",
        "square",
        "driveway",
        "cycle_path",
    }
)


@dataclass(frozen=True, slots=True)
class ExistingObject:
    """A street object as a change sees it; geometry in EPSG:4326."""

    id: int
    kind: str
    geometry: BaseGeometry
    attributes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """One change, checked; geometry in EPSG:4326, lengths in metres, rotation in degrees clockwise."""

    action: Action
    geometry: BaseGeometry
    kind: str | None = None
    object: ExistingObject | None = None
    rotation_deg: float | None = None
    width_m: float | None = None
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class DesignDraft:
    """A whole design, checked."""

    title: str
    story: str
    changes: tuple[ChangeDraft, ...]
    remix_of: uuid.UUID | None = None
