"""Small worlds for tests: a street of 100 by 20 metres in Delft, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from flask.testing import FlaskClient

from app.accounts.domain import Actor, Role
from app.core.geometry import from_metric, to_wkb
from app.core.transaction import transaction
from app.extensions import db
from app.maps.models import Place, StreetObject
from app.projects.models import Assignment, Neighbourhood
from app.projects.phases import PhaseDraft
from app.projects.service import Brief, add_neighbourhood, make_assignment

PLANNER = Actor(role=Role.PLANNER)
# What a brief has to tell.
TOLD = {
    "what_is_fixed": "De huizen blijven.",
    "what_is_open": "De stoep en de vakken.",
    "who_decides": "De gemeenteraad, in juni.",
    "contact": "kade@delft.example",
}
# South-west corner of the street, in RD New (EPSG:28992), metres.
ORIGIN = (84_000.0, 447_000.0)
RD = 28992


def rd_box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """A box in metres from the street's corner, as a polygon in EPSG:4326."""
    return from_metric(shapely.box(ORIGIN[0] + x0, ORIGIN[1] + y0, ORIGIN[0] + x1, ORIGIN[1] + y1), RD)  # type: ignore[return-value]


def rd_point(x: float, y: float) -> shapely.Point:
    """A point in metres from the street's corner, in EPSG:4326."""
    return from_metric(shapely.Point(ORIGIN[0] + x, ORIGIN[1] + y), RD)  # type: ignore[return-value]


def point_json(x: float, y: float) -> dict[str, Any]:
    """The same as a GeoJSON geometry."""
    point = rd_point(x, y)
    return {"type": "Point", "coordinates": [round(point.x, 8), round(point.y, 8)]}


def make_street(
    slug: str = "kade",
    *,
    now: datetime | None = None,
    phases: tuple[PhaseDraft, ...] | None = None,
    **brief_fields: Any,
) -> Assignment:
    """A street with surfaces, three bays, two trees and a bench, and a public assignment on it. Commits.

    Its phases are one for drawing, open for a week and for 30 days more, or what is given; `brief_fields` are
    further fields of its `Brief`.
    """
    now = now or datetime.now(UTC)
    with transaction():
        neighbourhood = add_neighbourhood(
            f"{slug}-buurt", "Buurt", metric_srid=RD, boundary=rd_box(-50, -50, 150, 70)
        )
        _fill(neighbourhood)
        brief = Brief(
            title="De Kade opnieuw",
            question="Hoe ziet jouw Kade eruit?",
            area=rd_box(0, 0, 100, 20),
            phases=phases or (PhaseDraft("draw", now - timedelta(days=7), now + timedelta(days=30)),),
            slug=slug,
            **{**TOLD, **brief_fields},
        )
        assignment = make_assignment(PLANNER, neighbourhood, brief, now, publish=True)
    return assignment


def _fill(neighbourhood: Neighbourhood) -> None:
    objects: list[tuple[str, str, shapely.Geometry, dict[str, Any]]] = [
        ("gevel-zuid", "building", rd_box(0, -12, 100, -0.5), {"house_number": "1"}),
        ("gevel-noord", "building", rd_box(0, 20.5, 100, 32), {"house_number": "2"}),
        ("stoep-zuid", "pavement", rd_box(0, 0, 100, 4), {}),
        ("stoep-noord", "pavement", rd_box(0, 16, 100, 20), {}),
        ("rijbaan", "carriageway", rd_box(0, 6, 100, 16), {}),
        *((f"vak-{i}", "parking", rd_box(10 + 6 * i, 4, 16 + 6 * i, 6), {}) for i in range(3)),
        ("boom-1", "tree", rd_point(50, 2), {}),
        ("boom-2", "tree", rd_point(60, 2), {}),
        ("bank-1", "bench", rd_point(70, 2), {}),
    ]
    for source_id, kind, geometry, attributes in objects:
        db.session.add(
            StreetObject(
                neighbourhood_id=neighbourhood.id,
                source="test",
                source_id=source_id,
                kind=kind,
                certainty="measured",
                geom=to_wkb(geometry),
                attributes=attributes,
            )
        )
    for number in (1, 2):
        db.session.add(
            Place(
                neighbourhood_id=neighbourhood.id,
                source="test",
                source_id=f"adres-{number}",
                kind="address",
                label=f"Kade {number}",
                street="Kade",
                house_number=str(number),
                geom=to_wkb(rd_point(10 * number, 2)),
            )
        )
    db.session.flush()


def object_id(source_id: str) -> int:
    """The id of one of the street's objects."""
    found = db.session.scalar(db.select(StreetObject.id).where(StreetObject.source_id == source_id))
    assert found is not None
    return found


class Resident:
    """Somebody in a browser: a client that keeps its cookie and sends the CSRF token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = client.post("/api/session").get_json()["csrf_token"]

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> Any:
        """A write, with the token."""
        return self.client.open(
            path, method=method, json=json, headers={"X-CSRF-Token": self.token, **headers}
        )


def addition(x: float, y: float, kind: str = "tree_small", **properties: Any) -> dict[str, Any]:
    """A change that adds an element, `x`, `y` metres from the street's corner."""
    return {
        "type": "Feature",
        "geometry": point_json(x, y),
        "properties": {"action": "add", "kind": kind, **properties},
    }


def design_body(
    slug: str = "kade", *features: dict[str, Any], title: str = "Groene Kade", **more: Any
) -> dict[str, Any]:
    """The body of a design."""
    changes = {"type": "FeatureCollection", "features": list(features) or [addition(20, 2)]}
    return {"assignment": slug, "title": title, "story": "Meer groen.", "changes": changes, **more}
