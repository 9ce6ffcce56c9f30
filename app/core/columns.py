"""Column types that the models share."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import Computed, DateTime, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

UuidKey = Annotated[
    uuid.UUID,
    mapped_column(Uuid, primary_key=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")),
]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Created = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
ShortText = Annotated[str, mapped_column(Text)]


def geometry_column(geometry_type: str = "GEOMETRY", *, nullable: bool = False) -> Mapped[WKBElement]:
    """A geometry in EPSG:4326 with a GiST index."""
    return mapped_column(Geometry(geometry_type, srid=4326, spatial_index=True), nullable=nullable)


def mercator_column(source: str = "geom") -> Mapped[WKBElement | None]:
    """The same geometry in EPSG:3857, computed by PostGIS: tiles are cut from it."""
    return mapped_column(
        Geometry("GEOMETRY", srid=3857, spatial_index=True),
        Computed(f"ST_Transform({source}, 3857)", persisted=True),
        nullable=True,
        deferred=True,
    )
