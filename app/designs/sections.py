"""Cross-sections of an assignment's street: before and after the changes of a design. No Flask."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import shapely
from flask_babel import gettext as _
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from app.core.geometry import from_metric, outside_message, to_metric
from app.designs.catalogue import catalogue
from app.designs.checks import street as checks
from app.designs.domain import Action, ChangeDraft
from app.designs.rulebook import current_rulebook
from app.designs.situation import proposals_of, street_of
from app.errors import Invalid, Problem
from app.extensions import db
from app.projects.models import Assignment
from app.projects.queries import area_of
from geodata.growth import tree_size
from geodata.rulebook import RuleBook
from geodata.section import AS_BELOW, STANDING, NoStreet, Section, Thing, cut, span_at
from geodata.street_line import TRACE_M, Place, direction_along, nearest_axis, place_on, track

# A section may be cut a little outside the area: what is drawn at its edge must be seen whole.
OUTSIDE_M = 30.0
NEAR_M = 60.0
# A change behind a façade, or one that moves nothing, shows nothing: then the next one is tried.
PLACES_TRIED = 6
# New trees are shown as large as they will be after so many years; an assumption, and said so.
TREE_YEARS = 10
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Track:
    """The line along the street to slide along, in EPSG:4326, and where on it the section is (metres)."""

    line: LineString
    length_m: float
    at_m: float


@dataclass(frozen=True, slots=True)
class CrossSection:
    """One section before and after. Places are in EPSG:4326, `bearing_deg` is where the street runs to.

    `bearing_deg` counts clockwise from north; left and right are as seen looking that way.
    """

    before: Section
    after: Section
    at: Point
    line: LineString
    bearing_deg: float
    found_by: str
    near: str
    track: Track | None
    # Metres that must stay free to walk; None where that rule is switched off.
    needed_m: float | None = None

    @property
    def left_deg(self) -> float:
        """The bearing of the left end as seen from the street."""
        return (self.bearing_deg - 90) % 360

    @property
    def changes_nothing(self) -> bool:
        """Whether the design changes nothing here."""
        return self.before == self.after


def cross_section(
    assignment: Assignment,
    changes: Sequence[ChangeDraft],
    at: Point,
    *,
    bearing_deg: float | None = None,
    with_track: bool = True,
) -> CrossSection:
    """The section at `at` (EPSG:4326), set on the middle of the nearest street unless a bearing is given.

    Raises `Invalid` outside the assignment's area, in a building and where there is no street near by.
    """
    srid = assignment.neighbourhood.metric_srid
    here = to_metric(at, srid)
    assert isinstance(here, Point)  # noqa: S101 (a point stays one)
    area = area_of(assignment)
    metric_area = to_metric(area, srid)
    if not metric_area.dwithin(here, OUTSIDE_M):
        raise Invalid.of([Problem("/at", outside_message(at, area))])
    street = street_of(assignment)
    proposals = proposals_of(changes, street, srid, catalogue())
    present = _things(street.near(here, NEAR_M))
    if bearing_deg is None:
        wide = street.near(here, TRACE_M + NEAR_M) if with_track else street.near(here, NEAR_M)
        place, line = _place(_named(wide), (here.x, here.y), metric_area)
    else:
        place = Place((here.x, here.y), _direction(at, bearing_deg, srid), "given")
        line = None
    try:
        span = span_at(present, place.origin, place.direction)
    except NoStreet:
        raise Invalid.of([Problem("/at", _("Hier staat een gebouw. Kies een plek op straat."))]) from None
    middle = from_metric(Point(place.origin), srid)
    assert isinstance(middle, Point)  # noqa: S101
    return CrossSection(
        cut(present, span),
        cut(_things(street.after(proposals).near(here, NEAR_M)), span),
        middle,
        _lonlat(span.line, srid),
        _bearing(place, srid),
        place.found_by,
        nearest_address(assignment.neighbourhood_id, middle),
        _track(line, place, srid) if with_track and line is not None else None,
        needed_to_walk(current_rulebook()),
    )


def needed_to_walk(rules: RuleBook) -> float | None:
    """How wide a pavement should be (R01), in metres: a municipality's own number where it has one."""
    rule = rules.rules["R01"]
    return max(number.value for number in rule.thresholds.values()) if rule.enabled else None


