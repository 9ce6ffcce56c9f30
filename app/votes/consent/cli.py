"""`flask consent tidy`: the words of neighbours go when nobody needs them any more."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.transaction import transaction
from app.votes.consent import queries
from app.votes.consent.domain import KEEP_REASONS

commands = AppGroup("consent", help="Neighbours' consent: let go of what is no longer needed.")


@commands.command("tidy")
def tidy() -> None:
    """Empty the reasons of questions that have been over for a year; the answers stay. Run it daily."""
    with transaction():
        emptied = queries.empty_reasons(queries.clock() - KEEP_REASONS)
    click.echo(f"{emptied} reasons emptied.")
