"""The rules a street is checked by, and their thresholds: what is measured against what, and on whose word.

One row a rule in `data/rules.csv`, one row a number in `data/thresholds.csv`. Each number has a unit,
bounds, a status and the keys of its sources. What a rule *does* is code (`app.designs.checks.rules`),
registered under the same id. A municipality sets its own numbers over these (`RuleBook.with_own`); such a
number carries its owner and date instead of our source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from geodata.catalogue import DATA, STATUSES, Source, Status, read_sources
from geodata.catalogue_table import CatalogueError, Cells, TableProblem, read_rows

SEVERITIES = ("hard", "advice")
# What stands behind a refusal. Only the last two may say "mag niet": a guideline is not law.
BINDINGS = ("guideline", "safety", "traffic_law")
UNITS = ("m", "m3/m2", "ratio", "km/h")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of a rule; `owner` and `date` where a municipality set it."""

    rule: str
    key: str
    value: float
    unit: str
    minimum: float
    maximum: float
    status: Status
    sources: tuple[str, ...]
    editable: bool
    note_nl: str
    note_en: str
    owner: str = ""
    date: date | None = None

    @property
    def is_assumption(self) -> bool:
        """Whether people should read the word "aanname" beside it."""
        return self.status is Status.ASSUMED

    def note(self, language: str) -> str:
        """What the number says, in Dutch (`nl`) or English."""
        return self.note_nl if language == "nl" else self.note_en


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how serious it is, and which kinds of data it cannot do without.

    `severity`: `hard` refuses, `advice` makes conditions. `binding`: guideline, safety or traffic_law. A rule
    that is not `enabled` is never asked: the policy of one municipality, for another to switch on.
    """

    id: str
    name: str
    title_nl: str
    title_en: str
    severity: str
    binding: str
    needs: tuple[str, ...]
    core: bool
    enabled: bool = True
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)

    def title(self, language: str) -> str:
        """The title in Dutch (`nl`) or English."""
        return self.title_nl if language == "nl" else self.title_en


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules by id, in the order of the table, and the sources of their numbers."""

    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]

    def threshold(self, rule: str, key: str) -> Threshold:
        """One number. Raises `KeyError` for a rule or key that is not in the tables."""
        return self.rules[rule].thresholds[key]

    def with_own(self, numbers: Mapping[tuple[str, str], tuple[float, str, date]]) -> RuleBook:
        """The same rules with a municipality's own numbers: (rule, key) -> (value, owner, date).

        A number that is no longer in the tables, is fixed by law or lies outside its bounds is passed over.
        """
        rules = dict(self.rules)
        for (rule, key), (value, owner, day) in numbers.items():
            ours = rules[rule].thresholds.get(key) if rule in rules else None
            if ours is None or not ours.editable or not ours.minimum <= value <= ours.maximum:
                continue
            own = replace(ours, value=value, status=Status.OWN, sources=(), owner=owner, date=day)
            rules[rule] = replace(rules[rule], thresholds={**rules[rule].thresholds, key: own})
        return RuleBook(rules, self.sources)


RULE_COLUMNS = ("id", "name", "title_nl", "title_en", "severity", "binding", "needs", "core", "enabled")
THRESHOLD_COLUMNS = (
    *("rule", "key", "value", "unit", "minimum", "maximum", "status", "source", "editable"),
    *("note_nl", "note_en"),
)


@cache
def load() -> RuleBook:
    """The rules as they come with the program. Raises `CatalogueError` that lists every problem."""
    problems: list[TableProblem] = []
    sources = read_sources()
    thresholds: dict[str, dict[str, Threshold]] = {}
    for number, row in read_rows(DATA / "thresholds.csv", THRESHOLD_COLUMNS, required=THRESHOLD_COLUMNS):
        cells = Cells("thresholds.csv", number, row, problems)
        threshold = _threshold(cells, sources)
        if threshold is not None:
            thresholds.setdefault(threshold.rule, {})[threshold.key] = threshold
    rules = {}
    for number, row in read_rows(DATA / "rules.csv", RULE_COLUMNS, required=RULE_COLUMNS):
        cells = Cells("rules.csv", number, row, problems)
        rule = _rule(cells, thresholds)
        rules[rule.id] = rule
    problems += [
        TableProblem("thresholds.csv", 0, "rule", f"{unknown!r} is not in rules.csv")
        for unknown in thresholds.keys() - rules.keys()
    ]
    if problems:
        raise CatalogueError(problems)
    return RuleBook(rules, sources)


def _rule(cells: Cells, thresholds: Mapping[str, Mapping[str, Threshold]]) -> Rule:
    identifier = cells.required("id")
    return Rule(
        id=identifier,
        name=cells.required("name"),
        title_nl=cells.required("title_nl"),
        title_en=cells.required("title_en"),
        severity=cells.choice("severity", SEVERITIES),
        binding=cells.choice("binding", BINDINGS),
        needs=tuple(cells.text("needs").split()),
        core=cells.choice("core", ("yes", "no")) == "yes",
        enabled=cells.choice("enabled", ("yes", "no")) == "yes",
        thresholds=thresholds.get(identifier, {}),
    )


def _threshold(cells: Cells, sources: Mapping[str, Source]) -> Threshold | None:
    minimum, maximum = (cells.decimal(name, 0, 10_000) for name in ("minimum", "maximum"))
    value = cells.decimal("value", minimum or 0, 10_000 if maximum is None else maximum)
    status = cells.choice("status", STATUSES)
    keys = cells.choices("source", tuple(sources), " ")
    if status in (Status.SOURCED, Status.FOREIGN) and not keys:
        cells.wrong("source", f"status {status} needs the key of a source")
    if value is None or minimum is None or maximum is None or not status:
        cells.required("value")
        return None
    return Threshold(
        rule=cells.required("rule"),
        key=cells.required("key"),
        value=value,
        unit=cells.choice("unit", UNITS),
        minimum=minimum,
        maximum=maximum,
        status=Status(status),
        sources=keys,
        editable=cells.choice("editable", ("yes", "no")) == "yes",
        note_nl=cells.required("note_nl"),
        note_en=cells.required("note_en"),
    )
