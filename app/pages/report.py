"""The report of an assignment: one HTML file with map, designs, effects and support, to mail around."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import shapely
from flask import Response, current_app, render_template
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.accounts import access
from app.core.clock import now
from app.core.formatting import euro_range, number
from app.core.geometry import from_wkb
from app.core.language import LANGUAGES, current_language
from app.designs import queries as designs
from app.designs import standing
from app.designs.models import Change, DesignVersion
from app.errors import AppError
from app.maps.drawing import CHALK, SURFACES
from app.maps.names import object_name
from app.maps.queries import objects_around
from app.maps.report import Layer, Mark, leaflet, map_parts
from app.pages import words
from app.pages.blueprint import blueprint
from app.pages.effect_rows import Group, Unknown, groups_of, unknowns_of
from app.pages.pictures import CROWNS_M
from app.projects.models import Assignment
from app.projects.queries import area_of, assignment_by_slug
from app.votes.polls import routes as polls

# So many designs are drawn at once when the report opens; the others wait behind their tick box.
SHOWN_AT_ONCE = 1
LEGEND_KINDS = ("carriageway", "pavement", "cycle_path", "parking", "green", "water", "building")


@blueprint.get("/desk/assignments/<slug>/report.html")
@access.planner
def report(slug: str) -> Response:
    """The report as a download: it has a script inside, so it is never shown on this site itself."""
    assignment = assignment_by_slug(slug)
    response = Response(render_report(assignment), mimetype="text/html")
    name = f"{assignment.slug}-{now():%Y-%m-%d}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@dataclass(frozen=True, slots=True)
class Line:
    """One design in the report's table."""

    title: str
    story: str
    changes: list[str]
    support: int
    comments: int
    figures: list[str]
    cost: str
    sourced: str
    is_example: bool
    groups: list[Group]
    unknown: list[Unknown]


def render_report(assignment: Assignment) -> str:
    """The whole file, in the language of the present request.

    Raises `Unavailable` when the front end, which brings Leaflet, was not built.
    """
    rows = designs.public_designs(assignment.id)
    counts = standing.counts_of([design.id for design, _version in rows])
    # The most supported design comes first; designs with as much support keep their order.
    rows = sorted(rows, key=lambda row: -counts[row[0].id].get("support", 0))
    layers = [_layer(version, index < SHOWN_AT_ONCE) for index, (_design, version) in enumerate(rows)]
    asked = [_poll_mark(one) for one in polls.listed(assignment.id) if one.poll.geom is not None]
    if asked:
        layers.append(Layer(_("Peilingen"), asked))
    return render_template(
        "pages/report.html",
        assignment=assignment,
        made_at=now(),
        lines=[_line(version, counts[design.id], design.is_example) for design, version in rows],
        effects=[str(name) for _icon, name in words.EFFECTS.values()],
        **with_a_map(assignment, layers),
    )


def with_a_map(assignment: Assignment, layers: list[Layer]) -> dict[str, Any]:
    """What `pages/_report.html` asks: a map of the street as it is with these layers on it, and its keys.

    Raises `Unavailable` when the front end, which brings Leaflet, was not built.
    """
    script, style = leaflet()
    present = [(row["kind"], shapely.from_wkb(bytes(row["wkb"]))) for row in objects_around(assignment.id)]
    parts = map_parts(present, layers, area_of(assignment), present_name=_("Zo is het nu"))
    return {
        "legend": [(object_name(kind), SURFACES[kind][0]) for kind in LEGEND_KINDS],
        "chalk": CHALK,
        "map_source": assignment.neighbourhood.attribution,
        "leaflet_script": Markup(script),  # noqa: S704 - our own build
        "leaflet_style": Markup(style),  # noqa: S704 - our own build
        "map_head": Markup(parts.head),  # noqa: S704 - escaped in app.maps.report
        "map_body": Markup(parts.body),  # noqa: S704
        "map_script": Markup(parts.script),  # noqa: S704
    }


def _layer(version: DesignVersion, shown: bool) -> Layer:
    return Layer(version.title, [mark_of(change) for change in version.changes], shown)


def _poll_mark(one: polls.Listed) -> Mark:
    """The place that a poll is about, with what came out once it is over."""
    geometry = one.poll.geom
    assert geometry is not None  # noqa: S101 - asked for by the caller
    people = ngettext("%(num)d antwoord", "%(num)d antwoorden", one.people)
    says = f"{one.poll.question} {one.outcome} ({people})".replace("  ", " ")
    return Mark(from_wkb(geometry), "keep", "i-praat", says)


def mark_of(change: Change) -> Mark:
    """A stored change as the map in a file shows it."""
    title = words.change_title(change.action, change.kind, change.object_kind)
    return Mark(
        from_wkb(change.geom),
        change.action if change.action in ("remove", "keep") else words.chalk_of(change.action, change.kind),
        words.change_icon(change.action, change.kind, change.object_kind),
        f"{title}: {words.ACTIONS[change.action]}",
        CROWNS_M.get(change.kind or "", 0) / 2 or None,
    )


def _line(version: DesignVersion, counts: dict[str, int], is_example: bool) -> Line:
    cost = version.effects.get("cost_eur") or {}
    share = cost.get("sourced_share")
    groups = groups_of(version.effects, version.effect_steps)
    told = {row.key: row.told for group in groups for row in group.rows}
    return Line(
        version.title,
        version.story,
        [
            f"{words.change_title(c.action, c.kind, c.object_kind)}: {words.ACTIONS[c.action]}"
            for c in version.changes
        ],
        counts.get("support", 0),
        counts.get("comments", 0),
        [told.get(key, _("niet bekend")) for key in words.EFFECTS],
        euro_range(cost.get("low"), cost.get("high")),
        "" if share is None else _("%(percent)s%% met bron", percent=number(100 * share)),
        is_example,
        groups,
        unknowns_of(version.effects, current_language()),
    )


report_cli = AppGroup("report", help="Reports that can be mailed and opened without the site.")


@report_cli.command("build")
@click.option("--assignment", "slug", required=True, help="Slug of the assignment.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file to write."
)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
def build(slug: str, output: Path, language: str) -> None:
    """Write the report of one assignment to a self-contained HTML file."""
    environ = {"stoepkrijt.language": language}
    try:
        with current_app.test_request_context("/", environ_base=environ):
            page = render_report(assignment_by_slug(slug))
    except AppError as error:
        raise click.ClickException(str(error)) from None
    try:
        output.write_text(page, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}.") from None
    click.echo(f"{output}: {len(page.encode()) // 1024} kB")
