"""An assignment as others read it: the whole brief in one JSON document."""

from __future__ import annotations

from typing import Any

from app.core.geometry import from_wkb, to_geojson
from app.projects import phase_types, phases, queries
from app.projects.models import Assignment, Phase
from app.projects.service import TEXTS, title_of


def brief_document(assignment: Assignment) -> dict[str, Any]:
    """What the brief says, in the reader's language where it is ours: phases, zones, limits, moved dates."""
    title, about = phase_types.degree_words(assignment.degree)
    return {
        "slug": assignment.slug,
        "title": assignment.title,
        "question": assignment.question,
        "neighbourhood": assignment.neighbourhood.slug,
        "area": to_geojson(from_wkb(assignment.area)),
        "degree": {"id": assignment.degree, "title": title, "about": about},
        **{name: getattr(assignment, name) for name in TEXTS},
        "limits": {
            "budget_eur": assignment.budget_eur,
            "min_parking_bays": assignment.min_parking_bays,
            "min_clear_width_m": assignment.min_clear_width_m,
            "allowed_kinds": assignment.allowed_kinds,
        },
        "phases": [
            _phase(phase) for phase in sorted(assignment.phases, key=lambda one: (one.starts_at, one.type))
        ],
        "zones": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": str(zone.id),
                    "geometry": to_geojson(from_wkb(zone.geom)),
                    "properties": {"kind": zone.kind, "reason": zone.reason},
                }
                for zone in assignment.zones
            ],
        },
        "moved": [
            {
                "type": move.type,
                "from": {"starts_at": move.old_starts_at, "ends_at": move.old_ends_at},
                "to": {"starts_at": move.new_starts_at, "ends_at": move.new_ends_at},
                "reason": move.reason,
                "by": move.by_role,
                "at": move.moved_at,
            }
            for move in queries.moves_of(assignment)
        ],
        "promises_changed": [
            {
                "what": change.what,
                "from": change.old,
                "to": change.new,
                "reason": change.reason,
                "by": change.by_role,
                "at": change.changed_at,
            }
            for change in queries.promise_changes_of(assignment.id)
        ],
    }


def _phase(phase: Phase) -> dict[str, Any]:
    known = phases.type_of(phase.type)
    return {
        "id": str(phase.id),
        "type": phase.type,
        "title": title_of(phase.type),
        "starts_at": phase.starts_at,
        "ends_at": phase.ends_at,
        "opens": sorted(known.actions) if known else [],
    }
