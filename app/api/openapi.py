# ruff: noqa: E501
"""The whole public API in OpenAPI 3.0, following the Dutch API Design Rules."""

from __future__ import annotations

from typing import Any

from app.api import openapi_rounds
from app.api.blueprint import VERSION
from app.api.documents import DESCRIPTION, EXPORT_TYPES, TITLE
from app.api.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, api_root
from app.api.openapi_parts import (
    CONTENT_CRS,
    ETAG,
    Json,
    a_list,
    an_object,
    content,
    filter_parameter,
    page_schema,
    parameters,
    path,
    problem_responses,
    query,
    ref,
    responses,
    schema_name,
    schemas,
    text,
)
from app.api.registry import ACTIONS, SENTIMENTS, Collection, published
from app.core.tiles import MAX_ZOOM, MEDIA_TYPE
from app.designs.section_drawing import LAYOUTS
from geodata.catalogue import STATUSES
from geodata.metrics import MEASURES

_WRITE_PROBLEMS = ("400", "401", "403", "413", "422", "429", "503")
_COOKIE: list[dict[str, list[str]]] = [{"session": []}]


def describe() -> Json:
    """The document, with the address that the client used as server."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{TITLE} API",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
            "contact": {
                "name": TITLE,
                "url": api_root().removesuffix("/api") or "/",
                "email": "api@example.org",
            },
        },
        "servers": [{"url": api_root(), "description": "This server"}],
        "tags": [{"name": name, "description": described} for name, described in _TAGS.items()],
        "paths": _all_paths(),
        "components": {
            "schemas": {**schemas(published()), **_bodies(), **openapi_rounds.schemas()},
            "parameters": parameters(),
            "responses": problem_responses(),
            "headers": {
                "API-Version": {"description": "Full version of the API", "schema": text(example=VERSION)}
            },
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "stoepkrijt"}},
        },
    }


_TAGS = {
    "capabilities": "What this API offers",
    "data": "Features, per collection",
    "tiles": "Vector tiles",
    "exports": "Whole collections as a file",
    "lookups": "Catalogue and search",
    "taking-part": "Sessions, designs, comments, support",
    openapi_rounds.TAG: openapi_rounds.ABOUT,
}


def _all_paths() -> Json:
    return {
        **_capabilities(),
        **_features(),
        **_tiles(),
        **_exports(),
        **_lookups(),
        **_taking_part(),
        **openapi_rounds.paths(),
    }


def operations() -> list[tuple[str, str, str]]:
    """Method, path and summary of every operation, for the page that lists them."""
    found = _all_paths()
    return [
        (method.upper(), "/api" + ("" if where == "/" else where), operation["summary"])
        for where, item in found.items()
        for method, operation in item.items()
        if isinstance(operation, dict)
    ]


def _operation(tag: str, name: str, summary: str, answers: Json, *taken: Json, **more: Any) -> Json:
    return {
        "tags": [tag],
        "operationId": name,
        "summary": summary,
        **({"parameters": list(taken)} if taken else {}),
        "responses": answers,
        **more,
    }


def _document(name: str, summary: str, schema: Json, *media_types: str) -> Json:
    answers = responses("304", "400", ok=content(summary, schema, *media_types, headers=ETAG))
    return {"get": _operation("capabilities", name, summary, answers, ref("parameters", "f"))}


def _capabilities() -> Json:
    any_object = {"type": "object"}
    with_links = an_object({"links": a_list(ref("schemas", "Link"))}, ("links",))
    all_collections = an_object(
        {"links": a_list(ref("schemas", "Link")), "collections": a_list(ref("schemas", "Collection"))},
        ("links", "collections"),
    )
    return {
        "/": _document("getLandingPage", "Landing page", with_links, JSON, HTML),
        "/conformance": _document(
            "getConformance",
            "Conformance classes",
            an_object({"conformsTo": a_list(text())}, ("conformsTo",)),
            JSON,
            HTML,
        ),
        "/openapi.json": _document("getApi", "This document", any_object, OPENAPI),
        "/collections": _document("getCollections", "All collections", all_collections, JSON, HTML),
    }


def _features() -> Json:
    found: Json = {}
    for one in published():
        found.update(_paths_of(one))
    return found


def _paths_of(one: Collection) -> Json:
    base = f"/collections/{one.name}"
    name = schema_name(one).removesuffix("Feature")
    shared = [
        ref("parameters", each) for each in ("f", "limit", "bbox", "bbox-crs", "crs", "datetime", "cursor")
    ]
    filters = [filter_parameter(prop) for prop in one.properties]
    headers = {**ETAG, **CONTENT_CRS}
    items = responses(
        "304",
        "400",
        "503",
        ok=content(f"A page of {one.name}", page_schema(one), GEOJSON, HTML, headers=headers),
    )
    item = responses(
        "304",
        "400",
        "404",
        ok=content("The feature", ref("schemas", schema_name(one)), GEOJSON, HTML, headers=headers),
    )
    identifier = path("feature-id", "Identifier of the feature", text())
    found = {
        base: _document(f"describe{name}", one.description, ref("schemas", "Collection"), JSON, HTML),
        f"{base}/queryables": _document(
            f"get{name}Queryables", f"What {one.name} can be filtered on", {"type": "object"}, SCHEMA
        ),
        f"{base}/schema": _document(
            f"get{name}Schema", f"The properties of {one.name}", {"type": "object"}, SCHEMA
        ),
        f"{base}/feature-schema": _document(
            f"get{name}FeatureSchema", f"A feature of {one.name} as GeoJSON", {"type": "object"}, SCHEMA
        ),
        f"{base}/items": {
            "get": _operation("data", f"get{name}", f"Features of {one.name}", items, *shared, *filters)
        },
        f"{base}/items/{{feature-id}}": {
            "get": _operation(
                "data",
                f"get{name}Feature",
                f"One feature of {one.name}",
                item,
                identifier,
                ref("parameters", "f"),
                ref("parameters", "crs"),
            )
        },
    }
    for document in (f"{base}/queryables", f"{base}/schema", f"{base}/feature-schema"):
        found[document]["get"]["tags"] = ["data"]
    return found


def _tiles() -> Json:
    tiled = [one for one in published() if one.tiles]
    names = text(enum=[one.name for one in tiled])
    zoom = {
        "type": "integer",
        "minimum": min(one.tiles.min_zoom for one in tiled if one.tiles),
        "maximum": MAX_ZOOM,
    }
    number = {"type": "integer", "minimum": 0, "maximum": 2**MAX_ZOOM - 1}
    base = "/collections/{collection-id}/tiles"
    which = path("collection-id", "A collection that has tiles", names)
    body = content(
        "The tile, one layer named after the collection", text(format="binary"), MEDIA_TYPE, headers=ETAG
    )
    empty: Json = {"description": "Nothing lies in this tile", "headers": ETAG}
    cut = responses("304", "400", "404", "503", ok=body, empty=empty)
    described = responses(
        "304", "400", "404", ok=content("Links to the tile set", {"type": "object"}, headers=ETAG)
    )
    flag = ref("parameters", "f")
    return {
        base: {"get": _operation("tiles", "getTileSets", "Tile sets of a collection", described, which, flag)},
        f"{base}/WebMercatorQuad": {"get": _operation("tiles", "getTileSet", "Zooms and address template", described, which, flag)},
        f"{base}/WebMercatorQuad/{{z}}/{{y}}/{{x}}": {
            "get": _operation(
                "tiles", "getTile", "A Mapbox vector tile", cut, which, path("z", "Zoom", zoom),
                path("y", "Row, from the north", number), path("x", "Column, from the west", number),
            )
        },
    }  # fmt: skip


def _exports() -> Json:
    names = text(enum=[one.name for one in published()])
    forms = text(enum=list(EXPORT_TYPES))
    body = {
        "description": "The whole collection",
        "headers": ETAG,
        "content": {
            media_type: {"schema": {"type": "object"} if media_type == GEOJSON else text(format="binary")}
            for media_type in EXPORT_TYPES.values()
        },
    }
    return {
        "/export/{collection-id}.{format}": {
            "get": _operation(
                "exports", "exportCollection", "A whole collection as a file", responses("304", "400", "404", "503", ok=body),
                path("collection-id", "The collection", names), path("format", "The form", forms), ref("parameters", "assignment"),
                ref("parameters", "crs"),
            )
        }
    }  # fmt: skip


def _lookups() -> Json:
    catalogue = an_object(
        {"groups": a_list({"type": "object"}), "elements": a_list({"type": "object"})}, ("groups", "elements")
    )
    search = (
        query("q", "What to look for; typing errors are forgiven", text(maxLength=100)),
        query("neighbourhood", "Slug of a neighbourhood", text(maxLength=200)),
        query("limit", "At most so many", {"type": "integer", "minimum": 1, "maximum": 20, "default": 8}),
    )
    degrees = {"type": "number", "minimum": -180, "maximum": 180}
    place_and_day = (
        query("lon", "Longitude in degrees (WGS 84)", degrees, required=True),
        query(
            "lat", "Latitude in degrees (WGS 84)", {**degrees, "minimum": -90, "maximum": 90}, required=True
        ),
        query("date", "The day, 1900 to 2100", text(format="date"), required=True),
    )
    position = {name: {"type": "number"} for name in ("azimuth_deg", "elevation_deg")}
    sun = an_object(
        {
            "date": text(format="date"), "time_zone": text("On whose clock"),
            "sunrise": text(format="date-time", nullable=True), "sunset": text(format="date-time", nullable=True),
            "positions": a_list(an_object({"time": text("Each quarter of an hour that the sun is up"), **position})),
        },
        ("date", "time_zone", "sunrise", "sunset", "positions"),
    )  # fmt: skip
    return {
        "/catalogue": {
            "get": _operation(
                "lookups", "getCatalogue", "Elements that can be placed, with sizes, prices and effects",
                responses(ok=content("The catalogue, in Dutch or English", catalogue)),
            )
        },
        "/assignments/{slug}": {
            "get": _operation(
                "lookups", "getBrief", "The brief of an assignment: phases, zones, limits, and dates that moved",
                responses("404", ok=content("In Dutch or English", ref("schemas", "Brief"))),
                path("slug", "The assignment", text(maxLength=80)),
            )
        },
        "/search": {
            "get": _operation(
                "lookups", "searchPlaces", "Streets and addresses",
                responses("400", ok=content("Places as points", ref("schemas", "FeatureCollection"), GEOJSON)), *search,
            )
        },
        "/sun": {
            "get": _operation(
                "lookups", "getSun", "The sun over a place on a day: sunrise, sunset and each quarter between",
                responses("400", ok=content("Azimuth clockwise from north, elevation above the horizon", sun)), *place_and_day,
            )
        },
    }  # fmt: skip


def _body(name: str) -> Json:
    return {"required": True, "content": {JSON: {"schema": ref("schemas", name)}}}


def _write(name: str, summary: str, answers: Json, *taken: Json, body: str = "") -> Json:
    more: Json = {"security": _COOKIE, **({"requestBody": _body(body)} if body else {})}
    return _operation("taking-part", name, summary, answers, *taken, ref("parameters", "csrf"), **more)


def _taking_part() -> Json:
    design = content(
        "The design; its changes in the member `changes`", ref("schemas", "Feature"), JSON, headers=ETAG
    )
    change = content("The change", ref("schemas", "Feature"), JSON)
    comment = content("The comment", ref("schemas", "Feature"), JSON, headers=ETAG)
    session = content("Cookie set; the token for X-CSRF-Token", ref("schemas", "Session"), JSON)
    total = content(
        "The new total", an_object({"support": {"type": "integer", "minimum": 0}}, ("support",)), JSON
    )
    checked = content("Verdicts and effects; nothing is stored", ref("schemas", "CheckResult"), JSON)
    section = content("The street from façade to façade", ref("schemas", "Section"), JSON)
    one, write = ref("parameters", "design-id"), _WRITE_PROBLEMS
    key = {
        "name": "Idempotency-Key", "in": "header", "required": False, "description": "The same key again makes no second design",
        "schema": text(minLength=1, maxLength=64),
    }  # fmt: skip
    state = responses(*write, "404", "409", ok=design)
    number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    other = (
        query(
            "with",
            "The id of the other design, of the same assignment, or `now`",
            text(maxLength=36),
            required=True,
        ),
        query("version", "An older version of this design", number),
        query("with_version", "An older version of the other design", number),
    )
    differing = content(
        "Every change of both once, and their figures side by side", ref("schemas", "Differences"), JSON
    )
    return {
        "/session": {
            "post": _operation("taking-part", "startSession", "Start taking part as a guest", responses("429", "503", ok=session, created=session))
        },
        "/designs": {"post": _write("createDesign", "Make a draft design", responses(*write, "404", created=design), key, body="Design")},
        "/designs/{design-id}": {
            "get": _operation("taking-part", "getDesign", "One's own draft, or a public design", responses("404", ok=design), one),
            "put": _write(
                "replaceDesign", "Change a design", responses(*write, "404", "409", "412", "428", ok=design),
                one, ref("parameters", "if-match"), body="Design",
            ),
        },
        "/designs/{design-id}/differences": {
            "get": _operation("taking-part", "getDifferences", "What differs to another design, or to the street as it is", responses("400", "404", "422", ok=differing), one, *other)
        },
        "/designs/{design-id}/submit": {"post": _write("submitDesign", "Make a draft public", state, one)},
        "/designs/{design-id}/withdraw": {"post": _write("withdrawDesign", "Take a design back", state, one)},
        "/designs/{design-id}/changes": {
            "post": _write("placeChange", "Place one element in a draft", responses(*write, "404", "409", created=change), one, body="Change")
        },
        "/designs/{design-id}/support": {
            "put": _write("support", "Support a design", responses(*write, "404", ok=total), one),
            "delete": _write("takeBackSupport", "Support a design no longer", responses(*write, "404", ok=total), one),
        },
        "/check": {"post": _write("checkDesign", "Check a design without storing it", responses(*write, "404", ok=checked), body="Check")},
        "/section": {
            "post": _write("cutSection", "The street cut through, now and after changes; nothing is stored", responses(*write, "404", ok=section), body="SectionQuestion")
        },
        "/comments": {"post": _write("createComment", "Say something", responses(*write, "404", created=comment), body="Comment")},
        "/comments/{comment-id}": {
            "patch": _write(
                "editComment", "Change one's own words", responses(*write, "404", "412", "428", ok=comment),
                ref("parameters", "comment-id"), ref("parameters", "if-match"), body="CommentEdit",
            ),
            "delete": _write(
                "removeComment", "Take one's own comment away", responses(*write, "404", empty={"description": "It is gone"}),
                ref("parameters", "comment-id"),
            ),
        },
    }  # fmt: skip


def _bodies() -> Json:
    number = {"type": "number", "nullable": True}
    change = an_object(
        {
            "type": text(enum=["Feature"]),
            "geometry": ref("schemas", "Geometry"),
            "properties": an_object(
                {
                    "action": text(enum=list(ACTIONS)),
                    "kind": text("Element of the catalogue, for add and replace", nullable=True),
                    "object": {
                        "type": "integer",
                        "format": "int64",
                        "nullable": True,
                        "description": "Street object, except for add",
                    },
                    "rotation_deg": number,
                    "width_m": number,
                    "height_m": number,
                },
                ("action",),
            ),
        },
        ("type", "geometry", "properties"),
    )
    changes = an_object(
        {"type": text(enum=["FeatureCollection"]), "features": a_list(ref("schemas", "Change"))},
        ("type", "features"),
    )
    place = a_list(
        {"type": "number"}, minItems=2, maxItems=2, description="Longitude and latitude in degrees (WGS 84)"
    )
    return {
        "Session": an_object({"csrf_token": text()}, ("csrf_token",)),
        "Change": change,
        "SectionQuestion": an_object(
            {
                "assignment": text("Slug"),
                "changes": changes,
                "at": place,
                "bearing_deg": {
                    "type": "number",
                    "minimum": -360,
                    "maximum": 360,
                    "description": "Where the street runs to, clockwise from north; without it the nearest street tells",
                },
                "layout": text("Room for the pictures", enum=list(LAYOUTS)),
                "track": {"type": "boolean", "description": "Whether to give the line along the street"},
            },
            ("assignment", "at"),
        ),
        "Section": _section(place),
        "Design": an_object(
            {
                "assignment": text("Slug"),
                "title": text(),
                "story": text(),
                "remix_of": text(format="uuid", nullable=True),
                "changes": changes,
            },
            ("assignment", "title", "changes"),
        ),
        "Check": {
            "allOf": [
                ref("schemas", "Design"),
                an_object(
                    {
                        "suggest": {
                            "description": "Whether to look for what would fit; or for which changes",
                            "oneOf": [{"type": "boolean"}, a_list({"type": "integer"})],
                        },
                        "shade": {
                            "type": "boolean",
                            "description": "Also what takes longer: shade, accessible pavement, emergency reach",
                        },
                        "how": {
                            "type": "boolean",
                            "description": "Whether to tell how each figure was computed; true if left out",
                        },
                        "hour": {
                            "type": "number",
                            "minimum": 0,
                            "maximum": 24,
                            "exclusiveMaximum": True,
                            "description": "The shade at this hour of the clock on 1 July as well",
                        },
                    }
                ),
            ]
        },
        "Figure": an_object(
            {
                **{
                    name: {"type": "number", "nullable": True}
                    for name in ("before", "after", "change", "low", "high")
                },
                "unit": text(),
                "status": text("The weakest of the numbers behind it", enum=list(STATUSES)),
                "measure": text(
                    "A state, a change, or a neighbourhood told by its change", enum=list(MEASURES)
                ),
                "before_known": {"type": "boolean", "description": "False: only the change is known"},
                "source": text(nullable=True),
                "caveat": text(nullable=True),
                "notes": a_list(
                    text(), description="Of a price: how much of it has a source, and what is not in it"
                ),
                "at": {"type": "object", "description": "The same some years after planting"},
                "hours": {"type": "object", "description": "The same at hours of the first of July"},
                "how": a_list(
                    an_object(
                        {
                            "step": text(),
                            "text": text("The step as a sentence"),
                            "value": {"type": "number"},
                            "changes": a_list({"type": "integer"}),
                            "objects": a_list({"type": "integer"}),
                        },
                        ("step", "text", "value"),
                    ),
                    description="How it was computed, step by step",
                ),
            },
            ("before", "after", "unit"),
        ),
        "Comment": an_object(
            {
                "assignment": text("Slug"),
                "text": text(maxLength=2000),
                "geometry": ref("schemas", "GeometryOrNull"),
                **{name: text(format="uuid", nullable=True) for name in ("design", "change", "parent")},
                "sentiment": text(enum=list(SENTIMENTS)),
            },
            ("assignment", "text"),
        ),
        "CommentEdit": an_object(
            {"text": text(maxLength=2000), "sentiment": text(enum=list(SENTIMENTS))}, ("text",)
        ),
        "Differences": an_object(
            {
                "assignment": text(),
                "a": {"type": "object"},
                "b": {"type": "object"},
                "differences": a_list(
                    an_object(
                        {
                            "standing": text(enum=["different", "only_a", "only_b", "same"]),
                            "turned_deg": {"type": "number", "nullable": True},
                        },
                        (
                            "standing",
                            "a",
                            "b",
                            "moved",
                            "turned_deg",
                            "sizes",
                            "other_shape",
                            "other_kind",
                            "other_action",
                        ),
                    )
                ),
                "effects": a_list(
                    an_object(
                        {
                            "name": text(),
                            "unit": text(),
                            "ratio": text(
                                "Ranges that overlap are about equal",
                                enum=["equal", "about_equal", "a_more", "b_more", "unknown"],
                            ),
                        },
                        ("name", "unit", "before", "a", "b", "ratio", "by"),
                    )
                ),
            },
            ("assignment", "a", "b", "differences", "effects"),
        ),
        "CheckResult": an_object(
            {
                "verdict": text(enum=["fits", "conditional", "conflict", "unchecked"]),
                "changes": a_list({"type": "object"}),
                "effects": {"type": "object", "additionalProperties": ref("schemas", "Figure")},
                "limits": a_list(ref("schemas", "Limit")),
            },
            ("verdict", "changes", "effects", "limits"),
        ),
        "Brief": _brief(),
        "Limit": an_object(
            {
                "limit": text(
                    "Which one: euros, parking places or metres of pavement",
                    enum=["budget_eur", "min_parking_bays", "min_clear_width_m"],
                ),
                "allowed": {"type": "number"},
                "value": {"type": "number", "nullable": True},
                "verdict": text(enum=["fits", "conditional", "conflict", "unchecked"]),
                "message": text("In the language asked for; a conflict refuses handing in"),
            },
            ("limit", "allowed", "value", "verdict", "message"),
        ),
    }


def _brief() -> Json:
    """An assignment as a planner wrote it. Moments are UTC; areas EPSG:4326, longitude first."""
    moment = text(format="date-time")
    until = text("null while it goes on", format="date-time", nullable=True)
    dates = an_object(
        {"starts_at": text(format="date-time", nullable=True), "ends_at": until}, ("starts_at", "ends_at")
    )
    limit: Json = {"type": "number", "nullable": True}
    phase = {
        **{name: text() for name in ("id", "type", "title")},
        "starts_at": moment,
        "ends_at": until,
        "opens": a_list(text("An action, such as designs.draw")),
    }
    texts = ("slug", "title", "question", "neighbourhood", "what_is_fixed", "what_is_open", "who_decides")
    members = {
        **{name: text() for name in (*texts, "planning", "contact")},
        "area": ref("schemas", "Geometry"),
        "degree": an_object(
            {
                "id": text(enum=["inform", "consult", "advise", "co-produce", "decide"]),
                "title": text(),
                "about": text(),
            },
            ("id", "title", "about"),
        ),
        "limits": an_object(
            {
                "budget_eur": limit,
                "min_parking_bays": limit,
                "min_clear_width_m": limit,
                "allowed_kinds": {**a_list(text()), "nullable": True},
            },
            ("budget_eur", "min_parking_bays", "min_clear_width_m", "allowed_kinds"),
        ),
        "phases": a_list(an_object(phase, tuple(phase))),
        "zones": ref("schemas", "FeatureCollection"),
        "moved": a_list(
            an_object(
                {
                    "type": text(),
                    "from": dates,
                    "to": dates,
                    "reason": text(),
                    "by": text("The role of who moved it"),
                    "at": moment,
                },
                ("type", "from", "to", "reason", "by", "at"),
            )
        ),
        "promises_changed": a_list(
            an_object(
                {
                    "what": text(enum=["degree", "who_decides"]),
                    "from": text("What was told before: the id of a degree, or words"),
                    "to": text(),
                    "reason": text(),
                    "by": text("The role of who changed it"),
                    "at": moment,
                },
                ("what", "from", "to", "reason", "by", "at"),
            )
        ),
    }
    return an_object(members, tuple(members))


def _section(place: Json) -> Json:
    """A cross-section now and after the changes. Lengths in metres from the left end, seen along the street."""
    metres: Json = {"type": "number"}
    certainty = text(
        "null where nothing is known", enum=["measured", "estimated", "drawn", None], nullable=True
    )
    band = {
        **{name: text() for name in ("kind", "name", "width", "certainty_name")},
        **dict.fromkeys(("from_m", "to_m", "width_m", "merged_m"), metres),
        "element": text("Of the catalogue, for what the changes add", nullable=True),
        "certainty": certainty,
        "needed": text("Where it is too narrow to walk: how wide it should be", nullable=True),
    }
    element = {
        **{name: text() for name in ("kind", "name", "text", "certainty")},
        **dict.fromkeys(("at_m", "from_m", "to_m", "off_m"), metres),
        **{name: {"type": "number", "nullable": True} for name in ("height_m", "crown_m")},
        "element": text(nullable=True),
    }
    side = an_object(
        {
            "length_m": metres,
            "text": text("The whole in words"),
            "svg": text("The picture"),
            "bands": a_list(an_object(band)),
            "elements": a_list(an_object(element)),
            "facades": a_list({"type": "object", "nullable": True}),
        }
    )
    line: Json = {"type": "object", "description": "GeoJSON LineString"}
    return an_object(
        {
            "at": place,
            **{name: text() for name in ("title", "found_by", "left", "right", "notes")},
            "near": text(nullable=True),
            "needed_m": {
                "type": "number",
                "nullable": True,
                "description": "How wide a pavement should be (R01)",
            },
            "bearing_deg": {"type": "number"},
            "line": line,
            "track": {
                **an_object({"geometry": line, "length_m": metres, "at_m": metres}),
                "nullable": True,
                "description": "The line along the street; null when a bearing was given",
            },
            "changed": {"type": "boolean"},
            "before": side,
            "after": side,
        }
    )
