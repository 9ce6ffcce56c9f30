"""Bring what a file holds into the database: new, changed and disappeared objects, in one transaction.

An object is known by neighbourhood, source and the source's own id. A second import of the same source
changes what changed and removes what is no longer there. What a design refers to is kept, marked `gone` in
its attributes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, text

from app.core.geometry import from_wkb, to_wkb
from app.core.transaction import transaction
from app.errors import Invalid, Problem
from app.extensions import db
from app.maps.models import StreetObject
from app.projects.models import Neighbourhood
from app.projects.service import add_neighbourhood
from geodata.crs import metric_srid
from geodata.errors import UnreadableSource
from geodata.kinds import SURFACES
from geodata.model import ReadResult

# The layer that carries street names in the Dutch base map: without it, its street names stay as they are.
PLACE_LAYERS = frozenset({"openbareruimtelabel"})


@dataclass(slots=True)
class Outcome:
    """How many street objects and places one import added, changed, left alone, removed and kept as gone.

    `covered` are surfaces of OpenStreetMap that the base map (BGT) already holds, measured.
    """

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    gone: int = 0
    covered: int = 0
    places: int = 0


@dataclass(slots=True)
class Target:
    """Where to import into; it is made when it does not exist yet, called `name` or else after its slug."""

    slug: str
    name: str | None = None
    boundary: BaseGeometry | None = None
    is_example: bool = False
    found: Neighbourhood | None = field(default=None, init=False)


def import_results(results: Sequence[ReadResult], target: Target) -> Outcome:
    """Import files that were read, all or nothing, in a transaction of its own.

    Raises Invalid for a slug that cannot be, and UnreadableSource when there is nothing to import: an empty
    file must not empty a neighbourhood.
    """
    merged = merge(results)
    total = Outcome()
    with transaction():
        neighbourhood = _neighbourhood(target, merged)
        for result in merged:
            _add(total, import_result(result, neighbourhood))
        neighbourhood.attribution = _attribution(neighbourhood.attribution, merged)
    return total


def merge(results: Iterable[ReadResult]) -> list[ReadResult]:
    """One result per source: several files of one source are one delivery."""
    by_source: dict[str, ReadResult] = {}
    for result in results:
        known = by_source.get(result.source)
        if known is None:
            by_source[result.source] = ReadResult(
                result.source,
                result.attribution,
                result.format,
                list(result.objects),
                list(result.places),
                result.counts.copy(),
                result.skipped.copy(),
                result.repaired,
                result.layers,
            )
            continue
        known.objects += result.objects
        known.places += result.places
        known.counts += result.counts
        known.skipped += result.skipped
        known.repaired += result.repaired
        both = known.layers is not None and result.layers is not None
        known.layers = (known.layers or frozenset()) | (result.layers or frozenset()) if both else None
    for result in by_source.values():
        if not result.objects and not result.places:
            raise UnreadableSource("no_objects", source=result.source)
    return list(by_source.values())


def neighbourhood_boundary(slug: str) -> BaseGeometry | None:
    """The boundary a neighbourhood already has, to clip new files to."""
    found = db.session.scalar(select(Neighbourhood.boundary).where(Neighbourhood.slug == slug))
    return None if found is None else from_wkb(found)


def _neighbourhood(target: Target, results: Sequence[ReadResult]) -> Neighbourhood:
    """The neighbourhood, locked so that two imports into it wait for each other; made when it may be."""
    found = db.session.scalar(
        select(Neighbourhood).where(Neighbourhood.slug == target.slug).with_for_update()
    )
    if found is None:
        lon, lat = _centre(target.boundary, results)
        found = add_neighbourhood(
            target.slug,
            target.name or target.slug.replace("-", " ").capitalize(),
            metric_srid=metric_srid(lon, lat),
            boundary=target.boundary,
            is_example=target.is_example,
        )
    elif target.boundary is not None:
        found.boundary = to_wkb(shapely.MultiPolygon(list(shapely.get_parts(target.boundary))))
    if target.name:
        found.name = target.name
    target.found = found
    return found


def _centre(boundary: BaseGeometry | None, results: Sequence[ReadResult]) -> tuple[float, float]:
    if boundary is not None:
        centre = boundary.centroid
        return centre.x, centre.y
    shapes = [item.geometry for result in results for item in result.objects]
    shapes += [place.geometry for result in results for place in result.places]
    west, south, east, north = shapely.total_bounds(shapes)
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise Invalid.of([Problem("/srid", _("De coördinaten liggen buiten de wereld. Klopt --srid?"))])
    return float(west + east) / 2, float(south + north) / 2


def _attribution(present: str, results: Sequence[ReadResult]) -> str:
    known = [part for part in present.split(" · ") if part]
    return " · ".join(dict.fromkeys([*known, *(result.attribution for result in results)]))


def _add(total: Outcome, more: Outcome) -> None:
    for name in ("added", "changed", "same", "removed", "gone", "covered", "places"):
        setattr(total, name, getattr(total, name) + getattr(more, name))


# --- One source
# -----------------------------------------------------------------------------------------------

_TEMPORARY = (
    """
    CREATE TEMP TABLE incoming_object (
        number bigint, source_id text, kind text, certainty text, name text, attributes jsonb, geom geometry
    ) ON COMMIT DROP
    """,
    """
    CREATE TEMP TABLE incoming_place (
        number bigint, source_id text, kind text, label text, street text, house_number text, postcode text,
        geom geometry
    ) ON COMMIT DROP
    """,
)

_UPSERT_OBJECTS = text(
    """
    INSERT INTO street_object AS known
        (neighbourhood_id, source, source_id, kind, certainty, name, attributes, geom)
    SELECT DISTINCT ON (source_id) :neighbourhood, :source, source_id, kind, certainty, name, attributes, geom
    FROM incoming_object ORDER BY source_id, number
    ON CONFLICT (neighbourhood_id, source, source_id) DO UPDATE
    SET kind = excluded.kind, certainty = excluded.certainty, name = excluded.name,
        attributes = excluded.attributes, geom = excluded.geom, imported_at = now()
    WHERE (known.kind, known.certainty, known.name, known.attributes)
          IS DISTINCT FROM (excluded.kind, excluded.certainty, excluded.name, excluded.attributes)
       OR ST_AsBinary(known.geom) <> ST_AsBinary(excluded.geom)
    RETURNING (xmax = 0) AS added
    """
)

_UPSERT_PLACES = text(
    """
    INSERT INTO place AS known
        (neighbourhood_id, source, source_id, kind, label, street, house_number, postcode, geom)
    SELECT DISTINCT ON (source_id)
        :neighbourhood, :source, source_id, kind, label, street, house_number, postcode, geom
    FROM incoming_place ORDER BY source_id, number
    ON CONFLICT (neighbourhood_id, source, source_id) DO UPDATE
    SET kind = excluded.kind, label = excluded.label, street = excluded.street,
        house_number = excluded.house_number, postcode = excluded.postcode, geom = excluded.geom
    """
)


def import_result(result: ReadResult, neighbourhood: Neighbourhood) -> Outcome:
    """Import one source into a neighbourhood, within the present transaction."""
    session = db.session()
    for statement in _TEMPORARY:
        session.execute(text(statement))
    _copy(result)
    names = {"neighbourhood": neighbourhood.id, "source": result.source}
    covered = _leave_out_covered(result, names)
    touched = session.execute(_UPSERT_OBJECTS, names).scalars().all()
    added = sum(touched)
    distinct = session.scalar(text("SELECT count(DISTINCT source_id) FROM incoming_object"))
    removed, gone = _remove_objects(result, names)
    if result.source == MEASURED:
        covered += _remove_covered(names)
    session.execute(_UPSERT_PLACES, names)
    _remove_places(result, names)
    places = session.scalar(text("SELECT count(DISTINCT source_id) FROM incoming_place")) or 0
    for table in ("incoming_object", "incoming_place"):
        session.execute(text(f"DROP TABLE {table}"))
    session.expire_all()
    changed, same = len(touched) - added, (distinct or 0) - len(touched)
    return Outcome(added, changed, same, removed, gone, covered, places)


# Two maps of the same ground must not lie on top of each other: where there is a measured base map, its
# surfaces and buildings count, and OpenStreetMap adds only the rest.
MEASURED, ESTIMATED = "bgt", "osm"
_GROUND = [*SURFACES, "building", "structure"]
_COVERS = """
    m.neighbourhood_id = :neighbourhood AND m.source = :measured AND m.kind = ANY(:ground)
    AND m.geom && {0}.geom AND ST_Intersects(m.geom, ST_PointOnSurface({0}.geom))
