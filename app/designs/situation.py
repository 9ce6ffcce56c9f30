"""The street of an assignment as the checks see it: read once, and kept until its map or area changes."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from app.core.geometry import from_metric, to_metric
from app.designs import queries
from app.designs.catalogue import catalogue
from app.designs.checks.amounts import bay_size
from app.designs.checks.street import Proposal, Street, Thing, existing_thing, propose, settled
from app.designs.domain import ChangeDraft
from app.projects.models import Assignment
from app.projects.queries import area_of
from geodata.catalogue import Catalogue

# Junctions, façades and driveways just outside the area matter to what is drawn at its edge.
AROUND_M = 60.0
# How far the street network is followed: further than any distance that a rule measures.
NETWORK_AROUND_M = 400.0
# The streets of this many assignments stay in a process's memory: a few MB each.
KEPT = 16


@dataclass(frozen=True, slots=True)
class _Kept:
    state: str
    street: Street


_streets: OrderedDict[uuid.UUID, _Kept] = OrderedDict()
_lock = threading.Lock()


def street_of(assignment: Assignment) -> Street:
    """Everything in and around the assignment's area, in metres; shared between requests."""
    state = f"{assignment.revision}.{queries.state_of_objects(assignment.neighbourhood_id)}"
    with _lock:
        kept = _streets.get(assignment.id)
        if kept is not None and kept.state == state:
            _streets.move_to_end(assignment.id)
            return kept.street
    street = _read(assignment)
    with _lock:
        _streets[assignment.id] = _Kept(state, street)
        _streets.move_to_end(assignment.id)
        while len(_streets) > KEPT:
            _streets.popitem(last=False)
    return street


def proposals_of(
    changes: Iterable[ChangeDraft], street: Street, srid: int, catalogue: Catalogue
) -> list[Proposal]:
    """Checked changes (EPSG:4326) as proposals in the neighbourhood's metric CRS, in the same order."""
    drafts = list(changes)
    places = _in_metres([draft.geometry for draft in drafts], srid)
    return [
        settled(
            propose(
                index,
                draft.action.value,
                place,
                kind=draft.kind,
                concerned=_concerned(draft, street, srid),
                rotation_deg=draft.rotation_deg,
                width_m=draft.width_m,
                catalogue=catalogue,
            ),
            street,
        )
        for index, (draft, place) in enumerate(zip(drafts, places, strict=True))
    ]


def _concerned(draft: ChangeDraft, street: Street, srid: int) -> Thing | None:
    existing = draft.object
    if existing is None:
        return None
    known = street.thing(str(existing.id))
    if known is not None:
        return known
    return existing_thing(
        existing.id, existing.kind, to_metric(existing.geometry, srid), attributes=existing.attributes
    )


def _read(assignment: Assignment) -> Street:
    srid = assignment.neighbourhood.metric_srid
    area = to_metric(area_of(assignment), srid)
    near, far = (
        from_metric(shapely.box(*shapely.buffer(area, around).bounds), srid).bounds
        for around in (AROUND_M, NETWORK_AROUND_M)
    )
    rows = queries.objects_for_checks(assignment.neighbourhood_id, near, far)
    places = _in_metres(shapely.from_wkb([bytes(row.wkb) for row in rows]), srid)
    things = [
        existing_thing(row.id, row.kind, place, row.certainty, row.attributes)
        for row, place in zip(rows, places, strict=True)
    ]
    known = queries.known_data(assignment.neighbourhood_id)
    return Street(things, known, area, bay_size(catalogue()))


def _in_metres(geometries: Sequence[shapely.Geometry] | np.ndarray, srid: int) -> np.ndarray:
    """Many geometries in one go: a transformation each costs ten times as much."""
    together = np.array(geometries, dtype=object)
    return to_metric(together, srid) if len(together) else together  # type: ignore[arg-type, return-value]
