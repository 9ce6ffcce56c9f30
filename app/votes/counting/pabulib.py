"""Pabulib files (`.pb`), the exchange format for participatory budgeting elections:
https://pabulib.org/format.

Three sections, META, PROJECTS and VOTES, each with a line of column names and one line for each item; cells
are parted by semicolons, a cell with a semicolon or a quote stands in double quotes. The reader is strict,
since a count stands or falls with its input: whatever contradicts the format or the file's own META is a
problem with its line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.votes.counting.election import Election, Project

MAX_BYTES = 64 * 1024 * 1024
MAX_LINE = 100_000
MAX_PROJECTS = 2_000
MAX_VOTES = 1_000_000
MAX_ID = 200
# More problems than this are counted, not told.
MAX_PROBLEMS = 100
# As many digits as a float keeps, so that every program reads the same amount.
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_POINTS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_DIGITS = 15
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")
_SECTIONS = ("META", "PROJECTS", "VOTES")
_LIMITS = tuple(
    f"{end}_{what}" for end in ("min", "max") for what in ("length", "sum_cost", "sum_points", "points")
)
_NEEDED_META = ("num_projects", "num_votes", "budget", "vote_type")


class VoteType(StrEnum):
    """What a ballot says about its projects."""

    APPROVAL = "approval"  # yes to each
    ORDINAL = "ordinal"  # an order, the best first
    CUMULATIVE = "cumulative"  # points out of a fixed sum
    SCORING = "scoring"  # points to each by itself


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong, and in which line (from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class InvalidPabulib(ValueError):
    """The file cannot be counted. `problems` holds the first hundred, by line; `more` says how many there are
    besides."""

    def __init__(self, problems: list[LineProblem]) -> None:
        ordered = sorted(problems, key=lambda problem: problem.line)
        self.problems, self.more = ordered[:MAX_PROBLEMS], max(0, len(ordered) - MAX_PROBLEMS)
        tail = [f"and {self.more} more"] if self.more else []
        super().__init__("\n".join([*map(str, self.problems), *tail]))


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot. `points` is empty for approval and ordinal ballots, else as long as `choices`."""

    voter: str
    choices: tuple[str, ...]
    points: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class PabulibFile:
    """A file's content. `meta` holds every key of META, in order. `selected` are the published winners, or
    None where the file names none. Other columns are not kept."""

    meta: Mapping[str, str]
    vote_type: VoteType
    budget: Fraction
    projects: tuple[Project, ...]
    votes: tuple[Vote, ...]
    selected: frozenset[str] | None = None

    def election(self, exclusions: Iterable[tuple[str, ...]] = ()) -> Election:
        """The election of a file with approval ballots. Raises ValueError for other ballots,
        `InvalidElection` for exclusions of projects that it does not have."""
        if self.vote_type is not VoteType.APPROVAL:
            raise ValueError(f"The ballots are {self.vote_type}, not approval.")
        return Election.of(self.projects, self.budget, (vote.choices for vote in self.votes), exclusions)


def read(data: bytes) -> PabulibFile:
    """The content of a file. Raises `InvalidPabulib` with every problem at once."""
    return _Reader().read(data)


def write(file: PabulibFile) -> str:
    """The content as a file, readable by `read` and by others. What META says about numbers, budget and kind
    of ballots is written as it is in `file`. Raises ValueError for a line break in a cell."""
    meta = {
        **file.meta,
        "num_projects": str(len(file.projects)),
        "num_votes": str(len(file.votes)),
        "budget": _amount_text(file.budget),
        "vote_type": str(file.vote_type),
    }
    names = any(project.name for project in file.projects)
    columns = ["project_id", "cost", *(["name"] if names else [])]
    columns += ["selected"] if file.selected is not None else []
    points = file.vote_type in (VoteType.CUMULATIVE, VoteType.SCORING)
    lines = ["META", "key;value", *(_line(pair) for pair in meta.items()), "PROJECTS", _line(columns)]
    for project in file.projects:
        cells = [project.id, _amount_text(project.cost), *([project.name] if names else [])]
        cells += [str(int(project.id in file.selected))] if file.selected is not None else []
        lines.append(_line(cells))
    lines += ["VOTES", _line(["voter_id", "vote", *(["points"] if points else [])])]
    for vote in file.votes:
        given = [",".join(map(_amount_text, vote.points))] if points else []
        lines.append(_line([vote.voter, ",".join(vote.choices), *given]))
    return "\n".join(lines) + "\n"


