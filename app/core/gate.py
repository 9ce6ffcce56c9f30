"""What no address or parameter may hold, refused before any view sees it."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import gettext as _

from app.errors import BadRequest, NotFound

NUL = "\x00"
# Python refuses to read numbers of more than 4,300 digits, with an error that is not about the request.
LONGEST_PATH = 1_000


def _refuse() -> None:
    """PostgreSQL's texts cannot hold NUL, and nobody types it or an address of a page long."""
    path = request.path
    if NUL in path or len(path) > LONGEST_PATH:
        raise NotFound(_("Deze pagina bestaat niet."))
    # Most requests have no parameters; then none are read.
    if request.query_string and any(
        NUL in name or NUL in value for name, value in request.args.items(multi=True)
    ):
        raise BadRequest(_("Dit adres bevat tekens die we niet kunnen lezen."))


def init_app(app: Flask) -> None:
    """Check every request."""
    app.before_request(_refuse)
