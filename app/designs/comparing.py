"""Two designs beside each other, read from the database: who may see them, and what differs.

A side is a design in one of its versions, or the street as it is now (`NOW`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.accounts.domain import Actor
from app.core.geometry import from_wkb, to_metric
from app.designs import queries
from app.designs.catalogue import catalogue
from app.designs.compare import ComparedChange, Difference, differences
from app.designs.compare_effects import FigureDifference, compare_effects
from app.designs.models import Change, Design, DesignVersion
from app.designs.parts import Drawn, Part
from app.designs.service import seen_design
from app.errors import Invalid, NotFound, Problem
from app.projects.models import Assignment

NOW = "now"
# PostgreSQL's integer: a larger number is no version.
LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class Side:
    """A design in one version, or a part of it; without a design it is the street as it is now."""

    design: Design | None = None
    version: DesignVersion | None = None
    part: Part | None = None

    @property
    def drawn(self) -> Drawn | None:
        """What is drawn on this side: the part where there is one, else the version; None for the street as
        it is."""
        return self.part or self.version

    @property
    def is_now(self) -> bool:
        """Whether this is the street as it is."""
        return self.version is None

    @property
    def is_old(self) -> bool:
        """Whether the design has a newer version."""
        return (
            self.design is not None
            and self.version is not None
            and self.version.version != self.design.version
        )

    @cached_property
    def changes(self) -> dict[str, Change]:
        """The changes by their id as text."""
        return {str(change.id): change for change in self.drawn.changes} if self.drawn else {}

    @cached_property
    def places(self) -> dict[str, BaseGeometry]:
        """Where each change is, EPSG:4326, by its id."""
        return {key: from_wkb(change.geom) for key, change in self.changes.items()}

    @property
    def effects(self) -> Mapping[str, Any] | None:
        """The stored effects; None for the street as it is."""
        return self.drawn.effects if self.drawn else None


@dataclass(frozen=True)
class Comparison:
    """What differs between two sides."""

    assignment: Assignment
    a: Side
    b: Side
    differences: list[Difference]
    figures: list[FigureDifference]


def side_of(actor: Actor, given: str, version: str | None = None) -> Side:
    """The side that a request names: a design's id or `now`, and the number of an older version.

    Raises `NotFound` for what does not exist or what this person may not see.
    """
    if given == NOW:
        return Side()
    try:
        design_id = uuid.UUID(given)
    except ValueError:
        raise NotFound(_("Dit ontwerp bestaat niet.")) from None
    design = seen_design(actor, design_id)
    return Side(design, queries.version_of(design, _number(version)))


def _number(given: str | None) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and 0 < int(given) <= LARGEST_VERSION):
        raise NotFound(_("Deze versie bestaat niet."))
    return int(given)


def compared(assignment: Assignment, a: Side, b: Side, *, at: str = "") -> Comparison:
    """What differs between two sides of one assignment.

    Raises `Invalid`, with the pointer `at`, for a design of another assignment.
    """
    for side in (a, b):
        if side.design is not None and side.design.assignment_id != assignment.id:
            message = _("Deze ontwerpen horen bij verschillende opgaven. Vergelijken kan binnen één opgave.")
            raise Invalid.of([Problem(at, message)])
    srid = assignment.neighbourhood.metric_srid
    return Comparison(
        assignment,
        a,
        b,
        differences(_metric(a, srid), _metric(b, srid)),
        compare_effects(a.effects, b.effects),
    )


def _metric(side: Side, srid: int) -> list[ComparedChange]:
    return [_compared(key, change, to_metric(side.places[key], srid)) for key, change in side.changes.items()]


def _compared(key: str, change: Change, geometry: BaseGeometry) -> ComparedChange:
    kind = catalogue().get(change.kind) if change.kind else None
    usual = kind.width_m.value if kind is not None and kind.width_m is not None else None
    is_line = geometry.geom_type == "LineString"
    # A tree has no front: the workshop turns it with the map, and that is no difference.
    is_tree = "tree" in (kind.becomes if kind else None, change.object_kind)
    return ComparedChange(
        key,
        change.action,
        geometry,
        change.kind,
        kind.group if kind else (change.kind or ""),
        change.object_id,
        change.object_kind,
        None if is_tree else change.rotation_deg,
        (change.width_m or usual) if is_line else None,
        change.height_m,
    )
