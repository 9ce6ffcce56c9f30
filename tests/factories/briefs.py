"""The planner's form as a browser sends it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely

from tests.factories import TOLD

BEGIN = "2026-01-01T00:00"


def square(x: float, y: float) -> str:
    """An area of about 30 by 10 metres in Delft, as GeoJSON text."""
    ring = shapely.box(x, y, x + 0.0003, y + 0.0001).exterior.coords
    return json.dumps({"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]})


def brief_form(
    area: str,
    phases: Sequence[tuple[str, str, str]] = (("draw", BEGIN, ""),),
    zones: Sequence[tuple[str, str, str]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Every field that has to be filled in; `phases` are (type, from, to), `zones` (kind, reason, area)."""
    form = {
        "title": "Hoek van de Kade",
        "question": "Wat komt er op de hoek?",
        "neighbourhood": "kade-buurt",
        "area": area,
        "degree": "advise",
        **TOLD,
    }
    for index, (kind, starts_at, ends_at) in enumerate(phases):
        row = {"id": "", "type": kind, "starts_at": starts_at, "ends_at": ends_at}
        form |= {f"phases-{index}-{name}": value for name, value in row.items()}
    for index, (kind, reason, geometry) in enumerate(zones):
        row = {"kind": kind, "reason": reason, "geometry": geometry}
        form |= {f"zones-{index}-{name}": value for name, value in row.items()}
    return {**form, **more}


def with_ids(form: dict[str, Any], ids: Sequence[object]) -> dict[str, Any]:
    """The same, for phases that exist already."""
    return {**form, **{f"phases-{index}-id": str(one) for index, one in enumerate(ids)}}
