# ruff: noqa: E501
"""What is public, and how it is read: one `Collection` per kind of thing.

The SQL here is the only description of what outsiders may see. It never selects a person: no name, no address,
nobody's drafts, no removed comments. Geometry is EPSG:4326, longitude first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.votes.polls.domain import LEAST_ANSWERS, SCALE
from app.votes.polls.domain import Kind as PollKind
from geodata import metrics


@dataclass(frozen=True, slots=True)
class Property:
    """One published property: its JSON type, the SQL that yields it, and whether it is always there.

    `type` is string, integer, number, boolean, uuid or date-time. A `coded` string comes from a fixed list of
    plain words, so a filter may name several, separated by commas.
    """

    name: str
    type: str
    sql: str
    title: str
    nullable: bool = True
    coded: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TileLayer:
    """How a collection is cut into vector tiles; `geometry` is the stored EPSG:3857 column."""

    source: str
    geometry: str
    columns: tuple[tuple[str, str], ...]
    feature_id: str | None = None
    min_zoom: int = 12


@dataclass(frozen=True, slots=True)
class Collection:
    """One published collection.

    `bbox_test` has a `{box}` placeholder for an EPSG:4326 polygon; `within_assignment` has `:assignment` for a slug;
    `marker` is a scalar SQL expression that changes whenever the collection's content does.
    """

    name: str
    title: str
    description: str
    source: str
    geometry: str
    geometry_type: str
    properties: tuple[Property, ...]
    marker: str
    bbox_test: str
    within_assignment: str
    id_type: str = "uuid"
    where: str = "TRUE"
    begins: str | None = None
    ends: str | None = None
    tiles: TileLayer | None = None
    parts: tuple[tuple[str, str, int], ...] = field(default=())

    @property
    def id(self) -> Property:
        """The identifying property."""
        return self.properties[0]

    @property
    def by_name(self) -> dict[str, Property]:
        """The properties by their name."""
        return {prop.name: prop for prop in self.properties}


ACTIONS = ("add", "remove", "move", "replace", "keep")
SENTIMENTS = ("for", "against", "neutral")


_DESIGN_MARKER = (
    "(SELECT concat_ws('.', count(*), count(*) FILTER (WHERE status = 'submitted'), sum(revision), sum(version),"
    " max(updated_at)) FROM design)"
)
_ASSIGNMENT_MARKER = "(SELECT concat_ws('.', count(*), sum(revision), max(updated_at)) FROM assignment)"
_NEIGHBOURHOOD_MARKER = (
    "(SELECT md5(string_agg(concat_ws('.', id, slug, name, metric_srid, attribution, is_example,"
    " md5(ST_AsBinary(boundary))), ' ' ORDER BY id)) FROM neighbourhood)"
)
_COMMENT_MARKER = (
    "(SELECT concat_ws('.', count(*), count(*) FILTER (WHERE status = 'visible'), sum(revision), max(created_at),"
    " max(edited_at)) FROM comment)"
)
_SUPPORT_MARKER = "(SELECT concat_ws('.', count(*), max(created_at)) FROM support)"
# A street object that goes leaves its changes without one; only those that have one are counted, by their index.
_OBJECTS_NAMED = "(SELECT count(*) FROM change WHERE object_id IS NOT NULL)"
_OBJECT_MARKER = "(SELECT concat_ws('.', count(*), max(id), max(imported_at)) FROM street_object)"


def _marker(*parts: str) -> str:
    return f"concat_ws('|', {', '.join(parts)})"


def _attribute_number(key: str) -> str:
    """A number in a street object's attributes; whatever else stands there counts as absent."""
    return f"CASE jsonb_typeof(o.attributes->'{key}') WHEN 'number' THEN (o.attributes->>'{key}')::float8 END"


def _effects() -> tuple[Property, ...]:
    """The figures of a design as flat numbers, by their stable names (`geodata/data/metrics.csv`).

    What is a change by nature has one number; the rest is told before and after. Null: not known.
    """
    found = []
    for metric in metrics.load().figures.values():
        told = f"{metric.name_en} ({metric.unit})"
        path = f"v.effects->'{metric.name}'"
        if metric.measure == "change":
            found.append(Property(metric.name, "number", f"({path}->>'after')::float8", told))
            if metric.unit in ("EUR", "EUR/year") and metric.name != "cost_eur":
                found += [
                    Property(
                        f"{metric.name}_{end}",
                        "number",
                        f"coalesce({path}->>'{end}', {path}->>'after')::float8",
                        f"{told}, {end}",
                    )
                    for end in ("low", "high")
                ]
        else:
            found += [
                Property(f"{metric.name}_{side}", "number", f"({path}->>'{side}')::float8", f"{told}, {side}")
                for side in ("before", "after")
            ]
    found += [
        Property(
            f"canopy_m2_year_{years}",
            "number",
            f"(v.effects->'canopy_m2'->'at'->'{years}'->>'value')::float8",
            f"Tree canopy {years} years after planting (m2)",
        )
        for years in (0, 10)
    ]
    return tuple(found)


