"""Reading requests and writing answers: strict JSON in, fast JSON out, ETags, built assets."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from app.errors import BadRequest, EditedMeanwhile, Invalid, PreconditionRequired, Problem, TooLarge

_JSON_TYPES = ("application/json", "application/geo+json")


def json_body() -> dict[str, Any]:
    """The request's JSON object.

    Raises `BadRequest` when it is not JSON (NaN and Infinity are not; nor is nesting beyond orjson's 1,024
    levels), `Invalid` when it is no object, `TooLarge` above the size limit.
    """
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(_("Dit is te groot: er passen %(kb)d kilobytes in.", kb=limit // 1024))
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise TooLarge(_("Dit is te groot: er passen %(kb)d kilobytes in.", kb=limit // 1024))
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if b"\\ud" in body.lower():
            raise Invalid.of([Problem("", _("De tekst bevat tekens die we niet kunnen bewaren."))]) from None
        raise BadRequest(_("Dit is geen geldige JSON: %(reason)s.", reason=error.msg)) from None
    if not isinstance(value, dict):
        raise Invalid.of([Problem("", _("Hier hoort een JSON-object te staan."))])
    return value


def json_response(
    value: Any,
    status: int = 200,
    *,
    mimetype: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer in JSON (orjson: UTF-8, ISO dates, UUIDs as text)."""
    response = Response(orjson.dumps(value), status=status, mimetype=mimetype)
    response.headers.update(headers or {})
    return response


def etag(revision: int) -> str:
    """The strong ETag of an edit counter."""
    return f'"{revision}"'


def required_revision() -> int:
    """The revision that `If-Match` names.

    Raises `PreconditionRequired` without the header, and `EditedMeanwhile` for one that can match nothing.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired(
            _("Stuur in If-Match mee welke versie je wijzigt (de ETag van het laatste antwoord).")
        )
    digits = header.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise EditedMeanwhile(_("Deze versie kennen we niet."))
    return int(digits)


def wants_json() -> bool:
    """Whether an error should be a problem document: for the API and for clients that ask for JSON."""
    if request.path.startswith("/api") or request.path in ("/healthz", "/readyz"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", *_JSON_TYPES, "application/problem+json"])
    return best is not None and best != "text/html"


@cache
def _manifest(folder: str) -> dict[str, Any]:
    path = Path(folder) / "build" / ".vite" / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def asset(entry: str) -> str:
    """The address of a built front-end file, from Vite's manifest. Raises `KeyError` if it was not built."""
    return f"/static/build/{_manifest(str(current_app.static_folder))[entry]['file']}"


def asset_styles(entry: str) -> list[str]:
    """The style sheets of a built entry."""
    chunk = _manifest(str(current_app.static_folder)).get(entry, {})
    return [f"/static/build/{name}" for name in chunk.get("css", [])]


def init_app(app: Flask) -> None:
    """Give templates the built assets."""
    app.jinja_env.globals.update(asset=asset, asset_styles=asset_styles)
