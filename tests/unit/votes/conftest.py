"""Elections for tests, and a second count of the Method of Equal Shares that is slow and plain."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from app.votes.counting import pabulib
from app.votes.counting.election import Election, Project

REAL = Path(__file__).parents[4] / "shared" / "data" / "pabulib"


def election(
    costs: dict[str, int], budget: int | Fraction, ballots: Iterable[str], exclusions: Iterable[str] = ()
) -> Election:
    """An election with one-letter projects: `election({"a": 3}, 10, ["ab", "b"], ["ab"])`."""
    return Election.of(
        (Project(name, Fraction(cost)) for name, cost in costs.items()),
        budget,
        [list(ballot) for ballot in ballots],
        [list(group) for group in exclusions],
    )


@pytest.fixture(params=["Poland_Swiecie_2023", "Netherlands_Assen_2024"])
def real(request: pytest.FixtureRequest) -> pabulib.PabulibFile:
    """A real election with its published winners."""
    file = REAL / f"{request.param}.pb"
    if not file.exists():
        pytest.skip(f"real data not present: ../shared/data/pabulib/{file.name}")
    return pabulib.read(file.read_bytes())
