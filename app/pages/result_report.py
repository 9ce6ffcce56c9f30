"""A round's result as one HTML file with a map, for the council: to mail around and open without the site."""

from __future__ import annotations

import uuid
from pathlib import Path

import click
from flask import Response, current_app, render_template
from flask_babel import gettext as _

from app.accounts import access
from app.core.language import LANGUAGES
from app.errors import AppError, NotFound
from app.maps.report import Layer
from app.pages.blueprint import blueprint
from app.pages.report import mark_of, report_cli, with_a_map
from app.pages.results import Shown, shown
from app.votes.results import service
from app.votes.results import words as result_words
from app.votes.results.service import Counted


@blueprint.get("/desk/rounds/<uuid:round_id>/report.html")
@access.planner
def result_report(round_id: uuid.UUID) -> Response:
    """The file as a download: it has a script inside, so it is never shown on this site itself."""
    found = service.counted(round_id)
    if found is None:
        raise NotFound(_("Van deze stemronde is nog geen uitslag."))
    response = Response(render_result(found), mimetype="text/html")
    response.headers["Content-Disposition"] = f'attachment; filename="uitslag-{round_id}.html"'
    return response


def render_result(found: Counted) -> str:
    """The whole file, in the language of the present request.

    Raises `Unavailable` when the front end, which brings Leaflet, was not built.
    """
    page = shown(found)
    return render_template(
        "votes/results/report.html",
        shown=page,
        words=result_words,
        **with_a_map(page.assignment, _layers(page)),
    )


def _layers(page: Shown) -> list[Layer]:
    """What won is drawn when the file opens; the others wait behind their tick box."""
    winners = page.count["winners"]
    order = sorted(page.options, key=lambda option: (option.code not in winners, option.position))
    return [
        Layer(
            _("%(title)s (wint)", title=option.title) if option.code in winners else option.title,
            [mark_of(change) for change in page.versions[option.code].changes],
            option.code in winners,
        )
        for option in order
    ]


@report_cli.command("result")
@click.option("--round", "round_id", type=click.UUID, required=True, help="Id of the counted round.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file to write."
)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
def build_result(round_id: uuid.UUID, output: Path, language: str) -> None:
    """Write the result of a counted round to a self-contained HTML file."""
    try:
        with current_app.test_request_context("/", environ_base={"stoepkrijt.language": language}):
            found = service.counted(round_id)
            if found is None:
                raise click.ClickException("This round is not counted yet.")
            page = render_result(found)
    except AppError as error:
        raise click.ClickException(str(error)) from None
    try:
        output.write_text(page, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}.") from None
    click.echo(f"{output}: {len(page.encode()) // 1024} kB")
