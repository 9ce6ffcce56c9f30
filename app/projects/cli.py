"""`flask assignments tell`: the mail to followers that could not go at once."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.projects import followers

commands = AppGroup("assignments", help="Keep those who follow an assignment up to date.")


@commands.command("tell")
def tell_command() -> None:
    """Mail followers the moved dates that they do not know yet; safe to repeat, also from a timer."""
    with current_app.test_request_context("/"):
        click.echo(followers.tell())
