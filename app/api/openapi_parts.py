# ruff: noqa: E501
"""Reusable parts of the OpenAPI document: schemas, parameters, responses."""

from __future__ import annotations

from typing import Any

from app.api import crs as crs_module
from app.api.links import HTML, JSON, PROBLEM
from app.api.parameters import DEFAULT_LIMIT, LONGEST_VALUE, MAX_LIMIT
from app.api.registry import Collection, Property

Json = dict[str, Any]


def ref(kind: str, name: str) -> Json:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def text(description: str = "", **more: Any) -> Json:
    """A string schema."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def an_object(properties: Json, required: tuple[str, ...] = (), **more: Any) -> Json:
    """An object schema."""
    return {
        "type": "object",
        "properties": properties,
        **({"required": list(required)} if required else {}),
        **more,
    }


def a_list(items: Json, **more: Any) -> Json:
    """An array schema."""
    return {"type": "array", "items": items, **more}


VERSION_HEADER: Json = {"API-Version": ref("headers", "API-Version")}

PROBLEMS = {
    "400": "BadRequest",
    "401": "NoSession",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "WrongState",
    "412": "EditedMeanwhile",
    "413": "TooLarge",
    "422": "Invalid",
    "428": "PreconditionRequired",
    "429": "TooManyRequests",
    "503": "Unavailable",
}
_PROBLEM_TEXTS = {
    "BadRequest": "The request cannot be read",
    "NoSession": "No session: start one with POST /session",
    "Forbidden": "Not allowed (now); the detail says why",
    "NotFound": "There is no such thing, or it is not public",
    "WrongState": "The state of the thing does not allow this",
    "EditedMeanwhile": "Somebody else changed it first; `current` holds what it is now",
    "TooLarge": "More bytes than we read",
    "Invalid": "Well-formed but wrong; `errors` lists everything",
    "PreconditionRequired": "Send If-Match",
    "TooManyRequests": "Too many requests; see Retry-After",
    "Unavailable": "Cannot be served now; see Retry-After",
    "NotModified": "The client has it already",
}


def responses(*statuses: str, **own: Json) -> Json:
    """Responses: the given ones (`ok=…` for 200, `created=…` for 201 …) and these problems."""
    names = {"ok": "200", "created": "201", "empty": "204"}
    found: Json = {}
    for name, response in own.items():
        found[names[name]] = {**response, "headers": {**VERSION_HEADER, **response.get("headers", {})}}
    for status in statuses:
        found[status] = ref("responses", "NotModified" if status == "304" else PROBLEMS[status])
    return dict(sorted(found.items()))


def content(description: str, schema: Json, *media_types: str, headers: Json | None = None) -> Json:
    """A response with a body."""
    body = {
        media_type: {"schema": text() if media_type == HTML else schema}
        for media_type in media_types or (JSON,)
    }
    return {"description": description, "content": body, **({"headers": headers} if headers else {})}


def query(name: str, description: str, schema: Json, **more: Any) -> Json:
    """A query parameter."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "schema": schema,
        **more,
    }


def path(name: str, description: str, schema: Json) -> Json:
    """A path parameter."""
    return {"name": name, "in": "path", "description": description, "required": True, "schema": schema}


def property_schema(prop: Property) -> Json:
    """A property as OpenAPI 3.0 describes it."""
    kind = "string" if prop.type in ("uuid", "date-time") else prop.type
    schema: Json = {"type": kind, "description": prop.title}
    if prop.type in ("uuid", "date-time"):
        schema["format"] = prop.type
    if prop.type == "integer":
        schema["format"] = "int64"
    if prop.nullable:
        schema["nullable"] = True
    if prop.values:
        schema["enum"] = [*prop.values, *([None] if prop.nullable else [])]
    return schema


def filter_parameter(prop: Property) -> Json:
    """The query parameter that filters on a property."""
    schema = {key: value for key, value in property_schema(prop).items() if key in ("type", "format", "enum")}
    if schema["type"] == "string" and not prop.values:
        schema["maxLength"] = LONGEST_VALUE
        if "format" not in schema:
            schema["pattern"] = r"^[^\x00]*$"
    described = f"Only where {prop.name} ({prop.title}) is this"
    if not prop.coded:
        return query(prop.name, f"{described}.", schema)
    return query(
        prop.name,
        f"{described}, or one of several with commas between.",
        a_list(schema, maxItems=20, minItems=1),
        style="form",
        explode=False,
    )


def feature_schema(one: Collection) -> Json:
    """A Feature of a collection."""
    return an_object(
        {
            "type": text(enum=["Feature"]),
            "id": {key: value for key, value in property_schema(one.id).items() if key != "nullable"},
            "geometry": {**ref("schemas", "GeometryOrNull")},
            "properties": an_object(
                {prop.name: property_schema(prop) for prop in one.properties},
                tuple(prop.name for prop in one.properties),
            ),
            "links": a_list(ref("schemas", "Link")),
        },
        ("type", "id", "geometry", "properties"),
    )


