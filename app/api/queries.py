# ruff: noqa: E501, S608 - SQL of our own constants; values are parameters
"""What the public collections answer: pages, single features, extents, and whether anything changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.api import sql
from app.api.crs import Crs
from app.api.parameters import Box, ItemsQuery
from app.api.registry import Collection
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Page:
    """One page of features, each as JSON text, and the key to continue after (None at the end)."""

    features: list[str]
    matched: int
    next_after: Any


def page(collection: Collection, query: ItemsQuery) -> Page:
    """The features of a request in the order of their identifiers, and how many match in all."""
    found = sql.conditions(collection, query)
    key = sql.column(collection.id)
    values = {**found.values, "page_size": query.limit + 1}
    after = ""
    if query.after is not None:
        after, values["after"] = f" AND {key} > :after", query.after
    rows = db.session.execute(
        text(
            f"SELECT {key}, {sql.feature(collection, query.crs)} FROM {collection.source}"
            f" WHERE {found.sql}{after} ORDER BY {key} LIMIT :page_size"
        ),
        values,
    ).all()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if query.after is None and not more:
        matched = len(rows)
    else:
        count = text(f"SELECT count(*) FROM {collection.source} WHERE {found.sql}")
        matched = db.session.execute(count, found.values).scalar_one()
    return Page([row[1] for row in rows], matched, rows[-1][0] if more else None)


def item(collection: Collection, key: Any, system: Crs) -> str | None:
    """One feature as JSON text, or None where there is no such public feature."""
    statement = text(
        f"SELECT {sql.feature(collection, system)} FROM {collection.source}"
        f" WHERE ({collection.where}) AND {sql.column(collection.id)} = :key"
    )
    return db.session.execute(statement, {"key": key}).scalar_one_or_none()


def marker(collection: Collection) -> str:
    """A short text that differs whenever the collection's content does; milliseconds, also over 100,000 rows."""
    return str(db.session.execute(text(f"SELECT {collection.marker}")).scalar_one())


def extent(collection: Collection) -> Box | None:
    """West, south, east, north in degrees of all features; None where there are none."""
    statement = text(
        "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM"
        f" (SELECT ST_Extent({collection.geometry}) AS e FROM {collection.source} WHERE {collection.where}) x"
    )
    west, south, east, north = db.session.execute(statement).one()
    return None if west is None else (west, south, east, north)


def assignment_exists(slug: str) -> bool:
    """Whether there is a public assignment with this slug: of a concept not even the area may show."""
    statement = text("SELECT 1 FROM assignment WHERE slug = :slug AND published_at IS NOT NULL")
    return db.session.execute(statement, {"slug": slug}).first() is not None
