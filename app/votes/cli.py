"""`flask votes count` and `flask votes recount`: count from a file, without the site's data.

Both work where there is no database at all: `offline` makes an application that holds nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.votes.counting import approval, equal_shares, greedy, pabulib, round_file
from app.votes.counting.election import InvalidElection
from app.votes.counting.equal_shares import Completion
from app.votes.counting.outcome import Outcome
from app.votes.counting.round_pabulib import to_pabulib

commands = AppGroup("votes", help="Count votes, and publish results.")
RULES = ("mes", "greedy", "approval")
# Commands that read one file and nothing else.
FROM_A_FILE = ("count", "recount")


@commands.command("count", with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default="mes",
    show_default=True,
    help="Method of Equal Shares, greedy (most votes first, skip what does not fit) or plain approval.",
)
@click.option(
    "--completion",
    type=click.Choice([str(completion) for completion in Completion]),
    help="What mes does with money that is left.  [default: add1]",
)
@click.option(
    "--exclude", "exclusions", multiple=True, metavar="A,B…", help="Of these projects at most one can win."
)
def count_command(file: Path, rule: str, completion: str | None, exclusions: tuple[str, ...]) -> None:
    """Count the approval ballots of a Pabulib FILE and write the result as JSON."""
    if completion is not None and rule != "mes":
        raise click.BadOptionUsage("completion", "--completion belongs to --rule mes.")
    data = _content(file, pabulib.MAX_BYTES)
    try:
        parts = [tuple(name.strip() for name in group.split(",")) for group in exclusions]
        election = pabulib.read(data).election(parts)
    except pabulib.InvalidPabulib as error:
        raise click.ClickException(f"{file} cannot be counted.\n{error}") from None
    except InvalidElection as error:
        raise click.BadOptionUsage("exclude", "\n".join(error.problems)) from None
    except ValueError as error:
        raise click.ClickException(f"{file} cannot be counted: {error}") from None
    outcome: Outcome
    if rule == "mes":
        outcome = equal_shares.count(election, Completion(completion or Completion.ADD1))
    else:
        outcome = {"greedy": greedy, "approval": approval}[rule].count(election)
    document = {**outcome.document(), "sha256": hashlib.sha256(data).hexdigest()}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@commands.command("recount", with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option(
    "--pabulib",
    "pabulib_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the ballots as a Pabulib file.",
)
def recount_command(file: Path, pabulib_file: Path | None) -> None:
    """Check every hash in the FILE of a published round, count its ballots again, and compare.

    Ends with an error, and one sentence, at the first thing that does not match.
    """
    data = _content(file, round_file.MAX_BYTES)
    try:
        found = round_file.read(data)
        counted = found.counted if found.ballots is None else round_file.recount(found)
        written = None if pabulib_file is None else to_pabulib(found)
    except round_file.Mismatch as error:
        raise click.ClickException(f"{file}: {error}") from None
    if pabulib_file is not None and written is not None:
        try:
            pabulib_file.write_text(written, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{pabulib_file}: {error.strerror}.") from None
    document = {
        "title": found.freeze.get("title"),
        "winners": counted["winners"],
        "total_cost": counted["total_cost"],
        "ballots": counted["ballots"],
        "recounted": found.ballots is not None,
        "freeze_hash": found.freeze_hash,
        "ballots_hash": found.ballots_hash,
        "result_hash": found.result_hash,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    if found.ballots is None:
        click.echo(
            "The ballots of this round are sealed: the hashes are right, but they are not in this file."
            " An auditor counts them with the same command from the sealed file.",
            err=True,
        )


def asked_from_a_file(arguments: Sequence[str] | None = None) -> bool:
    """Whether the `flask` command was called for one of these two."""
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        return False
    words = list(sys.argv[1:] if arguments is None else arguments)
    return any(words[at : at + 2] in (["votes", name] for name in FROM_A_FILE) for at in range(len(words)))


def offline(name: str) -> Flask:
    """An application with these commands and nothing else: no settings, no database."""
    app = Flask(name, static_folder=None)
    app.cli.add_command(commands)
    return app


def _content(file: Path, most: int) -> bytes:
    """The bytes of a file, no more than its reader takes and one."""
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror or error}.") from None
