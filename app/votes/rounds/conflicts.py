"""Which designs cannot both be carried out, proposed from the ground that they take.

Every change takes ground as an area in the neighbourhood's metric CRS: points that of their kind in the
catalogue, turned as drawn, lines their width. PostGIS lays the areas of two designs over each other. A
planner confirms or waives what this proposes: it does not know that a bench may stand on new paving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from app.designs.catalogue import catalogue
from app.designs.checks.street import Proposal
from app.designs.parts import Drawn
from app.designs.service import drafts_of
from app.designs.situation import proposals_of, street_of
from app.extensions import db
from app.projects.models import Assignment

# Less than a sheet of paper: neighbours that touch, and coordinates rounded to a millimetre.
LEAST_OVERLAP_M2 = 0.05
# What two designs do to one piece of ground and cannot both: `placed` is put down, `kept` must stay, `gone`
# is taken away or replaced, `moved` goes elsewhere. Taking the same thing away is one thing done twice.
_AGAINST = {
    ("placed", "placed"),
    ("placed", "kept"),
    ("kept", "placed"),
    ("kept", "gone"),
    ("gone", "kept"),
    ("kept", "moved"),
    ("moved", "kept"),
    ("gone", "moved"),
    ("moved", "gone"),
    ("moved", "moved"),
}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two options, the first code before the second, and how much ground both claim, in square metres."""

    a: str
    b: str
    area_m2: float


Claims = Mapping[str, Sequence[BaseGeometry]]


def claims_of(version: Drawn, assignment: Assignment) -> dict[str, list[BaseGeometry]]:
    """The ground that a version, or a part of one, claims, in metres, by what it does there."""
    srid = assignment.neighbourhood.metric_srid
    street = street_of(assignment)
    claims: dict[str, list[BaseGeometry]] = {"placed": [], "kept": [], "gone": [], "moved": []}
    for proposal in proposals_of(drafts_of(version, assignment), street, srid, catalogue()):
        _claim(proposal, claims)
    return claims


def _claim(proposal: Proposal, claims: dict[str, list[BaseGeometry]]) -> None:
    if proposal.places and proposal.thing is not None:
        claims["placed"].append(proposal.thing.footprint)
    if proposal.object is None:
        return
    role = {"keep": "kept", "move": "moved", "remove": "gone", "replace": "gone"}.get(proposal.action)
    if role is not None:
        claims[role].append(proposal.object.footprint)


# Pairs of areas that touch are cut with each other; what several pairs have in common counts once.
_OVERLAPS = text(
    """
    WITH part AS (
        SELECT code, role, ST_MakeValid(ST_SetSRID(wkb::geometry, :srid)) AS geom
        FROM unnest(CAST(:codes AS text[]), CAST(:roles AS text[]), CAST(:areas AS bytea[])) AS given(code, role, wkb)
    ),
    against AS (
        SELECT * FROM unnest(CAST(:ones AS text[]), CAST(:others AS text[])) AS pair(one, other)
    )
    SELECT a.code, b.code,
           ST_Area(ST_UnaryUnion(ST_Collect(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 3)))) AS area_m2
    FROM part a JOIN against r ON r.one = a.role
    JOIN part b ON b.role = r.other AND a.code COLLATE "C" < b.code COLLATE "C" AND a.geom && b.geom
         AND ST_Intersects(a.geom, b.geom)
    GROUP BY a.code, b.code
    """  # noqa: E501 - SQL
)


def overlaps(claims: Mapping[str, Claims], srid: int) -> list[Overlap]:
    """The pairs of options that claim the same ground, by code. `claims` by code, in metres in CRS `srid`."""
    rows = [
        (code, role, place)
        for code, roles in claims.items()
        for role, places in roles.items()
        for place in places
        if not place.is_empty and place.area > 0
    ]
    if not rows:
        return []
    found = db.session.execute(
        _OVERLAPS,
        {
            "srid": srid,
            "codes": [code for code, _role, _place in rows],
            "roles": [role for _code, role, _place in rows],
            "areas": [shapely.to_wkb(place) for _code, _role, place in rows],
            "ones": [one for one, _other in sorted(_AGAINST)],
            "others": [other for _one, other in sorted(_AGAINST)],
        },
    )
    return _large_enough(Overlap(row[0], row[1], float(row[2] or 0)) for row in found)


def ground_of(claims: Claims) -> float:
    """How much ground all claims together take, in square metres."""
    return float(shapely.union_all([place for places in claims.values() for place in places]).area)


def _large_enough(found: Iterable[Overlap]) -> list[Overlap]:
    kept = [one for one in found if one.area_m2 >= LEAST_OVERLAP_M2]
    return sorted(kept, key=lambda one: (one.a, one.b))


def common_ground(a: Claims, b: Claims) -> BaseGeometry:
    """Where two designs claim the same ground, in the CRS of the claims: to draw beside a conflict."""
    shared = [
        shapely.intersection(shapely.union_all(list(a[one])), shapely.union_all(list(b[other])))
        for one, other in sorted(_AGAINST)
        if a.get(one) and b.get(other)
    ]
    return shapely.union_all(shared)
