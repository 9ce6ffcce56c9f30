"""The invented street of the demo: its designs do what `docs/the-example-street.md` works out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.designs.models import Design
from app.designs.queries import version_of
from app.extensions import db
from app.pages import demo
from app.pages import demo_example as invented
from app.projects.queries import assignment_by_slug
from tests.factories.emptying import empty_tables

PAGE = Path(__file__).parents[2] / "docs" / "the-example-street.md"


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("| design | figure |"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 :] if line]


@pytest.fixture(scope="module")
def effects(app: Flask) -> Iterator[dict[str, dict[str, Any]]]:
    """The figures stored with each design of the invented street, by the design's key."""
    with app.test_request_context("/"):
        empty_tables()
        demo.load_invented_map()
        assert demo.make(demo.INVENTED) is True
        found = {}
        for example in invented.DESIGNS:
            design = db.session.scalars(
                db.select(Design).where(Design.idempotency_key == f"demo-{example.key}")
            ).one()
            found[example.key] = version_of(design).effects
        yield found
        db.session.remove()


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]} {row[1]}")
def test_the_designs_do_what_is_worked_out_by_hand(
    effects: dict[str, dict[str, Any]], row: list[str]
) -> None:
    design, figure, before, after, _because = row
    told = effects[design][figure]
    assert told["before"] == (pytest.approx(float(before)) if before else None)
    assert told["after"] == pytest.approx(float(after))


def test_the_street_and_its_assignment_say_that_they_are_invented(effects: dict[str, Any]) -> None:
    assignment = assignment_by_slug(invented.ASSIGNMENT_SLUG)
    assert assignment.is_example and assignment.neighbourhood.is_example
    assert "verzonnen" in assignment.neighbourhood.name
    assert "verzonnen" in assignment.question.lower()
    assert assignment.neighbourhood.metric_srid == 28992