def _intersects(column: str) -> str:
    return f"ST_Intersects({column}, {{box}})"


NEIGHBOURHOODS = Collection(
    name="neighbourhoods",
    title="Neighbourhoods",
    description="The areas that have a map of their present situation.",
    source="neighbourhood n",
    geometry="n.boundary",
    geometry_type="MultiPolygon",
    id_type="integer",
    properties=(
        Property("id", "integer", "n.id", "identifier", nullable=False),
        Property("slug", "string", "n.slug", "name in addresses", nullable=False),
        Property("name", "string", "n.name", "name", nullable=False),
        Property(
            "metric_srid",
            "integer",
            "n.metric_srid",
            "EPSG number in which metres are measured",
            nullable=False,
        ),
        Property("attribution", "string", "n.attribution", "whom to credit for the map", nullable=False),
        Property("is_example", "boolean", "n.is_example", "made to try the program with", nullable=False),
        Property("created_at", "date-time", "n.created_at", "moment of creation", nullable=False),
    ),
    marker=_marker(_NEIGHBOURHOOD_MARKER),
    bbox_test=_intersects("n.boundary"),
    within_assignment="n.id IN (SELECT neighbourhood_id FROM assignment WHERE slug = :assignment)",
    begins="n.created_at",
    ends="n.created_at",
)

STREET_OBJECTS = Collection(
    name="street-objects",
    title="Street objects",
    description="What stands and lies in the street now, with its source and how certain it is.",
    source="street_object o JOIN neighbourhood n ON n.id = o.neighbourhood_id",
    # An object that left its source stays in the table while a design refers to it, marked as gone.
    where="NOT jsonb_exists(o.attributes, 'gone')",
    geometry="o.geom",
    geometry_type="Geometry",
    id_type="integer",
    properties=(
        Property("id", "integer", "o.id", "identifier", nullable=False),
        Property(
            "neighbourhood", "string", "n.slug", "slug of the neighbourhood", nullable=False, coded=True
        ),
        Property("kind", "string", "o.kind", "what it is", nullable=False, coded=True),
        Property("name", "string", "o.name", "its own name"),
        Property(
            "certainty",
            "string",
            "o.certainty",
            "measured, or estimated from other data",
            nullable=False,
            coded=True,
            values=("measured", "estimated"),
        ),
        Property("source", "string", "o.source", "where it was read from", nullable=False),
        Property("source_id", "string", "o.source_id", "identifier in that source", nullable=False),
        Property("number", "string", "o.attributes->>'number'", "house number"),
        Property("height_m", "number", _attribute_number("height_m"), "height in metres"),
        Property("width_m", "number", _attribute_number("width_m"), "width in metres"),
        Property("levels", "number", _attribute_number("levels"), "number of storeys"),
        Property(
            "height_estimated",
            "boolean",
            "CASE jsonb_typeof(o.attributes->'height_estimated')"
            " WHEN 'boolean' THEN (o.attributes->>'height_estimated')::boolean END",
            "whether the height was derived from the number of storeys",
        ),
        Property("imported_at", "date-time", "o.imported_at", "moment of import", nullable=False),
    ),
    marker=_marker(_OBJECT_MARKER, _NEIGHBOURHOOD_MARKER),
    bbox_test=_intersects("o.geom"),
    within_assignment="ST_Intersects(o.geom, (SELECT area FROM assignment WHERE slug = :assignment))",
    begins="o.imported_at",
    ends="o.imported_at",
    tiles=TileLayer(
        source="street_object o",
        geometry="o.geom_3857",
        columns=(
            ("id", "o.id"),
            ("kind", "o.kind"),
            ("name", "o.name"),
            ("certainty", "o.certainty"),
            ("number", "o.attributes->>'number'"),
            ("height_m", _attribute_number("height_m")),
            ("levels", _attribute_number("levels")),
        ),
        feature_id="id",
    ),
    parts=(("points", "Point", 0), ("lines", "MultiLineString", 1), ("areas", "MultiPolygon", 2)),
)


