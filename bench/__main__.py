"""`python -m bench [row …]`: measure, print a table, write `bench/results.json`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import ballots, checks, counting, rows
from bench.rows import Row
from bench.setup import running

RESULTS = Path(__file__).parent / "results.json"
GROUPS = ("exports", "tiles", "support", "ballots", "placing", "checks", "counting")


def main(names: list[str]) -> int:
    """Run the named groups of rows, or all; 0 even where a goal is missed, since a number is no failure."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    console, started = Console(), time.monotonic()
    wanted = names or list(GROUPS)
    with running() as bench:
        # The statements that the limits use are the program's own, so the program is loaded here as well.
        os.environ |= {"DATABASE_URL": bench.url, "SECRET_KEY": "only-to-build-statements-for-the-benchmarks"}
        from app import create_app

        app = create_app()
        people = rows.guests(bench) if {"support", "ballots", "placing"} & set(wanted) else []
        groups: dict[str, Callable[[], list[Row]]] = {
            "exports": lambda: rows.exports(bench, app),
            "tiles": lambda: rows.tiles(bench),
            "support": lambda: rows.support(bench, people),
            "ballots": lambda: ballots.rows(bench, people, app),
            "placing": lambda: rows.placing(bench, people, app),
            "checks": checks.rows,
            "counting": counting.rows,
        }
        found: list[Row] = []
        for name in wanted:
            console.print(f"[dim]{name} …[/dim]")
            for row in groups[name]():
                found.append(row)
                sign = "≤" if row.at_most else "≥"
                console.print(f"  {row.name}: {row.ratio:.3f} (goal {sign} {row.goal:g})")
    console.print(_table(found))
    RESULTS.write_text(
        json.dumps(
            {"seconds": round(time.monotonic() - started), "rows": [row.document() for row in found]},
            indent=2,
        )
        + "\n"
    )
    return 0


def _table(found: list[Row]) -> Table:
    table = Table("row", "limit", "ratio", "goal", "met", "floor", "to floor", "notes")
    for row in found:
        notes = ", ".join(f"{name} {value}" for name, value in row.notes.items() if not name.endswith("_met"))
        table.add_row(
            row.name,
            row.limit,
            f"{row.ratio:.3f}",
            f"{'≤' if row.at_most else '≥'} {row.goal:g}",
            "yes" if row.met else "no",
            *("" if value is None else f"{value:.3f}" for value in (row.floor_ratio, row.ratio_to_floor)),
            notes,
        )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
