"""The limit: the same SQL straight at PostgreSQL."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from bench.setup import Bench

CLIENTS = 8


def psql_seconds(bench: Bench, statement: str) -> float:
    """How long `psql` takes for a statement, its output thrown away; connecting included."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(statement + ";\n")
        script.flush()
        started = time.perf_counter()
        command = [bench.tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.name, bench.url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started


def rate(bench: Bench, scripts: dict[str, int], seconds: int, *, mode: str = "prepared") -> float:
    """Transactions a second of scripts, each with its weight, by 8 clients."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (script, weight) in enumerate(scripts.items()):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            files += ["-f", f"{path}@{weight}"]
        command = [
            bench.tool("pgbench"),
            "-n",
            "-M",
            mode,
            "-c",
            str(CLIENTS),
            "-j",
            "2",
            "-T",
            str(seconds),
            *files,
            bench.url,
        ]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+) \(without initial", answer.stdout)
    if found is None or re.search(r"aborted", answer.stderr):
        raise SystemExit(f"pgbench failed: {answer.stderr}")
    return float(found.group(1))
