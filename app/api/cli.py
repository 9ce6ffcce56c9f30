"""`flask export`: a collection to a file, the same bytes as the download."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.api import crs, exports, queries
from app.api.exports import Export
from app.api.registry import COLLECTIONS


@click.command("export")
@click.option(
    "--collection", "name", required=True, type=click.Choice(list(COLLECTIONS)), help="What to export."
)
@click.option("--format", "form", required=True, type=click.Choice(exports.FORMATS), help="In which form.")
@click.option("--assignment", help="Only what belongs to the assignment with this slug.")
@click.option(
    "--crs",
    "system",
    default="CRS84",
    show_default=True,
    help="CRS84, EPSG:28992 or EPSG:3857 (gpkg, fgb, parquet).",
)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@with_appcontext
def command(name: str, form: str, assignment: str | None, system: str, output: Path) -> None:
    """Write a public collection to a file."""
    found = crs.find(system)
    if found is None or (form in exports.STREAMED and found is not crs.CRS84):
        raise click.BadParameter(f"{system} cannot be used for {form}.", param_hint="--crs")
    if assignment is not None and ("\x00" in assignment or not queries.assignment_exists(assignment)):
        raise click.ClickException(f"There is no assignment {assignment!r}.")
    try:
        exports.write_to(Export(COLLECTIONS[name], form, assignment, found), output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror or error}.") from None
    click.echo(f"{output}: {output.stat().st_size} bytes")
