"""Reads the typed tables behind the catalogue: every cell is checked, and all problems are told at once."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class TableProblem:
    """One wrong cell. `row` counts as a spreadsheet does: the header is row 1; 0 is the file itself."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{place}, column {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


class CatalogueError(ValueError):
    """The catalogue cannot be used; `problems` names every wrong row and column."""

    def __init__(self, problems: Iterable[TableProblem]) -> None:
        # As one reads the file, whatever was found out first.
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.row)))
        count = len(self.problems)
        head = f"The element catalogue has {count} problem{'' if count == 1 else 's'}:"
        super().__init__("\n".join([head, *(f"- {problem}" for problem in self.problems)]))


@dataclass(slots=True)
class Cells:
    """One row's cells, read as types; what cannot be read is noted in `problems` and comes back as None."""

    file: str
    number: int
    cells: Mapping[str, str]
    problems: list[TableProblem] = field(default_factory=list)

    def wrong(self, column: str, message: str) -> None:
        """Note that a cell is wrong."""
        self.problems.append(TableProblem(self.file, self.number, column, message))

    def text(self, column: str) -> str:
        """The cell's text, "" when it is empty or the column is missing."""
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        """The cell's text; empty is a problem."""
        if not self.text(column):
            self.wrong(column, "is empty")
        return self.text(column)

    def choice(self, column: str, allowed: Sequence[str], *, optional: bool = False) -> str:
        """One of the allowed words."""
        value = self.text(column) if optional else self.required(column)
        if value and value not in allowed:
            self.wrong(column, f"{value!r} is not one of {', '.join(allowed)}")
            return ""
        return value

    def choices(self, column: str, allowed: Sequence[str], separator: str) -> tuple[str, ...]:
        """Several of the allowed words; none at all is fine."""
        values = tuple(part for part in self.text(column).split(separator) if part)
        for value in values:
            if value not in allowed:
                self.wrong(column, f"{value!r} is not known")
        return values

    def decimal(self, column: str, minimum: float, maximum: float) -> float | None:
        """A finite number with a decimal point, between the bounds; None when the cell is empty or wrong."""
        text = self.text(column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            self.wrong(column, f"{text!r} is not a number (write 1234.5, without signs or units)")
            return None
        if not math.isfinite(value) or not minimum <= value <= maximum:
            self.wrong(column, f"{text} is not between {minimum:g} and {maximum:g}")
            return None
        return value

    def whole(self, column: str, minimum: int, maximum: int) -> int | None:
        """A whole number between the bounds."""
        value = self.decimal(column, minimum, maximum)
        if value is not None and value != int(value):
            self.wrong(column, f"{self.text(column)} is not a whole number")
            return None
        return None if value is None else int(value)


def read_rows(path: Path, columns: Sequence[str], *, required: Sequence[str]) -> list[tuple[int, Row]]:
    """The rows of a CSV file in UTF-8 with their row number.

    Raises `CatalogueError` when it is no such file, has an unknown, double or missing column, or a row
    with more or fewer cells than the header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except OSError as problem:
        raise CatalogueError(
            [TableProblem(path.name, 0, "", f"cannot be read ({problem.strerror})")]
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise CatalogueError([TableProblem(path.name, 0, "", "is not a CSV file in UTF-8")]) from None
    if not lines:
        raise CatalogueError([TableProblem(path.name, 0, "", "is empty")])
    header = [name.strip() for name in lines[0]]
    problems = [
        TableProblem(path.name, 1, name, "is not a column we know") for name in header if name not in columns
    ]
    problems += [
        TableProblem(path.name, 1, name, "occurs twice") for name in set(header) if header.count(name) > 1
    ]
    problems += [TableProblem(path.name, 1, name, "is missing") for name in required if name not in header]
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(
                TableProblem(path.name, number, "", f"has {len(cells)} cells, the header {len(header)}")
            )
        rows.append((number, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
    if problems:
        raise CatalogueError(problems)
    return rows
