"""`GET /api/export/{name}.{format}`: whole collections."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

import psycopg
from flask import Response, request
from flask_babel import gettext as _

from app.accounts import access
from app.api import exports, parameters, queries, wording
from app.api.answers import REVALIDATE, arguments, fingerprint, known, unavailable
from app.api.blueprint import blueprint
from app.api.crs import CRS84
from app.api.documents import EXPORT_TYPES
from app.api.exports import Export
from app.api.parameters import Fault, Refused
from app.errors import NotFound, Unavailable
from app.extensions import db

log = logging.getLogger(__name__)

# Each running export holds a database connection; the rest of the pool is for everybody else.
MOST_AT_ONCE = 4
_free = BoundedSemaphore(MOST_AT_ONCE)


@blueprint.get("/api/export/<name>.<form>")
@access.public
def export(name: str, form: str) -> Response:
    """A whole collection; 304 where the client has it."""
    wanted = _wanted(name, form)
    state = queries.marker(wanted.collection)
    # Rows come in no particular order, so two makings may differ in bytes: the ETag is weak.
    etag = fingerprint(state, wanted.stem, form)
    if request.if_none_match.contains_weak(etag):
        return _described(Response(status=304), wanted, etag)
    return _described(_body(wanted, state), wanted, etag)


def _wanted(name: str, form: str) -> Export:
    """What is asked for. Raises `NotFound` or `BadRequest`."""
    collection = known(name)
    if form not in exports.FORMATS:
        raise NotFound(
            _("Deze vorm hebben we niet. Kies een van: %(supported)s.", supported=", ".join(exports.FORMATS))
        )
    try:
        query = parameters.export_query(arguments())
        if form in exports.STREAMED and query.crs is not CRS84:
            raise Refused([Fault("crs", "crs-format")])
    except Refused as refused:
        raise wording.refusal(refused) from None
    if query.assignment is not None and not queries.assignment_exists(query.assignment):
        raise NotFound(_("Deze opgave is er niet."))
    return Export(collection, form, query.assignment, query.crs)


def _body(wanted: Export, state: str) -> Response:
    target = exports.kept(wanted, state)
    # The connection of this request is not needed while the file is made and sent.
    db.session.remove()
    file = exports.opened(target)
    if file is None and request.method != "GET":
        # Nobody knows the length of a file that is yet to be made. (An empty body would be told as 0 bytes.)
        return Response(iter(()))
    if file is None:
        if not _free.acquire(blocking=False):
            raise Unavailable(
                _("Er worden al veel bestanden gemaakt. Probeer het zo nog eens."),
                headers={"Retry-After": "5"},
            )
        if wanted.form in exports.STREAMED:
            return _streamed(wanted, target)
        try:
            file = exports.build(wanted, target)
        except psycopg.Error as error:
            raise unavailable(error) from error
        except OSError as error:
            log.error("export not made: %s", error)
            raise Unavailable(
                _("Op de server is geen ruimte om dit bestand te maken. GeoJSON en CSV kunnen wel."),
                headers={"Retry-After": "300"},
            ) from error
        finally:
            _free.release()
    return _from_file(file)


def _streamed(wanted: Export, target: Path) -> Response:
    try:
        chunks = exports.stream(wanted)
    except psycopg.Error as error:
        _free.release()
        raise unavailable(error) from error
    except BaseException:
        _free.release()
        raise
    response = Response(exports.passing(chunks, target, wanted))
    # Also when the client went away before the first piece.
    response.call_on_close(chunks.close)
    response.call_on_close(_free.release)
    return response


def _from_file(file: BinaryIO) -> Response:
    response = Response(exports.read(file))
    response.call_on_close(file.close)
    response.content_length = os.fstat(file.fileno()).st_size
    return response


def _described(response: Response, wanted: Export, etag: str) -> Response:
    response.headers["Content-Type"] = EXPORT_TYPES[wanted.form]
    response.headers["Content-Disposition"] = f'attachment; filename="{wanted.file_name}"'
    response.headers["Cache-Control"] = REVALIDATE
    response.set_etag(etag, weak=True)
    return response
