"""The checks give the answers that `docs/the-example-street.md` works out by hand, line by line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.designs.checks.run import Judged, judge
from app.designs.checks.street import Proposal, Street, existing_thing, propose
from geodata import example_street, rulebook
from geodata.catalogue import load

PAGE = Path(__file__).parents[4] / "docs" / "the-example-street.md"


def rows(header: str) -> list[list[str]]:
    """The rows of the table that begins with these columns."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(header))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


EXPECTED = rows("| design | rule |")


@cache
def the_street() -> tuple[Street, dict[str, str]]:
    """The street in local metres, and the things' own ids by name."""
    shapes = example_street.layout()
    things = [
        existing_thing(number, shape.kind, shape.geometry, attributes=shape.attributes)
        for number, shape in enumerate(shapes, start=1)
    ]
    things += [
        existing_thing(-number, "dwelling", door)
        for number, (_, door) in enumerate(example_street.addresses(), start=1)
    ]
    known = {thing.kind for thing in things} | {"speed_limit", "bus_route"}
    names = {shape.id: str(number) for number, shape in enumerate(shapes, start=1)}
    return Street(things, known, example_street.area()), names


def place(words: str) -> tuple[BaseGeometry, float]:
    """A geometry in local metres and a turn in degrees."""
    kind, *numbers = words.split()
    values = [float(number) for number in numbers]
    if kind == "at":
        return Point(values[0], values[1]), values[2]
    if kind == "box":
        return box(values[0], values[2], values[1], values[3]), 0
    return LineString([values[:2], values[2:]]), 0


def proposal(index: int, change: str, where: str) -> Proposal:
    street, names = the_street()
    action, _, kind = change.partition(" ")
    if where.startswith("object "):
        concerned = street.thing(names[where.removeprefix("object ")])
        assert concerned is not None
        geometry, turn = concerned.geometry, 0.0
    else:
        concerned = None
        geometry, turn = place(where)
    return propose(
        index,
        action,
        geometry,
        kind=kind or None,
        concerned=concerned,
        rotation_deg=turn,
        catalogue=load(),
    )


@cache
def first_of(design: str) -> Judged:
    """What is said of the first change of a design."""
    street, _ = the_street()
    changes = [row for row in rows("| design | change |") if row[0] == design]
    proposals = [proposal(index, change, where) for index, (_, change, where) in enumerate(changes)]
    return judge(street, proposals, rulebook.load())[0]


@pytest.mark.parametrize("row", EXPECTED, ids=[f"{row[0]} {row[1]} {row[2]}".strip() for row in EXPECTED])
def test_the_checks_answer_what_a_designer_works_out_by_hand(row: list[str]) -> None:
    design, rule, number, measured, needed, verdict, _because = row
    about = [finding for finding in first_of(design).findings if finding.rule.id == rule]
    if number:
        about = [finding for finding in about if finding.limit is not None and finding.limit.key == number]
        assert len(about) == 1, f"{rule} says nothing about {number}"
    said = {finding.verdict.value for finding in about}
    if number:
        assert said == {verdict}
    else:
        # Of a rule with several parts the most serious one counts.
        order = ["fits", "unchecked", "conditional", "conflict"]
        assert max(said, key=order.index, default="silence") == verdict
    if measured:
        assert about[0].value == pytest.approx(float(measured), abs=0.006)
    if needed:
        assert about[0].limit is not None
        assert about[0].limit.value == pytest.approx(float(needed))


def test_the_layout_in_the_page_is_that_of_the_program() -> None:
    text = PAGE.read_text(encoding="utf-8")
    starts = re.search(r"from x = ([\d, and]+)\(", text)
    assert starts is not None
    assert [float(n) for n in re.findall(r"\d+", starts.group(1))] == list(example_street.BAY_STARTS)
    for name, places in (("trees", example_street.TREES), ("lamps", example_street.LAMPS)):
        listed = re.search(rf"{name} at y = [\d.]+, x = ([\d, ]+)", text)
        assert listed is not None
        assert [float(n) for n in re.findall(r"\d+", listed.group(1))] == list(places)


def test_surfaces_do_not_overlap() -> None:
    ground = ("pavement", "carriageway", "parking", "driveway", "green", "building", "yard")
    surfaces = [shape for shape in example_street.layout() if shape.kind in ground]
    for place_of_one, one in enumerate(surfaces):
        for other in surfaces[place_of_one + 1 :]:
            assert one.geometry.intersection(other.geometry).area < 1e-9, (one.id, other.id)


def test_a_heap_of_things_keeps_nobody_waiting_and_hides_nothing() -> None:
    """What is not judged in time is unchecked with a sentence, never fitting."""
    street, _ = the_street()
    heap = [proposal(index, "add planter", f"at {20 + index % 10} 1.2 0") for index in range(40)]
    judged = judge(street, heap, rulebook.load(), within_s=0)
    assert {one.verdict.value for one in judged} == {"unchecked"}
    assert all("controleren" in finding.message for one in judged for finding in one.findings)
