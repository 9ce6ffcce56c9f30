"""Designs on a few street objects in metres, for tests of the figures that need no whole street."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Street, existing_thing, propose
from app.designs.effects import Scene, Surroundings, Work, value
from geodata.catalogue import Catalogue
from geodata.kinds import KINDS


@dataclass(frozen=True, slots=True)
class MetricObject:
    """A street object; its geometry in the neighbourhood's metric system."""

    id: int
    kind: str
    geometry: BaseGeometry
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A change; its geometry in the neighbourhood's metric system, `object` the thing it concerns."""

    action: str
    geometry: BaseGeometry
    kind: str | None = None
    object: MetricObject | None = None
    width_m: float | None = None
    rotation_deg: float | None = None


def effects(
    changes: Sequence[MetricChange],
    present: Iterable[MetricObject],
    catalogue: Catalogue,
    around: Surroundings | None = None,
    *,
    area: BaseGeometry | None = None,
    known: Iterable[str] = tuple(KINDS),
) -> dict[str, dict[str, Any]]:
    """Every figure for these changes to these street objects, for those who have no `Street` yet.

    An object that a change concerns counts as present, whether it is listed or not. `known`: kinds of which
    the map is taken to be complete.
    """
    listed = {item.id: item for item in present}
    listed.update({c.object.id: c.object for c in changes if c.object is not None})
    things = {
        item.id: existing_thing(item.id, item.kind, item.geometry, attributes=item.attributes)
        for item in listed.values()
    }
    scene = Scene(Street(list(things.values()), known, area), catalogue, around)
    proposals = [
        propose(
            index,
            change.action,
            change.geometry,
            kind=change.kind,
            concerned=things[change.object.id] if change.object is not None else None,
            rotation_deg=change.rotation_deg,
            width_m=change.width_m,
            catalogue=catalogue,
        )
        for index, change in enumerate(changes)
    ]
    return value(Work(scene, proposals))
