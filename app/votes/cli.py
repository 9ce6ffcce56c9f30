"""`flask votes count`: recount an election from a file, without the site's data."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click
from flask.cli import AppGroup

from app.votes.counting import approval, equal_shares, greedy, pabulib
from app.votes.counting.election import InvalidElection
from app.votes.counting.equal_shares import Completion
from app.votes.counting.outcome import Outcome

commands = AppGroup("votes", help="Count votes.")
RULES = ("mes", "greedy", "approval")


@commands.command("count")
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
    try:
        data = _content(file)
        parts = [tuple(name.strip() for name in group.split(",")) for group in exclusions]
        election = pabulib.read(data).election(parts)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror or error}.") from None
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


def _content(file: Path) -> bytes:
    """The bytes of a file, no more than `read` takes and one."""
    with file.open("rb") as opened:
        return opened.read(pabulib.MAX_BYTES + 1)
