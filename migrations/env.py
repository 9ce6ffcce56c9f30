"""Alembic's environment: the application's metadata, and migrations that wait for nobody."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.extensions import db
from migrations.compare import include_object

# A migration gives up rather than hold up the site behind a lock.
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


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
