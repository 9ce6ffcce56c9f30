"""`make bench`: the benchmarks, with a database of their own, as careful with its data as a real one."""

from __future__ import annotations

import os
import shlex

from tools import frontend, postgres, python_packages, signals
from tools.paths import INSTANCE, ROOT, python
from tools.settings import secret_key
from tools.test import scratch_database


def main() -> int:
    server = postgres.ensure()
    python_packages.ensure(dev=True)
    frontend.ensure_build()
    frontend.ensure_translations()
    with scratch_database("bench", "stoepkrijt_bench", durable=True) as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": secret_key(INSTANCE),
            # psql and pgbench, which the benchmarks compare with
            "PATH": f"{server.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }
        command = python("-m", "bench", *shlex.split(os.environ.get("BENCH_ARGS", "")))
        return signals.run(command, environment, ROOT)
