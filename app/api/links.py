"""Absolute links as the OGC APIs use them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

GEOJSON = "application/geo+json"
JSON = "application/json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
PROBLEM = "application/problem+json"

Link = dict[str, Any]


def api_root() -> str:
    """The address of the API as the client wrote it: its host, its language prefix."""
    return request.url_root.rstrip("/") + "/api"


def link(rel: str, path: str, media_type: str, title: str, /, **query: Any) -> Link:
    """A link to a path under the API. Positional only: a query parameter may be called `title` too."""
    href = api_root() + path + (f"?{urlencode(query)}" if query else "")
    return {"rel": rel, "href": href, "type": media_type, "title": title}


def here(rel: str, media_type: str, title: str, /, **changed: str | None) -> Link:
    """A link to the present address with some parameters changed (None drops one)."""
    arguments = {name: value for name, value in request.args.items() if name not in changed}
    arguments |= {name: value for name, value in changed.items() if value is not None}
    return link(rel, request.path.removeprefix("/api"), media_type, title, **arguments)
