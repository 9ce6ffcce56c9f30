"""The element catalogue: what may be put in a street, how big it is, what it costs and does.

One row a kind in `data/elements.csv`, one source a row in `data/sources.csv`. Each number has a status and,
where it is sourced, the keys of its sources. A municipality changes any of it with one file of its own: the
same columns plus `owner` and `date`, holding only the rows and columns that differ ("-" empties a cell).
Lengths are in metres, areas in square metres, prices in euros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from geodata.catalogue_table import CatalogueError, Cells, Row, TableProblem, read_rows

DATA = Path(__file__).parent / "data"


class Status(StrEnum):
    """What a number rests on, strongest first."""

    OWN = "own"  # set by the municipality, with owner and date
    SOURCED = "S"
    FOREIGN = "S foreign"
    DERIVED = "D"
    ASSUMED = "U"


GROUPS = ("green", "water", "parking", "play_social", "utility", "cycling", "walking", "traffic")
GEOMETRIES = ("point", "line", "area")
COST_UNITS = ("piece", "m1", "m2", "bay", "segment")
UPKEEP_UNITS = COST_UNITS
CAR_SPACES_MEAN = ("changed", "reserved", "converts")
OBJECT_KINDS = (
    *(
        "tree",
        "bench",
        "bike_stand",
        "lamp",
        "container",
        "bollard",
        "play",
        "bus_stop",
        "crossing",
        "charger",
    ),
    *("planter", "hedge", "green", "parking", "cycle_path", "pavement", "street_axis"),
)
STATUSES = tuple(status.value for status in Status)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from. Weak sources are kept for planners and never shown to residents."""

    key: str
    title: str
    where: str
    kind: str
    undated: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A value that is one number (`low == high`) or a range, with what it rests on."""

    low: float
    high: float
    status: Status
    sources: tuple[str, ...] = ()
    owner: str = ""
    date: date | None = None

    @property
    def value(self) -> float:
        """The cautious end: the least gain, or the greatest loss."""
        return self.low

    @property
    def is_assumption(self) -> bool:
        """Whether people should read the word "aanname" beside it."""
        return self.status is Status.ASSUMED

    @property
    def is_sourced(self) -> bool:
        """Whether a source or the municipality itself stands for it."""
        return self.status in {Status.OWN, Status.SOURCED, Status.FOREIGN}


@dataclass(frozen=True, slots=True)
class Cost:
    """Price of one unit in euros, without overhead; `year` is what the sources say, if they do."""

    unit: str
    low: Number
    typical: Number
    high: Number
    year: int | None


@dataclass(frozen=True, slots=True)
class UnitEffects:
    """What one unit (the unit of the price) does; None: no bearing on this. Play and calming are 0 to 3."""

    canopy_m2_y20: Number | None
    permeable_m2: Number | None
    green_m2: Number | None
    storage_m3: Number | None
    car_spaces: Number | None
    bike_places: Number | None
    seats: Number | None
    play: Number | None
    calming: Number | None
    car_spaces_mean: str

    def items(self) -> Iterator[tuple[str, Number]]:
        """The effects that this kind has, by name."""
        for name in EFFECTS:
            number = getattr(self, name)
            if number is not None:
                yield name, number


@dataclass(frozen=True, slots=True)
class ElementKind:
    """One kind of element.

    `geometry`: how it may be drawn. `becomes`: the street object kind it is once built ("" for none).
    `applies_to`: the street object kind it acts on, where it is a change to something that exists.
    `width_m` is measured across a line, or the short side; a negative `height_m` is a depth.
    """

    id: str
    name_nl: str
    name_en: str
    group: str
    geometry: tuple[str, ...]
    becomes: str
    applies_to: str
    icon: str
    width_m: Number | None
    length_m: Number | None
    min_width_m: Number | None
    height_m: Number | None
    cost: Cost
    upkeep_eur_year: Number | None
    upkeep_unit: str
    effects: UnitEffects
    bgt_type: str
    imgeo_value: str
    notes: str

    def name(self, language: str) -> str:
        """The name in Dutch (`nl`) or English."""
        return self.name_nl if language == "nl" else self.name_en

    @property
    def has_assumption(self) -> bool:
        """Whether its usual price or one of its effects is an assumption."""
        return self.cost.typical.is_assumption or any(
            number.is_assumption for _, number in self.effects.items()
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds in the order of the table, and the sources of their numbers."""

    kinds: Mapping[str, ElementKind]
    sources: Mapping[str, Source]

    def get(self, kind: str) -> ElementKind | None:
        """The kind with this id, None when there is none."""
        return self.kinds.get(kind)

    def groups(self) -> list[str]:
        """The groups that occur, in a fixed order."""
        present = {kind.group for kind in self.kinds.values()}
        return [group for group in GROUPS if group in present]

    def removal_of(self, object_kind: str) -> ElementKind | None:
        """The kind that stands for taking such a street object away, if any (as for parking bays)."""
        acts = (kind for kind in self.kinds.values() if kind.applies_to == object_kind and not kind.becomes)
        return next(acts, None)

    def shown_sources(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the keys that residents may see."""
        return tuple(key for key in keys if key in self.sources and not self.sources[key].weak)


@dataclass(frozen=True, slots=True)
class _NumberColumns:
    """Where a number stands in the table: its columns, the prefix of its status and source, its bounds."""

    low: str
    high: str
    prefix: str
    minimum: float = 0
    maximum: float = 1e6


def _one(column: str, prefix: str, minimum: float = 0, maximum: float = 1e6) -> _NumberColumns:
    return _NumberColumns(column, column, prefix, minimum, maximum)


SIZES = {
    "width_m": _one("width_m", "width", 0.05, 50),
    "length_m": _one("length_m", "length", 0.05, 200),
    "min_width_m": _one("min_width_m", "min_width", 0.05, 50),
    "height_m": _one("height_m", "height", -5, 60),
}
COSTS = {name: _one(f"cost_{name}_eur", f"cost_{name}", 0, 1e7) for name in ("low", "typical", "high")}
UPKEEP = _NumberColumns("upkeep_low_eur_year", "upkeep_high_eur_year", "upkeep", 0, 1e6)
EFFECTS = {
    "canopy_m2_y20": _one("canopy_m2_y20", "canopy", 0, 1000),
    "permeable_m2": _NumberColumns("permeable_m2_low", "permeable_m2_high", "permeable", -1000, 1000),
    "green_m2": _NumberColumns("green_m2_low", "green_m2_high", "green", -1000, 1000),
    "storage_m3": _NumberColumns("storage_m3_low", "storage_m3_high", "storage", 0, 1000),
    "car_spaces": _NumberColumns("car_spaces_low", "car_spaces_high", "car_spaces", -100, 100),
    "bike_places": _one("bike_places", "bike_places", 0, 1000),
    "seats": _one("seats", "seats", 0, 1000),
    "play": _one("play_0_3", "play", 0, 3),
    "calming": _one("calming_0_3", "calming", 0, 3),
}
NUMBERS = (*SIZES.values(), *COSTS.values(), UPKEEP, *EFFECTS.values())
TEXTS = ("id", "name_nl", "name_en", "group", "geometry", "icon", "cost_unit")
OPTIONAL = (
    "becomes",
    "applies_to",
    "cost_year",
    "upkeep_unit",
    "car_spaces_mean",
    "bgt_type",
    "imgeo_value",
    "notes",
)
COLUMNS = tuple(
    dict.fromkeys(
        [
            *TEXTS,
            *OPTIONAL,
            *(part for n in NUMBERS for part in (n.low, n.high, f"{n.prefix}_status", f"{n.prefix}_source")),
        ]
    )
)
OVERRIDE_COLUMNS = (*COLUMNS, "owner", "date")


def load(path: Path | str | None = None) -> Catalogue:
    """The catalogue, with a municipality's own rows from `path` over it.

    Raises `CatalogueError` that lists every problem with its row and column.
    """
    sources = read_sources()
    rows = {
        row["id"]: (number, row)
        for number, row in read_rows(DATA / "elements.csv", COLUMNS, required=COLUMNS)
    }
    files = dict.fromkeys(rows, "elements.csv")
    problems: list[TableProblem] = []
    if path is not None:
        _lay_over(Path(path), rows, files, problems)
    kinds = {}
    for identifier, (number, row) in rows.items():
        cells = Cells(files[identifier], number, row, problems)
        kinds[identifier] = _kind(cells, sources)
    if problems:
        raise CatalogueError(problems)
    return Catalogue({key: kind for key, kind in kinds.items() if kind is not None}, sources)


def read_sources() -> dict[str, Source]:
    """All sources of `data/sources.csv`, by key."""
    path = DATA / "sources.csv"
    columns = ("key", "title", "where", "kind", "undated", "weak")
    return {
        row["key"]: Source(
            row["key"], row["title"], row["where"], row["kind"], row["undated"] == "yes", row["weak"] == "yes"
        )
        for _, row in read_rows(path, columns, required=columns)
    }


def _lay_over(
    path: Path, rows: dict[str, tuple[int, Row]], files: dict[str, str], problems: list[TableProblem]
) -> None:
    """Put the municipality's cells over ours; a number without a status becomes the municipality's."""
    seen: set[str] = set()
    for number, row in read_rows(path, OVERRIDE_COLUMNS, required=("id", "owner", "date")):
        cells = Cells(path.name, number, row, problems)
        identifier = cells.required("id")
        if identifier in seen:
            cells.wrong("id", f"{identifier!r} occurs twice")
        seen.add(identifier)
        cells.required("owner")
        if cells.required("date") and _date(cells) is None:
            cells.wrong("date", f"{cells.text('date')!r} is not a date (write 2026-11-30)")
        changed = {column: "" if value == "-" else value for column, value in row.items() if value}
        for columns in NUMBERS:
            if changed.keys() & {columns.low, columns.high}:
                _claim(columns, changed)
        rows[identifier] = (number, {**rows.get(identifier, (0, {}))[1], **changed})
        files[identifier] = path.name


def _claim(columns: _NumberColumns, changed: Row) -> None:
    """Give a changed number the municipality's status and drop our sources, unless the file names its own."""
    emptied = not any(changed.get(column) for column in (columns.low, columns.high))
    changed.setdefault(f"{columns.prefix}_status", "" if emptied else Status.OWN.value)
    changed.setdefault(f"{columns.prefix}_source", "")


def _date(cells: Cells) -> date | None:
    """The day the municipality set this row; None where there is none, or none that can be read."""
    try:
        return date.fromisoformat(cells.text("date"))
    except ValueError:
        return None


def _number(cells: Cells, columns: _NumberColumns, sources: Mapping[str, Source]) -> Number | None:
    low = cells.decimal(columns.low, columns.minimum, columns.maximum)
    high = (
        cells.decimal(columns.high, columns.minimum, columns.maximum) if columns.high != columns.low else low
    )
    status_column, source_column = f"{columns.prefix}_status", f"{columns.prefix}_source"
    keys = cells.choices(source_column, tuple(sources), " ")
    if low is None or high is None:
        for column in (columns.low, columns.high):
            if (low is None) != (high is None) and not cells.text(column):
                cells.wrong(column, "is empty while the other end of the range is not")
        if not cells.text(columns.low) and not cells.text(columns.high) and cells.text(status_column):
            cells.wrong(status_column, "has a status without a number")
        return None
    status = cells.choice(status_column, STATUSES)
    if low > high:
        cells.wrong(columns.low, f"{low:g} is more than {high:g}")
    if status in {Status.SOURCED, Status.FOREIGN} and not keys:
        cells.wrong(source_column, f"status {status} needs the key of a source")
    if status == Status.ASSUMED and keys:
        cells.wrong(source_column, "an assumption (U) has no source")
    if not status:
        return None
    own = status == Status.OWN
    return Number(
        low, high, Status(status), keys, cells.text("owner") if own else "", _date(cells) if own else None
    )


def _cost(cells: Cells, sources: Mapping[str, Source]) -> Cost | None:
    numbers = {name: _number(cells, columns, sources) for name, columns in COSTS.items()}
    for name, columns in COSTS.items():
        if numbers[name] is None and not cells.text(columns.low):
            cells.wrong(columns.low, "is empty")
    low, typical, high = numbers["low"], numbers["typical"], numbers["high"]
    unit = cells.choice("cost_unit", COST_UNITS)
    year = cells.whole("cost_year", 1990, 2100)
    if low is None or typical is None or high is None:
        return None
    if not low.low <= typical.low <= high.low:
        cells.wrong("cost_typical_eur", "low, typical and high do not go up")
    return Cost(unit, low, typical, high, year)


def _kind(cells: Cells, sources: Mapping[str, Source]) -> ElementKind | None:
    """One kind; None when its row has problems, which are in `cells.problems`."""
    for column in ("id", "name_nl", "name_en", "geometry", "icon"):
        cells.required(column)
    identifier = cells.text("id")
    if identifier and not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", identifier):
        cells.wrong("id", f"{identifier!r} may hold small letters, digits and _ only (40 at most)")
    if cells.text("icon") and not cells.text("icon").startswith("i-"):
        cells.wrong("icon", f"{cells.text('icon')!r} is not the name of a symbol (i-…)")
    sizes = {name: _number(cells, columns, sources) for name, columns in SIZES.items()}
    effects = {name: _number(cells, columns, sources) for name, columns in EFFECTS.items()}
    mean = cells.choice("car_spaces_mean", CAR_SPACES_MEAN, optional=effects["car_spaces"] is None)
    group = cells.choice("group", GROUPS)
    geometry = cells.choices("geometry", GEOMETRIES, "|")
    becomes = cells.choice("becomes", OBJECT_KINDS, optional=True)
    applies_to = cells.choice("applies_to", OBJECT_KINDS, optional=True)
    upkeep_unit = cells.choice("upkeep_unit", UPKEEP_UNITS, optional=True)
    upkeep = _number(cells, UPKEEP, sources)
    cost = _cost(cells, sources)
    if cost is None:
        return None
    return ElementKind(
        id=identifier,
        name_nl=cells.text("name_nl"),
        name_en=cells.text("name_en"),
        group=group,
        geometry=geometry,
        becomes=becomes,
        applies_to=applies_to,
        icon=cells.text("icon"),
        cost=cost,
        upkeep_eur_year=upkeep,
        upkeep_unit=upkeep_unit,
        effects=UnitEffects(**effects, car_spaces_mean=mean),
        bgt_type=cells.text("bgt_type"),
        imgeo_value=cells.text("imgeo_value"),
        notes=cells.text("notes"),
        **sizes,
    )
