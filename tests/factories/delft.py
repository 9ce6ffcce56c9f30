"""A real street plan in metres: the base map (BGT) of a corner of Delft, where that data is present."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from app.designs.checks.street import Street, existing_thing
from geodata.crs import reproject
from geodata.readers import read

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RD_NEW = 28992


@cache
def _things() -> tuple[object, ...]:
    files = sorted((SHARED / "bgt_delft").glob("*.sqlite"))
    objects = [thing for file in files for thing in read(file).objects]
    return tuple(
        existing_thing(
            number,
            thing.kind,
            reproject(thing.geometry, 4326, RD_NEW),
            thing.certainty,
            {**thing.attributes, "source_id": thing.source_id},
        )
        for number, thing in enumerate(objects, start=1)
    )


def delft() -> Street:
    """The present situation in EPSG:28992. Skips the test, saying so, where the data is not present."""
    if not (SHARED / "bgt_delft").is_dir():
        pytest.skip("real data not present: ../shared/data/bgt_delft")
    things = _things()
    return Street(things, {thing.kind for thing in things})  # type: ignore[arg-type, attr-defined]