"""


def _leave_out_covered(result: ReadResult, names: dict[str, Any]) -> int:
    if result.source != ESTIMATED:
        return 0
    # The planner must know how much there is of the table that was just filled.
    db.session.execute(text("ANALYZE incoming_object"))
    delete = text(
        "DELETE FROM incoming_object i WHERE i.kind = ANY(:ground) AND ST_Dimension(i.geom) = 2 "  # noqa: S608
        f"AND EXISTS (SELECT 1 FROM street_object m WHERE {_COVERS.format('i')}) RETURNING 1"
    )
    return len(db.session.execute(delete, {**names, "measured": MEASURED, "ground": _GROUND}).all())


def _remove_covered(names: dict[str, Any]) -> int:
    delete = text(
        "DELETE FROM street_object o WHERE o.neighbourhood_id = :neighbourhood AND o.source = :estimated "  # noqa: S608
        "AND o.kind = ANY(:ground) AND ST_Dimension(o.geom) = 2 "
        f"AND EXISTS (SELECT 1 FROM street_object m WHERE {_COVERS.format('o')}) AND NOT ({_referring()}) "
        "RETURNING 1"
    )
    parameters = {**names, "measured": MEASURED, "estimated": ESTIMATED, "ground": _GROUND}
    return len(db.session.execute(delete, parameters).all())


def _copy(result: ReadResult) -> None:
    """Stream objects and places into the temporary tables; geometry as EWKB with SRID 4326."""
    raw: Any = db.session.connection().connection.driver_connection
    with raw.cursor() as cursor:
        with cursor.copy("COPY incoming_object FROM STDIN") as copy:
            for number, item in enumerate(result.objects):
                attributes = json.dumps(item.attributes, ensure_ascii=False)
                row = (item.source_id, item.kind, item.certainty, item.name, attributes, _ewkb(item.geometry))
                copy.write_row((number, *map(_text, row)))
        with cursor.copy("COPY incoming_place FROM STDIN") as copy:
            for number, place in enumerate(result.places):
                words = (place.source_id, place.kind, place.label, place.street, place.house_number)
                copy.write_row((number, *map(_text, words), _text(place.postcode), _ewkb(place.geometry)))


def _ewkb(geometry: BaseGeometry) -> str:
    return shapely.to_wkb(shapely.set_srid(geometry, 4326), hex=True, include_srid=True, output_dimension=2)


def _text(value: str | None) -> str | None:
    """Text that PostgreSQL can hold: no NUL and no half characters."""
    if value is None:
        return None
    return value.replace("\x00", "").replace("\\u0000", "").encode("utf-8", "replace").decode("utf-8")


def _referring() -> str:
    """SQL that is true for a street object `o` that anything else refers to, whichever feature that is."""
    target = StreetObject.__table__
    found = [
        f"EXISTS (SELECT 1 FROM {table.name} r WHERE r.{key.parent.name} = o.id)"  # noqa: S608 - our own names
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is target
    ]
    return " OR ".join(found) or "false"


def _disappeared(incoming: str) -> str:
    """Condition for rows of this source that the file no longer holds."""
    # All SQL that is put together here is made of constants and of names of our own tables.
    return f"""
        o.neighbourhood_id = :neighbourhood AND o.source = :source
        AND NOT EXISTS (SELECT 1 FROM {incoming} i WHERE i.source_id = o.source_id)
    """  # noqa: S608


def _remove_objects(result: ReadResult, names: dict[str, Any]) -> tuple[int, int]:
    session = db.session()
    where = _disappeared("incoming_object")
    parameters = dict(names)
    if result.layers is not None:
        where += " AND o.attributes ->> 'layer' = ANY(:layers)"
        parameters["layers"] = sorted(result.layers)
    kept = _referring()
    mark = text(
        "UPDATE street_object o SET attributes = o.attributes || '{\"gone\": true}', imported_at = now() "  # noqa: S608
        f"WHERE {where} AND ({kept}) AND NOT o.attributes ? 'gone' RETURNING o.id"
    )
    delete = text(f"DELETE FROM street_object o WHERE {where} AND NOT ({kept}) RETURNING o.id")  # noqa: S608
    gone = session.execute(mark, parameters).all()
    removed = session.execute(delete, parameters).all()
    return len(removed), len(gone)


def _remove_places(result: ReadResult, names: dict[str, Any]) -> None:
    if result.layers is None or result.layers & PLACE_LAYERS:
        delete = text(f"DELETE FROM place o WHERE {_disappeared('incoming_place')}")  # noqa: S608
        db.session.execute(delete, names)
