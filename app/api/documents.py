# ruff: noqa: E501
"""The documents around the features: landing page, conformance, collections, queryables, schema, tile sets."""

from __future__ import annotations

from typing import Any

from app.api import crs as crs_module
from app.api.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Link, link
from app.api.openapi_parts import property_schema as openapi_property
from app.api.parameters import Box
from app.api.registry import Collection, Property, published
from app.core.tiles import MAX_ZOOM, MEDIA_TYPE, Tile

TITLE = "Stoepkrijt"
DESCRIPTION = "Street designs by residents: the present situation, designs, their changes and what people say about them."
EXPORT_TYPES = {
    "geojson": GEOJSON,
    "gpkg": "application/geopackage+sqlite3",
    "csv": "text/csv",
    "fgb": "application/vnd.flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
}
CONFORMANCE = [
    *(
        f"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/{name}"
        for name in ("core", "landing-page", "json", "html", "oas30")
    ),
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "oas30", "html", "geojson")
    ),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(
        f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "geodata-tilesets", "mvt")
    ),
]
TILE_MATRIX_SET = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"


def landing() -> dict[str, Any]:
    """`/api`: where everything is."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "attribution": "Designs and comments: their makers. Present situation: see each neighbourhood's attribution.",
        "links": [
            link("self", "", JSON, "This document", f="json"),
            link("alternate", "", HTML, "This document as a page", f="html"),
            link("service-desc", "/openapi.json", OPENAPI, "The API in OpenAPI 3"),
            link("service-doc", "", HTML, "The API as a page", f="html"),
            link("conformance", "/conformance", JSON, "Conformance classes"),
            link("data", "/collections", JSON, "Collections"),
        ],
    }


def conformance() -> dict[str, Any]:
    """`/api/conformance`."""
    return {
        "conformsTo": CONFORMANCE,
        "links": [
            link("self", "/conformance", JSON, "This document", f="json"),
            link("alternate", "/conformance", HTML, "As a page", f="html"),
        ],
    }


def collections(extents: dict[str, Box | None]) -> dict[str, Any]:
    """`/api/collections`."""
    return {
        "links": [
            link("self", "/collections", JSON, "This document", f="json"),
            link("alternate", "/collections", HTML, "This document as a page", f="html"),
            link("root", "", JSON, "The API"),
        ],
        "crs": [crs.uri for crs in crs_module.SUPPORTED],
        "collections": [collection(each, extents[each.name]) for each in published()],
    }


def _collection_links(one: Collection) -> list[Link]:
    path = f"/collections/{one.name}"
    links = [
        link("self", path, JSON, "This document", f="json"),
        link("alternate", path, HTML, "This document as a page", f="html"),
        link("items", f"{path}/items", GEOJSON, "Features as GeoJSON", f="json"),
        link("items", f"{path}/items", HTML, "Features as a page", f="html"),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            f"{path}/queryables",
            SCHEMA,
            "What can be filtered on",
        ),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            f"{path}/schema",
            SCHEMA,
            "The properties of a feature",
        ),
        # In these letters: GDAL before 3.7 knows no other.
        link(
            "describedBy",
            f"{path}/feature-schema",
            SCHEMA,
            "A feature as GeoJSON, with the type of each property",
        ),
        *(
            link("enclosure", f"/export/{one.name}.{name}", media_type, f"The whole collection as {name}")
            for name, media_type in EXPORT_TYPES.items()
        ),
        link("root", "", JSON, "The API"),
    ]
    if one.tiles:
        links.append(
            link(
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                f"{path}/tiles",
                JSON,
                "Vector tiles",
            )
        )
    return links


def collection(one: Collection, extent: Box | None) -> dict[str, Any]:
    """`/api/collections/{name}`. The extent is left out where there are no features."""
    document: dict[str, Any] = {
        "id": one.name,
        "title": one.title,
        "description": one.description,
        "itemType": "feature",
        "crs": [crs.uri for crs in crs_module.SUPPORTED],
        "storageCrs": crs_module.CRS84.uri,
        "links": _collection_links(one),
    }
    if extent:
        document["extent"] = {"spatial": {"bbox": [list(extent)], "crs": crs_module.CRS84.uri}}
    return document


def property_schema(prop: Property, *, nullable: bool) -> dict[str, Any]:
    """One property in JSON Schema."""
    kind = "string" if prop.type in ("uuid", "date-time") else prop.type
    schema: dict[str, Any] = {
        "title": prop.title,
        "type": [kind, "null"] if nullable and prop.nullable else kind,
    }
    if prop.type in ("uuid", "date-time"):
        schema["format"] = prop.type
    if prop.values:
        schema["enum"] = list(prop.values)
    return schema


def _schema(one: Collection, path: str, *, nullable: bool) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": link("self", f"/collections/{one.name}/{path}", SCHEMA, "")["href"],
        "title": one.title,
        "description": one.description,
        "type": "object",
        "properties": {
            **{prop.name: property_schema(prop, nullable=nullable) for prop in one.properties},
            "geometry": {"x-ogc-role": "primary-geometry", "format": f"geometry-{one.geometry_type.lower()}"},
        },
        "additionalProperties": False,
    }


def queryables(one: Collection) -> dict[str, Any]:
    """`/api/collections/{name}/queryables`: every published property is one."""
    return _schema(one, "queryables", nullable=False)


def schema(one: Collection) -> dict[str, Any]:
    """`/api/collections/{name}/schema`."""
    return _schema(one, "schema", nullable=True)


def feature_schema(one: Collection) -> dict[str, Any]:
    """`/api/collections/{name}/feature-schema`: a whole GeoJSON Feature, for programs that take types from it.

    GDAL understands a property of one `type` only, so what may be absent is `nullable`, as in the OpenAPI
    document. What it does not find here it guesses from the first ten features, where a number or a moment that
    they all lack becomes text. `id` it takes from the features themselves, and would make two columns of.
    """
    properties = {prop.name: openapi_property(prop) for prop in one.properties if prop.name != "id"}
    return {
        "$id": link("self", f"/collections/{one.name}/feature-schema", SCHEMA, "")["href"],
        "title": one.title,
        "description": one.description,
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "properties": properties},
        },
    }


def tilesets(one: Collection) -> dict[str, Any]:
    """`/api/collections/{name}/tiles`."""
    path = f"/collections/{one.name}/tiles"
    return {
        "links": [link("self", path, JSON, "This document")],
        "tilesets": [
            {
                "title": one.title,
                "dataType": "vector",
                "crs": crs_module.MERCATOR.uri,
                "tileMatrixSetURI": TILE_MATRIX_SET,
                "links": [link("self", f"{path}/WebMercatorQuad", JSON, "The tile set")],
            }
        ],
    }


def tileset(one: Collection, extent: Box | None) -> dict[str, Any]:
    """`/api/collections/{name}/tiles/WebMercatorQuad`: zooms, where in them there is something, and the address
    template. Without features (no `extent`) every tile is empty, and there are no limits to tell."""
    assert one.tiles is not None  # noqa: S101 - for mypy
    zooms = range(one.tiles.min_zoom, MAX_ZOOM + 1)
    template = link("item", f"/collections/{one.name}/tiles/WebMercatorQuad/", MEDIA_TYPE, "Tiles")
    template["href"] += "{tileMatrix}/{tileRow}/{tileCol}"
    template["templated"] = True
    document: dict[str, Any] = {
        "title": one.title,
        "dataType": "vector",
        "crs": crs_module.MERCATOR.uri,
        "tileMatrixSetURI": TILE_MATRIX_SET,
        "layers": [
            {
                "id": one.name,
                "dataType": "vector",
                "minTileMatrix": str(one.tiles.min_zoom),
                "maxTileMatrix": str(MAX_ZOOM),
            }
        ],
        "links": [
            link("self", f"/collections/{one.name}/tiles/WebMercatorQuad", JSON, "This document"),
            template,
        ],
    }
    if extent:
        document["tileMatrixSetLimits"] = [_limits(z, extent) for z in zooms]
    return document


def _limits(z: int, extent: Box) -> dict[str, Any]:
    """The rows and columns of a zoom in which a collection has anything."""
    west, south, east, north = extent
    first, last = Tile.at(z, west, north), Tile.at(z, east, south)
    return {
        "tileMatrix": str(z),
        "minTileRow": first.y,
        "maxTileRow": last.y,
        "minTileCol": first.x,
        "maxTileCol": last.x,
    }
