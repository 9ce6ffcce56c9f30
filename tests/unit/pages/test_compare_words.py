"""What differs about a change, in words and with numbers as people read them."""

from __future__ import annotations

import pytest
from flask import Flask
from shapely import Point

from app.designs.compare import ComparedChange, Difference, Move, Size, Standing
from app.pages.compare_words import metres, said, verdicts


def change(kind: str | None = "bench", action: str = "add") -> ComparedChange:
    """One change."""
    return ComparedChange("x", action, Point(0, 0), kind)


def pair(*, a: ComparedChange | None = None, b: ComparedChange | None = None, **more: object) -> Difference:
    """A pair that differs in one thing."""
    return Difference(Standing.DIFFERENT, a or change(), b or change(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("difference", "dutch", "english"),
    [
        (
            pair(move=Move(0.4, "nw")),
            "In B staat het 40\u00a0cm meer naar het noordwesten.",
            "In B it stands 40\u00a0cm further to the northwest.",
        ),
        (
            pair(move=Move(2.44, "s")),
            "In B staat het 2,4\u00a0m meer naar het zuiden.",
            "In B it stands 2.4\u00a0m further to the south.",
        ),
        (
            pair(turn_deg=20.0),
            "In B is het 20 graden rechtsom gedraaid.",
            "In B it is turned 20 degrees clockwise.",
        ),
        (
            pair(turn_deg=-90.0),
            "In B is het 90 graden linksom gedraaid.",
            "In B it is turned 90 degrees anticlockwise.",
        ),
        (pair(turn_deg=180.0), "In B is het omgedraaid.", "In B it is turned around."),
        (
            pair(sizes=(Size("length", 10.0, 16.5),), other_shape=True),
            "Lengte: 10\u00a0m in A, 16,5\u00a0m in B.",
            "Length: 10\u00a0m in A, 16.5\u00a0m in B.",
        ),
        (
            pair(sizes=(Size("area", 8.0, 1234.0),)),
            "Oppervlak: 8\u00a0m² in A, 1.234\u00a0m² in B.",
            "Area: 8\u00a0m² in A, 1,234\u00a0m² in B.",
        ),
        (
            pair(sizes=(Size("height", None, 3.0),)),
            "Hoogte: niet opgegeven in A, 3\u00a0m in B.",
            "Height: not given in A, 3\u00a0m in B.",
        ),
        (pair(other_shape=True), "In B heeft het een andere vorm.", "In B it has another shape."),
        (
            pair(a=change("tree_small"), b=change("tree_large"), other_kind=True),
            "In A: Boom 3e grootte (klein). In B: Boom 1e grootte (groot).",
            "In A: Small street tree (<6 m). In B: Large street tree (>12 m).",
        ),
        (
            pair(a=change(None, "remove"), b=change(None, "keep"), other_action=True),
            "In A: gaat weg. In B: blijft staan.",
            "In A: goes. In B: stays.",
        ),
    ],
)
def test_a_difference_is_one_plain_sentence(
    app: Flask, difference: Difference, dutch: str, english: str
) -> None:
    with app.test_request_context("/"):
        assert said(difference) == [dutch]
    with app.test_request_context("/", environ_overrides={"stoepkrijt.language": "en"}):
        assert said(difference) == [english]


def test_what_only_one_has_needs_no_sentence(app: Flask) -> None:
    with app.test_request_context("/"):
        assert said(Difference(Standing.ONLY_A, change(), None)) == []


@pytest.mark.parametrize(
    ("value", "words"), [(0.01, "1\u00a0cm"), (0.994, "99\u00a0cm"), (1, "1\u00a0m"), (12.34, "12,3\u00a0m")]
)
def test_metres_read_as_people_say_them(app: Flask, value: float, words: str) -> None:
    with app.test_request_context("/"):
        assert metres(value) == words


def test_the_most_serious_verdict_comes_first(app: Flask) -> None:
    with app.test_request_context("/"):
        found = verdicts(["fits", "unchecked", "conflict", "fits", "conditional"])
        assert [one.text for one in found] == [
            "1 kan niet zo",
            "1 kan, mits",
            "1 niet gecontroleerd",
            "2 kan",
        ]
        assert verdicts([]) == []