def page_schema(one: Collection) -> Json:
    """A FeatureCollection of a collection."""
    return an_object(
        {
            "type": text(enum=["FeatureCollection"]),
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "timeStamp": text(format="date-time"),
            "links": a_list(ref("schemas", "Link")),
            "features": a_list(ref("schemas", schema_name(one))),
        },
        ("type", "numberMatched", "numberReturned", "timeStamp", "links", "features"),
    )


def schema_name(one: Collection) -> str:
    """The component name of a collection's Feature: `street-objects` → `StreetObjectsFeature`."""
    return "".join(word.capitalize() for word in one.name.split("-")) + "Feature"


def parameters() -> Json:
    """Parameters that many paths share."""
    systems = [crs.uri for crs in crs_module.SUPPORTED]
    return {
        "f": query("f", "Form of the answer; otherwise the Accept header decides.", text(enum=["json", "html"])),
        "limit": query(
            "limit",
            f"Features in a page; above {MAX_LIMIT} it means {MAX_LIMIT}.",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "bbox": query(
            "bbox",
            "Only features that touch this box: west,south,east,north in the axis order of bbox-crs; six numbers when with heights.",
            {"type": "array", "items": {"type": "number"}, "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]},
            style="form",
            explode=False,
        ),
        "bbox-crs": query("bbox-crs", "CRS of the bbox.", text(enum=systems, default=systems[0])),
        "crs": query("crs", "CRS of the answer.", text(enum=systems, default=systems[0])),
        "datetime": query("datetime", "An RFC 3339 moment, or an interval such as 2026-01-01T00:00:00Z/..", text(maxLength=100)),
        "cursor": query("cursor", "Where the next page starts; only from a `next` link.", text(maxLength=100)),
        "assignment": query("assignment", "Only what belongs to the assignment with this slug.", text(maxLength=200)),
        "design-id": path("design-id", "Identifier of a design", text(format="uuid")),
        "comment-id": path("comment-id", "Identifier of a comment", text(format="uuid")),
        "if-match": {
            "name": "If-Match", "in": "header", "required": True, "description": "The ETag of the revision that is changed",
            "schema": text(),
        },
        "csrf": {
            "name": "X-CSRF-Token", "in": "header", "required": True, "description": "`csrf_token` of POST /session", "schema": text(),
        },
    }  # fmt: skip


def schemas(collections: list[Collection]) -> Json:
    """All shared schemas."""
    feature = an_object(
        {
            "type": text(enum=["Feature"]),
            "id": text(),
            "geometry": ref("schemas", "GeometryOrNull"),
            "properties": an_object({}, nullable=True),
        },
        ("type", "geometry", "properties"),
    )
    geometry = an_object(
        {
            "type": text(
                enum=[
                    "Point",
                    "MultiPoint",
                    "LineString",
                    "MultiLineString",
                    "Polygon",
                    "MultiPolygon",
                    "GeometryCollection",
                ]
            ),
            "coordinates": a_list({}),
            "geometries": a_list({"type": "object"}),
        },
        ("type",),
    )
    problem = an_object(
        {
            "type": text("Which kind of problem", format="uri-reference"),
            "title": text(),
            "status": {"type": "integer"},
            "detail": text("What went wrong, as a sentence"),
            "errors": a_list(
                an_object(
                    {"pointer": text("JSON pointer, or a parameter's name"), "message": text()},
                    ("pointer", "message"),
                )
            ),
        },
        ("type", "title", "status"),
    )
    return {
        "Problem": problem,
        "Geometry": geometry,
        "GeometryOrNull": {**geometry, "nullable": True},
        "Feature": feature,
        "FeatureCollection": an_object(
            {"type": text(enum=["FeatureCollection"]), "features": a_list(ref("schemas", "Feature"))},
            ("type", "features"),
        ),
        "Link": an_object(
            {"href": text(format="uri"), "rel": text(), "type": text(), "title": text()}, ("href", "rel")
        ),
        "Collection": an_object(
            {
                "id": text(),
                "title": text(),
                "description": text(),
                "itemType": text(),
                "crs": a_list(text()),
                "storageCrs": text(),
                "extent": {"type": "object"},
                "links": a_list(ref("schemas", "Link")),
            },
            ("id", "links"),
        ),
        **{schema_name(one): feature_schema(one) for one in collections},
    }


def problem_responses() -> Json:
    """One response for each kind of problem."""
    found: Json = {
        name: {
            "description": described,
            "headers": VERSION_HEADER,
            "content": {PROBLEM: {"schema": ref("schemas", "Problem")}},
        }
        for name, described in _PROBLEM_TEXTS.items()
        if name != "NotModified"
    }
    for name in ("TooManyRequests", "Unavailable"):
        found[name]["headers"] = {
            **VERSION_HEADER,
            "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}},
        }
    found["NotModified"] = {"description": _PROBLEM_TEXTS["NotModified"], "headers": VERSION_HEADER}
    return found


ETAG: Json = {
    "ETag": {"description": "Version of the answer, for If-None-Match and If-Match", "schema": text()}
}
CONTENT_CRS: Json = {
    "Content-Crs": {"description": "CRS of the coordinates, in angle brackets", "schema": text()}
}
