"""The files of a published round: made once, kept beside the other exports, the same bytes ever after."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import request
from flask_babel import force_locale

from app.core.language import LANGUAGES
from app.votes.counting import round_file
from app.votes.counting.round_pabulib import to_pabulib
from app.votes.results import queries, service, words
from app.votes.results.service import Counted

log = logging.getLogger(__name__)


def round_json(found: Counted, cache: Path) -> bytes:
    """The round's file for everybody."""
    return _kept(found, cache, "json", lambda: service.public_file(found))


def round_pabulib(found: Counted, cache: Path) -> bytes:
    """The ballots in Pabulib format; only for a round whose ballots are open."""
    return _kept(found, cache, "pb", lambda: to_pabulib(round_file.read(service.public_file(found).encode())))


def options_geojson(found: Counted) -> dict[str, Any]:
    """The options on the map, each with what became of it (GeoJSON, EPSG:4326)."""
    told = {option["code"]: option for option in found.count["options"]}
    rows = queries.options_on_the_map(found.round.id)
    titles = {row["code"]: row["title"] for row in rows}
    explained = explanations(found, titles)
    return {
        "type": "FeatureCollection",
        "round": str(found.round.id),
        "freeze_hash": found.round.freeze_hash,
        "result_hash": found.round.result_hash,
        "features": [
            {
                "type": "Feature",
                "id": row["code"],
                "geometry": json.loads(row["geometry"]) if row["geometry"] else None,
                "properties": {
                    "code": row["code"],
                    "title": row["title"],
                    "design": str(row["design_id"]),
                    "version": row["version"],
                    "cost_eur": float(row["cost_eur"]),
                    "won": told[row["code"]]["won"],
                    "votes": told[row["code"]]["votes"],
                    "reason": told[row["code"]].get("reason"),
                    "excluded_by": told[row["code"]].get("by"),
                    "wins_in_tries": found.count["stability"]["wins"][row["code"]],
                    "tries": found.count["stability"]["tries"],
                    **{f"explanation_{language}": said for language, said in explained[row["code"]].items()},
                },
            }
            for row in rows
        ],
    }


def explanations(found: Counted, titles: dict[str, str]) -> dict[str, dict[str, str]]:
    """Why each option won or lost, by code and language."""
    said: dict[str, dict[str, str]] = {code: {} for code in titles}
    for language in LANGUAGES:
        with in_language(language):
            for option in found.count["options"]:
                said[option["code"]][language] = words.why(option, found.count, titles)
    return said


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Words and amounts in this language, whatever the address of the request says."""
    before = request.environ.get("stoepkrijt.language")
    request.environ["stoepkrijt.language"] = language
    try:
        with force_locale(language):
            yield
    finally:
        request.environ.pop("stoepkrijt.language")
        if before is not None:
            request.environ["stoepkrijt.language"] = before


def _kept(found: Counted, cache: Path, ending: str, make: Callable[[], str]) -> bytes:
    """The bytes from the cache, made and kept where they are not there yet."""
    file = cache / "rounds" / f"{uuid.UUID(str(found.round.id))}-{found.round.result_hash}.{ending}"
    try:
        return file.read_bytes()
    except OSError:
        content = make().encode("utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
            part.write(content)
        os.replace(part.name, file)
    except OSError as error:
        log.warning("the file of round %s is not kept: %s", found.round.id, error)
    return content
