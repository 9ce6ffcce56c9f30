"""What no address, parameter or form may hold, refused before any view sees it."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import gettext as _

from app.errors import BadRequest, NotFound

NUL = "\x00"


def _refuse_nul() -> None:
    """PostgreSQL's texts cannot hold NUL, and nobody types it."""
    if NUL in request.path:
        raise NotFound(_("Deze pagina bestaat niet."))
    if any(NUL in name or NUL in value for name, value in request.args.items(multi=True)):
        raise BadRequest(_("Dit adres bevat tekens die we niet kunnen lezen."))
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data") and any(
        NUL in value for value in request.form.values()
    ):
        raise BadRequest(_("De tekst bevat tekens die we niet kunnen bewaren."))


def init_app(app: Flask) -> None:
    """Check every request."""
    app.before_request(_refuse_nul)
