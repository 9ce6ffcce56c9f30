"""Command line of the present situation: `flask --app app geodata import FILE… --neighbourhood SLUG`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from shapely.geometry.base import BaseGeometry
from sqlalchemy.exc import DBAPIError

from app.core.language import LANGUAGES
from app.errors import AppError
from app.extensions import db
from app.maps.importing import Outcome, Target, import_results, neighbourhood_boundary
from app.maps.wording import skip_sentence, source_sentence
from geodata.errors import UnreadableSource
from geodata.model import ReadResult
from geodata.readers import read, read_boundary

geodata_cli = AppGroup("geodata", help="Import the present situation.")


@geodata_cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--neighbourhood", "slug", required=True, help="Short name of the neighbourhood in addresses.")
@click.option("--name", help="Name of the neighbourhood; a new one is otherwise called after its short name.")
@click.option(
    "--boundary", type=click.Path(path_type=Path), help="GeoJSON with the area; the rest is left out."
)
@click.option("--srid", type=int, help="EPSG code of the coordinates, where the file does not say.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="For plain files; FIELD==TEXT is a constant.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
def import_command(
    files: Sequence[Path],
    slug: str,
    name: str | None,
    boundary: Path | None,
    srid: int | None,
    mapping: Sequence[str],
    language: str,
) -> None:
    """Import FILES (OSM PBF, BGT, GeoPackage or GeoJSON) into a neighbourhood; all or nothing."""
    with current_app.test_request_context("/", environ_base={"stoepkrijt.language": language}):
        try:
            _import(files, Target(slug, name), boundary, srid, mapping)
        except UnreadableSource as error:
            _stop(source_sentence(error))
        except AppError as error:
            _stop(" ".join([error.detail, *(problem.message for problem in error.problems)]).strip())
        except DBAPIError as error:
            _stop(_("De database weigert dit: %(reason)s", reason=str(error.orig).partition("\n")[0]))


def _stop(sentence: str) -> None:
    db.session.rollback()
    click.echo(sentence, err=True)
    sys.exit(1)


def _import(
    files: Sequence[Path], target: Target, boundary: Path | None, srid: int | None, mapping: Sequence[str]
) -> None:
    fields = _fields(mapping)
    if boundary is not None:
        target.boundary = read_boundary(boundary)
    clip = target.boundary or neighbourhood_boundary(target.slug)
    # Reading takes long: do not hold a transaction open meanwhile.
    db.session.rollback()
    results = _read_all(files, srid, fields, clip)
    outcome = import_results(results, target)
    _report(results, outcome)


def _fields(mapping: Sequence[str]) -> dict[str, str] | None:
    fields = {}
    for item in mapping:
        field, equals, column = item.partition("=")
        if not equals or not field or not column:
            raise UnreadableSource("unknown_field", field=item)
        fields[field] = column
    return fields or None


def _read_all(
    files: Sequence[Path], srid: int | None, fields: dict[str, str] | None, clip: BaseGeometry | None
) -> list[ReadResult]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    found = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        for file in files:
            task = bar.add_task(file.name, total=None)

            def tell(
                layer: str, done: int, total: int | None, task: object = task, file: Path = file
            ) -> None:
                bar.update(task, description=f"{file.name}: {layer}", completed=done, total=total)  # type: ignore[arg-type]

            found.append(read(file, srid=srid, mapping=fields, boundary=clip, progress=tell))
            bar.remove_task(task)
    return found


def _report(results: Sequence[ReadResult], outcome: Outcome) -> None:
    console = Console()
    console.print(_table(_("Gelezen"), sum((result.counts for result in results), Counter())))
    skipped: Counter[str] = sum((result.skipped for result in results), Counter())
    if skipped:
        console.print(
            _table(_("Overgeslagen"), Counter({skip_sentence(key): n for key, n in skipped.items()}))
        )
    repaired = sum(result.repaired for result in results)
    console.print(
        _table(
            _("In de database"),
            {
                _("nieuw"): outcome.added,
                _("gewijzigd"): outcome.changed,
                _("ongewijzigd"): outcome.same,
                _("verwijderd"): outcome.removed,
                _("verdwenen, bewaard omdat een ontwerp ernaar verwijst"): outcome.gone,
                _("uit OpenStreetMap, maar al gemeten in de BGT"): outcome.covered,
                _("straten en adressen"): outcome.places,
                _("vormen hersteld"): repaired,
            },
        )
    )


def _table(title: str, rows: dict[str, int]) -> Table:
    table = Table("", _("aantal"), title=title, title_justify="left")
    table.columns[1].justify = "right"
    for label, number in sorted(rows.items()) if isinstance(rows, Counter) else rows.items():
        table.add_row(label, str(number))
    return table