def _utc(column: str) -> str:
    """A moment as in RFC 3339, as text without the quotes of JSON."""
    return f"trim(both '\"' from to_json({column} AT TIME ZONE 'UTC')::text) || 'Z'"


# Flat, so that every client keeps it: a list of phases as JSON in a string, in the order in which they begin.
_PHASE = (
    f"json_build_object('type', p.type, 'starts_at', {_utc('p.starts_at')}, 'ends_at', {_utc('p.ends_at')})"
)
_PHASES = (
    f"(SELECT '[' || coalesce(string_agg({_PHASE}::text, ',' ORDER BY p.starts_at, p.type), '') || ']'"  # noqa: S608 - our own words
    " FROM phase p WHERE p.assignment_id = a.id)"
)

ASSIGNMENTS = Collection(
    name="assignments",
    title="Assignments",
    description="The areas and questions that people are asked to work on.",
    source="assignment a JOIN neighbourhood n ON n.id = a.neighbourhood_id",
    # A concept is for planners only.
    where="a.published_at IS NOT NULL",
    geometry="a.area",
    geometry_type="MultiPolygon",
    properties=(
        Property("id", "uuid", "a.id", "identifier", nullable=False),
        Property("slug", "string", "a.slug", "name in addresses", nullable=False, coded=True),
        Property("title", "string", "a.title", "title", nullable=False),
        Property("question", "string", "a.question", "what is asked", nullable=False),
        Property(
            "neighbourhood", "string", "n.slug", "slug of the neighbourhood", nullable=False, coded=True
        ),
        Property("opens_at", "date-time", "a.opens_at", "people may take part from", nullable=False),
        Property(
            "closes_at", "date-time", "a.closes_at", "people may take part until; null while open-ended"
        ),
        Property(
            "allowed_kinds",
            "string",
            "array_to_string(a.allowed_kinds, ',')",
            "ids of the elements that may be placed, separated by commas; null: all",
        ),
        Property(
            "degree",
            "string",
            "a.degree",
            "how much residents have to say",
            nullable=False,
            coded=True,
            values=("inform", "consult", "advise", "co-produce", "decide"),
        ),
        Property(
            "phases",
            "string",
            _PHASES,
            "JSON: when what is open, a list of type, starts_at and ends_at (null: goes on)",
            nullable=False,
        ),
        Property("what_is_open", "string", "a.what_is_open", "what may change", nullable=False),
        Property("what_is_fixed", "string", "a.what_is_fixed", "what stays as it is", nullable=False),
        Property("who_decides", "string", "a.who_decides", "who decides, and when", nullable=False),
        Property("planning", "string", "a.planning", "what happens afterwards", nullable=False),
        Property("contact", "string", "a.contact", "whom to ask at the municipality", nullable=False),
        Property("budget_eur", "number", "a.budget_eur::float8", "what one design may cost; null: no limit"),
        Property(
            "min_parking_bays",
            "integer",
            "a.min_parking_bays",
            "parking places that must stay; null: no limit",
        ),
        Property(
            "min_clear_width_m",
            "number",
            "a.min_clear_width_m",
            "metres of pavement that must stay free; null: no limit",
        ),
        Property("published_at", "date-time", "a.published_at", "public since", nullable=False),
        Property("is_example", "boolean", "a.is_example", "made to try the program with", nullable=False),
        Property("created_at", "date-time", "a.created_at", "moment of creation", nullable=False),
        Property("updated_at", "date-time", "a.updated_at", "moment of the last change", nullable=False),
    ),
    marker=_marker(_ASSIGNMENT_MARKER, _NEIGHBOURHOOD_MARKER),
    bbox_test=_intersects("a.area"),
    within_assignment="a.slug = :assignment",
    begins="a.opens_at",
    ends="coalesce(a.closes_at, 'infinity')",
    tiles=TileLayer(
        source="assignment a",
        geometry="ST_Transform(a.area, 3857)",
        columns=(("id", "a.id::text"), ("slug", "a.slug"), ("title", "a.title")),
        min_zoom=8,
    ),
)

_PUBLIC_DESIGN = "d.status NOT IN ('draft', 'withdrawn')"