def best_section(assignment: Assignment, changes: Sequence[ChangeDraft]) -> CrossSection:
    """The section where a design is best seen: near the middle of its changes, where it changes something.

    Raises `Invalid` where none of the places tried has a street.
    """
    spots = [_middle(change.geometry) for change in changes if change.action is not Action.KEEP]
    middle = shapely.MultiPoint(spots).centroid if spots else area_of(assignment).representative_point()
    spots.sort(key=lambda spot: spot.distance(middle))
    first: CrossSection | None = None
    for spot in spots[:PLACES_TRIED] or [middle]:
        try:
            found = cross_section(assignment, changes, spot, with_track=False)
        except Invalid:
            continue
        if not found.changes_nothing:
            return found
        first = first or found
    if first is None:
        raise Invalid.of([Problem("/at", _("Hier is geen straat om door te snijden."))])
    return first


def line_along(
    assignment: Assignment, at: Point, reach_m: float, names: Collection[str] = ()
) -> tuple[LineString, str] | None:
    """The line along the middle of the street nearest to `at`, and the street's name where the map tells it.

    None where there is no street near by. Geometry is in the neighbourhood's metric CRS; the map is looked at
    within `reach_m` of `at`. Where a street of one of `names` lies near by it is that one: the nearest line
    on a map may be a footway without a name.
    """
    things = _named(street_of(assignment).near(at, reach_m))
    wanted = [thing for thing in things if thing.attributes.get("name") in names]
    if wanted and nearest_axis(wanted, (at.x, at.y)) is not None:
        things = wanted
    place = place_on(things, (at.x, at.y))
    if place is None:
        return None
    axes = [thing for thing in things if thing.kind == "street_axis" and place.found_by == "axis"]
    nearest = min(axes, key=lambda thing: thing.geometry.distance(Point(place.origin)), default=None)
    return track(things, place), str((nearest and nearest.attributes.get("name")) or "")


def _middle(geometry: BaseGeometry) -> Point:
    """The middle of a thing: of a line halfway, of an area inside it."""
    if geometry.geom_type == "LineString":
        return geometry.interpolate(0.5, normalized=True)
    return geometry.centroid if geometry.centroid.within(geometry) else geometry.representative_point()


# --- The street as things to cut ---------------------------------------------------------------------------


def _things(street: Iterable[checks.Thing]) -> list[Thing]:
    """What the checks know of the street, as ground and elements; bare ground under what is drawn on it."""
    return [part for thing in sorted(street, key=_is_no_remainder) for part in _parts(thing)]


def _is_no_remainder(thing: checks.Thing) -> bool:
    """Whether this is not the ground that a surface left behind: that comes first, so that it lies lowest."""
    return not (thing.is_drawn and thing.id.endswith("-left"))


def _parts(thing: checks.Thing) -> list[Thing]:
    if not thing.is_drawn:
        return [Thing(thing.kind, thing.geometry, thing.certainty, attributes=thing.attributes)]
    element = thing.element.id if thing.element is not None else ""
    if thing.lays is not None:
        return [Thing(thing.lays, thing.footprint, "drawn", element)]
    if thing.kind == "tree":
        return _tree(thing, element)
    stands = Thing(thing.kind, thing.footprint, "drawn", element, _height(thing))
    if thing.kind in ("hedge", "barrier"):
        return [stands]
    covers = Thing(AS_BELOW, thing.footprint, "drawn", element)
    if thing.kind not in STANDING:
        return [covers]
    return [covers, stands] if thing.geometry.area else [stands]