class _Reader:
    """Reads one file and gathers its problems."""

    def __init__(self) -> None:
        self.problems: list[LineProblem] = []

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(LineProblem(line, message))

    def read(self, data: bytes) -> PabulibFile:
        sections = self.sections(self.lines(data))
        meta_lines: dict[str, int] = {}
        meta = self.meta(sections["META"], meta_lines)
        budget, vote_type, limits = self.settings(meta, meta_lines)
        projects, selected = self.projects(sections["PROJECTS"])
        votes = self.votes(
            sections["VOTES"], vote_type, {project.id: project for project in projects}, limits
        )
        for key, rows in (("num_projects", sections["PROJECTS"]), ("num_votes", sections["VOTES"])):
            # Rows, not what could be read of them: a row with a problem is there.
            if key in meta_lines and meta[key] != str(len(rows) - 1):
                self.wrong(meta_lines[key], f"{key} is {_short(meta[key])}, but there are {len(rows) - 1}.")
        if self.problems or vote_type is None:
            raise InvalidPabulib(self.problems)
        return PabulibFile(meta, vote_type, budget, tuple(projects), tuple(votes), selected)

    # Lines and cells

    def lines(self, data: bytes) -> list[str]:
        if len(data) > MAX_BYTES:
            raise InvalidPabulib([LineProblem(1, f"The file is larger than {MAX_BYTES // 1024**2} MiB.")])
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InvalidPabulib([LineProblem(line, "The text is not UTF-8.")]) from None
        return [line.removesuffix("\r") for line in text.split("\n")]

    def sections(self, lines: list[str]) -> dict[str, list[tuple[int, list[str]]]]:
        """The cells of every section, the line with the names of its columns first."""
        found: dict[str, list[tuple[int, list[str]]]] = {}
        rows: list[tuple[int, list[str]]] | None = None
        for number, line in enumerate(lines, 1):
            title = line.strip()
            if title in _SECTIONS:
                expected = _SECTIONS[len(found)] if len(found) < len(_SECTIONS) else "the end"
                if title != expected:
                    raise InvalidPabulib(
                        [*self.problems, LineProblem(number, f"{title} stands where {expected} should.")]
                    )
                rows = found.setdefault(title, [])
            elif title:
                if rows is None:
                    raise InvalidPabulib([LineProblem(number, "The file does not start with META.")])
                rows.append((number, self.cells(number, line)))
                self.guard(found, number)
        last = len(lines)
        incomplete = [LineProblem(last, f"Section {name} is missing.") for name in _SECTIONS[len(found) :]]
        incomplete += [
            LineProblem(last, f"Section {name} has no line with the names of its columns.")
            for name, rows in found.items()
            if not rows
        ]
        if incomplete:
            raise InvalidPabulib([*self.problems, *incomplete])
        return found

    def guard(self, found: dict[str, list[tuple[int, list[str]]]], number: int) -> None:
        """Stop reading where there are more rows than anybody counts."""
        for name, most in (("META", 1_000), ("PROJECTS", MAX_PROJECTS), ("VOTES", MAX_VOTES)):
            if len(found.get(name, ())) > most + 1:
                raise InvalidPabulib(
                    [*self.problems, LineProblem(number, f"{name} has more than {most} rows.")]
                )

    def cells(self, number: int, line: str) -> list[str]:
        if len(line) > MAX_LINE:
            self.wrong(number, f"The line is longer than {MAX_LINE} characters.")
            return []
        if _CONTROL.search(line):
            self.wrong(number, "The line holds a control character.")
            return []
        if '"' not in line:
            return [cell.strip() for cell in line.split(";")]
        try:
            (cells,) = csv.reader([line], delimiter=";", skipinitialspace=True, strict=True)
        except csv.Error:
            self.wrong(number, "A cell in quotes is not closed, or has text after its quotes.")
            return []
        return [cell.strip() for cell in cells]

    def rows(
        self, section: list[tuple[int, list[str]]], needed: Iterable[str]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a section as column and cell, without those that have a problem."""
        number, columns = section[0]
        repeated = (
            {name for name in columns if columns.count(name) > 1} if len(columns) < 100 else {"of many"}
        )
        missing = [name for name in needed if name not in columns]
        if columns and missing:
            self.wrong(number, f"There is no column {', '.join(missing)}.")
        if repeated:
            self.wrong(number, f"Column {', '.join(sorted(map(_short, repeated)))} is there more than once.")
        if not columns or missing or repeated:
            return
        for line, cells in section[1:]:
            if cells and len(cells) != len(columns):
                self.wrong(line, f"There are {len(cells)} cells for {len(columns)} columns.")
            elif cells:
                yield line, dict(zip(columns, cells, strict=True))

    # Sections

    def meta(self, section: list[tuple[int, list[str]]], lines: dict[str, int]) -> dict[str, str]:
        found: dict[str, str] = {}
        for line, row in self.rows(section, ("key", "value")):
            key = row["key"]
            if key in found:
                self.wrong(line, f"{_short(key)} is there twice.")
            else:
                found[key], lines[key] = row["value"], line
        for key in _NEEDED_META:
            if key not in found:
                self.wrong(section[-1][0], f"META does not say {key}.")
        return found

    def settings(
        self, meta: dict[str, str], lines: dict[str, int]
    ) -> tuple[Fraction, VoteType | None, dict[str, Fraction]]:
        """Budget, kind of ballots, and the limits to a ballot that META sets."""
        budget = self.amount(lines.get("budget", 0), "The budget", meta.get("budget"))
        if budget == 0:
            self.wrong(lines["budget"], "The budget is 0.")
        kind = meta.get("vote_type")
        vote_type = VoteType(kind) if kind in set(VoteType) else None
        if kind is not None and vote_type is None:
            self.wrong(lines["vote_type"], f"vote_type is {_short(kind)}, not one of {', '.join(VoteType)}.")
        limits = {}
        for key in _LIMITS:
            if meta.get(key):
                if _POINTS.fullmatch(meta[key]):
                    limits[key] = Fraction(meta[key])
                else:
                    self.wrong(lines[key], f"{key} is {_short(meta[key])}, not a number.")
        return budget or Fraction(0), vote_type, limits

    def projects(self, section: list[tuple[int, list[str]]]) -> tuple[list[Project], frozenset[str] | None]:
        found: dict[str, Project] = {}
        selected: set[str] | None = None
        for line, row in self.rows(section, ("project_id", "cost")):
            name = row["project_id"]
            cost = self.amount(line, "The cost", row["cost"])
            if self.good_id(line, "project", name, found):
                # A project whose cost cannot be read is still one that votes may name.
                found[name] = Project(name, cost or Fraction(0), row.get("name", ""))
            if "selected" in row:
                selected = selected or set()
                # Other marks than 1 are for special cases, such as a project chosen by mistake.
                selected |= {name} if row["selected"] == "1" else set()
        if len(section) == 1:
            self.wrong(section[0][0], "There are no projects.")
        return list(found.values()), None if selected is None else frozenset(selected)

    def votes(
        self,
        section: list[tuple[int, list[str]]],
        vote_type: VoteType | None,
        projects: dict[str, Project],
        limits: dict[str, Fraction],
    ) -> list[Vote]:
        found: dict[str, Vote] = {}
        with_points = vote_type in (VoteType.CUMULATIVE, VoteType.SCORING)
        for line, row in self.rows(section, ("voter_id", "vote", *(("points",) if with_points else ()))):
            voter = row["voter_id"]
            choices = tuple(part.strip() for part in row["vote"].split(",")) if row["vote"] else ()
            points = self.points(line, row["points"]) if with_points else ()
            good = self.good_id(line, "voter", voter, found)
            if self.good_ballot(line, choices, projects, limits) and good:
                if with_points:
                    self.check_points(line, choices, points, limits)
                found[voter] = Vote(voter, choices, points)
        if len(section) == 1:
            self.wrong(section[0][0], "There are no votes.")
        return list(found.values())

    # Cells

    def amount(self, line: int, what: str, text: str | None) -> Fraction | None:
        if text is None:
            return None
        if not _AMOUNT.fullmatch(text) or len(text.replace(".", "")) > _DIGITS:
            self.wrong(
                line,
                f"{what} is {_short(text)}, not an amount of at most {_DIGITS} digits such as 1200 or 99.50.",
            )
            return None
        return Fraction(text)

    def good_id(self, line: int, what: str, name: str, known: Mapping[str, object]) -> bool:
        if not name or len(name) > MAX_ID:
            self.wrong(line, f"The id of the {what} is {'missing' if not name else 'too long'}.")
        elif "," in name and what == "project":
            self.wrong(line, f"The id {_short(name)} holds a comma, which parts projects in a vote.")
        elif name in known:
            self.wrong(line, f"The {what} {_short(name)} is there twice.")
        else:
            return True
        return False

    def good_ballot(
        self, line: int, choices: tuple[str, ...], projects: dict[str, Project], limits: dict[str, Fraction]
    ) -> bool:
        unknown = [name for name in choices if name not in projects]
        if unknown:
            self.wrong(line, f"The vote names {_short(unknown[0])}, which is no project.")
        elif len(set(choices)) < len(choices):
            self.wrong(line, "The vote names a project twice.")
        else:
            self.within(line, "length", Fraction(len(choices)), limits)
            if "min_sum_cost" in limits or "max_sum_cost" in limits:
                cost = sum((projects[name].cost for name in choices), Fraction(0))
                self.within(line, "sum_cost", cost, limits)
            return True
        return False

    def points(self, line: int, text: str) -> tuple[Fraction, ...]:
        parts = [part.strip() for part in text.split(",")] if text else []
        wrong = [part for part in parts if not _POINTS.fullmatch(part)]
        if wrong:
            self.wrong(line, f"The points {_short(wrong[0])} are not a number.")
            return ()
        return tuple(map(Fraction, parts))

    def check_points(
        self, line: int, choices: tuple[str, ...], points: tuple[Fraction, ...], limits: dict[str, Fraction]
    ) -> None:
        if len(points) != len(choices):
            self.wrong(line, f"There are {len(points)} numbers of points for {len(choices)} projects.")
            return
        self.within(line, "sum_points", sum(points, Fraction(0)), limits)
        for given in points:
            self.within(line, "points", given, limits)

    def within(self, line: int, what: str, value: Fraction, limits: dict[str, Fraction]) -> None:
        words = {"length": "projects", "sum_cost": "together", "sum_points": "points", "points": "points"}[
            what
        ]
        if f"min_{what}" in limits and value < limits[f"min_{what}"]:
            self.wrong(line, f"The vote has {value} {words}, less than min_{what} allows.")
        if f"max_{what}" in limits and value > limits[f"max_{what}"]:
            self.wrong(line, f"The vote has {value} {words}, more than max_{what} allows.")


def _short(text: str) -> str:
    """A cell in a sentence."""
    return repr(text if len(text) <= 40 else text[:40] + "…")


def _amount_text(value: Fraction) -> str:
    scaled = value * 10**6
    if scaled.denominator != 1:
        raise ValueError(f"{value} has more than six decimals.")
    sign, digits = "-" if value < 0 else "", f"{abs(scaled.numerator):07d}"
    return sign + f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")


def _line(cells: Iterable[str]) -> str:
    found = []
    for cell in cells:
        if "\n" in cell or "\r" in cell:
            raise ValueError("A cell cannot hold a line break.")
        found.append('"' + cell.replace('"', '""') + '"' if ";" in cell or '"' in cell else cell)
    return ";".join(found)