DESIGNS = Collection(
    name="designs",
    title="Designs",
    description="Submitted designs in their current version; the geometry collects those of their changes.",
    source=(
        "design d JOIN design_version v ON v.design_id = d.id AND v.version = d.version"
        " JOIN assignment a ON a.id = d.assignment_id"
    ),
    where=_PUBLIC_DESIGN,
    geometry=(
        "(SELECT ST_ForceCollection(ST_Collect(c.geom ORDER BY c.position)) FROM change c"
        " WHERE c.design_id = d.id AND c.version = d.version)"
    ),
    geometry_type="GeometryCollection",
    properties=(
        Property("id", "uuid", "d.id", "identifier", nullable=False),
        Property("title", "string", "v.title", "title", nullable=False),
        Property("story", "string", "v.story", "why, in the maker's words", nullable=False),
        Property("assignment", "string", "a.slug", "slug of the assignment", nullable=False, coded=True),
        Property("status", "string", "d.status", "state", nullable=False, coded=True, values=("submitted",)),
        Property("version", "integer", "d.version", "current version", nullable=False),
        Property("remix_of", "uuid", "d.remix_of_id", "the design that this one started from"),
        Property(
            "support",
            "integer",
            "(SELECT count(*) FROM support s WHERE s.design_id = d.id)",
            "people who support it",
            nullable=False,
        ),
        Property(
            "comments",
            "integer",
            "(SELECT count(*) FROM comment m WHERE m.status = 'visible' AND (m.target_type, m.target_id) = ('design', d.id))"
            " + (SELECT count(*) FROM comment m JOIN change mc ON mc.id = m.target_id WHERE m.status = 'visible'"
            " AND m.target_type = 'change' AND mc.design_id = d.id)",
            "comments on it and on its changes in any version, replies included",
            nullable=False,
        ),
        Property(
            "cost_low_eur",
            "number",
            "v.cost_low_eur::float8",
            "low estimate of the cost in euros",
            nullable=False,
        ),
        Property(
            "cost_high_eur",
            "number",
            "v.cost_high_eur::float8",
            "high estimate of the cost in euros",
            nullable=False,
        ),
        *_effects(),
        Property("is_example", "boolean", "d.is_example", "made to try the program with", nullable=False),
        Property("created_at", "date-time", "d.created_at", "moment of creation", nullable=False),
        Property("updated_at", "date-time", "d.updated_at", "moment of the last change", nullable=False),
    ),
    marker=_marker(_DESIGN_MARKER, _ASSIGNMENT_MARKER, _SUPPORT_MARKER, _COMMENT_MARKER),
    bbox_test=(
        "EXISTS (SELECT 1 FROM change c WHERE c.design_id = d.id AND c.version = d.version"
        " AND ST_Intersects(c.geom, {box}))"
    ),
    within_assignment="a.slug = :assignment",
    begins="d.updated_at",
    ends="d.updated_at",
)

CHANGES = Collection(
    name="changes",
    title="Changes",
    description="The single changes of all submitted designs in their current version.",
    source=(
        "change c JOIN design d ON d.id = c.design_id AND d.version = c.version"
        " JOIN assignment a ON a.id = d.assignment_id"
    ),
    where=_PUBLIC_DESIGN,
    geometry="c.geom",
    geometry_type="Geometry",
    properties=(
        Property("id", "uuid", "c.id", "identifier", nullable=False),
        Property("design", "uuid", "c.design_id", "identifier of the design", nullable=False),
        Property("assignment", "string", "a.slug", "slug of the assignment", nullable=False, coded=True),
        Property(
            "status",
            "string",
            "d.status",
            "state of the design",
            nullable=False,
            coded=True,
            values=("submitted",),
        ),
        Property("position", "integer", "c.position", "order within the design", nullable=False),
        Property("action", "string", "c.action", "what happens", nullable=False, coded=True, values=ACTIONS),
        Property("kind", "string", "c.kind", "element of the catalogue that comes", coded=True),
        Property("object", "integer", "c.object_id", "the street object concerned"),
        Property("object_kind", "string", "c.object_kind", "what that street object is", coded=True),
        Property(
            "verdict",
            "string",
            "c.verdict",
            "outcome of the checks",
            nullable=False,
            coded=True,
            values=("fits", "conditional", "conflict", "unchecked"),
        ),
        Property("bgt_type", "string", "{bgt_type}", "object type in the Dutch base map BGT"),
        Property("imgeo_value", "string", "{imgeo_value}", "value in the information model IMGeo"),
        Property("rotation_deg", "number", "c.rotation_deg", "clockwise from north, degrees"),
        Property("width_m", "number", "c.width_m", "width in metres"),
        Property("height_m", "number", "c.height_m", "height in metres"),
        Property("follow_up", "string", "NULL::text", "what the municipality did with it"),
        Property(
            "updated_at", "date-time", "d.updated_at", "moment of the design's last change", nullable=False
        ),
    ),
    marker=_marker(_DESIGN_MARKER, _ASSIGNMENT_MARKER, _OBJECTS_NAMED),
    bbox_test=_intersects("c.geom"),
    within_assignment="a.slug = :assignment",
    begins="d.updated_at",
    ends="d.updated_at",
    tiles=TileLayer(
        source="change c JOIN design d ON d.id = c.design_id AND d.version = c.version",
        geometry="c.geom_3857",
        columns=(
            ("id", "c.id::text"),
            ("design", "c.design_id::text"),
            ("status", "d.status"),
            ("action", "c.action"),
            ("kind", "c.kind"),
            ("object", "c.object_id"),
            ("object_kind", "c.object_kind"),
            ("verdict", "c.verdict"),
            ("rotation_deg", "c.rotation_deg"),
            ("width_m", "c.width_m"),
        ),
        min_zoom=11,
    ),
    parts=(("points", "Point", 0), ("lines", "MultiLineString", 1), ("areas", "MultiPolygon", 2)),
)

