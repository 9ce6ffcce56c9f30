"""What to leave aside when models and database are compared."""

from __future__ import annotations

from geoalchemy2 import alembic_helpers

EXTENSION_TABLES = {"spatial_ref_sys", "layer", "topology"}


def include_object(thing: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Leave PostGIS's own tables alone."""
    if type_ == "table" and name in EXTENSION_TABLES:
        return False
    return bool(alembic_helpers.include_object(thing, name, type_, reflected, compare_to))
