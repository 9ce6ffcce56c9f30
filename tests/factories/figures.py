"""Figures of small streets made by hand, all in metres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta, timezone
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.street import Proposal, Street, Thing, existing_thing, propose
from app.designs.effects import Home, Scene, Surroundings, Work, value
from geodata import catalogue
from geodata.kinds import KINDS

ELEMENTS = catalogue.load()
EVERYTHING = (*KINDS, "dwelling", "speed_hump")
SUMMER_TIME = timezone(timedelta(hours=2))
Change = tuple[Any, ...]


def thing(number: int, kind: str, geometry: BaseGeometry, **attributes: object) -> Thing:
    """An existing thing."""
    return existing_thing(number, kind, geometry, attributes=attributes)


def add(kind: str, geometry: BaseGeometry, width_m: float | None = None) -> Change:
    """An element put down."""
    return ("add", geometry, kind, None, width_m)


def remove(existing: Thing) -> Change:
    """A thing taken away."""
    return ("remove", existing.geometry, None, existing, None)


def replace(existing: Thing, kind: str, geometry: BaseGeometry | None = None) -> Change:
    """An element in the place of a thing."""
    return ("replace", geometry or existing.geometry, kind, existing, None)


def move(existing: Thing, geometry: BaseGeometry) -> Change:
    """A thing in another place."""
    return ("move", geometry, None, existing, None)


def proposals(changes: Iterable[Change]) -> list[Proposal]:
    """Changes as the figures see them."""
    return [
        propose(index, action, geometry, kind=kind, concerned=existing, width_m=width, catalogue=ELEMENTS)
        for index, (action, geometry, kind, existing, width) in enumerate(changes)
    ]


def scene(
    things: Sequence[Thing] = (),
    *,
    area: BaseGeometry | None = None,
    known: Iterable[str] = EVERYTHING,
    **around: Any,
) -> Scene:
    """A street with its surroundings; all kinds of data are known unless said otherwise."""
    return Scene(Street(list(things), known, area), ELEMENTS, Surroundings(**around))


def figures(on: Scene, *changes: Change, hour: float | None = None) -> dict[str, dict[str, Any]]:
    """All figures of these changes."""
    return value(Work(on, proposals(changes), hour))


def pair(figure: dict[str, Any]) -> tuple[Any, Any]:
    """Before and after."""
    return figure["before"], figure["after"]


def home(x: float, y: float, count: int = 1) -> Home:
    """A house of 6 by 6 metres with its south-west corner here."""
    return Home(shapely.box(x, y, x + 6, y + 6), count)