_COMMENT_SOURCE = (
    "comment m JOIN assignment a ON a.id = m.assignment_id"
    " LEFT JOIN change tc ON m.target_type = 'change' AND tc.id = m.target_id"
    " LEFT JOIN design d ON d.id = CASE m.target_type WHEN 'design' THEN m.target_id ELSE tc.design_id END"
)
_PUBLIC_COMMENT = f"m.status = 'visible' AND (m.target_type IS NULL OR {_PUBLIC_DESIGN})"

COMMENTS = Collection(
    name="comments",
    title="Comments",
    description="What people say about a place, a design or one change.",
    source=_COMMENT_SOURCE,
    where=_PUBLIC_COMMENT,
    geometry="m.geom",
    geometry_type="Point",
    properties=(
        Property("id", "uuid", "m.id", "identifier", nullable=False),
        Property("assignment", "string", "a.slug", "slug of the assignment", nullable=False, coded=True),
        Property("design", "uuid", "d.id", "the design it is about"),
        Property("change", "uuid", "tc.id", "the change it is about"),
        Property("parent", "uuid", "m.parent_id", "the comment that it answers"),
        Property(
            "sentiment",
            "string",
            "m.sentiment",
            "for, against or neutral",
            nullable=False,
            coded=True,
            values=SENTIMENTS,
        ),
        Property("text", "string", "m.text", "what is said", nullable=False),
        Property("created_at", "date-time", "m.created_at", "moment of writing", nullable=False),
        Property("edited_at", "date-time", "m.edited_at", "moment of the last edit"),
    ),
    marker=_marker(_COMMENT_MARKER, _DESIGN_MARKER, _ASSIGNMENT_MARKER),
    bbox_test=_intersects("m.geom"),
    within_assignment="a.slug = :assignment",
    begins="m.created_at",
    ends="m.created_at",
    tiles=TileLayer(
        source=_COMMENT_SOURCE,
        geometry="m.geom_3857",
        columns=(
            ("id", "m.id::text"),
            ("assignment", "a.slug"),
            ("design", "d.id::text"),
            ("change", "tc.id::text"),
            ("parent", "m.parent_id::text"),
            ("sentiment", "m.sentiment"),
        ),
        min_zoom=11,
    ),
    # Most comments are about no place; a layer that starts with ten of those has no geometry to QGIS.
    parts=(("points", "Point", 0),),
)


# A poll of a phase is open only while that goes on. Null: it goes on.
_POLL_ENDS = "least(q.closes_at, q.ended_at, f.ends_at)"
_POLL_BEGINS = "greatest(q.opens_at, f.starts_at)"
_POLL_SOURCE = (
    "poll q JOIN assignment a ON a.id = q.assignment_id LEFT JOIN phase f ON f.id = q.phase_id"
    " CROSS JOIN LATERAL (SELECT count(*) AS people FROM poll_answer WHERE poll_id = q.id) answered"
)
# The same rule as on the page of a poll for somebody who did not answer: nothing before it is over, and nothing
# of so few people that one of them could be told apart.
_POLL_COUNTS = (
    f"CASE WHEN {_POLL_ENDS} <= now() AND answered.people >= {LEAST_ANSWERS} THEN"  # noqa: S608 - our own words
    " (SELECT json_agg((SELECT count(*) FROM poll_answer g WHERE g.poll_id = q.id AND number = ANY (g.chosen))"
    " ORDER BY number)::text"
    f" FROM generate_series(1, CASE q.kind WHEN 'scale' THEN {len(SCALE)} ELSE cardinality(q.choices) END) number)"
    " END"
)
_POLL_MARKER = (
    f"(SELECT concat_ws('.', md5(string_agg(q::text, ' ' ORDER BY q.id)), count(*) FILTER (WHERE {_POLL_ENDS} <= now()))"  # noqa: S608
    " FROM poll q LEFT JOIN phase f ON f.id = q.phase_id)"
)
_ANSWER_MARKER = "(SELECT concat_ws('.', count(*), max(changed_at)) FROM poll_answer)"