def _tree(thing: checks.Thing, element: str) -> list[Thing]:
    """A new tree stands in open ground; one that moves keeps the size that the map tells."""
    size = tree_size(thing.element, TREE_YEARS) if thing.element is not None else None
    if size is None:
        return [Thing("tree", thing.geometry, "drawn", element, thing.attributes)]
    told = {"height_m": size.height_m, "crown_m": 2 * size.crown_radius_m}
    return [
        Thing("green", thing.footprint, "drawn", element),
        Thing("tree", thing.geometry, "drawn", element, told),
    ]


def _height(thing: checks.Thing) -> dict[str, object]:
    height = thing.number("height_m")
    return {} if height is None else {"height_m": height}


# --- Places ------------------------------------------------------------------------------------------------


def _place(
    things: list[Thing], at: tuple[float, float], area: BaseGeometry
) -> tuple[Place, LineString | None]:
    """The place on the nearest street, seen eastward like the line to slide along."""
    found = place_on(things, at)
    if found is None:
        raise Invalid.of([Problem("/at", _("Hier is geen straat om door te snijden."))])
    line = track(things, found, area)
    along = direction_along(line, line.project(Point(found.origin)))
    turned = math.cos(along - found.direction) < 0
    return Place(found.origin, found.direction + (math.pi if turned else 0.0), found.found_by), line


def _direction(at: Point, bearing_deg: float, srid: int) -> float:
    """A bearing in the metric system's own directions: its north is not quite the true one."""
    angle = math.radians(bearing_deg)
    north = 10 / METRES_PER_DEGREE
    east = north / math.cos(math.radians(at.y))
    there = to_metric(Point(at.x + math.sin(angle) * east, at.y + math.cos(angle) * north), srid)
    here = to_metric(at, srid)
    (x, y), (x1, y1) = here.coords[0], there.coords[0]
    return math.atan2(y1 - y, x1 - x)


def _bearing(place: Place, srid: int) -> float:
    x, y = place.origin
    ahead = (x + 10 * math.cos(place.direction), y + 10 * math.sin(place.direction))
    (lon, lat), (lon1, lat1) = (from_metric(Point(spot), srid).coords[0] for spot in ((x, y), ahead))
    east = (lon1 - lon) * math.cos(math.radians(lat))
    return math.degrees(math.atan2(east, lat1 - lat)) % 360


def _track(line: LineString, place: Place, srid: int) -> Track:
    return Track(_lonlat(line, srid), line.length, line.project(Point(place.origin)))


def _lonlat(line: LineString, srid: int) -> LineString:
    return LineString(shapely.get_coordinates(from_metric(line, srid)))


# --- Names -------------------------------------------------------------------------------------------------

_ADDRESS = text(
    """
    SELECT label FROM place
    WHERE neighbourhood_id = :neighbourhood
      AND geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.001)
    ORDER BY (kind = 'address') DESC, geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) LIMIT 1
    """
)
_AXIS_NAMES = text("SELECT id, name FROM street_object WHERE id = ANY(:ids) AND name IS NOT NULL")


def nearest_address(neighbourhood_id: int, at: Point) -> str:
    """The nearest address within some 100 m, else street, or ""."""
    values = {"neighbourhood": neighbourhood_id, "lon": at.x, "lat": at.y}
    return str(db.session.scalar(_ADDRESS, values) or "")


def _named(street: Iterable[checks.Thing]) -> list[Thing]:
    """Things to find a street among: its axes with their names, since ways of one name are one street."""
    known = list(street)
    axes = {thing.object_id: thing for thing in known if thing.kind == "street_axis" and thing.object_id}
    names = {row.id: row.name for row in db.session.execute(_AXIS_NAMES, {"ids": list(axes)})} if axes else {}
    return [
        *_things(thing for thing in known if thing.kind != "street_axis"),
        *(
            Thing("street_axis", axis.geometry, attributes={"name": names[number]} if number in names else {})
            for number, axis in axes.items()
        ),
    ]
