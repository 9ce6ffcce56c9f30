# ruff: noqa: E501
"""Answers of the public API: JSON or a page, with an ETag, and 304 where the client has it already."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import orjson
from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.api import parameters, wording
from app.api.links import HTML, JSON
from app.api.parameters import Fault, Refused
from app.api.registry import COLLECTIONS, Collection
from app.errors import NotFound, Unavailable

log = logging.getLogger(__name__)

# Whoever has an answer asks each time whether it still holds; a 304 is cheap and nothing is ever out of date.
REVALIDATE = "public, max-age=0, must-revalidate"
_FORMATS = {"json": "json", "geojson": "json", "html": "html"}


def arguments() -> list[tuple[str, str]]:
    """The query string as pairs, repeated names included."""
    args: MultiDict[str, str] = request.args
    return list(args.items(multi=True))


def known(name: str) -> Collection:
    """The collection of this name. Raises `NotFound`."""
    found = COLLECTIONS.get(name)
    if found is None:
        raise NotFound(_("Deze verzameling is er niet."))
    return found


def wants_page() -> bool:
    """Whether to answer with HTML: `f=html`, or a browser that asks for it before JSON. Raises `BadRequest`."""
    asked = request.args.get("f")
    if asked is None:
        best = request.accept_mimetypes.best_match([JSON, "application/geo+json", HTML], JSON)
        return best == HTML
    if asked not in _FORMATS:
        raise wording.refusal(Refused([Fault("f", "format", {"supported": "json, html"})]))
    return _FORMATS[asked] == "html"


def no_parameters_but(*names: str) -> None:
    """Refuse query parameters that this address does not know. Raises `BadRequest`."""
    try:
        parameters.only(arguments(), *names)
    except Refused as refused:
        raise wording.refusal(refused) from None


def unavailable(error: Exception) -> Unavailable:
    """The 503 answer for a database that is away, busy, or took too long."""
    log.warning("database unavailable: %s", error)
    return Unavailable(
        _("De gegevens zijn even niet bereikbaar. Probeer het zo nog eens."), headers={"Retry-After": "5"}
    )


def fingerprint(*parts: bytes | str) -> str:
    """A short hash of all parts, for an ETag."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


def answer(
    body: bytes, media_type: str, etag: str | None = None, *, weak: bool = False, cache: str = REVALIDATE
) -> Response:
    """A conditional answer: 304 where `If-None-Match` holds this ETag."""
    response = Response(body, content_type=media_type)
    response.headers["Cache-Control"] = cache
    response.vary.update(("Accept", "Accept-Language"))
    response.set_etag(etag or fingerprint(body), weak=weak)
    response.make_conditional(request)
    return response


def document(
    value: dict[str, Any], media_type: str = JSON, template: str | None = None, **context: Any
) -> Response:
    """A JSON document, or the page that shows it."""
    if template and wants_page():
        return page(template, document=value, **context)
    return answer(orjson.dumps(value), media_type)


def page(template: str, **context: Any) -> Response:
    """An HTML page; its header may tell who is reading, so no shared cache keeps it."""
    response = Response(render_template(f"api/{template}", **context), mimetype=HTML)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    return response