POLLS = Collection(
    name="polls",
    title="Polls",
    description="Questions to everybody, about an assignment or a place in it; what people answered once a poll is over.",
    source=_POLL_SOURCE,
    where="a.published_at IS NOT NULL",
    geometry="q.geom",
    geometry_type="Geometry",
    properties=(
        Property("id", "uuid", "q.id", "identifier", nullable=False),
        Property("assignment", "string", "a.slug", "slug of the assignment", nullable=False, coded=True),
        Property("question", "string", "q.question", "what is asked", nullable=False),
        Property("about", "string", "q.about", "what one should know to answer", nullable=False),
        Property(
            "kind",
            "string",
            "q.kind",
            "one choice, several, or a scale from 1 to 5",
            nullable=False,
            coded=True,
            values=tuple(PollKind),
        ),
        Property(
            "choices",
            "string",
            "CASE WHEN q.kind <> 'scale' THEN to_json(q.choices)::text END",
            "JSON: a list of what can be chosen; null: a scale",
        ),
        Property("most", "integer", "q.most", "how many choices one person may make", nullable=False),
        Property("low_words", "string", "nullif(q.low_words, '')", "what 1 means on a scale"),
        Property("high_words", "string", "nullif(q.high_words, '')", "what 5 means on a scale"),
        Property("place", "string", "nullif(q.place_name, '')", "the place by name"),
        Property("opens_at", "date-time", _POLL_BEGINS, "people may answer from", nullable=False),
        Property("closes_at", "date-time", _POLL_ENDS, "people may answer until; null while open-ended"),
        Property("people", "integer", "answered.people", "people who answered", nullable=False),
        Property(
            "counts",
            "string",
            _POLL_COUNTS,
            "JSON: how many people chose each choice (of a scale: 1 to 5), in their order; null before the poll is"
            f" over, and for fewer than {LEAST_ANSWERS} people",
        ),
        Property("is_example", "boolean", "q.is_example", "made to try the program with", nullable=False),
        Property("created_at", "date-time", "q.created_at", "moment of creation", nullable=False),
    ),
    marker=_marker(_POLL_MARKER, _ANSWER_MARKER, _ASSIGNMENT_MARKER),
    bbox_test=_intersects("q.geom"),
    within_assignment="a.slug = :assignment",
    begins=_POLL_BEGINS,
    ends=f"coalesce({_POLL_ENDS}, 'infinity')",
    parts=(("points", "Point", 0), ("lines", "MultiLineString", 1), ("areas", "MultiPolygon", 2)),
)


def _parts_of(whole: Collection) -> list[Collection]:
    """The same collection once per geometry type, for clients that type a layer by its first feature."""
    return [
        replace(
            whole,
            name=f"{whole.name}-{suffix}",
            title=f"{whole.title}: {suffix}",
            description=f"{whole.description} Only the {suffix}.",
            where=f"{whole.where} AND ST_Dimension({whole.geometry}) = {dimension}",
            geometry=f"ST_Multi({whole.geometry})" if geometry_type.startswith("Multi") else whole.geometry,
            geometry_type=geometry_type,
            tiles=None,
            parts=(),
        )
        for suffix, geometry_type, dimension in whole.parts
    ]


def _all() -> dict[str, Collection]:
    found: dict[str, Collection] = {}
    for whole in (NEIGHBOURHOODS, STREET_OBJECTS, ASSIGNMENTS, DESIGNS, CHANGES, COMMENTS, POLLS):
        found[whole.name] = whole
        found.update((part.name, part) for part in _parts_of(whole))
    return found


COLLECTIONS: dict[str, Collection] = _all()


def published() -> list[Collection]:
    """All collections in the order in which they are listed."""
    return list(COLLECTIONS.values())
