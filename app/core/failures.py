"""From an error to an answer: problem documents for programs, a page for people, never a stack trace."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from flask import Flask, Response, current_app, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from app import errors
from app.core.formatting import to
from app.core.web import json_response, wants_json

log = logging.getLogger(__name__)


def titles() -> dict[int, str]:
    """A short title for each status, in the reader's language."""
    return {
        400: _("Dit verzoek begrijpen we niet"),
        401: _("Je doet nog niet mee"),
        403: _("Dit mag hier niet"),
        404: _("Niet gevonden"),
        405: _("Dit kan op dit adres niet"),
        409: _("Dit kan nu niet"),
        412: _("Intussen gewijzigd"),
        413: _("Te groot"),
        415: _("Deze soort gegevens lezen we niet"),
        422: _("Er klopt iets niet"),
        428: _("Zeg welke versie je wijzigt"),
        429: _("Even wachten"),
        500: _("Er ging bij ons iets mis"),
        503: _("Even niet bereikbaar"),
    }


def problem_document(error: errors.AppError) -> dict[str, Any]:
    """The RFC 9457 document of an error."""
    title = titles().get(error.status, titles()[500])
    document: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": title,
        "status": error.status,
        "detail": error.detail or title,
        **error.extra,
    }
    if error.problems:
        document["errors"] = [{"pointer": p.pointer, "message": p.message} for p in error.problems]
    return document


def answer(error: errors.AppError) -> Response:
    """The response for an error, in the form the client reads."""
    if wants_json():
        response = json_response(problem_document(error), error.status, mimetype="application/problem+json")
    else:
        page = render_template(
            "errors/error.html", error=error, title=titles().get(error.status, titles()[500])
        )
        response = Response(page, error.status, mimetype="text/html")
    response.headers.update(error.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


_BY_STATUS = {
    cls.status: cls
    for cls in (
        errors.BadRequest,
        errors.Forbidden,
        errors.NotFound,
        errors.WrongState,
        errors.TooLarge,
        errors.Invalid,
        errors.TooMany,
        errors.Unavailable,
    )
}


def _from_http(error: HTTPException) -> Response:
    if isinstance(error, CSRFError):
        return answer(
            errors.Forbidden(
                _("Je pagina is verlopen of komt van een andere site. Laad haar opnieuw; je tekening blijft.")
            )
        )
    status = error.code or 500
    if status == 405 and request.method == "GET" and not wants_json():
        return redirect(to(_page_above(request.path)))  # type: ignore[return-value]
    if status < 400 and error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    ours = _BY_STATUS.get(status, errors.AppError)()
    ours.status = status
    if status == 405:
        ours.slug = "method-not-allowed"
    known = dict(error.get_headers())
    ours.headers = {name: known[name] for name in ("Allow", "Retry-After") if name in known}
    if status == 429:
        ours.headers.setdefault("Retry-After", str(getattr(error, "retry_after", None) or 60))
        ours.detail = _("Dat zijn veel verzoeken achter elkaar. Wacht een minuut; er is niets verloren.")
    return answer(ours)


def _page_above(path: str) -> str:
    """The nearest page above an address that only takes forms.

    A page that answers a form has that address: the link to the other language, a bookmark and Enter in the
    address bar ask for it without the form.
    """
    pages = current_app.url_map.bind("")
    while "/" in (path := path.rpartition("/")[0]):
        try:
            pages.match(path, method="GET")
        except HTTPException:
            continue
        return path
    return "/"


def _from_database(error: DBAPIError | psycopg.Error) -> Response:
    """A database that is away or busy is no fault of the request; anything else is one of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    # Busy (too long, locked, deadlock) is an OperationalError too.
    if isinstance(cause, psycopg.OperationalError | pg.ReadOnlySqlTransaction):
        log.warning("database unavailable: %s", cause)
        return answer(
            errors.Unavailable(
                _("De gegevens zijn even niet bereikbaar. Probeer het zo nog eens; er is niets gewijzigd."),
                headers={"Retry-After": "5"},
            )
        )
    if _person_is_gone(cause):
        return answer(errors.NoSession(_("Je sessie is intussen voorbij. Er is niets gewijzigd.")))
    return _unexpected(error)


def _person_is_gone(cause: BaseException | None) -> bool:
    """Whether the writer signed in or erased their account in another tab while this write was on its way."""
    if not isinstance(cause, pg.ForeignKeyViolation):
        return False
    return (cause.diag.constraint_name or "").endswith(("_author_id", "_person_id"))


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error at %s %s", request.method, request.path, exc_info=error)
    return answer(
        errors.AppError(
            _("Dit ligt aan ons, niet aan jou. Er is niets gewijzigd. Probeer het later nog eens.")
        )
    )


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.AppError, answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(DBAPIError, _from_database)
    app.register_error_handler(psycopg.Error, _from_database)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
