"""Alembic's environment: the application's metadata, and migrations that wait for nobody."""

from __future__ import annotations

from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from app.extensions import db

# A migration gives up rather than hold up the site behind a lock.
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"
EXTENSION_TABLES = {"spatial_ref_sys", "layer", "topology"}


def include_object(thing: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """Leave PostGIS's own tables alone."""
    if type_ == "table" and name in EXTENSION_TABLES:
        return False
    return bool(alembic_helpers.include_object(thing, name, type_, reflected, compare_to))


def run() -> None:
    """Migrate online; offline SQL is not offered."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            transaction_per_migration=True,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
