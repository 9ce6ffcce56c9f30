"""The figures that can be computed, by name: each a function from a design at work to what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.designs.effects.figure import Figure
from app.designs.effects.scene import Work

Compute = Callable[[Work], Figure]

_figures: dict[str, Compute] = {}


def figure(name: str) -> Callable[[Compute], Compute]:
    """Register a function as the figure with this name (a row of `metrics.csv`)."""

    def register(compute: Compute) -> Compute:
        if name in _figures:
            raise ValueError(f"{name} is registered twice")
        _figures[name] = compute
        return compute

    return register


def figures() -> dict[str, Compute]:
    """All registered figures by name."""
    from app.designs.effects import families as _  # noqa: F401 - registers them on first use

    return dict(_figures)


def value(work: Work, without: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """All figures (but those in `without`) of one design, by name, in the order of the table.

    Each is as `Figure.as_json` makes it. Nothing is ever NaN or infinite.
    """
    computes, left_out = figures(), frozenset(without)
    return {
        name: computes[name](work).as_json(metric)
        for name, metric in work.scene.metrics.figures.items()
        if name in computes and name not in left_out
    }
