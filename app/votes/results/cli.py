"""`flask votes count-round`, `publish`, `seal`: what a planner does on a page, for who keeps the server."""

from __future__ import annotations

import uuid
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.transaction import transaction
from app.errors import AppError
from app.votes.cli import commands
from app.votes.results import service


def register() -> None:
    """Add the commands that need the site's database to `flask votes`."""
    for command in (count_round, publish, seal):
        commands.add_command(command)


@click.command("count-round")
@click.argument("round_id", metavar="ROUND", type=click.UUID)
@with_appcontext
def count_round(round_id: uuid.UUID) -> None:
    """Count a closed ROUND (its id) once and for all."""
    with current_app.test_request_context("/"):
        try:
            with transaction():
                found = service.count(round_id, current_app.config["PUBLISH_FROM"])
        except AppError as error:
            raise click.ClickException(str(error)) from None
    winners = ", ".join(found.count["winners"]) or "-"
    click.echo(f"{found.count['ballots']} ballots. Winners: {winners}. Result: {found.round.result_hash}")


@click.command("publish")
@click.argument("round_id", metavar="ROUND", type=click.UUID)
@with_appcontext
def publish(round_id: uuid.UUID) -> None:
    """Publish the result of a counted ROUND (its id)."""
    with current_app.test_request_context("/"):
        try:
            with transaction():
                found = service.publish(round_id)
        except AppError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{current_app.config['PUBLIC_URL']}/rounds/{found.round.id}/result")


@click.command("seal")
@click.argument("round_id", metavar="ROUND", type=click.UUID)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@with_appcontext
def seal(round_id: uuid.UUID, output: Path) -> None:
    """Write the auditor's file of a counted ROUND: with its ballots, also where these are not published.

    The file is for the auditor alone and is readable by nobody else on this machine.
    """
    with current_app.test_request_context("/"):
        try:
            with transaction():
                found = service.counted(round_id)
                if found is None:
                    raise click.ClickException("This round is not counted yet.")
                text = service.auditors_file(found)
        except AppError as error:
            raise click.ClickException(str(error)) from None
    try:
        output.touch(mode=0o600)
        output.chmod(0o600)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}.") from None
    click.echo(f"{output}: {found.count['ballots']} ballots, commitment {found.round.ballots_hash}")
