"""What is told about a design: the figures, with their names, units and targets, and the numbers behind them.

One row a figure in `data/metrics.csv` (a metric may have several), one row a number in
`data/assumptions.csv`. How a figure is computed is code (`app.designs.effects`), registered under the same
name; that name is also its name in the API and never changes. Each number has a unit, a status and the keys
of its sources, as in the element catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geodata.catalogue import DATA, STATUSES, Status, read_sources
from geodata.catalogue_table import CatalogueError, Cells, TableProblem, read_rows

GROUPS = ("green", "water", "parking", "cycling", "walking", "stay", "traffic", "money", "changes")
UNITS = ("piece", "place", "seat", "m2", "m", "mm", "%", "pp", "C", "EUR", "EUR/year")
# state: what there is, before and after. change: only the difference, before is 0 by definition.
# neighbourhood: what there is in the whole of it, told by its change because one street hardly moves it.
MEASURES = ("state", "change", "neighbourhood")
NUMBER_UNITS = (*UNITS, "h", "years", "ratio")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is held against, in the figure's unit; of a change, what the whole should become."""

    value: float
    status: Status
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `digits`: decimals that are worth telling. `needs`: what must be on the map.

    `better`: `more` or `less` where one direction is the aim, "" where it depends on whom one asks.
    """

    name: str
    id: str
    name_nl: str
    name_en: str
    group: str
    unit: str
    digits: int
    measure: str
    better: str
    target: Target | None
    sources: tuple[str, ...]
    scale: str
    needs: tuple[str, ...]
    core: bool

    def title(self, language: str) -> str:
        """What it is called, in Dutch (`nl`) or English."""
        return self.name_nl if language == "nl" else self.name_en


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number behind the figures, sourced or not, with the sentence that says what it means."""

    key: str
    value: float
    unit: str
    status: Status
    sources: tuple[str, ...]
    note_nl: str
    note_en: str

    def note(self, language: str) -> str:
        """What the number says, in Dutch (`nl`) or English."""
        return self.note_nl if language == "nl" else self.note_en


@dataclass(frozen=True, slots=True)
class Metrics:
    """All figures by name, in the order in which they are told, and the numbers behind them by key."""

    figures: Mapping[str, Metric]
    assumptions: Mapping[str, Assumption]

    def number(self, key: str) -> float:
        """The value of an assumption. Raises `KeyError` for one that is not in the table."""
        return self.assumptions[key].value


FIGURE_COLUMNS = (
    *("figure", "metric", "name_nl", "name_en", "group", "unit", "digits", "measure", "better"),
    *("target", "target_status", "target_source", "source", "scale", "needs", "core"),
)
NUMBER_COLUMNS = ("key", "value", "unit", "status", "source", "note_nl", "note_en")


@cache
def load() -> Metrics:
    """The tables as they come with the program. Raises `CatalogueError` that lists every problem."""
    problems: list[TableProblem] = []
    sources = tuple(read_sources())
    figures, numbers = {}, {}
    for line, row in read_rows(DATA / "metrics.csv", FIGURE_COLUMNS, required=FIGURE_COLUMNS):
        metric = _metric(Cells("metrics.csv", line, row, problems), sources)
        figures[metric.name] = metric
    for line, row in read_rows(DATA / "assumptions.csv", NUMBER_COLUMNS, required=NUMBER_COLUMNS):
        number = _number(Cells("assumptions.csv", line, row, problems), sources)
        numbers[number.key] = number
    if problems:
        raise CatalogueError(problems)
    return Metrics(figures, numbers)


def _metric(cells: Cells, sources: tuple[str, ...]) -> Metric:
    return Metric(
        name=cells.required("figure"),
        id=cells.text("metric"),
        name_nl=cells.required("name_nl"),
        name_en=cells.required("name_en"),
        group=cells.choice("group", GROUPS),
        unit=cells.choice("unit", UNITS),
        digits=cells.whole("digits", 0, 4) or 0,
        measure=cells.choice("measure", MEASURES),
        better=cells.choice("better", ("more", "less"), optional=True),
        target=_target(cells, sources),
        sources=cells.choices("source", sources, " "),
        scale=cells.choice("scale", ("street", "neighbourhood", "dwelling")),
        needs=tuple(cells.text("needs").split()),
        core=cells.choice("core", ("yes", "no")) == "yes",
    )


def _target(cells: Cells, sources: tuple[str, ...]) -> Target | None:
    value = cells.decimal("target", 0, 1e6)
    if value is None:
        return None
    keys = cells.choices("target_source", sources, " ")
    return Target(value, _status(cells, "target_status", "target_source", keys), keys)


def _number(cells: Cells, sources: tuple[str, ...]) -> Assumption:
    keys = cells.choices("source", sources, " ")
    value = cells.decimal("value", 0, 1e6)
    if value is None:
        cells.required("value")
    return Assumption(
        key=cells.required("key"),
        value=value or 0.0,
        unit=cells.choice("unit", NUMBER_UNITS),
        status=_status(cells, "status", "source", keys),
        sources=keys,
        note_nl=cells.required("note_nl"),
        note_en=cells.required("note_en"),
    )


def _status(cells: Cells, column: str, source_column: str, keys: tuple[str, ...]) -> Status:
    status = cells.choice(column, STATUSES)
    if status in (Status.SOURCED, Status.FOREIGN) and not keys:
        cells.wrong(source_column, f"status {status} needs the key of a source")
    return Status(status) if status else Status.ASSUMED
