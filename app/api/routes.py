"""OGC API Features part 1 and 2: landing page, collections, items."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson
from flask import Response
from flask_babel import gettext as _

from app.accounts import access
from app.api import documents, openapi, parameters, queries, wording
from app.api.answers import (
    answer,
    arguments,
    document,
    fingerprint,
    known,
    no_parameters_but,
    page,
    wants_page,
)
from app.api.blueprint import blueprint
from app.api.extents import extent_of
from app.api.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, here, link
from app.api.parameters import ItemsQuery, Refused
from app.api.registry import Collection, published
from app.core.clock import now
from app.errors import NotFound


@blueprint.get("/api", strict_slashes=False)
@access.public
def landing() -> Response:
    """Where everything is."""
    no_parameters_but("f")
    return document(documents.landing(), template="landing.html", operations=openapi.operations())


@blueprint.get("/api/conformance")
@access.public
def conformance() -> Response:
    """Which parts of the standards hold."""
    no_parameters_but("f")
    return document(documents.conformance(), template="conformance.html")


@blueprint.get("/api/openapi.json")
@access.public
def openapi_document() -> Response:
    """The whole API in OpenAPI 3."""
    no_parameters_but("f")
    return document(openapi.describe(), OPENAPI)


@blueprint.get("/api/collections")
@access.public
def collections() -> Response:
    """All collections."""
    no_parameters_but("f")
    extents = {each.name: extent_of(each) for each in published()}
    return document(documents.collections(extents), template="collections.html")


@blueprint.get("/api/collections/<name>")
@access.public
def collection(name: str) -> Response:
    """One collection."""
    no_parameters_but("f")
    one = known(name)
    return document(documents.collection(one, extent_of(one)), template="collection.html", collection=one)


@blueprint.get("/api/collections/<name>/queryables")
@access.public
def queryables(name: str) -> Response:
    """What can be filtered on."""
    no_parameters_but("f")
    return document(documents.queryables(known(name)), SCHEMA)


@blueprint.get("/api/collections/<name>/schema")
@access.public
def schema(name: str) -> Response:
    """The properties of a feature."""
    no_parameters_but("f")
    return document(documents.schema(known(name)), SCHEMA)


@blueprint.get("/api/collections/<name>/feature-schema")
@access.public
def feature_schema(name: str) -> Response:
    """A feature as GeoJSON, with the type of each property."""
    no_parameters_but("f")
    return document(documents.feature_schema(known(name)), SCHEMA)


@blueprint.get("/api/collections/<name>/items")
@access.public
def items(name: str) -> Response:
    """A page of features."""
    one = known(name)
    as_page = wants_page()
    try:
        query = parameters.items_query(arguments(), one)
    except Refused as refused:
        raise wording.refusal(refused) from None
    found = queries.page(one, query)
    links = _page_links(one, found)
    if as_page:
        features = [orjson.loads(feature) for feature in found.features]
        return page("items.html", collection=one, found=found, features=features, links=links, query=query)
    return _collection_answer(found, links, query)


def _page_links(one: Collection, found: queries.Page) -> list[dict[str, Any]]:
    links = [
        here("self", GEOJSON, "This page"),
        here("alternate", HTML, "This page as HTML", f="html"),
        link("collection", f"/collections/{one.name}", JSON, one.title),
        link("root", "", JSON, "The API"),
    ]
    if found.next_after is not None:
        links.append(here("next", GEOJSON, "The next page", cursor=parameters.cursor_after(found.next_after)))
    return links


def _collection_answer(found: queries.Page, links: list[dict[str, Any]], query: ItemsQuery) -> Response:
    head = {
        "type": "FeatureCollection",
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        "links": links,
    }
    stable = orjson.dumps(head)[:-1] + b',"features":[' + ",\n".join(found.features).encode() + b"]"
    stamp = now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    # The moment of answering is no change: the ETag is weak and leaves it out.
    response = answer(stable + f',"timeStamp":"{stamp}"}}'.encode(), GEOJSON, fingerprint(stable), weak=True)
    response.headers["Content-Crs"] = f"<{query.crs.uri}>"
    return response


@blueprint.get("/api/collections/<name>/items/<feature_id>")
@access.public
def item(name: str, feature_id: str) -> Response:
    """One feature."""
    one = known(name)
    as_page = wants_page()
    try:
        system = parameters.item_query(arguments())
    except Refused as refused:
        raise wording.refusal(refused) from None
    key = parameters.feature_id(one, feature_id)
    feature = queries.item(one, key, system) if key is not None else None
    if feature is None:
        raise NotFound(_("Dit is er niet, of het is niet openbaar."))
    if as_page:
        return page("item.html", collection=one, feature=orjson.loads(feature))
    links = [
        here("self", GEOJSON, "This feature"),
        here("alternate", HTML, "This feature as a page", f="html"),
        link("collection", f"/collections/{one.name}", JSON, one.title),
    ]
    response = answer(feature[:-1].encode() + b',"links":' + orjson.dumps(links) + b"}", GEOJSON)
    response.headers["Content-Crs"] = f"<{system.uri}>"
    return response
